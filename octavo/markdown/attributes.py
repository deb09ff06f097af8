"""Attribute lists behind blocks and inline elements: ``{#id .class lang=vi}``.

Python-Markdown's, with a word for what it knows nothing of: names that are none of ours, and the
classes that the tree itself uses (see ``tree``).
"""

from xml.etree import ElementTree

from markdown import Markdown
from markdown.extensions.attr_list import AttrListTreeprocessor, get_attrs_and_remainder

from octavo.markdown.reading import Reading
from octavo.problems import Span

KNOWN = {"id", "lang", "class", "."}
TREE_CLASSES = set(
    "citation note-call note-text note-definition cross-reference figure table quotation".split()
)
"""What gives an element a meaning that an attribute list cannot give."""


class Attributes(AttrListTreeprocessor):
    """Gives elements the attributes of the list behind them, as far as they are known."""

    def __init__(self, md: Markdown, reading: Reading) -> None:
        """Keep the reading for marks and problems."""
        super().__init__(md)
        self.reading = reading
        self._spans: dict[ElementTree.Element, Span] = {}

    def run(self, doc: ElementTree.Element) -> None:
        """Remember where each element stands, since the tree knows no parents; then go on."""
        self._place(doc, Span(self.reading.path))
        super().run(doc)
        self._spans.clear()

    def _place(self, element: ElementTree.Element, around: Span) -> None:
        self._spans[element] = self.reading.marks.first(element.text or "") or around
        for child in element:
            self._place(child, self._spans[element])

    def assign_attrs(
        self, elem: ElementTree.Element, attrs_string: str, *, strict: bool = False
    ) -> str:
        """Leave out, and report, what is not known; give the text that is no attribute list."""
        attributes, remainder = get_attrs_and_remainder(self.reading.marks.remove(attrs_string))
        if strict and remainder:
            return remainder
        span = self._spans[elem]
        for name, value in attributes:
            if value is not None and name == "to" and (elem.get("href") or "").startswith("#"):
                elem.set("data-to", f"#{value.removeprefix('#')}")
            elif value is None or not (name in KNOWN or (name == "alt" and elem.tag == "img")):
                message, hint = f'unknown attribute "{name}"', "known here: #id, .class, lang"
                self.reading.error("attribute-is-known", message, span, hint)
            elif name in {".", "class"}:
                self._add_classes(elem, value, span)
            else:
                elem.set(name, value)
        self.reading.check_language(elem.get("lang"), span)
        return remainder

    def _add_classes(self, elem: ElementTree.Element, value: str, span: Span) -> None:
        for name in sorted(set(value.split()) & TREE_CLASSES):
            message = f"the class .{name} is not to be given by hand"
            self.reading.error("attribute-is-known", message, span, "use a class of another name")
        own = [name for name in value.split() if name not in TREE_CLASSES]
        if classes := " ".join([*(elem.get("class") or "").split(), *own]):
            elem.set("class", classes)
