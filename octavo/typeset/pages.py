"""The settling of pages: sections are laid out until the folios that they print are the true ones.

What depends on pages comes last and is fed back: contents, lists and references to pages print
folios, which are known only when everything is laid out.  ``make_job`` is asked for each section's
job with the pagination so far; only jobs that have changed are laid out again.  A build begins
without folios whether it is the first or not, so that it comes to the same pages.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from octavo.manuscript import Part
from octavo.numerals import Numerals, folio
from octavo.typeset.facts import Job, Laid, Pagination, SectionPages, Side

MAX_ROUNDS = 5


@dataclass(frozen=True)
class Opening:
    """How a section opens: on which side of the sheet, and in which part of the book.

    ``length`` is how much text it has, in characters: what takes longest is begun first.
    """

    section: str
    side: Side
    part: Part
    length: int


@dataclass(frozen=True)
class Settled:
    """The book's sections laid out, its pagination, and the sections that did not settle."""

    laid: tuple[Laid, ...]
    pagination: Pagination
    unsettled: tuple[str, ...]


MakeJob = Callable[[SectionPages, Pagination], Job]

Standing = Callable[[Mapping[str, Laid], Pagination], None]
"""Told the sections' layouts, by id, and the pagination, as they stand after a round."""


class Compositor(Protocol):
    """Who does the work."""

    def lay_out(self, jobs: Iterable[Job]) -> dict[str, Laid]:
        """Lay out sections; each job is begun when it comes."""


def settle(
    openings: Sequence[Opening], make_job: MakeJob, compositor: Compositor, standing: Standing
) -> Settled:
    """Lay out all sections until their printed folios agree with where things stand.

    Raises whatever the compositor raises.
    """
    laid: dict[str, Laid] = {}
    made_from: dict[str, Job] = {}
    lengths = {opening.section: opening.length for opening in openings}
    pagination = paginate(openings, laid)

    def due() -> Iterator[Job]:
        for pages in sorted(pagination.sections, key=lambda pages: -lengths[pages.section]):
            job = make_job(pages, pagination)
            if made_from.get(pages.section) != job:
                made_from[pages.section] = job
                yield job

    unsettled: tuple[str, ...] = ()
    for _ in range(MAX_ROUNDS):
        fresh = compositor.lay_out(due())
        if not fresh:
            break
        laid |= fresh
        pagination = paginate(openings, laid)
        standing(laid, pagination)
    else:
        unsettled = tuple(job.section for job in due())
    ordered = tuple(laid[opening.section] for opening in openings)
    return Settled(ordered, pagination, tuple(sorted(unsettled)))


def paginate(openings: Sequence[Opening], laid: Mapping[str, Laid]) -> Pagination:
    """Set the sections one behind the other; sections not laid out yet count as one page.

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
        count = len(laid[opening.section].pages) if opening.section in laid else 1
        sections.append(SectionPages(opening.section, at, count, blanks, first_folio, numerals))
        if opening.section in laid:
            for target, place in laid[opening.section].places.items():
                folios[target] = folio(first_folio + place.page, numerals)
        folios[opening.section] = folio(first_folio, numerals)
        at += count
    return Pagination(tuple(sections), folios, at + at % 2)
