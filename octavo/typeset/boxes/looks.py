"""How the made-up pages look: loose lines, stacks of hyphens, short last lines, short pages.

Nothing here is wrong with a book, and nothing is changed for it: an editor may want to know.
"""

from collections.abc import Iterator, Sequence

from weasyprint.formatting_structure import boxes
from weasyprint.images import RasterImage

from octavo.typeset import text
from octavo.typeset.boxes.reading import Reading, is_written
from octavo.typeset.boxes.setting import Boxes, ends_in_hyphen, last_text
from octavo.typeset.breaks import LINES_SEEN, PagePlan, lines_short_for_notes
from octavo.typeset.facts import Look
from octavo.typeset.press.preflight_facts import FINE
from octavo.typeset.proofs import Source

LOOSE = 0.35
"""From how much stretch of its spaces on, in ems, a line is loose.

A space is about a quarter of an em wide: it is then more than twice as wide as it should be.
"""

MOST_HYPHENS = 2
"""How many lines in a row may end in a hyphen or a dash (Chicago 18, ch. 2, allows three)."""

FEWEST_LETTERS = 5
"""How many characters the last line of a paragraph should have at the least."""

FEWEST_LINES = 4
"""How many lines the last page of a section should have at the least."""

_HYPHENS = ("-", "\N{HYPHEN}", "\N{EN DASH}", "\N{EM DASH}")
_RUNNING = {"p", "li", "figcaption", "dd"}
_PX_PER_INCH = 96


def look(read: Reading, plans: Sequence[PagePlan], source: Source) -> tuple[Look, ...]:
    """Look at the pages of a section, before their boxes are moved; ``source`` is its body's."""
    return tuple(_Eye(read, source).look(plans))


class _Eye:
    def __init__(self, read: Reading, source: Source) -> None:
        self._read, self._galley, self._source = read, read.galley, source
        elements = source.elements.items()
        self._notes = {shown.get("id"): number for number, shown in elements if text.is_note(shown)}

    def look(self, plans: Sequence[PagePlan]) -> Iterator[Look]:
        for page, plan in enumerate(plans):
            yield from self._lines_of_text(page, plan)
            yield from self._lines_of_notes(page, plan)
            yield from self._pictures(page, plan)
            yield from self._page(page, plan)

    def _look(
        self, rule: str, message: str, page: int, element: int, line: Boxes | None = None
    ) -> Iterator[Look]:
        """Give what was seen; what has no line in the source is nothing that an editor wrote."""
        place = self._source.fault(rule, message, element, page)
        shown = self._source.elements[element]
        note = shown.get("id", "") if text.is_note(shown) else ""
        words = tuple(_runs(line)) if line is not None else ()
        if place.line:
            yield Look(rule, message, page, place.path, place.line, note, words)

    def _lines_of_text(self, page: int, plan: PagePlan) -> Iterator[Look]:
        strips = self._galley.strips
        for index in range(plan.first, plan.last):
            line, element = self._read.strips[index], strips[index].element
            if not isinstance(line, boxes.LineBox):
                continue
            before = [
                self._read.strips[at]
                for at in range(max(index - MOST_HYPHENS - 1, 0), index)
                if strips[at].element == element
            ]
            is_last = strips[index + 1 : index + 2] == () or strips[index + 1].element != element
            yield from self._line(page, element, line, before, is_last=is_last)

    def _lines_of_notes(self, page: int, plan: PagePlan) -> Iterator[Look]:
        for piece in plan.notes:
            lines = self._read.note_lines[piece.note]
            element = self._notes[piece.note]
            for index in range(piece.first, piece.last):
                before = list(lines[max(index - MOST_HYPHENS - 1, 0) : index])
                is_last = index + 1 == len(lines)
                yield from self._line(page, element, lines[index], before, is_last=is_last)

    def _line(
        self, page: int, element: int, line: Boxes, before: list[Boxes], *, is_last: bool
    ) -> Iterator[Look]:
        stretch = _stretch(line)
        if stretch > LOOSE:
            message = f"the spaces in this line are stretched by {stretch:.2f} em"
            yield from self._look("lines-are-tight", message, page, element, line)
        stack = [_ends_in_dash(one) for one in (*before, line)]
        if all(stack[-MOST_HYPHENS - 1 :]) and len(stack) > MOST_HYPHENS:
            message = f"{MOST_HYPHENS + 1} lines in a row end in a hyphen or a dash"
            yield from self._look("hyphens-are-few", message, page, element, line)
        if is_last and before and self._source.elements[element].tag in {*_RUNNING, "span"}:
            words = "".join(_runs(line)).strip()
            is_rest = ends_in_hyphen(before[-1]) and len(words.split()) == 1
            if words and (len(words) < FEWEST_LETTERS or is_rest):
                message = f'the last line of this paragraph is "{words}"'
                yield from self._look("last-line-has-words", message, page, element, line)

    def _pictures(self, page: int, plan: PagePlan) -> Iterator[Look]:
        for index in range(plan.first, plan.last):
            for box in _replaced(self._read.strips[index]):
                picture = box.replacement
                if isinstance(picture, RasterImage) and box.width:
                    inches = box.width / _PX_PER_INCH
                    found = int(picture.width / inches)
                    if found < FINE:
                        message = (
                            f"this picture has {found} pixels per inch: it is {picture.width} "
                            f"pixels wide, and printed {inches:.1f} inches wide"
                        )
                        number = text.number_of(box.element)
                        yield from self._look("images-are-fine-enough", message, page, number)

    def _page(self, page: int, plan: PagePlan) -> Iterator[Look]:
        strips = self._galley.strips
        if plan.first == plan.last or plan.columns:
            return
        last = plan.last - 1
        if plan.last == len(strips):
            if page and len(strips[plan.first : plan.last]) < FEWEST_LINES:
                count = plan.last - plan.first
                message = f"the last page of this section has {count} line{'s' * (count != 1)}"
                yield from self._look("last-page-has-lines", message, page, strips[last].element)
        elif not strips[plan.last].forced:
            short = int((self._galley.page - plan.height) / self._galley.leading)
            if short >= LINES_SEEN:
                for_notes = lines_short_for_notes(self._galley, plan)
                why = "notes called next find no room" if for_notes else "what follows moves whole"
                message = f"this page is {short} lines short: {why}"
                line = self._read.strips[last]
                yield from self._look("page-is-filled", message, page, strips[last].element, line)


def _replaced(box: Boxes) -> Iterator[Boxes]:
    """Give the boxes in a strip that show pictures, itself among them."""
    inner = box.descendants() if isinstance(box, boxes.ParentBox) else ()
    yield from (one for one in (box, *inner) if isinstance(one, boxes.ReplacedBox))


def _stretch(line: Boxes) -> float:
    """Tell by how much the spaces of a line are stretched, in ems of its largest stretched type."""
    found = [
        box.justification_spacing / box.style["font_size"]
        for box in line.descendants()
        if isinstance(box, boxes.TextBox) and " " in box.text.strip()
    ]
    return max(found, default=0.0)


def _ends_in_dash(line: Boxes) -> bool:
    last = last_text(line)
    return last is not None and last.text.endswith(_HYPHENS)


def _runs(line: Boxes) -> Iterator[str]:
    """Give the written words of a line, piece by piece, without the calls of notes."""
    if not isinstance(line, boxes.LineBox):
        return
    for box in line.descendants():
        is_text = isinstance(box, boxes.TextBox) and is_written(box)
        if is_text and not text.has_class(box.element, "note-call"):
            yield box.text
