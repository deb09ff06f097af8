"""A passage's words → the id that names it, and the fingerprint by which it is known again.

Two passages have the same words if they differ in case, punctuation and white space alone
(``bare``).  The id is a hash of the words; one changed word gives another.  The *fingerprint* is a
sketch of the passage's pairs of neighbouring words: the smallest of their hashes, of which two
texts share as large a part as they share pairs (A. Broder, "On the Resemblance and Containment of
Documents", 1997, the sketch modulo m).  So a fingerprint of some 30 hashes tells, years later, that
a passage was edited, divided or joined with another, without the text being kept twice.
"""

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

PREFIX = "p--"
"""How the ids begin: no editor's id has two hyphens, and a letter opens every id."""

_ID_BYTES = 5
"""Eight characters of base32: in a book of 10,000 passages two meet by chance in 1 of 22,000."""

_HASH_BITS = 15
_HASH_LETTERS = 3
_MOST = 32
"""The most hashes that a fingerprint keeps; of long passages it keeps every second, fourth …."""

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
"""That of base32 (RFC 4648 §6), in small letters."""

_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Scripts that set no space between words: Thai, Lao, Burmese, Khmer, Chinese, Japanese."""

_WORD = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")


_LETTERS = re.compile(r"[^\W_]+")
"""Words as far as no marks stand in them, which Python's expressions do not take for letters."""


class _Signs(dict[int, str | None]):
    """What becomes of each sign: letters, marks and digits stay, the rest parts words.

    Signs that only say how text is set (soft hyphens, joiners: the category Cf) leave no trace.
    """

    def __missing__(self, code: int) -> str | None:
        category = unicodedata.category(chr(code))
        kept = chr(code) if category[0] in "LMN" else None if category == "Cf" else " "
        self[code] = kept
        return kept


_SIGNS = _Signs()


@cache
def _is_plain(sign: str) -> bool:
    """Tell whether ``_LETTERS`` takes a sign as ``_SIGNS`` does."""
    kept = _SIGNS[ord(sign)]
    return kept is not None and (kept == sign) == sign.isalnum()


@lru_cache(maxsize=2**13)
def bare(text: str) -> str:
    """Give a text's words alone: composed (NFC), case folded, one space between them."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    if all(map(_is_plain, set(folded))):
        return " ".join(_LETTERS.findall(folded))
    return " ".join(folded.translate(_SIGNS).split())


def identifier(*parts: str) -> str:
    """Give the id made of bare words (and of what tells them from others of the same words)."""
    digest = hashlib.blake2b("\0".join(parts).encode(), digest_size=_ID_BYTES).digest()
    return PREFIX + base64.b32encode(digest).decode().lower()


@dataclass(frozen=True)
class Fingerprint:
    """The hashes of a passage below ``2 ** (15 - level)``: 1 in 2 ** level of all it has."""

    level: int
    hashes: frozenset[int]

    def __str__(self) -> str:
        """Write the level and the hashes, three letters each, in order."""
        letters = (_written(value) for value in sorted(self.hashes))
        return f"{self.level}{''.join(letters)}"


def _written(value: int) -> str:
    return "".join(_ALPHABET[value >> shift & 31] for shift in (10, 5, 0))


def fingerprint(words: str) -> Fingerprint:
    """Give the fingerprint of bare words."""
    hashes, level = pairs(words), 0
    while len(kept := at_level(hashes, level)) > _MOST:
        level += 1
    return Fingerprint(level, kept)


def pairs(words: str) -> frozenset[int]:
    """Give the hashes of all pairs of neighbouring words, the first and the last word's too."""
    found = ["", *_WORD.findall(words), ""]
    return frozenset(_hash(f"{one} {two}") for one, two in pairwise(found))


def _hash(text: str) -> int:
    digest = hashlib.blake2b(text.encode(), digest_size=2).digest()
    return int.from_bytes(digest, "big") >> (16 - _HASH_BITS)


def at_level(hashes: Iterable[int], level: int) -> frozenset[int]:
    """Give those of the hashes that a fingerprint of a level keeps."""
    return frozenset(value for value in hashes if value < 1 << (_HASH_BITS - level))


def read(written: str) -> Fingerprint:
    """Read a fingerprint; raises ``ValueError`` where it is none."""
    level, letters = written[:1], written[1:]
    if not re.fullmatch(r"[0-9]", level) or not re.fullmatch(rf"([{_ALPHABET}]{{3}})*", letters):
        raise ValueError(written)
    steps = range(0, len(letters), _HASH_LETTERS)
    hashes = (
        _VALUES[letters[at]] << 10 | _VALUES[letters[at + 1]] << 5 | _VALUES[letters[at + 2]]
        for at in steps
    )
    return Fingerprint(int(level), frozenset(hashes))
