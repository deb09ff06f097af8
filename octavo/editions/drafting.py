"""Documents of editions without pages, made for the printed pages that are likely, then mended.

A document depends on the pagination in two ways only: on the folios that it prints, which are
remembered as it asks for them, and on where the pages begin that stand in it.  So documents can be
made for the pages printed last while the pages of now are still being set; what turns out to be as
it was need not be made again.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from octavo.book import Target
from octavo.editions import page_marks
from octavo.editions.paging import Paging
from octavo.markdown.tree import Element

Written = TypeVar("Written", str, bytes)


class Folios:
    """The folios of targets; those that were asked for are remembered."""

    def __init__(self, paging: Paging) -> None:
        """Give the folios of ``paging``."""
        self._folios = paging.folios
        self._asked: dict[str, str] = {}

    def of(self, target: Target) -> str:
        """Give the printed page of a target, ``""`` where there is none."""
        self._asked[target.id] = self._folios.get(target.id, "")
        return self._asked[target.id]

    def agree(self, paging: Paging) -> bool:
        """Tell whether ``paging`` has the same folios for all that were asked for."""
        return all(paging.folios.get(name, "") == folio for name, folio in self._asked.items())


@dataclass(frozen=True)
class Document(Generic[Written]):
    """A document as it is written, and the folios of the printed pages marked in it."""

    written: Written
    folios: tuple[str, ...]


class Draft(Generic[Written]):
    """A document in the making."""

    def __init__(
        self,
        render: Callable[[Folios], str],
        sections: Collection[str],
        write: Callable[[Element], Written],
    ) -> None:
        """Make it of ``sections``, ids; ``render`` gives XHTML, which is marked and written."""
        self._render, self._sections = render, sections
        self._write: Callable[[Element], Written] = write
        self._printed: Folios | None = None
        self._text = ""
        self._places: Paging | None = None
        self._document: Document[Written] | None = None

    def made(self, paging: Paging) -> Document[Written]:
        """Give the document for these pages; what was made before stays as far as it agrees."""
        if self._printed is None or not self._printed.agree(paging):
            self._printed, self._document = Folios(paging), None
            self._text = self._render(self._printed)
        places = paging.within(self._sections)
        if self._document is None or self._places != places:
            marked = page_marks.mark(self._text, places)
            self._places = places
            self._document = Document(self._write(marked.root), marked.folios)
        return self._document


def ahead(drafts: Iterable[Draft[Written]], paging: Paging) -> Iterator[None]:
    """Make the documents one after the other, a document a step."""
    for draft in drafts:
        draft.made(paging)
        yield
