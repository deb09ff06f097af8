"""A book's folder → its editions on disk: the stages in their order, and nothing written before
everything has succeeded.
"""  # noqa: D205 - one sentence

import errno
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from octavo import compose, fonts, manuscript, output
from octavo.book import Book
from octavo.checks import glyphs
from octavo.editions import epub, web
from octavo.editions import print as print_edition
from octavo.fonts import Face
from octavo.problems import BookError, Problem, errors, in_order
from octavo.store import Store
from octavo.templating import Templates
from octavo.typeset import workers

EDITIONS = ("print", "web", "epub")

CACHE = Path(".cache") / "octavo"
"""Where a book's folder keeps earlier layouts."""


def font_folder() -> Path:
    """Give the folder of the cut fonts, which all books of a user share (XDG Base Directory)."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    home = Path(base) if Path(base).is_absolute() else Path.home() / ".cache"
    return home / "octavo" / "fonts"


Progress = Callable[[str], None]
"""Told what is being done, in a few words."""


@dataclass(frozen=True)
class Made:
    """One output: where it stands, and what can be said of it ("78 pages")."""

    path: Path
    remark: str


@dataclass(frozen=True)
class Result:
    """What a build has made, and the warnings that it came with."""

    made: tuple[Made, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Checked:
    """A composed book that has passed the checks."""

    book: Book
    faces: tuple[Face, ...]
    problems: tuple[Problem, ...]


def check(root: Path) -> Checked:
    """Read, compose and check the book in ``root``.

    Raises ``BookError`` with all problems when one of them is an error.
    """
    draft = compose.draft(manuscript.load(root))
    faces = fonts.faces(font_folder())
    draft = replace(draft, problems=(*draft.problems, *glyphs.check(draft, faces)))
    composed = compose.finish(draft)
    return Checked(composed.book, faces, composed.problems)


def build(
    root: Path, target: Path, editions: Sequence[str], jobs: int, progress: Progress
) -> Result:
    """Build the editions of the book in ``root`` into the folder ``target``.

    ``editions`` are names of ``EDITIONS``; ``jobs`` is the number of worker processes.  Raises
    ``BookError`` when the book has errors, ``OSError`` when an output cannot be written; in both
    cases the earlier outputs stand as they were.
    """
    progress("reading")
    checked = check(root)
    _expect_room(target)
    book, faces = checked.book, checked.faces
    templates = Templates(root)
    store = Store(root / CACHE / "store")
    problems = list(checked.problems)
    folios: Mapping[str, str] = {}
    files: list[tuple[Made, bytes | Mapping[str, bytes]]] = []
    if "print" in editions:
        with workers.Crew(jobs, fonts.fontconfig_file(font_folder())) as crew:
            printed = print_edition.make(
                book,
                templates,
                faces,
                store,
                crew,
                lambda section, pages: progress(f"print: {section}, {pages} pages"),
            )
        problems += printed.problems
        folios = printed.pagination.folios
        remark = f"{printed.pagination.pages} pages"
        files.append((Made(target / f"{book.config.slug}.pdf", remark), printed.pdf))
    if "web" in editions:
        progress("web")
        documents = web.make(book, templates, faces, folios)
        count = sum(name.endswith(".html") for name in documents)
        files.append((Made(target / "web", f"{count} documents"), documents))
    if "epub" in editions:
        progress("epub")
        data = epub.make(book, templates, faces, folios)
        files.append((Made(target / f"{book.config.slug}.epub", f"{len(data) // 1024} KB"), data))
    if errors(problems):
        raise BookError(problems)
    progress("writing")
    for made, contents in files:
        try:
            if isinstance(contents, bytes):
                output.replace_file(made.path, contents)
            else:
                output.replace_folder(made.path, contents)
        except OSError as error:  # Its own file is a draft of which nobody knows.
            raise OSError(error.errno, error.strerror, str(made.path)) from error
    store.prune()
    return Result(tuple(made for made, _ in files), in_order(problems))


def _expect_room(target: Path) -> None:
    """Raise before all the work what writing into ``target`` would raise after it."""
    folder = next(folder for folder in (target, *target.absolute().parents) if folder.exists())
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    if not os.access(folder, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
