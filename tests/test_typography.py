"""Typographic signs, and what is compared by the fixtures of ``typography.md`` only in part."""

import pytest
from lxml import etree
from support import inner

from octavo.markdown import typography
from octavo.markdown.typography import PROTECTED, restore, set_typography


def typeset(xml: str, language: str = "en-GB") -> str:
    block = etree.fromstring(f"<p>{xml}</p>")
    set_typography(block, language)
    return inner(block)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "“a ‘b’ c”"),
        ("en-US", "“a ‘b’ c”"),
        ("EN-gb", "“a ‘b’ c”"),
        ("de", "„a ‚b‘ c“"),
        ("fr-CA", "«\u202fa “b” c\u202f»"),
        ("vi", "“a ‘b’ c”"),
        ("xx", "“a ‘b’ c”"),
    ],
)
def test_quotation_marks_are_the_languages(language: str, expected: str) -> None:
    assert typeset("\"a 'b' c\"", language) == expected


@pytest.mark.parametrize("language", ["en", "de", "fr", "vi"])
def test_an_apostrophe_is_one_in_every_language(language: str) -> None:
    assert typeset("it's Hans' and '68", language) == "it’s Hans’ and ’68"


def test_text_runs_on_through_inline_elements_and_not_through_code() -> None:
    assert typeset('"<em>a</em>" <code>"b"</code>"c" (<em>"d"</em>)') == (
        '“<em>a</em>” <code>"b"</code>“c” (<em>“d”</em>)'
    )


def test_each_sign_stays_in_its_element() -> None:
    """Three hyphens over two elements become one dash, in the first."""
    assert typeset("a--<em>-b..</em>.") == "a—<em>b…</em>"


def test_no_character_is_lost_but_those_that_become_one() -> None:
    plain = "It is \"so\" -- or 'so' --- and... 1950-51, a-b."
    assert typeset(plain).translate(str.maketrans("“”‘’", "\"\"''")) == (
        plain.replace("---", "—").replace("--", "–").replace("...", "…")
    )


def test_long_runs_of_signs() -> None:
    assert typeset("a----b") == "a—-b"
    assert typeset("a....b") == "a….b"
    assert typeset("''a''") == "‘‘a’’"


def test_typographic_text_is_left_alone() -> None:
    once = typeset("\"One's 'two' -- three... four\"")
    assert typeset(once) == once


def test_protected_signs_come_back() -> None:
    assert restore("".join(PROTECTED.values())) == "\"'-."
    assert typeset("".join(PROTECTED.values())) == "".join(PROTECTED.values())
    assert len(set(PROTECTED.values())) == len(PROTECTED)


def test_names_of_signs() -> None:
    signs = (typography.APOSTROPHE, typography.EN_DASH, typography.EM_DASH, typography.ELLIPSIS)
    assert [f"{ord(sign):04X}" for sign in signs] == ["2019", "2013", "2014", "2026"]
