"""The register of names: its entries, and the way from the text to them and back."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from lxml import etree
from support import Settings, chapter, composed, inner, plain_dialect, write_book

from octavo import compose, fonts, manuscript
from octavo.book import Book
from octavo.checks import glyphs
from octavo.editions import epub, text, web
from octavo.editions.paging import NONE
from octavo.fonts import Face
from octavo.markdown.tree import Element
from octavo.templating import Templates

NAMES = """
[[names]]
headword = "Zhou Enlai"
kind = "person"
forms = ["Zhou"]
vietnamese = "Chu Ân Lai"
pinyin = "Zhou Enlai"
traditional = "周恩來"
simplified = "周恩来"
dates = "1898--1976"
about = "Premier; wrote of \\"salt\\"."

[[names]]
headword = "Yves Gras"
index-as = "Gras, *Yves*"
kind = "person"
dates = "born 1921"

[[names]]
headword = "Đào Quang"
kind = "person"
certainty = "unknown"
see-also = ["Gras, Yves", "Nobody"]

[[names]]
headword = "Dakar"
kind = "place"
certainty = "probable"

[[names]]
headword = "Salt Office"
kind = "organisation"
register = false
"""

CHAPTERS = {
    "one": chapter(
        "Of Zhou",
        "## Zhou again {#sec-a}\n\n"
        "Zhou Enlai and Zhou in Dakar.^[Zhou; Yves Gras; the Salt Office.]",
        id="ch-one",
    ),
    "two": chapter(
        "Two", "[of Zhou](#sec-a), [Dakar]{.noindex} and [](#name-zhou-enlai).\n\n> Zhou"
    ),
}


@dataclass(frozen=True)
class Editions:
    """A small book with a register, its web edition, and its EPUB's documents."""

    book: Book
    web: dict[str, Element]
    epub: dict[str, Element]


def tree(document: bytes) -> Element:
    """Read a document without its namespace."""
    read = etree.fromstring(document)
    for element in read.iter(etree.Element):
        element.tag = etree.QName(element).localname
    return read


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, set_faces: tuple[Face, ...]) -> Editions:
    root = tmp_path_factory.mktemp("register")
    given = Settings(back=("names",), files={"content/names.toml": NAMES})
    book = composed(write_book(root, CHAPTERS, given))
    templates = Templates(root)
    own = tuple(face for face in set_faces if face.family == fonts.FAMILY)  # Quickly cut.
    pages = web.make(book, templates, own, NONE).files
    texts = dict(_documents(book, templates, own))
    return Editions(
        book,
        {name: tree(data) for name, data in pages.items() if name.endswith(".html")},
        texts,
    )


def _documents(
    book: Book, templates: Templates, faces: tuple[Face, ...]
) -> Iterator[tuple[str, Element]]:
    items, _ = epub.documents.Texts(book, templates, faces).finish(NONE)
    for item in items:
        if item.path.startswith("text/"):
            yield item.path, tree(item.data)


def entries(document: Element) -> list[list[str]]:
    return [
        [" ".join("".join(part.itertext()).split()) for part in entry]
        for entry in document.xpath("//dl[@class='register']/div")
    ]


EXPECTED = [
    ["Đào Quang", "Not identified. See also Gras, Yves; Nobody."],
    ["Gras, Yves", "Born 1921.", "Mentioned in chapter 1"],
    [
        "Zhou Enlai, Chu Ân Lai 周恩來 / 周恩来",
        "1898–1976. Premier; wrote of “salt”.",
        "Mentioned in chapter 1, chapter 2",
    ],
    ["Dakar", "The identification is probable.", "Mentioned in chapter 1"],
]


def test_entries_by_kind_and_in_order(made: Editions) -> None:
    for document in (made.web["names.html"], made.epub["text/names.xhtml"]):
        assert entries(document) == EXPECTED
        assert document.xpath("//section[@role='doc-glossary']")


def test_spellings_have_their_languages(made: Editions) -> None:
    for document in (made.web["names.html"], made.epub["text/names.xhtml"]):
        spelt = document.xpath("//div[@id='name-zhou-enlai']/dt/*")
        assert [(one.tag, one.get("lang"), one.text) for one in spelt] == [
            ("span", "zh-Latn-pinyin", "Zhou Enlai"),
            ("i", "vi", "Chu Ân Lai"),
            ("span", "zh-Hant", "周恩來"),
            ("span", "zh-Hans", "周恩来"),
        ]


def links(document: Element) -> list[tuple[str, str, str]]:
    found = document.xpath("//a[@role='doc-glossref']")
    return [(link.get("id"), link.get("href"), link.text) for link in found]


def test_the_first_mention_in_a_section_leads_to_the_entry(made: Editions) -> None:
    assert links(made.web["one.html"]) == [
        ("ch-one.name-zhou-enlai", "names.html#name-zhou-enlai", "Zhou Enlai"),
        ("ch-one.name-dakar", "names.html#name-dakar", "Dakar"),
        ("ch-one.name-yves-gras", "names.html#name-yves-gras", "Yves Gras"),
    ]
    assert links(made.epub["text/two.xhtml"]) == [
        ("two.name-zhou-enlai", "names.xhtml#name-zhou-enlai", "Zhou")
    ]
    for document in (*made.web.values(), *made.epub.values()):
        assert not document.xpath("//a//a | //h1//a[@role] | //h2//a[@role]")


def test_entries_lead_back_to_the_mentions(made: Editions) -> None:
    for documents, folder in ((made.web, ""), (made.epub, "text/")):
        home = next(name for name in documents if name.startswith(f"{folder}names."))
        for link in documents[home].xpath("//dd[@class='mentioned-in']/a"):
            name, _, identifier = link.get("href").partition("#")
            assert documents[folder + name].xpath("//*[@id=$id]", id=identifier)


def test_a_cross_reference_may_name_an_entry(made: Editions) -> None:
    link = made.web["two.html"].xpath("//a[@class='cross-reference'][2]")[0]
    assert (link.get("href"), link.text) == ("names.html#name-zhou-enlai", "Zhou Enlai")


def test_without_a_register_nothing_leads_there(tmp_path: Path) -> None:
    chapters = {"one": chapter("One", "Zhou in Dakar.")}
    book = composed(write_book(tmp_path, chapters, Settings(files={"content/names.toml": NAMES})))
    dialect = replace(plain_dialect(), leads_to_names=True)
    assert inner(text.body(book.sections[0], book, dialect)) == "<p>Zhou in Dakar.</p>"


def test_a_register_without_names_is_reported(tmp_path: Path) -> None:
    root = write_book(tmp_path, {"one": chapter("One", "Text.")}, Settings(back=("names",)))
    found = [str(problem) for problem in compose.draft(manuscript.load(root)).problems]
    assert found == [
        "content/book.toml:12: error: there is no name for the register [register-has-names]\n"
        "  hint: write content/names.toml, or take the section off the list"
    ]


def test_characters_of_the_register_are_checked(
    tmp_path: Path, set_faces: tuple[Face, ...]
) -> None:
    table = '[[names]]\nheadword = "Ka"\nkind = "person"\nabout = "\U00013000"\n'
    given = Settings(back=("names",), files={"content/names.toml": table})
    root = write_book(tmp_path, {"one": chapter("One", "Text.")}, given)
    problems = glyphs.check(compose.draft(manuscript.load(root)), set_faces)
    assert [str(problem.span) for problem in problems] == ["content/names.toml:1"]


def test_what_stands_between_asterisks_is_italic(made: Editions) -> None:
    for document in (made.web["names.html"], made.epub["text/names.xhtml"]):
        (heading,) = (one for one in document.iter("dt") if "Gras" in "".join(one.itertext()))
        assert [one.text for one in heading.iter("i")] == ["Yves"]
        assert "*" not in "".join(document.itertext())
