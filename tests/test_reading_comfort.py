"""Reading the web edition in comfort: settings, keys, places, offline, pictures, paper."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from browsing import served
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from support import Settings, chapter, octavo, write_book

from octavo.editions.web import offline
from octavo.templating import Templates

BASE = "/books/salt/"
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200"><path d="M0 0h9v9z"/></svg>'
FILLING = "\n\n".join(
    f"Salt came to the towns in the year {year}, and {{}} was told of it in the market of the town,"
    f" where an interested multitude had assembled.^[Note of {year}.]"
    for year in range(1900, 1930)
)
ROADS = """## Roads {#sec-roads}

![A square](figures/square.svg){#fig-square alt="Nothing but a square"}

Table: Salt by year {#tbl-salt}

| Year | Tons |
|------|-----:|
| 1949 | 50   |

See [the law](https://example.org/law) and <https://example.org/text>.
"""
ONE = ":root { --build: one }"
TWO = ":root { --build: two }"


def build(root: Path) -> Path:
    done = octavo("--book", root, "--edition", "web", "--jobs", 1)
    assert (done.returncode, done.stderr) == (0, "")
    return root / "dist" / "web"


def filled(root: Path, who: str, rule: str) -> Path:
    """Write a book whose text and whose stylesheet tell of which build they are."""
    return write_book(
        root,
        {
            "salt": chapter("Salt", f"{FILLING.replace('{}', who)}\n\n{ROADS}", id="ch-salt"),
            "silk": chapter("Silk", "Silk came late.", id="ch-silk"),
        },
        Settings(
            front=("title", "contents"),
            files={
                "content/figures/square.svg": SQUARE,
                "templates/web/style/abbreviations.css": rule,
            },
        ),
    )


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A web edition with a long chapter, a figure and a table, without printed pages."""
    return build(filled(tmp_path_factory.mktemp("comfort") / "book", "everybody", ONE))


@pytest.fixture(scope="module")
def address(edition: Path) -> Iterator[str]:
    with served(edition, BASE) as found:
        yield found


Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """Open pages in contexts of their own, whose errors fail the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(width: int = 1280, height: int = 800, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


def style(page: Page, selector: str, name: str) -> str:
    script = "([selector, name]) => getComputedStyle(document.querySelector(selector))[name]"
    return str(page.evaluate(script, [selector, name]))


def until(page: Page, holds: str) -> None:
    """Wait until an expression holds; ``wait_for_function`` knows neither promises nor policies."""
    for _ in range(100):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(100)
    raise AssertionError(holds)


def open_settings(page: Page) -> None:
    page.get_by_role("button", name="Reading settings").click()


class TestSettings:
    def test_they_are_applied_and_remembered_in_every_document(
        self, address: str, opened: Opened
    ) -> None:
        page = opened()
        page.goto(f"{address}salt.html")
        size = float(style(page, "body", "fontSize").removesuffix("px"))
        width = page.locator("main").bounding_box()
        open_settings(page)
        page.get_by_label("Sepia").check()
        page.get_by_label("Text size").fill("5")
        page.get_by_label("Short", exact=True).check()
        page.get_by_label("Justified").check()
        for name in ("salt.html", "index.html", "silk.html"):
            page.goto(f"{address}{name}")
            assert style(page, "body", "backgroundColor") == "rgb(243, 232, 210)"
            assert float(style(page, "body", "fontSize").removesuffix("px")) > 1.2 * size
        assert style(page, ".section > p", "textAlign") == "justify"
        narrow = page.locator("main").bounding_box()
        assert width and narrow and narrow["width"] < 1.2 * width["width"]
        assert page.evaluate("Object.keys(localStorage)") == ["octavo.reading"]
        open_settings(page)
        expect(page.get_by_label("Sepia")).to_be_checked()
        expect(page.get_by_label("Text size")).to_have_value("5")
        page.get_by_label("Auto").first.check()
        assert style(page, "body", "backgroundColor") == "rgb(253, 251, 246)"

    def test_they_hold_at_the_first_paint_and_nothing_moves(
        self, address: str, opened: Opened
    ) -> None:
        page = opened()
        page.goto(f"{address}salt.html")
        open_settings(page)
        page.get_by_label("Dark").check()
        page.get_by_label("Long").check()
        page.context.route("**/fonts/*", lambda route: route.abort())
        page.add_init_script(
            """
            window.moved = [];
            new PerformanceObserver((list) => window.moved.push(...list.getEntries()))
              .observe({ type: "layout-shift", buffered: true });
            const first = () => document.body
              ? (window.first = getComputedStyle(document.body).backgroundColor)
              : requestAnimationFrame(first);
            requestAnimationFrame(first);
            """
        )
        for name in ("salt.html", "index.html"):
            page.goto(f"{address}{name}")
            page.wait_for_timeout(200)
            assert page.evaluate("window.first") == "rgb(24, 22, 19)"
            shifts = page.evaluate("window.moved.map((shift) => shift.value)")
            assert sum(shifts) < 0.001

    def test_the_line_that_is_read_stays_when_the_size_changes(
        self, address: str, opened: Opened
    ) -> None:
        page = opened()
        page.goto(f"{address}salt.html")
        page.evaluate("scrollTo(0, 1500)")
        find = "document.elementFromPoint(innerWidth / 2, innerHeight / 3).textContent"
        before = page.evaluate(find)
        page.evaluate("document.getElementById('page.settings').showPopover()")
        page.get_by_label("Text size").fill("6")
        assert page.evaluate(find) == before

    def test_the_browsers_frame_has_the_colour_of_the_paper(
        self, address: str, opened: Opened
    ) -> None:
        page = opened()
        page.goto(f"{address}salt.html")
        colours = "[...document.querySelectorAll('meta[name=theme-color]')].map((m) => m.content)"
        assert page.evaluate(colours) == ["#fdfbf6", "#181613"]
        open_settings(page)
        page.get_by_label("Sepia").check()
        assert page.evaluate(colours)[0] == "#f3e8d2"
        page.get_by_label("Auto").first.check()
        assert page.evaluate(colours) == ["#fdfbf6", "#181613"]

    def test_the_panel_is_a_dialog_that_escape_closes(self, address: str, opened: Opened) -> None:
        page = opened(360, 640)
        page.goto(f"{address}salt.html")
        button = page.get_by_role("button", name="Reading settings")
        button.press("Enter")
        panel = page.get_by_role("dialog", name="Reading settings")
        expect(panel).to_be_visible()
        box = panel.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(button).to_be_focused()

    def test_numbers_of_pages_can_be_switched_off(self, built_book: Path, opened: Opened) -> None:
        page = opened()
        with served(built_book / "dist" / "web", BASE) as found:
            page.goto(f"{found}salt.html")
            number = "getComputedStyle(document.querySelector('[role~=doc-pagebreak]'), '::before')"
            assert page.evaluate(f"{number}.content") != "none"
            open_settings(page)
            page.get_by_label("Page numbers in the margin").uncheck()
            page.goto(f"{found}silk.html")
            assert page.evaluate(f"{number}.content") == "none"

    def test_rubbish_that_is_remembered_does_no_harm(self, address: str, opened: Opened) -> None:
        page = opened()
        page.goto(f"{address}salt.html")
        for rubbish in ("{", "null", "[1]", '{"no name": 1}'):
            page.evaluate("(value) => localStorage.setItem('octavo.reading', value)", rubbish)
            page.reload()
            open_settings(page)
            expect(page.get_by_label("Text size")).to_have_value("3")

    def test_without_scripts_there_is_no_button_that_does_nothing(
        self, address: str, opened: Opened
    ) -> None:
        page = opened(java_script_enabled=False)
        for name in ("salt.html", "index.html"):
            page.goto(f"{address}{name}")
            assert page.get_by_role("button").count() == 0
        page.goto(f"{address}salt.html")
        link = page.get_by_role("link", name="Enlarge: Figure 1.1")
        link.click()
        assert re.search(r"/images/square\.\w{12}\.svg$", page.url)


def luminance(colour: str) -> float:
    """Give the relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def palettes(edition: Path) -> Mapping[str, Mapping[str, str]]:
    """Give the palettes of the stylesheet, by the selector of their rule."""
    rules = re.findall(
        r"(:root[^{]*)\{([^}]*--paper:[^}]*)\}", (edition / "style.css").read_text(), re.S
    )
    found: dict[str, dict[str, str]] = {}
    for selector, rule in rules:
        found.setdefault(selector.strip(), dict(re.findall(r"--(\w+): (#\w{6})", rule)))
    return found


class TestLines:
    def test_they_end_flush_where_there_is_room_and_words_are_divided(
        self, address: str, opened: Opened
    ) -> None:
        for width, divides, ends in (
            (1280, True, "justify"),
            (1280, False, "start"),
            (360, True, "start"),
        ):
            page = opened(width)
            page.goto(f"{address}salt.html")
            page.evaluate(
                "(on) => document.documentElement.toggleAttribute('data-hyphenates', on)", divides
            )
            assert style(page, ".section > p", "textAlign") == ends
            open_settings(page)
            page.get_by_label("Justified").check()
            assert style(page, ".section > p", "textAlign") == "justify"
            page.get_by_label("Ragged").check()
            assert style(page, ".section > p", "textAlign") == "start"

    def test_the_measure_goes_before_the_margin_for_notes(
        self, address: str, opened: Opened
    ) -> None:
        page = opened()
        page.goto(f"{address}salt.html")
        call, note = page.locator("a.note-call").first, page.locator(".note-text:popover-open")
        main = page.locator("main")

        def edges() -> tuple[float, float]:
            call.click()
            beside, text = note.bounding_box(), main.bounding_box()
            assert beside and text
            page.keyboard.press("Escape")
            return beside["x"], text["x"] + text["width"]

        left, right = edges()
        assert left > right
        open_settings(page)
        page.get_by_label("Text size").fill("6")
        page.get_by_label("Long").check()
        page.keyboard.press("Escape")
        text = main.bounding_box()
        assert text and text["width"] > 800
        left, right = edges()
        assert left == text["x"]


class TestColours:
    def test_all_text_has_contrast_enough_in_all_palettes(self, edition: Path) -> None:
        found = palettes(edition)
        named = {name for name in found if "data-colours" in name}
        assert len(named) == 3
        for name in (":root", *named):
            palette = found[name]
            for text in ("ink", "pale", "accent"):
                for ground in ("paper", "sheet", "mark"):
                    assert contrast(palette[text], palette[ground]) >= 4.5, (name, text, ground)

    def test_the_systems_wishes_are_followed(self, address: str, opened: Opened) -> None:
        page = opened(color_scheme="dark")
        page.goto(f"{address}salt.html")
        assert style(page, "body", "backgroundColor") == "rgb(24, 22, 19)"
        assert style(page, ".masthead a", "color") != style(page, "body", "color")
        page.emulate_media(contrast="more")
        assert style(page, ".masthead a", "color") == style(page, "body", "color")

    def test_nothing_moves_by_itself(self, edition: Path) -> None:
        css = (edition / "style.css").read_text()
        assert not re.search(r"transition|animation|smooth", css)
        scripts = {script.name: script.read_text() for script in edition.glob("*.js")}
        assert "reading.js" in scripts
        for name, script in scripts.items():
            assert "smooth" not in script, name


class TestKeys:
    def test_arrows_turn_to_the_documents_before_and_behind(
        self, address: str, opened: Opened
    ) -> None:
        page = opened()
        page.goto(f"{address}index.html")
        page.keyboard.press("ArrowRight")
        page.wait_for_url(f"{address}salt.html")
        page.keyboard.press("ArrowRight")
        page.wait_for_url(f"{address}silk.html")
        page.keyboard.press("ArrowLeft")
        page.wait_for_url(f"{address}salt.html")

    def test_they_do_nothing_where_they_mean_something_else(
        self, address: str, opened: Opened
    ) -> None:
        page = opened()
        page.goto(f"{address}salt.html")
        page.keyboard.press("Alt+Shift+ArrowRight")
        page.keyboard.press("Shift+ArrowRight")
        page.locator(".scroll").focus()
        page.keyboard.press("ArrowRight")
        open_settings(page)
        page.get_by_label("Text size").press("ArrowRight")
        page.keyboard.press("Escape")
        page.locator("a.note-call").first.click()
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(200)
        assert page.url == f"{address}salt.html"

    def test_a_sign_shows_the_list_of_keys_and_the_focus_comes_back(
        self, address: str, opened: Opened
    ) -> None:
        page = opened()
        page.goto(f"{address}salt.html")
        call = page.locator("a.note-call").first
        call.focus()
        page.keyboard.press("?")
        dialog = page.get_by_role("dialog", name="Keys")
        expect(dialog).to_contain_text("Previous")
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(call).to_be_focused()
        open_settings(page)
        page.get_by_role("button", name="List of keys").click()
        expect(dialog).to_be_visible()

    def test_they_can_be_switched_off(self, address: str, opened: Opened) -> None:
        page = opened()
        page.goto(f"{address}salt.html")
        open_settings(page)
        page.get_by_label("Shortcut keys").uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(200)
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert page.url == f"{address}salt.html"


def scroll(page: Page, pixels: int) -> None:
    page.mouse.wheel(0, pixels)
    until(page, "localStorage.getItem('octavo.places /books/salt/') !== null")
    page.wait_for_timeout(700)


class TestPlace:
    def test_the_title_page_leads_to_where_the_reader_stopped(
        self, address: str, opened: Opened
    ) -> None:
        page = opened()
        page.goto(f"{address}index.html")
        expect(page.locator("a.resume")).to_be_hidden()
        page.goto(f"{address}salt.html")
        page.mouse.move(640, 400)
        scroll(page, 1500)
        read = page.evaluate(
            "document.elementsFromPoint(innerWidth / 2, 120).find((e) => e.matches('p')).innerText"
        )
        page.goto(f"{address}index.html")
        link = page.get_by_role("link", name="Continue reading: Salt", exact=True)
        link.click()
        page.wait_for_url(f"{address}salt.html#*")
        expect(page.get_by_text(read[:40])).to_be_in_viewport()

    def test_it_holds_at_another_size(self, address: str, opened: Opened) -> None:
        page = opened()
        page.goto(f"{address}salt.html")
        page.mouse.move(640, 400)
        scroll(page, 2500)
        place = page.evaluate("JSON.parse(localStorage['octavo.places /books/salt/']).last.id")
        page.goto(f"{address}silk.html")
        open_settings(page)
        page.get_by_label("Text size").fill("6")
        page.goto(f"{address}salt.html")
        page.get_by_role("link", name="Go on where you stopped").click()
        expect(page.locator(f"[id='{place}']")).to_be_in_viewport()

    def test_a_document_offers_its_place_only_where_it_is_not_there_yet(
        self, address: str, opened: Opened
    ) -> None:
        page = opened()
        page.goto(f"{address}salt.html")
        page.mouse.move(640, 400)
        scroll(page, 2500)
        page.reload()
        offer = page.locator("a.resume")
        expect(offer).to_be_hidden()
        assert page.evaluate("scrollY") > 1000
        page.goto(f"{address}salt.html#sec-roads")
        expect(offer).to_be_hidden()
        page.goto(f"{address}silk.html")
        expect(offer).to_be_hidden()
        page.goto(f"{address}salt.html")
        expect(offer).to_be_visible()
        assert page.evaluate("scrollY") == 0
        page.mouse.wheel(0, 1200)
        expect(offer).to_be_hidden()

    def test_the_printed_page_is_told_where_there_is_one(
        self, built_book: Path, opened: Opened
    ) -> None:
        page = opened(360, 120)
        with served(built_book / "dist" / "web", BASE) as found:
            page.goto(f"{found}salt.html")
            page.mouse.move(100, 60)
            scroll(page, 400)
            page.goto(f"{found}index.html")
            expect(page.get_by_role("link", name=re.compile(r"Salt ?, p\.\s2"))).to_be_visible()


@pytest.fixture
def ready(edition: Path, opened: Opened, tmp_path: Path) -> Iterator[tuple[Page, str, Path]]:
    """A page that has visited a copy of the edition and has all of it, its address, its folder."""
    folder = tmp_path / "web"
    shutil.copytree(edition, folder)
    with served(folder, BASE) as found:
        page = opened()
        page.goto(f"{found}silk.html")
        until(page, "navigator.serviceWorker.controller !== null")
        yield page, found, folder


class TestOffline:
    def test_every_document_is_there_after_the_first_visit(
        self, ready: tuple[Page, str, Path]
    ) -> None:
        page, found, folder = ready
        page.context.set_offline(True)
        for name in ("", *(path.name for path in folder.glob("*.html"))):
            page.goto(f"{found}{name}")
            assert page.evaluate("getComputedStyle(document.documentElement).color") != ""
            assert style(page, "body", "display") == "grid"
            assert page.evaluate("document.fonts.ready.then((f) => f.check('20px EB Garamond'))")
        page.goto(f"{found}salt.html")
        page.locator("figure img").scroll_into_view_if_needed()
        assert page.evaluate("document.querySelector('figure img').naturalWidth") > 0
        page.locator("a.note-call").first.click()
        expect(page.locator(".note-text:popover-open")).to_be_visible()

    def test_a_new_build_is_read_whole_after_one_reload(
        self, ready: tuple[Page, str, Path], tmp_path: Path
    ) -> None:
        page, found, folder = ready
        shutil.copytree(build(filled(tmp_path / "two", "nobody", TWO)), folder, dirs_exist_ok=True)

        def seen() -> tuple[str, bool]:
            text = page.locator("main").inner_text()
            rule = page.evaluate(
                "getComputedStyle(document.documentElement).getPropertyValue('--build')"
            )
            return rule.strip(), "nobody" in text

        page.goto(f"{found}salt.html")
        assert seen() in {("one", False), ("two", True)}
        version = re.search(r'CACHE = PREFIX \+ "(\w+)"', (folder / "sw.js").read_text())
        assert version
        until(page, f"caches.keys().then((names) => `${{names}}`.endsWith(' {version[1]}'))")
        until(page, "caches.keys().then((names) => names.length === 1)")
        page.reload()
        assert seen() == ("two", True)

    def test_a_build_that_is_there_in_part_is_not_taken(
        self, ready: tuple[Page, str, Path], tmp_path: Path
    ) -> None:
        page, found, folder = ready
        newer = build(filled(tmp_path / "two", "nobody", TWO))
        for name in ("sw.js", "salt.html"):
            shutil.copy(newer / name, folder / name)
        page.goto(f"{found}salt.html")
        page.wait_for_timeout(500)
        page.reload()
        assert "everybody" in page.locator("main").inner_text()
        build_seen = "getComputedStyle(document.documentElement).getPropertyValue('--build').trim()"
        assert page.evaluate(build_seen) == "one"

    def test_what_is_too_much_beforehand_is_left_for_later(self, tmp_path: Path) -> None:
        files = {"b.html": b"b" * (offline.ROOM - 10), "a.png": b"a" * 11, "c.css": b"c" * 9}
        made = offline.worker(files, Templates(tmp_path)).decode()
        assert re.findall(r'"([^"]+)": "sha256-', made) == ["a.png", "c.css"]
        other = offline.worker({**files, "b.html": b"x"}, Templates(tmp_path)).decode()
        assert re.findall(r'PREFIX \+ "(\w+)"', made) != re.findall(r'PREFIX \+ "(\w+)"', other)

    def test_the_worker_names_every_file_of_the_edition(self, edition: Path) -> None:
        named = set(re.findall(r'"([^"]+)": "sha256-', (edition / "sw.js").read_text()))
        files = {path.relative_to(edition).as_posix() for path in edition.rglob("*.*")}
        assert named == files - {"sw.js"}


class TestPictures:
    def test_a_picture_opens_large_and_the_focus_comes_back(
        self, address: str, opened: Opened
    ) -> None:
        page = opened()
        page.goto(f"{address}salt.html")
        link = page.get_by_role("link", name="Enlarge: Figure 1.1")
        small = page.locator("figure img").bounding_box()
        link.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name="Figure 1.1. A square")
        expect(dialog).to_be_visible()
        large = dialog.get_by_alt_text("Nothing but a square").bounding_box()
        assert small and large and large["width"] > 2 * small["width"]
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(link).to_be_focused()

    def test_a_click_on_it_does_the_same_and_a_click_beside_it_closes(
        self, address: str, opened: Opened
    ) -> None:
        page = opened(360, 640)
        page.goto(f"{address}salt.html")
        page.locator("figure img").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        assert page.evaluate(
            "(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)"
            "(document.querySelector('.enlarged .picture'))"
        )
        dialog.get_by_role("button", name="Close").click()
        expect(dialog).to_be_hidden()
        page.locator("figure img").click()
        page.mouse.click(2, 2)
        expect(dialog).to_be_hidden()


def printed(page: Page) -> str:
    document = pdfium.PdfDocument(page.pdf(format="A4"))
    try:
        return "\n".join(sheet.get_textpage().get_text_bounded() for sheet in document)
    finally:
        document.close()


def test_a_strict_policy_forbids_nothing_of_it(address: str, opened: Opened) -> None:
    page = opened()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))

    def guarded(route: Route) -> None:
        got = route.fetch()
        headers = {**got.headers, "content-security-policy": "default-src 'self'"}
        route.fulfill(response=got, headers=headers)

    page.context.route("**/*.html", guarded)
    page.goto(f"{address}salt.html")
    open_settings(page)
    page.get_by_label("Sepia").check()
    page.keyboard.press("Escape")
    page.locator("figure img").click()
    until(page, "navigator.serviceWorker.controller !== null")
    assert style(page, "body", "backgroundColor") == "rgb(243, 232, 210)"
    assert not [text for text in told if "Content Security Policy" in text]


class TestPaper:
    def test_the_text_is_printed_with_its_notes_and_without_what_screens_need(
        self, address: str, opened: Opened
    ) -> None:
        page = opened(color_scheme="dark")
        page.goto(f"{address}salt.html")
        page.locator("a.note-call").nth(2).click()
        text = printed(page)
        assert text.count("Note of 1902.") == 1
        assert "A square" in text
        for word in ("Enlarge", "Text size", "Close", "Previous", "Contents", "Skip to"):
            assert word not in text, word

    def test_addresses_are_told_where_the_words_do_not(self, address: str, opened: Opened) -> None:
        page = opened()
        page.goto(f"{address}salt.html")
        text = " ".join(printed(page).split())
        assert "the law (https://example.org/law)" in text
        assert text.count("https://example.org/text") == 1

    def test_it_is_black_on_white_whatever_the_reader_has_set(
        self, address: str, opened: Opened
    ) -> None:
        page = opened(color_scheme="dark")
        page.goto(f"{address}salt.html")
        size = printed_size(page)
        open_settings(page)
        page.get_by_label("Sepia").check()
        page.get_by_label("Text size").fill("6")
        page.emulate_media(media="print")
        assert style(page, "body", "backgroundColor") == "rgb(255, 255, 255)"
        assert style(page, "a", "color") == "rgb(0, 0, 0)"
        assert printed_size(page) == size


def printed_size(page: Page) -> str:
    page.emulate_media(media="print")
    size = style(page, ".section > p", "fontSize")
    page.emulate_media(media="screen")
    return size
