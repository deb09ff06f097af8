"""Joins the sections' PDFs to one: pages, page labels, outline, links across sections, metadata."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from octavo.typeset.facts import Laid, Pagination, Place

SCHEME = "octavo:"
"""The scheme of links to a target in another section; rewritten here to named destinations."""


@dataclass(frozen=True)
class OutlineEntry:
    """A line of the PDF's outline: words, the id that it leads to, its level from 1."""

    title: str
    target: str
    level: int


@dataclass(frozen=True)
class Metadata:
    """What the document says of itself."""

    title: str
    authors: tuple[str, ...]
    description: str
    subjects: tuple[str, ...]
    language: str
    rights: str
    date: date


@dataclass(frozen=True)
class _Page:
    index: int
    place: Place


def assemble(
    laid: Sequence[Laid],
    pagination: Pagination,
    outline: Iterable[OutlineEntry],
    metadata: Metadata,
) -> bytes:
    """Join the sections in order, with blank pages where the pagination has them.

    Byte-identical for the same input.
    """
    with pikepdf.new() as book:
        places: dict[str, _Page] = {}
        for section, pages in zip(laid, pagination.sections, strict=True):
            with pikepdf.open(io.BytesIO(section.pdf)) as part:
                size = tuple(float(x) for x in part.pages[0].mediabox[2:])
                _add_blanks(book, pages.blanks_before, size)
                book.add_pages_from(part)
            for target, place in section.places.items():
                places.setdefault(target, _Page(pages.first + place.page, place))
            places.setdefault(section.section, _Page(pages.first, Place(0, 0, 0)))
        _add_blanks(book, pagination.pages - len(book.pages), size)
        _link(book, places)
        _name_destinations(book, places)
        _label_pages(book, pagination)
        _outline(book, outline, places)
        _describe(book, metadata)
        out = io.BytesIO()
        book.remove_unreferenced_resources()
        book.save(
            out,
            deterministic_id=True,
            linearize=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return out.getvalue()


def _add_blanks(book: pikepdf.Pdf, count: int, size: tuple[float, ...]) -> None:
    for _ in range(count):
        book.add_blank_page(page_size=(size[0], size[1]))


def _link(book: pikepdf.Pdf, places: Mapping[str, _Page]) -> None:
    """Turn links of our own scheme, and links inside sections, into links to named destinations."""
    for page in book.pages:
        for annotation in page.get("/Annots", Array()):
            action = annotation.get("/A")
            if action is not None and str(action.get("/URI", "")).startswith(SCHEME):
                target = str(action.URI).removeprefix(SCHEME)
                del annotation["/A"]
                if target in places:
                    annotation.Dest = String(target)


def _destination(book: pikepdf.Pdf, page: _Page) -> Array:
    sheet = book.pages[page.index]
    top = float(sheet.mediabox[3]) - page.place.y
    return Array([sheet.obj, Name.XYZ, page.place.x, round(top, 2), 0])


def _name_destinations(book: pikepdf.Pdf, places: Mapping[str, _Page]) -> None:
    """Write the name tree of destinations (ISO 32000-2 §12.3.2.4), sorted as it must be."""
    names = Array()
    for target in sorted(places, key=lambda name: name.encode()):
        names.append(String(target))
        names.append(_destination(book, places[target]))
    tree = Dictionary(Names=names)
    book.Root.Names = Dictionary(Dests=book.make_indirect(tree))


def _label_pages(book: pikepdf.Pdf, pagination: Pagination) -> None:
    """Number the pages as they are numbered on paper (ISO 32000-2 §12.4.2)."""
    ranges = Array([0, Dictionary(S=Name.r)])
    first = next((s.first for s in pagination.sections if s.numerals == "arabic"), None)
    if first is not None:
        if first == 0:
            ranges = Array()
        ranges.append(first)
        ranges.append(Dictionary(S=Name.D))
    book.Root.PageLabels = Dictionary(Nums=ranges)


def _outline(
    book: pikepdf.Pdf, entries: Iterable[OutlineEntry], places: Mapping[str, _Page]
) -> None:
    with book.open_outline() as outline:
        stack: list[tuple[int, list[pikepdf.OutlineItem]]] = [(0, outline.root)]
        for entry in entries:
            destination = _destination(book, places[entry.target])
            item = pikepdf.OutlineItem(entry.title, destination)
            item.is_closed = entry.level == 1
            while stack[-1][0] >= entry.level:
                stack.pop()
            stack[-1][1].append(item)
            stack.append((entry.level, item.children))


def _describe(book: pikepdf.Pdf, metadata: Metadata) -> None:
    stamp = f"{metadata.date.isoformat()}T00:00:00Z"
    book.Root.Lang = String(metadata.language)
    book.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    book.Root.PageLayout = Name.TwoPageRight
    book.Root.PageMode = Name.UseOutlines
    with book.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp["dc:title"] = metadata.title
        xmp["dc:creator"] = list(metadata.authors)
        xmp["dc:description"] = metadata.description
        xmp["dc:subject"] = list(metadata.subjects)
        xmp["dc:language"] = [metadata.language]
        xmp["dc:rights"] = metadata.rights
        xmp["xmp:CreateDate"] = stamp
        xmp["xmp:ModifyDate"] = stamp
        xmp["xmp:CreatorTool"] = "Octavo"
    book.docinfo["/Title"] = String(metadata.title)
    book.docinfo["/Author"] = String("; ".join(metadata.authors))
    book.docinfo["/Creator"] = String("Octavo")
    book.docinfo["/CreationDate"] = String(f"D:{metadata.date:%Y%m%d}000000Z")
