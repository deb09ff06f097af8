"""Sections' PDFs joined to one, and the settling of their pages."""

import io
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import replace
from datetime import date

import pikepdf
import pytest
from support import ROOT

from octavo.typeset.assemble import Metadata, OutlineEntry, assemble
from octavo.typeset.facts import Job, Laid, MadeUp, Pagination, Place, SectionPages, folio
from octavo.typeset.pages import MAX_ROUNDS, Opening, paginate, settle

ABOUT = Metadata(
    title="Salt & Silk: Trade",
    authors=("Nguyễn Thị Mai", "B"),
    description="A book.",
    subjects=("Trade", "Letters"),
    language="en-GB",
    rights="CC BY 4.0",
    date=date(2026, 3, 4),
)


def section(
    name: str, pages: int, places: Mapping[str, Place] | None = None, links: tuple[str, ...] = ()
) -> Laid:
    """A section of empty pages of 100 × 200 pt; ``links`` stand on its first page."""
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(100, 200))
        annotations = [
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Link,
                Rect=[0, 0, 10, 10],
                A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(link)),
            )
            for link in links
        ]
        if annotations:
            pdf.pages[0].Annots = pikepdf.Array(annotations)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return Laid(name, out.getvalue(), pages, pages, dict(places or {}), (), (), ())


FRONT = section("front", 3, {"p": Place(1, 10, 20)}, ("octavo:later", "https://example.org/"))
BODY = section("one", 2, {"later": Place(1, 30, 50)}, ("octavo:p", "octavo:nothing"))
LAST = section("two", 1, {"end": Place(0, 0, 0)})
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


@pytest.fixture(scope="module")
def data() -> bytes:
    return assemble([FRONT, BODY, LAST], PAGINATION, OUTLINE, ABOUT)


@pytest.fixture
def pdf(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def destinations(pdf: pikepdf.Pdf) -> dict[str, tuple[int, float, float]]:
    """Give the named destinations: page, from the left, from the bottom."""
    names = list(pdf.Root.Names.Dests.Names)
    pages = [page.obj.objgen for page in pdf.pages]
    return {
        str(name): (pages.index(place[0].objgen), float(place[2]), float(place[3]))
        for name, place in zip(names[::2], names[1::2], strict=True)
    }


def test_pages_stand_in_order_with_blank_ones_between_and_behind(pdf: pikepdf.Pdf) -> None:
    assert len(pdf.pages) == 8
    assert [tuple(map(float, page.mediabox)) for page in pdf.pages] == [(0, 0, 100, 200)] * 8
    annotated = [number for number, page in enumerate(pdf.pages) if "/Annots" in page]
    assert annotated == [0, 4]


def test_labels_are_roman_then_arabic(pdf: pikepdf.Pdf) -> None:
    assert [str(page.label) for page in pdf.pages] == ["i", "ii", "iii", "iv", "1", "2", "3", "4"]


def test_labels_of_a_book_without_front_matter() -> None:
    pagination = Pagination((SectionPages("one", 0, 2, 0, 1, "arabic"),), {}, 2)
    made = pikepdf.open(io.BytesIO(assemble([BODY], pagination, (), ABOUT)))
    assert [str(page.label) for page in made.pages] == ["1", "2"]


def test_destinations_are_named_and_sorted(pdf: pikepdf.Pdf) -> None:
    names = [str(name) for name in list(pdf.Root.Names.Dests.Names)[::2]]
    assert names == sorted(names) == ["end", "front", "later", "one", "p", "two"]
    assert destinations(pdf) == {
        "front": (0, 0, 200),
        "p": (1, 10, 180),
        "one": (4, 0, 200),
        "later": (5, 30, 150),
        "two": (6, 0, 200),
        "end": (6, 0, 200),
    }


def test_links_across_sections_lead_to_destinations(pdf: pikepdf.Pdf) -> None:
    first, second = (list(pdf.pages[number].Annots) for number in (0, 4))
    assert str(first[0].Dest) == "later"
    assert "/A" not in first[0]
    assert str(first[1].A.URI) == "https://example.org/"
    assert str(second[0].Dest) == "p"
    assert "/Dest" not in second[1]
    assert "/A" not in second[1]
    assert b"octavo:" not in b"".join(a.unparse() for a in (*first, *second))


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
    assert str(pdf.Root.Lang) == "en-GB"
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    with pdf.open_metadata() as xmp:
        assert xmp["dc:title"] == ABOUT.title
        assert xmp["dc:creator"] == list(ABOUT.authors)
        assert xmp["dc:rights"] == ABOUT.rights
        assert str(xmp["xmp:CreateDate"]).startswith("2026-03-04T00:00:00")


def test_the_same_book_gives_the_same_bytes_in_every_process(data: bytes) -> None:
    assert assemble([FRONT, BODY, LAST], PAGINATION, OUTLINE, ABOUT) == data
    code = (
        "import hashlib, test_assemble as t; from octavo.typeset.assemble import assemble;"
        "made = assemble([t.FRONT, t.BODY, t.LAST], t.PAGINATION, t.OUTLINE, t.ABOUT);"
        "print(hashlib.sha256(made).hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "Asia/Hanoi"), ("2", "UTC"))
    }
    assert len(runs) == 1


def test_fonts_stay_in_the_book_and_nothing_else_is_left_over(data: bytes) -> None:
    """The file is whole: another program opens it without mending it."""
    with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
        assert pdf.check_pdf_syntax() == []


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
        Opening("half-title", "recto", "front"),
        Opening("copyright", "verso", "front"),
        Opening("contents", "recto", "front"),
        Opening("tables", "any", "front"),
        Opening("one", "recto", "body"),
        Opening("two", "recto", "body"),
        Opening("bibliography", "recto", "back"),
    ]
    counts = {"contents": 2, "one": 3, "two": 2}
    made = {name: MadeUp(name, "", count, ()) for name, count in counts.items()}
    laid = {"one": section("one", 3, {"x": Place(2, 0, 0)})}
    found = paginate(openings, made, laid)
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


class Press:
    """A compositor of made-up sections: pages are the number in the section's HTML."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.laid: list[str] = []

    def make_up(self, job: Job) -> "Future[MadeUp]":
        self.made.append(job.section)
        done: Future[MadeUp] = Future()
        done.set_result(MadeUp(job.section, job.html, int(job.html.split()[0]), ()))
        return done

    def lay_out(self, job: Job, made_up: MadeUp) -> "Future[Laid]":
        self.laid.append(job.section)
        done: Future[Laid] = Future()
        places = {f"{job.section}-end": Place(made_up.pages - 1, 0, 0)}
        done.set_result(Laid(job.section, b"", made_up.pages, made_up.pages, places, (), (), ()))
        return done


OPENINGS = [Opening("contents", "recto", "front"), Opening("one", "recto", "body")]


def job(pages: SectionPages, html: str) -> Job:
    return Job(pages.section, html, (), f"{pages.first_folio} {pages.numerals}", 1, 1, 1)


def test_pages_settle_and_only_what_changed_is_done_again() -> None:
    press = Press()

    def make(pages: SectionPages, pagination: Pagination) -> Job:
        if pages.section == "one":
            return job(pages, "7 pages")
        return job(pages, f"1 one ends on {pagination.folios.get('one-end', '?')}")

    told: list[tuple[str, int]] = []
    found = settle(OPENINGS, make, press, lambda name, pages: told.append((name, pages)))
    assert found.unsettled == ()
    assert found.pagination.folios["one-end"] == "7"
    assert press.made.count("one") == press.laid.count("one") == 1
    assert 1 < press.made.count("contents") <= 3
    assert told[-1] == ("contents", 1)
    assert [laid.section for laid in found.laid] == ["contents", "one"]


def test_what_never_settles_is_named() -> None:
    """Contents that fill two pages when they are on one, and one when they are on two."""
    press = Press()

    def make(pages: SectionPages, pagination: Pagination) -> Job:
        if pages.section == "one":
            return job(pages, "1")
        return job(pages, "2" if pagination.sections[0].count == 1 else "1")

    found = settle(OPENINGS, make, press, lambda name, pages: None)
    assert found.unsettled == ("contents",)
    assert press.made.count("contents") == MAX_ROUNDS
    assert [laid.section for laid in found.laid] == ["contents", "one"]


def test_a_fault_of_a_worker_is_raised() -> None:
    class Broken(Press):
        def make_up(self, job: Job) -> "Future[MadeUp]":
            failed: Future[MadeUp] = Future()
            failed.set_exception(RuntimeError("no"))
            return failed

    with pytest.raises(RuntimeError, match="no"):
        settle(OPENINGS, lambda pages, _: job(pages, "1"), Broken(), lambda name, pages: None)


def test_jobs_that_differ_in_their_folios_alone_are_laid_out_again() -> None:
    one = job(SectionPages("one", 0, 1, 0, 1, "arabic"), "1")
    assert one != replace(one, numbers="2 arabic")
