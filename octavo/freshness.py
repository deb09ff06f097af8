"""Tells whether a build would make what is there already: then nothing need be done at all.

After a build its inputs and outputs are written down with their digests: the book's files, the
tool's own, the versions of the packages that it works with, the pages that were printed last.
Nothing is believed of dates: a file is unchanged when its contents are.  Imports nothing that is
slow.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from octavo import store
from octavo.criticmarkup import Mode
from octavo.editions import paging
from octavo.outcome import CACHE, Made, Result
from octavo.output import Contents
from octavo.problems import Problem, Severity, Span
from octavo.store import Store

_FOLDERS = ("content", "bib", "templates")
"""Where a book's own files are, below its folder."""

_VARIABLES = ("SOURCE_DATE_EPOCH",)
"""What of the environment an output depends on."""

UNCHANGED = "nothing has changed since the last build"


def look(
    root: Path, target: Path, editions: Sequence[str], marks: Mode = "accept"
) -> Result | None:
    """Give the result of the last build if this one would give the same; None if it has to run.

    ``marks`` says what becomes of marks of editing.
    """
    kept = Store(root / CACHE / "store")
    entry = kept.get(_name(target, editions, marks))
    if entry is None:
        return None
    known = json.loads(entry)
    others = [Path(path) for path in known["others"]]
    if known["inputs"] != inputs(root, others) or known["pages"] != _pages(kept, editions):
        return None
    made = {Made(Path(path), remark): digest for path, remark, digest in known["made"]}
    if not all(_is_there(one.path, digest) for one, digest in made.items()):
        return None
    problems = tuple(_problem(values) for values in known["problems"])
    return Result(made, problems, {"book": UNCHANGED})


def remember(
    root: Path,
    target: Path,
    editions: Sequence[str],
    result: Result,
    others: Sequence[Path],
    taken: str,
    marks: Mode = "accept",
) -> None:
    """Write down what a build was made of, and what it has made.

    ``others`` are inputs outside the book's own folders; ``taken`` is what ``inputs`` gave when
    the book was read: what is changed while a build runs is news for the next.
    """
    kept = Store(root / CACHE / "store")
    known = {
        "inputs": taken,
        "pages": _pages(kept, editions),
        "made": [(str(one.path), one.remark, digest) for one, digest in result.made.items()],
        "problems": [_values(problem) for problem in result.problems],
        "others": [str(path) for path in others],
    }
    kept.put(_name(target, editions, marks), json.dumps(known, sort_keys=True).encode())


def _pages(kept: Store, editions: Sequence[str]) -> str:
    """Give the digest of the printed pages that editions take from an earlier build."""
    if "print" in editions:
        return ""
    return hashlib.sha256(kept.get(paging.KEPT) or b"").hexdigest()


def _name(target: Path, editions: Sequence[str], marks: Mode) -> str:
    return store.key(["outcome", str(target.absolute()), marks, *editions])


def inputs(root: Path, others: Iterable[Path]) -> str:
    """Give the digest of all that the outputs of the book in ``root`` are made of."""
    digest = hashlib.sha256()
    for folder in _FOLDERS:
        digest.update(_folder(root / folder).encode())
    for path in others:
        digest.update(_file(root / path).encode())
    digest.update(_tool().encode())
    for name in _VARIABLES:
        digest.update(f"{name}={os.environ.get(name, '')}\n".encode())
    return digest.hexdigest()


def _tool() -> str:
    """Name what makes the outputs: this package's files, Python, the packages beside it."""
    here = Path(__file__).parent
    packages = sorted(
        entry for place in sys.path if Path(place).is_dir() for entry in _installed(place)
    )
    return "\n".join([_folder(here), sys.version, *packages])


def _installed(place: str) -> Iterable[str]:
    """Give the packages in a folder of modules, by their names and versions."""
    return (entry.name for entry in Path(place).iterdir() if entry.suffix == ".dist-info")


def _is_there(output: Path, digest: str) -> bool:
    return digest == (_folder(output) if output.is_dir() else _file(output))


def digest_of(contents: Contents) -> str:
    """Give the digest of an output that need not be written yet, as ``look`` gives it later."""
    if isinstance(contents, bytes):
        return hashlib.sha256(contents).hexdigest()
    return _listed((Path(name), digest_of(data)) for name, data in contents.items())


def _folder(folder: Path) -> str:
    """Give the digest of a folder's files, with their names."""
    found = [Path(place) / name for place, _, names in _walked(folder) for name in names]
    return _listed((path.relative_to(folder), _file(path)) for path in found)


def _listed(files: Iterable[tuple[Path, str]]) -> str:
    """Give the digest of files in a folder, from their paths in it and their digests."""
    digest = hashlib.sha256()
    for path, of_file in sorted(files):
        digest.update(f"{path.as_posix()} {of_file}\n".encode())
    return digest.hexdigest()


def _walked(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """Walk through a folder, and through those that are linked into it."""
    for place, folders, names in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield place, folders, names


def _file(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "none"


def _values(problem: Problem) -> dict[str, Any]:
    span = problem.span
    return asdict(problem) | {"span": (span.path.as_posix(), span.line, span.column, span.width)}


def _problem(values: dict[str, Any]) -> Problem:
    path, *place = values["span"]
    severity = Severity(values["severity"])
    return Problem(**{**values, "span": Span(Path(path), *place), "severity": severity})
