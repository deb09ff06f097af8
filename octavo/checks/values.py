"""Values that stand in several places: they are marked with one id, and have to agree.

``[155,000]{value=guns}`` marks one in a text, a note, a caption or the cell of a table;
``content/values.csv`` marks cells of the book's data, which hold nothing but their numbers.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from octavo import csvfile
from octavo.checks.amounts import amount
from octavo.compose import Draft
from octavo.csvfile import Cell
from octavo.markdown.finish import span_of
from octavo.problems import Problem, Severity, Span, nearest
from octavo.wording import wording

FILE = Path("content") / "values.csv"
COLUMNS = ("value", "file", "row", "column")
BETWEEN = " | "
"""Stands between the cells that name a row, where one of them does not."""

_NOTE = re.compile(r"\s*(?:\^\[|\[@|\[\^).*", re.DOTALL)


@dataclass(frozen=True)
class Place:
    """A value where it stands: its id, its text, its place in a source file."""

    value: str
    text: str
    span: Span


def check(draft: Draft) -> list[Problem]:
    """Report values that differ between their places, and those that have no second place."""
    config = draft.manuscript.config
    cells, problems = _cells(draft.manuscript.root)
    places = [*_marks(draft), *cells]
    words = wording(config.language).dates
    by_value: dict[str, list[Place]] = {}
    for place in places:
        by_value.setdefault(place.value, []).append(place)
    for value, same in by_value.items():
        first, *others = same
        expected = amount(first.text, config.language, words)
        for place in others:
            if not amount(place.text, config.language, words).agrees_with(expected):
                problems.append(_difference(place, first))
        if not others and value:
            message = f'the value "{value}" stands in one place only'
            hint = nearest(value, by_value.keys() - {value})
            problems.append(
                Problem("value-has-second-place", message, first.span, hint, Severity.WARNING)
            )
    return problems


def _difference(place: Place, first: Place) -> Problem:
    message = f'the value "{place.value}" is {place.text} here, and {first.text} at {first.span}'
    return Problem("value-is-the-same-everywhere", message, place.span)


def _marks(draft: Draft) -> Iterator[Place]:
    for source, text in zip(draft.manuscript.sources, draft.texts, strict=True):
        for tree in (text.title, text.body, *(note.body for note in text.notes)):
            for mark in tree.iterfind(".//span[@data-value]"):
                words = " ".join("".join(mark.itertext()).split())
                yield Place(mark.get("data-value"), words, span_of(mark, source.path))


def _cells(root: Path) -> tuple[list[Place], list[Problem]]:
    """Give the places in data, and what is wrong with the file that names them."""
    if not (root / FILE).exists():
        return [], []
    table = csvfile.load(root / FILE, FILE, COLUMNS)
    problems = list(table.problems)
    places = []
    data: dict[str, Sequence[Sequence[Cell]]] = {}
    for row in table.rows:
        file = row["file"]
        if file.text not in data:
            read = csvfile.read(root / "content" / file.text, Path("content") / file.text)
            data[file.text] = read.rows if ".." not in Path(file.text).parts else ()
            if not data[file.text]:
                message = f"there is no data in content/{file.text}"
                problems.append(Problem("data-file-is-readable", message, file.span))
        found = _cell(data[file.text], row["row"], row["column"])
        if isinstance(found, Problem):
            problems.append(found)
        elif found is not None:
            places.append(Place(row["value"].text, _bare(found.text), found.span))
    return places, problems


def _cell(rows: Sequence[Sequence[Cell]], row: Cell, column: Cell) -> Cell | Problem | None:
    """Find the cell of a row, which the words of its cells name, below the head of a column."""
    if not rows:
        return None
    heads = [head.text for head in rows[0]]
    names = [_bare(name) for name in row.text.split(BETWEEN)]
    found = [cells for cells in rows[1:] if set(names) <= set(map(_name, cells))]
    if column.text not in heads:
        hint = nearest(column.text, heads) or f"the columns are: {', '.join(heads)}"
        return Problem("column-exists", f'there is no column "{column.text}"', column.span, hint)
    if not found:
        known = {_name(cell) for cells in rows[1:] for cell in cells}
        message = f'no row has "{row.text}" in a cell'
        hints = (nearest(name, known) for name in names if name not in known)
        return Problem("row-exists", message, row.span, next(hints, ""))
    if len(found) > 1:
        message = f'{len(found)} rows have "{row.text}" in a cell'
        hint = f'name another cell of the row too, with "{BETWEEN.strip()}" between'
        return Problem("row-is-one", message, row.span, hint)
    at = heads.index(column.text)
    return found[0][at] if at < len(found[0]) else None


def _name(cell: Cell) -> str:
    return _bare(cell.text)


def _bare(text: str) -> str:
    """Give the words of a cell, all spaces alike, without the notes and citations behind them."""
    return " ".join(_NOTE.sub("", text).split())
