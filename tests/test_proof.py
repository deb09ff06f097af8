"""Proofs: the marks of editing of a small book as its PDF and its web edition show them."""

import re
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from lxml import etree
from playwright.sync_api import Browser
from support import Settings, chapter, octavo, write_book

from octavo import build
from octavo.editions.text import plain
from octavo.markdown.tree import Element
from octavo.outcome import Result
from octavo.templating import Templates
from octavo.typeset import layout
from octavo.typeset.boxes import margins
from octavo.typeset.facts import Job

FIRST = (
    "Salt {~~came~>arrived~~} early{++, as *many* things did++}."
    "{>>@anna 2026-11-20T10:11:12Z: Is there a source for this?<<} "
    "It went late.[@gras, 1{~~2~>3~~}]\n\n"
    "{--A paragraph that has gone, with a note.^[Gone too.]--}\n\n"
    "{++A paragraph that has come, with a note.^[Come too.]++}\n\n"
    "## The {==coast==}{>>Which?<<} {#sec-coast}\n\n"
    "- one\n{++- two\n++}- three\n\n"
    "| a | b |\n|---|---|\n| 1 | 2 |\n{--| 3 | 4 |--}\n\nTable: Of {++new ++}things {#tbl-x}\n"
)
SECOND = "Silk came later, see [](#sec-coast){.page} and [](#tbl-x).\n"


def write(root: Path) -> Path:
    chapters = {
        "one": chapter('"The {++Early ++}Salt"', FIRST, id="ch-salt"),
        "two": chapter("Silk", SECOND, id="ch-silk"),
    }
    return write_book(root, chapters, Settings(front=("contents",), back=("bibliography",)))


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("proof") / "book")


@pytest.fixture(scope="module")
def proof(book: Path) -> Result:
    target = book / "dist" / "proof"
    return build.build(book, target, ("print", "web"), 1, lambda _: None, "show")


def pages(book: Path) -> list[str]:
    path = book / "dist" / "proof" / "salt-proof.pdf"
    with pdfium.PdfDocument(path) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def web(book: Path, name: str) -> Element:
    data = (book / "dist" / "proof" / "web" / f"{name}.html").read_bytes()
    root = etree.fromstring(data)
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
    return root


def words(text: str) -> str:
    return " ".join(text.replace("\u2060", "").replace("\r\n", " ").split())


def test_a_proof_stands_apart_and_has_nothing_for_the_press(book: Path, proof: Result) -> None:
    made = [one.path.relative_to(book / "dist" / "proof").as_posix() for one in proof.made]
    assert made == ["salt-proof.pdf", "web"]
    assert [path.name for path in (book / "dist").iterdir()] == ["proof"]
    said = {problem.rule for problem in proof.problems}
    assert not said & {
        "editorial-mark-can-be-shown",
        "layout-is-clean",
        "marks-of-editing-are-settled",
        "page-begins-where-printed",
    }, said


def test_every_word_of_either_text_is_printed(book: Path, proof: Result) -> None:
    text = words(" ".join(pages(book)))
    for shown in (
        "Salt camearrived early, as many things did.",
        "A paragraph that has gone, with a note. [Gone too.]",
        "A paragraph that has come, with a note.",
        "Come too.",
        "anna, 2026-11-20: Is there a source for this?",
        "Paris: Plon, 1979), 12",
        "Paris: Plon, 1979), 13",
        "Of new things",
    ):
        assert shown in text or shown.replace("Paris: ", "") in text, shown


def test_numbers_and_references_are_those_of_the_accepted_text(book: Path, proof: Result) -> None:
    calls = [plain(call) for call in web(book, "one").iterfind(".//a[@role='doc-noteref']")]
    assert calls == ["1", "2"]
    assert "table 1.1" in plain(web(book, "two").find(".//main"))


def test_the_pdf_tells_changes_from_other_words(book: Path, proof: Result) -> None:
    with pikepdf.open(book / "dist" / "proof" / "salt-proof.pdf") as pdf:
        found = [
            str(one.A.TextDecorationType)
            for one in pdf.objects
            if isinstance(one, pikepdf.Dictionary) and "/TextDecorationType" in one.get("/A", {})
        ]
    assert {"/Underline", "/LineThrough"} == set(found)


def test_a_screen_reader_is_told_of_changes(book: Path, proof: Result) -> None:
    main = web(book, "one").find(".//main")
    first = next(p for p in main.iter("p") if "Salt" in plain(p))
    assert [plain(one) for one in first.iter("ins")][:2] == ["arrived", ", as many things did"]
    assert plain(next(first.iter("del"))) == "came"
    gone = next(p for p in main.iter("p") if p.get("class") == "deleted")
    assert [child.tag for child in gone] == ["del"]
    assert [plain(li) for li in main.iter("li") if li.get("class") == "added"] == ["two"]
    assert [plain(row) for row in main.iter("tr") if row.get("class") == "deleted"] == ["34"]
    note = main.find(".//li[@id='ch-salt--note-2.called']")
    assert plain(note.find(".//ins")) == "Come too."


def test_ids_are_unique_and_all_links_lead_somewhere(book: Path, proof: Result) -> None:
    ids: dict[str, set[str]] = {}
    names = ("index", "one", "two", "bibliography", "marks-of-editing", "book")
    for name in names:
        found = [one.get("id") for one in web(book, name).iter() if one.get("id")]
        assert len(found) == len(set(found)), name
        ids[f"{name}.html"] = set(found)
    for name in ("one", "marks-of-editing", "book"):
        for link in web(book, name).find(".//main").iter("a"):
            home, _, target = link.get("href").partition("#")
            if target and not home.startswith(("http", "cite")):
                assert target in ids[home or f"{name}.html"], link.get("href")


def test_comments_stand_once_with_who_made_them(book: Path, proof: Result) -> None:
    asides = list(web(book, "one").iter("aside"))
    said = [plain(one) for one in asides if one.get("class") == "comment"]
    assert said == ["1 anna, 2026-11-20: Is there a source for this?", "2 Which?"]
    calls = [a for a in web(book, "one").iter("a") if a.get("class") == "comment-call"]
    assert [call.get("aria-label") for call in calls] == ["Comment 1", "Comment 2"]


def test_all_marks_are_listed_with_their_pages(book: Path, proof: Result) -> None:
    main = web(book, "marks-of-editing").find(".//main")
    counts = plain(main.find(".//p[@class='marks-count']"))
    assert counts == "5 additions, 2 deletions, 2 substitutions, 1 highlight, 2 comments"
    items = [plain(item) for item in main.iterfind(".//ol[@class='marks-list']/li")]
    assert len(items) == 12
    assert items[1] == "Substitution, p. 1: came arrived content/chapters/one.md:5:6"
    assert all(re.match(r"[A-Z][a-z]+( \d)?, p. \d", item) for item in items)


def test_contents_and_running_heads_have_no_marks(book: Path, proof: Result) -> None:
    assert "The Early Salt" in plain(web(book, "index").find(".//main"))
    assert not list(web(book, "index").iter("ins"))


def test_a_final_edition_after_a_proof_has_no_marks(book: Path, proof: Result) -> None:
    done = octavo("--book", book, "--edition", "web")
    assert done.returncode == 0
    assert "12 marks of editing are open in this file, and taken as accepted" in done.stderr
    final = (book / "dist" / "web" / "one.html").read_text()
    assert "arrived early" in final
    assert "has gone" not in final
    assert not re.search("<ins|<del|<mark|noindex", final)
    assert "marks-of-editing" not in final
    assert (book / "dist" / "proof" / "salt-proof.pdf").exists()


def test_a_proof_has_no_epub(book: Path) -> None:
    done = octavo("--book", book, "--marks", "show", "--edition", "epub")
    assert done.returncode == 2
    assert "a proof has no EPUB" in done.stderr


@pytest.mark.parametrize(("width", "beside"), [(1280, True), (360, False)])
def test_comments_stand_beside_their_paragraph_or_below(
    book: Path,
    proof: Result,
    browser: Browser,
    width: int,
    beside: bool,
) -> None:
    address = (book / "dist" / "proof" / "web" / "one.html").as_uri()
    with browser.new_page(viewport={"width": width, "height": 800}) as page:
        page.goto(address)
        comment = page.locator("aside.comment").first.bounding_box()
        paragraph = page.locator(".commented > p").first.bounding_box()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert comment is not None
        assert paragraph is not None
        if beside:
            assert comment["x"] >= paragraph["x"] + paragraph["width"]
            assert abs(comment["y"] - paragraph["y"]) < 20
        else:
            assert comment["y"] >= paragraph["y"] + paragraph["height"]


# Margins

CSS = """
@page { size: 200pt 200pt; margin: 20pt }
html { font: 10pt "EB Garamond"; line-height: 12pt }
body, p { margin: 0; padding: 0 }
"""


def test_a_bar_stands_beside_each_line_that_has_a_change(face_rules: str) -> None:
    body = (
        '<p>a<br/>b <ins class="added">c</ins><br/><del class="deleted">d</del><br/>e<br/>'
        '<a class="comment-call" id="x" href="#x">1</a><br/>f</p><p class="deleted">'
        '<del class="deleted">g</del></p><p><ins class="added quoted">h</ins></p>'
    )
    html = f'<html lang="en"><head><title>T</title></head><body id="s">{body}</body></html>'
    laid = layout.lay_out(Job("s", html, (face_rules + CSS,), 200, 160, 12, "en"))
    (page,) = laid.margins
    assert [(bar.top, bar.height) for bar in page.bars] == [(12, 24), (72, 12)]
    assert [(one.call, one.top) for one in page.remarks] == [("x", 48)]
    assert not laid.faults


def test_comments_are_moved_apart() -> None:
    assert margins.apart([0, 5, 100], [20, 20, 20], 200) == [0, 24, 100]
    assert margins.apart([150, 160], [30, 30], 200) == [136, 170]
    assert margins.apart([0], [300], 200) == [None]
    assert margins.apart([], [], 200) == []


def test_a_book_without_marks_has_no_styles_for_them(tmp_path: Path) -> None:
    root = write_book(tmp_path / "b", {"one": chapter("One", "Text.")})
    style = Templates(root).render(
        "web/style.css", {"fonts": (), "most_notes": 0, "is_proof": False}
    )
    assert "comment-call" not in style
