"""Quotation marks that open and are never closed, or close what nothing opened."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest

from octavo.checks.finding import Finding
from octavo.markdown.typography import PROTECTED, quotation_marks, signs
from octavo.prose.passages import CALL, THING, Passage

_MARK = re.compile("[\"'‘“”„‚«»]")

_NOTHING = "\0"
"""What typography overlooks."""


def unpaired(passages: Sequence[Passage]) -> Iterator[Finding]:
    """Find quotation marks without their other half.

    A quotation of several paragraphs opens in each and is closed in the last (Chicago 18, ch. 12).
    """
    for passage, following in zip_longest(passages, passages[1:]):
        if _MARK.search(passage.text):
            marks = _unpaired(*_given(passage))
            goes_on = following is not None and _goes_on(passage, following)
            for index in sorted([*marks.inner, *([] if goes_on else marks.outer)]):
                yield Finding(passage, index, index + 1, "this quotation mark is never closed")
            for index in marks.closing:
                message = "this quotation mark closes what nothing has opened"
                yield Finding(passage, index, index + 1, message)


def stretches(passage: Passage) -> Iterator[tuple[int, int]]:
    """Give the stretches of a passage that are quoted: a block quotation is one as a whole."""
    if passage.quoted:
        yield 0, len(passage.text)
    elif _MARK.search(passage.text):
        opening, closing, *_ = (mark.strip() for mark in quotation_marks(passage.language))
        opened: list[int] = []
        for index, sign in enumerate(_signs(passage)):
            if sign == opening:
                opened.append(index)
            elif sign == closing and opened:
                yield opened.pop(), index + 1
        if opened:
            yield opened[0], len(passage.text)


def _goes_on(passage: Passage, following: Passage) -> bool:
    """Tell whether the next passage is one more paragraph of a quotation."""
    opening = quotation_marks(following.language)[0].strip()
    is_like = passage.kind == following.kind and passage.lines.path == following.lines.path
    return is_like and _signs(following)[:1] == (opening,)


def _signs(passage: Passage) -> tuple[str, ...]:
    """Give a passage's characters as they are printed."""
    return _printed(*_given(passage))


def _given(passage: Passage) -> tuple[str, frozenset[int], str, bool]:
    return passage.text, passage.literal, passage.language, passage.is_set


@lru_cache(2**13)
def _printed(text: str, literal: frozenset[int], language: str, is_set: bool) -> tuple[str, ...]:
    """Give characters as they are printed; several checks want them, and a preview again."""
    seen = "".join(
        _NOTHING
        if sign in {CALL, THING}
        else PROTECTED.get(sign, sign)
        if index in literal
        else sign
        for index, sign in enumerate(text)
    )
    made = signs(seen, language) if is_set else seen
    return tuple(sign.strip("\u202f\u00a0") for sign in made)


@dataclass
class _Marks:
    """The marks that stay alone, by their places: opening ones, those of quotes in quotes,
    closing ones.
    """  # noqa: D205 - one sentence

    outer: list[int] = field(default_factory=list)
    inner: list[int] = field(default_factory=list)
    closing: list[int] = field(default_factory=list)


@lru_cache(2**13)
def _unpaired(text: str, literal: frozenset[int], language: str, is_set: bool) -> _Marks:
    opening, closing, inner_opening, inner_closing = (
        mark.strip("\u202f\u00a0") for mark in quotation_marks(language)
    )
    marks = _Marks()
    for index, sign in enumerate(_printed(text, literal, language, is_set)):
        if sign == opening:
            marks.outer.append(index)
        elif sign == closing and marks.outer:
            marks.outer.pop()
        elif sign == closing:
            marks.closing.append(index)
        elif sign == inner_opening:
            marks.inner.append(index)
        elif sign == inner_closing and marks.inner:
            marks.inner.pop()
    return marks
