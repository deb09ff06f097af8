"""Periods as bars over a scale of years, moments as diamonds; each with its name and dates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor

from octavo.charts import scales
from octavo.charts.drawing import (
    CAPITAL,
    DESCENT,
    HAIRLINE,
    PITCH,
    RULE,
    Box,
    Drawing,
    Frame,
    Item,
    Line,
    Measure,
    Shape,
    Text,
    area,
    axis_title,
    box_of,
    foot,
    widest,
    wrapped,
)
from octavo.charts.model import Chart, Period
from octavo.charts.scales import Scale

_BAR, _BETWEEN, _ROW_GAP = 0.62, 0.32, 0.7
"""The thickness of a bar; between its name and it; between rows (ems)."""

_SPACE, _CLEAR, _TICK, _DIAMOND = 0.45, 0.25, 0.3, 0.3
"""Between name and dates; around words that a hairline passes; above the years; half a diamond."""

_GRID = 0.75
_LEAST_YEAR = 1.0


@dataclass(frozen=True)
class _Row:
    """A row: its words, the rectangle that they take, the shapes of its bar."""

    words: tuple[Text, ...]
    boxes: tuple[Box, ...]
    shapes: tuple[Item, ...]
    bottom: float


def timeline(chart: Chart, frame: Frame, measure: Measure) -> Drawing:
    """Draw a chart of periods and moments, in the order of the table's rows."""
    em = frame.size
    begin = floor(min(period.begin for period in chart.periods))
    end = ceil(max(period.end or period.begin for period in chart.periods))
    marks, scale = _years(begin, max(end, begin + 1), frame, measure)
    rows: list[_Row] = []
    top = 0.0
    for label, period in zip(chart.labels, chart.periods, strict=True):
        rows.append(_row(label, period, top, scale, frame, measure))
        top = rows[-1].bottom + _ROW_GAP * em
    bottom = rows[-1].bottom + _ROW_GAP * em
    boxes = [box for row in rows for box in row.boxes]
    items: list[Item] = []
    for mark in marks:
        x = scale(mark)
        for start, stop in broken(x, 0.0, bottom, boxes, _CLEAR * em):
            items.append(Line(x, start, x, stop, HAIRLINE * em, _GRID))
    for row in rows:
        items += [*row.shapes, *row.words]
    items.append(Line(scale.start, bottom, scale.end, bottom, RULE * em))
    under = bottom + (_TICK + CAPITAL) * em
    for mark in marks:
        items.append(Line(scale(mark), bottom, scale(mark), bottom + _TICK / 2 * em, RULE * em))
        items.append(Text(scale(mark), under, f"{mark:g}", "middle"))
    title = axis_title(chart.x_axis, frame.width, under + (PITCH - CAPITAL) * em, frame, measure)
    height = foot(title, under + DESCENT * em, em)
    return Drawing(frame.width, height, em, (*items, *title))


def _years(begin: float, end: float, frame: Frame, measure: Measure) -> tuple[list[float], Scale]:
    """Give the years that are marked, as many as have room, and the scale."""
    em = frame.size
    half = measure("0000", "normal") * em / 2
    scale = Scale(begin, end, half, frame.width - half)
    for most in range(12, 1, -1):
        marks = scales.inside(begin, end, most)
        apart = min((scale(b) - scale(a) for a, b in pairwise(marks)), default=0.0)
        if apart >= 3 * half:
            return marks, scale
    return [begin, end], scale


def _row(
    label: str, period: Period, top: float, scale: Scale, frame: Frame, measure: Measure
) -> _Row:
    em = frame.size
    start = scale(period.begin)
    stop = scale(period.end) if period.end is not None else start
    baseline = top + CAPITAL * em
    words, boxes = _words(label, period.dates, start, baseline, frame, measure)
    at = words[-1].y + (DESCENT + _BETWEEN) * em
    if period.end is not None:
        shapes = area(Box(start, at, stop, at + _BAR * em), 0, em)
        return _Row(words, boxes, tuple(shapes), at + _BAR * em)
    r = _DIAMOND * em
    y = at + r
    diamond = Shape(((start - r, y), (start, y - r), (start + r, y), (start, y + r)), 0.0)
    return _Row(words, boxes, (diamond,), at + 2 * r)


def _words(
    label: str, dates: str, start: float, baseline: float, frame: Frame, measure: Measure
) -> tuple[tuple[Text, ...], tuple[Box, ...]]:
    """Set a name and, in italic, its dates: on one line if it can be, from the bar's beginning on.

    Words that would end beyond the frame begin further to the left.
    """
    em = frame.size
    name, said = measure(label, "normal") * em, measure(dates, "italic") * em
    together = name + _SPACE * em + said
    if together <= frame.width:
        x = min(start, frame.width - together)
        first = Text(x, baseline, label)
        second = Text(x + name + _SPACE * em, baseline, dates, style="italic")
        return (first, second), (_box(x, baseline, together, em),)
    names = wrapped(label, frame.width / em, measure)
    width = max(widest(names, measure) * em, said)
    x = max(0.0, min(start, frame.width - width))
    lines = [Text(x, baseline + number * PITCH * em, line) for number, line in enumerate(names)]
    lines.append(Text(x, baseline + len(names) * PITCH * em, dates, style="italic"))
    return tuple(lines), tuple(box_of(line, em, measure) for line in lines)


def _box(x: float, baseline: float, width: float, em: float) -> Box:
    return Box(x, baseline - CAPITAL * em, x + width, baseline + DESCENT * em)


def broken(
    x: float, top: float, bottom: float, boxes: Sequence[Box], clear: float
) -> Iterator[tuple[float, float]]:
    """Give the pieces of an upright line that leave rectangles free, each ``clear`` wider."""
    met = sorted(
        (box.top - clear, box.bottom + clear)
        for box in boxes
        if box.left - clear < x < box.right + clear
    )
    for first, last in met:
        if first > top:
            yield top, min(first, bottom)
        top = max(top, last)
    if top < bottom:
        yield top, bottom
