"""Quotation marks that open and are never closed, or close what nothing opened."""

from collections.abc import Iterator, Sequence

from octavo.checks.finding import Finding
from octavo.markdown.typography import PROTECTED, quotation_marks, signs
from octavo.prose.passages import CALL, THING, Passage

_NOTHING = "\0"
"""What typography overlooks."""


def unpaired(passages: Sequence[Passage]) -> Iterator[Finding]:
    """Find quotation marks without their other half.

    A quotation of several paragraphs opens in each and is closed in the last (Chicago 18, ch. 12).
    """
    for passage, following in zip(passages, [*passages[1:], None], strict=True):
        goes_on = following is not None and _goes_on(passage, following)
        yield from _unpaired(passage, goes_on=goes_on)


def _goes_on(passage: Passage, following: Passage) -> bool:
    """Tell whether the next passage is one more paragraph of a quotation."""
    opening = quotation_marks(following.language)[0].strip()
    is_like = passage.kind == following.kind and passage.lines.path == following.lines.path
    return is_like and _printed(following)[:1] == [opening]


def _printed(passage: Passage) -> list[str]:
    text = "".join(
        _NOTHING
        if sign in {CALL, THING}
        else PROTECTED.get(sign, sign)
        if index in passage.literal
        else sign
        for index, sign in enumerate(passage.text)
    )
    made = signs(text, passage.language) if passage.is_set else list(text)
    return [sign.strip("\u202f\u00a0") for sign in made]


def _unpaired(passage: Passage, *, goes_on: bool) -> Iterator[Finding]:
    opening, closing, inner_opening, inner_closing = (
        mark.strip("\u202f\u00a0") for mark in quotation_marks(passage.language)
    )
    printed = _printed(passage)
    outer: list[int] = []
    inner: list[int] = []
    for index, sign in enumerate(printed):
        if sign == opening:
            outer.append(index)
        elif sign == closing and outer:
            outer.pop()
        elif sign == closing:
            message = "this quotation mark closes what nothing has opened"
            yield Finding(passage, index, index + 1, message)
        elif sign == inner_opening:
            inner.append(index)
        elif sign == inner_closing and inner:
            inner.pop()
    for index in sorted([*([] if goes_on else outer), *inner]):
        yield Finding(passage, index, index + 1, "this quotation mark is never closed")
