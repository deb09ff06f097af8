"""Terms that mostly have capitals, and at some places none, or the other way round."""

from collections.abc import Iterator, Sequence

from octavo.checks.consistency.uses import RUNNING, Use, in_several_ways, mixed, words_of
from octavo.checks.finding import Finding
from octavo.checks.seen import Seen
from octavo.prose.passages import Passage

_MUCH_RARER = 5
"""How many times rarer the capitals, or their lack, must be than the other way."""


def in_two_ways(files: Sequence[Seen]) -> Iterator[Finding]:
    """Find terms of two words that have capitals, or none, where mostly it is the other way."""
    for one in mixed(in_several_ways(files, "capitals", uses), _MUCH_RARER):
        message = f'"{one.use.words}" stands here, and {one.count} times {one.common}'
        yield one.finding(message)


def uses(passages: Sequence[Passage]) -> Iterator[Use]:
    """Give pairs of words, behind another word of the same sentence, with capitals or without."""
    for passage in (one for one in passages if one.kind in RUNNING):
        text, words = passage.text, words_of(passage.text)
        for before, first, second in zip(words, words[1:], words[2:], strict=False):
            if text[before.end() : first.start()] == text[first.end() : second.start()] == " ":
                pair = f"{first[0]} {second[0]}"
                is_term = first[0].istitle() and second[0].istitle()
                if is_term or pair.islower():
                    way = "with capitals" if is_term else "without capitals"
                    yield Use(pair.casefold(), way, passage, first.start(), second.end())
