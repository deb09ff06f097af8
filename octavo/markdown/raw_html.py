"""Raw HTML is no part of a manuscript: each tag is named; entities become their characters."""

import html
import re
from html.entities import html5

from markdown.inlinepatterns import ENTITY_RE, HTML_RE, InlineProcessor

from octavo.markdown.reading import Reading
from octavo.printable import RESERVED
from octavo.problems import Span


def _before(data: str, at: int, reading: Reading) -> Span:
    """Give the place of the nearest mark before ``at``."""
    marks = re.findall("\ue000([\ue010-\ue019]+)\ue001", data[:at])
    return reading.span(marks[-1] if marks else None)


class RawTag(InlineProcessor):
    """An HTML tag in the text: reported, and left out."""

    def __init__(self, reading: Reading) -> None:
        """Match what Python-Markdown takes for a tag."""
        super().__init__(HTML_RE)
        self.reading = reading

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Python-Markdown's name
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        """Report the tag at the nearest mark before it."""
        tag = self.reading.marks.remove(m[1])
        hint = r"use Markdown, or write \< for the sign itself"
        span = _before(data, m.start(), self.reading)
        self.reading.error("text-is-markdown", f"raw HTML: {tag[:40]}", span, hint)
        return "", m.start(0), m.end(0)


class Entity(InlineProcessor):
    """``&nbsp;`` and its like."""

    def __init__(self, reading: Reading) -> None:
        """Match a named or numbered entity."""
        super().__init__(ENTITY_RE)
        self.reading = reading

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Python-Markdown's name
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        """Give the character; report what names none that can be printed."""
        known = m[1].startswith("&#") or m[1][1:] in html5
        sign = html.unescape(m[1]) if known else ""
        if not sign or RESERVED.search(sign):
            hint = r"write \& for the sign itself"
            span = _before(data, m.start(), self.reading)
            self.reading.error("entity-is-known", f"{m[1]} is no character", span, hint)
            sign = m[1]
        return sign.replace("&", "&amp;"), m.start(0), m.end(0)
