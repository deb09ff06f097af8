"""Terms that mostly have capitals, and at some places none, or the other way round."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

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
    running = [(passage, _pairs(passage.text)) for passage in passages if passage.kind in RUNNING]
    terms = {pair.key for _, pairs in running for pair in pairs if pair.have_capitals}
    for passage, pairs in running:
        for pair in pairs:
            if pair.key in terms and (pair.have_capitals or pair.are_small):
                way = "with capitals" if pair.have_capitals else "without capitals"
                yield Use(pair.key, way, passage, pair.start, pair.end)


class _Pair(NamedTuple):
    """Two words side by side: their letters, their place, whether both have capitals, or none."""

    key: str
    start: int
    end: int
    have_capitals: bool
    are_small: bool


@lru_cache(2**14)
def _pairs(text: str) -> tuple[_Pair, ...]:
    """Give pairs of words behind another word of the same sentence."""
    words = words_of(text)
    return tuple(
        _Pair(
            f"{first[0]} {second[0]}".casefold(),
            first.start(),
            second.end(),
            first[0].istitle() and second[0].istitle(),
            (first[0] + second[0]).islower(),
        )
        for before, first, second in zip(words, words[1:], words[2:], strict=False)
        if text[before.end() : first.start()] == text[first.end() : second.start()] == " "
    )
