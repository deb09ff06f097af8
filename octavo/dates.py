"""Dates as historians know them: to the day, the month, the season, the year or the decade.

They are written in the Extended Date/Time Format (EDTF, ISO 8601-2:2019, levels 0 and 1):
``1950-01-18``, ``1950-01``, ``1950``, ``1950-21`` to ``1950-24`` for spring to winter, ``192X`` for
a decade; ``1950-09-16/1950-10-14`` for a range, ``1954/..`` and ``../1954`` for one that is open.
``~`` behind a date says that it is approximate, ``?`` that it is uncertain, ``%`` both.
"""

import calendar
import re
from dataclasses import dataclass
from typing import TypeAlias

from octavo.wording import DateWords

_POINT = re.compile(r"(?P<year>\d{3}[\dX])(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?(?P<sign>[~?%]?)")
_OPEN = ".."
_FORMS = (
    "a date is written 1950-01-18, 1950-01 or 1950; a decade 195X, the spring 1950-21, "
    "a range 1950-09/1950-10, from 1954 on 1954/.."
)
_MONTHS = range(1, 13)
_SEASONS = range(21, 25)
_SPRING = 21

Day: TypeAlias = tuple[int, int, int]
"""Year, month and day."""


class DateError(ValueError):
    """Raised for what is no date; ``offset`` counts the characters before the faulty part."""

    def __init__(self, message: str, offset: int, hint: str = "") -> None:
        """Say what is wrong, and what may help, in an editor's words."""
        super().__init__(message)
        self.offset, self.hint = offset, hint


@dataclass(frozen=True)
class Point:
    """One date; ``month`` and ``day`` are 0 where they are not known.

    ``month`` is 21 to 24 for a season; a ``decade`` begins with ``year``.
    """

    year: int
    month: int = 0
    day: int = 0
    decade: bool = False
    approximate: bool = False
    uncertain: bool = False

    @property
    def begins(self) -> Day:
        """Give the day from which on it may be, by which dates are sorted.

        What is not known counts as 0, so that a year comes before its months; a decade comes
        before its first year, spring before March, summer before June, and so on.
        """
        if self.decade:
            return (self.year, -1, 0)
        if self.month >= _SPRING:
            return (self.year, 3 * (self.month - _SPRING + 1), 0)
        return (self.year, self.month, self.day)

    @property
    def ends(self) -> Day:
        """Give a day behind which it cannot be."""
        if self.decade:
            return (self.year + 9, 12, 31)
        month = self.begins[1] + 2 if self.month >= _SPRING else self.month or 12
        return (self.year, month, self.day or 31)

    @property
    def machine_readable(self) -> str:
        """Give what HTML takes for a date (§2.3.5, without its qualifiers); ``""`` for a decade."""
        if self.decade:
            return ""
        known = (self.month, self.day) if self.month in _MONTHS else ()
        return "-".join([f"{self.year:04}", *(f"{number:02}" for number in known if number)])


@dataclass(frozen=True)
class When:
    """A date, or a range of dates, one end of which may be None: open."""

    first: Point | None
    last: Point | None

    @property
    def known(self) -> Point:
        """Give the date at which it begins, or that at which it ends where that is all."""
        point = self.first or self.last
        assert point is not None
        return point


@dataclass(frozen=True)
class Piece:
    """A piece of a printed date: its words, and the date that they stand for, as HTML has it."""

    text: str
    machine_readable: str = ""


def parse(text: str) -> When:
    """Read a date or a range; raises ``DateError``."""
    first, slash, last = text.partition("/")
    if not slash:
        point = _point(text, 0)
        return When(point, point)
    if first == last == _OPEN:
        raise DateError("a range that is open at both ends says nothing", 0)
    when = When(
        None if first == _OPEN else _point(first, 0),
        None if last == _OPEN else _point(last, len(first) + 1),
    )
    if when.first and when.last and when.last.ends < when.first.begins:
        raise DateError(f"the range ends in {last} before it begins in {first}", 0)
    return when


def _point(text: str, offset: int) -> Point:
    found = _POINT.fullmatch(text)
    if found is None:
        raise DateError(f'"{text}" is no date', offset, _FORMS)
    month, day = int(found["month"] or 0), int(found["day"] or 0)
    is_decade, sign = found["year"].endswith("X"), found["sign"]
    year = int(found["year"].replace("X", "0"))
    if found["month"]:
        _check(found, year, month, day, offset)
    return Point(year, month, day, is_decade, sign in {"~", "%"}, sign in {"?", "%"})


def _check(found: re.Match[str], year: int, month: int, day: int, offset: int) -> None:
    """Raise ``DateError`` for a month or a day that the calendar does not have."""
    if found["year"].endswith("X"):
        raise DateError(f'"{found[0]}" is no date: a decade has no months', offset)
    if month not in _MONTHS and month not in _SEASONS:
        raise DateError(f'"{found[0]}" is no date: there is no month {month}', offset)
    if found["day"]:
        days = calendar.monthrange(max(year, 1), month)[1] if month in _MONTHS else 0
        if not 1 <= day <= days:
            kind = "month" if days else "season"
            raise DateError(f'"{found[0]}" is no date: that {kind} has no day {day}', offset)


def printed(when: When, words: DateWords) -> tuple[Piece, ...]:
    """Give a date as a book prints it: "18 January 1950", "June–October 1949", "from 1954".

    What both ends of a range have in common is printed once; the dash between them stands between
    spaces where an end has a space of its own (Chicago 18, ch. 6).
    """
    first, last = when.first, when.last
    if first is None or last is None:
        opening = words.since if last is None else words.until
        return (Piece(f"{opening} "), _piece(when.known, words))
    if first == last:
        return (_piece(first, words),)
    is_sure = not any((first.approximate, first.uncertain, last.approximate, last.uncertain))
    one_year = is_sure and first.year == last.year and bool(first.month and last.month)
    one_month = one_year and first.month == last.month and bool(first.day and last.day)
    if words.month_first:
        before = _piece(first, words, year=not one_year)
        after = _piece(last, words, month=not one_month)
    else:
        before = _piece(first, words, year=not one_year, month=not one_month)
        after = _piece(last, words)
    is_spaced = not one_month and (" " in before.text or (not one_year and " " in after.text))
    return (before, Piece(" – " if is_spaced else "–"), after)


def _piece(point: Point, words: DateWords, *, year: bool = True, month: bool = True) -> Piece:
    """Give one date in words, with its year and its month or without."""
    name = _month(point.month, words) if month else ""
    day = str(point.day or "")
    known = [name, day] if words.month_first else [day, name]
    text = " ".join(filter(None, known))
    if year:
        own = words.decade.format(point.year) if point.decade else str(point.year)
        text += f"{',' if words.month_first and day else ''} {own}" if text else own
    if point.approximate:
        text = f"{words.circa} {text}"
    return Piece(f"{text}?" if point.uncertain else text, point.machine_readable)


def _month(month: int, words: DateWords) -> str:
    if not month:
        return ""
    return words.seasons[month - _SPRING] if month >= _SPRING else words.months[month - 1]
