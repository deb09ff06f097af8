"""Checks what each page of a PDF says of itself: its boxes, and what lies on it unprinted."""

from collections import Counter
from collections.abc import Iterator

from pikepdf import Object, Pdf

from octavo.typeset.press.ink_walk import inherited
from octavo.typeset.press.preflight_facts import Finding

_TOLERANCE = 0.1
"""How much sizes may differ, in points."""

_BOXES = {
    "/MediaBox": "media-box-is-set",
    "/BleedBox": "bleed-box-is-set",
    "/TrimBox": "trim-box-is-set",
}

_Box = tuple[float, float, float, float]


def check_pages(pdf: Pdf, bleed: float) -> Iterator[Finding]:
    """Find what is wrong with the boxes of the pages, and what only a viewer would show."""
    trims: dict[int, tuple[float, float]] = {}
    for number, page in enumerate(pdf.pages, start=1):
        boxes = {key: _box(page.obj, key) for key in _BOXES}
        for rule, message in (*_boxes(boxes, bleed), *_unprinted(page.obj)):
            yield Finding(number, rule, message)
        if trim := boxes["/TrimBox"]:
            trims[number] = (trim[2] - trim[0], trim[3] - trim[1])
    yield from _sizes(trims)


def _box(page: Object, key: str) -> _Box | None:
    """Give a box with its corners in order; only MediaBox is inherited (ISO 32000-2 §7.7.3.3)."""
    found = inherited(page, key) if key == "/MediaBox" else page.get(key)
    if found is None:
        return None
    x0, y0, x1, y1 = (float(edge) for edge in found)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _boxes(boxes: dict[str, _Box | None], bleed: float) -> Iterator[tuple[str, str]]:
    """Check how the boxes lie in each other (ISO 32000-2 §14.11.2)."""
    for key, rule in _BOXES.items():
        if boxes[key] is None:
            yield rule, f"the page has no {key.removeprefix('/')}"
    media_box, bleed_box, trim_box = boxes.values()
    if media_box and bleed_box and _margin(media_box, bleed_box) < -_TOLERANCE:
        yield "boxes-are-nested", "the BleedBox reaches out of the MediaBox"
    if bleed_box and trim_box:
        margin = _margin(bleed_box, trim_box)
        if margin < -_TOLERANCE:
            yield "boxes-are-nested", "the TrimBox reaches out of the BleedBox"
        elif margin < bleed - _TOLERANCE:
            message = f"the bleed is {margin:.2f} pt at its narrowest; {bleed:.2f} are needed"
            yield "bleed-is-wide-enough", message


def _margin(outer: _Box, inner: _Box) -> float:
    """Say how far one box reaches over another on the side where it does least."""
    return min(inner[0] - outer[0], inner[1] - outer[1], outer[2] - inner[2], outer[3] - inner[3])


def _unprinted(page: Object) -> Iterator[tuple[str, str]]:
    if "/ArtBox" in page and "/TrimBox" in page:
        yield "art-box-is-absent", "the page has both an ArtBox and a TrimBox"
    if count := len(page.get("/Annots", ())):
        yield "annotations-are-absent", f"the page has {count} annotations"
    if "/AA" in page:
        yield "actions-are-absent", "the page has /AA"


def _sizes(trims: dict[int, tuple[float, float]]) -> Iterator[Finding]:
    """Compare all pages with the size that most of them have."""
    if not trims:
        return
    rounded = Counter((round(width), round(height)) for width, height in trims.values())
    usual = rounded.most_common(1)[0][0]
    width, height = next(t for t in trims.values() if (round(t[0]), round(t[1])) == usual)
    for number, (own_width, own_height) in trims.items():
        if max(abs(own_width - width), abs(own_height - height)) > _TOLERANCE:
            message = (
                f"the page is trimmed to {own_width:.1f} × {own_height:.1f} pt,"
                f" others to {width:.1f} × {height:.1f}"
            )
            yield Finding(number, "trim-sizes-are-equal", message)
