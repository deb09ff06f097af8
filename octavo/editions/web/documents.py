"""Sections → what the templates of the documents are given."""

import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from octavo.book import Book, Section
from octavo.editions import anchors, text
from octavo.editions.drafting import Folios
from octavo.editions.shelves import Shelf
from octavo.editions.text import Dialect
from octavo.editions.views import section_view
from octavo.editions.web import shaping
from octavo.editions.web.edition import (
    APART,
    INDEX,
    OPENING,
    WHOLE,
    Edition,
    Link,
    file_name,
)
from octavo.markdown.tree import Element
from octavo.templating import SectionView
from octavo.wording import wording

SUMMARY_LENGTH = 200
"""The most characters of a document's description; search engines show fewer."""

_CALLS = "//a[@role='doc-noteref']"

Turn = tuple[Link | None, Link | None]
"""What comes before a document, and what after it."""

Views = Callable[[Edition, Turn, Folios], dict[str, Any]]
"""Gives what a document's template is filled with."""


@dataclass(frozen=True)
class Moved:
    """A passage that has left a document: its old id, its address, the title of its section."""

    id: str
    href: str
    title: str


def _frame(name: str, edition: Edition, turn: Turn) -> dict[str, Any]:
    """Give what every document is made of; what is its own may replace some of it."""
    config = edition.book.config
    return {
        "config": config,
        "words": wording(config.language),
        "families": edition.families,
        "title": config.full_title,
        "description": " ".join(config.description.split()),
        "canonical": config.web.address(name),
        "moved": (),
        "previous": turn[0],
        "next": turn[1],
        "whole_book": WHOLE,
        "current": "",
        "has_pages": edition.has_pages,
        "marks": edition.marks,
    }


def index(edition: Edition, turn: Turn, folios: Folios) -> dict[str, Any]:
    """Give what the document of the title page and the contents is made of."""
    targets = edition.book.targets
    return {
        **_frame(INDEX, edition, turn),
        "opening": _opening(edition, edition.dialect(INDEX, folios.of), 0),
        "contents": tuple(
            replace(line, folio=folios.of(targets[line.id])) for line in edition.lines
        ),
    }


def around(section: Section, edition: Edition, turn: Turn) -> dict[str, Any]:
    """Give what stands around a section in its document."""
    name = edition.names[section.id]
    return {
        **_frame(name, edition, turn),
        "title": f"{section.title_text} – {edition.book.config.title}",
        "contents": edition.beside(name, section.id),
        "current": section.id,
        "moved": tuple(_moved(section.name, edition)),
    }


def section(section: Section, edition: Edition, turn: Turn, folios: Folios) -> dict[str, Any]:
    """Give what the document of a section is made of."""
    dialect = edition.dialect(edition.names[section.id], folios.of)
    return {
        **around(section, edition, turn),
        "description": _summary(section, edition.book, dialect),
        "section": _view(section, edition, dialect, 0),
    }


def whole(
    place: Callable[[Section], Shelf | None], edition: Edition, turn: Turn, folios: Folios
) -> dict[str, Any]:
    """Give what the document of the whole book is made of, but for what is kept apart.

    ``place`` gives a section's place in the store, if it has one there.
    """
    return {
        **_frame(WHOLE, edition, turn),
        "opening": _opening(edition, edition.dialect(WHOLE, folios.of), 1),
        "sections": tuple(
            _view_in_whole(section, edition, folios, place(section))
            for section in edition.book.sections
            if section.kind not in {"half-title", "title", *APART}
        ),
        "contents": edition.beside(WHOLE, ""),
    }


def _view_in_whole(
    section: Section, edition: Edition, folios: Folios, shelf: Shelf | None
) -> SectionView:
    """Give a section's view, from its place in the store if it prints the same folios."""
    known: tuple[Mapping[str, str], SectionView] | None = shelf.take() if shelf else None
    if known is None or not folios.agree(known[0]):
        own = folios.part()
        known = own.asked, _view(section, edition, edition.dialect(WHOLE, own.of), 1)
        if shelf is not None:
            shelf.put(known)
    folios.asked.update(known[0])
    return known[1]


def renamed(edition: Edition) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the names that documents had, and what the documents in their places are made of."""
    book = edition.book
    for name, identifier in sorted(book.permalinks.renamed.items()):
        home = edition.names[identifier]
        yield (
            file_name(name),
            {
                "config": book.config,
                "words": wording(book.config.language),
                "title": book.section(identifier).title_text,
                "href": home,
                "address": book.config.web.address(home),
                "passages": tuple(_moved(name, edition)),
            },
        )


def _moved(name: str, edition: Edition) -> Iterator[Moved]:
    """Give the passages that have left the document that is, or was, called ``name``."""
    for one in edition.book.permalinks.moved.get(name, ()):
        title = edition.book.section(one.section).title_text
        yield Moved(one.id, f"{edition.names[one.section]}#{one.id}", title)


def _opening(edition: Edition, dialect: Dialect, down: int) -> dict[str, SectionView | None]:
    """Give the views of the sections that open the book, by kind; None for those it lacks."""
    found = {section.kind: section for section in edition.book.sections}
    return {
        kind: _view(found[kind], edition, dialect, down) if kind in found else None
        for kind in OPENING
    }


def _view(section: Section, edition: Edition, dialect: Dialect, down: int) -> SectionView:
    """Give a section's view, its text made for the screen, its headings ``down`` levels lower."""

    def shape(body: Element) -> None:
        anchors.place(body, section, edition.book)
        shaping.shape(body, edition, down)

    return section_view(section, edition.book, dialect, shape)


def _summary(section: Section, book: Book, dialect: Dialect) -> str:
    """Give the beginning of a section's first paragraph of its own, ``""`` where it has none.

    An epigraph is another's; and reference managers take the book's description for an abstract.
    """
    first = section.body.find("p")
    if first is None:
        return ""
    opening = text.passage(first, section, book, dialect)
    for call in opening.xpath(_CALLS):
        call.text = None
    return textwrap.shorten(text.plain(opening), SUMMARY_LENGTH, placeholder=" …")
