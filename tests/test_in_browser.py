"""The web edition in a real browser: what readers do with it works."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import served
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose errors, and whose requests that fail, fail the test."""
    context = browser.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda got: faults.append(got.url) if got.status >= 400 else None)
    yield page
    context.close()
    assert not faults


def test_a_note_pops_up_beside_its_call_and_goes_with_escape(built_book: Path, page: Page) -> None:
    with served(built_book / "dist" / "web", "/books/salt/") as address:
        page.goto(f"{address}salt.html")
        call = page.locator("a.note-call").nth(1)
        call.click()
        note = page.locator(".note-text:popover-open")
        expect(note).to_contain_text("A note.")
        page.keyboard.press("Escape")
        expect(note).to_have_count(0)
        expect(call).to_be_focused()


def test_the_box_for_pages_leads_to_a_page_in_another_document(
    built_book: Path, page: Page
) -> None:
    with served(built_book / "dist" / "web", "/books/salt/") as address:
        page.goto(f"{address}silk.html")
        page.get_by_label("Page", exact=True).fill("1")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}salt.html#page-1")
        page.get_by_label("Page", exact=True).fill("99")
        page.keyboard.press("Enter")
        assert page.url == f"{address}salt.html#page-1"
