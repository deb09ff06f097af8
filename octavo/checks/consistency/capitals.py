"""Terms that mostly have capitals, and at some places none, or the other way round."""

import re
from collections.abc import Iterator, Sequence

from octavo.checks.consistency.uses import RUNNING, Use, mixed, words_of
from octavo.checks.finding import Finding
from octavo.prose.passages import Passage

_MUCH_RARER = 5
"""How many times rarer the capitals, or their lack, must be than the other way."""


def in_two_ways(passages: Sequence[Passage]) -> Iterator[Finding]:
    """Find terms of two words that have capitals, or none, where mostly it is the other way."""
    for one in mixed(_terms(passages), _MUCH_RARER):
        message = f'"{one.use.words}" stands here, and {one.count} times {one.common}'
        yield one.finding(message)


def _terms(passages: Sequence[Passage]) -> Iterator[Use]:
    """Give pairs of words that have capitals somewhere, but at the heads of sentences."""
    pairs = [(p, *pair) for p in passages if p.kind in RUNNING for pair in _pairs(p.text)]
    terms = {_pair_key(*pair) for _, *pair in pairs if _have_capitals(*pair)}
    for passage, first, second in pairs:
        key = _pair_key(first, second)
        if key in terms and (_have_capitals(first, second) or (first[0] + second[0]).islower()):
            way = "with capitals" if _have_capitals(first, second) else "without capitals"
            yield Use(key, way, passage, first.start(), second.end())


def _pairs(text: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Give pairs of words behind another word of the same sentence."""
    words = words_of(text)
    for before, first, second in zip(words, words[1:], words[2:], strict=False):
        if text[before.end() : first.start()] == text[first.end() : second.start()] == " ":
            yield first, second


def _pair_key(first: re.Match[str], second: re.Match[str]) -> str:
    return f"{first[0]} {second[0]}".casefold()


def _have_capitals(first: re.Match[str], second: re.Match[str]) -> bool:
    return first[0].istitle() and second[0].istitle()
