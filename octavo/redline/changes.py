"""What has changed, as a list tells it: what kind of change, where, in which words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from octavo.markdown.tree import MarkKind

Where = Literal["text", "title", "heading", "note", "table", "figure", "quotation", "bibliography"]

CONTEXT = 5
"""How many words a list quotes on either side of a change."""

LONGEST = 14
"""How many words of a change itself a list quotes."""


@dataclass(frozen=True)
class Change:
    """One change of a section: ``mark`` is the index of its mark.

    ``note`` is the number of the note in which it stands, 0 for none; ``heading`` the id of the
    heading that it stands below, ``""`` for none.  ``old`` and ``new`` are the words that go and
    that come, ``before`` and ``after`` some of those around them.  ``is_whole`` tells whether a
    whole block has come or gone.
    """

    mark: int
    kind: MarkKind
    where: Where
    note: int
    heading: str
    old: str = ""
    new: str = ""
    before: str = ""
    after: str = ""
    old_words: int = 0
    new_words: int = 0
    is_whole: bool = False


def shortened(words: str, longest: int = LONGEST) -> str:
    """Give the beginning and the end of many words, with an ellipsis between."""
    found = words.split(" ")
    if len(found) <= longest:
        return words
    half = longest // 2
    return f"{' '.join(found[:half])} … {' '.join(found[-half:])}"


def total(changes: Sequence[Change]) -> tuple[int, int]:
    """Give how many words have come, and how many have gone; what has moved is neither."""
    counted = [change for change in changes if change.kind not in {"moved-to", "moved-from"}]
    return sum(one.new_words for one in counted), sum(one.old_words for one in counted)
