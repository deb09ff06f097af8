"""Checks of words: what they find, where, and what they leave alone."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from support import ROOT, Settings, chapter, write_book

from octavo import checking
from octavo.checks import links, typography, words
from octavo.checks.finding import Finding
from octavo.prose import blocks
from octavo.prose.book import Prose
from octavo.prose.inline import Gathering
from octavo.prose.passages import Lines, Passage

PATH = Path("content/chapters/one.md")


def gathered(text: str, language: str) -> Gathering:
    found = Gathering(language, cites_in_notes=True)
    blocks.read(Lines(PATH, text), found)
    return found


def found_by(rule: str, text: str, language: str = "en-GB") -> list[str]:
    """Give what a rule finds in a text, as the source has it."""
    rows = text.split("\n")
    passages = gathered(text, language).passages
    spans = [
        problem.span for problem in words.check(passages, words.CHECKS) if problem.rule == rule
    ]
    return [rows[s.line - 1][s.column - 1 : s.column - 1 + s.width] for s in spans]


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ("spaces-are-single", "one  two   three\nfour", ["  ", "   "]),
        ("spaces-are-single", "one \u00a0two", [" \u00a0"]),
        ("spaces-are-single", "one  \ntwo\n  three", []),
        ("spaces-are-single", 'a []{.index term="b"} c <!-- d --> e', []),
        ("spaces-are-single", "| a |  b  |\n|---|---|\n| c  d | e |", ["  "]),
        ("spaces-are-single", "`a  b`\n\n    c  d", []),
        ("note-call-is-close", "word [^a] word[^b] word\n[@gras, 3]", [" ", ""]),
        ("note-call-is-close", "[^a]: see [@gras, 3]\n\nx^[as [@gras] says] y", []),
        ("words-are-not-repeated", "The the *sea* sea\nsea is it", ["The the", "sea* sea"]),
        ("words-are-not-repeated", "He had had that that said; 12 12 1 1", []),
        ("words-are-not-repeated", "in Duran Duran, no No. 3, a well-known known", []),
        ("words-are-not-repeated", "[xanh xanh]{lang=vi} and [die die]{lang=de}", []),
        ("words-are-not-repeated", "[der Mann Mann]{lang=de}", ["Mann Mann"]),
        ("words-are-not-repeated", "the[^a] the", []),
        ("words-are-not-repeated", "a {--the the.\n\nThe the--} b {++on on++}", ["on on"]),
        ("ranges-have-dashes", "1945-1975, pp. 3-4 and 112-13", ["1945-1975", "3-4", "112-13"]),
        ("ranges-have-dashes", "1950-01-18, 6-1925, 4-3, T-34-85, 1.5-2.5, a-1, 1945--1975", []),
        ("ranges-have-dashes", r"1945\-1975 and `1945-1975`", []),
        ("dashes-are-long-enough", "one - two -- three\n- four", ["-"]),
        ("dashes-are-long-enough", "- one\n{++- two\n++}- three\n{--- four--}", []),
        ("dashes-are-long-enough", r"one \- two, - three, half-way", ["-"]),
        ("quotation-marks-are-paired", 'He "said it. She "did".', ['"']),
        ("quotation-marks-are-paired", 'He said" it.', ['"']),
        ("quotation-marks-are-paired", "“One ‘two’ three", ["“"]),
        ("quotation-marks-are-paired", "\"It's the '68 men's\" and 'so'", []),
        ("quotation-marks-are-paired", '"One.\n\n"Two."', []),
        ("quotation-marks-are-paired", '"One.\n\nTwo."', ['"', '"']),
        ("quotation-marks-are-paired", r'6\" and "a^["b"]"', []),
        ("quotes-are-typographic", "It's \"so\"", []),
        ("quotes-are-typographic", "[x]{.index term='a \"b\" c'}", ['"b"']),
        ("quotes-are-typographic", '[x]{.index term="King\'s"}', ["'"]),
        ("dashes-are-long-enough", '[x]{.index term="1945--1975"}', ["--"]),
    ],
)  # fmt: skip
def test_what_a_check_finds(rule: str, text: str, expected: list[str]) -> None:
    assert found_by(rule, text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "„Eins ‚zwei‘ drei“ und „vier", ["„"]),
        ("fr", "« Un “deux” trois » et « quatre", ["«"]),
        ("vi", "xanh xanh và 1945-1975", []),
    ],
)
def test_a_check_knows_the_books_language(language: str, text: str, expected: list[str]) -> None:
    rule = "words-are-not-repeated" if language == "vi" else "quotation-marks-are-paired"
    assert found_by(rule, text, language) == expected


def faults_of_links(text: str, works: str = "") -> list[str]:
    found = gathered(text, "en-GB")
    prose = Prose((), tuple(found.links), (), {Path("bib/works.bib"): works})
    return [f"{problem.span.line}:{problem.span.column} {problem.message}; {problem.hint}"
            for problem in links.check(prose)]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://example.org/a?b=c#d", ""),
        ("mailto:a@example.org", ""),
        ("http://localhost:80/", ""),
        ("tel:+84123", ""),
        ("#sec-a", ""),
        ("www.example.org", '"www.example.org" leads to no host; write https://www.example.org'),
        ("two.md", '"two.md" leads to a file, which no edition has; a passage of the book is named '
                   "by its id: [](#sec-salt)"),
        ("htps://example.org", '"htps://example.org" is no address on the web: htps:; it begins '
                               "with https://"),
        ("https:///a", '"https:///a" names no host; such as https://example.org/page'),
        ("https://exa_mple", '"https://exa_mple" names no host; such as https://example.org/page'),
        ("https://a.org:x/", '"https://a.org:x/" is no address; such as https://example.org/page'),
        ("mailto:me", '"mailto:me" is nobody\'s address; such as mailto:author@example.org'),
        ("https://a.org/{b}", '"https://a.org/{b}" has a sign that no address can have; a space is '
                              "written %20"),
    ],
)  # fmt: skip
def test_links_that_lead_nowhere_are_named(address: str, said: str) -> None:
    assert faults_of_links(f"see\n[it]({address})") == ([f"2:6 {said}"] if said else [])


def test_works_have_addresses_too() -> None:
    works = "@book{a,\n  url = {example.org/a},\n  doi = {https://doi.org/10.1000/182},\n}\n"
    assert faults_of_links("", works) == [
        '2:10 "example.org/a" leads to no host; write https://example.org/a',
        '3:10 "https://doi.org/10.1000/182" is no DOI; write 10.1000/182',
    ]
    sound = works.replace("example", "https://example").replace("https://doi.org/", "")
    prose = Prose((), (), (), {Path("bib/works.bib"): sound})
    assert not list(links.check(prose))
    assert [address for address, _ in links.addresses(prose)] == [
        "https://example.org/a",
        "https://doi.org/10.1000/182",
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a ![](b.png) c", ["1:7"]),
        ("a ![ ](b.png){.x} c", ["1:8"]),
        ("a ![b](b.png) ![](b.png){alt='b'}", []),
    ],
)
def test_a_picture_in_a_line_of_text_says_something(text: str, places: list[str]) -> None:
    prose = Prose((), (), tuple(gathered(text, "en-GB").pictures), {})
    spans = [problem.span for problem in links.silent_pictures(prose)]
    assert [f"{span.line}:{span.column}" for span in spans] == places
    assert all(span.width == len("b.png") for span in spans)


def test_a_file_that_has_not_changed_is_not_looked_through_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = Path("content") / "names.toml"
    name = '[[names]]\nheadword = "{}"\nkind = "place"\n'
    settings = Settings(files={table.as_posix(): name.format("Hà Nội")})
    first = "At Dien Bien Phu  they help to organise."
    second = "They recognise it, and help."
    root = write_book(
        tmp_path, {"one": chapter("One", first), "two": chapter("Two", second)}, settings
    )
    seen: list[str] = []

    def noted(passages: Sequence[Passage]) -> Iterator[Finding]:
        seen.extend(dict.fromkeys(passage.lines.path.stem for passage in passages))
        return typography.double_spaces(passages)

    monkeypatch.setattr(words, "CHECKS", {**words.CHECKS, "spaces-are-single": noted})

    def looked_through() -> set[str]:
        """Give the chapters that a check looks through; what it says is what a new one says."""
        seen.clear()
        said = checking.review(root).problems
        chapters = {"one", "two"}.intersection(seen)
        assert said == checking.check(root).problems
        return chapters

    assert looked_through() == {"one", "two"}
    assert looked_through() == set()
    two = root / "content" / "chapters" / "two.md"
    two.write_text(two.read_text().replace("recognise", "recognize"))
    assert looked_through() == {"two"}
    assert "words-are-written-in-one-way" in {one.rule for one in checking.review(root).problems}
    (root / table).write_text(name.format("Điện Biên Phủ"))
    assert looked_through() == {"one", "two"}
    assert "names-are-written-in-one-way" in {one.rule for one in checking.review(root).problems}


def test_the_real_book_has_nothing_to_find_but_what_it_allows() -> None:
    assert checking.review(ROOT).problems == ()


def test_a_style_without_notes_has_spaces_before_citations(tmp_path: Path) -> None:
    text = "A fact [@gras, 3]. A note [^n].\n\n[^n]: So."
    root = write_book(
        tmp_path, {"one": chapter("One", text)}, Settings(style="chicago-author-date")
    )
    assert [(problem.rule, problem.span.column) for problem in checking.review(root).problems] == [
        ("note-call-is-close", 26)
    ]


def test_a_check_of_a_known_book_loads_no_library_that_reads_its_files(tmp_path: Path) -> None:
    root = write_book(tmp_path, {"one": chapter("One", "Salt [@gras].")})
    program = "import sys\nfrom octavo.cli.running import main\n"
    program += "try: main()\nfinally: print(*sys.modules)"
    command = [sys.executable, "-c", program, "check", "--book", str(root)]
    first, second = (
        set(subprocess.run(command, capture_output=True, check=False, text=True).stdout.split())
        for _ in range(2)
    )
    slow = {"PIL", "bibtexparser", "fontTools", "pypandoc", "uharfbuzz", "weasyprint", "yaml"}
    assert slow & first == {"bibtexparser", "pypandoc", "uharfbuzz", "yaml"}
    assert slow & second == set()
