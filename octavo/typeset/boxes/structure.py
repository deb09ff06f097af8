"""Writes a section's structure tree and its links' annotations into its PDF.

Numbers of the parent tree count from 0 in each section: first its pages, then its annotations;
``reading_pdf`` shifts them.  The ids of elements stand in the tree's root under ``Ids``, until the
whole book's tree of ids is made of them (ISO 32000-1 §14.7.2, table 322); and under ``Pictures``
the pictures, each with its page, as their places are moved with the text.
"""

from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element

import pydyf

from octavo.typeset import text
from octavo.typeset.boxes.drawing import Document
from octavo.typeset.tags import Annotation, Content, Link, Tag

_PRINT = 1 << 2
"""The flag of an annotation that is printed, as PDF/A wants it (ISO 19005-2 §6.3.2)."""


def write(document: Document, root: Tag, links: Sequence[Sequence[Link]], body: Element) -> None:
    """Write a section's structure, and the annotations that it refers to, into its PDF."""
    _Writer(document, links, body).write(root)


class _Writer:
    def __init__(self, document: Document, links: Sequence[Sequence[Link]], body: Element) -> None:
        self._pdf = document.pdf
        self._pages = document.pages
        words = {text.number_of(element): _words(element) for element in body.iter("a")}
        self._annotations = [
            [self._annotation(link, words[link.element]) for link in linked] for linked in links
        ]
        for page, annotations in zip(self._pages, self._annotations, strict=True):
            if annotations:
                page["Annots"] = pydyf.Array(annotation.reference for annotation in annotations)
        self._content: list[dict[int, bytes]] = [{} for _ in self._pages]
        self._owners: list[tuple[Any, bytes]] = []
        self._ids: list[Any] = []
        self._pictures: list[Any] = []

    def write(self, root: Tag) -> None:
        tree = self._add({"Type": "/StructTreeRoot"})
        tree["K"] = pydyf.Array([self._element(root, tree.reference)])
        numbers: list[Any] = []
        for index, (page, content) in enumerate(zip(self._pages, self._content, strict=True)):
            page["StructParents"] = index
            page["Tabs"] = "/S"
            numbers += [index, pydyf.Array(content[mcid] for mcid in sorted(content))]
        for number, (annotation, owner) in enumerate(self._owners, start=len(self._pages)):
            annotation["StructParent"] = number
            numbers += [number, owner]
        tree["ParentTree"] = self._add({"Nums": pydyf.Array(numbers)}).reference
        tree["Ids"] = pydyf.Array(self._ids)
        tree["Pictures"] = pydyf.Array(self._pictures)
        self._pdf.catalog["StructTreeRoot"] = tree.reference

    def _add(self, values: dict[str, Any]) -> Any:
        made = pydyf.Dictionary(values)
        self._pdf.add_object(made)
        return made

    def _element(self, tag: Tag, parent: bytes) -> bytes:
        element = self._add({"S": f"/{tag.kind}", "P": parent})
        reference: bytes = element.reference
        page = next((kid.page for kid in tag.kids if not isinstance(kid, Tag)), None)
        if page is not None:
            element["Pg"] = self._pages[page].reference
        if tag.id:
            element["ID"] = pydyf.String(tag.id)
            self._ids += [pydyf.String(tag.id), reference]
        if tag.language:
            element["Lang"] = pydyf.String(tag.language)
        if tag.kind == "Figure":
            element["Alt"] = pydyf.String(tag.alternative)
        if tag.picture and page is not None:
            self._pictures += [reference, page]
        attributes = _attributes(tag)
        if attributes:
            element["A"] = attributes[0] if len(attributes) == 1 else pydyf.Array(attributes)
        kids = [self._kid(kid, page, reference) for kid in tag.kids]
        if kids:
            element["K"] = kids[0] if len(kids) == 1 else pydyf.Array(kids)
        return reference

    def _kid(self, kid: Tag | Content | Annotation, page: int | None, parent: bytes) -> Any:
        match kid:
            case Content():
                self._content[kid.page][kid.mcid] = parent
                if kid.page == page:
                    return kid.mcid
                pg = self._pages[kid.page].reference
                return pydyf.Dictionary({"Type": "/MCR", "Pg": pg, "MCID": kid.mcid})
            case Annotation():
                annotation = self._annotations[kid.page][kid.index]
                self._owners.append((annotation, parent))
                found = {"Type": "/OBJR", "Obj": annotation.reference}
                if kid.page != page:
                    found["Pg"] = self._pages[kid.page].reference
                return pydyf.Dictionary(found)
        return self._element(kid, parent)

    def _annotation(self, link: Link, words: str) -> Any:
        values = {
            "Type": "/Annot",
            "Subtype": "/Link",
            "Rect": pydyf.Array(link.rectangle),
            "Border": pydyf.Array([0, 0, 0]),
            "F": _PRINT,
            "Contents": pydyf.String(words),
        }
        if link.address.startswith("#"):
            values["Dest"] = pydyf.String(link.address[1:])
        else:
            uri = pydyf.String(link.address)
            values["A"] = pydyf.Dictionary({"S": "/URI", "URI": uri})
        return self._add(values)


def _words(link: Element) -> str:
    """Say in words where a link leads: its label, or else its own words."""
    return link.get("aria-label") or " ".join("".join(link.itertext()).split())


def _attributes(tag: Tag) -> list[Any]:
    found = []
    table: dict[str, Any] = {}
    if tag.scope:
        table["Scope"] = f"/{tag.scope}"
    for name, span in zip(("ColSpan", "RowSpan"), tag.spans, strict=True):
        if span > 1:
            table[name] = span
    if table:
        found.append(pydyf.Dictionary({"O": "/Table", **table}))
    if tag.picture:
        found.append(pydyf.Dictionary({"O": "/Layout", "BBox": pydyf.Array(tag.picture)}))
    if tag.decoration:
        lines = {"O": "/Layout", "TextDecorationType": f"/{tag.decoration}"}
        found.append(pydyf.Dictionary(lines))
    return found
