"""What many tests share: the font faces, and one build of the real book."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest
from browsing import chromium
from playwright.sync_api import Browser, Page
from support import ROOT, Settings, octavo, write_book

from benchmarks import books
from octavo import build, fonts, outcome
from octavo.book import Book
from octavo.editions import print as print_edition
from octavo.fonts import Face
from octavo.problems import Problem
from octavo.store import Store
from octavo.templating import Templates
from octavo.typeset import workers
from octavo.typeset.facts import Laid, Pagination
from octavo.typeset.joined import Joined
from octavo.typeset.memory import Memory


def pytest_configure() -> None:
    """Point fontconfig at the book's fonts before any test imports WeasyPrint, as workers do."""
    interrupt = signal.getsignal(signal.SIGINT)
    workers.prepare(str(fonts.fontconfig_file(build.font_folder())))
    signal.signal(signal.SIGINT, interrupt)


@pytest.fixture(scope="session")
def set_faces() -> tuple[Face, ...]:
    """The faces, from the cache that all books of a user share."""
    return fonts.faces(build.font_folder())


@pytest.fixture(scope="session")
def face_rules(set_faces: tuple[Face, ...]) -> str:
    """The rules of a stylesheet that name the faces, for sections that tests lay out themselves."""
    return "".join(
        f'@font-face {{ font-family: "{rule.family}"; font-style: {rule.style};'
        f' font-weight: {rule.weight}; src: url("{rule.url}") }}\n'
        for rule in fonts.print_rules(set_faces)
    )


@dataclass(frozen=True)
class RealBook:
    """The real book built once: the folder of its outputs, and the values on the way there.

    ``pdf`` is the reading PDF, ``press`` the press PDF, ``facts`` the file of page facts.
    """

    book: Book
    joined: Joined
    pdf: bytes
    press: bytes
    facts: bytes
    outputs: Path
    problems: tuple[Problem, ...]

    @property
    def pagination(self) -> Pagination:
        return self.joined.pagination

    @property
    def laid(self) -> dict[str, Laid]:
        return {laid.section: laid for laid in self.joined.laid}


def no_workers() -> NoReturn:
    """Stand where an executor would be started, when none is wanted."""
    raise AssertionError("a worker was asked for")


def copy_monograph(root: Path) -> None:
    """Copy the real book into a folder."""
    for name in ("content", "bib", "templates"):
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, root / name)


def make_benchmark_book(root: Path) -> None:
    """Make the benchmark's book of some 60 pages: longer chapters, notes in another order."""
    books.make(ROOT, root, books.chapters_for(60))


BOOKS: dict[str, Callable[[Path], None]] = {
    "monograph": copy_monograph,
    "benchmark": make_benchmark_book,
}


@pytest.fixture(scope="session", params=BOOKS)
def real_book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> RealBook:
    """A copy of the real book, or the benchmark's, built cold, all editions.

    The values between are had by typesetting the book again from the store, which the build filled.
    """
    root = tmp_path_factory.mktemp("real")
    BOOKS[request.param](root)
    outputs = root / "dist"
    result = build.build(root, outputs, outcome.EDITIONS, os.cpu_count() or 1, lambda _: None)
    checked = build.check(root)
    with workers.Crew(no_workers, 1) as crew:
        store = Store(root / outcome.CACHE / "store")
        typeset = print_edition.typeset(
            checked.book,
            Templates(root),
            checked.faces,
            Memory(store, crew, checked.faces, lambda section, pages: None),
            checked.condition,
            build.stamp(checked.book.config.date),
        )
    slug = checked.book.config.slug
    pdf, printed, facts = (
        (outputs / name).read_bytes() for name in (f"{slug}.pdf", f"{slug}-press.pdf", "pages.json")
    )
    return RealBook(checked.book, typeset.joined, pdf, printed, facts, outputs, result.problems)


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser; the test is skipped where none is installed, but fails in CI."""
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose errors, and whose requests that fail, fail the test."""
    context = browser.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda got: faults.append(got.url) if got.status >= 400 else None)
    yield page
    context.close()
    assert not faults
