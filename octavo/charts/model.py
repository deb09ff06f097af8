"""What a chart shows, without any place on paper: names, numbers, dates."""

from dataclasses import dataclass
from typing import Literal

Form = Literal["bar", "line", "stacked", "timeline"]

FORMS: tuple[Form, ...] = ("bar", "line", "stacked", "timeline")

MOST_SERIES = 5
"""How many series can be told apart by lightness and pattern alone."""


@dataclass(frozen=True)
class Value:
    """A number, and how it is printed: with its digits grouped, and "> " before it if it is so."""

    number: float
    text: str


@dataclass(frozen=True)
class Series:
    """What one column says of each of the chart's labels; None where it says nothing."""

    name: str
    values: tuple[Value | None, ...]


@dataclass(frozen=True)
class Period:
    """A stretch of time, in years from the year 0, and its dates as they are printed.

    ``end`` is None for a moment.
    """

    begin: float
    end: float | None
    dates: str


@dataclass(frozen=True)
class Chart:
    """A chart: what it is called as a file, its labels, and what is known of each.

    ``places`` are the labels' places on a scale of numbers or years, where they have such;
    ``series`` and ``labels``, or ``periods`` and ``labels``, run in parallel.  With ``panels`` each
    series has a scale of its own.  ``x_axis`` and ``y_axis`` say what is measured, and in what.
    """

    form: Form
    name: str
    labels: tuple[str, ...]
    places: tuple[float, ...] | None = None
    series: tuple[Series, ...] = ()
    periods: tuple[Period, ...] = ()
    panels: bool = False
    x_axis: str = ""
    y_axis: str = ""
