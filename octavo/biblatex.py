"""BibLaTeX → works, every fault named with its line.

bibtexparser reads the files for their structure; pandoc turns the entries into CSL data, since
its reader of BibLaTeX knows types, names, dates and LaTeX's spellings.  What BibLaTeX has no
field for and CSL has (archives) is carried over by name.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import Any

from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.middlewares import LatexDecodingMiddleware
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    Field,
)

from octavo import pandoc
from octavo.bibliography import ALIASES, TYPES, Work, Works
from octavo.problems import Problem, Severity, Span, nearest

CSL_FIELDS = {
    "archive": "archive",
    "archivelocation": "archive_location",
    "archivecollection": "archive_collection",
    "archiveplace": "archive-place",
}
"""BibTeX fields of ours and the CSL 1.0.2 variables that they fill (CSL specification, App. IV)."""

_DATE = re.compile(
    r"^(?:\d{4}[~?%]?(?:-\d{2}){0,2}[~?%]?)?(?:/(?:\d{4}[~?%]?(?:-\d{2}){0,2}|\.\.)?)?$"
)
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # What it logs, we report.

_CREATORS = ("author", "editor", "title")


@dataclass(frozen=True)
class _Piece:
    """An entry as its file has it: read, and as BibTeX."""

    entry: Entry
    source: str
    span: Span


def works(texts: Sequence[tuple[Path, str]]) -> Works:
    """Read the texts of files, each with its path; what is wrong with them comes with the works."""
    problems: list[Problem] = []
    pieces: dict[str, _Piece] = {}
    strings: list[str] = []
    unreadable: set[str] = set()
    for path, text in texts:
        library = parse_string(text)
        if text and not library.entries and not library.failed_blocks:
            message = "there is no entry in this file"
            problems.append(
                Problem("bibliography-has-works", message, Span(path), "", Severity.WARNING)
            )
        strings += [block.raw or "" for block in library.strings]
        for block in library.failed_blocks:
            problems.append(_failure(block, path))
            unreadable |= set(re.findall(r"@\w+\s*\{\s*([^\s,{}]+)", block.raw or "")[:1])
        for entry in _entries(library):
            span = Span(path, (entry.start_line or 0) + 1)
            faults = _unreadable(entry, path)
            if faults:
                problems += faults
                unreadable.add(entry.key)
            elif entry.key in pieces:
                problems.append(_duplicate(entry.key, span, pieces[entry.key].span))
            else:
                pieces[entry.key] = _Piece(entry, entry.raw or "", span)
                problems += _faults(entry, path)
    csl = _csl(pieces, strings, problems)
    fields = _decoded(pieces.values())
    found = {
        key: _work(piece, csl[key], fields.get(key, {}))
        for key, piece in pieces.items()
        if key in csl
    }
    left_out = frozenset({*unreadable, *pieces} - set(found))
    return Works(found, left_out, complete=True, problems=tuple(problems))


def _entries(library: Library) -> Iterator[Entry]:
    """Give the entries in order, with those that have a field twice."""
    for block in library.blocks:
        if isinstance(block, Entry):
            yield block
        elif isinstance(block, DuplicateFieldKeyBlock) and isinstance(
            block.ignore_error_block, Entry
        ):
            yield block.ignore_error_block


def _csl(
    pieces: Mapping[str, _Piece], strings: list[str], problems: list[Problem]
) -> dict[str, dict[str, Any]]:
    """Have pandoc read the entries; those that it cannot read are reported and left out."""
    left = list(pieces.values())
    while left:
        sources = [*strings, *(piece.source for piece in left)]
        try:
            return {item["id"]: item for item in pandoc.csl_data("\n".join(sources))}
        except pandoc.PandocError as error:
            found = re.search(r"\(line (\d+), column \d+\):? *(.*)", str(error))
            wanted = int(found[1]) if found else 1
            heights = [source.count("\n") + 1 for source in sources]
            ends = list(accumulate(heights))[len(strings) :]
            at = next((at for at, end in enumerate(ends) if end >= wanted), -1)
            piece = left.pop(at)
            message = f"this entry cannot be read: {found[2] if found else error}"
            problems.append(Problem("entry-is-bibtex", message, piece.span, _BROKEN))
    return {}


_BROKEN = "look for a missing comma, brace or key here or just above"


def _duplicate(key: str, span: Span, first: Span) -> Problem:
    message = f'the key "{key}" stands for two works'
    return Problem("citation-key-is-unique", message, span, f"first at {first}")


def _failure(block: Block, path: Path) -> Problem:
    span = Span(path, (block.start_line or 0) + 1)
    match block:
        case DuplicateBlockKeyBlock():
            first = Span(path, (block.previous_block.start_line or 0) + 1)
            return _duplicate(block.key, span, first)
        case DuplicateFieldKeyBlock():
            names = ", ".join(sorted(block.duplicate_keys))
            return Problem("field-is-unique", f"this entry has a field twice: {names}", span)
    said = str(getattr(getattr(block, "error", None), "abort_reason", ""))
    found = re.search(r"closing `([}\"])`", said)
    what = {"}": "a brace", '"': "a quotation mark"}.get(found[1] if found else "", "it")
    message = f"this entry cannot be read: {what} is never closed"
    return Problem("entry-is-bibtex", message, span, _BROKEN)


def _unreadable(entry: Entry, path: Path) -> list[Problem]:
    """Report what bibtexparser reads and pandoc does not: bad keys, missing commas."""
    span = Span(path, (entry.start_line or 0) + 1)
    if not re.fullmatch(r"[^\s{},\"#%~\\]+", entry.key):
        message = f'"{entry.key}" is no key' if entry.key else "this entry has no key"
        hint = "a key of letters, digits and hyphens stands behind the first brace: @book{gras1979,"
        return [Problem("entry-has-key", message, span, hint)]
    for field in entry.fields:
        joined = re.search(r"^(.*[}\"])\s*\n\s*[\w-]+\s*=", str(field.value), re.S)
        if joined:
            line = (field.start_line or 0) + 1 + joined[1].count("\n")
            message = f'a comma is missing behind "{field.key}"'
            return [Problem("entry-is-bibtex", message, Span(path, line))]
    return []


def _faults(entry: Entry, path: Path) -> list[Problem]:
    found: list[Problem] = []
    span = Span(path, (entry.start_line or 0) + 1)
    fields = {field.key.lower(): field for field in entry.fields}
    if entry.entry_type.lower() not in TYPES:
        message = f"unknown type of entry: @{entry.entry_type}"
        found.append(
            Problem("entry-type-is-known", message, span, nearest(entry.entry_type, TYPES))
        )
    if not any(name in fields and str(fields[name].value).strip() for name in _CREATORS):
        message = f'"{entry.key}" has neither author nor title'
        found.append(Problem("work-is-named", message, span))
    for name in ("date", "year", "urldate", "origdate"):
        field = fields.get(name)
        value = str(field.value).strip('{}" \n') if field else ""
        if field and name != "year" and not _is_date(value):
            hint = "a date is written 1979, 1979-05, 1979-05-08 or 1951/1954"
            where = Span(path, (field.start_line or 0) + 1)
            found.append(Problem("date-is-valid", f'"{value}" is no date', where, hint))
    return found


def _is_date(value: str) -> bool:
    if not value or not _DATE.match(value):
        return False
    parts = [part for part in re.split(r"[/]", value) if part and part != ".."]
    numbers = [[int(n) for n in re.findall(r"\d+", part)] for part in parts]
    return all(_in_calendar(*n) for n in numbers)


def _in_calendar(year: int, month: int = 1, day: int = 1) -> bool:
    if month in range(21, 25):  # the four seasons (EDTF level 1)
        return day == 1
    try:
        return bool(date(max(year, 1), month, day))
    except ValueError:
        return False


def _work(piece: _Piece, csl: dict[str, Any], fields: Mapping[str, str]) -> Work:
    data = {name: value for name, value in csl.items() if name not in {"annote", "keyword"}}
    for name, variable in CSL_FIELDS.items():
        if name in fields:
            data[variable] = fields[name]
    keywords = frozenset(word.strip() for word in re.split(r"[,;]", fields.get("keywords", "")))
    kind = piece.entry.entry_type.lower()
    return Work(
        key=piece.entry.key,
        csl=data,
        type=ALIASES.get(kind, kind),
        language=str(csl.get("language", "")),
        fields=frozenset(f.key.lower() for f in piece.entry.fields if str(f.value).strip('{}" \n')),
        keywords=keywords - {""},
        annotation=str(csl.get("annote", "")),
        span=piece.span,
    )


def _decoded(pieces: Iterable[_Piece]) -> dict[str, dict[str, str]]:
    """Give by key the fields that pandoc does not carry over, without LaTeX's spellings."""
    names = {*CSL_FIELDS, "keywords"}
    entries: list[Block] = [
        Entry(
            piece.entry.entry_type,
            piece.entry.key,
            [Field(f.key.lower(), f.value) for f in piece.entry.fields if f.key.lower() in names],
        )
        for piece in pieces
    ]
    library = LatexDecodingMiddleware().transform(Library(entries))
    return {
        entry.key: {field.key: str(field.value) for field in entry.fields}
        for entry in library.entries
    }
