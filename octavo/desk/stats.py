"""What a book's sections hold, beside what they shall hold: as a table, or as JSON."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from octavo.book import Book
from octavo.config.book import Targets
from octavo.desk import counting
from octavo.desk.counting import Count


@dataclass(frozen=True)
class Row:
    """What a section holds, or the book, and how many words it shall have: 0 if that is open."""

    count: Count
    words: int
    target: int

    @property
    def part_of_target(self) -> float:
        """Give how much of the target is reached; 1 is all of it."""
        return self.words / self.target


@dataclass(frozen=True)
class Stats:
    """The rows of the sections, and that of the whole book."""

    sections: tuple[Row, ...]
    total: Row


def stats(book: Book) -> Stats:
    """Count a book's words, and set them beside its targets."""
    targets, counts = book.config.targets, counting.count(book)
    rows = tuple(_row(one, targets.sections.get(one.name, 0), targets) for one in counts)
    whole = counting.total(book, counts)
    return Stats(rows, _row(whole, targets.book or 0, targets))


def _row(one: Count, target: int, targets: Targets) -> Row:
    words = one.text.words + (one.notes.words if targets.with_notes else 0)
    return Row(one, words, target)


@dataclass(frozen=True)
class _Column:
    head: str
    cell: Callable[[Row], str]


_COLUMNS = (
    _Column("words", lambda row: f"{row.count.text.words:,}"),
    _Column("notes", lambda row: f"{row.count.note_count:,}"),
    _Column("their words", lambda row: f"{row.count.notes.words:,}"),
    _Column("works", lambda row: f"{len(row.count.works):,}"),
    _Column("tables", lambda row: f"{row.count.tables:,}"),
    _Column("figures", lambda row: f"{row.count.figures:,}"),
    _Column("reading", lambda row: _time(row.count.text.minutes)),
)
_TARGETS = (
    _Column("target", lambda row: f"{row.target:,}" if row.target else ""),
    _Column("reached", lambda row: f"{row.part_of_target:.0%}" if row.target else ""),
)


def table(given: Stats) -> str:
    """Give the table, a line a section, for a terminal."""
    rows = (*given.sections, given.total)
    columns = (*_COLUMNS, *(_TARGETS if any(row.target for row in rows) else ()))
    names = ["section", *(row.count.name for row in given.sections), "the book"]
    cells = [[one.head for one in columns], *([one.cell(row) for one in columns] for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(columns))]
    left = max(map(len, names))
    lines = [
        "  ".join(
            [f"{name:{left}}", *(f"{cell:>{w}}" for cell, w in zip(line, widths, strict=True))]
        )
        for name, line in zip(names, cells, strict=True)
    ]
    rule = "─" * max(map(len, lines))
    return "\n".join(line.rstrip() for line in (lines[0], rule, *lines[1:-1], rule, lines[-1]))


def _time(minutes: float) -> str:
    hours, rest = divmod(round(minutes), 60)
    if minutes and not (hours or rest):
        return "< 1 min"
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"


def as_json(given: Stats) -> str:
    """Give the same for programs: ``sections``, and the ``total``."""
    made = {"sections": [_values(row) for row in given.sections], "total": _values(given.total)}
    return json.dumps(made, ensure_ascii=False, indent=2)


def _values(row: Row) -> dict[str, object]:
    one = row.count
    named = {"name": one.name, "part": one.part} if one.part else {}
    return named | {
        "title": one.title,
        "words": one.text.words,
        "notes": one.note_count,
        "noteWords": one.notes.words,
        "works": len(one.works),
        "tables": one.tables,
        "figures": one.figures,
        "minutes": round(one.text.minutes, 1),
        "target": row.target or None,
        "targetWords": row.words,
    }
