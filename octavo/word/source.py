"""Markdown, divided without loss: what Word shows of it, each sign with its place in the file.

The stages of the book read Markdown for its meaning and forget where words stood.  Here places are
all that matters: between the places of two signs lies what Word does not show (asterisks, brackets
with their attributes, marks for the index), and stays as it is whatever is changed around it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["citation", "reference", "call", "note", "image", "break", "hidden"]
WrapKind = Literal["em", "strong", "code", "span", "link"]
Role = Literal[
    "title", "heading", "paragraph", "quotation", "attribution", "item", "picture", "caption",
    "cell", "code", "rule", "hidden",
]  # fmt: skip


@dataclass(frozen=True)
class Sign:
    """A sign that is shown, of ``shown`` characters, written from ``start`` to ``end``."""

    shown: str
    start: int
    end: int


@dataclass(frozen=True)
class Thing:
    """What stands among the words and is none: ``text`` is its label, target or source.

    ``children`` are the words of a note that is written in place.
    """

    kind: Kind
    start: int
    end: int
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple["Inline", ...] = ()


@dataclass(frozen=True)
class Wrap:
    """Words set otherwise, or marked: ``children`` between signs that are not shown."""

    kind: WrapKind
    start: int
    end: int
    children: tuple["Inline", ...]
    attributes: Mapping[str, str] = field(default_factory=dict)


Inline = Sign | Thing | Wrap


@dataclass(frozen=True)
class Leaf:
    """A block that holds no blocks: what is one paragraph in Word.

    ``start`` and ``end`` are its lines in the file, ``opening`` what its first line begins with
    (``"## "``, ``"> "``).  ``level`` is a heading's, or how deep a list's item stands; ``number``
    an ordered item's, 0 for a bullet, -1 for a further paragraph of an item.  ``target`` is a
    picture's file; ``table`` numbers the tables, ``row`` and ``column`` a cell's place.
    """

    role: Role
    start: int
    end: int
    content: tuple[Inline, ...] = ()
    level: int = 0
    number: int = -1
    opening: str = ""
    target: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    table: int = -1
    row: int = 0
    column: int = 0


@dataclass(frozen=True)
class Chapter:
    """A file divided: the leaves in their order, and those of each note by its label."""

    leaves: tuple[Leaf, ...]
    notes: Mapping[str, tuple[Leaf, ...]]
