"""How words are spelt: addresses made of them, and the order of an alphabetical list.

An order of our own, and neither PyICU's nor the Unicode Collation Algorithm's: both file Đ after
all of D, and take spaces for letters, where an English list of Vietnamese, Chinese and other names
goes letter by letter and overlooks marks as long as letters differ (Chicago 18, ch. 15).
"""

import re
import unicodedata
from functools import lru_cache

_LETTERS = {"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ß": "ss", "æ": "ae",
            "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ı": "i", "þ": "th", "Þ": "Th", "ð": "d",
            "Ð": "D"}  # fmt: skip
"""Letters that Unicode takes apart no further, as they are filed."""

_PLAIN = str.maketrans(_LETTERS)

_MARKS = "\u0306\u0302\u031b"
"""The marks that make letters of their own in Vietnamese, in its order: ă, â ê ô, ơ ư."""

_TONES = "\u0300\u0309\u0303\u0301\u0323"
"""The tones of Vietnamese in the order of its dictionaries, the level one before them all."""


def plain(text: str) -> str:
    """Give a text without marks: "Lê Đức Thọ" → "Le Duc Tho"."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


@lru_cache(maxsize=2**12)
def slug(text: str) -> str:
    """Give a text as it may stand in an address, ``le-duc-tho``; "" if no letter can."""
    ascii_only = plain(text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")


@lru_cache(maxsize=2**14)
def sort_key(text: str) -> tuple[str, str, str, str]:
    """Give what to sort a list by, letter by letter, spaces and punctuation overlooked.

    Among words of the same letters those without marks come first, then in the order of the
    Vietnamese alphabet, the letters before the tones.
    """
    letters = "".join(sign for sign in plain(text).casefold() if sign.isalnum())
    apart = unicodedata.normalize("NFD", text.casefold())
    marks = [f"{_rank(sign, _MARKS)}" for sign in apart]
    tones = [f"{_rank(sign, _TONES)}" for sign in apart]
    return letters, "".join(marks), "".join(tones), text


def _rank(sign: str, order: str) -> int:
    return order.find(sign) + 1
