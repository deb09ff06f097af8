"""The workers that lay out sections: processes of their own, reached through an ``Executor``.

A cluster's executor can stand in for the local one: what it is given is ``run`` and a ``Job``; what
it gives back is a ``Laid``.
"""

import multiprocessing
import os
import signal
import warnings
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from octavo.typeset.facts import Job, Laid


class Crew:
    """Local worker processes, started when the first job is given.

    A warm build has no job for them, and then none is started.  Leaving the ``with`` block ends
    them; jobs that are still waiting are dropped.
    """

    def __init__(self, jobs: int, fontconfig: Path) -> None:
        """Have at most ``jobs`` processes, which know the fonts of ``fontconfig`` and no others."""
        self._jobs, self._fontconfig = jobs, fontconfig
        self._executor: Executor | None = None

    def __enter__(self) -> Self:
        """Give the crew."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the processes."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)

    def submit(self, job: Job) -> "Future[Laid]":
        """Have a section laid out.

        Processes are started afresh ("spawn"), so that nothing of this process's threads or
        settings is in them.
        """
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                max_workers=self._jobs,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=prepare,
                initargs=(str(self._fontconfig),),
            )
        return self._executor.submit(run, job)


def prepare(fontconfig: str) -> None:
    """Point fontconfig at the file before WeasyPrint is imported; it is read once a process.

    WeasyPrint's warning that fontconfig knows no fonts is then beside the point.  An interrupt is
    the first process's business.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.filterwarnings("ignore", message="No fonts configured in FontConfig")
    os.environ["FONTCONFIG_FILE"] = fontconfig


def run(job: Job) -> Laid:
    """Lay out a section in this process; WeasyPrint is imported here and not before."""
    from octavo.typeset.layout import lay_out  # noqa: PLC0415 - only after ``prepare``

    return lay_out(job)
