"""Charts while their section is being read: their words are still Markdown."""

from dataclasses import dataclass

from octavo.charts.model import Chart
from octavo.problems import Span


@dataclass(frozen=True)
class Cell:
    """A cell of a table from data: its Markdown, where that stands, whether it is a number."""

    text: str
    span: Span
    is_number: bool = False


@dataclass(frozen=True)
class ChartDraft:
    """A chart whose words are to be taken from the data table when that has been read.

    ``table`` is the head and the rows; ``labels`` and ``names`` are the places, row and column, of
    the cells that the chart's labels and its series' names stand in.
    """

    chart: Chart
    table: tuple[tuple[Cell, ...], ...]
    labels: tuple[tuple[int, int], ...]
    names: tuple[tuple[int, int], ...] = ()
