"""How numbers are written."""

from typing import Literal

Numerals = Literal["roman", "arabic"]

_GROUPED_FROM = 4

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
         (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def group_digits(number: str) -> str:
    """Group a number's digits in threes from four digits up (Chicago 18, ch. 9); keep ``""``."""
    if not number:
        return ""
    whole, point, fraction = number.partition(".")
    sign, digits = (whole[0], whole[1:]) if whole[0] in "+-" else ("", whole)
    if len(digits) >= _GROUPED_FROM:
        digits = f"{int(digits):,}"
    return f"{sign.replace('-', '−')}{digits}{point}{fraction}"


def written(number: float) -> str:
    """Write a number with as few decimals as say it, its digits grouped."""
    return group_digits(f"{number:.6f}".rstrip("0").rstrip("."))


def folio(number: int, numerals: Numerals) -> str:
    """Write a page number in arabic or lower-case roman numerals (Chicago 18, ch. 1)."""
    if numerals == "arabic":
        return str(number)
    out = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        out += sign * count
    return out
