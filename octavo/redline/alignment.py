"""Two sequences of things that have words → which of them belong together.

Candidates are things of the same key, where that is there once on either side, and of the others
those that are like enough.  Of all chains of candidates that keep the order the heaviest is taken,
so that as little as can be has changed.  Last, a paragraph whose neighbour has been paired may be
the rest of that pair: it was divided, or joined.  What crosses the order has been moved, and is
looked for among all that is left over.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

LIKENESS = 0.35
"""How like two things in the same place are if one has become the other (0 to 1)."""

LIKENESS_ALONE = 0.15
"""The same where nothing else stands in that place."""

LIKENESS_FAR = 0.6
"""The same for things that have been moved."""

LEAST_MOVED = 8
"""How many words a thing has at least that is known again elsewhere; fewer are met by chance."""

_REST = 0.5
"""How much of a paragraph must be found in what another has over, for it to be that one's rest."""

_RARE = 12
"""How many things may have a pair of words that singles out those worth comparing."""

_Word = tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """A thing to be paired: what it is, its key, its words.

    Only things of one ``kind`` are paired.  ``bag`` holds words and pairs of neighbouring words,
    each with the number of its occurrence; ``label`` is what alone makes two things alike: the
    first cell of a row.  ``is_divisible`` tells whether a part of it can be a thing of its own,
    ``is_lone`` whether two belong together where each is the only one of its kind in its place.
    """

    kind: str
    key: Hashable
    bag: frozenset[tuple[_Word, int]]
    size: int
    label: str = ""
    is_divisible: bool = False
    is_lone: bool = False


def item(
    kind: str,
    key: Hashable,
    words: Sequence[str],
    label: str = "",
    *,
    is_divisible: bool = False,
    is_lone: bool = False,
) -> Item:
    """Make an item of words."""
    counts: Counter[_Word] = Counter()
    bag = set()
    for word in [*((word,) for word in words), *pairwise(words)]:
        bag.add((word, counts[word]))
        counts[word] += 1
    return Item(kind, (kind, key), frozenset(bag), len(words), label, is_divisible, is_lone)


@dataclass(frozen=True)
class Step:
    """What became of what: the indices of old things and of the new ones in their place."""

    old: tuple[int, ...]
    new: tuple[int, ...]


def align(old: Sequence[Item], new: Sequence[Item]) -> tuple[Step, ...]:
    """Give the steps from old to new; what has gone stands before what has come."""
    pairs = list(_in_order(old, new))
    groups = _with_rests(pairs, old, new)
    steps: list[Step] = []
    at = [0, 0]
    for group in [*groups, Step((len(old),), (len(new),))]:
        steps += (Step((i,), ()) for i in range(at[0], group.old[0]))
        steps += (Step((), (j,)) for j in range(at[1], group.new[0]))
        steps.append(group)
        at = [group.old[-1] + 1, group.new[-1] + 1]
    return tuple(steps[:-1])


def moved(
    old: Sequence[Item], new: Sequence[Item], gone: Iterable[int], come: Iterable[int]
) -> dict[int, int]:
    """Give the moves among what has ``gone`` and what has ``come``: new index → old index."""
    olds = [i for i in gone if old[i].size >= LEAST_MOVED]
    news = [j for j in come if new[j].size >= LEAST_MOVED]
    found = sorted(
        (-likeness, i, j) for likeness, i, j in _candidates(old, new, olds, news, LIKENESS_FAR)
    )
    moves: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in found:
        if i not in taken and j not in moves:
            taken.add(i)
            moves[j] = i
    return moves


def likeness(one: Item, other: Item) -> float:
    """Tell how much of two things is alike, from 0 to 1 (Dice's coefficient)."""
    if one.kind != other.kind:
        return 0.0
    if one.label and one.label == other.label:
        return 1.0
    whole = len(one.bag) + len(other.bag)
    return 2 * len(one.bag & other.bag) / whole if whole else 0.0


def _in_order(old: Sequence[Item], new: Sequence[Item]) -> Iterator[tuple[int, int]]:
    """Give the pairs that keep the order: of all chains of candidates the heaviest, and the rest.

    A candidate weighs as much as the two have in common, so that what is long holds its place.
    """
    candidates = sorted(_same(old, new))
    olds, news = ({pair[side] for pair in candidates} for side in (0, 1))
    others = _candidates(
        old,
        new,
        [i for i in range(len(old)) if i not in olds],
        [j for j in range(len(new)) if j not in news],
        LIKENESS,
    )
    weighed = [(i, j, 1.0 + old[i].size) for i, j in candidates]
    weighed += [(i, j, found * (1.0 + old[i].size)) for found, i, j in others]
    start = (0, 0)
    for i, j in [*_heaviest_chain(sorted(weighed), len(new)), (len(old), len(new))]:
        yield from _between(old, new, range(start[0], i), range(start[1], j))
        if i < len(old):
            yield i, j
        start = (i + 1, j + 1)


def _same(old: Sequence[Item], new: Sequence[Item]) -> Iterator[tuple[int, int]]:
    """Pair what has a key that is there once on each side."""
    counts, new_counts = Counter(one.key for one in old), Counter(one.key for one in new)
    places = {one.key: j for j, one in enumerate(new) if new_counts[one.key] == 1}
    for i, one in enumerate(old):
        if counts[one.key] == 1 and one.key in places:
            yield i, places[one.key]


def _between(
    old: Sequence[Item], new: Sequence[Item], olds: range, news: range
) -> Iterator[tuple[int, int]]:
    """Pair what stands between two pairs: what is the same, and things that are alone there."""
    start = (olds.start, news.start)
    same = equal_pairs([old[i].key for i in olds], [new[j].key for j in news])
    ends = [(olds.start + i, news.start + j) for i, j in same]
    for i, j in [*ends, (olds.stop, news.stop)]:
        yield from _lone(old, new, range(start[0], i), range(start[1], j))
        if i < olds.stop:
            yield i, j
        start = (i + 1, j + 1)


def equal_pairs(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Pair equal keys in order, those that are there once first."""
    found: list[tuple[int, int]] = []
    parts = [(0, len(old), 0, len(new))]
    while parts:
        start, end, new_start, new_end = parts.pop()
        while start < end and new_start < new_end and old[start] == new[new_start]:
            found.append((start, new_start))
            start, new_start = start + 1, new_start + 1
        while start < end and new_start < new_end and old[end - 1] == new[new_end - 1]:
            end, new_end = end - 1, new_end - 1
            found.append((end, new_end))
        if start == end or new_start == new_end:
            continue
        anchors = _unique_chain(old, new, (start, end), (new_start, new_end))
        if anchors:
            found += anchors
            ends = [*anchors, (end, new_end)]
            starts = [(start, new_start), *((i + 1, j + 1) for i, j in anchors)]
            parts += [(a, c, b, d) for (a, b), (c, d) in zip(starts, ends, strict=True)]
        else:
            inner = SequenceMatcher(None, old[start:end], new[new_start:new_end], autojunk=False)
            for i, j, size in inner.get_matching_blocks():
                found += ((start + i + k, new_start + j + k) for k in range(size))
    return sorted(found)


def _unique_chain(
    old: Sequence[Hashable], new: Sequence[Hashable], olds: tuple[int, int], news: tuple[int, int]
) -> list[tuple[int, int]]:
    """Give the longest chain, in order on both sides, of keys that are there once on each."""
    counts, new_counts = Counter(old[slice(*olds)]), Counter(new[slice(*news)])
    places = {new[j]: j for j in range(*news) if new_counts[new[j]] == 1}
    pairs = [(i, places[old[i]]) for i in range(*olds) if counts[old[i]] == 1 and old[i] in places]
    return longest_chain(pairs)


def longest_chain(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the longest part of pairs, sorted by their first, whose second ones rise too."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, j) in enumerate(pairs):
        at = bisect_left(ends, j)
        before.append(last[at - 1] if at else -1)
        ends[at : at + 1] = [j]
        last[at : at + 1] = [number]
    chain = []
    number = last[-1] if last else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


def _heaviest_chain(
    candidates: Sequence[tuple[int, int, float]], width: int
) -> list[tuple[int, int]]:
    """Give the heaviest part of sorted candidates whose numbers rise on both sides.

    ``width`` is above all second numbers; a tree of maxima (Fenwick's) keeps the best chains.
    """
    best: list[tuple[float, int]] = [(0.0, -1)] * (width + 1)
    before: list[int] = []
    waiting: list[tuple[int, tuple[float, int]]] = []
    row = -1
    for number, (i, j, weight) in enumerate(candidates):
        if i != row:
            for at, chain in waiting:
                _raise(best, at, chain)
            waiting, row = [], i
        found = _highest(best, j)
        before.append(found[1])
        waiting.append((j, (found[0] + weight, number)))
    for at, chain in waiting:
        _raise(best, at, chain)
    number = _highest(best, width)[1]
    pairs = []
    while number >= 0:
        pairs.append(candidates[number][:2])
        number = before[number]
    return pairs[::-1]


def _highest(tree: Sequence[tuple[float, int]], end: int) -> tuple[float, int]:
    """Give the heaviest chain that ends before a place."""
    found = (0.0, -1)
    while end > 0:
        found = max(found, tree[end])
        end -= end & -end
    return found


def _raise(tree: list[tuple[float, int]], place: int, chain: tuple[float, int]) -> None:
    """Enter a chain that ends at a place."""
    at = place + 1
    while at < len(tree):
        tree[at] = max(tree[at], chain)
        at += at & -at


def _lone(
    old: Sequence[Item], new: Sequence[Item], olds: Sequence[int], news: Sequence[int]
) -> list[tuple[int, int]]:
    """Pair things that are each the only one of their kind in a place, such as a heading."""
    left = [i for i in olds if old[i].is_lone] or list(olds)
    come = [j for j in news if new[j].is_lone] or list(news)
    if len(left) != 1 or len(come) != 1 or old[left[0]].kind != new[come[0]].kind:
        return []
    one, other = old[left[0]], new[come[0]]
    is_pair = one.is_lone or likeness(one, other) >= LIKENESS_ALONE
    return [(left[0], come[0])] if is_pair else []


def _candidates(
    old: Sequence[Item],
    new: Sequence[Item],
    olds: Sequence[int],
    news: Sequence[int],
    least: float,
) -> Iterator[tuple[float, int, int]]:
    """Give the pairs that are like enough, with their likeness."""
    for i, j in _worth_comparing(old, new, olds, news):
        found = likeness(old[i], new[j])
        if found >= least:
            yield found, i, j


_FEW = 40_000
"""How many pairs are compared without looking which are worth it."""


def _worth_comparing(
    old: Sequence[Item], new: Sequence[Item], olds: Sequence[int], news: Sequence[int]
) -> Iterable[tuple[int, int]]:
    """Give the pairs that share a rare word or pair of words; all where there are few."""
    if len(olds) * len(news) <= _FEW:
        return [(i, j) for i in olds for j in news]
    homes: Mapping[tuple[_Word, int], list[int]] = defaultdict(list)
    for j in news:
        for word in new[j].bag:
            homes[word].append(j)
    return sorted({
        (i, j)
        for i in olds
        for word in old[i].bag
        if len(homes.get(word, ())) <= _RARE
        for j in homes.get(word, ())
    })  # fmt: skip


def _with_rests(
    pairs: Sequence[tuple[int, int]], old: Sequence[Item], new: Sequence[Item]
) -> list[Step]:
    """Give the pairs as steps, each with the neighbours that are the rest of one of the two."""
    by_old, by_new = dict(pairs), {j: i for i, j in pairs}
    steps = []
    for i, j in pairs:
        if old[i].key == new[j].key or not old[i].is_divisible:
            steps.append(Step((i,), (j,)))
            continue
        news = _pieces(old[i], j, new, by_new)
        olds = _pieces(new[j], i, old, by_old) if len(news) == 1 else (i,)
        steps.append(Step(olds, news))
        by_new.update(dict.fromkeys(news, i))
        by_old.update(dict.fromkeys(olds, j))
    return steps


def _pieces(
    whole: Item, at: int, others: Sequence[Item], taken: Mapping[int, int]
) -> tuple[int, ...]:
    """Give ``at`` and its neighbours, none of which is taken, that are pieces of a whole."""
    over = whole.bag - others[at].bag
    found = [at]
    for step in (-1, 1):
        place = at + step
        while (
            0 <= place < len(others) and place not in taken and _is_rest(others[place], whole, over)
        ):
            over -= others[place].bag
            found.append(place)
            place += step
    return tuple(sorted(found))


def _is_rest(one: Item, whole: Item, over: frozenset[tuple[_Word, int]]) -> bool:
    bare_over = {word for word, _ in over}
    bare = [word for word, _ in one.bag]
    return (
        one.is_divisible
        and one.kind == whole.kind
        and one.size >= LEAST_MOVED
        and sum(word in bare_over for word in bare) >= _REST * len(bare)
    )
