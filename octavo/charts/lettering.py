"""Words as outlines of the book's own faces: how wide they are, and what shape they have.

HarfBuzz places the glyphs, as it does in Pango, which sets the pages: kerning and ligatures are the
same.  Figures are lining and of one width, as in the book's tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import uharfbuzz as hb
from fontTools.pens.svgPathPen import SVGPathPen

from octavo import fonts
from octavo.charts.drawing import Style
from octavo.fonts import Face


@dataclass(frozen=True)
class Glyph:
    """A glyph in its place: its face's number, its own, where it stands in ems from the start.

    ``y`` is how far it is raised.
    """

    face: int
    number: int
    x: float
    y: float


@dataclass(frozen=True)
class Word:
    """Words on one line: their glyphs, and their width in ems."""

    glyphs: tuple[Glyph, ...]
    width: float


class Lettering:
    """Sets words in the book's faces."""

    def __init__(self, faces: Sequence[Face]) -> None:
        """Use ``faces``; glyphs name them by their number in this order."""
        self._faces = tuple(faces)
        self._set: dict[tuple[str, Style], Word] = {}

    def set(self, words: str, style: Style) -> Word:
        """Set words on one line."""
        key = (words, style)
        if key not in self._set:
            self._set[key] = self._shaped(words, style)
        return self._set[key]

    def measure(self, words: str, style: Style) -> float:
        """Give the width of words in ems."""
        return self.set(words, style).width

    def outline(self, face: int, glyph: int) -> str:
        """Give the shape of a glyph as SVG path data, in units of its face, ``y`` upwards."""
        return _outline(self._faces[face].path, glyph)

    def em(self, face: int) -> int:
        """Give the units of an em of a face."""
        return int(_font(self._faces[face].path).face.upem)

    def _shaped(self, words: str, style: Style) -> Word:
        glyphs: list[Glyph] = []
        at = 0.0
        for text, face in fonts.runs(words, style, self._faces):
            font = _font(face.path)
            buffer = hb.Buffer()
            buffer.add_str(text)
            buffer.guess_segment_properties()
            hb.shape(font, buffer)
            number, em = self._faces.index(face), font.face.upem
            for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
                x, y = at + place.x_offset / em, place.y_offset / em
                glyphs.append(Glyph(number, info.codepoint, x, y))
                at += place.x_advance / em
        return Word(tuple(glyphs), at)


@cache
def _font(path: Path) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(path))))


@cache
def _outline(path: Path, glyph: int) -> str:
    pen = SVGPathPen(None)
    _font(path).draw_glyph_with_pen(glyph, pen)
    return str(pen.getCommands())
