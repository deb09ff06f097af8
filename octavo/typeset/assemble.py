"""Joins the sections' PDFs to one: text and furniture laid over each other, fonts embedded once.

What stands on the pages is the same in the reading PDF and in the press PDF; ``reading_pdf`` and
``press.pdf`` add what is their own.
"""

import io
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from octavo.typeset import endings, fontfile
from octavo.typeset.facts import Furniture, Laid, SectionPages
from octavo.typeset.joined import Joined

_FURNITURE = "Furniture"
"""The name of a page's furniture among its resources."""


@dataclass(frozen=True)
class Part:
    """A section in the book: the pages' places, and what its text areas have been moved by.

    ``moves`` gives by page how far the text was moved right and up, in points; ``structure`` is
    the root of its structure tree, copied into the book, or empty where the book has no tags.
    """

    laid: Laid
    furniture: Furniture
    first: int
    moves: tuple[tuple[float, float], ...]
    structure: pikepdf.Object


@dataclass(frozen=True)
class Assembled:
    """The book's PDF, to be finished, and its parts."""

    pdf: Pdf
    parts: tuple[Part, ...]


def assemble(joined: Joined, margin: float, *, tagged: bool) -> Assembled:
    """Join the sections in order, with blank pages where the pagination has them.

    Around each trimmed page there are ``margin`` points of paper.  ``tagged``: with the tags and
    the links, which only a reader has a use for.
    """
    book = pikepdf.new()
    sections: list[Laid | Furniture] = [*joined.laid, *joined.furniture]
    fonts = fontfile.embed(book, (font for one in sections for font in one.fonts), joined.faces)
    shelf = Dictionary({f"/{name}": font for name, font in fonts.items()})
    binder = _Binder(book, book.make_indirect(shelf), joined.trim, margin, tagged=tagged)
    parts = tuple(
        binder.add(laid, furniture, pages)
        for laid, furniture, pages in zip(
            joined.laid, joined.furniture, joined.pagination.sections, strict=True
        )
    )
    binder.add_blanks(joined.pagination.pages - len(book.pages))
    return Assembled(book, parts)


def apart(
    laid: Laid, furniture: Furniture, faces: Mapping[str, Path], trim: tuple[float, float]
) -> bytes:
    """Make a PDF of one section's pages, to be looked at: without tags, links, and blank pages.

    ``faces`` and ``trim`` are as in ``Joined``.
    """
    book = pikepdf.new()
    fonts = fontfile.embed(book, [*laid.fonts, *furniture.fonts], faces)
    shelf = Dictionary({f"/{name}": font for name, font in fonts.items()})
    binder = _Binder(book, book.make_indirect(shelf), trim, 0.0, tagged=False)
    count = len(furniture.corners)
    binder.add(laid, furniture, SectionPages(laid.section, 0, count, 0, 1, "arabic"))
    out = io.BytesIO()
    book.save(out)
    book.close()
    return out.getvalue()


def save(book: Pdf) -> bytes:
    """Write a PDF in its smallest form, first page first, and close it.

    Where a stream that is made in writing cannot be measured (see ``endings``), one object more,
    under a name in the catalog that is anybody's (ISO 32000-1 annex E), divides them otherwise.
    """
    for one in book.objects:
        if isinstance(one, Stream) and one.get("/Type") != Name.Metadata:
            endings.pack(one)
    written = endings.mend(_written(book))
    book.close()
    while endings.AMBIGUOUS in written:
        with Pdf.open(io.BytesIO(written)) as again:
            spare = again.make_indirect(Dictionary())
            again.Root.XXSpare = Array([*again.Root.get("/XXSpare", []), spare])
            written = endings.mend(_written(again))
    return written


def _written(book: Pdf) -> bytes:
    out = io.BytesIO()
    book.save(
        out,
        deterministic_id=True,
        linearize=True,
        fix_metadata_version=False,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return out.getvalue()


class _Binder:
    """Puts sections into a book, one behind the other."""

    def __init__(
        self,
        book: Pdf,
        fonts: pikepdf.Object,
        trim: tuple[float, float],
        margin: float,
        *,
        tagged: bool,
    ) -> None:
        self._book, self._fonts, self._margin, self._tagged = book, fonts, margin, tagged
        self._width, self._height = trim
        self._overtures: dict[tuple[float, float], pikepdf.Object] = {}
        self._shelves: dict[bytes, pikepdf.Object] = {}
        self._end = Stream(book, b"Q")

    def add_blanks(self, count: int) -> None:
        for _ in range(count):
            self._book.add_blank_page(page_size=self._size())

    def _size(self) -> tuple[float, float]:
        return self._width + 2 * self._margin, self._height + 2 * self._margin

    def add(self, laid: Laid, furniture: Furniture, pages: SectionPages) -> Part:
        self.add_blanks(pages.blanks_before)
        with pikepdf.open(io.BytesIO(laid.pdf)) as text:
            structure: Object = Dictionary()
            if not self._tagged:
                _bare(text)
            self._add_pages(text)
            if self._tagged:
                structure = self._book.copy_foreign(text.Root.StructTreeRoot)
        forms = self._forms(furniture)
        moves = []
        for index, (form, corner) in enumerate(zip(forms, furniture.corners, strict=True)):
            page = self._book.pages[pages.first + index]
            height = float(page.mediabox[3])
            move = (
                self._margin + corner[0] - laid.corner[0],
                self._margin + (self._height - corner[1]) - (height - laid.corner[1]),
            )
            self._lay_over(page, form, move)
            moves.append(move)
        return Part(laid, furniture, pages.first, tuple(moves), structure)

    def _add_pages(self, text: Pdf) -> None:
        """Add a section's pages, whose destinations are named in the whole book's own way."""
        with warnings.catch_warnings(category=pikepdf.PageCopyWarning, action="ignore"):
            self._book.pages.extend(text.pages)

    def _forms(self, furniture: Furniture) -> Iterator[pikepdf.Object]:
        """Make a form of each page of furniture (ISO 32000-1 §8.10)."""
        with pikepdf.open(io.BytesIO(furniture.pdf)) as source:
            for page in source.pages:
                form = self._book.copy_foreign(page.Contents)
                form.Subtype = Name.Form
                low, high = -self._margin, self._margin
                form.BBox = Array([low, low, self._width + high, self._height + high])
                form.Resources = self._shared(page.Resources)
                yield form

    def _shared(self, resources: pikepdf.Object) -> pikepdf.Object:
        """Copy the resources of a page of furniture; those alike are one object."""
        del resources.Font
        written = resources.unparse(resolved=True)
        if "/XObject" in resources or "/Pattern" in resources or written not in self._shelves:
            copied = self._book.copy_foreign(resources)
            copied.Font = self._fonts
            self._shelves[written] = copied
        return self._shelves[written]

    def _lay_over(
        self, page: pikepdf.Page, form: pikepdf.Object, move: tuple[float, float]
    ) -> None:
        """Lay a page's text over its furniture, and move it into its place."""
        resources = page.Resources
        resources.Font = self._fonts
        for inner in _forms_in(resources):
            inner.Font = self._fonts
        if "/XObject" not in resources:
            resources.XObject = Dictionary()
        resources.XObject[f"/{_FURNITURE}"] = form
        for pattern in resources.get("/Pattern", Dictionary()).values():
            a, b, c, d, e, f = (float(x) for x in pattern.Matrix)
            pattern.Matrix = Array([a, b, c, d, e + move[0], f + move[1]])
        page.Contents = Array([self._overture(move), page.Contents, self._end])
        page.MediaBox = Array([0, 0, *self._size()])

    def _overture(self, move: tuple[float, float]) -> pikepdf.Object:
        """Give the operators that draw the furniture and move what follows; pages share them."""
        move = (round(move[0], 3), round(move[1], 3))
        if move not in self._overtures:
            margin = round(self._margin, 3)
            operators = (
                f"/Artifact <</Type /Pagination>> BDC q 1 0 0 1 {margin} {margin} cm "
                f"/{_FURNITURE} Do Q EMC q 1 0 0 1 {move[0]} {move[1]} cm"
            )
            self._overtures[move] = Stream(self._book, operators.encode("ascii"))
        return self._overtures[move]


def _bare(text: Pdf) -> None:
    """Take from pages what leads to links and tags."""
    for page in text.pages:
        for name in ("/Annots", "/StructParents", "/Tabs"):
            if name in page:
                del page[name]


def _forms_in(resources: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Give the resources of the forms and patterns that resources name, and of those in them."""
    for kind in ("/XObject", "/Pattern"):
        for found in resources.get(kind, Dictionary()).values():
            inner = found.get("/Resources")
            if inner is not None:
                yield inner
                yield from _forms_in(inner)
