"""Finds all that a PDF draws with: content streams, their resources, the colours set in them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream


@dataclass(frozen=True)
class Drawing:
    """A page, form, tiling pattern or glyph of a Type 3 font: what draws, and what it draws with.

    ``page`` is the first page, from 1, that shows it; ``mask`` says that it makes a soft mask.
    """

    holder: Object
    resources: Object
    page: int
    mask: bool = False

    def content(self) -> bytes:
        """Give the operators, decoded; those of a page's several streams as one."""
        if isinstance(self.holder, Stream):
            return self.holder.read_bytes()
        found = self.holder.get("/Contents", Array())
        streams = [found] if isinstance(found, Stream) else list(found)
        return b"\n".join(stream.read_bytes() for stream in streams)


@dataclass(frozen=True)
class Operation:
    """An operator of a content stream about colours, with the bytes that it and its operands take.

    An inline image is one operation ``BI``, its operand all that stands before its data.
    """

    operator: str
    operands: tuple[bytes, ...]
    start: int
    end: int


def drawings(pdf: Pdf) -> Iterator[Drawing]:
    """Give all content of the pages in their order, each shared object once."""
    seen: set[tuple[int, int]] = set()
    for number, page in enumerate(pdf.pages, start=1):
        resources = inherited(page.obj, "/Resources") or Dictionary()
        waiting = [Drawing(page.obj, resources, number)]
        while waiting:
            drawing = waiting.pop()
            yield drawing
            if _is_new(drawing.resources, seen):
                inner = [found for found in _within(drawing, seen) if _is_new(found.holder, seen)]
                waiting.extend(reversed(inner))


def supplies(found: Iterable[Drawing]) -> Iterator[tuple[int, Object]]:
    """Give the resources of drawings, each dictionary once, with the first page that uses them."""
    seen: set[tuple[int, int]] = set()
    for drawing in found:
        if _is_new(drawing.resources, seen):
            yield drawing.page, drawing.resources


def resource(resources: Object, category: str, name: Name | str) -> Object | None:
    """Give one named resource of a category, such as ``/XObject``."""
    found: Object | None = resources.get(category, Dictionary()).get(str(name))
    return found


def resources_of(resources: Object, category: str) -> list[Object]:
    """Give all resources of a category."""
    entries = resources.get(category, Dictionary())
    return [entries[key] for key in sorted(entries.keys())]


def fonts_of(resources: Object, seen: set[tuple[int, int]]) -> list[Object]:
    """Give the fonts of a dictionary that has not been seen: all pages may share one."""
    fonts = resources.get("/Font", Dictionary())
    return resources_of(resources, "/Font") if _is_new(fonts, seen) else []


def inherited(page: Object, key: str) -> Object | None:
    """Give what a page or a node above it in the tree of pages says (ISO 32000-2 §7.7.3.4)."""
    node: Object | None = page
    while node is not None:
        if key in node:
            return node[key]
        node = node.get("/Parent")
    return None


def _is_new(thing: Object, seen: set[tuple[int, int]]) -> bool:
    """Remember an indirect object; a direct one stands in one place only and is always new."""
    if not thing.is_indirect:
        return True
    if thing.objgen in seen:
        return False
    seen.add(thing.objgen)
    return True


def _within(outer: Drawing, seen: set[tuple[int, int]]) -> Iterator[Drawing]:
    def inner(holder: Object, mask: bool = False) -> Drawing:
        resources = holder.get("/Resources", outer.resources)
        return Drawing(holder, resources, outer.page, mask or outer.mask)

    for thing in resources_of(outer.resources, "/XObject"):
        if thing.get("/Subtype") == Name.Form:
            yield inner(thing)
    for thing in resources_of(outer.resources, "/Pattern"):
        if isinstance(thing, Stream):
            yield inner(thing)
    for state in resources_of(outer.resources, "/ExtGState"):
        mask = state.get("/SMask")
        if isinstance(mask, Dictionary):
            yield inner(mask.G, mask=True)
    for font in fonts_of(outer.resources, seen):
        for glyph in resources_of(font, "/CharProcs"):
            resources = font.get("/Resources", outer.resources)
            yield Drawing(glyph, resources, outer.page, outer.mask)


ENDS = rb"(?![^\s/\[<(%])"
"""The end of a pattern for operators: nothing that would make a longer word of one."""

_BEGINS = rb"(?<![^\s\])>].)"
"""Says that the operator is no end of another word.

It follows the first letter, so that the search is for that letter, which is faster.
"""


def _string(depth: int) -> bytes:
    """Give the pattern of a literal string with parentheses in it to some depth."""
    inner = rb"|" + _string(depth - 1) if depth else b""
    return rb"\((?:[^()\\]++|\\." + inner + rb")*+\)"


def _operator(first: bytes, rest: bytes) -> bytes:
    return first + _BEGINS + rest + ENDS


_OPERATORS = re.compile(
    b"|".join(
        (
            _string(8),
            rb"%[^\r\n]*+",
            _operator(b"B", rb"I(?P<image>\s.*?)\sID\s.*?\sEI"),
            _operator(b"r", b"g"),
            _operator(b"R", b"G"),
            _operator(b"c", b"s"),
            _operator(b"C", b"S"),
            _operator(b"s", b"cn?"),
            _operator(b"S", b"CN?"),
            *(_operator(letter, b"") for letter in (b"k", b"K", b"q", b"Q")),
        )
    ),
    re.DOTALL,
)
_OPERANDS = re.compile(rb"(?:/[^\s()<>\[\]{}/%]*+\s*+|(?<![^\s\])>])[-+.\d]++\s++)+\Z")
_OPERAND = re.compile(rb"/?[^\s/]+")
_REACH = 300
"""The most bytes that the operands of one colour may take."""


def operations(content: bytes) -> Iterator[Operation]:
    """Give the operators that set colours, save and restore them, and inline images.

    Strings and comments are passed over, and so is the data of inline images.
    """
    for found in _OPERATORS.finditer(content):
        operator = found[0]
        start, end = found.span()
        if found["image"] is not None:
            yield Operation("BI", (found["image"],), start, end)
        elif operator in (b"q", b"Q"):
            yield Operation(operator.decode(), (), start, end)
        elif operator[:1] not in b"(%":
            before = content[max(0, start - _REACH) : start]
            if operands := _OPERANDS.search(before):
                given = tuple(_OPERAND.findall(operands[0]))
                yield Operation(operator.decode(), given, start - len(operands[0]), end)
