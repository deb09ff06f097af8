"""Lays out one section: XHTML + CSS → PDF + page facts.  The only importer of weasyprint.

Runs in a worker process (see ``workers``), which has pointed fontconfig at the book's fonts before
this module is imported.  The section is laid out twice: once on an endless page, which is read as
a galley and cut to pages, then with those cuts made (``cutting``).  WeasyPrint's box tree is
private; what is read from it is read here.
"""

import io
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import weasyprint
from lxml import etree
from weasyprint.formatting_structure import boxes
from weasyprint.layout import LayoutContext
from weasyprint.text.fonts import FontConfiguration

from octavo.markdown.tree import Element
from octavo.typeset import breaks, cutting
from octavo.typeset.facts import Job, Laid, MadeUp, NoteFact, Place
from octavo.typeset.galley import Galley, NoteLine, SetNote, Strip

POINTS_PER_PX = 0.75

_ENDLESS = "@page { size: %spt 180000pt !important }"
_CUT = """
body * { break-before: auto !important; break-after: auto !important; break-inside: auto !important;
    orphans: 1 !important; widows: 1 !important }
.opens-page { break-before: page !important; margin-top: 0 !important }
.at-top { margin-top: 0 !important }
.carrier { height: 0; line-height: 0 }
p.continued, div.continued, p.continued > *:first-child { text-indent: 0 !important }
p.continues, div.continues, .footnote.continues { text-align-last: justify }
.footnote.continued { text-indent: 0 !important }
"""
"""What the galley's cuts mean; the stylesheets' own wishes about breaks were heeded before.

Not so the root's ``break-before``, which says on which side the section opens."""

_UNBROKEN = ".unbroken { hyphens: manual !important }"

_MOST_HYPHENS = 2
"""How many lines in a row may end in a hyphen."""

_LADDER_ROUNDS = 4

_WORTH_BREAKING = 0.3
"""What should be kept together is broken all the same when it takes more of a page than this."""

_AVOID = {"avoid", "avoid-page"}


_update_footnote_area = LayoutContext._update_footnote_area


def _never_overflowing(context: LayoutContext) -> bool:
    """Update the notes' area and say that it does not overflow.

    WeasyPrint 70 compares sums of floats here without any slack, so that a note that fits exactly
    is now and then sent to the next page.  No area of ours has a greatest height, and the pages
    have been measured: what this test could find is rounding.
    """
    _update_footnote_area(context)
    return False


LayoutContext._update_footnote_area = _never_overflowing


@contextmanager
def _notes_at_the_end() -> Iterator[None]:
    """Let the notes of an endless page be laid out once, when the page ends.

    Of itself WeasyPrint lays out all notes of a page anew with each further one, in a time that
    grows with the square of the section's notes.
    """

    def only_collect(context: LayoutContext) -> bool:
        context.current_footnote_area.children = context.current_page_footnotes
        return False

    LayoutContext._update_footnote_area = only_collect
    try:
        yield
    finally:
        LayoutContext._update_footnote_area = _never_overflowing


def make_up(job: Job) -> MadeUp:
    """Set a section as a galley, cut it to pages, and carry the cuts out in its XHTML.

    Folios do not matter here: ``job.numbers`` is not looked at.
    """
    with _logged() as log:
        tree = etree.fromstring(job.html.encode())
        fonts = FontConfiguration()
        galley = _set(tree, _stylesheets(job, fonts), fonts, job)
        plans = breaks.cut(galley)
        cut = cutting.carry_out(tree, galley, plans)
        html = etree.tostring(cut, encoding="unicode")
    return MadeUp(job.section, html, len(plans), tuple(log))


def lay_out(job: Job, made_up: MadeUp) -> Laid:
    """Lay out a section that has been made up.

    Deterministic: the same job gives the same bytes.
    """
    with _logged() as log:
        tree = etree.fromstring(made_up.html.encode())
        fonts = FontConfiguration()
        styles = _stylesheets(job, fonts)
        styles += [weasyprint.CSS(string=css) for css in (job.numbers, _CUT)]
        document = _render(tree, styles, fonts)
        pdf = io.BytesIO()
        document.write_pdf(pdf)
        places = dict(_places(document))
    return Laid(
        section=job.section,
        pdf=pdf.getvalue(),
        pages=len(document.pages),
        planned=made_up.pages,
        places=places,
        notes=tuple(_note_facts(document, tree, places)),
        overflows=tuple(_overflows(document)),
        log=(*made_up.log, *(line for line in log if line not in made_up.log)),
    )


class _Log(logging.Handler):
    """Keeps what WeasyPrint says, each message once."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message not in self._lines:
            self._lines.append(message)


@contextmanager
def _logged() -> Iterator[list[str]]:
    lines: list[str] = []
    handler = _Log(lines)
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        yield lines
    finally:
        logger.removeHandler(handler)


def _stylesheets(job: Job, fonts: FontConfiguration) -> list[weasyprint.CSS]:
    return [weasyprint.CSS(string=css, font_config=fonts) for css in (*job.styles, _UNBROKEN)]


def _set(tree: Element, styles: list[weasyprint.CSS], fonts: FontConfiguration, job: Job) -> Galley:
    """Set the section as a galley, again if need be, until no three lines in a row end in a hyphen.

    WeasyPrint knows no ``hyphenate-limit-lines``; the words that make a ladder are marked in the
    tree as not to be broken.
    """
    endless = weasyprint.CSS(string=_ENDLESS % job.width)
    for _ in range(_LADDER_ROUNDS):
        cutting.number(tree)
        with _notes_at_the_end():
            long_page = _render(tree, [*styles, endless], fonts)
        galley = _galley(long_page, tree, job)
        if not cutting.keep_words_whole(tree, _ladders(galley)):
            break
    return galley


def _ladders(galley: Galley) -> Iterator[tuple[int | str, int]]:
    """Give each line that is the third in a row to end in a hyphen: its block or note, its end."""
    lines: list[tuple[int | str, int, bool]] = [
        (strip.block, strip.end, strip.hyphenated) for strip in galley.strips
    ]
    for note in galley.notes.values():
        lines += [(note.id, line.end, line.hyphenated) for line in note.lines]
    run = 0
    previous: int | str | None = None
    for owner, end, hyphenated in lines:
        run = (run if owner == previous else 0) + 1 if hyphenated else 0
        previous = owner
        if run > _MOST_HYPHENS:
            yield owner, end
            run = 0


def _render(
    tree: Element, styles: list[weasyprint.CSS], fonts: FontConfiguration
) -> weasyprint.Document:
    html = weasyprint.HTML(string=etree.tostring(tree, encoding="unicode", method="html"))
    return html.render(font_config=fonts, stylesheets=styles)


# The galley


@dataclass(frozen=True)
class _Found:
    """A strip's box, with the boxes around it from the body inwards, and its place among lines.

    ``index`` and ``count`` place it among the lines of its block, or the rows of its table.
    """

    box: Any
    path: tuple[Any, ...]
    index: int
    count: int
    repeated: float


def _galley(document: weasyprint.Document, tree: Element, job: Job) -> Galley:
    page = document.pages[0]._page_box
    root = next(child for child in page.children if isinstance(child, boxes.BlockBox))
    found = list(_strips(root, ()))
    elements = {int(element.get(cutting.NUMBER)): element for element in tree.iter("*")}
    limit = _WORTH_BREAKING * job.height / POINTS_PER_PX
    at: dict[int, int] = {}
    strips = []
    previous: _Found | None = None
    for item in found:
        strips.append(_strip(item, previous, elements, at, limit))
        previous = item
    areas = [child for child in page.children if isinstance(child, boxes.FootnoteAreaBox)]
    area = next((area for area in areas if area.children), None)
    notes = {note.id: note for note in _set_notes(area, tree)} if area else {}
    return Galley(
        strips=tuple(strips),
        notes=notes,
        top=page.content_box_y(),
        page=job.height / POINTS_PER_PX,
        leading=job.leading / POINTS_PER_PX,
        overhead=area.margin_height() - area.height if area else 0.0,
    )


def _strips(box: Any, path: tuple[Any, ...], repeated: float = 0.0) -> Iterator[_Found]:
    """Give the strips below a box in reading order."""
    inner = (*path, box)
    lines = [child for child in box.children if isinstance(child, boxes.LineBox)]
    if lines:
        for index, line in enumerate(lines):
            yield _Found(line, inner, index, len(lines), 0.0)
        return
    for child in box.children:
        if (child.element_tag or "").endswith("::marker"):
            continue
        if isinstance(child, boxes.TableBox):
            yield from _rows(child, inner)
        elif isinstance(child, boxes.ParentBox):
            if child.children:
                yield from _strips(child, inner)
        else:
            yield _Found(child, inner, 0, 1, 0.0)


def _rows(table: Any, path: tuple[Any, ...]) -> Iterator[_Found]:
    heads = [group for group in table.children if group.is_header]
    bodies = [group for group in table.children if not group.is_header]
    height = sum(group.margin_height() for group in heads)
    for group in heads:
        for row in group.children:
            yield _Found(row, (*path, table, group), 0, 1, 0.0)
    rows = [(group, row) for group in bodies for row in group.children]
    for index, (group, row) in enumerate(rows):
        yield _Found(row, (*path, table, group), index, len(rows), height)


def _strip(
    item: _Found,
    previous: _Found | None,
    elements: Mapping[int, Element],
    at: dict[int, int],
    limit: float,
) -> Strip:
    box = item.box
    block = _number(box if not isinstance(box, boxes.LineBox) else item.path[-1])
    end, hyphenated = 0, False
    if isinstance(box, boxes.LineBox):
        text = cutting.flow_text(elements[block])
        end, hyphenated = _match(box, text, at.get(block, 0))
        at[block] = end
    before = {id(ancestor) for ancestor in previous.path} if previous else set()
    opened = [ancestor for ancestor in item.path if id(ancestor) not in before]
    if not isinstance(box, boxes.LineBox):
        opened.append(box)
    opens = tuple(dict.fromkeys(_number(ancestor) for ancestor in opened if ancestor.element_tag))
    closed = _closed(item, previous)
    return Strip(
        top=box.position_y,
        bottom=box.position_y + box.margin_height(),
        block=block,
        opens=opens if not (isinstance(box, boxes.LineBox) and item.index) else (),
        end=end,
        hyphenated=hyphenated,
        breakable=previous is not None and _may_break(item, previous, opened, closed, limit),
        repeated=item.repeated if item.index else 0.0,
        after_figure=any(ancestor.element_tag == "figure" for ancestor in closed),
        notes=tuple(_called_in(box)),
    )


def _number(box: Any) -> int:
    return int(box.element.get(cutting.NUMBER)) if box.element is not None else 0


def _closed(item: _Found, previous: _Found | None) -> list[Any]:
    if previous is None:
        return []
    now = {id(ancestor) for ancestor in item.path}
    return [ancestor for ancestor in previous.path if id(ancestor) not in now]


def _may_break(
    item: _Found, previous: _Found, opened: list[Any], closed: list[Any], limit: float
) -> bool:
    """Tell whether a page may end before a strip: the stylesheets' wishes (CSS Fragmentation 3)."""
    if any(box.style["break_before"] in _AVOID for box in opened):
        return False
    if any(box.style["break_after"] in _AVOID for box in closed):
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


def _match(line: Any, text: str, at: int) -> tuple[int, bool]:
    """Match a line with its block's visible characters from the ``at``-th on; see ``Strip``."""
    hyphenated = False
    for sign in "".join("".join(_line_texts(line)).split()):
        hyphenated = False
        if at < len(text) and text[at] == sign:
            at += 1
        else:
            hyphenated = sign == "\N{HYPHEN}"
    return at, hyphenated


def _line_texts(box: Any) -> Iterator[str]:
    if isinstance(box, boxes.TextBox):
        yield box.text
    elif "::" not in (box.element_tag or ""):
        for child in getattr(box, "children", ()):
            yield from _line_texts(child)


def _called_in(box: Any) -> Iterator[str]:
    for child in box.descendants():
        if (child.element_tag or "").endswith("::footnote-call"):
            yield child.element.get("id")


def _set_notes(area: Any, tree: Element) -> Iterator[SetNote]:
    texts = {
        note.get("id"): "".join("".join(note.itertext()).split())
        for note in cutting.footnotes(tree)
    }
    for child in area.children:
        identifier = child.element.get("id")
        lines = []
        heights = [0.1]
        at = 0
        for line in _lines(child):
            at, hyphenated = _match(line, texts[identifier], at)
            lines.append(NoteLine(at, hyphenated))
            heights.append(line.margin_height())
        yield SetNote(identifier, tuple(lines), max(heights))


def _lines(box: Any) -> Iterator[Any]:
    if isinstance(box, boxes.LineBox):
        yield box
        return
    for child in getattr(box, "children", ()):
        yield from _lines(child)


# The facts


def _places(document: weasyprint.Document) -> Iterator[tuple[str, Place]]:
    found: set[str] = set()
    for number, page in enumerate(document.pages):
        for name, (x, y, *_) in page.anchors.items():
            if name not in found:
                found.add(name)
                yield name, Place(number, x * POINTS_PER_PX, y * POINTS_PER_PX)


def _note_facts(
    document: weasyprint.Document, tree: Element, places: Mapping[str, Place]
) -> Iterator[NoteFact]:
    calls: dict[str, int] = {}
    pages: dict[str, list[int]] = {}
    for number, page in enumerate(document.pages):
        for child in page._page_box.children:
            if isinstance(child, boxes.FootnoteAreaBox):
                for note in child.children:
                    identifier = note.element.get("id").split(cutting.PIECE)[0]
                    pages.setdefault(identifier, []).append(number)
            elif isinstance(child, boxes.BlockBox):
                for identifier in _called_in(child):
                    calls.setdefault(identifier.split(cutting.PIECE)[0], number)
    for link in tree.iter("a"):
        # A note that could not begin with its call has been taken away from it.
        if link.get("class") == "note-call" and link.get("id") in places:
            calls[link.get("href")[1:]] = places[link.get("id")].page
    for note in cutting.footnotes(tree):
        identifier = note.get("id")
        if cutting.PIECE in identifier:
            continue
        yield NoteFact(identifier, calls.get(identifier, -1), tuple(pages.get(identifier, ())))


def _overflows(document: weasyprint.Document) -> Iterator[int]:
    for number, page in enumerate(document.pages):
        lines = (box for box in page._page_box.descendants() if isinstance(box, boxes.LineBox))
        if any(
            line.position_y < 0
            or line.position_y + line.height > page.height
            or line.position_x + line.width > page.width
            for line in lines
        ):
            yield number
