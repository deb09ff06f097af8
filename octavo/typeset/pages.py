"""The settling of pages: sections are laid out until the folios that they print are the true ones.

What depends on pages comes last and is fed back: contents, lists and references to pages print
folios, which are known only when everything is laid out.  ``make_job`` is asked for each section's
job with the pagination so far; only jobs that have changed are laid out again.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from octavo.manuscript import Part
from octavo.typeset.facts import Job, Laid, Numerals, Pagination, SectionPages, Side, folio

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
LayOut = Callable[[Job], "Future[Laid]"]
Progress = Callable[[str, int], None]
"""Called with a section's id and its number of pages when it has been laid out."""


def settle(
    openings: Sequence[Opening], make_job: MakeJob, lay_out: LayOut, progress: Progress
) -> Settled:
    """Lay out all sections until their printed folios agree with where things stand.

    Raises whatever the layout of a section raises.
    """
    laid: dict[str, Laid] = {}
    jobs: dict[str, Job] = {}
    pagination = paginate(openings, laid)
    unsettled: tuple[str, ...] = ()
    for _ in range(MAX_ROUNDS):
        wanted = {pages.section: make_job(pages, pagination) for pages in pagination.sections}
        changed = [section for section, job in wanted.items() if jobs.get(section) != job]
        unsettled = tuple(changed)
        if not changed:
            break
        futures = {
            section: lay_out(wanted[section])
            for section in sorted(changed, key=lambda name: -len(wanted[name].html))
        }
        for section, future in futures.items():
            laid[section] = future.result()
            progress(section, laid[section].pages)
        jobs = wanted
        pagination = paginate(openings, laid)
    ordered = tuple(laid[opening.section] for opening in openings)
    return Settled(ordered, pagination, unsettled)


def paginate(openings: Sequence[Opening], laid: Mapping[str, Laid]) -> Pagination:
    """Set the sections one behind the other; sections not laid out yet count as one page.

    The front matter is numbered in roman, the rest from 1 in arabic numerals (Chicago 18 §1.5–6).
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
        found = laid.get(opening.section)
        count = found.pages if found else 1
        sections.append(
            SectionPages(opening.section, at, count, blanks, first_folio, numerals)
        )
        for target, place in (found.places if found else {}).items():
            folios[target] = folio(first_folio + place.page, numerals)
        folios[opening.section] = folio(first_folio, numerals)
        at += count
    return Pagination(tuple(sections), folios, at + at % 2)


def side_of(pages: SectionPages) -> Side:
    """Tell on which side of the sheet a section begins."""
    return "recto" if pages.first % 2 == 0 else "verso"
