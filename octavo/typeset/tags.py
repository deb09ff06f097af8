"""Builds a section's structure tree: what a screen reader is told of the pages' content.

The tree follows the section's XHTML, not its boxes: an element that runs over a page's end is one
element of structure, in however many pieces its text is drawn.  Names are those of ISO 32000-1
§14.8.4, attributes those of §14.8.5.  A note stands at the end of the paragraph, cell or caption
that calls it, so that a sentence is read without a break.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from octavo.typeset import text
from octavo.typeset.text import Flow

Rectangle = tuple[float, float, float, float]
"""Left, bottom, right and top edge in PDF points."""


@dataclass(frozen=True)
class Mark:
    """Marked content: its number on its page, and its element's.

    ``is_label`` tells that it is the bullet or the number of a list's item; ``place`` counts the
    characters that come before it in the section; ``picture`` is the rectangle of a picture.
    """

    mcid: int
    element: int
    is_label: bool
    place: int
    picture: Rectangle | None = None


@dataclass(frozen=True)
class Link:
    """A rectangle that leads to an address; addresses of places in the book begin with ``#``."""

    address: str
    rectangle: Rectangle
    element: int


@dataclass(frozen=True)
class Content:
    """A piece of an element's content: its page of the section (from 0), its number there.

    ``place`` counts the characters that come before it in the section.
    """

    page: int
    mcid: int
    place: int


@dataclass(frozen=True)
class Annotation:
    """A link's annotation: its page of the section, its place among the page's links."""

    page: int
    index: int


@dataclass
class Tag:
    """An element of structure: its type, what it holds in reading order, what is said of it.

    ``place`` counts the characters that come before it in the section.  ``scope`` is what a table's
    head cell heads (Column, Row); ``spans`` the columns and rows that a cell takes; ``picture``
    the rectangle of a picture; ``decoration`` the line that says that words were put in, or taken
    out (ISO 32000-1 §14.8.5.4.4).  ``""`` where nothing is said.
    """

    kind: str
    place: int
    kids: list["Tag | Content | Annotation"] = field(default_factory=list)
    id: str = ""
    language: str = ""
    alternative: str = ""
    scope: str = ""
    spans: tuple[int, int] = (1, 1)
    picture: Rectangle | None = None
    decoration: str = ""


_KINDS = {
    **{f"h{level}": f"H{level}" for level in range(1, 7)},
    **{"p": "P", "pre": "P", "blockquote": "BlockQuote", "ul": "L", "ol": "L", "img": "Figure"},
    **{"table": "Table", "thead": "THead", "tbody": "TBody", "tfoot": "TFoot", "tr": "TR"},
    **{"th": "TH", "td": "TD"},
}
"""What elements are whose name says it."""

_CHANGES = {"ins": "Underline", "del": "LineThrough"}
"""The lines that words of a change have, in a proof."""

_CLASSES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("ol", "contents-list"): ("TOC",),
    ("ul", "contents-list"): ("TOC",),
    ("figure", "figure"): ("Div",),
    ("div", "index-body"): ("Index",),
    **{("a", f"index-locator{name}"): ("Reference", "Link") for name in ("", "-range")},
    ("a", "note-call"): ("Reference", "Link"),
    ("a", "note-number"): ("Lbl", "Link"),
    ("span", "footnote"): ("Note",),
    **{("span", name): ("P",) for name in ("note-block", "note-li", "note-p", "note-pre")},
}
"""What elements of a class are, from the outside inwards."""

_CALLERS = {"P", "TD", "TH", "Caption", "LBody", "Sect"}
"""Elements of structure at the end of which the notes called in them stand.

A note to a heading follows it in the section, so that it is not read out as a part of the heading.
"""

_GRID = {"Table", "THead", "TBody", "TFoot", "TR"}
"""Elements of structure that hold all their rows or cells, empty ones too."""


def build(
    body: Element, marks: Sequence[Sequence[Mark]], links: Sequence[Sequence[Link]], language: str
) -> Tag:
    """Give a section's structure; ``marks`` and ``links`` hold what is on each of its pages.

    ``language`` is the document's: only what differs from it is said.
    """
    builder = _Builder(body, language)
    for page, (marked, linked) in enumerate(zip(marks, links, strict=True)):
        for mark in marked:
            builder.add_content(mark, Content(page, mark.mcid, mark.place))
        for index, link in enumerate(linked):
            builder.add_annotation(link.element, Annotation(page, index))
    return builder.finish()


def owners(body: Element, language: str) -> dict[int, int]:
    """Give, by an element's number, that of the element whose content its own text is.

    What is no element of structure (words in italics, say) belongs to the one around it; so text
    that follows each other in one element of structure is one piece of content.
    """
    found: dict[int, int] = {}
    first: dict[int, int] = {}
    for number, holder in _Builder(body, language).holders.items():
        found[number] = first.setdefault(id(holder), number)
    return found


@dataclass
class _Place:
    """Where an element of structure goes, and the notes that go to its end, by their number."""

    parent: Tag | None
    rows: list[Tag] = field(default_factory=list)
    notes: dict[int, Tag] = field(default_factory=dict)
    is_in: bool = False


class _Builder:
    """Knows the place of every element; puts one in it when its first content comes."""

    def __init__(self, body: Element, language: str) -> None:
        self.holders: dict[int, Tag] = {}
        self._places: dict[int, _Place] = {}
        self._labels: dict[int, Tag] = {}
        self._notes: list[tuple[Tag, Tag]] = []
        self._starts = Flow(body, whole=True).starts
        self.root = Tag("Sect", 0, id=body.get("id", ""))
        self._places[id(self.root)] = _Place(None, is_in=True)
        self.holders[text.number_of(body)] = self.root
        for child in body:
            self._plan(child, body, self.root, language)

    def add_content(self, mark: Mark, content: Content) -> None:
        """Add marked content to its element."""
        holder = self.holders[mark.element]
        holder.picture = mark.picture
        if mark.is_label:
            holder = self._label(mark.element)
        self._put(holder)
        holder.kids.append(content)

    def add_annotation(self, element: int, annotation: Annotation) -> None:
        """Add a link's annotation to its element."""
        self._put(self.holders[element])
        self.holders[element].kids.append(annotation)

    def finish(self) -> Tag:
        """Put the notes to the end of what calls them, and give the whole."""
        for note, caller in self._notes:
            if note.kids:
                self._put(caller)
                caller.kids.append(note)
        _put_in_order(self.root)
        return self.root

    def _plan(self, element: Element, parent: Element, around: Tag, language: str) -> None:
        """Find the place of an element, which stands in ``around``, and of all that is in it."""
        own = element.get("lang", language)
        holder = around
        for kind in _kinds(element, parent, around, differs=own != language):
            holder = self._new(Tag(kind, self._starts[text.number_of(element)]), holder)
            if kind == "Note":
                self._places[id(holder)] = _Place(None, is_in=True)
                self._notes.append((holder, self._caller(around)))
        if holder is not around:
            _describe(holder, element, own if own != language else "")
        else:
            own = language
        self.holders[text.number_of(element)] = holder
        for child in element:
            self._plan(child, element, holder, own)
        if element.tag == "figure":
            self._claim_captions(element)

    def _claim_captions(self, figure: Element) -> None:
        """Let the caption of a table stand in it."""
        for table in figure.iter("table"):
            for caption in figure.iter("figcaption"):
                place = self._places[id(self.holders[text.number_of(caption)])]
                place.parent = self.holders[text.number_of(table)]

    def _new(self, tag: Tag, parent: Tag) -> Tag:
        self._places[id(tag)] = _Place(parent)
        if tag.kind == "TH":
            group = self._places[id(parent)].parent
            tag.scope = "Column" if group is not None and group.kind == "THead" else "Row"
        if parent.kind in _GRID and tag.kind in _GRID | {"TH", "TD"}:
            self._places[id(parent)].rows.append(tag)
        return tag

    def _caller(self, tag: Tag) -> Tag:
        while tag.kind not in _CALLERS:
            parent = self._places[id(tag)].parent
            if parent is None:
                break
            tag = parent
        return tag

    def _label(self, element: int) -> Tag:
        if element not in self._labels:
            body = self.holders[element]
            item = self._places[id(body)].parent if body.kind == "LBody" else body
            assert item is not None
            self._labels[element] = self._new(Tag("Lbl", item.place), item)
        return self._labels[element]

    def _put(self, tag: Tag) -> None:
        """Put an element into the one around it, unless it is there."""
        place = self._places[id(tag)]
        if place.is_in or place.parent is None:
            return
        self._put(place.parent)
        if place.is_in:  # as a row, or a cell, of the one around it
            return
        place.is_in = True
        place.parent.kids.append(tag)
        for row in place.rows:
            self._put(row)


def _put_in_order(tag: Tag) -> None:
    """Put what is in an element into the order of the text, whatever was drawn first."""
    tag.kids.sort(key=lambda kid: _rank(kid, tag.kind))
    for kid in tag.kids:
        if isinstance(kid, Tag):
            _put_in_order(kid)


def _rank(kid: Tag | Content | Annotation, around: str) -> tuple[int, int]:
    """Say where something stands in an element: captions and labels first, notes last.

    In a section, notes are those to its headings and stand in their order.
    """
    match kid:
        case Annotation():
            return (1, 0)
        case Tag(kind="Note") if around != "Sect":
            return (2, kid.place)
        case Tag(kind="Caption") if around == "Table":
            return (-1, 0)
        case Tag(kind="Lbl") if around in {"LI", "TOCI", "Note"}:
            return (-1, 0)
    return (0, kid.place)


def _kinds(element: Element, parent: Element, around: Tag, *, differs: bool) -> tuple[str, ...]:
    """Say what an element is in structure, from the outside inwards.

    Nothing, if it is no more than its place; ``differs``: it is in another language.
    """
    for name in (element.get("class") or "").split():
        if kinds := _CLASSES.get((element.tag, name)):
            return kinds
    match element.tag:
        case "li":
            return ("TOCI",) if around.kind == "TOC" else ("LI", "LBody")
        case "figcaption":
            return ("P",) if text.has_class(parent, "quotation") else ("Caption",)
        case "a" if element.get("href"):
            return ("Reference", "Link") if around.kind == "TOCI" else ("Link",)
        case tag if tag in _CHANGES:
            return ("Span",)
    other = ("Div" if element.tag in {"div", "section", "header"} else "Span",) if differs else ()
    return (_KINDS[element.tag],) if element.tag in _KINDS else other


def _describe(tag: Tag, element: Element, language: str) -> None:
    tag.language = language
    tag.decoration = _CHANGES.get(element.tag, "")
    if tag.kind == "Note":
        tag.id = element.get("id", "")
    elif tag.kind == "Figure":
        tag.alternative = element.get("alt", "")
    elif tag.kind in {"TH", "TD"}:
        tag.spans = (int(element.get("colspan", 1)), int(element.get("rowspan", 1)))
