"""The bibliography in sections, works that nothing cites, and the notes that cite a work."""

import zipfile
from pathlib import Path

import pytest
from lxml import etree
from support import (
    Settings,
    chapter,
    composed,
    lines,
    octavo,
    plain_dialect,
    signs,
    words,
    write_book,
)

from octavo import compose, manuscript
from octavo.book import Book
from octavo.compose import Composed
from octavo.editions.citing import cited_in
from octavo.problems import BookError

WORKS = """\
@book{atlas, author = {A, B}, title = {Atlas}, date = {1950}, langid = {french},
  keywords = {maps; official}}
@phdthesis{hoa, author = {C, D}, title = {Aid}, school = {Hanoi}, date = {2001},
  langid = {vietnamese}}
@article{price, author = {E, F}, title = {Prices}, journaltitle = {Salt}, date = {1999}}
@unpublished{letter, author = {G, H}, title = {Letter}, date = {1951}, archive = {National}}
@misc{note, author = {I, J}, title = {Note}, date = {1952}, archive = {}}
"""
TEXT = " ".join(f"A.[@{key}]" for key in ("atlas", "hoa", "price", "letter", "note"))


def section(title: str, *rules: str) -> str:
    return "\n".join(["[[citations.sections]]", f'title = "{title}"', *rules, ""])


def book(root: Path, *sections: str, text: str = TEXT, more: str = "") -> Composed:
    settings = Settings(back=("bibliography",), works=WORKS, more=more + "\n".join(sections))
    return compose.compose(
        manuscript.load(write_book(root, {"one": chapter("One", text)}, settings))
    )


def divided(made: Book) -> dict[str, list[str]]:
    return {group.title: [e.work.key for e in group.entries] for group in made.bibliography}


@pytest.mark.parametrize(
    ("rule", "taken"),
    [
        ('keywords = ["official"]', ["atlas"]),
        ('keywords = ["official", "none"]', ["atlas"]),
        ('types = ["article", "book"]', ["atlas", "price"]),
        ('types = ["thesis"]', ["hoa"]),
        ('types = ["phdthesis"]', ["hoa"]),
        ('languages = ["fr"]', ["atlas"]),
        ('languages = ["vi-VN", "fr-FR"]', ["atlas", "hoa"]),
        ('fields = ["archive"]', ["letter"]),
        ('fields = ["archive", "journaltitle"]', ["price", "letter"]),
        ('types = ["book", "misc"]\nkeywords = ["maps"]', ["atlas"]),
        ('types = ["misc"]\nkeywords = ["maps"]', []),
    ],
)
def test_a_rule_takes_the_works_that_fit_all_its_parts(
    tmp_path: Path, rule: str, taken: list[str]
) -> None:
    made = book(tmp_path / "b", section("Rule", rule), section("Rest")).book
    assert divided(made).get("Rule", []) == taken


def test_the_first_rule_that_fits_takes_the_work_and_one_section_the_rest(tmp_path: Path) -> None:
    made = book(
        tmp_path / "b",
        section("Rest"),
        section("Books", 'types = ["book"]'),
        section("French", 'languages = ["fr"]', 'types = ["book", "misc"]'),
        section("Archives", 'fields = ["archive"]'),
    )
    assert list(divided(made.book).items()) == [
        ("Rest", ["hoa", "price", "note"]),
        ("Books", ["atlas"]),
        ("Archives", ["letter"]),
    ]
    assert [str(problem) for problem in made.problems] == [
        'content/book.toml:16: warning: no work comes into the section "French" '
        "[bibliography-section-has-works]\n"
        "  hint: a work goes to the first section whose rule it fits"
    ]


def problems(root: Path, *sections: str, more: str = "") -> list[str]:
    with pytest.raises(BookError) as raised:
        book(root, *sections, more=more)
    return [f"{p.span}: {p.severity}: {p.message} [{p.rule}]" for p in raised.value.problems]


def test_a_work_that_fits_no_section_is_an_error(tmp_path: Path) -> None:
    rules = section("All but one", 'types = ["book", "thesis", "article", "unpublished"]')
    assert problems(tmp_path / "b", rules) == [
        'bib/works.bib:7: error: "note" fits no section of the bibliography [work-has-section]'
    ]


def test_rules_that_cannot_be_meant_are_errors(tmp_path: Path) -> None:
    rules = section("A", 'types = ["bok"]'), section("B"), section("C")
    assert problems(tmp_path / "b", *rules) == [
        'content/book.toml:10: error: unknown type of entry: "bok" [entry-type-is-known]',
        'content/book.toml:16: error: this section has no rule, and "B" takes the rest already '
        "[bibliography-section-has-rule]",
    ]


def test_works_that_nothing_cites_are_reported(tmp_path: Path) -> None:
    made = book(tmp_path / "b", text="A.[@atlas] B.^[See @hoa, and @price [3].]")
    assert [str(problem).partition("\n")[0] for problem in made.problems] == [
        'bib/works.bib:6: warning: nothing cites "letter" [work-is-cited]',
        'bib/works.bib:7: warning: nothing cites "note" [work-is-cited]',
    ]


def with_nocite(root: Path, text: str, *keys: str) -> Composed:
    settings = Settings(back=("bibliography",), works=WORKS, nocite=keys)
    return compose.compose(
        manuscript.load(write_book(root, {"one": chapter("One", text)}, settings))
    )


@pytest.mark.parametrize("text", ["A.[@price]", "Nothing is cited."])
def test_nocite_lists_works_that_nothing_cites(tmp_path: Path, text: str) -> None:
    made = with_nocite(tmp_path / "b", text, "note", "letter", "price")
    assert divided(made.book) == {"": ["price", "letter", "note"]}
    assert [p.rule for p in made.problems] == ["work-is-cited"] * 2


def test_nocite_names_works_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(BookError) as raised:
        with_nocite(tmp_path / "b", TEXT, "lettre")
    assert [str(problem) for problem in raised.value.problems] == [
        'content/book.toml:17: error: no work has the key "lettre" [citation-key-exists]\n'
        '  hint: did you mean "letter"?'
    ]


CITING = " ".join(f"A.[@{key}, 3]" for key in ["atlas", "hoa", "atlas", "atlas", "atlas", "hoa"])


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    many = " ".join(f"A.^[Of {n}, @hoa.]" for n in range(113))
    files = {
        "introduction": chapter("Introduction", "A.[@atlas]", number="false"),
        "salt": chapter("Salt", CITING),
        "silk": chapter("Silk", many),
    }
    settings = Settings(
        back=("bibliography",),
        nocite=("price", "letter", "note"),
        printing="cited-in = true",
        works=WORKS.replace("keywords = {maps; official}", "annotation = {Perhaps -- ``his.''}"),
    )
    return write_book(tmp_path_factory.mktemp("citing") / "book", files, settings)


ATLAS = "Cited in Introduction, n. 1; ch. 1, nn. 1, 3–5"
AID = "Cited in ch. 1, nn. 2, 6; ch. 2, nn. 1–113"


def test_citing_notes_are_grouped_by_section(root: Path) -> None:
    made = composed(root)
    found = {
        entry.work.key: [
            (place.section, [(run.first, run.last) for run in place.runs], place.count)
            for place in cited_in(entry.work, made, plain_dialect())
        ]
        for entry in made.cited.bibliography
    }
    assert found["atlas"] == [
        ("Introduction", [("1", "")], 1),
        ("ch.\u00a01", [("1", ""), ("3", "5")], 4),
    ]
    assert found["hoa"][1] == ("ch.\u00a02", [("1", "113")], 113)
    assert found["price"] == []


@pytest.fixture(scope="module")
def output(root: Path) -> Path:
    done = octavo("--book", root, "--jobs", 1)
    assert (done.returncode, done.stderr) == (0, "")
    return root / "dist"


class TestEditions:
    """Every edition shows the annotations and, print because it was asked to, the notes."""

    def test_web(self, output: Path) -> None:
        self.check(etree.parse(output / "web" / "bibliography.html"), output / "web")

    def test_epub(self, output: Path, tmp_path: Path) -> None:
        with zipfile.ZipFile(output / "salt.epub") as archive:
            archive.extractall(tmp_path)
        path = next(tmp_path.rglob("bibliography.xhtml"))
        self.check(etree.parse(path), path.parent)

    def check(self, document: etree._ElementTree, folder: Path) -> None:
        said = [words(e) for e in document.iterfind(".//{*}p[@class='cited-in']")]
        assert said == [ATLAS, AID]
        (annotation,) = document.iterfind(".//{*}p[@class='annotation']")
        assert words(annotation) == "Perhaps – “his.”"
        links = document.findall(".//{*}p[@class='cited-in']/{*}a")
        assert [link.text for link in links] == ["1", "1", "3", "5", "2", "6", "1", "113"]
        for link in links:
            path, _, name = str(link.get("href")).partition("#")
            (note,) = etree.parse(folder / path).xpath(f"//*[@id='{name}']")
            assert words(note).startswith(str(link.text))

    def test_print(self, output: Path) -> None:
        printed = [
            line for page in signs((output / "salt.pdf").read_bytes()) for line in lines(page)
        ]
        assert printed[printed.index("Perhaps – “his.”") + 1] == ATLAS
        assert AID in printed
