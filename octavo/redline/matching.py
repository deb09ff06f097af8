"""Two states of a book → which sections, notes and blocks of them belong together."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from octavo.book import Section
from octavo.markdown.tree import Element
from octavo.redline import items
from octavo.redline.alignment import Item, Step, align, equal_pairs, item, longest_chain, moved
from octavo.redline.homes import Home, NoteKey, Side
from octavo.redline.tokens import Token
from octavo.redline.words import compare

SKIPPED = frozenset({"half-title", "title", "contents", "tables", "figures", "names", "index"})
"""Kinds of sections that are made of others: what changes in them follows from those."""


@dataclass(frozen=True)
class Pair:
    """A section as it was and as it is; None where it was not there yet, or is no more.

    ``steps`` say what became of its blocks.  ``is_moved``: it stands in another order now.
    """

    old: Home | None
    new: Home | None
    steps: tuple[Step, ...]
    is_moved: bool = False

    @property
    def blocks(self) -> tuple[Sequence[Element], Sequence[Element]]:
        """Give the blocks of both sides, as ``steps`` number them."""
        return _blocks(self.old), _blocks(self.new)


@dataclass(frozen=True)
class Place:
    """A block: the number of its pair of sections, and its own number on its side."""

    pair: int
    block: int


@dataclass(frozen=True)
class Matched:
    """Two states of a book, and all pairs of their sections, in the order of the merged book.

    ``moves`` gives by the new place of a block that was moved its old one.
    """

    old: Side
    new: Side
    pairs: tuple[Pair, ...]
    moves: Mapping[Place, Place]


def match(old: Side, new: Side) -> Matched:
    """Match two states of a book: sections, their blocks, the notes of blocks that match."""
    pairs = []
    things: list[tuple[list[Item], list[Item]]] = []
    for was, now, is_moved in _section_pairs(old.book.sections, new.book.sections):
        before, after = Home(old, was) if was else None, Home(new, now) if now else None
        pair = Pair(before, after, (), is_moved)
        olds, news = pair.blocks
        found = (
            [items.of(block, before) for block in olds] if before else [],
            [items.of(block, after) for block in news] if after else [],
        )
        things.append(found)
        pairs.append(replace(pair, steps=align(*found)))
    moves = _moves(pairs, things)
    numbers = _note_numbers(pairs, moves)
    return Matched(old, new, tuple(_with_notes(pair, numbers) for pair in pairs), moves)


def _blocks(home: Home | None) -> Sequence[Element]:
    return () if home is None or home.section.kind in SKIPPED else tuple(home.section.body)


_Words = list[tuple[Element, Home]]
"""Blocks of one side, with their homes."""


_Numbers = tuple[dict[NoteKey, int], dict[NoteKey, int]]
"""The numbers of the old notes and of the new ones: those of a pair have the same."""


def _with_notes(pair: Pair, numbers: _Numbers) -> Pair:
    return replace(
        pair,
        old=pair.old and replace(pair.old, pairs=numbers[0]),
        new=pair.new and replace(pair.new, pairs=numbers[1]),
    )


def _note_numbers(pairs: Sequence[Pair], moves: Mapping[Place, Place]) -> _Numbers:
    """Number the notes of both sides; notes belong together only in blocks that do.

    There those do that say the same; of the others those that are called at the same place.
    """
    numbers: _Numbers = ({}, {})
    for was, now in _matched_blocks(pairs, moves):
        olds, news = list(_notes(was)), list(_notes(now))
        same = equal_pairs([key for _, key in olds], [key for _, key in news])
        for i, j in same:
            _enter(numbers, [olds[i][0]], [news[j][0]])
        left = [olds[i][0] for i in range(len(olds)) if i not in {i for i, _ in same}]
        come = [news[j][0] for j in range(len(news)) if j not in {j for _, j in same}]
        for old, new in _called_alike(was, now, numbers, left, come) if left and come else ():
            _enter(numbers, [old], [new])
            left.remove(old)
            come.remove(new)
        for old in left:
            _enter(numbers, [old], [])
        for new in come:
            _enter(numbers, [], [new])
    return numbers


def _enter(numbers: _Numbers, old: Iterable[NoteKey], new: Iterable[NoteKey]) -> None:
    number = len(numbers[0]) + len(numbers[1])
    numbers[0].update(dict.fromkeys(old, number))
    numbers[1].update(dict.fromkeys(new, number))


_UNKNOWN = -1
"""The number of notes of which it is not known yet where they belong."""


def _called_alike(
    was: _Words,
    now: _Words,
    numbers: _Numbers,
    left: Sequence[NoteKey],
    come: Sequence[NoteKey],
) -> list[tuple[NoteKey, NoteKey]]:
    """Pair the notes ``left`` and ``come`` whose calls stand at the same place of the words."""
    before, olds = _words(was, {**numbers[0], **dict.fromkeys(left, _UNKNOWN)})
    after, news = _words(now, {**numbers[1], **dict.fromkeys(come, _UNKNOWN)})
    return [
        (olds[piece.was], news[piece.token])
        for piece in compare(before, after)
        if piece.was is not None and olds.get(piece.was) in left and news.get(piece.token) in come
    ]


def _words(
    blocks: _Words, numbers: Mapping[NoteKey, int]
) -> tuple[list[Token], Mapping[Token, NoteKey]]:
    """Give the words of blocks, the notes called in them numbered, and which call is whose."""
    found: list[Token] = []
    calls: dict[Token, NoteKey] = {}
    for block, home in blocks:
        for token in items.tokens(block, replace(home, pairs=numbers)):
            note = home.note(token.element) if token.kind == "atom" else None
            if note is not None:
                calls[token] = (home.section.id, note.number)
            found.append(token)
    return found, calls


def _matched_blocks(
    pairs: Sequence[Pair], moves: Mapping[Place, Place]
) -> Iterator[tuple[_Words, _Words]]:
    """Give what belongs together: titles, the blocks of steps, what has been moved."""
    for number, pair in enumerate(pairs):
        if pair.new is None:
            continue
        if pair.old is not None:
            yield [(pair.old.section.title, pair.old)], [(pair.new.section.title, pair.new)]
        olds, news = pair.blocks
        for step in (step for step in pair.steps if step.new):
            now = [(news[j], pair.new) for j in step.new]
            if step.old and pair.old is not None:
                yield [(olds[i], pair.old) for i in step.old], now
            elif start := moves.get(Place(number, step.new[0])):
                home = pairs[start.pair].old
                assert home is not None, "a block that was moved had a home"
                yield [(pairs[start.pair].blocks[0][start.block], home)], now


def _notes(blocks: _Words) -> Iterator[tuple[NoteKey, Hashable]]:
    """Give the notes called in blocks, and what each says."""
    for block, home in blocks:
        for token in items.tokens(block, home):
            note = home.note(token.element) if token.kind == "atom" else None
            if note is not None:
                yield (home.section.id, note.number), items.note_key(note, home)


def _section_pairs(
    old: Sequence[Section], new: Sequence[Section]
) -> Iterator[tuple[Section | None, Section | None, bool]]:
    """Pair sections: by their files' names, their ids, or by what stands in them.

    Sections that are no more come behind the one that they stood behind.
    """
    found = _named_pairs(old, new)
    numbers = sorted((j, i) for i, j in found.items())
    in_order = {i for _, i in longest_chain(numbers)}
    by_new = {j: i for i, j in found.items()}
    behind: dict[int, list[int]] = {}
    last = -1
    for i, section in enumerate(old):
        if i in found:
            last = found[i]
        elif len(section.body) and section.kind not in SKIPPED:
            behind.setdefault(last, []).append(i)
    yield from ((old[i], None, False) for i in behind.get(-1, ()))
    for j, section in enumerate(new):
        was = by_new.get(j)
        yield (None if was is None else old[was]), section, was is not None and was not in in_order
        yield from ((old[i], None, False) for i in behind.get(j, ()))


def _named_pairs(old: Sequence[Section], new: Sequence[Section]) -> dict[int, int]:
    """Give the pairs of sections: old index → new index."""
    found: dict[int, int] = {}
    for name in ("name", "id"):
        places = {(getattr(section, name), section.kind): j for j, section in enumerate(new)}
        for i, section in enumerate(old):
            j = places.get((getattr(section, name), section.kind))
            if i not in found and j is not None and j not in found.values():
                found[i] = j
    olds, news = [_whole(section) for section in old], [_whole(section) for section in new]
    gone = [i for i in range(len(old)) if i not in found]
    come = [j for j in range(len(new)) if j not in found.values()]
    return found | {i: j for j, i in moved(olds, news, gone, come).items()}


def _whole(section: Section) -> Item:
    return item(section.kind, section.id, "".join(section.body.itertext()).split())


def _moves(
    pairs: Sequence[Pair], things: Sequence[tuple[list[Item], list[Item]]]
) -> Mapping[Place, Place]:
    """Find among what has gone and what has come, in the whole book, what was moved."""
    gone: list[tuple[Place, Item]] = []
    come: list[tuple[Place, Item]] = []
    for number, (pair, (olds, news)) in enumerate(zip(pairs, things, strict=True)):
        for step in pair.steps:
            if not step.new:
                gone += ((Place(number, i), olds[i]) for i in step.old)
            elif not step.old:
                come += ((Place(number, j), news[j]) for j in step.new)
    old_items, new_items = [thing for _, thing in gone], [thing for _, thing in come]
    found = moved(old_items, new_items, range(len(gone)), range(len(come)))
    return {come[j][0]: gone[i][0] for j, i in found.items()}
