"""The print edition: Book → sections' XHTML → pages → a PDF to read, and one for the press."""

import base64
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path

from lxml import etree

from octavo import fonts
from octavo.book import Book, Image, Note, Section
from octavo.charts.drawing import Frame
from octavo.charts.model import Chart
from octavo.config import PrintSettings, points
from octavo.editions import charts, register, text, views
from octavo.editions.drafting import Folios, agree
from octavo.editions.shelves import Shelf, Shelves
from octavo.editions.text import Dialect
from octavo.fonts import Face
from octavo.markdown.marking import mark_id
from octavo.markdown.tree import Element
from octavo.problems import BookError, Problem, Severity, Span
from octavo.templating import Templates
from octavo.typeset import pages
from octavo.typeset.condition import PrintingCondition
from octavo.typeset.facts import (
    Furniture,
    FurnitureJob,
    GlimpseJob,
    Job,
    Laid,
    Pagination,
    Remark,
    Remarked,
    SectionPages,
    Side,
)
from octavo.typeset.joined import Joined, Metadata, OutlineEntry
from octavo.typeset.memory import LayoutError, Memory
from octavo.typeset.pages import Opening
from octavo.typeset.press.preflight import WARNINGS, Finding
from octavo.typeset.workers import WorkerEndedError
from octavo.wording import Wording, wording

WORD_JOINER = "\u2060"
"""Keeps a note call on the line of the word before it."""

CHART_SIZE = 9.25 / 11
"""The size of a chart's type as a part of the text's: that of tables."""

COMMENT_EDGES = 34.0
"""What of a proof's outer margin comments leave free, in points, beside the text and the edge."""

UNKNOWN = "?"
"""What is printed for a folio that is not known yet."""

_SIMPLIFIED = re.compile(rf'lang="(?:{"|".join(fonts.SIMPLIFIED)})', re.I)

_WHITE_SPACE = re.compile(r"[ \t\n]+")

_NAMESPACE = uuid.UUID("5a0f8c2e-7d43-4b1b-9c56-2b6c8e1f0d38")

SIDES: dict[str, Side] = {"copyright": "verso", "tables": "any", "figures": "any",
                           "abbreviations": "any"}  # fmt: skip
"""Where sections open that do not open on a recto (Chicago 18, ch. 1)."""


_NOTE_BLOCKS = ("p", "ul", "ol", "li", "blockquote", "pre")
"""Blocks that become ``<span class="note-…">`` in a note: it stands in a paragraph, where HTML
allows no blocks."""


@dataclass(frozen=True)
class Typeset:
    """The book on pages: all that its PDFs are made of, and what is wrong with its pages."""

    joined: Joined
    problems: tuple[Problem, ...]


def typeset(
    book: Book,
    templates: Templates,
    faces: Sequence[Face],
    memory: Memory,
    condition: PrintingCondition,
    stamp: datetime,
    shelves: Shelves | None = None,
) -> Typeset:
    """Typeset the book; sections that ``memory`` knows already are not laid out again.

    ``stamp`` is the date that the PDFs bear; ``shelves`` keep the sections' XHTML.  Raises
    ``BookError`` when a section cannot be laid out.
    """
    settings = book.config.print
    pages_of = _Jobs(book, templates, faces, shelves)
    remarks = dict(_remarks(book))
    openings = [
        Opening(section.id, SIDES.get(section.kind, "recto"), section.part, _length(section, book))
        for section in book.sections
    ]

    def furniture_jobs(laid: Mapping[str, Laid], pagination: Pagination) -> Iterator[FurnitureJob]:
        for section in pagination.sections:
            text = laid[section.section]
            beside = tuple(_remarked(page, remarks) for page in text.margins)
            styles = pages_of.styles(_furniture_words(text, beside))
            yield _furniture_job(text, section, styles, book, templates, beside)

    def standing(laid: Mapping[str, Laid], pagination: Pagination) -> None:
        memory.begin_furniture(furniture_jobs(dict(laid), pagination))

    try:
        settled = pages.settle(openings, pages_of.make, memory, standing)
        by_section = {laid.section: laid for laid in settled.laid}
        furniture = memory.set_furniture(furniture_jobs(by_section, settled.pagination))
    except LayoutError as error:
        raise BookError(_failures(book, error.failures)) from error
    joined = Joined(
        laid=settled.laid,
        furniture=tuple(furniture[laid.section] for laid in settled.laid),
        pagination=settled.pagination,
        outline=tuple(_outline(book)),
        metadata=_metadata(book, templates, stamp),
        condition=condition,
        faces={fonts.digest(face.path): face.path for face in faces},
        trim=(points(settings.trim[0]), points(settings.trim[1])),
    )
    return Typeset(joined, tuple(_problems(book, joined, settled.unsettled)))


def glimpse(
    book: Book,
    templates: Templates,
    faces: Sequence[Face],
    standing: Joined,
    section: str,
    lines: tuple[tuple[int, int], ...],
) -> GlimpseJob:
    """Give the job that shows some pages of a section before all of the book is typeset.

    ``standing`` is the book as it was typeset before: its folios are printed.  ``section`` is an
    id that it has, and ``lines`` are the stretches wanted of its file, by first and last line.
    """
    places = {pages.section: pages for pages in standing.pagination.sections}
    return GlimpseJob(
        job=_Jobs(book, templates, faces, None).make(places[section], standing.pagination),
        lines=lines,
        numbers=templates.render("print/folios.css", {"pages": places[section]}),
        faces=standing.faces,
        trim=standing.trim,
    )


def _length(section: Section, book: Book) -> int:
    """Tell how much text a section has, or about how much is made for it."""
    trees = [section.body, *(note.body for note in section.notes)]
    made: Iterable[str] = ()
    match section.kind:
        case "bibliography":
            trees += [entry.content for group in book.bibliography for entry in group.entries]
        case "contents":
            made = (target.title for target in book.targets.values())
        case "index":
            made = (entry.term for entry in book.index.entries())
        case "names":
            made = register.texts(book)
    return sum(len(text) for text in chain(made, *(tree.itertext() for tree in trees)))


@dataclass(frozen=True)
class _Text:
    """A section's XHTML, and the folios that it prints, by the ids of their targets."""

    html: str
    printed: Mapping[str, str]

    def agrees(self, folios: Mapping[str, str]) -> bool:
        return agree(self.printed, folios, UNKNOWN)


class _Jobs:
    """Makes the sections' jobs; a section that prints no changed folio keeps its XHTML."""

    def __init__(
        self, book: Book, templates: Templates, faces: Sequence[Face], shelves: Shelves | None
    ) -> None:
        self._book, self._templates, self._shelves = book, templates, shelves
        self._by_id = {section.id: section for section in book.sections}
        self._common = {
            "config": book.config,
            "words": wording(book.config.language),
            "families": views.families(book, faces),
        }
        self._charts = charts.pictures(book, _chart_style(book.config.print), faces, templates)
        self._usual = [face for face in faces if face.family != fonts.SIMPLIFIED_FAMILY]
        self._styles = _styles(book, templates, faces)
        self._usual_styles = _styles(book, templates, self._usual)
        self._made: dict[str, _Text] = {}
        self._rare: dict[str, bool] = {}

    def make(self, section_pages: SectionPages, pagination: Pagination) -> Job:
        settings = self._book.config.print
        margins = points(settings.margins.top) + points(settings.margins.bottom)
        html = self._html(section_pages.section, pagination.folios)
        return Job(
            section=section_pages.section,
            html=html,
            styles=self.styles(html),
            width=points(settings.trim[0]),
            height=points(settings.trim[1]) - margins,
            leading=points(settings.leading),
            language=self._book.config.language,
            rules_continued=settings.continued_notes == "rule",
        )

    def styles(self, html: str) -> tuple[str, ...]:
        """Give the stylesheets of a text: a large face that it has no use for is not loaded."""
        if html not in self._rare:
            lacks = _SIMPLIFIED.search(html) or fonts.missing(html, self._usual)
            self._rare[html] = bool(lacks)
        return self._styles if self._rare[html] else self._usual_styles

    def _html(self, name: str, folios: Mapping[str, str]) -> str:
        made = self._made.get(name)
        if made is None or not made.agrees(folios):
            made = self._made[name] = self._text(self._by_id[name], folios)
        return made.html

    def _text(self, section: Section, folios: Mapping[str, str]) -> _Text:
        drawn = {chart: self._charts[chart] for chart in section.charts}
        place = self._place(section, drawn)
        known: _Text | None = None if place is None else place.take()
        if known is not None and known.agrees(folios):
            return known
        printed = Folios(folios, UNKNOWN)
        dialect = _dialect(section, self._book, drawn, printed)
        view = views.section_view(section, self._book, dialect)
        html = self._templates.render("print/section.html", {**self._common, "section": view})
        made = _Text(html, printed.asked)
        if place is not None:
            place.put(made)
        return made

    def _place(self, section: Section, drawn: Mapping[Chart, Image]) -> Shelf | None:
        """Give the place of a section's XHTML, which rests on more than its text."""
        if self._shelves is None:
            return None
        return self._shelves.place(section, ("print", self._common, list(drawn.values())))


def _remarks(book: Book) -> Iterator[tuple[str, Remark]]:
    """Give the comments of a proof by the ids of their calls; where they stand is not known yet."""
    for (section, index), number in book.comments.items():
        mark = book.section(section).marks[index]
        head = f"{mark.signature}:" if mark.signature else ""
        name = mark_id(section, index)
        yield name, Remark(name, 0.0, str(number), head, mark.text)


def _remarked(page: Remarked, remarks: Mapping[str, Remark]) -> Remarked:
    """Give what stands beside a page with the comments' words."""
    said = (replace(remarks[one.call], top=one.top) for one in page.remarks)
    return Remarked(page.bars, tuple(said))


def _furniture_words(laid: Laid, beside: Sequence[Remarked]) -> str:
    said = (remark.head + remark.text for page in beside for remark in page.remarks)
    strings = (words for page in laid.strings for _, words in page)
    return "".join([*laid.body.values(), *strings, *said])


def _furniture_job(
    laid: Laid,
    section: SectionPages,
    styles: tuple[str, ...],
    book: Book,
    templates: Templates,
    beside: tuple[Remarked, ...],
) -> FurnitureJob:
    return FurnitureJob(
        section=laid.section,
        body=laid.body,
        strings=laid.strings,
        styles=styles,
        numbers=templates.render("print/folios.css", {"pages": section}),
        language=book.config.language,
        margins=beside,
    )


def _styles(book: Book, templates: Templates, faces: Sequence[Face]) -> tuple[str, ...]:
    page = {"fonts": fonts.print_rules(faces), "settings": book.config.print}
    sheets = (templates.render("print/page.css", page), templates.source("print/book.css"))
    if not book.is_proof:
        return sheets
    words = wording(book.config.language).editing
    proof = {"words": words, "column": points(book.config.print.margins.outside) - COMMENT_EDGES}
    return (*sheets, templates.render("print/marks.css", proof))


def _chart_style(settings: PrintSettings) -> charts.Style:
    """Give charts the whole measure, and type of the size of a table's."""
    measure = points(settings.trim[0]) - points(settings.margins.inside)
    frame = Frame(measure - points(settings.margins.outside), CHART_SIZE * points(settings.size))
    return charts.Style(frame, "pt")


def _dialect(
    section: Section,
    book: Book,
    drawn: Mapping[Chart, Image],
    folios: Folios,
) -> Dialect:
    """Give the dialect of one section."""
    words = wording(book.config.language)

    def note_call(note: Note) -> list[Element]:
        return _footnote(note, text.note(note, section, book, dialect), words)

    dialect = Dialect(
        href=lambda target: f"#{target.id}",
        note_call=note_call,
        image=_data_url,
        folio=folios.of,
        chart=lambda chart: _data_url(drawn[chart]),
        keeps=frozenset({"data-block", "data-line", "data-path"}),
        shows_data=False,
    )
    return dialect


def _data_url(image: Image) -> str:
    return f"data:{image.media_type};base64,{base64.b64encode(image.data).decode('ascii')}"


def _footnote(note: Note, content: Element, words: Wording) -> list[Element]:
    """Give a note's call and, behind it, the note, which CSS sends to the foot of the page."""
    call = etree.Element("a", {"class": "note-call", "id": note.call_id, "href": f"#{note.id}"})
    call.text = f"{WORD_JOINER}{note.number}"
    call.set("aria-label", f"{words.note} {note.number}")
    footnote = etree.Element("span", {"class": "footnote", "id": note.id})
    number = etree.SubElement(footnote, "a", {"class": "note-number", "href": f"#{note.call_id}"})
    number.text = f"{note.number}."
    number.set("aria-label", f"{words.note} {note.number}. {words.back_to_text}")
    _collapse_white_space(content)
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


def _collapse_white_space(tree: Element) -> None:
    """Put one space for the white space of a note, line ends of its source among it.

    WeasyPrint does not (CSS Text 3 §4.1.1) in what is sent to the foot of the page.
    """
    if tree.tag == "pre":
        return
    for element in (tree, *tree):
        place = "text" if element is tree else "tail"
        words = getattr(element, place)
        setattr(element, place, words and _WHITE_SPACE.sub(" ", words))
    for child in tree:
        _collapse_white_space(child)


def _outline(book: Book) -> Iterator[OutlineEntry]:
    for section in book.sections:
        label = f"{section.number} {section.title_text}".strip()
        yield OutlineEntry(label, section.id, 1)
        for heading in section.body.iter("h2", "h3", "h4", "h5"):
            target = book.targets[heading.get("id")]
            yield OutlineEntry(f"{target.number} {target.title}".strip(), target.id, target.level)


def _metadata(book: Book, templates: Templates, stamp: datetime) -> Metadata:
    config = book.config
    described = {"config": config, "stamp": stamp.strftime("%Y-%m-%dT%H:%M:%SZ")}
    name = f"{config.slug} {config.title} {stamp.isoformat()}"
    press = {**described, "uuid": uuid.uuid5(_NAMESPACE, name)}
    return Metadata(
        title=config.full_title,
        authors=tuple(contributor.name for contributor in config.creators()),
        language=config.language,
        stamp=stamp,
        reading_xmp=templates.render("print/reading.xmp", described).encode(),
        press_xmp=templates.render("print/press.xmp", press).encode(),
    )


def _problems(book: Book, joined: Joined, unsettled: Sequence[str]) -> Iterator[Problem]:
    for laid in joined.laid:
        section = book.section(laid.section)
        for fault in laid.faults:
            path = Path(fault.path) if fault.path else section.span.path
            message = f"{fault.message} (page {fault.page + 1} of this section)"
            hint = _HINTS.get(fault.rule, "")
            yield Problem(fault.rule, message, Span(path, fault.line or section.span.line), hint)
        spans = {note.id: note.span for note in section.notes}
        for fact in laid.notes:
            if not fact.begins_with_call:
                message = "this note begins on another page than its call"
                hint = "a shorter note, or a sentence more before it, may help"
                yield Problem("note-begins-with-call", message, spans[fact.id], hint,
                              Severity.WARNING)  # fmt: skip
    results: list[Laid | Furniture] = [*joined.laid, *joined.furniture]
    for result in results:
        span = book.section(result.section).span
        for line in result.log:
            yield Problem("layout-is-clean", line, span, "", Severity.WARNING)
    for name in unsettled:
        message = "the folios printed in this section did not settle"
        yield Problem("folios-settle", message, book.section(name).span)


_HINTS = {
    "every-word-is-printed": "a fault of Octavo's, or of a template that moves text: please report",
    "text-stands-on-page": "look there for a word, a line of code or a table that is too wide",
}


def _failures(book: Book, failures: Mapping[str, BaseException]) -> Iterator[Problem]:
    for name, error in failures.items():
        span = book.section(name).span
        if isinstance(error, WorkerEndedError):
            message = "the process that laid this section out was ended from outside"
            hint = "there may be too little memory; fewer sections at a time need less: --jobs 1"
        else:
            said = f"{type(error).__name__}: {error}".splitlines()[0]
            message = f"this section cannot be laid out: {said}"
            hint = "take parts of it out until it can, to find what it is; and please report it"
        yield Problem("section-can-be-laid-out", message, span, hint)


def findings(joined: Joined, found: Sequence[Finding]) -> Iterator[Problem]:
    """Give what the preflight of the press PDF has found as problems of the book.

    What layout has seen, and named with its place in the source, is not said again.
    """
    said = {look.rule for laid in joined.laid for look in laid.looks}
    for finding in (one for one in found if one.rule not in said):
        severity = Severity.WARNING if finding.rule in WARNINGS else Severity.ERROR
        where = f" (press PDF, page {finding.page})" if finding.page else " (press PDF)"
        span = Span(Path("content") / "book.toml")
        yield Problem(finding.rule, finding.message + where, span, "", severity)
