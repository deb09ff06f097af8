"""The EPUB as it is made: in a browser, document by document, and by the guidelines of the shops.

``KINDLE`` is Amazon's "Kindle Publishing Guidelines", ``APPLE`` the "Apple Books Asset Guide".
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

import node
import pytest
import tinycss2
from browsing import served
from conftest import RealBook
from lxml import etree
from PIL import Image
from playwright.sync_api import Browser, Page

X = "{http://www.w3.org/1999/xhtml}"
NIGHT = """
html { background: #000 !important; color: #ddd !important }
body * { color: inherit !important; border-color: currentcolor !important }
"""
"""What a reading system's night mode sets."""

REJECTED = {
    "position": {"fixed", "absolute", "sticky"},  # KINDLE, "CSS Support": not drawn as meant
    "float": {"top", "bottom"},
    "display": {"flex", "grid", "contents"},
    "color": set(),  # KINDLE, "Text Guidelines": body text has the reader's own colour
}
"""Values that guidelines reject, by property."""


@pytest.fixture(scope="module")
def files(real_book: RealBook) -> Mapping[str, bytes]:
    (path,) = real_book.outputs.glob("*.epub")
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def trees(files: Mapping[str, bytes]) -> Mapping[str, Any]:
    return {name: etree.fromstring(files[name]) for name in files if name.endswith(".xhtml")}


@pytest.fixture(scope="module")
def address(files: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("unzipped")
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    with served(folder) as base:
        yield base


@pytest.fixture(params=[(320, "light"), (1000, "dark")], ids=["phone", "night"])
def opened(browser: Browser, request: pytest.FixtureRequest) -> Iterator[tuple[Page, list[str]]]:
    """A page of some width, and the requests of it that have failed."""
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("response", lambda got: failed.append(got.url) if got.status >= 400 else None)
    if scheme == "dark":
        style = f"new CSSStyleSheet().replace(`{NIGHT}`)"
        page.add_init_script(f"{style}.then(sheet => document.adoptedStyleSheets = [sheet])")
    yield page, failed
    context.close()


# Documents


IS_NIGHT = "matchMedia('(prefers-color-scheme: dark)').matches"
IS_BLACK = "getComputedStyle(document.documentElement).backgroundColor === 'rgb(0, 0, 0)'"

AXE = """async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const found = await axe.run(
        {exclude: [["[role=doc-pagebreak]"]]},
        {runOnly: tags, rules: {"target-size": {enabled: true}}},
    );
    return found.violations.flatMap(rule =>
        rule.nodes.map(node => `${rule.id}: ${node.html} (${node.failureSummary})`));
}"""
"""WCAG 2.2 AA.  axe-core does not know that a page break may have a name (DPUB-ARIA 1.1 says so),
and EPUB allows no second role that it knows; Ace, which does, looks at those."""


def test_every_document_fits_loads_and_is_accessible(
    opened: tuple[Page, list[str]], address: str, trees: Mapping[str, Any]
) -> None:
    page, failed = opened
    script = node.axe()
    wrong = []
    for name in trees:
        page.goto(address + name)
        assert page.evaluate(IS_NIGHT) == page.evaluate(IS_BLACK)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        page.evaluate(script)
        wrong += [f"{name} is {over} px too wide"] * (over > 0)
        wrong += [f"{name}: {found}" for found in page.evaluate(AXE)]
    assert wrong == []
    assert failed == []


def test_pictures_are_drawn_and_stand_on_white(
    opened: tuple[Page, list[str]], address: str, trees: Mapping[str, Any]
) -> None:
    page, _ = opened
    for name, tree in trees.items():
        count = len(list(tree.iter(f"{X}img")))
        if not count or name.endswith("cover.xhtml"):
            continue
        page.goto(address + name)
        drawn = page.evaluate(
            "[...document.images].map(image => [image.currentSrc, image.naturalWidth > 0,"
            " getComputedStyle(image).backgroundColor])"
        )
        assert len(drawn) == count
        for source, is_drawn, ground in drawn:
            assert is_drawn, source
            assert ground == "rgb(255, 255, 255)", source


def test_documents_hold_nothing_that_readers_reject(trees: Mapping[str, Any]) -> None:
    # KINDLE, "HTML and CSS Tags Supported": none of these; APPLE: no script where none is needed.
    rejected = {
        "audio", "button", "canvas", "details", "embed", "form", "iframe", "input", "math",
        "object", "script", "select", "style", "svg", "textarea", "video",
    }  # fmt: skip
    for name, tree in trees.items():
        found = {etree.QName(element).localname for element in tree.iter(etree.Element)}
        assert not found & rejected, name
        assert not tree.xpath("//@style | //@*[starts-with(name(), 'on')]"), name
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), name
        # KINDLE, "Avoid Large Tables" and nested ones.
        assert not list(tree.iterfind(f".//{X}table//{X}table")), name


def test_every_picture_in_svg_has_a_png_beside_it(
    files: Mapping[str, bytes], trees: Mapping[str, Any]
) -> None:
    """KINDLE, "Use Supported SVG Tags and Elements": none that transforms, or has text."""
    count = 0
    for tree in trees.values():
        for image in tree.iter(f"{X}img"):
            assert not image.get("src").endswith(".svg")
        for source in tree.iter(f"{X}source"):
            image = source.getparent().find(f"{X}img")
            assert source.get("srcset").removesuffix("svg") == image.get("src").removesuffix("png")
            assert image.get("alt")
            count += 1
    assert count == sum(name.endswith(".svg") for name in files)


def test_the_document_of_the_cover_holds_the_picture_alone(trees: Mapping[str, Any]) -> None:
    """KINDLE, "Internal Cover Must Not Appear Twice": Kindle leaves such a document out."""
    body = trees["EPUB/cover.xhtml"].find(f"{X}body")
    assert not "".join(body.itertext()).strip()
    assert len(list(body.iter(f"{X}img"))) == 1


# Styles


def declarations(css: bytes) -> Iterator[tuple[str, str]]:
    """Give each property of a stylesheet with its value."""

    def within(rules: Any) -> Iterator[tuple[str, str]]:
        for rule in rules:
            if rule.type == "at-rule" and rule.lower_at_keyword == "media":
                yield from within(tinycss2.parse_rule_list(rule.content))
            elif rule.type in {"qualified-rule", "at-rule"} and rule.content is not None:
                for one in tinycss2.parse_blocks_contents(rule.content, skip_whitespace=True):
                    if one.type == "declaration":
                        yield one.lower_name, tinycss2.serialize(one.value).strip()

    yield from within(tinycss2.parse_stylesheet_bytes(css, skip_comments=True)[0])


def test_styles_hold_nothing_that_readers_reject(files: Mapping[str, bytes]) -> None:
    sheets = {name: list(declarations(files[name])) for name in files if name.endswith(".css")}
    assert sum(len(sheet) for sheet in sheets.values()) > 100
    for name, sheet in sheets.items():
        for key, value in sheet:
            where = f"{name}: {key}: {value}"
            assert not set(value.split()) & REJECTED.get(key, set()), where
            # The reader's own colours hold, at night too (KINDLE, "Text Guidelines").
            assert key not in {"color", "background", "filter"} or value == "inherit", where
            assert key != "background-color" or value == "#ffffff", where
            # KINDLE, "Formatting Paragraphs": lengths that grow with the type, none in points or
            # pixels but hairlines; the reader's own size and line height for the text itself.
            assert key.startswith("border") or not re.search(r"\d(px|pt|mm|cm|in|pc)\b", value), (
                where
            )
            # KINDLE, "CSS Support": negative margins take text off the screen, unless what they
            # move stands in a padding or margin of the same size, as numbers of notes do.
            assert not (key in {"margin", "margin-right", "margin-top"} and "-" in value), where
            assert "important" not in value, where
            assert "url(" not in value or key == "src", where


def test_body_text_has_the_size_and_margins_that_readers_choose(
    files: Mapping[str, bytes],
) -> None:
    """KINDLE, "Normal Text Must Use Defaults"; APPLE: the same for the body."""
    css = files["EPUB/book.css"].decode()
    (rule,) = re.findall(r"^body \{(.*?)\}", css, re.M | re.S)
    named = {name for name, _ in declarations(f"body {{{rule}}}".encode())}
    assert "font-family" in named
    assert not named & {"font-size", "margin", "padding", "text-align", "color"}


# Files


def test_the_file_is_small_and_its_pictures_are_as_shops_ask(
    real_book: RealBook, files: Mapping[str, bytes]
) -> None:
    (path,) = real_book.outputs.glob("*.epub")
    assert path.stat().st_size < 5_000_000
    for name, data in files.items():
        if name.endswith((".png", ".jpg")):
            with Image.open(io.BytesIO(data)) as picture:
                assert picture.width * picture.height <= 5_600_000, name  # APPLE, "Images"
                assert picture.mode in {"RGB", "L", "P"}, name
            assert len(data) < 5_000_000, name  # KINDLE, "Image Guidelines"
        # KINDLE, "File Path and File Name Requirements"
        assert re.fullmatch(r"[A-Za-z0-9./_-]+", name), name
    # Fonts stand there as they are: not obfuscated, so that every reader can use them.
    assert not {"META-INF/encryption.xml", "META-INF/rights.xml"} & set(files)
    fonts = [data for name, data in files.items() if name.endswith(".woff2")]
    assert fonts and all(data.startswith(b"wOF2") for data in fonts)


def test_the_cover_is_as_shops_ask(files: Mapping[str, bytes]) -> None:
    with Image.open(io.BytesIO(files["EPUB/cover.png"])) as cover:
        assert min(cover.size) >= 1400  # APPLE, "Book Cover Art"
        assert cover.size == (1600, 2560)  # KINDLE, "Cover Image Guidelines"
        assert cover.mode == "RGB"


def test_the_ncx_nests_no_deeper_than_kindle_shows(files: Mapping[str, bytes]) -> None:
    """KINDLE, "NCX Guidelines": two levels of nesting."""
    point = "{http://www.daisy.org/z3986/2005/ncx/}navPoint"
    tree = etree.fromstring(files["EPUB/toc.ncx"])
    assert max(len(list(one.iterancestors(point))) for one in tree.iter(point)) <= 1
