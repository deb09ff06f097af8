"""Reads a galley from the boxes of an endless page."""

import copy
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf

from weasyprint.formatting_structure import boxes

from octavo.typeset import text
from octavo.typeset.boxes.setting import Boxes, ends_in_hyphen, last_text
from octavo.typeset.galley import Columns, Galley, NoteLine, SetNote, Strip
from octavo.typeset.text import Flow, Reader

_WORTH_BREAKING = 0.3
"""What should be kept together is broken all the same when it takes more of a page than this."""

_AVOID = {"avoid", "avoid-page"}

_FORCED = {"page", "always", "all", "left", "right", "recto", "verso"}
"""What asks for a new page inside a section; on which side it opens is the section's to say."""

_JOINING = "-/\N{HYPHEN}\N{EN DASH}\N{EM DASH}"

_GENERATED = ("::before", "::after", "::marker", "::footnote-call", "::footnote-marker")

_WHOLE = (boxes.FlexContainerBox, boxes.GridContainerBox)
"""Boxes whose children stand side by side: no page break cuts them."""


@dataclass(frozen=True)
class Reading:
    """A galley with its boxes: of each strip, and of the lines of each note by the note's id.

    ``parted`` are the last text boxes (by ``id``) of lines behind which a space parts two words.
    """

    galley: Galley
    root: Boxes
    strips: tuple[Boxes, ...]
    area: Boxes | None
    note_lines: Mapping[str, tuple[Boxes, ...]]
    parted: frozenset[int]


@dataclass(frozen=True)
class _Found:
    """A strip's box, with the boxes around it from the body inwards, and its place among lines.

    ``index`` and ``count`` place it among the lines of its block, or the rows of its table;
    ``is_held``: a cell that begins above it reaches into it.
    """

    box: Boxes
    path: tuple[Boxes, ...]
    index: int
    count: int
    repeated: float
    is_held: bool = False


def read(page: Boxes, flow: Flow, height: float, leading: float) -> Reading:
    """Read the galley of a section; ``height`` of the text area and ``leading`` are in CSS px."""
    root = next(child for child in page.children if isinstance(child, boxes.BlockBox))
    for box in root.descendants():
        if box.is_leader:
            _join(box)
    found = list(_strips(root, ()))
    reader, heads = Reader(flow), _Heads()
    strips: list[Strip] = []
    previous: _Found | None = None
    floating = -inf
    for item in found:
        strip = _strip(item, previous, reader, heads, _WORTH_BREAKING * height)
        strip = replace(strip, breakable=strip.breakable and strip.top >= floating)
        floating = max([floating, *_float_bottoms(item.box)])
        strip = replace(strip, bottom=max(strip.bottom, *_float_bottoms(item.box), -inf))
        if strips:
            strips[-1] = replace(strips[-1], bottom=_bottom(strips[-1], _closed(item, previous)))
        strips.append(strip)
        previous = item
    areas = [child for child in page.children if isinstance(child, boxes.FootnoteAreaBox)]
    area = next((area for area in areas if area.children), None)
    lines = {_id(note): tuple(lines_of(note)) for note in area.children} if area else {}
    galley = Galley(
        strips=tuple(strips),
        notes={name: _set_note(name, found) for name, found in lines.items()},
        top=page.content_box_y(),
        page=height,
        leading=leading,
        overhead=area.margin_height() - area.height if area else 0.0,
    )
    parted = frozenset(_parted(root)) | frozenset(_parted(area) if area else ())
    return Reading(galley, root, tuple(item.box for item in found), area, lines, parted)


def _join(leader: Boxes) -> None:
    """Make one text of the dots of a leader, each of which WeasyPrint has made a box of."""
    dots = sorted(leader.children, key=lambda dot: dot.position_x)
    if len(dots) > 1:
        joined, layout = dots[0].copy(), copy.copy(dots[0].pango_layout)
        layout.text = dots[0].pango_layout.text * len(dots)
        joined.text, joined.pango_layout = dots[0].text * len(dots), layout
        joined.width = dots[0].width * len(dots)
        leader.children = (joined,)


def _parted(root: Boxes) -> Iterator[int]:
    for box in root.descendants():
        lines = [child for child in box.children if isinstance(child, boxes.LineBox)]
        for line in lines[:-1]:
            last = last_text(line)
            if last is not None and _parts(last.text[-1:]):
                yield id(last)


def _parts(sign: str) -> bool:
    """Tell whether a space stands behind the last character of a line in the source.

    None does where a line ends at a hyphen, a dash or a slash, or in Chinese.
    """
    return sign not in _JOINING and unicodedata.east_asian_width(sign or " ") not in {"W", "F"}


def _strips(box: Boxes, path: tuple[Boxes, ...]) -> Iterator[_Found]:
    """Give the strips below a box in reading order."""
    inner = (*path, box)
    lines = [child for child in box.children if isinstance(child, boxes.LineBox)]
    if lines:
        for index, line in enumerate(lines):
            yield _Found(line, inner, index, len(lines), 0.0)
        return
    for child in box.children:
        if not isinstance(child, boxes.Box) or (child.element_tag or "").endswith("::marker"):
            continue
        if is_head_of_rest(child):
            continue
        if isinstance(child, boxes.TableBox):
            yield from _rows(child, inner)
        elif isinstance(child, boxes.ParentBox) and not isinstance(child, _WHOLE):
            if child.children:
                yield from _strips(child, inner)
            elif child.is_in_normal_flow() and child.border_height():
                yield _Found(child, inner, 0, 1, 0.0)
        else:
            yield _Found(child, inner, 0, 1, 0.0)


def is_head_of_rest(box: Boxes) -> bool:
    """Tell whether a box stands, generated, above what its parent brings to another page or column.

    The stylesheet makes such a head of a block without height: ``::before { display: block;
    height: 0; content: "(cont.)" }``.
    """
    generated = isinstance(box, boxes.BlockBox) and str(box.element_tag).endswith("::before")
    return generated and not box.height and bool(box.children)


def head_of_rest(box: Boxes) -> Boxes | None:
    """Give the head that stands above the rest of a box, if it has one."""
    children = getattr(box, "children", ())
    heads = (child for child in children if isinstance(child, boxes.Box))
    return next((child for child in heads if is_head_of_rest(child)), None)


def height_of_head(head: Boxes) -> float:
    """Give the height of such a head's lines."""
    return sum(float(line.margin_height()) for line in lines_of(head))


class _Heads:
    """The heights of the heads above the rests of boxes; many strips stand in the same boxes."""

    def __init__(self) -> None:
        self._heights: dict[int, float] = {}

    def repeated(self, path: tuple[Boxes, ...], opened: list[Boxes]) -> float:
        """Give the height of the heads of all boxes that go on with a strip."""
        begun = {id(box) for box in opened}
        return sum(self._height(box) for box in path if id(box) not in begun)

    def _height(self, box: Boxes) -> float:
        if id(box) not in self._heights:
            head = head_of_rest(box)
            self._heights[id(box)] = 0.0 if head is None else height_of_head(head)
        return self._heights[id(box)]


def _columns(path: tuple[Boxes, ...]) -> Columns | None:
    """Give the columns around a strip; those that stand in others are none of their own."""
    for box in path:
        if hasattr(box, "set_columns"):
            return Columns(_number(box), *box.set_columns)
    return None


def _rows(table: Boxes, path: tuple[Boxes, ...]) -> Iterator[_Found]:
    heads = [group for group in table.children if group.is_header]
    bodies = [group for group in table.children if not group.is_header]
    height = sum(group.margin_height() for group in heads)
    for group in heads:
        for row in group.children:
            yield _Found(row, (*path, table, group), 0, 1, 0.0)
    rows = [(group, row) for group in bodies for row in group.children]
    held = 0
    for index, (group, row) in enumerate(rows):
        yield _Found(row, (*path, table, group), index, len(rows), height, index < held)
        held = max([held, *(index + cell.rowspan for cell in row.children)])


def _float_bottoms(box: Boxes) -> Iterator[float]:
    for child in box.descendants():
        if isinstance(child, boxes.Box) and child.is_floated():
            yield float(child.position_y + child.margin_height())


def _strip(
    item: _Found, previous: _Found | None, reader: Reader, heads: _Heads, limit: float
) -> Strip:
    box = item.box
    is_line = isinstance(box, boxes.LineBox)
    before = {id(ancestor) for ancestor in previous.path} if previous else set()
    opened = [ancestor for ancestor in item.path if id(ancestor) not in before]
    if not is_line:
        opened.append(box)
    closed = _closed(item, previous)
    return Strip(
        top=min(box.position_y, *_edges(opened)),
        bottom=box.position_y + box.margin_height(),
        element=_number(item.path[-1] if is_line else box),
        start=_start(box, reader),
        breakable=previous is not None and _may_break(item, previous, opened, closed, limit),
        repeated=(item.repeated if item.index else 0.0) + heads.repeated(item.path, opened),
        forced=previous is not None and _is_forced(opened, closed),
        after_figure=any(ancestor.element_tag == "figure" for ancestor in closed),
        notes=tuple(called_in(box)),
        columns=_columns(item.path),
    )


def _is_forced(opened: list[Boxes], closed: list[Boxes]) -> bool:
    """Tell whether the stylesheet wants a new page between boxes (CSS Fragmentation 3 §3.1)."""
    return any(box.style["break_before"] in _FORCED for box in opened) or any(
        box.style["break_after"] in _FORCED for box in closed
    )


def _edges(opened: list[Boxes]) -> Iterator[float]:
    """Give the upper edges of boxes that have a border or padding above what is in them."""
    yield inf
    for box in opened:
        if box.border_top_width or box.padding_top:
            yield box.border_box_y()


def _bottom(strip: Strip, closed: list[Boxes]) -> float:
    """Give the lower edge of a strip with the borders and paddings of boxes that end with it."""
    edged = (box for box in closed if box.border_bottom_width or box.padding_bottom)
    edges = (float(box.border_box_y() + box.border_height()) for box in edged)
    return max([strip.bottom, *edges])


def _number(box: Boxes) -> int:
    return text.number_of(box.element) if box.element is not None else 0


def _id(box: Boxes) -> str:
    return str(box.element.get("id"))


def _closed(item: _Found, previous: _Found | None) -> list[Boxes]:
    if previous is None:
        return []
    now = {id(ancestor) for ancestor in item.path}
    return [ancestor for ancestor in previous.path if id(ancestor) not in now]


def _may_break(
    item: _Found, previous: _Found, opened: list[Boxes], closed: list[Boxes], limit: float
) -> bool:
    """Tell whether a page may end before a strip: the stylesheets' wishes (CSS Fragmentation 3)."""
    avoids_before = any(box.style["break_before"] in _AVOID for box in opened)
    avoids_after = any(box.style["break_after"] in _AVOID for box in closed)
    if item.is_held or avoids_before or avoids_after:
        return False
    shared = [box for box in item.path if not any(box is other for other in opened)]
    if any(box.style["break_inside"] in _AVOID and box.height <= limit for box in shared):
        return False
    style = item.path[-1].style
    if isinstance(item.box, boxes.TableRowBox):
        is_first_row = not item.index
        return not is_first_row and min(item.index, item.count - item.index) > 1
    if item.index:
        widows, orphans = style["widows"], style["orphans"]
        return bool(item.index >= orphans and item.count - item.index >= widows)
    return not isinstance(previous.box, boxes.TableRowBox) or bool(closed)


def _start(box: Boxes, reader: Reader) -> int:
    """Follow the text of a strip; give the place of its first character."""
    places = [
        reader.meet(text.number_of(inner.element), visible_length(inner))
        for inner in box.descendants()
        if isinstance(inner, boxes.TextBox) and is_written(inner)
    ]
    return places[0] if places else reader.place


def is_written(box: Boxes) -> bool:
    """Tell whether a text box shows the manuscript's words, and not generated content."""
    return not any(kind in str(box.element_tag) for kind in _GENERATED)


def visible_length(box: Boxes) -> int:
    """Count the visible characters of a text box, without a hyphen that breaks a word."""
    shown = text.visible(box.text)
    return len(shown.removesuffix(box.style["hyphenate_character"]))


def called_in(box: Boxes) -> Iterator[str]:
    """Give the ids of the notes that are called in a box."""
    for child in box.descendants():
        if (child.element_tag or "").endswith("::footnote-call"):
            yield child.element.get("id")


def lines_of(box: Boxes) -> Iterator[Boxes]:
    """Give the lines in a box, in reading order."""
    if isinstance(box, boxes.LineBox):
        yield box
        return
    for child in getattr(box, "children", ()):
        yield from lines_of(child)


def _set_note(name: str, lines: tuple[Boxes, ...]) -> SetNote:
    return SetNote(
        name,
        tuple(
            NoteLine(line.position_y, line.position_y + line.margin_height(), ends_in_hyphen(line))
            for line in lines
        ),
    )
