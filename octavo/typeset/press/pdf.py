"""Makes the press PDF: PDF/X-4 for the printer (ISO 15930-7), of the same pages as the reading PDF.

Around each page there are bleed and crop marks.  All colours are inks; black is one ink.  There
are neither links nor tags.
"""

from dataclasses import dataclass

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from octavo.typeset.assemble import assemble, save
from octavo.typeset.condition import PrintingCondition
from octavo.typeset.joined import Joined
from octavo.typeset.press.ink import to_inks
from octavo.typeset.press.preflight import BLEED, Finding, preflight
from octavo.typeset.reading_pdf import describe

MM = 72 / 25.4
"""A millimetre in points."""

_GAP = 3 * MM
"""How far a crop mark keeps from the corner that it marks; no mark stands in the bleed."""

_MARK = 5 * MM
"""How long a crop mark is."""

_HAIRLINE = 0.25

MARGIN = _GAP + _MARK + 1 * MM
"""What surrounds the trimmed page."""


@dataclass(frozen=True)
class PressPdf:
    """The PDF, and what its preflight has found."""

    data: bytes
    findings: tuple[Finding, ...]


def make(joined: Joined) -> PressPdf:
    """Make the PDF, and look through it.  Byte-identical for the same input."""
    book = assemble(joined, MARGIN, tagged=False).pdf
    to_inks(book, joined.condition.profile)
    marks = Stream(book, _crop_marks(*joined.trim))
    width, height = joined.trim
    for page in book.pages:
        page.TrimBox = _box(MARGIN, MARGIN, width, height)
        page.BleedBox = _box(MARGIN - BLEED, MARGIN - BLEED, width + 2 * BLEED, height + 2 * BLEED)
        page.contents_add(marks)
    _set_output_intent(book, joined.condition)
    describe(book, joined.metadata, joined.metadata.press_xmp)
    book.docinfo["/GTS_PDFXVersion"] = String("PDF/X-4")
    book.docinfo["/Trapped"] = Name("/False")
    book.remove_unreferenced_resources()
    findings = preflight(book)
    return PressPdf(save(book), findings)


def _box(left: float, bottom: float, width: float, height: float) -> Array:
    return Array([round(edge, 3) for edge in (left, bottom, left + width, bottom + height)])


def _crop_marks(width: float, height: float) -> bytes:
    """Draw two hairlines at each corner, in black."""
    lines = []
    for x, out_x in ((MARGIN, -1), (MARGIN + width, 1)):
        for y, out_y in ((MARGIN, -1), (MARGIN + height, 1)):
            near, far = _GAP, _GAP + _MARK
            lines.append((x + out_x * near, y, x + out_x * far, y))
            lines.append((x, y + out_y * near, x, y + out_y * far))
    paths = " ".join(f"{a:.3f} {b:.3f} m {c:.3f} {d:.3f} l S" for a, b, c, d in lines)
    return f"q 0 0 0 1 K {_HAIRLINE} w {paths} Q".encode("ascii")


def _set_output_intent(book: Pdf, condition: PrintingCondition) -> None:
    """Say for which printing the colours are meant (ISO 32000-1 §14.11.5)."""
    book.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFX,
                OutputConditionIdentifier=String(condition.identifier),
                Info=String(condition.identifier),
                RegistryName=String("http://www.color.org"),
                DestOutputProfile=Stream(book, condition.profile, N=4),
            )
        ]
    )
