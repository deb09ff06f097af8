"""Abbreviations: marked wherever they stand, spelled out where the body uses them first."""

from pathlib import Path

import pytest
from lxml import etree
from support import ROOT, Settings, chapter, composed, inner, notes, printed, words, write_book

from octavo import compose, manuscript
from octavo.book import Book
from octavo.config import Config
from octavo.editions import epub, web
from octavo.editions.paging import NONE
from octavo.fonts import Face
from octavo.markdown.tree import Element
from octavo.problems import BookError, Problem
from octavo.templating import Templates

X = "{http://www.w3.org/1999/xhtml}"

TABLE = """\
abbreviation,expansion
DRV,Democratic Republic of Vietnam
CPC,Communist Party of China
HĐ,"[*Hội đồng*]{lang=vi}, the council"
"""


def write(
    root: Path, *bodies: str, table: str = TABLE, more: str = "", listed: bool = False
) -> Path:
    chapters = {f"c{n}": chapter(f"C{n}", body) for n, body in enumerate(bodies, start=1)}
    front = ("abbreviations",) if listed else ()
    files = {"content/abbreviations.csv": table}
    return write_book(root, chapters, Settings(front=front, files=files, more=more))


def first_of(root: Path, *bodies: str, table: str = TABLE, more: str = "") -> list[str]:
    """Give the first block of each chapter as it is printed."""
    text = printed(composed(write(root, *bodies, table=table, more=more)))
    return [blocks[0] for blocks in text.values()]


def faults(root: Path) -> list[str]:
    try:
        found: tuple[Problem, ...] = compose.compose(manuscript.load(root)).problems
    except BookError as error:
        found = error.problems
    return [str(problem).replace("\n  hint: ", " | ") for problem in found]


OUT = "Democratic Republic of Vietnam (DRV)"


@pytest.mark.parametrize(
    ("given", "made"),
    {
        "The DRV and the DRV.": f"The {OUT} and the DRV.",
        "The DRV's army.": "The Democratic Republic of Vietnam’s (DRV’s) army.",
        "*DRV*, it said.": f"{OUT}, it said.",
        "The Democratic Republic of Vietnam (DRV) and the DRV.": f"The {OUT} and the DRV.",
        "The democratic republic\nof *Vietnam*, or DRV.": (
            "The democratic republic of Vietnam, or DRV."
        ),
        "DRV (Democratic Republic of Vietnam) is short.": (
            "DRV (Democratic Republic of Vietnam) is short."
        ),
        "The DRVs, the XDRV and DRV1.": "The DRVs, the XDRV and DRV1.",
        'He wrote "the DRV lives"; the DRV did.': f"He wrote “the DRV lives”; the {OUT} did.",
        "`DRV` and [DRV]{lang=vi} and DRV.": f"DRV and DRV and {OUT}.",
        "The HĐ met.": "The Hội đồng, the council (HĐ) met.",
        "A DRV army; the DRV.": "A DRV army; the DRV.",
        "The DRV.[@gras, 12]": f"The {OUT}.[1]",
    }.items(),
)
def test_the_first_use_is_spelled_out_once(given: str, made: str, tmp_path: Path) -> None:
    assert first_of(tmp_path, given) == [made]


@pytest.mark.parametrize(
    ("setting", "made"),
    [
        ("", [f"The {OUT}.", "The DRV again."]),
        ('"book"', [f"The {OUT}.", "The DRV again."]),
        ('"chapter"', [f"The {OUT}.", f"The {OUT} again."]),
        ('"never"', ["The DRV.", "The DRV again."]),
    ],
)
def test_the_book_says_where(setting: str, made: list[str], tmp_path: Path) -> None:
    more = f"abbreviations = {{ spell-out = {setting} }}" if setting else ""
    assert first_of(tmp_path, "The DRV.", "The DRV again.", more=more) == made


def test_only_running_text_is_spelled_out(tmp_path: Path) -> None:
    body = """\
## The DRV {#sec-drv}

> The DRV lives.

| DRV | CPC |
|-----|-----|
| DRV | CPC |

Table: Of the DRV {#tbl-drv}

Salt.[^n]

- The DRV came.

[^n]: By the CPC.
"""
    book = composed(write(tmp_path, body, "The CPC came."))
    blocks = printed(book)["c1"]
    assert blocks == [
        "1.1 The DRV", "The DRV lives.", "Table 1.1. Of the DRVDRVCPCDRVCPC", "Salt.[1]",
        f"The {OUT} came.",
    ]  # fmt: skip
    assert notes(book)["c1"] == ["By the CPC."]
    assert printed(book)["c2"] == ["The Communist Party of China (CPC) came."]
    tree = book.sections[0].body
    marked = [(mark.getparent().tag, mark.text) for mark in tree.iter("abbr")]
    assert sorted(marked) == sorted(
        [("figcaption", "DRV"), ("th", "DRV"), ("th", "CPC"), ("td", "DRV"), ("td", "CPC"),
         ("li", "DRV")]
    )  # fmt: skip
    assert {mark.get("title") for mark in tree.iter("abbr")} == {
        "Democratic Republic of Vietnam", "Communist Party of China",
    }  # fmt: skip


def test_front_matter_neither_spells_out_nor_counts(tmp_path: Path) -> None:
    root = write(tmp_path, "The DRV.", listed=True)
    text = "---\ntitle: Abbreviations\n---\nSuch as DRV, and *CPC*.\n"
    (root / "content" / "front").mkdir()
    (root / "content" / "front" / "abbreviations.md").write_text(text, encoding="utf-8")
    made = printed(composed(root))
    assert made["c1"] == [f"The {OUT}."]
    assert made["abbreviations"][0] == "Such as DRV, and CPC."


def test_the_list_has_those_that_are_used_in_order(tmp_path: Path) -> None:
    root = write(tmp_path, "The HĐ, the DRV.", listed=True)
    book = composed(root)
    (made,) = book.section("abbreviations").body
    assert [inner(item) for item in made] == [
        "<dfn>DRV</dfn> Democratic Republic of Vietnam",
        '<dfn>HĐ</dfn> <span lang="vi"><em>Hội đồng</em></span>, the council',
    ]
    assert faults(root) == [
        'content/abbreviations.csv:3:1: warning: the abbreviation "CPC" is not used '
        "[abbreviation-is-used]"
    ]


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    table = "abbreviation,expansion\nDRV,One\nCPC,\n,Two\nDRV,Three\nHĐ,x^[y]\n"
    said = faults(write(tmp_path, "A HĐ and the DRV.", table=table))
    assert said == [
        "content/abbreviations.csv:3:5: error: this row has no expansion [row-is-whole]",
        "content/abbreviations.csv:4:1: error: this row has no abbreviation [row-is-whole]",
        'content/abbreviations.csv:5:1: error: the abbreviation "DRV" is defined twice '
        "[abbreviation-is-defined-once] | first on line 2",
        "content/abbreviations.csv:6:4: error: this is more than a line of text: a note, a "
        "citation, or a block of its own [cell-is-line-of-text] | words in italics or in another "
        "language are well; notes belong in the text",
        'content/chapters/c1.md:4: warning: "HĐ" stands here for the first time, behind an article '
        "that may not fit what it stands for: it is not spelled out [abbreviation-is-introduced] "
        "| write it in full: … x^[y] (HĐ)",
    ]


def test_a_list_without_its_file_is_an_error(tmp_path: Path) -> None:
    root = write(tmp_path, "Salt.", listed=True)
    (root / "content" / "abbreviations.csv").unlink()
    assert faults(root) == [
        "content/book.toml:10: error: the list is made of content/abbreviations.csv, and there is "
        "no such file [data-file-is-readable] | its first line: abbreviation,expansion"
    ]


def test_a_book_without_abbreviations_is_left_alone(tmp_path: Path) -> None:
    root = write(tmp_path, "The DRV.")
    (root / "content" / "abbreviations.csv").unlink()
    assert printed(composed(root)) == {"c1": ["The DRV."]}
    assert Config.model_fields["abbreviations"].default.spell_out == "book"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return composed(
        write(tmp_path_factory.mktemp("abbreviations"), "The DRV, the DRV.", listed=True)
    )


def test_screens_say_what_each_stands_for(
    book: Book, set_faces: tuple[Face, ...], tmp_path: Path
) -> None:
    page: Element = etree.fromstring(
        web.make(book, Templates(tmp_path), set_faces, NONE).files["c1.html"]
    )
    items, _ = epub.documents.Texts(book, Templates(tmp_path), set_faces).finish(NONE)
    text: Element = etree.fromstring(next(i.data for i in items if i.path == "text/c1.xhtml"))
    for document in (page, text):
        marks = [(mark.text, mark.get("title")) for mark in document.iter(f"{X}abbr")]
        assert marks == [("DRV", "Democratic Republic of Vietnam")] * 2
        assert words(document.find(f".//{X}section/{X}p")) == f"The {OUT}, the DRV."


def test_the_monograph_introduces_its_own() -> None:
    draft = compose.draft(manuscript.load(ROOT))
    assert draft.problems == ()
    whole = " ".join(words(text.body) for text in draft.texts)
    assert "(DRV) (DRV)" not in whole
    assert "(Democratic Republic of Vietnam (DRV))" not in whole
    assert sum(1 for text in draft.texts for _ in text.body.iter("abbr")) > 10
