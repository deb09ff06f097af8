"""A section's text on its way to paper, followed as it is drawn."""

from collections.abc import Mapping
from typing import Self
from xml.etree.ElementTree import Element

from weasyprint.formatting_structure import boxes

from octavo.typeset import text
from octavo.typeset.boxes.reading import is_written, visible_length
from octavo.typeset.boxes.setting import Boxes
from octavo.typeset.tags import owners
from octavo.typeset.text import Flow, Reader


class Flowing:
    """The text of a section on its way to paper: whose content it is, where it stands.

    ``parted`` are the text boxes (by ``id``) at the ends of lines where a space parts words.
    """

    def __init__(
        self,
        owners: Mapping[int, int],
        starts: Mapping[int, int],
        reader: Reader | None,
        parted: frozenset[int],
    ) -> None:
        """Begin before the first word; see ``of``."""
        self.owners, self.parted = owners, parted
        self._starts, self._reader = starts, reader

    @classmethod
    def of(cls, body: Element, language: str, parted: frozenset[int]) -> Self:
        """Make a section's text ready; ``language`` is the book's."""
        flow = Flow(body, whole=True)
        return cls(owners(body, language), flow.starts, Reader(flow), parted)

    @classmethod
    def none(cls) -> Self:
        """Give what pages without text are drawn with."""
        return cls({}, {}, None, frozenset())

    def place(self, box: Boxes) -> int:
        """Follow a box that is drawn, and count the characters of the section before it."""
        element = text.number_of(box.element)
        if self._reader is not None and isinstance(box, boxes.TextBox) and is_written(box):
            return self._reader.meet(element, visible_length(box))
        return self._starts.get(element, 0)

    def behind(self, box: Boxes, place: int) -> int:
        """Give the place behind a box that begins at ``place``."""
        is_text = isinstance(box, boxes.TextBox) and is_written(box)
        return place + visible_length(box) if is_text else place
