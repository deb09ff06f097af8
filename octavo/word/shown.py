"""What the book makes of citations, references, labels and pictures, found by where they stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from octavo.book import Book, Image, Section, Target
from octavo.charts.model import Chart
from octavo.citations import Formatted
from octavo.compose import Draft
from octavo.editions import references
from octavo.markdown.finish import HEADINGS, span_of
from octavo.markdown.tree import Element
from octavo.word.outline import FORMATS, Format
from octavo.wording import wording

Place = tuple[str, int, int]
"""A file, a line, a column."""

Words = tuple[tuple[str, Format], ...]
"""Pieces of text, each with how it is set."""


@dataclass(frozen=True)
class Cited:
    """A citation: what stands in the sentence, and in a note of its own."""

    text: Words
    note: Words | None


@dataclass(frozen=True)
class Reference:
    """A cross reference: its words, and what a field of Word can work out of them.

    ``before`` and ``after`` stand around ``result``, which a field of ``kind`` gives; where it is
    ``""``, no field can.
    """

    kind: str
    target: str
    before: str
    result: str
    after: str


@dataclass(frozen=True)
class Label:
    """What Word shows before a heading or a caption: words, and a number."""

    id: str
    words: str
    number: str
    end: str


@dataclass(frozen=True)
class Shown:
    """What stands in the place of each thing of a section."""

    citations: Mapping[Place, Cited]
    references: Mapping[Place, Reference]
    labels: Mapping[tuple[str, int], Label]
    pictures: Mapping[tuple[str, int], Image]
    notes: Mapping[str, str]


def shown(draft: Draft, book: Book, section: Section, charts: Mapping[Chart, Image]) -> Shown:
    """Work out what stands in the places of a section; ``charts`` are drawn already."""
    number = next(n for n, one in enumerate(book.sections) if one.id == section.id)
    written = draft.texts[number]
    home = draft.manuscript.sources[number].path
    cited = {}
    for index, (citation, formatted) in enumerate(
        zip(written.citations, section.citations, strict=True)
    ):
        noted = ("citation", index) in section.note_of_call
        cited[_place(citation.span.path, citation.span.line, citation.span.column)] = _cited(
            formatted, noted, citation.in_text
        )
    trees = [section.title, section.body, *(note.body for note in written.notes)]
    return Shown(
        cited,
        dict(_references(trees, book, section, home)),
        dict(_labels(section, book, home)),
        dict(_pictures(section, book, charts, home)),
        {f"fn-{note.label}": note.label for note in written.notes if note.label},
    )


def _place(path: Path, line: int, column: int) -> Place:
    return path.as_posix(), line, column


def _cited(formatted: Formatted, noted: bool, in_text: bool) -> Cited:
    text = tuple(words(formatted.text)) if formatted.text is not None else ()
    if not noted:
        return Cited(text, None)
    if not in_text and formatted.note is None:
        return Cited((), text)
    note = tuple(words(formatted.note)) if formatted.note is not None else ()
    return Cited(text, note)


def words(tree: Element, format_: Format = Format()) -> Iterator[tuple[str, Format]]:  # noqa: B008
    """Give the pieces of text of a small tree (a formatted citation, a title)."""
    if tree.text:
        yield tree.text, format_
    for child in tree:
        if isinstance(child.tag, str):
            yield from words(child, _set(child, format_))
        if child.tail:
            yield child.tail, format_


_TAGS = {"em": "italic", "i": "italic", "strong": "bold", "b": "bold", "code": "code",
         "sup": "superscript", "sub": "subscript", "del": "strike"}  # fmt: skip


def _set(element: Element, format_: Format) -> Format:
    changed: dict[str, object] = {name: getattr(format_, name) for name in FORMATS}
    changed["language"] = element.get("lang") or format_.language
    if element.tag in _TAGS:
        changed[_TAGS[element.tag]] = True
    if "smallcaps" in (element.get("class") or "").split():
        changed["smallcaps"] = True
    return Format(**changed)  # type: ignore[arg-type]


def _references(
    trees: list[Element], book: Book, section: Section, home: Path
) -> Iterator[tuple[Place, Reference]]:
    for link in (link for tree in trees for link in tree.iter("a")):
        if link.get("class") != "cross-reference" or link.get("data-form") == "text":
            continue
        span = span_of(link, home)
        made = _reference(link, book, section)
        yield _place(span.path, span.line, span.column), made


def _reference(link: Element, book: Book, section: Section) -> Reference:
    target = book.targets[link.get("href")[1:]]
    form, to = link.get("data-form"), link.get("data-to")
    if to:
        text = references.several(target, book.targets[to[1:]], form, book, lambda _: "")
    else:
        text = references.one(target, form, book, lambda _: "")
    if link.get("data-capital"):
        text = text[:1].upper() + text[1:]
    kind, result = ("", "") if to else _field(target, form, text)
    before, _, after = text.partition(result) if result else (text, "", "")
    return Reference(kind, target.id, before, result, after)


def _field(target: Target, form: str, text: str) -> tuple[str, str]:
    """Give the kind of field that can work out a reference, and what in its text it gives."""
    if form == "title":
        return ("title", target.title) if target.title in text else ("", "")
    if target.number and text.endswith(target.number):
        return ("note" if target.kind == "note" else "number"), target.number
    return "", ""


def _labels(section: Section, book: Book, home: Path) -> Iterator[tuple[tuple[str, int], Label]]:
    kinds = wording(book.config.language).kinds
    for element in section.body.iter(*HEADINGS, "figure"):
        target = book.targets.get(element.get("id") or "")
        if target is None or not target.number:
            continue
        place = home.as_posix(), int(element.get("data-line") or 0)
        if element.tag == "figure":
            kind = kinds[element.get("class")]
            yield place, Label(target.id, f"{kind[:1].upper()}{kind[1:]}\u00a0", target.number, ".")
        else:
            yield place, Label(target.id, "", target.number, "")


def _pictures(
    section: Section, book: Book, charts: Mapping[Chart, Image], home: Path
) -> Iterator[tuple[tuple[str, int], Image]]:
    for figure in section.body.iter("figure", "img"):
        image = figure.find("img") if figure.tag == "figure" else figure
        if image is None:
            continue
        place = home.as_posix(), span_of(figure, home).line
        if image.get("data-chart"):
            yield place, charts[section.charts[int(image.get("data-chart"))]]
        elif image.get("src") in book.images:
            yield place, book.images[image.get("src")]
