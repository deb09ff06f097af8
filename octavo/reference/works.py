"""The references of the book itself and of its sections."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from octavo.book import Section
from octavo.config import Config
from octavo.reference import names
from octavo.reference.names import Name
from octavo.wording import wording

Count = Literal["none", "one", "several"]

_ROLES = {"authors": ("aut", "cre"), "editors": ("edt",), "translators": ("trl",)}
"""The relators of those whom a reference names (MARC)."""


@dataclass(frozen=True)
class Pages:
    """The printed pages of a work, by their folios; both are ``""`` where none is known."""

    first: str = ""
    last: str = ""

    @classmethod
    def of(cls, folios: Sequence[str]) -> "Pages":
        """Give the pages from the first to the last of some folios, which may be none."""
        return cls(folios[0], folios[-1]) if folios else cls()

    @property
    def count(self) -> Count:
        """Tell whether no page is known, one, or several."""
        return "none" if not self.first else "one" if self.first == self.last else "several"


@dataclass(frozen=True)
class Reference:
    """The book, or a section of it (then ``container`` is the book), as a work to be cited.

    ``name`` is that of its document; ``isbns`` and ``doi`` are the book's.  On which pages it
    stands is known later, and no part of it.
    """

    name: str
    title: str
    container: "Reference | None"
    authors: tuple[Name, ...]
    editors: tuple[Name, ...]
    translators: tuple[Name, ...]
    publisher: str
    date: datetime.date
    edition: str
    language: str
    isbns: tuple[str, ...]
    doi: str

    def csl(self) -> dict[str, Any]:
        """Give the work as CSL data, without pages and address, which are the passage's."""
        book = self.container or self
        found = {
            "type": "chapter" if self.container else "book",
            "title": self.title,
            "container-title": self.container.title if self.container else "",
            "author": [name.csl() for name in self.authors],
            "container-author": [name.csl() for name in book.authors]
            if self.authors != book.authors
            else [],
            "editor": [name.csl() for name in self.editors],
            "translator": [name.csl() for name in self.translators],
            "publisher": self.publisher,
            "edition": self.edition,
            "issued": {"date-parts": [[self.date.year]]},
            "language": self.language,
            "ISBN": " ".join(self.isbns),
        }
        return {key: value for key, value in found.items() if value}


def book(config: Config, name: str) -> Reference:
    """Give the reference of the whole book, whose document is ``name``."""
    people = {
        key: tuple(names.of(one) for one in config.contributors if one.role in roles)
        for key, roles in _ROLES.items()
    }
    editions = (config.print.identifiers, config.web.identifiers, config.epub.identifiers)
    return Reference(
        name=name,
        title=config.full_title,
        container=None,
        **people,
        publisher=config.publisher,
        date=config.date,
        edition=_edition(config),
        language=config.language,
        isbns=tuple(dict.fromkeys(one.isbn for one in editions if one.isbn)),
        doi=config.web.identifiers.doi,
    )


def _edition(config: Config) -> str:
    """Give the edition; the first is not named in references (Chicago 18, ch. 14)."""
    first = wording(config.language).first_edition
    return "" if config.edition.casefold() == first.casefold() else config.edition


def section(section: Section, name: str, whole: Reference) -> Reference:
    """Give the reference of a section of the book ``whole``; its author may be its own."""
    return Reference(
        name=name,
        title=section.title_text,
        container=whole,
        authors=(Name(section.author),) if section.author else whole.authors,
        editors=whole.editors,
        translators=whole.translators,
        publisher=whole.publisher,
        date=whole.date,
        edition=whole.edition,
        language=whole.language,
        isbns=whole.isbns,
        doi="",
    )


def people(reference: Reference) -> Iterator[tuple[str, Name]]:
    """Give those who made a work, each with what schema.org calls the part that they had."""
    yield from (("author", name) for name in reference.authors)
    yield from (("editor", name) for name in reference.editors)
    yield from (("translator", name) for name in reference.translators)
