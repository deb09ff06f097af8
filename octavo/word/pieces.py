"""What a DOCX is read into: paragraphs of pieces, each with what has happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass

from octavo.word.outline import Format
from octavo.word.styles import PLAIN, Role


@dataclass(frozen=True)
class Change:
    """A tracked change: an ``insertion`` or a ``deletion``, who made it, when, if it is a move."""

    kind: str
    author: str
    date: str
    moved: bool = False


@dataclass(frozen=True)
class Comment:
    """A comment with its words; ``answers`` is the id of the one that it answers."""

    id: str
    author: str
    date: str
    text: str
    answers: str = ""
    done: bool = False


@dataclass(frozen=True)
class Control:
    """A thing of the manuscript's in a content control: its kind, the place of its source.

    ``file`` and ``place`` are -1 where it is not known; ``changed`` tells that its words are no
    longer those that were sent.
    """

    kind: str
    file: int
    place: int
    alias: str
    changed: bool


@dataclass(frozen=True)
class Picture:
    """A picture: the part that holds it (``""`` where it lies outside), and its description."""

    part: str
    alt: str


@dataclass(frozen=True)
class IndexEntry:
    """A field ``XE``: an entry of Word's index."""

    term: str
    sub: str


@dataclass(frozen=True)
class NoteText:
    """A footnote or an endnote with its paragraphs."""

    paragraphs: tuple["Paragraph", ...]


Held = Control | Picture | IndexEntry | NoteText


@dataclass(frozen=True)
class Piece:
    """A character, or a thing (``key`` as in ``outline``): how it is set, what happened to it."""

    key: str
    format: Format
    change: Change | None = None
    held: Held | None = None


@dataclass(frozen=True)
class Cell:
    """The cell that a paragraph stands in: table, row, column, and how many columns it spans."""

    table: int
    row: int
    column: int
    span: int = 1
    goes_on: bool = False


@dataclass(frozen=True)
class Anchor:
    """Where a comment begins and ends in a paragraph, counted in its pieces."""

    comment: str
    start: int
    end: int


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``mark`` is the change of its end: it was divided there, or joined."""

    pieces: tuple[Piece, ...]
    role: Role = PLAIN
    mark: Change | None = None
    cell: Cell | None = None
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True)
class Document:
    """What a DOCX holds; ``lost`` counts what cannot be carried, by what it is."""

    paragraphs: tuple[Paragraph, ...]
    comments: Mapping[str, Comment]
    language: str
    lost: Mapping[str, int]
