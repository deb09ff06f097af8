"""Markdown → a section's tree.  The order of the syntaxes is the list in ``_read``.

To add a syntax: one module here, one line in that list, one fixture file in ``tests/``.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from octavo.manuscript import Source
from octavo.markdown.finish import finish
from octavo.markdown.positions import RESERVED, described
from octavo.markdown.reading import ReadFile, Reading
from octavo.markdown.syntax import reader
from octavo.markdown.tree import Section
from octavo.problems import Span


@dataclass(frozen=True)
class _Remembered:
    """A section as it was read, from what, and with which data files."""

    source: Source
    language: str
    files: Mapping[str, bytes]
    section: Section


_remembered: dict[Path, _Remembered] = {}
"""What was read last of each sound file: a process that stays reads only what has changed."""


def parse(source: Source, language: str, read_file: ReadFile) -> Section:
    """Read one section's Markdown.

    ``read_file`` gives the bytes of data files named in it (relative to ``content/``).  All
    problems are in the result.
    """
    known = _remembered.get(source.path)
    if known is None or not _holds(known, source, language, read_file):
        files: dict[str, bytes] = {}

        def read(path: str) -> bytes:
            files[path] = read_file(path)
            return files[path]

        section = _parse(source, language, read)
        if section.problems:
            return section
        known = _Remembered(source, language, files, section)
        _remembered[source.path] = known
    return copy.deepcopy(known.section)


def _holds(known: _Remembered, source: Source, language: str, read_file: ReadFile) -> bool:
    """Tell whether a section would be read as it was."""
    if (known.source, known.language) != (source, language):
        return False
    try:
        return all(read_file(path) == data for path, data in known.files.items())
    except OSError:
        return False


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
