"""The page facts of the real book: ``pages.json`` says what the PDFs show."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from conftest import RealBook
from support import SOFT_HYPHEN, Sign, lines, plain_dialect, signs
from tagged import Tagged
from test_conservation import Paper, is_note

from octavo.book import Section
from octavo.editions import text
from octavo.markdown import tree
from octavo.typeset.facts import SectionPages

WORDS = 8
"""How many words a fact quotes."""


def bare(words: str) -> str:
    """Give visible characters alone, without hyphens at lines' ends, joiners, marks and leaders."""
    return re.sub(r"\.{3,}", "", re.sub(rf"[\s{SOFT_HYPHEN}\u2060•]", "", words))


@pytest.fixture(scope="module")
def facts(real_book: RealBook) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(real_book.facts)["pages"]
    return found


@pytest.fixture(scope="module")
def printed(real_book: RealBook) -> list[list[Sign]]:
    return signs(real_book.pdf)


@pytest.fixture(scope="module")
def tagged(real_book: RealBook) -> Iterator[Tagged]:
    with pikepdf.open(io.BytesIO(real_book.pdf)) as pdf:
        yield Tagged(pdf)


def sections(real: RealBook) -> Iterator[tuple[Section, SectionPages]]:
    return zip(real.book.sections, real.pagination.sections, strict=True)


def shown(paper: Paper, section: Section, page: int) -> str:
    """Give a page's text as PDFium reads it: without calls, notes, and what tables repeat."""
    is_list = section.kind in {"contents", "tables", "figures"}
    running = paper.text(page) if is_list else paper.without_list_numbers(page)
    found = [sign for sign in running if not is_note(sign)]
    words = "".join(sign.text for sign in found if not is_call(sign))
    return without_repeated_head(bare(words), section)


def is_call(sign: Sign) -> bool:
    """Tell whether a character is a raised figure."""
    return sign.text.isdigit() and sign.bottom > sign.y + 2


def without_repeated_head(words: str, section: Section) -> str:
    printed = section.body.xpath(".//table[not(@class='data noindex')]/thead")
    heads = ["".join(head.itertext()) for head in printed]
    if section.kind == "chronology":
        heads.append("Date Event Page")
    for head in heads:
        words = words.removeprefix(bare(head))
    return words


def test_there_is_an_object_for_every_page(
    real_book: RealBook, facts: list[dict[str, Any]], tagged: Tagged
) -> None:
    assert [fact["ordinal"] for fact in facts] == list(range(1, len(tagged.pdf.pages) + 1))
    names = {"ordinal", "folio", "section", "size", "ids", "notes", "rests", "begins", "ends"}
    assert all(set(fact) == names for fact in facts)
    sizes = [tuple(map(float, page.mediabox[2:])) for page in tagged.pdf.pages]
    assert [tuple(fact["size"]) for fact in facts] == sizes
    homes = {fact["ordinal"]: fact["section"] for fact in facts if fact["section"]}
    assert homes == {
        place.first + 1 + page: section.id
        for section, place in sections(real_book)
        for page in range(place.count)
    }


def test_folios_are_the_pdfs_labels(facts: list[dict[str, Any]], tagged: Tagged) -> None:
    assert [fact["folio"] for fact in facts] == [str(page.label) for page in tagged.pdf.pages]


def test_a_page_begins_and_ends_with_the_words_that_it_shows(
    real_book: RealBook, facts: list[dict[str, Any]], printed: list[list[Sign]]
) -> None:
    count = 0
    paper = Paper(real_book, printed)
    for section, place in sections(real_book):
        for page in range(place.first, place.first + place.count):
            fact, words = facts[page], shown(paper, section, page)
            if fact["begins"] is None:
                assert words == "", page
                continue
            begins, ends = fact["begins"]["words"], fact["ends"]
            if section.kind in {"text", "bibliography"}:
                assert len(begins.split()) == len(ends.split()) == WORDS
            assert bare(begins), page
            assert words.startswith(bare(begins)), page
            assert words.endswith(bare(ends)), page
            count += 1
    assert count > 50


def test_blank_pages_have_nothing(
    real_book: RealBook, facts: list[dict[str, Any]], printed: list[list[Sign]]
) -> None:
    blank = [fact for fact in facts if fact["section"] is None]
    assert len(blank) == facts[-1]["ordinal"] - sum(p.count for _, p in sections(real_book)) > 3
    for fact in blank:
        assert not printed[fact["ordinal"] - 1]
        assert [fact[name] for name in ("ids", "notes", "rests")] == [[], [], []]
        assert (fact["begins"], fact["ends"]) == (None, "")


def test_so_many_characters_of_the_block_come_before(
    real_book: RealBook, facts: list[dict[str, Any]]
) -> None:
    """A block is found in the manuscript by its id, or by its number in the section."""
    inside = 0
    dialect = replace(plain_dialect(real_book.pagination.folios), keeps=frozenset({"data-block"}))
    for section, place in sections(real_book):
        if section.kind != "text":
            continue
        body = text.body(section, real_book.book, dialect)
        for call in list(body.iter("a")):
            if call.get("class") == "note-call":
                call.text = ""
        blocks = {one.get("id"): one for one in body.iter() if one.get("id")}
        blocks |= {
            f"{section.id}.{one.get('data-block')}": one
            for one in body.iter()
            if one.get("data-block")
        }
        for page in range(place.first + 1, place.first + place.count):
            beginning = facts[page]["begins"]
            if beginning is None:  # the rest of a note has the chapter's last page for itself
                assert facts[page]["notes"]
                continue
            words = text_of(blocks[beginning["block"]])
            at = beginning["characters"]
            begins = bare(beginning["words"])
            assert 0 <= at < len(words)
            assert words[at:].startswith(begins) or begins.startswith(words[at:]), page
            inside += at > 0
        opening = facts[place.first]["begins"]
        assert opening["characters"] == 0
    assert inside > 20


def text_of(element: tree.Element) -> str:
    return bare("".join(element.itertext()))


def test_ids_begin_where_the_pdf_leads_to(facts: list[dict[str, Any]], tagged: Tagged) -> None:
    where = {page.obj.objgen: number for number, page in enumerate(tagged.pdf.pages, start=1)}
    names = list(tagged.pdf.Root.Names.Dests.Names)
    leads = {
        str(name): where[place[0].objgen]
        for name, place in zip(names[::2], names[1::2], strict=True)
    }
    listed = [(name, fact["ordinal"]) for fact in facts for name in fact["ids"]]
    assert len(listed) == len(dict(listed)) > 500
    assert dict(listed) == leads


def test_notes_stand_on_the_pages_that_list_them(
    facts: list[dict[str, Any]], tagged: Tagged
) -> None:
    found: dict[str, set[int]] = {}
    for note in tagged.root.all("Note"):
        pages = {page + 1 for one in note for page, _ in one.content}
        found[str(note.own.ID)] = pages
    listed: dict[str, set[int]] = {}
    for fact in facts:
        for name in fact["notes"]:
            listed.setdefault(name, set()).add(fact["ordinal"])
    assert listed == found
    assert any(len(pages) > 1 for pages in found.values())


def test_the_press_pdf_has_the_same_pages(real_book: RealBook, printed: list[list[Sign]]) -> None:
    pressed = signs(real_book.press)
    assert len(pressed) == len(printed)
    for number, (one, other) in enumerate(zip(printed, pressed, strict=True)):
        assert lines(one) == lines(other), number
