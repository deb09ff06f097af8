"""The search of the web edition: what is indexed, and what a reader finds in a browser."""

import json
import re
import subprocess
from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pagefind_bin
import pytest
from browsing import served
from conftest import RealBook
from lxml import etree
from playwright.sync_api import Browser, Page, expect
from support import Settings, chapter, composed, files_in, octavo, write_book

from octavo.editions import paging, web
from octavo.editions.web import search
from octavo.editions.web.search import Anchor, Part
from octavo.fonts import Face
from octavo.outcome import CACHE
from octavo.pagefind import Indexing, Text
from octavo.problems import BookError
from octavo.store import Store
from octavo.templating import Templates

BASE = "/books/salt/"
SALT = f"""\
Salt came by river from Hồ Chí Minh, whom Đặng knew; 胡志明 in Chinese.^[A *note* on Łódź.]

## Weights {{#sec-weights}}

A pound is a pound, and an ounce an ounce.

## Scales {{#sec-scales}}

{"The scales were even, and nobody doubted them for long. " * 60}
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of a long chapter and a short one, built with its pages."""
    root = write_book(
        tmp_path_factory.mktemp("searched") / "book",
        {
            "salt": chapter("Salt & Iron", SALT),
            "silk": chapter("Silk", "Silk came late, when salt was dear."),
        },
        Settings(
            front=("title", "contents"),
            back=("index",),
            trim=("4in", "6in"),
            files={"content/words.txt": "Hồ\nChí\nĐặng\nŁódź\n"},
        ),
    )
    done = octavo("--book", root, "--jobs", 1)
    assert (done.returncode, done.stderr) == (0, "")
    return root


@pytest.fixture
def address(book: Path) -> Iterator[str]:
    with served(book / "dist" / "web", BASE) as found:
        yield found


def read(main: str, book: Path) -> list[Part]:
    """Read the parts of a document with this text."""
    document = etree.fromstring(
        f'<html xmlns="http://www.w3.org/1999/xhtml"><body><main>{main}</main></body></html>'
    )
    (section,) = (one for one in composed(book).sections if one.name == "salt")
    return search.parts(document, section)


def page_break(folio: int) -> str:
    return f'<span role="doc-pagebreak separator" id="page-{folio}" aria-label="{folio}"/>'


class TestParts:
    def test_they_go_from_heading_to_heading(self, book: Path) -> None:
        first, second = read(
            '<h1 id="ch.title"><span>3</span> <span>Salt</span></h1><p id="p1">One.</p>'
            '<h2 id="sec-x">Weights</h2><p>Two.</p>',
            book,
        )
        assert (first.id, first.title, first.blocks) == ("ch", "3 Salt", ((Anchor("p1"), "One."),))
        assert (second.id, second.title, second.blocks) == ("sec-x", "Weights", (("Two.",),))

    def test_a_page_begins_behind_the_word_that_print_breaks(self, book: Path) -> None:
        (part,) = read(
            f'<h1 id="a">A</h1><p>One {page_break(2)}two thr{page_break(3)}ee four.</p>', book
        )
        (block,) = part.blocks
        assert block == ("One ", Anchor("page-2"), "two thr", "ee", Anchor("page-3"), " four.")

    def test_a_part_tells_the_page_on_which_it_begins(self, book: Path) -> None:
        parts = read(
            f'{page_break(7)}<h1 id="a">A</h1><p>x {page_break(8)}y</p><h2 id="b">B</h2>', book
        )
        assert [part.page for part in parts] == ["page-7", "page-8"]

    def test_notes_stand_behind_the_part_that_calls_them_with_its_page(self, book: Path) -> None:
        first, second = read(
            f'<h1 id="a">A</h1><p>x{page_break(4)} y<a role="doc-noteref" id="call-1">1</a></p>'
            '<h2 id="b">B</h2><p>z</p><section role="doc-endnotes"><h2 id="n">Notes</h2><ol><li>'
            '<div id="note-1"><a role="doc-backlink" href="#call-1">1</a><p>So.</p></div></li></ol>'
            "</section>",
            book,
        )
        assert second.notes == ()
        (note,) = first.notes
        assert note[:2] == (Anchor("note-1"), Anchor("page-4"))
        assert "".join(piece for piece in note[2:] if isinstance(piece, str)).split() == ["So."]

    def test_chinese_characters_are_words_and_letters_with_strokes_are_taken_apart(
        self, book: Path
    ) -> None:
        (part,) = read('<h1 id="a">A</h1><p>Đặng (胡志明)</p>', book)
        ((words,),) = part.blocks
        assert words == "D\u0335ặng (胡 志 明)"


class TestIndex:
    TEXTS = tuple(
        Text(f"{name}.html#{name}", f'<html lang="en-GB"><body><h1>{name}</h1></body></html>')
        for name in "cabd"
    )

    def test_it_is_the_same_each_time(self) -> None:
        assert Indexing(self.TEXTS, None).files() == Indexing(self.TEXTS, None).files()

    def test_it_comes_from_the_store(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        store = Store(tmp_path)
        made = Indexing(self.TEXTS, store).files()
        monkeypatch.setattr(subprocess, "Popen", None)
        assert Indexing(self.TEXTS, store).files() == made

    def test_it_has_no_more_than_the_search_loads(self) -> None:
        names = Indexing(self.TEXTS, None).files()
        assert {re.sub(r"[^.]*_[0-9a-f]{7,}", "*", name) for name in names} == {
            "pagefind.js",
            "pagefind-entry.json",
            "pagefind.*.pf_meta",
            "*.pf_index",
            "*.pf_fragment",
            "wasm.en-gb.pagefind",
        }

    def test_a_language_without_stems_is_searched_all_the_same(self) -> None:
        text = Text("a.html", '<html lang="vi"><body><h1>Muối</h1></body></html>')
        assert "wasm.unknown.pagefind" in Indexing([text], None).files()

    def test_a_pagefind_that_fails_is_a_problem_of_the_book(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pagefind_bin, "get_executable", lambda: "true")
        with pytest.raises(BookError, match="Pagefind cannot index"):
            Indexing(self.TEXTS, None).files()

    def test_it_is_begun_for_likely_pages_and_made_anew_for_others(
        self, book: Path, set_faces: tuple[Face, ...], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given, templates = composed(book), Templates(book)
        known = paging.last(Store(book / CACHE / "store"))
        anew = [web.make(given, templates, set_faces, of).files for of in (known, paging.NONE)]
        begun: list[Indexing] = []

        def noted(texts: Sequence[Text], kept: Store | None) -> Indexing:
            begun.append(Indexing(texts, kept))
            return begun[-1]

        monkeypatch.setattr(web, "Indexing", noted)
        making = web.Making(given, templates, set_faces, None, has_pages=True)
        assert len(list(making.ahead(known))) == len(["index", "salt", "silk", "index_", "book"])
        assert making.finish(known).files == anew[0]
        assert len(begun) == 1
        making = web.Making(given, templates, set_faces, None, has_pages=False)
        deque(making.ahead(known), maxlen=0)
        assert making.finish(paging.NONE).files == anew[1]
        assert len(begun) == len(["likely", "likely", "as it is"])

    def test_one_that_is_dropped_goes_no_further(self) -> None:
        begun = Indexing(self.TEXTS * 1000, None)
        begun.drop()
        with pytest.raises(BookError, match="nobody wants"):
            begun.files()

    def test_it_searches_what_tells_and_not_what_leads_elsewhere(self, book: Path) -> None:
        files = files_in(book / "dist" / "web" / "search")
        language = json.loads(files["pagefind-entry.json"])["languages"]["en-gb"]
        assert language["page_count"] == len(["Salt", "Weights", "Scales", "Silk"])


def ask(page: Page, query: str) -> None:
    """Open the search and ask."""
    page.keyboard.press("/")
    page.get_by_label("Search the book").get_by_role("searchbox").fill(query)


def results(page: Page) -> list[str]:
    """Give the links of the results, once they are there."""
    expect(page.get_by_role("status")).to_have_text(re.compile("found", re.I))
    return [" ".join(link.inner_text().split()) for link in page.locator(".results a").all()]


class TestInTheBrowser:
    def test_nothing_is_loaded_before_it_is_opened(self, address: str, page: Page) -> None:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}salt.html")
        page.wait_for_load_state("networkidle")
        assert not [url for url in asked if "/search/" in url]
        ask(page, "salt")
        results(page)
        assert [url for url in asked if "/search/" in url]
        assert all(url.startswith(address) for url in asked)

    def test_results_are_parts_with_their_printed_pages(self, address: str, page: Page) -> None:
        page.goto(f"{address}silk.html")
        ask(page, "pound")
        assert results(page) == ["1.1 Weights p. 2"]
        assert page.locator(".results h2").all_inner_texts() == ["1 Salt & Iron"]
        assert page.locator(".results mark").all_inner_texts() == ["pound", "pound,"]

    @pytest.mark.parametrize(
        ("query", "marked"),
        [
            ("ho chi minh", ["Hồ", "Chí", "Minh,"]),
            ("Hồ Chí Minh", ["Hồ", "Chí", "Minh,"]),
            ("dang", ["Đặng"]),
            ("Đặng", ["Đặng"]),
            ("lodz", ["Łódź."]),
            ("志明", ["志", "明"]),
            ("weight", []),
            ("weighing", []),
        ],
    )
    def test_marks_and_stems_are_overlooked(
        self, address: str, page: Page, query: str, marked: list[str]
    ) -> None:
        page.goto(f"{address}index.html")
        ask(page, query)
        assert len(results(page)) == 1
        assert page.locator(".results mark").all_inner_texts() == marked

    def test_a_note_is_found_where_it_stands(self, address: str, page: Page) -> None:
        page.goto(f"{address}silk.html")
        ask(page, "Łódź")
        assert results(page) == ["1 Salt & Iron p. 1"]
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}salt.html#salt--note-1*")
        expect(page.locator(".note-text").first).to_be_in_viewport()

    def test_arrows_go_through_the_results_and_escape_leaves(
        self, address: str, page: Page
    ) -> None:
        page.goto(f"{address}silk.html")
        page.get_by_role("button", name="Search").first.focus()
        page.keyboard.press("Enter")
        page.keyboard.type("salt")
        assert len(results(page)) == 2
        box, links = page.get_by_role("searchbox"), page.locator(".results a")
        page.keyboard.press("ArrowDown")
        expect(links.nth(0)).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(links.nth(1)).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(links.nth(1)).to_be_focused()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        expect(box).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("dialog.search")).to_be_hidden()
        expect(page.get_by_role("button", name="Search").first).to_be_focused()

    def test_it_says_when_nothing_is_found(self, address: str, page: Page) -> None:
        page.goto(f"{address}silk.html")
        ask(page, "xyzzy")
        expect(page.get_by_role("status")).to_have_text("Nothing found.")

    def test_a_slash_in_a_box_is_a_slash(self, address: str, page: Page) -> None:
        page.goto(f"{address}silk.html")
        box = page.get_by_label("Page", exact=True)
        box.press("/")
        expect(box).to_have_value("/")
        expect(page.locator("dialog.search")).to_be_hidden()

    def test_it_goes_under_a_strict_policy_that_allows_webassembly(
        self, book: Path, page: Page
    ) -> None:
        policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"
        with served(book / "dist" / "web", BASE, {"Content-Security-Policy": policy}) as address:
            page.goto(f"{address}silk.html")
            ask(page, "salt")
            assert len(results(page)) == 2

    def test_it_says_so_where_webassembly_is_forbidden(self, book: Path, page: Page) -> None:
        policy = {"Content-Security-Policy": "default-src 'self'"}
        with served(book / "dist" / "web", BASE, policy) as address:
            page.goto(f"{address}silk.html")
            ask(page, "salt")
            expect(page.get_by_role("status")).to_contain_text("forbids")

    def test_a_file_that_was_opened_says_what_it_needs(self, book: Path, page: Page) -> None:
        page.goto((book / "dist" / "web" / "silk.html").as_uri())
        page.keyboard.press("/")
        expect(page.get_by_role("status")).to_contain_text("needs the book on a web server")

    def test_without_javascript_there_is_no_control(self, browser: Browser, address: str) -> None:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        for name in ("index.html", "silk.html"):
            page.goto(f"{address}{name}")
            assert page.get_by_role("button").count() == 0
        context.close()


def test_a_book_without_pages_is_searched_without_them(tmp_path: Path, page: Page) -> None:
    root = write_book(tmp_path / "book", {"salt": chapter("Salt", "Salt came early.")})
    run = partial(octavo, "--book", root, "--edition", "web")
    assert run().returncode == 0
    with served(root / "dist" / "web") as address:
        page.goto(f"{address}salt.html")
        ask(page, "early")
        assert results(page) == ["1 Salt"]


@pytest.mark.parametrize("real_book", ["monograph"], indirect=True)
def test_the_first_words_of_printed_pages_are_found_on_them(
    real_book: RealBook, page: Page
) -> None:
    known = paging.last(Store(real_book.outputs.parent / CACHE / "store"))
    texts = {section.id for section in real_book.book.sections if section.kind == "text"}
    starts = [start for start in known.starts if start.section in texts and start.characters]
    with served(real_book.outputs / "web") as address:
        page.goto(f"{address}index.html")
        for start in starts[::4]:
            ask(page, " ".join(start.words.split()[1:6]))
            found = page.locator(
                "li:nth-child(-n + 3) .folio", has_text=re.compile(rf"\b{start.folio}$")
            )
            expect(found).not_to_have_count(0, timeout=10_000)
            page.keyboard.press("Escape")
