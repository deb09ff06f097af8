"""Dates and ranges of years: the day before the month or behind it, years in full or short."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, partial

from octavo.checks.consistency.uses import RUNNING, Use, in_several_ways, mixed
from octavo.checks.finding import Finding
from octavo.checks.seen import Seen
from octavo.prose.passages import Passage
from octavo.wording import wording

_ORDERS = {
    "day": "the day before the month",
    "month": "the month before the day",
    "ordinal": "an ordinal for the day",
}
_YEARS = re.compile(
    r"(?<![\w–-])(?P<first>(?P<century>1[4-9]|20)\d\d)(?:--?|–)"
    r"(?P<last>\d{2}|(?P=century)\d\d)(?![\w–-])"
)
_RANGES = {"long": "both years in full", "short": "the second year short"}


def in_two_ways(files: Sequence[Seen], language: str) -> Iterator[Finding]:
    """Find dates, and ranges of years, that are written otherwise than most."""
    ways = {**_ORDERS, **_RANGES}
    for one in mixed(in_several_ways(files, "dates", partial(uses, language=language))):
        others = f"{one.count} others have" if one.count > 1 else "another has"
        message = f'"{one.use.words}" has {ways[one.use.way]}; {others} {ways[one.common]}'
        yield one.finding(message)


def uses(passages: Sequence[Passage], language: str) -> Iterator[Use]:
    """Give dates, and ranges of years, as a language writes them."""
    yield from _orders(passages, language)
    yield from _year_ranges(passages)


@cache
def _date(language: str) -> re.Pattern[str]:
    months = "|".join(re.escape(month) for month in wording(language).dates.months)
    return re.compile(
        rf"(?<![\w.,-])(?P<day>\d{{1,2}}(?P<ordinal>st|nd|rd|th)? (?:{months}))(?!\w)"
        rf"|(?<!\w)(?P<month>(?:{months}) \d{{1,2}}(?:st|nd|rd|th)?)(?![\w-])"
    )


def _orders(passages: Sequence[Passage], language: str) -> Iterator[Use]:
    date = _date(language)
    for passage in passages:
        for found in date.finditer(passage.text) if passage.kind in RUNNING else ():
            way = "month" if found["month"] else "ordinal" if found["ordinal"] else "day"
            yield Use("date", way, passage, found.start(), found.end())


def _year_ranges(passages: Sequence[Passage]) -> Iterator[Use]:
    for passage in passages:
        for found in _YEARS.finditer(passage.text) if passage.kind in RUNNING else ():
            first, last = found["first"], found["last"]
            whole = first[: 4 - len(last)] + last
            if int(whole) > int(first):
                way = "short" if len(last) < len(first) else "long"
                yield Use("years", way, passage, found.start(), found.end())
