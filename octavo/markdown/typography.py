"""Straight quotes, hyphens and dots become typographic, by language.

Works on a block's whole run of text, across its inline elements, so that a quotation mark before
a note call or around words in italics turns the right way.  Code stays as it is.
"""

import re
from dataclasses import dataclass

from octavo.markdown.tree import Element

APOSTROPHE, EN_DASH, EM_DASH, ELLIPSIS = "’", "–", "—", "…"
PROTECTED = {'"': "\ue034", "'": "\ue039", "-": "\ue045", ".": "\ue046"}
"""What an escaped sign is kept as until typography is done."""

_QUOTES = {
    "en": ("“", "”", "‘", "’"),
    "de": ("„", "“", "‚", "‘"),
    "fr": ("«\u202f", "\u202f»", "“", "”"),
    "vi": ("“", "”", "‘", "’"),
}
"""Opening and closing marks, the outer ones first (Chicago 18, ch. 6; for French its own rules)."""

_OPENERS = "([{—–/‘“„‚«\u202f\u00a0"
_CLIPPED = re.compile(r"'(?=(?:\d\ds?|tis|twas|em|cause)\b)", re.I)
_SKIPPED = {"code", "pre"}


@dataclass
class _Run:
    """A piece of text in the tree: where it is kept, and its words."""

    element: Element
    attribute: str
    text: str


def set_typography(block: Element, language: str) -> None:
    """Change the text below ``block`` in place; ``language`` is a BCP 47 tag."""
    runs = list(_runs(block))
    text = "".join(run.text for run in runs)
    changed = signs(text, language)
    at = 0
    for run in runs:
        piece = changed[at : at + len(run.text)]
        at += len(run.text)
        setattr(run.element, run.attribute, "".join(piece))


def signs(text: str, language: str) -> list[str]:
    """Give what is printed for each character of a run of text; for some of ``---`` nothing.

    ``NUL`` stands for what has no letters, and is overlooked.
    """
    return _quotes(_dashes(text), quotation_marks(language))


def quotation_marks(language: str) -> tuple[str, str, str, str]:
    """Give a language's marks: the outer ones, opening and closing, then the inner ones."""
    return _QUOTES.get(language.split("-", maxsplit=1)[0].lower(), _QUOTES["en"])


def _runs(element: Element) -> "list[_Run]":
    found: list[_Run] = []
    if element.tag in _SKIPPED:
        return found
    if element.text:
        found.append(_Run(element, "text", element.text))
    for child in element:
        found += _runs(child)
        if child.tail:
            found.append(_Run(child, "tail", child.tail))
    return found


def _dashes(text: str) -> list[str]:
    """Give one replacement a character; the characters of a sign after its first become empty."""
    out = list(text)
    for found in re.finditer(r"---|--|\.\.\.", text):
        sign = {"---": EM_DASH, "--": EN_DASH, "...": ELLIPSIS}[found[0]]
        out[found.start() : found.end()] = [sign, *[""] * (len(found[0]) - 1)]
    return out


def _quotes(signs: list[str], quotes: tuple[str, str, str, str]) -> list[str]:
    text = "".join(sign or "\0" for sign in signs)
    clipped = {found.start() for found in _CLIPPED.finditer(text)}
    inner = False
    for index, sign in enumerate(signs):
        if sign not in {'"', "'"}:
            continue
        before = _visible(text, index, -1)
        after = _visible(text, index, 1)
        opens = (not before or before.isspace() or before in _OPENERS) and not after.isspace()
        if sign == "'" and (index in clipped or not opens):
            closes = index not in clipped and (
                not before.isalnum() or (inner and not after.isalnum())
            )
            signs[index] = quotes[3] if closes else APOSTROPHE
            inner = inner and not closes
        else:
            opening, close = (quotes[0], quotes[1]) if sign == '"' else (quotes[2], quotes[3])
            signs[index] = opening if opens and after else close
            inner = inner or sign == "'"
        text = text[:index] + (signs[index][0]) + text[index + 1 :]
    return signs


def _visible(text: str, index: int, step: int) -> str:
    at = index + step
    while 0 <= at < len(text) and text[at] == "\0":
        at += step
    return text[at] if 0 <= at < len(text) else ""


def restore(text: str) -> str:
    """Give escaped signs back as they were written."""
    for sign, kept in PROTECTED.items():
        text = text.replace(kept, sign)
    return text
