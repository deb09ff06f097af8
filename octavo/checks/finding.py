"""What a check of words finds."""

from dataclasses import dataclass

from octavo.problems import Span
from octavo.prose.passages import Passage


@dataclass(frozen=True)
class Finding:
    """Something in a passage: its characters from ``start`` up to ``end``, and what it is."""

    passage: Passage
    start: int
    end: int
    message: str
    hint: str = ""

    @property
    def words(self) -> str:
        """Give the characters, as the passage has them."""
        return self.passage.text[self.start : self.end]

    @property
    def span(self) -> Span:
        """Give their place in the source."""
        return self.passage.span(self.start, self.end)
