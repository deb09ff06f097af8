"""The bibliography in sections: each entry goes to the first section whose rule it fits.

A rule is what ``[[citations.sections]]`` in ``book.toml`` says beside the title (see
``config.BibliographySection``); the section without one takes what no rule takes.
"""

from collections.abc import Callable, Iterator, Sequence

from octavo.bibliography import ALIASES, TYPES, Work
from octavo.book import BibliographyGroup
from octavo.citations import Entry
from octavo.config import BibliographySection
from octavo.problems import Problem, Severity, Span, nearest

Place = Callable[[int, str], Span]
"""Gives the place of a key of the N-th section in ``book.toml``."""


def check(sections: Sequence[BibliographySection], place: Place) -> Iterator[Problem]:
    """Report rules that cannot be meant: types that there are not, a second rest."""
    rests = [index for index, section in enumerate(sections) if not section.has_rule]
    for index in rests[1:]:
        first = sections[rests[0]].title
        message = f'this section has no rule, and "{first}" takes the rest already'
        hint = "give it types, keywords, languages or fields"
        yield Problem("bibliography-section-has-rule", message, place(index, "title"), hint)
    for index, section in enumerate(sections):
        for name in section.types:
            if name not in TYPES:
                message = f'unknown type of entry: "{name}"'
                yield Problem(
                    "entry-type-is-known", message, place(index, "types"), nearest(name, TYPES)
                )


def divide(
    entries: Sequence[Entry], sections: Sequence[BibliographySection], place: Place
) -> tuple[tuple[BibliographyGroup, ...], tuple[Problem, ...]]:
    """Give the sections that have entries, with these in their order, and what is wrong.

    Without ``sections`` all entries make one group that has no heading.
    """
    if not entries:
        return (), ()
    if not sections:
        return (BibliographyGroup("", tuple(entries)),), ()
    taken: list[list[Entry]] = [[] for _ in sections]
    problems = []
    for entry in entries:
        index = _home(entry.work, sections)
        if index is None:
            message = f'"{entry.work.key}" fits no section of the bibliography'
            hint = "a section without a rule, the last one, takes all that no other takes"
            problems.append(Problem("work-has-section", message, entry.work.span, hint))
        else:
            taken[index].append(entry)
    for index, section in enumerate(sections):
        if section.has_rule and not taken[index]:
            message = f'no work comes into the section "{section.title}"'
            hint = "a work goes to the first section whose rule it fits"
            problems.append(
                Problem("bibliography-section-has-works", message, place(index, "title"), hint,
                        Severity.WARNING)
            )  # fmt: skip
    groups = (
        BibliographyGroup(section.title, tuple(own))
        for section, own in zip(sections, taken, strict=True)
        if own
    )
    return tuple(groups), tuple(problems)


def _home(work: Work, sections: Sequence[BibliographySection]) -> int | None:
    """Give the number of the section that a work comes into."""
    rest = None
    for index, section in enumerate(sections):
        if not section.has_rule:
            rest = index
        elif _fits(work, section):
            return index
    return rest


def _fits(work: Work, section: BibliographySection) -> bool:
    """Tell whether a work fits all parts of a rule; of each part one value is enough."""
    types = {ALIASES.get(name, name) for name in section.types}
    return (
        (not types or work.type in types)
        and (not section.keywords or not work.keywords.isdisjoint(section.keywords))
        and (not section.languages or any(_is_in(work, tag) for tag in section.languages))
        and (not section.fields or not work.fields.isdisjoint(section.fields))
    )


def _is_in(work: Work, tag: str) -> bool:
    """Tell whether a work is in a language: ``fr-FR`` is ``fr`` (RFC 4647 §3.3.1)."""
    return f"{work.language}-".lower().startswith(f"{tag}-".lower())
