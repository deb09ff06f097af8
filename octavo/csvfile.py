"""CSV files that an editor fills (RFC 4180): their cells by column, each with its line and column.

Python's reader forgets where a cell stood; what is wrong with one could then not be shown.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from octavo import printable
from octavo.problems import Problem, Span, nearest, reason

_FIELD = re.compile(
    r'"(?P<quoted>(?:[^"]|"")*)"(?=[,\n]|\Z)|(?P<plain>[^",\n][^,\n]*|(?=[,\n]|\Z))'
)


@dataclass(frozen=True)
class Cell:
    """A cell: its text without the spaces around it, and where it stands."""

    text: str
    span: Span


@dataclass(frozen=True)
class Table:
    """A file's rows below its heads, cells by the names of their columns; what is wrong with it."""

    rows: tuple[Mapping[str, Cell], ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Rows:
    """A file's rows as they stand, the one with the columns' heads first."""

    rows: tuple[tuple[Cell, ...], ...]
    problems: tuple[Problem, ...] = ()


def read(path: Path, shown_as: Path) -> Rows:
    """Read the file at ``path`` up to what cannot be read; messages name it ``shown_as``."""
    try:
        return parse(path.read_bytes(), shown_as)
    except OSError as error:
        message = f"this file cannot be read: {reason(error)}"
        return Rows((), (Problem("file-is-readable", message, Span(shown_as)),))


def parse(data: bytes, shown_as: Path) -> Rows:
    """Read a file's contents up to what cannot be read; rows of empty cells are left out."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        span = Span(shown_as, error.object.count(b"\n", 0, error.start) + 1)
        hint = "save the file as UTF-8: in a spreadsheet, as CSV UTF-8"
        return Rows((), (Problem("file-is-utf-8", "this is not UTF-8 text", span, hint),))
    rows, problems = _rows(printable.replaced(text), shown_as)
    return Rows(tuple(map(tuple, rows)), (*printable.check(text, shown_as), *problems))


def load(path: Path, shown_as: Path, columns: Sequence[str]) -> Table:
    """Read the file at ``path``, which has just these ``columns``; messages name it ``shown_as``.

    Rows that have too few or too many cells are reported and left out.
    """
    found = read(path, shown_as)
    problems = list(found.problems)
    if not found.rows:
        message = f"the columns are not named: the first line is to be {','.join(columns)}"
        missing = Problem("column-exists", message, Span(shown_as, 1, 1))
        return Table((), tuple(problems or [missing]))
    heads, *rows = found.rows
    problems += [*_wrong_heads(heads, columns), *wrong_rows(found.rows)]
    whole = [
        {head.text: cell for head, cell in zip(heads, row, strict=True)}
        for row in rows
        if len(row) == len(heads)
    ]
    if set(columns) - {head.text for head in heads}:
        return Table((), tuple(problems))
    return Table(tuple(whole), tuple(problems))


def wrong_rows(rows: Sequence[Sequence[Cell]]) -> Iterator[Problem]:
    """Report the rows that have not as many cells as the first one, which has the heads."""
    width = len(rows[0])
    for row in rows[1:]:
        if len(row) != width:
            few = "few" if len(row) < width else "many"
            hint = "a cell with a comma in it stands in quotation marks" if few == "many" else ""
            message = f"this row has too {few} cells: {len(row)}, and the head has {width}"
            yield Problem("row-fills-columns", message, row[0].span, hint)


def _rows(text: str, path: Path) -> tuple[list[list[Cell]], list[Problem]]:
    """Give the rows that are not empty, up to one that cannot be read."""
    rows: list[list[Cell]] = [[]]
    at, line, line_start = 0, 1, 0
    while True:
        field = _FIELD.match(text, at)
        if field is None:
            span = Span(path, line, at - line_start + 1)
            message = "this cell cannot be read: a quotation mark is never closed, or stands alone"
            hint = 'a cell with a quotation mark in it is written "so ""quoted"" here"'
            return rows[:-1], [Problem("data-file-is-csv", message, span, hint)]
        quoted = field["quoted"]
        raw = field["plain"] if quoted is None else quoted
        start = at + (quoted is not None) + len(raw) - len(raw.lstrip())
        words = raw.strip() if quoted is None else raw.strip().replace('""', '"')
        rows[-1].append(Cell(words, Span(path, line, start - line_start + 1)))
        at = field.end()
        if inner := field[0].count("\n"):
            line += inner
            line_start = at - len(field[0]) + field[0].rindex("\n") + 1
        if at >= len(text):
            return [row for row in rows if any(cell.text for cell in row)], []
        if text[at] == "\n":
            line, line_start = line + 1, at + 1
            rows.append([])
        at += 1


def _wrong_heads(heads: Sequence[Cell], columns: Sequence[str]) -> Iterator[Problem]:
    names = [head.text for head in heads]
    known = f"the columns are: {', '.join(columns)}"
    for index, head in enumerate(heads):
        if head.text in names[:index]:
            yield Problem(
                "column-is-unique", f'the column "{head.text}" stands here twice', head.span
            )
        elif head.text not in columns:
            hint = nearest(head.text, columns) or known
            yield Problem("column-is-known", f'unknown column "{head.text}"', head.span, hint)
    for column in columns:
        if column not in names:
            message = f'the column "{column}" is missing'
            yield Problem("column-exists", message, heads[0].span, known)
