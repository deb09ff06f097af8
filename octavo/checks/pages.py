"""What an editor may mind about the pages, each with its folio and its place in the source."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from octavo.book import Book
from octavo.numerals import folio
from octavo.problems import Problem, Span
from octavo.prose.book import Prose
from octavo.prose.passages import Passage
from octavo.rules import RULES
from octavo.typeset.facts import Laid, Look, SectionPages
from octavo.typeset.joined import Joined

_HINTS = {
    "hyphens-are-few": "a word more or less in the paragraph may help",
    "images-are-fine-enough": "300 pixels per inch are wanted: a larger picture of the same thing",
    "last-line-has-words": "a word more or less in the paragraph may help",
    "last-page-has-lines": "some lines more or less in the section may help",
    "lines-are-tight": "a word more or less in the paragraph may help",
    "note-ends-on-its-page": "a shorter note, or a sentence more before it, may help",
    "page-is-filled": "a sentence more or less on the page may help",
}

_LEAST = 4
"""How many letters and digits a piece of a line must have to be looked for in the source."""


def check(book: Book, joined: Joined, prose: Prose) -> Iterator[Problem]:
    """Report how pages look: what layout has seen, and the notes that are carried over."""
    passages: dict[Path, list[_Placed]] = {}
    for passage in prose.passages:
        passages.setdefault(passage.lines.path, []).append(_placed(passage))
    sections = {pages.section: pages for pages in joined.pagination.sections}
    for laid in joined.laid:
        section, pages = book.section(laid.section), sections[laid.section]
        notes = {note.id: note.span for note in section.notes}
        for look in laid.looks:
            path = Path(look.path or section.span.path)
            place = notes.get(look.note) or Span(path, look.line)
            there = passages.get(place.path, ())
            near = (one.passage for one in there if one.is_near(place, look))
            span = next(_found(look.words, near), place)
            yield _problem(look.rule, look.message, span, _folio(pages, look.page))
        yield from _carried_over(laid, notes, pages)


def _problem(rule: str, message: str, span: Span, printed: str) -> Problem:
    return Problem(rule, f"{message} (page {printed})", span, _HINTS[rule], RULES[rule].severity)


def _folio(pages: SectionPages, page: int) -> str:
    return folio(pages.first_folio + page, pages.numerals)


class _Placed(NamedTuple):
    """A passage, with its first and last lines and its first column."""

    passage: Passage
    first_line: int
    last_line: int
    column: int

    def is_near(self, place: Span, look: Look) -> bool:
        """Tell whether it may be the passage that was seen, which begins at a place."""
        is_here = self.first_line <= place.line <= self.last_line
        is_like = (self.passage.kind == "note") == bool(look.note)
        return is_here and is_like and self.column >= place.column


def _placed(passage: Passage) -> _Placed:
    first = passage.span(0, 1)
    last = passage.span(len(passage.text) - 1, len(passage.text))
    return _Placed(passage, first.line, last.line, first.column)


def _found(words: Sequence[str], passages: Iterable[Passage]) -> Iterator[Span]:
    """Give where the words of a line stand in the source, in each passage that has them.

    Letters and digits are compared, as signs and spaces may be printed otherwise.
    """
    wanted = [letters for letters in map(_letters, words) if letters]
    for passage in passages:
        places = [index for index, sign in enumerate(passage.text) if sign.isalnum()]
        text = _letters(passage.text)
        if len(wanted) == 1 and text.endswith(wanted[0]):
            found = [len(text) - len(wanted[0]), len(text) - 1]
        else:
            found = list(_ends(text, wanted))
        if found:
            yield passage.span(places[found[0]], places[found[-1]] + 1)


def _ends(text: str, wanted: Iterable[str]) -> Iterator[int]:
    """Give where the pieces of a line begin and end in a text, one behind the other."""
    at = 0
    for letters in wanted:
        place = text.find(letters, at) if len(letters) >= _LEAST else -1
        if place >= 0:
            at = place + len(letters)
            yield from (place, at - 1)


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


def _carried_over(laid: Laid, notes: Mapping[str, Span], pages: SectionPages) -> Iterator[Problem]:
    for note in laid.notes:
        if len(note.pages) > 1:
            first, last = (_folio(pages, page) for page in (note.pages[0], note.pages[-1]))
            message = f"this note ends on page {last}"
            yield _problem("note-ends-on-its-page", message, notes[note.id], first)
