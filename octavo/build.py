"""A book's folder → its editions on disk: the stages in their order, and nothing written before
everything has succeeded.
"""  # noqa: D205 - one sentence

import errno
import gc
import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cached_property
from itertools import chain
from pathlib import Path

from octavo import checking, fonts, freshness, manuscript, output, proofing
from octavo.book import Book
from octavo.checking import Checked, Unchecked, check, font_folder, review
from octavo.checks import pages
from octavo.config import Config
from octavo.criticmarkup import Mode
from octavo.editions import epub, page_facts, paging, web
from octavo.editions import print as print_edition
from octavo.editions.paging import Paging
from octavo.editions.print import Typeset
from octavo.editions.shelves import Shelves
from octavo.manuscript import Manuscript
from octavo.markdown import ahead
from octavo.outcome import CACHE, EDITIONS, Made, Result
from octavo.output import Contents
from octavo.permalinks import carrying, ledger, passages, recording
from octavo.permalinks.recording import Record
from octavo.problems import BookError, Problem, Severity, Span, errors
from octavo.rules import Stage
from octavo.store import Store
from octavo.templating import Templates
from octavo.typeset import tasks, workers
from octavo.typeset.memory import Memory
from octavo.typeset.press.pdf import PressPdf
from octavo.typeset.workers import Crew

__all__ = [
    "Checked", "Progress", "build", "build_with", "check", "crew", "font_folder", "record",
    "review", "review_pages", "stamp",
]  # fmt: skip

Progress = Callable[[str], None]
"""Told what is being done, in a few words."""


def review_pages(root: Path, jobs: int, progress: Progress) -> Checked:
    """Check the book in ``root`` and its pages, which are laid out; nothing is written.

    ``jobs`` is the number of worker processes.  Raises what ``check`` raises, and ``BookError``
    where the book cannot be laid out.
    """
    store = Store(root / CACHE / "store")
    with _without_collector(), crew(jobs) as its_crew:
        given = manuscript.load(root, kept=store)
        _read_ahead(given, its_crew)
        checked = checking.checked(given, store)
        templates = Templates(root, store)
        shelves = Shelves(checked.book, templates, store)
        typeset, _ = _typeset(checked, templates, store, shelves, its_crew, progress)
        progress("looking through the press PDF")
        pressed = its_crew.submit(tasks.assemble_press, typeset.joined).result()
    found = [
        *typeset.problems,
        *pages.check(checked.book, typeset.joined, checked.prose),
        *checking.crowded(checked.book, paging.of(typeset.joined)),
        *print_edition.findings(typeset.joined, pressed.findings),
    ]
    return checked.with_more(found, {"pages"})


def record(root: Path) -> tuple[Record, tuple[Problem, ...]]:
    """Record the passages of the book in ``root`` as published, with all old links to them.

    Raises what ``check`` raises, and ``OSError`` when the file cannot be written.
    """
    checked = check(root)
    published, living = ledger.load(root), passages.find(checked.book.sections)
    carried = carrying.carry(published, living, checked.book.targets)
    made = recording.record(published, living, carried)
    output.replace_file(root / ledger.FILE, made.data)
    return made, checked.problems


def build(
    root: Path,
    target: Path,
    editions: Sequence[str],
    jobs: int,
    progress: Progress,
    marks: Mode = "accept",
) -> Result:
    """Build the editions of the book in ``root`` into the folder ``target``.

    ``editions`` are names of ``outcome.EDITIONS``; ``jobs`` is the number of worker processes;
    ``marks`` says what becomes of marks of editing: shown, they make a proof, of which there are
    the ``outcome.PROOF_EDITIONS`` only.
    Raises ``BookError`` when the book has errors, ``OSError`` when an output cannot be written; in
    both cases the earlier outputs stand as they were.
    """
    with crew(jobs) as its_crew:
        return build_with(its_crew, root, target, editions, progress, marks)


def crew(jobs: int) -> Crew:
    """Give a crew of ``jobs`` worker processes, which several builds can have, one by one."""
    return Crew(workers.local(jobs, fonts.fontconfig_file(font_folder())), jobs)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Let no time go into the search for garbage: a build makes much that stays, and few cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def build_with(
    crew: Crew,
    root: Path,
    target: Path,
    editions: Sequence[str],
    progress: Progress,
    marks: Mode = "accept",
) -> Result:
    """Build as ``build`` does, with workers that stay for the next build."""
    with _without_collector():
        try:
            return _build(crew, root, target, editions, progress, marks)
        finally:
            crew.drop_steps()


def _build(
    crew: Crew,
    root: Path,
    target: Path,
    editions: Sequence[str],
    progress: Progress,
    marks: Mode,
) -> Result:
    progress("reading")
    store = Store(root / CACHE / "store")
    before = freshness.inputs(root, ())
    given = manuscript.load(root, marks, store)
    if marks == "show":
        given = proofing.proof_of(given)
    if "print" in editions:
        _read_ahead(given, crew)
    looking = checking.Looking(given, store)
    book = looking.made.book
    _expect_room(target)
    others = other_inputs(book.config, root)
    taken = freshness.inputs(root, others)
    if freshness.inputs(root, ()) != before:
        taken = before  # Something changed while it was read: the next build shall look again.
    templates = Templates(root, store)
    problems: list[Problem] = []
    reasons: Mapping[str, str] = {}
    printing: _Printing | None = None
    known = paging.last(store) if marks == "accept" else paging.NONE
    shelves = Shelves(book, templates, store)
    screens = _Screens(looking.made, templates, store, shelves, editions, known)
    if "print" in editions:
        crew.meanwhile(chain(looking.steps(), screens.ahead(known)))
        typeset, reasons = _typeset(looking.made, templates, store, shelves, crew, progress)
        problems += typeset.problems
        problems += pages.check(book, typeset.joined, looking.done().prose)
        known = paging.of(typeset.joined)
        printing = _Printing(typeset, crew, is_proof=book.is_proof)
    checked = looking.done()
    problems += checking.crowded(book, known)
    with output.Drafts() as drafts:
        made = _written(screens.finish(known, target, progress), drafts)
        made = dict(reversed(made.items()))  # The web edition is made last, and named first.
        problems += screens.problems
        if printing is not None:
            progress("print: joining")
            made = _written(printing.finish(target, book), drafts) | made
            problems += printing.problems
        judged = checked.with_more(problems, _stages(editions)).problems
        if errors(judged):
            raise BookError(judged)
        progress("writing")
        drafts.put()
    if printing is not None and marks == "accept":
        paging.keep(known, store)
    result = Result(made, judged, reasons)
    freshness.remember(root, target, editions, result, others, taken, marks)
    store.prune()
    return result


def _written(outputs: Iterable[tuple[Made, Contents]], drafts: output.Drafts) -> dict[Made, str]:
    """Write outputs beside their places as they are made; give their digests."""
    digests = {}
    for made, contents in outputs:
        drafts.add(made.path, contents)
        digests[made] = freshness.digest_of(contents)
    return digests


def _stages(editions: Sequence[str]) -> Collection[Stage]:
    """Give the stages in which a build of ``editions`` looks for problems, after the text's."""
    stages: set[Stage] = {"pages"} if "print" in editions else set()
    return stages | {"editions"} if set(editions) == set(EDITIONS) else stages


def _read_ahead(given: Manuscript, crew: Crew) -> None:
    """Have the workers read what is new, then load what they need for the pages.

    What goes wrong in this is met again, and reported, when the sections are read here.
    """
    store = given.root / CACHE / "store"
    new = ahead.unread(given.sources, given.config.language, given.root, store)
    if len(new) > 1:
        deque(crew.do(ahead.read, ((job.source.name, job) for job in new)), maxlen=0)
    crew.warm_up()


def _lost_pages(edition: str, lost: Sequence[str], known: Paging, book: Book) -> Iterator[Problem]:
    """Report the printed pages whose beginnings an edition does not show."""
    homes = {start.folio: start.section for start in known.starts}
    for folio in lost:
        message = f"the {edition} does not show where page {folio} begins"
        hint = "if the text has changed since the print edition was built, build it again"
        span = next((one.span for one in book.sections if one.id == homes[folio]), Span(Path()))
        yield Problem("page-begins-where-printed", message, span, hint, Severity.WARNING)


def _typeset(
    made: Unchecked | Checked,
    templates: Templates,
    store: Store,
    shelves: Shelves,
    crew: Crew,
    progress: Progress,
) -> tuple[Typeset, Mapping[str, str]]:
    """Give the book on pages, and why each step of the layout was made, or not."""
    book, faces, condition = made.book, made.faces, made.condition
    memory = Memory(
        store, crew, faces, lambda name, pages: progress(f"print: {name}, {pages} pages")
    )
    typeset = print_edition.typeset(
        book, templates, faces, memory, condition, stamp(book.config.date), shelves
    )
    memory.write_journal()
    return typeset, memory.reasons


def other_inputs(config: Config, root: Path) -> list[Path]:
    """Give the files that ``book.toml`` names outside the folders in which a book has its own."""
    named = (config.citations.style, config.print.press.profile, config.epub.cover)
    return [Path(name) for name in named if name and (root / name).is_file()]


class _Screens:
    """The editions for screens in the making: those asked for."""

    def __init__(
        self,
        made: Unchecked | Checked,
        templates: Templates,
        store: Store,
        shelves: Shelves,
        editions: Sequence[str],
        known: Paging,
    ) -> None:
        self._made, self._templates = made, templates
        self._store, self._shelves = store, shelves
        self._editions = editions
        self._has_pages = "print" in editions or bool(known.starts)
        self.problems: list[Problem] = []

    @cached_property
    def _web(self) -> web.Making | None:
        book, faces = self._made.book, self._made.faces
        if "web" not in self._editions:
            return None
        return web.Making(
            book,
            self._templates,
            faces,
            self._store,
            self._shelves,
            has_pages=self._has_pages,
        )

    @cached_property
    def _epub(self) -> epub.Making | None:
        book, faces = self._made.book, self._made.faces
        if "epub" not in self._editions:
            return None
        return epub.Making(book, self._templates, faces, self._store, self._shelves)

    def ahead(self, known: Paging) -> Iterator[None]:
        """Make documents for the pages printed last; without any, all would be made again."""
        if known.starts and self._web is not None:
            yield from self._web.ahead(known)
        if known.starts and self._epub is not None:
            yield from self._epub.ahead(known)

    def finish(
        self, known: Paging, target: Path, progress: Progress
    ) -> Iterator[tuple[Made, Contents]]:
        """Give the editions, one by one; what is wrong with pages in them comes to ``problems``.

        The web edition is last, as another process makes the index of its search.
        """
        book = self._made.book
        if self._web is not None:
            progress("web")
            self._web.begin_index(known)
        if self._epub is not None:
            progress("epub")
            packed = self._epub.finish(known)
            size = f"{len(packed.data) // 1024} KB"
            yield Made(target / f"{book.config.slug}.epub", size), packed.data
            self.problems += _lost_pages("EPUB", packed.lost, known, book)
        if self._web is not None:
            progress("web: search")
            made = self._web.finish(known)
            count = sum(name.endswith(".html") for name in made.files)
            yield Made(target / "web", f"{count} documents"), made.files
            self.problems += _lost_pages("web edition", made.lost, known, book)


class _Printing:
    """The PDFs in the making, by workers, while this process makes the other editions."""

    def __init__(self, typeset: Typeset, crew: Crew, *, is_proof: bool) -> None:
        self._joined = typeset.joined
        self._reading: Future[bytes] = crew.submit(tasks.assemble_reading, typeset.joined)
        self._press: Future[PressPdf] | None = None
        if not is_proof:
            self._press = crew.submit(tasks.assemble_press, typeset.joined)
        self.problems: list[Problem] = []

    def finish(self, target: Path, book: Book) -> Iterator[tuple[Made, Contents]]:
        """Give the PDFs and the page facts; what the preflight finds comes to ``problems``.

        A proof is for readers only: it has no press PDF, and nobody relies on its pages.
        """
        slug, count = book.config.slug, self._joined.pagination.pages
        if self._press is None:
            made = Made(target / f"{slug}-proof.pdf", f"{count} pages, with marks of editing")
            yield made, self._reading.result()
            return
        remark = f"{count} pages"
        yield Made(target / f"{slug}.pdf", remark), self._reading.result()
        pressed = self._press.result()
        yield Made(target / f"{slug}-press.pdf", f"{remark}, for the press"), pressed.data
        yield Made(target / "pages.json", "page facts"), page_facts.make(self._joined)
        self.problems += print_edition.findings(self._joined, pressed.findings)


def stamp(edition: date) -> datetime:
    """Give the date that the PDFs bear: the edition's, or that of ``SOURCE_DATE_EPOCH``.

    See https://reproducible-builds.org/specs/source-date-epoch/; raises ``BookError`` where the
    variable is no number of seconds.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given:
        return datetime(edition.year, edition.month, edition.day, tzinfo=UTC)
    try:
        return datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError):
        message = f'SOURCE_DATE_EPOCH is "{given}", which is no number of seconds'
        hint = "set it to the seconds since 1970, as date +%s gives them, or not at all"
        raise BookError(
            [Problem("date-is-given-in-seconds", message, Span(Path("environment")), hint)]
        ) from None


def _expect_room(target: Path) -> None:
    """Raise before all the work what writing into ``target`` would raise after it."""
    folder = next(folder for folder in (target, *target.absolute().parents) if folder.exists())
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    if not os.access(folder, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
