"""The web edition in a real browser: what readers do with it works."""

from pathlib import Path

from browsing import served
from playwright.sync_api import Page, expect


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
