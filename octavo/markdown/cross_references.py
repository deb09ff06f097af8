"""Cross references: ``[](#sec-salt)``, with ``{.page}`` or ``{.title}``, and ``@sec-salt``.

A range has its last target in the attribute list: ``[](#fig-a){to="#fig-c"}``.

The forms of MyST (a link without text) and of Quarto (a key with a known prefix).
"""

import re
from xml.etree import ElementTree

from markdown.inlinepatterns import InlineProcessor

from octavo.markdown.citations import CROSS_REFERENCE
from octavo.markdown.positions import MARK, OPTIONAL_MARK
from octavo.markdown.reading import Reading, say_where


class LinkWithoutText(InlineProcessor):
    """``[](#sec-salt)``; the form is given by a class in an attribute list behind it."""

    def __init__(self, reading: Reading) -> None:
        """Match a marked empty link to an id."""
        super().__init__(rf"{MARK}\[\]\(#(?P<id>[^)\s]+)\)")
        self.reading = reading

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Python-Markdown's name
        self, m: re.Match[str], data: str
    ) -> tuple[ElementTree.Element, int, int]:
        """Give the cross reference, unresolved."""
        return _element(self.reading, m[1], m["id"]), m.start(), m.end()


class KeyedReference(InlineProcessor):
    """``@sec-salt``, also in brackets, ``[@sec-salt]``."""

    def __init__(self, reading: Reading) -> None:
        """Match a marked ``@`` with a known prefix."""
        key = rf"(?P<id>{CROSS_REFERENCE}\w+(?:[.:-]\w+)*)"
        super().__init__(rf"(?:{OPTIONAL_MARK}\[)?{MARK}@{key}(?:(?<=\w)\])?")
        self.reading = reading

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Python-Markdown's name
        self, m: re.Match[str], data: str
    ) -> tuple[ElementTree.Element | None, int | None, int | None]:
        """Give the cross reference, unresolved; a half-open bracket is none of ours."""
        if ("[" in m[0]) != m[0].endswith("]"):
            start = m.start() + m[0].find(next(iter(re.findall(MARK, m[0])))) - 1
            bare = re.compile(rf"{MARK}@").search(data, start)
            if not bare:
                return None, None, None
            end = m.end() - m[0].endswith("]")
            return _element(self.reading, bare[1], m["id"]), bare.start(), end
        digits = re.findall(MARK, m[0])[-1]
        return _element(self.reading, digits, m["id"]), m.start(), m.end()


def _element(reading: Reading, digits: str, target: str) -> ElementTree.Element:
    element = ElementTree.Element("a", {"class": "cross-reference", "href": f"#{target}"})
    say_where(element, reading.span(digits), reading.path)
    return element
