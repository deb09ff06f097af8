"""Puts permalinks into a text: the ids of passages, and the old ids that lead to them."""

from collections.abc import Sequence

from lxml import etree

from octavo.book import Book, Section
from octavo.editions.page_marks import BLOCK
from octavo.markdown.tree import Element


def place(body: Element, section: Section, book: Book) -> None:
    """Put them into a section's text, in place.

    An element that has no id gets its passage's; other ids stand at its start, on empty spans.
    """
    ids = book.permalinks.ids.get(section.id, {})
    formers = book.permalinks.formers.get(section.id, {})
    if ids or formers:
        for element in body.iterfind(f".//*[@{BLOCK}]"):
            block = element.get(BLOCK)
            names = [*([ids[block]] if block in ids else []), *formers.get(block, ())]
            if block in ids and element.tag != "figcaption" and not element.get("id"):
                element.set("id", names.pop(0))
            _anchor(element, names)
        _anchor(body, formers.get("", ()))


def _anchor(element: Element, names: Sequence[str]) -> None:
    for number, name in enumerate(names):
        span = etree.Element("span", {"class": "anchor", "id": name})
        if not number:
            span.tail, element.text = element.text, None
        element.insert(number, span)
