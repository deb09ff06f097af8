"""What a printer checks before plates are made.

The rules are those of PDF/X-4 (ISO 15930-7) and of this project's press PDF; each is named as a
truth about a sound file.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from pikepdf import Name, Object, Pdf

from octavo.typeset.press.ink_walk import ENDS, Drawing, drawings, resources_of, supplies
from octavo.typeset.press.preflight_colours import (
    check_colours,
    check_opacity,
    check_resources,
    covered_spaces,
)
from octavo.typeset.press.preflight_document import check_document, output_space
from octavo.typeset.press.preflight_facts import FINE, FINE_LINES, Finding
from octavo.typeset.press.preflight_marks import Picture, Text, marks
from octavo.typeset.press.preflight_pages import check_pages

__all__ = ["BLEED", "WARNINGS", "Finding", "preflight"]

BLEED = 3 * 72 / 25.4
"""How far a page must reach over its trimmed edge, in points: three millimetres."""

WARNINGS = frozenset({"images-are-fine-enough", "pages-are-opaque"})
"""The rules that a file may break and still be PDF/X-4."""

_RICH = 0.95
"""From this much black on, text is black to the eye and needs no other ink."""

_FOUR = 4
_SETS_INKS = re.compile(rb"(?:k|scn?)" + ENDS)
_REACH = 80
"""The most bytes that four numbers may take."""

_SHOWS_PICTURES = re.compile(rb"(?:Do|EI|/[^\s/\[\]<>()]+\s+(?:scn|SCN))" + ENDS)


_IS_INLINE = re.compile(rb"EI" + ENDS)


def preflight(pdf: Pdf) -> tuple[Finding, ...]:
    """Find all that is wrong with a PDF for the press, in the order of its pages.

    Content that several pages share is reported for the first of them.

    Args:
        pdf: the document; it is not changed.
    """
    found = tuple(drawings(pdf))
    contents = tuple(drawing.content() for drawing in found)
    painted = _painted(pdf, found, contents)
    masked = {page for page, mark in painted if isinstance(mark, Picture) and mark.masked}
    covered = covered_spaces(output_space(pdf))
    return tuple(
        sorted(
            {
                *check_document(pdf),
                *check_pages(pdf, BLEED),
                *check_colours(found, contents, covered),
                *check_resources(found),
                *check_opacity(found, contents, masked),
                *_check_marks(painted),
            }
        )
    )


def _painted(
    pdf: Pdf, found: Sequence[Drawing], contents: Sequence[bytes]
) -> list[tuple[int, Text | Picture]]:
    """Follow those pages in detail on which there may be something to find."""
    are_pictures = any(_has_picture(resources) for _, resources in supplies(found))
    shows = _SHOWS_PICTURES if are_pictures else _IS_INLINE
    numbers = {
        drawing.page
        for drawing, content in zip(found, contents, strict=True)
        if shows.search(content) or _may_be_rich(content)
    }
    return [(page, mark) for page in sorted(numbers) for mark in marks(pdf.pages[page - 1].obj)]


def _has_picture(resources: Object) -> bool:
    things = resources_of(resources, "/XObject")
    return any(thing.get("/Subtype") == Name.Image for thing in things)


def _check_marks(painted: Iterable[tuple[int, Text | Picture]]) -> Iterator[Finding]:
    for page, mark in painted:
        match mark:
            case Text(inks) if inks and _is_rich(inks):
                message = "text is painted in black with other inks under it"
                yield Finding(page, "black-text-is-pure", message)
            case Picture() if _is_coarse(mark):
                yield Finding(page, "images-are-fine-enough", _coarseness(mark))


def _may_be_rich(content: bytes) -> bool:
    """Say whether four inks are set anywhere that make a rich black."""
    for found in _SETS_INKS.finditer(content):
        operands = content[max(0, found.start() - _REACH) : found.start()].split()[-_FOUR:]
        try:
            inks = [float(operand) for operand in operands]
        except ValueError:
            continue
        if len(inks) == _FOUR and _is_rich(inks):
            return True
    return False


def _is_rich(inks: Sequence[float]) -> bool:
    *colours, black = inks
    return black >= _RICH and any(colours)


def _needed(picture: Picture) -> int:
    return FINE_LINES if picture.bits == 1 else FINE


def _is_coarse(picture: Picture) -> bool:
    return all(picture.size) and round(picture.resolution) < _needed(picture)


def _coarseness(picture: Picture) -> str:
    width, height = picture.pixels
    return (
        f"a picture of {width} × {height} pixels is printed at {picture.resolution:.0f} dpi;"
        f" {_needed(picture)} are needed"
    )
