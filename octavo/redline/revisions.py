"""Revisions of a book: what git knows of them, and their files in a folder that passes.

git is called as a program; nothing is written into the repository, and the working tree stays as
it is: a revision's files are laid out by an index of their own (``git read-tree``,
``git checkout-index``).  The book may stand in any folder of its repository.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from octavo.manuscript import SETTINGS
from octavo.problems import BookError, Problem, Span, nearest

COMMAND = Path("diff")
"""Where problems stand that are the call's, and no file's."""

_GIT = "git is installed with the system: apt-get install git, or https://git-scm.com"


@dataclass(frozen=True)
class Revision:
    """A state of the book: the folder of its files, and what it is called.

    ``name`` is as it was asked for, ``""`` for the files as they are now; ``commit`` is the short
    name of the commit and ``day`` its day, None for the files as they are now.
    """

    root: Path
    name: str = ""
    commit: str = ""
    day: date | None = None

    @property
    def is_working_tree(self) -> bool:
        """Tell whether it is the files as they are now."""
        return not self.commit


@contextmanager
def checked_out(root: Path, name: str) -> Iterator[Revision]:
    """Lay out the revision ``name`` of the book in ``root``, as long as it is needed.

    Raises ``BookError`` where git is missing, ``root`` is in no repository, there is no such
    revision, or there is no book in it.
    """
    _expect_repository(root)
    commit = _commit(root, name)
    prefix = _git(root, "rev-parse", "--show-prefix").rstrip("\n")
    _expect_book(root, name, commit, prefix)
    short, day = _git(root, "log", "-1", "--format=%h %cs", commit).split()
    with tempfile.TemporaryDirectory(prefix="octavo-") as scratch:
        folder = Path(scratch) / "book"
        folder.mkdir()
        tree = f"{commit}:{prefix.rstrip('/')}"
        index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
        _git(root, "read-tree", tree, variables=index)
        top = Path(_git(root, "rev-parse", "--show-toplevel").rstrip("\n"))
        _git(top, "checkout-index", "--all", f"--prefix={folder}/", variables=index)
        yield Revision(folder, name, short, date.fromisoformat(day))


def _run(
    root: Path, arguments: Sequence[str], variables: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["git", *arguments],
            cwd=root,
            env={**os.environ, "LC_ALL": "C.UTF-8", **variables},
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
        )
    except FileNotFoundError:
        message = "git is not installed, and only git knows earlier revisions"
        raise BookError([Problem("git-is-installed", message, Span(COMMAND), _GIT)]) from None


def _git(root: Path, *arguments: str, variables: Mapping[str, str] | None = None) -> str:
    """Give what git says; raises ``BookError`` with its own words where it fails."""
    done = _run(root, arguments, variables or {})
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
        words = said[0].removeprefix("fatal: ").removeprefix("error: ")
        message = f"git cannot do what is needed ({arguments[0]}): {words}"
        hint = next((line.removeprefix("hint: ") for line in said if "hint: " in line), "")
        raise BookError([Problem("git-can-read", message, Span(COMMAND), hint)])
    return done.stdout


def _expect_repository(root: Path) -> None:
    done = _run(root, ["rev-parse", "--is-inside-work-tree"], {})
    if done.returncode == 0 and done.stdout.strip() == "true":
        return
    if done.returncode and "not a git repository" not in done.stderr:
        _git(root, "rev-parse", "--is-inside-work-tree")
    message = "the book's folder is in no git repository: there are no revisions to compare"
    hint = "git init && git add . && git commit begins one"
    raise BookError([Problem("book-is-in-repository", message, Span(COMMAND), hint)])


def _commit(root: Path, name: str) -> str:
    """Give the full name of a revision's commit."""
    asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"]
    done = _run(root, asked, {})
    if name and done.returncode == 0:
        return done.stdout.strip()
    known = ["HEAD", *_git(root, "for-each-ref", "--format=%(refname:short)").split()]
    message = f'git knows no revision "{name}"'
    base = re.split(r"[~^]", name)[0]
    hint = "" if base in known else nearest(name, known)
    if not hint and _git(root, "rev-parse", "--is-shallow-repository").strip() == "true":
        hint = "this clone does not have the whole history: git fetch --unshallow"
    counted = _run(root, ["rev-list", "--count", "--first-parent", base], {})
    if not hint and base in known and counted.returncode == 0:
        hint = f"commits before {base}: {int(counted.stdout) - 1}; git log --oneline lists them"
    if not hint:
        hint = "branches, tags and commits are revisions, such as HEAD~3; git log --oneline lists"
    raise BookError([Problem("revision-exists", message, Span(COMMAND), hint)])


def _expect_book(root: Path, name: str, commit: str, prefix: str) -> None:
    """Raise where a revision has no settings of a book in the folder ``prefix``."""
    settings = SETTINGS.as_posix()
    listed = _git(root, "ls-tree", "-r", "-z", "--name-only", "--full-tree", commit).split("\0")
    if f"{prefix}{settings}" in listed:
        return
    message = f'the revision "{name}" has no {prefix}{settings}: the book was not there yet'
    homes = [
        str(PurePosixPath(path).parents[1])
        for path in listed
        if f"/{path}".endswith(f"/{settings}")
    ]
    hint = "name a later revision"
    if homes:
        hint = f"it has a book in: {', '.join(sorted(homes))}; --book names the folder of one"
    raise BookError([Problem("revision-has-book", message, Span(COMMAND), hint)])
