"""What the checks have seen in a file of the book."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from octavo.problems import Problem
from octavo.prose.passages import Passage

Way = tuple[str, str]
"""A thing that can be written in several ways, and one of them."""


@dataclass(frozen=True)
class Seen:
    """The passages of a file, and what is known of them without looking through them again.

    ``problems`` are those that no other file has to do with; ``ways`` are what the file writes, by
    the kind of thing, and ``words`` the words that a dictionary can tell; with each are the indices
    of the passages that have it.
    """

    passages: Sequence[Passage]
    problems: tuple[Problem, ...]
    ways: Mapping[str, Mapping[Way, Sequence[int]]]
    words: Mapping[str, Sequence[int]]

    def having(self, indices: Iterable[Sequence[int]]) -> Sequence[Passage]:
        """Give the passages that are at any of the indices, in order."""
        return [self.passages[index] for index in sorted(set(chain.from_iterable(indices)))]
