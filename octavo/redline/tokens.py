"""A block's inline content → tokens: words, signs, spaces, and what stands between them.

A token's key is what a reader sees of it: the letters, composed (NFC), and how they are set
(italics, another language, a link).  What only the tool needs (marks of the index and of names,
abbreviations' titles) is no part of it, and neither are the numbers of notes and of cross
references, which follow from what stands elsewhere.  A word is never taken apart; in scripts that
set no space between words each character is a word.
"""

import re
import unicodedata
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import Literal, Protocol

from octavo.markdown.tree import Element
from octavo.permalinks.words import UNSPACED

Kind = Literal["word", "sign", "space", "atom", "hidden", "break"]

_LETTER = rf"(?:[^\W{UNSPACED}][\u0300-\u036f]*)"
_TOKEN = re.compile(
    rf"(?P<word>[{UNSPACED}]|{_LETTER}+(?:(?:[’'\u2011-]|(?<=\d)[.,](?=\d)){_LETTER}+)*)"
    r"|(?P<space>\s+)|(?P<sign>.)",
    re.S,
)
"""A word may hold apostrophes and hyphens, a number full stops and commas."""

_HIDDEN_CLASSES = {"index-mark", "name", "noindex", "spelled-out"}
_UNSEEN_TAGS = {"abbr"}


@dataclass(frozen=True, eq=False)
class Wrapper:
    """An inline element around tokens; ``look`` is what a reader sees of it, ``()`` nothing."""

    element: Element
    look: tuple[str, ...]


Wrappers = tuple[Wrapper, ...]
"""The wrappers of a piece of text, the outermost first."""

Look = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class Token:
    """A piece of a block.

    An *atom* stands for an ``element`` of its own: the call of a note, a citation, a cross
    reference, a picture.  *Hidden* ones are seen by nobody, as a place for the index; a *break* is
    the end of a paragraph.  ``text`` is what is printed, as far as it is known here;
    ``fragments`` are its parts, where a wrapper that nobody sees begins or ends within a word.
    """

    kind: Kind
    text: str
    key: Hashable
    fragments: tuple[tuple[str, Wrappers], ...] = (("", ()),)
    element: Element = None

    @property
    def wrappers(self) -> Wrappers:
        """Give the wrappers around its beginning."""
        return self.fragments[0][1]

    @property
    def is_significant(self) -> bool:
        """Tell whether the token is compared; spaces and hidden things are not."""
        return self.kind not in {"space", "hidden"}


class Home(Protocol):
    """Knows what the atoms of a section stand for."""

    def key(self, atom: Element) -> Hashable:
        """Give what an atom is compared by."""

    def said(self, atom: Element) -> str:
        """Give the words that are printed in an atom's place."""


def of_block(block: Element, home: Home) -> tuple[Token, ...]:
    """Give the tokens of a block that holds inline content only."""
    found: list[Token] = []
    run: list[tuple[str, Wrappers]] = []
    for piece in _walk(block, (), home):
        if isinstance(piece, Token):
            found += _read(run, is_verbatim=block.tag == "pre")
            run = []
            found.append(piece)
        else:
            if run and _looks(run[-1][1]) != _looks(piece[1]):
                found += _read(run, is_verbatim=block.tag == "pre")
                run = []
            run.append(piece)
    found += _read(run, is_verbatim=block.tag == "pre")
    return tuple(_stripped(found))


def _stripped(tokens: list[Token]) -> list[Token]:
    """Take away the spaces at the beginning and the end."""
    ends = [n for n, token in enumerate(tokens) if token.is_significant]
    if not ends:
        return [token for token in tokens if token.kind != "space"]
    return [
        token for n, token in enumerate(tokens) if token.kind != "space" or ends[0] < n < ends[-1]
    ]


def _walk(
    element: Element, wrappers: Wrappers, home: Home
) -> Iterator[Token | tuple[str, Wrappers]]:
    """Give a block's atoms, and its pieces of text with the wrappers around them."""
    if element.text:
        yield element.text, wrappers
    for child in element:
        around = ((child.text or "", wrappers),)
        if _is_atom(child):
            key = (home.key(child), _looks(wrappers))
            yield Token("atom", home.said(child), key, around, child)
        elif not len(child) and not child.text:
            yield Token("hidden", "", None, around, child)
        else:
            yield from _walk(child, (*wrappers, Wrapper(child, _look(child))), home)
        if child.tail:
            yield child.tail, wrappers


def _is_atom(element: Element) -> bool:
    match element.tag, element.get("class"):
        case ("a", "note-call") | ("span", "citation") | (("img" | "br"), _):
            return True
        case "a", "cross-reference":
            return bool(element.get("data-form") != "text")
    return False


def _look(element: Element) -> tuple[str, ...]:
    """Give what a reader sees of an inline element."""
    classes = set((element.get("class") or "").split()) - _HIDDEN_CLASSES
    seen = [" ".join(sorted(classes)), element.get("lang") or "", element.get("href") or ""]
    if element.tag in _UNSEEN_TAGS or (element.tag == "span" and not any(seen)):
        return ()
    return (element.tag, *seen)


def _looks(wrappers: Wrappers) -> Look:
    return tuple(sorted({wrapper.look for wrapper in wrappers if wrapper.look}))


def _read(run: Sequence[tuple[str, Wrappers]], *, is_verbatim: bool) -> Iterator[Token]:
    """Give the tokens of pieces of text that look alike; in code, where they count, spaces are
    signs.
    """  # noqa: D205 - one sentence
    if not run:
        return
    look = _looks(run[0][1])
    ends = list(accumulate(len(text) for text, _ in run))
    first = 0
    for found in _TOKEN.finditer("".join(text for text, _ in run)):
        kind: Kind = "word" if found["word"] else "space" if found["space"] else "sign"
        if kind == "space" and is_verbatim:
            kind = "sign"
        while ends[first] <= found.start():
            first += 1
        fragments: tuple[tuple[str, Wrappers], ...] = ((found[0], run[first][1]),)
        if found.end() > ends[first]:
            at = ends[first] - len(run[first][0])
            fragments = tuple(_cut(run[first:], found.start() - at, found.end() - at))
        yield Token(kind, found[0], (normal(found[0]), look), fragments)


def _cut(
    run: Sequence[tuple[str, Wrappers]], start: int, end: int
) -> Iterator[tuple[str, Wrappers]]:
    """Give the part of pieces of text from one place to another."""
    at = 0
    for text, wrappers in run:
        if at >= end:
            return
        part = text[max(start - at, 0) : end - at]
        if part:
            yield part, wrappers
        at += len(text)


@lru_cache(maxsize=2**16)
def normal(text: str) -> str:
    """Give the form in which words are compared: composed, without soft hyphens."""
    return unicodedata.normalize("NFC", text).replace("\u00ad", "")


def within(token: Token, wrappers: Wrappers) -> Token:
    """Give a token with more wrappers around its own."""
    fragments = tuple((text, (*wrappers, *own)) for text, own in token.fragments)
    key = token.key
    if isinstance(key, tuple):
        key = (key[0], _looks(fragments[0][1]))
    return replace(token, fragments=fragments, key=key)
