"""Marks of editing as the editions show them: what was put in, taken out, moved, said.

The tree's vocabulary (see ``markdown.tree``) becomes HTML's own, in every edition the same:

- ``<ins class="added">`` and ``<del class="deleted">`` around words; ``moved-to`` and
  ``moved-from`` in place of those classes for what has been moved;
- a block that came or went as a whole has the class too, and its words stand in ``<ins>`` or
  ``<del>`` within it;
- ``<ins class="added paragraph-end">`` and the like, empty, where a paragraph was divided;
- ``<mark class="highlight">``;
- ``<a class="comment-call">`` with the comment's number in the book, which leads to its words.

The first piece of each mark bears the mark's id, ``SECTION.mark-N``.
"""

import copy
from collections.abc import Collection

from lxml import etree

from octavo.book import Book, Section
from octavo.editions.page_marks import UNPRINTED
from octavo.markdown.finish import BLOCKS
from octavo.markdown.marking import mark_id
from octavo.markdown.tree import Element, Mark, MarkKind
from octavo.wording import wording

_CLASSES: dict[tuple[str, MarkKind], str] = {
    ("ins", "moved-to"): "moved-to",
    ("del", "moved-from"): "moved-from",
}
_PHRASES = frozenset({"p", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "dt"})
"""Blocks that hold no other blocks (HTML §3.2.5.2)."""

_USUAL = {"ins": "added", "del": "deleted"}
_HOLDERS = frozenset({"ul", "ol", "table", "thead", "tbody", "tr", "figure", "blockquote", "div"})
"""Blocks that hold other blocks, and whose words are all in those."""


def put_back(tree: Element, section: Section, targets: Collection[str]) -> None:
    """Put what changes have taken out where it stood, inside ``<del>``, or as blocks.

    References in it that lead nowhere any more are printed as they are written.
    """
    for place in list(tree.iter("del")):
        index = place.get("data-removed")
        if index is None:
            continue
        removed = section.removed[int(index)]
        content = copy.deepcopy(removed.content)
        for link in list(content.iter("a")):
            ends = [link.get(name) for name in ("href", "data-to") if link.get(name)]
            if link.get("class") == "cross-reference" and any(e[1:] not in targets for e in ends):
                link.tag, link.text = "span", link.text or ends[0]
                link.attrib.clear()
        del place.attrib["data-removed"]
        place.set("data-mark", str(removed.mark))
        if content.tag == "span":
            content.tag = "del"
            content.attrib.update(place.attrib)
        else:
            content.set("data-removed", "")
            content.set("data-mark", str(removed.mark))
        content.tail = place.tail
        place.getparent().replace(place, content)


def dress(tree: Element, section: Section, book: Book, comments_lead_to: str, home: str) -> None:
    """Give the marks in a tree their classes and ids; numbers of comments lead to their words.

    ``home`` is ``""`` for the section's own text, the id of a note, or of a work's entry.
    """
    met: set[int] = set()
    said = wording(book.config.language).editing.comment
    for element in [one for one in tree.iter() if one.get("data-mark") is not None]:
        index = int(element.attrib.pop("data-mark"))
        mark, name = section.marks[index], mark_id(section.id, index)
        if element.tag == "mark":
            element.set("class", "highlight")
        elif element.get("class") == "comment":
            number = f"{book.comments[section.id, index]}"
            _call(element, f"#{name}.{comments_lead_to}", number, said)
            if comments_lead_to == "text":
                _say_beside(element, name, mark, number, said)
        elif element.tag in _USUAL:
            _add_class(element, _class(element.tag, mark))
        else:
            tag = "ins" if element.attrib.pop("data-removed", None) is None else "del"
            _add_class(element, _class(tag, mark))
            _wrap(element, tag, _class(tag, mark))
        if index not in met and book.marked[section.id, index] == home:
            _name(element, name)
        met.add(index)


def put_in(note: Element, mark: Mark) -> None:
    """Show that a whole note is put in: its text stands in ``<ins>``."""
    _wrap(note, "ins", _class("ins", mark))


def _class(tag: str, mark: Mark) -> str:
    return _CLASSES.get((tag, mark.kind), _USUAL[tag])


def _name(element: Element, name: str) -> None:
    """Give an element an id; one that has its own gets an empty element with it."""
    if element.get("id") in {None, name}:
        element.set("id", name)
        return
    inner = next((one for one in element.iter("ins", "del")), None)
    if inner is not None and inner.get("id") is None:
        inner.set("id", name)


def _call(element: Element, href: str, number: str, said: str) -> None:
    element.tag = "a"
    element.set("class", "comment-call")
    element.set("href", href)
    element.set("aria-label", f"{said} {number}")
    element.text = number


def _say_beside(call: Element, name: str, mark: Mark, number: str, said: str) -> None:
    """Put a comment's words beside, or below, the block that it is called in."""
    room = _room(call)
    tag = "aside" if room.tag == "div" else "span"
    aside: Element = etree.SubElement(room, tag, {"class": "comment", "id": f"{name}.text"})
    aside.set("role", "note")
    aside.set("aria-label", f"{said} {number}")
    back: Element = etree.SubElement(aside, "a", {"class": "comment-number", "href": f"#{name}"})
    back.text, back.tail = number, " "
    if mark.signature:
        head: Element = etree.SubElement(aside, "span", {"class": "comment-head"})
        head.text = f"{mark.signature}:"
        head.tail = " "
    words: Element = etree.SubElement(aside, "span")
    words.text = mark.text


def _room(call: Element) -> Element:
    """Give the box for the comments of a block: in it, or, where it holds phrases only, around.

    A call in no block at all, as in a title, has it behind itself.
    """
    block = next((one for one in call.iterancestors() if one.tag in BLOCKS), None)
    if block is None:
        holder = call
        while holder.getparent().getparent() is not None:
            holder = holder.getparent()
        return _box(holder.getparent(), "span")
    if block.tag not in _PHRASES:
        return _box(block, "div")
    around = block.getparent()
    if around.get("class") != "commented":
        frame = etree.Element("div", {"class": "commented"})
        frame.tail, block.tail = block.tail, None
        around.replace(block, frame)
        frame.append(block)
        around = frame
    return _box(around, "div")


def _box(holder: Element, tag: str) -> Element:
    """Give the box for comments at an element's end."""
    last = holder[-1] if len(holder) else None
    if last is not None and last.get("class") == "comments" and not (last.tail or "").strip():
        return last
    return etree.SubElement(holder, tag, {"class": "comments", UNPRINTED: ""})


def _wrap(block: Element, tag: str, class_: str) -> None:
    """Put the words of a block, and of the blocks in it, into elements of their own."""
    inner = [child for child in block if child.tag in BLOCKS | _HOLDERS]
    for child in inner:
        _wrap(child, tag, class_)
    if inner or block.tag in _HOLDERS:
        if (block.text or "").strip() and block.tag not in _HOLDERS:
            wrapper = etree.Element(tag, {"class": class_})
            wrapper.text, block.text = block.text, None
            block.insert(0, wrapper)
        return
    wrapper = etree.Element(tag, {"class": class_})
    wrapper.text, block.text = block.text, None
    wrapper.extend(list(block))
    block.append(wrapper)


def _add_class(element: Element, name: str) -> None:
    element.set("class", " ".join(filter(None, [element.get("class"), name])))


def without(tree: Element) -> None:
    """Take the marks out of a tree, as if the text had been accepted: for contents and the like."""
    for element in list(tree.iter("del", "span")):
        if element.tag == "del" or element.get("class") == "comment":
            element.tag = "gone"
    etree.strip_elements(tree, "gone", with_tail=False)
    etree.strip_tags(tree, "ins", "mark")
    for element in tree.iter():
        element.attrib.pop("data-mark", None)
