"""Marks of editing → private signs in the text, which Python-Markdown passes on to the tree.

A mark's words stand between a sign that begins its role, with the mark's number, and one that ends
it.  Where a mark holds whole blocks, the signs stand within the first and the last of them, behind
what makes them a list item, a heading, a row …, and before what ends them: so the blocks are read
as those that they are.  ``marking`` makes elements of the signs.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from octavo import criticmarkup
from octavo.criticmarkup import Edit, Mark

Role = Literal["ins", "del", "mark", "comment"]

BEGIN: dict[Role, str] = {"ins": "\ue002", "del": "\ue003", "mark": "\ue004", "comment": "\ue005"}
END, WHOLE, STOP, _ZERO = "\ue006", "\ue008", "\ue007", 0xE010

SIGN = re.compile("([\ue002-\ue006])([\ue010-\ue019]+)(\ue008?)\ue007")
"""What begins or ends (1) a mark's role, the mark's number (2), whether whole blocks (3) may go."""

_ROLES: Mapping[str, Role] = {sign: role for role, sign in BEGIN.items()}

LEAD = re.compile(
    r"(?:[ \t]*+(?:>[ ]?+|[-*+][ \t]++|\d++\.[ \t]++|\#{1,6}[ \t]++|\|[ ]?+"
    r"|\[\^[^\]\s\[]++\]:[ \t]++|(?:Table)?:[ \t]++))*+[ \t]*+"
)
"""What makes a line the first of a block."""

_QUOTED = re.compile(r"[ \t]*(?:>[ ]?|[ \t])*")
_FIGURE = re.compile(r"!\[(?=.*?\]\([^()\s]+\)(?:\{[^{}]*\})?\s*$)", re.S)
_FIGURE_END = re.compile(r"\]\([^()\s]+\)(?:\{[^{}]*\})?$")
_ENDS = re.compile(r"(?:[ \t]*\||\s+\{[^{}\n]*\})$")
_CAPTION = re.compile(r"[ \t>]*(?:\{(?:\+\+|--))?(?:Table)?:[ \t]")
_ATTRIBUTES = re.compile(r"\{[^{}\n+~>=-][^{}\n]*\}[ \t]*$", re.M)
_CLOSING = 3
"""How many characters close a mark."""

_FENCE = re.compile(r"[ ]{0,3}(?:`{3,}|~{3,})")
_CITATION = re.compile(r"\[[^\[\]\n]*@[^\[\]]*\](?![({])")


@dataclass(frozen=True)
class Sign:
    """A sign in the text: the role that it begins, or None where it ends one; the mark's number."""

    role: Role | None
    number: int
    is_whole: bool


def read(found: re.Match[str]) -> Sign:
    """Read a sign that ``SIGN`` has found."""
    number = int("".join(str(ord(digit) - _ZERO) for digit in found[2]))
    return Sign(_ROLES.get(found[1]), number, bool(found[3]))


def _sign(sign: str, number: int, *, whole: bool = False) -> str:
    digits = "".join(chr(_ZERO + int(digit)) for digit in str(number))
    return f"{sign}{digits}{WHOLE if whole else ''}{STOP}"


def put(text: str, marks: Sequence[Mark], number_of: Callable[[Mark], int | None]) -> list[Edit]:
    """Give the edits that put signs in the place of marks.

    ``number_of`` numbers a mark that is to be shown; those that it gives no number are accepted, as
    are those that hold one end of emphasis or of a bracket only: there is nothing to be shown of
    them.  A citation with changes in it goes as a whole, and comes as a whole.
    """
    edits: list[Edit] = []
    numbers = {mark: number_of(mark) if mark.has_words else None for mark in marks}
    numbers |= {mark: None for mark in marks if not _is_balanced(text, mark)}
    cited = list(_changed_citations(text, marks))
    for start, end, inner in cited:
        edits += _citation(text, start, end, inner, numbers)
    for mark in marks:
        if any(start < mark.start and mark.end < end for start, end, _ in cited):
            continue
        number = numbers[mark]
        if number is None:
            edits += criticmarkup.settling(text, mark, accept=True)
        else:
            edits += _Putter(text, mark, number).edits()
    return edits


_UNCOUNTED = re.compile(criticmarkup.SKIPPED + r"|^[ \t>]*\*[ \t]", re.M | re.S)


def _is_balanced(text: str, mark: Mark) -> bool:
    """Tell whether what a change holds opens as much as it closes."""
    for part in (mark.old, mark.new):
        if part is None:
            continue
        words = _UNCOUNTED.sub("", text[part[0] : part[1]])
        depth = 0
        for sign in words:
            depth += (sign == "[") - (sign == "]")
            if depth < 0:
                return False
        if depth or words.count("*") % 2:
            return False
    return True


def _changed_citations(
    text: str, marks: Sequence[Mark]
) -> Iterator[tuple[int, int, tuple[Mark, ...]]]:
    """Give the citations with changes in them: their places, and the marks."""
    changes = [mark for mark in marks if mark.is_change]
    if not changes:
        return
    for found in _CITATION.finditer(text):
        within = [m for m in marks if found.start() < m.start and m.end < found.end()]
        around = any(m.start < found.start() and found.end() < m.end for m in changes)
        if any(mark.is_change for mark in within) and not around:
            yield found.start(), found.end(), tuple(within)


def _citation(
    text: str,
    start: int,
    end: int,
    marks: Sequence[Mark],
    number_of: Mapping[Mark, int | None],
) -> Iterator[Edit]:
    """Show a citation as it was and as it is; comments in it stand behind it."""
    numbers = [number_of[mark] for mark in marks if mark.is_change]
    shown = [number for number in numbers if number is not None]
    written = text[start:end]
    new = criticmarkup.settled(written, accept=True).text
    if not shown:
        yield Edit(start, end, new)
        return
    old = criticmarkup.settled(written, accept=False).text
    ends = "".join(_sign(END, number) for number in reversed(shown))
    out = "".join(_sign(BEGIN["del"], number) for number in shown) + old + ends
    out += "".join(_sign(BEGIN["ins"], number) for number in shown) + new + ends
    for mark in marks:
        number = None if mark.is_change else number_of[mark]
        if number is not None and mark.kind == "comment":
            out += _sign(BEGIN["comment"], number)
    yield Edit(start, end, out)


class _Putter:
    """Puts signs in the place of one mark."""

    def __init__(self, text: str, mark: Mark, number: int) -> None:
        self._text, self._mark, self._number = text, mark, number

    def edits(self) -> Iterator[Edit]:
        mark = self._mark
        if mark.kind == "comment":
            # The space before a comment stays before its number.
            yield Edit(mark.start, mark.end, _sign(BEGIN["comment"], self._number))
        elif mark.kind == "highlight":
            yield from self._part("mark", (mark.start + 3, mark.end - 3), mark.start, mark.end)
        elif mark.kind == "substitution":
            assert mark.old and mark.new
            yield from self._part("del", mark.old, mark.start, mark.to)
            yield from self._part("ins", mark.new, mark.to, mark.end)
        else:
            role: Role = "ins" if mark.new else "del"
            yield from self._part(role, (mark.start + 3, mark.end - 3), mark.start, mark.end)

    def _part(self, role: Role, words: tuple[int, int], start: int, end: int) -> Iterator[Edit]:
        """Give the edits of some words in a role; ``start`` and ``end`` are those of the syntax."""
        first, last, is_whole, after_block = self._places(*words)
        begin = _sign(BEGIN[role], self._number, whole=is_whole)
        finish = _sign(END, self._number)
        if _FENCE.match(self._text, first) and self._opens_line(first):
            begin += "\n\n"
        if after_block:
            finish = f"\n\n{finish}"
        yield from self._moved(start, words[0], first, begin)
        yield from self._moved(words[1], end, last, finish)

    def _moved(self, start: int, end: int, to: int, sign: str) -> Iterator[Edit]:
        """Take the syntax from ``start`` to ``end`` out, and put a sign at ``to``."""
        if start <= to <= end:
            yield Edit(start, end, sign)
        else:
            yield Edit(start, end)
            yield Edit(to, to, sign)

    def _places(self, first: int, last: int) -> tuple[int, int, bool, bool]:
        """Give where the signs go, whether whole blocks may go, whether the end is a block's."""
        text, words = self._text, self._text[first:last]
        if not words.strip():
            return (first, first, False, False) if "\n" in words else (first, last, False, False)
        at, end = first, last
        space = len(words) - len(words.lstrip())
        if "\n" in words[:space]:
            at += words.rindex("\n", 0, space) + 1
        space = len(words) - len(words.rstrip())
        if "\n" in words[len(words) - space :] or _ATTRIBUTES.match(text, last + _CLOSING):
            end -= space
        is_whole = self._opens_block(at)
        if is_whole and not _FENCE.match(text, at):
            lead = LEAD.match(text, at, end)
            at = lead.end() if lead and lead.end() < end else at
            if figure := _FIGURE.match(text, at, end):
                ending = _FIGURE_END.search(text, figure.end(), end)
                if ending and ending.start() > figure.end():
                    return figure.end(), ending.start(), True, False
        if self._closes_line(end):
            line = text[text.rfind("\n", 0, end) + 1 : end]
            if _FENCE.fullmatch(line):
                return at, end, is_whole, True
            while (ending := _ENDS.search(text, at, end)) and ending.start() > at:
                if ending[0].strip() == "|":
                    ends_block = line.lstrip(" >").startswith(("|", "{"))
                else:
                    ends_block = not _CAPTION.match(line)
                if not ends_block:
                    break
                end = ending.start()
        return at, end, is_whole, False

    def _opens_line(self, at: int) -> bool:
        return self._prefix(at) == ""

    def _prefix(self, at: int) -> str:
        """Give what stands on a place's line before it, without the marks' own syntax."""
        line = self._text[self._text.rfind("\n", 0, at) + 1 : at]
        return re.sub(r"\{(?:\+\+|--|~~|==)|~>", "", line)

    def _opens_block(self, at: int) -> bool:
        return bool(_QUOTED.fullmatch(self._prefix(at)))

    def _closes_line(self, end: int) -> bool:
        """Tell whether nothing but marks' ends, and comments, follows a place on its line."""
        rest = self._text[end:].split("\n", 1)[0]
        rest = re.sub(r"(?:\+\+|--|~~|==)\}|\{>>.*?<<\}", "", rest)
        return not rest.strip()
