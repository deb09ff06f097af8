"""What is measured: builds of the benchmark's books, and the rivals, each several times over."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from benchmarks import books, measure, rivals
from benchmarks.books import SETTINGS
from benchmarks.edits import Edits
from benchmarks.measure import Run
from benchmarks.rivals import AbsentError, Rival
from octavo import config, fonts
from octavo.build import font_folder
from octavo.outcome import CACHE, EDITIONS

SIZES = (60, 570, 2000)
MAIN_SIZE = 570
"""The size, in pages, that everything is measured at, if it is among those wanted."""

NAMES: Mapping[str, str] = {
    "cold": "cold, all editions",
    "print": "cold, print only",
    "unchanged": "nothing changed",
    "word": "one word changed",
    "page": "a chapter grown by a page",
    "resident": "one word changed, in a process that stays",
    "weasyprint": "WeasyPrint alone",
    "tagged": "WeasyPrint alone, tagged (PDF/UA-1)",
    "xelatex": "pandoc with XeLaTeX",
    "typst": "pandoc with Typst",
}
"""What can be measured, in the order of the report; only "cold" at other sizes than the main."""

_WARM = {"unchanged", "word", "page", "resident"}
_CHANGES = 3
"""How many times a process that stays builds again in each round."""


@dataclass(frozen=True)
class Figure:
    """What was measured of one thing at one size: its runs, and the PDF that came of it.

    ``pages`` is the size that was asked for, ``made`` the pages of the PDF and ``size`` its bytes;
    both are 0 where none was looked at.
    """

    name: str
    pages: int
    runs: tuple[Run, ...]
    made: int
    size: int

    @property
    def middle(self) -> Run:
        """Give the medians."""
        return measure.middle(self.runs)


@dataclass(frozen=True)
class Results:
    """All figures, and, by name, why some things have none."""

    figures: tuple[Figure, ...]
    absent: Mapping[str, str]
    main: int

    def find(self, name: str, pages: int | None = None) -> Figure | None:
        """Find the figure of a thing, at the main size unless told; None if it has none."""
        wanted = (name, pages or self.main)
        return next((one for one in self.figures if (one.name, one.pages) == wanted), None)


Tell = Callable[[str], None]
"""Told what is being measured, in a few words."""


@dataclass(frozen=True)
class _Measured:
    """One run of one thing at one size, and its PDF if there is one to be looked at."""

    name: str
    pages: int
    run: Run
    pdf: Path | None


def measure_all(
    root: Path, folder: Path, sizes: Sequence[int], names: Set[str], rounds: int, tell: Tell
) -> Results:
    """Measure the things named, in so many rounds, each round in the same order.

    ``root`` is the project's folder; the books are made in ``folder``, which may hold them from
    another time.  Raises ``FailedError`` when a command fails.
    """
    main = MAIN_SIZE if MAIN_SIZE in sizes else sizes[0]
    if names & _WARM:
        names = names | {"cold"}
    for size in sizes:
        if not _book(folder, size).exists():
            books.make(root, _book(folder, size), books.chapters_for(size))
    fonts.faces(font_folder())
    ready, absent = _rivals(_book(folder, main), folder, names)
    found: list[_Measured] = []
    for number in range(1, rounds + 1):
        for measured in _round(root, folder, sizes, main, names):
            tell(f"{number}/{rounds}  {_words(measured)}")
            found.append(measured)
        for name, rival in ready.items():
            run = measure.run(rival.command, root, rival.variables)
            found.append(_Measured(name, main, run, rival.pdf))
            tell(f"{number}/{rounds}  {_words(found[-1])}")
    return Results(tuple(_figures(found)), absent, main)


def _words(measured: _Measured) -> str:
    seconds = measured.run.seconds
    return f"{NAMES[measured.name]}, {measured.pages} pages: {seconds:.2f} s"


def _book(folder: Path, pages: int) -> Path:
    return folder / f"book-{pages}"


def _rivals(book: Path, folder: Path, names: Set[str]) -> tuple[dict[str, Rival], dict[str, str]]:
    ready: dict[str, Rival] = {}
    absent: dict[str, str] = {}
    for name in rivals.ALL:
        if name in names:
            try:
                ready[name] = rivals.ALL[name](book, folder)
            except AbsentError as error:
                absent[name] = f"{error} is not installed"
    return ready, absent


def _round(
    root: Path, folder: Path, sizes: Sequence[int], main: int, names: Set[str]
) -> Iterator[_Measured]:
    """Measure builds of the book at each size, cold ones first."""
    if "print" in names:
        yield _cold(root, _book(folder, main), main, "print", ["print"])
    for size in sizes:
        if "cold" in names:
            yield _cold(root, _book(folder, size), size, "cold", EDITIONS)
        if size == main:
            yield from _warm(root, _book(folder, main), main, names)


def _cold(root: Path, book: Path, pages: int, name: str, editions: Sequence[str]) -> _Measured:
    """Build without anything that an earlier build has left in the book's folder."""
    for made in (book / CACHE.parts[0], book / "dist"):
        shutil.rmtree(made, ignore_errors=True)
    run = _build(root, book, editions)
    return _Measured(name, pages, run, book / "dist" / f"{_slug(book)}.pdf")


def _warm(root: Path, book: Path, pages: int, names: Set[str]) -> Iterator[_Measured]:
    """Build again after changes, and leave the book's text as it was."""
    edits = Edits(book, books.chapters_for(pages))
    changes: Mapping[str, Callable[[], None]] = {
        "unchanged": edits.undo,
        "word": lambda: edits.change_word(_CHANGES),
        "page": edits.add_page,
    }
    try:
        for name, change in changes.items():
            if name in names:
                change()
                yield _Measured(name, pages, _build(root, book, EDITIONS), None)
                edits.undo()
        if "resident" in names:
            module = (sys.executable, "-P", "-m", "benchmarks.resident")
            chapters = str(books.chapters_for(pages))
            run = measure.run((*module, book, chapters, str(_CHANGES)), root)
            for seconds in json.loads(run.output.splitlines()[-1]):
                yield _Measured("resident", pages, Run(seconds, None, None), None)
    finally:
        edits.undo()


def _build(root: Path, book: Path, editions: Sequence[str]) -> Run:
    command = (sys.executable, "-P", "-m", "octavo", "build")
    return measure.run((*command, "--book", book, "--edition", ",".join(editions)), root)


def _slug(book: Path) -> str:
    return config.load(book / SETTINGS, SETTINGS).slug


def _figures(found: Sequence[_Measured]) -> Iterator[Figure]:
    """Gather the runs of each thing; the PDF is the last run's."""
    for name in NAMES:
        for pages in sorted({one.pages for one in found if one.name == name}):
            same = [one for one in found if (one.name, one.pages) == (name, pages)]
            yield Figure(name, pages, tuple(one.run for one in same), *_looked_at(same[-1].pdf))


def _looked_at(path: Path | None) -> tuple[int, int]:
    """Give a PDF's pages and its bytes."""
    if path is None:
        return 0, 0
    with pikepdf.open(path) as pdf:
        return len(pdf.pages), path.stat().st_size
