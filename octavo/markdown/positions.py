"""Where in the source things stand: marks put into the text before Python-Markdown reads it.

Python-Markdown forgets lines.  So each block's first character, and each character that may
open a syntax of ours, is preceded by a *mark*: a number in private-use characters, which no
Markdown pattern minds, and which names an entry of a table of spans.  An inline processor whose
pattern begins with ``MARK`` knows its line and column; the tree's blocks get theirs afterwards;
then all marks are taken out.  Code, escapes and HTML comments are left alone.

Marks of editing are settled here too, or made signs of (``signs``), before anything else is looked
for; places are always those of the text as it was written.
"""

import re
from collections.abc import Iterator, Set
from pathlib import Path

from octavo import criticmarkup
from octavo.criticmarkup import SKIPPED, Edited, Mode
from octavo.markdown import signs
from octavo.markdown.tree import Mark
from octavo.problems import Problem, Severity, Span

OPEN, CLOSE, ZERO = "\ue000", "\ue001", 0xE010
MARK = f"{OPEN}([\ue010-\ue019]+){CLOSE}"
"""The pattern of a mark; its one group is the number, in private-use digits."""

OPTIONAL_MARK = f"(?:{OPEN}[\ue010-\ue019]+{CLOSE})?"

_MARK = re.compile(MARK)


_TRIGGERS = r"(?P<trigger>!?\[|\^\[|(?<![\w.@/])@|(?<!\()<(?=[A-Za-z/?]))"
_REFERENCE = r"(?P<reference>^[ ]{0,3}\[[^\]\^@\n]+\]:[ \t])"
_OPEN_FENCE = r"(?P<open_fence>^[ ]{0,3}(?:`{3,}[^`\n]*|~{3,}[^\n]*)$)"
_TOKEN = re.compile(f"{SKIPPED}|{_OPEN_FENCE}|{_REFERENCE}|{_TRIGGERS}", re.M | re.S)

_BLOCK_OPENING = re.compile(
    r"^(?P<lead>(?:[ \t]*+(?:>[ ]?+|[-*+][ \t]++|\d++\.[ \t]++|\#{1,6}[ \t]++|\|[ ]?+"
    r"|\[\^[^\]\s\[]++\]:[ \t]++))*+[ \t]*+)"
    r"(?P<first>\S)"
)
_NO_TEXT = re.compile(
    r"^(?:[ \t]*+>[ ]?+)*+[ \t]*+(?:[-*_=:|+ \t]*+|`{3,}.*|~{3,}.*|\{[^+~>=-].*)$"
)


class Marks:
    """The table of spans of one section, filled while its text is marked.

    ``problems`` takes what is seen to be wrong before Python-Markdown reads the text, ``editing``
    the marks of editing that are met; ``are_shown`` tells that those are shown.
    """

    def __init__(self, mode: Mode = "accept", hidden: Set[Span] = frozenset()) -> None:
        """Start with no marks; ``mode`` says what becomes of those of editing.

        ``hidden`` are the places of those that are accepted even where the others are shown.
        """
        self._spans: list[Span] = []
        self._mode, self._hidden = mode, hidden
        self.are_shown = mode == "show"
        self.problems: list[Problem] = []
        self.editing: list[Mark] = []

    def _new(self, span: Span) -> str:
        self._spans.append(span)
        digits = "".join(chr(ZERO + int(digit)) for digit in str(len(self._spans) - 1))
        return f"{OPEN}{digits}{CLOSE}"

    def span(self, digits: str) -> Span:
        """Give the span that a mark's number stands for."""
        return self._spans[int("".join(str(ord(digit) - ZERO) for digit in digits))]

    def first(self, text: str) -> Span | None:
        """Give the span of the first mark in ``text``."""
        found = _MARK.search(text)
        return self.span(found[1]) if found else None

    def put(self, text: str, path: Path, first_line: int = 1, first_column: int = 1) -> str:
        """Give ``text`` with marks at its blocks and triggers, and without its comments.

        ``text`` begins at ``first_line``, and there at ``first_column``, of the file ``path``.
        """
        written = _Lines(text, path, first_line, first_column)
        settled = self._edited(text, written)
        text = settled.text
        lines = _Origins(written, settled)
        places: dict[int, str] = {}
        pieces: list[tuple[int, int]] = []
        skipped: list[tuple[int, int]] = []
        for token in _TOKEN.finditer(text):
            if token["trigger"]:
                places[token.start()] = self._new(lines.span(token.start()))
            elif token["comment"] is not None:
                pieces.append(token.span())
            if token["comment"] is not None or token["fence"] is not None:
                skipped.append(token.span())
            self.problems += _faults(token, lines)
        for place in _block_openings(text, skipped):
            places[place] = self._new(lines.span(place)) + places.get(place, "")
        return _insert(text, places, pieces)

    def _edited(self, text: str, lines: "_Lines") -> Edited:
        """Settle the marks of editing in a text, or put signs in their place."""
        found = criticmarkup.find(text)
        for fault in found.faults:
            severity = Severity.ERROR if fault.is_error else Severity.WARNING
            span = lines.span(fault.at)
            self.problems.append(Problem(fault.rule, fault.message, span, fault.hint, severity))

        def number_of(mark: criticmarkup.Mark) -> int | None:
            span = lines.span(mark.start)
            if span in self._hidden:
                return None
            self.editing.append(Mark(mark.kind, span, mark.text, mark.author, mark.date))
            return len(self.editing) - 1

        if not found.marks:
            return criticmarkup.edited(text, ())
        if self.are_shown:
            return criticmarkup.edited(text, signs.put(text, found.marks, number_of))
        for mark in found.marks:
            number_of(mark)
        return criticmarkup.settled(text, accept=self._mode == "accept")

    def settle(self, text: str, span: Span) -> str:
        """Settle the marks of editing in a text, at ``span``, in which none can be shown."""
        found = criticmarkup.find(text)
        for mark in found.marks:
            if self.are_shown:
                self.problems.append(not_shown(span))
            else:
                self.editing.append(Mark(mark.kind, span, mark.text, mark.author, mark.date))
        return criticmarkup.settled(text, accept=self._mode != "reject").text

    def remove(self, text: str) -> str:
        """Give ``text`` without marks."""
        return _MARK.sub("", text)


def not_shown(span: Span) -> Problem:
    """Say of a mark of editing that a proof cannot show it."""
    message = "this mark of editing cannot be shown here, and is taken as accepted"
    hint = "mark the whole emphasis, link, attribute list or block: {--old--}{++new++}"
    return Problem("editorial-mark-can-be-shown", message, span, hint, Severity.WARNING)


def _faults(token: re.Match[str], lines: "_Origins") -> Iterator[Problem]:
    """Report what would swallow the rest of the text, or be printed as it is written."""
    span = lines.span(token.start())
    if token["comment"] is not None and not token["comment"].endswith("-->"):
        message = "this comment is never closed: nothing below it is printed"
        yield Problem("comment-is-closed", message, span, "close it with -->")
    elif token["open_fence"] is not None:
        message = "this block of code is never closed"
        yield Problem("code-is-closed", message, span, "close it with a line like its first")
    elif token["reference"] is not None:
        message = "links by reference are not supported"
        yield Problem("syntax-is-supported", message, span, "write [text](address) in the text")


class _Lines:
    def __init__(self, text: str, path: Path, first_line: int, first_column: int) -> None:
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.path, self.first_line, self.first_column = path, first_line, first_column

    def span(self, offset: int) -> Span:
        low, high = 0, len(self.starts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.starts[middle] <= offset else (low, middle)
        column = offset - self.starts[low] + (self.first_column if low == 0 else 1)
        return Span(self.path, self.first_line + low, column)


class _Origins:
    """Where the places of a text whose marks of editing are settled were written."""

    def __init__(self, written: _Lines, settled: Edited) -> None:
        self._written, self._settled = written, settled

    def span(self, offset: int) -> Span:
        return self._written.span(self._settled.origin(offset))


def _block_openings(text: str, skipped: list[tuple[int, int]]) -> Iterator[int]:
    start, fresh = 0, True
    for line in text.split("\n"):
        inside = any(a <= start < b for a, b in skipped)
        opening = None if inside or _NO_TEXT.match(line) else _BLOCK_OPENING.match(line)
        if opening and (fresh or opening["lead"].strip()):
            yield start + opening.start("first")
        fresh = not line.strip() or inside or line.lstrip(" ").startswith("#")
        start += len(line) + 1


def _insert(text: str, places: dict[int, str], removed: list[tuple[int, int]]) -> str:
    out: list[str] = []
    last = 0
    cuts = [(place, place, mark) for place, mark in places.items()]
    cuts += [(a, b, "\n" * text.count("\n", a, b)) for a, b in removed]
    for start, end, replacement in sorted(cuts):
        out += [text[last:start], replacement]
        last = end
    return "".join([*out, text[last:]])
