"""What a book writes in two ways: names, words, dates, capitals."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from support import ROOT, Settings, chapter, write_book

from octavo import checking, dictionaries
from octavo.checks.consistency import capitals, dates
from octavo.checks.consistency import names as names_of
from octavo.checks.consistency import words as words_of
from octavo.checks.consistency.transcription import wade_giles
from octavo.checks.finding import Finding
from octavo.checks.seen import Seen
from octavo.checks.words import look
from octavo.names import Name
from octavo.prose import blocks
from octavo.prose.book import Part
from octavo.prose.inline import Gathering
from octavo.prose.passages import Lines, Passage
from octavo.store import Store


def passages(text: str, language: str = "en-GB") -> list[Passage]:
    found = Gathering(language, cites_in_notes=True)
    blocks.read(Lines(Path("content/chapters/one.md"), text), found)
    return found.passages


def files(
    text: str | list[Passage], language: str = "en-GB", names: Sequence[Name] = ()
) -> tuple[Seen, ...]:
    """Give a book of one file as the checks have seen it."""
    given = passages(text, language) if isinstance(text, str) else text
    return tuple(look([Part("one", given)], language, names, None))


def otherwise(text: str | list[Passage], names: Sequence[Name]) -> list[Finding]:
    """Give the names that stand otherwise than listed, and those that stand in two ways."""
    given = passages(text) if isinstance(text, str) else text
    listed = names_of.otherwise_than_listed(given, names)
    return [*listed, *names_of.in_two_ways(files(given), names)]


def words(findings: Sequence[Finding]) -> list[str]:
    return [found.words for found in findings]


def name(*forms: str, variants: Sequence[str] = ()) -> Name:
    given = {"headword": forms[0], "kind": "person", "forms": list(forms)}
    return Name.model_validate(given | {"variants": list(variants)})


CHINESE = Name.model_validate(
    {"headword": "Mao Zedong", "kind": "person", "forms": ["Mao Zedong"], "pinyin": "Mao Zedong"}
)
NAMES = (
    CHINESE,
    name("Điện Biên Phủ"),
    name("Zhou Enlai", "Zhou", variants=("Chou En-lai",)),
    name("Viet Minh"),
    name("Hà"),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at Điện Biên Phủ, Zhou Enlai's and Zhou", []),
        ("at Dien Bien Phu, and Dien-Bien-Phu's siege", ["Dien Bien Phu", "Dien-Bien-Phu"]),
        ("Premier Zhou En-lai of the Vietminh", ["Zhou En-lai", "Vietminh"]),
        ("Chou En-lai, a variant, is another rule's", []),
        ('he said "at Dien Bien Phu" and left', []),
        ("> at Dien Bien Phu\n> — Him", []),
        ("[Dien Bien Phu]{lang=fr} and DIEN BIEN PHU", []),
        ("Chairman Mao Tse-tung's, Mao Tse Tung's, Mao Zedong's", ["Mao Tse-tung", "Mao Tse Tung"]),
        ("Ha is somebody else, and dien bien phu is nothing", []),
    ],
)
def test_names_of_the_table_with_other_marks_hyphens_and_spaces(
    text: str, expected: list[str]
) -> None:
    found = otherwise(text, NAMES)
    assert words(found) == expected


@pytest.mark.parametrize(
    ("pinyin", "expected"),
    [
        ("Zhou Enlai", "Chou En-lai"),
        ("Jiang Jieshi", "Chiang Chieh-shih"),
        ("Luo Guibo", "Lo Kuei-po"),
        ("Guo Moruo", "Kuo Mo-jo"),
        ("Song Ziwen", "Sung Tzu-wen"),
        ("Xi'an", "Hsi-an"),
        ("Yinan", "I-nan"),
        ("Lü Zhengcao", "Lu Cheng-tsao"),
        ("Hồ Chí Minh", ""),
        ("Yves Gras", ""),
        ("", ""),
    ],
)
def test_pinyin_in_wade_giles(pinyin: str, expected: str) -> None:
    assert wade_giles(pinyin) == expected


def test_a_book_in_wade_giles_is_held_to_that() -> None:
    given = {"headword": "Mao Tse-tung", "kind": "person", "pinyin": "Mao Zedong"}
    names = [Name.model_validate(given | {"forms": ["Mao Tse-tung"]})]
    found = otherwise("Mao Tse-tung, or Mao Zedong", names)
    assert words(list(found)) == ["Mao Zedong"]


def test_pinyin_of_a_name_that_is_not_chinese_may_stand_in_the_text() -> None:
    given = {"headword": "Hồ Chí Minh", "kind": "person", "pinyin": "Hu Zhiming"}
    names = [Name.model_validate(given | {"forms": ["Hồ Chí Minh"]})]
    assert not otherwise("called Hu Zhiming there", names)


def test_other_marks_may_make_other_names_and_words() -> None:
    names = [name("Lê Văn Duẩn")]
    assert not otherwise("of Lê Văn Duận", names)
    assert words(otherwise("of Le Van Duan", names)) == ["Le Van Duan"]
    vietnamese = passages("ông Le Van Duan, bà Lan Anh và Lân Anh, Dien-Bien Phu", "vi")
    assert words(otherwise(vietnamese, [*names, name("Dien Bien Phu")])) == ["Dien-Bien Phu"]
    german = passages("schon und schön, fordern und fördern, Rad-fahrer", "de")
    assert not list(words_of.in_two_ways(files(german), None))


def test_what_is_said_of_a_name_names_the_form_that_the_book_has() -> None:
    (found,) = otherwise("by Zhou En-lai", NAMES)
    assert found.message == '"Zhou En-lai" is "Zhou Enlai" written in another way'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("by Tran Minh, Trần Minh and Trần Minh", ["Tran Minh"]),
        ("by Trần Minh and by Trần Minh", []),
        ("by Kai-shek Chen, Kai-shek Chen and Kaishek Chen", ["Kaishek Chen"]),
        ('by Trần Minh, and "by Tran Minh" [Tran Minh]{lang=fr}', []),
        ("by Tran and Trần", []),
    ],
)
def test_names_that_no_table_has_in_two_ways(text: str, expected: list[str]) -> None:
    assert words(otherwise(text, NAMES)) == expected


BRITISH = dictionaries.find("en-GB")[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("co-operation, cooperation and co-operation", ["cooperation"]),
        ("an élite, an elite and an elite", ["élite"]),
        ("they re-sign, and resign", []),
        ("the Northeast of the north-east", []),
        ("the PRC and the P.R.C. and the PRC", ["P.R.C."]),
        ("organise, recognised, mobilise and organization", ["organization"]),
        ("organize and recognized, then realises", ["realises"]),
        ("advise, size, prise and seize, surprise and capsize", []),
        ('we organise, and "we organize"', []),
    ],
)
def test_words_in_two_ways(text: str, expected: list[str]) -> None:
    found = list(words_of.in_two_ways(files(text), BRITISH))
    assert words(found) == expected


def test_endings_are_told_with_their_counts_and_left_alone_without_a_dictionary() -> None:
    text = passages("organise, recognised and mobilize")
    (found,) = words_of.in_two_ways(files(text), BRITISH)
    assert found.message == '"mobilize" is spelled with z, and 2 words with s'
    assert list(words_of.in_two_ways(files(text), None)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on 12 May 1950, 3 June and May 14, 1950", ["May 14"]),
        ("on May 12, 1950, June 3 and 14 May", ["14 May"]),
        ("on 12 May, 13 May and the 14th May", ["14th May"]),
        ("12 May and May 1950; in May 1950s songs", []),
        ("1945--1975, 1950–1954 and 1946–49", ["1946–49"]),
        ("1945–75, 1950–54, 1898–1902 and 1946–1949", ["1946–1949"]),
        ("1945–1975, pages 1201–15, file 1950-01 and 1950-18", []),
        ('1945–1975 and "1946–49"', []),
        ("# 1945–1975\n\nin 1946–49 and 1945–49", []),
    ],
)
def test_dates_in_two_ways(text: str, expected: list[str]) -> None:
    assert words(list(dates.in_two_ways(files(text), "en-GB"))) == expected


def test_dates_are_told_with_their_ways() -> None:
    (found,) = dates.in_two_ways(files("12 May, 3 June, May 14"), "en-GB")
    assert found.message == (
        '"May 14" has the month before the day; 2 others have the day before the month'
    )


def test_months_are_those_of_the_books_language() -> None:
    text = passages("am 3. Mai, 4. Juni und am 5. Mai", "de")
    assert list(dates.in_two_ways(files(text), "de")) == []
    text = passages("ngày 12 tháng 5, ngày 13 tháng 6", "vi")
    assert list(dates.in_two_ways(files(text), "vi")) == []


def test_capitals_of_terms_are_noted_where_they_are_much_rarer() -> None:
    often = "of the Border Region, " * 5
    (found,) = capitals.in_two_ways(files(f"{often}in a border region"))
    assert found.message == '"border region" stands here, and 5 times with capitals'
    few = "of the Border Region, " * 4
    assert list(capitals.in_two_ways(files(f"{few}in a border region"))) == []


def test_each_rule_reports_with_its_name_and_place(tmp_path: Path) -> None:
    table = '[[names]]\nheadword = "Điện Biên Phủ"\nkind = "place"\n'
    text = (
        "At Dien Bien Phu on 3 May and on 4 May.\n\nWe organise on May 5.\n\nWe organise, organize."
    )
    root = write_book(
        tmp_path, {"one": chapter("One", text)}, Settings(files={"content/names.toml": table})
    )
    reported = {
        problem.rule: str(problem.span)
        for problem in checking.check(root).problems
        if problem.rule.endswith("in-one-way")
    }
    assert reported == {
        "dates-are-written-in-one-way": "content/chapters/one.md:6:16",
        "names-are-written-in-one-way": "content/chapters/one.md:4:4",
        "words-are-written-in-one-way": "content/chapters/one.md:8:14",
    }


def test_the_real_book_writes_everything_in_one_way_and_spells_it_rightly(tmp_path: Path) -> None:
    rules = {"listed-word-is-used", "terms-have-capitals-or-not", "words-are-spelled"}
    found = [
        str(problem)
        for problem in checking.check(ROOT, Store(tmp_path)).problems
        if problem.rule in rules or problem.rule.endswith("in-one-way")
    ]
    assert found == []
