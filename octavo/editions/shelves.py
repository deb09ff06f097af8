"""Where documents are kept from one build to the next, under all that they rest on.

The text of a section that comes from a file rests on the section itself, on what other sections
are called and numbered, on pictures, settings and templates.  It does not rest on the text of other
sections, so that it can be kept while these change.  What else it takes from the book is given by
whoever makes it; the folios that it prints, and where pages begin in it, are kept with it.
"""

import pickle
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from octavo import chronology, digest, tools
from octavo.book import Book, Section
from octavo.store import Store
from octavo.templating import Templates

_TOOLS = ("jinja2", "markupsafe", "lxml")


@dataclass(frozen=True)
class Shelf:
    """A place in the store, ``name``, for what is made from the same grounds."""

    kept: Store
    name: str

    def take(self) -> Any:
        """Give what is there, None where there is nothing."""
        data = self.kept.get(self.name)
        return None if data is None else pickle.loads(data)

    def put(self, made: object) -> None:
        """Put something there, instead of what was there before."""
        self.kept.put(self.name, pickle.dumps(made))


class Shelves:
    """The places of a book's documents."""

    def __init__(self, book: Book, templates: Templates, kept: Store) -> None:
        """Keep the documents that ``templates`` make of ``book`` in ``kept``."""
        self._book, self._templates, self._kept = book, templates, kept
        self._named: dict[str, str] = {}

    def place(self, section: Section, more: Iterable[object]) -> Shelf | None:
        """Give the place of a section's text, which rests on ``more`` too; None if it has none.

        That is so where a section is made of others (index, chronology …), or is part of a proof,
        whose comments are numbered through.
        """
        if section.kind != "text" or self._book.is_proof or self._is_chronology(section):
            return None
        if section.id not in self._named:
            links = self._book.permalinks
            own = (links.ids.get(section.id), links.formers.get(section.id))
            self._named[section.id] = digest.of([self._shared, section, *own])
        return Shelf(self._kept, digest.of([self._named[section.id], *more]))

    @cached_property
    def _shared(self) -> str:
        """Name what all sections rest on."""
        shared = (self._book.config, tuple(self._book.targets.values()), self._book.images)
        return digest.of([tools.named(_TOOLS, tools.OURS), self._templates.digest, *shared])

    def _is_chronology(self, section: Section) -> bool:
        return next(chronology.events(section.body), None) is not None
