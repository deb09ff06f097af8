"""Citations: ``[see @gras1979, 798; -@b, vol. 1, 265]`` and, in a sentence, ``@gras1979 [798]``.

Pandoc's syntax (Pandoc User's Guide, "Citation syntax").  Quarto's prefixes ``@sec-``, ``@tbl-``,
``@fig-`` are no works but cross references, and left to those.
"""

import re
from xml.etree import ElementTree

from markdown.inlinepatterns import InlineProcessor
from markdown.util import ETX, INLINE_PLACEHOLDER_RE, STX

from octavo.markdown.positions import MARK, OPTIONAL_MARK
from octavo.markdown.reading import Reading, closing
from octavo.markdown.tree import Citation, CitedWork
from octavo.problems import Span

CROSS_REFERENCE = r"(?:sec|tbl|fig|ch|fn)-"
KEY = r"(?:\{(?P<braced>[^{}\s]+)\}|(?P<plain>\w(?:[\w]|[:.#$%&+?<>~/-](?=\w))*))"
_CITED = re.compile(rf"(?:^|(?<=\s)|(?<=[(\[]))(?P<no_author>-)?(?P<at>{OPTIONAL_MARK}@){KEY}")


def _element(reading: Reading, citation: Citation) -> ElementTree.Element:
    reading.citations.append(citation)
    element = ElementTree.Element("span", {"class": "citation"})
    element.set("data-citation", str(len(reading.citations) - 1))
    if citation.in_text:
        element.set("data-in-text", "true")
    return element


def _plain(text: str, reading: Reading, span: Span) -> str:
    """Give what stands around a key as text; report what cannot stand there."""
    if re.search(rf"{MARK}@", text):
        hint = "each part between semicolons names one work: [@key, 12; @other, 13]"
        reading.error("locator-has-work", "two works stand in one part", span, hint)
    if INLINE_PLACEHOLDER_RE.search(text):
        message = "a citation holds a cross reference, code or a note"
        hint = "write a note, [^n] or ^[…], with the citation and the rest in it"
        reading.error("citation-is-text", message, span, hint)
        text = INLINE_PLACEHOLDER_RE.sub("", text)
    text = re.sub(f"{STX}(\\d+){ETX}", lambda escaped: chr(int(escaped[1])), text)
    return " ".join(reading.marks.remove(text).split())


class BracketedCitation(InlineProcessor):
    """``[@a, 12; see @b]``: one element, whatever the number of works."""

    def __init__(self, reading: Reading) -> None:
        """Match a marked ``[`` (or ``-``-led bracket); the handler looks for the works."""
        super().__init__(rf"{MARK}\[(?!\^)")
        self.reading = reading

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Python-Markdown's name
        self, m: re.Match[str], data: str
    ) -> tuple[ElementTree.Element | None, int | None, int | None]:
        """Read the works up to the closing bracket; refuse what is no citation."""
        end = closing(data, m.end())
        inner = data[m.end() : end]
        if end < 0 or data[end + 1 : end + 2] in {"(", "{"} or not _CITED.search(inner):
            return None, None, None
        if re.search(rf"{MARK}@{CROSS_REFERENCE}", inner):
            return None, None, None
        span = self.reading.span(m[1])
        works = [self._work(part, m[1]) for part in re.split(r";", inner)]
        citation = Citation(tuple(work for work in works if work), False, span)
        return _element(self.reading, citation), m.start(), end + 1

    def _work(self, part: str, mark: str) -> CitedWork | None:
        found = _CITED.search(part)
        span = self.reading.marks.first(part) or self.reading.span(mark)
        if not found:
            text = _plain(part, self.reading, span)
            hint = "each part between semicolons names a work: [@key, 12; @other, 13]"
            message = f'"{text}" stands in a citation and names no work'
            self.reading.error("locator-has-work", message, span, hint)
            return None
        return CitedWork(
            key=found["braced"] or found["plain"],
            prefix=_plain(part[: found.start()], self.reading, span),
            suffix=_plain(part[found.end() :], self.reading, span).lstrip(",").lstrip(),
            author=not found["no_author"],
        )


class TextCitation(InlineProcessor):
    """``@gras1979 [798]``: the author stands in the sentence, the rest where the style has it."""

    def __init__(self, reading: Reading) -> None:
        """Match a marked ``@`` with a key that is no cross reference's."""
        super().__init__(
            rf"{MARK}@(?!{CROSS_REFERENCE}){KEY}(?:(?P<space>\s){OPTIONAL_MARK}(?P<open>\[))?"
        )
        self.reading = reading

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Python-Markdown's name
        self, m: re.Match[str], data: str
    ) -> tuple[ElementTree.Element, int, int]:
        """Read the key, and the locator in brackets if there is one."""
        end, suffix = m.end(), ""
        if m["open"]:
            close = closing(data, end)
            if close > 0:
                suffix = _plain(data[end:close], self.reading, self.reading.span(m[1]))
                end = close + 1
            else:
                end = m.start("space")
        work = CitedWork(m["braced"] or m["plain"], suffix=suffix)
        citation = Citation((work,), True, self.reading.span(m[1]))
        return _element(self.reading, citation), m.start(), end
