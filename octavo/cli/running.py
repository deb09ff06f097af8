"""How the command line is run: signals, and what ends it → the exit status."""

import os
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from octavo.cli import commands
from octavo.cli.reporting import err, report, without_notes
from octavo.outcome import CACHE
from octavo.problems import BookError, errors

_INTERRUPTED = 130
_SIGNALLED = 128


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
            report(without_notes(error.problems))
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
