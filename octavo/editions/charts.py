"""Charts → SVG pictures, as wide as an edition has room for them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from octavo.book import Book, Image
from octavo.charts.bars import bars
from octavo.charts.drawing import Dot, Drawing, Frame, Line, Measure, Shape, Text
from octavo.charts.lettering import Lettering
from octavo.charts.lines import lines
from octavo.charts.model import Chart
from octavo.charts.timeline import timeline
from octavo.fonts import Face
from octavo.templating import Templates

_PLACES = 2
"""Decimals of lengths: a hundredth of a point or pixel."""


@dataclass(frozen=True)
class Style:
    """How an edition shows pictures: the frame, its unit in SVG, and the ground under them.

    ``ground`` is the width of a white margin around the picture, in ems; 0 for no ground.
    """

    frame: Frame
    unit: str
    ground: float = 0.0


def drawn(chart: Chart, frame: Frame, measure: Measure) -> Drawing:
    """Draw a chart for a frame; ``measure`` gives the width of words in ems."""
    match chart.form:
        case "line":
            return lines(chart, frame, measure)
        case "timeline":
            return timeline(chart, frame, measure)
    return bars(chart, frame, measure)


def pictures(
    book: Book, style: Style, faces: Sequence[Face], templates: Templates
) -> Mapping[Chart, Image]:
    """Draw all charts of a book.  The same book and faces give the same bytes."""
    lettering = _lettering(tuple(faces))
    found = dict.fromkeys(chart for section in book.sections for chart in section.charts)
    return {chart: _picture(chart, style, lettering, templates) for chart in found}


@lru_cache(maxsize=2)
def _lettering(faces: tuple[Face, ...]) -> Lettering:
    """Give what sets words in these faces; a process that stays sets each word once."""
    return Lettering(faces)


@lru_cache(maxsize=2**8)
def _picture(chart: Chart, style: Style, lettering: Lettering, templates: Templates) -> Image:
    """Draw a chart; a process that stays draws it once."""
    drawing = drawn(chart, style.frame, lettering.measure)
    margin = style.ground * drawing.size
    width, height = drawing.width + 2 * margin, drawing.height + 2 * margin
    views = {
        "width": _rounded(width),
        "height": _rounded(height),
        "margin": _rounded(margin),
        "unit": style.unit,
        "size": _rounded(drawing.size),
        "glyphs": dict(_glyphs(drawing, lettering)),
        "items": tuple(_views(drawing, lettering)),
    }
    data = templates.render("shared/chart.svg", views).encode()
    return Image(f"{chart.name}.svg", data, "image/svg+xml", width, height)


def _texts(drawing: Drawing) -> Iterable[Text]:
    return (item for item in drawing.items if isinstance(item, Text))


def _glyphs(drawing: Drawing, lettering: Lettering) -> Iterator[tuple[str, str]]:
    """Give the shapes of all glyphs of a drawing, by name; those without ink are left out."""
    for text in _texts(drawing):
        for glyph in lettering.set(text.words, text.style).glyphs:
            outline = lettering.outline(glyph.face, glyph.number)
            if outline:
                yield f"g{glyph.face}-{glyph.number}", outline


@dataclass(frozen=True)
class _GlyphView:
    """A glyph as the template places it, in units of its face."""

    name: str
    x: int
    y: int


@dataclass(frozen=True)
class _ItemView:
    """Something drawn, all lengths rounded; ``kind`` is line, shape, dot or text.

    ``points`` are the ends of a line, the corners of a shape, the middle of a dot, the beginning of
    a text; ``fill`` and ``stroke`` are colours of CSS, ``""`` for none.
    """

    kind: str
    points: tuple[tuple[str, str], ...]
    fill: str = ""
    stroke: str = ""
    width: str = ""
    extent: str = ""
    glyphs: tuple[_GlyphView, ...] = ()


def _views(drawing: Drawing, lettering: Lettering) -> Iterator[_ItemView]:
    for item in drawing.items:
        match item:
            case Line():
                ends = _points((item.x1, item.y1), (item.x2, item.y2))
                dash = _rounded(item.dash) if item.dash else ""
                yield _ItemView("line", ends, "", _grey(item.grey), _rounded(item.width), dash)
            case Shape():
                fill = "" if item.grey is None else _grey(item.grey)
                stroke = _grey(0.0) if item.stroke else ""
                width = _rounded(item.stroke)
                yield _ItemView("shape", _points(*item.points), fill, stroke, width)
            case Dot():
                fill, stroke = ("", _grey(0.0)) if item.stroke else (_grey(0.0), "")
                width, radius = _rounded(item.stroke), _rounded(item.radius)
                yield _ItemView("dot", _points((item.x, item.y)), fill, stroke, width, radius)
            case Text():
                yield from _words(item, drawing.size, lettering)


def _words(text: Text, size: float, lettering: Lettering) -> Iterator[_ItemView]:
    """Give a text's glyphs, those of each face apart, as faces may differ in their units."""
    word = lettering.set(text.words, text.style)
    width = word.width * size
    left = text.x - {"start": 0.0, "middle": width / 2, "end": width}[text.anchor]
    for face in dict.fromkeys(glyph.face for glyph in word.glyphs):
        em = lettering.em(face)
        glyphs = tuple(
            _GlyphView(f"g{face}-{glyph.number}", round(glyph.x * em), round(glyph.y * em))
            for glyph in word.glyphs
            if glyph.face == face and lettering.outline(face, glyph.number)
        )
        scale = f"{size / em:.6f}"
        yield _ItemView("text", _points((left, text.y)), _grey(0.0), extent=scale, glyphs=glyphs)


def _points(*points: tuple[float, float]) -> tuple[tuple[str, str], ...]:
    return tuple((_rounded(x), _rounded(y)) for x, y in points)


def _rounded(length: float) -> str:
    return f"{round(length, _PLACES) + 0.0:.{_PLACES}f}".rstrip("0").rstrip(".")


def _grey(lightness: float) -> str:
    level = round(lightness * 255)
    return f"#{level:02x}{level:02x}{level:02x}"
