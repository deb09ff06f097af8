"""Spans: ``[text]{.smallcaps}``, ``[越南]{lang=zh-Hant}``, ``[text]{#id}`` (pandoc's syntax).

``[155,000]{value=guns}`` marks a value that stands in other places too (see ``checks.values``).

Index marks have the same form and are not supported yet: their text is printed, they are named.
"""

import re
from xml.etree import ElementTree

from markdown.inlinepatterns import InlineProcessor

from octavo.markdown.positions import MARK
from octavo.markdown.reading import ATTRIBUTES, Reading, closing, say_where, set_attributes

INDEX_MARKS = {"index", "index-start", "index-end", "noindex"}
CLASSES = {"smallcaps"}
DEPTH = 3
"""How deep spans may stand in spans: Python-Markdown applies a pattern once to a level."""


class BracketedSpan(InlineProcessor):
    """``[text]{attributes}``: an element with just those attributes."""

    def __init__(self, reading: Reading) -> None:
        """Match a marked ``[``; the handler looks for the attribute list behind its end."""
        super().__init__(rf"{MARK}\[")
        self.reading = reading

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Python-Markdown's name
        self, m: re.Match[str], data: str
    ) -> tuple[ElementTree.Element | None, int | None, int | None]:
        """Give the span; refuse brackets without attributes."""
        end = closing(data, m.end())
        attributes = ATTRIBUTES.match(data, end + 1) if end >= 0 else None
        if not attributes:
            return None, None, None
        span = ElementTree.Element("span")
        set_attributes(span, self.reading.marks.remove(attributes["list"]))
        span.text = data[m.end() : end]
        self._check(span, m[1])
        return span, m.start(), attributes.end()

    def _check(self, element: ElementTree.Element, digits: str) -> None:
        span = self.reading.span(digits)
        classes = set((element.get("class") or "").split())
        if marks := classes & INDEX_MARKS:
            name = sorted(marks)[0]
            message = f"index marks (.{name}) are not supported yet; the text is printed plain"
            self.reading.warn("syntax-is-supported", message, span)
            for attribute in ("term", "sub", "see", "see-also"):
                element.attrib.pop(attribute, None)
            classes -= INDEX_MARKS
        for unknown in sorted(classes - CLASSES - {"main"}):
            hint = f"known here: {', '.join('.' + name for name in sorted(CLASSES))}"
            self.reading.error("span-class-is-known", f"unknown class .{unknown}", span, hint)
        self.reading.check_language(element.get("lang"), span)
        for name in sorted(set(element.keys()) - {"class", "id", "lang", "value"}):
            message = f'unknown attribute "{name}" of a span'
            hint = "known here: lang, value, #id, .class"
            self.reading.error("attribute-is-known", message, span, hint)
            del element.attrib[name]
        kept = " ".join(sorted(classes & CLASSES))
        element.attrib.pop("class", None)
        if kept:
            element.set("class", kept)
        if "value" in element.attrib:
            element.set("data-value", element.attrib.pop("value"))
        if element.attrib.keys() & {"id", "lang", "data-value"}:
            say_where(element, span, self.reading.path)
