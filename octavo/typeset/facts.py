"""What stands on which page: the values that layout gives and that everything later asks.

Pages of a section count from 0; folios are text as printed ("xii", "47"); lengths are points
(1/72 in) from the page's top left corner.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Side = Literal["recto", "verso", "any"]
Numerals = Literal["roman", "arabic"]


@dataclass(frozen=True)
class Job:
    """One section to be laid out: its XHTML, its stylesheets (CSS texts), its page.

    ``numbers`` is the stylesheet of its folios, which changes no line and no page break.
    ``width`` is the sheet's, ``height`` the text area's, ``leading`` the text's (points).
    """

    section: str
    html: str
    styles: tuple[str, ...]
    numbers: str
    width: float
    height: float
    leading: float


@dataclass(frozen=True)
class Place:
    """Where something stands: the section's page, and the distance from its left and top."""

    page: int
    x: float
    y: float


@dataclass(frozen=True)
class NoteFact:
    """Where a note is called and where its pieces stand: pages of the section."""

    id: str
    call_page: int
    pages: tuple[int, ...]

    @property
    def begins_with_call(self) -> bool:
        """Tell whether the note begins on the page of its call."""
        return bool(self.pages) and self.pages[0] == self.call_page


@dataclass(frozen=True)
class MadeUp:
    """A section made up into pages: its XHTML with every cut in it, and how many pages it makes."""

    section: str
    html: str
    pages: int
    log: tuple[str, ...]


@dataclass(frozen=True)
class Laid:
    """A section laid out: its PDF and its pages' facts.

    ``planned`` is the number of pages that the galley was cut to; ``overflows`` names pages on
    which something stands outside the sheet; ``log`` holds what the renderer complained about.
    """

    section: str
    pdf: bytes
    pages: int
    planned: int
    places: Mapping[str, Place]
    notes: tuple[NoteFact, ...]
    overflows: tuple[int, ...]
    log: tuple[str, ...]


@dataclass(frozen=True)
class SectionPages:
    """Where a section stands in the book: ``first`` is the 0-based index of its first sheet side.

    ``blanks_before`` counts the blank pages set before it; ``first_folio`` numbers its first page.
    """

    section: str
    first: int
    count: int
    blanks_before: int
    first_folio: int
    numerals: Numerals


@dataclass(frozen=True)
class Pagination:
    """What stands on which page of the whole book; ``folios`` maps a target's id to its folio."""

    sections: tuple[SectionPages, ...]
    folios: Mapping[str, str]
    pages: int


ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
         (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def folio(number: int, numerals: Numerals) -> str:
    """Write a page number in arabic or lower-case roman numerals (Chicago 18, ch. 1)."""
    if numerals == "arabic":
        return str(number)
    out = ""
    for value, sign in ROMAN:
        count, number = divmod(number, value)
        out += sign * count
    return out
