"""The galley: a section's text set in one endless column, and its notes, before pages are made.

As in hot metal, the type is set first and cut to pages afterwards.  A galley is read from the boxes
of one very long page (``boxes.reading``), cut to pages by ``breaks``, and made up by
``boxes.makeup``.  Lengths are CSS px (1/96 in), downwards from the top of the galley's page.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Columns:
    """Text in columns, by the number of its element: how many, how far from edge to edge."""

    element: int
    count: int
    step: float


@dataclass(frozen=True)
class Strip:
    """Something that no page break cuts: a line of text, a row of a table, a picture.

    ``element`` is the number (``data-n``) of the element that it belongs to, ``start`` the count of
    the flow's visible characters before it (``text.Flow``).  ``breakable``: a page may begin with
    this strip; ``forced``: one has to.  ``repeated`` is the height of what stands again above it
    then: a table's head, or that of a box that goes on.  ``after_figure``: the text comes back to
    the grid here.  ``notes`` are the ids of the notes called in it; ``columns`` are those that it
    is set in.
    """

    top: float
    bottom: float
    element: int
    start: int
    breakable: bool
    forced: bool
    repeated: float
    after_figure: bool
    notes: tuple[str, ...]
    columns: Columns | None = None


@dataclass(frozen=True)
class NoteLine:
    """A line of a note: its top and bottom, and whether a word is broken at its end."""

    top: float
    bottom: float
    hyphenated: bool


@dataclass(frozen=True)
class SetNote:
    """A note as it is set: its lines."""

    id: str
    lines: tuple[NoteLine, ...]

    def height(self, first: int, last: int) -> float:
        """Give the height of the lines from ``first`` up to, not with, ``last``."""
        return self.lines[last - 1].bottom - self.lines[first].top if last > first else 0.0


@dataclass(frozen=True)
class Galley:
    """The whole column, its notes by id, and what a page offers.

    ``overhead`` is the height of what stands between text and notes; ``page`` the height of the
    text area; ``leading`` the unit of the grid; ``top`` where the text area begins.
    """

    strips: tuple[Strip, ...]
    notes: Mapping[str, SetNote]
    top: float
    page: float
    leading: float
    overhead: float
