"""The marks of one section in the making: what they take out, and how a list quotes them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from octavo.markdown.tree import Element, Mark, MarkKind, Removed
from octavo.problems import Span
from octavo.redline.changes import CONTEXT, Change, shortened
from octavo.redline.homes import Home
from octavo.redline.tokens import Token, of_block
from octavo.redline.words import Piece

_SPACES = re.compile(r"\s+")


@dataclass
class Marking:
    """The marks of one section in the making, what they have taken out, and the list of both."""

    section: str
    span: Span
    marks: list[Mark] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def mark(self, kind: MarkKind) -> int:
        """Make a mark; give its index."""
        self.marks.append(Mark(kind, self.span))
        return len(self.marks) - 1

    def lead(self, index: int, other: str) -> None:
        """Say where the other end of a move is, by the id of its mark."""
        self.marks[index] = replace(self.marks[index], other=other)

    def place(self, mark: int, content: Element) -> Element:
        """Keep what a mark has taken out; give the element for its place."""
        self.removed.append(Removed(mark, content))
        return etree.Element("del", {"data-removed": str(len(self.removed) - 1)})


def text_of(tokens: Sequence[Token], home: Home) -> str:
    """Give the words of tokens as a list quotes them, a note in brackets."""
    found = []
    for token in tokens:
        note = home.note(token.element) if token.kind == "atom" else None
        if note is not None:
            blocks = (text_of(of_block(block, home), home) for block in home.note_blocks(note))
            found.append(f"[{shortened(' '.join(blocks))}]")
        else:
            found.append(" ¶ " if token.kind == "break" else token.text)
    return _SPACES.sub(" ", "".join(found))


def context(pieces: Sequence[Piece], side: int) -> str:
    """Give some words of the new text beside a change: before it (-1), or behind it (1)."""
    nearest = [piece.token for piece in pieces if piece.mark != "del"][::side]
    ends = [n for n, token in enumerate(nearest) if token.kind == "word"][:CONTEXT]
    nearest = nearest[: ends[-1] + 1] if ends else nearest
    return _SPACES.sub(" ", "".join(token.text for token in nearest[::side]))


def count(tokens: Iterable[Token], home: Home) -> int:
    """Give how many words there are, those of notes among them.

    In scripts without spaces each character is one.
    """
    found = 0
    for token in tokens:
        note = home.note(token.element) if token.kind == "atom" else None
        if note is not None:
            found += sum(count(of_block(one, home), home) for one in home.note_blocks(note))
        elif token.kind == "atom":
            found += len(token.text.split())
        else:
            found += token.kind == "word"
    return found
