"""What the checks have seen in a file of the book."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from octavo.problems import Problem
from octavo.prose.passages import Passage

Way = tuple[str, str]
"""A thing that can be written in several ways, and one of them."""


@dataclass(frozen=True)
class Seen:
    """The passages of a file, and what is known of them without looking through them again.

    ``problems`` are those that no other file has to do with; ``ways`` are what the file writes, by
    the kind of thing; ``words`` count the passages with each word that a dictionary can tell.
    """

    passages: Sequence[Passage]
    problems: tuple[Problem, ...]
    ways: Mapping[str, frozenset[Way]]
    words: Counter[str]
