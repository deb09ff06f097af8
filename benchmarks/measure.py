"""Runs commands in processes of their own and measures them: seconds, and memory where /proc is."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

_PROC = Path("/proc")
_SAMPLING = 0.1
"""How many seconds pass between two looks at the processes' memory."""

_SESSION = 3
"""The session among the fields of /proc/PID/stat, counted behind the name (proc(5))."""


class FailedError(Exception):
    """A command failed; the message holds the end of what it said."""


_COMPILES_AGAIN = "PYTHONDONTWRITEBYTECODE"
"""Where this is set, every process of a run compiles modules that all others have compiled."""


@dataclass(frozen=True)
class Run:
    """What one run took: wall-clock seconds, and resident memory in MB (10⁶ bytes) at its peak.

    ``process`` is the largest of the run's processes, ``tree`` all of them at the same time, where
    memory that processes share counts for each of them.  Both are None where there is no /proc.
    """

    seconds: float
    process: float | None
    tree: float | None
    output: str = ""


def run(
    command: Sequence[str | Path], folder: Path, variables: Mapping[str, str] | None = None
) -> Run:
    """Run a command in ``folder``, with ``variables`` added to the environment.

    ``output`` of what is given back is the command's standard output.  Raises ``FailedError``
    where its status is not 0.
    """
    with subprocess.Popen(
        [os.fspath(part) for part in command],
        cwd=folder,
        env={**_usual_environment(), **(variables or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
        errors="replace",
    ) as process:
        start = perf_counter()
        watch = _Watch(process.pid)
        output, _ = process.communicate()
        seconds = perf_counter() - start
        watch.end()
    if process.returncode:
        said = "\n".join(output.splitlines()[-12:])
        raise FailedError(f"{command[0]} ended with status {process.returncode}:\n{said}")
    return Run(seconds, watch.process, watch.tree, output)


def _usual_environment() -> dict[str, str]:
    """Give the environment in which Python keeps the modules that it has compiled, as it does."""
    return {name: value for name, value in os.environ.items() if name != _COMPILES_AGAIN}


def middle(runs: Iterable[Run]) -> Run:
    """Give the medians of several runs."""
    runs = list(runs)
    return Run(
        median(run.seconds for run in runs),
        _median([run.process for run in runs]),
        _median([run.tree for run in runs]),
    )


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


class _Watch:
    """Looks at the memory of a session's processes, in a thread, until it is told to end."""

    def __init__(self, session: int) -> None:
        self.process: float | None = None
        self.tree: float | None = None
        self._session = session
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        if sys.platform == "linux":
            self._thread.start()

    def end(self) -> None:
        """Stop looking."""
        self._over.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_SAMPLING):
            sizes = list(_sizes(self._session))
            self.process = max((self.process or 0.0, *(peak for _, peak in sizes)))
            self.tree = max(self.tree or 0.0, sum(now for now, _ in sizes))


def _sizes(session: int) -> Iterator[tuple[float, float]]:
    """Give the resident memory of each process of a session, now and at its peak, in MB."""
    for folder in _PROC.iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            fields = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            if int(fields[_SESSION]) == session:
                yield _resident((folder / "status").read_text("utf-8", "replace"))
        except (OSError, ValueError):  # it has ended meanwhile
            continue


def _resident(status: str) -> tuple[float, float]:
    """Read /proc/PID/status; raises ``ValueError`` for a process that has no memory any more."""
    sizes = {}
    for line in status.splitlines():
        name, _, value = line.partition(":")
        if name in {"VmRSS", "VmHWM"}:
            sizes[name] = float(value.split()[0]) * 1024 / 1e6
    if len(sizes) != len({"VmRSS", "VmHWM"}):
        raise ValueError(status)
    return sizes["VmRSS"], sizes["VmHWM"]
