"""The tables that a manuscript names: CSV files below ``content/``."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from octavo import criticmarkup, csvfile
from octavo.csvfile import Cell
from octavo.markdown.reading import Reading
from octavo.problems import Span, nearest, reason

NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")

Row = tuple[Cell, ...]
"""A row of a table."""


def settled_rows(reading: Reading, path: str, span: Span) -> list[Row]:
    """Read a CSV file as ``rows`` does, its marks of editing settled."""
    return [
        tuple(replace(cell, text=reading.marks.settle(cell.text, cell.span)) for cell in row)
        for row in rows(reading, path, span)
    ]


def is_number(text: str) -> bool:
    """Tell whether a cell is a number, with the changes in it accepted."""
    return bool(NUMBER.match(criticmarkup.settled(text, accept=True).text))


def rows(reading: Reading, path: str, span: Span) -> list[Row]:
    """Read a CSV file: its head, and the rows that fill its columns; ``[]`` if it is unsound.

    ``path`` is relative to ``content/``; ``span`` is where the manuscript names it.
    """
    try:
        found = csvfile.parse(reading.read_file(path), Path("content") / path)
    except OSError as error:
        reading.error("data-file-is-readable", f"{path} cannot be read: {reason(error)}", span)
        return []
    reading.problems += found.problems
    if len(found.rows) < 2:  # noqa: PLR2004 - a head and at least one row
        if not found.problems:
            reading.error("table-has-rows", f"{path} has no rows below its column heads", span)
        return []
    reading.problems += csvfile.wrong_rows(found.rows)
    return [row for row in found.rows if len(row) == len(found.rows[0])]


def check_column(
    reading: Reading, path: str, name: str, heads: Sequence[Cell], span: Span
) -> int | None:
    """Give the index of a column, or report that the file has none of that name."""
    names = [head.text for head in heads]
    if name in names:
        return names.index(name)
    hint = nearest(name, names) or f"the columns are: {', '.join(names)}"
    reading.error("column-exists", f'{path} has no column "{name}"', span, hint)
    return None
