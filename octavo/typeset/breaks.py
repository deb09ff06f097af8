"""Cuts a galley to pages: where each page ends, and how the notes stand at their feet.

Every note begins on the page of its call.  A page is filled as far as it goes; where the notes of
its last line do not fit whole, the last of them is carried over, at a line's end, with at least
two lines on either side.  Where a page would stand short for its notes, pages before it may end a
line earlier instead: some pages are looked ahead.  Pure functions on numbers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from octavo.typeset import columns
from octavo.typeset.columns import Column
from octavo.typeset.galley import Galley, SetNote

MIN_NOTE_LINES = 2
"""The fewest lines of a note on either side of a page's end."""

MOST_OF_PAGE = 0.7
"""The part of a page that notes carried over from the last one may take."""

SHORT_PAGE = 1.5
"""How many lines a page may lack before a note is cut to fill it."""

LINES_SEEN = 2
"""How many lines a page must lack for it to be seen."""

_SEEN = 10
"""What it costs that a page is seen to be short, beside the lines that it lacks."""

LOOK_AHEAD = 12
"""How many pages are looked at behind one before it is cut."""

_SLACK = 0.25
"""What rounding may add up to on a page, in px."""

_HAIR = 0.3
"""A distance from the grid that nobody sees, in px."""


@dataclass(frozen=True)
class NotePiece:
    """The lines of a note that stand on a page: from ``first`` up to, not with, ``last``."""

    note: str
    first: int
    last: int


@dataclass(frozen=True)
class PagePlan:
    """A page: its strips, from ``first`` up to ``last``, the notes at its foot, its alignments.

    ``padding`` gives the space set above a strip, by index, that brings the text back to the grid,
    or up to where columns side by side end.  ``height`` is what text and notes take.
    """

    first: int
    last: int
    notes: tuple[NotePiece, ...]
    padding: tuple[tuple[int, float], ...]
    height: float
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True)
class _Candidate:
    last: int
    notes: tuple[NotePiece, ...]
    padding: tuple[tuple[int, float], ...]
    height: float
    whole: bool
    columns: tuple[Column, ...] = ()


def cut(galley: Galley) -> tuple[PagePlan, ...]:
    """Cut the galley to pages; the notes that are still to be finished fill pages of their own."""
    return _Search(galley).cut()


_State = tuple[int, tuple[NotePiece, ...]]
"""Where a page begins: its first strip, and the notes carried over to it."""


class _Search:
    """Fills one page after the other, and looks ahead: where a page would stand short for the
    notes' sake, one of those before it may end a line earlier instead.
    """  # noqa: D205 - one sentence

    def __init__(self, galley: Galley) -> None:
        self._galley = galley
        self._ways: dict[_State, tuple[PagePlan, ...]] = {}
        self._costs: dict[tuple[_State, int], int] = {}

    def cut(self) -> tuple[PagePlan, ...]:
        plans: list[PagePlan] = []
        state: _State = (0, ())
        while self._goes_on(state):
            plan = self._best(state, LOOK_AHEAD)[0]
            plans.append(plan)
            state = self._behind(state, plan)
        return tuple(plans)

    def _goes_on(self, state: _State) -> bool:
        first, carried = state
        return first < len(self._galley.strips) or bool(carried)

    def _behind(self, state: _State, plan: PagePlan) -> _State:
        return plan.last, _rest(self._galley, plan, state[1])

    def _best(self, state: _State, ahead: int) -> tuple[PagePlan, int]:
        """Give the best way to fill a page, and what it costs with the pages behind it."""
        found: list[tuple[PagePlan, int]] = []
        for plan in self._ways_from(state):
            cost = self._cost(self._behind(state, plan), ahead) + _badness(self._galley, plan)
            found.append((plan, cost))
            if not cost:
                break
        return min(found, key=lambda entry: entry[1])

    def _cost(self, state: _State, ahead: int) -> int:
        if not ahead or not self._goes_on(state):
            return 0
        if (state, ahead) not in self._costs:
            self._costs[state, ahead] = self._best(state, ahead - 1)[1]
        return self._costs[state, ahead]

    def _ways_from(self, state: _State) -> tuple[PagePlan, ...]:
        if state not in self._ways:
            first, carried = state
            self._ways[state] = _pages(self._galley, first, carried)
        return self._ways[state]


def _badness(galley: Galley, plan: PagePlan) -> int:
    """Weigh how short a page stands for the notes' sake; a line is not seen."""
    short = lines_short_for_notes(galley, plan)
    return _SEEN + short if short >= LINES_SEEN else 0


def lines_short_for_notes(galley: Galley, plan: PagePlan) -> int:
    """Count the lines that a page leaves empty for the notes' sake.

    None, where the text could not have gone on in any case: at its end, before a heading or a
    table that moves whole; or where it stands in columns.
    """
    if plan.first == plan.last or plan.last == len(galley.strips) or plan.columns:
        return 0
    if galley.strips[plan.last].forced:
        return 0
    ends = range(plan.last + 1, len(galley.strips) + 1)
    end = next(end for end in ends if columns.may_end(galley, end))
    more = galley.strips[end - 1].bottom - galley.strips[plan.last - 1].bottom
    if plan.height + more > galley.page + _SLACK:
        return 0
    return int((galley.page - plan.height) / galley.leading)


def _pages(galley: Galley, first: int, carried: tuple[NotePiece, ...]) -> tuple[PagePlan, ...]:
    """Give the ways to fill a page: the fullest first, then those that are not seen to be short."""
    is_first = not first and not carried
    found = tuple(_candidates(galley, first, carried, is_first=is_first))
    ends = [candidate for candidate in found if columns.may_end(galley, candidate.last)]
    best = _fullest(galley, ends, carried) or (found[-1] if found else None)
    if best is None or (carried and not _goes_on(galley, best) and _opens(galley, first)):
        pieces, height = _foot(galley, carried, (), galley.page, galley.page)
        return (PagePlan(first, first, pieces, (), height),)
    others = [
        candidate
        for candidate in reversed(ends)
        if candidate.last < best.last
        and galley.page - candidate.height < LINES_SEEN * galley.leading
        and _done(candidate) >= _done(best)
    ]
    return tuple(
        PagePlan(first, one.last, one.notes, one.padding, one.height, one.columns)
        for one in (best, *others)
    )


def _fullest(
    galley: Galley, ends: Sequence[_Candidate], carried: tuple[NotePiece, ...]
) -> _Candidate | None:
    """Give the last end of a page; one with its notes whole, unless the page is short for it."""
    whole: _Candidate | None = None
    split: _Candidate | None = None
    for candidate in ends:
        if candidate.whole:
            whole = candidate
        if split is None or not carried or _done(candidate) >= _done(split):
            split = candidate
    if whole is None or split is None:
        return split
    short = galley.page - whole.height > SHORT_PAGE * galley.leading
    return split if short else whole


def _done(candidate: _Candidate) -> int:
    """Tell how far a page brings the note that was carried over to it."""
    return candidate.notes[0].last if candidate.notes else 0


def _goes_on(galley: Galley, candidate: _Candidate) -> bool:
    """Tell whether a page has room for its text and for more of the note carried over to it."""
    return bool(candidate.notes) and candidate.height <= galley.page + _SLACK


def _opens(galley: Galley, first: int) -> bool:
    """Tell whether a page of notes alone may come before a strip: not between a table's rows."""
    return not galley.strips[first].repeated


def _candidates(
    galley: Galley, first: int, carried: tuple[NotePiece, ...], *, is_first: bool
) -> Iterator[_Candidate]:
    """Give the ways to end the page, strip by strip, until nothing fits any more.

    The first is always given, so that a page takes something even if it does not fit.
    """
    if first >= len(galley.strips):
        return
    opening = galley.strips[first]
    start = galley.top if is_first else opening.top - opening.repeated
    shift = 0.0
    padding: list[tuple[int, float]] = []
    called: list[str] = []
    side_by_side: list[Column] = []
    most = galley.page * MOST_OF_PAGE
    index = first
    while index < len(galley.strips):
        strip = galley.strips[index]
        if strip.forced and index > first:
            return
        if strip.columns is not None:
            top = strip.top - (0.0 if index > first else strip.repeated) - start + shift
            pieces, height = _foot(galley, carried, tuple(called), galley.page - top, most)
            filled = columns.fill(galley, index, galley.page - top - height)
            if not filled and index > first:
                return
            filled = filled or columns.least(galley, index)
            side_by_side += filled
            index = filled[-1].last
            text = top + max(columns.height(galley, column) for column in filled)
            whole = all(piece.last == len(galley.notes[piece.note].lines) for piece in pieces)
            yield _Candidate(
                index, pieces, tuple(padding), text + height, whole, tuple(side_by_side)
            )
            if index < columns.end_of_region(galley, filled[0].first):
                return
            up = text - (galley.strips[index - 1].bottom - start + shift)
            padding.append((index, up))
            shift += up
            continue
        if strip.after_figure and index > first:
            pad = _to_grid(strip.top - start + shift, galley.leading)
            if pad:
                padding.append((index, pad))
                shift += pad
        text = strip.bottom - start + shift
        called += strip.notes
        pieces, height = _foot(galley, carried, tuple(called), galley.page - text, most)
        fits = text + height <= galley.page + _SLACK and _all_begun(called, carried, pieces)
        if not fits and index > first:
            return
        whole = fits and all(piece.last == len(galley.notes[piece.note].lines) for piece in pieces)
        index += 1
        yield _Candidate(index, pieces, tuple(padding), text + height, whole, tuple(side_by_side))


def _to_grid(distance: float, leading: float) -> float:
    """Give what a distance lacks to a whole number of lines, 0 for less than a hair's breadth."""
    missing = -distance % leading
    return round(missing, 3) if _HAIR < missing < leading - _HAIR else 0.0


def _all_begun(
    called: Sequence[str], carried: Sequence[NotePiece], pieces: Sequence[NotePiece]
) -> bool:
    return {*called, *(piece.note for piece in carried)} == {piece.note for piece in pieces}


def _foot(
    galley: Galley,
    carried: tuple[NotePiece, ...],
    called: tuple[str, ...],
    room: float,
    most: float,
) -> tuple[tuple[NotePiece, ...], float]:
    """Set notes into ``room``: those carried over first, all whole but the last.

    The first that is carried over takes no more than ``most``.

    Gives the pieces that found room, and the height that they take with what stands above them.
    """
    wanted = [*carried, *(NotePiece(note, 0, len(galley.notes[note].lines)) for note in called)]
    if not wanted:
        return (), 0.0
    height = galley.overhead
    pieces: list[NotePiece] = []
    for piece in wanted:
        note = galley.notes[piece.note]
        lines = piece.last - piece.first
        left = room + _SLACK - height
        if piece is wanted[0] and carried:
            left = min(left, most)
        fitting = _fitting(note, piece, left)
        taken = lines if fitting >= lines else _head(note, piece, fitting)
        if not taken:
            break
        pieces.append(NotePiece(piece.note, piece.first, piece.first + taken))
        height += note.height(piece.first, piece.first + taken)
        if taken < lines:
            break
    return tuple(pieces), height


def _fitting(note: SetNote, piece: NotePiece, room: float) -> int:
    """Count the lines of a piece that ``room`` holds."""
    last = piece.first
    while last < piece.last and note.height(piece.first, last + 1) <= room:
        last += 1
    return last - piece.first


def _head(note: SetNote, piece: NotePiece, fitting: int) -> int:
    """Give how many lines of a piece stay when it is cut; 0 if it cannot be."""
    most = min(fitting, piece.last - piece.first - MIN_NOTE_LINES)
    if most < MIN_NOTE_LINES:
        return 0
    last = note.lines[piece.first + most - 1]
    if last.hyphenated and most > MIN_NOTE_LINES:
        return most - 1
    return most


def _rest(galley: Galley, plan: PagePlan, carried: tuple[NotePiece, ...]) -> tuple[NotePiece, ...]:
    """Give what is left of the notes that are not finished on a page."""
    done = {piece.note: piece.last for piece in plan.notes}
    strips = galley.strips[plan.first : plan.last]
    called = [note for strip in strips for note in strip.notes]
    ends = {piece.note: piece.last for piece in carried}
    ends |= {note: len(galley.notes[note].lines) for note in called}
    starts = {piece.note: piece.first for piece in carried}
    return tuple(
        NotePiece(note, done.get(note, starts.get(note, 0)), end)
        for note, end in ends.items()
        if done.get(note, starts.get(note, 0)) < end
    )
