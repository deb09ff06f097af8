"""What stands on which page: the values that layout gives and that everything later asks.

Pages of a section count from 0; folios are text as printed ("xii", "47"); lengths are points
(1/72 in) from the page's top left corner.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from octavo.numerals import Numerals

Side = Literal["recto", "verso", "any"]


@dataclass(frozen=True)
class Job:
    """One section to be laid out: its XHTML, its stylesheets (CSS texts), its page.

    ``width`` is the sheet's, ``height`` the text area's, ``leading`` the text's (points);
    ``language`` is the book's; ``rules_continued``: the rest of a note stands below a long rule.
    """

    section: str
    html: str
    styles: tuple[str, ...]
    width: float
    height: float
    leading: float
    language: str
    rules_continued: bool = False


@dataclass(frozen=True)
class Bar:
    """A bar beside lines with changes: its distance from the text area's top, and its height."""

    top: float
    height: float


@dataclass(frozen=True)
class Remark:
    """A comment beside a page: the id of its call, and the distance of that from the top.

    ``number``, ``head`` (who made it, and when) and ``text`` are known when it is printed.
    """

    call: str
    top: float
    number: str = ""
    head: str = ""
    text: str = ""


@dataclass(frozen=True)
class Remarked:
    """What stands in the outer margin of a page of a proof."""

    bars: tuple[Bar, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class FurnitureJob:
    """The running heads and folios of one section's pages.

    ``body`` holds the attributes of the section's ``<body>``; ``strings`` by page what its text
    sets of named strings (CSS GCPM 3 §1.1); ``numbers`` is the stylesheet of its folios;
    ``margins`` by page what stands in the outer margin of a proof.
    """

    section: str
    body: Mapping[str, str]
    strings: tuple[tuple[tuple[str, str], ...], ...]
    styles: tuple[str, ...]
    numbers: str
    language: str
    margins: tuple[Remarked, ...]


@dataclass(frozen=True)
class Place:
    """Where something stands: the section's page, and the distance from its text area's corner."""

    page: int
    x: float
    y: float


@dataclass(frozen=True)
class NoteFact:
    """Where a note is called and where its pieces stand: pages of the section.

    ``starts`` counts for each piece the visible characters of the note before it, its number and
    hyphens at line ends left aside.
    """

    id: str
    call_page: int
    pages: tuple[int, ...]
    starts: tuple[int, ...]

    @property
    def begins_with_call(self) -> bool:
        """Tell whether the note begins on the page of its call."""
        return bool(self.pages) and self.pages[0] == self.call_page


@dataclass(frozen=True)
class Beginning:
    """Where a page's text begins: a block, how many of its characters come before, first words.

    ``block`` is the id of the nearest element around, or a dot and its ``data-block``.  White
    space, notes and their calls, and hyphens at line ends do not count.  ``words`` are what the
    page shows first, a broken word from where it goes on.
    """

    block: str
    characters: int
    words: str


@dataclass(frozen=True)
class PageFact:
    """What stands on a page: where its text begins (None: no text), its ids, its notes' ids.

    ``last_words`` are those at the end of its text; ``lines_short`` tells how many lines it leaves
    empty because notes that are called next would find no room.
    """

    beginning: Beginning | None
    ids: tuple[str, ...]
    notes: tuple[str, ...]
    last_words: str
    lines_short: int


@dataclass(frozen=True)
class UsedFont:
    """What a section has used of a face: the name in its content, each glyph with its text.

    ``face`` is the SHA-256 of the face's file.
    """

    name: str
    face: str
    glyphs: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Fault:
    """A proof that failed: the rule, what is wrong, the page of the section, the source's line.

    ``line`` is 0 where it is not known, ``path`` then or where it is the section's own file ``""``.
    """

    rule: str
    message: str
    page: int
    path: str
    line: int


@dataclass(frozen=True)
class Look:
    """How something on a page looks: the rule that an editor may want to hold, what was seen.

    ``page`` is that of the section; ``path`` and ``line`` are as in ``Fault``; ``note`` is the id
    of the note that it is in, or ``""``; ``words`` are those that it is about, piece by piece, as
    they are printed.
    """

    rule: str
    message: str
    page: int
    path: str
    line: int
    note: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Laid:
    """A section laid out: its PDF, without furniture and fonts, and its pages' facts.

    The PDF's text areas begin ``corner`` points from each page's top left.  ``places`` tells where
    what has an id stands; ``faults`` what a proof has found, ``looks`` what an editor may mind;
    ``log`` what the renderer complained about; ``body``, ``strings`` and ``margins`` what its
    furniture is made of.
    """

    section: str
    pdf: bytes
    corner: tuple[float, float]
    pages: tuple[PageFact, ...]
    places: Mapping[str, Place]
    notes: tuple[NoteFact, ...]
    fonts: tuple[UsedFont, ...]
    body: Mapping[str, str]
    strings: tuple[tuple[tuple[str, str], ...], ...]
    margins: tuple[Remarked, ...]
    faults: tuple[Fault, ...]
    looks: tuple[Look, ...]
    log: tuple[str, ...]


@dataclass(frozen=True)
class Furniture:
    """A section's running heads and folios: a PDF of pages that bear nothing else, without fonts.

    ``corners`` gives by page how far the text area stands from the page's left and top (points).
    """

    section: str
    pdf: bytes
    corners: tuple[tuple[float, float], ...]
    fonts: tuple[UsedFont, ...]
    log: tuple[str, ...]


@dataclass(frozen=True)
class GlimpseJob:
    """Some pages of a section, wanted before the rest: those with the text of some lines.

    ``lines`` are stretches of the section's own file, by their first and last lines; ``numbers`` is
    the stylesheet of the section's folios.  ``faces`` maps the SHA-256 of a face's file to its
    path; ``trim`` is the page's width and height in points.
    """

    job: Job
    lines: tuple[tuple[int, int], ...]
    numbers: str
    faces: Mapping[str, Path]
    trim: tuple[float, float]


@dataclass(frozen=True)
class Glimpse:
    """Some pages of a section as they will be: which, of how many, and a PDF of these alone."""

    section: str
    pages: tuple[int, ...]
    count: int
    pdf: bytes


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
