"""Places → locators, once it is known on which pages they stand.

One page makes one locator of a heading, however often it is spoken of there; text on a page takes
in the notes, tables and figures of the page, and a range what lies in it.  Ranges are written as
Chicago 18, ch. 9, has it; places on pages in a row stay separate, unless the settings join them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from octavo.indexing.model import Kind, Place

Folio = Callable[[str], str]
"""Gives the folio of an id, ``""`` where there is none."""

SIGNS: dict[Kind, str] = {"text": "", "note": "n", "table": "t", "figure": "f"}
"""What stands behind a folio for what stands on the page."""

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}

RUN = 3
"""How many pages in a row are joined, where they are."""


@dataclass(frozen=True)
class Locator:
    """A locator: what is printed (``sign`` apart for tables and figures), where it leads, how.

    ``places`` are all that it stands for, in the order of the book.
    """

    number: str
    sign: str
    target: str
    main: bool
    is_range: bool
    places: tuple[Place, ...]


@dataclass(frozen=True)
class _Page:
    """A page as it can be compared, and as it is printed."""

    rank: tuple[int, int]
    label: str


@dataclass(frozen=True)
class _Found:
    first: _Page
    last: _Page
    places: tuple[Place, ...]

    @property
    def kind(self) -> Kind:
        return self.places[0].kind

    @property
    def is_range(self) -> bool:
        return self.first.rank != self.last.rank


def locate(places: Sequence[Place], folio: Folio, *, joins_runs: bool) -> tuple[Locator, ...]:
    """Write the locators of one heading, or sub-heading, whose places are in the book's order."""
    pages = _pages(places, folio)
    found = [_Found(*pages[place.id], (place,)) for place in places]
    texts = _merged([one for one in found if one.kind == "text"])
    others = [one for one in found if one.kind != "text"]
    alone = list(_alone([one for one in others if not any(_takes_in(t, one) for t in texts)]))
    texts = [
        replace(text, places=text.places + tuple(_places(o for o in others if _takes_in(text, o))))
        for text in texts
    ]
    if joins_runs:
        texts = list(_joined(texts))
    ordered = sorted(
        [*texts, *alone], key=lambda one: (one.first.rank, list(SIGNS).index(one.kind))
    )
    return tuple(map(_written, ordered))


def _pages(places: Sequence[Place], folio: Folio) -> dict[str, tuple[_Page, _Page]]:
    """Give the first and the last page of each place; without folios parts stand for pages."""
    pages: dict[str, tuple[_Page, _Page]] = {}
    parts: dict[str, int] = {}
    for place in places:
        first = folio(place.id) or place.part
        last = (folio(place.end) or place.end_part) if place.end else first
        ends = [_Page(_rank(label, parts), label) for label in (first, last)]
        ends.sort(key=lambda page: page.rank)
        pages[place.id] = (ends[0], ends[1])
    return pages


def _rank(label: str, parts: dict[str, int]) -> tuple[int, int]:
    """Place a folio among others: roman ones first; what is no folio as it comes in the book."""
    if number := _roman(label):
        return (0, number)
    if label.isdecimal():
        return (1, int(label))
    return (2, parts.setdefault(label, len(parts)))


def _roman(label: str) -> int:
    """Give the value of a roman numeral, 0 for what is none."""
    if not label or set(label) - set(_ROMAN):
        return 0
    values = [_ROMAN[sign] for sign in label]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


def _merged(texts: Sequence[_Found]) -> list[_Found]:
    """Make one of what is on the same page, and of ranges with what they reach."""
    merged: list[_Found] = []
    for one in sorted(texts, key=lambda one: (one.first.rank, not one.is_range)):
        before = merged[-1] if merged else None
        if before is not None and one.first.rank <= before.last.rank:
            last = max(before.last, one.last, key=lambda page: page.rank)
            merged[-1] = replace(before, last=last, places=before.places + one.places)
        else:
            merged.append(one)
    return merged


def _takes_in(text: _Found, one: _Found) -> bool:
    return text.first.rank <= one.first.rank <= text.last.rank


def _places(found: Iterable[_Found]) -> Iterator[Place]:
    for one in found:
        yield from one.places


def _joined(texts: Sequence[_Found]) -> Iterator[_Found]:
    """Make ranges of pages in a row, at least ``RUN``, that have a folio each."""
    row: list[_Found] = []
    for one in [*texts, None]:
        if one is not None and row and one.first.rank == _next(row[-1].last.rank):
            row.append(one)
            continue
        if len(row) >= RUN or any(member.is_range for member in row[1:]):
            yield replace(row[0], last=row[-1].last, places=tuple(_places(row)))
        else:
            yield from row
        row = [one] if one is not None else []


def _next(rank: tuple[int, int]) -> tuple[int, int]:
    return (rank[0], rank[1] + 1)


def _alone(others: Sequence[_Found]) -> Iterator[_Found]:
    """Make one of the tables of a page, of its figures, and of its notes that follow each other."""
    ordered = sorted(others, key=lambda one: (one.first.rank, one.kind, one.places[0].note))
    for (_, kind), members in groupby(ordered, key=lambda one: (one.first.rank, one.kind)):
        row: list[_Found] = []
        for one in members:
            number = one.places[0].note
            if row and kind == "note" and number - row[-1].places[-1].note > 1:
                yield replace(row[0], places=tuple(_places(row)))
                row = []
            row.append(one)
        yield replace(row[0], places=tuple(_places(row)))


def _written(one: _Found) -> Locator:
    first = one.places[0]
    number, sign = joined(one.first.label, one.last.label), SIGNS[one.kind]
    if one.kind == "note":
        notes = [place.note for place in one.places]
        number += "n" if notes[0] == notes[-1] else "nn"
        number += joined(str(notes[0]), str(notes[-1]))
        sign = ""
    main = any(place.main for place in one.places)
    return Locator(number, sign, first.id, main, one.is_range, one.places)


def joined(first: str, last: str) -> str:
    """Write a range of numbers (Chicago 18, ch. 9): 47–49, 112–13, 200–204, 1003–6, xii–xiv.

    Below 100, from a multiple of 100, and for what is no number, all of the second is written;
    behind 01 to 09 what has changed; elsewhere two digits, or more if more have changed.
    """
    if first == last:
        return first
    if not (first.isdecimal() and last.isdecimal()) or len(first) < len("100"):
        return f"{first}–{last}"
    if int(first) % 100 == 0 or len(first) != len(last):
        return f"{first}–{last}"
    same = next(i for i, (one, other) in enumerate(zip(first, last, strict=True)) if one != other)
    least = 1 if int(first) % 100 < len("0123456789") else 2
    return f"{first}–{last[min(same, len(last) - least) :]}"
