"""Documents made ahead are made again where the pages turn out to be others, and only there."""

from pathlib import Path

from lxml import etree

from octavo.book import Target
from octavo.editions.drafting import Draft, Folios, ahead
from octavo.editions.paging import NoteTurn, PageStart, Paging
from octavo.markdown.tree import Element
from octavo.problems import Span

SALT = Target("ch-salt", "section", "1", "Salt", "ch-salt", 1, Span(Path("salt.md")))
TEXT = '<html xmlns="http://www.w3.org/1999/xhtml"><section id="ch-silk"><p data-block="b1">'


class Desk:
    """Counts what is done to a document that prints the page of another section."""

    def __init__(self) -> None:
        self.rendered = self.wrote = 0
        self.draft = Draft(self.render, {"ch-silk"}, self.write, lambda: None)

    def render(self, folios: Folios) -> str:
        self.rendered += 1
        return f"{TEXT}One two, see page {folios.of(SALT)}.</p></section></html>"

    def write(self, root: Element) -> str:
        self.wrote += 1
        return str(etree.tostring(root, encoding="unicode"))


def paging(salt: str, breaks: int, other: int = 4) -> Paging:
    """Give pages: the one that ``ch-salt`` is on; where page 9 begins, and a page of ch-salt."""
    starts = (
        PageStart("3", "ch-salt", False, "ch-salt.b1", other, "words"),
        PageStart("9", "ch-silk", False, "ch-silk.b1", breaks, "two, see page" if breaks else ""),
    )
    return Paging(
        starts, (NoteTurn("9", "ch-salt", "fn", other),), {"ch-salt": salt, "ch-tea": "8"}
    )


def test_what_is_made_ahead_stays_where_the_pages_are_the_same() -> None:
    desk = Desk()
    assert list(ahead([desk.draft], paging("2", 3))) == [None]
    document = desk.draft.made(paging("2", 3, other=5))
    assert (desk.rendered, desk.wrote) == (1, 1)
    assert document.folios == ("9",)
    assert (
        'One <span role="doc-pagebreak separator" id="page-9" aria-label="9"/>two, see page 2.'
        in (document.written)
    )


def test_another_folio_is_printed() -> None:
    desk = Desk()
    desk.draft.made(paging("2", 3))
    assert "see page 4." in desk.draft.made(paging("4", 3)).written
    assert (desk.rendered, desk.wrote) == (2, 2)


def test_a_page_that_begins_elsewhere_is_marked_there() -> None:
    desk = Desk()
    desk.draft.made(paging("2", 3))
    assert 'aria-label="9"/>One two' in desk.draft.made(paging("2", 0)).written
    assert (desk.rendered, desk.wrote) == (1, 2)
