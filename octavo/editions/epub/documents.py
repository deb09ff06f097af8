"""Sections → XHTML documents: those of the book, the contents, the cover."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from lxml import etree

from octavo import digest
from octavo.book import Book, Note, Section
from octavo.charts.model import Chart
from octavo.editions import anchors, page_marks, views
from octavo.editions.drafting import Draft, Folios
from octavo.editions.epub.package import Item, identifiers
from octavo.editions.paging import NONE, Paging
from octavo.editions.shelves import Shelf, Shelves
from octavo.editions.text import Dialect
from octavo.fonts import Face
from octavo.markdown.tree import Element
from octavo.templating import SectionView, Templates
from octavo.wording import wording

NAVIGATION = "nav.xhtml"
COVER = "cover.xhtml"
NCX = "toc.ncx"

_XHTML = "application/xhtml+xml"
_SVG = ".svg"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TYPE = "{http://www.idpf.org/2007/ops}type"
_PUBLISHING_ROLE = "doc-"
_IS_MARK = f"@role='{page_marks.PAGE_BREAK}'"
_TURNS = etree.XPath(f"//*[@role='doc-footnote']//*[{_IS_MARK}]")
_IN_CONTENTS = etree.XPath(f"//*[@role='doc-toc']//*[local-name()='li']/*[{_IS_MARK}]")
_INDEX_TYPES = frozenset(
    f"index-{name}"
    for name in "headnotes group entry-list entry term locator locator-range xref-preferred "
    "xref-related".split()
)
"""The parts of an index that are types too (EPUB Indexes 1.0 §3)."""

_LANDMARKS = {"bibliography": "bibliography", "index": "index", "names": "glossary"}
"""Sections of the back matter that readers go to by name, with their ``epub:type``."""


@dataclass(frozen=True)
class Landmark:
    """A way into the book: its ``epub:type``, what it is called, its address."""

    type: str
    label: str
    href: str


@dataclass(frozen=True)
class Page:
    """A printed page: its folio, and the address of the place where it begins."""

    folio: str
    href: str


def section_path(section: Section) -> str:
    """Give the path of a section's document; the contents are the navigation document."""
    return NAVIGATION if section.kind == "contents" else f"text/{section.name}.xhtml"


def cover_path(book: Book) -> str:
    """Give the path of the cover's picture, which the book brings, or which is made, a PNG."""
    made_or_png = book.cover is None or book.cover.media_type == "image/png"
    return "cover.png" if made_or_png else "cover.jpg"


def fallback_path(path: str) -> str:
    """Give the path of the PNG that stands beside an SVG picture."""
    return f"{path.removesuffix(_SVG)}.png"


def image_paths(book: Book) -> Mapping[str, str]:
    """Give the paths of the pictures by what the book calls them.

    They are numbered, since old reading systems know only ASCII in the names of files.
    """
    return {
        image.path: f"images/{number}.{image.media_type.removeprefix('image/').split('+')[0]}"
        for number, image in enumerate(book.images.values(), start=1)
    }


def chart_paths(book: Book) -> Mapping[Chart, str]:
    """Give the paths of the charts' pictures."""
    charts = dict.fromkeys(chart for section in book.sections for chart in section.charts)
    return {chart: f"images/chart-{number}.svg" for number, chart in enumerate(charts, start=1)}


class Texts:
    """The documents in the making.

    The cover comes first, then the sections.  The navigation document stands where the book has
    its contents; a book without contents has it too, but not among its pages.  The NCX comes last.
    """

    def __init__(
        self,
        book: Book,
        templates: Templates,
        faces: Sequence[Face],
        shelves: Shelves | None = None,
    ) -> None:
        """Lay out the plan: which documents there are, and what each is made of.

        ``shelves`` keep those of texts from files.
        """
        self._book, self._templates, self._shelves = book, templates, shelves
        entries = views.contents(book, _dialect(NAVIGATION, book, Folios(NONE.folios)))
        self._common: dict[str, Any] = {
            "config": book.config,
            "words": wording(book.config.language),
            "families": views.families(book, faces),
            "cover_image": cover_path(book),
            "landmarks": tuple(_landmarks(book)),
            "entries": tuple(entries),
        }
        self._contents = next((one for one in book.sections if one.kind == "contents"), None)
        self.drafts = {section.id: self._draft(section) for section in book.sections}

    def _draft(self, section: Section, pages: Sequence[Page] = ()) -> Draft[bytes]:
        template = "epub/nav.xhtml" if section is self._contents else "epub/section.xhtml"

        def render(folios: Folios) -> str:
            dialect = _dialect(section_path(section), self._book, folios)
            view = _view(section, self._book, dialect)
            given = {**self._common, "section": view, "pages": pages}
            return self._templates.render(template, given)

        return Draft(render, {section.id}, _finished, partial(self._place, section))

    def _place(self, section: Section) -> Shelf | None:
        """Give the place of a section's document, which takes more of the book than its text."""
        if self._shelves is None:
            return None
        paths = chart_paths(self._book)
        drawn = [paths[chart] for chart in section.charts]
        return self._shelves.place(section, ("epub", self._around, drawn))

    @cached_property
    def _around(self) -> str:
        """Name what stands around a section in its document, and where others are."""
        return digest.of([self._common, [section_path(one) for one in self._book.sections]])

    def finish(self, paging: Paging) -> tuple[tuple[Item, ...], tuple[str, ...]]:
        """Give the documents in reading order, and the folios of the pages marked in them."""
        made = {name: draft.made(paging) for name, draft in self.drafts.items()}
        pages = tuple(
            Page(folio, f"{section_path(section)}#{page_marks.page_id(folio)}")
            for section in self._book.sections
            for folio in made[section.id].folios
        )
        nav = Item("nav", NAVIGATION, _XHTML, self._navigation(pages, paging), "nav",
                   self._contents is not None)  # fmt: skip
        numbered = {**self._common, "identifier": identifiers(self._book.config)[0]}
        ncx = self._templates.render("epub/toc.ncx", numbered).encode()
        items = (
            Item("cover", COVER, _XHTML, self._plain("epub/cover.xhtml"), in_spine=True),
            *(
                nav
                if section is self._contents
                else _section_item(section, made[section.id].written)
                for section in self._book.sections
            ),
            *([nav] if self._contents is None else []),
            Item("ncx", NCX, "application/x-dtbncx+xml", ncx),
        )
        return items, tuple(page.folio for page in pages)

    def _navigation(self, pages: Sequence[Page], paging: Paging) -> bytes:
        if self._contents is not None:
            return self._draft(self._contents, pages).made(paging).written
        return self._plain("epub/nav.xhtml", pages)

    def _plain(self, template: str, pages: Sequence[Page] = ()) -> bytes:
        """Give a document that shows no section."""
        given = {**self._common, "section": None, "pages": pages}
        return _finished(etree.fromstring(self._templates.render(template, given).encode()))


def _section_item(section: Section, data: bytes) -> Item:
    return Item(f"section-{section.name}", section_path(section), _XHTML, data, in_spine=True)


def _view(section: Section, book: Book, dialect: Dialect) -> SectionView:
    """Give a section's view, the data of its charts at the end of its text.

    What does not know ``<picture>`` shows the PNG of a picture in SVG.
    Not every reading system shows what is folded into ``<details>``; so each figure links to its
    data, and they back to it.
    """

    def shape(body: Element) -> None:
        anchors.place(body, section, book)
        tables = list(body.iterfind(".//table[@class='data noindex']"))
        for number, table in enumerate(tables, start=1):
            figure = table.getparent()
            name = figure.get("id") or f"{section.id}--chart-{number}"
            figure.set("id", name)
            figure.remove(table)
            body.append(_data(table, figure, book))
        for image in list(body.iter("img")):
            if image.get("src").endswith(_SVG):
                _give_fallback(image)

    return views.section_view(section, book, dialect, shape)


def _give_fallback(image: Element) -> None:
    """Put a picture in SVG into ``<picture>``, its PNG beside it."""
    path = image.get("src")
    choice: Element = etree.Element("picture")
    image.addprevious(choice)
    choice.tail, image.tail = image.tail, None
    etree.SubElement(choice, "source", {"srcset": path, "type": "image/svg+xml"})
    image.set("src", fallback_path(path))
    choice.append(image)


def _data(table: Element, figure: Element, book: Book) -> Element:
    """Give a chart's data with a heading that leads back to the figure, and link them there."""
    words = wording(book.config.language)
    name = figure.get("id")
    target = book.targets.get(name)
    caption = figure.find("figcaption")
    holder = figure if caption is None else caption
    link: Element = etree.SubElement(
        holder, "a", {"class": "data-link", "href": f"#{name}.data", page_marks.UNPRINTED: ""}
    )
    link.text = words.data
    data = etree.Element("div", {"class": "data", "id": f"{name}.data", page_marks.UNPRINTED: ""})
    heading = etree.SubElement(data, "p", {"class": "data-title"})
    heading.text = f"{words.data_of if target else words.data} "
    back: Element = etree.SubElement(heading, "a", {"href": f"#{name}", "role": "doc-backlink"})
    back.text = f"{words.kinds['figure']}\u00a0{target.number}" if target else "↑"
    table.tail = None
    data.append(table)
    return data


def _landmarks(book: Book) -> Iterator[Landmark]:
    """Give the landmarks that readers go to by name (EPUB 3.3, the landmarks nav)."""
    words = wording(book.config.language)
    yield Landmark("cover", words.cover, COVER)
    for section in book.sections:
        if section.kind == "contents":
            yield Landmark("toc", section.title_text, NAVIGATION)
    start = next(section for section in book.sections if section.part == "body")
    yield Landmark("bodymatter", words.body, section_path(start))
    for section in book.sections:
        if section.kind in _LANDMARKS:
            yield Landmark(_LANDMARKS[section.kind], section.title_text, section_path(section))


def _dialect(path: str, book: Book, folios: Folios) -> Dialect:
    """Give the dialect of the document at ``path``."""
    folder = posixpath.dirname(path) or "."
    images, charts = image_paths(book), chart_paths(book)
    homes = {section.id: section_path(section) for section in book.sections}
    documents = {
        section: "" if home == path else posixpath.relpath(home, folder)
        for section, home in homes.items()
    }
    return Dialect(
        href=lambda target: f"{documents[target.section]}#{target.id}",
        note_call=_note_call,
        image=lambda image: posixpath.relpath(images[image.path], folder),
        folio=folios.of,
        keeps=frozenset({page_marks.BLOCK}),
        leads_to_names=True,
        chart=lambda chart: posixpath.relpath(charts[chart], folder),
    )


def _note_call(note: Note) -> list[Element]:
    href = f"#{note.id}"
    attributes = {"class": "note-call", "id": note.call_id, "href": href, "role": "doc-noteref"}
    call = etree.Element("a", attributes)
    etree.SubElement(call, "sup").text = str(note.number)
    return [call]


def _finished(root: Element) -> bytes:
    """Say everything in both ways that reading systems look for it.

    ``lang`` is repeated as ``xml:lang``, each role of DPUB-ARIA as ``epub:type`` (EPUB Type to ARIA
    Role Authoring Guide 1.1); a type that the template gives stays.

    Each page is one page break, which the page list has (EPUB Accessibility 1.1 §4.1.3): where a
    note goes on on the next page, its place has an id and is no page break of its own.  In lines of
    the contents, page breaks stand in the links, as nothing may stand before them (EPUB 3.3 §7.3).
    """
    for turn in _TURNS(root):
        del turn.attrib["role"], turn.attrib["aria-label"]
    for page_mark in _IN_CONTENTS(root):
        link = page_mark.getnext()
        page_mark.tail, link.text = link.text, None
        link.insert(0, page_mark)
    for element in root.iter(etree.Element):
        if language := element.get("lang"):
            element.set(_LANG, language)
        role = element.get("role", "").partition(" ")[0]
        if role:
            element.set("role", role)
        if role.startswith(_PUBLISHING_ROLE) and element.get(_TYPE) is None:
            element.set(_TYPE, role.removeprefix(_PUBLISHING_ROLE))
        types = [name for name in (element.get("class") or "").split() if name in _INDEX_TYPES]
        if types:
            element.set(_TYPE, " ".join(types))
    data: bytes = etree.tostring(
        root.getroottree(), encoding="utf-8", xml_declaration=True, doctype="<!DOCTYPE html>"
    )
    return data + b"\n"
