"""What distributors need of ``book.toml``: each key that it lacks is named, with who needs it.

Only those that ``[distribution]`` names are asked for, since a proof needs none of it.  ``NEEDS``
is our reading of what distributors ask for; it changes, and their own papers count: Amazon's KDP
guidelines, Apple's Books Asset Guide, Google's Partner Center, Kobo Writing Life, IngramSpark's
requirements, OAPEN's (which are DOAB's), EDItEUR's best practice for ONIX.  Accessibility is asked
for by the European Accessibility Act (Directive 2019/882, annex I, section IV (f)), for all e-books
that consumers in the European Union are offered.
"""

from collections.abc import Callable
from dataclasses import dataclass

from octavo.config import Config, Distributor
from octavo.manuscript import Manuscript
from octavo.problems import Problem, Severity

NAMES: dict[Distributor, str] = {
    "amazon": "Amazon Kindle",
    "apple": "Apple Books",
    "doab": "DOAB",
    "google": "Google Play Books",
    "ingram": "Ingram",
    "kobo": "Rakuten Kobo",
    "onix": "an ONIX feed",
}

_SHOPS: frozenset[Distributor] = frozenset({"amazon", "apple", "google", "ingram", "kobo", "onix"})


@dataclass(frozen=True)
class Need:
    """A key of ``book.toml``, who needs it, whether a book has it, and how it is written."""

    key: str
    by: frozenset[Distributor]
    has: Callable[[Config], object]
    hint: str


NEEDS = (
    Need(
        "description",
        _SHOPS | {"doab"},
        lambda config: config.description,
        "a paragraph that says what the book is about",
    ),
    Need(
        "publisher",
        frozenset({"apple", "doab", "ingram", "kobo", "onix"}),
        lambda config: config.publisher,
        "the press, or the imprint, under whose name the book appears",
    ),
    Need(
        "classification.bisac",
        frozenset({"amazon", "apple", "ingram"}),
        lambda config: config.classification.bisac,
        'a subject by its code: bisac = [{ code = "HIS003000", label = "History / Asia" }]',
    ),
    Need(
        "classification.thema",
        frozenset({"doab"}),
        lambda config: config.classification.thema,
        'a subject by its code: thema = [{ code = "NHF", label = "Asian history" }]',
    ),
    Need(
        "classification",
        frozenset({"google", "kobo", "onix"}),
        lambda config: config.classification.thema or config.classification.bisac,
        "a subject by its code, in the scheme Thema or BISAC",
    ),
    Need(
        "epub.identifiers.isbn",
        frozenset({"ingram", "onix"}),
        lambda config: config.epub.identifiers.isbn,
        "an ISBN of the EPUB's own, from the agency of the publisher's country",
    ),
    Need(
        "print.identifiers.isbn",
        frozenset({"ingram"}),
        lambda config: config.print.identifiers.isbn,
        "an ISBN of the printed book's own, from the agency of the publisher's country",
    ),
    Need(
        "epub.identifiers.doi",
        frozenset({"doab"}),
        lambda config: config.epub.identifiers.doi or config.epub.identifiers.isbn,
        "the book's DOI, or else the EPUB's ISBN",
    ),
    Need(
        "rights.licence-url",
        frozenset({"doab"}),
        lambda config: config.rights.licence_url,
        "the address of the open licence under which the text may be used",
    ),
    Need(
        "web.base-url",
        frozenset({"doab"}),
        lambda config: config.web.base_url,
        "where the book can be read free of charge",
    ),
    Need(
        "epub.accessibility.conforms-to",
        _SHOPS,
        lambda config: config.epub.accessibility.conforms_to,
        "the European Accessibility Act asks e-books in shops for it; see docs/accessibility.md",
    ),
)


def check(manuscript: Manuscript) -> list[Problem]:
    """Report each key that ``book.toml`` lacks, once, with all distributors that need it."""
    config = manuscript.config
    span = manuscript.span_of_setting("distribution", "to")
    problems = []
    for need in NEEDS:
        names = [NAMES[one] for one in dict.fromkeys(config.distribution.to) if one in need.by]
        if names and not need.has(config):
            verb = "needs" if len(names) == 1 else "need"
            message = f'there is no "{need.key}", which {_listed(names)} {verb}'
            problems.append(
                Problem("distributors-have-metadata", message, span, need.hint, Severity.WARNING)
            )
    return problems


def _listed(names: list[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
