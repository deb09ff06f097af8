"""A block's inline content → tokens: words, signs, spaces, and what stands between them.

A token's key is what a reader sees of it: the letters, composed (NFC), and how they are set
(italics, another language, a link).  What only the tool needs (marks of the index and of names,
abbreviations' titles) is no part of it, and neither are the numbers of notes and of cross
references, which follow from what stands elsewhere.  A word is never taken apart; in scripts that
set no space between words each character is a word.
"""

import re
import unicodedata
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, eq=False)
class Token:
    """A piece of a block.

    An *atom* stands for an ``element`` of its own: the call of a note, a citation, a cross
    reference, a picture.  *Hidden* ones are seen by nobody, as a place for the index; a *break* is
    the end of a paragraph.  ``text`` is what is printed, as far as it is known here.
    """

    kind: Kind
    text: str
    key: Hashable
    wrappers: tuple[Wrapper, ...] = ()
    element: Element | None = None

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
    return tuple(_stripped(list(_walk(block, (), home, is_verbatim=block.tag == "pre"))))


def _stripped(tokens: list[Token]) -> list[Token]:
    """Take away the spaces at the beginning and the end."""
    ends = [n for n, token in enumerate(tokens) if token.is_significant]
    if not ends:
        return [token for token in tokens if token.kind != "space"]
    return [
        token
        for n, token in enumerate(tokens)
        if token.kind != "space" or ends[0] < n < ends[-1]
    ]


def _walk(
    element: Element, wrappers: tuple[Wrapper, ...], home: Home, *, is_verbatim: bool
) -> Iterator[Token]:
    yield from _words(element.text or "", wrappers, is_verbatim=is_verbatim)
    for child in element:
        if _is_atom(child):
            look = _looks(wrappers)
            yield Token("atom", home.said(child), (home.key(child), look), wrappers, child)
        elif not len(child) and not child.text:
            yield Token("hidden", "", None, wrappers, child)
        else:
            wrapper = Wrapper(child, _look(child))
            yield from _walk(child, (*wrappers, wrapper), home, is_verbatim=is_verbatim)
        yield from _words(child.tail or "", wrappers, is_verbatim=is_verbatim)


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


def _looks(wrappers: tuple[Wrapper, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted({wrapper.look for wrapper in wrappers if wrapper.look}))


def _words(text: str, wrappers: tuple[Wrapper, ...], *, is_verbatim: bool) -> Iterator[Token]:
    """Give the tokens of a text; in code, where they count, spaces are signs."""
    look = _looks(wrappers)
    for found in _TOKEN.finditer(text):
        kind: Kind = "word" if found["word"] else "space" if found["space"] else "sign"
        if kind == "space" and is_verbatim:
            kind = "sign"
        yield Token(kind, found[0], (normal(found[0]), look), wrappers)


def normal(text: str) -> str:
    """Give the form in which words are compared: composed, without soft hyphens."""
    return unicodedata.normalize("NFC", text).replace("\u00ad", "")
