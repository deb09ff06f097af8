"""A book as one HTML document with its stylesheets, for WeasyPrint alone.

The sections are those of the print edition, by the same templates and stylesheets, one behind the
other; notes are footnotes that WeasyPrint places, folios those that it counts (in arabic numerals
throughout), and the contents ask for them with ``target-counter``.
"""

import base64
import re
from pathlib import Path

from lxml import etree

from octavo import compose, fonts, manuscript
from octavo.book import Book, Image, Note, Section
from octavo.build import font_folder
from octavo.editions import text, views
from octavo.editions.text import Dialect
from octavo.fonts import Face
from octavo.markdown.tree import Element
from octavo.templating import Templates
from octavo.wording import wording

_WORD_JOINER = "\u2060"

_SHEETS = """
section.sheet { break-before: right; page: sheet }
section.copyright { break-before: left }
section.tables, section.figures { break-before: page }
@page :left { @top-left { content: counter(page) } }
@page :right { @top-right { content: counter(page) } }
@page :nth(1 of sheet) { @bottom-center { content: counter(page) } }
@page display-page { @top-left { content: none } @top-center { content: none }
  @top-right { content: none } }
.contents-list a::after { content: target-counter(attr(href), page) }
"""
"""What the print edition does from section to section, as CSS for one document."""


def make(root: Path) -> str:
    """Give the book in the folder ``root`` as one document.

    Raises ``BookError`` when the book has errors.
    """
    book = compose.compose(manuscript.load(root)).book
    templates = Templates(root)
    faces = fonts.faces(font_folder())
    config = book.config
    html = etree.Element("html", {"lang": config.language})
    head = etree.SubElement(html, "head")
    etree.SubElement(head, "meta", {"charset": "utf-8"})
    etree.SubElement(head, "title").text = config.full_title
    etree.SubElement(head, "style").text = _styles(book, templates, faces)
    body = etree.SubElement(html, "body", {"style": "margin: 0"})
    common = {
        "config": config,
        "words": wording(config.language),
        "families": views.families(book, faces),
    }
    for section in book.sections:
        view = views.section_view(section, book, _dialect(section, book))
        page = templates.render("print/section.html", {**common, "section": view})
        body.append(_sheet(page))
    return "<!DOCTYPE html>\n" + etree.tostring(html, encoding="unicode", method="html")


def _sheet(page: str) -> Element:
    """Give the body of a section's page as a ``<section class="sheet …">``."""
    sheet = etree.fromstring(page).find("body")
    assert sheet is not None
    sheet.tag, sheet.tail = "section", None
    sheet.set("class", f"sheet {sheet.get('class')}")
    return sheet


def _styles(book: Book, templates: Templates, faces: tuple[Face, ...]) -> str:
    """Give the print edition's stylesheets; what they say of a page's body, sections are told."""
    page = {"fonts": fonts.print_rules(faces), "settings": book.config.print}
    own = templates.source("print/book.css")
    own = re.sub(r"(?m)(^|, )body\b", r"\1section.sheet", own)
    own = re.sub(r"@page :first", "@page :nth(1 of sheet)", own)
    own = re.sub(r"@page ([\w-]+):first", r"@page :nth(1 of \1)", own)
    return "\n".join((templates.render("print/page.css", page), _SHEETS, own))


def _dialect(section: Section, book: Book) -> Dialect:
    def note_call(note: Note) -> list[Element]:
        return _footnote(note, text.note(note, section, book, dialect))

    dialect = Dialect(
        href=lambda target: f"#{target.id}",
        note_call=note_call,
        image=_data_url,
        folio=lambda target: "",
    )
    return dialect


def _data_url(image: Image) -> str:
    return f"data:{image.media_type};base64,{base64.b64encode(image.data).decode('ascii')}"


def _footnote(note: Note, content: Element) -> list[Element]:
    """Give a note's call and the note, of which every block is made a ``<span>``."""
    call = etree.Element("a", {"class": "note-call", "id": note.call_id, "href": f"#{note.id}"})
    call.text = f"{_WORD_JOINER}{note.number}"
    footnote = etree.Element("span", {"class": "footnote", "id": note.id})
    number = etree.SubElement(footnote, "a", {"class": "note-number", "href": f"#{note.call_id}"})
    number.text = f"{note.number}."
    for block in content.iter("div", "p"):
        block.tag = "span"
    footnote.append(content)
    return [call, footnote]
