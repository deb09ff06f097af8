"""The galley: a section's text set in one endless column, and its notes, before pages are made.

As in hot metal, the type is set first and cut to pages afterwards.  A galley is read from a layout
on one very long page (``layout``), cut to pages by ``breaks``, and its cuts are carried out in the
XHTML by ``cutting``.  Lengths are CSS px (1/96 in), downwards from the top of the text.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Strip:
    """Something that no page break cuts: a line of text, a row of a table, a picture.

    ``block`` is the number (``data-n``) of the element that it belongs to; ``opens`` the numbers of
    the elements that begin with it, the outermost first.  ``end`` counts the block's visible
    characters up to the end of the line, 0 where the strip is no line; ``hyphenated`` tells that a
    word is broken there.  ``breakable``: a page may begin with this strip.  ``repeated`` is the
    height of a table's head that stands again above it then.  ``after_figure``: the text comes
    back to the grid here.  ``notes`` are the ids of the notes called in it.
    """

    top: float
    bottom: float
    block: int
    opens: tuple[int, ...]
    end: int
    hyphenated: bool
    breakable: bool
    repeated: float
    after_figure: bool
    notes: tuple[str, ...]


@dataclass(frozen=True)
class NoteLine:
    """A line of a note: the note's visible characters up to its end, and whether a word breaks."""

    end: int
    hyphenated: bool


@dataclass(frozen=True)
class SetNote:
    """A note as it is set: its lines, and the height of one."""

    id: str
    lines: tuple[NoteLine, ...]
    line_height: float


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
