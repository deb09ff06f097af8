"""Checks what the content of a PDF is drawn with: colours, pictures, fonts, states."""

import re
from collections.abc import Iterable, Iterator, Sequence

from pikepdf import Array, Dictionary, Name, Object

from octavo.typeset.press.ink_spaces import foreign, inline_space
from octavo.typeset.press.ink_walk import (
    ENDS,
    Drawing,
    Operation,
    fonts_of,
    operations,
    resources_of,
    supplies,
)
from octavo.typeset.press.preflight_facts import Finding

_SETS_OTHER = re.compile(rb"(?:rg|RG|cs|CS|EI)" + ENDS)
_SETS_CMYK = re.compile(rb"[kK]" + ENDS)
_STATE = re.compile(rb"/([^\s/\[\]<>()]+)\s+gs" + ENDS)
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_SHADING = 2
_CMYK = "DeviceCMYK"


def covered_spaces(output_space: str) -> frozenset[str]:
    """Name the device spaces that mean something in the colours of an output intent."""
    return frozenset({"DeviceGray"} if output_space == "GRAY" else {"DeviceGray", _CMYK})


def check_colours(
    drawings: Sequence[Drawing], contents: Sequence[bytes], covered: frozenset[str]
) -> Iterator[Finding]:
    """Find colours that are not inks of the printing condition (ISO 32000-2 §8.6)."""
    for drawing, content in zip(drawings, contents, strict=True):
        names = {
            *_set_in(content, drawing.resources, covered),
            *_group(drawing, covered),
        }
        yield from _foreign(drawing.page, names, "is used")
    for page, resources in supplies(drawings):
        yield from _foreign(page, _spaces(resources, covered), "is used")
        yield from _foreign(page, _pictures(resources, covered), "colours a picture")
        yield from _foreign(page, _shadings(resources, covered), "colours a shading")


def _foreign(page: int, names: Iterable[str], where: str) -> Iterator[Finding]:
    for name in sorted({*names} - {""}):
        yield Finding(page, "colours-are-inks", f"{name} {where}")


def _set_in(content: bytes, resources: Object, covered: frozenset[str]) -> Iterator[str]:
    may_set_cmyk = _CMYK not in covered and _SETS_CMYK.search(content)
    if not (_SETS_OTHER.search(content) or may_set_cmyk):
        return
    for operation in operations(content):
        yield _set_by(operation, resources, covered)


def _set_by(operation: Operation, resources: Object, covered: frozenset[str]) -> str:
    match operation.operator.lower():
        case "rg":
            return "DeviceRGB"
        case "k":
            return "" if _CMYK in covered else _CMYK
        case "cs":
            return foreign(Object.parse(operation.operands[0]), resources, covered)
        case "bi":
            return foreign(inline_space(operation.operands[0]), resources, covered)
    return ""


def _group(drawing: Drawing, covered: frozenset[str]) -> Iterator[str]:
    group = drawing.holder.get("/Group", Dictionary())
    if "/CS" in group:
        yield foreign(group.CS, drawing.resources, covered)


def _spaces(resources: Object, covered: frozenset[str]) -> Iterator[str]:
    for space in resources_of(resources, "/ColorSpace"):
        yield foreign(space, Dictionary(), covered)


def _pictures(resources: Object, covered: frozenset[str]) -> Iterator[str]:
    for image in _images(resources):
        if "/ColorSpace" in image:
            yield foreign(image.ColorSpace, resources, covered)
        elif not image.get("/ImageMask", False):
            yield "JPEG 2000 without a colour space"


def _images(resources: Object) -> Iterator[Object]:
    for thing in resources_of(resources, "/XObject"):
        if thing.get("/Subtype") == Name.Image:
            yield thing


def _shadings(resources: Object, covered: frozenset[str]) -> Iterator[str]:
    for shading in resources_of(resources, "/Shading"):
        yield foreign(shading.ColorSpace, resources, covered)
    for pattern in resources_of(resources, "/Pattern"):
        if int(pattern.PatternType) == _SHADING:
            yield foreign(pattern.Shading.ColorSpace, resources, covered)


def check_resources(drawings: Sequence[Drawing]) -> Iterator[Finding]:
    """Find fonts that are not in the file, and what PDF/X does not allow."""
    seen: set[tuple[int, int]] = set()
    for page, resources in supplies(drawings):
        for font in fonts_of(resources, seen):
            for rule, message in _font(font):
                yield Finding(page, rule, message)
        for thing in resources_of(resources, "/XObject"):
            for message in _not_plain(thing):
                yield Finding(page, "xobjects-are-plain", message)
        for state in resources_of(resources, "/ExtGState"):
            for rule, message in _of_the_press(state):
                yield Finding(page, rule, message)


def _font(font: Object) -> Iterator[tuple[str, str]]:
    """Check that the font's program is in the file (ISO 32000-2 §9.9)."""
    if font.get("/Subtype") == Name.Type3:
        yield "fonts-are-outlines", "a font is of Type 3, made of drawings"
        return
    for part in font.get("/DescendantFonts", Array([font])):
        descriptor = part.get("/FontDescriptor", Dictionary())
        if not any(key in descriptor for key in _FONT_FILES):
            name = str(font.get("/BaseFont", "a font")).removeprefix("/")
            yield "fonts-are-embedded", f"{name} is not in the file"


def _not_plain(thing: Object) -> Iterator[str]:
    if Name.PS in (thing.get("/Subtype"), thing.get("/Subtype2")):
        yield "PostScript is drawn"
    for key in ("/Alternates", "/OPI", "/Ref"):
        if key in thing:
            yield f"a picture or form has {key}, which stands for another one"


def _of_the_press(state: Object) -> Iterator[tuple[str, str]]:
    """Find what is the press's own business (ISO 32000-2 §10.5, §10.6)."""
    if "/TR" in state or state.get("/TR2", Name.Default) != Name.Default:
        yield "transfer-functions-are-absent", "a graphics state has a transfer function"
    if "/HTP" in state:
        yield "halftone-phases-are-absent", "a graphics state has the phase of a halftone"


def check_opacity(
    drawings: Sequence[Drawing], contents: Sequence[bytes], masked: Iterable[int]
) -> Iterator[Finding]:
    """List pages that show transparency (ISO 32000-2 §11.6), which PDF/X-4 allows.

    ``masked`` are the pages with pictures that have soft masks.
    """
    found = {page: {"a picture with a soft mask"} for page in masked}
    known: dict[tuple[int, int], dict[str, set[str]]] = {}
    for drawing, content in zip(drawings, contents, strict=True):
        names = {name.decode("latin-1") for name in _STATE.findall(content)}
        kinds = _kinds(drawing.resources, known) if names else {}
        for name in names:
            found.setdefault(drawing.page, set()).update(kinds.get(name, set()))
    for page, words in found.items():
        if words:
            yield Finding(page, "pages-are-opaque", f"there is {', '.join(sorted(words))}")


def _kinds(
    resources: Object, known: dict[tuple[int, int], dict[str, set[str]]]
) -> dict[str, set[str]]:
    """Say what each graphics state has of transparency."""
    if resources.is_indirect and resources.objgen in known:
        return known[resources.objgen]
    states = resources.get("/ExtGState", Dictionary())
    kinds = {
        key.removeprefix("/"): set(_transparency(states[key])) for key in sorted(states.keys())
    }
    if resources.is_indirect:
        known[resources.objgen] = kinds
    return kinds


def _transparency(state: Object) -> Iterator[str]:
    if isinstance(state.get("/SMask"), Dictionary):
        yield "a soft mask"
    blending = state.get("/BM", Name.Normal)
    first = blending[0] if isinstance(blending, Array) else blending
    if first not in (Name.Normal, Name.Compatible):
        yield f"blending by {str(first).removeprefix('/')}"
    if min(float(state.get("/ca", 1)), float(state.get("/CA", 1))) < 1:
        yield "opacity below 1"
