"""Keeps the preview's state up with the manuscript: reads, checks and typesets as files change.

Two threads share the work, so that the text never waits for pages: one reads the book, the other
has it typeset by worker processes.  Each takes the newest there is; what is overtaken is left.
"""

import contextlib
import gc
import sys
import threading
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from octavo import build, checking, manuscript, output
from octavo.checking import Checked, Unchecked
from octavo.checks.judging import Judge
from octavo.criticmarkup import Mode
from octavo.editions import paging, web
from octavo.editions import print as print_edition
from octavo.editions.paging import Paging
from octavo.editions.shelves import Shelves
from octavo.outcome import CACHE
from octavo.preview import lines, notices, sheets
from octavo.preview.album import Album
from octavo.preview.screen import Screen
from octavo.preview.state import NOTHING, Notice, State
from octavo.problems import BookError, Problem, Severity, Span, reason
from octavo.store import Store
from octavo.templating import Templates
from octavo.typeset import reading_pdf, tasks
from octavo.typeset.facts import Glimpse, GlimpseJob
from octavo.typeset.joined import Joined
from octavo.typeset.memory import Memory
from octavo.typeset.workers import Crew

_MOST_GLIMPSES = 2
"""How many sections are shown before the whole book is typeset."""

_MOST_UNTIDY = 8
"""After how many readings garbage is searched for although they follow each other fast."""

_IDLE = 3.0
"""After how long (s) without a change there is time for what nobody waits for."""

_TURN = 0.0005
"""How long (s) a thread of Python's works while others wait: a tenth of what is usual."""

_TEMPLATES = "templates"
"""The folder of the book's own templates."""

Part = Literal["text", "pages"]
"""What a problem keeps from being as it should."""


@dataclass(frozen=True)
class Reading:
    """The book as it was read, the N-th time, and the texts that it was read from."""

    number: int
    made: Unchecked | Checked
    templates: Templates
    texts: notices.Texts
    screen: Screen


@dataclass(frozen=True)
class Printing:
    """A reading, by its number and its texts, on pages."""

    number: int
    texts: notices.Texts
    joined: Joined


class _OvertakenError(Exception):
    """Something newer is there, or the preview ends."""


class Workshop:
    """The preview's work on one book, from ``with`` on until its end."""

    def __init__(
        self, root: Path, marks: Mode, crew: Crew, scouts: Crew, publish: Callable[[], None]
    ) -> None:
        """Work on the book in ``root``; ``crew`` typesets, ``scouts`` set what is seen first.

        ``marks`` says what becomes of marks of editing.  ``publish`` is called, by any thread, when
        the state is another.
        """
        self._root, self._marks, self._publish = root, marks, publish
        self._crew, self._scouts = crew, scouts
        self._store = Store(root / CACHE / "store")
        self._lock = threading.Condition()
        self._changed: set[Path] = set()
        self._is_due, self._has_ended = True, False
        self._reading: Reading | None = None
        self._printing: Printing | None = None
        self._begun = self._untidy = 0
        self._turn_before = sys.getswitchinterval()
        self._found: dict[Part, tuple[Sequence[Problem], notices.Texts]] = {}
        self._judge: Judge | None = None
        self._looked_at = ""
        self._threads = [
            threading.Thread(target=self._run, args=(part, step), name=f"preview: {part}")
            for part, step in (("text", self._compose), ("pages", self._print))
        ]
        self.state: State = NOTHING
        self.album = Album()

    def __enter__(self) -> Self:
        """Begin.  Garbage is searched for after the work, not while somebody waits for it.

        Who serves what is shown need not wait long for who works on what comes next.
        """
        sys.setswitchinterval(_TURN)
        gc.collect()
        gc.freeze()
        gc.disable()
        for crew in (self._crew, self._scouts):
            crew.warm_up()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End, once the section that is being set is done."""
        with self._lock:
            self._has_ended = True
            self._lock.notify_all()
        for thread in self._threads:
            thread.join()
        sys.setswitchinterval(self._turn_before)
        gc.unfreeze()
        gc.enable()

    def change(self, paths: Collection[Path]) -> None:
        """Take note that files of the book have changed."""
        with self._lock:
            self._changed.update(paths)
            self._is_due = True
            self._lock.notify_all()

    def file(self, name: str) -> bytes | None:
        """Give a file of the web edition that is shown; None where there is none."""
        screen = self.state.screen
        if name.endswith(".html"):
            self._looked_at = name
        return None if screen is None else screen.file(name)

    def pdf(self) -> bytes | None:
        """Make the reading PDF as the book was typeset last; None before it has been."""
        printing = self._printing
        return None if printing is None else reading_pdf.make(printing.joined)

    def line_now(self, path: Path, line: int) -> int:
        """Give the line that a line of the text that is shown has in the file as it is now."""
        reading = self._reading
        was = None if reading is None else reading.texts.get(path)
        now = _text(self._root / path)
        return line if was is None or now is None else lines.carried_on(line, was, now)

    # The rest runs in the workshop's own threads.

    def _run(self, part: Part, step: Callable[[], None]) -> None:
        while not self._has_ended:
            try:
                step()
            except _OvertakenError:
                continue
            except BookError as error:
                self._report(part, error.problems)
            except Exception as error:
                self._report(part, [self._fault(error)])

    def _wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait; the lock is held.  Raises ``_OvertakenError`` at the preview's end."""
        self._lock.wait_for(lambda: self._has_ended or condition())
        if self._has_ended:
            raise _OvertakenError

    def _show(self, **changes: Any) -> None:
        """Publish the state with these changes, and with the notices that there are now."""
        with self._lock:
            state = replace(self.state, **changes)
            self.state = replace(state, notices=tuple(self._notices()))
        self._publish()

    def _notices(self) -> Iterator[Notice]:
        reading = self._reading
        for part, (found, texts) in self._found.items():
            problems = found if part == "text" or not self._judge else self._judge.judge(found)
            if reading is None:
                yield from notices.notices(problems, None, {}, {}, texts)
            else:
                shown, names = reading.made.book, reading.screen.names
                yield from notices.notices(problems, shown, names, reading.texts, texts)

    def _report(self, part: Part, problems: Sequence[Problem]) -> None:
        """Show what keeps the text, or the pages, from being shown as they are now."""
        texts = self._read_texts({problem.span.path for problem in problems})
        with self._lock:
            self._found[part] = problems, texts
            self._show(is_behind=False)

    def _read_texts(self, paths: Iterable[Path]) -> notices.Texts:
        found = {path: _text(self._root / path) for path in paths}
        return {path: text for path, text in found.items() if text is not None}

    def _fault(self, error: Exception) -> Problem:
        """Name the file that cannot be read, or own up to a fault of the tool."""
        if isinstance(error, OSError):
            where = Path(error.filename or self._root)
            path = where.relative_to(self._root) if where.is_relative_to(self._root) else where
            message = f"this cannot be read or written: {reason(error)}"
            return Problem("file-is-readable", message, Span(path))
        path = CACHE / "fault.txt"
        with contextlib.suppress(OSError):
            trace = "".join(traceback.format_exception(error))
            output.replace_file(self._root / path, trace.encode())
        message = f"a fault in Octavo itself: {type(error).__name__}: {error}"
        hint = "what happened stands in that file; please report it"
        return Problem("octavo-is-sound", message, Span(path), hint)

    def _compose(self) -> None:
        """Wait for a change; read the book, show its text, and then what is wrong with it."""
        with self._lock:
            self._wait_until(lambda: self._is_due)
            changed, self._changed, self._is_due = self._changed, set(), False
        made = checking.begun(manuscript.load(self._root, self._marks, self._store), self._store)
        self._show_text(made, changed)
        with self._lock:
            self._wait_until(lambda: self._is_due or self._begun == self._newest())
            if self._is_due:
                raise _OvertakenError
        if isinstance(made, Unchecked):
            made = checking.look_through(made)
        with self._lock:
            assert self._reading is not None
            self._found["text"] = made.problems, self._reading.texts
            self._judge = replace(made.judge, problems=())
            self._show()
        self._untidy += 1
        if self._untidy == _MOST_UNTIDY:
            self._tidy()

    def _show_text(self, made: Unchecked | Checked, changed: Collection[Path]) -> None:
        """Show the book's text, with the pages that there are.

        It has no errors, and the warnings are those of before, until it has been checked.
        """
        before = self._reading
        if before is None or any(_TEMPLATES in path.parts for path in changed):
            templates, known = Templates(self._root, self._store), self._last_pages()
        else:
            templates, known = before.templates, before.screen.paging
        is_same_frame = before is not None and templates is before.templates
        texts = self._read_texts(section.span.path for section in made.book.sections)
        making = web.Making(
            made.book, templates, made.faces, self._store, has_pages=True, tells_lines=True
        )
        screen = Screen(making, known, before.screen.fonts if before else (), templates)
        if not is_same_frame:
            screen = screen.with_(known, screen.fonts_needed())
            screen.prepare_style()
        screen.prepare(self._looked_at)
        with self._lock:
            state = self.state
            self._reading = Reading(state.text + 1, made, templates, texts, screen)
            problems, were_in = self._found.get("text", ((), {}))
            warnings = [one for one in problems if one.severity is not Severity.ERROR]
            self._found["text"] = warnings, were_in
            self._show(
                screen=screen,
                sources=tuple(
                    (section.id, section.span.path.as_posix())
                    for section in made.book.sections
                    if section.has_text
                ),
                text=state.text + 1,
                frame=state.frame + (not is_same_frame),
                is_behind=True,
            )
            self._lock.notify_all()

    def _last_pages(self) -> Paging:
        """Give the pages printed last; a proof has pages of its own."""
        return paging.last(self._store) if self._marks == "accept" else paging.NONE

    def _tidy(self) -> None:
        """Let go of what was made before."""
        self._untidy = 0
        gc.collect()

    def _print(self) -> None:
        """Wait for a reading that has not been typeset; show its pages, what has changed first."""
        with self._lock:
            self._wait_until(lambda: self._newest() > self._begun)
            reading = self._reading
            assert reading is not None

        def go_on(section: str, pages: int) -> None:
            if self._has_ended or self._newest() > reading.number:
                raise _OvertakenError

        self._crew.drop_steps()
        made = reading.made
        memory = Memory(self._store, self._crew, made.faces, go_on)
        try:
            jobs = list(self._glimpses(reading))
            glimpses = [self._scouts.submit(tasks.glimpse, job) for job in jobs]
            for glimpse in glimpses:
                glimpse.add_done_callback(partial(self._show_glimpse, reading.number))
            wait(glimpses)
        finally:
            with self._lock:
                self._begun = reading.number
                self._lock.notify_all()
        go_on("", 0)
        memory.lay_out(job.job for job in jobs)
        typeset = print_edition.typeset(
            made.book,
            reading.templates,
            made.faces,
            memory,
            made.condition,
            build.stamp(made.book.config.date),
            Shelves(made.book, reading.templates, self._store),
        )
        go_on("", 0)
        printing = Printing(reading.number, reading.texts, typeset.joined)
        crowded = checking.crowded(made.book, paging.of(typeset.joined))
        self._show_printing(printing, [*typeset.problems, *crowded])
        for glimpse in glimpses:
            glimpse.result()  # Raises what went wrong, if the whole section could be laid out.
        self._when_idle()

    def _when_idle(self) -> None:
        """Do what has time, once nothing has changed for a while: show the style, and tidy up."""
        with self._lock:
            begun = self._begun
            if self._lock.wait_for(lambda: self._has_ended or self._newest() > begun, _IDLE):
                raise _OvertakenError
        self._show_style()
        self._store.prune()
        self._tidy()

    def _newest(self) -> int:
        return 0 if self._reading is None else self._reading.number

    def _glimpses(self, reading: Reading) -> Iterator[GlimpseJob]:
        """Give jobs for the pages with the lines that have changed since pages were set."""
        if self._printing is None or reading.made.book.is_proof:
            return
        before, standing = self._printing.texts, self._printing.joined
        known = {laid.section for laid in standing.laid}
        made, found = reading.made, 0
        for section in made.book.sections:
            path = section.span.path
            stretches = lines.changed(before.get(path, ""), reading.texts.get(path, ""))
            if stretches and section.id in known and found < _MOST_GLIMPSES:
                found += 1
                yield print_edition.glimpse(
                    made.book, reading.templates, made.faces, standing, section.id, stretches
                )

    def _show_glimpse(self, number: int, made: Future[Glimpse]) -> None:
        """Show some pages, unless the whole book is there already, or something newer."""
        if made.cancelled() or made.exception() is not None:
            return
        with self._lock:
            printed = 0 if self._printing is None else self._printing.number
            if printed < number == self._newest():
                shown = sheets.glimpsed(self.state.sheets, made.result())
                self.album.add(shown.pdfs)
                self._show(sheets=shown.sheets)

    def _show_printing(self, printing: Printing, problems: Sequence[Problem]) -> None:
        """Show all pages, and in the documents where they begin."""
        known = paging.of(printing.joined)
        if self._marks == "accept":
            paging.keep(known, self._store)
        with self._lock:
            newest = self._reading
            assert newest is not None
            shown = sheets.laid(printing.joined, newest.screen.names)
            self.album.add(shown.pdfs)
            self.album.keep(shown.pdfs.keys())
            self._printing = printing
            self._found["pages"] = problems, printing.texts
            state, is_other = self.state, known != newest.screen.paging
            self._have_screen(newest.screen.with_(known, newest.screen.fonts))
            self._show(
                text=state.text + is_other,
                sheets=shown.sheets,
                trim=printing.joined.trim,
                is_behind=newest.number > printing.number,
            )

    def _have_screen(self, screen: Screen) -> None:
        """Let documents be others from now on, of the same reading."""
        assert self._reading is not None
        self._reading = replace(self._reading, screen=screen)
        self.state = replace(self.state, screen=screen)

    def _show_style(self) -> None:
        """Show the fonts and the stylesheet that the documents need by now."""
        screen = self.state.screen
        assert screen is not None
        needed = screen.with_(screen.paging, screen.fonts_needed())
        if needed.style != screen.style:
            with self._lock:
                if self.state.screen is screen:
                    self._have_screen(needed)
                    self._show(style=self.state.style + 1)


def _text(path: Path) -> str | None:
    """Give the text of a file as it is read; None where it is none."""
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except (OSError, UnicodeDecodeError):
        return None
