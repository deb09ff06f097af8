"""Notes called in headings and titles: printed with them, and nowhere else that repeats the words.

One small book with a note in a title, in a numbered heading and in a heading that ends in a
citation is built with all editions.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
from lxml import etree
from support import (
    Settings,
    chapter,
    composed,
    lines,
    octavo,
    plain_dialect,
    signs,
    words,
    write_book,
)

from octavo import compose, manuscript
from octavo.editions import text, views
from octavo.markdown.tree import Element
from octavo.problems import BookError

HTML = "{http://www.w3.org/1999/xhtml}"

SALT = chapter(
    "'Whose Salt?[^whose]'",
    "Salt came early.^[In *spring*.]\n\n"
    "## The Price of Salt[@gras, 4], and Silk {#sec-price}\n\nIt rose.[@gras, 5]\n\n"
    "## Silk by Weight [^weight]\n\nSee [](#sec-price){.title}.\n\n"
    + "Salt was dear for many years, and carried far inland. " * 60
    + "\n\n[^whose]: Nobody knows.\n\n[^weight]: In *pounds*.\n",
    id="ch-salt",
)
QUESTIONS = "\n\n".join(f"## Salt or Silk {'x' * n}?^[No.]\n\nNo." for n in range(15, 40))
TITLES = ["Whose Salt?", "The Price of Salt, and Silk", "Silk by Weight"]
NOTES = [
    "Nobody knows.",
    "In spring.",
    "Yves Gras, Histoire de la guerre d’Indochine (Plon, 1979), 4.",
    "Gras, Histoire de la guerre d’Indochine, 5.",
    "In pounds.",
]


@dataclass(frozen=True)
class Built:
    """The book's documents, web and EPUB by name, and its PDF."""

    web: dict[str, Element]
    epub: dict[str, Element]
    pdf: Path


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_book(
        tmp_path_factory.mktemp("headings") / "book",
        {"salt": SALT, "silk": chapter("Silk", QUESTIONS)},
        Settings(front=("title", "contents"), back=("bibliography",), trim=("4in", "6in")),
    )


@pytest.fixture(scope="module")
def built(root: Path) -> Built:
    done = octavo("--book", root, "--jobs", 1)
    assert done.returncode == 0, done.stderr
    output = root / "dist"
    with zipfile.ZipFile(output / "salt.epub") as archive:
        epub = {
            Path(name).name: etree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith((".xhtml", ".ncx"))
        }
    web = {path.name: etree.parse(path).getroot() for path in (output / "web").glob("*.html")}
    return Built(web, epub, output / "salt.pdf")


def test_notes_are_numbered_as_they_are_read_title_first(root: Path) -> None:
    book = composed(root)
    salt = book.section("ch-salt")
    bodies = [text.note(note, salt, book, plain_dialect()) for note in salt.notes]
    assert [words(body) for body in bodies] == NOTES


def test_titles_ids_and_short_titles_are_without_calls(root: Path) -> None:
    book = composed(root)
    salt = book.section("ch-salt")
    assert (salt.title_text, salt.short_title) == ("Whose Salt?", "Whose Salt?")
    found = {target.id: target.title for target in book.targets.values() if target.title}
    assert [found["ch-salt"], found["sec-price"]] == TITLES[:2]
    assert found["ch-salt--silk-by-weight"] == "Silk by Weight"
    body = text.body(salt, book, plain_dialect())
    assert "See “The Price of Salt, and Silk”." in words(body)


@pytest.mark.parametrize("style", ["chicago-notes-bibliography", "chicago-author-date"])
def test_contents_have_the_words_alone_in_any_style(tmp_path: Path, style: str) -> None:
    title = "'A [*Title*](#sec-a) of [Its Own]{#own}[@gras]'"
    files = {"one": chapter(title, "## Salt [@gras, 4] and *Silk*^[No.] {#sec-a}\n\nText.")}
    book = composed(write_book(tmp_path / "b", files, Settings(style=style)))
    lines_ = [str(line.title) for line in views.contents(book, plain_dialect())]
    assert lines_ == ["A <em>Title</em> of <span>Its Own</span>", "Salt and <em>Silk</em>"]


class TestPrint:
    def test_headings_bear_their_calls_and_pages_their_notes(self, built: Built) -> None:
        printed = [line for page in signs(built.pdf.read_bytes()) for line in lines(page)]
        shown = [line.replace("\u2060", "") for line in printed]
        for words_ in ("Nobody knows.", "In pounds."):
            assert any(line.endswith(words_) for line in shown)
        assert "1.2 Silk by Weight" in [re.sub(r"\d$", "", line) for line in shown]

    def test_no_call_begins_a_line(self, built: Built) -> None:
        pages = [lines(page) for page in signs(built.pdf.read_bytes())]
        printed = [line for page in pages for line in page]
        broken = [line for line in printed if re.fullmatch(r"x+\?\u2060?\d+", line)]
        assert len(broken) > 3
        assert not [line for line in printed if line.startswith("\u2060")]

    def test_the_outline_has_titles_alone(self, built: Built) -> None:
        with pikepdf.open(built.pdf) as pdf, pdf.open_outline() as outline:
            salt = next(item for item in outline.root if "Salt" in item.title)
            assert salt.title == f"1 {TITLES[0]}"
            numbered = [f"1.{number} {title}" for number, title in enumerate(TITLES[1:], 1)]
            assert [child.title for child in salt.children] == numbered

    def test_contents_and_running_heads_have_titles_alone(self, built: Built) -> None:
        pages = [lines(page) for page in signs(built.pdf.read_bytes())]
        contents = [re.sub(r"[ .]*\d+$", "", line) for line in pages[2]]
        numbered = [f"1.{number} {title}" for number, title in enumerate(TITLES[1:], 1)]
        assert [f"1 {TITLES[0]}", *numbered] == contents[1:4]
        heads = [re.sub(r" ?\d+ ?", "", page[0]) for page in pages if page]
        assert TITLES[0] in heads

    def test_a_note_is_no_part_of_its_heading_in_the_structure(self, built: Built) -> None:
        with pikepdf.open(built.pdf) as pdf:
            headings = [e for e in structure(pdf.Root.StructTreeRoot) if e.S in ("/H1", "/H2")]
            inner = [str(e.S) for heading in headings for e in structure(heading)]
            assert "/Reference" in inner
            assert "/Note" not in inner


def structure(element: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Give the elements of structure below one."""
    kids: object = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from structure(kid)


def repeated(tree: Element) -> Iterator[str]:
    """Give the places of a document that say a title again: ``<title>``, navigation, labels."""
    for element in tree.iter(f"{HTML}title"):
        yield words(element)
    for nav in tree.iter(f"{HTML}nav"):
        assert not nav.xpath(".//h:a//h:a", namespaces={"h": HTML[1:-1]})
        for link in nav.iter(f"{HTML}a"):
            yield words(link)
    for element in tree.iter():
        if element.get("aria-label"):
            yield element.get("aria-label")


class TestScreens:
    def test_headings_bear_their_calls(self, built: Built) -> None:
        for documents in (built.web, built.epub):
            name = next(name for name in documents if name.startswith("salt."))
            headings = [
                words(e) for e in documents[name].iter(f"{HTML}h1", f"{HTML}h2") if e.get("id")
            ]
            assert headings[:3] == [
                "1 Whose Salt?1",
                "1.1 The Price of Salt3, and Silk",
                "1.2 Silk by Weight5",
            ]

    def test_ids_are_unique(self, built: Built) -> None:
        for tree in (*built.web.values(), *built.epub.values()):
            ids = [element.get("id") for element in tree.iter() if element.get("id")]
            assert len(ids) == len(set(ids))

    def test_titles_are_repeated_without_calls(self, built: Built) -> None:
        seen = set()
        for tree in (*built.web.values(), *built.epub.values()):
            for said in repeated(tree):
                assert not re.search(r"Salt\?\d|Salt\d|Weight\d", said), said
                seen |= {title for title in TITLES if title in said}
        assert seen == set(TITLES)

    def test_the_ncx_has_titles_alone(self, built: Built) -> None:
        labels = [words(e) for e in built.epub["toc.ncx"].iter("{*}navLabel")]
        assert [f"1 {TITLES[0]}", f"1.1 {TITLES[1]}", f"1.2 {TITLES[2]}"] == [
            label for label in labels if any(title in label for title in TITLES)
        ]


def problems(root: Path) -> list[str]:
    with pytest.raises(BookError) as raised:
        compose.compose(manuscript.load(root))
    return [f"{p.span}: {p.message} [{p.rule}]" for p in raised.value.problems]


def test_what_a_heading_cannot_hold(tmp_path: Path) -> None:
    files = {
        "content/front/title.md": "---\ntitle: Title^[A note.]\n---\nText.\n",
        "content/front/contents.md": "---\ntitle: Contents [@gras]\n---\nText.\n",
    }
    root = write_book(
        tmp_path / "b",
        {"one": chapter("As @gras [3] Says", "Text.\n\n## Where @yang begins\n\nText.")},
        Settings(front=("title", "contents"), files=files),
    )
    author = "a heading has its author's name from a citation [heading-has-own-words]"
    assert problems(root) == [
        f"content/chapters/one.md:1:4: {author}",
        f"content/chapters/one.md:6:10: {author}",
        *(
            f"content/front/{name}.md:1: "
            f'the title of the section "{name}" cannot have a note [title-is-text]'
            for name in ("contents", "title")
        ),
    ]
