"""The workers that lay out and assemble: processes of their own, reached through an ``Executor``.

What they are given and give back are plain values, so that a cluster's executor can stand in for
the local one.
"""

import gc
import multiprocessing
import os
import signal
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from itertools import chain
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

Given = TypeVar("Given")
Result = TypeVar("Result")

MakeExecutor = Callable[[], Executor]

_NO_MORE = object()


class WorkerEndedError(Exception):
    """A process was ended from outside while it did a job: killed, or out of memory."""


def local(jobs: int, fontconfig: Path) -> MakeExecutor:
    """Give what starts ``jobs`` local processes that know the fonts of ``fontconfig`` alone.

    They are started afresh ("spawn"): nothing of this process's threads is in them.
    """

    def start() -> Executor:
        return ProcessPoolExecutor(
            max_workers=jobs,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=prepare,
            initargs=(str(fontconfig),),
        )

    return start


class Crew:
    """Workers behind an executor, which is started when the first job is given.

    Leaving the ``with`` block ends them; jobs that are still waiting are dropped.
    """

    def __init__(self, start: MakeExecutor, size: int) -> None:
        """Have the executor that ``start`` gives, which does ``size`` jobs at a time."""
        self._start, self._size = start, size
        self._executor: Executor | None = None
        self._aside: Iterator[None] = iter(())

    def __enter__(self) -> Self:
        """Give the crew."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the workers, at once where something went wrong."""
        if self._executor is not None:
            for worker in multiprocessing.active_children() if error is not None else ():
                worker.terminate()
            self._executor.shutdown(wait=True, cancel_futures=True)

    def warm_up(self) -> None:
        """Have every worker load what it needs, while others are still preparing the jobs."""
        for _ in range(self._size):
            self._workers().submit(_load)

    def submit(self, task: Callable[[Given], Result], given: Given) -> "Future[Result]":
        """Have a task done, some time; by new workers where one has been ended from outside."""
        try:
            return self._workers().submit(task, given)
        except BrokenExecutor:
            self._executor = None
            return self._workers().submit(task, given)

    def meanwhile(self, steps: Iterator[None]) -> None:
        """Take these steps in this process, one by one, while ``do`` would wait for workers.

        They come before those that are left from earlier.  What a step raises, ``do`` raises.
        """
        self._aside = chain(steps, self._aside)

    def drop_steps(self) -> None:
        """Drop the steps that are left: the next build shall not take, or even hold, this one's."""
        self._aside = iter(())

    def do(
        self, task: Callable[[Given], Result], jobs: Iterable[tuple[str, Given]]
    ) -> Iterator[tuple[str, Result | BaseException]]:
        """Have a task done for every named job; give the names with their results as they come.

        Each job is begun when ``jobs`` gives it: what comes first is not kept waiting for the last.

        Where a worker is ended from outside, what was under way is done again, one job at a time:
        only for the one that ends its worker again is there no result but the exception
        ``WorkerEndedError``.  What a task raises is given, too.
        """
        broken: set[str] = set()
        begun = {name: (self.submit(task, job), job) for name, job in jobs}
        names = {future: name for name, (future, _) in begun.items()}
        for future in self._as_completed(names):
            error = future.exception()
            if isinstance(error, BrokenExecutor):
                broken.add(names[future])
            else:
                yield names[future], error or future.result()
        for name in [name for name in begun if name in broken]:
            yield name, self._alone(task, begun[name][1])

    def _as_completed(self, futures: Iterable["Future[Result]"]) -> Iterator["Future[Result]"]:
        waiting = set(futures)
        try:
            while waiting:
                is_idle = next(self._aside, _NO_MORE) is _NO_MORE
                timeout = None if is_idle else 0
                done, waiting = wait(waiting, timeout, return_when=FIRST_COMPLETED)
                yield from done
        finally:  # What nobody waits for any more need not be begun.
            for future in waiting:
                future.cancel()

    def _alone(self, task: Callable[[Given], Result], job: Given) -> Result | BaseException:
        self._executor = None
        try:
            return self.submit(task, job).result()
        except BrokenExecutor:
            self._executor = None
            return WorkerEndedError()
        except Exception as error:
            return error

    def _workers(self) -> Executor:
        if self._executor is None:
            self._executor = self._start()
        return self._executor


def prepare(fontconfig: str) -> None:
    """Point fontconfig at the file before WeasyPrint is imported; it is read once a process.

    WeasyPrint's warning that fontconfig knows no fonts is then beside the point.  An interrupt is
    the first process's business.  Layout makes many objects and no cycles worth a search.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.filterwarnings("ignore", message="No fonts configured in FontConfig")
    os.environ["FONTCONFIG_FILE"] = fontconfig
    gc.set_threshold(200_000, 20, 100)
    if parent := multiprocessing.parent_process():
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    """End this process when the one that started it is no more: nobody would wait for it."""
    connection.wait([parent.sentinel])
    os._exit(1)


def _load() -> None:
    """Load what layout needs; the search for garbage need not go through that again and again."""
    from octavo.typeset import layout  # noqa: F401, PLC0415 - imports WeasyPrint, after prepare

    gc.collect()
    gc.freeze()
