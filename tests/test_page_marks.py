"""The printed pages in the web edition and the EPUB: each begins with the words of its PDF page."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import RealBook
from lxml import etree
from support import Sign, signs
from test_conservation import Paper
from test_page_facts import bare, sections, shown

from octavo.book import Section
from octavo.editions import page_marks, paging
from octavo.editions.page_marks import PAGE_BREAK, WORDS_COMPARED, mark
from octavo.editions.paging import NoteTurn, PageStart, Paging
from octavo.editions.web.edition import APART as KEPT_APART
from octavo.editions.web.edition import WHOLE
from octavo.markdown.tree import Element
from octavo.store import Store

X = "{http://www.w3.org/1999/xhtml}"
APART = {"doc-noteref", "doc-endnotes", "doc-footnote"}
NOT_PRINTED = {"folio", "mentioned-in", "letters", "data", "data-link", "note-number", "where"}
LISTS = {"contents", "tables", "figures"}


@pytest.fixture(scope="module")
def printed(real_book: RealBook) -> list[list[Sign]]:
    return signs(real_book.pdf)


@pytest.fixture(scope="module")
def web_documents(real_book: RealBook) -> dict[str, Element]:
    found = sorted((real_book.outputs / "web").glob("*.html"))
    return {path.name: etree.parse(path).getroot() for path in found}


@pytest.fixture(scope="module")
def epub_documents(real_book: RealBook) -> dict[str, Element]:
    (path,) = real_book.outputs.glob("*.epub")
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        return {
            name.removeprefix("EPUB/"): etree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith(".xhtml")
        }


def by_id(documents: dict[str, Element]) -> dict[str, Element]:
    found: dict[str, Element] = {}
    for root in documents.values():
        for element in root.iter(f"{X}span"):
            if (element.get("role") or "").startswith("doc-pagebreak") or ".page-" in element.get(
                "id", ""
            ):
                assert element.get("id") not in found, "a page begins once"
                assert not len(element)
                assert not element.text
                found[element.get("id")] = element
    return found


def behind(page_mark: Element) -> str:
    """Give what is read behind a mark to the end of its section: calls, notes, folios left out."""
    home = page_mark
    while home.tag != f"{X}section" and home.getparent() is not None:
        home = home.getparent()
    pieces: list[str] = []
    met = False

    def visit(element: Element) -> None:
        nonlocal met
        met = met or element is page_mark
        if element.get("role") not in APART and not is_unprinted(element):
            pieces.append(element.text or "" if met else "")
            for child in element:
                visit(child)
                pieces.append(child.tail or "" if met else "")

    visit(home)
    return bare("".join(pieces))


def is_unprinted(element: Element) -> bool:
    """Tell whether print has nothing like it: what leads elsewhere, the years of the timeline."""
    if element.get("class") in NOT_PRINTED:
        return True
    around = next(element.iterancestors(f"{X}ol"), None)
    is_heading = etree.QName(element).localname in {"h2", "h3"}
    return is_heading and around is not None and around.get("class") == "timeline"


def first_words(words: str, section: Section) -> str:
    """Give the first five words of a page; of lists those before the first folio."""
    if section.kind in LISTS:
        return bare(re.split(r"(?<=[^\W\d])(?:\d+|[ivxl]+)(?=\s|$)", words, maxsplit=1)[0])
    return headless(bare(" ".join(words.split()[:WORDS_COMPARED])), section)


def headless(words: str, section: Section) -> str:
    """Leave out the head of the chronology's table: the web has a timeline instead."""
    if section.kind == "chronology":
        return words.removeprefix(bare(section.title_text)).removeprefix("DateEventPage")
    return words


@pytest.mark.parametrize("edition", ["web_documents", "epub_documents"])
def test_every_page_begins_with_the_words_of_the_pdf(
    real_book: RealBook,
    printed: list[list[Sign]],
    edition: str,
    request: pytest.FixtureRequest,
) -> None:
    documents: dict[str, Element] = request.getfixturevalue(edition)
    marks = by_id({name: root for name, root in documents.items() if name != WHOLE})
    facts: list[dict[str, Any]] = json.loads(real_book.facts)["pages"]
    paper = Paper(real_book, printed)
    count = 0
    for section, place in sections(real_book):
        for page in range(place.first, place.first + place.count):
            fact = facts[page]
            if fact["begins"] is None:
                continue
            words = first_words(fact["begins"]["words"], section)
            assert len(words) > 4
            assert headless(shown(paper, section, page), section).startswith(words), page
            found = headless(behind(marks[f"page-{fact['folio']}"]), section)
            assert found.startswith(words), (page, edition)
            count += 1
    assert count > 50
    turns = [name for name in marks if ".page-" in name]
    assert count + len(turns) == len(marks)


def test_the_whole_book_in_one_document_has_all_pages(
    real_book: RealBook, web_documents: dict[str, Element]
) -> None:
    whole = by_id({WHOLE: web_documents[WHOLE]})
    rest = by_id({name: root for name, root in web_documents.items() if name != WHOLE})
    apart = {section.id for section in real_book.book.sections if section.kind in KEPT_APART}
    assert list(whole) and set(rest) - set(whole) <= {
        f"page-{start.folio}"
        for start in paging.of(real_book.joined).starts
        if start.section in {"half-title", "title", "contents"} | apart
    }


def test_notes_that_run_over_are_marked_where_they_go_on(
    real_book: RealBook, web_documents: dict[str, Element], epub_documents: dict[str, Element]
) -> None:
    facts = json.loads(real_book.facts)["pages"]
    rests = [(fact["folio"], rest) for fact in facts for rest in fact["rests"]]
    assert len(rests) > 3
    notes = {note.id: note.body for one in real_book.book.sections for note in one.notes}
    for documents in (
        {name: root for name, root in web_documents.items() if name != WHOLE},
        epub_documents,
    ):
        marks = by_id(documents)
        for folio, rest in rests:
            page_mark = marks[f"{rest['note']}.page-{folio}"]
            is_page_break = documents is not epub_documents  # There, the page list has each once.
            assert page_mark.get("aria-label") == (folio if is_page_break else None)
            assert page_mark.get("role") == (PAGE_BREAK if is_page_break else None)
            assert rest["note"] in notes
            before = _before(page_mark, rest["note"])
            assert len(before) == rest["characters"]


def _before(page_mark: Element, note: str) -> str:
    home = page_mark
    while home.get("id") != note:
        home = home.getparent()
    return _text_until(home, page_mark)


def _text_until(home: Element, page_mark: Element) -> str:
    out: list[str] = []

    def visit(element: Element) -> bool:
        if element is page_mark:
            return True
        out.append("" if element.get("role") == "doc-backlink" else element.text or "")
        for child in element:
            if visit(child):
                return True
            out.append(child.tail or "")
        return False

    assert visit(home)
    return bare("".join(out))


def document(body: str) -> str:
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><section id="ch-salt">'
        f"{body}</section></body></html>"
    )


def start(folio: str, block: str, characters: int, words: str, *, opens: bool = False) -> PageStart:
    return PageStart(folio, "ch-salt", opens, block, characters, words)


def marked(body: str, *starts: PageStart, turns: tuple[NoteTurn, ...] = ()) -> str:
    root = mark(document(body), Paging(starts, turns, {})).root
    text = etree.tostring(root[0][0], encoding="unicode")
    text = re.sub(r'<span[^>]* id="([^"]*)"[^>]*/>', r"{\1}", text)
    return re.sub(r"^<section[^>]*>|</section>$", "", text)


def test_a_mark_stands_within_the_word_that_is_broken() -> None:
    body = (
        '<p data-block="b1">One two.</p>'
        '<p data-block="b2">Of salt<a role="doc-noteref">1</a> and silk.</p>'
    )
    found = marked(body, start("2", "ch-salt.b2", 8, "dand silk. On"))
    assert "page-2" not in found
    found = marked(body, start("2", "ch-salt.b2", 8, "d silk."))
    assert found.endswith('salt<a role="doc-noteref">1</a> an{page-2}d silk.</p>')


def test_a_mark_stands_outside_what_begins_at_the_page() -> None:
    body = (
        '<h2 data-block="b1"><span class="number">1</span> Salt</h2>'
        '<p data-block="b2"><em><b>Of</b> it</em></p>'
    )
    found = marked(body, start("2", "ch-salt.b1", 0, "1 Salt"), start("3", "ch-salt.b2", 0, "Of"))
    assert '<h2>{page-2}<span class="number">' in found
    assert "<p>{page-3}<em><b>Of" in found


def test_the_first_page_of_a_section_opens_it() -> None:
    found = marked("<h1>Salt</h1>", start("45", "ch-salt", 0, "Salt", opens=True))
    assert found == "{page-45}<h1>Salt</h1>"


def test_two_pages_may_begin_in_one_piece_of_text() -> None:
    body = '<p data-block="b1">One two three.</p>'
    found = marked(
        body, start("2", "ch-salt.b1", 3, "two three."), start("3", "ch-salt.b1", 6, "three.")
    )
    assert found == "<p>One {page-2}two {page-3}three.</p>"


def test_made_sections_are_found_by_their_words() -> None:
    body = '<ul><li>Salt, 3</li><li><span class="cited-in">Silk</span>Silk, 4</li></ul>'
    found = marked(body, start("9", "ch-salt", 6, "Silk, 4"))
    assert found.endswith("Silk</span>{page-9}Silk, 4</li></ul>")


def test_where_the_words_are_others_there_is_no_mark() -> None:
    known = Paging((start("2", "ch-salt.b1", 3, "never written"),), (), {})
    found = mark(document('<p data-block="b1">One two.</p>'), known)
    assert found.folios == ()
    assert page_marks.lost(known, found.folios) == ("2",)


def test_a_note_is_marked_where_it_goes_on() -> None:
    body = (
        '<aside id="fn-a" role="doc-footnote"><a class="note-number">1</a><p>Long note.</p></aside>'
    )
    found = marked(
        body, turns=(NoteTurn("48", "ch-a", "fn-a", 6), NoteTurn("49", "ch-a", "fn-gone", 2))
    )
    assert "<p>Long no{fn-a.page-48}te.</p>" in found


def test_pages_are_kept_for_builds_without_print(real_book: RealBook, tmp_path: Path) -> None:
    known = paging.of(real_book.joined)
    store = Store(tmp_path / "store")
    assert paging.last(store) == paging.NONE
    paging.keep(known, store)
    assert paging.last(store) == replace(known, folios=dict(known.folios))


def test_the_epub_lists_its_pages(real_book: RealBook, epub_documents: dict[str, Element]) -> None:
    listed = list(_page_list(epub_documents["nav.xhtml"]))
    known = paging.of(real_book.joined)
    assert [folio for folio, _ in listed] == [start.folio for start in known.starts]
    marks = by_id(epub_documents)
    for folio, href in listed:
        path, _, identifier = href.partition("#")
        assert epub_documents[path or "nav.xhtml"].xpath(f"//*[@id='{identifier}']")
        assert marks[identifier].get("aria-label") == folio


def _page_list(nav: Element) -> Iterator[tuple[str, str]]:
    for link in nav.xpath("//*[@role='doc-pagelist']//*[local-name()='a']"):
        yield link.text, link.get("href")
