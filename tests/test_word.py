"""Word there and back: what was not touched comes back to the byte, what was changed as marks."""

import re
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import docx
import pytest
from lxml import etree
from support import Settings, chapter, write_book
from wordlike import ANNA, WHEN, Desk, words_once

from octavo import compose, fonts, manuscript
from octavo.build import font_folder
from octavo.store import Store
from octavo.templating import Templates
from octavo.word import enclosed, reading
from octavo.word.merging import merge
from octavo.word.ooxml import w
from octavo.word.package import unpacked
from octavo.word.returning import Returned, returned
from octavo.word.sending import Sender, sections_with_text

ROOT = Path(__file__).parent.parent
SAID = f"{{>>@{ANNA} {WHEN}: Is this right?<<}}"


def sender(root: Path, store: Path) -> Sender:
    draft = compose.draft(manuscript.load(root))
    book = compose.finish(draft).book
    faces = fonts.faces(font_folder())
    return Sender(draft, book, faces, Templates(root), Store(store))


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Give the real book's sections as DOCX, by name; the book in one as ``whole``."""
    made = sender(ROOT, tmp_path_factory.mktemp("store"))
    sections = sections_with_text(made.draft, made.book)
    each = {section.name: made.send([section]) for section in sections}
    return {**each, "whole": made.send(sections)}


def back(data: bytes) -> tuple[Mapping[str, str], Mapping[str, str], Returned]:
    """Give the texts that were sent, what they are with the marks that came back, and these."""
    package = unpacked(data)
    sources = enclosed.sources(package)
    assert sources
    came = returned(sources, reading.read(package))
    texts = {
        path: merge(text, text, [mark for mark in came.marks if mark.path == path]).text
        for path, text in sources.texts.items()
    }
    return sources.texts, texts, came


SECTIONS = [path.stem for path in sorted((ROOT / "content").glob("*/*.md"))]


def test_every_section_of_the_real_book_is_sent(sent: Mapping[str, bytes]) -> None:
    assert sorted(sent) == sorted([*SECTIONS, "whole"])


@pytest.mark.parametrize("name", [*SECTIONS, "whole"])
def test_what_nobody_touched_comes_back_to_the_byte(sent: Mapping[str, bytes], name: str) -> None:
    texts, came, found = back(sent[name])
    assert came == texts
    assert not found.marks
    assert not found.uncarried
    assert not found.lost
    for path, text in texts.items():
        assert text.encode() == (ROOT / path).read_bytes()


@pytest.mark.parametrize(
    ("name", "tracks"),
    [*((name, True) for name in SECTIONS), ("basis", False), ("evaluations", False)],
)
def test_just_what_was_changed_and_said_comes_back(
    sent: Mapping[str, bytes], name: str, tracks: bool
) -> None:
    """Many words of each section are typed over and commented on, in text, notes and captions."""
    desk = Desk(sent[name], tracks=tracks)
    texts, _, _ = back(sent[name])
    expected = dict(texts)
    shown = "".join("".join(tree.itertext()) for tree in desk.trees.values())
    together = "\n".join(texts.values())
    words = [word for word in words_once(together) if shown.count(word) == 1 and desk.has(word)]
    changed = said = 0
    for number, word in enumerate(words):
        path = next(path for path, text in texts.items() if word in text)
        if not path.endswith(".md") or number % 2:
            continue
        if number % 4:
            desk.comment(word, "Is this right?")
            mark, said = f"{{=={word}==}}{SAID}", said + 1
        else:
            desk.replace(word, "otherwise")
            mark, changed = f"{{~~{word}~>otherwise~~}}", changed + 1
        expected[path] = expected[path].replace(word, mark)
        expected[path] = re.sub(r"^title: (\{.*)$", r'title: "\1"', expected[path], flags=re.M)
    assert changed
    assert said
    _, came, found = back(desk.saved())
    assert came == expected
    assert not found.uncarried
    kinds = [kind for mark in found.marks for kind in mark.kinds]
    assert (kinds.count("substitution"), kinds.count("comment")) == (changed, said)


CHAPTER = """\

> To begin with.
> — somebody
{.epigraph}

First words of the *chapter* by [many hands]{.index term="hands"}.[@gras, 5] A note.[^one]

[^one]: The text of the note [see @yang, 3; @gras].

## Salt {#sec-salt}

Salt was "dear" -- and [](#sec-silk) cheap.^[In place, as *written* there.]

- one thing
- another thing

1. first
2. second

![A table of [aid]{.index}[@yang]](data/aid.csv){#tbl-aid .table}

| Year | Tons |
|------|-----:|
| 1950 | few |

Table: Another {#tbl-other}

## Cloth {#sec-silk}

It cost 4\\*5 and *more*. The last words.
"""
AID = 'What,Tons\n"salt, fine",1200\nsilk,34\n'


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    root = tmp_path_factory.mktemp("small")
    files: Mapping[str, str | bytes] = {"content/data/aid.csv": AID}
    write_book(root, {"salt": chapter("Salt and Silk", CHAPTER)}, Settings(files=files))
    made = sender(root, root / "store")
    return made.send(sections_with_text(made.draft, made.book))


Step = Callable[[Desk], None]
CHANGES: Mapping[str, tuple[Step, str, str]] = {
    "words put in": (
        lambda desk: desk.type_behind("First", " and last"),
        "First words",
        "First{++ and last++} words",
    ),
    "words in italics put in": (
        lambda desk: desk.type_behind("It cost", " much", italic=True),
        "It cost 4",
        "It cost{++ *much*++} 4",
    ),
    "signs of Markdown put in": (
        lambda desk: desk.type_behind("It cost", " *2_ [a] {++ @b"),
        "It cost 4",
        r"It cost{++ \*2\_ \[a\] \{++ \@b++} 4",
    ),
    "a word taken out": (
        lambda desk: desk.delete(" cheap"),
        " cheap.",
        "{-- cheap--}.",
    ),
    "all words in italics taken out": (
        lambda desk: desk.delete("more"),
        "*more*",
        "{--*more*--}",
    ),
    "a marked passage typed over": (
        lambda desk: desk.replace("many hands", "two"),
        "[many hands]{",
        "[{~~many hands~>two~~}]{",
    ),
    "typographic signs taken out": (
        lambda desk: desk.delete(" “dear” –"),
        ' "dear" --',
        '{-- "dear" ----}',
    ),
    "a note changed": (
        lambda desk: desk.replace("The text of", "What is said in"),
        "]: The text of",
        "]: {~~The text of~>What is said in~~}",
    ),
    "a note in place changed": (
        lambda desk: desk.replace("there", "here"),
        "*written* there.]",
        "*written* {~~there~>here~~}.]",
    ),
    "a caption changed": (
        lambda desk: desk.replace("A table", "The table"),
        "![A table",
        "![{~~A table~>The table~~}",
    ),
    "a cell of a pipe table changed": (
        lambda desk: desk.replace("few", "none"),
        "| few |",
        "| {~~few~>none~~} |",
    ),
    "a cell of data changed": (
        lambda desk: desk.replace("fine", "coarse"),
        '"salt, fine"',
        '"salt, {~~fine~>coarse~~}"',
    ),
    "a number of data changed": (
        lambda desk: desk.replace("200", "300"),
        ",1200",
        ',"{~~1200~>1,300~~}"',
    ),
    "the title changed": (
        lambda desk: desk.replace("and Silk", "and More"),
        "title: Salt and Silk",
        'title: "Salt {~~and Silk~>and More~~}"',
    ),
    "a paragraph put in": (
        lambda desk: desk.insert_paragraph("First words", "# New."),
        "[^one]: ",
        "{++\\# New.\n\n++}\n[^one]: ",
    ),
    "a heading put in": (
        lambda desk: desk.insert_paragraph("It cost", "More", "Heading2"),
        "last words.\n",
        "last words.{++\n\n## More++}\n",
    ),
    "an item put in": (
        lambda desk: desk.insert_paragraph("one thing", "and a half"),
        "- another",
        "{++- and a half\n++}\n- another",
    ),
    "a paragraph taken out, with its note": (
        lambda desk: desk.delete_paragraph("First words"),
        CHAPTER[CHAPTER.index("First") : CHAPTER.index("\n\n## Salt")],
        "{--"
        + CHAPTER[CHAPTER.index("First") : CHAPTER.index("\n\n[^one]")]
        + "--}\n\n{--[^one]: The text of the note [see @yang, 3; @gras].--}",
    ),
    "a heading taken out": (
        lambda desk: desk.delete_paragraph("Cloth"),
        "## Cloth {#sec-silk}",
        "{--## Cloth {#sec-silk}--}",
    ),
    "an item taken out": (
        lambda desk: desk.delete_paragraph("another thing"),
        "- another thing",
        "{--- another thing--}",
    ),
    "a comment on a quotation": (
        lambda desk: desk.comment("To begin", "Is this right?"),
        "> To begin",
        f"> {{==To begin==}}{SAID}",
    ),
    "a comment in a note": (
        lambda desk: desk.comment("In place", "Is this right?"),
        "^[In place",
        f"^[{{==In place==}}{SAID}",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_comes_back_as_a_mark(small: bytes, what: str) -> None:
    step, old, new = CHANGES[what]
    desk = Desk(small)
    step(desk)
    texts, came, found = back(desk.saved())
    expected = {path: text.replace(old, new) for path, text in texts.items()}
    assert expected != texts
    assert came == expected
    assert not found.uncarried


def test_a_paragraph_is_divided_and_joined(small: bytes) -> None:
    desk = Desk(small)
    desk.divide("First words")
    desk.join("one thing")
    texts, came, _ = back(desk.saved())
    path = "content/chapters/salt.md"
    divided = texts[path].replace("First words", "First words{++\n\n++}")
    assert came[path] == divided.replace("one thing\n- another", "one thing{--\n- --}another")


def test_what_no_mark_can_say_is_reported_with_its_place(small: bytes) -> None:
    desk = Desk(small)
    desk.look("last words", "b")
    texts, came, found = back(desk.saved())
    assert came == texts
    (one,) = found.uncarried
    assert "set otherwise than they were: last" in one.message
    assert texts[one.path][one.at :].startswith("It cost")


def test_citations_whose_words_were_changed_are_reported(small: bytes) -> None:
    desk = Desk(small)
    notes = desk.trees["word/footnotes.xml"]
    run = next(text for text in notes.iter(w("t")) if "Histoire" in (text.text or ""))
    run.text = (run.text or "").replace("Histoire", "History")
    texts, came, found = back(desk.saved())
    assert came == texts
    assert any("citation" in one.message for one in found.uncarried)


def test_a_control_whose_tag_is_gone_is_known_by_its_bookmark(small: bytes) -> None:
    """LibreOffice 7.4 keeps content controls without their tags."""
    desk = Desk(small)
    for tree in desk.trees.values():
        for properties in list(tree.iter(w("sdtPr"))):
            for child in list(properties):
                properties.remove(child)
    texts, came, found = back(desk.saved())
    assert came == texts
    assert not found.uncarried


# The file itself


def test_the_same_book_gives_the_same_bytes(small: bytes, tmp_path: Path) -> None:
    files: Mapping[str, str | bytes] = {"content/data/aid.csv": AID}
    write_book(tmp_path / "x y", {"salt": chapter("Salt and Silk", CHAPTER)}, Settings(files=files))
    made = sender(tmp_path / "x y", tmp_path / "store")
    assert made.send(sections_with_text(made.draft, made.book)) == small
    with zipfile.ZipFile(BytesIO(small)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_another_reader_opens_it(sent: Mapping[str, bytes]) -> None:
    document = docx.Document(BytesIO(sent["third-period"]))
    styles = {paragraph.style.name for paragraph in document.paragraphs if paragraph.style}
    assert {"Heading 1", "Heading 2", "Body Text", "Caption", "Figure", "Quote"} <= styles
    assert document.core_properties.title == "The Third Period, 1954–1975"
    headings = [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 1"]
    assert headings == ["The Third Period, 1954–1975"] or headings[0].endswith("1954–1975")
    assert len(document.inline_shapes) > 1
    tables = document.tables
    assert tables
    assert all(table.rows[0]._tr.xpath("./w:trPr/w:tblHeader") for table in tables)


def test_it_holds_what_its_parts_refer_to(sent: Mapping[str, bytes]) -> None:
    package = unpacked(sent["whole"])
    for _, relation in package.all_relations():
        assert relation.external or relation.target in package.parts
    types = etree.fromstring(package.parts["[Content_Types].xml"])
    defaults = {one.get("Extension") for one in types if one.get("Extension")}
    named = {(one.get("PartName") or "").lstrip("/") for one in types if one.get("PartName")}
    assert named <= package.parts.keys()
    for name in package.parts.keys() - {"[Content_Types].xml"}:
        assert name in named or name.rsplit(".", maxsplit=1)[-1] in defaults


def test_ids_names_and_tags_are_those_that_word_takes(sent: Mapping[str, bytes]) -> None:
    package = unpacked(sent["whole"])
    for part in ("word/document.xml", "word/footnotes.xml"):
        tree = package.xml(part)
        for tag, attribute in (("bookmarkStart", "id"), ("bookmarkStart", "name")):
            found = [one.get(w(attribute)) for one in tree.iter(w(tag))]
            assert len(set(found)) == len(found)
            if attribute == "name":
                assert all(re.fullmatch(r"[A-Za-z_]\w{0,39}", str(name)) for name in found)
        tags = [one.get(w("val")) for one in tree.iter(w("tag"), w("alias"))]
        assert max(map(len, filter(None, tags))) <= 64
        controls = [one.get(w("val")) for one in tree.iterfind(f".//{w('sdtPr')}/{w('id')}")]
        assert len(set(controls)) == len(controls)


def test_references_are_fields_where_their_target_is_in_the_file(
    sent: Mapping[str, bytes],
) -> None:
    tree = unpacked(sent["whole"]).xml("word/document.xml")
    names = {one.get(w("name")) for one in tree.iter(w("bookmarkStart"))}
    codes = [re.split(r"\s+", (one.text or "").strip()) for one in tree.iter(w("instrText"))]
    assert len(codes) > 20
    assert {code[0] for code in codes} <= {"REF", "NOTEREF"}
    assert {code[1] for code in codes} <= names


def test_words_in_other_languages_say_so(sent: Mapping[str, bytes]) -> None:
    tree = unpacked(sent["introduction"]).xml("word/document.xml")
    chinese = [run for run in tree.iter(w("r")) if "毛澤東" in "".join(run.itertext())]
    languages = [run.find(f"{w('rPr')}/{w('lang')}") for run in chinese]
    assert languages
    assert [one.get(w("eastAsia")) for one in languages if one is not None] == ["zh-TW"]
    assert any(one.get(w("val")) == "vi-VN" for one in tree.iter(w("lang")))


def test_changes_are_tracked_from_the_start(small: bytes) -> None:
    assert b"<w:trackRevisions/>" in unpacked(small).parts["word/settings.xml"]
