"""Bars, side by side or end to end: one row a label, lying, so that labels read like text.

Every bar bears its number, so there is no scale beside it; where several bars make a row, their
names follow the numbers of the first.  Stacked bars, whose parts bear no numbers, stand on a scale,
and their parts' names above the first row.  Labels stand before the bars or, in a narrow frame,
above them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from octavo.charts import scales
from octavo.charts.drawing import (
    CAPITAL,
    DESCENT,
    HAIRLINE,
    PITCH,
    RULE,
    Anchor,
    Box,
    Drawing,
    Frame,
    Item,
    Line,
    Measure,
    Text,
    area,
    box_of,
    widest,
    wrapped,
)
from octavo.charts.model import Chart, Series, Value
from octavo.charts.scales import Scale
from octavo.numerals import written

_NARROW = 23.0
"""A frame of fewer ems has its labels above the bars."""

_LABELS = 0.4
"""The most of a frame's width that labels before the bars take."""

_BAR, _BAR_GAP, _ROW_GAP = 0.82, 0.24, 0.68
"""The thickness of a bar; what is between the bars of a row; between rows (ems)."""

_LABEL_GAP, _VALUE_GAP, _PANEL_GAP = 1.0, 0.4, 1.4
"""Between labels and bars; bars and their numbers; panels (ems)."""

_UNDER_LABEL = 0.17
"""Between a label above its bars and the first of them, besides what hangs below its line (em)."""

_LEAST_PANEL = 9.5
"""The least width of a panel beside another, in ems."""

_SAMPLE, _UNDER_NAMES, _TICK = 1.3, 0.5, 0.25
"""The length of a sample; below the names of a stack's parts; above a scale's numbers (ems)."""

_GRID = 0.75
"""The grey of lines that help to compare."""

_WORDS = 0.6
"""The most of a panel's width that a number with the name of its series takes."""

_MOST_TICKS = 6

_TOLERANCE = 1e-6
"""What a sum of widths may be off."""


@dataclass(frozen=True)
class Block:
    """Bars on one scale: a title, the series with their manners, the rows that they have."""

    title: str
    series: tuple[tuple[int, Series], ...]
    rows: tuple[int, ...]


@dataclass(frozen=True)
class _Row:
    """A row in its place: its index, its label's lines and their first baseline, its bars' top."""

    index: int
    lines: tuple[str, ...]
    baseline: float
    bars: float
    bottom: float


@dataclass(frozen=True)
class _Sheet:
    """What a chart is drawn on; lengths are in the frame's unit.

    ``column`` is the width of the labels before the bars, 0 where they stand above.
    """

    chart: Chart
    frame: Frame
    measure: Measure
    column: float

    @property
    def em(self) -> float:
        return self.frame.size

    def width(self, words: str) -> float:
        return self.measure(words, "normal") * self.em


def bars(chart: Chart, frame: Frame, measure: Measure) -> Drawing:
    """Draw a chart of bars, or of stacked bars."""
    found = blocks(chart)
    em = frame.size
    is_narrow = frame.width < _NARROW * em
    column = 0.0 if is_narrow else _label_column(chart, frame, measure)
    sheet = _Sheet(chart, frame, measure, column)
    have_same_rows = len({block.rows for block in found}) == 1
    stand_abreast = have_same_rows and not is_narrow
    count = abreast(len(found), (frame.width - column) / em) if stand_abreast else 1
    width = (frame.width - column - _PANEL_GAP * em * (count - 1)) / count
    items: list[Item] = []
    bottom = 0.0
    for start in range(0, len(found), count):
        row = found[start : start + count]
        titles = [wrapped(block.title, width / em, measure, "italic") for block in row]
        under = bottom + (_PANEL_GAP * em if start else 0.0) + max(map(len, titles)) * PITCH * em
        top = under + (_UNDER_LABEL * em if is_narrow and under else 0.0)
        rows: list[_Row] = []
        for index, (block, title) in enumerate(zip(row, titles, strict=True)):
            left = column + index * (width + _PANEL_GAP * em)
            items += _title(title, left, under, em)
            made, rows, bottom = _panel(sheet, block, left, width, top)
            items += made
        items += _labels(sheet, rows)
    return Drawing(frame.width, bottom, em, tuple(items))


def abreast(count: int, room: float) -> int:
    """Say how many of some panels stand side by side in ``room`` ems, in rows about even."""
    most = max(1, int((room + _PANEL_GAP) / (_LEAST_PANEL + _PANEL_GAP)))
    return ceil(count / ceil(count / most))


def blocks(chart: Chart) -> list[Block]:
    """Divide a chart into panels: one a series, with the rows in which it has a number."""
    if not chart.panels:
        rows = tuple(range(len(chart.labels)))
        return [Block(chart.y_axis, tuple(enumerate(chart.series)), rows)]
    return [
        Block(
            ", ".join(filter(None, [one.name, chart.y_axis])),
            ((0, one),),
            tuple(index for index, value in enumerate(one.values) if value is not None),
        )
        for one in chart.series
    ]


def _label_column(chart: Chart, frame: Frame, measure: Measure) -> float:
    """Give the width of the labels before the bars, with the gap behind them."""
    most = frame.width / frame.size * _LABELS
    lines = [line for label in chart.labels for line in wrapped(label, most, measure)]
    return (widest(lines, measure) + _LABEL_GAP) * frame.size


def _title(lines: Sequence[str], left: float, top: float, em: float) -> Iterator[Text]:
    """Set a panel's title above ``top``."""
    for index, line in enumerate(lines):
        y = top - (len(lines) - 1 - index) * PITCH * em - (PITCH - CAPITAL) * em
        yield Text(left, y, line, style="italic")


def _rows(sheet: _Sheet, block: Block, count: int, top: float) -> list[_Row]:
    """Place a block's rows, each with ``count`` bars, from ``top`` down."""
    em = sheet.em
    height = (count * _BAR + (count - 1) * _BAR_GAP) * em
    found = []
    for index in block.rows:
        label = sheet.chart.labels[index]
        room = sheet.column / em - _LABEL_GAP if sheet.column else sheet.frame.width / em
        lines = tuple(wrapped(label, room + _TOLERANCE, sheet.measure))
        if sheet.column:
            baseline = top + (_BAR + CAPITAL) / 2 * em
            first = top
        else:
            baseline = top + CAPITAL * em
            first = baseline + ((len(lines) - 1) * PITCH + DESCENT + _UNDER_LABEL) * em
        words = baseline + ((len(lines) - 1) * PITCH + DESCENT) * em
        bottom = max(first + height, words if len(lines) > 1 else 0.0)
        found.append(_Row(index, lines, baseline, first, bottom))
        top = bottom + _ROW_GAP * em
    return found


def _labels(sheet: _Sheet, rows: Sequence[_Row]) -> Iterator[Text]:
    for row in rows:
        for number, line in enumerate(row.lines):
            yield Text(0.0, row.baseline + number * PITCH * sheet.em, line)


def _panel(
    sheet: _Sheet, block: Block, left: float, width: float, top: float
) -> tuple[list[Item], list[_Row], float]:
    """Draw a block's bars; give them, their rows, and where they end."""
    if sheet.chart.form == "stacked":
        return _stacks(sheet, block, left, width, top)
    has_key = not _have_room(sheet, block, width)
    names = _key(block, Box(left, top, left + width, top), sheet) if has_key else _Names((), top)
    rows = _rows(sheet, block, len(block.series), names.bottom)
    ends = _ends(block, rows, sheet.em, named=not has_key)
    lengths = [(end.number, sheet.width(end.words) + _VALUE_GAP * sheet.em) for end in ends]
    zero, unit = fitted(lengths, width)
    items = [*names.items]
    for end in ends:
        x = left + zero + end.number * unit
        least = 2 * RULE * sheet.em
        box = Box(min(left + zero, x), end.top, max(left + zero, x), end.top + _BAR * sheet.em)
        if end.number and box.right - box.left < least:
            box = Box(box.left, box.top, box.left + least, box.bottom)
        items += area(box, end.series, sheet.em)
        baseline = end.top + (_BAR + CAPITAL) / 2 * sheet.em
        gap = _VALUE_GAP * sheet.em
        behind = sheet.width(f"{end.value} ")
        if end.number < 0:
            start = box.left - gap
            items.append(Text(start, baseline, end.value, "end"))
            items += _name(end.name, start - behind, baseline, "end")
        else:
            items.append(Text(box.right + gap, baseline, end.value))
            items += _name(end.name, box.right + gap + behind, baseline, "start")
    items += _upright(sheet, rows, len(block.series), left + zero, RULE * sheet.em)
    return items, rows, rows[-1].bottom + _ROW_GAP / 2 * sheet.em


def _name(name: str, x: float, baseline: float, anchor: Anchor) -> list[Item]:
    return [Text(x, baseline, name, anchor, "italic")] if name else []


def _upright(
    sheet: _Sheet, rows: Sequence[_Row], count: int, x: float, width: float, grey: float = 0.0
) -> Iterator[Line]:
    """Draw the line that bars stand on, or one to compare them by; labels above bars stay free."""
    over = (_ROW_GAP / 2 if sheet.column else _UNDER_LABEL / 2) * sheet.em
    height = (count * _BAR + (count - 1) * _BAR_GAP) * sheet.em
    pieces = [(row.bars - over, row.bars + height + over) for row in rows]
    for top, bottom in [(pieces[0][0], pieces[-1][1])] if sheet.column else pieces:
        yield Line(x, top, x, bottom, width, grey)


@dataclass(frozen=True)
class _End:
    """A bar: its top, its number, its series' manner, and the words at its end."""

    top: float
    number: float
    series: int
    value: str
    name: str

    @property
    def words(self) -> str:
        return f"{self.value} {self.name}" if self.name else self.value


def _have_room(sheet: _Sheet, block: Block, width: float) -> bool:
    """Tell whether the names of series have room behind the numbers of their bars."""
    values = [value.text for _, one in block.series for value in one.values if value]
    names = [one.name for _, one in block.series] if len(block.series) > 1 else []
    words = widest(values, sheet.measure) + widest(names, sheet.measure, "italic")
    return not names or words * sheet.em <= _WORDS * width


def _ends(block: Block, rows: Sequence[_Row], em: float, *, named: bool) -> list[_End]:
    """Give a block's bars; if they are ``named``, each series is where it first appears."""
    done: set[int] = set()
    found = []
    for row in rows:
        for place, (series, one) in enumerate(block.series):
            value = one.values[row.index]
            if value is None:
                continue
            top = row.bars + place * (_BAR + _BAR_GAP) * em
            name = one.name if named and len(block.series) > 1 and series not in done else ""
            done.add(series)
            found.append(_End(top, value.number, series, value.text, name))
    return found


def fitted(bars_: Sequence[tuple[float, float]], width: float) -> tuple[float, float]:
    """Fit bars, each a number and the width of the words at its end, into a width.

    Gives where zero stands, and the length of 1; words of negative numbers stand on the left.
    """
    below = [(-number, words) for number, words in bars_ if number < 0] or [(0.0, 0.0)]
    above = [(number, words) for number, words in bars_ if number >= 0] or [(0.0, 0.0)]
    unit = min(
        (
            max(0.0, width - words - others) / (number + other)
            for number, words in below
            for other, others in above
            if number + other
        ),
        default=0.0,
    )
    zero = max(number * unit + words for number, words in below)
    return zero, unit


def _stacks(
    sheet: _Sheet, block: Block, left: float, width: float, top: float
) -> tuple[list[Item], list[_Row], float]:
    """Draw stacked bars with their totals, on a scale."""
    em = sheet.em
    stacks = [[one.values[index] for _, one in block.series] for index in block.rows]
    totals = [sum(value.number for value in stack if value) for stack in stacks]
    ends = [(total, sheet.width(written(total)) + _VALUE_GAP * em) for total in totals]
    _, unit = fitted(ends, width)
    items: list[Item] = []
    names = _names(block, stacks[0], Box(left, top, left + width, top), unit, sheet)
    items += names.items
    rows = _rows(sheet, block, 1, names.bottom)
    end = rows[-1].bars + (_BAR + _ROW_GAP / 2) * em
    marks = [t for t in scales.ticks(0, max(totals), _MOST_TICKS) if t <= max(totals)]
    scale = Scale(0, max(totals) or 1.0, left, left + unit * max(totals))
    for mark in marks[1:]:
        items += _upright(sheet, rows, 1, scale(mark), HAIRLINE * em, _GRID)
    for row, stack, total in zip(rows, stacks, totals, strict=True):
        at = left
        for (series, _), value in zip(block.series, stack, strict=True):
            after = at + (value.number if value else 0.0) * unit
            items += area(Box(at, row.bars, after, row.bars + _BAR * em), series, em)
            at = after
        baseline = row.bars + (_BAR + CAPITAL) / 2 * em
        items.append(Text(at + _VALUE_GAP * em, baseline, written(total)))
    items += _upright(sheet, rows, 1, left, RULE * em)
    under = end + (CAPITAL + _TICK) * em
    for tick in marks:
        anchor: Anchor = "middle" if tick else "start"
        items.append(Text(scale(tick), under, written(tick), anchor))
    return items, rows, max(rows[-1].bottom, under + DESCENT * em)


@dataclass(frozen=True)
class _Names:
    """The names of a stack's parts, and where they end."""

    items: tuple[Item, ...]
    bottom: float


def _names(
    block: Block, stack: Sequence[Value | None], place: Box, unit: float, sheet: _Sheet
) -> _Names:
    """Set the names above the first row's parts; where they would meet, beside samples instead."""
    em = sheet.em
    baseline = place.top + CAPITAL * em
    at = place.left
    above = []
    for (_, one), value in zip(block.series, stack, strict=True):
        after = at + (value.number if value else 0.0) * unit
        above.append(Text(at, baseline, one.name, style="italic"))
        at = after
    boxes = [box_of(text, em, sheet.measure) for text in above]
    fit = all(a.right + _VALUE_GAP * em <= b.left for a, b in pairwise(boxes))
    if fit and boxes[-1].right <= place.right and all(stack):
        return _Names(tuple(above), baseline + (DESCENT + _UNDER_NAMES) * em)
    return _key(block, place, sheet)


def _key(block: Block, place: Box, sheet: _Sheet) -> _Names:
    """Set the names of series beside samples, on as many lines as they need."""
    em = sheet.em
    baseline = place.top + CAPITAL * em
    items: list[Item] = []
    x = place.left
    for series, one in block.series:
        width = (_SAMPLE + _VALUE_GAP + sheet.measure(one.name, "italic")) * em
        if x > place.left and x + width > place.right + _TOLERANCE:
            x, baseline = place.left, baseline + PITCH * em
        items += area(Box(x, baseline - CAPITAL * em, x + _SAMPLE * em, baseline), series, em)
        items.append(Text(x + (_SAMPLE + _VALUE_GAP) * em, baseline, one.name, style="italic"))
        x += width + _LABEL_GAP * em
    return _Names(tuple(items), baseline + (DESCENT + _UNDER_NAMES) * em)
