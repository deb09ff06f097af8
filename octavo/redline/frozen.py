"""What has gone, as it was printed: no ids, no calls, no numbers that could touch the text's own.

A note that has gone stands in its place as ``<span class="removed-note">``, a citation and a cross
reference as their words, a picture as what is said of it.
"""

from collections.abc import Iterable, Sequence

from lxml import etree

from octavo.markdown.tree import Element
from octavo.redline import weaving
from octavo.redline.homes import Home
from octavo.redline.tokens import Token, Wrapper, of_block
from octavo.redline.trees import is_leaf, parts

REMOVED_NOTE = "removed-note"

NO_WORDS = "* * *"
"""What stands for what had no words: a line between paragraphs."""

PARAGRAPH_END = "paragraph-end"

_KEPT = ("lang",)


def inline(tokens: Iterable[Token], home: Home) -> Element:
    """Give tokens as a ``<span>`` of what was printed."""
    span = etree.Element("span")
    weaving.weave(span, [weaving.Thread((), token) for token in tokens], _Frozen(home))
    return span


def block(element: Element, home: Home) -> Element:
    """Give a block as it was printed, with all blocks in it."""
    if element.tag == "hr":
        made = etree.Element("p")
        made.text = NO_WORDS
        return made
    if is_leaf(element):
        made = inline(of_block(element, home), home)
        made.tag = "span" if element.tag == "run" else element.tag
    elif (
        element.tag == "figure"
        and element.find("table") is None
        and element.find("img") is not None
    ):
        return _picture(element, home)
    else:
        made = etree.Element(element.tag)
        for child in parts(element):
            if child.tag == "run":
                made.append(inline(of_block(child, home), home))
            else:
                made.append(block(child, home))
    for name in (*_KEPT, *(("class",) if element.tag not in {"figure"} else ())):
        if element.get(name):
            made.set(name, element.get(name))
    return made


def _picture(figure: Element, home: Home) -> Element:
    """Give what is said of a picture: its caption, or its alternative text."""
    caption, picture = figure.find("figcaption"), figure.find(".//img")
    if caption is not None:
        made = inline(of_block(caption, home), home)
    else:
        made = etree.Element("span")
        made.text = picture.get("alt") or picture.get("src")
    made.tag = "p"
    return made


class _Frozen:
    """Writes wrappers and atoms of text that has gone."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def wrapper(self, wrapper: Wrapper, *, again: bool) -> Element | None:
        """Give a wrapper as far as a reader saw it; links within the book lead nowhere now."""
        element = wrapper.element
        href = element.get("href") or ""
        if element.tag == "a" and not href.startswith(("http:", "https:", "mailto:")):
            return None
        made = etree.Element(element.tag)
        for name in ("class", "lang", "href"):
            if element.get(name):
                made.set(name, element.get(name))
        return made

    def atom(self, token: Token) -> Sequence[Element | str]:
        """Give what was printed in an atom's place."""
        if token.kind == "hidden":
            return []
        if token.kind == "break":
            return [etree.Element("span", {"class": PARAGRAPH_END})]
        note = self._home.note(token.element)
        if note is not None:
            made = etree.Element("span", {"class": REMOVED_NOTE})
            for number, piece in enumerate(self._home.note_blocks(note)):
                if number:
                    _add(made, " ")
                for child in contents(inline(of_block(piece, self._home), self._home)):
                    _add(made, child)
            return [made]
        formatted = self._home.formatted(token.element)
        if formatted is not None:
            return contents(inline(of_block(formatted, self._home), self._home))
        if token.element.tag == "br":
            return [etree.Element("br")]
        return [token.text]


def contents(element: Element) -> list[Element | str]:
    """Give what is in an element, which is to be used no more: elements and words in turn."""
    found: list[Element | str] = [element.text or ""]
    for child in list(element):
        tail, child.tail = child.tail, None
        found += [child, tail or ""]
    return found


def _add(parent: Element, part: Element | str) -> None:
    weaving.add(parent, part)
