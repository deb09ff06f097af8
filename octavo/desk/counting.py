"""The composed book → how many words it has, how many notes, works, tables and figures.

A word is what stands between spaces and has a letter or a digit in it, as word processors count.
Chinese characters and kana are counted one by one, since no spaces part their words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from octavo.book import Book, Section
from octavo.manuscript import Part
from octavo.markdown.tree import Element

_SIGN = re.compile(
    "[\u3007\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_WORD = re.compile(r"[^\s—]*[^\W_][^\s—]*")

_WORDS_A_MINUTE = 238
"""How fast adults read non-fiction: M. Brysbaert, "How many words do we read per minute?", Journal
of Memory and Language 109 (2019)."""

_SIGNS_A_MINUTE = 255
"""How fast adults read Chinese characters: S. Trauzettel-Klosinski and K. Dietz, "Standardized
Assessment of Reading Performance", Investigative Ophthalmology & Visual Science 53 (2012)."""


@dataclass(frozen=True)
class Length:
    """How long a text is: words parted by spaces, and signs that are counted one by one."""

    spaced: int = 0
    signs: int = 0

    @property
    def words(self) -> int:
        """Give the number of words, a sign being one."""
        return self.spaced + self.signs

    @property
    def minutes(self) -> float:
        """Give how long it takes to read."""
        return self.spaced / _WORDS_A_MINUTE + self.signs / _SIGNS_A_MINUTE

    def __add__(self, other: "Length") -> "Length":
        return Length(self.spaced + other.spaced, self.signs + other.signs)


@dataclass(frozen=True)
class Count:
    """What a section holds, or the book.

    ``text`` is the running text with its headings, without notes, tables and captions; ``notes`` is
    the text of the ``note_count`` notes, citations in full; ``works`` are the keys of those cited.
    """

    name: str
    title: str
    part: Part | None
    text: Length
    notes: Length
    note_count: int
    works: frozenset[str]
    tables: int
    figures: int


def length(text: str) -> Length:
    """Count the words of a text."""
    rest, signs = _SIGN.subn(" ", text)
    return Length(sum(1 for _ in _WORD.finditer(rest)), signs)


def count(book: Book) -> tuple[Count, ...]:
    """Count each section that has text of its own, in the book's order."""
    return tuple(_section(section) for section in book.sections if section.has_text)


def total(book: Book, counts: Iterable[Count]) -> Count:
    """Add up what sections hold; a work that several cite is one."""
    counts = tuple(counts)
    return Count(
        name="",
        title=book.config.full_title,
        part=None,
        text=sum((one.text for one in counts), Length()),
        notes=sum((one.notes for one in counts), Length()),
        note_count=sum(one.note_count for one in counts),
        works=frozenset[str]().union(*(one.works for one in counts)),
        tables=sum(one.tables for one in counts),
        figures=sum(one.figures for one in counts),
    )


def _section(section: Section) -> Count:
    figures = [figure.get("class").split() for figure in section.body.iter("figure")]
    return Count(
        name=section.name,
        title=section.title_text,
        part=section.part,
        text=length(" ".join(_texts(section, [section.title, section.body]))),
        notes=length(" ".join(_texts(section, [note.body for note in section.notes]))),
        note_count=len(section.notes),
        works=frozenset(_works(section)),
        tables=sum("table" in classes for classes in figures),
        figures=sum("figure" in classes for classes in figures),
    )


_APART = frozenset({"figure", "table"})
"""Classes of what stands apart from the running text, with its caption."""

_BLOCKS = frozenset({"p", "li", "h2", "h3", "h4", "h5", "figcaption", "blockquote", "div", "pre"})


def _texts(section: Section, trees: Iterable[Element]) -> Iterator[str]:
    """Give the texts of trees, with the citations in them; blocks are parted by spaces."""
    for tree in trees:
        yield "".join(_pieces(section, tree))


def _pieces(section: Section, element: Element) -> Iterator[str]:
    classes = set((element.get("class") or "").split())
    if (element.tag == "figure" and classes & _APART) or "note-call" in classes:
        return
    if "citation" in classes:
        yield from _citation(section, int(element.get("data-citation")))
    yield element.text or ""
    for child in element:
        yield from _pieces(section, child)
        yield child.tail or ""
    if element.tag in _BLOCKS:
        yield " "


def _citation(section: Section, index: int) -> Iterator[str]:
    """Give what a citation prints in its place: nothing, if it is the call of a note."""
    formatted = section.citations[index]
    is_call = ("citation", index) in section.note_of_call
    if formatted.text is not None and not (is_call and formatted.note is None):
        yield from formatted.text.itertext()


def _works(section: Section) -> Iterator[str]:
    for formatted in section.citations:
        for tree in (formatted.text, formatted.note):
            for link in tree.iter("a") if tree is not None else ():
                if link.get("class") == "work":
                    yield link.get("href").removeprefix("#work-")
