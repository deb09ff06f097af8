"""Sections that have been laid out before are remembered in the store, under all that they need."""

import json
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from octavo import fonts, store, tools
from octavo.fonts import Face
from octavo.store import Store
from octavo.typeset import tasks
from octavo.typeset.facts import Furniture, FurnitureJob, Job, Laid
from octavo.typeset.workers import Crew

_TOOLS = ("weasyprint", "pydyf", "tinycss2", "cssselect2", "pyphen", "fonttools")

Progress = Callable[[str, int], None]
"""Called with a section's id and its number of pages when it has been laid out."""

Task = TypeVar("Task", Job, FurnitureJob)
Result = TypeVar("Result", Laid, Furniture)


class LayoutError(Exception):
    """Some sections could not be laid out: their ids, each with what was raised."""

    def __init__(self, failures: Mapping[str, BaseException]) -> None:
        """Keep what failed; what did not is in the store."""
        self.failures = failures
        super().__init__(", ".join(failures))


class Memory:
    """Gives what an earlier run of the same job gave, or has the crew do it."""

    def __init__(self, kept: Store, crew: Crew, faces: Sequence[Face], progress: Progress) -> None:
        """Remember in ``kept``; the fonts' contents belong to each job's key, not their paths."""
        self._kept, self._crew, self._progress = kept, crew, progress
        self._faces = {face.path.absolute().as_uri(): fonts.digest(face.path) for face in faces}
        self._before = _journal(kept)
        self._now: dict[str, dict[str, str]] = {}
        self._asked: set[str] = set()
        self._begun: dict[str, Future[Furniture]] = {}
        self.reasons: dict[str, str] = {}

    def lay_out(self, jobs: Iterable[Job]) -> dict[str, Laid]:
        """Give the sections' layouts; each job is begun when it comes.

        Raises ``LayoutError`` when some could not be laid out.
        """
        return self._done("text", tasks.lay_out, jobs, self._parts_of_text, {})

    def begin_furniture(self, jobs: Iterable[FurnitureJob]) -> None:
        """Have furniture set that will be asked for if the pages stay, while sections are laid out.

        Where nothing is laid out any more, nothing is begun.
        """
        self._crew.meanwhile(self._begin(jobs))

    def _begin(self, jobs: Iterable[FurnitureJob]) -> Iterator[None]:
        for job in jobs:
            name = _named("furniture", self._parts_of_furniture(job))
            known = name in self._asked or name in self._begun or self._kept.get(name) is not None
            if not known:
                self._begun[name] = self._crew.submit(tasks.set_furniture, job)
            yield

    def set_furniture(self, jobs: Iterable[FurnitureJob]) -> dict[str, Furniture]:
        """Give the sections' furniture.  Raises ``LayoutError``."""
        parts_of = self._parts_of_furniture
        return self._done("furniture", tasks.set_furniture, jobs, parts_of, self._begun)

    def write_journal(self) -> None:
        """Remember what this build's layouts were made of, to tell the next what has changed."""
        self._kept.put(_JOURNAL, json.dumps(self._now, sort_keys=True).encode())

    def _done(
        self,
        step: str,
        task: Callable[[Task], Result],
        jobs: Iterable[Task],
        parts_of: Callable[[Task], Mapping[str, str]],
        begun: Mapping[str, Future[Result]],
    ) -> dict[str, Result]:
        done: dict[str, Result] = {}
        names: dict[str, str] = {}
        early: dict[str, Task] = {}

        def due() -> Iterator[tuple[str, Task]]:
            for job in jobs:
                parts = parts_of(job)
                name = names[job.section] = _named(step, parts)
                self._asked.add(name)
                known = self._kept.get(name)
                self._explain(job.section, step, name, parts, known)
                if known is not None:
                    done[job.section] = pickle.loads(known)
                elif name in begun:
                    early[job.section] = job
                else:
                    yield job.section, job

        def results() -> Iterator[tuple[str, Result | BaseException]]:
            yield from self._crew.do(task, due())
            failed = [job for job in early.items() if begun[names[job[0]]].exception() is not None]
            yield from self._crew.do(task, failed)
            for section in early.keys() - dict(failed).keys():
                yield section, begun[names[section]].result()

        failures: dict[str, BaseException] = {}
        for section, result in results():
            if isinstance(result, BaseException):
                failures[section] = result
                continue
            done[section] = result
            if isinstance(result, Laid):
                self._progress(section, len(result.pages))
            # What the renderer complained about may be there next time.
            if not result.log:
                self._kept.put(names[section], pickle.dumps(result))
        if failures:
            raise LayoutError(failures)
        return done

    def _explain(
        self, section: str, step: str, name: str, parts: Mapping[str, str], known: bytes | None
    ) -> None:
        entry = f"{step} {section}"
        before = self._before.get(entry)
        self._now[entry] = dict(parts)
        if known is not None:
            reason = "kept"
        elif name in self._kept.damaged:
            reason = "made: what was kept is damaged"
        elif before is None:
            reason = "made: new"
        else:
            changed = [part for part, digest in parts.items() if before.get(part) != digest]
            reason = f"made: {', '.join(changed)} changed" if changed else "made: no longer kept"
        earlier = self.reasons.get(entry, "kept")
        self.reasons[entry] = reason if earlier == "kept" else earlier

    def _parts_of_text(self, job: Job) -> dict[str, str]:
        size = f"{job.width} {job.height} {job.leading} {job.language} {job.rules_continued}"
        return {"text": store.key([job.html]), **self._parts(job.styles), "page": size}

    def _parts_of_furniture(self, job: FurnitureJob) -> dict[str, str]:
        strings = json.dumps([dict(job.body), job.strings, job.language])
        folios = store.key([job.numbers])
        beside = store.key([repr(job.margins)])
        parts = self._parts(job.styles)
        return {"running heads": strings, **parts, "folios": folios, "margins": beside}

    def _parts(self, sheets: Sequence[str]) -> dict[str, str]:
        styles = "\n".join(sheets)
        for address in self._faces:
            styles = styles.replace(address, "")
        faces = store.key(self._faces.values())
        made_by = tools.named(_TOOLS, Path(__file__).parent)
        return {"stylesheets": store.key([styles]), "fonts": faces, "tools": made_by}


def _named(step: str, parts: Mapping[str, str]) -> str:
    return store.key([step, *parts.values()])


_JOURNAL = store.key(["journal"])


def _journal(kept: Store) -> dict[str, dict[str, str]]:
    written = kept.get(_JOURNAL)
    journal: dict[str, dict[str, str]] = json.loads(written) if written is not None else {}
    return journal
