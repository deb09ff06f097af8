"""What is written in a way that could be another: the uses of a thing, and those that are rarer."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from octavo.checks import quotation
from octavo.checks.finding import Finding
from octavo.checks.seen import Seen
from octavo.prose.passages import Passage
from octavo.spelling import plain

_WORD = re.compile(r"[^\W\d_][\w\u0300-\u036f]*(?:[-\u2010\u2011'’][^\W\d_][\w\u0300-\u036f]*)*")

RUNNING = frozenset({"paragraph", "item", "note", "caption", "cell"})
"""Kinds of passages that are the running text: titles and lists have ways of their own."""


@dataclass(frozen=True)
class Use:
    """What is written in a ``way`` where it could be in another: all uses of a ``thing``."""

    thing: str
    way: str
    passage: Passage
    start: int
    end: int

    @property
    def words(self) -> str:
        """Give the words as they stand."""
        return self.passage.text[self.start : self.end]


@dataclass(frozen=True)
class Mixed:
    """A use in the rarer way, the commoner way, and how often the book has that."""

    use: Use
    common: str
    count: int

    @property
    def times(self) -> str:
        """Say how often the book has the commoner way."""
        return "once" if self.count == 1 else f"{self.count} times"

    def finding(self, message: str, hint: str = "") -> Finding:
        """Report it."""
        return Finding(self.use.passage, self.use.start, self.use.end, message, hint)


Find = Callable[[Sequence[Passage]], Iterable[Use]]
"""Gives the uses of one kind of thing."""


def in_several_ways(files: Sequence[Seen], kind: str, find: Find) -> Iterator[Use]:
    """Give the uses of those things that the files write in several ways; ``find`` gives all."""
    first: dict[str, str] = {}
    things = {
        thing
        for file in files
        for thing, way in file.ways[kind]
        if first.setdefault(thing, way) != way
    }
    for file in files:
        having = file.having(
            indices for (thing, _), indices in file.ways[kind].items() if thing in things
        )
        yield from (use for use in find(having) if use.thing in things)


def mixed(uses: Iterable[Use], times: int = 1) -> Iterator[Mixed]:
    """Give the uses in the ways that are ``times`` rarer than the commonest of their thing.

    Only the author's own count.  Of ways that are equally common, the first counts as the common
    one.
    """
    by_thing: dict[str, list[Use]] = defaultdict(list)
    for use in uses:
        by_thing[use.thing].append(use)
    own = Ownership()
    for met in by_thing.values():
        if len({use.way for use in met}) == 1:
            continue
        found = [use for use in met if own.holds(use.passage, use.start)]
        counts = Counter(use.way for use in found)
        common, count = counts.most_common(1)[0] if counts else ("", 0)
        for use in found:
            if use.way != common and counts[use.way] * times <= count:
                yield Mixed(use, common, count)


@dataclass(frozen=True)
class Ownership:
    """Tells what is the author's own; keeps what is quoted in the passages that were asked for."""

    _quoted: dict[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)

    def holds(self, passage: Passage, at: int) -> bool:
        """Tell whether a character is not quoted, and in the passage's language."""
        if passage.foreign and passage.language_at(at) != passage.language:
            return False
        if id(passage) not in self._quoted:
            self._quoted[id(passage)] = tuple(quotation.stretches(passage))
        return not any(start <= at < end for start, end in self._quoted[id(passage)])


@lru_cache(2**14)
def words_of(text: str) -> tuple[re.Match[str], ...]:
    """Give the words of a text, which several checks want."""
    return tuple(_WORD.finditer(text))


@lru_cache(2**15)
def key(words: str) -> str:
    """Give letters alone, without marks and case: "Điện Biên Phủ" and "Dien-bien-phu" are one."""
    return letters(plain(words))


@lru_cache(2**15)
def letters(words: str) -> str:
    """Give letters alone with their marks: "Dien-Bien-Phu" and "Dien Bien Phu" are one."""
    folded = words.casefold()
    return folded if folded.isalnum() else "".join(filter(str.isalnum, folded))


def has_marks(words: str) -> bool:
    """Tell whether there are letters with marks in words."""
    return plain(words) != words
