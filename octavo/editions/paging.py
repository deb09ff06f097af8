"""Where the printed pages begin, for the editions that have no pages of their own.

What is known comes from the layout of the print edition, or, where an edition is built without it,
from the last one, which the store keeps.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from octavo import store
from octavo.numerals import folio
from octavo.store import Store

if TYPE_CHECKING:  # What loads the pages printed last has no use for how they are laid out.
    from octavo.typeset.joined import Joined

KEPT = store.key(["paging", "2"])
"""The name in the store of the pages that were printed last."""


@dataclass(frozen=True)
class PageStart:
    """Where a page's text begins, as ``typeset.facts.Beginning`` says it, and the page's folio.

    ``opens``: it is the section's first page.
    """

    folio: str
    section: str
    opens: bool
    block: str
    characters: int
    words: str


@dataclass(frozen=True)
class NoteTurn:
    """Where a note goes on, on the page ``folio``: behind so many of its visible characters."""

    folio: str
    section: str
    note: str
    characters: int


@dataclass(frozen=True)
class Paging:
    """The pages that bear text, in order; the notes that run over; the folio of each id."""

    starts: tuple[PageStart, ...]
    turns: tuple[NoteTurn, ...]
    folios: Mapping[str, str]

    def within(self, sections: Collection[str]) -> "Paging":
        """Give where pages begin, and notes go on, in these sections, by their ids."""
        starts = tuple(start for start in self.starts if start.section in sections)
        turns = tuple(turn for turn in self.turns if turn.section in sections)
        return Paging(starts, turns, {})


NONE = Paging((), (), {})
"""The pages of a book that has never been printed."""


def of(joined: "Joined") -> Paging:
    """Take the pages from the print edition."""
    starts: list[PageStart] = []
    turns: list[NoteTurn] = []
    for laid, section in zip(joined.laid, joined.pagination.sections, strict=True):
        for index, fact in enumerate(laid.pages):
            label = folio(section.first_folio + index, section.numerals)
            begins = fact.beginning
            if begins is not None:
                block = f"{laid.section}{begins.block}" if begins.block[:1] == "." else begins.block
                place = (block, begins.characters, begins.words)
                starts.append(PageStart(label, laid.section, index == 0, *place))
        for note in laid.notes:
            for page, characters in list(zip(note.pages, note.starts, strict=True))[1:]:
                label = folio(section.first_folio + page, section.numerals)
                turns.append(NoteTurn(label, laid.section, note.id, characters))
    return Paging(tuple(starts), tuple(turns), joined.pagination.folios)


def keep(paging: Paging, kept: Store) -> None:
    """Keep the pages for builds without the print edition."""
    kept.put(KEPT, json.dumps(asdict(paging), sort_keys=True).encode())


def last(kept: Store) -> Paging:
    """Give the pages of the last print edition; ``NONE`` where there was none."""
    known = kept.get(KEPT)
    if known is None:
        return NONE
    values = json.loads(known)
    return Paging(
        tuple(PageStart(**start) for start in values["starts"]),
        tuple(NoteTurn(**turn) for turn in values["turns"]),
        values["folios"],
    )
