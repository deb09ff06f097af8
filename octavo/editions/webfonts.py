"""Which characters a web edition or an EPUB sets in which style, and the fonts that follow.

The stylesheets of these editions keep to what is laid down here: bold are the elements of
:data:`BOLD` alone; italic are those of :data:`ITALIC`, and may be those of :data:`DISPLAY`; nothing
is set in capitals by ``text-transform``, and what a stylesheet adds to the text is in
:data:`GENERATED`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

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

GENERATED = "0123456789.—(/:)"
"""What lists are numbered with, the dash before a quotation's source, what stands around addresses
on paper; always in roman."""

_UNSEEN = tuple(f"{{*}}{name}" for name in ("head", "script", "style", "template"))
_STYLED = ITALIC | BOLD | DISPLAY
_PARSER = etree.XMLParser(remove_comments=True, remove_pis=True, huge_tree=True)


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
        found = _characters(document)
        for style, characters in found.by_style:
            used.setdefault(style, set()).update(characters)
        simplified |= found.simplified
    return web_fonts(used, faces, kept, simplified)


@dataclass(frozen=True)
class _Characters:
    """The characters of a document by style, and those that are simplified Chinese."""

    by_style: tuple[tuple[TextStyle, frozenset[str]], ...]
    simplified: frozenset[str]


@lru_cache(maxsize=2**6)
def _characters(document: str) -> _Characters:
    """Find the characters of a document; a process that stays looks at each once."""
    root = etree.fromstring(document.encode(), _PARSER)
    etree.strip_elements(root, *_UNSEEN, with_tail=False)
    used: dict[TextStyle, set[str]] = {}
    used["normal"] = set(etree.tostring(root, encoding="unicode", method="text"))
    for element in root.iter(*(f"{{*}}{name}" for name in _STYLED)):
        style = _style(etree.QName(parent).localname for parent in _line(element))
        used.setdefault(style, set()).update(*_own_text(element))
    simplified: set[str] = set()
    for element in root.iterfind(".//*[@lang]"):
        if (element.get("lang") or "").lower().startswith(SIMPLIFIED):
            simplified.update("".join(element.itertext()))
    by_style = tuple((style, frozenset(characters)) for style, characters in used.items())
    return _Characters(by_style, frozenset(simplified))


def _own_text(element: Element) -> Iterator[str]:
    """Give the text in an element that no element within it sets in a style of its own."""
    yield element.text or ""
    for child in element:
        if etree.QName(child).localname not in _STYLED:
            yield from _own_text(child)
        yield child.tail or ""


def _line(element: Element) -> Iterator[Element]:
    """Give an element and all around it."""
    yield element
    yield from element.iterancestors()


def _style(names: Iterable[str]) -> TextStyle:
    """Give the style of what stands within elements of these names."""
    found = set(names)
    italic = not found.isdisjoint(ITALIC | DISPLAY)
    if not found.isdisjoint(BOLD):
        return "bold-italic" if italic else "bold"
    return "italic" if italic else "normal"
