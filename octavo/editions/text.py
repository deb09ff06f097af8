"""A section's tree as one edition prints it: notes, citations and references put in their places.

The tree is copied; the book stays untouched.  What differs between editions is their ``Dialect``.
"""

import copy
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from lxml import etree
from markupsafe import Markup

from octavo.book import Book, Image, Note, Section, Target
from octavo.charts.model import Chart
from octavo.citations import Entry, Formatted
from octavo.editions import marks, references
from octavo.markdown import typography
from octavo.markdown.finish import CALLS
from octavo.markdown.tree import Element
from octavo.wording import wording

_CLOSING_PUNCTUATION = re.compile(r"(?<=\w)?(?P<end>[.,;:!?])(?P<quotes>[”’»]*)$")
_TOOLS_OWN = frozenset({"index-mark", "name", "noindex", "spelled-out"})
"""Classes of spans that say nothing to a reader."""

_VOID = {"img", "br", "hr", "wbr", "col", "input", "meta", "link", "source"}


@dataclass(frozen=True)
class Dialect:
    """What an edition does in its own way.

    ``href`` gives the address of a target as seen from the section that is being written;
    ``note_call`` the elements that stand where a note is called; ``image`` and ``chart`` a
    picture's address; ``folio`` the printed page of a target, ``""`` where there is none.
    ``keeps`` names the attributes of the tool's own that the edition has a use for;
    ``leads_to_names`` tells whether the first mention of a name in a section leads to its entry in
    the register, ``shows_data`` whether it has the tables of what its charts show, ``is_led_to``
    whether the register and the index lead into its text.  In a proof, ``comments_lead_to`` says
    where the number of a comment leads: to its ``text`` beside the paragraph, or to its entry in
    the list of marks, where it is ``listed``.
    """

    href: Callable[[Target], str]
    note_call: Callable[[Note], Sequence[Element]]
    image: Callable[[Image], str]
    folio: Callable[[Target], str]
    chart: Callable[[Chart], str] = lambda chart: f"{chart.name}.svg"
    keeps: frozenset[str] = frozenset()
    leads_to_names: bool = False
    shows_data: bool = True
    is_led_to: bool = True
    comments_lead_to: Literal["listed", "text"] = "listed"


def body(section: Section, book: Book, dialect: Dialect) -> Element:
    """Give the section's text, a ``<div>``, with everything in it resolved."""
    return _resolved(section.body, section, book, dialect)


def title(section: Section, book: Book, dialect: Dialect) -> Element:
    """Give the section's title, a ``<span>``."""
    return _resolved(section.title, section, book, dialect)


def passage(source: Element, section: Section, book: Book, dialect: Dialect) -> Element:
    """Give the words of a block, a ``<span>``, with everything in it resolved.

    In a proof they are the new ones, without marks.
    """
    tree = copy.deepcopy(source)
    marks.without(tree)
    words = _resolved(tree, section, book, dialect)
    words.tag, words.tail = "span", None
    words.attrib.clear()
    return words


def label(heading: Element, section: Section, book: Book, dialect: Dialect) -> Element:
    """Give the words of a title or a heading, a ``<span>``, for contents and the like.

    They come without number, notes, citations, links and ids: all those are the heading's own.
    """
    tree = copy.deepcopy(heading)
    tree.tag, tree.tail = "span", None
    tree.attrib.clear()
    marks.without(tree)
    for element in list(tree.iter("span", "a")):
        if element.get("class") in CALLS:
            _replace(element, ())
    words = _resolved(tree, section, book, dialect)
    etree.strip_tags(words, "a")
    for element in words.iter():
        element.attrib.pop("id", None)
    return words


def note(note_: Note, section: Section, book: Book, dialect: Dialect) -> Element:
    """Give a note's text: a ``<div>`` of paragraphs, or a ``<span>`` for a bare citation."""
    words = _resolved(note_.body, section, book, dialect, note_.id)
    if note_.mark is not None:
        marks.put_in(words, section.marks[note_.mark])
    return words


def entry(entry_: Entry, book: Book, dialect: Dialect) -> Element:
    """Give a bibliography entry's text, a ``<span>``."""
    tree = copy.deepcopy(entry_.content)
    _link_works(tree, book, dialect)
    home = next((one for one in book.sections if one.kind == "bibliography"), None)
    if home is not None and home.marks:
        name = f"work-{entry_.work.key}"
        marks.dress(tree, home, book, dialect.comments_lead_to, name)
    return _clean(tree, dialect)


def _resolved(
    source: Element, section: Section, book: Book, dialect: Dialect, home: str = ""
) -> Element:
    """Resolve what is in a tree; ``home`` is the id of the note that it is the text of."""
    tree = copy.deepcopy(source)
    words = wording(book.config.language)
    if section.marks:
        marks.put_back(tree, section, book.targets)
    for element in list(tree.iter("span", "a", "h2", "h3", "h4", "h5", "figure", "img", "table")):
        match element.tag, element.get("class"):
            case "span", "citation":
                _place_citation(element, section, dialect)
            case "a", "note-call":
                called = section.note_of_call["note", int(element.get("data-note"))]
                _replace(element, dialect.note_call(called))
            case "span", "name":
                _lead_to_entry(element, section, book, dialect)
            case "a", "cross-reference":
                _resolve_reference(element, book, dialect)
            case (("h2" | "h3" | "h4" | "h5"), _):
                number = book.targets[element.get("id")].number if element.get("id") else ""
                _prefix(element, number, "number")
            case "figure", ("table" | "figure"):
                _label(element, book, words.kinds[element.get("class")])
            case "img", "chart":
                chart = section.charts[int(element.get("data-chart"))]
                element.set("src", dialect.chart(chart))
            case "table", "data noindex" if not dialect.shows_data:
                _replace(element, ())
            case "img", _:
                element.set("src", dialect.image(book.images[element.get("src")]))
    _link_works(tree, book, dialect)
    if section.marks:
        marks.dress(tree, section, book, dialect.comments_lead_to, home)
    return _clean(tree, dialect)


def _place_citation(element: Element, section: Section, dialect: Dialect) -> None:
    index = int(element.get("data-citation"))
    formatted = section.citations[index]
    note_ = section.note_of_call.get(("citation", index))
    parts: list[Element] = []
    if formatted.text is not None and (note_ is None or formatted.note is not None):
        parts.append(copy.deepcopy(formatted.text))
    if note_ is not None:
        parts += dialect.note_call(note_)
    elif element.get("data-in-text") is None:
        _stand_before_punctuation(element, formatted)
    if parts and note_ is None and "".join(parts[-1].itertext()).endswith("."):
        element.tail = (element.tail or "").removeprefix(".")
    _replace(element, parts)


def _stand_before_punctuation(element: Element, formatted: Formatted) -> None:
    """Move the full stop before a citation in the text behind it, and set a space between.

    In the manuscript a citation follows the punctuation, as a note call does; in an author–date
    style the parenthesis belongs to the sentence (Chicago 18, ch. 13).
    """
    before = element.getprevious()
    holder, attribute = (before, "tail") if before is not None else (element.getparent(), "text")
    text = getattr(holder, attribute) or ""
    space = " "
    if before is not None and not text:
        before.tail, space = " ", ""
        if before.tag in {"em", "strong"} and not len(before):
            holder, attribute, text = before, "text", before.text or ""
    found = _CLOSING_PUNCTUATION.search(text)
    if found and formatted.text is not None:
        setattr(holder, attribute, f"{text[: found.start('end')]}{found['quotes']}{space}")
        element.tail = found["end"] + (element.tail or "")
    elif text and not text[-1].isspace() and text[-1] not in "([“‘":
        setattr(holder, attribute, text + space)


def _resolve_reference(element: Element, book: Book, dialect: Dialect) -> None:
    target = book.targets[element.get("href")[1:]]
    form, to = element.get("data-form"), element.get("data-to")
    element.set("href", dialect.href(target))
    if form != "text":
        element.text = (
            references.several(target, book.targets[to[1:]], form, book, dialect.folio)
            if to
            else references.one(target, form, book, dialect.folio)
        )
        if element.get("data-capital"):
            element.text = element.text[:1].upper() + element.text[1:]


def mention(section: Section, name: str) -> Target:
    """Give the target that the first mention of a name, by its id, is in a section."""
    identifier = f"{section.id}.name-{name}"
    return Target(identifier, "passage", "", "", section.id, 0, section.span)


def _lead_to_entry(element: Element, section: Section, book: Book, dialect: Dialect) -> None:
    """Make the first mention of a name the link to its entry, where the book has one."""
    name = element.get("data-name")
    entry = book.targets.get(f"name-{name}")
    if not dialect.leads_to_names or entry is None or element.get("data-first") is None:
        return
    link: Element = element
    if element.get("id"):  # The index leads here too, by an id of its own.
        link = etree.SubElement(element, "a", {"class": "name"})
        link.text, element.text = element.text, None
    link.tag = "a"
    if dialect.is_led_to:
        link.set("id", mention(section, name).id)
    link.set("href", dialect.href(entry))
    link.set("role", "doc-glossref")


def _prefix(element: Element, text: str, class_: str) -> None:
    if not text:
        return
    label = etree.Element("span", {"class": class_})
    label.text, label.tail = text, " " + (element.text or "").lstrip()
    element.text = None
    element.insert(0, label)


def _label(figure: Element, book: Book, kind: str) -> None:
    caption = figure.find("figcaption")
    if caption is not None and figure.get("id"):
        number = book.targets[figure.get("id")].number
        _prefix(caption, f"{kind[:1].upper()}{kind[1:]}\u00a0{number}.", "label")


def _link_works(tree: Element, book: Book, dialect: Dialect) -> None:
    """Point links to works at the bibliography, or unlink them where the book has none."""
    for link in list(tree.iter("a")):
        href = link.get("href") or ""
        if link.get("class") != "work":
            continue
        target = book.targets.get(href[1:])
        if target is None:
            link.tag = "span"
            link.attrib.clear()
        else:
            link.set("href", dialect.href(target))


def _replace(element: Element, parts: Sequence[Element]) -> None:
    """Put ``parts`` in an element's place; spans without attributes dissolve into their text."""
    parent, tail = element.getparent(), element.tail or ""
    at = parent.index(element)
    parent.remove(element)
    for part in reversed(list(parts)):
        part.tail = tail
        tail = ""
        parent.insert(at, part)
    if tail:
        if at:
            parent[at - 1].tail = (parent[at - 1].tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail


def _clean(tree: Element, dialect: Dialect) -> Element:
    """Take out what only the tool needs, and spans that say nothing."""
    is_empty = False
    for element in tree.iter():
        names = element.attrib.keys()
        if names:
            _forget(element, names, dialect)
        if element.tag == "span" and not element.attrib and element is not tree:
            element.tag = "dissolve"
            is_empty = True
    if is_empty:
        etree.strip_tags(tree, "dissolve")
    return tree


def _forget(element: Element, names: Sequence[str], dialect: Dialect) -> None:
    """Take out of an element's attributes what only the tool needs."""
    classes = element.get("class", "").split() if element.tag == "span" else []
    if not _TOOLS_OWN.isdisjoint(classes):
        kept = " ".join(name for name in classes if name not in _TOOLS_OWN)
        if kept:
            element.set("class", kept)
        else:
            del element.attrib["class"]
    if "data-place" in names and not dialect.is_led_to:
        del element.attrib["id"]
    is_mark = "data-value" in names or ("index-mark" in classes and "id" not in names)
    for name in names:
        if name.startswith("data-") and (is_mark or name not in dialect.keeps):
            del element.attrib[name]


def markup(tree: Element) -> Markup:
    """Serialise what is inside a tree as XHTML that is HTML too."""
    _open_empty(tree)
    inner = [etree.tostring(child, encoding="unicode") for child in tree]
    return Markup(str(Markup.escape(tree.text or "")).replace("&#34;", '"').replace("&#39;", "'")
                  + "".join(inner))  # fmt: skip


def typographic(words: str, language: str) -> str:
    """Give plain words with typographic quotes and dashes, as the text has them."""
    element = etree.Element("p")
    element.text = " ".join(words.split())
    typography.set_typography(element, language)
    return element.text


def written(root: Element) -> str:
    """Serialise a document as XHTML that is HTML too."""
    _open_empty(root)
    return str(etree.tostring(root, encoding="unicode"))


def _open_empty(tree: Element) -> None:
    """Give elements that are empty, but not void (HTML §13.1.2), an end tag of their own."""
    for element in tree.iter(etree.Element):
        is_empty = element.text is None and not len(element)
        if is_empty and etree.QName(element).localname not in _VOID:
            element.text = ""


def plain(tree: Element) -> str:
    """Give a tree's words on one line."""
    return " ".join("".join(tree.itertext()).split())
