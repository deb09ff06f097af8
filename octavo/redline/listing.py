"""The list of the changes, as a section of its own at the front of the book.

It says which revisions are compared and how much has changed, and lists all changes by section and
heading, each with a link to its place and the words around it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from lxml import etree

from octavo import dates
from octavo.book import Book, Kind, Section, Target
from octavo.manuscript import CHANGES
from octavo.markdown.marking import mark_id
from octavo.markdown.tree import Element
from octavo.problems import Span
from octavo.redline.books import Merged, SectionChanges
from octavo.redline.changes import Change, shortened, total
from octavo.redline.revisions import COMMAND, Revision
from octavo.redline.weaving import add
from octavo.wording import Wording, wording

_LEVEL = 3
"""The level of the list's headings: below those that the contents print."""


@dataclass(frozen=True)
class _Entry:
    """A line of the list: one change, or several blocks that came, or went, one after the other."""

    change: Change
    passages: int = 1


def listed(merged: Merged, old: Revision, new: Revision) -> Book:
    """Give the merged book with the list of its changes before everything else."""
    book = merged.book
    words = wording(book.config.language)
    title = words.redline.between.format(old=_named(old, words), new=_named(new, words))
    taken = (
        {one.id for one in book.sections} | {one.name for one in book.sections} | {*book.targets}
    )
    name = next(name for name in _names() if name not in taken)
    body = etree.Element("div")
    etree.SubElement(body, "p").text = f"{title}. {_counts(merged, words)}"
    targets = {**book.targets, name: _target(name, name, words.redline.title, 1)}
    for one in merged.changes:
        heading = f"{name}--{one.section.id}"
        targets[heading] = _target(heading, name, one.section.title_text, _LEVEL)
        body.extend(_section(one, heading, merged, words))
    for number, block in enumerate(body.iter("p", "h2", "li"), start=1):
        block.set("data-block", f"b{number}")
    section = Section(
        id=name, name=name, part="front", kind=CHANGES, number="",
        title=_words("span", words.redline.title), title_text=words.redline.title,
        short_title=words.redline.title, author="", body=body, notes=(), note_of_call={},
        citations=(), charts=(), span=Span(COMMAND),
    )  # fmt: skip
    config = book.config.model_copy(update={"statement": title})
    return replace(book, config=config, sections=(section, *book.sections), targets=targets)


def _names() -> Iterator[str]:
    yield CHANGES
    number = 2
    while True:
        yield f"{CHANGES}-{number}"
        number += 1


def _target(name: str, home: str, title: str, level: int) -> Target:
    kind: Kind = "chapter" if level == 1 else "section"
    return Target(name, kind, "", title, home, level, Span(COMMAND))


def _words(tag: str, text: str, class_: str = "") -> Element:
    made = etree.Element(tag)
    made.text = text
    if class_:
        made.set("class", class_)
    return made


def _named(revision: Revision, words: Wording) -> str:
    """Name a revision as it was asked for, with its commit and its day."""
    if revision.day is None:
        return words.redline.now
    printed = dates.printed(dates.parse(revision.day.isoformat()), words.dates)
    day = "".join(piece.text for piece in printed)
    name = "" if revision.commit.startswith(revision.name) else f"{revision.name}, "
    return f"{name}{revision.commit} ({day})"


def _counts(merged: Merged, words: Wording) -> str:
    changes = [change for one in merged.changes for change in one.changes]
    return _count(changes, words) if merged.changes else words.redline.none


def _count(changes: Sequence[Change], words: Wording) -> str:
    said = words.redline
    come, gone = total(changes)
    moved = sum(change.kind == "moved-to" for change in changes)
    counted = [
        (said.changes, sum(change.kind != "moved-from" for change in changes)),
        (said.words_added, come),
        (said.words_removed, gone),
        (said.moved_passages, moved),
    ]
    return ", ".join(f"{name}: {number}" for name, number in counted if number) + "."


def _section(
    one: SectionChanges, heading: str, merged: Merged, words: Wording
) -> Iterator[Element]:
    section = one.section
    title = etree.Element("h2", {"id": heading})
    link = etree.SubElement(title, "a", {"class": "cross-reference", "href": f"#{section.id}"})
    link.set("data-form", "text")
    link.text = f"{section.number} {section.title_text}".strip()
    yield title
    fates = {
        "new": words.redline.section_new,
        "gone": words.redline.section_gone,
        "moved": words.redline.section_moved,
    }
    said = [fates[one.fate]] if one.fate else []
    if one.changes:
        said.append(_count(one.changes, words))
    yield _words("p", " ".join(said), "changes-count")
    if one.fate in {"new", "gone"}:
        return
    for name, changes in groupby(one.changes, lambda change: change.heading):
        if name:
            below = etree.Element("p", {"class": "changes-heading"})
            target = merged.book.targets[name]
            words_of = f"{target.number} {target.title}".strip()
            given = {"class": "cross-reference", "data-form": "text", "href": f"#{name}"}
            bold = etree.SubElement(below, "strong")
            etree.SubElement(bold, "a", given).text = words_of
            yield below
        items = etree.Element("ul", {"class": "changes"})
        for entry in _entries(list(changes)):
            items.append(_line(entry, section, words))
        yield items


def _entries(changes: Sequence[Change]) -> Iterator[_Entry]:
    """Join what came, or went, in blocks that stand one behind the other."""
    place = 0
    while place < len(changes):
        first, end = changes[place], place + 1
        while first.is_whole and end < len(changes) and _goes_on(changes[end - 1], changes[end]):
            end += 1
        last = changes[end - 1]
        if end - place > 1:
            old, new = (" … ".join((getattr(first, s), getattr(last, s))) for s in ("old", "new"))
            first = replace(first, old=old if last.old else "", new=new if last.new else "")
        yield _Entry(first, end - place)
        place = end


def _goes_on(one: Change, following: Change) -> bool:
    return following.is_whole and following.kind == one.kind and following.where == one.where


def _line(entry: _Entry, section: Section, words: Wording) -> Element:
    """Give a line: where the change stands, and in which words."""
    change, said = entry.change, words.redline
    line = etree.Element("li")
    href = f"#{mark_id(section.id, change.mark)}"
    given = {"class": "cross-reference", "data-form": "page", "data-capital": "true", "href": href}
    etree.SubElement(line, "a", given)
    where = said.wheres.get(change.where, "")
    add(line, f", {where} {change.note}" if change.note else f", {where}" if where else "")
    add(line, ": ")
    other = section.marks[change.mark].other
    if other:
        add(line, f"{said.moved_to if change.kind == 'moved-from' else said.moved_from} ")
        given = {"class": "cross-reference", "data-form": "page", "href": f"#{other}"}
        etree.SubElement(line, "a", given)
        add(line, f": {shortened(change.old or change.new)}")
        return line
    if change.kind == "substitution" and not change.old:
        add(line, f"{said.another_picture} {shortened(change.new)}")
        return line
    if entry.passages > 1:
        add(line, f"{said.passages.format(entry.passages)} ")
    add(line, change.before)
    if change.old:
        add(line, _words("del", shortened(change.old), "quoted deleted"))
    if change.old and change.new:
        add(line, " ")
    if change.new:
        add(line, _words("ins", shortened(change.new), "quoted added"))
    add(line, change.after)
    return line
