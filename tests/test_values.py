"""Values that stand in several places: how they may be written, and what is said if they differ."""

from pathlib import Path

import pytest
from support import ROOT, Settings, chapter, composed, printed, write_book

from octavo import build, compose, manuscript
from octavo.checks import values
from octavo.checks.amounts import amount
from octavo.problems import BookError
from octavo.wording import wording

DATES = wording("en").dates

AID = "Item,Tons,Yuan\nguns^[All kinds.],155000,1.5\nsalt,50,2\n"

TEXT = """\
By [1949]{value=year} there were [155,000]{value=guns} guns and [50 tons]{value=salt} of salt.[^n]

[^n]: Or [0.05 thousand]{value=salt}.

![Aid in [1949]{value=year}](data/aid.csv){#tbl-aid .table}
"""

CELLS = "value,file,row,column\nguns,data/aid.csv,guns,Tons\nsalt,data/aid.csv,salt,Tons\n"


def said(root: Path, text: str = TEXT, cells: str = CELLS, aid: str = AID) -> list[str]:
    """Give what the check says of a book, hints behind a bar."""
    files = {"content/data/aid.csv": aid, "content/values.csv": cells}
    write_book(root, {"one": chapter("One", text)}, Settings(files=files))
    draft = compose.draft(manuscript.load(root))
    assert draft.problems == ()
    return [str(problem).replace("\n  hint: ", " | ") for problem in values.check(draft)]


# Amounts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("20,000", "20000"),
        ("20\N{NO-BREAK SPACE}000", "20,000"),
        ("20\N{NARROW NO-BREAK SPACE}000 tons", "20000"),
        ("20,000 tons", "20000 ton"),
        ("7 billion", "7000000000"),
        ("27.2\N{NO-BREAK SPACE}million yuan", "27200000"),
        ("0.50", "0.5"),
        ("40.4 per cent", "40.4%"),
        ("40.4 percent", "40.4 %"),
        ("\N{MINUS SIGN}1.9%", "-1.9%"),
        ("RMB 100", "rmb 100"),
        ("18 January 1950", "1950-01-18"),
        ("January 18, 1950", "18\N{NO-BREAK SPACE}January 1950"),
        ("January 1950", "1950-01"),
        ("Nearly  Double", "nearly double"),
        ("1945--1949", "1945–1949"),
    ],
)
def test_amounts_agree_however_they_are_written(one: str, other: str) -> None:
    first, second = (amount(text, "en-GB", DATES) for text in (one, other))
    assert first.agrees_with(second)
    assert second.agrees_with(first)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("20,000", "20,001"),
        ("20,000 tons", "20,000 pieces"),
        ("1.9%", "-1.9%"),
        ("7 million", "7 billion"),
        ("40.4%", "40.4 tons"),
        ("18 January 1950", "19 January 1950"),
        ("January 1950", "18 January 1950"),
        ("1950", "January 1950"),
        ("31 February 1950", "28 February 1950"),
        ("twenty", "20"),
        ("4,303", "4,303.4"),
    ],
)
def test_amounts_differ(one: str, other: str) -> None:
    assert not amount(one, "en", DATES).agrees_with(amount(other, "en", DATES))


def test_where_the_comma_stands_before_decimals() -> None:
    assert amount("1.234,5", "de", DATES).agrees_with(amount("1234.5", "de", DATES))
    assert not amount("1.234", "fr", DATES).agrees_with(amount("1,234", "en", DATES))


# Places


def test_values_that_agree_say_nothing_and_marks_are_not_printed(tmp_path: Path) -> None:
    assert said(tmp_path) == []
    book = composed(tmp_path)
    first = printed(book)["one"][0]
    assert first == "By 1949 there were 155,000 guns and 50 tons of salt.[1]"


def test_both_places_of_values_that_differ_are_named(tmp_path: Path) -> None:
    assert said(tmp_path, aid=AID.replace("155000", "15500").replace("50,2", "51,2")) == [
        "content/data/aid.csv:2:19: error: the value \"guns\" is 15500 here, and 155,000 at "
        "content/chapters/one.md:4:34 [value-is-the-same-everywhere]",
        "content/data/aid.csv:3:6: error: the value \"salt\" is 51 here, and 50 tons at "
        "content/chapters/one.md:4:65 [value-is-the-same-everywhere]",
    ]  # fmt: skip


def test_values_in_notes_captions_and_cells_of_text_are_compared(tmp_path: Path) -> None:
    text = TEXT.replace("0.05 thousand", "0.5 thousand").replace("in [1949]", "in [1950]")
    aid = AID.replace("salt,50", "[silk]{value=ware},50").replace("guns^", "[Silk]{value=ware}^")
    cells = CELLS.replace("aid.csv,salt", "aid.csv,[silk]{value=ware}").replace(
        "aid.csv,guns", "aid.csv,155000"
    )
    assert [line.split("[value")[0] for line in said(tmp_path, text, cells, aid)] == [
        'content/chapters/one.md:8:10: error: the value "year" is 1950 here, and 1949 at '
        "content/chapters/one.md:4:4 ",
        'content/chapters/one.md:6:10: error: the value "salt" is 0.5 thousand here, and 50 tons '
        "at content/chapters/one.md:4:65 ",
    ]


def test_a_value_with_one_place_is_a_warning(tmp_path: Path) -> None:
    text = TEXT.replace("[155,000]{value=guns}", "[155,000]{value=gunz}")
    assert said(tmp_path, text) == [
        "content/chapters/one.md:4:34: warning: the value \"gunz\" stands in one place only "
        "[value-has-second-place] | did you mean \"guns\"?",
        "content/data/aid.csv:2:19: warning: the value \"guns\" stands in one place only "
        "[value-has-second-place] | did you mean \"gunz\"?",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("guns,data/iad.csv,guns,Tons",
         "6: error: there is no data in content/data/iad.csv [data-file-is-readable]"),
        ("guns,../data.csv,guns,Tons",
         "6: error: there is no data in content/../data.csv [data-file-is-readable]"),
        ("guns,data/aid.csv,gunz,Tons",
         '19: error: no row has "gunz" in a cell [row-exists] | did you mean "guns"?'),
        ("guns,data/aid.csv,guns,Ton",
         '24: error: there is no column "Ton" [column-exists] | did you mean "Tons"?'),
        ("guns,data/aid.csv,guns | salt,Tons",
         '19: error: no row has "guns | salt" in a cell [row-exists]'),
    ],
)  # fmt: skip
def test_cells_that_are_not_there(row: str, expected: str, tmp_path: Path) -> None:
    cells = CELLS.replace("guns,data/aid.csv,guns,Tons", row)
    found = [line for line in said(tmp_path, cells=cells) if "values.csv" in line]
    assert found == [f"content/values.csv:2:{expected}"]


def test_a_row_may_be_named_by_two_of_its_cells(tmp_path: Path) -> None:
    aid = AID + "salt,50,3\n"
    (problem,) = [line for line in said(tmp_path / "a", aid=aid) if "values.csv" in line]
    assert problem == (
        'content/values.csv:3:19: error: 2 rows have "salt" in a cell [row-is-one] | name another '
        'cell of the row too, with "|" between'
    )
    cells = CELLS.replace("csv,salt", "csv,salt | 3")
    assert said(tmp_path / "b", cells=cells, aid=aid) == []


def test_check_reports_values_and_build_stops(tmp_path: Path) -> None:
    said(tmp_path, aid=AID.replace("155000", "1"))
    with pytest.raises(BookError) as raised:
        build.check(tmp_path)
    assert {problem.rule for problem in raised.value.problems} == {"value-is-the-same-everywhere"}


def test_the_figures_of_the_monograph_agree() -> None:
    draft = compose.draft(manuscript.load(ROOT))
    assert values.check(draft) == []
    marked = [
        mark
        for text in draft.texts
        for tree in (text.body, *(note.body for note in text.notes))
        for mark in tree.iterfind(".//span[@data-value]")
    ]
    assert len(marked) > 100
