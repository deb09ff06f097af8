"""Follows the content of a page as a printer does, to see how text and pictures come out."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import hypot

from pikepdf import (
    Array,
    ContentStreamInlineImage,
    ContentStreamInstruction,
    Dictionary,
    Matrix,
    Name,
    Object,
    Stream,
    parse_content_stream,
)

from octavo.typeset.press.ink_walk import inherited, resource

_OPERATORS = "q Q cm Do cs sc scn SCN k g rg Tr Tj TJ ' \" BI ID EI"
_FILLING = (0, 2, 4, 6)
"""The modes of rendering text that fill it (ISO 32000-2 §9.3.6)."""


@dataclass(frozen=True)
class Text:
    """Text that is painted with so much of each ink; ``()`` if not with inks of the process."""

    inks: tuple[float, ...]


@dataclass(frozen=True)
class Picture:
    """An image that is painted: its pixels, its bits a channel, its size on paper in points.

    ``masked`` says that it has a soft mask.
    """

    pixels: tuple[int, int]
    bits: int
    size: tuple[float, float]
    masked: bool = False

    @property
    def resolution(self) -> float:
        """Give the pixels per inch in the direction that has fewer."""
        return min(72 * n / length for n, length in zip(self.pixels, self.size, strict=True))


@dataclass(frozen=True)
class _State:
    matrix: Matrix = field(default_factory=Matrix)
    inks: tuple[float, ...] = ()
    is_cmyk: bool = False
    mode: int = 0


_BLACK = (0.0, 0.0, 0.0, 1.0)


def marks(page: Object) -> Iterator[Text | Picture]:
    """Give the text and the pictures of a page in the order of painting, through its forms."""
    resources = inherited(page, "/Resources") or Dictionary()
    return _Printer(page, resources, _State(), frozenset()).run()


class _Printer:
    """Follows one content stream; forms and patterns get printers of their own."""

    def __init__(
        self, holder: Object, resources: Object, state: _State, active: frozenset[tuple[int, int]]
    ) -> None:
        self._holder = holder
        self._resources = resources
        self._base = state.matrix
        self._state = state
        self._active = active | {holder.objgen}
        self._saved: list[_State] = []

    def run(self) -> Iterator[Text | Picture]:
        """Give what the stream paints."""
        for instruction in parse_content_stream(self._holder, _OPERATORS):
            if isinstance(instruction, ContentStreamInlineImage):
                image = instruction.iimage
                yield self._picture(image.width, image.height, image.bits_per_component)
            else:
                yield from self._do(instruction)

    def _do(self, instruction: ContentStreamInstruction) -> Iterator[Text | Picture]:
        operands = list(instruction.operands)
        match str(instruction.operator):
            case "q":
                self._saved.append(self._state)
            case "Q" if self._saved:
                self._state = self._saved.pop()
            case "cm":
                self._change(matrix=Matrix(*map(float, operands)) @ self._state.matrix)
            case "Tr":
                self._change(mode=int(operands[0]))
            case "Tj" | "TJ" | "'" | '"' if self._state.mode in _FILLING:
                yield Text(self._state.inks)
            case "Do":
                yield from self._paint(resource(self._resources, "/XObject", str(operands[0])))
            case operator:
                yield from self._colour(operator, operands)

    def _colour(self, operator: str, operands: list[Object]) -> Iterator[Text | Picture]:
        match operator:
            case "k":
                self._change(inks=tuple(float(ink) for ink in operands), is_cmyk=True)
            case "g" | "rg":
                self._change(inks=(), is_cmyk=False)
            case "cs":
                named = resource(self._resources, "/ColorSpace", str(operands[0]))
                is_cmyk = Name.DeviceCMYK in (operands[0], named)
                self._change(inks=_BLACK if is_cmyk else (), is_cmyk=is_cmyk)
            case "sc" | "scn" | "SCN" if operands and isinstance(operands[-1], Name):
                yield from self._tile(resource(self._resources, "/Pattern", operands[-1]))
            case "sc" | "scn" if self._state.is_cmyk:
                self._change(inks=tuple(float(ink) for ink in operands))

    def _change(self, **changes: object) -> None:
        self._state = replace(self._state, **changes)  # type: ignore[arg-type]

    def _paint(self, thing: Object | None) -> Iterator[Text | Picture]:
        if thing is None:
            return
        if thing.get("/Subtype") == Name.Image:
            is_mask = bool(thing.get("/ImageMask", False))
            bits = 1 if is_mask else int(thing.get("/BitsPerComponent", 8))
            picture = self._picture(int(thing.Width), int(thing.Height), bits)
            yield replace(picture, masked="/SMask" in thing)
        elif thing.get("/Subtype") == Name.Form:
            yield from self._enter(thing, self._state)

    def _tile(self, pattern: Object | None) -> Iterator[Text | Picture]:
        """Follow a tiling pattern; its matrix begins where this stream does (§8.7.3.1)."""
        if isinstance(pattern, Stream):
            yield from self._enter(pattern, _State(self._base))

    def _enter(self, holder: Object, state: _State) -> Iterator[Text | Picture]:
        if holder.objgen in self._active:
            return
        own = Matrix(*map(float, holder.get("/Matrix", Array([1, 0, 0, 1, 0, 0]))))
        resources = holder.get("/Resources", self._resources)
        inner = replace(state, matrix=own @ state.matrix)
        yield from _Printer(holder, resources, inner, self._active).run()

    def _picture(self, width: int, height: int, bits: int) -> Picture:
        matrix = self._state.matrix
        size = (hypot(matrix.a, matrix.b), hypot(matrix.c, matrix.d))
        return Picture((width, height), bits, size)
