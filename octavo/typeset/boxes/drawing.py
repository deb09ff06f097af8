"""Draws made-up pages to PDF content, without fonts: those are embedded once, for the whole book.

Whatever is drawn is marked: text with the number of its element, from which ``tags`` builds the
structure tree; everything else, and the repeated heads of tables, as artifact (ISO 32000-1
§14.8.2.2).  A hyphen at a line's end is drawn under the text U+00AD, SOFT HYPHEN (§14.8.2.2.3), so
that a reader finds the whole word.  Greys are drawn as greys, black with them, not as RGB: a press
prints them with one ink.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pydyf
from tinycss2.color5 import D50, D65
from weasyprint.anchors import gather_anchors
from weasyprint.draw import draw_page, draw_stacking_context
from weasyprint.formatting_structure import boxes
from weasyprint.pdf import _use_references
from weasyprint.pdf.fonts import Font
from weasyprint.pdf.stream import Stream
from weasyprint.stacking import StackingContext

from octavo.typeset import text
from octavo.typeset.boxes.flowing import Flowing
from octavo.typeset.boxes.reading import is_written, lines_of
from octavo.typeset.boxes.setting import Boxes, ends_in_hyphen, last_text
from octavo.typeset.boxes.shown_fonts import Fonts
from octavo.typeset.proofs import Word
from octavo.typeset.tags import Link, Mark, Rectangle

POINTS_PER_PX = 0.75

_SOFT_HYPHEN = pydyf.Dictionary({"ActualText": "<FEFF00AD>"})
_LAST_GLYPH = re.compile(rb"\[(?P<before>.*?)(?P<glyph>[0-9a-f]{4})>(?P<after>[-\d.]*)\] TJ")


@dataclass
class Drawn:
    """What a page's content holds beside its operators.

    ``anchors`` gives the left and top edge of what bears an id, in points from the page's top left.
    """

    marks: list[Mark] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    anchors: dict[str, tuple[float, float]] = field(default_factory=dict)


_SHOWN = re.compile(r"<(?P<glyphs>[0-9a-f]*)>|(?P<shift>-?[\d.]+)")


def tidied(text: str, space: str) -> str:
    """Write the operand of TJ shorter: shifts rounded, those around a space put behind it.

    A line of ten words may so become longer or shorter by a hundredth of a millimetre or two.
    """
    out: list[str] = []
    glyphs = ""
    shift = 0.0
    for found, shifted in _SHOWN.findall(text):
        if shifted:
            shift += float(shifted)
            continue
        is_space_first = bool(shift and space and found.startswith(space))
        shown = found.removeprefix(space) if is_space_first else found
        glyphs += space if is_space_first else ""
        if not shown:
            continue
        if whole := round(shift):
            out.append(f"<{glyphs}>{whole}" if glyphs else f"{whole}")
            glyphs = ""
        shift = 0.0
        glyphs += shown
    if glyphs:
        out.append(f"<{glyphs}>")
    if round(shift):
        out.append(str(round(shift)))
    return "".join(out)


_BEGINNING = 3
"""How many entries of a stream begin marked content: tag, properties, operator."""


def _is_state(entry: Any) -> bool:
    """Tell whether an entry of a stream sets a colour or the like, which text objects allow."""
    return isinstance(entry, bytes) and entry.endswith((b" gs", b" g", b" rg", b" cs", b" scn"))


class _Stream(Stream):  # type: ignore[misc]
    """A page's content, with its marks."""

    def __init__(self, *arguments: Any, sheet: "Sheet", **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._sheet = sheet
        self._open: tuple[int, bool] | None = None
        self._behind = 0
        self._mark, self._after_text = 0, False
        self._may_be_around = self._is_around = False

    def clone(self, **named: Any) -> "_Stream":
        """Make the content of a group, or of a pattern: what is in it is marked from outside."""
        named.setdefault("sheet", self._sheet)
        given = {
            "fonts": self._fonts,
            "page_rectangle": self.page_rectangle,
            "resources": self._resources,
            "images": self._images,
            "tags": None,
            "color_profiles": self._color_profiles,
            "output_intent": self._output_intent,
            "compress": self.compress,
        }
        return _Stream(**(given | named))

    def add_font(self, pango_font: Any) -> tuple[Font, float]:
        """Give the font that Pango has chosen, and its size."""
        return self._sheet.fonts.add(pango_font)

    def set_color_rgb(self, r: float, g: float, b: float, stroke: bool = False) -> None:
        """Set a colour, a grey as a grey."""
        if r == g == b:
            self.stream.append(b"%s %s" % (pydyf._to_bytes(r), b"G" if stroke else b"g"))
        else:
            super().set_color_rgb(r, g, b, stroke)

    def show_text(self, text: Any) -> None:
        """Show glyphs, with the shifts between them in whole thousandths of the type size."""
        name = self._current_font[0] if self._current_font else ""
        super().show_text(tidied(text, self._sheet.fonts.space(name)))

    @contextmanager
    def marked(self, box: Boxes, tag: str) -> Iterator[None]:
        """Mark what is drawn as the content of the box's element; ``tag`` is WeasyPrint's guess."""
        if self._tags is None:
            yield
            return
        if id(box) in self._sheet.artifacts:
            with self.artifact():
                yield
            return
        element = text.number_of(box.element)
        owner = self._sheet.flowing.owners.get(element, element)
        kind = (owner, box.element_tag.endswith("::marker"))
        self._begin(kind, self._sheet.flowing.place(box), box)
        yield
        if isinstance(box, boxes.TextBox):
            hyphenated = id(box) in self._sheet.hyphenated
            if hyphenated:
                self._soften_hyphen(self._end_of_text(box))
            elif id(box) in self._sheet.parted:
                self._add_space(self._end_of_text(box))
            if is_written(box):
                outside = self._is_outside(box)
                self._sheet.drawn.words.append(Word(element, box.text, hyphenated, outside))
        self._end()

    def _begin(self, kind: tuple[int, bool], place: int, box: Boxes) -> None:
        """Begin marked content, or go on with what has just been ended."""
        is_text = isinstance(box, boxes.TextBox)
        after_text = self.stream[-2:] == [b"EMC", b"ET"]
        goes_on = self._open == kind and place == self._behind
        self._behind = self._sheet.flowing.behind(box, place)
        if goes_on and after_text:
            del self.stream[-2]
            return
        if goes_on and self.stream[-1:] == [b"EMC"]:
            self.stream.pop()
            return
        mcid = len(self._sheet.drawn.marks)
        picture = None if is_text else self._area(box)
        self._sheet.drawn.marks.append(Mark(mcid, *kind, place, picture))
        self._open, self._mark, self._after_text = kind, len(self.stream), after_text
        self._is_around = False
        self._may_be_around = is_text and box.style["text_decoration_line"] == "none"
        self.begin_marked_content("P", pydyf.Dictionary({"MCID": mcid}))

    def _end(self) -> None:
        """End marked content: inside the text object if that is around it."""
        if self._is_around and self.stream[-1] == b"ET":
            self.stream[-1:] = [b"EMC", b"ET"]
        else:
            self.end_marked_content()

    def begin_text(self) -> None:
        """Begin a text object around the marked content that has begun, or go on with the last one.

        So one text object, with its font, serves all that stands in a line.
        """
        shown = self.stream[self._mark + _BEGINNING :]
        if self._tags is None or not self._may_be_around or not all(map(_is_state, shown)):
            super().begin_text()
            return
        self._may_be_around, self._is_around = False, True
        if self._after_text:
            del self.stream[self._mark - 1]
            self._current_font = self._old_font
        else:
            self.stream.insert(self._mark, b"BT")

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """Mark what is drawn as no part of the text."""
        self._open = None
        with super().artifact():
            yield

    def _is_outside(self, box: Boxes) -> bool:
        left, top, width, height = self.page_rectangle
        return bool(
            box.position_x < left
            or box.position_y < top
            or box.position_x + box.width > width
            or box.position_y + box.height > height
        )

    def _area(self, box: Boxes) -> Rectangle:
        bottom = self.page_rectangle[3] - box.content_box_y() - box.height
        left = box.content_box_x()
        return _points(left, bottom, left + box.width, bottom + box.height)

    def _end_of_text(self, box: Boxes) -> int:
        """Give the place where the text object of a box ends; a line may strike it afterwards."""
        last = len(self.stream) - 1
        if "line-through" not in box.style["text_decoration_line"]:
            return last
        ends = (at for at in range(last, -1, -1) if self.stream[at] == b"ET")
        return next(ends, last)

    def _add_space(self, end: int) -> None:
        """Show a space behind the last word of a line, which the eye does not need.

        Words are parted by spaces in a tagged text (ISO 32000-1 §14.8.2.5).
        """
        if self.stream[end] != b"ET" or not self._old_font:
            return
        shown: bytes = self.stream[end - 1]
        space = self._sheet.fonts.use_space(self._old_font[0])
        if shown.endswith(b"] TJ") and space:
            self.stream[end - 1] = shown.removesuffix(b"] TJ") + b"<" + space.encode() + b">] TJ"

    def _soften_hyphen(self, end: int) -> None:
        """Draw the last glyph of what has just been shown under the text of a soft hyphen."""
        is_text = self.stream[end] == b"ET"
        shown = _LAST_GLYPH.fullmatch(self.stream[end - 1]) if is_text else None
        if shown is None:
            return
        opened = shown["before"].endswith(b"<")
        before = shown["before"].removesuffix(b"<") + (b"" if opened else b">")
        hyphen = [
            *([b"[" + before + b"] TJ"] if before else []),
            "/Span",
            _SOFT_HYPHEN,
            b"BDC",
            b"[<" + shown["glyph"] + b">" + shown["after"] + b"] TJ",
            b"EMC",
        ]
        self.stream[end - 1 : end] = hyphen


@dataclass
class Sheet:
    """A page that is being drawn, and the boxes (by ``id``) that are drawn in ways of their own."""

    fonts: Fonts
    flowing: Flowing
    artifacts: frozenset[int]
    hyphenated: frozenset[int]
    parted: frozenset[int]
    drawn: Drawn


def _sheet(page: Boxes, fonts: Fonts, flowing: Flowing, repeated: Iterable[Boxes]) -> Sheet:
    artifacts = {id(box) for head in repeated for box in head.descendants()}
    hyphenated, parted = set(), set(flowing.parted)
    before: Boxes | None = None
    for box in page.descendants():
        if box.is_leader:
            artifacts.update(map(id, box.children))
            parted.add(id(before))
        elif isinstance(box, boxes.InlineBlockBox):
            parted.update(id(last_text(line)) for line in lines_of(box))
        elif isinstance(box, boxes.TextBox) and box.text.strip():
            before = box
        elif isinstance(box, boxes.TextBox) and box.text:
            parted.add(id(before))  # Nothing is drawn of a space that stands by itself.
        elif isinstance(box, boxes.ReplacedBox) and not box.element.get("alt"):
            artifacts.add(id(box))
        elif isinstance(box, boxes.LineBox) and ends_in_hyphen(box):
            hyphenated.add(id(last_text(box)))
    sets = (frozenset(artifacts), frozenset(hyphenated), frozenset(parted))
    return Sheet(fonts, flowing, *sets, _drawn(page))


def _drawn(page: Boxes) -> Drawn:
    """Find a page's ids and links, and prepare its boxes for drawing (CSS Transforms)."""
    anchors: dict[str, tuple[float, float, float, float]] = {}
    links: list[Any] = []
    gather_anchors(page, anchors, links, [], {None: []})
    height = page.margin_height()
    return Drawn(
        links=[
            Link(
                f"#{target}" if kind == "internal" else target,
                _points(left, height - bottom, right, height - top),
                text.number_of(box.element),
            )
            for kind, target, edges, box in links
            if box.link
            for left, top, right, bottom in [_at_least(edges, box.style["font_size"])]
            if right > left
        ],
        anchors={
            name: (left * POINTS_PER_PX, top * POINTS_PER_PX)
            for name, (left, top, *_) in anchors.items()
        },
    )


def _at_least(
    edges: tuple[float, float, float, float], height: float
) -> tuple[float, float, float, float]:
    """Give an area as high as its words: a line's height may be less (note calls have none)."""
    left, top, right, bottom = edges
    more = max(0.0, height - (bottom - top)) / 2
    return left, top - more, right, bottom + more


def _points(left: float, bottom: float, right: float, top: float) -> Rectangle:
    edges = (left, bottom, right, top)
    return tuple(round(edge * POINTS_PER_PX, 3) for edge in edges)  # type: ignore[return-value]


_WHITES = {"lab-d50": D50, "lab-d65": D65}


def _lab(white: tuple[float, ...]) -> pydyf.Array:
    settings = {"WhitePoint": pydyf.Array(white), "Range": pydyf.Array((-125, 125, -125, 125))}
    return pydyf.Array(("/Lab", pydyf.Dictionary(settings)))


class Document:
    """A section's PDF in the making: pages without fonts, with the objects that they use."""

    def __init__(self, flowing: Flowing | None) -> None:
        """Begin without pages; where no text is flowing, all is one artifact, and not marked."""
        self._flowing = flowing
        self.pdf = pydyf.PDF()
        self.fonts = Fonts()
        self._images: dict[str, Any] = {}
        self._resources: list[pydyf.Dictionary] = []
        self.pages: list[pydyf.Dictionary] = []
        self._font_dictionary = pydyf.Dictionary()
        self.pdf.add_object(self._font_dictionary)
        self._colours = pydyf.Dictionary({name: _lab(white) for name, white in _WHITES.items()})
        self.pdf.add_object(self._colours)

    def add_page(
        self, page: Boxes, repeated: Iterable[Boxes], paint: Callable[[Boxes, Stream], None]
    ) -> Drawn:
        """Draw a page with ``paint``, which is given the page's box and the content to draw on.

        ``repeated`` are the heads of tables that have stood on an earlier page.
        """
        resources = pydyf.Dictionary(
            {
                "ExtGState": pydyf.Dictionary(),
                "XObject": pydyf.Dictionary(),
                "Pattern": pydyf.Dictionary(),
                "Shading": pydyf.Dictionary(),
                "ColorSpace": self._colours.reference,
                "Font": None,
            }
        )
        self.pdf.add_object(resources)
        self._resources.append(resources)
        width, height = page.margin_width(), page.margin_height()
        sheet = _sheet(page, self.fonts, self._flowing or Flowing.none(), repeated)
        stream = _Stream(
            {},
            (0, 0, width, height),
            resources,
            self._images,
            None if self._flowing is None else {},
            {},
            None,
            compress=True,
            sheet=sheet,
        )
        stream.transform(a=POINTS_PER_PX, d=-POINTS_PER_PX, f=height * POINTS_PER_PX)
        paint(page, stream)
        self.pdf.add_object(stream)
        made = pydyf.Dictionary(
            {
                "Type": "/Page",
                "Parent": self.pdf.pages.reference,
                "MediaBox": pydyf.Array([0, 0, width * POINTS_PER_PX, height * POINTS_PER_PX]),
                "Contents": stream.reference,
                "Resources": resources.reference,
            }
        )
        self.pdf.add_page(made)
        self.pages.append(made)
        return sheet.drawn

    def data(self) -> bytes:
        """Give the PDF; its fonts are for ``assemble`` to fill in."""
        for resources in self._resources:
            resources["Font"] = self._font_dictionary.reference
            _use_references(self.pdf, resources, self._images, {})
            for kind in ("ExtGState", "XObject", "Pattern", "Shading"):
                if not resources[kind]:
                    del resources[kind]
        self.pdf.catalog["Fonts"] = self._font_dictionary.reference
        out = BytesIO()
        self.pdf.write(out, version=b"1.7", identifier=False, compress=True)
        return out.getvalue()


def paint_text(page: Boxes, stream: Stream) -> None:
    """Draw a page's text and notes, without the page itself: ``furniture`` draws that."""
    draw_stacking_context(stream, StackingContext.from_page(page))


def paint_furniture(page: Boxes, stream: Stream) -> None:
    """Draw a page's background and what stands in its margins."""
    draw_page(page, stream)
