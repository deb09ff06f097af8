"""Which characters a web edition or an EPUB sets in which style, and the fonts that follow.

The stylesheets of these editions keep to what is laid down here: bold are the elements of
:data:`BOLD` alone; italic are those of :data:`ITALIC`, and may be those of :data:`DISPLAY`; nothing
is set in capitals by ``text-transform``, and what a stylesheet adds to the text is in
:data:`GENERATED`.
"""

from collections.abc import Iterable, Iterator

from lxml import etree

from octavo.fonts import SIMPLIFIED, Face, TextStyle, WebFont, web_fonts
from octavo.markdown.tree import Element
from octavo.store import Store

ITALIC = frozenset({"i", "em", "cite", "dfn", "var", "address"})
"""Elements in italic, as in HTML's own stylesheet (HTML §15.3)."""

BOLD = frozenset({"b", "strong"})
"""Elements in bold."""

DISPLAY = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "figcaption"})
"""Elements that a stylesheet may set in roman or in italic; their characters are in both fonts."""

GENERATED = "0123456789.—"
"""What lists are numbered with, and the dash before a quotation's source; always in roman."""

_UNSEEN = frozenset({"head", "script", "style", "template"})


def webfonts(
    documents: Iterable[str], faces: tuple[Face, ...], kept: Store | None = None
) -> tuple[WebFont, ...]:
    """Give the subset fonts that ``documents``, XHTML texts, need; see ``fonts.web_fonts``.

    The roman font has every character of the documents, so that nothing lacks a glyph where a
    style is turned back (roman words in an italic heading).

    Raises ``lxml.etree.XMLSyntaxError`` if a document is not well-formed, ``ValueError`` if
    ``faces`` lacks a style.
    """
    used: dict[TextStyle, set[str]] = {"normal": set(GENERATED)}
    simplified: set[str] = set()
    for document in documents:
        tree = etree.fromstring(document.encode())
        for style, text in _runs(tree, "normal"):
            used.setdefault(style, set()).update(text)
        for element in tree.iter(etree.Element):
            if (element.get("lang") or "").lower().startswith(SIMPLIFIED):
                simplified.update("".join(element.itertext()))
    used["normal"] = set().union(*used.values())
    return web_fonts(used, faces, kept, simplified)


def _runs(element: Element, around: TextStyle) -> Iterator[tuple[TextStyle, str]]:
    """Give the texts below an element with their styles; ``around`` is its parent's style."""
    if not isinstance(element.tag, str):
        return
    name = etree.QName(element).localname
    if name in _UNSEEN:
        return
    style = _style(name, around)
    yield style, element.text or ""
    for child in element:
        yield from _runs(child, style)
        yield style, child.tail or ""


def _style(name: str, around: TextStyle) -> TextStyle:
    italic = "italic" in around or name in ITALIC or name in DISPLAY
    bold = "bold" in around or name in BOLD
    if bold:
        return "bold-italic" if italic else "bold"
    return "italic" if italic else "normal"
