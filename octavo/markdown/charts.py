"""Charts from data: which columns they show, and whether these hold what the chart needs.

``![Caption](data/x.csv){#fig-x .bar x=Year y="Tons, Yuan" alt="…"}``.  Wrong cells are reported
where they stand in their file.  The words of a chart are those of its data table, which is read as
Markdown; so a chart is a *draft* until that has been done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from lxml import etree

from octavo.charts.model import MOST_SERIES, Chart, Form, Series, Value
from octavo.dates import DateError
from octavo.markdown import chart_cells
from octavo.markdown.chart_cells import Day
from octavo.markdown.data import Row, check_column
from octavo.markdown.drafts import Cell, ChartDraft
from octavo.markdown.reading import Reading
from octavo.markdown.tree import Element
from octavo.problems import Span
from octavo.wording import wording

OPTIONS: Mapping[Form, tuple[str, ...]] = {
    "bar": ("x", "y", "series", "y-axis"),
    "line": ("x", "y", "series", "x-axis", "y-axis"),
    "stacked": ("x", "y", "series", "y-axis"),
    "timeline": ("label", "begin", "end", "x-axis"),
}
"""The attributes of each form, besides those that every figure has."""

PANELS = "panels"
"""The class that gives each series a scale of its own."""

_NEEDED = ("x", "y", "label", "begin")


@dataclass(frozen=True)
class ChartSource:
    """What a chart is to be made of: its form, its attributes, its file's rows, the head first."""

    form: Form
    path: str
    options: Mapping[str, str]
    has_panels: bool
    rows: Sequence[Row]
    span: Span

    @property
    def name(self) -> str:
        """Give the name of the file without its ending."""
        return PurePosixPath(self.path).stem


def draft(reading: Reading, source: ChartSource) -> ChartDraft | None:
    """Make a chart of a file's rows; None, with problems, where that cannot be."""
    before = len(reading.problems)
    columns = _columns(reading, source)
    made = None
    if all(columns[option] for option in columns if option in _NEEDED):
        maker = _timeline if source.form == "timeline" else _of_series
        made = maker(reading, source, columns)
    return made if len(reading.problems) == before else None


def _columns(reading: Reading, source: ChartSource) -> dict[str, list[int]]:
    """Find the columns that the options name; report those that are wanting."""
    heads = source.rows[0]
    found: dict[str, list[int]] = {}
    for option in OPTIONS[source.form]:
        if option.endswith("-axis"):
            continue
        given = [name.strip() for name in source.options.get(option, "").split(",")]
        names = [name for name in given if name]
        if not names and option in _NEEDED:
            message = f'a .{source.form} chart needs {option}="…", the name of a column'
            hint = f"the columns are: {', '.join(head.text for head in heads)}"
            reading.error("chart-names-columns", message, source.span, hint)
        if len(names) > 1 and option != "y":
            message = f"{option} takes one column, and these are {len(names)}"
            reading.error("chart-names-columns", message, source.span)
        places = [check_column(reading, source.path, n, heads, source.span) for n in names]
        found[option] = [place for place in places if place is not None]
    return found


def _of_series(
    reading: Reading, source: ChartSource, columns: Mapping[str, Sequence[int]]
) -> ChartDraft:
    """Make a chart of numbers: of several columns, or of one and another that parts it."""
    x, ys, key = columns["x"][0], columns["y"], columns["series"]
    head, rows = source.rows[0], source.rows[1:]
    if key and len(ys) > 1:
        message = "a chart with a column for its series takes one column of numbers"
        hint = "leave out series, or all but one of the columns of y"
        reading.error("chart-names-columns", message, source.span, hint)
    values = [[_value(reading, source.form, row, column) for row in rows] for column in ys]
    for column in ys:
        if not any(row[column].text for row in rows):
            message = f'the column "{head[column].text}" has no numbers'
            reading.error("series-has-values", message, head[column].span)
    _check_unique(reading, rows, [x, *key])
    labels = _firsts(rows, x)
    if key:
        names = _firsts(rows, key[0])
        places = [(index, 1) for index in names.values()]
        known = {
            (row[key[0]].text, row[x].text): value
            for row, value in zip(rows, values[0], strict=True)
        }
        series = [Series(n, tuple(known.get((n, label)) for label in labels)) for n in names]
    else:
        places = [(0, index) for index, _ in enumerate(ys, start=1)]
        series = [
            Series(head[column].text, tuple(one)) for column, one in zip(ys, values, strict=True)
        ]
    if len(series) > MOST_SERIES and not source.has_panels:
        message = f"{len(series)} series: no more than {MOST_SERIES} can be told apart"
        hint = "show some of them, or each on a scale of its own: .bar .panels"
        reading.error("chart-series-are-few", message, source.span, hint)
    chart = Chart(
        form=source.form,
        name=source.name,
        labels=tuple(labels),
        places=_places(reading, [rows[index - 1] for index in labels.values()], x),
        series=tuple(series),
        panels=source.has_panels,
        x_axis=source.options.get("x-axis", ""),
        y_axis=source.options.get("y-axis", ""),
    )
    shown = [head, *rows]
    table = [[Cell(row[i].text, row[i].span) for i in (x, *key)] for row in shown]
    for column, one in zip(ys, values, strict=True):
        table[0].append(Cell(head[column].text, head[column].span, is_number=True))
        for cells, row, value in zip(table[1:], rows, one, strict=True):
            text = value.text if value else ""
            cells.append(Cell(text, row[column].span, is_number=True))
    whole = tuple(tuple(row) for row in table)
    return ChartDraft(chart, whole, tuple((i, 0) for i in labels.values()), tuple(places))


def _firsts(rows: Sequence[Row], column: int) -> dict[str, int]:
    """Give the different texts of a column, each with the first row that has it, from 1."""
    found: dict[str, int] = {}
    for index, row in enumerate(rows, start=1):
        found.setdefault(row[column].text, index)
    return found


def _value(reading: Reading, form: Form, row: Row, column: int) -> Value | None:
    text, span = row[column].text, row[column].span
    found = chart_cells.value(text)
    if text and found is None:
        hint = "such as 1080000, 4.5 or >1080000: no spaces, commas or units"
        reading.error("value-is-number", f'"{text}" is no number', span, hint)
    if found and found.number < 0 and form == "stacked":
        message = f"{text} is negative, and cannot be stacked"
        reading.error("stacked-values-are-positive", message, span, "show it with .bar")
    return found


def _check_unique(reading: Reading, rows: Sequence[Row], columns: Sequence[int]) -> None:
    met: dict[tuple[str, ...], Row] = {}
    for row in rows:
        key = tuple(row[column].text for column in columns)
        if key in met:
            message = f'"{", ".join(key)}" stands in this chart twice'
            hint = f"first on line {met[key][0].span.line}"
            reading.error("chart-label-is-unique", message, row[columns[0]].span, hint)
        met.setdefault(key, row)


def _places(reading: Reading, rows: Sequence[Row], column: int) -> tuple[float, ...] | None:
    """Give the places of labels on a scale: numbers, or dates where one of them is a date."""
    texts = [row[column].text for row in rows]
    numbers = [chart_cells.value(text) for text in texts]
    if all(number is not None and number.text[:1] not in "<>≤≥≈" for number in numbers):
        return tuple(number.number for number in numbers if number)
    if not any(chart_cells.is_dated(text) for text in texts):
        return None
    days = [_day(reading, row, column) for row in rows]
    return tuple(day.begin for day in days if day)


def _timeline(
    reading: Reading, source: ChartSource, columns: Mapping[str, Sequence[int]]
) -> ChartDraft:
    label, begin, ends = columns["label"][0], columns["begin"][0], columns["end"][:1]
    head, rows = source.rows[0], source.rows[1:]
    _check_unique(reading, rows, [label, begin])
    periods = []
    table = [[Cell(head[i].text, head[i].span) for i in (label, begin, *ends)]]
    for row in rows:
        days = [_day(reading, row, begin)]
        days += [_day(reading, row, end) if row[end].text else None for end in ends]
        first, last = days[0], days[-1] if ends else None
        if first and last and last.end <= first.begin:
            message = f"this ends in {last.text}, before it begins in {first.text}"
            reading.error("period-ends-after-beginning", message, row[ends[0]].span)
        if first:
            periods.append(chart_cells.period(first, last, wording(reading.language).dates))
        cells = [Cell(row[label].text, row[label].span)]
        for column, day in zip((begin, *ends), days, strict=True):
            cells.append(Cell(day.text if day else "", row[column].span))
        table.append(cells)
    chart = Chart(
        form=source.form,
        name=source.name,
        labels=tuple(row[label].text for row in rows),
        periods=tuple(periods),
        x_axis=source.options.get("x-axis", ""),
    )
    whole = tuple(tuple(row) for row in table)
    return ChartDraft(chart, whole, tuple((index, 0) for index, _ in enumerate(rows, start=1)))


def _day(reading: Reading, row: Row, column: int) -> Day | None:
    text = row[column].text
    span = row[column].span
    if not text:
        reading.error("date-is-date", "a date is missing here", span)
        return None
    try:
        return chart_cells.day(text, wording(reading.language).dates)
    except DateError as error:
        reading.error("date-is-date", str(error), span, error.hint)
        return None


# When the section has been read


def leave_out_notes(body: Element) -> None:
    """Take notes and citations out of data tables: on paper there are no such tables."""
    for table in body.iterfind(_TABLES):
        for element in list(table.iter("span", "a")):
            if element.get("class") in {"citation", "note-call", "note-text"}:
                element.tag = _LEFT_OUT
        etree.strip_elements(table, _LEFT_OUT, with_tail=False)


_LEFT_OUT = "left-out"
_TABLES = ".//figure/table[@class='data noindex']"


def finished(body: Element, drafts: Sequence[ChartDraft]) -> tuple[Chart, ...]:
    """Give the section's charts with their words as they stand in the data tables."""
    charts: list[Chart] = []
    for table in body.iterfind(_TABLES):
        picture = table.getparent().find("img")
        made = drafts[int(picture.get("data-chart"))]
        picture.set("data-chart", str(len(charts)))
        cells = [
            [" ".join("".join(cell.itertext()).split()) for cell in row.iter("th", "td")]
            for row in table.iter("tr")
        ]
        names = [cells[row][column] for row, column in made.names]
        series = tuple(
            replace(one, name=name) for one, name in zip(made.chart.series, names, strict=True)
        )
        labels = tuple(cells[row][column] for row, column in made.labels)
        charts.append(replace(made.chart, labels=labels, series=series))
    return tuple(charts)
