"""The files of the bibliography: what is read from them, and what is said of their faults."""

from pathlib import Path

import pytest
from support import Settings, chapter, composed, write_book

from octavo import bibliography
from octavo.bibliography import Works
from octavo.problems import Span

LISTED = Span(Path("content/book.toml"))


def load(root: Path, *files: str, patterns: list[str] | None = None) -> Works:
    (root / "bib").mkdir(parents=True)
    for number, text in enumerate(files):
        (root / "bib" / f"{number}.bib").write_text(text, encoding="utf-8")
    return bibliography.load(root, patterns or ["bib/*.bib"], LISTED)


def rules(works: Works) -> list[str]:
    return [f"{p.span.path.name}:{p.span.line} {p.rule}" for p in works.problems]


def test_a_work_is_read_with_its_line(tmp_path: Path) -> None:
    works = load(
        tmp_path / "b",
        "% a comment\n\n@book{a, author = {Gras, Yves}, title = {One {\\'e}t{\\'e}},\n"
        "  date = {1979}, keywords = {archive, war}, annotation = {Seen {\\'a} Hanoi.}}\n",
    )
    work = works.by_key["a"]
    assert works.problems == ()
    assert work.span == Span(Path("bib/0.bib"), 3)
    assert (work.csl["title"], work.csl["type"]) == ("One été", "book")
    assert work.csl["author"] == [{"family": "Gras", "given": "Yves"}]
    assert work.keywords == {"archive", "war"}
    assert work.annotation == "Seen á Hanoi."
    assert not {"annote", "keyword"} & set(work.csl)


def test_several_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    works = load(tmp_path / "b", "@book{b, title={B}}", "@book{a, title={A}}")
    assert list(works.by_key) == ["b", "a"]


def test_literal_names_and_archives(tmp_path: Path) -> None:
    works = load(
        tmp_path / "b",
        "@unpublished{a, author={{Nguyễn Thị Mai}}, title={T}, archive={Archives},"
        " archivelocation={file 3}, archivecollection={Fonds}, archiveplace={Hanoi}}",
    )
    csl = works.by_key["a"].csl
    assert csl["author"] == [{"literal": "Nguyễn Thị Mai"}]
    assert {name: csl[name] for name in sorted(csl) if name.startswith("archive")} == {
        "archive": "Archives",
        "archive-place": "Hanoi",
        "archive_collection": "Fonds",
        "archive_location": "file 3",
    }


@pytest.mark.parametrize(
    "date",
    ["1979", "1979-05", "1979-05-08", "1951/1954", "1951/", "1979-21", "1979~", "2019-04-12/2020"],
)
def test_dates_that_are_dates(tmp_path: Path, date: str) -> None:
    assert load(tmp_path / "b", f"@book{{a, title={{T}}, date={{{date}}}}}").problems == ()


@pytest.mark.parametrize("date", ["1979-13", "1979-00", "May 1979", "79", "1979-05-32", "1979-5-8"])
def test_dates_that_are_none(tmp_path: Path, date: str) -> None:
    works = load(tmp_path / "b", f"@book{{a,\n  title={{T}},\n  date={{{date}}}}}")
    assert rules(works) == ["0.bib:3 date-is-valid"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@book{a, title={A}}\n@book{a, title={B}}", ["0.bib:2 citation-key-is-unique"]),
        ("@book{a, title={A},\n title={B}}", ["0.bib:1 field-is-unique"]),
        ("@boook{a, title={A}}", ["0.bib:1 entry-type-is-known"]),
        ("@book{a, date={1979}}", ["0.bib:1 work-is-named"]),
    ],
)
def test_faults_are_named_with_their_lines(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert rules(load(tmp_path / "b", text)) == expected


def test_a_broken_entry_hides_no_other(tmp_path: Path) -> None:
    works = load(tmp_path / "b", "@book{a, title={A}}\n@book{b, title={B\n@book{c, title={C}}\n")
    assert "a" in works.by_key
    assert [problem.rule for problem in works.problems] == ["entry-is-bibtex"]


def test_a_key_in_two_files_is_blamed_on_the_second(tmp_path: Path) -> None:
    works = load(tmp_path / "b", "@book{a, title={A}}", "\n@book{a, title={B}}")
    assert rules(works) == ["1.bib:2 citation-key-is-unique"]
    assert works.problems[0].hint == "first at bib/0.bib:1"
    assert works.by_key["a"].csl["title"] == "A"


def test_no_file_is_a_warning(tmp_path: Path) -> None:
    works = load(tmp_path / "b", patterns=["bib/none*.bib"])
    assert [(p.rule, p.severity.value) for p in works.problems] == [
        ("bibliography-file-exists", "warning")
    ]


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    root = tmp_path / "b"
    (root / "bib").mkdir(parents=True)
    (root / "bib" / "a.bib").write_bytes(b"@book{a,\n  title={\xe9t\xe9}}")
    assert rules(bibliography.load(root, ["bib/*.bib"], LISTED)) == ["a.bib:2 file-is-utf-8"]


def test_uncited_works_are_not_in_the_bibliography(tmp_path: Path) -> None:
    root = write_book(
        tmp_path / "b", {"one": chapter("One", "A.[@yang]")}, Settings(back=("bibliography",))
    )
    assert [entry.work.key for entry in composed(root).cited.bibliography] == ["yang"]
