"""Which passage of today each published one has become, by what is left of its words.

A passage of the same id is the same.  Of the others, each published passage is compared with each
that is new, wherever in the book it stands, by the pairs of words that they share, rare ones
counting for more.  What is asked is not likeness but how much of the shorter one is in the other,
so that a passage is found again in the one that it was joined to, and in the pieces that it was
divided into; it leads to the first of these.  Passages that stand between the same neighbours as
before need less to be known again.  Nothing depends on chance, or on the order of a set.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from octavo.permalinks import words
from octavo.permalinks.ledger import Published
from octavo.permalinks.passages import Passage

LIKENESS = 0.3
"""How much of the shorter of two passages the other must have: above what strangers share."""

LIKENESS_IN_PLACE = 0.1
"""The same where a passage stands between the neighbours that the old one had."""

_EVIDENCE = 3
"""How many pairs of words must be shared, unless half of the old passage is found again."""

_RARE = 16
"""How many new passages may have a pair of words that singles out those worth comparing."""

_Gap = tuple[str, str, str, str]
"""The kind of a passage, its document, and the unchanged passages before and behind it."""


@dataclass(frozen=True)
class _Candidate:
    """A new passage that may be what an old one has become.

    ``shared`` is how many pairs of words both have, ``kept`` the part of the old passage's that is
    in the new one, ``taken`` the part of the new one's that is from the old: both weighed.
    """

    place: int
    shared: int
    kept: float
    taken: float

    @property
    def likeness(self) -> float:
        """Give how much of the shorter passage is in the other."""
        return max(self.kept, self.taken)

    @property
    def is_sound(self) -> bool:
        """Tell whether the words alone say that the new passage comes of the old one."""
        enough = self.shared >= _EVIDENCE or self.kept >= 0.5  # noqa: PLR2004 - half
        return enough and self.likeness >= LIKENESS


def successors(published: Sequence[Published], living: Sequence[Passage]) -> Mapping[str, str]:
    """Give the id of what each published passage has become; what has gone is left out.

    Sections are left out too, but for those whose id there still is.
    """
    ids = {passage.id for passage in living}
    known = {one.id for one in published}
    found = {one.id: one.id for one in published if one.id in ids}
    old = [one for one in published if one.id not in ids and one.kind != "section"]
    new = [passage for passage in living if passage.id not in known and passage.kind != "section"]
    if not old or not new:
        return found
    matched = _Comparison.of(old, new)
    places = _in_place(published, living, old, new)
    firsts = [matched.best(number) for number in range(len(old))]
    claims = _claims(matched)
    for number, one in enumerate(old):
        first, place = firsts[number], places.get(number)
        if first is not None:
            start = _first_piece(number, first, matched, claims, new)
            found[one.id] = new[start].id
        elif place is not None and _fits_in_place(one, matched.candidates[number].get(place)):
            found[one.id] = new[place].id
    return found


@dataclass(frozen=True)
class _Comparison:
    """The candidates of each old passage, by the new one's place."""

    candidates: Sequence[Mapping[int, _Candidate]]

    @classmethod
    def of(cls, old: Sequence[Published], new: Sequence[Passage]) -> "_Comparison":
        """Compare all old passages with all new ones."""
        scale = _Scale.of(old, new)
        return cls([{one.place: one for one in scale.weigh(passage)} for passage in old])

    def best(self, number: int) -> int | None:
        """Give the place of the passage that has most of an old one; None where none is sound."""
        sound = [one for one in self.candidates[number].values() if one.is_sound]
        if not sound:
            return None
        return min(sound, key=lambda one: (-one.kept, -one.taken, one.place)).place


@dataclass(frozen=True)
class _Scale:
    """What passages are compared by.

    ``pairs`` are the hashes of each new passage, ``homes`` the places of the new passages that
    have a hash, ``weights`` what a hash counts for; ``wholes`` what all of a new passage's count
    for at a level, once that has been asked.
    """

    pairs: Sequence[frozenset[int]]
    homes: Mapping[int, Sequence[int]]
    weights: Mapping[int, float]
    wholes: dict[tuple[int, int], float]

    @classmethod
    def of(cls, old: Sequence[Published], new: Sequence[Passage]) -> "_Scale":
        pairs = [words.pairs(passage.words) for passage in new]
        homes: dict[int, list[int]] = {}
        for place, hashes in enumerate(pairs):
            for value in hashes:
                homes.setdefault(value, []).append(place)
        uses = Counter(value for one in old for value in one.fingerprint.hashes)
        weights = {
            value: 1 / max(len(homes.get(value, ())), uses[value])
            for value in homes.keys() | uses.keys()
        }
        return cls(pairs, homes, weights, {})

    def weigh(self, one: Published) -> Iterator[_Candidate]:
        """Weigh an old passage against each new one that may come of it."""
        hashes, level = one.fingerprint.hashes, one.fingerprint.level
        whole = self._weight(hashes)
        for place in self._places(hashes):
            own = words.at_level(self.pairs[place], level)
            if (place, level) not in self.wholes:
                self.wholes[place, level] = self._weight(own)
            both = own & hashes
            shared = self._weight(both)
            yield _Candidate(place, len(both), shared / whole, shared / self.wholes[place, level])

    def _places(self, hashes: Iterable[int]) -> Sequence[int]:
        """Give the places of passages that share a rare hash, or any where an old one has none."""
        known = [self.homes.get(value, ()) for value in hashes]
        rare = [places for places in known if len(places) <= _RARE] or known
        return sorted({place for places in rare for place in places})

    def _weight(self, hashes: Iterable[int]) -> float:
        return sum(self.weights[value] for value in sorted(hashes))


def _claims(matched: _Comparison) -> Mapping[int, int]:
    """Give, by the place of a new passage, the old one that most of it is from."""
    claims: dict[int, tuple[float, int]] = {}
    for number, candidates in enumerate(matched.candidates):
        for place, one in candidates.items():
            if one.is_sound and one.taken > claims.get(place, (0.0, 0))[0]:
                claims[place] = (one.taken, number)
    return {place: number for place, (_, number) in claims.items()}


def _first_piece(
    number: int,
    place: int,
    matched: _Comparison,
    claims: Mapping[int, int],
    new: Sequence[Passage],
) -> int:
    """Go back from the largest piece of a divided passage to the first."""
    while (
        claims.get(place - 1) == number
        and new[place - 1].document == new[place].document
        and new[place - 1].kind == new[place].kind
    ):
        place -= 1
    return place


def _in_place(
    published: Sequence[Published],
    living: Sequence[Passage],
    old: Sequence[Published],
    new: Sequence[Passage],
) -> Mapping[int, int]:
    """Pair old and new passages, in order, where as many stand between the same two others."""
    stayed = {one.id for one in published} & {passage.id for passage in living}
    before, after = _gaps(published, stayed), _gaps(living, stayed)
    left: dict[_Gap, list[int]] = {}
    come: dict[_Gap, list[int]] = {}
    for number, one in enumerate(old):
        left.setdefault(before[one.id], []).append(number)
    for place, passage in enumerate(new):
        come.setdefault(after[passage.id], []).append(place)
    return {
        number: place
        for gap, numbers in left.items()
        if len(numbers) == len(come.get(gap, ()))
        for number, place in zip(numbers, come[gap], strict=True)
    }


def _gaps(passages: Sequence[Published | Passage], stayed: set[str]) -> Mapping[str, _Gap]:
    """Give the gap that each passage stands in."""
    before: dict[str, str] = {}
    behind: dict[str, str] = {}
    for found, ordered in ((before, passages), (behind, reversed(passages))):
        last = {"": ""}
        for one in ordered:
            found[one.id] = last.get(one.document, "")
            if one.id in stayed:
                last[one.document] = one.id
    return {one.id: (one.kind, one.document, before[one.id], behind[one.id]) for one in passages}


def _fits_in_place(one: Published, candidate: _Candidate | None) -> bool:
    """Tell whether the passage that stands in an old one's place is what became of it.

    A heading, or a caption, may be written anew: what it stands above, or below, has stayed.
    """
    if one.kind != "text":
        return True
    return candidate is not None and candidate.likeness >= LIKENESS_IN_PLACE
