"""CriticMarkup: marks of editing in a manuscript's text, found, settled, and taken out.

============================  =================================================================
``{++added++}``               an addition
``{--deleted--}``             a deletion
``{~~old~>new~~}``            a substitution
``{==words==}``               highlighted words
``{>>comment<<}``             a comment; ``{>>@anna 2026-11-20: text<<}`` says who and when
============================  =================================================================

The syntax is that of criticmarkup.com; ``@author date:`` is ours.  Marks may run over several
blocks.  They may hold each other, but no change holds a change.  A mark in code, behind a backslash
or in an HTML comment is none.

Everything here works on text, so that a text whose marks are accepted is the very text that
``settled`` gives, in a build as in a file.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Kind = Literal["addition", "deletion", "substitution", "highlight", "comment"]
Mode = Literal["accept", "reject", "show"]

MODES: tuple[Mode, ...] = ("accept", "reject", "show")

SKIPPED = (
    r"(?P<fence>^[ ]{0,3}(?P<ticks>`{3,}|~{3,})[^\n]*\n(?:.*?\n)?[ ]{0,3}(?P=ticks)[`~]*[ ]*$)"
    r"|(?P<comment><!--.*?(?:-->|\Z))"
    r"|(?P<escape>\\.)"
    r"|(?P<code>(?<!`)(?P<run>`+)(?!`)(?:(?!\n\s*\n).)*?(?<!`)(?P=run)(?!`))"
)
"""The pattern of what is left alone: blocks of code, comments, escapes, code in a line."""

_KINDS: dict[str, Kind] = {
    "++": "addition",
    "--": "deletion",
    "~~": "substitution",
    "==": "highlight",
    ">>": "comment",
}
_TOKEN = re.compile(
    SKIPPED + r"|\{>>(?P<said>.*?)<<\}|\{(?P<open>\+\+|--(?!\})|~~|==|>>)"
    r"|(?<!\{)(?P<close>\+\+|--|~~|==|<<)\}|(?P<to>~>)",
    re.M | re.S,
)
_LENGTH = 3
"""How many characters open a mark, and close it."""

_SAID = re.compile(
    r"\s*@(?P<author>[^:]+?)"
    r"(?:[\s,]+(?P<date>\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?))?:(?=\s)"
)

_IS_CLOSED, _NEST = "editorial-mark-is-closed", "editorial-marks-nest"


@dataclass(frozen=True)
class Mark:
    """A mark: where it begins and ends, and where the words in it do.

    ``to`` is where ``~>`` stands in a substitution.  ``text``, ``author`` and ``date`` are those of
    a comment.
    """

    kind: Kind
    start: int
    end: int
    to: int = -1
    text: str = ""
    author: str = ""
    date: str = ""

    @property
    def old(self) -> tuple[int, int] | None:
        """Give the place of the words that stood here before, if there were any."""
        if self.kind == "deletion":
            return self.start + _LENGTH, self.end - _LENGTH
        return (self.start + _LENGTH, self.to) if self.kind == "substitution" else None

    @property
    def new(self) -> tuple[int, int] | None:
        """Give the place of the words that the mark puts in, if it does."""
        if self.kind == "addition":
            return self.start + _LENGTH, self.end - _LENGTH
        return (self.to + 2, self.end - _LENGTH) if self.kind == "substitution" else None

    @property
    def has_words(self) -> bool:
        """Tell whether there is anything in the mark."""
        return self.end - self.start > 2 * _LENGTH + 2 * (self.kind == "substitution")

    @property
    def is_change(self) -> bool:
        """Tell whether the mark changes the text."""
        return self.kind not in {"highlight", "comment"}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a mark, and where it stands in the text."""

    rule: str
    message: str
    at: int
    hint: str = ""
    is_error: bool = True


@dataclass(frozen=True)
class Found:
    """The marks of a text in the order in which they begin, and what is wrong with it."""

    marks: tuple[Mark, ...]
    faults: tuple[Fault, ...]


def find(text: str) -> Found:
    """Find the marks of a text."""
    if not re.search(r"\{(?:\+\+|--|~~|==|>>)|(?:\+\+|--|~~|==|<<)\}", text):
        return Found((), ())
    return _Finder(text).found()


class _Finder:
    """Reads a text from left to right, and remembers which marks are open."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[tuple[Kind, int, int]] = []
        self._marks: list[Mark] = []
        self._faults: list[Fault] = []
        self._escaped: Counter[str] = Counter()

    def found(self) -> Found:
        for token in _TOKEN.finditer(self._text):
            if token["said"] is not None:
                self._marks.append(_comment(token))
            elif token["open"]:
                self._open.append((_KINDS[token["open"]], token.start(), -1))
            elif token["close"]:
                self._close(_KINDS[token["close"].replace("<<", ">>")], token)
            elif token["to"] and self._open:
                self._turn(token.start())
            elif token["escape"] == "\\{":
                sign = self._text[token.end() : token.end() + 2].replace(">>", "<<")
                self._escaped[sign] += 1
        self._never_closed(self._open)
        marks = sorted(self._marks, key=lambda mark: mark.start)
        self._check_nesting(marks)
        return Found(tuple(marks), tuple(sorted(self._faults, key=lambda fault: fault.at)))

    def _turn(self, at: int) -> None:
        """Meet ``~>``: the first one in a substitution parts the old words from the new ones."""
        kind, start, to = self._open[-1]
        if kind == "substitution" and to < 0:
            self._open[-1] = (kind, start, at)

    def _close(self, kind: Kind, token: re.Match[str]) -> None:
        places = [place for place, one in enumerate(self._open) if one[0] == kind]
        if not places:
            shown = token[0]
            if self._escaped[token["close"]]:
                self._escaped[token["close"]] -= 1
                return
            hint = f"if this is meant, write {shown[:-1]}\\}}"
            message = f"{shown} closes no mark of editing, and is printed"
            self._faults.append(Fault(_IS_CLOSED, message, token.start(), hint, is_error=False))
            return
        self._never_closed(self._open[places[-1] + 1 :])
        _, start, to = self._open[places[-1]]
        del self._open[places[-1] :]
        if kind == "substitution" and to < 0:
            message = "this substitution does not say what is put in"
            hint = "write {~~old~>new~~}"
            self._faults.append(Fault("substitution-has-both-sides", message, start, hint))
            return
        self._marks.append(Mark(kind, start, token.end(), to))

    def _never_closed(self, left: Iterable[tuple[Kind, int, int]]) -> None:
        for kind, start, _ in left:
            sign = next(sign for sign, one in _KINDS.items() if one == kind)
            message = f"this {kind} is never closed"
            hint = f"close it with {sign.replace('>>', '<<')}}}, or write \\{{{sign} for the signs"
            self._faults.append(Fault(_IS_CLOSED, message, start, hint))

    def _check_nesting(self, marks: Sequence[Mark]) -> None:
        around: list[Mark] = []
        for mark in marks:
            around = [one for one in around if one.end > mark.start]
            if around and not _may_hold(around, mark):
                message = f"this {mark.kind} stands inside another mark"
                hint = "close that first: a change holds no change, and a highlight no highlight"
                self._faults.append(Fault(_NEST, message, mark.start, hint))
            around.append(mark)


def _may_hold(around: Sequence[Mark], mark: Mark) -> bool:
    if mark.kind == "comment":
        return True
    if mark.kind == "highlight":
        return all(one.is_change for one in around)
    return not any(one.is_change for one in around)


def _comment(token: re.Match[str]) -> Mark:
    said = token["said"]
    given = _SAID.match(said)
    text = " ".join(said[given.end() if given else 0 :].split())
    author, date = (given["author"], given["date"] or "") if given else ("", "")
    return Mark("comment", token.start(), token.end(), -1, text, " ".join(author.split()), date)


@dataclass(frozen=True)
class Edit:
    """A piece of a text, from ``start`` to ``end``, and what stands in its place."""

    start: int
    end: int
    text: str = ""


@dataclass(frozen=True)
class Edited:
    """A text with edits made; ``origin`` gives the place in the first text of one in this."""

    text: str
    origin: Callable[[int], int]


def edited(text: str, edits: Iterable[Edit]) -> Edited:
    """Make edits, which may lie in each other: what is in a piece that goes, goes with it."""
    out: list[str] = []
    starts, origins = [0], [0]
    length = last = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < last:
            continue
        kept = text[last : edit.start]
        out += [kept, edit.text]
        length += len(kept)
        starts += [length, length + len(edit.text)]
        origins += [edit.start, edit.end]
        length += len(edit.text)
        last = edit.end
    out.append(text[last:])

    def origin(place: int) -> int:
        at = bisect_right(starts, place) - 1
        is_put_in = at % 2 == 1
        return origins[at] + (0 if is_put_in else place - starts[at])

    return Edited("".join(out), origin)


def settled(text: str, *, accept: bool) -> Edited:
    """Give a text with its changes accepted, or rejected, and without its other marks."""
    return edited(text, settlement(text, find(text).marks, accept=accept))


def settlement(text: str, marks: Iterable[Mark], *, accept: bool) -> list[Edit]:
    """Give the edits that settle some marks of a text.

    Of the marks' own lines, what holds nothing any more goes; nothing else changes.
    """
    edits = [edit for mark in marks for edit in settling(text, mark, accept=accept)]
    return _without_empty_lines(text, edits)


def settling(text: str, mark: Mark, *, accept: bool) -> Iterator[Edit]:
    """Give the edits that settle one mark."""
    opened, closing = Edit(mark.start, mark.start + _LENGTH), Edit(mark.end - _LENGTH, mark.end)
    if mark.kind == "comment":
        yield _without_comment(text, mark)
    elif mark.kind == "substitution":
        if accept:
            yield from (Edit(mark.start, mark.to + 2), closing)
        else:
            yield from (opened, Edit(mark.to, mark.end))
    elif mark.kind == "highlight" or (mark.kind == "addition") == accept:
        yield from (opened, closing)
    else:
        yield Edit(mark.start, mark.end)


def _without_comment(text: str, mark: Mark) -> Edit:
    """Take out a comment, with one of the two spaces that would otherwise meet in its place."""
    before, behind = text[mark.start - 1 : mark.start], text[mark.end : mark.end + 1]
    meets = before == " " and (behind in {" ", "\n", ""})
    return Edit(mark.start - meets, mark.end)


def _without_empty_lines(text: str, edits: Iterable[Edit]) -> list[Edit]:
    """Widen edits so that lines go which would be left without anything, with their ends.

    Lines that were empty before stay: they part paragraphs.
    """
    merged: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if merged and edit.start < merged[-1].end:
            continue
        merged.append(edit)
    out: list[Edit] = []
    index = 0
    while index < len(merged):
        group = [merged[index]]
        while index + 1 < len(merged) and "\n" not in text[group[-1].end : merged[index + 1].start]:
            index += 1
            group.append(merged[index])
        index += 1
        first = text.rfind("\n", 0, group[0].start) + 1
        last = text.find("\n", group[-1].end)
        end = len(text) if last < 0 else last
        kept = [text[first : group[0].start]]
        kept += [text[one.end : other.start] for one, other in pairwise(group)]
        kept.append(text[group[-1].end : end])
        if "".join([*kept, *(one.text for one in group)]).strip(" \t\r>"):
            out += group
        elif last < 0 and first and not _takes_line_before(out, first):
            out.append(Edit(first - 1, end))
        else:
            out.append(Edit(first, min(end + 1, len(text))))
    return out


def _takes_line_before(edits: Sequence[Edit], first: int) -> bool:
    """Tell whether the last of some edits takes the end of the line before ``first`` already."""
    return bool(edits) and edits[-1].end >= first
