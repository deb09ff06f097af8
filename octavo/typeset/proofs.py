"""Proves a layout: every word is there, once; notes begin with their calls; nothing is cut off.

The proofs look at what has been drawn, not at what was planned, so that no fault between the plan
and the page goes unseen.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from octavo.typeset import text
from octavo.typeset.facts import Fault, NoteFact

_SHOWN = 40
"""How many characters of a text a message shows."""


@dataclass(frozen=True)
class Word:
    """A stretch of text as it was drawn: its element's number, whether a hyphen was added.

    ``is_outside`` tells that some of it stands outside its page.
    """

    element: int
    text: str
    hyphenated: bool
    is_outside: bool


class Source:
    """Where the words come from: finds the line of the source for an element."""

    def __init__(self, body: Element) -> None:
        """Read the numbered body of a section."""
        self.elements = {text.number_of(element): element for element in body.iter()}
        self._parents = {
            text.number_of(child): element for element in body.iter() for child in element
        }

    def fault(self, rule: str, message: str, element: int, page: int) -> Fault:
        """Make a fault of an element on a page of the section (from 0)."""
        holder: Element | None = self.elements.get(element)
        while holder is not None and holder.get("data-line") is None:
            holder = self._parents.get(text.number_of(holder))
        if holder is None:
            return Fault(rule, message, page, "", 0)
        line = int(holder.get("data-line", "0"))
        return Fault(rule, message, page, holder.get("data-path", ""), line)

    def is_within(self, element: int, hidden: frozenset[int]) -> bool:
        """Tell whether an element, or one around it, is among the hidden ones."""
        holder: Element | None = self.elements[element]
        while holder is not None:
            if text.number_of(holder) in hidden:
                return True
            holder = self._parents.get(text.number_of(holder))
        return False


def prove(
    body: Element, pages: Sequence[Sequence[Word]], hidden: frozenset[int]
) -> tuple[Fault, ...]:
    """Give the faults of a section's pages; ``hidden`` elements are not meant to be printed."""
    source = Source(body)
    return (
        *_all_words(source, pages, hidden),
        *_inside(source, pages),
        *_notes_after_calls(source, note_facts(body, pages)),
    )


def _all_words(
    source: Source, pages: Sequence[Sequence[Word]], hidden: frozenset[int]
) -> Iterator[Fault]:
    """Compare each element's own characters with those that were drawn for it."""
    drawn: dict[int, list[tuple[int, str]]] = {}
    for page, words in enumerate(pages):
        for word in words:
            drawn.setdefault(word.element, []).append((page, _shown(word).casefold()))
    page = 0
    for number, element in source.elements.items():
        pieces = drawn.get(number, [])
        found, wanted = "".join(shown for _, shown in pieces), text.own(element).casefold()
        page = pieces[0][0] if pieces else page
        if found == wanted or (not found and source.is_within(number, hidden)):
            continue
        at = next(
            (i for i, (one, other) in enumerate(zip(found, wanted, strict=False)) if one != other),
            min(len(found), len(wanted)),
        )
        lost = len(wanted) > len(found)
        kind = "is lost" if lost else "is doubled"
        shown = (wanted if lost else found)[at : at + _SHOWN]
        where = _page_of(at, pieces, page)
        yield source.fault("every-word-is-printed", f'"{shown}" {kind}', number, where)


def _page_of(place: int, pieces: Sequence[tuple[int, str]], page: int) -> int:
    """Find the page on which the character at a place of an element stands, or should."""
    for where, shown in pieces:
        page = where
        if place < len(shown):
            break
        place -= len(shown)
    return page


def _inside(source: Source, pages: Sequence[Sequence[Word]]) -> Iterator[Fault]:
    for page, words in enumerate(pages):
        for word in words:
            if word.is_outside:
                message = f'"{word.text.strip()[:_SHOWN]}" stands outside its page'
                yield source.fault("text-stands-on-page", message, word.element, page)
                break


def _notes_after_calls(source: Source, notes: Sequence[NoteFact]) -> Iterator[Fault]:
    numbers = {element.get("id"): number for number, element in source.elements.items()}
    for note in notes:
        if note.pages and note.pages[0] < note.call_page:
            message = "this note stands before its call"
            yield source.fault("note-follows-call", message, numbers[note.id], note.pages[0])


def note_facts(body: Element, pages: Sequence[Sequence[Word]]) -> tuple[NoteFact, ...]:
    """Tell on which pages each note of a section is called, and printed."""
    notes: dict[int, str] = {}
    for note in text.notes(body):
        for inner in note.iter():
            notes[text.number_of(inner)] = note.get("id", "")
    calls = {
        text.number_of(link): link.get("href", "")[1:]
        for link in body.iter("a")
        if text.has_class(link, "note-call")
    }
    numbers = {
        text.number_of(link) for link in body.iter("a") if text.has_class(link, "note-number")
    }
    called: dict[str, int] = {}
    printed: dict[str, dict[int, int]] = {}
    read: Counter[str] = Counter()
    for page, words in enumerate(pages):
        for word in words:
            if word.element in calls:
                called.setdefault(calls[word.element], page)
            elif word.element in notes:
                name = notes[word.element]
                printed.setdefault(name, {}).setdefault(page, read[name])
                if word.element not in numbers:
                    read[name] += len(_shown(word))
    names: Mapping[str, None] = dict.fromkeys(notes.values())
    return tuple(_note_fact(name, called.get(name, -1), printed.get(name, {})) for name in names)


def _note_fact(name: str, call_page: int, printed: Mapping[int, int]) -> NoteFact:
    return NoteFact(name, call_page, tuple(printed), tuple(printed.values()))


def _shown(word: Word) -> str:
    """Give a word's visible characters, without the hyphen of a line's end."""
    shown = text.visible(word.text)
    return shown[:-1] if word.hyphenated else shown
