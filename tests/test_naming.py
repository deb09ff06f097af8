"""Names in the text: what is marked, what is left alone, what the editions make of it."""

from pathlib import Path

import pytest
from lxml import etree
from support import Settings, chapter, composed, inner, plain_dialect, words, write_book

from octavo import compose, manuscript
from octavo.book import Book
from octavo.editions import text
from octavo.markdown.tree import Element

TABLE = """
[[names]]
headword = "Communist Party of China"
kind = "organisation"
forms = ["CPC"]

[[names]]
headword = "China"
kind = "place"

[[names]]
headword = "People's Republic of China"
kind = "organisation"

[[names]]
headword = "Mao Zedong"
kind = "person"
forms = ["Mao"]
variants = ["Mao Tse-tung"]

[[names]]
headword = "Lê Duẩn"
kind = "person"

[[names]]
headword = "Hồ Chí Minh"
kind = "person"
variants = ["Ho Chi Minh"]

[[names]]
headword = "Lê"
kind = "place"

[[names]]
headword = "the long march"
id = "long-march"
kind = "event"
"""


def book(root: Path, body: str, title: str = "One", **files: str) -> Book:
    given = Settings(files={"content/names.toml": TABLE, **files})
    return composed(write_book(root, {"one": chapter(title, body)}, given))


def marked(tree: Element) -> list[str]:
    return [f"{span.get('data-name')}: {words(span)}" for span in spans(tree)]


def spans(tree: Element) -> list[Element]:
    return [span for span in tree.iter("span") if span.get("class") == "name"]


def problems(root: Path, body: str, title: str = "One") -> list[str]:
    given = Settings(files={"content/names.toml": TABLE})
    draft = compose.draft(manuscript.load(write_book(root, {"one": chapter(title, body)}, given)))
    return [str(problem).splitlines()[0] for problem in draft.problems]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("The Communist Party of China.", "communist-party-of-china: Communist Party of China"),
        ("In China, the CPC.", "china: China; communist-party-of-china: CPC"),
        ("Mao Zedong's, Mao's", "mao-zedong: Mao Zedong; mao-zedong: Mao"),
        ("Maoism; Communist Party; Chinaware", ""),
        (
            "The People's Republic of\nChina",
            "peoples-republic-of-china: People’s Republic of China",
        ),
        ("Mao\N{NO-BREAK SPACE}Zedong", "mao-zedong: Mao Zedong"),
        ("Lê Duẩn", "le-duan: Lê Duẩn"),
        ("Le\u0302 Dua\u0302\u0309n", "le-duan: Le\u0302 Dua\u0302\u0309n"),
        ("Lêu, Le\u0302u, Lê\u0323", ""),
        (
            "The long march; the long march",
            "long-march: The long march; long-march: the long march",
        ),
        ("post-Mao China", "mao-zedong: Mao; china: China"),
        ("*Mao* and **[China]{lang=en}**", "mao-zedong: Mao; china: China"),
        ("[Mao in China]{.noindex}, `China`, [China](https://x.org)", ""),
        ("> China\n> — Mao", "china: China; mao-zedong: Mao"),
        ("| Who |\n|---|\n| Mao |", "mao-zedong: Mao"),
    ],
)
def test_what_is_marked(tmp_path: Path, given: str, expected: str) -> None:
    body = book(tmp_path, given).sections[0].body
    assert "; ".join(marked(body)) == expected


def test_nothing_but_the_spans_is_new(tmp_path: Path) -> None:
    given = "Of *Mao, China,* and China's Mao--Lê Duẩn border.^[So Mao.] In [](#one)."
    section = book(tmp_path / "a", given).sections[0]
    plain = composed(write_book(tmp_path / "b", {"one": chapter("One", given)})).sections[0]
    assert marked(section.body)
    for with_names, without in [
        (section.body, plain.body),
        *((a.body, b.body) for a, b in zip(section.notes, plain.notes, strict=True)),
    ]:
        for span in spans(with_names):
            span.tag = "dissolve"
        etree.strip_tags(with_names, "dissolve")
        assert inner(with_names) == inner(without)


def test_titles_and_headings_are_marked_and_lead_nowhere(tmp_path: Path) -> None:
    made = book(tmp_path, "## Mao and China {#sec-a}\n\nChina, China.^[China and Mao.]", '"*Mao*"')
    section = made.sections[0]
    assert marked(section.title) == ["mao-zedong: Mao"]
    assert section.title_text == "Mao"
    assert made.targets["sec-a"].title == "Mao and China"
    trees = (section.title, section.body, section.notes[0].body)
    firsts = [[s.get("data-first", "") for s in spans(tree)] for tree in trees]
    assert firsts == [[""], ["", "", "true", ""], ["", "true"]]


def test_editions_print_no_empty_spans(tmp_path: Path) -> None:
    made = book(tmp_path, "So [Mao]{.smallcaps} and [Mao]{.noindex} in China.")
    body = text.body(made.sections[0], made, plain_dialect())
    assert inner(body) == '<p>So <span class="smallcaps">Mao</span> and Mao in China.</p>'


def test_variants_are_reported_with_their_places(tmp_path: Path) -> None:
    body = (
        "[Ho Chi Minh]{.noindex} and “Ho Chi Minh” are not, Ho Chi\nMinh is.^[So is Ho Chi Minh.]\n"
        "\n> Ho Chi Minh is not[^a]\n\n[^a]: Here *too* Mao Tse-tung is.\n"
    )
    rule = "is a form that this book does not use [name-is-in-chosen-form]"
    path = "content/chapters/one.md"
    assert problems(tmp_path, body) == [
        f'{path}:4:52: warning: "Ho Chi Minh" {rule}',
        f'{path}:5:17: warning: "Ho Chi Minh" {rule}',
        f'{path}:9:18: warning: "Mao Tse-tung" {rule}',
    ]


def test_a_variant_in_a_title_is_reported_with_the_file(tmp_path: Path) -> None:
    found = problems(tmp_path, "Text.", "Ho Chi Minh")
    assert [problem.split(":")[1] for problem in found] == ["1"]


def test_a_book_without_names(tmp_path: Path) -> None:
    made = composed(write_book(tmp_path, {"one": chapter("One", "China.")}))
    assert (made.names.names, marked(made.sections[0].body)) == ((), [])
