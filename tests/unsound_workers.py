"""Workers that fail at one section, as a worker does that has too little memory, or a fault."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path

from octavo.typeset import tasks, workers
from octavo.typeset.facts import Job, Laid


def kill(job: Job) -> Laid:
    """End the process from outside, so to say."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def fail(job: Job) -> Laid:
    """Raise what a fault in the tool would raise."""
    raise ValueError(f"no box for {job.section}\nand more")


def prepare(fontconfig: str, section: str, act: Callable[[Job], Laid]) -> None:
    """Prepare a worker that acts so when it is to lay out this section."""
    workers.prepare(fontconfig)
    lay_out = tasks.lay_out

    def unsound(job: Job) -> Laid:
        return act(job) if job.section == section else lay_out(job)

    tasks.lay_out = unsound


def local(section: str, act: Callable[[Job], Laid]) -> Callable[[int, Path], workers.MakeExecutor]:
    """Give what stands in for ``workers.local``."""

    def found(jobs: int, fontconfig: Path) -> workers.MakeExecutor:
        def start() -> Executor:
            return ProcessPoolExecutor(
                jobs,
                multiprocessing.get_context("spawn"),
                prepare,
                (str(fontconfig), section, act),
            )

        return start

    return found
