"""Marks that were found for a file as it was sent, put into the file as it stands today.

Where the file has not changed since, they go to their places.  Where it has, a mark goes in if all
that it touches is still there, in one piece; else it is in conflict, and an editor has to decide.
"""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from octavo.word.signs import Mark, Sign, with_signs

_PIECE = re.compile(r"\w+|\s|[^\w\s]")


@dataclass(frozen=True)
class Merged:
    """A file with marks: its text, how many it had already, those in conflict with their place."""

    text: str
    there: int
    conflicts: tuple[tuple[Mark, int], ...]


def merge(sent: str, today: str, marks: Sequence[Mark]) -> Merged:
    """Put marks, whose places are those in ``sent``, into ``today``."""
    blocks = _blocks(sent, today)
    signs: list[Sign] = []
    there = 0
    conflicts: list[tuple[Mark, int]] = []
    for mark in marks:
        moved = _moved(mark, blocks)
        if moved is None:
            conflicts.append((mark, _nearest(mark.signs[0].at, blocks)))
        elif sent != today and all(_stands(today, sign) for sign in moved):
            there += 1
        else:
            signs += moved
    return Merged(with_signs(today, signs), there, tuple(conflicts))


def _blocks(sent: str, today: str) -> list[tuple[int, int, int]]:
    """Give what both texts have in common: the place in each, and the length."""
    if sent == today:
        return [(0, 0, len(sent))]
    out: list[tuple[int, int, int]] = []
    a, b = sent.splitlines(keepends=True), today.splitlines(keepends=True)
    starts_a, starts_b = _starts(a), _starts(b)
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    for code, i, j, k, m in matcher.get_opcodes():
        if code == "equal":
            out.append((starts_a[i], starts_b[k], starts_a[j] - starts_a[i]))
        else:
            out += _within("".join(a[i:j]), "".join(b[k:m]), starts_a[i], starts_b[k])
    return _joined(out)


def _within(one: str, other: str, at: int, there: int) -> list[tuple[int, int, int]]:
    a, b = _PIECE.findall(one), _PIECE.findall(other)
    starts_a, starts_b = _starts(a), _starts(b)
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    return [
        (at + starts_a[i], there + starts_b[j], starts_a[i + size] - starts_a[i])
        for i, j, size in matcher.get_matching_blocks()
        if size
    ]


def _joined(blocks: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    out: list[tuple[int, int, int]] = []
    for a, b, size in blocks:
        if out and out[-1][0] + out[-1][2] == a and out[-1][1] + out[-1][2] == b:
            out[-1] = (out[-1][0], out[-1][1], out[-1][2] + size)
        else:
            out.append((a, b, size))
    return out


def _starts(pieces: Sequence[str]) -> list[int]:
    starts = [0]
    for piece in pieces:
        starts.append(starts[-1] + len(piece))
    return starts


def _moved(mark: Mark, blocks: Sequence[tuple[int, int, int]]) -> list[Sign] | None:
    """Give a mark's signs at their places today, if all that they enclose is in one block."""
    low = mark.signs[0].at
    high = mark.signs[-1].at + mark.signs[-1].length
    for a, b, size in blocks:
        if a <= low and high <= a + size:
            return [replace(sign, at=sign.at + b - a) for sign in mark.signs]
    return None


def _nearest(at: int, blocks: Sequence[tuple[int, int, int]]) -> int:
    before = [(a, b, size) for a, b, size in blocks if a <= at]
    if not before:
        return 0
    a, b, size = before[-1]
    return b + min(at - a, size)


def _stands(today: str, sign: Sign) -> bool:
    """Tell whether a sign stands at its place already, before it or behind it."""
    return today.startswith(sign.text, sign.at) or today[: sign.at].endswith(sign.text)
