"""The documents → what Pagefind indexes: their parts, from heading to heading.

A part is a result of its own.  Its text is the running text alone, with *anchors* between its
words: the ids of its blocks, and the marks where printed pages begin, so that a place in the text
leads to the paragraph, and tells the page, that it stands on.  The notes called in a part follow
its text, as notes, each behind the page of its call.

What only leads to other places is left out: the contents, the lists of tables and figures, the
index, notes' numbers, the ways back from the bibliography and the register of names.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from lxml import etree

from octavo import store, tools
from octavo.book import Section
from octavo.editions.page_marks import PAGE_BREAK, page_id
from octavo.editions.web.edition import INDEX, Edition
from octavo.markdown.tree import Element
from octavo.pagefind import Text
from octavo.store import Store, once
from octavo.templating import Templates

FOLDER = "search/"
"""Where the files of the search stand in the edition."""

_TEMPLATE = "web/search-part.html"

_UNSEARCHED = frozenset({"contents", "tables", "figures", "index"})
"""Kinds of sections that only lead to others."""

_LISTS = frozenset(
    {"abbreviations", "bibliography", "chronology", "copyright", "colophon", "names"}
)
"""Kinds of sections whose places count for less than those in the text."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _HEADINGS | {"article", "aside", "blockquote", "caption", "dd", "details", "div", "dl",
                       "dt", "figcaption", "figure", "hr", "li", "ol", "p", "pre", "section",
                       "table", "ul"}  # fmt: skip
_SPACE = frozenset({"br", "td", "th", "tr"})
_LEFT_OUT = frozenset({"button", "form", "nav", "script", "summary"})
_ROLES_LEFT_OUT = frozenset({"doc-noteref", "doc-backlink"})
_CLASSES_LEFT_OUT = frozenset({"cited-in", "mentioned-in"})

_HAN = "\u2e80-\u30ff\u31c0-\u31ef\u3400-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff"
_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}])(?=[{_HAN}])")
"""Where Chinese and Japanese characters meet: each is indexed as a word, for they have no spaces
between words, and a reader may look for any of them."""

_STROKES = ("\N{COMBINING SHORT STROKE OVERLAY}", "\N{COMBINING SHORT SOLIDUS OVERLAY}")
_APART = {"đ": f"d{_STROKES[0]}", "Đ": f"D{_STROKES[0]}", "ł": f"l{_STROKES[0]}",
          "Ł": f"L{_STROKES[0]}", "ħ": f"h{_STROKES[0]}", "Ħ": f"H{_STROKES[0]}",
          "ø": f"o{_STROKES[1]}", "Ø": f"O{_STROKES[1]}", "ð": f"d{_STROKES[1]}",
          "Ð": f"D{_STROKES[1]}"}  # fmt: skip
"""Letters that Unicode takes apart no further, taken apart: Pagefind overlooks marks alone, and so
finds "Điện Biên Phủ" for "dien bien phu".  The script puts them together again."""

_AS_INDEXED = str.maketrans({"\N{SOFT HYPHEN}": "", "\N{WORD JOINER}": "", **_APART})


@dataclass(frozen=True)
class Anchor:
    """A place between words: an id of the document, or that of a page's mark."""

    id: str


Piece = str | Anchor
Block = tuple[Piece, ...]


@dataclass(frozen=True)
class Part:
    """A part of a document: its id and heading, the page on which it begins, text and notes.

    ``id`` is ``""`` for what stands before the first heading, ``page`` where none is known.
    ``weight`` says how much its places count beside those of the text, which count 1.
    """

    id: str
    title: str
    page: str
    weight: float
    blocks: tuple[Block, ...]
    notes: tuple[Block, ...]


def texts(
    documents: Mapping[str, str],
    edition: Edition,
    templates: Templates,
    kept: Store | None,
) -> list[Text]:
    """Give what is searched: the parts of the documents, as Pagefind is given them.

    ``documents`` are XHTML texts by their names, with the pages marked.  The parts of a document
    that has not changed come from the store.
    """
    language = edition.book.config.language
    made_by = tools.named(("lxml", "jinja2"), Path(__file__).parent)
    found: list[Text] = []
    for section in edition.book.sections:
        name = edition.names[section.id]
        if section.kind in _UNSEARCHED or name == INDEX:
            continue
        title = " ".join(filter(None, [section.number, section.title_text])).translate(_AS_INDEXED)

        def write(name: str = name, title: str = title, section: Section = section) -> bytes:
            view = {"document": title, "language": language}
            return json.dumps(
                [
                    (_address(name, part), templates.render(_TEMPLATE, {**view, "part": part}))
                    for part in parts(etree.fromstring(documents[name]), section)
                ]
            ).encode()

        key = [made_by, templates.source(_TEMPLATE), title, section.kind, name, documents[name]]
        found += [Text(*text) for text in json.loads(once(kept, store.key(key), write))]
    return found


def script_views(texts: Iterable[Text]) -> dict[str, object]:
    """Give what the script is given: how words are indexed, and a tag of what is searched.

    The tag changes with the index, so that no cache mixes an old one with a new one.
    """
    parts = [part for text in texts for part in (text.address, text.document)]
    return {
        "between_han": _BETWEEN_HAN.pattern,
        "letters_apart": _APART,
        "search_tag": store.key(parts)[:12],
    }


def _address(name: str, part: Part) -> str:
    return quote(name) + (f"#{quote(part.id)}" if part.id else "")


def parts(document: Element, section: Section) -> list[Part]:
    """Divide a document, which has the pages' marks, at its headings."""
    reader = _Reader(section)
    main = document.find(".//{*}main")
    reader.read(next((one for one in main if one.get("id") == section.id), main))
    return reader.parts()


@dataclass
class _Draft:
    id: str
    title: str
    page: str
    blocks: list[Block] = field(default_factory=list)
    notes: list[Block] = field(default_factory=list)


class _Reader:
    """Reads a document from its beginning to its end."""

    def __init__(self, section: Section) -> None:
        self._weight = 0.4 if section.kind in _LISTS else 1.0
        self._page = ""
        self._drafts = [_Draft("", section.title_text, "")]
        self._calls: dict[str, tuple[_Draft, str]] = {}
        self._pieces: list[Piece] = []
        self._waiting: list[Anchor] = []

    def parts(self) -> list[Part]:
        """Give the parts that have been read."""
        return [
            Part(one.id, one.title, one.page, self._weight, tuple(one.blocks), tuple(one.notes))
            for one in self._drafts
            if one.id or one.blocks
        ]

    def read(self, element: Element) -> None:
        """Read what is in an element."""
        self._add(element.text)
        for child in element:
            self._visit(child)
            self._add(child.tail)

    def _visit(self, element: Element) -> None:
        name = etree.QName(element).localname
        role, identifier = element.get("role"), element.get("id", "")
        if role == "doc-endnotes":
            self._read_notes(element)
        elif role == PAGE_BREAK:
            self._turn(element)
        elif role == "doc-noteref":
            self._calls[identifier] = (self._drafts[-1], self._page)
        elif _is_left_out(element, name):
            return
        elif name in _HEADINGS and identifier:
            self._begin(element, identifier)
        elif name in _BLOCKS:
            self._end_block(self._drafts[-1].blocks)
            if identifier:
                self._pieces.append(Anchor(identifier))
            self.read(element)
            self._end_block(self._drafts[-1].blocks)
        else:
            self.read(element)
            if name in _SPACE:
                self._add(" ")

    def _begin(self, heading: Element, identifier: str) -> None:
        """Begin a part with its heading; that of a section leads to the section."""
        self._end_block(self._drafts[-1].blocks)
        self._drafts.append(_Draft(identifier.removesuffix(".title"), "", self._page))
        self.read(heading)
        words = "".join(piece for piece in self._pieces if isinstance(piece, str))
        self._drafts[-1].title = " ".join(words.split())
        self._pieces = [piece for piece in self._pieces if isinstance(piece, Anchor)]

    def _turn(self, page_mark: Element) -> None:
        """Note where a page begins: behind the word that print breaks, if it breaks one."""
        self._page = page_id(page_mark.get("aria-label", ""))
        last = next((piece for piece in reversed(self._pieces) if isinstance(piece, str)), "")
        anchor = Anchor(self._page)
        if last and not last[-1].isspace():
            self._waiting.append(anchor)
        else:
            self._pieces.append(anchor)

    def _add(self, text: str | None) -> None:
        given = _BETWEEN_HAN.sub(" ", (text or "").translate(_AS_INDEXED))
        if self._waiting and (gap := re.search(r"\s", given)):
            self._pieces += [given[: gap.start()], *self._waiting]
            self._waiting, given = [], given[gap.start() :]
        if given:
            self._pieces.append(given)

    def _end_block(self, blocks: list[Block]) -> None:
        """End a block; what has no text is part of the next one."""
        pieces = [*self._pieces, *self._waiting]
        anchors: list[Piece] = [piece for piece in pieces if isinstance(piece, Anchor)]
        has_text = any(isinstance(piece, str) and piece.strip() for piece in pieces)
        self._pieces, self._waiting = [] if has_text else anchors, []
        if has_text:
            blocks.append(tuple(pieces))

    def _read_notes(self, notes: Element) -> None:
        """Put each note into the part that calls it, behind the page of its call."""
        self._end_block(self._drafts[-1].blocks)
        for item in notes.iterfind("{*}ol/{*}li"):
            number = item.find(".//{*}a[@role='doc-backlink']")
            draft, page = self._calls[number.get("href").removeprefix("#")]
            text = number.getparent()
            self._pieces = [Anchor(text.get("id"))]
            if page:
                self._pieces.append(Anchor(page))
            self._read_note(text)
            self._end_block(draft.notes)

    def _read_note(self, text: Element) -> None:
        """Read a note's text as one block."""
        for child in text:
            name = etree.QName(child).localname
            if child.get("role") == PAGE_BREAK:
                self._turn(child)
            elif not _is_left_out(child, name):
                self._add(child.text)
                self._read_note(child)
                if name in _BLOCKS | _SPACE:
                    self._add(" ")
            self._add(child.tail)


def _is_left_out(element: Element, name: str) -> bool:
    return (
        name in _LEFT_OUT
        or element.get("role") in _ROLES_LEFT_OUT
        or not _CLASSES_LEFT_OUT.isdisjoint(element.get("class", "").split())
    )
