"""The notes that cite a work, as its entry in the bibliography names them."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from octavo.bibliography import Work
from octavo.book import Book, Note
from octavo.editions.text import Dialect
from octavo.numbers import DASH, runs, shorten
from octavo.templating import CitedIn, CitingNotes
from octavo.wording import wording


def cited_in(work: Work, book: Book, dialect: Dialect) -> Iterator[CitedIn]:
    """Give the sections whose notes cite a work, in book order, consecutive notes joined."""
    chapter = wording(book.config.language).chapter_short
    for section, found in groupby(book.citing_notes(work), key=lambda citing: citing[0]):
        notes = [note for _, note in found]
        name = f"{chapter}\u00a0{section.number}" if section.number else section.short_title
        yield CitedIn(name, tuple(_joined(notes, book, dialect)), len(notes))


def _joined(notes: Sequence[Note], book: Book, dialect: Dialect) -> Iterator[CitingNotes]:
    hrefs = {note.number: dialect.href(book.targets[note.id]) for note in notes}
    for first, last in runs(hrefs):
        printed, _, end = shorten(str(first), str(last)).partition(DASH)
        yield CitingNotes(printed, hrefs[first], end, hrefs[last])
