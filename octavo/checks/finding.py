"""What a check of words finds."""

from dataclasses import dataclass

from octavo.prose.passages import Passage


@dataclass(frozen=True)
class Finding:
    """Something in a passage: its characters from ``start`` up to ``end``, and what it is."""

    passage: Passage
    start: int
    end: int
    message: str
    hint: str = ""
