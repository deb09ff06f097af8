"""Finds in the sections' trees what the index leads to: what editors marked, and names.

A name makes no place in a paragraph, cell or caption in which its heading is marked, nor inside a
range of its heading: the mark says more (``sub``, ``main``).  Names in headings make none either,
since the text below them speaks of the same; nor do those in front and back matter, which an index
leaves aside where nothing in it is to the point (Chicago 18, ch. 15).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from octavo.book import Section, Target
from octavo.indexing.model import Kind, Place
from octavo.manuscript import Source
from octavo.markdown.finish import BLOCKS, span_of
from octavo.markdown.tree import Element
from octavo.markdown.tree import Section as Text
from octavo.problems import Problem, Span

_HEADINGS = ("h2", "h3", "h4", "h5")


@dataclass(frozen=True)
class Occurrence:
    """A place with the heading, and the sub-heading or ``""``, that it stands under."""

    term: str
    sub: str
    place: Place
    span: Span


@dataclass(frozen=True)
class _Found:
    """An element that a place may be made of, the written note that it stands in (-1: none)."""

    element: Element
    note: int
    heading: Element | None

    @property
    def is_mark(self) -> bool:
        return self.element.get("data-index") is not None

    @property
    def form(self) -> str:
        """Give what a mark is: ``place``, ``start`` or ``end``; a name is a place."""
        return str(self.element.get("data-index") or "place")

    @property
    def block(self) -> Element:
        """Give the paragraph, cell or caption around the element."""
        around = self.element
        while around.tag not in BLOCKS and around.getparent() is not None:
            around = around.getparent()
        return around

    @property
    def kind(self) -> Kind:
        if self.note >= 0:
            return "note"
        figure = next(self.element.iterancestors("figure"), None)
        match figure.get("class") if figure is not None else None:
            case "table":
                return "table"
            case "figure":
                return "figure"
        return "text"

    @property
    def term(self) -> str:
        """Give a mark's heading: as it is written, or the words that are marked."""
        words = "".join(self.element.itertext())
        return str(self.element.get("data-term") or " ".join(words.split()))

    @property
    def sub(self) -> str:
        return str(self.element.get("data-sub") or "")


def _walk(body: Element, notes: Callable[[int], Element]) -> Iterator[_Found]:
    """Give marks and names in reading order, those of a note where it is called."""
    heading: Element | None = None
    for element in body.iter("span", "a", *_HEADINGS):
        if element.tag in _HEADINGS:
            heading = element
        elif element.get("class") == "note-call" and element.get("data-note") is not None:
            number = int(element.get("data-note"))
            for inner in notes(number).iter("span"):
                if _is_place(inner):
                    yield _Found(inner, number, heading)
        elif _is_place(element):
            yield _Found(element, -1, heading)


def _is_place(element: Element) -> bool:
    return element.get("data-index") is not None or element.get("data-name") is not None


def check(sources: Sequence[Source], texts: Sequence[Text]) -> Iterator[Problem]:
    """Report ranges that do not end, or end without having begun."""
    opened: dict[tuple[str, str], Span] = {}
    for source, text in zip(sources, texts, strict=True):
        for found in _walk(text.body, lambda number, text=text: text.notes[number].body):  # type: ignore[misc]
            if found.form == "place":
                continue
            span = span_of(found.element, source.path)
            named = f'"{found.term}"' + (f', "{found.sub}"' if found.sub else "")
            key = (found.term, found.sub)
            if found.form == "start" and key in opened:
                message = f"the range of {named} begins again before it has ended"
                hint = f"it began at {opened[key]}"
                yield Problem("index-range-is-closed", message, span, hint)
            elif found.form == "start":
                opened[key] = span
            elif opened.pop(key, None) is None:
                message = f"a range of {named} ends here that has not begun"
                hint = "its beginning bears the same term and sub: []{.index-start term=…}"
                yield Problem("index-range-is-opened", message, span, hint)
    for (term, sub), span in opened.items():
        named = f'"{term}"' + (f', "{sub}"' if sub else "")
        hint = f'end it: []{{.index-end term="{term}"' + (f' sub="{sub}"' if sub else "") + "}"
        yield Problem("index-range-is-closed", f"the range of {named} never ends", span, hint)


def find(
    sections: Sequence[Section], targets: Mapping[str, Target], names: Mapping[str, str]
) -> tuple[Occurrence, ...]:
    """Give the places of the book in its order; their elements get ids where they have none.

    ``names`` gives the heading of each name, by its id, whose forms make places.  The ranges of
    the book have been checked.
    """
    opened: dict[tuple[str, str], int] = {}
    found: list[Occurrence] = []
    for section in sections:
        found += _Finder(section, targets, names, opened, len(found)).find(found)
    return tuple(found)


class _Finder:
    """Finds the places of one section; ``opened`` are the ranges that go on, by their heading."""

    def __init__(
        self,
        section: Section,
        targets: Mapping[str, Target],
        names: Mapping[str, str],
        opened: dict[tuple[str, str], int],
        number: int,
    ) -> None:
        self._section, self._targets, self._names = section, targets, names
        self._opened, self._number = opened, number
        self._made = 0

    def find(self, before: list[Occurrence]) -> list[Occurrence]:
        """Give the section's places; ends of ranges are written into those ``before``."""
        notes = self._section.note_of_call
        walked = list(_walk(self._section.body, lambda number: notes["note", number].body))
        marked = {(one.block, one.term) for one in walked if one.is_mark}
        own: list[Occurrence] = []
        for one in walked:
            if one.form == "end":
                begun = self._opened.pop((one.term, one.sub))
                home, at = (before, begun) if begun < self._number else (own, begun - self._number)
                ended = replace(
                    home[at].place,
                    end=self._id(one.element),
                    end_section=self._section.id,
                    end_part=self._part(one),
                )
                home[at] = replace(home[at], place=ended)
                continue
            term = one.term if one.is_mark else self._heading_of(one, marked)
            if not term:
                continue
            if one.form == "start":
                self._opened[term, one.sub] = self._number + len(own)
            own.append(self._occurrence(one, term))
        return own

    def _heading_of(self, one: _Found, marked: Collection[tuple[Element, str]]) -> str:
        """Give the heading of a name; ``""`` where it makes no place."""
        term = self._names.get(one.element.get("data-name"), "")
        in_range = any(term == heading for heading, _ in self._opened)
        aside = self._section.part != "body" or one.block.tag in _HEADINGS
        return "" if in_range or aside or (one.block, term) in marked else term

    def _occurrence(self, one: _Found, term: str) -> Occurrence:
        place = Place(
            id=self._id(one.element),
            kind=one.kind,
            section=self._section.id,
            part=self._part(one),
            note=self._section.note_of_call["note", one.note].number if one.note >= 0 else 0,
            main=one.element.get("data-main") is not None,
        )
        return Occurrence(term, one.sub, place, span_of(one.element, self._section.span.path))

    def _id(self, element: Element) -> str:
        if not element.get("id"):
            self._made += 1
            element.set("id", f"{self._section.id}--ix-{self._made}")
            element.set("data-place", "")
        return str(element.get("id"))

    def _part(self, one: _Found) -> str:
        heading = self._targets.get(one.heading.get("id")) if one.heading is not None else None
        number = heading.number if heading else ""
        return number or self._section.number or self._section.short_title
