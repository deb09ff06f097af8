"""The tables of ``book.toml`` that are about one edition: ``[print]``, ``[web]``, ``[epub]``."""

from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import Field

from octavo.config.values import Address, Conformance, DashedTable, Doi, Isbn, Length, Link, Urn


class Identifiers(DashedTable):
    """Identifiers of an edition that exist: none is made up but the urn."""

    isbn: Isbn = ""
    """The ISBN-13 of this edition, with or without hyphens."""
    doi: Doi = ""
    """The DOI, without an address before it: "10.1000/182"."""
    urn: Urn = ""
    """A URN that names the book itself: "urn:uuid:…"."""


class Margins(DashedTable):
    """The four margins of a page."""

    top: Length = "60pt"
    bottom: Length = "84pt"
    inside: Length = "45pt"
    """At the spine."""
    outside: Length = "63pt"
    """At the fore-edge."""


class PressSettings(DashedTable):
    """What the printer prints with; without a profile it is coated paper in offset, FOGRA39."""

    profile: str = ""
    """An ICC output profile: a path below the book's folder."""
    condition: str = "FOGRA39"
    """The profile's name in the registry of the International Color Consortium."""


class PrintSettings(DashedTable):
    """The printed page."""

    trim: Annotated[tuple[Length, Length], Field(strict=False)] = ("6in", "9in")
    """The trim size: width and height."""
    margins: Margins = Margins()
    size: Length = "11pt"
    """The size of the type."""
    leading: Length = "14pt"
    """From one line to the next: usually 1.2 to 1.4 times the size."""
    continued_notes: Literal["plain", "rule"] = "plain"
    """What stands above the rest of a note that was carried over: the sign above all notes, or a
    rule across the whole measure."""
    cited_in: bool = False
    """The bibliography names the notes that cite each work, as it does on screens."""
    press: PressSettings = PressSettings()
    identifiers: Identifiers = Identifiers()


class WebSettings(DashedTable):
    """The web edition."""

    base_url: Address | None = None
    """The address of the folder in which the edition will stand, if that is known."""
    pdf_url: Address | None = None
    """Where the reading PDF can be had."""
    identifiers: Identifiers = Identifiers()

    def address(self, name: str) -> str:
        """Give the address of the document ``name``; ``""`` where the folder's is not known."""
        return f"{self.base_url.rstrip('/')}/{quote(name)}" if self.base_url else ""


class AccessibilitySettings(DashedTable):
    """What the publisher states of the EPUB's accessibility (EPUB Accessibility 1.1, section 5)."""

    conforms_to: Conformance = ""
    """The statement of conformance, in the standard's own words."""
    certified_by: str = ""
    """Who found that the statement holds."""
    certifier_credential: str = ""
    """What entitles them to say so."""
    certifier_report: Link | None = None
    """Where their report stands."""
    summary: str = ""
    """Replaces the summary that is made of what the file has."""


class EpubSettings(DashedTable):
    """The EPUB."""

    cover: str = ""
    """A picture for the cover: a path below the book's folder; without one a cover is made."""
    cover_alt: str = ""
    """What the cover shows, where that is more than the book's own words."""
    identifiers: Identifiers = Identifiers()
    accessibility: AccessibilitySettings = AccessibilitySettings()
