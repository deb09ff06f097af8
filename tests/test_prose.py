"""The book's words with their places: passages against the trees, and to the character."""

from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from support import ROOT, chapter, write_book
from support import Settings as Given

from octavo import manuscript, markdown
from octavo.prose import blocks, book
from octavo.prose.inline import Gathering
from octavo.prose.passages import CALL, THING, Lines, Passage

PATH = Path("content/chapters/one.md")


def read(text: str, *, cites_in_notes: bool = True) -> list[Passage]:
    found = Gathering("en-GB", cites_in_notes)
    blocks.read(Lines(PATH, text, 5), found)
    return found.passages


def shown(text: str) -> list[tuple[str, str]]:
    signs = {CALL: "¹", THING: "□"}
    return [
        (passage.kind, "".join(signs.get(sign, sign) for sign in passage.text).strip())
        for passage in read(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One *two* **three** _four_ snake_case 2 * 3", "One two three four snake_case 2 * 3"),
        ("[salt]{.smallcaps} and [six [courses]{#c}]{.x}", "salt and six courses"),
        ("[words](https://example.org/a_(b)) end", "words end"),
        ("see [](#sec-a){.page}, @sec-b, @tbl-c and [@fig-d]", "see □, □, □ and □"),
        ("called[^a] and cited[@gras, 3]", "called¹ and cited¹"),
        ("@gras [3] writes `code` here ![x](a.png)", "□ writes □ here □"),
        (r"\*not\* \[sic\] &amp; &nbsp;x", "*not* [sic] & \u00a0x"),
        ("a{++b++}{--c--}{~~d~>e~~}{>>f<<}{==g==}", "abeg"),
        ("one\ntwo  \nthree", "one two three"),
        ("a <!-- gone --> b", "a b"),
        ("<https://example.org> x", "□ x"),
    ],
)
def test_markup_is_taken_out_of_a_paragraph(text: str, expected: str) -> None:
    words = [passage for kind, passage in shown(text) if kind == "paragraph"]
    assert words == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# One {#sec-a}\ntext", [("heading", "One"), ("paragraph", "text")]),
        ("a^[b [c]{.x} d] e", [("paragraph", "a¹ e"), ("note", "b c d")]),
        ("[^n]: a\n\n    b\n\nc", [("note", "a"), ("note", "b"), ("paragraph", "c")]),
        ("- a\n- b\n  c", [("item", "a"), ("item", "b c")]),
        ("> said\n> so\n> — who", [("quotation", "said so"), ("caption", "who")]),
        ("| a | b |\n|---|--:|\n| c\\|d | `e` x |", [("cell", "a"), ("cell", "b"), ("cell", "c|d"),
                                                 ("cell", "□ x")]),
        ("Table: Words {#tbl-x}", [("caption", "Words")]),
        ("![Salt *pans*](a.png){#fig-a alt=\"b\"}", [("caption", "Salt pans")]),
        ("```\ncode\n```\n\n    code\n\ntext", [("paragraph", "text")]),
        ("<!-- a\nb -->\nc", [("paragraph", "c")]),
        ("one\n\n---\n\ntwo", [("paragraph", "one"), ("paragraph", "two")]),
        ('[x]{.index term="a \'b\'" sub="c"}', [("paragraph", "x"), ("setting", "a 'b'"),
                                               ("setting", "c")]),
    ],
)  # fmt: skip
def test_a_text_is_divided_as_it_is_printed(text: str, expected: list[tuple[str, str]]) -> None:
    assert shown(text) == expected


def test_every_character_stands_where_its_passage_says() -> None:
    text = "\nA *b* [c]{.x}^[d\n  e] f.\n\n> g\n>  h\n\n| i | j |\n|--|--|\n| k | l |\n"
    rows = text.split("\n")
    for passage in read(text):
        for index, sign in enumerate(passage.text):
            span = passage.span(index, index + 1)
            if sign not in {" ", CALL, THING}:
                assert rows[span.line - 5][span.column - 1] == sign
                assert span.width == 1


def test_a_span_over_a_lines_end_takes_its_first_line() -> None:
    passage = read("\none two\nthree\n")[0]
    span = passage.span(passage.text.index("two"), len(passage.text))
    assert (span.line, span.column, span.width) == (6, 5, 3)


def test_the_language_is_that_of_the_innermost_words() -> None:
    passage = read("a [b [c]{lang=zh-Hant} d]{lang=vi} *e*{lang=fr} f")[0]
    assert [passage.language_at(passage.text.index(sign)) for sign in "abcdef"] == [
        "en-GB", "vi", "zh-Hant", "vi", "fr", "en-GB",
    ]  # fmt: skip


def test_a_citation_is_a_call_only_where_the_style_has_notes() -> None:
    assert read("a[@b]", cites_in_notes=True)[0].text == f"a{CALL}"
    assert read("a [@b]", cites_in_notes=False)[0].text == f"a {THING}"
    assert [passage.text for passage in read("a^[see [@b]]")] == [f"a{CALL}", f"see {THING}"]


def tree_letters(source: manuscript.Source, language: str) -> Counter[str]:
    """Count the letters and digits that a section prints, of its own file."""
    section = markdown.parse(source, language, partial(manuscript.read_file, ROOT))
    own = [note.body for note in section.notes if note.span.path == source.path]
    pieces = []
    for tree in (section.body, *own):
        for element in tree.iter():
            around = [element, *element.iterancestors()]
            in_data = [one.tag == "table" for one in around]
            if element.tag != "code" and not any(in_data):
                pieces.append(element.text or "")
            if element is not tree and not any(in_data[1:]):
                pieces.append(element.tail or "")
    text = "".join(pieces)
    return Counter(filter(str.isalnum, text))


def test_passages_have_the_words_of_the_trees() -> None:
    given = manuscript.load(ROOT)
    sources = [source for source in given.sources if source.body.strip()]
    assert len(sources) > 5
    for source in sources:
        found = Gathering("en-GB", cites_in_notes=True)
        blocks.read(Lines(source.path, source.body, source.first_line), found)
        words = "".join(passage.text for passage in found.passages if passage.kind != "setting")
        letters = Counter(filter(str.isalnum, words))
        assert letters == tree_letters(source, given.config.language), source.path


FILES = {
    "content/names.toml": '[[names]]\nheadword = "Zhou"\nkind = "person"\n'
    'about = "Premier, \\"the first\\"  one."\n',
    "content/index.toml": "[[headings]]\nterm = 'Zhou''s'\n".replace("''s'", "’s'"),
    "content/data/aid.csv": 'Kind,Tons\n"rice, ""many""  tons",5\n',
    "content/abbreviations.csv": "abbreviation,expansion\nDRV,Democratic  Republic\n",
}


def test_words_are_found_in_every_file_that_has_some(tmp_path: Path) -> None:
    text = "A DRV.\n\n![Aid](data/aid.csv){#tbl-aid .table}\n"
    write_book(tmp_path, {"one": chapter('"Salt  \\"x\\""', text)}, Given(files=FILES))
    prose = book.read(manuscript.load(tmp_path), cites_in_notes=True)
    places = {}
    for passage in prose.passages:
        at = passage.text.find("  ")
        if at >= 0:
            span = passage.span(at, at + 2)
            line = (tmp_path / span.path).read_text().split("\n")[span.line - 1]
            assert line[span.column - 1 :][:2] == "  "
            places[span.path.name] = (span.line, span.column, span.width)
    assert places == {
        "names.toml": (4, 32, 2),
        "aid.csv": (2, 16, 2),
        "abbreviations.csv": (2, 15, 2),
        "one.md": (2, 13, 2),
    }


def test_brackets_in_brackets_come_to_an_end() -> None:
    depth = 900
    words = "".join(shown("[a " * depth + "]{.x}" * depth)[0][1].split())
    assert words.count("a") == depth
