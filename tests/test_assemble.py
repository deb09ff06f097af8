"""Sections joined to one PDF, and the settling of their pages."""

import io
import pickle
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pikepdf
import pytest
from support import ABOUT, ROOT, face_files, joined, lines, signs

from octavo.numerals import folio
from octavo.templating import Templates
from octavo.typeset import endings, layout, reading_pdf
from octavo.typeset.assemble import save
from octavo.typeset.condition import PrintingCondition
from octavo.typeset.facts import (
    FurnitureJob,
    Job,
    Laid,
    PageFact,
    Pagination,
    Place,
    Remarked,
    SectionPages,
)
from octavo.typeset.joined import Joined, OutlineEntry
from octavo.typeset.pages import MAX_ROUNDS, Opening, paginate, settle
from octavo.typeset.press import pdf as press_pdf

CSS = """
@page { size: 150pt 120pt; margin: 10pt 20pt 10pt 10pt }
@page :left { margin: 10pt 10pt 10pt 20pt }
@page :first { @top-left { content: none } @top-right { content: none } }
@page { @top-left { font-size: 6pt } @top-right { font-size: 6pt } @bottom-center { font-size: 6pt }
  @bottom-right { background: #eeeeee; content: ''; width: 10pt; height: 5pt } }
html { font: 10pt "EB Garamond"; line-height: 10pt }
body { margin: 0 }
p { margin: 0 }
"""

PAGINATION = Pagination(
    (
        SectionPages("front", 0, 3, 0, 1, "roman"),
        SectionPages("one", 4, 2, 1, 1, "arabic"),
        SectionPages("two", 6, 1, 0, 3, "arabic"),
    ),
    {},
    8,
)
OUTLINE = (
    OutlineEntry("Front", "front", 1),
    OutlineEntry("1 One", "one", 1),
    OutlineEntry("1.1 Later", "later", 2),
    OutlineEntry("1.1.1 Deeper", "later", 3),
    OutlineEntry("2 Two", "two", 1),
)

LINE = "<p>line</p>"
BODIES = {
    "front": f'<p>see <a href="#later">Later</a>, <a href="https://example.org/">there</a></p>'
    f"{LINE * 10}<p id='p'>P</p>{LINE * 10}",
    "one": f"<p><a href='#p' aria-label='To P'>P</a> <a href='#nothing'>no</a></p>{LINE * 9}"
    f"<p>in <span id='later'>Later</span> <a href='#two'>Two</a></p>",
    "two": "<p id='end'>End</p>",
}


@pytest.fixture(scope="module")
def book(face_rules: str) -> Joined:
    """Three sections of six pages of 150 × 120 pt, of which two are blank."""
    styles = (face_rules + CSS,)
    laid, furniture = [], []
    for pages in PAGINATION.sections:
        html = f'<html lang="en"><body id="{pages.section}">{BODIES[pages.section]}</body></html>'
        found = layout.lay_out(Job(pages.section, html, styles, 150, 100, 10, "en"))
        assert found.faults == ()
        assert len(found.pages) == pages.count
        numbers = Templates(ROOT).render("print/folios.css", {"pages": pages})
        strings, beside = found.strings, found.margins
        asked = FurnitureJob(pages.section, found.body, strings, styles, numbers, "en", beside)
        laid.append(found)
        furniture.append(layout.set_furniture(asked))
    profile = (files("octavo") / "data" / "fogra39.icc").read_bytes()
    made = joined(laid, furniture, PAGINATION)
    return replace(made, outline=OUTLINE, condition=PrintingCondition(profile, "FOGRA39"))


@pytest.fixture(scope="module")
def data(book: Joined) -> bytes:
    return reading_pdf.make(book)


@pytest.fixture
def pdf(data: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(data)) as opened:
        yield opened


def destinations(pdf: pikepdf.Pdf) -> dict[str, tuple[int, float, float]]:
    """Give the named destinations: page, from the left, from the bottom."""
    names = list(pdf.Root.Names.Dests.Names)
    pages = [page.obj.objgen for page in pdf.pages]
    return {
        str(name): (pages.index(place[0].objgen), float(place[2]), float(place[3]))
        for name, place in zip(names[::2], names[1::2], strict=True)
    }


def test_pages_stand_in_order_with_blank_ones_between_and_behind(
    pdf: pikepdf.Pdf, data: bytes
) -> None:
    assert len(pdf.pages) == 8
    assert [tuple(map(float, page.mediabox)) for page in pdf.pages] == [(0, 0, 150, 120)] * 8
    printed = signs(data)
    assert [bool(page) for page in printed] == [True] * 3 + [False] + [True] * 3 + [False]
    annotated = [number for number, page in enumerate(pdf.pages) if "/Annots" in page]
    assert annotated == [0, 4, 5]


def test_labels_are_roman_then_arabic(pdf: pikepdf.Pdf) -> None:
    assert [str(page.label) for page in pdf.pages] == ["i", "ii", "iii", "iv", "1", "2", "3", "4"]


def test_labels_of_a_book_without_front_matter(book: Joined) -> None:
    pagination = Pagination((SectionPages("one", 0, 2, 0, 1, "arabic"),), {}, 2)
    alone = joined(book.laid[1:2], book.furniture[1:2], pagination)
    with pikepdf.open(io.BytesIO(reading_pdf.make(alone))) as made:
        assert [str(page.label) for page in made.pages] == ["1", "2"]


def test_printed_folios_are_the_labels(pdf: pikepdf.Pdf, data: bytes) -> None:
    for page, found in zip(pdf.pages, signs(data), strict=True):
        printed = "".join(sign.text for sign in found if abs(sign.size - 6) < 0.1).strip()
        assert printed in ({str(page.label)} if found else {""})


def test_text_stands_in_the_text_area_of_its_page(data: bytes) -> None:
    """Which is further right on left pages than on right pages."""
    found = signs(data)
    lefts = [min(s.x for s in page if abs(s.size - 10) < 0.1) for page in found if page]
    assert lefts == pytest.approx([10, 20, 10, 10, 20, 10], abs=0.1)
    tops = [max(s.y for s in page if abs(s.size - 10) < 0.1) for page in found if page]
    assert tops == pytest.approx([tops[0]] * 6, abs=0.1)
    assert 100 < tops[0] < 110


def test_links_lie_on_their_words(pdf: pikepdf.Pdf, data: bytes) -> None:
    words = {0: ["Later", "there"], 4: ["P", "no"], 5: ["Two"]}
    printed = signs(data)
    for number, wanted in words.items():
        found = []
        for annotation in pdf.pages[number].Annots:
            left, bottom, right, top = map(float, annotation.Rect)
            assert top - bottom < 14
            inside = [
                sign.text
                for sign in printed[number]
                if left <= (sign.left + sign.right) / 2 <= right and bottom < sign.y < top
            ]
            found.append("".join(inside).strip(" ,"))
        assert found == wanted


def test_destinations_are_named_and_sorted(pdf: pikepdf.Pdf, book: Joined) -> None:
    names = [str(name) for name in list(pdf.Root.Names.Dests.Names)[::2]]
    assert names == sorted(names) == ["end", "front", "later", "one", "p", "two"]
    found = destinations(pdf)
    assert {name: page for name, (page, _, _) in found.items()} == {
        "front": 0,
        "p": 1,
        "one": 4,
        "later": 5,
        "two": 6,
        "end": 6,
    }
    assert found["p"][1:] == pytest.approx((20, 100), abs=0.1)
    assert found["end"][1:] == pytest.approx((10, 110), abs=0.1)
    place = book.laid[1].places["later"]
    assert found["later"][1:] == pytest.approx((20 + place.x, 110 - place.y), abs=0.1)


def test_links_across_sections_lead_to_destinations(pdf: pikepdf.Pdf, data: bytes) -> None:
    first, second, third = (list(pdf.pages[number].Annots) for number in (0, 4, 5))
    assert str(first[0].Dest) == "later"
    assert "/A" not in first[0]
    assert str(first[1].A.URI) == "https://example.org/"
    assert str(second[0].Dest) == "p"
    assert str(third[0].Dest) == "two"
    known = destinations(pdf)
    leading = [str(one.Dest) for one in (*first, *second, *third) if "/Dest" in one]
    assert set(leading) <= set(known), "a link that leads nowhere has no destination"


def test_links_say_in_words_where_they_lead(pdf: pikepdf.Pdf) -> None:
    found = [str(one.Contents) for number in (0, 4, 5) for one in pdf.pages[number].Annots]
    assert found == ["Later", "there", "To P", "no", "Two"]


def test_the_outline_is_a_tree_with_closed_chapters(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        tree = [(item.title, [inner.title for inner in item.children]) for item in outline.root]
        deeper = outline.root[1].children[0].children
        assert [item.title for item in deeper] == ["1.1.1 Deeper"]
        assert outline.root[1].is_closed
        opening = outline.root[1].destination
        assert isinstance(opening, pikepdf.Array)
        assert opening[0] == pdf.pages[4].obj
    assert tree == [("Front", []), ("1 One", ["1.1 Later"]), ("2 Two", [])]


def test_the_document_says_what_it_is(pdf: pikepdf.Pdf) -> None:
    assert str(pdf.docinfo["/Title"]) == ABOUT.title
    assert str(pdf.docinfo["/Author"]) == "Nguyễn Thị Mai; B"
    assert str(pdf.docinfo["/CreationDate"]) == "D:20260304000000Z"
    assert str(pdf.docinfo["/ModDate"]) == "D:20260304000000Z"
    assert str(pdf.Root.Lang) == "en-GB"
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    with pdf.open_metadata() as xmp:
        assert xmp["dc:title"] == ABOUT.title


RUN = """
import hashlib, pickle, sys
from pathlib import Path
from octavo.typeset import reading_pdf
from octavo.typeset.press import pdf as press_pdf
book = pickle.loads(Path(sys.argv[1]).read_bytes())
for data in (reading_pdf.make(book), press_pdf.make(book).data):
    print(hashlib.sha256(data).hexdigest(), len(data))
"""


def test_the_same_book_gives_the_same_bytes_in_every_process(
    book: Joined, data: bytes, tmp_path: Path
) -> None:
    assert reading_pdf.make(book) == data
    assert press_pdf.make(book).data == press_pdf.make(book).data
    (tmp_path / "book").write_bytes(pickle.dumps(book))
    runs = [
        subprocess.run(
            [sys.executable, "-c", RUN, str(tmp_path / "book")],
            env={"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "Asia/Ho_Chi_Minh"), ("2", "UTC"))
    ]
    assert runs[0] == runs[1]
    assert runs[0].split()[1] == str(len(data))


def test_fonts_stay_in_the_book_and_nothing_else_is_left_over(data: bytes) -> None:
    """The file is whole: another program opens it without mending it."""
    with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
        assert pdf.check_pdf_syntax() == []
        files = [one for one in pdf.objects if isinstance(one, pikepdf.Stream)]
        fonts = [
            one
            for one in pdf.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == pikepdf.Name.Font
        ]
        assert sum("/ToUnicode" in font for font in fonts) == 1
        assert len(face_files()) > 1
        assert "/Fonts" not in pdf.Root
        assert len(files) < 40


def test_the_press_pdf_has_the_same_words_at_the_same_places(book: Joined, data: bytes) -> None:
    pressed = press_pdf.make(book)
    margin = press_pdf.MARGIN
    for page, printed in zip(signs(data), signs(pressed.data), strict=True):
        assert lines(page) == lines(printed)
        for one, other in zip(page, printed, strict=True):
            assert (one.x + margin, one.y + margin) == pytest.approx((other.x, other.y), abs=0.02)


def test_the_press_pdf_has_bleed_and_trim_and_no_links(book: Joined) -> None:
    with pikepdf.open(io.BytesIO(press_pdf.make(book).data)) as pdf:
        assert "/StructTreeRoot" not in pdf.Root
        assert "/Names" not in pdf.Root
        for page in pdf.pages:
            assert "/Annots" not in page
            left, bottom, right, top = map(float, page.TrimBox)
            assert (right - left, top - bottom) == pytest.approx((150, 120), abs=0.01)
            bleed = [float(edge) for edge in page.BleedBox]
            assert bleed == pytest.approx(
                [left - 8.504, bottom - 8.504, right + 8.504, top + 8.504], abs=0.01
            )
            media = [float(edge) for edge in page.mediabox]
            assert media[0] < bleed[0]
            assert media[2] > bleed[2]


# Pagination


@pytest.mark.parametrize(
    ("number", "roman"),
    [
        (1, "i"),
        (4, "iv"),
        (9, "ix"),
        (14, "xiv"),
        (40, "xl"),
        (49, "xlix"),
        (90, "xc"),
        (400, "cd"),
    ],
)
def test_folios(number: int, roman: str) -> None:
    assert folio(number, "roman") == roman
    assert folio(number, "arabic") == str(number)


def test_sections_open_on_their_sides() -> None:
    openings = [
        Opening("half-title", "recto", "front", 1),
        Opening("copyright", "verso", "front", 1),
        Opening("contents", "recto", "front", 1),
        Opening("tables", "any", "front", 1),
        Opening("one", "recto", "body", 1),
        Opening("two", "recto", "body", 1),
        Opening("bibliography", "recto", "back", 1),
    ]
    counts = {"contents": 2, "one": 3, "two": 2}
    laid = {name: section(name, count) for name, count in counts.items()}
    laid["one"] = section("one", 3, {"x": Place(2, 0, 0)})
    found = paginate(openings, laid)
    assert [(s.section, s.first, s.count, s.blanks_before) for s in found.sections] == [
        ("half-title", 0, 1, 0),
        ("copyright", 1, 1, 0),
        ("contents", 2, 2, 0),
        ("tables", 4, 1, 0),
        ("one", 6, 3, 1),
        ("two", 10, 2, 1),
        ("bibliography", 12, 1, 0),
    ]
    assert found.pages == 14
    assert found.folios == {
        "half-title": "i",
        "copyright": "ii",
        "contents": "iii",
        "tables": "v",
        "one": "1",
        "x": "3",
        "two": "5",
        "bibliography": "7",
    }


def section(name: str, pages: int, places: Mapping[str, Place] | None = None) -> Laid:
    """A section of empty pages."""
    page = PageFact(None, (), (), "", 0)
    return Laid(
        section=name,
        pdf=b"",
        corner=(0, 0),
        pages=(page,) * pages,
        places=dict(places or {}),
        notes=(),
        fonts=(),
        body={},
        strings=((),) * pages,
        margins=(Remarked(),) * pages,
        faults=(),
        looks=(),
        log=(),
    )


class Press:
    """A compositor of made-up sections: pages are the number in the section's HTML."""

    def __init__(self) -> None:
        self.rounds: list[list[str]] = []

    @property
    def laid(self) -> list[str]:
        return [name for names in self.rounds for name in names]

    def lay_out(self, jobs: Iterable[Job]) -> dict[str, Laid]:
        due = list(jobs)
        if due:
            self.rounds.append([job.section for job in due])
        made = {}
        for job in due:
            pages = int(job.html.split()[0])
            places = {f"{job.section}-end": Place(pages - 1, 0, 0)}
            made[job.section] = section(job.section, pages, places)
        return made


OPENINGS = [Opening("contents", "recto", "front", 10), Opening("one", "recto", "body", 900)]


def standing(laid: Mapping[str, Laid], pagination: Pagination) -> None:
    """Is told how things stand after each round, all sections laid out."""
    assert {section.section for section in pagination.sections} == set(laid)


def job(pages: SectionPages, html: str) -> Job:
    return Job(pages.section, html, (), 1, 1, 1, "en")


def test_pages_settle_and_only_what_changed_is_done_again() -> None:
    press = Press()

    def make(pages: SectionPages, pagination: Pagination) -> Job:
        if pages.section == "one":
            return job(pages, "7 pages")
        return job(pages, f"1 one ends on {pagination.folios.get('one-end', '?')}")

    found = settle(OPENINGS, make, press, standing)
    assert found.unsettled == ()
    assert found.pagination.folios["one-end"] == "7"
    assert press.laid.count("one") == 1
    assert press.laid.count("contents") == 2
    assert press.rounds[-1] == ["contents"]
    assert [laid.section for laid in found.laid] == ["contents", "one"]


def test_long_sections_are_begun_first() -> None:
    press = Press()

    def make(pages: SectionPages, pagination: Pagination) -> Job:
        return job(pages, "1")

    settle(OPENINGS, make, press, standing)
    assert press.rounds == [["one", "contents"]]


def test_what_never_settles_is_named() -> None:
    """Contents that fill two pages when they are on one, and one when they are on two."""
    press = Press()

    def make(pages: SectionPages, pagination: Pagination) -> Job:
        if pages.section == "one":
            return job(pages, "1")
        return job(pages, "2" if pagination.sections[0].count == 1 else "1")

    found = settle(OPENINGS, make, press, standing)
    assert found.unsettled == ("contents",)
    assert press.laid.count("contents") == MAX_ROUNDS
    assert press.laid.count("one") == 1
    assert [laid.section for laid in found.laid] == ["contents", "one"]


def test_a_fault_of_a_worker_is_raised() -> None:
    class Broken(Press):
        def lay_out(self, jobs: Iterable[Job]) -> dict[str, Laid]:
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        settle(OPENINGS, lambda pages, _: job(pages, "1"), Broken(), standing)


def test_no_stream_of_objects_ends_in_what_looks_like_a_line_s_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mended = []
    mend = endings.mend

    def watched(written: bytes) -> bytes:
        made = mend(written)
        assert len(made) == len(written)
        mended.append(made != written)
        return made

    monkeypatch.setattr(endings, "mend", watched)
    spared = 0
    for number in range(300):
        book = pikepdf.Pdf.new()
        book.add_blank_page()
        book.Root.XXWords = book.make_indirect(pikepdf.Array(["y" * number]))
        written = save(book)
        assert b"\r\nendstream" not in written
        with pikepdf.open(io.BytesIO(written)) as read:
            assert not read.check_pdf_syntax()
            assert read.Root.XXWords == pikepdf.Array(["y" * number])
            spared += "/XXSpare" in read.Root
    assert any(mended)
    assert spared < sum(mended)


def test_a_stream_for_which_nothing_else_is_found_stays() -> None:
    written = b"1 0 obj <</Length 4>>\nstream\nabc\r\nendstream"
    assert endings.mend(written) == written
