"""The order of headings (Chicago 18, ch. 15).

Letter by letter: spaces, hyphens and marks are overlooked, up to the first comma or parenthesis,
behind which a second round begins.  Word by word: a shorter word comes before a longer one that
begins with it.  Sub-headings are filed by their first word that is no article, preposition or
conjunction.
"""

import re
from functools import lru_cache
from typing import Literal

from octavo import spelling

Order = Literal["letter", "word"]
Key = tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, str, str, str], ...]]

_ARTICLES = re.compile(r"^(?:an?|the)\s+", re.I)
_SMALL_WORDS = re.compile(
    r"^(?:(?:an?|the|about|after|against|among|and|as|at|before|between|but|by|during|for|from|in|"
    r"into|of|on|or|over|through|to|toward|towards|under|until|upon|with|within|without)\s+)+",
    re.I,
)
_ROUNDS = re.compile(r"\s*[,;:(]\s*")
_WORDS = re.compile(r"[\s\u2013\u2014/]+")


@lru_cache(maxsize=2**12)
def key(text: str, order: Order) -> Key:
    """Give what to sort headings by; ``text`` is a heading, or what it is to be filed under.

    A heading's first article does not count.
    """
    rounds = _ROUNDS.split(_ARTICLES.sub("", text.strip()))
    letters = tuple(tuple(_units(piece, order)) for piece in rounds)
    return letters, tuple(spelling.sort_key(piece) for piece in rounds)


def sub_key(text: str, order: Order) -> Key:
    """Give what to sort sub-headings by."""
    stripped = _SMALL_WORDS.sub("", text.strip())
    return key(stripped or text, order)


def _units(piece: str, order: Order) -> list[str]:
    pieces = _WORDS.split(piece) if order == "word" else [piece]
    return [letters for letters in (spelling.sort_key(one)[0] for one in pieces) if letters]


def letter(text: str) -> str:
    """Give the letter that a heading stands under; ``""`` for one that begins with none."""
    letters = spelling.sort_key(_ARTICLES.sub("", text.strip()))[0]
    return letters[0].upper() if letters and letters[0].isalpha() else ""
