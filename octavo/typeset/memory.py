"""Sections that have been laid out before are remembered in the store, under all that they need."""

import hashlib
import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import cache
from importlib.metadata import version
from pathlib import Path

from octavo import store
from octavo.fonts import Face
from octavo.store import Store
from octavo.typeset.facts import Job, Laid

_TOOLS = ("weasyprint", "pydyf", "tinycss2", "tinyhtml5", "cssselect2", "pyphen", "fonttools")


class Memory:
    """Lays out jobs through ``submit``, or gives what an earlier layout of the same job gave."""

    def __init__(
        self, kept: Store, submit: Callable[[Job], "Future[Laid]"], faces: Sequence[Face]
    ) -> None:
        """Remember in ``kept``; the fonts' contents belong to each job's key, not their paths."""
        self._kept, self._submit = kept, submit
        self._faces = {face.path.absolute().as_uri(): _digest(face.path) for face in faces}

    def lay_out(self, job: Job) -> "Future[Laid]":
        """Give the job's layout, now or later."""
        name = self._key(job)
        known = self._kept.get(name)
        if known is not None:
            done: Future[Laid] = Future()
            done.set_result(pickle.loads(known))
            return done
        future = self._submit(job)
        future.add_done_callback(lambda finished: self._keep(name, finished))
        return future

    def _keep(self, name: str, finished: "Future[Laid]") -> None:
        if not finished.cancelled() and finished.exception() is None:
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
