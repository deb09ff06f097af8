"""Documents of editions without pages, made for the printed pages that are likely, then mended.

A document depends on the pagination in two ways only: on the folios that it prints, which are
remembered as it asks for them, and on where the pages begin that stand in it.  So documents can be
made for the pages printed last while the pages of now are still being set; what turns out to be as
it was need not be made again.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from octavo.book import Target
from octavo.editions import page_marks
from octavo.editions.paging import Paging
from octavo.editions.shelves import Shelf
from octavo.markdown.tree import Element

Written = TypeVar("Written", str, bytes)


class Folios:
    """The folios of targets; those that were asked for are remembered."""

    def __init__(self, folios: Mapping[str, str], unknown: str = "") -> None:
        """Give ``folios``, by the ids of targets, and ``unknown`` where there is none."""
        self._folios, self._unknown = folios, unknown
        self.asked: dict[str, str] = {}

    def part(self) -> "Folios":
        """Give the folios for a part of a document, which remembers what is asked for in it."""
        return Folios(self._folios, self._unknown)

    def agree(self, asked: Mapping[str, str]) -> bool:
        """Tell whether these are the folios of all targets that were asked for elsewhere."""
        return agree(asked, self._folios, self._unknown)

    def of(self, target: Target) -> str:
        """Give the printed page of a target."""
        self.asked[target.id] = self._folios.get(target.id, self._unknown)
        return self.asked[target.id]


def agree(asked: Mapping[str, str], folios: Mapping[str, str], unknown: str = "") -> bool:
    """Tell whether ``folios`` are the same for all targets that were asked for."""
    return all(folios.get(name, unknown) == folio for name, folio in asked.items())


@dataclass(frozen=True)
class Document(Generic[Written]):
    """A document as it is written, and the folios of the printed pages marked in it."""

    written: Written
    folios: tuple[str, ...]


@dataclass(frozen=True)
class _Made(Generic[Written]):
    """A document with the pages it was made for: folios asked for, where pages begin in it."""

    asked: Mapping[str, str]
    places: Paging
    document: Document[Written]


class Draft(Generic[Written]):
    """A document in the making."""

    def __init__(
        self,
        render: Callable[[Folios], str],
        sections: Collection[str],
        write: Callable[[Element], Written],
        place: Callable[[], Shelf | None],
    ) -> None:
        """Make it of ``sections``, ids; ``render`` gives XHTML, which is marked and written.

        ``place`` gives the document's place in the store, if it has one.
        """
        self._render, self._sections = render, sections
        self._write: Callable[[Element], Written] = write
        self._place = place
        self._printed: Mapping[str, str] | None = None
        self._text = ""
        self._made: _Made[Written] | None = None

    @cached_property
    def _shelf(self) -> Shelf | None:
        return self._place()

    def made(self, paging: Paging) -> Document[Written]:
        """Give the document for these pages; what was made before stays as far as it agrees."""
        places = paging.within(self._sections)
        if self._made is None and self._shelf is not None:
            self._made = self._shelf.take()
        made = self._made
        if made is not None and made.places == places and agree(made.asked, paging.folios):
            return made.document
        if self._printed is None or not agree(self._printed, paging.folios):
            folios = Folios(paging.folios)
            self._text = self._render(folios)
            self._printed = folios.asked
        marked = page_marks.mark(self._text, places)
        document = Document(self._write(marked.root), marked.folios)
        self._made = _Made(self._printed, places, document)
        if self._shelf is not None:
            self._shelf.put(self._made)
        return document


def ahead(drafts: Iterable[Draft[Written]], paging: Paging) -> Iterator[None]:
    """Make the documents one after the other, a document a step."""
    for draft in drafts:
        draft.made(paging)
        yield
