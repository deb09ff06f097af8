"""Raw HTML is no part of a manuscript: each tag is named; entities become their characters."""

import html
import re

from markdown.inlinepatterns import ENTITY_RE, HTML_RE, InlineProcessor

from octavo.markdown.reading import Reading


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
        before = re.findall("\ue000([\ue010-\ue019]+)\ue001", data[: m.start()])
        tag = self.reading.marks.remove(m[1])
        hint = r"use Markdown, or write \< for the sign itself"
        span = self.reading.span(before[-1] if before else None)
        self.reading.error("text-is-markdown", f"raw HTML: {tag[:40]}", span, hint)
        return "", m.start(0), m.end(0)


class Entity(InlineProcessor):
    """``&nbsp;`` and its like."""

    def __init__(self) -> None:
        """Match a named or numbered entity."""
        super().__init__(ENTITY_RE)

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Python-Markdown's name
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        """Give the character."""
        return html.unescape(m[0]), m.start(0), m.end(0)
