"""Collects every target of the book and gives each its number.

Chapters are numbered through the body; sections, tables and figures within their chapter
("3.2", "table 4.1"); notes afresh in each section (Chicago 18, ch. 13).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from octavo.book import Kind, Note, Target
from octavo.citations import Formatted, Style
from octavo.manuscript import Source
from octavo.markdown.finish import BLOCKS, CALLS, span_of
from octavo.markdown.tree import Element, Section
from octavo.problems import Problem, Span, nearest
from octavo.spelling import slug

_SENTENCE = re.compile(r"(?<=\w{3}[.!?])\s+(?=[^\W\d_a-z])")
"""The end of a sentence: behind a word of some length, and before a capital."""

ENDS = ("href", "data-to")
"""Where a cross reference says what it points at: the target, and the last one of a range."""

Call = tuple[Literal["note", "citation"], int]


@dataclass(frozen=True)
class Catalogue:
    """All targets by id, the sections' numbers by section id, and what is wrong with ids."""

    targets: Mapping[str, Target]
    numbers: Mapping[str, str]
    problems: tuple[Problem, ...]


def catalogue(
    sources: Sequence[Source], sections: Sequence[Section], titles: Sequence[str]
) -> Catalogue:
    """Number everything; headings without an id get one made of the section's id and their words.

    ``sources``, ``sections`` and ``titles`` (the sections' titles as plain text) run in parallel.
    """
    targets: dict[str, Target] = {}
    numbers: dict[str, str] = {}
    problems: list[Problem] = []
    chapter = 0
    for source, title in zip(sources, titles, strict=True):
        number = ""
        if source.part == "body" and source.header.number:
            chapter += 1
            number = str(chapter)
        span = Span(source.path, 1 if source.path.suffix == ".md" else source.first_line)
        target = Target(source.id, "chapter", number, title, source.id, 1, span)
        numbers.setdefault(source.id, number)
        problems += add(targets, target)
    for source, section in zip(sources, sections, strict=True):
        problems += _bad_ids(source, section)
        for target in _targets(source, section, numbers[source.id]):
            problems += add(targets, target)
    return Catalogue(targets, numbers, tuple(problems))


def _bad_ids(source: Source, section: Section) -> Iterator[Problem]:
    """Report the ids that editors wrote and that cannot stand in an address."""
    trees = [section.body, *(note.body for note in section.notes)]
    marked = (element for tree in trees for element in tree.iterfind(".//*[@id]"))
    written = [(element.get("id"), span_of(element, source.path)) for element in marked]
    written += [(note.label, note.span) for note in section.notes]
    for name, span in [(source.header.id, Span(source.path, 1)), *written]:
        if name and not _ID.fullmatch(name):
            message = f'"{name}" cannot be an id'
            hint = "letters, digits, single hyphens, full stops and underlines make one: sec-salt"
            yield Problem("target-id-is-plain", message, span, hint)
        elif name and _PAGE_ID.fullmatch(name):
            message = f'"{name}" is the id of a printed page'
            hint = "give it another: the web edition and the EPUB mark the pages so"
            yield Problem("target-id-is-no-pages", message, span, hint)


_ID = re.compile(r"\w(?:[-.:]?\w)*")
"""What can be an id; those with two hyphens are made here, and the editors' cannot meet them."""

_PAGE_ID = re.compile(r"page-(\d+|[ivxlcdm]+)")


def add(targets: dict[str, Target], target: Target) -> list[Problem]:
    """Add a target; report it where its id stands for another already."""
    first = targets.setdefault(target.id, target)
    if first is target:
        return []
    message = f'the id "{target.id}" stands for two things'
    hint = f"first at {first.span}; ids are the whole book's"
    return [Problem("target-id-is-unique", message, target.span, hint)]


def _targets(source: Source, section: Section, number: str) -> Iterator[Target]:
    counters: Counter[str] = Counter()
    used: Counter[str] = Counter()
    for element in section.body.iter():
        if element.tag in {"h2", "h3", "h4", "h5"}:
            level = int(element.tag[1])
            own = _heading_number(number, level, counters)
            text = " ".join("".join(element.itertext()).split())
            if not element.get("id"):
                element.set("id", _made_id(source.id, text, used))
            span = span_of(element, source.path)
            yield Target(element.get("id"), "section", own, text, source.id, level, span)
        elif element.tag == "figure" and _is_numbered(element):
            kind: Kind = "table" if element.get("class") == "table" else "figure"
            counters[kind] += 1
            own = f"{number}.{counters[kind]}" if number else str(counters[kind])
            if not element.get("id"):
                element.set("id", f"{source.id}--{kind}-{counters[kind]}")
            caption = element.find("figcaption")
            span = span_of(element, source.path)
            yield Target(element.get("id"), kind, own, caption_text(caption), source.id, 0, span)
        elif element.get("id"):
            span = span_of(element, source.path)
            yield Target(element.get("id"), "passage", "", "", source.id, 0, span)
    for note in section.notes:
        for element in note.body.iterfind(".//*[@id]"):
            span = span_of(element, source.path)
            yield Target(element.get("id"), "passage", "", "", source.id, 0, span)


def _is_numbered(figure: Element) -> bool:
    return figure.get("class") in {"table", "figure"} and figure.find("figcaption") is not None


def caption_text(caption: Element) -> str:
    """Give a caption's first sentence, which is what lists print (Chicago 18, ch. 1)."""
    words = " ".join("".join(caption.itertext()).split())
    return _SENTENCE.split(words, maxsplit=1)[0].rstrip(".")


def _heading_number(chapter: str, level: int, counters: Counter[str]) -> str:
    if not chapter:
        return ""
    counters[f"h{level}"] += 1
    for deeper in range(level + 1, 6):
        counters[f"h{deeper}"] = 0
    return ".".join([chapter, *(str(counters[f"h{depth}"]) for depth in range(2, level + 1))])


def _made_id(section: str, text: str, used: Counter[str]) -> str:
    base = f"{section}--{slug(text) or 'section'}"
    used[base] += 1
    return base if used[base] == 1 else f"{base}-{used[base]}"


def notes(
    source: Source, section: Section, citations: Sequence[Formatted], style: Style
) -> tuple[tuple[Note, ...], dict[Call, Note]]:
    """Number a section's notes, written ones and, where the style cites in notes, citations."""
    found: list[Note] = []
    by_call: dict[Call, Note] = {}
    calls = [e for tree in (section.title, section.body) for e in tree.iter("span", "a")]
    for element in calls:
        kind = element.get("class")
        number = len(found) + 1
        call_id = f"{source.id}--call-{number}"
        if kind == "note-call":
            index = int(element.get("data-note"))
            written = section.notes[index]
            identifier = f"fn-{written.label}" if written.label else f"{source.id}--note-{number}"
            body = written.body
            mark = _mark_around(element)
            by_call["note", index] = Note(number, identifier, call_id, body, written.span, mark)
            found.append(by_call["note", index])
        elif kind == "citation":
            index = int(element.get("data-citation"))
            content = citations[index].note
            if style.kind == "note" and not section.citations[index].in_text:
                content = citations[index].text
            if content is None:
                continue
            identifier = f"{source.id}--note-{number}"
            span = section.citations[index].span
            mark = _mark_around(element)
            by_call["citation", index] = Note(number, identifier, call_id, content, span, mark)
            found.append(by_call["citation", index])
    return tuple(found), by_call


def _mark_around(call: Element) -> int | None:
    """Give the mark that puts in the words, or the block, that a note is called in."""
    for around in call.iterancestors():
        if around.tag != "mark" and around.get("data-mark") is not None:
            return int(around.get("data-mark"))
    return None


def own_labels(sources: Sequence[Source], sections: Sequence[Section]) -> tuple[Section, ...]:
    """Make labels of notes the book's own: ``[^1]`` may stand in every chapter.

    A label that several sections use gets the section's id before it, there and in the cross
    references of that section; the sections are given back with these labels.
    """
    labels = [{note.label for note in section.notes if note.label} for section in sections]
    uses = Counter(label for own in labels for label in own)
    renamed = []
    for source, section, own in zip(sources, sections, labels, strict=True):
        names = {label: f"{source.id}.{label}" for label in own if uses[label] > 1}
        trees = [section.title, section.body, *(note.body for note in section.notes)]
        for link in (link for tree in trees for link in tree.iter("a")):
            for attribute in ENDS:
                label = (link.get(attribute) or "").removeprefix("#fn-")
                if label in names:
                    link.set(attribute, f"#fn-{names[label]}")
        notes = (replace(note, label=names.get(note.label, note.label)) for note in section.notes)
        renamed.append(replace(section, notes=tuple(notes)))
    return tuple(renamed)


_TITLE_NOT_PRINTED = {"half-title", "title", "copyright", "contents"}
"""Sections made by name whose own title not every edition prints."""


def check_titles(sources: Sequence[Source], sections: Sequence[Section]) -> Iterator[Problem]:
    """Report notes to titles that are not printed everywhere."""
    for source, section in zip(sources, sections, strict=True):
        called = {e.get("class") for e in section.title.iter("a", "span")}
        if source.generated and source.name in _TITLE_NOT_PRINTED and called & CALLS:
            message = f'the title of the section "{source.name}" cannot have a note'
            hint = "not every edition prints it: put the note into the section's text"
            yield Problem("title-is-text", message, Span(source.path, 1), hint)


def number_blocks(sections: Sequence[Section]) -> None:
    """Number the blocks of each section's text, so that what stands on a page can be named."""
    for section in sections:
        blocks = (element for element in section.body.iter() if element.tag in BLOCKS)
        for number, element in enumerate(blocks, start=1):
            element.set("data-block", f"b{number}")


def written_notes(sources: Sequence[Source], sections: Sequence[Section]) -> Iterator[Target]:
    """Give the targets that written notes are, before it is known which numbers they have."""
    for source, section in zip(sources, sections, strict=True):
        for note in section.notes:
            if note.label:
                yield Target(f"fn-{note.label}", "note", "", "", source.id, 0, note.span)


def note_targets(source: Source, found: Sequence[Note]) -> Iterator[Target]:
    """Give the targets that notes are."""
    for note in found:
        yield Target(note.id, "note", str(note.number), "", source.id, 0, note.span)


def check_references(
    sources: Sequence[Source], sections: Sequence[Section], targets: Mapping[str, Target]
) -> list[Problem]:
    """Report cross references to nothing."""
    problems = []
    for source, section in zip(sources, sections, strict=True):
        trees = [section.title, section.body, *(note.body for note in section.notes)]
        links = [link for tree in trees for link in tree.iter("a")]
        for link, end in ((link, link.get(name) or "") for link in links for name in ENDS):
            if end.startswith("#") and end[1:] not in targets:
                span = span_of(link, source.path)
                if not span.line and link.getparent() is not None:
                    span = span_of(link.getparent(), source.path)
                message = f'nothing has the id "{end[1:]}"'
                hint = nearest(end[1:], targets)
                problems.append(Problem("cross-reference-has-target", message, span, hint))
    return problems
