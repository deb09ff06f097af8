"""The workers that lay out sections: processes of their own, reached through an ``Executor``.

What they are given and give back are plain values, so that a cluster's executor can stand in for
the local one.
"""

import multiprocessing
import os
import signal
import threading
import warnings
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Self

from octavo.typeset.facts import Job, Laid, MadeUp


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
        """End the processes, at once where something went wrong."""
        if self._executor is not None:
            for worker in multiprocessing.active_children() if error is not None else ():
                worker.terminate()
            self._executor.shutdown(wait=True, cancel_futures=True)

    def make_up(self, job: Job) -> "Future[MadeUp]":
        """Have a section made up into pages."""
        return self._workers().submit(_make_up, job)

    def lay_out(self, job: Job, made_up: MadeUp) -> "Future[Laid]":
        """Have a section laid out that has been made up."""
        return self._workers().submit(_lay_out, job, made_up)

    def _workers(self) -> Executor:
        """Start the processes afresh ("spawn"): nothing of this one's threads is in them."""
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                max_workers=self._jobs,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=prepare,
                initargs=(str(self._fontconfig),),
            )
        return self._executor


def prepare(fontconfig: str) -> None:
    """Point fontconfig at the file before WeasyPrint is imported; it is read once a process.

    WeasyPrint's warning that fontconfig knows no fonts is then beside the point.  An interrupt is
    the first process's business.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.filterwarnings("ignore", message="No fonts configured in FontConfig")
    os.environ["FONTCONFIG_FILE"] = fontconfig
    if parent := multiprocessing.parent_process():
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    """End this process when the one that started it is no more: nobody would wait for it."""
    connection.wait([parent.sentinel])
    os._exit(1)


def _make_up(job: Job) -> MadeUp:
    from octavo.typeset.layout import make_up  # noqa: PLC0415 - imports WeasyPrint, after prepare

    return make_up(job)


def _lay_out(job: Job, made_up: MadeUp) -> Laid:
    from octavo.typeset.layout import lay_out  # noqa: PLC0415 - imports WeasyPrint, after prepare

    return lay_out(job, made_up)
