"""The live preview: what it tells its pages, whom it answers, and how it follows the manuscript."""

import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import FrameLocator, Page, expect
from support import ROOT, Settings, chapter, write_book

from octavo import build, fonts
from octavo.editions import print as print_edition
from octavo.preview import guard, lines, links, messages, notices, server, sheets
from octavo.preview.album import Album
from octavo.preview.state import NOTHING, Notice, Sheet, State
from octavo.problems import Problem, Severity, Span
from octavo.store import Store
from octavo.templating import Templates
from octavo.typeset import assemble, layout, workers
from octavo.typeset.facts import Glimpse, GlimpseJob
from octavo.typeset.memory import Memory

SALT = Path("content/chapters/salt.md")
BEFORE = "a\nb\nc\nd"


class TestLines:
    @pytest.mark.parametrize(
        ("after", "line", "was"),
        [
            (BEFORE, 3, 3),
            ("new\na\nb\nc\nd", 3, 2),
            ("a\nc\nd", 2, 3),
            ("a\nb\nnew\nnew\nc\nd", 3, 2),
            ("a\nB\nc\nd", 2, 2),
            (BEFORE, 0, 0),
        ],
    )
    def test_a_line_is_found_in_the_text_of_before(self, after: str, line: int, was: int) -> None:
        assert lines.carried_back(line, BEFORE, after) == was

    def test_a_line_is_found_in_the_text_of_now(self) -> None:
        assert lines.carried_on(3, BEFORE, "new\na\nb\nc\nd") == 4

    @pytest.mark.parametrize(
        ("after", "stretches"),
        [
            (BEFORE, []),
            ("a\nB\nc\nd", [(2, 2)]),
            ("a\nB\nC\nd", [(2, 3)]),
            ("A\nb\nC\nd", [(1, 1), (3, 3)]),
            ("a\nb\nd", [(3, 3)]),
            ("a\nb", [(2, 2)]),
            ("a\nb\nnew\nc\nd", [(3, 3)]),
            ("", [(1, 1)]),
        ],
    )
    def test_the_lines_that_changed_are_told(
        self, after: str, stretches: list[tuple[int, int]]
    ) -> None:
        assert list(lines.changed(BEFORE, after)) == stretches


class TestLinks:
    def test_the_default_opens_visual_studio_code(self) -> None:
        made = links.link(links.DEFAULT, Path("/my books/salt.md"), 12, 0)
        assert made == "vscode://file/my%20books/salt.md:12:1"

    @pytest.mark.parametrize(
        ("template", "words"),
        [
            ("idea://open?file={path}&line={line}", ""),
            ("idea://open?file={file}", "there is no {file}"),
            ("idea://open", "where {path} stands"),
            ("{path}", "begins with no scheme"),
            ("JavaScript:alert('{path}')", "begins with no scheme"),
        ],
    )
    def test_a_template_is_looked_at_before_it_is_used(self, template: str, words: str) -> None:
        found = links.fault(template)
        assert words in found and bool(words) == bool(found)

    @pytest.mark.parametrize(
        "given",
        ["", "/etc/passwd", "../secret.md", "content/../../secret.md", "a\0b", "way/out.md"],
    )
    def test_only_files_of_the_book_are_opened(self, tmp_path: Path, given: str) -> None:
        root = tmp_path / "book"
        root.mkdir()
        (root / "way").symlink_to(tmp_path)
        assert links.inside(root, given) is None
        assert links.inside(root, SALT.as_posix()) == SALT


class TestGuard:
    @pytest.mark.parametrize(
        ("method", "headers", "status"),
        [
            ("GET", {"host": "127.0.0.1:8017"}, None),
            ("GET", {"host": "localhost:8017", "origin": "http://localhost:8017"}, None),
            ("GET", {"host": "127.0.0.1:8017", "sec-fetch-site": "none"}, None),
            ("HEAD", {"host": "127.0.0.1:8017", "sec-fetch-site": "same-origin"}, None),
            ("POST", {"host": "127.0.0.1:8017"}, 405),
            ("GET", {}, 421),
            ("GET", {"host": "salt.example:8017"}, 421),
            ("GET", {"host": "127.0.0.1:9000"}, 421),
            ("GET", {"host": "127.0.0.1:8017", "origin": "http://salt.example"}, 403),
            ("GET", {"host": "127.0.0.1:8017", "origin": "null"}, 403),
            ("GET", {"host": "127.0.0.1:8017", "origin": "http://localhost:3000"}, 403),
            ("GET", {"host": "127.0.0.1:8017", "sec-fetch-site": "cross-site"}, 403),
            ("GET", {"host": "127.0.0.1:8017", "sec-fetch-site": "same-site"}, 403),
        ],
    )
    def test_own_pages_are_answered_and_nobody_else(
        self, method: str, headers: dict[str, str], status: int | None
    ) -> None:
        refused = guard.refusal(method, headers, 8017)
        assert (refused and refused[0]) == status


def notice(**given: Any) -> Notice:
    told = {"severity": "error", "rule": "r", "message": "m", "hint": "", "place": "x.md:1"}
    return Notice(**{**told, "path": "x.md", "line": 1, "column": 0, **given})


class TestMessages:
    STATE = State(
        text=3,
        style=1,
        frame=1,
        notices=(notice(),),
        sheets=(Sheet("1", "ch-salt", "salt.html", "k/0"),),
        trim=(288.0, 432.0),
    )

    def names(self, before: State, after: State) -> list[str]:
        return [message.name for message in messages.messages(before, after)]

    def test_a_page_that_opens_is_told_all(self) -> None:
        assert self.names(NOTHING, self.STATE) == ["frame", "style", "text", "problems", "pages"]

    def test_what_is_the_same_is_not_told(self) -> None:
        assert self.names(self.STATE, replace(self.STATE)) == []

    def test_problems_that_are_mended_are_taken_back(self) -> None:
        (told,) = messages.messages(self.STATE, replace(self.STATE, notices=()))
        assert (told.name, told.data) == ("problems", [])

    def test_a_new_text_comes_with_its_problems(self) -> None:
        assert self.names(self.STATE, replace(self.STATE, text=4)) == ["text", "problems"]

    def test_new_pictures_are_told(self) -> None:
        other = (replace(self.STATE.sheets[0], picture="k/1"),)
        (told,) = messages.messages(self.STATE, replace(self.STATE, sheets=other))
        assert told.data["sheets"][0]["picture"] == "k/1"

    def test_a_message_is_one_event_of_a_stream(self) -> None:
        written = messages.Message("text", {"a": "ä\n"}).written()
        assert written == 'event: text\ndata: {"a":"ä\\n"}\n\n'.encode()


class TestNotices:
    def test_a_problem_stands_at_its_paragraph_in_the_text_that_is_shown(
        self, tmp_path: Path
    ) -> None:
        root = write_book(tmp_path, {"salt": chapter("Salt", "One.\n\nTwo.", id="ch-salt")})
        shown = build.check(root).book
        then = (root / SALT).read_text()
        now = then.replace("One.", "One.\n\nMore.")
        problem = Problem("r", "wrong", Span(SALT, 9, 2), "help", Severity.WARNING)
        (told,) = notices.notices([problem], shown, {"ch-salt": "salt.html"}, {SALT: then},
                                  {SALT: now})  # fmt: skip
        assert (told.document, told.section, told.shown_line) == ("salt.html", "ch-salt", 7)
        assert (told.place, told.line, told.severity) == (f"{SALT}:9:2", 9, "warning")

    def test_a_problem_elsewhere_has_no_document(self) -> None:
        problem = Problem("r", "wrong", Span(Path("content/book.toml"), 3))
        (told,) = notices.notices([problem], None, {}, {}, {})
        assert (told.document, told.shown_line, told.line) == ("", 0, 3)


class TestSheets:
    def test_a_glimpse_takes_the_places_of_its_pages(self) -> None:
        before = tuple(Sheet(str(n), "ab"[n > 1], "", f"old/{n}") for n in range(4))
        shown = sheets.glimpsed(before, Glimpse("b", (1, 2), 3, b"pdf"))
        (key,) = shown.pdfs
        pictures = [sheet.picture for sheet in shown.sheets]
        assert pictures == ["old/0", "old/1", "old/2", f"{key}/0"]
        assert shown.pdfs[key]() == b"pdf"


class TestPort:
    def test_the_next_port_is_taken_where_the_first_is_not_free(self) -> None:
        with server.free_socket(None) as one, server.free_socket(None) as other:
            ports = [one.getsockname()[1], other.getsockname()[1]]
            assert one.getsockname()[0] == "127.0.0.1"
            assert len(set(ports)) == 2

    def test_a_port_that_is_asked_for_and_taken_is_named(self, small_book: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            done = run("--book", small_book, "--port", port)
        assert done.returncode == 1
        assert f"port {port} is taken" in done.stderr

    def test_what_is_no_book_is_named(self, tmp_path: Path) -> None:
        done = run("--book", tmp_path)
        assert done.returncode == 1
        assert "is no book" in done.stderr

    def test_a_bad_link_to_the_editor_is_named(self, small_book: Path) -> None:
        done = run("--book", small_book, "--editor", "vim {file}")
        assert done.returncode == 2
        assert "there is no {file}" in done.stderr


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "octavo", "preview", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@dataclass(frozen=True)
class Running:
    """A preview that runs: its process, its book, its port."""

    process: subprocess.Popen[str]
    root: Path
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def write(self, name: str, text: str) -> None:
        (self.root / "content" / "chapters" / f"{name}.md").write_text(text)

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=given)
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found


PARAGRAPHS = [
    f"In the year {year} salt came to the towns, and it was told of it in the market of the town, "
    f"where an interested multitude had assembled.^[Note of {year}.]"
    for year in range(1900, 1930)
]
SALT_TEXT = chapter("Salt", "\n\n".join(PARAGRAPHS), id="ch-salt")
SILK_TEXT = chapter("Silk", "Silk came late; see [](#ch-salt){.page}.", id="ch-silk")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = write_book(
        tmp_path_factory.mktemp("preview") / "a book",
        {"salt": SALT_TEXT, "silk": SILK_TEXT},
        Settings(front=("title", "contents"), trim=("4in", "6in")),
    )
    command = [sys.executable, "-m", "octavo", "preview", "--book", str(root), "--jobs", "1"]
    editor = ["--editor", "test://open{path}#{line}"]
    with subprocess.Popen([*command, *editor], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r":(\d+)/", process.stdout.readline())
        assert found
        yield Running(process, root, int(found[1]))
        process.send_signal(signal.SIGINT)


@pytest.fixture
def shown(running: Running, page: Page) -> Iterator[Page]:
    """The preview in a browser, at the chapter on salt, with its pages; the book is as at first."""
    running.write("salt", SALT_TEXT)
    running.write("silk", SILK_TEXT)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{running.address}#salt.html")
    expect(text(page).locator("main p").first).to_be_visible(timeout=30_000)
    expect(page.locator("#status")).to_have_text("up to date", timeout=60_000)
    expect(page.locator("#pages img").first).to_be_visible(timeout=30_000)
    yield page


def text(page: Page) -> FrameLocator:
    return page.frame_locator("#text")


def top(page: Page, words: str) -> float:
    box = text(page).locator("main p", has_text=words).first.bounding_box()
    assert box is not None
    return box["y"]


def pictures(page: Page) -> list[str]:
    figures = page.locator("#pages figure").all()
    return [figure.get_attribute("data-shown") or "" for figure in figures]


class TestInABrowser:
    def test_a_saved_change_is_put_in_place_and_nothing_moves(
        self, running: Running, shown: Page
    ) -> None:
        place = text(shown).locator("main p", has_text="In the year 1915").first
        place.evaluate("element => element.scrollIntoView({ block: 'center' })")
        place.evaluate("element => { element.isTheSame = true }")
        before = top(shown, "In the year 1915")
        changed = SALT_TEXT.replace("In the year 1914", "In the good year 1914")
        changed = changed.replace("In the year 1903", "New. " * 200 + "\n\nIn the year 1903")
        running.write("salt", changed)
        expect(text(shown).locator("main")).to_contain_text("In the good year 1914")
        assert top(shown, "In the year 1915") == pytest.approx(before, abs=2)
        assert place.evaluate("element => element.isTheSame") is True

    def test_the_printed_page_follows_the_change(self, running: Running, shown: Page) -> None:
        first = pictures(shown)
        running.write("salt", SALT_TEXT.replace("In the year 1900", "In the good year 1900"))
        expect(text(shown).locator("main")).to_contain_text("In the good year 1900")
        expect(shown.locator("#status")).to_have_text("up to date", timeout=30_000)
        near = [place for place, picture in enumerate(first) if picture]
        expect(shown.locator("#pages figure").nth(near[-1])).not_to_have_attribute(
            "data-shown", first[near[-1]], timeout=10_000
        )

    def test_the_pages_go_with_the_text(self, shown: Page) -> None:
        text(shown).locator("main p", has_text="In the year 1920").first.evaluate(
            "element => scrollTo(0, element.getBoundingClientRect().top + scrollY - 200)"
        )
        expect(shown.locator("#folio")).not_to_have_text("page 1")
        folio = shown.locator("#folio").inner_text().removeprefix("page ")
        figure = shown.locator("#pages figure", has=shown.get_by_text(folio, exact=True))
        expect(figure.last).to_be_in_viewport()

    def test_a_click_on_a_page_brings_the_text_there(self, shown: Page) -> None:
        figures = shown.locator("#pages figure:has(button:enabled)")
        figures.last.scroll_into_view_if_needed()
        expect(figures.last.locator("img")).to_be_visible()
        figures.last.locator("button").click(position={"x": 40, "y": 40})
        expect(text(shown).locator("main")).to_contain_text("Silk came late")

    def test_a_broken_file_leaves_what_was_sound_and_says_where(
        self, running: Running, shown: Page
    ) -> None:
        broken = SALT_TEXT.replace("In the year 1901", "Put in.\n\nIn [](#nowhere) 1901")
        running.write("salt", broken)
        expect(shown.locator("#problems li")).to_have_count(1)
        expect(shown.locator("#problems .place")).to_have_text(f"{SALT}:9:4")
        expect(text(shown).locator("main")).to_contain_text("In the year 1901")
        box = text(shown).locator(".octavo-problem")
        expect(box).to_contain_text('nothing has the id "nowhere"')
        # The paragraph that has the fault in it, in the text that is shown.
        assert "In the year 1901" in str(box.evaluate("box => box.nextElementSibling.textContent"))
        running.write("salt", SALT_TEXT)
        expect(shown.locator("#problems-button")).to_be_hidden()
        expect(box).to_have_count(0)
        expect(shown.locator("#status")).to_have_text("up to date", timeout=30_000)

    def test_a_click_on_a_paragraph_asks_for_its_line(self, running: Running, shown: Page) -> None:
        with shown.expect_response(lambda answer: "/source?" in answer.url) as answered:
            text(shown).locator("main p", has_text="In the year 1902").first.click(
                position={"x": 30, "y": 5}
            )
        href = answered.value.json()["href"]
        assert href == f"test://open{links.link('{path}', running.root / SALT, 1, 1)}#9"

    def test_a_chapter_that_is_deleted_is_missed_until_it_is_back(
        self, running: Running, shown: Page
    ) -> None:
        (running.root / SALT).unlink()
        expect(shown.locator("#problems li").first).to_contain_text("there is no file")
        expect(text(shown).locator("main")).to_contain_text("In the year 1901")
        running.write("salt", SALT_TEXT)
        expect(shown.locator("#problems-button")).to_be_hidden()

    def test_a_file_that_is_replaced_is_seen(self, running: Running, shown: Page) -> None:
        draft = running.root / "content" / "chapters" / ".salt.md.new"
        draft.write_text(SALT_TEXT.replace("In the year 1900", "Replaced in 1900"))
        draft.replace(running.root / SALT)
        expect(text(shown).locator("main")).to_contain_text("Replaced in 1900")

    def test_fifty_saves_in_a_second_end_with_the_last(self, running: Running, shown: Page) -> None:
        for number in range(50):
            running.write("salt", SALT_TEXT.replace("year 1900", f"year 1900 (save {number})"))
            time.sleep(0.02)
        expect(text(shown).locator("main")).to_contain_text("(save 49)", timeout=15_000)
        expect(shown.locator("#status")).to_have_text("up to date", timeout=60_000)

    def test_settings_that_cannot_be_read_are_named(self, running: Running, shown: Page) -> None:
        settings = running.root / "content" / "book.toml"
        sound = settings.read_text()
        settings.write_text(sound + "\nnonsense\n")
        expect(shown.locator("#problems li")).to_contain_text("content/book.toml")
        settings.write_text(sound)
        expect(shown.locator("#problems-button")).to_be_hidden()


class TestAnswers:
    @pytest.mark.parametrize(
        "path",
        [
            "/web/../content/book.toml",
            "/web/%2e%2e/content/book.toml",
            "/web/..%2f..%2fcontent%2fbook.toml",
            "/content/book.toml",
            "/web/sw.js",
            "/preview/waiting.html",
            "/preview/..%2fweb%2fbase.html",
            "/pages/none/0.png?width=900",
            "/source?path=..%2Fsecret&line=1",
            "/source?path=content%2Fbook.toml&line=x",
        ],
    )
    def test_nothing_is_given_but_the_edition(self, running: Running, path: str) -> None:
        assert running.get(path)[0] == 404

    def test_another_name_of_this_machine_is_not_answered(self, running: Running) -> None:
        status, said = running.get("/", Host="salt.example")
        assert status == 421
        assert b"127.0.0.1" in said

    def test_pages_of_others_are_not_answered(self, running: Running) -> None:
        assert running.get("/web/salt.html", Sec_Fetch_Site="cross-site")[0] == 403
        assert running.get("/events", Origin="https://salt.example")[0] == 403

    def test_a_picture_has_a_sensible_width(self, running: Running, shown: Page) -> None:
        picture = next(filter(None, pictures(shown)))
        assert running.get(f"/pages/{picture}.png?width=400")[1].startswith(b"\x89PNG")
        for width in ("", "0", "99999999", "-5", "٤٠٠"):
            assert running.get(f"/pages/{picture}.png?width={quote(width)}")[0] == 404

    def test_the_whole_pdf_can_be_had(self, running: Running, shown: Page) -> None:
        status, data = running.get("/book.pdf")
        assert (status, data[:5]) == (200, b"%PDF-")

    def test_the_search_works_on_what_is_shown(self, running: Running, shown: Page) -> None:
        assert running.get("/web/search/pagefind.js")[0] == 200

    def test_nothing_is_written_but_the_cache(self, running: Running, shown: Page) -> None:
        assert {path.name for path in running.root.iterdir()} == {".cache", "bib", "content"}


def test_an_interrupt_ends_the_preview_cleanly(small_book: Path, tmp_path: Path) -> None:
    root = tmp_path / "book"
    shutil.copytree(small_book, root)
    command = [sys.executable, "-m", "octavo", "preview", "--book", str(root), "--jobs", "1"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        found = re.search(r":(\d+)/", process.stdout.readline())
        assert found
        with closing(HTTPConnection("127.0.0.1", int(found[1]), timeout=60)) as connection:
            connection.request("GET", "/events")
            with connection.getresponse() as events:
                assert events.readline().startswith(b"event: ")
                process.send_signal(signal.SIGINT)
                assert process.wait(30) == 0
        assert process.stderr.read() == "the preview has ended\n"


class TestGlimpse:
    """The pages that are shown first, beside the same pages of the whole section."""

    @pytest.fixture
    def job(self, tmp_path: Path) -> GlimpseJob:
        root = write_book(tmp_path, {"salt": SALT_TEXT}, Settings(trim=("4in", "6in")))
        checked = build.check(root)
        templates, faces = Templates(root), checked.faces
        with workers.Crew(workers.local(1, fonts.fontconfig_file(build.font_folder())), 1) as crew:
            memory = Memory(Store(tmp_path / "store"), crew, faces, lambda section, pages: None)
            stamp = build.stamp(checked.book.config.date)
            typeset = print_edition.typeset(
                checked.book, templates, faces, memory, checked.condition, stamp
            )
        self.joined = typeset.joined
        return print_edition.glimpse(
            checked.book, templates, faces, typeset.joined, "ch-salt", ((35, 35),)
        )

    def test_they_look_the_same(self, job: GlimpseJob) -> None:
        seen = layout.glimpse(job)
        text_of, around = self.joined.laid[0], self.joined.furniture[0]
        whole = assemble.apart(text_of, around, self.joined.faces, self.joined.trim)
        assert seen.count == len(text_of.pages)
        assert seen.pages and seen.pages[0] > 0
        album = Album()
        album.add({"some": lambda: seen.pdf, "all": lambda: whole})
        for index, number in enumerate(seen.pages):
            picture = album.picture("some", index, 500)
            assert picture is not None
            assert picture == album.picture("all", number, 500)

    def test_they_have_the_text_of_the_lines(self, job: GlimpseJob) -> None:
        words = [pdfium.PdfDocument(layout.glimpse(replace(job, lines=((line, line),))).pdf)[0]
                 .get_textpage().get_text_range() for line in (5, 35, 63)]  # fmt: skip
        assert "year 1900" in words[0]
        assert "year 1915" in words[1]
        assert "year 1929" in words[2]


class TestProblemsOfPages:
    def test_the_book_says_how_bad_problems_of_pages_are(
        self, running: Running, shown: Page
    ) -> None:
        own = running.root / "templates" / "print" / "book.css"
        own.parent.mkdir(parents=True)
        settings = running.root / "content" / "book.toml"
        sound = settings.read_text()
        try:
            own.write_bytes(
                (ROOT / "octavo" / "templates" / "print" / "book.css").read_bytes()
                + b"p { no-such: 1 }"
            )
            expect(shown.locator("#problems li").first).to_contain_text("no-such", timeout=60_000)
            settings.write_text(f'{sound}\n[checks]\nlayout-is-clean = "off"\n')
            expect(shown.locator("#problems-button")).to_be_hidden(timeout=60_000)
        finally:
            settings.write_text(sound)
            shutil.rmtree(running.root / "templates")
