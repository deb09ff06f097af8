"""Names of Office Open XML (ECMA-376): namespaces, types of parts and of relations; elements."""

from lxml import etree

from octavo.markdown.tree import Element

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
XML = "http://www.w3.org/XML/1998/namespace"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
MANUSCRIPT = "urn:octavo:manuscript"
STRICT = "http://purl.oclc.org/ooxml/"
"""How the namespaces of the strict form begin (ECMA-376 part 1), which few programs write."""

NAMESPACES = {"w": W, "r": R, "wp": WP, "a": A, "pic": PIC}


def w(name: str) -> str:
    """Give the full name of an element or attribute of WordprocessingML."""
    return f"{{{W}}}{name}"


def new(name: str, /, *children: Element, text: str | None = None, **attributes: str) -> Element:
    """Make an element of WordprocessingML with attributes of that namespace."""
    element = etree.Element(w(name), {w(key): value for key, value in attributes.items()})
    element.text = text
    element.extend(children)
    return element


def root(name: str) -> Element:
    """Make the root of a part."""
    return etree.Element(w(name), nsmap=NAMESPACES)


def written(tree: Element) -> bytes:
    """Serialise a part."""
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
