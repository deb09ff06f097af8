"""Makes the reading PDF: PDF/UA-1 and PDF/A-2a at once (ISO 14289-1, ISO 19005-2).

It has tags, bookmarks, links, page labels, and says in its metadata what it keeps to.
"""

import importlib.util
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Rectangle, Stream, String

from octavo.typeset.assemble import Part, assemble, save
from octavo.typeset.facts import Pagination
from octavo.typeset.joined import Joined, Metadata, OutlineEntry

_COLOURS = "sRGB2014.icc"
"""The profile that WeasyPrint brings: sRGB, by the International Color Consortium."""


@dataclass(frozen=True)
class _Spot:
    """Where something stands in the book: its page from 0, left and top in PDF points."""

    page: int
    left: float
    top: float


def make(joined: Joined) -> bytes:
    """Make the PDF.  Byte-identical for the same input."""
    assembled = assemble(joined, 0.0, tagged=True)
    book = assembled.pdf
    spots = _spots(assembled.parts, joined.trim[1])
    _move_links(assembled.parts, book, spots)
    _move_pictures(assembled.parts)
    _name_destinations(book, spots)
    _join_structure(book, assembled.parts)
    _label_pages(book, joined.pagination)
    _outline(book, joined.outline, spots)
    _set_output_intent(book)
    describe(book, joined.metadata, joined.metadata.reading_xmp)
    book.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    book.Root.PageLayout = Name.TwoPageRight
    book.Root.PageMode = Name.UseOutlines
    return save(book)


def describe(book: Pdf, metadata: Metadata, xmp: bytes) -> None:
    """Write what the document says of itself: its metadata stream, and the older dictionary."""
    stamp = String(f"D:{metadata.stamp:%Y%m%d%H%M%S}Z")
    book.Root.Lang = String(metadata.language)
    book.Root.Metadata = Stream(book, xmp, Type=Name.Metadata, Subtype=Name.XML)
    book.docinfo["/Title"] = String(metadata.title)
    book.docinfo["/Author"] = String("; ".join(metadata.authors))
    book.docinfo["/Creator"] = String("Octavo")
    book.docinfo["/Producer"] = String("Octavo")
    book.docinfo["/CreationDate"] = stamp
    book.docinfo["/ModDate"] = stamp


def _spots(parts: Iterable[Part], height: float) -> dict[str, _Spot]:
    """Find where everything that has an id stands; ``height`` is a page's, in points."""
    spots: dict[str, _Spot] = {}
    for part in parts:
        for target, place in part.laid.places.items():
            left, top = part.furniture.corners[place.page]
            spot = _Spot(part.first + place.page, left + place.x, height - top - place.y)
            spots.setdefault(target, spot)
        spots.setdefault(part.laid.section, _Spot(part.first, 0.0, height))
    return spots


def _move_links(parts: Iterable[Part], book: Pdf, spots: Mapping[str, _Spot]) -> None:
    """Move the links' rectangles with the text that they lie on; one to nothing leads nowhere."""
    for part in parts:
        for index, (right, up) in enumerate(part.moves):
            for annotation in book.pages[part.first + index].get("/Annots", Array()):
                edges = Rectangle(cast(Array, annotation.Rect))
                annotation.Rect = Object.parse(
                    b"[%.2f %.2f %.2f %.2f]"
                    % (edges.llx + right, edges.lly + up, edges.urx + right, edges.ury + up)
                )
                if "/Dest" in annotation and str(annotation.Dest) not in spots:
                    del annotation["/Dest"]


def _move_pictures(parts: Iterable[Part]) -> None:
    """Move the places of pictures, in the attributes of their elements, with the text."""
    for part in parts:
        found = list(part.structure.get("/Pictures", Array()))
        for element, page in zip(found[::2], found[1::2], strict=True):
            right, up = part.moves[int(page)]
            left, bottom, far, top = (float(edge) for edge in element.A.BBox)
            moved = (left + right, bottom + up, far + right, top + up)
            element.A.BBox = Array([round(edge, 3) for edge in moved])


def _destination(pages: Sequence[Object], spot: _Spot) -> Array:
    return Array([pages[spot.page], Name.XYZ, round(spot.left, 2), round(spot.top, 2), 0])


def _name_destinations(book: Pdf, spots: Mapping[str, _Spot]) -> None:
    """Write the name tree of destinations (ISO 32000-1 §12.3.2.3), sorted as it must be."""
    pages = [page.obj for page in book.pages]
    names: list[Object] = []
    for target in sorted(spots, key=lambda name: name.encode()):
        names += (String(target), _destination(pages, spots[target]))
    tree = Dictionary(Names=Array(names))
    book.Root.Names = Dictionary(Dests=book.make_indirect(tree))


def _join_structure(book: Pdf, parts: Iterable[Part]) -> None:
    """Make one structure tree of the sections' trees, and one parent tree (ISO 32000-1 §14.7)."""
    document = book.make_indirect(Dictionary(S=Name.Document, K=Array()))
    numbers = Array()
    ids: list[tuple[bytes, pikepdf.Object]] = []
    base = 0
    for part in parts:
        for section in part.structure.K:
            section.P = document
            document.K.append(section)
        own = part.structure.ParentTree.Nums
        for index in range(0, len(own), 2):
            numbers.append(base + int(own[index]))
            numbers.append(own[index + 1])
        count = len(part.moves)
        for page in book.pages[part.first : part.first + count]:
            page.StructParents = base + int(page.StructParents)
            for annotation in page.get("/Annots", Array()):
                annotation.StructParent = base + int(annotation.StructParent)
        base += len(own) // 2
        found = list(part.structure.get("/Ids", Array()))
        ids += zip(map(bytes, found[::2]), found[1::2], strict=True)
    root = book.make_indirect(
        Dictionary(
            Type=Name.StructTreeRoot,
            K=Array([document]),
            ParentTree=book.make_indirect(Dictionary(Nums=numbers)),
            ParentTreeNextKey=base,
        )
    )
    if ids:
        names = Array()
        for name, element in sorted(ids, key=lambda entry: entry[0]):
            names.append(String(name.decode("utf-8")))
            names.append(element)
        root.IDTree = book.make_indirect(Dictionary(Names=names))
    document.P = root
    book.Root.StructTreeRoot = root
    book.Root.MarkInfo = Dictionary(Marked=True)


def _label_pages(book: Pdf, pagination: Pagination) -> None:
    """Number the pages as they are numbered on paper (ISO 32000-1 §12.4.2)."""
    ranges = Array([0, Dictionary(S=Name.r)])
    first = next((s.first for s in pagination.sections if s.numerals == "arabic"), None)
    if first is not None:
        if first == 0:
            ranges = Array()
        ranges.append(first)
        ranges.append(Dictionary(S=Name.D))
    book.Root.PageLabels = Dictionary(Nums=ranges)


def _outline(book: Pdf, entries: Iterable[OutlineEntry], spots: Mapping[str, _Spot]) -> None:
    pages = [page.obj for page in book.pages]
    with book.open_outline() as outline:
        stack: list[tuple[int, list[pikepdf.OutlineItem]]] = [(0, outline.root)]
        for entry in entries:
            item = pikepdf.OutlineItem(entry.title, _destination(pages, spots[entry.target]))
            item.is_closed = entry.level == 1
            while stack[-1][0] >= entry.level:
                stack.pop()
            stack[-1][1].append(item)
            stack.append((entry.level, item.children))


def _set_output_intent(book: Pdf) -> None:
    """Say what colours are meant by: sRGB (ISO 19005-2 §6.2.3)."""
    found = importlib.util.find_spec("weasyprint")
    assert found is not None and found.submodule_search_locations
    data = (Path(found.submodule_search_locations[0]) / "pdf" / _COLOURS).read_bytes()
    book.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=String("sRGB IEC61966-2.1"),
                Info=String("sRGB IEC61966-2.1"),
                DestOutputProfile=Stream(book, data, N=3),
            )
        ]
    )
