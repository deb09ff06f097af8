"""The shapes of a section's tree: blocks of words, and blocks of blocks."""

import copy
from collections.abc import Sequence

from lxml import etree

from octavo.markdown.finish import BLOCKS, CONTAINERS
from octavo.markdown.tree import Element

STRUCTURE = BLOCKS | CONTAINERS | {"div", "tr", "thead", "tbody", "dl", "hr"}
"""What stands as a block; in figures pictures do too."""


def is_block(element: Element) -> bool:
    """Tell whether an element stands as a block."""
    if element.tag == "img":
        return element.getparent() is not None and element.getparent().tag == "figure"
    return element.tag in STRUCTURE


def is_leaf(element: Element) -> bool:
    """Tell whether a block holds words, and no blocks."""
    if element.tag in {"hr", "img", "table", "tr", "thead", "tbody", "ul", "ol", "dl"}:
        return False
    return not any(is_block(child) for child in element)


def parts(element: Element) -> Sequence[Element]:
    """Give the blocks in a block; words that stand between them as copies, each a ``<run>``."""
    found: list[Element] = []
    run: Element | None = None
    if (element.text or "").strip():
        run = etree.Element("run")
        run.text = element.text
        found.append(run)
    for child in element:
        if is_block(child):
            run = None
            found.append(child)
            if not (child.tail or "").strip():
                continue
            run = etree.Element("run")
            run.text = child.tail
            found.append(run)
            continue
        if run is None:
            run = etree.Element("run")
            found.append(run)
        run.append(copy.deepcopy(child))
    return found


def shell(element: Element) -> Element:
    """Give an element without what is in it."""
    made = etree.Element(element.tag)
    for name, value in element.attrib.items():
        made.set(name, value)
    return made
