"""The settling of pages: sections are laid out until the folios that they print are the true ones.

What depends on pages comes last and is fed back: contents, lists and references to pages print
folios, which are known only when everything is laid out.  ``make_job`` is asked for each section's
job with the pagination so far; only jobs that have changed are laid out again.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from octavo.manuscript import Part
from octavo.typeset.facts import Job, Laid, MadeUp, Numerals, Pagination, SectionPages, Side, folio

MAX_ROUNDS = 5


@dataclass(frozen=True)
class Opening:
    """How a section opens: on which side of the sheet, and in which part of the book."""

    section: str
    side: Side
    part: Part


@dataclass(frozen=True)
class Settled:
    """The book's sections laid out, its pagination, and the sections that did not settle."""

    laid: tuple[Laid, ...]
    pagination: Pagination
    unsettled: tuple[str, ...]


MakeJob = Callable[[SectionPages, Pagination], Job]
Progress = Callable[[str, int], None]
"""Called with a section's id and its number of pages when it has been laid out."""


class Compositor(Protocol):
    """Who does the work: makes up and lays out sections, now or later."""

    def make_up(self, job: Job) -> "Future[MadeUp]":
        """Make a section up into pages."""

    def lay_out(self, job: Job, made_up: MadeUp) -> "Future[Laid]":
        """Lay out a section that has been made up."""


def settle(
    openings: Sequence[Opening], make_job: MakeJob, compositor: Compositor, progress: Progress
) -> Settled:
    """Lay out all sections until their printed folios agree with where things stand.

    Sections are made up first, which tells how many pages they have; then they are laid out with
    their folios, which change no page break.  Raises whatever the layout of a section raises.
    """
    made_up: dict[str, MadeUp] = {}
    made_from: dict[str, str] = {}
    laid: dict[str, Laid] = {}
    laid_from: dict[str, Job] = {}
    pagination = paginate(openings, made_up, laid)
    unsettled: tuple[str, ...] = ()
    for _ in range(MAX_ROUNDS):
        jobs = _jobs(make_job, pagination)
        stale = [name for name, job in jobs.items() if made_from.get(name) != job.html]
        making = {name: compositor.make_up(jobs[name]) for name in _longest_first(stale, jobs)}
        made_up |= {name: future.result() for name, future in making.items()}
        made_from |= {name: jobs[name].html for name in stale}
        pagination = paginate(openings, made_up, laid)
        jobs = _jobs(make_job, pagination)
        due = [
            name
            for name, job in jobs.items()
            if made_from[name] == job.html and laid_from.get(name) != job
        ]
        laying = {
            name: compositor.lay_out(jobs[name], made_up[name])
            for name in _longest_first(due, jobs)
        }
        for name, future in laying.items():
            laid[name] = future.result()
            progress(name, laid[name].pages)
        laid_from |= {name: jobs[name] for name in due}
        pagination = paginate(openings, made_up, laid)
        unsettled = tuple({*stale, *due})
        if not unsettled:
            break
    for name in unsettled:
        laid[name] = compositor.lay_out(jobs[name], made_up[name]).result()
    ordered = tuple(laid[opening.section] for opening in openings)
    return Settled(ordered, pagination, tuple(sorted(unsettled)))


def _jobs(make_job: MakeJob, pagination: Pagination) -> dict[str, Job]:
    return {pages.section: make_job(pages, pagination) for pages in pagination.sections}


def _longest_first(names: Sequence[str], jobs: Mapping[str, Job]) -> list[str]:
    return sorted(names, key=lambda name: -len(jobs[name].html))


def paginate(
    openings: Sequence[Opening], made_up: Mapping[str, MadeUp], laid: Mapping[str, Laid]
) -> Pagination:
    """Set the sections one behind the other; sections not made up yet count as one page.

    The front matter is numbered in roman, the rest from 1 in arabic numerals (Chicago 18, ch. 1).
    A recto is an odd sheet side, so a blank page may come before a section.
    """
    sections: list[SectionPages] = []
    folios: dict[str, str] = {}
    at = 0
    body_from = 0
    numerals: Numerals = "roman"
    for opening in openings:
        recto = at % 2 == 0
        blanks = int((opening.side == "recto" and not recto) or (opening.side == "verso" and recto))
        at += blanks
        if opening.part != "front" and numerals == "roman":
            numerals, body_from = "arabic", at
        first_folio = at - body_from + 1
        count = made_up[opening.section].pages if opening.section in made_up else 1
        sections.append(SectionPages(opening.section, at, count, blanks, first_folio, numerals))
        if opening.section in laid:
            for target, place in laid[opening.section].places.items():
                folios[target] = folio(first_folio + place.page, numerals)
        folios[opening.section] = folio(first_folio, numerals)
        at += count
    return Pagination(tuple(sections), folios, at + at % 2)
