"""Numbers from one to another, and lists of numbers, as Chicago prints them (Chicago 18, ch. 9)."""

from collections.abc import Iterable

DASH = "\N{EN DASH}"
"""What joins the first and the last number."""


def shorten(first: str, last: str) -> str:
    """Join the first and the last of inclusive numbers: ``("112", "113")`` gives "112–13".

    The second is shortened by what the first is (Chicago 18, ch. 9, "Inclusive Numbers"):

    ==============================  =========================  ================================
    the first                       of the second are printed  as
    ==============================  =========================  ================================
    below 100                       all digits                 3–10, 71–72, 96–117
    100 and its multiples           all digits                 100–104, 1100–1113
    101–109, 201–209 …              the changed part           101–8, 808–33, 1103–4
    110–199, 210–299 …              two digits, or more where  321–28, 498–532, 1496–500
                                    more change
    ==============================  =========================  ================================

    What is no arabic number (roman folios, "2.3") stands in full, and one number stands alone.
    """
    if first == last:
        return first
    in_full = len(first) < 3 or first.endswith("00") or len(first) != len(last)  # noqa: PLR2004 - below 100
    if in_full or not (first + last).isdecimal():
        return f"{first}{DASH}{last}"
    same = next(place for place in range(len(first)) if first[place] != last[place])
    kept = len(last) - same if first[-2] == "0" else max(len(last) - same, 2)
    return f"{first}{DASH}{last[-kept:]}"


def runs(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Give the first and the last of consecutive numbers: 4, 7, 8, 9 as (4, 4) and (7, 9)."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return tuple(found)
