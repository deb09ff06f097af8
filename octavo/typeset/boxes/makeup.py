"""Puts the boxes of a galley on pages, where ``breaks`` has cut it.

What stands in a line stays as it was set: lines are moved, never set anew.  A box that holds lines
of several pages is divided among them, as CSS Fragmentation has it (``box-decoration-break:
slice``); the head of a table stands again on each of its pages.  The pages' text areas begin at
the galley's own left and top edges, all alike: left and right pages part in ``assemble``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from weasyprint.formatting_structure import boxes

from octavo.typeset import columns
from octavo.typeset.boxes.reading import Reading, head_of_rest, height_of_head, is_head_of_rest
from octavo.typeset.boxes.setting import Boxes
from octavo.typeset.breaks import PagePlan
from octavo.typeset.columns import Shift


@dataclass(frozen=True)
class MadeUp:
    """One page: its box; ``repeated`` holds heads that stand again, above what goes on."""

    box: Boxes
    repeated: tuple[Boxes, ...]


@dataclass(frozen=True)
class _Spot:
    """Where a strip goes: its page and piece, how far it moves down and right (CSS px).

    The pieces of a page are the columns that stand side by side on it, and what follows them.
    """

    page: int
    down: float
    piece: int = 0
    right: float = 0.0


_Where = tuple[int, int]
"""A page, and a piece of it."""


def make_up(
    page: Boxes, reading: Reading, plans: Sequence[PagePlan], *, rules_continued: bool
) -> tuple[MadeUp, ...]:
    """Make pages of a galley's boxes, which are used up; ``page`` is the endless page's box.

    ``rules_continued``: a rule stands above notes the first of which was carried over.
    """
    galley = reading.galley
    texts = _Divider(_text_spots(reading, plans)).divide(reading.root)
    feet = _feet(reading, plans)
    made = []
    for number in range(len(plans)):
        box = page.copy_with_children([])
        box.height = galley.page
        parts = [texts[where] for where in sorted(texts) if where[0] == number]
        area = feet.get(number)
        if area and rules_continued and plans[number].notes[0].first:
            area = _ruled(area)
        pieces = [part.box for part in parts] or [_empty(reading.root, galley.top)]
        box.children = (*pieces, area) if area else tuple(pieces)
        made.append(MadeUp(box, tuple(head for part in parts for head in part.repeated)))
    return tuple(made)


def _empty(root: Boxes, top: float) -> Boxes:
    """Give the root of a page that bears nothing but notes."""
    box = root.copy_with_children([])
    box.position_y, box.height = top, 0
    return box


def _text_spots(reading: Reading, plans: Sequence[PagePlan]) -> dict[int, _Spot]:
    galley = reading.galley
    spots: dict[int, _Spot] = {}
    for number, plan in enumerate(plans):
        if plan.first == plan.last:
            continue
        opening = galley.strips[plan.first]
        start = opening.top - opening.repeated if number else galley.top
        down = galley.top - start
        shifts = columns.shifts(galley, plan.columns)
        for index in range(plan.first, plan.last):
            down += sum(space for at, space in plan.padding if at == index)
            before = sum(column.last <= index for column in plan.columns)
            shift = shifts.get(index, Shift(before, 0.0, 0.0))
            spot = _Spot(number, down + shift.down, shift.piece, shift.right)
            spots[id(reading.strips[index])] = spot
    return spots


def _feet(reading: Reading, plans: Sequence[PagePlan]) -> dict[int, Boxes]:
    """Give each page's notes, in an area of their own at the foot of its text area."""
    if reading.area is None:
        return {}
    galley = reading.galley
    spots: dict[int, _Spot] = {}
    heights: dict[int, float] = {}
    for number, plan in enumerate(plans):
        pieces = [(galley.notes[piece.note], piece) for piece in plan.notes]
        height = sum(note.height(piece.first, piece.last) for note, piece in pieces)
        at = galley.top + galley.page - height
        heights[number] = height
        for note, piece in pieces:
            down = at - note.lines[piece.first].top
            for line in reading.note_lines[note.id][piece.first : piece.last]:
                spots[id(line)] = _Spot(number, down)
            at += note.height(piece.first, piece.last)
    divider = _Divider(spots)
    notes: dict[int, list[Boxes]] = {}
    for note in reading.area.children:
        for (number, _), part in divider.divide(note).items():
            notes.setdefault(number, []).append(part.box)
    feet = {}
    for number, found in notes.items():
        area = reading.area.copy_with_children(found)
        area.height = heights[number]
        area.position_y = galley.top + galley.page - area.height - galley.overhead
        feet[number] = area
    return feet


_HAIRLINE = 0.4 / 0.75
"""The weight of a rule, in CSS px."""


def _ruled(area: Boxes) -> Boxes:
    """Give an area of notes a rule across the measure, in place of the sign that it has."""
    ruled = area.copy()
    ruled.style = area.style.copy()
    ruled.style["background_image"] = (("none", None),)
    ruled.style["border_top_style"] = "solid"
    ruled.style["border_top_width"] = ruled.border_top_width = _HAIRLINE
    ruled.padding_top = area.padding_top - _HAIRLINE
    return ruled


@dataclass(frozen=True)
class _Part:
    """A box's part on a page; how far down its first and its last strip have moved, and right.

    ``repeated`` are heads in it that stand again.
    """

    box: Boxes
    down: float
    last_down: float
    right: float = 0.0
    repeated: tuple[Boxes, ...] = ()


class _Divider:
    """Divides boxes among pages by the spots of the strips in them."""

    def __init__(self, spots: Mapping[int, _Spot]) -> None:
        self._spots = spots

    def divide(self, box: Boxes) -> dict[_Where, _Part]:
        """Give a box's parts, in order; nothing for a box that holds no strip."""
        spot = self._spots.get(id(box))
        if spot is not None:
            box.translate(dx=spot.right, dy=spot.down)
            return {(spot.page, spot.piece): _Part(box, spot.down, spot.down, spot.right)}
        if not isinstance(box, boxes.ParentBox):
            return {}
        return dict(self._parts(box, self._divide_children(box)))

    def _parts(
        self, box: Boxes, found: Mapping[_Where, list[_Part]]
    ) -> Iterator[tuple[_Where, _Part]]:
        first, last = min(found, default=None), max(found, default=None)
        head: Boxes | None = None
        above_rest = head_of_rest(box)
        for page in sorted(found):
            children = [part.box for part in found[page]]
            repeated = tuple(head for part in found[page] for head in part.repeated)
            if isinstance(box, boxes.TableBox):
                if head is not None and not children[0].is_header:
                    again = head.deepcopy()
                    again.translate(dy=children[0].position_y - bottom_of(again))
                    children.insert(0, again)
                    repeated += (again,)
                head = next((group for group in children if group.is_header), None)
            right = found[page][0].right
            if above_rest is not None and page != first:
                again = _above(above_rest, children[0], right)
                children.insert(0, again)
                repeated += (again,)
            part = box.copy_with_children(children)
            part.position_x += right
            down, last_down = found[page][0].down, found[page][-1].last_down
            _fit(part, down, last_down, is_first=page == first, is_last=page == last)
            if isinstance(box, boxes.TableBox) and page != first:
                part.skipped_rows = _rows_before(box, part)
            yield page, _Part(part, down, last_down, right, repeated)

    def _divide_children(self, box: Boxes) -> dict[_Where, list[_Part]]:
        """Divide what is in a box; what holds no strip goes with the strip behind it."""
        found: dict[_Where, list[_Part]] = {}
        waiting: list[Boxes] = []
        for child in box.children:
            if isinstance(child, boxes.Box) and is_head_of_rest(child):
                continue
            parts = self.divide(child) if isinstance(child, boxes.Box) else {}
            if not parts:
                waiting.append(child)
                continue
            page = next(iter(parts))
            found.setdefault(page, []).extend(_moved(waiting, parts[page].down, parts[page].right))
            waiting = []
            for number, part in parts.items():
                found.setdefault(number, []).append(part)
        if waiting and found:
            page = max(found)
            found[page].extend(_moved(waiting, found[page][-1].last_down, found[page][-1].right))
        return found


def _moved(waiting: Iterable[Boxes], down: float, right: float) -> list[_Part]:
    for box in waiting:
        box.translate(dx=right, dy=down)
    return [_Part(box, down, down, right) for box in waiting]


def _above(head: Boxes, below: Boxes, right: float) -> Boxes:
    """Give a head again, its lines above a box in a column that has moved to the right."""
    again = head.deepcopy()
    again.translate(dx=right, dy=below.position_y - height_of_head(head) - again.position_y)
    return again


def _fit(part: Boxes, down: float, last_down: float, *, is_first: bool, is_last: bool) -> None:
    """Give a part the place and the height of what is in it, without edges where it is cut."""
    bottom = part.content_box_y() + part.height + last_down
    part.remove_decoration(start=not is_first, end=not is_last)
    part.position_y = part.position_y + down if is_first else part.children[0].position_y
    if not is_last:
        bottom = bottom_of(part.children[-1])
    part.height = bottom - part.content_box_y()


def bottom_of(box: Boxes) -> float:
    """Give the lower edge of a box's margins."""
    return float(box.position_y + box.margin_height())


def _rows_before(table: Boxes, part: Boxes) -> int:
    """Count a table's rows before those of a part, as the grid of its borders wants them."""
    heads = [row for group in table.children if group.is_header for row in group.children]
    elements = [
        row.element for group in table.children if not group.is_header for row in group.children
    ]
    first = next(row for group in part.children if not group.is_header for row in group.children)
    return len(heads) + next(i for i, element in enumerate(elements) if element is first.element)


def named_strings(pages: Sequence[MadeUp]) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Give by page the named strings that the text sets; the body's own are the furniture's."""
    met: set[int] = set()
    found = []
    for page in pages:
        strings: list[tuple[str, str]] = []
        for box in page.box.descendants():
            if not box.string_set or box.string_set == "none" or id(box.element) in met:
                continue
            met.add(id(box.element))
            if box.element_tag != "body":
                strings += box.string_set
        found.append(tuple(strings))
    return tuple(found)
