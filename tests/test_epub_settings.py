"""What ``book.toml`` says of the EPUB alone: its cover, its subjects, its accessibility."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from PIL import Image
from support import Settings, chapter, composed, write_book

from octavo import compose, cover, manuscript
from octavo.checks import distribution
from octavo.editions import epub, paging
from octavo.fonts import Face
from octavo.problems import BookError, Problem, Severity
from octavo.templating import Templates

NAMES = {"dc": "http://purl.org/dc/elements/1.1/", "opf": "http://www.idpf.org/2007/opf"}
X = "{http://www.w3.org/1999/xhtml}"


def book(root: Path, printing: str, **files: bytes) -> Path:
    """Write a book with more settings, and pictures by name (``front_jpg``)."""
    named = {f"figures/{name.replace('_', '.')}": data for name, data in files.items()}
    return write_book(
        root, {"salt": chapter("Salt", "A.\n")}, Settings(printing=printing, files=named)
    )


def image(kind: str, width: int, height: int, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, kind)
    return out.getvalue()


def made(root: Path, faces: tuple[Face, ...]) -> dict[str, bytes]:
    data = epub.make(composed(root), Templates(root), faces, paging.NONE).data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def package(files: dict[str, bytes]) -> Any:
    return etree.fromstring(files["EPUB/package.opf"])


def metas(files: dict[str, bytes], name: str) -> list[str]:
    found = package(files).xpath("//opf:meta[@property=$name]", namespaces=NAMES, name=name)
    return [meta.text for meta in found]


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_a_cover_of_the_books_own_is_its_cover(
    kind: str, tmp_path: Path, set_faces: tuple[Face, ...]
) -> None:
    data = image(kind, 1600, 2560)
    settings = '[epub]\ncover = "figures/front.jpg"\ncover-alt = "A salt pan at \\"dawn\\""'
    files = made(book(tmp_path / "book", settings, front_jpg=data), set_faces)
    item = package(files).xpath("//opf:item[@properties='cover-image']", namespaces=NAMES)[0]
    assert item.get("media-type") == f"image/{kind}"
    assert files[f"EPUB/{item.get('href')}"] == data
    shown = next(etree.fromstring(files["EPUB/cover.xhtml"]).iter(f"{X}img"))
    assert (shown.get("src"), shown.get("alt")) == (item.get("href"), 'A salt pan at "dawn"')


def test_an_editor_need_not_say_what_is_on_the_cover(
    tmp_path: Path, set_faces: tuple[Face, ...]
) -> None:
    settings = '[epub]\ncover = "figures/front.jpg"'
    root = book(tmp_path / "book", settings, front_jpg=image("jpeg", 1600, 2560))
    shown = next(etree.fromstring(made(root, set_faces)["EPUB/cover.xhtml"]).iter(f"{X}img"))
    assert shown.get("alt") == "Cover: Salt and Silk; An Author"


def faults(root: Path) -> list[Problem]:
    return cover.load(manuscript.load(root))[1]


PNG = image("png", 1600, 2560)
COVERS = {
    "inks": (image("jpeg", 1600, 2560, "CMYK"), "cover-is-rgb", Severity.ERROR),
    "narrow": (image("png", 620, 1010), "cover-is-large-enough", Severity.ERROR),
    "low": (image("png", 700, 990), "cover-is-large-enough", Severity.ERROR),
    "small": (image("png", 1399, 2240), "cover-is-large-enough", Severity.WARNING),
    "huge": (image("png", 2000, 2801), "cover-is-small-enough", Severity.WARNING),
    "heavy": (PNG + bytes(5_000_000), "cover-is-small-enough", Severity.WARNING),
    "lying": (image("png", 2560, 1600), "cover-is-upright", Severity.WARNING),
    "webp": (image("webp", 1600, 2560), "cover-is-raster", Severity.ERROR),
    "cut": (image("jpeg", 1600, 2560)[:4000], "cover-is-readable", Severity.ERROR),
}  # fmt: skip


@pytest.mark.parametrize("name", COVERS)
def test_a_cover_that_shops_refuse_is_reported_at_its_line(name: str, tmp_path: Path) -> None:
    data, rule, severity = COVERS[name]
    root = book(tmp_path / "book", '[epub]\ncover = "figures/front.jpg"', front_jpg=data)
    (problem,) = faults(root)
    assert (problem.rule, problem.severity) == (rule, severity)
    line = (root / "content" / "book.toml").read_text().splitlines()[problem.span.line - 1]
    assert line.startswith("cover =")


@pytest.mark.parametrize("data", [image("png", 1400, 2240), image("jpeg", 1600, 2560)])
def test_a_sound_cover_is_not_reported(data: bytes, tmp_path: Path) -> None:
    root = book(tmp_path / "book", '[epub]\ncover = "figures/front.jpg"', front_jpg=data)
    assert faults(root) == []


@pytest.mark.parametrize("path", ["/etc/passwd", "../front.jpg"])
def test_a_cover_stands_in_the_books_folder(path: str, tmp_path: Path) -> None:
    root = book(tmp_path / "book", f'[epub]\ncover = "{path}"')
    assert "outside the book's folder" in faults(root)[0].message
    with pytest.raises(BookError):
        compose.compose(manuscript.load(root))


LETTERS = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50">
<text x="5" y="30" font-size="30" font-family="Helvetica, sans-serif">Hồ Chí 越</text></svg>"""


def test_a_picture_in_svg_has_a_png_with_its_words(
    tmp_path: Path, set_faces: tuple[Face, ...]
) -> None:
    figure = chapter("Salt", '![A map](figures/map.svg){#fig-map alt="Words"}\n')
    root = write_book(
        tmp_path / "book",
        {"salt": figure},
        Settings(files={"content/figures/map.svg": LETTERS}),
    )
    files = made(root, set_faces)
    shown = next(etree.fromstring(files["EPUB/text/salt.xhtml"]).iter(f"{X}picture"))
    assert [(one.get("srcset") or one.get("src")) for one in shown] == [
        "../images/1.svg",
        "../images/1.png",
    ]
    assert files["EPUB/images/1.svg"] == LETTERS.encode()
    with Image.open(io.BytesIO(files["EPUB/images/1.png"])) as picture:
        assert picture.size == (1600, 400)
        assert picture.mode == "L"
        assert sum(picture.histogram()[:100]) > 10_000, "there is ink"
        assert picture.getpixel((0, 0)) == 255


STATED = """
[epub.accessibility]
conforms-to = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
certified-by = "A Press & Sons"
certifier-credential = "https://example.org/credential"
certifier-report = "https://example.org/report"
"""


def test_conformance_is_stated_as_the_standard_asks(
    tmp_path: Path, set_faces: tuple[Face, ...]
) -> None:
    files = made(book(tmp_path / "book", STATED), set_faces)
    assert metas(files, "dcterms:conformsTo") == ["EPUB Accessibility 1.1 - WCAG 2.2 Level AA"]
    assert metas(files, "a11y:certifiedBy") == ["A Press & Sons"]
    assert metas(files, "a11y:certifierCredential") == ["https://example.org/credential"]
    link = package(files).xpath("//opf:link[@rel='a11y:certifierReport']", namespaces=NAMES)[0]
    assert (link.get("href"), link.get("refines")) == ("https://example.org/report", "#certifier")
    (summary,) = metas(files, "schema:accessibilitySummary")
    assert "conforms to EPUB Accessibility 1.1" in summary
    assert "certified by A Press & Sons" in summary


def test_nothing_is_stated_that_the_publisher_has_not(
    tmp_path: Path, set_faces: tuple[Face, ...]
) -> None:
    files = made(book(tmp_path / "book", ""), set_faces)
    assert not metas(files, "dcterms:conformsTo") + metas(files, "a11y:certifiedBy")
    assert "not been evaluated" in metas(files, "schema:accessibilitySummary")[0]
    features = metas(files, "schema:accessibilityFeature")
    assert not {"index", "longDescription", "pageNavigation"} & set(features)


def test_the_publishers_own_summary_replaces_ours(
    tmp_path: Path, set_faces: tuple[Face, ...]
) -> None:
    settings = '[epub.accessibility]\nsummary = """\nRead\naloud."""'
    files = made(book(tmp_path / "book", settings), set_faces)
    assert metas(files, "schema:accessibilitySummary") == ["Read aloud."]


def test_subjects_bear_their_codes(tmp_path: Path, set_faces: tuple[Face, ...]) -> None:
    settings = (
        '[classification]\nthema = [{ code = "NHF", label = "Asian history" }]\n'
        'bisac = [{ code = "HIS003000", label = "HISTORY / Asia / General" }]'
    )
    files = made(book(tmp_path / "book", settings), set_faces)
    subjects = package(files).xpath("//dc:subject", namespaces=NAMES)
    assert [subject.text for subject in subjects] == ["Asian history", "HISTORY / Asia / General"]
    assert metas(files, "authority") == ["THEMA", "BISAC"]
    assert metas(files, "term") == ["NHF", "HIS003000"]


def test_each_distributor_needs_something_and_is_named() -> None:
    assert {one for need in distribution.NEEDS for one in need.by} == set(distribution.NAMES)


def test_a_book_that_goes_nowhere_is_asked_for_nothing(tmp_path: Path) -> None:
    assert distribution.check(manuscript.load(book(tmp_path / "book", ""))) == []


def test_what_is_there_is_not_asked_for(tmp_path: Path) -> None:
    settings = (
        '[distribution]\nto = ["ingram", "onix"]\n'
        '[epub.identifiers]\nisbn = "978-3-16-148410-0"\n'
        '[[classification.bisac]]\ncode = "HIS003000"\nlabel = "History"'
    )
    said = [
        one.message for one in distribution.check(manuscript.load(book(tmp_path / "b", settings)))
    ]
    assert any('"publisher", which Ingram and an ONIX feed need' in one for one in said)
    assert any('"print.identifiers.isbn", which Ingram needs' in one for one in said)
    assert not [one for one in said if '"epub.identifiers.isbn"' in one or '"classification' in one]
