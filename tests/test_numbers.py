"""Inclusive numbers, against the examples and the rules of Chicago 18, ch. 9."""

import pytest

from octavo.numbers import runs, shorten


@pytest.mark.parametrize(
    ("first", "last", "printed"),
    [
        ("3", "10", "3–10"),
        ("47", "49", "47–49"),
        ("96", "117", "96–117"),
        ("100", "104", "100–104"),
        ("1100", "1113", "1100–1113"),
        ("101", "108", "101–8"),
        ("808", "833", "808–33"),
        ("1103", "1104", "1103–4"),
        ("112", "113", "112–13"),
        ("321", "328", "321–28"),
        ("498", "532", "498–532"),
        ("1087", "1089", "1087–89"),
        ("1496", "1500", "1496–500"),
        ("12991", "13001", "12991–3001"),
        ("998", "1003", "998–1003"),
    ],
)
def test_the_second_number_is_shortened_by_what_the_first_is(
    first: str, last: str, printed: str
) -> None:
    assert shorten(first, last) == printed


@pytest.mark.parametrize(
    ("first", "last", "printed"),
    [
        ("ix", "xi", "ix–xi"),
        ("clxi", "clxiv", "clxi–clxiv"),
        ("xii", "103", "xii–103"),
        ("12.10", "12.11", "12.10–12.11"),
    ],
)
def test_what_is_no_arabic_number_stands_in_full(first: str, last: str, printed: str) -> None:
    assert shorten(first, last) == printed


@pytest.mark.parametrize("number", ["7", "112", "xii"])
def test_one_number_stands_alone(number: str) -> None:
    assert shorten(number, number) == number


def test_consecutive_numbers_make_a_run() -> None:
    assert runs([4, 7, 8, 9, 12, 13]) == ((4, 4), (7, 9), (12, 13))
    assert runs([113, 112, 112]) == ((112, 113),)
    assert runs([]) == ()
