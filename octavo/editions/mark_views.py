"""A proof's list of the marks of editing, by section, with what was put in, taken out, said."""

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from octavo.book import Book, Section
from octavo.editions import text
from octavo.editions.text import Dialect
from octavo.markdown.marking import mark_id
from octavo.markdown.tree import Element
from octavo.templating import MarkGroupView, MarkView
from octavo.wording import EditingWords, wording

_LENGTH = 160
"""The most characters of a mark's words that the list prints."""


def groups(book: Book, dialect: Dialect) -> Iterator[MarkGroupView]:
    """Give the marks of each section that has some."""
    words = wording(book.config.language).editing
    for section in book.sections:
        if section.marks:
            yield MarkGroupView(
                title=text.markup(text.label(section.title, section, book, dialect)),
                number=section.number,
                href=dialect.href(book.targets[section.id]),
                counts=counted([mark.kind for mark in section.marks], words),
                marks=tuple(_marks(section, book, dialect)),
            )


def counted(kinds: Iterable[str], words: EditingWords) -> str:
    """Say how many marks there are of each kind."""
    counts = Counter(kinds)
    return ", ".join(
        f"{counts[kind]} {many if counts[kind] > 1 else one}"
        for kind, (one, many) in words.kinds.items()
        if counts[kind]
    )


def _marks(section: Section, book: Book, dialect: Dialect) -> Iterator[MarkView]:
    words = wording(book.config.language).editing
    new, old = _words(section, book)
    for index, mark in enumerate(section.marks):
        name = mark_id(section.id, index)
        target = book.targets[name]
        yield MarkView(
            id=f"{name}.listed",
            kind=words.kinds[mark.kind][0],
            number=book.comments.get((section.id, index), 0),
            href=dialect.href(target),
            folio=dialect.folio(target),
            source=f"{mark.span}",
            old=_short(old.get(index, [])),
            new=mark.text or _short(new.get(index, [])),
            signature=mark.signature,
        )


def _short(pieces: Sequence[str]) -> str:
    return textwrap.shorten(" ".join(pieces), _LENGTH, placeholder=" …")


def _words(section: Section, book: Book) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Give the words that each mark of a section puts in, and those that it takes out."""
    new: dict[int, list[str]] = {}
    old: dict[int, list[str]] = {}
    trees = [section.title, section.body, *(note.body for note in section.notes)]
    if section.kind == "bibliography":
        trees += [entry.content for group in book.bibliography for entry in group.entries]
    for tree in trees:
        for element in tree.iter():
            if element.get("data-mark") is not None and element.get("class") != "comment":
                found = old if element.tag == "del" else new
                found.setdefault(int(element.get("data-mark")), []).append(_said(element, section))
    for removed in section.removed:
        old.setdefault(removed.mark, []).append(_said(removed.content, section))
    return new, old


def _said(element: Element, section: Section) -> str:
    """Give the words of an element, with those of the citations in it."""
    pieces = [element.text or ""]
    for child in element:
        if child.get("class") == "citation" and child.get("data-citation") is not None:
            formatted = section.citations[int(child.get("data-citation"))]
            made = formatted.text if formatted.text is not None else formatted.note
            pieces.append("" if made is None else "".join(made.itertext()))
        elif child.get("class") == "removed-note":
            pieces.append(f" [{_said(child, section)}]")
        elif child.tag != "del":
            pieces.append(_said(child, section))
        pieces.append(child.tail or "")
    return " ".join("".join(pieces).split())
