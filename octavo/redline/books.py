"""Two states of a book → one whose trees show what has changed, and the list of the changes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from octavo.book import BibliographyGroup, Book, Section, Target
from octavo.citations import Entry
from octavo.markdown.marking import mark_id
from octavo.markdown.tree import Element
from octavo.permalinks.model import Permalinks
from octavo.redline import items
from octavo.redline.alignment import align
from octavo.redline.changes import Change
from octavo.redline.homes import Home, Side
from octavo.redline.marking import Marking
from octavo.redline.matching import SKIPPED, Matched, Pair, Place
from octavo.redline.merging import Merger
from octavo.redline.trees import shell

Fate = str
"""What became of a section as a whole: ``""``, ``new``, ``gone`` or ``moved``."""


@dataclass(frozen=True)
class SectionChanges:
    """What has changed in a section of the merged book, in reading order."""

    section: Section
    fate: Fate
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Merged:
    """The merged book, and what has changed in it, by section; sections without changes are out."""

    book: Book
    changes: tuple[SectionChanges, ...]


@dataclass
class _Moves:
    """Where blocks went to and came from, by their old places, until both ends are known."""

    ends: dict[Place, tuple[Marking, int]] = field(default_factory=dict)
    starts: dict[Place, tuple[Marking, int, Element]] = field(default_factory=dict)

    def join(self) -> None:
        """Let the two ends of each move lead to each other."""
        for place, (marking, index, link) in self.starts.items():
            other, there = self.ends[place]
            link.set("href", f"#{mark_id(other.section, there)}")
            marking.lead(index, mark_id(other.section, there))
            other.lead(there, mark_id(marking.section, index))


def merge(matched: Matched) -> Merged:
    """Merge two states of a book that have been matched."""
    old, new = matched.old, matched.new
    moves = _Moves()
    groups = new.book.bibliography
    made: list[tuple[Section, Marking, Fate]] = []
    taken = {section.id for section in new.book.sections}
    for number, pair in enumerate(matched.pairs):
        if pair.new is None:
            made.append(_gone(number, pair, matched, moves, taken))
            continue
        marking = Marking(pair.new.section.id, pair.new.section.span)
        merger = Merger(pair.new, marking)
        section = _section(number, pair, matched, moves, merger)
        if section.kind == "bibliography":
            groups = _bibliography(old, new, merger, pair)
        fate = "new" if pair.old is None and len(section.body) else "moved" if pair.is_moved else ""
        made.append((section, marking, fate))
    moves.join()
    sections = [
        replace(section, marks=tuple(marking.marks), removed=tuple(marking.removed))
        for section, marking, _ in made
    ]
    book = replace(
        new.book,
        sections=tuple(sections),
        targets=dict(_targets(new.book, sections)),
        bibliography=groups,
        permalinks=Permalinks({}, {}, {}, {}),
    )
    found = (
        SectionChanges(section, fate, tuple(marking.changes))
        for section, (_, marking, fate) in zip(sections, made, strict=True)
    )
    return Merged(book, tuple(one for one in found if one.changes or one.fate))


def _targets(book: Book, sections: Sequence[Section]) -> Iterator[tuple[str, Target]]:
    """Give all that references can lead to: the new book's targets, sections that went, marks."""
    yield from book.targets.items()
    for section in sections:
        if section.id not in book.targets:
            yield (
                section.id,
                Target(section.id, "chapter", "", section.title_text, section.id, 1, section.span),
            )
        for index, mark in enumerate(section.marks):
            name = mark_id(section.id, index)
            yield name, Target(name, "passage", "", "", section.id, 0, mark.span)


def _section(number: int, pair: Pair, matched: Matched, moves: _Moves, merger: Merger) -> Section:
    """Merge a section that the new book has."""
    assert pair.new is not None, "sections that went are made by _gone"
    section, old = pair.new.section, pair.old
    if section.kind in SKIPPED:
        return section
    title = section.title
    if old is not None:
        title = merger.title(old)
    elif len(section.body):
        title = merger.new_title()
    body = shell(section.body)
    body.extend(_blocks(number, pair, matched, moves, merger))
    notes = tuple(merger.notes.get(note.number, note) for note in section.notes)
    by_number = {note.number: note for note in notes}
    calls = {call: by_number[note.number] for call, note in section.note_of_call.items()}
    return replace(section, title=title, body=body, notes=notes, note_of_call=calls)


def _blocks(
    number: int, pair: Pair, matched: Matched, moves: _Moves, merger: Merger
) -> Iterator[Element]:
    olds, news = pair.blocks
    left = set(matched.moves.values())
    marking = merger.marking
    for step in pair.steps:
        place = Place(number, step.old[0] if step.old else -1)
        start = matched.moves.get(Place(number, step.new[0])) if step.new else None
        if not step.new and pair.old is not None and place in left:
            made, index, link = merger.moved_away(olds[step.old[0]], pair.old)
            moves.starts[place] = (marking, index, link)
            yield made
        elif not step.old and start is not None:
            home = matched.pairs[start.pair].old
            assert home is not None, "a block that was moved had a home"
            was = matched.pairs[start.pair].blocks[0][start.block]
            here, index = merger.moved_here(was, news[step.new[0]], home)
            moves.ends[start] = (marking, index)
            yield from here
        else:
            yield from merger.step(step, olds, news, pair.old)


def _gone(
    number: int, pair: Pair, matched: Matched, moves: _Moves, taken: set[str]
) -> tuple[Section, Marking, Fate]:
    """Give a section that is no more: its title, and all its blocks struck out."""
    assert pair.old is not None, "a section that is no more was there"
    was = pair.old.section
    name = next(name for name in _names(was.id) if name not in taken)
    taken.add(name)
    marking = Marking(name, was.span)
    body = shell(was.body)
    title = etree.Element("span")
    title.text = was.title_text
    section = replace(
        was, id=name, name=name, kind="text", number="", title=title, body=body,
        notes=(), note_of_call={}, citations=(), charts=(),
    )  # fmt: skip
    merger = Merger(replace(pair.old, section=section), marking)
    body.extend(_blocks(number, pair, matched, moves, merger))
    return section, marking, "gone"


def _names(name: str) -> Iterator[str]:
    """Give names for a section that is no more: the new book may have one of its id."""
    yield name
    number = 1
    while True:
        yield f"{name}-{number}"
        number += 1


def _bibliography(
    old: Side, new: Side, merger: Merger, pair: Pair
) -> tuple[BibliographyGroup, ...]:
    """Merge the bibliographies, section by section; a work goes by its key, or by its words."""
    assert pair.new is not None, "the bibliography is one of the new book's sections"
    was = [entry for group in old.book.bibliography for entry in group.entries]
    home = pair.old or Home(old, pair.new.section)
    by_key = {entry.work.key: entry for entry in was}
    now = {entry.work.key for group in new.book.bibliography for entry in group.entries}
    gone = [entry for entry in was if entry.work.key not in now]
    come = [
        entry
        for group in new.book.bibliography
        for entry in group.entries
        if entry.work.key not in by_key
    ]
    renamed = _renamed(gone, come, home, pair.new)
    left = [entry for entry in gone if entry.work.key not in renamed.values()]
    behind = _followers(was, left)
    first = tuple(merger.old_entry(one, home) for one in behind.pop("", ()))
    groups = [
        replace(group, entries=tuple(_entries(group, by_key, renamed, behind, merger, home)))
        for group in new.book.bibliography
    ]
    if groups:
        groups[0] = replace(groups[0], entries=(*first, *groups[0].entries))
    return tuple(groups)


def _renamed(
    gone: Sequence[Entry], come: Sequence[Entry], old: Home, new: Home
) -> Mapping[str, str]:
    """Give the works whose key alone is another: new key → old key."""
    steps = align(
        [items.of_entry(entry.content, old) for entry in gone],
        [items.of_entry(entry.content, new) for entry in come],
    )
    return {
        come[step.new[0]].work.key: gone[step.old[0]].work.key
        for step in steps
        if step.old and step.new
    }


def _followers(was: Sequence[Entry], left: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Give the entries that are no more by the key of the one that each stood behind."""
    keys = {entry.work.key for entry in left}
    behind: dict[str, list[Entry]] = {}
    last = ""
    for entry in was:
        if entry.work.key in keys:
            behind.setdefault(last, []).append(entry)
        else:
            last = entry.work.key
    return behind


def _entries(
    group: BibliographyGroup,
    by_key: Mapping[str, Entry],
    renamed: Mapping[str, str],
    behind: Mapping[str, list[Entry]],
    merger: Merger,
    old: Home,
) -> Iterator[Entry]:
    for entry in group.entries:
        key = renamed.get(entry.work.key, entry.work.key)
        was = by_key.get(key)
        yield merger.new_entry(entry) if was is None else merger.entry(was, entry, old)
        yield from (merger.old_entry(one, old) for one in behind.get(key, ()))
