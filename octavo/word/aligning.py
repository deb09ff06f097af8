"""What came back from Word beside what was sent: which piece is which token, what is new.

Where all changes were tracked, the text without them is the text that was sent, and nothing has to
be guessed.  What was changed without tracking is found by comparing, paragraphs first, then words.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from octavo.word.outline import Para, Token
from octavo.word.pieces import Anchor, Change, Paragraph, Piece

_ALIKE = 0.4
"""How alike two paragraphs must be (difflib's ratio) for one to have come of the other."""

_MOST_PAIRS = 4_000
_WORD = re.compile(r"\w+|\s+|.", re.S)


@dataclass(frozen=True)
class Break:
    """The end of a paragraph that was put in: what is behind it is a paragraph ``of``."""

    change: Change | None
    of: Paragraph


State = Literal["kept", "deleted", "inserted", "divided"]


@dataclass(frozen=True)
class Entry:
    """A token with its piece, or one of them alone; or the place where a paragraph was divided."""

    state: State
    token: Token | None = None
    piece: Piece | None = None
    of: Paragraph | None = None


@dataclass(frozen=True)
class Group:
    """What was one paragraph when it was sent: the pieces of one or, if it was divided, of several.

    ``ended`` is what happened to its end; ``anchors`` count in ``items``.
    """

    items: tuple[Piece | Break, ...]
    first: Paragraph
    last: Paragraph
    ended: Change | None
    anchors: tuple[Anchor, ...]

    @property
    def keys(self) -> str:
        """Give the keys of what stood here before the tracked changes."""
        return "".join(
            item.key
            for item in self.items
            if isinstance(item, Piece) and (item.change is None or item.change.kind == "deletion")
        )

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing stands here, and nothing stood."""
        return not any(isinstance(item, Piece) for item in self.items)


@dataclass(frozen=True)
class Aligned:
    """A paragraph that was sent with what has become of it; None on a side that has none."""

    para: Para | None
    group: Group | None
    entries: tuple[Entry, ...] = ()
    anchors: tuple[Anchor, ...] = ()


def groups(paragraphs: Sequence[Paragraph]) -> Iterator[Group]:
    """Join paragraphs at the ends that were put in between them."""
    items: list[Piece | Break] = []
    anchors: list[Anchor] = []
    first: Paragraph | None = None
    for index, paragraph in enumerate(paragraphs):
        first = first or paragraph
        shift = len(items)
        anchors += [
            Anchor(one.comment, one.start + shift, one.end + shift) for one in paragraph.anchors
        ]
        items += list(paragraph.pieces)
        following = paragraphs[index + 1] if index + 1 < len(paragraphs) else None
        mark = paragraph.mark
        if (
            mark is not None and mark.kind in {"insertion", "undone"}
            and following is not None and following.cell == paragraph.cell
        ):  # fmt: skip
            items.append(Break(mark, following))
            continue
        yield Group(tuple(items), first, paragraph, mark, tuple(anchors))
        items, anchors, first = [], [], None


def align(paras: Sequence[Para], paragraphs: Sequence[Paragraph]) -> list[Aligned]:
    """Pair the paragraphs that were sent with those that came back, in their order."""
    found = [one for one in groups(paragraphs) if not one.is_empty or one.first.cell is not None]
    filled = list(paras)
    pairs: list[tuple[Para | None, Group | None]] = []
    matcher = difflib.SequenceMatcher(
        None, [_key(p.keys, p.leaf.role == "cell") for p in filled],
        [_key(g.keys, g.first.cell is not None) for g in found], autojunk=False,
    )  # fmt: skip
    for code, a, b, c, d in matcher.get_opcodes():
        if code == "equal":
            pairs += zip(filled[a:b], found[c:d], strict=True)
        else:
            pairs += _paired(filled[a:b], found[c:d])
    return [_aligned(para, group) for para, group in pairs]


def _key(keys: str, is_cell: bool) -> str:
    return f"{keys}\n" if is_cell else keys


def _paired(
    paras: Sequence[Para], found: Sequence[Group]
) -> Iterator[tuple[Para | None, Group | None]]:
    """Pair those that are alike, each only once and none across another (a longest path)."""
    if (
        len(paras) == len(found) == 1
        and paras[0].leaf.role != "cell"
        and found[0].first.cell is None
    ):
        yield paras[0], found[0]
        return
    if len(paras) * len(found) > _MOST_PAIRS:
        likeness = {
            (i, i): _likeness(paras[i], found[i]) for i in range(min(len(paras), len(found)))
        }
    else:
        likeness = {
            (i, j): _likeness(para, group)
            for i, para in enumerate(paras)
            for j, group in enumerate(found)
        }
    best = [[0.0] * (len(found) + 1) for _ in range(len(paras) + 1)]
    for i in reversed(range(len(paras))):
        for j in reversed(range(len(found))):
            alike = likeness.get((i, j), 0.0)
            paired = best[i + 1][j + 1] + alike if alike >= _ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(paras) and j < len(found):
        alike = likeness.get((i, j), 0.0)
        if alike >= _ALIKE and best[i][j] == best[i + 1][j + 1] + alike:
            yield paras[i], found[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield paras[i], None
            i += 1
        else:
            yield None, found[j]
            j += 1
    yield from ((para, None) for para in paras[i:])
    yield from ((None, group) for group in found[j:])


def _likeness(para: Para, group: Group) -> float:
    if (para.leaf.role == "cell") != (group.first.cell is not None):
        return 0.0
    role = group.first.role
    level = {"title": 1, "heading": para.leaf.level}.get(para.leaf.role)
    if role.name == "heading" and level == role.level:
        return max(_ALIKE, difflib.SequenceMatcher(None, para.keys, group.keys).ratio())
    matcher = difflib.SequenceMatcher(None, para.keys, group.keys, autojunk=False)
    if max(matcher.real_quick_ratio(), 0.0) < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return 0.0
    return difflib.SequenceMatcher(
        None, _WORD.findall(para.keys), _WORD.findall(group.keys), autojunk=False
    ).ratio()


def _aligned(para: Para | None, group: Group | None) -> Aligned:
    if para is None or group is None:
        return Aligned(para, group)
    before = [
        index
        for index, item in enumerate(group.items)
        if isinstance(item, Piece) and (item.change is None or item.change.kind == "deletion")
    ]
    tokens = _tokens_of(para, [group.items[index] for index in before])  # type: ignore[misc]
    token_of = dict(zip(before, tokens, strict=True))
    entries: list[Entry] = []
    places: list[int] = []
    passed = 0
    for index, item in enumerate(group.items):
        places.append(len(entries))
        if isinstance(item, Break):
            entries.append(Entry("divided", of=item.of))
            continue
        at = token_of.get(index)
        if at is not None:
            entries += [Entry("deleted", token) for token in para.tokens[passed:at]]
            places[-1] = len(entries)
            passed = at + 1
            state: State = "deleted" if item.change is not None else "kept"
            entries.append(Entry(state, para.tokens[at], item))
        elif item.change is None or item.change.kind == "insertion":
            entries.append(Entry("inserted", None, item))
    places.append(len(entries))
    entries += [Entry("deleted", token) for token in para.tokens[passed:]]
    anchors = tuple(
        Anchor(one.comment, places[one.start], places[one.end]) for one in group.anchors
    )
    return Aligned(para, group, tuple(entries), anchors)


def _tokens_of(para: Para, pieces: Sequence[Piece]) -> list[int | None]:
    """Give the index of the token that each piece is, None where it is none of them."""
    if para.keys == "".join(piece.key for piece in pieces):
        return list(range(len(pieces)))
    sent = _WORD.findall(para.keys)
    come = _WORD.findall("".join(piece.key for piece in pieces))
    out: list[int | None] = [None] * len(pieces)
    matcher = difflib.SequenceMatcher(None, sent, come, autojunk=False)
    for block in matcher.get_matching_blocks():
        first = sum(len(word) for word in sent[: block.a])
        other = sum(len(word) for word in come[: block.b])
        for step in range(sum(len(word) for word in sent[block.a : block.a + block.size])):
            out[other + step] = first + step
    return out
