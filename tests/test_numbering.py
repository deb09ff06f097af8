"""Numbers of chapters, sections, tables, figures and notes, and cross references to them."""

from pathlib import Path

import pytest
from support import Settings, chapter, composed, notes, plain_dialect, printed, words, write_book

from octavo.book import Book
from octavo.editions import text, views
from octavo.problems import BookError

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"/>'
CSV = "A,B\n1,2\n"
TABLE = "![Caption of {0}](data/a.csv){{#tbl-{0} .table}}\n\n"
FIGURE = '![Caption of {0}](figures/a.svg){{#fig-{0} alt="{0}"}}\n\n'
FILES: dict[str, str | bytes] = {
    "content/data/a.csv": CSV,
    "content/figures/a.svg": SVG,
    "content/front/preface.md": chapter(
        "Preface", "Forward to [](#ch-two), [](#sec-b).\n\n## Thanks {#sec-thanks}\n\nThanks."
    ),
    "content/back/appendix.md": chapter(
        "Appendix", TABLE.format("z") + "Back to [](#tbl-a) and [](#tbl-z)."
    ),
}


def numbered(root: Path) -> Book:
    one = (
        "Text.^[First.]\n\n## A {#sec-a}\n\n### A one {#sec-a1}\n\n#### Deep {#sec-deep}\n\nD.\n\n"
        "### A two {#sec-a2}\n\n## B {#sec-b}\n\n### B one {#sec-b1}\n\nText.[^n]\n\n"
        + TABLE.format("a")
        + FIGURE.format("a")
        + TABLE.format("b")
        + "[^n]: Second."
    )
    two = "Text.^[Afresh.]\n\n" + FIGURE.format("c") + "## C {#sec-c}\n\n" + FIGURE.format("d")
    return composed(
        write_book(
            root,
            {
                "one": chapter("One", one, id="ch-one"),
                "between": chapter("Between", "No number.\n\n## D {#sec-d}\n\nD.", number="false"),
                "two": chapter("Two", two, id="ch-two"),
            },
            Settings(front=("preface",), back=("appendix",), files=FILES),
        )
    )


def test_everything_is_numbered_within_its_chapter(tmp_path: Path) -> None:
    book = numbered(tmp_path / "b")
    assert {id_: t.number for id_, t in book.targets.items() if t.kind != "note"} == {
        "preface": "",
        "sec-thanks": "",
        "ch-one": "1",
        "sec-a": "1.1",
        "sec-a1": "1.1.1",
        "sec-deep": "1.1.1.1",
        "sec-a2": "1.1.2",
        "sec-b": "1.2",
        "sec-b1": "1.2.1",
        "tbl-a": "1.1",
        "fig-a": "1.1",
        "tbl-b": "1.2",
        "between": "",
        "sec-d": "",
        "ch-two": "2",
        "fig-c": "2.1",
        "sec-c": "2.1",
        "fig-d": "2.2",
        "appendix": "",
        "tbl-z": "1",
    }
    assert [section.number for section in book.sections] == ["", "1", "", "2", ""]
    assert [[n.number for n in s.notes] for s in book.sections] == [[], [1, 2], [], [1], []]


def test_targets_know_kind_level_title_section_and_line(tmp_path: Path) -> None:
    targets = numbered(tmp_path / "b").targets
    found = targets["sec-a1"]
    assert (found.kind, found.level, found.title, found.section) == (
        "section",
        3,
        "A one",
        "ch-one",
    )
    assert str(found.span) == "content/chapters/one.md:9"
    assert (targets["ch-one"].kind, targets["ch-one"].level) == ("chapter", 1)
    assert (targets["tbl-a"].kind, targets["tbl-a"].title) == ("table", "Caption of a")
    assert (targets["fn-n"].kind, targets["fn-n"].number) == ("note", "2")
    assert targets["tbl-z"].section == "appendix"


def test_references_forward_and_backward_and_across(tmp_path: Path) -> None:
    pages = printed(numbered(tmp_path / "b"))
    assert pages["preface"][0] == "Forward to chapter 2, section 1.2."
    assert pages["appendix"][-1] == "Back to table 1.1 and table 1."


def test_headings_and_captions_bear_their_numbers(tmp_path: Path) -> None:
    pages = printed(numbered(tmp_path / "b"))
    assert pages["one"][1:4] == ["1.1 A", "1.1.1 A one", "1.1.1.1 Deep"]
    assert pages["one"][-1] == "Table 1.2. Caption of bAB12"
    assert pages["two"][1] == "Figure 2.1. Caption of c"
    assert pages["between"][1] == "D"


def references(root: Path, body: str, folios: dict[str, str] | None = None) -> str:
    """Print the first paragraph of a chapter that refers to another with everything in it."""
    other = (
        "Salt.[^salt] [There]{#here}. A.[@gras, 3]\n\n## Weights {#sec-weights}\n\nW.\n\n"
        "[^salt]: Note.\n\n" + TABLE.format("t") + FIGURE.format("f")
    )
    book = composed(
        write_book(
            root,
            {
                "one": chapter("One", body),
                "two": chapter("Salt *and* Silk", other, id="ch-two"),
                "plain": chapter("Plain", "T.\n\n## Inner {#sec-inner}\n\nI.", number="false"),
            },
            Settings(files=FILES, back=("bibliography",)),
        )
    )
    return printed(book, folios)["one"][0]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("See [](#ch-two).", "See chapter 2."),
        ("See [](#sec-weights).", "See section 2.1."),
        ("See [](#tbl-t).", "See table 2.1."),
        ("See [](#fig-f).", "See figure 2.1."),
        ("See [](#fn-salt).", "See note 1."),
        ("[](#sec-weights) says so. [](#tbl-t) too.", "Section 2.1 says so. Table 2.1 too."),
        ("See [](#ch-two){.title}.", "See “Salt and Silk”."),
        ("See [](#sec-weights){.title}.", "See “Weights”."),
        ("See [](#tbl-t){.title}.", "See Caption of t."),
        ("See [](#fn-salt){.title}.", "See “Salt and Silk”."),
        ("See [there](#sec-weights).", "See there."),
        ("See [*there*](#tbl-t){.page}.", "See there."),
        # What bears no number is named by its title, a passage by the section that it stands in.
        ("See [](#plain).", "See “Plain”."),
        ("See [](#sec-inner).", "See “Inner”."),
        ("See [](#here).", "See chapter 2."),
        ("See [](#bibliography).", "See “Bibliography”."),
        # Without pages, a reference to a page is one to the thing.
        ("See [](#sec-weights){.page}.", "See section 2.1."),
        ("[](#sec-weights){.page} says.", "Section 2.1 says."),
        ("See [](#here){.page}.", "See chapter 2."),
    ],
)
def test_forms_of_references(tmp_path: Path, written: str, expected: str) -> None:
    assert references(tmp_path / "b", written) == expected


def test_keyed_references(tmp_path: Path) -> None:
    printed_ = references(tmp_path / "b", "See @sec-weights, [@tbl-t] and (@fig-f).")
    assert printed_ == "See section 2.1, table 2.1 and (figure 2.1)."


def test_references_to_pages(tmp_path: Path) -> None:
    folios = {"sec-weights": "47", "here": "xii", "fn-salt": "46"}
    body = "See [](#sec-weights){.page}, [](#here){.page}, [](#fn-salt){.page}. [](#here){.page}."
    assert references(tmp_path / "b", body, folios) == ("See page 47, page xii, page 46. Page xii.")


def test_number_and_name_stay_on_a_line_and_link_to_the_target(tmp_path: Path) -> None:
    root = write_book(tmp_path / "b", {"one": chapter("One", "See [](#one).")})
    book = composed(root)
    body = text.body(book.sections[0], book, plain_dialect())
    link = body[0][0]
    assert (link.get("href"), link.text) == ("#one", "chapter\u00a01")
    assert not [name for element in body.iter() for name in element.attrib if "data-" in name]


def test_references_in_notes_captions_cells_headings_and_titles(tmp_path: Path) -> None:
    body = (
        "Text.[^n] More.^[In place, see [](#sec-h).]\n\n"
        "## As [](#tbl-t) shows {#sec-h}\n\n"
        "Table: See [](#sec-h). {#tbl-t}\n\n| A |\n|---|\n| cf. [](#sec-h) |\n\n[^n]: [](#sec-h).\n"
    )
    book = composed(write_book(tmp_path / "b", {"one": chapter("As [](#sec-h)", body)}))
    assert notes(book)["one"] == ["Section 1.1.", "In place, see section 1.1."]
    assert printed(book)["one"] == [
        "Text.[1] More.[2]",
        "1.1 As table 1.1 shows",
        "Table 1.1. See section 1.1.Acf. section 1.1",
    ]
    assert words(text.title(book.sections[0], book, plain_dialect())) == "As section 1.1"
    lines = [(line.number, str(line.title)) for line in views.contents(book, plain_dialect())]
    assert lines == [
        ("1", "As section\u00a01.1"),
        ("1.1", "As table\u00a01.1 shows"),
    ]


def test_ids_are_made_of_words_and_told_apart(tmp_path: Path) -> None:
    body = "## Đường *Kách* mệnh\n\nA.\n\n## Same\n\nB.\n\n## Same\n\nC.\n\n## 越南\n\nD.\n\n"
    book = composed(write_book(tmp_path / "b", {"one": chapter("One", body)}))
    assert [t for t in book.targets if t.startswith("one--")] == [
        "one--duong-kach-menh",
        "one--same",
        "one--same-2",
        "one--section",
    ]


def problems(root: Path, *bodies: str, settings: Settings | None = None) -> list[str]:
    chapters = {f"c{n}": chapter(f"C{n}", body) for n, body in enumerate(bodies, start=1)}
    with pytest.raises(BookError) as raised:
        composed(write_book(root, chapters, settings))
    return [str(problem) for problem in raised.value.problems]


def test_a_reference_to_nothing_names_its_place_and_the_nearest_id(tmp_path: Path) -> None:
    assert problems(tmp_path / "b", "A.\n\nSee [](#sec-slat).\n\n## Salt {#sec-salt}") == [
        'content/chapters/c1.md:6:5: error: nothing has the id "sec-slat"'
        ' [cross-reference-has-target]\n  hint: did you mean "sec-salt"?'
    ]


def test_references_to_nothing_are_found_everywhere(tmp_path: Path) -> None:
    body = (
        "A.^[See [](#no-1).] B.[^n] [text](#no-2)\n\n[^n]: See @sec-no3.\n\n"
        "| A |\n|---|\n| [](#no-4) |\n\nTable: [](#no-5)"
    )
    found = problems(tmp_path / "b", body)
    assert [line.split(": ")[0].rsplit("/", 1)[1] for line in found] == [
        "c1.md:4",
        "c1.md:4:9",
        "c1.md:6:11",
        "c1.md:10:3",
        "c1.md:12:8",
    ]
    assert all("cross-reference-has-target" in line for line in found)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("## A {#same}\n\nA.", "## B {#same}\n\nB."),
        ("[a]{#same} A.", "| A |\n|---|\n| 1 |\n\nTable: T {#same}"),
        ("A.[^x]\n\n[^x]: N.", "## A {#fn-x}\n\nA."),
        ("## A {#c2}\n\nA.", "A."),
    ],
)
def test_an_id_stands_for_one_thing(tmp_path: Path, first: str, second: str) -> None:
    found = problems(tmp_path / "b", first, second)
    assert len(found) == 1
    assert "[target-id-is-unique]" in found[0]
    assert "hint: first at content/chapters/c" in found[0]


def test_the_second_of_two_files_is_blamed(tmp_path: Path) -> None:
    found = problems(tmp_path / "b", "## A {#same}\n\nA.", "A.\n\n## B {#same}\n\nB.")
    assert found[0].startswith('content/chapters/c2.md:6: error: the id "same"')
    assert "hint: first at content/chapters/c1.md:4" in found[0]


def test_a_label_may_stand_in_several_chapters(tmp_path: Path) -> None:
    root = write_book(
        tmp_path / "b",
        {
            "one": chapter("One", "A.[^1] See note [](#fn-1).\n\n[^1]: First.", id="ch-one"),
            "two": chapter(
                "Two", "B.^[Other.] C.[^1] See [](#fn-1).\n\n[^1]: Second.", id="ch-two"
            ),
        },
    )
    book = composed(root)
    assert [note.id for note in book.section("ch-one").notes] == ["fn-ch-one.1"]
    assert [note.id for note in book.section("ch-two").notes][1] == "fn-ch-two.1"
    assert book.targets["fn-ch-two.1"].number == "2"
