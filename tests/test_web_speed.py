"""The web edition on the wire: its weight, nothing that moves, all of it without JavaScript."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import served
from conftest import RealBook
from lxml import etree
from playwright.sync_api import Browser, Page
from support import words

MOST = 100_000
"""The most bytes of a document with all that it loads but fonts, packed by gzip."""

NAMES = {"x": "http://www.w3.org/1999/xhtml"}
TEXTS = (
    "//x:main//*[self::x:p or self::x:h1 or self::x:h2 or self::x:h3 or self::x:td]"
    "[not(ancestor-or-self::*[@hidden or self::x:details or self::x:dialog or self::x:template])]"
)
"""What has text, but for controls and what is folded away, which opens without a script."""

SLOW = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
"""A slow connection of the fourth generation: bits a second, and milliseconds to and fro."""

SHIFTS = """\
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const moved = entry.sources.map(({ node }) => node?.textContent?.slice(0, 80));
    if (!entry.hadRecentInput) {
      window.shifts.push(`${entry.value}: ${moved.join(" | ")}`);
    }
  }
}).observe({ type: "layout-shift", buffered: true });"""


@pytest.fixture
def address(real_book: RealBook) -> Iterator[str]:
    with served(real_book.outputs / "web", "/books/") as found:
        yield found


def documents(real_book: RealBook) -> list[Path]:
    return sorted((real_book.outputs / "web").glob("*.html"))


def weight(page: Page, address: str) -> int:
    """Give the bytes that come over the wire until a document is at rest, without fonts."""
    urls: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def asked(event: dict[str, Any]) -> None:
        urls[event["requestId"]] = event["request"]["url"]

    def arrived(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = event["encodedDataLength"]

    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", arrived)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    session.detach()
    return sum(size for one, size in sizes.items() if not urls[one].endswith(".woff2"))


@pytest.mark.parametrize("real_book", ["monograph"], indirect=True)
def test_documents_weigh_little(real_book: RealBook, address: str, browser: Browser) -> None:
    page = browser.new_context(service_workers="block").new_page()
    style = real_book.outputs / "web" / "style.css"
    weights = {path.name: weight(page, address + path.name) for path in documents(real_book)}
    page.context.close()
    assert min(weights.values()) > len(gzip.compress(style.read_bytes()))
    assert {name: size for name, size in weights.items() if size > MOST} == {}


@pytest.mark.parametrize("real_book", ["monograph"], indirect=True)
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_while_a_document_comes_slowly(
    real_book: RealBook, address: str, browser: Browser, width: int
) -> None:
    moved = {}
    for path in documents(real_book):
        context = browser.new_context(viewport={"width": width, "height": 800})
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW)
        page.add_init_script(SHIFTS)
        page.goto(address + path.name)
        page.wait_for_load_state("networkidle")
        moved[path.name] = page.evaluate("window.shifts")
        context.close()
    assert {name: shifts for name, shifts in moved.items() if shifts} == {}


@pytest.mark.parametrize("real_book", ["monograph"], indirect=True)
def test_every_word_is_there_without_javascript(
    real_book: RealBook, address: str, browser: Browser
) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 1280, "height": 800}
    )
    page = context.new_page()
    for path in documents(real_book):
        page.goto(address + path.name)
        shown, at = "".join(page.locator("main").inner_text().split()), 0
        for element in etree.parse(path).xpath(TEXTS, namespaces=NAMES):
            wanted = "".join(words(element).split())
            at = shown.find(wanted, at)
            assert at >= 0, f"{path.name}: {words(element)}"
    context.close()


def test_notes_are_reached_without_javascript(built_book: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    with served(built_book / "dist" / "web") as address:
        page.goto(f"{address}salt.html")
        page.locator("a.note-call").nth(1).click()
        note = page.locator("li:target .note-text")
        assert "A note." in note.inner_text()
        note.locator("a.note-number").click()
        assert page.locator(":target").get_attribute("role") == "doc-noteref"
    context.close()
