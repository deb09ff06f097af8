"""Signs of marks, and where they go in a file."""

from collections.abc import Iterable
from dataclasses import dataclass

BEHIND, CLOSE, OPEN, BEFORE = range(4)
"""In which order signs stand at one place: ends of changes, of highlights; their beginnings."""


@dataclass(frozen=True)
class Sign:
    """Something to be put in at a place of a file; ``order`` sorts those of one place.

    ``length`` is that of what goes for it: a title or a cell is written anew.
    """

    at: int
    order: int
    text: str
    length: int = 0


@dataclass(frozen=True)
class Mark:
    """The signs of one mark, which stand or fall together; ``words`` says what it is.

    ``kinds`` are those of the changes and comments in it, several in a value that is written anew.
    """

    path: str
    signs: tuple[Sign, ...]
    words: str
    kinds: tuple[str, ...]


def with_signs(text: str, signs: Iterable[Sign]) -> str:
    """Put signs into a text."""
    out: list[str] = []
    last = 0
    for sign in sorted(signs, key=lambda sign: (sign.at, sign.order)):
        out += [text[last : sign.at], sign.text]
        last = sign.at + sign.length
    return "".join([*out, text[last:]])


_SHOWN = 60


def short(text: str) -> str:
    """Give the beginning of some words, for messages."""
    words = " ".join("".join(sign for sign in text if not "\ue100" <= sign <= "\ue1ff").split())
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"
