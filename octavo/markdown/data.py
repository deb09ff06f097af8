"""Reads the tables that a manuscript names: CSV, with the place of every cell."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from octavo.markdown.positions import RESERVED, described
from octavo.markdown.reading import Reading
from octavo.problems import Span, nearest, reason

NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")


@dataclass(frozen=True)
class Row:
    """A row of a table: the line on which it begins, its cells, and where each of them begins."""

    line: int
    cells: tuple[str, ...]
    places: tuple[Span, ...]


def rows(reading: Reading, path: str, span: Span) -> list[Row]:
    """Read a CSV file: its head, and the rows that fill its columns; ``[]`` if it is unsound.

    ``path`` is relative to ``content/``; ``span`` is where the manuscript names it.
    """
    home = Path("content") / path
    text = _text(reading, path, span)
    if text is None:
        return []
    for number, line_text in enumerate(text.split("\n"), start=1):
        for found in RESERVED.finditer(line_text.rstrip("\r")):
            place = Span(home, number, found.start() + 1)
            message = f"{described(found[0])} cannot be printed"
            reading.error("character-is-printable", message, place)
    read: list[Row] = []
    try:
        for row in _numbered(RESERVED.sub("\ufffd", text), home):
            read.append(row)
    except csv.Error:
        place = Span(home, read[-1].line + 1 if read else 1)
        message = "this row cannot be read: a quotation mark is never closed, or stands alone"
        hint = 'a cell with a quotation mark in it is written "so ""quoted"" here"'
        reading.error("data-file-is-csv", message, place, hint)
        return []
    if len(read) < 2:  # noqa: PLR2004 - a head and at least one row
        message = f"{path} has no rows below its column heads"
        reading.error("table-has-rows", message, span)
        return []
    width = len(read[0].cells)
    for row in read[1:]:
        if len(row.cells) != width:
            few = "few" if len(row.cells) < width else "many"
            hint = "a cell with a comma in it stands in quotation marks" if few == "many" else ""
            message = f"this row has too {few} cells: {len(row.cells)}, and the head has {width}"
            reading.error("row-fills-columns", message, Span(home, row.line), hint)
    return [row for row in read if len(row.cells) == width]


def _text(reading: Reading, path: str, span: Span) -> str | None:
    try:
        return reading.read_file(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        place = Span(Path("content") / path, line)
        hint = "save the file as UTF-8: in a spreadsheet, as CSV UTF-8"
        reading.error("file-is-utf-8", "this is not UTF-8 text", place, hint)
    except OSError as error:
        message = f"{path} cannot be read: {reason(error)}"
        reading.error("data-file-is-readable", message, span)
    return None


def check_column(
    reading: Reading, path: str, name: str, heads: Sequence[str], span: Span
) -> int | None:
    """Give the index of a column, or report that the file has none of that name."""
    if name in heads:
        return heads.index(name)
    hint = nearest(name, heads) or f"the columns are: {', '.join(heads)}"
    reading.error("column-exists", f'{path} has no column "{name}"', span, hint)
    return None


def _numbered(text: str, home: Path) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text), strict=True)
    lines = text.split("\n")
    last = 0
    for cells in reader:
        if cells:
            first = last + 1
            places = tuple(_places("\n".join(lines[last : reader.line_num]), home, first))
            yield Row(first, tuple(cells), places)
        last = reader.line_num


def _places(record: str, home: Path, line: int) -> Iterator[Span]:
    """Give the place of each cell of a record, which may run over several lines (RFC 4180)."""
    column, quoted = 1, False
    yield Span(home, line, column)
    for sign in record:
        column += 1
        if sign == "\n":
            line, column = line + 1, 1
        elif sign == '"':
            quoted = not quoted
        elif sign == "," and not quoted:
            yield Span(home, line, column)
