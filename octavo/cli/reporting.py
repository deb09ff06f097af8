"""What a person is told: problems, progress, the name of the program."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from octavo.problems import Problem, Severity

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}


def report(problems: Sequence[Problem]) -> None:
    """Name every problem with its place, and its hint, on standard error."""
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


def without_notes(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Give those that a build names: errors and warnings; notes are shown by ``check``."""
    return tuple(problem for problem in problems if problem.severity is not Severity.NOTE)


def stops(problems: Sequence[Problem], *, strict: bool) -> bool:
    """Tell whether problems make a command end with status 1: errors; if ``strict``, warnings."""
    stopping = {Severity.ERROR, *([Severity.WARNING] if strict else [])}
    return any(problem.severity in stopping for problem in problems)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show what is being done, on a terminal; keep silent elsewhere."""
    if not err.is_terminal:
        yield lambda words: None
        return
    with err.status("starting") as status:
        start = time.monotonic()
        yield lambda words: status.update(f"{words} [dim]{time.monotonic() - start:.0f} s[/dim]")


def program() -> str:
    """Give the words that call this program, as a person would type them."""
    name = os.environ.get("OCTAVO_PROG")
    return f"python3 {name}" if name else "octavo"
