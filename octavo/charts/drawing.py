"""What a drawing is made of, and the frame that it is drawn for; all lengths in the frame's unit.

The unit is whatever the frame's is: a point on paper, a pixel of CSS on screens.  ``x`` runs to
the right and ``y`` downwards from the top left corner.  Greys are 0 (black) to 1 (white).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Anchor = Literal["start", "middle", "end"]
Style = Literal["normal", "italic"]

Measure = Callable[[str, Style], float]
"""Gives the width of words in ems."""

CAPITAL = 0.65
"""The height of capitals and lining figures of EB Garamond in ems."""

DESCENT = 0.28
"""How far letters hang below the baseline, in ems."""

PITCH = 1.2
"""The distance of two lines of a label, in ems."""

HAIRLINE = 0.035
"""The thickness of lines that only help the eye, in ems: a third of a point in print."""

RULE = 0.055
"""The thickness of axes and outlines, in ems."""


@dataclass(frozen=True)
class Frame:
    """What a drawing has to fit: its width, and the size of its type."""

    width: float
    size: float


@dataclass(frozen=True)
class Text:
    """Words on one line: ``x`` is where ``anchor`` says, ``y`` the baseline."""

    x: float
    y: float
    words: str
    anchor: Anchor = "start"
    style: Style = "normal"


@dataclass(frozen=True)
class Line:
    """A straight line; ``dash`` is the length of its dashes and gaps, 0 for none."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    grey: float = 0.0
    dash: float = 0.0


@dataclass(frozen=True)
class Shape:
    """A closed polygon, filled with a grey (None: not filled), outlined if ``stroke`` is not 0."""

    points: tuple[tuple[float, float], ...]
    grey: float | None
    stroke: float = 0.0


@dataclass(frozen=True)
class Dot:
    """A circle, filled with black, or outlined if ``stroke`` is not 0."""

    x: float
    y: float
    radius: float
    stroke: float = 0.0


Item = Text | Line | Shape | Dot


@dataclass(frozen=True)
class Drawing:
    """A finished drawing: its size, the size of its type, what is drawn, in that order."""

    width: float
    height: float
    size: float
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Box:
    """The rectangle that something takes."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Tell whether two rectangles share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def box_of(text: Text, size: float, measure: Measure) -> Box:
    """Give the rectangle of a text's words, from the top of its capitals to the descenders."""
    width = measure(text.words, text.style) * size
    left = text.x - {"start": 0.0, "middle": width / 2, "end": width}[text.anchor]
    return Box(left, text.y - CAPITAL * size, left + width, text.y + DESCENT * size)


def wrapped(words: str, width: float, measure: Measure, style: Style = "normal") -> list[str]:
    """Break words into lines of at most ``width`` ems, as few as can be; a long word stands out."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer, style) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def axis_title(words: str, right: float, top: float, frame: Frame, measure: Measure) -> list[Text]:
    """Set what an axis measures in italic below its numbers, from ``top`` down, on the right."""
    em = frame.size
    return [
        Text(right, top + (CAPITAL + number * PITCH) * em, line, "end", "italic")
        for number, line in enumerate(wrapped(words, right / em, measure, "italic"))
    ]


def foot(texts: Sequence[Text], above: float, em: float) -> float:
    """Give where the last of some texts ends, or ``above`` where there is none."""
    return max([above, *(text.y + DESCENT * em for text in texts)])


def widest(texts: Iterable[str], measure: Measure, style: Style = "normal") -> float:
    """Give the width of the widest of some texts in ems; 0 if there is none."""
    return max((measure(text, style) for text in texts), default=0.0)


def rectangle(box: Box) -> tuple[tuple[float, float], ...]:
    """Give the corners of a rectangle."""
    return (
        (box.left, box.top),
        (box.right, box.top),
        (box.right, box.bottom),
        (box.left, box.bottom),
    )


_HATCHES: Sequence[Literal["none", "diagonal", "level"]] = (
    "none",
    "diagonal",
    "none",
    "level",
    "none",
)
_GREYS = (0.35, None, 0.82, None, None)


def area(box: Box, series: int, size: float) -> list[Item]:
    """Fill a rectangle in the manner of a series, from 0.

    The manners: dark; hatched; light; lined; empty.  All but the first are outlined.
    """
    if box.right - box.left <= 0:
        return []
    inset = 0.0 if series == 0 else RULE * size / 2
    inner = Box(box.left + inset, box.top + inset, box.right - inset, box.bottom - inset)
    items: list[Item] = []
    if _HATCHES[series] != "none":
        items += _hatching(inner, _HATCHES[series] == "diagonal", size)
    stroke = 0.0 if series == 0 else RULE * size
    items.append(Shape(rectangle(inner), _GREYS[series], stroke))
    return items


_HATCH = 0.27
"""The distance of the lines of a hatching, in ems."""


def _hatching(box: Box, diagonal: bool, size: float) -> list[Item]:
    """Give the lines of a hatching, cut at the edges of a rectangle."""
    step = _HATCH * size
    lines: list[Item] = []
    if not diagonal:
        count = round((box.bottom - box.top) / step)
        for index in range(1, count):
            y = box.top + (box.bottom - box.top) * index / count
            lines.append(Line(box.left, y, box.right, y, HAIRLINE * size))
        return lines
    across = step * 2**0.5
    height = box.bottom - box.top
    start = box.left + across / 2
    while start < box.right + height:
        x1, x2 = min(start, box.right), max(start - height, box.left)
        y1, y2 = box.top + start - x1, box.top + start - x2
        if x1 > x2:
            lines.append(Line(x1, y1, x2, y2, HAIRLINE * size))
        start += across
    return lines
