"""The typeset book → its pages in their order, each with the name of its picture."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from octavo.numerals import Numerals, folio
from octavo.preview import album
from octavo.preview.state import Sheet
from octavo.typeset import assemble
from octavo.typeset.facts import Glimpse
from octavo.typeset.joined import Joined

MakePdf = Callable[[], bytes]


@dataclass(frozen=True)
class Laid:
    """The sheets of a book, and what makes the PDFs that their pictures are drawn from, by key."""

    sheets: tuple[Sheet, ...]
    pdfs: Mapping[str, MakePdf]


def laid(joined: Joined, names: Mapping[str, str]) -> Laid:
    """Give the pages of the book; ``names`` are those of its sections' documents."""
    sheets: list[Sheet] = []
    pdfs: dict[str, MakePdf] = {}
    number = 0
    numerals: Numerals = "roman"

    def add_blanks(count: int) -> None:
        for more in range(1, count + 1):
            sheets.append(Sheet(folio(number + more, numerals), "", "", ""))

    for text, around, pages in zip(
        joined.laid, joined.furniture, joined.pagination.sections, strict=True
    ):
        add_blanks(pages.first - len(sheets))
        numerals = pages.numerals
        key = album.key(text.pdf, around.pdf)
        pdfs[key] = partial(assemble.apart, text, around, joined.faces, joined.trim)
        for index in range(len(text.pages)):
            label = folio(pages.first_folio + index, numerals)
            document = names.get(text.section, "")
            sheets.append(Sheet(label, text.section, document, f"{key}/{index}"))
        number = pages.first_folio + len(text.pages) - 1
    add_blanks(joined.pagination.pages - len(sheets))
    return Laid(tuple(sheets), pdfs)


def glimpsed(sheets: Sequence[Sheet], glimpse: Glimpse) -> Laid:
    """Put the pages of a glimpse into the places of those that it shows anew.

    A page that its section has not had yet comes with the whole book.
    """
    key = album.key(glimpse.pdf)
    pictures = {page: f"{key}/{index}" for index, page in enumerate(glimpse.pages)}
    first = next(at for at, sheet in enumerate(sheets) if sheet.section == glimpse.section)
    return Laid(
        tuple(
            replace(sheet, picture=pictures[at - first])
            if sheet.section == glimpse.section and at - first in pictures
            else sheet
            for at, sheet in enumerate(sheets)
        ),
        {key: lambda: glimpse.pdf},
    )
