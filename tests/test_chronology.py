"""The chronology: dates as they are written and printed, events in order, each with its passage."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from lxml import etree
from support import Settings, chapter, composed, lines, octavo, signs, words, write_book

from octavo import build, chronology, compose, csvfile, dates, manuscript
from octavo.book import Book
from octavo.dates import DateError
from octavo.editions import epub, timeline, web
from octavo.editions.paging import NONE, Paging
from octavo.editions.text import Dialect, body
from octavo.fonts import Face
from octavo.markdown.tree import Element
from octavo.problems import BookError, Problem
from octavo.templating import Templates
from octavo.wording import wording

X = "{http://www.w3.org/1999/xhtml}"

SALT = chapter(
    "Salt",
    "Salt came [early]{#early}.\n\n## Weights {#sec-weights}\n\nA pound[^weight] is "
    "[a *pound*]{#pound}.\n\n[^weight]: Or less.\n",
    id="ch-salt",
)

EVENTS = """\
date,event,section
1950-01-18,"Salt, the *white*, is weighed.",sec-weights
1949-06/1949-10,Salt is [muối]{lang=vi}.,pound
1949,The year has its salt.,ch-salt
1949-06,"A ""pound"" is borrowed.",fn-weight
1949-06,Another is lent; see [](#early).,pound
194X,Salt is scarce.,early
1954/..,Salt for all.,early
"""


def book_with(root: Path, events: str, more: Mapping[str, str] | None = None, **given: str) -> Path:
    files = {"content/chronology.csv": events, **(more or {})}
    return write_book(
        root,
        {"salt": SALT},
        Settings(back=("chronology",), files=files, language=given.get("language", "en-GB")),
    )


def faults(root: Path) -> list[str]:
    """Give what is wrong with the book in a folder, one line a problem, hints left out."""
    try:
        found: tuple[Problem, ...] = compose.compose(manuscript.load(root)).problems
    except BookError as error:
        found = error.problems
    return [str(problem).split("\n")[0] for problem in found]


# Dates


@pytest.mark.parametrize(
    ("written", "british", "american"),
    [
        ("1950-01-18", "18 January 1950", "January 18, 1950"),
        ("1950-01", "January 1950", "January 1950"),
        ("1950", "1950", "1950"),
        ("195X", "1950s", "1950s"),
        ("1950-23", "autumn 1950", "fall 1950"),
        ("1950~", "c. 1950", "c. 1950"),
        ("1950-01-18?", "18 January 1950?", "January 18, 1950?"),
        ("1950-01%", "c. January 1950?", "c. January 1950?"),
        ("1950-09-16/1950-10-14", "16 September – 14 October 1950",
         "September 16 – October 14, 1950"),
        ("1950-01-05/1950-01-09", "5–9 January 1950", "January 5–9, 1950"),
        ("1949-06/1949-10", "June–October 1949", "June–October 1949"),
        ("1952-07/1953-01", "July 1952 – January 1953", "July 1952 – January 1953"),
        ("1949-12-30/1950-01-02", "30 December 1949 – 2 January 1950",
         "December 30, 1949 – January 2, 1950"),
        ("1950-23/1950-24", "autumn–winter 1950", "fall–winter 1950"),
        ("1954/1964", "1954–1964", "1954–1964"),
        ("1954~/1964", "c. 1954 – 1964", "c. 1954 – 1964"),
        ("1951/1952-06", "1951 – June 1952", "1951 – June 1952"),
        ("1954/..", "from 1954", "from 1954"),
        ("../1954-07-21", "until 21 July 1954", "until July 21, 1954"),
        ("0802-12", "December 802", "December 802"),
    ],
)  # fmt: skip
def test_dates_are_printed_in_the_style_of_the_language(
    written: str, british: str, american: str
) -> None:
    when = dates.parse(written)
    for language, expected in (("en-GB", british), ("en-US", american)):
        pieces = dates.printed(when, wording(language).dates)
        assert "".join(piece.text for piece in pieces) == expected


@pytest.mark.parametrize(
    ("written", "machine_readable"),
    [
        ("1950-01-18", ["1950-01-18"]),
        ("1950-01~", ["1950-01"]),
        ("1950-21", ["1950"]),
        ("195X", [""]),
        ("0802", ["0802"]),
        ("1950-09-16/1950-10-14", ["1950-09-16", "", "1950-10-14"]),
        ("1954/..", ["", "1954"]),
    ],
)
def test_dates_have_a_form_for_machines(written: str, machine_readable: list[str]) -> None:
    pieces = dates.printed(dates.parse(written), wording("en").dates)
    assert [piece.machine_readable for piece in pieces] == machine_readable


@pytest.mark.parametrize(
    ("written", "said", "offset"),
    [
        ("spring", '"spring" is no date', 0),
        ("", '"" is no date', 0),
        ("0000", '"0000" is no date', 0),
        ("1950-1-18", '"1950-1-18" is no date', 0),
        ("1950-13-01", '"1950-13-01" is no date: there is no month 13', 0),
        ("1950-25", '"1950-25" is no date: there is no month 25', 0),
        ("1950-00", '"1950-00" is no date: there is no month 0', 0),
        ("1950-02-29", '"1950-02-29" is no date: that month has no day 29', 0),
        ("1950-21-01", '"1950-21-01" is no date: that season has no day 1', 0),
        ("195X-01", '"195X-01" is no date: a decade has no months', 0),
        ("1950/1950-04-31", '"1950-04-31" is no date: that month has no day 31', 5),
        ("1951/1950", "the range ends in 1950 before it begins in 1951", 0),
        ("1950-02/1950-01-31", "the range ends in 1950-01-31 before it begins in 1950-02", 0),
        ("../..", "a range that is open at both ends says nothing", 0),
        ("1950/", '"" is no date', 5),
    ],
)  # fmt: skip
def test_what_is_no_date_is_said(written: str, said: str, offset: int) -> None:
    with pytest.raises(DateError) as raised:
        dates.parse(written)
    assert (str(raised.value), raised.value.offset) == (said, offset)


def test_a_leap_day_is_a_date_and_a_range_may_end_within_its_first_year() -> None:
    assert dates.parse("1952-02-29").known.day == 29
    assert dates.parse("1950-12/1950").last == dates.parse("1950").first


# The file


def test_cells_know_their_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b'\xef\xbb\xbfa,b\r\n\r\n"one\nline, ""two""",  x\r\n,y')
    table = csvfile.load(path, Path("x.csv"), ("a", "b"))
    found = [[(cell.text, str(cell.span)) for cell in row.values()] for row in table.rows]
    assert found == [
        [('one\nline, "two"', "x.csv:3:2"), ("x", "x.csv:4:18")],
        [("", "x.csv:5:1"), ("y", "x.csv:5:2")],
    ]
    assert not table.problems


FILES = {
    "": ["1:1: error: the columns are not named: the first line is to be date,event,section "
         "[column-exists]"],
    "date,evnt,section,section\n": [
        "1:1: error: the column \"event\" is missing [column-exists]",
        "1:6: error: unknown column \"evnt\" [column-is-known]",
        "1:19: error: the column \"section\" stands here twice [column-is-unique]",
    ],
    "date,event,section\n1950,x\n1950,x,early,y\n": [
        "2:1: error: this row has too few cells: 2, and the head has 3 [row-fills-columns]",
        "3:1: error: this row has too many cells: 4, and the head has 3 [row-fills-columns]",
    ],
    'date,event,section\n1950,x "y",early\n1950,"x,early\n': [
        "3:6: error: this cell cannot be read: a quotation mark is never closed, or stands alone "
        "[data-file-is-csv]",
    ],
    "date,event,section\n1950-13-01,x,early\nspring,y,early\n 1950 / 1949,z,early\n": [
        '2:1: error: "1950-13-01" is no date: there is no month 13 [date-exists]',
        '3:1: error: "spring" is no date [date-exists]',
        '4:2: error: "1950 " is no date [date-exists]',
    ],
    "date,event,section\n1950/1949-12,x,early\n1949/1950-02-30,x,early\n": [
        "2:1: error: the range ends in 1949-12 before it begins in 1950 [date-exists]",
        '3:6: error: "1950-02-30" is no date: that month has no day 30 [date-exists]',
    ],
    "date,event,section\n1950,,early\n,x,\n": [
        "2:6: error: this row has no event [event-is-whole]",
        "3:1: error: this row has no date [event-is-whole]",
        "3:4: error: this row has no section [event-is-whole]",
    ],
    "date,event,section\n1950,x,early\n1951,x,early\n1950,x,early\n": [
        "4:1: error: this event is listed twice [event-is-listed-once]",
    ],
    "date,event,section\n1950,x,erly\n": [
        '2:8: error: nothing has the id "erly" [cross-reference-has-target]',
    ],
    "date,event,section\n1950,x[@gras],early\n1950,> x,early\n1950,y^[z],early\n": [
        "2:6: error: this is more than a line of text: a note, a citation, or a block of its own "
        "[cell-is-line-of-text]",
        "3:6: error: this is more than a line of text: a note, a citation, or a block of its own "
        "[cell-is-line-of-text]",
        "4:6: error: this is more than a line of text: a note, a citation, or a block of its own "
        "[cell-is-line-of-text]",
    ],
    "date,event,section\n1950,a [x]{.bad} and [](#erly),early\n": [
        "2:8: error: unknown class .bad [span-class-is-known]",
        '2:22: error: nothing has the id "erly" [cross-reference-has-target]',
    ],
}  # fmt: skip


@pytest.mark.parametrize("events", FILES, ids=range(len(FILES)))
def test_what_is_wrong_with_the_file_is_said(events: str, tmp_path: Path) -> None:
    root = book_with(tmp_path, events)
    assert faults(root) == [f"content/chronology.csv:{line}" for line in FILES[events]]


def test_hints_help_with_dates_and_ids(tmp_path: Path) -> None:
    book_with(tmp_path, "date,event,section\n1950,x,erly\nsoon,x,early\n")
    said = octavo("check", "--book", tmp_path).stderr
    assert '[cross-reference-has-target]\n  hint: did you mean "early"?' in said
    assert "[date-exists]\n  hint: a date is written 1950-01-18, 1950-01 or 1950; a" in said


def test_without_the_file_there_is_no_chronology(tmp_path: Path) -> None:
    root = book_with(tmp_path, EVENTS)
    (root / "content" / "chronology.csv").unlink()
    assert faults(root) == [
        "content/book.toml:12: error: the chronology is made of content/chronology.csv, and there "
        "is no such file [data-file-is-readable]"
    ]


def test_a_character_without_a_glyph_is_found_in_an_event(tmp_path: Path) -> None:
    root = book_with(tmp_path, "date,event,section\n1950,x,early\n1951,A \U0001f9c2,early\n")
    with pytest.raises(BookError) as raised:
        build.check(root)
    assert [str(problem.span) for problem in raised.value.problems] == ["content/chronology.csv:3"]


# The book


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return composed(book_with(tmp_path_factory.mktemp("chronology"), EVENTS))


def entries(book: Book) -> list[str]:
    section = book.section("chronology")
    return [f"{element.get('data-date')} {words(element)}" for _, element
            in chronology.events(section.body)]  # fmt: skip


def test_events_stand_in_order_and_those_of_one_date_in_that_of_the_file(book: Book) -> None:
    assert entries(book) == [
        "194X Salt is scarce.",
        "1949 The year has its salt.",
        "1949-06/1949-10 Salt is muối.",
        "1949-06 A “pound” is borrowed.",
        "1949-06 Another is lent; see .",
        "1950-01-18 Salt, the white, is weighed.",
        "1954/.. Salt for all.",
    ]


def test_the_order_of_the_file_does_not_matter(book: Book, tmp_path: Path) -> None:
    head, *rows = EVENTS.splitlines()
    one_a_date = [row for row in rows if not row.startswith("1949-06")]
    turned = "\n".join([head, *reversed(one_a_date)])
    made = entries(composed(book_with(tmp_path, turned)))
    assert made == [entry for entry in entries(book) if not entry.startswith("1949-06")]


def test_events_are_grouped_by_years_and_lead_to_their_passages(book: Book) -> None:
    section = book.section("chronology")
    dialect = Dialect(
        href=lambda target: f"#{target.id}",
        note_call=lambda _: (),
        image=lambda image: image.path,
        folio=lambda target: {"pound": "7"}.get(target.id, ""),
    )
    tree = body(section, book, dialect)
    years = timeline.take_out(tree, section, book, dialect)
    assert len(tree) == 0
    found = {
        year.name: [(event.href, event.folio, event.number, event.title) for event in year.events]
        for year in years
    }
    weights = ("1.1", "Weights")
    assert found == {
        "1940s": [("#early", "", "1", "Salt")],
        "1949": [
            ("#ch-salt", "", "1", "Salt"),
            ("#pound", "7", *weights),
            ("#fn-weight", "", *weights),
            ("#pound", "7", *weights),
        ],
        "1950": [("#sec-weights", "", *weights)],
        "1954": [("#early", "", "1", "Salt")],
    }
    printed = ["".join(piece.text for piece in event.date) for y in years for event in y.events]
    assert printed == ["1940s", "1949", "June–October 1949", "June 1949", "June 1949",
                       "18 January 1950", "From 1954"]  # fmt: skip


def test_the_web_has_a_list_with_dates_for_machines(
    book: Book, set_faces: tuple[Face, ...], tmp_path: Path
) -> None:
    files = web.make(book, Templates(tmp_path), set_faces, Paging((), (), {"pound": "7"})).files
    page: Element = etree.fromstring(files["chronology.html"])
    timeline = page.find(f".//{X}ol[@class='timeline']")
    assert [words(year) for year in timeline.iterfind(f"{X}li/{X}h2")] == [
        "1940s", "1949", "1950", "1954",
    ]  # fmt: skip
    given = [time.get("datetime") for time in timeline.iter(f"{X}time")]
    assert given == ["1949", "1949-06", "1949-10", "1949-06", "1949-06", "1950-01-18", "1954"]
    last = timeline[-2].find(f".//{X}li")
    assert [words(part) for part in last] == [
        "18 January 1950", "Salt, the white, is weighed.", "1.1 Weights",
    ]  # fmt: skip
    assert last.find(f".//{X}a").get("href") == "salt.html#sec-weights"
    assert not list(page.iter(f"{X}table"))
    whole: Element = etree.fromstring(files["book.html"])
    assert len(whole.findall(f".//{X}ol[@class='timeline']/{X}li/{X}h3")) == 4


def test_the_epub_has_a_table_with_the_folios_of_print(
    book: Book, set_faces: tuple[Face, ...], tmp_path: Path
) -> None:
    folios = dict.fromkeys(("ch-salt", "sec-weights", "early", "pound", "fn-weight"), "9")
    printed = Paging((), (), folios)
    for known, heads in ((printed, "Date Event Page"), (NONE, "Date Event Section")):
        items, _ = epub.documents.Texts(book, Templates(tmp_path), set_faces).finish(known)
        data = next(item.data for item in items if item.path == "text/chronology.xhtml")
        document: Element = etree.fromstring(data)
        table = document.find(f".//{X}table")
        rows = [" ".join(map(words, row)) for row in table.iter(f"{X}tr")]
        assert rows[0] == heads
        last = "9" if known is printed else "1.1"
        assert rows[-2] == f"18 January 1950 Salt, the white, is weighed. {last}"
        assert [len(years) for years in table.iterfind(f"{X}tbody")] == [1, 4, 1, 1]
        links = {link.get("href") for link in table.iter(f"{X}a")}
        assert "salt.xhtml#sec-weights" in links


def test_print_has_a_table_whose_head_is_repeated_and_folios_that_are_true(tmp_path: Path) -> None:
    rows = [f"19{year},Salt of the year {year}.,pound" for year in range(30, 99)]
    events = "\n".join(["date,event,section", *rows, "1999,Salt ends.,sec-roads"])
    text = f"{SALT}\n{'A line of salt. ' * 400}\n\n## Roads {{#sec-roads}}\n\nRoads.\n"
    write_book(
        tmp_path,
        {"salt": text},
        Settings(
            front=("title", "contents"),
            back=("chronology",),
            files={"content/chronology.csv": events},
        ),
    )
    done = octavo("--book", tmp_path, "--edition", "print", "--jobs", 1)
    assert (done.returncode, done.stderr) == (0, "")
    pages = [lines(page) for page in signs((tmp_path / "dist" / "salt.pdf").read_bytes())]
    heads = [page for page in pages if "DateEventPage" in page]
    years = [page for page in pages if any("Salt of the year" in line for line in page)]
    assert heads == years and len(heads) > 1, "the head of the table is repeated"
    listed = next(line for page in pages for line in page if line.startswith("1.2 Roads . ."))
    folio = listed.split()[-1]
    assert folio != "1"
    assert f"1999Salt ends.{folio}" in heads[-1]
    assert "1930Salt of the year 30.1" in heads[0]
