"""How numbers are written."""

_GROUPED_FROM = 4


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
