"""Numbers, dates and words in a form in which they can be compared, however they were written."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from octavo import dates
from octavo.dates import DateError, Day
from octavo.wording import DateWords

_COMMA_FOR_POINT = {"de", "es", "fr", "it", "pt", "ru", "vi"}
"""Languages that set a comma before decimals."""

_SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_PERCENT = {"per cent": "%", "percent": "%"}
_MACHINE = re.compile(r"[+-]?\d+(?:\.\d+)?")
_NUMBER = re.compile(
    r"(?P<before>[^\d+-]*)(?P<sign>[+-]?)(?P<digits>\d+(?:[.,’' ]\d+)*)(?P<after>\D.*)?"
)


@dataclass(frozen=True)
class Amount:
    """What a mark or a cell holds: a number with its unit, or a date, or else words."""

    number: Decimal | None = None
    unit: str = ""
    date: tuple[Day, Day] | None = None
    words: str = ""

    def agrees_with(self, other: "Amount") -> bool:
        """Tell whether both are the same; a number without a unit agrees with one that has one."""
        if self.number is None or other.number is None:
            return self == other
        units = {self.unit, other.unit}
        return self.number == other.number and (len(units) == 1 or "" in units)


def amount(text: str, language: str, words: DateWords) -> Amount:
    """Read an amount, in the style of a language or as data (``1234.5``, ``1950-01-18``).

    Separators of thousands, all kinds of spaces, dashes and minus signs, "million" and the like,
    "per cent" and the plural of units make no difference; nor does the notation of a date.
    """
    plain = " ".join(text.split())
    plain = plain.replace("--", "–").replace("\N{MINUS SIGN}", "-")
    date = _date(plain, words)
    if date is not None:
        return Amount(date=date)
    if _MACHINE.fullmatch(plain):
        return Amount(Decimal(plain))
    found = _NUMBER.fullmatch(plain)
    number = found and _number(found["sign"] + found["digits"], language)
    if not found or number is None:
        return Amount(words=plain.casefold())
    after = (found["after"] or "").strip()
    scale, _, unit = after.partition(" ")
    if scale in _SCALES:
        number, after = number.scaleb(_SCALES[scale]), unit
    return Amount(number.normalize(), _unit(f"{found['before'].strip()} {after}".strip()))


def _number(text: str, language: str) -> Decimal | None:
    is_comma = language.split("-", maxsplit=1)[0].lower() in _COMMA_FOR_POINT
    point, separators = (",", " .’'") if is_comma else (".", " ,’'")
    whole, _, decimals = text.partition(point)
    for separator in separators:
        groups = whole.lstrip("+-").split(separator)
        if len(groups) > 1 and all(len(group) == 3 for group in groups[1:]):  # noqa: PLR2004
            whole = whole.replace(separator, "")
    digits = f"{whole}.{decimals}" if decimals else whole
    return Decimal(digits) if _MACHINE.fullmatch(digits) else None


def _unit(text: str) -> str:
    known = text.casefold()
    return _PERCENT.get(known, known.removesuffix("s"))


@cache
def _printed(months: tuple[str, ...]) -> re.Pattern[str]:
    """Give the pattern of a date as it is printed, its day before the month, behind it, or none."""
    month = "|".join(map(re.escape, months))
    return re.compile(
        rf"(?:(?P<day>\d\d?) )?(?P<month>{month})"
        r"(?(day)|(?: (?P<day_behind>\d\d?),)?) (?P<year>\d{4})"
    )


def _date(text: str, words: DateWords) -> tuple[Day, Day] | None:
    """Read a date: as data if it has a month, or as it is printed ("18 January 1950")."""
    written = text
    if found := _printed(tuple(words.months)).fullmatch(text):
        day = found["day"] or found["day_behind"]
        written = f"{found['year']}-{words.months.index(found['month']) + 1:02}"
        written += f"-{int(day):02}" if day else ""
    if not re.fullmatch(r"\d{4}-\d\d.*", written):
        return None
    try:
        known = dates.parse(written).known
    except DateError:
        return None
    return known.begins, known.ends
