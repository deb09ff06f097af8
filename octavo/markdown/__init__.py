"""Markdown → a section's tree.  The order of the syntaxes is the list in ``_read``.

To add a syntax: one module here, one line in that list, one fixture file in ``tests/``.
"""

from collections.abc import Iterator
from dataclasses import replace

from octavo import printable
from octavo.manuscript import Source
from octavo.markdown import marking
from octavo.markdown.finish import finish
from octavo.markdown.keeping import remembered
from octavo.markdown.positions import Marks, not_shown
from octavo.markdown.reading import ReadFile, Reading
from octavo.markdown.syntax import reader
from octavo.markdown.tree import Section
from octavo.problems import Problem, Span
from octavo.store import Store


def parse(source: Source, language: str, read_file: ReadFile, kept: Store | None = None) -> Section:
    """Read one section's Markdown, or give it as ``kept`` remembers it.

    ``read_file`` gives the bytes of data files named in it (relative to ``content/``).  All
    problems are in the result.
    """
    return remembered(_parse, source, language, read_file, kept)


def _parse(source: Source, language: str, read_file: ReadFile) -> Section:
    """Read a section; marks of editing that cannot be shown are accepted, and reported."""
    hidden: frozenset[Span] = frozenset()
    while True:
        section = _read(source, language, read_file, hidden)
        if source.marks != "show":
            return section
        trees = (section.title, section.body, *(note.body for note in section.notes))
        shown = marking.shown(trees, section.removed)
        lost = {mark.span for number, mark in enumerate(section.marks) if number not in shown}
        if not lost - hidden:
            return replace(section, problems=(*section.problems, *map(not_shown, sorted(hidden))))
        hidden |= lost


def _read(source: Source, language: str, read_file: ReadFile, hidden: frozenset[Span]) -> Section:
    reading = Reading(source.path, language, read_file, Marks(source.marks, hidden))
    reading.problems += _unprintable(source)
    converter = reader(reading)
    title = printable.replaced(" ".join(source.header.title.split()))
    title = converter.convert(reading.marks.put(title, source.path))
    converter.reset()
    text = printable.replaced(source.body)
    xhtml = converter.convert(reading.marks.put(text, source.path, source.first_line))
    reading.problems += reading.marks.problems
    return finish(title, xhtml, reading)


def _unprintable(source: Source) -> Iterator[Problem]:
    yield from printable.check_title("title", source.header.title, source.path)
    yield from printable.check_title("short title", source.header.short_title, source.path)
    yield from printable.check(source.body, source.path, source.first_line)
