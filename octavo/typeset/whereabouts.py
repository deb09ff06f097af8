"""Finds the pages of a section that bear the text of some lines of the manuscript."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from octavo.typeset import text
from octavo.typeset.breaks import PagePlan
from octavo.typeset.galley import Galley


def pages_with(
    lines: Sequence[tuple[int, int]], body: Element, galley: Galley, plans: Sequence[PagePlan]
) -> tuple[int, ...]:
    """Give the pages, from 0, with the text of stretches of lines, by their first and last lines.

    ``body`` is the section's, numbered.  A line that begins nothing belongs to what began before
    it; where that is nothing, the section's first page is given.
    """
    begun_on = _Lines(body)
    met = [
        (line, page)
        for page, plan in enumerate(plans)
        for line in _lines_on(plan, galley, begun_on)
    ]
    found: set[int] = set()
    for first, last in lines:
        begun = max((line for line, _ in met if line <= first), default=0)
        found.update(page for line, page in met if begun <= line <= last)
    return tuple(sorted(found)) or (0,)


class _Lines:
    """The lines of the section's own file on which its elements, and those of its notes, begin."""

    def __init__(self, body: Element) -> None:
        self._line: dict[int, int] = {}
        self.of_notes: dict[str, set[int]] = {}
        self._visit(body, 0)
        for note in text.notes(body):
            lines = {self.of(text.number_of(inner)) for inner in note.iter()}
            self.of_notes[note.get("id", "")] = lines

    def _visit(self, element: Element, line: int) -> None:
        given = element.get("data-line")
        if given and not element.get("data-path"):
            line = int(given)
        self._line[text.number_of(element)] = line
        for child in element:
            self._visit(child, line)

    def of(self, number: int) -> int:
        return self._line[number]


def _lines_on(plan: PagePlan, galley: Galley, lines: _Lines) -> Iterator[int]:
    for strip in galley.strips[plan.first : plan.last]:
        yield lines.of(strip.element)
    for piece in plan.notes:
        yield from lines.of_notes.get(piece.note, ())
