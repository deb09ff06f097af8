"""What the atoms of a section stand for: its notes, its citations, its cross references."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from octavo.book import Book, Note, Section
from octavo.editions import references
from octavo.markdown.tree import Citation, Element

NoteKey = tuple[str, int]
"""A note: the id of its section, and its number there."""


@dataclass(frozen=True)
class Side:
    """One of the two states of the book: composed, and its citations as they were written."""

    book: Book
    written: Mapping[str, tuple[Citation, ...]]


@dataclass(frozen=True)
class Home:
    """A section of one side; ``pairs`` numbers the notes: those of a pair are the same.

    Where it is empty, all notes are.
    """

    side: Side
    section: Section
    pairs: Mapping[NoteKey, int] = field(default_factory=dict)

    def key(self, atom: Element) -> Hashable:
        """Give what an atom is compared by: of a call, which note of the other side it calls."""
        note = self.note(atom)
        if note is not None:
            place = (self.section.id, note.number)
            return ("note", self.pairs.get(place, place) if self.pairs else None)
        match atom.tag:
            case "span":
                return ("citation", self.written(atom))
            case "a":
                to = atom.get("data-to"), atom.get("data-form"), atom.get("data-capital")
                return ("reference", atom.get("href"), *to)
            case "img" if atom.get("data-chart"):
                return ("chart", replace(self.section.charts[int(atom.get("data-chart"))], name=""))
            case "img":
                image = self.side.book.images.get(atom.get("src"))
                return ("image", image.data if image else atom.get("src"))
        return str(atom.tag)

    def note(self, atom: Element) -> Note | None:
        """Give the note that an atom calls, if it calls one."""
        match atom.get("class"):
            case "note-call":
                return self.section.note_of_call["note", int(atom.get("data-note"))]
            case "citation":
                return self.section.note_of_call.get(("citation", int(atom.get("data-citation"))))
        return None

    def note_blocks(self, note: Note) -> Sequence[Element]:
        """Give the blocks of a note; a bare citation is one itself."""
        return [*note.body.iter("p", "pre", "li")] if note.body.tag == "div" else [note.body]

    def bare(self, note: Note) -> int | None:
        """Give the index of the citation that a note is, None where it is more."""
        for (kind, index), one in self.section.note_of_call.items():
            if one is note and kind == "citation":
                return index
        return None

    def written_note(self, note: Note) -> Hashable | None:
        """Give as it was written the citation that a note is, None where it is more."""
        index = self.bare(note)
        if index is None:
            return None
        citation = self.side.written[self.section.id][index]
        return (citation.works, citation.in_text)

    def written(self, atom: Element) -> Hashable:
        """Give a citation as it was written: works, locators, what stands around them."""
        citation = self.side.written[self.section.id][int(atom.get("data-citation"))]
        return (citation.works, citation.in_text)

    def formatted(self, atom: Element) -> Element | None:
        """Give a citation as it is printed where it stands, None for what is none."""
        if atom.get("class") != "citation":
            return None
        return self.section.citations[int(atom.get("data-citation"))].text

    def said(self, atom: Element) -> str:
        """Give the words that are printed in an atom's place; notes are not among them."""
        if self.note(atom) is not None:
            return ""
        match atom.tag, atom.get("class"):
            case "span", _:
                formatted = self.formatted(atom)
                return "" if formatted is None else "".join(formatted.itertext())
            case "a", "cross-reference":
                return self._named(atom)
            case "img", _:
                return atom.get("alt") or ""
        return ""

    def _named(self, link: Element) -> str:
        """Give the words of a cross reference; pages that were printed once are not known."""
        book = self.side.book
        form, ends = link.get("data-form"), [link.get("href"), link.get("data-to")]
        targets = [book.targets.get(end[1:]) for end in ends if end]
        if any(target is None for target in targets):
            return "?"
        found = [target for target in targets if target is not None]
        words = (
            references.several(found[0], found[1], form, book, lambda target: "")
            if len(found) > 1
            else references.one(found[0], form, book, lambda target: "")
        )
        return words[:1].upper() + words[1:] if link.get("data-capital") else words
