"""Cuts a galley to pages: where each page ends, and how the notes stand at their feet.

Every note begins on the page of its call.  A page is filled as far as it goes; where the notes of
its last line do not fit whole, the last of them is carried over, at a line's end, with at least
two lines on either side.  Pure functions on numbers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from octavo.typeset.galley import Galley, SetNote

MIN_NOTE_LINES = 2
"""The fewest lines of a note on either side of a page's end."""

MOST_OF_PAGE = 0.7
"""The part of a page that notes carried over from the last one may take."""

SHORT_PAGE = 1.5
"""How many lines a page may lack before a note is cut to fill it."""

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

    ``padding`` gives the space set above a strip, by index, that brings the text back to the grid.
    ``height`` is what text and notes take.
    """

    first: int
    last: int
    notes: tuple[NotePiece, ...]
    padding: tuple[tuple[int, float], ...]
    height: float


@dataclass(frozen=True)
class _Candidate:
    last: int
    notes: tuple[NotePiece, ...]
    padding: tuple[tuple[int, float], ...]
    height: float
    whole: bool


def cut(galley: Galley) -> tuple[PagePlan, ...]:
    """Cut the galley to pages; the notes that are still to be finished fill pages of their own."""
    plans: list[PagePlan] = []
    first = 0
    carried: tuple[NotePiece, ...] = ()
    while first < len(galley.strips) or carried:
        plan = _page(galley, first, carried, is_first=not plans)
        plans.append(plan)
        carried = _rest(galley, plan, carried)
        first = plan.last
    return tuple(plans)


def _page(
    galley: Galley, first: int, carried: tuple[NotePiece, ...], *, is_first: bool
) -> PagePlan:
    whole: _Candidate | None = None
    split: _Candidate | None = None
    forced: _Candidate | None = None
    for candidate in _candidates(galley, first, carried, is_first=is_first):
        at_end = candidate.last == len(galley.strips)
        forced = candidate
        if not (at_end or galley.strips[candidate.last].breakable):
            continue
        if candidate.whole:
            whole = candidate
        if split is None or not carried or _done(candidate) >= _done(split):
            split = candidate
    best = _better(galley, whole, split) or forced
    if best is None or (carried and not _goes_on(galley, best) and _opens(galley, first)):
        pieces, height = _foot(galley, carried, (), galley.page, galley.page)
        return PagePlan(first, first, pieces, (), height)
    return PagePlan(first, best.last, best.notes, best.padding, best.height)


def _done(candidate: _Candidate) -> int:
    """Tell how far a page brings the note that was carried over to it."""
    return candidate.notes[0].last if candidate.notes else 0


def _goes_on(galley: Galley, candidate: _Candidate) -> bool:
    """Tell whether a page has room for its text and for more of the note carried over to it."""
    return bool(candidate.notes) and candidate.height <= galley.page + _SLACK


def _opens(galley: Galley, first: int) -> bool:
    """Tell whether a page of notes alone may come before a strip: not between a table's rows."""
    return not galley.strips[first].repeated


def _better(
    galley: Galley, whole: _Candidate | None, split: _Candidate | None
) -> _Candidate | None:
    """Prefer notes that are whole, unless the page would be short for it."""
    if whole is None or split is None:
        return split
    short = galley.page - whole.height > SHORT_PAGE * galley.leading
    return split if short else whole


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
    for index in range(first, len(galley.strips)):
        strip = galley.strips[index]
        if strip.after_figure and index > first:
            pad = _to_grid(strip.top - start + shift, galley.leading)
            if pad:
                padding.append((index, pad))
                shift += pad
        text = strip.bottom - start + shift
        called += strip.notes
        most = galley.page * MOST_OF_PAGE
        pieces, height = _foot(galley, carried, tuple(called), galley.page - text, most)
        fits = text + height <= galley.page + _SLACK and _all_begun(called, carried, pieces)
        if not fits and index > first:
            return
        whole = fits and all(piece.last == len(galley.notes[piece.note].lines) for piece in pieces)
        yield _Candidate(index + 1, pieces, tuple(padding), text + height, whole)


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
        fitting = int((room + _SLACK - height) / note.line_height)
        if piece is wanted[0] and carried:
            fitting = min(fitting, int(most / note.line_height))
        taken = lines if fitting >= lines else _head(note, piece, fitting)
        if not taken:
            break
        pieces.append(NotePiece(piece.note, piece.first, piece.first + taken))
        height += taken * note.line_height
        if taken < lines:
            break
    return tuple(pieces), height


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
