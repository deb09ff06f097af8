"""The composed book: everything about it that ignores pages.

Made by ``compose``; read, and never changed, by ``typeset`` and the editions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from octavo.bibliography import Work
from octavo.charts.model import Chart
from octavo.citations import CitedBook, Entry, Formatted
from octavo.config import Config
from octavo.indexing.model import Index
from octavo.manuscript import MARKS, Part
from octavo.markdown.tree import Element, Mark, Removed
from octavo.names import Names
from octavo.permalinks.model import Permalinks
from octavo.problems import Span

Kind = Literal["chapter", "section", "table", "figure", "note", "passage", "work", "name"]
"""``work`` is an entry of the bibliography, ``work-KEY``, ``name`` one of the register of names,
``name-ID``; ``passage`` anything else with an id."""


@dataclass(frozen=True)
class Target:
    """Something that a cross reference can point at.

    ``number`` is ``""`` where the thing bears none; ``title`` is plain text; ``section`` is the
    id of the section that it stands in; ``level`` is 1 for a section's own title, 2 for ``<h2>`` …
    """

    id: str
    kind: Kind
    number: str
    title: str
    section: str
    level: int
    span: Span


@dataclass(frozen=True)
class Note:
    """A note as the editions print it: its number in its section, its ids, its text.

    ``body`` is a ``<div>`` of blocks, or a ``<span>`` for a note that is nothing but a citation.
    ``mark`` is the index of the mark that puts the whole note in, in a proof.
    """

    number: int
    id: str
    call_id: str
    body: Element
    span: Span
    mark: int | None = None


@dataclass(frozen=True)
class Section:
    """A piece of the book that starts on a new page: a chapter, the contents, the bibliography ….

    ``kind`` is the name of a section that is made (``contents``), or ``text``.  ``notes`` are in
    order; ``note_of_call`` finds the note that the N-th written note, or the N-th citation, is.
    In a proof, ``marks`` are those of editing, and ``removed`` is what they have taken out, with
    its citations formatted (see ``markdown.tree``).
    """

    id: str
    name: str
    part: Part
    kind: str
    number: str
    title: Element
    title_text: str
    short_title: str
    author: str
    body: Element
    notes: tuple[Note, ...]
    note_of_call: Mapping[tuple[Literal["note", "citation"], int], Note]
    citations: tuple[Formatted, ...]
    charts: tuple[Chart, ...]
    span: Span
    marks: tuple[Mark, ...] = ()
    removed: tuple[Removed, ...] = ()

    def marks_in(self, tree: Element) -> Iterator[int]:
        """Give the indices of the marks that have pieces in one of the section's trees."""
        for element in tree.iter():
            if (index := element.get("data-mark")) is not None:
                yield int(index)
            elif (index := element.get("data-removed")) is not None:
                removed = self.removed[int(index)]
                yield removed.mark
                yield from self.marks_in(removed.content)

    @property
    def has_text(self) -> bool:
        """Tell whether the section has text from a file."""
        return len(self.body) > 0


@dataclass(frozen=True)
class Image:
    """A picture of the book: its path below ``content/``, its bytes, its size in CSS px."""

    path: str
    data: bytes
    media_type: str
    width: float
    height: float


@dataclass(frozen=True)
class BibliographyGroup:
    """A part of the bibliography with its heading, which may be empty."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Book:
    """The whole book: its targets, bibliography, pictures, names, index, permalinks.

    ``cover`` is the picture that the book brings for its cover, if it brings one.
    """

    config: Config
    sections: tuple[Section, ...]
    targets: Mapping[str, Target]
    cited: CitedBook
    bibliography: tuple[BibliographyGroup, ...]
    images: Mapping[str, Image]
    cover: Image | None
    names: Names
    index: Index
    permalinks: Permalinks

    def section(self, identifier: str) -> Section:
        """Find a section by its id."""
        return next(section for section in self.sections if section.id == identifier)

    @property
    def is_proof(self) -> bool:
        """Tell whether the book shows marks of editing: then it lists them at its end."""
        return any(section.kind == MARKS for section in self.sections)

    @cached_property
    def marked(self) -> Mapping[tuple[str, int], str]:
        """Tell where each mark's first piece stands, by section's id and index of the mark.

        ``""`` is the section's own text; else it is the id of a note, or of a work's entry.
        """
        found: dict[tuple[str, int], str] = {}
        for section in self.sections:
            places = [("", section.title), ("", section.body)]
            places += [(note.id, note.body) for note in section.notes]
            if section.kind == "bibliography":
                entries = (entry for group in self.bibliography for entry in group.entries)
                places += [(f"work-{entry.work.key}", entry.content) for entry in entries]
            for home, tree in places:
                for index in section.marks_in(tree):
                    found.setdefault((section.id, index), home)
        return found

    @cached_property
    def comments(self) -> Mapping[tuple[str, int], int]:
        """Give the numbers of the comments in a proof, by section's id and index of the mark."""
        found = (
            (section.id, index)
            for section in self.sections
            for index, mark in enumerate(section.marks)
            if mark.kind == "comment"
        )
        return {place: number for number, place in enumerate(found, start=1)}

    def citing_notes(self, work: Work) -> tuple[tuple[Section, Note], ...]:
        """Give the notes that cite a work, in book order, each once."""
        return tuple(self._citing.get(f"#work-{work.key}", ()))

    @cached_property
    def _citing(self) -> Mapping[str, Sequence[tuple[Section, Note]]]:
        """Find the notes that link to each work."""
        found: dict[str, list[tuple[Section, Note]]] = {}
        for section in self.sections:
            for note in section.notes:
                for href in dict.fromkeys(_links(note, section)):
                    found.setdefault(href, []).append((section, note))
        return found


def _links(note: Note, section: Section) -> Iterator[str]:
    """Give the addresses that a note links to, in its own text and in the citations in it."""
    trees = [note.body]
    for element in note.body.iter("span"):
        if element.get("class") == "citation":
            formatted = section.citations[int(element.get("data-citation"))]
            trees += [tree for tree in (formatted.text, formatted.note) if tree is not None]
    for tree in trees:
        yield from (link.get("href") or "" for link in tree.iter("a"))
