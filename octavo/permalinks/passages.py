"""The passages of a book that a reader may cite: sections, headings, figures, tables, paragraphs.

A passage that has an id (the editor's, or one made of a heading's words) goes by it; the others go
by the hash of their words.  Passages of the same words are told apart: the first in the book has
the plain hash, the next one made of its section's id too, and more of that section bear a number.
So nothing that is put in or taken out elsewhere changes an id, unless it has the very same words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Literal

from octavo.book import Section
from octavo.markdown.finish import BLOCKS, CALLS, HEADINGS
from octavo.markdown.tree import Element
from octavo.permalinks import words

Kind = Literal["section", "heading", "figure", "text"]

KINDS: tuple[Kind, ...] = ("section", "heading", "figure", "text")

SKIPPED = frozenset({"half-title", "title", "contents"})
"""Kinds of sections that no edition gives a document of its own."""

_TEXT = frozenset({"p", "li", "dd", "pre"})
_FIGURES = frozenset({"table", "figure"})
_INSIDE_OTHERS = ("figcaption", "td", "th")
_UNCITED = CALLS | {"spelled-out"}
"""Classes of spans that do not count among a passage's words: they depend on others."""


@dataclass(frozen=True)
class Passage:
    """A passage: its id, its kind, the names of its document and its section, its bare words.

    ``block`` is the ``data-block`` of its element, ``""`` for a section; ``is_own`` tells whether
    the element bears the id already.
    """

    id: str
    kind: Kind
    document: str
    section: str
    block: str
    words: str
    is_own: bool


def find(sections: Sequence[Section]) -> tuple[Passage, ...]:
    """Give the passages of a book in reading order, each section's own first."""
    taken: set[str] = set()
    return tuple(
        passage
        for section in sections
        if section.kind not in SKIPPED
        for passage in _of(section, taken)
    )


def _of(section: Section, taken: set[str]) -> Iterator[Passage]:
    title = words.bare(section.title_text)
    yield Passage(section.id, "section", section.name, section.id, "", title, is_own=True)
    for block, kind, named in _blocks(section.body):
        own = named if kind == "heading" or not _is_made(named) else ""
        said = words.bare("".join(_said(block)))
        if own or said:
            name = own or _identified(said, section.id, taken)
            number = block.get("data-block")
            yield Passage(name, kind, section.name, section.id, number, said, is_own=bool(own))


def _is_made(name: str) -> bool:
    """Tell whether an id was made by the tool, of a number that changes."""
    return "--" in name


def _blocks(body: Element) -> Iterator[tuple[Element, Kind, str]]:
    """Give the blocks that are passages, their kind, and the id that they, or their figures, have.

    A figure or a table is found by its caption.
    """
    for element in body.iter():
        name: str = element.get("id", "")
        kind: Kind | None = None
        if element.tag in HEADINGS:
            kind = "heading"
        elif element.tag == "figcaption":
            figure = element.getparent()
            if figure.get("class") in _FIGURES:
                kind, name = "figure", figure.get("id", "")
        elif element.tag in _TEXT and element.get("class") != "event":
            is_within = next(element.iterancestors(*_INSIDE_OTHERS), None) is not None
            has_paragraphs = element.tag != "p" and element.find("p") is not None
            kind = None if is_within or has_paragraphs else "text"
        if kind and element.get("data-block"):
            yield element, kind, name


def _said(element: Element) -> Iterator[str]:
    """Give an element's text without notes, and without other blocks within it."""
    yield element.text or ""
    for child in element:
        if child.tag not in BLOCKS and _UNCITED.isdisjoint((child.get("class") or "").split()):
            yield from _said(child)
        yield child.tail or ""


def _identified(said: str, section: str, taken: set[str]) -> str:
    """Give the first id of words in a section that is not taken, and take it."""
    here = words.identifier(said, section)
    numbered = (f"{here}-{number}" for number in count(2))
    found = next(
        name for name in chain([words.identifier(said), here], numbered) if name not in taken
    )
    taken.add(found)
    return found
