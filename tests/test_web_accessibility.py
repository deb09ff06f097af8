"""The web edition for all: axe-core without violation, nothing lost when enlarged, keys alone."""

from collections.abc import Iterator

import node
import pytest
from browsing import served
from conftest import RealBook
from playwright.sync_api import Page, expect

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = ("color-contrast", "link-in-text-block")
"""The rules whose result depends on the colours."""

WIDTHS = (320, 1280)
HEIGHT = 800

CHECK = """\
async (rules) => {
  const found = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  return found.violations.flatMap(({ id, help, nodes }) => nodes
    .map((node) => `${id}: ${help}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""
"""Gives axe's findings."""

LOST = """\
() => {
  const faults = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    faults.push(`the page is ${root.scrollWidth} px wide on a screen of ${root.clientWidth}`);
  }
  for (const element of document.querySelectorAll("body *")) {
    const style = getComputedStyle(element);
    if (element.closest(".scroll, pre, .skip-link") || !element.checkVisibility()) {
      continue;
    }
    const box = element.getBoundingClientRect();
    if (box.width && (box.right > root.clientWidth + 1 || box.left < -1)) {
      faults.push(`outside: <${element.localName} class="${element.className}">`
        + ` ${box.left}–${box.right}: ${element.textContent.slice(0, 60)}`);
    }
    const isClipped = /hidden|clip/.test(style.overflowX + style.overflowY);
    if (isClipped && (element.scrollWidth > element.clientWidth + 1
        || element.scrollHeight > element.clientHeight + 1)) {
      faults.push(`clipped: <${element.localName} class="${element.className}">`);
    }
  }
  return faults;
}"""


@pytest.fixture
def address(real_book: RealBook) -> Iterator[str]:
    with served(real_book.outputs / "web", "/books/") as found:
        yield found


def documents(real_book: RealBook) -> list[str]:
    return sorted(path.name for path in (real_book.outputs / "web").glob("*.html"))


def enter(page: Page, address: str) -> None:
    """Load a document, with its fonts and pictures."""
    page.goto(address)
    page.evaluate("document.fonts.ready")


def violations(page: Page) -> list[str]:
    """Give what axe finds in light and dark, on a telephone and on a large screen."""
    page.evaluate(node.axe())
    faults = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme="light")
        faults += [f"{width}: {fault}" for fault in page.evaluate(CHECK, list(RULES))]
        page.emulate_media(color_scheme="dark")
        faults += [f"{width}, dark: {fault}" for fault in page.evaluate(CHECK, list(COLOURS))]
    return faults


@pytest.mark.parametrize("real_book", ["monograph"], indirect=True)
def test_axe_finds_no_violation(real_book: RealBook, address: str, page: Page) -> None:
    faults = []
    for name in documents(real_book):
        enter(page, address + name)
        faults += [f"{name}, {fault}" for fault in violations(page)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("real_book", ["monograph"], indirect=True)
def test_axe_finds_no_violation_in_what_opens(
    real_book: RealBook, address: str, page: Page
) -> None:
    """A note beside its call, and the search with results."""
    enter(page, f"{address}first-period.html")
    page.locator("a.note-call").first.click()
    assert not violations(page)
    page.keyboard.press("Escape")
    search(page, "salt")
    assert not violations(page)


@pytest.mark.parametrize("real_book", ["monograph"], indirect=True)
def test_nothing_is_lost_when_it_is_enlarged(real_book: RealBook, address: str, page: Page) -> None:
    """Reflow at 320 px (WCAG 2.2, 1.4.10); 1280 px at 200 %, and the text alone at 200 % (1.4.4).

    A browser's zoom makes the screen narrower by as much: 640 px are left of 1280 px.
    """
    faults = []
    for name in documents(real_book):
        enter(page, address + name)
        for width, size in ((320, "100%"), (640, "100%"), (1280, "200%"), (640, "200%")):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
            faults += [f"{name}, {width} px, {size}: {fault}" for fault in page.evaluate(LOST)]
    assert not faults, "\n".join(faults)


FOCUSED = """\
() => {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return {
    seen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2
      && box.bottom > 0 && box.top < innerHeight && box.width > 0,
    what: element.outerHTML.slice(0, 120),
  };
}"""


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until what is focused matches; the focus is seen at each step."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        assert focused["seen"], focused["what"]
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"no {selector} within {most} steps")


def search(page: Page, query: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(query)
    expect(page.locator(".results a").first).to_be_visible()


@pytest.mark.parametrize("real_book", ["monograph"], indirect=True)
@pytest.mark.parametrize("width", [360, 1280])
def test_keys_alone_lead_everywhere(
    real_book: RealBook, address: str, page: Page, width: int
) -> None:
    """Past the contents to the text, into a note and back, to another chapter, by the search."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    enter(page, f"{address}first-period.html")
    tab_to(page, ".skip-link", most=1)
    page.keyboard.press("Enter")
    tab_to(page, "main :is(a, button, [tabindex])", most=1)

    tab_to(page, "a.note-call")
    call = page.evaluate("document.activeElement.id")
    page.keyboard.press("Enter")
    expect(page.locator(".note-text:popover-open")).to_be_visible()
    assert page.evaluate("document.activeElement.matches(':popover-open, :popover-open *')")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == call

    enter(page, f"{address}first-period.html")
    if width < 1024:
        tab_to(page, ".beside summary")
        page.keyboard.press("Enter")
    tab_to(page, ".beside a[href='second-period.html']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}second-period.html")

    search(page, "salt letters")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED)["seen"]
    href = page.evaluate("document.activeElement.href.split(':~:')[0]")
    page.keyboard.press("Enter")
    page.wait_for_url(href + "*")
    expect(page.locator(f"[id='{href.partition('#')[2]}']")).to_be_in_viewport()
