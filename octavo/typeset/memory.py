"""Sections that have been laid out before are remembered in the store, under all that they need."""

import hashlib
import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from octavo import store
from octavo.fonts import Face
from octavo.store import Store
from octavo.typeset.facts import Job, Laid, MadeUp
from octavo.typeset.workers import Crew

_TOOLS = ("weasyprint", "pydyf", "tinycss2", "tinyhtml5", "cssselect2", "pyphen", "fonttools")


Result = TypeVar("Result", MadeUp, Laid)


class Memory:
    """Gives what an earlier run of the same job gave, or has the crew do it."""

    def __init__(self, kept: Store, crew: Crew, faces: Sequence[Face]) -> None:
        """Remember in ``kept``; the fonts' contents belong to each job's key, not their paths."""
        self._kept, self._crew = kept, crew
        self._faces = {face.path.absolute().as_uri(): _digest(face.path) for face in faces}

    def make_up(self, job: Job) -> "Future[MadeUp]":
        """Give the section made up into pages, now or later."""
        return self._known(self._key(job), lambda: self._crew.make_up(job))

    def lay_out(self, job: Job, made_up: MadeUp) -> "Future[Laid]":
        """Give the section's layout, now or later."""
        name = store.key([self._key(job), job.numbers])
        return self._known(name, lambda: self._crew.lay_out(job, made_up))

    def _known(self, name: str, do: Callable[[], "Future[Result]"]) -> "Future[Result]":
        known = self._kept.get(name)
        if known is not None:
            done: Future[Result] = Future()
            done.set_result(pickle.loads(known))
            return done
        future = do()
        future.add_done_callback(lambda finished: self._keep(name, finished))
        return future

    def _keep(self, name: str, finished: "Future[MadeUp] | Future[Laid]") -> None:
        """Keep a result, unless the renderer complained: what it missed may be there next time."""
        if finished.cancelled() or finished.exception() is not None or finished.result().log:
            return
        self._kept.put(name, pickle.dumps(finished.result()))

    def _key(self, job: Job) -> str:
        styles = "\n".join(job.styles)
        for address, digest in self._faces.items():
            styles = styles.replace(address, digest)
        size = f"{job.width} {job.height} {job.leading}"
        return store.key([_tools(), job.section, job.html, styles, size])


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def _tools() -> str:
    """Name the versions of what lays out: the packages', and the digest of this package's code."""
    code = hashlib.sha256()
    for module in sorted(Path(__file__).parent.glob("*.py")):
        code.update(module.read_bytes())
    return " ".join([*(f"{tool} {version(tool)}" for tool in _TOOLS), code.hexdigest()])
