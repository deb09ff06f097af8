"""Markdown → a section's tree.  The order of the syntaxes is the list in ``_read``.

To add a syntax: one module here, one line in that list, one fixture file in ``tests/``.
"""

from octavo.manuscript import Source
from octavo.markdown.finish import finish
from octavo.markdown.keeping import remembered
from octavo.markdown.positions import RESERVED, described
from octavo.markdown.reading import ReadFile, Reading
from octavo.markdown.syntax import reader
from octavo.markdown.tree import Section
from octavo.problems import Span
from octavo.store import Store


def parse(source: Source, language: str, read_file: ReadFile, kept: Store | None = None) -> Section:
    """Read one section's Markdown, or give it as ``kept`` remembers it.

    ``read_file`` gives the bytes of data files named in it (relative to ``content/``).  All
    problems are in the result.
    """
    return remembered(_parse, source, language, read_file, kept)


def _parse(source: Source, language: str, read_file: ReadFile) -> Section:
    reading = Reading(source.path, language, read_file)
    _report_reserved(source, reading)
    converter = reader(reading)
    title = RESERVED.sub("\ufffd", " ".join(source.header.title.split()))
    title = converter.convert(reading.marks.put(title, source.path))
    converter.reset()
    text = RESERVED.sub("\ufffd", source.body)
    xhtml = converter.convert(reading.marks.put(text, source.path, source.first_line))
    reading.problems += reading.marks.problems
    return finish(title, xhtml, reading)


def _report_reserved(source: Source, reading: Reading) -> None:
    for name, text in (("title", source.header.title), ("short title", source.header.short_title)):
        if found := RESERVED.search(text):
            message = f"{described(found[0])} in the {name} cannot be printed"
            reading.error("character-is-printable", message, Span(source.path, 1))
    for number, line in enumerate(source.body.split("\n"), start=source.first_line):
        for found in RESERVED.finditer(line):
            message = f"{described(found[0])} cannot be printed"
            span = Span(source.path, number, found.start() + 1)
            reading.error("character-is-printable", message, span)
