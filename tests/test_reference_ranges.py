"""Ranges of cross references, and references by page: "figures 2.1–2.3", "pages 112–13"."""

import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from support import (
    Settings,
    chapter,
    composed,
    lines,
    notes,
    octavo,
    printed,
    signs,
    words,
    write_book,
)

from octavo import compose, manuscript
from octavo.book import Book
from octavo.problems import BookError

FIGURE = '![Caption {0}](figures/a.svg){{#fig-{0} alt="{0}"}}\n\n'
TABLE = "![Caption {0}](data/a.csv){{#tbl-{0} .table}}\n\n"
FILES: dict[str, str | bytes] = {
    "content/data/a.csv": "A,B\n1,2\n",
    "content/figures/a.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"/>',
}
SALT = (
    "One.[^a] Two.[^b] Three.^[By [page](#fn-a).] Four.[^c]\n\n"
    + "".join(map(FIGURE.format, "abc"))
    + "## A {#sec-a}\n\n[]{#here}Here.\n\n"
    + "".join(map(TABLE.format, "ab"))
    + "## B {#sec-b}\n\nThere.[]{#there}\n\n## C {#sec-c}\n\nC.\n\n"
    "[^a]: A.\n\n[^b]: B, [](#fn-a){to=#fn-c}.\n\n[^c]: C, with a [place]{#in-note}.\n"
)


def book(root: Path, said: str, **more: str) -> Book:
    chapters = {
        "salt": chapter("Salt", SALT, id="ch-salt"),
        "silk": chapter("Silk", f"{said}\n\n[]{{#silk}}Silk.^[N.]", id="ch-silk"),
        **{name: chapter(name.title(), text, number="false") for name, text in more.items()},
    }
    return composed(write_book(root, chapters, Settings(files=FILES)))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ('See [](#fig-a){to="#fig-c"}.', "See figures 1.1–1.3."),
        ("See [](#fig-a){to=#fig-b}.", "See figures 1.1–1.2."),
        ("See [](#fig-a){to=fig-b}.", "See figures 1.1–1.2."),
        ('[](#tbl-a){to="#tbl-b"} show it.', "Tables 1.1–1.2 show it."),
        ('@sec-a{to="#sec-c"} and so on.', "Sections 1.1–1.3 and so on."),
        ('See [](#ch-salt){to="#ch-silk"}.', "See chapters 1–2."),
        ('See [](#fn-a){to="#fn-c"}.', "See notes 1–4."),
    ],
)
def test_a_range_is_named_by_its_numbers(tmp_path: Path, said: str, shown: str) -> None:
    assert printed(book(tmp_path / "b", said))["silk"][0] == shown


FOLIOS = {
    **{"fig-a": "112", "fig-b": "112", "fig-c": "113", "here": "ix", "there": "xi"},
    **{"fn-a": "98", "fn-c": "104", "in-note": "104"},
}


@pytest.mark.parametrize(
    ("said", "by_page", "without_pages"),
    [
        ("[](#fig-a){.page to=#fig-c}", "Pages 112–13", "Figures 1.1–1.3"),
        ("[](#fig-a){to=#fig-b .page}", "Page 112", "Figures 1.1–1.2"),
        ("see [](#here){.page to=#there}", "see pages ix–xi", "see chapter 1"),
        ("see [](#there){.page to=#silk}", "see chapters 1–2", "see chapters 1–2"),
        ("see [](#fn-a){.page to=#fn-c}", "see pages 98–104", "see notes 1–4"),
        ("see [](#fn-a){.page}", "see page 98", "see note 1"),
        ("see [](#fig-c){.page}", "see page 113", "see figure 1.3"),
        ("see [](#here){.page}", "see page ix", "see chapter 1"),
        ("see [](#in-note){.page}", "see page 104", "see chapter 1"),
        ("see [](#sec-a){.page}", "see section 1.1", "see section 1.1"),
    ],
)
def test_pages_are_printed_where_they_are_known(
    tmp_path: Path, said: str, by_page: str, without_pages: str
) -> None:
    made = book(tmp_path / "b", said)
    assert printed(made, FOLIOS)["silk"][0] == by_page
    assert printed(made)["silk"][0] == without_pages


def test_labels_of_one_section_are_meant_there(tmp_path: Path) -> None:
    made = book(tmp_path / "b", "A.[^a] B.[^b] See [](#fn-a){to=#fn-b}.\n\n[^a]: A.\n\n[^b]: B.")
    assert notes(made)["salt"][1] == "B, notes 1–4."
    assert printed(made)["silk"][0] == "A.[1] B.[2] See notes 1–2."


def test_pages_of_sections_without_numbers(tmp_path: Path) -> None:
    more = "## One {#one}\n\nOne.\n\n## Two {#two}\n\nTwo, see [](#one){.page to=#two}."
    made = book(tmp_path / "b", "Text.", more=more)
    assert printed(made, {"one": "8", "two": "9"})["more"][-1] == "Two, see pages 8–9."
    assert printed(made)["more"][-1] == "Two, see “One”–“Two”."


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (
            "[](#fig-a){to=#tbl-a}",
            "this range runs from a figure to a table [range-is-of-one-kind]",
        ),
        (
            "[](#fig-c){to=#fig-a}",
            'this range runs backwards: "fig-a" does not stand behind "fig-c" '
            "[range-runs-forwards]",
        ),
        (
            "[](#fig-c){to=#fig-c}",
            'this range runs backwards: "fig-c" does not stand behind "fig-c" '
            "[range-runs-forwards]",
        ),
        (
            "[](#there){.page to=#here}",
            'this range runs backwards: "here" does not stand behind "there" [range-runs-forwards]',
        ),
        (
            "[](#fn-a){to=#fn-z}\n\nOne.[^z]\n\n[^z]: Z.",
            "this range runs over the notes of two sections, which are numbered afresh "
            "[range-is-of-one-section]",
        ),
        (
            "[](#here){to=#there}",
            '"here" has no number, so that no range can be named [range-has-numbers]',
        ),
        ("[](#fig-a){to=#fig-d}", 'nothing has the id "fig-d" [cross-reference-has-target]'),
        (
            "[these](#fig-a){to=#fig-b}",
            "a range has neither text of its own nor a title [range-has-numbers]",
        ),
        (
            "[](#sec-a){.title to=#sec-b}",
            "a range has neither text of its own nor a title [range-has-numbers]",
        ),
    ],
)
def test_what_is_no_range_is_reported(tmp_path: Path, said: str, problem: str) -> None:
    with pytest.raises(BookError) as raised:
        book(tmp_path / "b", said)
    (found,) = raised.value.problems
    assert str(found.span).startswith("content/chapters/silk.md:5")
    assert f"{found.message} [{found.rule}]" == problem


def test_a_range_from_a_note_that_is_called_in_a_note_is_no_crash(tmp_path: Path) -> None:
    with pytest.raises(BookError) as raised:
        book(tmp_path / "b", "A.^[B.[^y]] C.[^z] [](#fn-y){to=#fn-z}\n\n[^y]: Y.\n\n[^z]: Z.")
    assert "note-stands-alone" in {problem.rule for problem in raised.value.problems}


def test_only_a_reference_has_an_end(tmp_path: Path) -> None:
    said = '[x](https://example.org){to="#fig-a"}\n\n*y*{to="#fig-a"}'
    root = write_book(tmp_path / "b", {"one": chapter("One", said)})
    with pytest.raises(BookError) as raised:
        compose.compose(manuscript.load(root))
    assert [p.message for p in raised.value.problems] == ['unknown attribute "to"'] * 2


def test_editions_print_the_pages_of_the_printed_book(tmp_path: Path) -> None:
    filler = "\n\n" + "Salt was dear for many years, and carried far inland. " * 60 + "\n\n"
    said = (
        "Notes: [](#fn-a){.page to=#fn-c}. Note: [](#fn-c){.page}. Passages: "
        "[](#from){.page to=#until}. Figure: [](#fig-a){.page}.\n\n"
        f"One.[^a] []{{#from}}From.{filler}{FIGURE.format('a')}Until.[^c][]{{#until}}\n\n"
        "[^a]: A.\n\n[^c]: C.\n"
    )
    settings = Settings(trim=("4in", "6in"), files=FILES)
    root = write_book(tmp_path / "b", {"one": chapter("One", said)}, settings)
    done = octavo("--book", root, "--jobs", 1)
    assert (done.returncode, done.stderr) == (0, "")
    pages = [lines(page) for page in signs((root / "dist" / "salt.pdf").read_bytes())]
    last = next(n for n, page in enumerate(pages, 1) if any("Until." in line for line in page))
    figure = next(n for n, page in enumerate(pages, 1) if any("Caption a" in p for p in page))
    assert last > 2
    wanted = (
        f"Notes: pages 1–{last}. Note: page {last}. Passages: pages 1–{last}. "
        f"Figure: page {figure}."
    )
    assert wanted in re.sub(r"\s+", " ", " ".join(pages[0]))
    with zipfile.ZipFile(root / "dist" / "salt.epub") as archive:
        epub = etree.fromstring(archive.read("EPUB/text/one.xhtml"))
    web = etree.parse(root / "dist" / "web" / "one.html").getroot()
    for document in (web, epub):
        assert wanted in words(document)
