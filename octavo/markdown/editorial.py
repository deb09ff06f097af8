"""CriticMarkup: ``{++added++}`` ``{--deleted--}`` ``{~~old~>new~~}`` ``{>>comment<<}`` ``{==x==}``.

Not supported yet: the text is read as if every change were accepted, and each mark is named.
"""

import re
from xml.etree import ElementTree

from markdown.inlinepatterns import InlineProcessor

from octavo.markdown.positions import MARK
from octavo.markdown.reading import Reading

_FORMS = (
    r"\+\+(?P<added>.*?)\+\+",
    r"--(?P<deleted>.*?)--",
    r"~~(?P<old>.*?)~>(?P<new>.*?)~~",
    r">>(?P<comment>.*?)<<",
    r"==(?P<highlighted>.*?)==",
)
_OPENING = r"(?P<opening>\+\+|--(?!\})|~~|>>|==)"


class EditorialMark(InlineProcessor):
    """Any of the five forms."""

    def __init__(self, reading: Reading) -> None:
        """Match a marked opening brace with one of the forms inside."""
        super().__init__(rf"{MARK}\{{(?:(?:{'|'.join(_FORMS)})\}}|{_OPENING})")
        self.reading = reading

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Python-Markdown's name
        self, m: re.Match[str], data: str
    ) -> tuple[ElementTree.Element, int, int]:
        """Give what stays when the change is accepted; report one that ends in no paragraph."""
        kept = ElementTree.Element("span")
        if m["opening"]:
            message = "this editorial mark is not closed in its paragraph"
            self.reading.error("editorial-mark-is-closed", message, self.reading.span(m[1]))
            return kept, m.start(), m.end()
        message = "editorial marks are not supported yet; the change is taken as accepted"
        hint = "accept or reject it in the text"
        self.reading.warn("syntax-is-supported", message, self.reading.span(m[1]), hint)
        kept.text = m["added"] or m["new"] or m["highlighted"] or ""
        return kept, m.start(), m.end()
