"""import: what came back goes into the files of today; what comes from elsewhere is a chapter."""

import io
import re
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pypandoc
import pytest
from PIL import Image
from support import chapter, octavo, write_book
from wordlike import ANNA, WHEN, Desk, edited

from octavo import criticmarkup, manuscript
from octavo.problems import BookError, Severity
from octavo.word import package, sending
from octavo.word.receiving import Received, Wanted, receive

TEXT = """\
Salt came early.[@gras, 12] It was dear.

Silk came late; nobody [knew]{.index term="knowledge"} why.

The end is near.
"""


PLAINLY = Wanted()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_book(
        tmp_path / "book", {"salt": chapter("Salt", TEXT), "silk": chapter("Silk", "Words.\n")}
    )


def exported(book: Path, *names: str) -> bytes:
    sent = sending.export(book, book / "dist" / "docx", names, whole=False)
    return sent.written[0].read_bytes()


def imported(
    book: Path, data: bytes, wanted: Wanted = PLAINLY, name: str = "from-word.docx"
) -> Received:
    path = book / name
    path.write_bytes(data)
    return receive(book, path, wanted)


def salt(book: Path) -> str:
    return (book / "content" / "chapters" / "salt.md").read_text(encoding="utf-8")


def test_a_change_goes_into_the_chapter_and_nothing_else_is_touched(book: Path) -> None:
    data = edited(exported(book, "salt"), lambda desk: desk.replace("dear", "cheap"))
    before = salt(book)
    received = imported(book, data)
    assert salt(book) == before.replace("dear", "{~~dear~>cheap~~}")
    assert [(path.name, said) for path, said in received.written] == [("salt.md", "1 substitution")]
    assert not received.problems


def test_a_file_that_is_not_there_may_be_the_one_that_was_exported(book: Path) -> None:
    exported(book, "salt")
    with pytest.raises(BookError) as raised:
        receive(book, Path("salt.docx"), PLAINLY)
    (problem,) = raised.value.problems
    assert problem.rule == "docx-is-readable"
    assert problem.hint == 'did you mean "dist/docx/salt.docx"?'


def test_importing_twice_puts_a_mark_in_once(book: Path) -> None:
    data = edited(exported(book, "salt"), lambda desk: desk.replace("dear", "cheap"))
    imported(book, data)
    once = salt(book)
    assert not imported(book, data).written
    assert salt(book) == once


def test_line_ends_and_the_mark_of_the_file_stay(book: Path) -> None:
    path = book / "content" / "chapters" / "salt.md"
    path.write_bytes(b"\xef\xbb\xbf" + salt(book).replace("\n", "\r\n").encode())
    before = path.read_bytes()
    imported(book, edited(exported(book, "salt"), lambda desk: desk.replace("dear", "cheap")))
    assert path.read_bytes() == before.replace(b"dear", b"{~~dear~>cheap~~}")


def test_a_file_that_has_changed_elsewhere_gets_the_marks_all_the_same(book: Path) -> None:
    data = edited(exported(book, "salt"), lambda desk: desk.replace("dear", "cheap"))
    path = book / "content" / "chapters" / "salt.md"
    path.write_text(salt(book).replace("The end", "One more line.\n\nThe end"), encoding="utf-8")
    received = imported(book, data)
    assert "{~~dear~>cheap~~}" in salt(book)
    assert "One more line." in salt(book)
    assert [problem.rule for problem in received.problems] == ["file-is-as-sent"]


def test_a_conflict_stops_the_import_and_says_where(book: Path) -> None:
    data = edited(
        exported(book, "salt"),
        lambda desk: desk.replace("dear", "cheap"),
        lambda desk: desk.replace("near", "nigh"),
    )
    path = book / "content" / "chapters" / "salt.md"
    path.write_text(salt(book).replace("was dear", "was costly"), encoding="utf-8")
    before = salt(book)
    with pytest.raises(BookError) as raised:
        imported(book, data)
    (error,) = [one for one in raised.value.problems if one.severity is Severity.ERROR]
    assert (error.rule, error.span.line) == ("word-change-fits", 4)
    assert "dear → cheap" in error.message
    assert salt(book) == before
    imported(book, data, Wanted(partly=True))
    assert salt(book) == before.replace("near", "{~~near~>nigh~~}")


def test_marks_that_a_chapter_has_are_sent_as_accepted_and_stay(book: Path) -> None:
    path = book / "content" / "chapters" / "salt.md"
    path.write_text(salt(book).replace("early", "{~~early~>soon~~}"), encoding="utf-8")
    sent = sending.export(book, book / "dist" / "docx", ("salt",), whole=False)
    assert "marks-of-editing-are-settled" in {problem.rule for problem in sent.problems}
    data = sent.written[0].read_bytes()
    notes = package.unpacked(data).parts["word/footnotes.xml"].decode()
    assert "Histoire" in notes  # the citation behind the mark was found
    before = salt(book)
    received = imported(book, edited(data, lambda desk: desk.replace("dear", "cheap")))
    assert salt(book) == before.replace("dear", "{~~dear~>cheap~~}")
    assert not received.problems


def test_what_came_back_is_rejected_to_the_byte(book: Path) -> None:
    data = edited(
        exported(book, "salt"),
        lambda desk: desk.replace("dear", "cheap"),
        lambda desk: desk.insert_paragraph("Silk came", "A new one."),
        lambda desk: desk.delete_paragraph("The end"),
        lambda desk: desk.divide("Salt came"),
        lambda desk: desk.comment("knew", "Did they?"),
    )
    before = salt(book)
    imported(book, data)
    assert criticmarkup.settled(salt(book), accept=False).text == before
    assert not criticmarkup.find(salt(book)).faults
    accepted = criticmarkup.settled(salt(book), accept=True).text
    assert "Salt came\n\n early.[@gras, 12] It was cheap." in accepted
    assert "why.\n\nA new one.\n" in accepted
    assert "The end" not in accepted


def test_a_chapter_that_is_gone_is_named(book: Path) -> None:
    data = edited(exported(book, "salt"), lambda desk: desk.replace("dear", "cheap"))
    (book / "content" / "chapters" / "salt.md").unlink()
    toml = book / "content" / "book.toml"
    toml.write_text(toml.read_text().replace('"salt", ', ""))
    with pytest.raises(BookError) as raised:
        imported(book, data)
    assert "no longer in the book" in str(raised.value)


def test_a_document_without_its_text_is_compared_with_the_chapter_of_today(book: Path) -> None:
    parts = dict(package.unpacked(exported(book, "salt")).parts)
    parts = {name: data for name, data in parts.items() if not name.startswith("customXml")}
    data = edited(package.packed(parts), lambda desk: desk.replace("dear", "cheap"))
    before = salt(book)
    imported(book, data, Wanted(against="salt"))
    assert salt(book) == before.replace("dear", "{~~dear~>cheap~~}")


def test_no_file_outside_the_manuscript_can_be_named(book: Path) -> None:
    parts = dict(package.unpacked(exported(book, "salt")).parts)
    item = parts["customXml/item1.xml"]
    parts["customXml/item1.xml"] = item.replace(b"content/chapters/salt.md", b"content/../../x.md")
    with pytest.raises(BookError) as raised:
        imported(book, package.packed(parts))
    assert "cannot be one of a manuscript" in str(raised.value)
    assert not (book.parent.parent / "x.md").exists()


# From elsewhere

FOREIGN = """\
---
title: A *Lecture*
lang: en-GB
---

# Part

*Italic*, **bold**, [small]{.smallcaps}, [a](https://a.org/a), 1\\*2, m^2^.[^1]

[^1]: A *note*.

- one
    1. nested
- two

> A quotation.
>
> Its end.

Text with [more]{.insertion author="Bé" date="2026-01-02T03:04:05Z"} and
[less]{.deletion author="Bé" date="2026-01-02T03:04:05Z"} of it.
A [why?]{.comment-start id=1 author="Cô Ba" date="2026-01-02T03:04:05Z"}phrase[]{.comment-end id=1}.

Words [rien]{lang=fr-FR} and [越南]{lang=zh-TW}.

| Year | Tons |
|------|-----:|
| 1950 | 1200 |

: Table 3. Aid by year

![A square](square.png)

```
code
  more
```

## Below

1. alpha
2. beta
"""
CHAPTER = """\
---
title: "A *Lecture*"
---

## Part

*Italic*, **bold**, [small]{.smallcaps}, [a](https://a.org/a), 1\\*2, m².^[A *note*.]

- one
    1. nested
- two

> A quotation.
>
> Its end.

Text with {++more++} and {--less--} of it. A {==phrase==}{>>@Cô Ba 2026-01-02T03:04:05Z: why?<<}.

Words [rien]{lang=fr} and [越南]{lang=zh-Hant}.

![Aid by year](data/a-lecture-1.csv){.table}

![A square](figures/a-lecture-1.png){alt="A square"}

```
code
  more
```

### Below

1. alpha
2. beta
"""


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give a DOCX that another program has written: pandoc."""
    folder = tmp_path_factory.mktemp("foreign")
    Image.new("RGB", (40, 30), "red").save(folder / "square.png")
    (folder / "a.md").write_text(FOREIGN, encoding="utf-8")
    command = [pypandoc.get_pandoc_path(), "a.md", "-o", "a.docx"]
    subprocess.run(command, cwd=folder, check=True)
    return (folder / "a.docx").read_bytes()


def test_a_document_from_elsewhere_becomes_a_chapter(book: Path, foreign: bytes) -> None:
    received = imported(book, foreign, name="A Lecture.docx")
    made = book / "content" / "chapters" / "a-lecture.md"
    assert made.read_text(encoding="utf-8") == CHAPTER
    table = book / "content" / "data" / "a-lecture-1.csv"
    assert table.read_text() == "Year,Tons\n1950,1200\n"
    assert (book / "content" / "figures" / "a-lecture-1.png").read_bytes().startswith(b"\x89PNG")
    assert {problem.rule for problem in received.problems} == {"section-is-listed"}
    assert received.written[0] == (
        made, "1 note, 1 table, 1 picture, 2 tracked changes, 1 comment",
    )  # fmt: skip


def test_the_chapter_that_was_made_builds(book: Path, foreign: bytes) -> None:
    imported(book, foreign, Wanted(name="silk", replaces=True))
    assert not [one for one in manuscript.load(book).problems if one.severity is Severity.ERROR]
    done = octavo("check", "--book", book)
    assert " error: " not in done.stderr
    assert done.returncode == 0


def test_no_file_is_written_over_unless_asked(book: Path, foreign: bytes) -> None:
    before = salt(book)
    with pytest.raises(BookError) as raised:
        imported(book, foreign, Wanted(name="salt"))
    assert [problem.rule for problem in raised.value.problems if problem.severity is Severity.ERROR]
    assert "is there already" in str(raised.value)
    assert salt(book) == before
    assert not list((book / "content").rglob("salt-1.*"))


def test_paragraphs_that_came_and_went_are_marked_as_wholes(book: Path, foreign: bytes) -> None:
    desk = Desk(foreign)
    desk.insert_paragraph("Its end", "New words.", "BodyText")
    desk.delete_paragraph("alpha")
    imported(book, desk.saved(), Wanted(name="x"))
    text = (book / "content" / "chapters" / "x.md").read_text(encoding="utf-8")
    assert "> Its end.\n\n{++New words.++}\n" in text
    assert "{--1. alpha--}\n" in text


def zipped(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_part(data: bytes, name: str, contents: bytes) -> bytes:
    return zipped({**package.unpacked(data).parts, name: contents})


ENTITIES = (
    b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b"<w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


Spoil = Callable[[bytes], bytes]
BAD: Mapping[str, tuple[Spoil, str]] = {
    "nothing": (lambda _: b"", "no DOCX"),
    "text": (lambda _: b"Hello", "no DOCX"),
    "rich text": (lambda _: b"{\\rtf1 Hello}", "rich text"),
    "half of it": (lambda data: data[: len(data) // 2], "no DOCX"),
    "another archive": (lambda _: zipped({"a.txt": b"a"}), "no Word document"),
    "an old document": (lambda _: OLE, "Word 97"),
    "an encrypted one": (lambda _: OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "entities": (
        lambda data: with_part(data, "word/document.xml", ENTITIES),
        "declares entities",
    ),
    "broken XML": (
        lambda data: with_part(data, "word/document.xml", b"<w:document"),
        "is damaged",
    ),
    "another version": (
        lambda data: with_part(
            data, "customXml/item1.xml", b'<manuscript xmlns="urn:octavo:manuscript" form="9"/>'
        ),
        "another version",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_named(book: Path, foreign: bytes, what: str) -> None:
    spoil, said = BAD[what]
    with pytest.raises(BookError) as raised:
        imported(book, spoil(foreign))
    (problem,) = raised.value.problems
    assert problem.rule == "docx-is-readable"
    assert said in problem.message
    assert sorted(path.name for path in (book / "content" / "chapters").iterdir()) == [
        "salt.md", "silk.md",
    ]  # fmt: skip


def test_numbers_that_are_none_do_no_harm(book: Path, foreign: bytes) -> None:
    numbering = package.unpacked(foreign).parts["word/numbering.xml"]
    spoiled = re.sub(rb'w:val="1"', 'w:val="²"'.encode(), numbering)
    spoiled = re.sub(rb'w:ilvl="1"', b'w:ilvl="99999999999999999999"', spoiled)
    assert spoiled != numbering
    document = package.unpacked(foreign).parts["word/document.xml"]
    deep = re.sub(rb'w:ilvl w:val="1"', b'w:ilvl w:val="99999999999999999999"', document)
    assert deep != document
    data = with_part(with_part(foreign, "word/numbering.xml", spoiled), "word/document.xml", deep)
    imported(book, data, Wanted(name="x"))
    assert "nested" in (book / "content" / "chapters" / "x.md").read_text(encoding="utf-8")


def test_an_archive_that_unpacks_to_too_much_is_refused(
    book: Path, foreign: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "MOST", 1_000_000)
    with pytest.raises(BookError) as raised:
        imported(book, with_part(foreign, "word/media/x.bin", bytes(2_000_000)))
    assert "unpacks to more than 1 MB" in str(raised.value)


def test_macros_objects_and_what_lies_outside_are_left_out_and_named(
    book: Path, foreign: bytes
) -> None:
    parts = dict(package.unpacked(foreign).parts)
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    more = "".join(
        f'<Relationship Id="x{number}" Type="{kind}" Target="{target}"{mode}/>'
        for number, (kind, target, mode) in enumerate(
            [
                (
                    "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
                    "vba.bin",
                    "",
                ),
                (f"{office}/attachedTemplate", "https://x.test/t.dotm", ' TargetMode="External"'),
                (f"{office}/oleObject", "embeddings/o.bin", ""),
                (f"{office}/image", "https://x.test/i.png", ' TargetMode="External"'),
            ]
        )
    )
    rels = parts["word/_rels/document.xml.rels"].decode()
    parts["word/_rels/document.xml.rels"] = rels.replace(
        "</Relationships>", f"{more}</Relationships>"
    ).encode()
    received = imported(book, zipped(parts), Wanted(name="x"))
    said = [one.message for one in received.problems if one.rule == "docx-is-text"]
    assert said == [
        "it holds embedded objects (OLE), which are left out",
        "it holds macros, which are left out",
        "it refers to a picture outside the file: nothing is fetched",
        "it refers to a template outside the file: nothing is fetched",
    ]


def test_an_export_keeps_what_somebody_has_changed(book: Path) -> None:
    folder = book / "dist" / "docx"
    data = exported(book, "salt")
    sending.export(book, folder, ("salt",), whole=False)
    changed = edited(data, lambda desk: desk.replace("dear", "cheap"))
    (folder / "salt.docx").write_bytes(changed)
    with pytest.raises(BookError) as raised:
        sending.export(book, folder, (), whole=False)
    assert "dist/docx/salt.docx: error: this file has changes" in str(raised.value)
    assert (folder / "salt.docx").read_bytes() == changed
    sending.export(book, folder, (), whole=False, replaces=True)
    assert (folder / "salt.docx").read_bytes() == data


def test_the_commands_say_what_they_wrote(book: Path) -> None:
    done = octavo("export", "--docx", "--section", "salt", "--book", book, cwd=book)
    assert (done.returncode, done.stdout) == (0, "dist/docx/salt.docx\n")
    path = book / "dist" / "docx" / "salt.docx"
    path.write_bytes(edited(path.read_bytes(), lambda desk: desk.comment("dear", "Really?")))
    done = octavo("import", path, "--book", book, cwd=book)
    assert (done.returncode, done.stdout) == (0, "content/chapters/salt.md  1 comment\n")
    assert f"{{==dear==}}{{>>@{ANNA} {WHEN}: Really?<<}}" in salt(book)
    done = octavo("export", "--docx", "--section", "sugar", "--book", book, cwd=book)
    assert done.returncode == 1
    assert 'no section with text is called "sugar"' in done.stderr
    done = octavo("import", book / "none.docx", "--book", book, cwd=book)
    assert done.returncode == 1
    assert "there is no such file" in done.stderr
