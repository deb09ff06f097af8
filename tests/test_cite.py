"""How the book is cited: what heads tell machines, what readers copy, addresses that lead on."""

import datetime
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browsing import served
from lxml import etree
from playwright.sync_api import Browser, Page
from support import Settings, octavo, write_book
from test_permalinks import A, B, C, D, E, F, edited, name_of

from octavo import config
from octavo.config import Contributor
from octavo.editions.text import plain
from octavo.markdown.tree import Element
from octavo.reference import forms, metadata, names, works
from octavo.reference.names import Name
from octavo.reference.works import Pages, Reference

X = "{http://www.w3.org/1999/xhtml}"
LONG = "\n\n".join(f"{A} {number}." for number in range(40))
CHAPTERS = {
    "salt": f"---\ntitle: Salt & Silver\nid: ch-salt\n---\n{A}\n\n{B}\n\n## Weights {{#sec-w}}\n\n"
    f"{C}\n\n{LONG}\n",
    "silk": f"---\ntitle: Silk\nauthor: Lê Văn\n---\n{D}\n\n{E}\n",
}
BASE = '\n[web]\nbase-url = "https://example.org/salt"\npdf-url = "https://example.org/salt.pdf"\n'
NONSENSE = '\n[checks]\nwords-are-spelled = "off"\n'
PEOPLE = """\
contributors = [
  { name = "Ann Author", sort-as = "Author, Ann" },
  { name = "Nguyen Manh Ha", role = "edt", sort-as = "Nguyen Manh Ha" },
]
"""


@dataclass(frozen=True)
class Site:
    """A book's web edition."""

    root: Path

    @property
    def web(self) -> Path:
        return self.root / "dist" / "web"

    def tree(self, name: str) -> Element:
        return etree.fromstring((self.web / name).read_bytes())

    def metas(self, name: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for meta in self.tree(name).iter(f"{X}meta"):
            key = meta.get("name") or meta.get("property") or ""
            found.setdefault(key, []).append(meta.get("content") or "")
        return found

    def described(self, name: str) -> dict[str, Any]:
        (script,) = self.tree(name).xpath("//*[@type='application/ld+json']")
        found: dict[str, Any] = json.loads(script.text)
        return found


def build_site(root: Path, more: str, editions: str) -> Site:
    look = Settings(front=("title", "contents"), trim=("4in", "6in"), more=more + NONSENSE)
    write_book(root, CHAPTERS, look)
    toml = root / "content" / "book.toml"
    text = toml.read_text()
    toml.write_text(re.sub(r"contributors = .*\n", PEOPLE, text))
    done = octavo("--edition", editions, "--book", root)
    assert (done.returncode, done.stderr) == (0, "")
    return Site(root)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A book with pages and an address."""
    return build_site(tmp_path_factory.mktemp("printed") / "book", BASE, "print,web")


@pytest.fixture(scope="module")
def unprinted(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A book that has neither."""
    return build_site(tmp_path_factory.mktemp("unprinted") / "book", "", "web")


@pytest.mark.parametrize(
    ("name", "filed", "inverted", "csl"),
    [
        ("Jane Doe", "Doe, Jane", "Doe, Jane", {"family": "Doe", "given": "Jane"}),
        (
            "Martin King Jr.",
            "King, Martin, Jr.",
            "King, Martin, Jr.",
            {"family": "King", "given": "Martin", "suffix": "Jr."},
        ),
        ("Mao Zedong", "Mao Zedong", "Mao, Zedong", {"literal": "Mao Zedong"}),
        ("Madonna", "", "Madonna", {"literal": "Madonna"}),
        ("Jane Doe", "", "Jane Doe", {"literal": "Jane Doe"}),
    ],
)
def test_names_are_divided_as_they_are_filed(
    name: str, filed: str, inverted: str, csl: Mapping[str, str]
) -> None:
    made = names.of(Contributor.model_validate({"name": name, "sort-as": filed}))
    assert (made.inverted, made.csl()) == (inverted, csl)


@pytest.mark.parametrize(
    ("name", "filed", "tagged", "bibtex"),
    [
        ("Jane Doe", "Doe, Jane", "Doe, Jane", "Doe, Jane"),
        ("Martin King Jr.", "King, Martin, Jr.", "King, Martin Jr.", "King, Jr., Martin"),
        (
            "Vincent Willem van Gogh",
            "van Gogh, Vincent Willem",
            "van\N{NO-BREAK SPACE}Gogh, Vincent Willem",
            "van Gogh, Vincent Willem",
        ),
        ("Jane Doe", "", "Jane Doe", "{Jane Doe}"),
    ],
)
def test_names_are_told_as_their_readers_divide_them(
    name: str, filed: str, tagged: str, bibtex: str
) -> None:
    made = names.of(Contributor.model_validate({"name": name, "sort-as": filed}))
    assert (made.tagged, metadata.bibtex_names([made])) == (tagged, bibtex)


def test_the_name_of_a_corporate_body_is_not_divided() -> None:
    given = {"name": "The Press", "kind": "corporate", "sort-as": "Press, The"}
    made = names.of(Contributor.model_validate(given))
    assert (made.inverted, made.csl()) == ("The Press", {"literal": "The Press"})
    assert made.tagged == "The Press,"
    assert metadata.bibtex_names([made]) == "{The Press}"


def reference(**given: Any) -> Reference:
    fields: dict[str, Any] = {
        "name": "index.html",
        "title": "Salt",
        "container": None,
        "authors": (Name("Jane Doe", "Doe", "Jane"),),
        "editors": (),
        "translators": (),
        "publisher": "A Press",
        "date": datetime.date(2026, 3, 4),
        "edition": "",
        "language": "en-GB",
        "isbns": (),
        "doi": "",
    }
    return Reference(**{**fields, **given})


def cited(one: Reference, style: str, kind: str, pages: Pages, url: str) -> str:
    own = Pages("9", "15")
    # More works by the same author in the same year must change nothing.
    others = [reference(name="a", title="Sugar"), reference(name="b", title="Tea")]
    made = forms.forms([others[0], one, others[1]], "en-US", None)[one.name]
    (form,) = [
        form
        for form in made
        if (form.style.name, form.kind, form.has_address) == (style, kind, bool(url))
        and form.pages == (own if kind == "entry" else pages).count
    ]
    return plain(forms.filled(form.content, pages, own, url))


CHAPTER = reference(name="c.html", title="Of weights", container=reference())
URL = "https://example.org/c.html#p--abc"
CITED = {
    ("chicago-notes", "passage", "", ""): "Jane Doe, “Of Weights,” in Salt (A Press, 2026).",
    ("chicago-notes", "passage", "11", URL): (
        f"Jane Doe, “Of Weights,” in Salt (A Press, 2026), 11, {URL}."
    ),
    ("chicago-notes", "passage", "xi xii", URL): (
        f"Jane Doe, “Of Weights,” in Salt (A Press, 2026), xi–xii, {URL}."
    ),
    ("modern-language-association", "entry", "11", URL): (
        f"Doe, Jane. “Of Weights.” Salt, A Press, 2026, pp. 9–15, {URL}."
    ),
    ("modern-language-association", "passage", "11", URL): "(Doe 11)",
    ("apa", "entry", "11", ""): "Doe, J. (2026). Of weights. In Salt (pp. 9–15). A Press.",
    ("apa", "passage", "11", ""): "(Doe, 2026, p. 11)",
    ("apa", "passage", "11 12", ""): "(Doe, 2026, pp. 11–12)",
}


@pytest.mark.parametrize("case", CITED)
def test_citations_are_the_styles_own(case: tuple[str, str, str, str]) -> None:
    style, kind, folios, url = case
    found = folios.split()
    pages = Pages(found[0], found[-1]) if found else Pages()
    assert cited(CHAPTER, style, kind, pages, url) == CITED[case]


def test_a_work_without_author_is_cited_by_its_title() -> None:
    one = reference(name="c.html", title="Weights", authors=())
    assert cited(one, "apa", "passage", Pages("3", "3"), "") == "(Weights, 2026, p. 3)"


def test_a_chapters_own_author_stands_before_the_books() -> None:
    one = reference(
        name="c.html", title="Weights", container=reference(), authors=(Name("Lê Văn"),)
    )
    found = cited(one, "chicago-notes", "passage", Pages(), "")
    assert found == "Lê Văn, “Weights,” in Salt, by Jane Doe (A Press, 2026)."


def test_the_first_edition_is_not_named(unprinted: Site) -> None:
    def edition(words: str) -> str:
        text = (unprinted.root / "content" / "book.toml").read_text()
        made = config.validated(config.Config, f'edition = "{words}"\n{text}', Path("book.toml"))
        return works.book(made, "index.html").edition

    assert (edition("First edition"), edition("Second edition")) == ("", "Second edition")


def zotero(site: Site, name: str) -> dict[str, Any]:
    """Read a document as Zotero's translator "Embedded Metadata" does, by its rules.

    The type is that of ``citation_book_title`` (a section of a book), or of ``og:type``, which
    counts before it; fields are those of the Highwire tags, and those of Dublin Core for what they
    leave.  A document with a COinS span would be read by that translator instead.
    """
    tree, metas = site.tree(name), site.metas(name)
    assert not tree.xpath("//*[@class='Z3988']")
    kind = "journalArticle"
    if "citation_isbn" in metas:
        kind = "book"
    if "citation_book_title" in metas:
        kind = "bookSection"
    if metas.get("og:type") == ["book"]:
        kind = "book"
    first = {key: values[0] for key, values in metas.items()}
    return {
        "itemType": kind,
        "title": first["citation_title"],
        "creators": [tuple(one.split(", ")) for one in metas.get("citation_author", [])],
        "date": first["citation_publication_date"],
        "bookTitle": first.get("citation_inbook_title"),
        "pages": "-".join(
            first[key] for key in ("citation_firstpage", "citation_lastpage") if key in first
        ),
        "url": first.get("citation_public_url"),
        "language": first["citation_language"],
        "pdf": first.get("citation_pdf_url"),
        "schema": tree.xpath("string(//*[@rel='schema.DC']/@href)"),
    }


class TestHeads:
    def test_zotero_finds_the_chapter(self, printed: Site) -> None:
        found = zotero(printed, "salt.html")
        assert found["itemType"] == "bookSection"
        assert (found["title"], found["bookTitle"]) == ("Salt & Silver", "Salt and Silk")
        assert re.fullmatch(r"1-\d+", found["pages"])
        assert found["url"] == "https://example.org/salt/salt.html"
        assert (found["date"], found["language"]) == ("2026/03/04", "en-GB")
        assert found["schema"] == "http://purl.org/dc/elements/1.1/"
        assert found["pdf"] is None
        assert zotero(printed, "silk.html")["creators"] == [("Lê Văn",)]

    @pytest.mark.parametrize("name", ["index.html", "book.html"])
    def test_zotero_finds_the_book(self, printed: Site, name: str) -> None:
        found = zotero(printed, name)
        assert (found["itemType"], found["title"]) == ("book", "Salt and Silk")
        assert (found["bookTitle"], found["pages"]) == (None, "")
        assert found["pdf"] == "https://example.org/salt.pdf"

    def test_editors_are_told_from_authors(self, printed: Site) -> None:
        metas = printed.metas("salt.html")
        assert metas["citation_editor"] == metas["DC.contributor"] == ["Nguyen, Manh Ha"]
        assert "Nguyen, Manh Ha" not in metas["citation_author"] + metas["DC.creator"]

    def test_schema_org_knows_the_chapter_and_its_book(self, printed: Site) -> None:
        chapter, book = printed.described("salt.html"), printed.described("index.html")
        assert (chapter["@type"], chapter["name"]) == ("Chapter", "Salt & Silver")
        assert (chapter["pageStart"], chapter["isPartOf"]["@type"]) == ("1", "Book")
        assert chapter["isPartOf"]["@id"] == book["@id"] == "https://example.org/salt/index.html"
        assert [part["name"] for part in book["hasPart"]] == ["Salt & Silver", "Silk"]
        assert "pageBreakMarkers" in book["accessibilityFeature"]
        assert book["editor"] == [
            {
                "@type": "Person",
                "name": "Nguyen Manh Ha",
                "familyName": "Nguyen",
                "givenName": "Manh Ha",
            }
        ]

    def test_a_book_without_pages_and_address_claims_neither(self, unprinted: Site) -> None:
        for name in ("index.html", "salt.html", "book.html"):
            metas, described = unprinted.metas(name), unprinted.described(name)
            assert not {"og:url", "citation_public_url", "citation_firstpage"} & metas.keys()
            assert not {"url", "@id", "pageStart", "pagination"} & described.keys()
            assert not unprinted.tree(name).xpath("//*[@rel='canonical']")
        features = unprinted.described("index.html")["accessibilityFeature"]
        assert "pageBreakMarkers" not in features
        assert not (unprinted.web / "sitemap.xml").exists()

    def test_the_sitemap_names_each_document(self, printed: Site) -> None:
        found = etree.fromstring((printed.web / "sitemap.xml").read_bytes())
        assert [place.text for place in found.iter("{*}loc")] == [
            "https://example.org/salt/index.html",
            "https://example.org/salt/salt.html",
            "https://example.org/salt/silk.html",
        ]

    def test_reference_managers_have_files(self, printed: Site) -> None:
        ris = (printed.web / "cite" / "silk.ris").read_text().splitlines()
        assert ris[:4] == ["TY  - CHAP", "AU  - Lê Văn", "TI  - Silk", "T2  - Salt and Silk"]
        assert ris[-1] == "ER  - "
        assert "UR  - https://example.org/salt/silk.html" in ris
        assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in ris)
        bib = (printed.web / "cite" / "salt.bib").read_text()
        assert bib.startswith("@incollection{salt-salt,\n")
        assert "  title = {Salt \\& Silver},\n" in bib
        assert "  editor = {Nguyen, Manh Ha},\n" in bib
        assert re.search(r"  pages = \{1--\d+\},\n", bib)
        assert bib.count("{") == bib.count("}")

    def test_the_document_says_without_script_how_it_is_cited(self, printed: Site) -> None:
        (shown,) = printed.tree("silk.html").xpath("//*[local-name()='div'][@class='cite']")
        text = plain(shown)
        assert "Lê Văn, ‘Silk’, in Salt and Silk, by Ann Author, " in text
        assert re.search(r"Lê Văn\. \(2026\)\. Silk\. In .*, Salt and Silk \(pp\. \d+–\d+\)", text)
        assert "https://example.org/salt/silk.html." in text
        assert "%" not in text


BAD = {
    "example.org/book/": "does not begin with https://",
    "/book/": "does not begin with https://",
    "//example.org/": "does not begin with https://",
    "ftp://example.org/": "is no address on the web: ftp:",
    "https:///book/": "names no host",
    "https://": "names no host",
    "https:example.org": "names no host",
    "https://exa mple.org/": "has a sign that no address can have",
    "https://example..org/": "names no host",
    "https://[::1/": "names no host",
    "https://example.org:99999/": "names no port that there can be",
    "https://me:secret@example.org/": "has a user's name in it",
    "https://example.org/?book=1": "has a query or a fragment",
    "https://example.org/book/#top": "has a query or a fragment",
    "https://example.org/book?": "has a query or a fragment",
}


@pytest.mark.parametrize("address", BAD)
def test_a_base_url_that_is_none_is_reported(
    address: str, small_book: Path, tmp_path: Path
) -> None:
    root = shutil.copytree(small_book, tmp_path / "book")
    toml = root / "content" / "book.toml"
    text = toml.read_text() + f'\n[web]\nbase-url = "{address}"\n'
    toml.write_text(text)
    line = text.split("\n").index(f'base-url = "{address}"') + 1
    done = octavo("check", "--book", root)
    assert done.returncode == 1
    assert done.stderr.startswith(
        f'content/book.toml:{line}:12: error: "web.base-url" is "{address}", which {BAD[address]}'
        " [address-is-sound]\n  hint: "
    )


@pytest.mark.parametrize(
    "address",
    ["https://example.org", "http://localhost:8000/x/", "https://münchen.de/b", "http://[::1]/"],
)
def test_a_sound_base_url_is_taken(address: str, small_book: Path, tmp_path: Path) -> None:
    root = shutil.copytree(small_book, tmp_path / "book")
    toml = root / "content" / "book.toml"
    toml.write_text(toml.read_text() + f'\n[web]\nbase-url = "{address}"\n')
    assert octavo("check", "--book", root).returncode == 0


@pytest.fixture(scope="module")
def page(browser: Browser, printed: Site) -> Iterator[Page]:
    with served(printed.web, "/a/b/") as base:
        page = browser.new_page(base_url=base, viewport={"width": 1280, "height": 900})
        yield page
        page.close()


def citation(page: Page, name: str, kind: str) -> str:
    place = page.locator(f"dialog .citation[data-name='{name}'][data-kind='{kind}']")
    return " ".join(place.inner_text().split())


class TestDialog:
    def test_it_gives_the_page_and_the_permalink_of_every_passage(self, page: Page) -> None:
        page.goto("salt.html")
        pages = page.evaluate(
            """() => {
              const marks = [], passages = [];
              let folio = "", at = null;
              const walk = (node) => {
                if (node.nodeType === 3) {
                  if (node.data.trim() && at) { at.pages.add(folio); }
                  return;
                }
                if (node.matches("[role~=doc-pagebreak]")) { folio = node.ariaLabel; return; }
                if (node.matches(".notes, dialog")) { return; }
                const opens = node.matches("p, h2");
                if (opens) { at = { id: node.id, pages: new Set() }; passages.push(at); }
                node.childNodes.forEach(walk);
                if (opens) { at = null; }
              };
              walk(document.getElementById("ch-salt"));
              return passages.map(({ id, pages }) => [id, [...pages]]);
            }"""
        )
        assert len(pages) > 40
        over = [found for found in pages if len(found[1]) > 1]
        assert over, "no passage runs over a page's end"
        for name, folios in [*pages[:4], *over[:5], pages[-1]]:
            page.goto("about:blank")
            page.goto(f"salt.html#{name}")
            page.locator("button.permalink").click()
            address = f"https://example.org/salt/salt.html#{name}"
            assert page.locator("dialog .address").inner_text() == address
            printed = folios[0] if len(folios) == 1 else f"{folios[0]}–{folios[-1]}"
            label = "p." if len(folios) == 1 else "pp."
            assert re.search(rf", {printed}, {re.escape(address)}\.$",
                             citation(page, "Chicago", "passage")), name  # fmt: skip
            assert f"{label} {printed})" in citation(page, "APA", "passage")
            assert "title = {Salt \\& Silver}" in citation(page, "BibTeX", "record")
            assert f"url = {{{address}}}" in citation(page, "BibTeX", "record")
            assert f"SP - {folios[0]} " in citation(page, "RIS", "record")

    def test_one_stop_of_the_keyboard_leads_to_all_passages(self, page: Page) -> None:
        page.goto("about:blank")
        page.goto("salt.html")
        sign = page.locator("button.permalink")
        assert sign.count() == 1
        sign.focus()
        for _ in range(3):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        assert page.evaluate("document.activeElement.parentElement.id") == name_of(B)
        page.keyboard.press("Enter")
        assert name_of(B) in page.locator("dialog .address").inner_text()
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.className") == "permalink"

    def test_copying_takes_the_citation(self, page: Page, browser: Browser) -> None:
        page.goto("about:blank")
        page.goto(f"salt.html#{name_of(B)}")
        page.locator("button.permalink").click()
        page.evaluate(
            """() => {
              window.taken = null;
              navigator.clipboard.write = async ([item]) => {
                window.taken = await (await item.getType("text/plain")).text();
              };
            }"""
        )
        page.locator("dialog button.copy[aria-label='Copy: APA, in the text']").click()
        page.wait_for_function("window.taken")
        assert page.evaluate("window.taken") == citation(page, "APA", "passage")
        assert page.locator("dialog.cite [role=status]").inner_text() == "Copied."

    def test_without_pages_none_is_named(self, browser: Browser, unprinted: Site) -> None:
        with served(unprinted.web) as base:
            page = browser.new_page()
            page.goto(f"{base}silk.html#{name_of(E)}")
            page.locator("button.permalink").click()
            address = f"{base}silk.html#{name_of(E)}"
            assert citation(page, "Chicago", "passage").endswith(f", 2026), {address}.") or (
                citation(page, "Chicago", "passage").endswith(f" (2026), {address}.")
            )
            assert " pp. " not in citation(page, "MLA", "entry")
            page.close()

    def test_a_file_on_disk_has_no_address(self, browser: Browser, unprinted: Site) -> None:
        page = browser.new_page()
        page.goto(f"{(unprinted.web / 'silk.html').as_uri()}#{name_of(E)}")
        page.locator("button.permalink").click()
        assert citation(page, "Chicago", "passage").endswith("(2026).")
        assert "file:" not in page.locator("dialog.cite").inner_text()
        page.close()


@pytest.fixture(scope="module")
def revised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A web edition whose first edition had other passages, and other chapters."""
    root = write_book(
        tmp_path_factory.mktemp("revised") / "book",
        {
            "salt": f"---\ntitle: Salt\n---\n{A}\n\n{B}\n\n{C}\n",
            "tea": f"---\ntitle: Tea\n---\n{D}\n\n{F}\n",
        },
        Settings(more=NONSENSE),
    )
    octavo("permalinks", "--book", root)
    chapters = root / "content" / "chapters"
    (chapters / "salt.md").write_text(f"---\ntitle: Salt\n---\n{edited(B)}\n\n{A}\n")
    (chapters / "leaves.md").write_text(f"---\ntitle: Leaves\n---\n{D}\n\n{C}\n")
    (chapters / "roots.md").write_text(f"---\ntitle: Roots\n---\n{F}\n")
    (chapters / "tea.md").unlink()
    toml = root / "content" / "book.toml"
    toml.write_text(toml.read_text().replace('"tea"', '"leaves", "roots"'))
    done = octavo("--edition", "web", "--book", root)
    assert (done.returncode, done.stderr) == (0, "")
    return root / "dist" / "web"


@pytest.mark.parametrize(
    ("link", "arrives", "passage"),
    [
        (f"salt.html#{name_of(A)}", "salt.html", A),
        (f"salt.html#{name_of(B)}", "salt.html", edited(B)),
        (f"salt.html#{name_of(C)}", "leaves.html", C),
        (f"tea.html#{name_of(D)}", "leaves.html", D),
        (f"tea.html#{name_of(F)}", "roots.html", F),
    ],
)
def test_links_to_the_last_edition_lead_on(
    link: str, arrives: str, passage: str, revised: Path, browser: Browser
) -> None:
    with served(revised) as base:
        page = browser.new_page()
        page.goto(base + link, wait_until="commit")
        page.wait_for_url(lambda url: url.startswith(f"{base}{arrives}#"))
        target = page.locator(":target").evaluate(
            "one => (one.matches('.anchor') ? one.parentElement : one).innerText"
        )
        assert " ".join(target.replace("¶", "").split()) == passage
        page.close()


def test_without_script_the_way_is_shown(revised: Path, browser: Browser) -> None:
    with served(revised) as base:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{base}salt.html#{name_of(C)}")
        assert page.locator(":target").inner_text() == "This passage now stands in Leaves."
        assert page.locator(".moved p").count() == 1
        page.goto(f"{base}salt.html")
        assert not page.locator(".moved p").is_visible()
        page.goto(f"{base}tea.html")
        page.wait_for_url(f"{base}leaves.html")
        context.close()
