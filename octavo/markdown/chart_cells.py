"""The cells of a chart's data: numbers and dates, as they are reckoned with and as printed.

Numbers are written without separators, with ``>``, ``<``, ``≥``, ``≤`` or ``≈`` before them where
they are no exact ones; dates as ISO 8601 has them, to the year, the month or the day.
"""

import re
from dataclasses import dataclass
from datetime import date
from math import isfinite

from octavo.charts.model import Period, Value
from octavo.numerals import group_digits
from octavo.wording import Wording

_VALUE = re.compile(r"(?P<sign>[<>≤≥≈~]?)\s*(?P<number>[+−-]?\d+(?:\.\d+)?)")
_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?")
_DATED = re.compile(r"\d{4}-\d\d?(-\d\d?)?")
_DECEMBER = 12


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
    """A date of a day, a month or a year: where it begins and ends in years, and how it is said."""

    begin: float
    end: float
    text: str


def day(text: str, words: Wording) -> Day | None:
    """Read a date; None where it is none, as 1949-02-30."""
    found = _DATE.fullmatch(text.strip())
    if not found:
        return None
    year, month, in_month = (int(part) if part else 0 for part in found.groups())
    try:
        begin = date(year, month or 1, in_month or 1)
    except ValueError:
        return None
    if in_month:
        return Day(_years(begin), _years(begin, 1), f"{in_month} {words.months[month - 1]} {year}")
    if month == _DECEMBER:
        return Day(_years(begin), year + 1.0, f"{words.months[month - 1]} {year}")
    if month:
        end = _years(date(year, month + 1, 1))
        return Day(_years(begin), end, f"{words.months[month - 1]} {year}")
    return Day(float(year), year + 1.0, str(year))


def is_dated(text: str) -> bool:
    """Tell whether a text looks like a date of a day or a month."""
    return bool(_DATED.fullmatch(text))


def _years(of: date, more: int = 0) -> float:
    """Give the beginning of a day, or of one some days later, in years."""
    first = date(of.year, 1, 1).toordinal()
    length = date(of.year, 12, 31).toordinal() - first + 1
    return of.year + (of.toordinal() - first + more) / length


def period(begin: Day, end: Day | None) -> Period:
    """Give a period, from the beginning of the one date to the end of the other.

    One date alone is a moment, in the middle of what it names.
    """
    if end is None:
        return Period((begin.begin + begin.end) / 2, None, begin.text)
    if begin.text == end.text:
        return Period(begin.begin, end.end, begin.text)
    dash = " – " if " " in begin.text + end.text else "–"
    return Period(begin.begin, end.end, f"{begin.text}{dash}{end.text}")
