"""Marks in a document the places where printed pages begin, to the letter.

A mark is ``<span role="doc-pagebreak separator" id="page-47" aria-label="47">`` (DPUB-ARIA 1.1,
EPUB Accessibility 1.1), within a word where print breaks one.  A note that runs over is marked
where it goes on, too; that mark's id is ``NOTE.page-48``, since the page's own is in the text.

What a page shows first is known, so that no mark stands where it should not: where the words
behind a place within a block are others, there is none, and the page is reported.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from octavo.editions.paging import NoteTurn, PageStart, Paging
from octavo.markdown.tree import Element

BLOCK = "data-block"
"""The attribute by which the blocks of a section's text are found."""

UNPRINTED = "data-unprinted"
"""The attribute of what these editions have in their text and print has not."""

PAGE_BREAK = "doc-pagebreak separator"
"""The role of a mark, and what it is to those who do not know that role (WAI-ARIA 1.2 §5.4.1)."""

WORDS_COMPARED = 5

_PARSER = etree.XMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
_NAMESPACE = "http://www.w3.org/1999/xhtml"
_INLINE = frozenset({"a", "abbr", "b", "cite", "code", "del", "em", "i", "ins", "mark", "q",
                     "small", "span", "strong", "sub", "sup", "time"})  # fmt: skip
_APART = frozenset({"doc-noteref", "doc-endnotes", "doc-footnote", PAGE_BREAK})
"""Roles of what has no place in the running text of a printed page."""

_NOTE_NUMBER = "note-number"
"""The class of a note's number, which does not belong to its text."""

_SILENT = re.compile(r"[\s\N{SOFT HYPHEN}\N{WORD JOINER}]+")
"""What is not compared: white space, joiners."""


def page_id(folio: str) -> str:
    """Give the id of a page's mark."""
    return f"page-{folio}"


@dataclass(frozen=True)
class Marked:
    """A document with its marks, and the folios of the pages that begin in it, in their order."""

    root: Element
    folios: tuple[str, ...]


def lost(paging: Paging, marked: Collection[str]) -> tuple[str, ...]:
    """Give the folios of the pages that are not among those marked."""
    return tuple(start.folio for start in paging.starts if start.folio not in marked)


def mark(document: str | bytes, paging: Paging) -> Marked:
    """Put marks into a document, an XHTML text."""
    root = etree.fromstring(document.encode() if isinstance(document, str) else document, _PARSER)
    found: dict[str, None] = {}
    by_id: dict[str | None, Element] = {
        element.get("id"): element for element in root.iterfind(".//*[@id]")
    }
    for section, starts in _by_section(by_id, paging.starts):
        text = _Text.of(section)
        places: list[tuple[int, Element]] = []
        at = 0
        for start in starts:
            page_mark = _mark(page_id(start.folio), start.folio)
            if start.opens and start.block == start.section:
                _open(section, page_mark)
            elif (place := _place(text, start, at)) is not None:
                places.append((place, page_mark))
                at = place
            else:
                continue
            found[start.folio] = None
        text.insert(places)
    _mark_notes(by_id, paging.turns)
    for name in (BLOCK, UNPRINTED):
        for element in root.iterfind(f".//*[@{name}]"):
            del element.attrib[name]
    return Marked(root, tuple(found))


def _mark(identifier: str, folio: str) -> Element:
    attributes = {"role": PAGE_BREAK, "id": identifier, "aria-label": folio}
    return etree.Element(f"{{{_NAMESPACE}}}span", attributes)


def _by_section(
    by_id: Mapping[str | None, Element], starts: Iterable[PageStart]
) -> Iterator[tuple[Element, list[PageStart]]]:
    """Give the sections that a document has, each with its pages."""
    by_section: dict[str, list[PageStart]] = {}
    for start in starts:
        by_section.setdefault(start.section, []).append(start)
    for name, found in by_section.items():
        if name in by_id:
            yield by_id[name], found


def _open(section: Element, page_mark: Element) -> None:
    page_mark.tail, section.text = section.text, None
    section.insert(0, page_mark)


def _place(text: "_Text", start: PageStart, at: int) -> int | None:
    """Find where a page begins: in its block, or, where sections are made, by its first words."""
    words = bare(" ".join(start.words.split()[:WORDS_COMPARED]))
    block = text.starts.get(start.block.removeprefix(f"{start.section}."))
    if block is not None:
        place = block + start.characters
        is_there = not start.characters or text.signs.startswith(words, place)
        return place if is_there else None
    place = text.signs.find(words, at)
    return place if place >= 0 else None


def _mark_notes(notes: Mapping[str | None, Element], turns: Iterable[NoteTurn]) -> None:
    by_note: dict[str, list[NoteTurn]] = {}
    for turn in turns:
        by_note.setdefault(turn.note, []).append(turn)
    for name, found in by_note.items():
        if name in notes:
            text = _Text.of(notes[name])
            text.insert(
                [
                    (turn.characters, _mark(f"{name}.{page_id(turn.folio)}", turn.folio))
                    for turn in found
                    if turn.characters < len(text.signs)
                ]
            )


def bare(words: str) -> str:
    """Give the characters of a text that are compared."""
    joined = "".join(words.split())
    return joined.replace("\N{SOFT HYPHEN}", "").replace("\N{WORD JOINER}", "")


@dataclass(frozen=True)
class _Slot:
    """A piece of text: its element, whether it stands behind it, and the signs before it."""

    element: Element
    is_tail: bool
    text: str
    before: int


@dataclass
class _Text:
    """The running text below an element, as a printed page would show it, with its places.

    ``starts`` gives the count of signs before a block, by its id or its ``data-block``.
    """

    slots: list[_Slot] = field(default_factory=list)
    starts: dict[str, int] = field(default_factory=dict)
    length: int = 0

    @classmethod
    def of(cls, element: Element) -> "_Text":
        text = cls()
        text._read(element)
        return text

    @cached_property
    def signs(self) -> str:
        return "".join(bare(slot.text) for slot in self.slots)

    def _visit(self, element: Element) -> None:
        if _is_apart(element):
            return
        for name in (element.get("id"), element.get(BLOCK)):
            if name:
                self.starts.setdefault(name, self.length)
        self._read(element)

    def _read(self, element: Element) -> None:
        self._take(element, element.text, is_tail=False)
        for child in element:
            self._visit(child)
            self._take(child, child.tail, is_tail=True)

    def _take(self, element: Element, text: str | None, *, is_tail: bool) -> None:
        length = len(bare(text or ""))
        if length:
            self.slots.append(_Slot(element, is_tail, text or "", self.length))
            self.length += length

    def insert(self, places: Sequence[tuple[int, Element]]) -> None:
        """Put each mark before the sign at its place; places go up."""
        slots = list(self.slots)
        for place, page_mark in reversed(places):
            while slots and slots[-1].before > place:
                slots.pop()
            _insert(slots[-1], place - slots[-1].before, page_mark)


def _is_apart(element: Element) -> bool:
    is_number = element.get("class") == _NOTE_NUMBER
    return is_number or element.get("role") in _APART or element.get(UNPRINTED) is not None


def _insert(slot: _Slot, count: int, page_mark: Element) -> None:
    """Put a mark before a sign of a slot, outside inline elements that begin with it."""
    element = slot.element
    given = (element.tail if slot.is_tail else element.text) or ""
    at = _index(given, count)
    if not slot.is_tail:
        while not given[:at].strip() and _name(element) in _INLINE and _is_first(element):
            element, given, at = element.getparent(), element.getparent().text or "", 0
            at = len(given)
        element.text, page_mark.tail = given[:at], given[at:]
        element.insert(0, page_mark)
        return
    element.tail, page_mark.tail = given[:at], given[at:]
    parent = element.getparent()
    parent.insert(parent.index(element) + 1, page_mark)


def _index(text: str, count: int) -> int:
    """Find the sign that has ``count`` others before it."""
    at = 0
    for silent in _SILENT.finditer(text):
        if count < silent.start() - at:
            break
        count -= silent.start() - at
        at = silent.end()
    return at + count


def _name(element: Element) -> str:
    return str(etree.QName(element).localname)


def _is_first(element: Element) -> bool:
    """Tell whether nothing but white space stands before an element in its parent."""
    parent = element.getparent()
    return parent is not None and parent[0] is element and not (parent.text or "").strip()
