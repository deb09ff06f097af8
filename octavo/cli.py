"""The command line: arguments → verbs, progress, exit status.

Outputs are named on standard output; problems and progress go to standard error.  The exit status
is 0, or 1 when the book has errors or something cannot be done, 2 for a wrong call, 130 when it
was interrupted, 128 + N when signal N ended it.

Commands import what they need when they are called: a build that has nothing to do is done before
the libraries could be loaded.
"""

# ruff: noqa: PLC0415 - see above

import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.text import Text

from octavo import __version__, freshness
from octavo.outcome import CACHE, EDITIONS, Made, Result
from octavo.output import DRAFT
from octavo.problems import BookError, Problem, Severity, errors, nearest

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)

_INTERRUPTED = 130
_SIGNALLED = 128


class DefaultGroup(click.Group):
    """A group of commands of which ``build`` is meant when none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``build`` before arguments that begin with none of the commands."""
        if not args or (
            args[0] not in self.commands and args[0] not in {"--help", "-h", "--version"}
        ):
            if args and not args[0].startswith("-"):
                return super().parse_args(ctx, args)
            args = ["build", *args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command when there is none of that name."""
        if args and args[0] not in self.commands:
            hint = nearest(args[0], self.commands)
            raise click.UsageError(f'There is no command "{args[0]}"; {hint or "see --help"}', ctx)
        return super().resolve_command(ctx, args)


def _book(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path:
    """Find the book: the folder named, or this one, or the one that build.py stands in."""
    here = Path.cwd()
    if value is not None:
        return value.resolve()
    if (here / "content" / "book.toml").exists():
        return here
    return Path(os.environ.get("OCTAVO_BOOK", here)).resolve()


book_option = click.option(
    "--book",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    callback=_book,
    help="The book's folder, which holds content/book.toml.  [default: this folder]",
)
output_option = click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the editions go.  [default: dist in the book's folder]",
)


@click.group(
    cls=DefaultGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Without a command, the book is built.",
)
@click.version_option(__version__, message="%(version)s")
def commands() -> None:
    """Octavo: one Markdown manuscript in; print PDF, web edition and EPUB out."""


def _editions(ctx: click.Context, param: click.Parameter, value: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    unknown = [name for name in names if name not in EDITIONS]
    if unknown or not names:
        known = ", ".join(EDITIONS)
        raise click.BadParameter(f"there is no edition {', '.join(unknown)!r}; known: {known}")
    return tuple(name for name in EDITIONS if name in names)


@commands.command(
    "build",
    short_help="Build the editions (this is the default).",
    epilog="""\b
Examples:
  python3 build.py                          all editions into dist/
  python3 build.py --edition web,epub       only these
  python3 build.py --book mybook --output proofs
""",
)
@book_option
@output_option
@click.option(
    "--edition",
    "editions",
    metavar="NAMES",
    default=",".join(EDITIONS),
    callback=_editions,
    help="Which editions, with commas between.  [default: print,web,epub]",
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    help="How many sections are laid out at a time.  [default: one a core]",
)
@click.option("--explain", is_flag=True, help="Say of each section why it was laid out, or not.")
def build_command(
    book: Path, output: Path | None, editions: tuple[str, ...], jobs: int, explain: bool
) -> None:
    """Build the book's editions.

    Nothing is written unless the whole book is sound; earlier outputs stand until the new ones
    replace them.
    """
    start = time.monotonic()
    target = output or book / "dist"
    result = freshness.look(book, target, editions) or _build(book, target, editions, jobs)
    _report(result.problems)
    if explain:
        for step, reason in result.reasons.items():
            out.print(Text.assemble(f"{step}: ", (reason, "dim")))
    for made in result.made:
        _name(made)
    if out.is_terminal:
        err.print(f"done in {time.monotonic() - start:.1f} s", style="dim")


def _build(book: Path, target: Path, editions: tuple[str, ...], jobs: int) -> Result:
    from octavo.build import build

    with _progress() as tell:
        return build(book, target, editions, jobs, tell)


def _name(made: Made) -> None:
    path = made.path
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    out.print(Text.assemble(str(shown), ("  " + made.remark, "dim")))


@commands.command(
    "check",
    short_help="Report what is wrong with the book, without building it.",
    epilog="""\b
Example:
  python3 build.py check
""",
)
@book_option
def check_command(book: Path) -> None:
    """Read the whole book and report every problem, with file, line and hint."""
    from octavo.build import review

    with _progress() as tell:
        tell("reading")
        checked = review(book)
    _report(checked.problems)
    sections, notes = len(checked.book.sections), sum(len(s.notes) for s in checked.book.sections)
    works = len(checked.book.cited.bibliography)
    out.print(f"{sections} sections, {notes} notes, {works} works: no errors")


@commands.command(
    "permalinks",
    short_help="Record the passages that are published, so that links to them hold.",
    epilog="""\b
Example, before an edition is published:
  python3 build.py permalinks && git commit content/permalinks.txt
""",
)
@book_option
def permalinks_command(book: Path) -> None:
    """Bring content/permalinks.txt up to date: the passages of today, and what old links lead to.

    Builds carry links over to edited passages by themselves; this writes down what they found.
    """
    from octavo.build import record

    with _progress() as tell:
        tell("reading")
        made, problems = record(book)
    _report(problems)
    out.print(f"{made.new} passages new, {made.carried} carried over, {made.gone} gone")


@commands.command(
    "new",
    short_help="Make a small working book to start from.",
    epilog="""\b
Example:
  python3 build.py new mybook && python3 build.py --book mybook
""",
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def new_command(folder: Path) -> None:
    """Make a small book in DIR that builds, and shows each syntax once."""
    from octavo import starter

    try:
        starter.make(folder)
    except FileExistsError:
        raise click.ClickException(
            f"{folder} is there already; name a folder that is not there yet"
        ) from None
    out.print(f"made {folder}; build it with: {_program()} --book {folder}")


@commands.command(
    "clean",
    short_help="Delete the outputs and the cache.",
    epilog="""\b
Example:
  python3 build.py clean
""",
)
@book_option
@output_option
def clean_command(book: Path, output: Path | None) -> None:
    """Delete what Octavo has made: the book's editions, and the cache of earlier layouts."""
    target = output or book / "dist"
    slug = _slug(book)
    names = ("web", f"{slug}.pdf", f"{slug}-press.pdf", f"{slug}.epub", "pages.json")
    made = (book / CACHE, *(target / name for name in names))
    for path in (*made, *target.glob(f"{DRAFT}*")):  # drafts are left where power fails
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    if target.is_dir() and not any(target.iterdir()):
        target.rmdir()
    out.print("clean")


def _slug(book: Path) -> str:
    from octavo import config

    toml = Path("content") / "book.toml"
    return config.load(book / toml, toml).slug


@commands.command("doctor", short_help="Say what is installed: versions, fonts, libraries.")
def doctor_command() -> None:
    """Say what Octavo works with here, and what is missing."""
    from octavo import doctor as doctors
    from octavo.build import font_folder

    findings = doctors.examine(font_folder())
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        mark = ("ok  ", "green") if finding.sound else ("FAIL", "bold red")
        out.print(Text.assemble(mark, f"  {finding.name:{width}}  {finding.detail}"))
    if not all(finding.sound for finding in findings):
        raise SystemExit(1)


def _program() -> str:
    name = os.environ.get("OCTAVO_PROG")
    return f"python3 {name}" if name else "octavo"


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Show what is being done, on a terminal; keep silent elsewhere."""
    if not err.is_terminal:
        yield lambda words: None
        return
    with err.status("starting") as status:
        start = time.monotonic()
        yield lambda words: status.update(f"{words} [dim]{time.monotonic() - start:.0f} s[/dim]")


_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow"}


def _report(problems: Sequence[Problem]) -> None:
    for problem in problems:
        message = Text.assemble(
            (f"{problem.span}: ", "bold"),
            (f"{problem.severity}: ", _COLOURS[problem.severity]),
            problem.message,
            (f" [{problem.rule}]", "dim"),
        )
        err.print(message)
        if problem.hint:
            err.print(Text.assemble(("  hint: ", "cyan"), problem.hint))


class _Ended(BaseException):
    """A signal asked the process to end; its number is the argument."""


@contextmanager
def _orderly_end() -> Iterator[None]:
    """Have the signals that end a process raise, so that drafts and workers are cleared away."""

    def end(number: int, frame: FrameType | None) -> NoReturn:
        raise _Ended(number)

    wanted = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, end) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with its status."""
    with _orderly_end():
        status = _status(arguments)
    raise SystemExit(status)


def _status(arguments: Sequence[str] | None) -> int:
    program = os.environ.get("OCTAVO_PROG", "octavo")
    try:
        returned: Any = commands.main(arguments, program, standalone_mode=False)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except (Exception, KeyboardInterrupt, _Ended) as error:
        return _told(error)
    return int(returned) if isinstance(returned, int) else 0


def _told(error: BaseException) -> int:
    """Say what ended the command; give the exit status."""
    status = 1
    match error:
        case BookError():
            _report(error.problems)
            count = len(errors(error.problems))
            err.print(f"{count} error{'s' * (count != 1)}: nothing was written", style="bold")
        case click.ClickException():
            error.show()
            status = error.exit_code
        case KeyboardInterrupt() | click.Abort():
            err.print("interrupted; the earlier outputs are as they were")
            status = _INTERRUPTED
        case _Ended():
            err.print("ended; the earlier outputs are as they were")
            status = _SIGNALLED + int(error.args[0])
        case BrokenExecutor():
            err.print(
                "error: a process that joins the pages was ended from outside", style="bold red"
            )
            err.print("  hint: there may be too little memory; one at a time needs less: --jobs 1")
        case OSError():
            where = f"{error.filename}: " if error.filename else ""
            reason = (error.strerror or str(error)).lower()
            err.print(f"error: {where}{reason}", style="bold red")
        case _:
            status = _own_fault("".join(traceback.format_exception(error)))
    return status


def _own_fault(trace: str) -> int:
    """Own up to a fault of the tool: a line for the reader, the trace in a file for the makers."""
    last = trace.strip().splitlines()[-1]
    err.print(f"error: a fault in Octavo itself: {last}", style="bold red")
    try:
        path = Path(os.environ.get("OCTAVO_BOOK", ".")) / CACHE / "fault.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(trace, encoding="utf-8")
        err.print(f"  hint: what happened stands in {path}; please report it")
    except OSError:
        sys.stderr.write(trace)
    return 1
