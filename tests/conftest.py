"""What many tests share: the font faces, and one build of the real book."""

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support import ROOT, Settings, octavo, write_book

from octavo import build, compose, fonts, manuscript
from octavo.book import Book
from octavo.editions import print as print_edition
from octavo.fonts import Face
from octavo.problems import Problem
from octavo.store import Store
from octavo.templating import Templates
from octavo.typeset import assemble as assembling
from octavo.typeset import workers
from octavo.typeset.facts import Laid, Pagination


def pytest_configure() -> None:
    """Point fontconfig at the book's fonts before any test imports WeasyPrint, as workers do."""
    interrupt = signal.getsignal(signal.SIGINT)
    workers.prepare(str(fonts.fontconfig_file(build.font_folder())))
    signal.signal(signal.SIGINT, interrupt)


@pytest.fixture(scope="session")
def set_faces() -> tuple[Face, ...]:
    """The faces, from the cache that all books of a user share."""
    return fonts.faces(build.font_folder())


@dataclass(frozen=True)
class RealBook:
    """The real book built once: the folder of its outputs, and the values on the way there."""

    book: Book
    pagination: Pagination
    laid: dict[str, Laid]
    pdf: bytes
    outputs: Path
    problems: tuple[Problem, ...]


@pytest.fixture(scope="session")
def real_book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealBook]:
    """A copy of the real book, built cold, all editions.

    The values between are had by laying the book out again from the store, which the build filled.
    """
    root = tmp_path_factory.mktemp("real")
    for name in ("content", "bib", "templates"):
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, root / name)
    result = build.build(root, root / "dist", build.EDITIONS, os.cpu_count() or 1, lambda _: None)
    pdf = next(made.path for made in result.made if made.path.suffix == ".pdf").read_bytes()
    book = compose.compose(manuscript.load(root)).book
    laid: dict[str, Laid] = {}
    assemble = assembling.assemble
    with pytest.MonkeyPatch.context() as patch:

        def remember(found: tuple[Laid, ...], *rest: object) -> bytes:
            laid.update((section.section, section) for section in found)
            return assemble(found, *rest)  # type: ignore[arg-type]

        patch.setattr(assembling, "assemble", remember)
        with workers.Crew(1, Path("no worker is wanted")) as crew:
            printed = print_edition.make(
                book,
                Templates(root),
                fonts.faces(build.font_folder()),
                Store(root / build.CACHE / "store"),
                crew,
                lambda section, pages: None,
            )
    assert printed.pdf == pdf
    yield RealBook(book, printed.pagination, laid, pdf, root / "dist", result.problems)


@pytest.fixture(scope="session")
def small_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of two short chapters that builds in a moment; to be copied, not changed."""
    return write_book(
        tmp_path_factory.mktemp("small") / "book",
        {
            "salt": "---\ntitle: Salt\nid: ch-salt\n---\n"
            "Salt came early.[@gras, 12] More is in [](#ch-silk){.page}.^[A *note*.]\n\n"
            "## Weights {#sec-weights}\n\nA pound is a pound.[@gras, 13]\n",
            "silk": "---\ntitle: Silk\nid: ch-silk\n---\n"
            "Silk came late; see [](#sec-weights).[@yang, 7]\n",
        },
        Settings(front=("title", "contents"), back=("bibliography",), trim=("4in", "6in")),
    )


@pytest.fixture(scope="session")
def built_book(tmp_path_factory: pytest.TempPathFactory, small_book: Path) -> Path:
    """The small book, built cold with two workers; to be copied, not changed."""
    root = tmp_path_factory.mktemp("built") / "book"
    shutil.copytree(small_book, root)
    done = octavo("--book", root, "--jobs", 2)
    assert (done.returncode, done.stderr) == (0, "")
    return root
