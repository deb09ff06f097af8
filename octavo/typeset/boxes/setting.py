"""Sets a section: XHTML + CSS → the boxes of one endless page.

Nothing is decided about pages here.  Of WeasyPrint's steps only those are taken that set lines;
what it would do to pages (notes placed, page margins, backgrounds) is left out or done later.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import weasyprint
from cssselect2 import ElementWrapper
from weasyprint import layout as weasyprint_layout
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document
from weasyprint.formatting_structure import boxes
from weasyprint.formatting_structure.build import build_formatting_structure
from weasyprint.layout import LayoutContext, block, inline, layout_document
from weasyprint.layout.background import layout_backgrounds
from weasyprint.layout.percent import percentage
from weasyprint.logger import LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from octavo.typeset import text

Boxes = Any
"""A box of WeasyPrint's, whose classes have no types."""

_ENDLESS = "@page { size: %spt 180000pt !important }"

_MOST_HYPHENS = 2
"""How many lines in a row may end in a hyphen."""


@dataclass(frozen=True)
class Set:
    """Pages as they were set, and what fetches the pictures of their backgrounds."""

    pages: tuple[Boxes, ...]
    context: LayoutContext

    def lay_backgrounds(self, page: Boxes) -> None:
        """Find the places of the backgrounds of a page's boxes, when the boxes stand in theirs."""
        layout_backgrounds(page, self.context.get_image_from_uri)


@cache
def _fonts() -> tuple[FontConfiguration, CounterStyle]:
    """Give the fonts and counter styles that the stylesheets name; loaded once a process."""
    return FontConfiguration(), CounterStyle()


@lru_cache(maxsize=64)
def _sheet(source: str) -> tuple[weasyprint.CSS, tuple[str, ...]]:
    """Parse a stylesheet, once for all the sections that a worker sets; and what was said of it."""
    fonts, counters = _fonts()
    with logged() as said:
        sheet = weasyprint.CSS(string=source, font_config=fonts, counter_style=counters)
    return sheet, tuple(said)


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
def logged() -> Iterator[list[str]]:
    """Give a list that WeasyPrint's complaints are written to, each once."""
    lines: list[str] = []
    handler = _Log(lines)
    LOGGER.addHandler(handler)
    try:
        yield lines
    finally:
        LOGGER.removeHandler(handler)


def set_endless(tree: Element, sheets: tuple[str, ...], width: float) -> Set:
    """Set a section on one endless page, ``width`` pt wide.

    The notes of the section stand at its foot, one below the other, none of them cut.
    """
    with _notes_at_the_end(), _backgrounds_later(), _pages_unbroken(), _columns_in_one():
        return _set(tree, (*sheets, _ENDLESS % width))


def set_pages(tree: Element, sheets: tuple[str, ...]) -> Set:
    """Set a document on pages as WeasyPrint does of itself."""
    return _set(tree, sheets)


def hidden(made: Set, body: Element) -> frozenset[int]:
    """Give the numbers of the elements that the stylesheets do not display."""
    return frozenset(
        text.number_of(element)
        for element in body.iter()
        if made.context.style_for(element)["display"] == ("none",)
    )


class _Html(weasyprint.HTML):  # type: ignore[misc]
    """A document that has been parsed already."""

    def __init__(self, tree: Element) -> None:
        self.base_url = None
        self.url_fetcher = URLFetcher()
        self.media_type = "print"
        self.wrapper_element = ElementWrapper.from_html_root(tree)
        self.etree_element = self.wrapper_element.etree_element


def _set(tree: Element, sheets: tuple[str, ...]) -> Set:
    html = _Html(tree)
    fonts, counters = _fonts()
    parsed = [_sheet(sheet) for sheet in sheets]
    for message in dict.fromkeys(line for _, said in parsed for line in said):
        LOGGER.warning("%s", message)
    options = {**weasyprint.DEFAULT_OPTIONS, "stylesheets": [sheet for sheet, _ in parsed]}
    context = Document._build_layout_context(html, fonts, counters, {}, options)
    root = build_formatting_structure(
        html.etree_element,
        context.style_for,
        context.get_image_from_uri,
        html.base_url,
        context.target_collector,
        counters,
        context.footnotes,
    )
    return Set(tuple(layout_document(html, root, context)), context)


@contextmanager
def _backgrounds_later() -> Iterator[None]:
    """Leave out the places of backgrounds: the boxes are going to be moved."""
    kept = weasyprint_layout.layout_backgrounds
    weasyprint_layout.layout_backgrounds = lambda page, fetch: None
    try:
        yield
    finally:
        weasyprint_layout.layout_backgrounds = kept


@contextmanager
def _pages_unbroken() -> Iterator[None]:
    """Leave out the page breaks that stylesheets ask for: ``reading`` sees to them."""
    kept = block.force_page_break
    block.force_page_break = lambda page_break, context: False
    try:
        yield
    finally:
        block.force_page_break = kept


@contextmanager
def _notes_at_the_end() -> Iterator[None]:
    """Let the notes of an endless page be laid out once, when the page ends.

    Of itself WeasyPrint lays out all notes of a page anew with each further one, in a time that
    grows with the square of the section's notes.
    """

    def only_collect(context: LayoutContext) -> bool:
        context.current_footnote_area.children = context.current_page_footnotes
        return False

    kept = LayoutContext._update_footnote_area
    LayoutContext._update_footnote_area = only_collect
    try:
        yield
    finally:
        LayoutContext._update_footnote_area = kept


@contextmanager
def _columns_in_one() -> Iterator[None]:
    """Set text in columns as one column of their width: ``breaks`` puts it side by side.

    Its box gets ``set_columns``: how many columns there are, and how far they are from edge to
    edge (CSS Multi-column Layout 1 §3.4).
    """
    kept = block.columns_layout

    def in_one(
        context: LayoutContext,
        box: Boxes,
        bottom_space: float,
        skip_stack: Any,
        containing_block: Boxes,
        *rest: Any,
    ) -> Any:
        one = box.copy()
        block.block_level_width(one, containing_block)
        style, room = one.style, one.width
        gap = style["column_gap"]
        gap = style["font_size"] if gap == "normal" else percentage(gap, style, room)
        width, count = style["column_width"], style["column_count"]
        fitting = count if width == "auto" else max(1, int((room + gap) // (width + gap)))
        number = fitting if count == "auto" else min(count, fitting)
        one.width = (room + gap) / number - gap
        made = block.block_container_layout(
            context, one, bottom_space, skip_stack, *rest, False, None
        )
        made[0].set_columns = (number, one.width + gap)
        return made[:-1]

    block.columns_layout = in_one
    try:
        yield
    finally:
        block.columns_layout = kept


class _HyphenLimit:
    """Lets no more than ``_MOST_HYPHENS`` lines in a row end in a hyphen.

    WeasyPrint knows no ``hyphenate-limit-lines`` (CSS Text 4 §6.3.2).  It sets lines one by one:
    before one that may not be hyphenated its style is changed to ``hyphens: manual``.
    """

    def __init__(self) -> None:
        self._forbidden = False
        self._next_line: Callable[..., Any] = inline.get_next_linebox
        self._split: Callable[..., Any] = inline.split_first_line

    def install(self) -> None:
        inline.get_next_linebox = self.next_line
        inline.split_first_line = self.split

    def next_line(
        self,
        context: Any,
        line: Boxes,
        position_y: float,
        bottom_space: float,
        skip_stack: Any,
        *rest: Any,
    ) -> Any:
        """Set the next line of ``line``, which holds all that is left of its block."""
        before = 0 if skip_stack is None else getattr(line, "hyphens_before", 0)
        outer, self._forbidden = self._forbidden, before >= _MOST_HYPHENS
        try:
            made, resume_at = self._next_line(
                context, line, position_y, bottom_space, skip_stack, *rest
            )
        finally:
            self._forbidden = outer
        line.hyphens_before = before + 1 if made is not None and ends_in_hyphen(made) else 0
        return made, resume_at

    def split(self, text: str, style: Any, *rest: Any, **named: Any) -> Any:
        """Split the first line off a text."""
        if self._forbidden and style["hyphens"] == "auto":
            style = style.copy()
            style["hyphens"] = "manual"
        return self._split(text, style, *rest, **named)


_HyphenLimit().install()


def last_text(box: Boxes) -> Boxes | None:
    """Give the last text box in a line, or None; boxes with nothing in them do not count."""
    while isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        shown = [child for child in box.children if not _is_empty(child)]
        if not shown:
            return None
        box = shown[-1]
    return box if isinstance(box, boxes.TextBox) else None


def _is_empty(box: Boxes) -> bool:
    if isinstance(box, boxes.TextBox):
        return not box.text
    return isinstance(box, boxes.InlineBox) and all(map(_is_empty, box.children))


def ends_in_hyphen(line: Boxes) -> bool:
    """Tell whether a line ends in a hyphen that stands for a broken word."""
    text = last_text(line)
    return text is not None and text.text.endswith(text.style["hyphenate_character"])
