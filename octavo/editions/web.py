"""Book → web edition: a document a section, the whole book in one document, and what they load.

Every document is valid HTML and well-formed XML at once ("polyglot"), asks nothing of another
host, and holds no style or script of its own, so that a strict Content Security Policy
(``default-src 'self'``) does not harm it.  Roles are those of DPUB-ARIA 1.1 that "ARIA in HTML"
allows on their elements: a chapter is ``<section role="doc-chapter">`` (``<article>`` may not have
that role), a note's number is the link back to its call.

Notes stand once, in the list at their section's end, and pop up beside their calls from there, so
that nothing is read out twice:

- A call is a link to its note's list item, ``ID.called``.  Where that is all that a browser
  understands, the link leads to the list, and the note's number back to the call.
- With CSS alone, the item that was called (``:target``) leaves the list, and the note's text in it
  stands beside the call, by anchor positioning (CSS Anchor Positioning 1): in the margin on wide
  screens, below the line on narrow ones.  The item itself is an empty box fixed to the window, so
  that the page does not scroll.  Browsers without anchors show the note at the window's foot.
- With JavaScript the same text becomes a popover (HTML §6.12): no step in the history, closed by
  Esc or a click elsewhere, the focus back on the call.

Links from elsewhere, as from the bibliography, lead to the note's text by its own id, which calls
do not use: the reader arrives in the list, at that note.  ``<button popovertarget>`` would need no
script either, but a button leads nowhere in older browsers and on paper, may not have the role
``doc-noteref``, and lets a line break before the note's number.  Calls and notes are paired, as
anchors, by the note's number in its section, by rules in the stylesheet: names of anchors could
not be given in the documents without inline styles.
"""

import hashlib
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, urljoin

from lxml import etree
from markupsafe import Markup

from octavo.book import Book, Image, Note, Section, Target
from octavo.charts.drawing import Frame
from octavo.charts.model import Chart
from octavo.editions import charts, page_marks, text
from octavo.editions.paging import Paging
from octavo.editions.text import Dialect
from octavo.editions.views import contents, families, section_view
from octavo.editions.webfonts import webfonts
from octavo.fonts import Face, web_rules
from octavo.markdown.tree import Element
from octavo.store import Store
from octavo.templating import ContentsEntry, SectionView, Templates
from octavo.wording import wording

INDEX = "index.html"
"""The document with the title page and the contents."""

WHOLE = "book.html"
"""The document with the whole book."""

SUMMARY_LENGTH = 200
"""The most characters of a document's description; search engines show fewer."""

WIDE = charts.Style(Frame(576, 17), "px")
"""How charts are drawn: as wide as the text on a large screen."""

NARROW = charts.Style(Frame(290, 17), "px")
"""How charts are drawn for a telephone; ``NARROW_SCREEN`` says how wide that is."""

NARROW_SCREEN = "(max-width: 36rem)"

_OPENING = ("half-title", "title", "contents")
_CALLS = "//a[@role='doc-noteref']"
_FONTS = "fonts/"
_IMAGES = "images/"


@dataclass(frozen=True)
class _Link:
    """Where a document leads to, and the words that say so."""

    href: str
    title: Markup


@dataclass(frozen=True)
class _Edition:
    """What all documents draw on; ``names`` maps a section's id to the name of its document.

    ``lines`` are those of the contents, as the index prints them.
    ``wide`` and ``narrow`` are the pictures of the charts.
    """

    book: Book
    names: Mapping[str, str]
    paging: Paging
    families: tuple[str, ...]
    wide: Mapping[Chart, Image]
    narrow: Mapping[Chart, Image]

    @cached_property
    def lines(self) -> tuple[ContentsEntry, ...]:
        return tuple(contents(self.book, self.dialect(INDEX)))

    def beside(self, name: str, section: str) -> tuple[ContentsEntry, ...]:
        """Give the lines that stand beside a document: the sections, and ``section``'s headings."""
        dialect, targets = self.dialect(name), self.book.targets
        return tuple(
            replace(line, folio="", href=dialect.href(targets[line.id]))
            for line in self.lines
            if line.level == 1 or targets[line.id].section == section
        )

    def dialect(self, name: str) -> Dialect:
        """Give the dialect of the document ``name``; the whole book has every target within."""

        def href(target: Target) -> str:
            home = self.names[target.section]
            if name in {home, WHOLE}:
                return f"#{target.id}"
            is_document = target.id == target.section and home != INDEX
            return home if is_document else f"{home}#{target.id}"

        return Dialect(
            href=href,
            note_call=_note_call,
            image=_image_address,
            folio=lambda target: self.paging.folios.get(target.id, ""),
            keeps=frozenset({page_marks.BLOCK}),
            leads_to_names=True,
            chart=lambda chart: _image_address(self.wide[chart]),
        )


@dataclass(frozen=True)
class Web:
    """The files of the web edition, by path, and the folios of the pages that are not marked."""

    files: Mapping[str, bytes]
    lost: tuple[str, ...]


def make(
    book: Book,
    templates: Templates,
    faces: tuple[Face, ...],
    paging: Paging,
    kept: Store | None = None,
) -> Web:
    """Give every file of the web edition: path below its folder → contents.

    ``paging`` tells where the printed pages begin; it may know of none.  The half-title, the title
    page and the contents make up ``index.html``; each other section is a document of its own,
    named as its file is in the manuscript.  ``kept`` remembers the fonts' subsets.

    Raises ``ValueError`` if ``faces`` lacks a style.
    """
    wide, narrow = (charts.pictures(book, s, faces, templates) for s in (WIDE, NARROW))
    edition = _Edition(book, _names(book), paging, families(book, faces), wide, narrow)
    sections = [section for section in book.sections if edition.names[section.id] != INDEX]
    turns = list(_turns(sections, edition))
    rendered = {INDEX: templates.render("web/index.html", _index(edition, turns[0]))}
    for section, turn in zip(sections, turns[1:], strict=True):
        views = _section(section, edition, turn)
        rendered[edition.names[section.id]] = templates.render("web/section.html", views)
    rendered[WHOLE] = templates.render("web/book.html", _whole(edition))
    marked = {name: page_marks.mark(document, paging) for name, document in rendered.items()}
    documents = {name: _polyglot(document.root) for name, document in marked.items()}
    homes = {folio: name for name, one in marked.items() if name != WHOLE for folio in one.folios}
    files = {
        **{name: document.encode() for name, document in documents.items()},
        **_loaded(documents.values(), edition, templates, faces, homes, kept),
    }
    return Web(files, page_marks.lost(paging, homes))


def _polyglot(root: Element) -> str:
    """Write a document so that it is HTML and XML at once."""
    return f"<!DOCTYPE html>\n{text.written(root)}\n"


def _names(book: Book) -> dict[str, str]:
    """Name the document of each section, by the section's id.

    A section named like one of ours, ``index`` or ``book``, gets an underline behind its name,
    which no section's name has.
    """
    return {
        section.id: INDEX
        if section.kind in _OPENING
        else f"{section.name}_.html"
        if f"{section.name}.html" in {INDEX, WHOLE}
        else f"{section.name}.html"
        for section in book.sections
    }


def _turns(
    sections: Sequence[Section], edition: _Edition
) -> Iterator[tuple[_Link | None, _Link | None]]:
    """Give what comes before and after each document, the index first."""
    links = [_Link(INDEX, Markup.escape(edition.book.config.running_title))]
    for section in sections:
        name = edition.names[section.id]
        title = text.label(section.title, section, edition.book, edition.dialect(name))
        links.append(_Link(name, text.markup(title)))
    yield from zip([None, *links], [*links[1:], None], strict=False)


def _frame(name: str, edition: _Edition, turn: tuple[_Link | None, _Link | None]) -> dict[str, Any]:
    """Give what every document is made of; what is its own may replace some of it."""
    config = edition.book.config
    base = config.web.base_url
    return {
        "config": config,
        "words": wording(config.language),
        "families": edition.families,
        "title": config.full_title,
        "description": " ".join(config.description.split()),
        "canonical": urljoin(f"{str(base).rstrip('/')}/", name) if base else "",
        "previous": turn[0],
        "next": turn[1],
        "whole_book": WHOLE,
        "current": "",
        "has_pages": bool(edition.paging.starts),
    }


def _index(edition: _Edition, turn: tuple[_Link | None, _Link | None]) -> dict[str, Any]:
    return {
        **_frame(INDEX, edition, turn),
        "opening": _opening(edition, edition.dialect(INDEX), 0),
        "contents": edition.lines,
    }


def _section(
    section: Section, edition: _Edition, turn: tuple[_Link | None, _Link | None]
) -> dict[str, Any]:
    book, name = edition.book, edition.names[section.id]
    dialect = edition.dialect(name)
    return {
        **_frame(name, edition, turn),
        "title": f"{section.title_text} – {book.config.title}",
        "description": _summary(section, book, dialect),
        "section": _view(section, edition, dialect, 0),
        "contents": edition.beside(name, section.id),
        "current": section.id,
    }


def _whole(edition: _Edition) -> dict[str, Any]:
    book, dialect = edition.book, edition.dialect(WHOLE)
    return {
        **_frame(WHOLE, edition, (None, None)),
        "opening": _opening(edition, dialect, 1),
        "sections": tuple(
            _view(section, edition, dialect, 1)
            for section in book.sections
            if section.kind not in {"half-title", "title"}
        ),
        "contents": edition.beside(WHOLE, ""),
    }


def _opening(edition: _Edition, dialect: Dialect, down: int) -> dict[str, SectionView | None]:
    """Give the views of the sections that open the book, by kind; None for those it lacks."""
    found = {section.kind: section for section in edition.book.sections}
    return {
        kind: _view(found[kind], edition, dialect, down) if kind in found else None
        for kind in _OPENING
    }


def _note_call(note: Note) -> tuple[Element, ...]:
    attributes = {
        "class": "note-call",
        "id": note.call_id,
        "href": f"#{note.id}.called",
        "role": "doc-noteref",
    }
    call = etree.Element("a", attributes)
    call.text = str(note.number)
    return (call,)


def _image_path(image: Image) -> str:
    """Give an image's file; its name holds a hash, so that it may be cached for ever."""
    path = PurePosixPath(image.path)
    return f"{_IMAGES}{path.stem}.{hashlib.sha256(image.data).hexdigest()[:12]}{path.suffix}"


def _image_address(image: Image) -> str:
    return quote(_image_path(image))


def _view(section: Section, edition: _Edition, dialect: Dialect, down: int) -> SectionView:
    """Give a section's view, its text made for the screen, its headings ``down`` levels lower."""

    def shape(body: Element) -> None:
        _size_images(body, edition)
        _offer_narrow(body, edition)
        for table in list(body.iter("table")):
            _let_scroll(table)
            if table.get("class") == "data noindex":
                _fold(table.getparent(), wording(edition.book.config.language).data)
        for heading in body.iter("h2", "h3", "h4", "h5"):
            heading.tag = f"h{int(heading.tag[1]) + down}"

    return section_view(section, edition.book, dialect, shape)


def _size_images(body: Element, edition: _Edition) -> None:
    """Give images their size, so that nothing moves when they arrive (HTML §4.8.17)."""
    images = [*edition.book.images.values(), *edition.wide.values()]
    by_address = {_image_address(image): image for image in images}
    for element in body.iter("img"):
        _size(element, by_address[element.get("src")])


def _size(element: Element, image: Image) -> None:
    element.set("width", str(round(image.width)))
    element.set("height", str(round(image.height)))


def _offer_narrow(body: Element, edition: _Edition) -> None:
    """Let charts be drawn otherwise on a narrow screen (HTML §4.8.4.2.3)."""
    narrow = {_image_address(edition.wide[chart]): edition.narrow[chart] for chart in edition.wide}
    for element in list(body.iter("img")):
        if element.get("class") != "chart":
            continue
        picture = etree.Element("picture")
        image = narrow[element.get("src")]
        given = {"srcset": _image_address(image), "media": NARROW_SCREEN}
        _size(etree.SubElement(picture, "source", given), image)
        element.getparent().replace(element, picture)
        picture.append(element)


def _fold(box: Element, summary: str) -> None:
    """Put a chart's data, in the box that scrolls, below its figure, behind words that open it."""
    figure = box.getparent()
    details = etree.Element("details", {"class": "data", page_marks.UNPRINTED: ""})
    etree.SubElement(details, "summary").text = summary
    details.tail, figure.tail = figure.tail, None
    figure.addnext(details)
    details.append(box)


def _let_scroll(table: Element) -> None:
    """Put a table into a box that scrolls, by keyboard too, where the screen is too narrow."""
    figure = table.getparent()
    box = etree.Element("div", {"class": "scroll", "tabindex": "0", "role": "group"})
    caption = figure.find("figcaption") if figure.tag == "figure" else None
    if caption is not None and figure.get("id"):
        caption.set("id", f"{figure.get('id')}.caption")
        box.set("aria-labelledby", caption.get("id"))
    box.tail, table.tail = table.tail, None
    figure.replace(table, box)
    box.append(table)


def _summary(section: Section, book: Book, dialect: Dialect) -> str:
    """Give the beginning of a section's first paragraph, or the book's description."""
    first = next(section.body.iter("p"), None)
    words = book.config.description
    if first is not None:
        opening = text.passage(first, section, book, dialect)
        for call in opening.xpath(_CALLS):
            call.text = None
        words = text.plain(opening)
    return textwrap.shorten(words, SUMMARY_LENGTH, placeholder=" …")


def _loaded(
    documents: Iterable[str],
    edition: _Edition,
    templates: Templates,
    faces: tuple[Face, ...],
    homes: Mapping[str, str],
    kept: Store | None,
) -> dict[str, bytes]:
    """Give the files that the documents load: stylesheet, scripts, fonts, images.

    ``homes`` gives the document of each printed page, by folio, in the pages' order.
    """
    fonts = webfonts(documents, faces, kept)
    book = edition.book
    images = [*book.images.values(), *edition.wide.values(), *edition.narrow.values()]
    style = templates.render(
        "web/style.css",
        {
            "fonts": web_rules(fonts, _FONTS),
            "most_notes": max(len(section.notes) for section in book.sections),
        },
    )
    return {
        "style.css": style.encode(),
        "notes.js": templates.source("web/notes.js").encode(),
        **(
            {"pages.js": templates.render("web/pages.js", {"homes": homes}).encode()}
            if homes
            else {}
        ),
        **{f"{_FONTS}{font.file_name}": font.data for font in fonts},
        **{_image_path(image): image.data for image in images},
    }
