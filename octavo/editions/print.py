"""The print edition: Book → sections' XHTML → pages → one PDF."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from octavo import fonts
from octavo.book import Book, Note, Section, Target
from octavo.config import points
from octavo.editions import text, views
from octavo.editions.text import Dialect
from octavo.fonts import Face
from octavo.markdown.tree import Element
from octavo.problems import Problem, Severity
from octavo.store import Store
from octavo.templating import Templates
from octavo.typeset import assemble, pages
from octavo.typeset.assemble import SCHEME, Metadata, OutlineEntry
from octavo.typeset.facts import Job, Laid, Pagination, SectionPages, Side
from octavo.typeset.memory import Memory
from octavo.typeset.pages import Opening, Progress
from octavo.typeset.workers import Crew
from octavo.wording import wording

WORD_JOINER = "\u2060"
"""Keeps a note call on the line of the word before it."""

SIDES: dict[str, Side] = {"copyright": "verso", "tables": "any", "figures": "any"}
"""Where sections open that do not open on a recto (Chicago 18, ch. 1)."""


_NOTE_BLOCKS = ("p", "ul", "ol", "li", "blockquote", "pre")
"""Blocks that become ``<span class="note-…">`` in a note: it stands in a paragraph, where HTML
allows no blocks."""


@dataclass(frozen=True)
class Printed:
    """The PDF, its pagination, and what is wrong with its pages."""

    pdf: bytes
    pagination: Pagination
    problems: tuple[Problem, ...]


def make(
    book: Book,
    templates: Templates,
    faces: tuple[Face, ...],
    store: Store,
    crew: Crew,
    progress: Progress,
) -> Printed:
    """Typeset the book; sections that ``store`` knows already are not laid out again."""
    settings = book.config.print
    margins = points(settings.margins.top) + points(settings.margins.bottom)
    text_height = points(settings.trim[1]) - margins
    styles = _styles(book, templates, faces)
    by_id = {section.id: section for section in book.sections}
    common = {
        "config": book.config,
        "words": wording(book.config.language),
        "families": views.families(book, faces),
    }

    def make_job(section_pages: SectionPages, pagination: Pagination) -> Job:
        section = by_id[section_pages.section]
        view = views.section_view(section, book, _dialect(section, book, pagination))
        return Job(
            section=section.id,
            html=templates.render("print/section.html", {**common, "section": view}),
            styles=styles,
            numbers=_page_numbers(section_pages, templates),
            width=points(settings.trim[0]),
            height=text_height,
            leading=points(settings.leading),
        )

    openings = [
        Opening(section.id, SIDES.get(section.kind, "recto"), section.part)
        for section in book.sections
    ]
    settled = pages.settle(openings, make_job, Memory(store, crew, faces), progress)
    pdf = assemble.assemble(settled.laid, settled.pagination, _outline(book), _metadata(book))
    return Printed(pdf, settled.pagination, tuple(_problems(book, settled.laid, settled.unsettled)))


def _styles(book: Book, templates: Templates, faces: Sequence[Face]) -> tuple[str, ...]:
    page = {"fonts": fonts.print_rules(faces), "settings": book.config.print}
    return (templates.render("print/page.css", page), templates.source("print/book.css"))


def _page_numbers(section_pages: SectionPages, templates: Templates) -> str:
    return templates.render("print/folios.css", {"pages": section_pages})


def _dialect(section: Section, book: Book, pagination: Pagination) -> Dialect:
    def href(target: Target) -> str:
        return f"#{target.id}" if target.section == section.id else f"{SCHEME}{target.id}"

    def note_call(note: Note) -> list[Element]:
        return _footnote(note, text.note(note, section, book, dialect))

    def folio(target: Target) -> str:
        return pagination.folios.get(target.id, "?")

    dialect = Dialect(
        href=href,
        note_call=note_call,
        image=lambda image: _data_url(image.media_type, image.data),
        folio=folio,
    )
    return dialect


def _data_url(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def _footnote(note: Note, content: Element) -> list[Element]:
    """Give a note's call and, behind it, the note, which CSS sends to the foot of the page."""
    call = etree.Element("a", {"class": "note-call", "id": note.call_id, "href": f"#{note.id}"})
    call.text = f"{WORD_JOINER}{note.number}"
    footnote = etree.Element("span", {"class": "footnote", "id": note.id})
    number = etree.SubElement(footnote, "a", {"class": "note-number", "href": f"#{note.call_id}"})
    number.text = f"{note.number}."
    blocks = list(content) if content.tag == "div" else [content]
    for block in blocks:
        if len(blocks) > 1 or block.tag not in {"p", "span"}:
            block.set("class", "note-block")
        for inner in block.iter(*_NOTE_BLOCKS):
            if inner is not block or inner.tag != "p":
                inner.set("class", f"{inner.get('class', '')} note-{inner.tag}".strip())
            inner.tag = "span"
        footnote.append(block)
    return [call, footnote]


def _outline(book: Book) -> Iterator[OutlineEntry]:
    for section in book.sections:
        label = f"{section.number} {section.title_text}".strip()
        yield OutlineEntry(label, section.id, 1)
        for heading in section.body.iter("h2", "h3", "h4", "h5"):
            target = book.targets[heading.get("id")]
            yield OutlineEntry(f"{target.number} {target.title}".strip(), target.id, target.level)


def _metadata(book: Book) -> Metadata:
    config = book.config
    return Metadata(
        title=config.full_title,
        authors=tuple(contributor.name for contributor in config.creators()),
        description=config.description,
        subjects=tuple(config.subjects),
        language=config.language,
        rights=config.rights.licence or config.rights.statement,
        date=config.date,
    )


def _problems(book: Book, laid: Sequence[Laid], unsettled: Sequence[str]) -> Iterator[Problem]:
    for result in laid:
        section = book.section(result.section)
        spans = {note.id: note.span for note in section.notes}
        for fact in result.notes:
            if not fact.begins_with_call:
                message = "this note begins on another page than its call"
                hint = "a shorter note, or a sentence more before it, may help"
                yield Problem("note-begins-with-call", message, spans[fact.id], hint,
                              Severity.WARNING)  # fmt: skip
        if result.pages != result.planned:
            message = f"{result.planned} pages were planned, and {result.pages} were made"
            hint = "a fault of Octavo's: please report it"
            yield Problem("pages-are-as-planned", message, section.span, hint)
        for page in result.overflows:
            message = f"something stands outside page {page + 1} of this section"
            hint = "look there for a word, a line of code or a table that is too wide"
            yield Problem("text-stands-on-page", message, section.span, hint)
        for line in result.log:
            yield Problem("layout-is-clean", line, section.span, "", Severity.WARNING)
    for name in unsettled:
        message = "the folios printed in this section did not settle"
        yield Problem("folios-settle", message, book.section(name).span)
