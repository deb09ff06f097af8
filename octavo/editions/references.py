"""What a cross reference says: "figure 2.1", "pages 112–13", "“Weights”"."""

from collections.abc import Callable

from octavo.book import Book, Target
from octavo.numbers import DASH, shorten
from octavo.wording import wording

Folio = Callable[[Target], str]
"""Gives the printed page of a target, ``""`` where there is none."""


def one(target: Target, form: str, book: Book, folio: Folio) -> str:
    """Name one target; without a folio, or a number, by the next best (number, title, section)."""
    names = wording(book.config.language).kinds
    page = folio(target) if form == "page" else ""
    if page:
        return f"{names['page']}\u00a0{page}"
    named = target
    if form == "title" or not target.number:
        named = _named(target, book)
        if form == "title" or not named.number:
            return f"“{named.title}”" if named.kind in {"section", "chapter"} else named.title
    return f"{names[named.kind]}\u00a0{named.number}"


def several(first: Target, last: Target, form: str, book: Book, folio: Folio) -> str:
    """Name all from one target to another of its kind, by pages or by numbers."""
    names = wording(book.config.language).plurals
    if form == "page":
        pages = folio(first), folio(last)
        if all(pages) and pages[0] == pages[1]:
            return one(first, form, book, folio)
        if all(pages):
            return f"{names['page']}\u00a0{shorten(*pages)}"
    first, last = _numbered(first, book), _numbered(last, book)
    if first.id != last.id and first.number and last.number:
        return f"{names[first.kind]}\u00a0{shorten(first.number, last.number)}"
    ends = dict.fromkeys(one(end, "number", book, folio) for end in (first, last))
    return DASH.join(ends)


def _named(target: Target, book: Book) -> Target:
    """Give a target that has a title: itself, or the section that it stands in."""
    return target if target.title else book.targets[target.section]


def _numbered(target: Target, book: Book) -> Target:
    """Give a target that may have a number: itself, or the section that it stands in."""
    return target if target.number else _named(target, book)
