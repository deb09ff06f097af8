"""The index: numbers, order, joining, what is reported, and every locator of the real book."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from conftest import RealBook
from lxml import etree
from support import Settings, chapter, composed, write_book
from tagged import Tagged

from octavo import build, compose, manuscript
from octavo.book import Book
from octavo.editions import paging
from octavo.editions.paging import PageStart, Paging
from octavo.indexing import checks, sorting
from octavo.indexing.locators import joined, locate
from octavo.indexing.model import Entry, Place, plain
from octavo.markdown.tree import Element
from octavo.outcome import CACHE
from octavo.problems import BookError, Problem
from octavo.store import Store

CHICAGO = """
3–10 71–72 96–117 100–104 1100–1113 101–8 808–33 1103–4 321–28 498–532 1087–89 1496–500
11564–615 12991–3001 47–49 112–13 200–204 1003–6 99–101 109–10 995–1003
""".split()


@pytest.mark.parametrize("printed", CHICAGO)
def test_ranges_are_written_as_chicago_has_them(printed: str) -> None:
    first, last = printed.split("–")
    whole = first[: max(len(first) - len(last), 0)] + last
    if int(whole) < int(first):
        whole = str(int(first[: -len(last)]) + 1) + last
    assert joined(first, whole) == printed


def test_other_numbers_stay_whole() -> None:
    assert joined("xii", "xiv") == "xii–xiv"
    assert joined("xiv", "3") == "xiv–3"
    assert joined("47", "47") == "47"


ORDERED = {
    "letter": ["New, Arthur", "Newark", "New Deal", "new economics", "news", "New York"],
    "word": ["New, Arthur", "New Deal", "new economics", "New York", "Newark", "news"],
}


@pytest.mark.parametrize("order", ORDERED)
def test_headings_are_sorted(order: sorting.Order) -> None:
    shuffled = sorted(ORDERED[order], key=lambda heading: heading[::-1])
    assert sorted(shuffled, key=lambda heading: sorting.key(heading, order)) == ORDERED[order]


def test_marks_and_articles_do_not_count() -> None:
    names = ["The Border", "Đảng", "Dao", "Lê Duẩn", "legions", "Lê Tài"]
    wanted = ["The Border", "Đảng", "Dao", "Lê Duẩn", "legions", "Lê Tài"]
    assert sorted(names, key=lambda name: sorting.key(name, "letter")) == wanted
    assert [sorting.letter(name) for name in ("Đảng", "The Border", "1st", "Éluard")] == [
        "D", "B", "", "E",
    ]  # fmt: skip


def test_sub_headings_are_filed_by_their_first_word_of_weight() -> None:
    subs = ["of units", "and arms", "for the army", "in China", "as aid"]
    wanted = ["as aid", "and arms", "for the army", "in China", "of units"]
    assert sorted(subs, key=lambda sub: sorting.sub_key(sub, "letter")) == wanted


def place(name: str, **given: object) -> Place:
    values = {"kind": "text", "section": "s", "part": "1.1", **given}
    return Place(id=name, **values)  # type: ignore[arg-type]


def printed(places: list[Place], folios: dict[str, str], *, joins_runs: bool = False) -> list[str]:
    found = locate(places, lambda name: folios.get(name, ""), joins_runs=joins_runs)
    return [f"{one.number}{one.sign}{'!' * one.main}" for one in found]


def test_a_page_is_one_locator() -> None:
    places = [place("a"), place("b", main=True), place("c")]
    assert printed(places, {"a": "9", "b": "9", "c": "11"}) == ["9!", "11"]


def test_a_range_takes_in_what_lies_in_it() -> None:
    places = [place("a"), place("b", end="c"), place("d"), place("e", end="f")]
    folios = {"a": "48", "b": "47", "c": "49", "d": "50", "e": "49", "f": "49"}
    assert printed(places, folios) == ["47–49", "50"]


def test_ranges_that_meet_on_a_page_are_one() -> None:
    places = [place("a", end="b"), place("c", end="d")]
    assert printed(places, {"a": "7", "b": "9", "c": "9", "d": "12"}) == ["7–12"]


def test_pages_in_a_row_are_joined_on_wish() -> None:
    places = [place(name) for name in "abcde"]
    folios = dict(zip("abcde", ("7", "8", "9", "11", "12"), strict=True))
    assert printed(places, folios) == ["7", "8", "9", "11", "12"]
    assert printed(places, folios, joins_runs=True) == ["7–9", "11", "12"]


def test_notes_tables_and_figures_have_their_signs() -> None:
    places = [
        place("a", kind="note", note=3),
        place("b", kind="note", note=4),
        place("c", kind="note", note=7),
        place("d", kind="table"),
        place("e", kind="figure"),
    ]
    folios = {"a": "54", "b": "54", "c": "54", "d": "54", "e": "60"}
    assert printed(places, folios) == ["54nn3–4", "54n7", "54t", "60f"]


def test_text_on_a_page_takes_in_the_notes_of_the_page() -> None:
    places = [place("a", kind="note", note=3, main=True), place("b"), place("c", kind="note",
                                                                           note=9)]  # fmt: skip
    assert printed(places, {"a": "54", "b": "54", "c": "55"}) == ["54!", "55n9"]


def test_roman_folios_come_first() -> None:
    places = [place("a"), place("b", end="c"), place("d")]
    folios = {"a": "3", "b": "ix", "c": "xi", "d": "xii"}
    assert printed(places, folios) == ["ix–xi", "xii", "3"]


def test_without_folios_the_parts_of_the_book_stand_for_pages() -> None:
    places = [place("a", part="10.2"), place("b", part="2.1", end="c", end_part="2.3")]
    assert printed(places, {}) == ["10.2", "2.1–2.3"]


# Small books


def book_of(root: Path, text: str, **files: str) -> Book:
    return composed(indexed(root, text, **files))


def indexed(root: Path, text: str, **files: str) -> Path:
    given = {f"content/{name}.toml": source for name, source in files.items()}
    chapters = {"one": chapter("One", text, id="ch-one")}
    return write_book(root, chapters, Settings(back=("index",), files=given))


def entry(book: Book, term: str) -> Entry:
    return next(entry for entry in book.index.entries() if entry.term == term)


NAMES = """
[[names]]
headword = "Zhou Enlai"
kind = "person"
forms = ["Zhou"]
pinyin = "Zhou Enlai"
traditional = "周恩來"

[[names]]
headword = "Yves Gras"
kind = "person"
index-as = "Gras, Yves"

[[names]]
headword = "Vietnam"
kind = "place"
index = "none"
"""


def test_marks_and_names_make_places(tmp_path: Path) -> None:
    text = """
Zhou spoke of [salt]{.index} with Yves Gras.^[In Vietnam, with [rice]{.index main}.]

Zhou Enlai [wrote]{.index term="Zhou Enlai" sub="letters of"}.

[]{.index-start term="war"}It began.

## Zhou

It [ended]{.index-end term="war"}.
"""
    book = book_of(tmp_path, text, names=NAMES)
    assert [plain(one.words) for one in book.index.entries()] == [
        "Gras, Yves", "rice", "salt", "war", "Zhou Enlai (周恩來)",
    ]  # fmt: skip
    zhou = entry(book, "Zhou Enlai")
    assert len(zhou.places) == 1, "neither in the block with a mark, nor in the heading"
    assert [plain(sub.words) for sub in zhou.subs] == ["letters of"]
    (rice,) = entry(book, "rice").places
    assert (rice.kind, rice.note, rice.main) == ("note", 1, True)
    (war,) = entry(book, "war").places
    assert war.end
    assert (war.part, war.end_part) == ("1", "1.1")


def test_a_name_within_a_range_of_its_heading_makes_no_place(tmp_path: Path) -> None:
    text = """
[]{.index-start term="Zhou Enlai" sub="rise of"}Zhou rose.

Zhou rose more.[]{.index-end term="Zhou Enlai" sub="rise of"}

Zhou fell.
"""
    zhou = entry(book_of(tmp_path, text, names=NAMES), "Zhou Enlai")
    assert len(zhou.places) == 1
    assert len(zhou.subs[0].places) == 1


def test_marks_change_no_word(tmp_path: Path) -> None:
    plain_text = 'A "b c" -- d.^[E *f* g.] H, i.'
    marked = (
        'A "[b c]{.index}" -- []{.index term="x"}d.^[E [*f* g]{.index term="y" main}.] '
        "[H]{.noindex}, i."
    )
    books = [book_of(tmp_path / name, text) for name, text in (("a", plain_text), ("b", marked))]
    texts = [
        ["".join(tree.itertext()) for tree in (one.body, *(note.body for note in one.notes))]
        for one in (book.sections[0] for book in books)
    ]
    assert texts[0] == texts[1]


def test_italics_and_cross_references(tmp_path: Path) -> None:
    settings = """
[[headings]]
term = "Whampoa"
see = ["*Youth* (paper)"]
[[headings]]
term = "salt"
see-also = ["*individual salts*", "*Youth* (paper)"]
script = "鹽"
sort = "zzz"
"""
    text = 'A [b]{.index term="*Youth* (paper)"} [salt]{.index}.'
    book = book_of(tmp_path, text, index=settings)
    assert [one.term for one in book.index.entries()] == ["Whampoa", "*Youth* (paper)", "salt"]
    youth = entry(book, "*Youth* (paper)")
    assert [(run.text, run.italic) for run in youth.words] == [("Youth", True), (" (paper)", False)]
    assert entry(book, "Whampoa").see[0].target == youth.id
    assert [reference.target for reference in entry(book, "salt").see_also] == ["", youth.id]
    assert plain(entry(book, "salt").words) == "salt (鹽)"


def reported(root: Path) -> tuple[Problem, ...]:
    try:
        return compose.compose(manuscript.load(root)).problems
    except BookError as error:
        return error.problems


def said(root: Path) -> list[str]:
    return [f"{problem.span}: {problem.rule}" for problem in reported(root)]


def test_ranges_that_do_not_pair_are_reported(tmp_path: Path) -> None:
    text = """
[]{.index-start term="a"} [x]{.index-end term="b"} []{.index-start term="c" sub="d"} e
[]{.index-end term="c"} []{.index-start term="a"}
"""
    home = "content/chapters/one.md"
    assert said(indexed(tmp_path, text)) == [
        f"{home}:6:1: index-range-is-closed",
        f"{home}:6:27: index-range-is-opened",
        f"{home}:6:52: index-range-is-closed",
        f"{home}:7:1: index-range-is-opened",
        f"{home}:7:25: index-range-is-closed",
    ]


def test_what_an_indexer_would_mind_is_reported(tmp_path: Path) -> None:
    settings = """\
[[headings]]
term = "archives"
see = ["archive files"]
[[headings]]
term = "salt"
see = ["rice"]
[[headings]]
term = "unused"
[[headings]]
term = "grain"
see = ["archives"]
[[headings]]
term = "rice"
see-also = ["rice"]
"""
    text = """
A [salt]{.index} [rice]{.index} [salts]{.index} [x]{.index term="war" sub="end of"}.
"""
    text_file, index_file = "content/chapters/one.md", "content/index.toml"
    assert said(indexed(tmp_path, text, index=settings)) == [
        f"{text_file}:6:33: index-headings-differ",
        f"{text_file}:6:49: index-sub-heading-has-others",
        f"{index_file}:2: index-reference-has-target",
        f"{index_file}:5: index-see-has-no-places",
        f"{index_file}:8: index-heading-is-used",
        f"{index_file}:10: index-reference-leads-to-places",
        f"{index_file}:13: index-reference-leads-on",
    ]


BAD = {
    "unknown": ('[[headings]]\nterm = "a"\nseee = ["b"]\n', ":3: settings-are-known"),
    "type": ('[[headings]]\nterm = "a"\nsee = 3\n', ":3: settings-are-valid"),
    "order": ('order = "alphabet"\n', ":1: settings-are-valid"),
    "term": ('[[headings]]\nsee = ["b"]\n', ":1: settings-are-valid"),
    "toml": ('order = "letter\n', ":1:16: settings-are-toml"),
    "twice": (
        '[[headings]]\nterm = "a"\nsee = ["b"]\n[[headings]]\nterm = "a"\n',
        ":5: index-heading-is-unique",
    ),
    "both": (
        '[[headings]]\nterm = "a"\nsee = ["b"]\nsee-also = ["c"]\n',
        ":2: index-heading-refers-in-one-way",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_settings_are_reported_with_their_line(name: str, tmp_path: Path) -> None:
    settings, wanted = BAD[name]
    assert f"content/index.toml{wanted}" in said(
        indexed(tmp_path, "A [b]{.index}.", index=settings)
    )


def test_too_many_locators_are_reported(tmp_path: Path) -> None:
    text = "\n\n".join(f"## H{n}\n\nA [salt]{{.index}}." for n in range(9))
    book = book_of(tmp_path, text)
    (problem,) = checks.crowded(book.index, lambda name: "")
    assert problem.rule == "index-locators-are-told-apart"
    assert "9 locators" in problem.message
    assert not list(checks.crowded(book.index, lambda name: "7"))


def test_check_counts_locators_by_the_pages_printed_last(tmp_path: Path) -> None:
    text = "\n\n".join(f"A [salt]{{.index}} {n}." for n in range(9))
    book = book_of(tmp_path, text)
    (entry,) = book.index.entries()
    folios = {place.id: str(number) for number, place in enumerate(entry.places, start=1)}
    known = Paging((PageStart("1", "ch-one", True, "ch-one", 0, "One"),), (), folios)
    rule = "index-locators-are-told-apart"
    assert rule not in {problem.rule for problem in build.review(tmp_path).problems}
    paging.keep(known, Store(tmp_path / CACHE / "store"))
    assert rule in {problem.rule for problem in build.review(tmp_path).problems}


def test_a_book_without_index_has_no_ids_for_it(tmp_path: Path) -> None:
    chapters = {"one": chapter("One", "A [b]{.index}.", id="ch-one")}
    book = composed(write_book(tmp_path, chapters))
    assert not list(book.index.entries())
    assert not book.sections[0].body.xpath("//*[@class='index-mark']/@id")


# The real book


@pytest.fixture(scope="module")
def pages(real_book: RealBook) -> Callable[[str], str]:
    """Give the words on the page with a folio, as PDFium reads them, without white space."""
    with pikepdf.open(io.BytesIO(real_book.pdf)) as pdf:
        count = len(pdf.pages)
    document = pdfium.PdfDocument(real_book.pdf)
    by_folio = {
        document.get_page_label(number): bare(document[number].get_textpage().get_text_range())
        for number in range(count)
    }
    return lambda folio: by_folio[folio]


def bare(words: str) -> str:
    return re.sub(r"[\s\ufffe\u00ad\u2060-]", "", words)


def headings(book: Book) -> Iterator[tuple[str, tuple[Place, ...]]]:
    for one in book.index.entries():
        yield plain(one.words), one.places
        for sub in one.subs:
            yield f"{plain(one.words)}, {plain(sub.words)}", sub.places


def elements(book: Book) -> dict[str, Element]:
    trees = [
        tree
        for section in book.sections
        for tree in (section.body, *(note.body for note in section.notes))
    ]
    return {e.get("id"): e for tree in trees for e in tree.iter() if e.get("id")}


def words_at(element: Element) -> str:
    """Give the marked words; for an empty mark the word behind it, or else that before it."""
    own = bare("".join(element.itertext()))
    if own:
        return own
    behind = [element.tail or "", *(text_of(after) for after in element.itersiblings())]
    if found := re.match(r"[\w’]+", "".join(behind).strip()):
        return found[0]
    before = [text_of(sibling) for sibling in element.itersiblings(preceding=True)]
    text = "".join([element.getparent().text or "", *reversed(before)])
    return bare(text.split()[-1])


def text_of(element: Element) -> str:
    return "".join(element.itertext()) + (element.tail or "")


def test_every_locator_leads_to_a_page_with_its_words(
    real_book: RealBook, pages: Callable[[str], str]
) -> None:
    book, folios = real_book.book, real_book.pagination.folios
    known = elements(book)
    count = 0
    for heading, places in headings(book):
        for locator in locate(places, lambda name: folios[name], joins_runs=False):
            for one in locator.places:
                for name in filter(None, (one.id, one.end)):
                    words = words_at(known[name])
                    assert words, (heading, name)
                    assert begins(words, folios[name], pages), (heading, locator.number, words)
            assert pages_of(locator.number, folios[locator.places[0].id])
            count += 1
    assert count == len(printed_locators(real_book))


def begins(words: str, folio: str, pages: Callable[[str], str]) -> bool:
    """Tell whether words stand on a page, or begin there and go on where the next one begins."""
    page = pages(folio)
    if words in page:
        return True
    after = pages(str(int(folio) + 1)) if folio.isdecimal() else ""
    cuts = range(1, len(words))
    return any(words[:cut] in page and words[cut:] in after for cut in cuts)


def pages_of(number: str, folio: str) -> bool:
    """Tell whether a locator begins with the folio of its first place."""
    return re.match(r"[ivxlcdm]+|\d+", number)[0] == folio  # type: ignore[index]


def printed_locators(real_book: RealBook) -> list[Element]:
    """Give the links of the index in the web edition."""
    if not real_book.book.index.groups:
        return []
    document = etree.fromstring((real_book.outputs / "web" / "index_.html").read_bytes())
    return list(document.xpath("//*[starts-with(@class, 'index-locator')]"))


def test_the_real_index_gives_nothing_to_mind(real_book: RealBook) -> None:
    rules = {problem.rule for problem in real_book.problems}
    assert not {rule for rule in rules if rule.startswith("index-")}


def test_a_range_may_go_over_chapters(tmp_path: Path) -> None:
    chapters = {
        "one": chapter("One", 'A [b]{.index}. []{.index-start term="war"}C.', id="ch-one"),
        "two": chapter("Two", 'D.[]{.index-end term="war"}', id="ch-two"),
    }
    book = composed(write_book(tmp_path, chapters, Settings(back=("index",))))
    (war,) = entry(book, "war").places
    assert (war.section, war.part, war.end_part) == ("ch-one", "1", "2")
    assert book.targets[war.end].section == "ch-two"


def test_the_printed_index_is_one_to_a_screen_reader(real_book: RealBook) -> None:
    with pikepdf.open(io.BytesIO(real_book.pdf)) as pdf:
        found = Tagged(pdf).root.all("Index")
        if not real_book.book.index.groups:
            assert not found
            return
        (index,) = found
        letters = [group.letter for group in real_book.book.index.groups]
        assert len(index.all("H2")) == len(letters)
        entries = list(real_book.book.index.entries())
        assert len(index.all("LI")) >= len(entries)
        links = [link for one in index.all("Reference") for link in one.all("Link")]
        assert len(links) == len(printed_locators(real_book))
        assert all(str(link.annotations[0].Contents).strip() for link in links)


def test_every_address_of_the_index_leads_somewhere(real_book: RealBook) -> None:
    web = real_book.outputs / "web"
    known = {path.name: set(re.findall(r' id="([^"]+)"', path.read_text("utf-8")))
             for path in web.glob("*.html")}  # fmt: skip
    for link in printed_locators(real_book):
        name, _, identifier = link.get("href").partition("#")
        assert identifier in known[name], link.get("href")
