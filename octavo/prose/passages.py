"""What the checks of words work on: passages, and the files that they stand in."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from octavo.problems import Span

CALL = "\ue100"
"""Stands in a passage for the call of a note, or for a citation that is one."""

THING = "\ue101"
"""Stands in a passage for what has no letters of its own: code, a picture, a reference."""

GONE = "\ue102"
"""Stands for each character of a comment while a text is read."""

Kind = Literal[
    "title", "heading", "paragraph", "item", "quotation", "note", "caption", "cell", "setting"
]
"""``setting``: words of a header, a file of settings or an attribute, printed as they stand."""


@dataclass(frozen=True)
class Lines:
    """A text, or a part of one: its file, and the line of the file on which it begins."""

    path: Path
    text: str
    first_line: int = 1

    @cached_property
    def _starts(self) -> Sequence[int]:
        starts = [0]
        while (at := self.text.find("\n", starts[-1])) >= 0:
            starts.append(at + 1)
        return starts

    def span(self, start: int, end: int) -> Span:
        """Give the place of the characters from ``start`` up to ``end``, on the first's line."""
        row = bisect_right(self._starts, start) - 1
        line_end = self._starts[row + 1] - 1 if row + 1 < len(self._starts) else len(self.text)
        width = max(min(end, line_end) - start, 0)
        return Span(self.path, self.first_line + row, start - self._starts[row] + 1, width)


@dataclass(frozen=True)
class Located:
    """A string whose characters stand at ``places`` of a text, which need not be one piece."""

    text: str
    places: Sequence[int]

    def part(self, start: int, end: int) -> "Located":
        """Give the characters from ``start`` up to ``end``."""
        return Located(self.text[start:end], self.places[start:end])


@dataclass(frozen=True)
class Foreign:
    """A stretch of a passage that is in another language, from ``start`` up to ``end``."""

    start: int
    end: int
    language: str


@dataclass(frozen=True)
class Passage:
    """Words that run on: a paragraph, a note, a cell …, without their markup.

    ``text`` has ``CALL`` and ``THING`` for what are no words, and spaces for line ends.
    ``literal`` are the indices of characters that a backslash, or an entity, protects.
    ``quoted``: a block quotation.  ``is_set``: typography turns its straight quotes and hyphens.
    """

    kind: Kind
    text: str
    lines: Lines
    places: Sequence[int]
    language: str
    foreign: tuple[Foreign, ...] = ()
    literal: frozenset[int] = frozenset()
    quoted: bool = False
    is_set: bool = True

    def span(self, start: int, end: int) -> Span:
        """Give the place in the source of the characters from ``start`` up to ``end``."""
        first = self.places[min(start, len(self.places) - 1)]
        last = self.places[end - 1] + 1 if start < end <= len(self.places) else first
        return self.lines.span(first, max(last, first))

    def language_at(self, index: int) -> str:
        """Give the language of a character: the innermost that is named around it."""
        around = [part for part in self.foreign if part.start <= index < part.end]
        return (
            min(around, key=lambda part: part.end - part.start).language
            if around
            else (self.language)
        )
