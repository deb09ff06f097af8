"""The index of a book → the views that templates are given: locators with folios and addresses."""

from collections.abc import Sequence

from octavo.book import Book, Section
from octavo.editions.text import Dialect
from octavo.indexing import locators
from octavo.indexing.entries import words
from octavo.indexing.locators import SIGNS
from octavo.indexing.model import Entry, Place, Reference, Run, plain
from octavo.templating import (
    HeadingView,
    IndexEntryView,
    IndexGroupView,
    IndexView,
    LocatorView,
    ReferenceView,
)


def view(section: Section, book: Book, dialect: Dialect) -> IndexView:
    """Give the view of the index, which stands in ``section``."""
    groups = tuple(
        IndexGroupView(
            letter=group.letter,
            id=f"{section.id}--letter-{group.letter.lower() or 'other'}",
            entries=tuple(_entry(entry, book, dialect) for entry in group.entries),
        )
        for group in book.index.groups
    )
    headings = [
        heading
        for group in groups
        for entry in group.entries
        for heading in (entry.heading, *entry.subs)
    ]
    shown = [locator for heading in headings for locator in heading.locators]
    signs = {sign for sign in SIGNS.values() if sign and any(_has(one, sign) for one in shown)}
    return IndexView(
        groups,
        tuple(kind for kind, sign in SIGNS.items() if sign in signs),
        any(locator.main for locator in shown),
    )


def _has(locator: LocatorView, sign: str) -> bool:
    return locator.sign == sign or (sign == SIGNS["note"] and sign in locator.number)


def _entry(entry: Entry, book: Book, dialect: Dialect) -> IndexEntryView:
    return IndexEntryView(
        id=entry.id,
        plain=plain(words(entry.term)),
        heading=_heading(entry.words, entry.places, book, dialect),
        subs=tuple(_heading(sub.words, sub.places, book, dialect) for sub in entry.subs),
        see=tuple(_reference(one, book, dialect) for one in entry.see),
        see_also=tuple(_reference(one, book, dialect) for one in entry.see_also),
    )


def _heading(
    runs: Sequence[Run], places: Sequence[Place], book: Book, dialect: Dialect
) -> HeadingView:
    found = locators.locate(
        places,
        lambda name: dialect.folio(book.targets[name]),
        joins_runs=book.index.joins_runs,
    )
    return HeadingView(
        _runs(runs),
        tuple(
            LocatorView(
                href=dialect.href(book.targets[locator.target]),
                number=locator.number,
                sign=locator.sign,
                main=locator.main,
                kind="range" if locator.is_range else "page",
            )
            for locator in found
        ),
    )


def _reference(reference: Reference, book: Book, dialect: Dialect) -> ReferenceView:
    href = dialect.href(book.targets[reference.target]) if reference.target else ""
    return ReferenceView(_runs(reference.words), href)


def _runs(runs: Sequence[Run]) -> tuple[tuple[str, bool, str], ...]:
    return tuple((run.text, run.italic, run.language) for run in runs)
