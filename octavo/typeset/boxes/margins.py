"""What stands in the outer margin of a proof: bars beside lines with changes, and comments.

Which lines have changes is read from the boxes of the made-up pages, so a bar stands exactly beside
its lines, in the text as in the notes.  Bars and comments are set with the running heads, as only
then it is known which margin is the outer one; comments are moved apart where they would meet.
"""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement

from weasyprint.formatting_structure import boxes

from octavo.typeset import text
from octavo.typeset.boxes.setting import Boxes
from octavo.typeset.facts import Bar, Remark, Remarked

_CHANGES = frozenset({"added", "deleted", "moved-to", "moved-from"})
_QUOTED = "quoted"
"""The class of changes that are only spoken of, as in the list of marks."""

CALL = "comment-call"
BAR, REMARK = "change-bar", "margin-comment"

_JOINS = 0.5
"""Bars are one where less than so many of the last line's heights part them."""

_POINTS_PER_PX = 0.75
_AWAY = 9.0
"""How far bars stand from the text, in points."""

_COLUMN = 20.0
"""How far comments stand from the text, in points."""

_BETWEEN = 4.0
_BELOW = 40.0
"""How far below the text area comments may go, in points."""


def read(body: Element, pages: Sequence[Boxes], top: float) -> tuple[Remarked, ...]:
    """Give the bars and the comments of pages; ``top`` is the upper edge of their text area, px."""
    changed = _changed(body)
    calls = {
        text.number_of(link): link.get("id", "")
        for link in body.iter("a")
        if text.has_class(link, CALL)
    }
    if not changed and not calls:
        return tuple(Remarked() for _ in pages)
    return tuple(_remarked(page, changed, calls, top) for page in pages)


def _changed(body: Element) -> frozenset[int]:
    """Give the numbers of the elements of changes, and of what is in them."""
    found: set[int] = set()
    for element in body.iter():
        classes = set((element.get("class") or "").split())
        if not _CHANGES.isdisjoint(classes) and _QUOTED not in classes:
            found.update(text.number_of(inner) for inner in element.iter())
    return frozenset(found)


def _remarked(page: Boxes, changed: frozenset[int], calls: dict[int, str], top: float) -> Remarked:
    bars: list[tuple[float, float]] = []
    remarks: list[Remark] = []
    for box in page.descendants():
        if not isinstance(box, boxes.LineBox | boxes.ReplacedBox):
            continue
        edges = (float(box.position_y), float(box.position_y + box.margin_height()))
        inner = list(box.descendants()) if isinstance(box, boxes.LineBox) else [box]
        if any(_shows(one) and text.number_of(one.element) in changed for one in inner):
            bars.append(edges)
        for one in inner:
            name = calls.get(text.number_of(one.element)) if _shows(one) else None
            if name and name not in {remark.call for remark in remarks}:
                remarks.append(Remark(name, _points(edges[0] - top)))
    return Remarked(tuple(_joined(bars, top)), tuple(sorted(remarks, key=lambda r: r.top)))


def _shows(box: Boxes) -> bool:
    if box.element is None:
        return False
    return isinstance(box, boxes.ReplacedBox) or (
        isinstance(box, boxes.TextBox) and bool(box.text.strip())
    )


def _joined(edges: Sequence[tuple[float, float]], top: float) -> Iterator[Bar]:
    """Make one bar of those that follow each other."""
    joined: list[tuple[float, float]] = []
    for first, last in sorted(set(edges)):
        if joined and first - joined[-1][1] < _JOINS * (last - first):
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    for first, last in joined:
        yield Bar(_points(first - top), _points(last - first))


def _points(length: float) -> float:
    return round(length * _POINTS_PER_PX, 2)


def put(sheet: Element, remarked: Remarked) -> None:
    """Put the bars and the comments of a page into its sheet, which ``place`` moves."""
    for bar in remarked.bars:
        style = f"top: 0; left: 0; height: {bar.height}pt"
        SubElement(sheet, "div", {"class": BAR, "style": style})
    for remark in remarked.remarks:
        box = SubElement(sheet, "div", {"class": REMARK, "style": "top: 0; left: 0"})
        SubElement(box, "span", {"class": "comment-number"}).text = remark.number
        if remark.head:
            SubElement(box, "span", {"class": "comment-head"}).text = f" {remark.head} "
        SubElement(box, "span", {"class": "comment-text"}).text = f" {remark.text}"


def place(page: Boxes, remarked: Remarked) -> None:
    """Move the bars and the comments of a page to their places in its outer margin.

    Comments for which there is no room at all are left to the list of marks.
    """
    left, top, width = page.content_box_x(), page.content_box_y(), page.width
    is_right = page.page_type.side == "right"
    set_apart = [one for one in page.descendants() if _is_set_apart(one)]
    bars = [one for one in set_apart if one.element.get("class") == BAR]
    for box, bar in zip(bars, remarked.bars, strict=True):
        away = _AWAY / _POINTS_PER_PX
        x = left + width + away if is_right else left - away - box.margin_width()
        box.translate(x - box.position_x, top + bar.top / _POINTS_PER_PX - box.position_y)
    notes = [one for one in set_apart if one.element.get("class") == REMARK]
    heights = [float(box.margin_height()) * _POINTS_PER_PX for box in notes]
    tops = apart([remark.top for remark in remarked.remarks], heights, page.height * 0.75 + _BELOW)
    for box, found in zip(notes, tops, strict=True):
        away = _COLUMN / _POINTS_PER_PX
        x = left + width + away if is_right else left - away - box.margin_width()
        if found is None:
            x = -2 * page.margin_width()
        y = top + (found or 0.0) / _POINTS_PER_PX
        box.translate(x - box.position_x, y - box.position_y)


def _is_set_apart(box: Boxes) -> bool:
    element = getattr(box, "element", None)
    is_block = isinstance(getattr(box, "_box", box), boxes.BlockBox)
    return is_block and element is not None and element.get("class") in {BAR, REMARK}


def apart(wanted: Sequence[float], heights: Sequence[float], bottom: float) -> list[float | None]:
    """Give the upper edges of comments so that none meets another, each near its place.

    They go down as far as they have to, and up again where they would run over ``bottom``; None for
    those that find no room.
    """
    tops: list[float] = []
    for y, _ in zip(wanted, heights, strict=True):
        above = tops[-1] + heights[len(tops) - 1] + _BETWEEN if tops else y
        tops.append(max(y, above))
    limit = bottom
    for index in range(len(tops) - 1, -1, -1):
        tops[index] = min(tops[index], limit - heights[index])
        limit = tops[index] - _BETWEEN
    if not tops or tops[0] >= -_BELOW:
        return list(tops)
    placed: list[float | None] = []
    down = -_BELOW
    for height in heights:
        placed.append(down if down + height <= bottom else None)
        down += height + _BETWEEN
    return placed
