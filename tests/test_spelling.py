"""Words that no dictionary has, the book's own list of words, and the command that fills it."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from support import Settings, chapter, octavo, write_book

from octavo import checking, dictionaries, wordlist
from octavo.checks import spelling
from octavo.checks.seen import Seen
from octavo.checks.spelling import Vocabulary
from octavo.checks.words import look
from octavo.problems import Problem, Severity
from octavo.prose import blocks
from octavo.prose.book import Part
from octavo.prose.inline import Gathering
from octavo.prose.passages import Lines, Passage
from octavo.store import Store


def passages(text: str, language: str = "en-GB") -> list[Passage]:
    found = Gathering(language, cites_in_notes=True)
    blocks.read(Lines(Path("content/chapters/one.md"), text), found)
    return found.passages


def files(text: str, language: str = "en-GB") -> tuple[Seen, ...]:
    return tuple(look([Part("one", passages(text, language))], language, (), None))


def unknown(text: str, own: Iterable[str] = (), language: str = "en-GB") -> list[str]:
    first, *others = dictionaries.find(language)
    known = Vocabulary(language, first, tuple(others), frozenset(own))
    return [found.words for found in spelling.misspelled(files(text, language), known)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Teh salt was accomodated.", ["Teh", "accomodated"]),
        ("The country's salt, the countries' silk, o'clock, isn't", []),
        ("A *sa*lty word, well-meanning", ["meanning"]),
        ("Salt.^[A mistakken note.]", ["mistakken"]),
        ("DRV, NATO, B. K. Zhuu and pH", ["Zhuu"]),
        ("`nosuch code`, <https://exampel.org/nosuch>, nosuch.file.txt and a@exampel.org", []),
        ("[mésalliance nosuche]{lang=fr} [越南]{lang=zh-Hant} 越南", []),
        ("2nd, 1950s, 3rd and x2y", []),
        ("wrongg \\[sic\\] and wrongg", ["wrongg"]),
        ("the color of labour", ["color"]),
        ('he said "the color of labor" and left', []),
        ("> the color of laborr\n> — Him\n", ["laborr"]),
    ],
)
def test_words_that_no_dictionary_has_are_found_at_their_place(
    text: str, expected: list[str]
) -> None:
    assert unknown(text) == expected


def test_words_in_many_places_are_reported_once_with_their_number() -> None:
    known = Vocabulary("en-GB", dictionaries.find("en-GB")[0], (), frozenset())
    found = list(spelling.misspelled(files("xyzzy " * 4 + "plugh " * 3), known))
    assert [one.words for one in found] == ["xyzzy", *["plugh"] * 3]
    assert found[0].message == '"xyzzy" is in no dictionary; it stands in 3 other places, too'
    assert (found[0].start, found[1].start) == (0, 24)


def test_the_books_own_words_are_known_with_a_capital_too_and_with_an_apostrophe() -> None:
    assert unknown("Guanxi, guanxi, Zhuu's and Zhuu’s", ["guanxi", "Zhuu"]) == []
    assert unknown("zhuu", ["Zhuu"]) == ["zhuu"]
    assert unknown("Zhuux's", ["Zhuu"]) == ["Zhuux"], "the name alone is to be added"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "L'armée de l’œuvre, aujourd'hui, nosuche", ["nosuche"]),
        ("de", "Die Häuser am Fluß, der Flusss, Nguyễn", ["Fluß", "Flusss", "Nguyễn"]),
        ("en-US", "the color of labour", ["labour"]),
        ("en-AU", "the colour of labor", ["labor"]),
        ("ru", "Соль и дорога, сольь, salt", ["сольь"]),
        ("hi", "दुनिया दुनियाा", ["दुनियाा"]),
    ],
)
def test_each_language_has_its_dictionary(language: str, text: str, expected: list[str]) -> None:
    assert unknown(text, language=language) == expected


def test_a_language_without_a_dictionary_is_not_checked(tmp_path: Path) -> None:
    given = Settings(language="vi")
    root = write_book(tmp_path, {"one": chapter("Muối", "Những con đường muối xyzzy.")}, given)
    assert not dictionaries.find("vi")
    assert of_rule(checking.check(root).problems) == []


def of_rule(problems: Iterable[Problem], rule: str = spelling.RULE) -> list[Problem]:
    return [problem for problem in problems if problem.rule == rule]


NAMES = '[[names]]\nheadword = "Trần Xyzzy"\nkind = "person"\nforms = ["Plugh"]\n'


def test_names_authors_and_abbreviations_are_known(tmp_path: Path) -> None:
    files = {
        "content/names.toml": NAMES,
        "content/abbreviations.csv": "abbreviation,expansion\nQuux,Queue of Salt\n",
    }
    text = "Trần Xyzzy, Plugh and Quux after Zhai and Nguyễn Thị Mai Hoa.[@zhai1][@hoa]\n\nQuuux."
    root = write_book(tmp_path, {"one": chapter("One", text)}, Settings(files=files))
    (found,) = of_rule(checking.check(root).problems)
    assert str(found) == (
        'content/chapters/one.md:6:1: warning: "Quuux" is in no dictionary [words-are-spelled]\n'
        '  hint: is "Quux" meant? if not: words --add Quuux'
    )


def test_what_a_dictionary_suggests_is_the_hint_where_few_words_are_unknown(tmp_path: Path) -> None:
    root = write_book(tmp_path, {"one": chapter("One", "We accomodate salt.")})
    (found,) = of_rule(checking.check(root).problems)
    assert 'is "accommodate"' in found.hint


def test_the_list_of_words_is_read_and_kept_clean(tmp_path: Path) -> None:
    listed = "# ours\nxyzzy # a spell\ntwo words\nplugh\n"
    given = Settings(files={"content/words.txt": listed})
    root = write_book(tmp_path, {"one": chapter("One", "Xyzzy, xyzzy’s.")}, given)
    problems = checking.check(root).problems
    assert of_rule(problems) == []
    (words,) = of_rule(problems, "word-list-has-words")
    assert (words.span.line, words.severity) == (3, Severity.WARNING)
    (unused,) = of_rule(problems, "listed-word-is-used")
    assert (unused.span.line, unused.severity) == (4, Severity.NOTE)
    assert unused.message == 'the book does not have the word "plugh"'


def test_a_list_of_words_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    root = write_book(tmp_path, {"one": chapter("One", "Salt.")})
    (root / "content" / "words.txt").write_bytes(b"salt\n\xff\n")
    ended = octavo("check", "--book", root)
    assert ended.returncode == 1
    assert "content/words.txt:2: error: this is not UTF-8 text" in ended.stderr
    ended = octavo("words", "--book", root, "--add", "xyzzy")
    assert ended.returncode == 1
    assert (root / "content" / "words.txt").read_bytes() == b"salt\n\xff\n"


def test_words_are_added_in_their_order_and_comments_stay(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    path = tmp_path / wordlist.FILE
    assert wordlist.add(tmp_path, ["salt", "Đà", "salt"]) == ("Đà", "salt")
    path.write_text(path.read_text(encoding="utf-8").replace("salt", "# white\nsalt # ours"))
    assert wordlist.add(tmp_path, ["salty", "apple's", "salt", " "]) == ("apple’s", "salty")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[1:] == ["apple’s", "Đà", "# white", "salt # ours", "salty"]
    before = path.read_bytes()
    assert wordlist.add(tmp_path, ["Đà"]) == ()
    assert path.read_bytes() == before


def test_unknown_words_are_listed_and_added_but_not_those_that_a_comment_allows(
    tmp_path: Path,
) -> None:
    allowed = "<!-- octavo: allow words-are-spelled: the source has it so -->\nQuux.\n\n"
    text = f"Plugh, xyzzy and\nxyzzy.\n\n{allowed}"
    root = write_book(tmp_path, {"one": chapter("One", text)})
    ended = octavo("words", "--book", root)
    assert ended.stdout.splitlines() == [
        "   2  xyzzy  content/chapters/one.md:4:8",
        "   1  Plugh  content/chapters/one.md:4:1",
    ]
    assert octavo("words", "--book", root, "--add-all").stdout == "added 2 words: Plugh, xyzzy\n"
    assert (root / wordlist.FILE).read_text(encoding="utf-8") == f"{wordlist.HEAD}Plugh\nxyzzy\n"
    assert "is in no dictionary" not in octavo("check", "--book", root).stderr
    assert "has each word" in octavo("words", "--book", root).stdout


def test_what_a_dictionary_has_said_is_remembered_and_damage_does_no_harm(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    first = dictionaries.find("en-GB", kept)[0]
    assert first.unknown({"salt", "xyzzy"}) == {"xyzzy"}
    assert "salt" in first.suggestions("saltt")
    entries = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(entries) == 2
    silent = dictionaries.Dictionary(Path("/nowhere/en_GB"), first._edition, kept)
    assert silent.unknown({"salt", "xyzzy"}) == {"xyzzy"}, "the dictionary is not asked again"
    for entry in entries:
        entry.write_bytes(b"damaged")
    assert first.unknown({"salt", "xyzzy"}) == {"xyzzy"}
