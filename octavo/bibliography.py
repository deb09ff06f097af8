"""``bib/*.bib`` → the works of the book, every fault of the files named with its line.

bibtexparser reads the files for their structure; pandoc turns the entries into CSL data, since
its reader of BibLaTeX knows types, names, dates and LaTeX's spellings.  What BibLaTeX has no
field for and CSL has (archives) is carried over by name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bibtexparser
from bibtexparser.library import Library
from bibtexparser.middlewares import LatexDecodingMiddleware
from bibtexparser.model import Block, DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry

from octavo import pandoc
from octavo.problems import Problem, Severity, Span, nearest

CSL_FIELDS = {
    "archive": "archive",
    "archivelocation": "archive_location",
    "archivecollection": "archive_collection",
    "archiveplace": "archive-place",
}
"""BibTeX fields of ours and the CSL 1.0.2 variables that they fill (CSL specification, App. IV)."""

TYPES = set(
    "article artwork audio bibnote book bookinbook booklet collection commentary conference dataset"
    " electronic image inbook incollection inproceedings inreference jurisdiction legal legislation"
    " letter manual mastersthesis misc movie music mvbook mvcollection mvproceedings mvreference"
    " online patent performance periodical phdthesis proceedings reference report review software"
    " standard suppbook suppcollection suppperiodical techreport thesis unpublished video www"
    .split()
)  # fmt: skip
"""The entry types of BibLaTeX (manual §2.1)."""

_DATE = re.compile(r"^(?:\d{4}[~?%]?(?:-\d{2}){0,2}[~?%]?)?(?:/(?:\d{4}[~?%]?(?:-\d{2}){0,2}|\.\.)?)?$")
_CREATORS = ("author", "editor", "title")


@dataclass(frozen=True)
class Work:
    """One work: its key, its CSL data (CSL-JSON), its keywords, and how surely it is known."""

    key: str
    csl: Mapping[str, Any]
    keywords: frozenset[str]
    annotation: str
    span: Span


@dataclass(frozen=True)
class Works:
    """All works of the book by key, with what is wrong with the files."""

    by_key: Mapping[str, Work]
    problems: tuple[Problem, ...]


def load(root: Path, patterns: list[str]) -> Works:
    """Read the bibliography files that ``patterns`` name below ``root``.

    Problems are returned; entries that cannot be read are left out.
    """
    problems: list[Problem] = []
    entries: dict[str, tuple[Entry, Span]] = {}
    sources: list[str] = []
    for path in _files(root, patterns, problems):
        text = _read(root, path, problems)
        library = bibtexparser.parse_string(text)
        decoded = _decoded(text)
        for block in library.failed_blocks:
            problems.append(_failure(block, path))
        for entry in library.entries:
            span = Span(path, (entry.start_line or 0) + 1)
            if entry.key in entries:
                problems.append(_duplicate(entry.key, span, entries[entry.key][1]))
                continue
            entries[entry.key] = (decoded.get(entry.key, entry), span)
            problems += _faults(entry, path)
        sources.append(text)
    csl = {item["id"]: item for item in pandoc.csl_data("\n".join(sources))} if entries else {}
    works = {
        key: _work(entry, span, csl[key]) for key, (entry, span) in entries.items() if key in csl
    }
    return Works(works, tuple(problems))


def _files(root: Path, patterns: list[str], problems: list[Problem]) -> list[Path]:
    found: list[Path] = []
    for pattern in patterns:
        matches = sorted(path.relative_to(root) for path in root.glob(pattern))
        if not matches:
            message = f"no file matches {pattern}"
            span = Span(Path("content") / "book.toml")
            hint = "cited works stand in bib/*.bib"
            severity = Severity.WARNING
            problems.append(Problem("bibliography-file-exists", message, span, hint, severity))
        found += matches
    return found


def _read(root: Path, path: Path, problems: list[Problem]) -> str:
    try:
        raw = (root / path).read_bytes()
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problems.append(Problem("file-is-utf-8", "this is not UTF-8 text", Span(path, line)))
    except OSError as error:
        message = error.strerror or str(error)
        problems.append(Problem("file-is-readable", message, Span(path)))
    return ""


def _decoded(text: str) -> dict[str, Entry]:
    library: Library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    return {entry.key: entry for entry in library.entries}


def _duplicate(key: str, span: Span, first: Span) -> Problem:
    message = f'the key "{key}" stands for two works'
    return Problem("citation-key-is-unique", message, span, f"first at {first}")


def _failure(block: Block, path: Path) -> Problem:
    line = (block.start_line or 0) + 1
    match block:
        case DuplicateBlockKeyBlock():
            first = Span(path, (block.previous_block.start_line or 0) + 1)
            return _duplicate(block.key, Span(path, line), first)
        case DuplicateFieldKeyBlock():
            names = ", ".join(sorted(block.duplicate_keys))
            message = f"this entry has a field twice: {names}"
            return Problem("field-is-unique", message, Span(path, line))
    reason = re.sub(r"\s+", " ", str(getattr(block, "error", "") or "")).strip()
    message = f"this entry cannot be read{': ' + reason if reason else ''}"
    hint = "look for a missing comma, brace or key here or just above"
    return Problem("entry-is-bibtex", message, Span(path, line), hint)


def _faults(entry: Entry, path: Path) -> list[Problem]:
    found: list[Problem] = []
    span = Span(path, (entry.start_line or 0) + 1)
    fields = {field.key.lower(): field for field in entry.fields}
    if entry.entry_type.lower() not in TYPES:
        message = f"unknown type of entry: @{entry.entry_type}"
        found.append(Problem("entry-type-is-known", message, span, nearest(entry.entry_type, TYPES)))
    if not any(name in fields for name in _CREATORS):
        message = f'"{entry.key}" has neither author nor title'
        found.append(Problem("work-is-named", message, span))
    for name in ("date", "year", "urldate", "origdate"):
        field = fields.get(name)
        value = str(field.value).strip() if field else ""
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
    return all(
        (len(n) < 2 or 1 <= n[1] <= 12 or 21 <= n[1] <= 24) and (len(n) < 3 or 1 <= n[2] <= 31)  # noqa: PLR2004
        for n in numbers
    )


def _work(entry: Entry, span: Span, csl: dict[str, Any]) -> Work:
    fields = {field.key.lower(): str(field.value) for field in entry.fields}
    data = {name: value for name, value in csl.items() if name not in {"annote", "keyword"}}
    for name, variable in CSL_FIELDS.items():
        if name in fields:
            data[variable] = fields[name]
    data["type"] = data.get("type") or "document"
    keywords = frozenset(word.strip() for word in re.split(r"[,;]", fields.get("keywords", "")))
    return Work(entry.key, data, keywords - {""}, str(csl.get("annote", "")), span)
