"""The words of a section's tree, counted: what a break, a note, or a fact about a page refers to.

A section's XHTML is held as ``xml.etree`` elements, each numbered by ``data-n``.  *Visible*
characters are all but white space.  The *flow* is the text without its notes, which stand
elsewhere on the page.
"""

from functools import cached_property
from xml.etree.ElementTree import Element

NUMBER = "data-n"
"""The attribute that numbers every element of a section, in document order from 0."""


def number(tree: Element) -> None:
    """Number the elements of a tree, so that boxes can be matched with them."""
    for index, element in enumerate(tree.iter()):
        element.set(NUMBER, str(index))


def number_of(element: Element) -> int:
    """Give an element's number."""
    return int(element.get(NUMBER, "0"))


def has_class(element: Element, name: str) -> bool:
    """Tell whether an element is of a class."""
    return name in (element.get("class") or "").split()


_INLINE = {
    *("a", "abbr", "b", "code", "del", "dfn", "em", "i", "img", "ins", "mark", "q", "span"),
    *("strong", "sub", "sup", "time"),
}

SOFT_HYPHEN = "\N{SOFT HYPHEN}"


def is_note(element: Element) -> bool:
    """Tell whether an element is a note, whose text leaves the flow."""
    return has_class(element, "footnote")


def notes(tree: Element) -> list[Element]:
    """Find the notes of a tree, in reading order."""
    return [element for element in tree.iter("span") if is_note(element)]


def visible(text: str) -> str:
    """Give a text without its white space and its soft hyphens."""
    return "".join(text.split()).replace(SOFT_HYPHEN, "")


def own(element: Element) -> str:
    """Give an element's own visible characters, without those of the elements in it."""
    return visible("".join([element.text or "", *(child.tail or "" for child in element)]))


class Flow:
    """The words of a section in reading order, without its notes and the numbers that call them.

    Places in it are counts of the visible characters before them.  ``whole``: with notes and calls.
    """

    def __init__(self, body: Element, *, whole: bool = False) -> None:
        """Read the flow of a numbered body."""
        self._whole = whole
        self.starts: dict[int, int] = {}
        self.segments: dict[int, list[tuple[int, int]]] = {}
        self._elements = {number_of(element): element for element in body.iter()}
        self._parents = {number_of(child): element for element in body.iter() for child in element}
        self._pieces: list[str] = []
        self.length = 0
        self._visit(body)

    def _visit(self, element: Element) -> None:
        number = number_of(element)
        self.starts[number] = self.length
        if not self._whole and (is_note(element) or has_class(element, "note-call")):
            return
        edge = "" if element.tag in _INLINE else " "
        self._pieces.append(edge)
        self._take(number, element.text or "")
        for child in element:
            self._visit(child)
            self._take(number, child.tail or "")
        self._pieces.append(edge)

    def _take(self, number: int, text: str) -> None:
        length = len(visible(text))
        if length:
            self.segments.setdefault(number, []).append((self.length, length))
        self._pieces.append(text)
        self.length += length

    @cached_property
    def _text(self) -> str:
        return "".join(self._pieces)

    @cached_property
    def _indices(self) -> list[int]:
        """Where in the text each visible character stands."""
        return [
            index
            for index, sign in enumerate(self._text)
            if not sign.isspace() and sign != SOFT_HYPHEN
        ]

    def first_words(self, place: int, count: int) -> str:
        """Give ``count`` words behind a place; the first may be the rest of one."""
        if place >= len(self._indices):
            return ""
        return " ".join(self._text[self._indices[place] :].split(maxsplit=count)[:count])

    def last_words(self, place: int, count: int) -> str:
        """Give ``count`` words before a place; the last may be the beginning of one."""
        if not place or not self._indices:
            return ""
        end = self._indices[min(place, len(self._indices)) - 1] + 1
        return " ".join(self._text[:end].rsplit(maxsplit=count)[-count:])

    def block(self, number: int) -> tuple[str, int]:
        """Give the name of the nearest block around an element, and its place.

        The name is an id, or a dot and the ``data-block``; ``""`` where there is neither.
        """
        holder: Element | None = self._elements.get(number)
        while holder is not None:
            block = holder.get("data-block")
            name = holder.get("id") or (f".{block}" if block else "")
            if name:
                return name, self.starts[number_of(holder)]
            holder = self._parents.get(number_of(holder))
        return "", 0


class Reader:
    """Follows a flow while its words are met, element by element, in whatever order of elements."""

    def __init__(self, flow: Flow) -> None:
        """Begin before the first word."""
        self._flow = flow
        self._met: dict[int, int] = {}
        self.place = 0

    def meet(self, element: int, count: int) -> int:
        """Go on by ``count`` visible characters of an element; give the place of the first."""
        if not count:
            return self.place
        met = self._met.get(element, 0)
        self._met[element] = met + count
        first = self._place(element, met)
        if first is None:
            return self.place
        last = self._place(element, met + count - 1)
        self.place = (first if last is None else last) + 1
        return first

    def _place(self, element: int, met: int) -> int | None:
        for start, length in self._flow.segments.get(element, ()):
            if met < length:
                return start + met
            met -= length
        return None
