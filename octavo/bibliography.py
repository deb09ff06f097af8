"""``bib/*.bib`` → the works of the book, every fault of the files named with its line."""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from octavo import printable, store, tools
from octavo.problems import Problem, Severity, Span, reason
from octavo.store import Store

TYPES = set(
    "article artwork audio bibnote book bookinbook booklet collection commentary conference dataset"
    " electronic image inbook incollection inproceedings inreference jurisdiction legal legislation"
    " letter manual mastersthesis misc movie music mvbook mvcollection mvproceedings mvreference"
    " online patent performance periodical phdthesis proceedings reference report review software"
    " standard suppbook suppcollection suppperiodical techreport thesis unpublished video www"
    .split()
)  # fmt: skip
"""The entry types of BibLaTeX (manual §2.1)."""

ALIASES = {
    "conference": "inproceedings",
    "electronic": "online",
    "mastersthesis": "thesis",
    "phdthesis": "thesis",
    "techreport": "report",
    "www": "online",
}
"""Entry types that are other names of BibLaTeX's own (manual §2.1.2)."""

_TOOLS = ("bibtexparser", "pypandoc_binary")


@dataclass(frozen=True)
class Work:
    """One work: its key, its CSL data (CSL-JSON), its keywords, and how surely it is known.

    ``type`` is BibLaTeX's name of what it is; ``language`` a tag of BCP 47, or ``""``;
    ``fields`` names the fields that its entry has, in small letters.
    """

    key: str
    csl: Mapping[str, Any]
    type: str
    language: str
    fields: frozenset[str]
    keywords: frozenset[str]
    annotation: str
    span: Span


@dataclass(frozen=True)
class Works:
    """All works of the book by key, and what is wrong with the files.

    ``unreadable`` are the keys of entries that cannot be read; ``complete`` is false where a whole
    file cannot, so that nobody knows which works it holds.
    """

    by_key: Mapping[str, Work]
    unreadable: frozenset[str]
    complete: bool
    problems: tuple[Problem, ...]


def load(root: Path, patterns: list[str], listed: Span, kept: Store | None = None) -> Works:
    """Read the bibliography files that ``patterns``, given at ``listed``, name below ``root``.

    Problems are returned; entries that cannot be read are left out.  ``kept`` remembers what the
    same files have held before.
    """
    paths, problems = files(root, patterns, listed)
    works = _works(tuple((path, _read(root, path, problems)) for path in paths), kept)
    complete = not any(p.rule in {"file-is-utf-8", "file-is-readable"} for p in problems)
    return replace(works, complete=complete, problems=(*problems, *works.problems))


@lru_cache(maxsize=1)
def _works(texts: tuple[tuple[Path, str], ...], kept: Store | None) -> Works:
    """Give the works in the texts of files; a process that stays asks for them once."""
    name = store.key([tools.named(_TOOLS, tools.OURS), repr(texts)])

    def make() -> bytes:
        from octavo import biblatex  # noqa: PLC0415 - its readers take a while to load

        return pickle.dumps(biblatex.works(texts))

    works: Works = pickle.loads(store.once(kept, name, make))
    return works


def files(root: Path, patterns: list[str], listed: Span) -> tuple[list[Path], list[Problem]]:
    """Give the files that patterns fit, below the book's folder, and the patterns that fit none.

    ``listed`` is where ``book.toml`` has the patterns.
    """
    found: list[Path] = []
    problems: list[Problem] = []
    for pattern in patterns:
        if Path(pattern).is_absolute() or ".." in Path(pattern).parts or not pattern:
            message = f'"{pattern}" names no files in the book\'s folder'
            hint = "paths are relative to it: bib/*.bib"
            problems.append(Problem("bibliography-file-exists", message, listed, hint))
            continue
        matches = sorted(path.relative_to(root) for path in root.glob(pattern))
        if not matches:
            message = f"no file matches {pattern}"
            hint = "cited works stand in bib/*.bib"
            severity = Severity.WARNING
            problems.append(Problem("bibliography-file-exists", message, listed, hint, severity))
        found += [path for path in matches if path not in found]
    return found, problems


def _read(root: Path, path: Path, problems: list[Problem]) -> str:
    try:
        raw = (root / path).read_bytes()
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        hint = "save the file as UTF-8, in Zotero's export or your editor"
        problems.append(Problem("file-is-utf-8", "this is not UTF-8 text", Span(path, line), hint))
        return ""
    except OSError as error:
        message = f"this file cannot be read: {reason(error)}"
        problems.append(Problem("file-is-readable", message, Span(path)))
        return ""
    problems += printable.check(text, path)
    return printable.replaced(text)
