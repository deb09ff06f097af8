"""The cells of a chart's data: numbers and dates, as they are reckoned with and as printed.

Numbers are written without separators, with ``>``, ``<``, ``≥``, ``≤`` or ``≈`` before them where
they are no exact ones; dates as everywhere in the book (``dates``).
"""

import re
from calendar import isleap, monthrange
from dataclasses import dataclass
from math import isfinite

from octavo import dates
from octavo.charts.model import Period, Value
from octavo.dates import DateError, Point, When
from octavo.numerals import group_digits
from octavo.wording import DateWords

_VALUE = re.compile(r"(?P<sign>[<>≤≥≈~]?)\s*(?P<number>[+−-]?\d+(?:\.\d+)?)")
_DATED = re.compile(r"\d{4}-\d\d?(-\d\d?)?")


def value(text: str) -> Value | None:
    """Read a number; None where it is none."""
    found = _VALUE.fullmatch(text.strip())
    if not found:
        return None
    written = found["number"].replace("−", "-")
    number = float(written)
    sign = {"~": "≈"}.get(found["sign"], found["sign"])
    shown = f"{sign}\N{NO-BREAK SPACE}" if sign else ""
    return Value(number, shown + group_digits(written)) if isfinite(number) else None


@dataclass(frozen=True)
class Day:
    """A date, to the day or less exact: where it begins and ends in years, and how it is said."""

    point: Point
    begin: float
    end: float
    text: str


def day(text: str, words: DateWords) -> Day:
    """Read one date; raises ``DateError``."""
    when = dates.parse(text.strip())
    point = when.first
    if point is None or when.last != point:
        raise DateError(f'"{text}" is a range of dates', 0, "write its ends into two columns")
    begin = _years(*point.begins)
    return Day(point, begin, _years(*point.ends, behind=1), _said(when, words))


def is_dated(text: str) -> bool:
    """Tell whether a text looks like a date of a day or a month."""
    return bool(_DATED.fullmatch(text))


def _years(year: int, month: int, day_: int, behind: int = 0) -> float:
    """Give the beginning of a day, or of one some days later, in years.

    What is not known of a date is its first day; no day comes after the month's last.
    """
    months = [monthrange(year, number)[1] for number in range(1, 13)]
    month = max(month, 1)
    before = sum(months[: month - 1]) + min(max(day_, 1), months[month - 1]) - 1
    return year + (before + behind) / (366 if isleap(year) else 365)


def _said(when: When, words: DateWords) -> str:
    return "".join(piece.text for piece in dates.printed(when, words))


def period(begin: Day, end: Day | None, words: DateWords) -> Period:
    """Give a period, from the beginning of the one date to the end of the other.

    One date alone is a moment, in the middle of what it names.
    """
    if end is None:
        return Period((begin.begin + begin.end) / 2, None, begin.text)
    return Period(begin.begin, end.end, _said(When(begin.point, end.point), words))
