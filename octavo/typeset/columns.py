"""Columns side by side: how much of a galley's one long column each of them takes on a page.

What a stylesheet sets in columns (CSS Multi-column Layout 1) stands in the galley as one column of
the right width.  On every page it is cut once more, a column at a time; where it ends, the columns
are made as equal as lines allow, none longer than the first.  Notes called in columns stand at
the foot of a later page.  Pure functions on numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from octavo.typeset.galley import Galley

_SLACK = 0.25
"""What rounding may add up to in a column, in px."""


@dataclass(frozen=True)
class Column:
    """A column on a page: its strips, from ``first`` up to, not with, ``last``."""

    first: int
    last: int


@dataclass(frozen=True)
class Shift:
    """How a column stands: in which piece of its page, how far it moves right and down (CSS px).

    ``down`` is reckoned from where the first of the columns beside it stands.
    """

    piece: int
    right: float
    down: float


def end_of_region(galley: Galley, first: int) -> int:
    """Give the end of the text in columns that the strip ``first`` belongs to."""
    region = galley.strips[first].columns
    last = first
    while last < len(galley.strips) and galley.strips[last].columns == region:
        last += 1
    return last


def fill(galley: Galley, first: int, room: float) -> tuple[Column, ...]:
    """Fill the columns of a page, ``room`` px high, from the strip ``first`` on.

    None, where not every column finds something that fits into it.
    """
    last = end_of_region(galley, first)
    filled = _filled(galley, first, last, room)
    if not filled or filled[-1].last < last:
        region = galley.strips[first].columns
        return filled if region is not None and len(filled) == region.count else ()
    for end in range(first + 1, last + 1):
        if may_end(galley, end):
            balanced = _filled(galley, first, last, height(galley, Column(first, end)))
            if balanced and balanced[-1].last == last:
                return balanced
    return filled


def least(galley: Galley, first: int) -> tuple[Column, ...]:
    """Give the least that a page can take, for text that does not fit on any."""
    last = end_of_region(galley, first)
    return (Column(first, next(e for e in range(first + 1, last + 1) if may_end(galley, e))),)


def may_end(galley: Galley, last: int) -> bool:
    """Tell whether a page or a column may end before a strip, or behind the last one."""
    if last == len(galley.strips):
        return True
    strip = galley.strips[last]
    return strip.breakable or strip.forced or strip.columns != galley.strips[last - 1].columns


def height(galley: Galley, column: Column) -> float:
    """Give the height of a column, with what is repeated above its first strip."""
    opening = galley.strips[column.first]
    return galley.strips[column.last - 1].bottom - opening.top + opening.repeated


def _filled(galley: Galley, first: int, last: int, room: float) -> tuple[Column, ...]:
    region = galley.strips[first].columns
    columns: list[Column] = []
    while region is not None and first < last and len(columns) < region.count:
        end = _reach(galley, first, last, room)
        if end == first:
            break
        columns.append(Column(first, end))
        first = end
    return tuple(columns)


def _reach(galley: Galley, first: int, last: int, room: float) -> int:
    """Give the last end of a column that fits into ``room``; ``first`` where there is none."""
    reached = first
    for end in range(first + 1, last + 1):
        if height(galley, Column(first, end)) > room + _SLACK:
            break
        if may_end(galley, end):
            reached = end
        if end < last and galley.strips[end].forced:
            break
    return reached


def shifts(galley: Galley, columns: Sequence[Column]) -> Mapping[int, Shift]:
    """Say of each strip in a page's columns how it stands, by its index.

    The pieces of a page are its columns; text before a column that opens a region is of one piece
    with it, and text behind the last column is the last piece.
    """
    found: dict[int, Shift] = {}
    opening, number = columns[0] if columns else Column(0, 0), 0
    for piece, column in enumerate(columns):
        region = galley.strips[column.first].columns
        assert region is not None
        if galley.strips[opening.first].columns != region:
            opening, number = column, 0
        down = _top(galley, opening.first) - _top(galley, column.first)
        shift = Shift(piece, number * region.step, down)
        found.update(dict.fromkeys(range(column.first, column.last), shift))
        number += 1
    return found


def _top(galley: Galley, first: int) -> float:
    return galley.strips[first].top - galley.strips[first].repeated
