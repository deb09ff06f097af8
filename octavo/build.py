"""A book's folder → its editions on disk: the stages in their order, and nothing written before
everything has succeeded.
"""  # noqa: D205 - one sentence

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
    composed = compose.compose(manuscript.load(root))
    faces = fonts.faces(font_folder())
    problems = in_order([*composed.problems, *glyphs.check(composed.book, faces)])
    if errors(problems):
        raise BookError(problems)
    return Checked(composed.book, faces, problems)


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
        if isinstance(contents, bytes):
            output.replace_file(made.path, contents)
        else:
            output.replace_folder(made.path, contents)
    store.prune()
    return Result(tuple(made for made, _ in files), in_order(problems))
