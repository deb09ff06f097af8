"""Lines over numbers, dates or labels: what rises and falls.

Few numbers stand at their points, many on a scale with hairlines.  A line is dashed where it leads
over labels without a number: over years, say, for which none is given.  The names of several lines
stand at their ends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from octavo.charts import scales
from octavo.charts.drawing import (
    CAPITAL,
    DESCENT,
    HAIRLINE,
    PITCH,
    RULE,
    Box,
    Dot,
    Drawing,
    Frame,
    Item,
    Line,
    Measure,
    Shape,
    Text,
    axis_title,
    box_of,
    foot,
    widest,
    wrapped,
)
from octavo.charts.model import Chart, Series
from octavo.charts.scales import Scale
from octavo.numerals import written

_MOST_NUMBERED = 12
"""The most points of a single line that bear their numbers."""

_HEIGHT, _NARROW_HEIGHT = 0.36, 0.6
"""The height of the field as a part of its width, in wide and in narrow frames."""

_NARROW = 23.0
_MOST_TICKS = 6
_GRID = 0.75

_POINT, _CLEAR = 0.2, 0.14
"""The radius of a point, and what a line keeps clear of it (ems)."""

_ABOVE, _TICK, _NAME_GAP = 0.42, 0.3, 0.5
"""Between a point and its number; the field and the labels below; a line's end and its name."""

_NAMES = 0.32
"""The most of a frame's width that the names of lines take."""

_DASH = 0.28

_LINES = ((0.0, 0.13), (0.45, 0.13), (0.0, 0.06), (0.45, 0.2), (0.25, 0.09))
"""The grey and the thickness (ems) of each line."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Field:
    """Where a chart's numbers and labels stand: between ``left`` and ``right``, on two scales."""

    across: Scale
    up: Scale
    places: tuple[float, ...]
    left: float
    right: float


def lines(chart: Chart, frame: Frame, measure: Measure) -> Drawing:
    """Draw a chart of lines."""
    em = frame.size
    is_numbered = len(chart.series) == 1 and len(chart.labels) <= _MOST_NUMBERED
    heads = wrapped(chart.y_axis, frame.width / em, measure, "italic")
    names = _names(chart, frame, measure)
    marks = _marks(chart.series)
    top = (len(heads) * PITCH + (PITCH if is_numbered else CAPITAL / 2)) * em
    numbers = 0.0 if is_numbered else widest(map(written, marks), measure) + _NAME_GAP
    field = _field(chart, frame, measure, top, numbers * em)
    items: list[Item] = [
        Text(0.0, (CAPITAL + number * PITCH) * em, head, style="italic")
        for number, head in enumerate(heads)
    ]
    if not is_numbered:
        items += _grid(marks, field, em)
    elif field.up.low < 0 < field.up.high:
        items.append(Line(field.left, field.up(0), field.right, field.up(0), HAIRLINE * em, _GRID))
    bottom = field.up.start
    items.append(Line(field.left, bottom, field.right, bottom, RULE * em))
    under = bottom + (_TICK + CAPITAL) * em
    for x, label in _labels(chart, field, measure, em):
        items.append(Line(x, bottom, x, bottom + _TICK / 2 * em, RULE * em))
        items.append(Text(x, under, label, "middle"))
    title = axis_title(chart.x_axis, field.right, under + (PITCH - CAPITAL) * em, frame, measure)
    items += title
    for index, one in enumerate(chart.series):
        items += _line(one, index, field, em)
    if is_numbered:
        items += _numbers(chart.series[0], field, frame, measure)
    elif names:
        items += _named(chart.series, names, field, em)
    end = foot(title, under + DESCENT * em, em)
    return Drawing(frame.width, end, em, tuple(items))


def _marks(series: Sequence[Series]) -> list[float]:
    """Give round numbers for the scale: from zero on, if the lowest number is not far from it."""
    numbers = [value.number for one in series for value in one.values if value]
    low, high = min(numbers), max(numbers)
    return scales.ticks(0.0 if 0 <= low < high / 2 else low, high, _MOST_TICKS)


def _field(chart: Chart, frame: Frame, measure: Measure, top: float, left: float) -> Field:
    """Place a chart's field between its scale's numbers and the names of its lines."""
    em = frame.size
    names = [line for name in _names(chart, frame, measure) for line in name]
    right = frame.width - (widest(names, measure, "italic") + _NAME_GAP if names else 0.0) * em
    inset = _inset(chart, measure) * em
    places = chart.places or tuple(float(index) for index, _ in enumerate(chart.labels))
    across = Scale(
        min(places), max(places), left + inset, right - (_POINT * em if names else inset)
    )
    height = frame.width * (_HEIGHT if frame.width >= _NARROW * em else _NARROW_HEIGHT)
    marks = _marks(chart.series)
    high = max(value.number for one in chart.series for value in one.values if value)
    up = Scale(marks[0], marks[-1] if left else high, top + height, top)
    return Field(across, up, places, left, right)


def _inset(chart: Chart, measure: Measure) -> float:
    """Give the room that the first and the last label and number take on either side, in ems."""
    words = [chart.labels[0], chart.labels[-1]]
    ends = [one.values[index] for one in chart.series for index in (0, -1)]
    words += [value.text for value in ends if value] if len(chart.series) == 1 else []
    return widest(words, measure) / 2


def _grid(marks: Sequence[float], field: Field, em: float) -> Iterator[Item]:
    for mark in marks:
        y = field.up(mark)
        if mark != marks[0]:
            yield Line(field.left, y, field.right, y, HAIRLINE * em, _GRID)
        yield Text(field.left - _NAME_GAP * em, y + CAPITAL / 2 * em, written(mark), "end")


def _labels(chart: Chart, field: Field, measure: Measure, em: float) -> list[tuple[float, str]]:
    """Give the labels below the field: all, if they have room, or round numbers, or every n-th."""
    own = sorted(
        (field.across(x), label) for x, label in zip(field.places, chart.labels, strict=True)
    )
    if _have_room(own, measure, em):
        return own
    if chart.places is not None:
        low, high = min(field.places), max(field.places)
        for most in range(len(own), 2, -1):
            found = scales.inside(low, high, most)
            marks = [(field.across(year), f"{year:g}") for year in found]
            if _have_room(marks, measure, em):
                return marks
        return [own[0], own[-1]]
    step = 2
    while not _have_room(own[::step], measure, em):
        step += 1
    return own[::step]


def _have_room(labels: Sequence[tuple[float, str]], measure: Measure, em: float) -> bool:
    gap = _NAME_GAP * em
    return all(
        a + measure(one, "normal") * em / 2 + gap <= b - measure(other, "normal") * em / 2
        for (a, one), (b, other) in pairwise(labels)
    )


def points(one: Series, field: Field) -> list[tuple[float, Point]]:
    """Give the points of a line, from left to right, each behind its place on the scale."""
    found = [
        (place, (field.across(place), field.up(value.number)))
        for place, value in zip(field.places, one.values, strict=True)
        if value
    ]
    return sorted(found)


def segments(one: Series, field: Field) -> Iterator[tuple[Point, Point, bool]]:
    """Give the pieces of a line, and of each whether it leads over places without a number."""
    places = sorted(field.places)
    step = min((b - a for a, b in pairwise(places)), default=0.0)
    is_regular = all(place == int(place) for place in places)
    for (a, start), (b, end) in pairwise(points(one, field)):
        skips = any(a < place < b for place in places)
        yield start, end, skips or (is_regular and b - a > step)


def _line(one: Series, index: int, field: Field, em: float) -> Iterator[Item]:
    grey, width = _LINES[index]
    clear = (_POINT + _CLEAR) * em
    for (x1, y1), (x2, y2), is_dashed in segments(one, field):
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        if length > 2 * clear:
            dx, dy = (x2 - x1) / length * clear, (y2 - y1) / length * clear
            dash = _DASH * em if is_dashed else 0.0
            yield Line(x1 + dx, y1 + dy, x2 - dx, y2 - dy, width * em, grey, dash)
    for _, (x, y) in points(one, field):
        yield _point(x, y, index, em)


def _point(x: float, y: float, index: int, em: float) -> Item:
    """Draw a point in the manner of a line: a disc, ring, square, open square or triangle."""
    r = _POINT * em
    stroke = RULE * 1.4 * em
    match index:
        case 0:
            return Dot(x, y, r)
        case 1:
            return Dot(x, y, r, stroke)
        case 4:
            return Shape(((x - r, y + r), (x, y - r), (x + r, y + r)), 0.0)
    s = r * 0.9
    corners = ((x - s, y - s), (x + s, y - s), (x + s, y + s), (x - s, y + s))
    return Shape(corners, 0.0 if index == 2 else None, 0.0 if index == 2 else stroke)  # noqa: PLR2004 - the third line


def _numbers(one: Series, field: Field, frame: Frame, measure: Measure) -> Iterator[Text]:
    """Set numbers beside their points, where they meet neither the line nor one another."""
    em = frame.size
    drawn = [(start, end) for start, end, _ in segments(one, field)]
    values = sorted(
        (place, value.text) for place, value in zip(field.places, one.values, strict=True) if value
    )
    taken: list[Box] = []
    for (_, words), (_, (x, y)) in zip(values, points(one, field), strict=True):
        best = min(
            _around(x, y, words, em),
            key=lambda text: _meetings(box_of(text, em, measure), drawn, taken, frame),
        )
        taken.append(box_of(best, em, measure))
        yield best


def _around(x: float, y: float, words: str, em: float) -> Iterator[Text]:
    """Give the places for a point's number, the best first."""
    side = (_POINT + _ABOVE / 2) * em
    over, under = y - _ABOVE * em, y + (_ABOVE + CAPITAL) * em
    level = y + CAPITAL / 2 * em
    yield Text(x, over, words, "middle")
    yield Text(x - side / 2, over, words, "end")
    yield Text(x + side / 2, over, words)
    yield Text(x, under, words, "middle")
    yield Text(x + side, level, words)
    yield Text(x - side, level, words, "end")


def _meetings(
    box: Box, drawn: Sequence[tuple[Point, Point]], taken: Sequence[Box], frame: Frame
) -> int:
    """Count what a number would meet; to stand beyond the frame counts double."""
    beyond = box.left < -frame.size / 4 or box.right > frame.width + frame.size / 4
    crossed = sum(crosses(start, end, box) for start, end in drawn)
    return crossed + sum(box.meets(other) for other in taken) + 2 * beyond


def crosses(start: Point, end: Point, box: Box) -> bool:
    """Tell whether a straight line passes through a rectangle (Liang and Barsky, 1984)."""
    first, last = 0.0, 1.0
    (x1, y1), (x2, y2) = start, end
    for moved, room in (
        (x1 - x2, x1 - box.left),
        (x2 - x1, box.right - x1),
        (y1 - y2, y1 - box.top),
        (y2 - y1, box.bottom - y1),
    ):
        if moved == 0:
            if room < 0:
                return False
        elif moved < 0:
            first = max(first, room / moved)
        else:
            last = min(last, room / moved)
    return first < last


def _names(chart: Chart, frame: Frame, measure: Measure) -> list[list[str]]:
    """Give the lines of the names of several lines; nothing for a single one."""
    if len(chart.series) == 1:
        return []
    most = _NAMES * frame.width / frame.size
    return [wrapped(one.name, most, measure, "italic") for one in chart.series]


def _named(
    series: Sequence[Series], names: Sequence[Sequence[str]], field: Field, em: float
) -> Iterator[Text]:
    """Set the lines' names at their ends, apart from one another."""
    ends = [points(one, field)[-1][1][1] for one in series]
    gap = max(map(len, names)) * PITCH * em
    half = (gap - PITCH * em) / 2
    places = scales.spread(ends, gap, field.up.end + half, field.up.start - half)
    x = field.right + _NAME_GAP * em
    for lines_, middle in zip(names, places, strict=True):
        first = middle - (len(lines_) - 1) * PITCH / 2 * em + CAPITAL / 2 * em
        for number, line in enumerate(lines_):
            yield Text(x, first + number * PITCH * em, line, style="italic")
