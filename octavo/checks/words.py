"""Checks of the book's words, and how one is written.

A check of words is a function that gives what it has found, each with the characters of its
passage.  One is given the passages of a file, and stands in ``CHECKS``, or in ``look`` if it has to
know more; another is given all files as they have been seen, and stands in ``octavo/checking.py``.
Its rule, with what it means, stands in ``octavo/rules.py``.  How bad it is, where it is silenced,
and its place in the source are not the check's business.
"""

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar

from octavo import store, tools
from octavo.checks import quotation, spelling, typography
from octavo.checks.consistency import capitals, dates, names, words
from octavo.checks.consistency.uses import Find
from octavo.checks.finding import Finding
from octavo.checks.seen import Seen, Way
from octavo.names import Name
from octavo.problems import Problem
from octavo.prose.book import Part
from octavo.prose.passages import Passage
from octavo.rules import RULES
from octavo.store import Store

Given = TypeVar("Given")
Thing = TypeVar("Thing", str, Way)

Check = Callable[[Sequence[Passage]], Iterable[Finding]]

CHECKS: Mapping[str, Check] = {
    "dashes-are-long-enough": typography.short_dashes,
    "note-call-is-close": typography.loose_calls,
    "quotation-marks-are-paired": quotation.unpaired,
    "quotes-are-typographic": typography.straight_quotes,
    "ranges-have-dashes": typography.hyphens_in_ranges,
    "spaces-are-single": typography.double_spaces,
    "words-are-not-repeated": typography.repeated_words,
}


def look(
    parts: Iterable[Part], language: str, listed: Sequence[Name], kept: Store | None
) -> Iterator[Seen]:
    """Look through the files of a book in ``language``, whose table of names is ``listed``.

    ``kept`` remembers the files.  They are given one by one.
    """
    known = tuple(name.model_dump_json() for name in listed)
    checks: dict[str, Check] = {
        **CHECKS,
        "names-are-written-in-one-way": partial(names.otherwise_than_listed, names=listed),
    }
    kinds: Mapping[str, Find] = {
        "capitals": capitals.uses,
        "dates": partial(dates.uses, language=language),
        "endings": words.endings,
        "names": names.uses,
        "words": words.uses,
    }

    def seen(passages: Sequence[Passage]) -> bytes:
        ways = {kind: _indexed(passages, partial(_ways, find)) for kind, find in kinds.items()}
        met = _indexed(passages, partial(spelling.met, language=language))
        return pickle.dumps((tuple(check(passages, checks)), ways, met))

    for part in parts:
        name = store.key(["seen", tools.named((), tools.OURS), part.name, language, *known])
        made = pickle.loads(store.once(kept, name, partial(seen, part.passages)))
        yield Seen(part.passages, *made)


def _ways(find: Find, passage: Passage) -> Iterable[Way]:
    return {(use.thing, use.way) for use in find([passage])}


def _indexed(
    passages: Sequence[Passage], what: Callable[[Passage], Iterable[Thing]]
) -> dict[Thing, tuple[int, ...]]:
    """Give what there is in passages, each with the indices of those that have it."""
    found: dict[Thing, list[int]] = {}
    for index, passage in enumerate(passages):
        for one in what(passage):
            found.setdefault(one, []).append(index)
    return {one: tuple(indices) for one, indices in found.items()}


def check(
    given: Given, checks: Mapping[str, Callable[[Given], Iterable[Finding]]]
) -> Iterator[Problem]:
    """Report what checks of words find in what they are given, each at its characters."""
    for rule, find in checks.items():
        for found in find(given):
            yield Problem(rule, found.message, found.span, found.hint, RULES[rule].severity)
