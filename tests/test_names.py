"""The table of names: what is read, and what is said of it when it is wrong."""

from pathlib import Path

import pytest

from octavo import names
from octavo.names import Names
from octavo.spelling import slug, sort_key


def read(root: Path, text: str) -> Names:
    (root / "content").mkdir(exist_ok=True)
    (root / names.FILE).write_text(text, encoding="utf-8")
    return names.load(root)


def said(found: Names) -> list[str]:
    return [str(problem) for problem in found.problems]


MAO = '[[names]]\nheadword = "Mao Zedong"\nkind = "person"\n'


def test_a_name_is_completed(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
[[names]]
headword = "Workers' Party  of Vietnam"
kind = "organisation"
forms = ["Workers' Party", "Long--Qin", "Du\u1eafn\u0303", "Workers' Party of Vietnam"]
index-as = "Vietnam, Workers' Party of"
register = false
""",
    )
    name = found.names[0]
    assert name.id == "workers-party-of-vietnam"
    assert name.headword == name.forms[0] == "Workers’ Party of Vietnam"
    assert name.heading == name.sort == "Vietnam, Workers’ Party of"
    assert name.forms[1:] == [
        "Workers’ Party",
        "Long–Qin",
        "Du\u1eafñ",
    ]
    assert (name.index_as, name.index, name.in_register, name.certainty) == (
        "Vietnam, Workers’ Party of",
        "forms",
        False,
        "certain",
    )
    assert str(found.spans[name.id]) == "content/names.toml:2"
    assert said(found) == []


def test_a_dash_parts_the_words_of_an_id(tmp_path: Path) -> None:
    found = read(tmp_path, '[[names]]\nheadword = "Yue--Gui"\nkind = "place"')
    assert [name.id for name in found.names] == ["yue-gui"]


def test_a_book_need_not_have_names(tmp_path: Path) -> None:
    assert names.load(tmp_path) == Names((), {}, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            MAO + 'colour = "red"',
            [
                'content/names.toml:4: error: unknown key "names[1].colour" [settings-are-known]\n'
                "  hint: known here: headword, kind, id, sort, index-as, forms, variants, "
                "vietnamese, pinyin, traditional, simplified, dates, about, certainty, see-also, "
                "index, register"
            ],
        ),
        (
            MAO + 'form = ["x"]\nforms = "Mao"',
            [
                'content/names.toml:4: error: unknown key "names[1].form" [settings-are-known]\n'
                '  hint: did you mean "forms"?',
                'content/names.toml:5: error: "names[1].forms" is "Mao", which is no list '
                "[settings-are-valid]\n"
                '  hint: a list stands in brackets: ["one", "two"]',
            ],
        ),
        (
            MAO + MAO.replace("Mao Zedong", "Mao") + 'forms = ["Mao Zedong", "Chairman"]\n'
            'variants = ["Chairman"]',
            [
                'content/names.toml:7: error: "Mao Zedong" is a form of two names '
                "[name-form-is-unique]\n"
                '  hint: the other is "Mao Zedong" (content/names.toml:2); leave the form '
                "to one of them, and mark the other's places in the text",
                'content/names.toml:8: error: "Chairman" is both a form and a variant '
                "[name-form-is-unique]\n  hint: take one of them out",
            ],
        ),
        (
            MAO + 'id = "mao"\n' + MAO.replace("Mao Zedong", "Máo"),
            [
                'content/names.toml:5: error: the id "mao" stands for two names '
                "[name-id-is-unique]\n"
                "  hint: first at content/names.toml:4; give one of them another id"
            ],
        ),
        (
            '[[names]]\nheadword = "毛"\nkind = "god"',
            [
                'content/names.toml:3: error: "names[1].kind" is "god", which is not "person", '
                '"organisation", "place", "campaign", "agreement", "document" or "event" '
                "[settings-are-valid]"
            ],
        ),
        (
            '[[names]]\nheadword = "毛"\nkind = "person"',
            [
                'content/names.toml:2: error: no id can be made of "毛" [name-has-id]\n'
                '  hint: give it one: id = "salt-office"'
            ],
        ),
        (
            '[[names]]\nheadword = "Mao',
            [
                "content/names.toml:2: error: this text is never closed [settings-are-toml]\n"
                "  hint: close it with the quotation mark that it opens with"
            ],
        ),
    ],
    ids=["unknown key", "type", "two claims", "two ids", "kind", "no id", "no TOML"],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert said(read(tmp_path, text)) == expected


def test_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / names.FILE).write_bytes(b"[[names]]\n\xff")
    found = names.load(tmp_path)
    assert said(found)[0].startswith("content/names.toml:2: error: this is not UTF-8 text")


def test_order_is_letter_by_letter_and_marks_come_last() -> None:
    given = ["Đà Nẵng", "Dao", "Đạo", "Đào", "Dáo", "Đáo", "Eo", "Da Nang", "Dalat", "Đâo", "De"]
    assert sorted(given, key=sort_key) == [
        "Dalat", "Da Nang", "Đà Nẵng", "Dao", "Đào", "Dáo", "Đáo", "Đạo", "Đâo", "De", "Eo",
    ]  # fmt: skip


def test_slugs() -> None:
    assert slug("Lê Đức Thọ’s") == "le-duc-thos"
    assert slug("毛") == ""
