"""Turns what a document draws to the colours of a printing press.

Everything is replaced where it stands: the colours in content streams and shadings, pictures, the
spaces in which groups blend.  Greys, and black above all, become black ink alone, so that text is
printed from one plate; other colours go through the ICC profile of the printing condition.
"""

import re
import zlib
from collections.abc import Callable, Sequence

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from octavo.typeset.press.ink_images import ink_image, ink_indexed
from octavo.typeset.press.ink_shadings import ink_shading, ink_tint
from octavo.typeset.press.ink_spaces import (
    INK_SPACE,
    RGB_SPACE,
    InkError,
    Inks,
    Model,
    Space,
    foreign,
    inline_space,
    luminosity,
    read_space,
)
from octavo.typeset.press.ink_walk import (
    ENDS,
    Drawing,
    Operation,
    drawings,
    operations,
    resources_of,
    supplies,
)

_MAY_BE_COLOURED = re.compile(rb"(?:rg|RG|cs|CS|sc|SC|scn|SCN|EI)" + ENDS)
_INKS = frozenset({"DeviceGray", "DeviceCMYK"})
_SHADING = 2
"""The type of pattern that is a shading."""

_Paint = Callable[[Space, Sequence[float], bool], bytes]


def to_inks(pdf: Pdf, profile: bytes) -> None:
    """Turn all that the pages of ``pdf`` show to CMYK and grey, in place.

    Deterministic.  Annotations are not looked at, as a file for the press has none; colours that
    cannot be turned (see ``ink_shadings``) stay for the preflight to report.

    Args:
        pdf: the document.
        profile: the ICC profile of the printing condition, one for CMYK.

    Raises:
        InkError: The profile is not one for CMYK, or a picture is of a kind that is not known.
    """
    inks = Inks(profile)
    found = tuple(drawings(pdf))
    for drawing in found:
        _ink_content(pdf, drawing, inks)
        _ink_group(drawing)
    for _, resources in supplies(found):
        _ink_things(pdf, resources, inks)
    for _, resources in supplies(found):
        _ink_spaces(pdf, resources, inks)


def _ink_content(pdf: Pdf, drawing: Drawing, inks: Inks) -> None:
    content = drawing.content()
    if not _MAY_BE_COLOURED.search(content):
        return
    paint = _mask_painter() if drawing.mask else _painter(inks)
    inked = _inked(content, drawing.resources, paint)
    if inked == content:
        return
    packed = zlib.compress(inked)
    if isinstance(drawing.holder, Stream):
        drawing.holder.write(packed, filter=Name.FlateDecode)
    else:
        drawing.holder.Contents = Stream(pdf, packed, Filter=Name.FlateDecode)


def _painter(inks: Inks) -> _Paint:
    def paint(space: Space, values: Sequence[float], stroke: bool) -> bytes:
        return _numbers(inks.colour(space, values)) + (b" K" if stroke else b" k")

    return paint


def _mask_painter() -> _Paint:
    """Paint greys in a soft mask: how light they are is then the same with every profile."""

    def paint(space: Space, values: Sequence[float], stroke: bool) -> bytes:
        return _numbers([luminosity(space, values)]) + (b" G" if stroke else b" g")

    return paint


def _numbers(values: Sequence[float]) -> bytes:
    return b" ".join(f"{value:.4f}".rstrip("0").rstrip(".").encode() for value in values)


def _inked(content: bytes, resources: Object, paint: _Paint) -> bytes:
    pieces: list[bytes] = []
    done = 0
    spaces: dict[bool, Space | None] = {False: None, True: None}
    saved: list[dict[bool, Space | None]] = []
    for operation in operations(content):
        match operation.operator:
            case "q":
                saved.append(dict(spaces))
            case "Q":
                spaces = saved.pop() if saved else spaces
            case _:
                instead = _instead(operation, spaces, resources, paint)
                if instead is not None:
                    pieces += (content[done : operation.start], instead)
                    done = operation.end
    return b"".join((*pieces, content[done:]))


def _instead(
    operation: Operation, spaces: dict[bool, Space | None], resources: Object, paint: _Paint
) -> bytes | None:
    """Give what stands instead of an operation, if anything; note which space it sets."""
    stroke = operation.operator.isupper()
    match operation.operator.lower():
        case "rg":
            spaces[stroke] = INK_SPACE
            return paint(RGB_SPACE, _values(operation.operands), stroke)
        case "k":
            spaces[stroke] = INK_SPACE
        case "cs":
            space = read_space(Object.parse(operation.operands[0]), resources)
            spaces[stroke] = space
            if space.model is not Model.INKS and not space.pattern:
                return paint(space, space.black, stroke)
        case "sc" | "scn":
            return _instead_of_special(operation, spaces[stroke], paint)
        case "bi":
            if name := foreign(inline_space(operation.operands[0]), resources, _INKS):
                raise InkError(f"an inline image is in {name}")
    return None


def _instead_of_special(operation: Operation, space: Space | None, paint: _Paint) -> bytes | None:
    """Give a colour for one of a space that was set before, maybe by what draws this form."""
    values = _values(operation.operands)
    if space is None:
        space = RGB_SPACE if len(values) == RGB_SPACE.channels else INK_SPACE
    if space.model is Model.INKS or not values:
        return None
    stroke = operation.operator.isupper()
    painted = paint(space, values, stroke)
    if not space.pattern:
        return painted
    colour = painted.rsplit(b" ", 1)[0]
    return b" ".join((colour, operation.operands[-1], operation.operator.encode()))


def _values(operands: Sequence[bytes]) -> list[float]:
    return [float(operand) for operand in operands if not operand.startswith(b"/")]


def _ink_group(drawing: Drawing) -> None:
    """Let a transparency group blend in inks, one of a soft mask in greys (§11.6.6)."""
    group = drawing.holder.get("/Group", Dictionary())
    if "/CS" in group and read_space(group.CS, drawing.resources).model is not Model.INKS:
        group.CS = Name.DeviceGray if drawing.mask else Name.DeviceCMYK


def _ink_things(pdf: Pdf, resources: Object, inks: Inks) -> None:
    for thing in resources_of(resources, "/XObject"):
        if isinstance(thing, Stream) and thing.get("/Subtype") == Name.Image:
            ink_image(pdf, thing, resources, inks)
    for thing in resources_of(resources, "/Shading"):
        ink_shading(pdf, thing, resources, inks)
    for thing in resources_of(resources, "/Pattern"):
        if int(thing.PatternType) == _SHADING:
            ink_shading(pdf, thing.Shading, resources, inks)
    for thing in resources_of(resources, "/ExtGState"):
        backdrop = thing.get("/SMask", Name.None_)
        if isinstance(backdrop, Dictionary) and len(backdrop.get("/BC", ())) == RGB_SPACE.channels:
            values = [float(value) for value in backdrop.BC]
            backdrop.BC = Array([round(luminosity(RGB_SPACE, values), 4)])


def _ink_spaces(pdf: Pdf, resources: Object, inks: Inks) -> None:
    """Turn the named spaces that have others under them; take away those that nothing uses now."""
    spaces = resources.get("/ColorSpace", Dictionary())
    for name in sorted(spaces.keys()):
        given = spaces[name]
        space = read_space(given, resources)
        if isinstance(given, Array) and space.model is Model.INKS:
            instead = ink_indexed(given, resources, inks) or ink_tint(pdf, given, resources, inks)
            spaces[name] = instead or given
        elif space.pattern:
            spaces[name] = Array([Name.Pattern, Name.DeviceCMYK])
        elif space.model is not Model.INKS:
            del spaces[name]
    if "/ColorSpace" in resources and not spaces.keys():
        del resources.ColorSpace
