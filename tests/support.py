"""Helpers of the tests: small books, fixture files, and what stands in a PDF."""

import ctypes
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from lxml import etree

from octavo import build, compose, fonts, manuscript
from octavo.book import Book, Note
from octavo.editions import text
from octavo.editions.text import Dialect
from octavo.markdown.tree import Element
from octavo.typeset import reading_pdf
from octavo.typeset.condition import PrintingCondition
from octavo.typeset.facts import Furniture, Laid, Pagination, SectionPages
from octavo.typeset.joined import Joined, Metadata

ROOT = Path(__file__).parent.parent
FIXTURES = Path(__file__).parent / "fixtures"

WORKS = """\
@book{gras, author = {Gras, Yves}, title = {Histoire de la guerre d'Indochine},
  location = {Paris}, publisher = {Plon}, date = {1979}, langid = {french}}
@book{yang, author = {{Yang Kuisong}}, title = {Changes of Mao Zedong},
  shorttitle = {Changes}, location = {Washington, DC}, publisher = {Wilson Center}, date = {2002}}
@article{hoa, author = {{Nguyễn Thị Mai Hoa} and Path, Kosal}, title = {Aid and Its Price},
  journaltitle = {Journal of Aid}, volume = {4}, number = {2}, pages = {11--40}, date = {2011-05}}
@book{zhai1, author = {Zhai, Qiang}, title = {China and the Wars}, shorttitle = {China},
  location = {Chapel Hill}, publisher = {University of North Carolina Press}, date = {2000}}
@book{zhai2, author = {Zhai, Qiang}, title = {The Dragon and the Lion}, shorttitle = {Dragon},
  location = {Kent}, publisher = {Kent State University Press}, date = {1994}}
@unpublished{telegram, author = {{General Staff}}, title = {Report on Aid}, date = {1954-07-02},
  type = {telegram}, archive = {National Archives III}, archivelocation = {file 1950},
  archivecollection = {Prime Minister's Office}, archiveplace = {Hanoi}, keywords = {archive}}
"""


@dataclass(frozen=True)
class Settings:
    """What a small book may have otherwise than the others."""

    front: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    style: str = "chicago-notes-bibliography"
    restart: str = "chapter"
    language: str = "en-GB"
    trim: tuple[str, str] = ("6in", "9in")
    more: str = ""
    nocite: tuple[str, ...] = ()
    printing: str = ""
    works: str | None = None
    files: Mapping[str, str | bytes] = field(default_factory=dict)


def write_book(root: Path, chapters: Mapping[str, str], given: Settings | None = None) -> Path:
    """Write a book: name of a chapter → its file's text; ``given.files`` are put below ``root``.

    Of ``WORKS`` it has those that are cited, unless ``given.works`` says otherwise.
    """
    given = given or Settings()

    def names(of: Iterable[str]) -> str:
        return ", ".join(f'"{name}"' for name in of)

    toml = f"""\
title = "Salt and Silk"
short-title = "Salt"
slug = "salt"
language = "{given.language}"
date = 2026-03-04
contributors = [{{ name = "An Author" }}]
rights = {{ holder = "An Author", year = 2026 }}
{given.more}
[sections]
front = [{names(given.front)}]
body = [{names(chapters)}]
back = [{names(given.back)}]

[citations]
style = "{given.style}"
restart = "{given.restart}"
nocite = [{names(given.nocite)}]

[print]
trim = [{names(given.trim)}]
{given.printing}
"""
    texts = [*chapters.values(), *(str(contents) for contents in given.files.values())]
    files: dict[str, str | bytes] = {
        "content/book.toml": toml,
        "bib/works.bib": _cited(texts) if given.works is None else given.works,
        **{f"content/chapters/{name}.md": source for name, source in chapters.items()},
        **given.files,
    }
    for name, contents in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents if isinstance(contents, bytes) else contents.encode())
    return root


def _cited(texts: Sequence[str]) -> str:
    entries = re.split(r"^(?=@)", WORKS, flags=re.M)[1:]
    keys = set(re.findall(r"@(\w+)", " ".join(texts)))
    return "".join(
        entry for entry in entries if entry[entry.index("{") + 1 :].split(",")[0] in keys
    )


def chapter(title: str, body: str, **header: object) -> str:
    """Give the text of a chapter's file."""
    lines = [f"{name}: {value}" for name, value in {"title": title, **header}.items()]
    return "\n".join(["---", *lines, "---", body])


def composed(root: Path) -> Book:
    """Compose the book in a folder."""
    return compose.compose(manuscript.load(root)).book


def inner(element: Element) -> str:
    """Give what is inside an element, as XML."""
    pieces = [etree.tostring(child, encoding="unicode") for child in element]
    return (element.text or "") + "".join(pieces)


def words(element: Element) -> str:
    """Give an element's text on one line."""
    return " ".join("".join(element.itertext()).split())


def octavo(
    *arguments: object, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, as a pipe would."""
    return subprocess.run(
        [sys.executable, "-m", "octavo", *map(str, arguments)],
        cwd=cwd or ROOT,
        env={name: value for name, value in os.environ.items() if name != "OCTAVO_BOOK"}
        | {"PYTHONPATH": str(ROOT)}
        | environment,
        capture_output=True,
        check=False,
        text=True,
        timeout=300,
    )


def files_in(folder: Path) -> dict[str, bytes]:
    """Give the files below a folder: path → contents."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# Fixture files


@dataclass(frozen=True)
class Case:
    """One case of a fixture file; ``line`` is that of its title."""

    path: Path
    index: int
    line: int
    title: str
    given: str
    expected: str

    def __str__(self) -> str:
        """Name the case as an editor would open it: ``tests/…/notes.md:12``."""
        return f"{self.path.relative_to(ROOT)}:{self.line}"


_CASE = re.compile(
    r"^(?P<title>[^\n]+)\n\.\n(?P<given>.*?)\n\.\n(?P<expected>.*?)^\.$", re.M | re.S
)


def cases(path: Path) -> Iterator[Case]:
    """Read a fixture file: title, input, expected, each followed by a line of one dot."""
    whole = path.read_text(encoding="utf-8")
    for index, found in enumerate(_CASE.finditer(whole)):
        line = whole.count("\n", 0, found.start()) + 1
        yield Case(path, index, line, found["title"], found["given"], found["expected"])


def accept(case: Case, actual: str) -> None:
    """Write what a case gives now into its file as what is expected of it."""
    whole = case.path.read_text(encoding="utf-8")
    found = list(_CASE.finditer(whole))[case.index]
    new = whole[: found.start("expected")] + actual + whole[found.end("expected") :]
    case.path.write_text(new, encoding="utf-8")


# What stands in a PDF, read by PDFium

SOFT_HYPHEN = "\N{SOFT HYPHEN}"
"""What a hyphen at a line's end that only breaks a word reads as."""


@dataclass(frozen=True)
class Sign:
    """A printed character: its baseline, its box, its size (pt, from the page's bottom left)."""

    text: str
    x: float
    y: float
    left: float
    bottom: float
    right: float
    top: float
    size: float


def signs(pdf: bytes) -> list[list[Sign]]:
    """Give the printed characters of each page, in the order in which they were drawn."""
    document = pdfium.PdfDocument(pdf)
    try:
        return [list(_signs(page)) for page in document]
    finally:
        document.close()


def _signs(page: pdfium.PdfPage) -> Iterator[Sign]:
    read = page.get_textpage()
    try:
        for index in range(read.count_chars()):
            sign = chr(pdfium_c.FPDFText_GetUnicode(read, index))
            if pdfium_c.FPDFText_IsGenerated(read, index) == 1:
                continue
            if sign == "\x02":  # What PDFium makes of a hyphen at a line's end.
                sign = SOFT_HYPHEN if _is_soft(read, index) else "-"
            x, y = ctypes.c_double(), ctypes.c_double()
            pdfium_c.FPDFText_GetCharOrigin(read, index, x, y)
            box = read.get_charbox(index, loose=False)
            matrix = pdfium_c.FS_MATRIX()
            pdfium_c.FPDFText_GetMatrix(read, index, matrix)
            size = pdfium_c.FPDFText_GetFontSize(read, index) * abs(matrix.d)
            left, bottom, right, top = box
            yield Sign(sign, x.value, y.value, left, bottom, right, top, size)
    finally:
        read.close()
        page.close()


def _is_soft(read: pdfium.PdfTextPage, index: int) -> bool:
    """Tell whether a character stands for another text: for nothing else but a soft hyphen."""
    drawn = pdfium_c.FPDFText_GetTextObject(read, index)
    marks = (
        pdfium_c.FPDFPageObj_GetMark(drawn, number)
        for number in range(pdfium_c.FPDFPageObj_CountMarks(drawn))
    )
    return any(pdfium_c.FPDFPageObjMark_GetParamValueType(mark, b"ActualText") for mark in marks)


def lines(page: Sequence[Sign]) -> list[str]:
    """Give a page's lines, from its top: what stands on one baseline, from left to right."""
    rows: dict[int, list[Sign]] = {}
    for sign in page:
        near = next((y for y in rows if abs(y - sign.y) < 1.5), None)
        rows.setdefault(round(sign.y) if near is None else near, []).append(sign)
    found = []
    for y in sorted(rows, reverse=True):
        row = sorted(rows[y], key=lambda sign: sign.x)
        found.append(" ".join("".join(sign.text for sign in row).split()))
    return [line for line in found if line]


# Sections laid out, as a PDF of their own

XMP = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Salt &amp; Silk: Trade</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta>"""

ABOUT = Metadata(
    title="Salt & Silk: Trade",
    authors=("Nguyễn Thị Mai", "B"),
    language="en-GB",
    stamp=datetime(2026, 3, 4, tzinfo=UTC),
    reading_xmp=XMP,
    press_xmp=XMP,
)


@cache
def face_files() -> dict[str, Path]:
    """Give the files of the book's faces by their SHA-256."""
    paths = [face.path for face in fonts.faces(build.font_folder())]
    return {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in paths}


def joined(
    laid: Sequence[Laid],
    furniture: Sequence[Furniture],
    pages: Pagination | None = None,
    trim: tuple[float, float] = (150.0, 120.0),
) -> Joined:
    """Give a book of these sections; without ``pages`` one behind the other, numbered from 1."""
    if pages is None:
        sections, first = [], 0
        for one in laid:
            count = len(one.pages)
            sections.append(SectionPages(one.section, first, count, 0, first + 1, "arabic"))
            first += count
        pages = Pagination(tuple(sections), {}, first)
    return Joined(
        laid=tuple(laid),
        furniture=tuple(furniture),
        pagination=pages,
        outline=(),
        metadata=ABOUT,
        condition=PrintingCondition(b"", ""),
        faces=face_files(),
        trim=trim,
    )


def pdf_of(laid: Laid, furniture: Furniture, trim: tuple[float, float] = (150.0, 120.0)) -> bytes:
    """Give the reading PDF of one section."""
    return reading_pdf.make(joined([laid], [furniture], trim=trim))


# What an edition prints, in a dialect that is easily read


def plain_dialect(folios: Mapping[str, str] | None = None) -> Dialect:
    """A dialect of calls such as ``[3]``, addresses such as ``#id``, and the folios given.

    As on paper, there are no tables of what charts show.
    """

    def call(note: Note) -> list[Element]:
        element = etree.Element("a", {"class": "note-call", "href": f"#{note.id}"})
        element.text = f"[{note.number}]"
        return [element]

    return Dialect(
        href=lambda target: f"#{target.id}",
        note_call=call,
        image=lambda image: image.path,
        folio=lambda target: (folios or {}).get(target.id, ""),
        shows_data=False,
    )


def printed(book: Book, folios: Mapping[str, str] | None = None) -> dict[str, list[str]]:
    """Give each section's blocks as text, by the section's name."""
    dialect = plain_dialect(folios)
    return {
        section.name: [words(block) for block in text.body(section, book, dialect)]
        for section in book.sections
    }


def notes(book: Book, folios: Mapping[str, str] | None = None) -> dict[str, list[str]]:
    """Give each section's notes as text, by the section's name."""
    dialect = plain_dialect(folios)
    return {
        section.name: [words(text.note(note, section, book, dialect)) for note in section.notes]
        for section in book.sections
    }
