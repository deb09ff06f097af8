"""The real book: every word, note and citation stands in each edition, once and in order."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pikepdf
import pytest
from conftest import RealBook
from lxml import etree, html
from support import SOFT_HYPHEN, Sign, plain_dialect, signs

from octavo.book import Book, Section
from octavo.config import points
from octavo.editions import text
from octavo.markdown.tree import Element
from octavo.problems import Severity
from octavo.typeset.breaks import LINES_SEEN
from octavo.typeset.facts import SectionPages


def bare(words: str) -> str:
    """Give visible characters alone, without hyphens at lines' ends, joiners and list marks."""
    return re.sub(rf"[\s{SOFT_HYPHEN}\u2060•]", "", words)


def text_of(element: Element) -> str:
    return bare("".join(element.itertext()))


@dataclass(frozen=True)
class Expected:
    """What a section prints: its running text and its notes, visible characters only."""

    section: Section
    body: str
    notes: tuple[str, ...]


def expected(section: Section, book: Book, folios: Mapping[str, str]) -> Expected:
    dialect = plain_dialect(folios)
    body = text.body(section, book, dialect)
    for call in body.iter("a"):
        if call.get("class") == "note-call":
            call.text = (call.text or "").strip("[]")
    notes = tuple(text_of(text.note(note, section, book, dialect)) for note in section.notes)
    return Expected(section, text_of(body), notes)


def texts(book: Book, folios: Mapping[str, str]) -> list[Expected]:
    return [expected(section, book, folios) for section in book.sections if section.kind == "text"]


@dataclass(frozen=True)
class Paper:
    """The PDF as PDFium reads it."""

    real: RealBook
    pages: list[list[Sign]]

    def of(self, section: Section) -> SectionPages:
        return next(s for s in self.real.pagination.sections if s.section == section.id)

    @cached_property
    def area(self) -> tuple[float, float]:
        """The bottom and the top of the text area, in points from the page's foot."""
        settings = self.real.book.config.print
        height = points(settings.trim[1])
        return points(settings.margins.bottom), height - points(settings.margins.top)

    def text(self, page: int) -> Iterator[Sign]:
        bottom, top = self.area
        return (sign for sign in self.pages[page] if bottom - 3 < sign.y < top)

    def without_list_numbers(self, page: int) -> Iterator[Sign]:
        """Give the text without the numbers of lists, which hang left of their items' lines."""
        margins = self.real.book.config.print.margins
        edge = points(margins.outside if page % 2 else margins.inside) + LIST_INDENT
        rows: dict[float, list[Sign]] = {}
        found = [sign for sign in self.text(page) if not sign.text.isspace()]
        for sign in found:
            rows.setdefault(round(sign.y), []).append(sign)
        for sign in found:
            row = rows[round(sign.y)]
            hanging = "".join(s.text for s in row if s.left < edge - 0.5)
            number = re.fullmatch(r"\d\d?\.", hanging) and len(row) > len(hanging)
            if not number or sign.left >= edge - 0.5:
                yield sign

    def furniture(self, page: int) -> str:
        bottom, top = self.area
        found = (sign for sign in self.pages[page] if not bottom - 3 < sign.y < top)
        return bare("".join(sign.text for sign in found))


NOTE_SIZES = {9.0, 8.28}
"""Notes, and Chinese in notes (pt), by the stylesheet of the book; used for nothing else."""


LIST_INDENT = 21.0
"""How far lists are set in (pt)."""


def is_note(sign: Sign) -> bool:
    return round(sign.size, 2) in NOTE_SIZES


@pytest.fixture(scope="module")
def paper(real_book: RealBook) -> Paper:
    return Paper(real_book, signs(real_book.pdf))


def joined(found: Iterator[Sign]) -> str:
    return bare("".join(sign.text for sign in found))


def without_repeated_heads(printed: str, section: Section) -> str:
    """Take out the heads that tables repeat on a new page."""
    for head in section.body.xpath(".//table[not(@class='data noindex')]/thead"):
        words = text_of(head)
        first, *more = printed.split(words)
        assert len(more) > 0, words
        printed = words.join([first, "".join(more)])
    return printed


# Print


def test_every_word_is_on_paper_once_and_in_order(paper: Paper) -> None:
    book = paper.real.book
    for wanted in texts(book, paper.real.pagination.folios):
        place = paper.of(wanted.section)
        pages = range(place.first, place.first + place.count)
        running = (s for page in pages for s in paper.without_list_numbers(page))
        printed = joined(s for s in running if not is_note(s))
        printed = without_repeated_heads(printed, wanted.section)
        opening = wanted.section.number + wanted.section.title_text + wanted.section.author
        assert printed == bare(opening) + wanted.body, wanted.section.id


def test_every_note_is_on_paper_once_and_in_order(paper: Paper) -> None:
    for wanted in texts(paper.real.book, paper.real.pagination.folios):
        place = paper.of(wanted.section)
        pages = range(place.first, place.first + place.count)
        printed = joined(s for page in pages for s in paper.text(page) if is_note(s))
        notes = "".join(f"{n}.{note}" for n, note in enumerate(wanted.notes, start=1))
        assert printed == notes, wanted.section.id


def test_every_note_begins_at_the_foot_of_the_page_that_calls_it(paper: Paper) -> None:
    count = 0
    for wanted in texts(paper.real.book, paper.real.pagination.folios):
        place, laid = paper.of(wanted.section), paper.real.laid[wanted.section.id]
        lengths = [
            len(joined(s for s in paper.text(place.first + page) if is_note(s)))
            for page in range(place.count)
        ]
        at = 0
        for note, words in zip(wanted.section.notes, wanted.notes, strict=True):
            page = next(p for p in range(place.count) if at < sum(lengths[: p + 1]))
            assert page == laid.places[note.call_id].page, note.id
            at += len(f"{note.number}.{words}")
            count += 1
        assert all(fact.begins_with_call for fact in laid.notes)
    assert count == sum(len(section.notes) for section in paper.real.book.sections) > 100


def test_notes_stand_below_the_text(paper: Paper) -> None:
    for number in range(len(paper.pages)):
        found = [sign for sign in paper.text(number) if not sign.text.isspace()]
        noted = [sign.y for sign in found if is_note(sign)]
        if noted and len(noted) < len(found):
            assert max(noted) < min(sign.y for sign in found if not is_note(sign)), number


def test_nothing_stands_outside_its_page(paper: Paper) -> None:
    settings = paper.real.book.config.print
    width, height = (points(length) for length in settings.trim)
    inside, outside = points(settings.margins.inside), points(settings.margins.outside)
    for number, page in enumerate(paper.pages):
        left, right = (outside, inside) if number % 2 else (inside, outside)
        for sign in page:
            if not sign.text.isspace():
                assert 0 < sign.bottom < sign.top < height, (number, sign)
                assert left - 2 < sign.left <= sign.right < width - right + 3, (number, sign)


def test_pages_are_full(real_book: RealBook) -> None:
    """At most 8 % are short by two lines or more for the notes' sake."""
    pages = [page for laid in real_book.joined.laid for page in laid.pages]
    short = [page for page in pages if page.lines_short >= LINES_SEEN]
    assert len(short) <= 0.08 * len(pages)


def test_nothing_was_found_at_fault_or_complained_of(paper: Paper) -> None:
    assert all(problem.severity is Severity.NOTE for problem in paper.real.problems)
    for laid in paper.real.laid.values():
        assert laid.faults == (), laid.section
        assert not laid.log
    assert not any(furniture.log for furniture in paper.real.joined.furniture)


def test_the_works_are_on_paper_in_order(paper: Paper) -> None:
    book = paper.real.book
    section = next(section for section in book.sections if section.kind == "bibliography")
    place = paper.of(section)
    printed = joined(
        s for page in range(place.first, place.first + place.count) for s in paper.text(page)
    )
    at = 0
    for group in book.bibliography:
        for words in [group.title, *(text_of(entry.content) for entry in group.entries)]:
            found = printed.find(bare(words), at)
            assert found >= at, words
            at = found + len(bare(words))
    cited = {c.key for e in book.cited.bibliography for c in [e.work]}
    assert len(cited) == sum(len(group.entries) for group in book.bibliography) > 5


def test_the_contents_name_every_section_with_its_true_folio(paper: Paper) -> None:
    book = paper.real.book
    section = next(section for section in book.sections if section.kind == "contents")
    place = paper.of(section)
    pages = range(place.first, place.first + place.count)
    printed = joined(s for page in pages for s in paper.text(page))
    at = 0
    with pikepdf.open(paper.real.outputs / f"{book.config.slug}.pdf") as pdf:
        labels = [str(page.label) for page in pdf.pages]
    listed = [
        book.targets[identifier]
        for home in book.sections
        if home.kind not in {"half-title", "title", "copyright", "contents"}
        for identifier in [home.id, *(heading.get("id") for heading in home.body.iter("h2"))]
    ]
    assert len(listed) > 20
    for target in listed:
        home = book.section(target.section)
        where = paper.of(home).first + paper.real.laid[home.id].places[target.id].page
        line = re.compile(rf"{re.escape(bare(target.number + target.title))}\.*{labels[where]}")
        found = line.search(printed, at)
        assert found, (target.id, labels[where])
        at = found.end()


def test_folios_and_running_heads(paper: Paper) -> None:
    """Every page of text has its folio; opening pages no running head, blank ones nothing."""
    book = paper.real.book
    seen = set()
    with pikepdf.open(paper.real.outputs / f"{book.config.slug}.pdf") as pdf:
        labels = [str(page.label) for page in pdf.pages]
    for section in book.sections:
        place = paper.of(section)
        for page in range(place.first, place.first + place.count):
            seen.add(page)
            furniture = paper.furniture(page)
            if section.kind in {"half-title", "title", "copyright"}:
                assert furniture == ""
            elif page == place.first:
                assert furniture == labels[page]
            else:
                head = section.short_title if page % 2 == 0 else book.config.title
                assert sorted(furniture) == sorted(bare(head) + labels[page]), page
    blank = set(range(len(paper.pages))) - seen
    assert all(not paper.pages[page] for page in blank)


def test_no_glyph_is_missing(paper: Paper) -> None:
    drawn = 0
    with pikepdf.open(paper.real.outputs / f"{paper.real.book.config.slug}.pdf") as pdf:
        for page in pdf.pages:
            for found in pikepdf.parse_content_stream(page):
                if str(found.operator) not in {"TJ", "Tj"}:
                    continue
                (shown,) = found.operands
                pieces = shown if isinstance(shown, pikepdf.Array) else [shown]
                for piece in pieces:
                    if isinstance(piece, pikepdf.String):
                        codes = bytes(piece)
                        drawn += len(codes) // 2
                        assert b"\0\0" not in {codes[i : i + 2] for i in range(0, len(codes), 2)}
    assert drawn > 50_000
    assert not {"\ufffd", "\0"} & {sign.text for page in paper.pages for sign in page}


# Screen


def text_without_data(body: Element) -> str:
    """Give the visible characters of a document without what print has not at its figures."""
    for element in list(body.iter("{*}details", "{*}div", "{*}a")):
        if element.get("class") in {"data", "data-link", "enlarge"}:
            element.clear(keep_tail=True)
    return text_of(body)


def documents(real: RealBook, edition: str) -> dict[str, str]:
    """Give the visible characters of every document, by its name without suffix."""
    if edition == "web":
        return {
            path.stem: text_without_data(html.fromstring(path.read_bytes()).find("body"))
            for path in (real.outputs / "web").glob("*.html")
        }
    with zipfile.ZipFile(real.outputs / f"{real.book.config.slug}.epub") as book:
        return {
            name.rsplit("/", 1)[-1].removesuffix(".xhtml"): text_without_data(
                etree.fromstring(book.read(name)).find("{*}body")
            )
            for name in book.namelist()
            if name.endswith(".xhtml")
        }


@pytest.mark.parametrize("edition", ["web", "epub"])
def test_every_word_and_note_is_on_screen_once_and_in_order(
    real_book: RealBook, edition: str
) -> None:
    found = documents(real_book, edition)
    for wanted in texts(real_book.book, real_book.pagination.folios):
        assert len(wanted.body) > 100
        for name in [wanted.section.name] + ["book"] * (edition == "web"):
            assert found[name].count(wanted.body) == 1, (name, wanted.section.id)
            at = found[name].index(wanted.body) + len(wanted.body)
            for number, note in enumerate(wanted.notes, start=1):
                here = found[name].find(f"{number}{note}", at)
                assert here >= 0, (name, wanted.section.id, number)
                at = here + len(note)


@pytest.mark.parametrize("edition", ["web", "epub"])
def test_every_work_is_on_screen_once_and_in_order(real_book: RealBook, edition: str) -> None:
    found = documents(real_book, edition)["bibliography"]
    at = 0
    for group in real_book.book.bibliography:
        for entry in group.entries:
            words = text_of(entry.content)
            assert found.count(words) == 1, words
            assert found.index(words) > at
            at = found.index(words)


def test_every_citation_of_the_manuscript_is_in_a_note_or_the_text(real_book: RealBook) -> None:
    """Each citation is called as often as it is written; each names its works by links."""
    book = real_book.book
    for section in book.sections:
        printed = [text.body(section, book, plain_dialect())]
        printed += [text.note(note, section, book, plain_dialect()) for note in section.notes]
        links = [
            a.get("href") for tree in printed for a in tree.iter("a") if a.get("class") == "work"
        ]
        wanted = [
            link.get("href")
            for formatted in section.citations
            for tree in (formatted.text, formatted.note)
            if tree is not None
            for link in tree.iter("a")
            if link.get("class") == "work"
        ]
        assert sorted(links) == sorted(wanted)
