"""The cover: the book's words in its own fonts, on one field of colour, as a PNG.

Text is placed in two steps, so that the first can be tested without pixels: :func:`lines` fits
each of the book's words into its box, :func:`picture` draws what it is given.

Shaping (kerning, old-style figures) is Raqm's, which Pillow's wheels bring with them; Raqm loads
FriBiDi when it is first used, and that is there wherever WeasyPrint is, since Pango needs it.
"""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from octavo import fonts
from octavo.config import Config
from octavo.fonts import Face, TextStyle

WIDTH, HEIGHT = 1600, 2560
"""The picture's size in pixels: 1 to 1.6, as shops and reading systems show covers."""

MARGIN = 168
"""The least distance of any letter from the picture's left and right edges, in pixels."""

FIELD = 1660
"""Where the field of colour ends, in pixels from the top."""

PAPER = (247, 243, 234)
TEXT = (38, 35, 32)
INKS = (
    (112, 38, 36),  # oxblood
    (28, 58, 84),  # Prussian blue
    (33, 71, 60),  # bottle green
    (84, 44, 78),  # aubergine
    (90, 62, 24),  # umber
    (44, 52, 66),  # slate
)
"""The colours that a field can have; :data:`PAPER` on each has a contrast of at least 7 to 1."""

Colour = tuple[int, int, int]

_MEASURE = WIDTH - 2 * MARGIN
_FEATURES = ["onum", "pnum"]
_REFERENCE = 200.0  # The size, in pixels, at which words are measured for breaking.
_STEP = 0.96  # By how much the type shrinks from one try to the next.
_GAP = 0.05  # The least space between the ink of two lines, in ems.


@dataclass(frozen=True)
class Line:
    """A line of text where it is drawn: its runs, each in one font, at ``x``, on ``baseline``.

    All lengths are pixels from the picture's top left corner; ``size`` is that of the type.
    """

    runs: tuple[tuple[str, Face], ...]
    size: float
    x: float
    baseline: float
    colour: Colour

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Measure the line's ink: left, top, right, bottom."""
        left, top, right, bottom = _ink(self.runs, self.size)
        return self.x + left, self.baseline + top, self.x + right, self.baseline + bottom


@dataclass(frozen=True)
class _Style:
    """How a text is set: its face, size at most (px), least distance of baselines (em), colour."""

    face: TextStyle
    size: float
    leading: float
    colour: Colour


def lines(config: Config, faces: Sequence[Face]) -> tuple[Line, ...]:
    """Place the title and subtitle at the field's head and foot, and below it who made the book.

    Each text has the largest type, up to a bound, with which it fits its box, and is broken at
    spaces into lines of even length.
    """
    title = _Style("normal", 290, 1.02, PAPER)
    subtitle = _Style("italic", 108, 1.16, PAPER)
    names = _Style("normal", 88, 1.16, TEXT)
    small = _Style("italic", 64, 1.22, TEXT)
    creators = ", ".join(creator.name for creator in config.creators())
    place = partial(_fitted, faces=faces)
    by = place(creators, names, FIELD + 190, FIELD + 460)
    under = max((line.box[3] + 56 for line in by), default=FIELD + 190)
    return (
        *place(config.title, title, 230, 1100),
        *_hung(place(config.subtitle, subtitle, 1180, FIELD - 130), FIELD - 130),
        *by,
        *place(config.statement, small, under, HEIGHT - 300),
        *_hung(place(config.publisher, small, HEIGHT - 250, HEIGHT - 150), HEIGHT - 150),
    )


def picture(config: Config, faces: Sequence[Face]) -> bytes:
    """Draw the cover, :data:`WIDTH` by :data:`HEIGHT` pixels, as a PNG.

    The field's colour is chosen among :data:`INKS` by the book's slug.  The same settings and
    fonts give the same bytes.
    """
    ink = INKS[hashlib.sha256(config.slug.encode()).digest()[0] % len(INKS)]
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, FIELD), fill=ink)
    draw.rectangle((MARGIN, FIELD + 96, MARGIN + 240, FIELD + 101), fill=ink)
    for line in lines(config, faces):
        x = line.x
        for text, face in line.runs:
            font = _font(face, line.size)
            draw.text((x, line.baseline), text, line.colour, font, anchor="ls", features=_FEATURES)
            x += font.getlength(text, features=_FEATURES)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _fitted(
    text: str, style: _Style, top: float, bottom: float, faces: Sequence[Face]
) -> tuple[Line, ...]:
    """Set a text between ``top`` and ``bottom`` in the largest type that fits; () for no text."""
    if not text:
        return ()
    words = [tuple(fonts.runs(word, style.face, faces)) for word in text.split(" ") if word]
    widths = [_advance(word, _REFERENCE) / _REFERENCE for word in words]
    space = _advance(tuple(fonts.runs(" ", style.face, faces)), _REFERENCE) / _REFERENCE
    size = style.size
    while True:
        starts = _breaks(widths, space, _MEASURE / size)
        if (len(starts) - 1) * style.leading * size < bottom - top:
            broken = [_joined(words[start:end]) for start, end in pairwise([*starts, len(words)])]
            block = _set(broken, style, size, top)
            if block and max(line.box[3] for line in block) <= bottom:
                return block
        size *= _STEP


def _hung(block: tuple[Line, ...], bottom: float) -> tuple[Line, ...]:
    """Move lines down until the last one's ink ends at ``bottom``."""
    by = bottom - max((line.box[3] for line in block), default=bottom)
    return tuple(replace(line, baseline=line.baseline + by) for line in block)


def _set(
    broken: Sequence[tuple[tuple[str, Face], ...]], style: _Style, size: float, top: float
) -> tuple[Line, ...]:
    """Set lines in type of ``size``, the first one's ink at ``top``; () if one is too wide.

    Lines are as far apart as ``leading`` says, further if marks on capitals would touch what
    hangs from the line above.
    """
    inks = [_ink(runs, size) for runs in broken]
    if any(right - left > _MEASURE for left, _, right, _ in inks):
        return ()
    needed = [above[3] - below[1] + _GAP * size for above, below in pairwise(inks)]
    pitch = max([style.leading * size, *needed])
    first = top - inks[0][1]
    return tuple(
        Line(runs, size, MARGIN - ink[0], first + number * pitch, style.colour)
        for number, (runs, ink) in enumerate(zip(broken, inks, strict=True))
    )


def _breaks(widths: Sequence[float], space: float, measure: float) -> list[int]:
    """Break words into as few lines as ``measure`` allows, as even as can be (all in ems).

    Even means the least sum of the squares of what the lines leave empty.  Gives the number of
    each line's first word.
    """
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]  # up to a word: lines, squares, start
    for end in range(1, len(widths) + 1):
        tries = []
        width = -space
        for start in range(end - 1, -1, -1):
            width += widths[start] + space
            if width > measure and start < end - 1:
                break
            count, squares, _ = best[start]
            tries.append((count + 1, squares + (measure - width) ** 2, start))
        best.append(min(tries))
    starts: list[int] = []
    end = len(widths)
    while end:
        end = best[end][2]
        starts.insert(0, end)
    return starts


def _joined(words: Sequence[tuple[tuple[str, Face], ...]]) -> tuple[tuple[str, Face], ...]:
    """Join words by spaces; runs in the same face that meet become one, so that they kern."""
    runs: list[tuple[str, Face]] = []
    for number, word in enumerate(words):
        for index, (text, face) in enumerate(word):
            space = " " if number and not index else ""
            if runs and runs[-1][1] == face:
                runs[-1] = (runs[-1][0] + space + text, face)
            else:
                runs.append((space + text, face))
    return tuple(runs)


def _advance(runs: Sequence[tuple[str, Face]], size: float) -> float:
    return sum(_font(face, size).getlength(text, features=_FEATURES) for text, face in runs)


def _ink(runs: Sequence[tuple[str, Face]], size: float) -> tuple[float, float, float, float]:
    """Measure ink around a line's origin on the baseline: left, top, right, bottom."""
    x = 0.0
    boxes = []
    for text, face in runs:
        font = _font(face, size)
        left, top, right, bottom = font.getbbox(text, features=_FEATURES, anchor="ls")
        boxes.append((x + left, top, x + right, bottom))
        x += font.getlength(text, features=_FEATURES)
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


@lru_cache(maxsize=64)
def _font(face: Face, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(face.path), size, layout_engine=ImageFont.Layout.RAQM)
