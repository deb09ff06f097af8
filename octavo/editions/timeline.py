"""The chronology as editions print it: events by years, each with the place that tells of it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from lxml import etree

from octavo import chronology, dates
from octavo.book import Book, Section, Target
from octavo.dates import Piece, When
from octavo.editions import text
from octavo.editions.text import Dialect
from octavo.markdown.tree import Element
from octavo.templating import EventView, YearView
from octavo.wording import DateWords, wording


def take_out(body: Element, section: Section, book: Book, dialect: Dialect) -> tuple[YearView, ...]:
    """Take the events out of a section's text, as ``text.body`` gave it, and give them by years.

    ``body`` is changed; nothing happens to it where the section is no chronology.
    """
    written = list(chronology.events(section.body))
    if not written:
        return ()
    made = [element for element in body.iter("p") if element.get("class") == "event"]
    views = [
        (when, _event(when, source, element, book, dialect))
        for (when, source), element in zip(written, made, strict=True)
    ]
    words = wording(book.config.language).dates
    return tuple(
        YearView(
            words.decade.format(year) if is_decade else str(year),
            tuple(view for _, view in events),
        )
        for (year, is_decade), events in groupby(views, key=_year)
    )


def _year(dated: tuple[When, EventView]) -> tuple[int, bool]:
    known = dated[0].known
    return known.year, known.decade


def _event(
    when: When, source: Element, element: Element, book: Book, dialect: Dialect
) -> EventView:
    target = book.targets[chronology.passage(source).get("href")[1:]]
    link = chronology.passage(element)
    element.remove(link)
    element.getparent().remove(element)
    holder = etree.Element("div")
    holder.append(element)
    heading = _heading_above(target, book)
    return EventView(
        date=tuple(_printed(when, wording(book.config.language).dates)),
        text=text.markup(holder),
        href=link.get("href"),
        folio=dialect.folio(target),
        number=heading.number,
        title=heading.title,
    )


def _printed(when: When, words: DateWords) -> Iterator[Piece]:
    """Give a date in pieces, with a capital where it begins with a word in full."""
    first, *others = dates.printed(when, words)
    text = (
        first.text
        if first.text.startswith(words.circa)
        else first.text[:1].upper() + first.text[1:]
    )
    yield replace(first, text=text)
    yield from others


def _heading_above(target: Target, book: Book) -> Target:
    """Give the heading below which a target stands, or its section's title."""
    if target.level:
        return target
    section = book.section(target.section)
    calls = {note.id: note.call_id for note in section.notes}
    found = book.targets[section.id]
    for heading in _headings_before(calls.get(target.id, target.id), section):
        found = book.targets[heading.get("id")]
    return found


def _headings_before(identifier: str, section: Section) -> Iterator[Element]:
    for element in section.body.iter():
        if element.get("id") == identifier:
            return
        if element.tag in {"h2", "h3", "h4", "h5"}:
            yield element
