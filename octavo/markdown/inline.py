"""Pieces of Markdown that stand in no section's file: cells that are a line of text each."""

import pickle
from collections.abc import Sequence

from lxml import etree

from octavo import store
from octavo.markdown import keeping
from octavo.markdown.finish import finish
from octavo.markdown.reading import Reading
from octavo.markdown.syntax import reader
from octavo.markdown.tree import Element
from octavo.problems import Problem, Span
from octavo.store import Store


def parse_lines(
    lines: Sequence[tuple[str, Span]], language: str, kept: Store | None
) -> tuple[list[Element], tuple[Problem, ...]]:
    """Read lines of one file, each with its place, as paragraphs; all problems are beside them.

    A line holds what can stand in a line of a list: no notes, no citations, no other blocks.  One
    that holds more is reported, and given as it is written.  ``kept`` remembers what has been read
    before.
    """
    if not lines:
        return [], ()

    def make() -> bytes:
        paragraphs, problems = _parsed(lines, language)
        return pickle.dumps(([etree.tostring(one) for one in paragraphs], problems))

    name = store.key([keeping.made_by(), language, repr(lines)])
    written, problems = pickle.loads(store.once(kept, name, make))
    return [keeping.tree(one) for one in written], problems


def _parsed(
    lines: Sequence[tuple[str, Span]], language: str
) -> tuple[list[Element], tuple[Problem, ...]]:
    reading = Reading(lines[0][1].path, language, _no_file)
    converter = reader(reading)
    paragraphs = []
    for text, span in lines:
        converter.reset()
        marked = reading.marks.put(text, span.path, span.line, span.column)
        section = finish("", converter.convert(marked), reading)
        paragraph: Element = next(section.body.iter("p"), None)
        is_line = len(section.body) == 1 and section.body[0] is paragraph
        if not is_line or section.notes or section.citations:
            message = "this is more than a line of text: a note, a citation, or a block of its own"
            hint = "words in italics or in another language are well; notes belong in the text"
            reading.error("cell-is-line-of-text", message, span, hint)
            paragraph = etree.Element("p")
            paragraph.text = text
        paragraph.set("data-line", str(span.line))
        paragraphs.append(paragraph)
    for mark in reading.marks.editing:
        message = "a mark of editing cannot stand in this list"
        reading.error("list-has-no-editorial-marks", message, mark.span, "settle it: resolve")
    return paragraphs, (*reading.marks.problems, *reading.problems)


def _no_file(path: str) -> bytes:
    raise FileNotFoundError(path)
