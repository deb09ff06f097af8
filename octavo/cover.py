"""The cover that ``book.toml`` names: read, and whether shops and reading systems will take it.

Sizes are Amazon's (Kindle Publishing Guidelines, "Cover Image Guidelines": at least 625 by 1,000
pixels, best 1,600 by 2,560) and Apple's (Apple Books Asset Guide: at least 1,400 pixels on the
shorter side, RGB, no more than 5.6 million pixels inside an EPUB).
"""

import io
from collections.abc import Iterator
from pathlib import Path

from octavo import pictures
from octavo.book import Image
from octavo.manuscript import Manuscript
from octavo.problems import Problem, Severity, errors

LEAST = (625, 1000)
"""Width and height in pixels below which Amazon refuses a cover."""

LEAST_SIDE = 1400
"""The shorter side, in pixels, that Apple asks for."""

MOST_PIXELS = 5_600_000
"""How many pixels Apple allows a picture in an EPUB."""

MOST_BYTES = 5_000_000
"""How large a cover may be, in bytes: as large as a whole book may be for a reader's sake."""

RATIOS = (1.2, 1.8)
"""Height by width between which shops show a cover whole; 1.6 is what they ask for."""

_BEST = "best are 1,600 by 2,560 pixels: a JPEG or PNG in RGB"


def load(manuscript: Manuscript) -> tuple[Image | None, list[Problem]]:
    """Give the cover that the book brings, and what is wrong with it; ``None`` without one."""
    path = manuscript.config.epub.cover
    if not path:
        return None, []
    span = manuscript.span_of_setting("epub", "cover")
    try:
        if Path(path).is_absolute() or ".." in Path(path).parts:
            raise ValueError("it stands outside the book's folder")
        cover = pictures.picture(path, (manuscript.root / path).read_bytes())
    except (OSError, ValueError) as error:
        message = f"the cover {path} cannot be read: {pictures.fault(error)}"
        hint = "its path begins at the book's folder: content/figures/cover.jpg"
        return None, [Problem("cover-is-readable", message, span, hint)]
    problems = [
        Problem(rule, f"the cover {path} {fault}", span, _BEST, severity)
        for rule, fault, severity in _faults(cover)
    ]
    return (None if errors(problems) else cover), problems


def _faults(cover: Image) -> Iterator[tuple[str, str, Severity]]:
    """Give what is wrong with a cover: the rule, the fault, how bad it is."""
    if cover.media_type not in {"image/jpeg", "image/png"}:
        kind = cover.media_type.removeprefix("image/").split("+")[0].upper()
        yield "cover-is-raster", f"is {kind}, which shops do not take", Severity.ERROR
        return
    width, height = int(cover.width), int(cover.height)
    size = f"{width:,} by {height:,} pixels"
    from PIL import Image as PillowImage  # noqa: PLC0415 - it takes a while to load

    with PillowImage.open(io.BytesIO(cover.data)) as opened:
        mode = opened.mode
    if mode == "CMYK":
        fault = "is in the inks of a press (CMYK), which screens show wrongly and Apple refuses"
        yield "cover-is-rgb", fault, Severity.ERROR
    if width < LEAST[0] or height < LEAST[1]:
        fault = f"is tiny, {size}: Amazon takes none below {LEAST[0]:,} by {LEAST[1]:,}"
        yield "cover-is-large-enough", fault, Severity.ERROR
    elif min(width, height) < LEAST_SIDE:
        fault = f"is small, {size}: Apple asks for {LEAST_SIDE:,} on the shorter side"
        yield "cover-is-large-enough", fault, Severity.WARNING
    if width * height > MOST_PIXELS:
        fault = f"has {size}: Apple takes no more than {MOST_PIXELS:,} in all"
        yield "cover-is-small-enough", fault, Severity.WARNING
    elif len(cover.data) > MOST_BYTES:
        fault = f"has {len(cover.data):,} bytes, more than a whole book should"
        yield "cover-is-small-enough", fault, Severity.WARNING
    if not RATIOS[0] <= height / width <= RATIOS[1]:
        fault = f"is not of a book's shape, {size}: shops crop it, or set it in a frame"
        yield "cover-is-upright", fault, Severity.WARNING
