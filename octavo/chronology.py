"""The chronology: the dated events of ``content/chronology.csv``, in order, as a section's text.

An event is a paragraph of the section's tree (see ``markdown.tree``), so that all that is done with
text is done with it too: its names are found, its characters looked up, its references checked.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from lxml import etree

from octavo import csvfile, dates
from octavo.csvfile import Cell
from octavo.dates import DateError, When
from octavo.manuscript import Source
from octavo.markdown.inline import parse_lines
from octavo.markdown.reading import say_where
from octavo.markdown.tree import Element, Section
from octavo.problems import Problem, Span
from octavo.store import Store

NAME = "chronology"
FILE = Path("content") / "chronology.csv"
COLUMNS = ("date", "event", "section")

_HEAD = ",".join(COLUMNS)


def enter(
    sources: Sequence[Source],
    sections: Sequence[Section],
    root: Path,
    language: str,
    kept: Store | None,
) -> list[Problem]:
    """Put the events into the section that is the chronology, if the book has one.

    They stand in the order of their dates, those of one date in that of the file.  ``kept``
    remembers the texts that have been read before.
    """
    home = next((number for number, source in enumerate(sources) if _is_chronology(source)), None)
    if home is None:
        return []
    if not (root / FILE).exists():
        message = f"the chronology is made of {FILE.as_posix()}, and there is no such file"
        span = Span(sources[home].path, sources[home].first_line)
        return [Problem("data-file-is-readable", message, span, f"its first line: {_HEAD}")]
    table = csvfile.load(root / FILE, FILE, COLUMNS)
    problems = list(table.problems)
    rows = [tuple(row[column] for column in COLUMNS) for row in table.rows]
    problems += _faults(rows)
    dated = []
    for date, event, section in (row for row in rows if all(cell.text for cell in row)):
        try:
            dated.append((dates.parse(date.text), date, event, section))
        except DateError as error:
            span = Span(FILE, date.span.line, date.span.column + error.offset)
            problems.append(Problem("date-exists", str(error), span, error.hint))
    dated.sort(key=lambda row: row[0].known.begins)
    events = [(event.text, event.span) for *_, event, _ in dated]
    texts, found = parse_lines(events, language, kept)
    for (_, date, _, section), text in zip(dated, texts, strict=True):
        entry = _entry(text, date, section, sources[home].path)
        sections[home].body.append(entry)
    return [*problems, *found]


def events(body: Element) -> Iterator[tuple[When, Element]]:
    """Give the events in a section's tree with their dates."""
    for element in body.iter("p"):
        if element.get("data-date"):
            yield dates.parse(element.get("data-date")), element


def passage(event: Element) -> Element:
    """Give the link of an event to the passage that tells of it."""
    return event[-1]


def _is_chronology(source: Source) -> bool:
    return source.generated and source.name == NAME


def _faults(rows: Sequence[tuple[Cell, ...]]) -> Iterator[Problem]:
    first: dict[tuple[str, ...], Span] = {}
    for row in rows:
        for cell, name in zip(row, COLUMNS, strict=True):
            if not cell.text:
                yield Problem("event-is-whole", f"this row has no {name}", cell.span)
        known = tuple(cell.text for cell in row)
        if known in first:
            hint = f"first on line {first[known].line}"
            yield Problem("event-is-listed-once", "this event is listed twice", row[0].span, hint)
        first.setdefault(known, row[0].span)


def _entry(text: Element, date: Cell, section: Cell, home: Path) -> Element:
    text.set("class", "event")
    text.set("data-date", date.text)
    for element in text.iter("*"):
        if element.get("data-line"):
            element.set("data-path", FILE.as_posix())
    attributes = {"class": "cross-reference", "data-form": "text", "href": f"#{section.text}"}
    link: Element = etree.SubElement(text, "a", attributes)
    say_where(link, section.span, home)
    return text
