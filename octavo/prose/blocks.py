"""Finds the pieces of a Markdown text that run on: paragraphs, headings, cells, notes …."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from octavo.prose import inline
from octavo.prose.inline import Gathering
from octavo.prose.passages import GONE, Kind, Lines, Located

_GONE = re.compile(
    r"^[ ]{0,3}(?P<ticks>`{3,}|~{3,})[^\n]*\n(?:.*?\n)?[ ]{0,3}(?P=ticks)[`~]*[ ]*$"
    r"|(?P<comment><!--.*?(?:-->|\Z))|\\.|(?<!`)(?P<run>`+)(?!`).*?(?<!`)(?P=run)(?!`)",
    re.M | re.S,
)
_QUOTE = re.compile(r"[ ]{0,3}>[ ]?")
_HEADING = re.compile(r"[ ]{0,3}#{1,6}[ \t]+(?P<text>.*?)[ \t]*#*[ \t]*$")
_NOTE = re.compile(r"[ ]{0,3}\[\^[^\]\s\[]+\]:[ \t]*")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d+\.)[ \t]+(?=\S)")
_SOURCE = re.compile(r"[ ]*(?:—|–|---?)[ \t]+")
_CAPTION = re.compile(r"(?:Table)?:[ \t]+")
_RULE = re.compile(r"[ ]*(?:[-=*_][ ]*){3,}$|[ ]*[=-]+[ ]*$")
_HEADS_END = re.compile(r"[ ]*\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?[ ]*$")
_BAR = re.compile(r"\\.|`[^`]*`|(?P<bar>\|)", re.S)
_CODE = re.compile(r"(?: {4}|\t)")
_BLANK = f" \t{GONE}"


@dataclass(frozen=True)
class _Line:
    """A line of a block: its text from ``start`` up to ``end``, without what leads it in."""

    start: int
    end: int


@dataclass
class _Block:
    kind: Kind
    lines: list[_Line] = field(default_factory=list)


def read(lines: Lines, found: Gathering) -> None:
    """Read a body of Markdown into ``found``."""
    text = _blanked(_blanked(lines.text, {"comment"}, GONE), {"ticks"}, " ")
    for block in _blocks(text):
        if _is_table(text, block):
            for line in [block.lines[0], *block.lines[2:]]:
                for cell in _cells(text, line):
                    inline.read(_located(text, [cell]), lines, "cell", found)
        else:
            inline.read(_located(text, block.lines), lines, block.kind, found)


def without_code(text: str) -> str:
    """Put blanks for code; line ends and places stay as they are."""
    return _blanked(text, {"ticks", "run"}, " ")


def _blanked(text: str, groups: set[str], blank: str) -> str:
    """Put ``blank`` for the characters of what ``_GONE`` finds, if it is one of its ``groups``."""

    def blanked(token: re.Match[str]) -> str:
        is_one = any(token[group] is not None for group in groups)
        return re.sub(r"[^\n]", blank, token[0]) if is_one else token[0]

    return _GONE.sub(blanked, text)


def _blocks(text: str) -> Iterator[_Block]:
    """Give the blocks in order; the empty ones too, which no passage comes of."""
    block, before, start = _Block("paragraph"), _Block("paragraph"), 0
    for row in text.split("\n"):
        end, at = start + len(row), start
        quoted = False
        while lead := _QUOTE.match(text, at, end):
            at, quoted = lead.end(), True
        line = text[at:end]
        if not line.strip(_BLANK) or (quoted and block.kind not in {"quotation", "caption"}):
            yield block
            before = block if block.lines else before
            block = _Block("quotation" if quoted else "paragraph")
        opening = _opening(line, block, before, quoted=quoted)
        if opening is not None:
            kind, skipped = opening
            yield block
            before, block = block, _Block(kind)
            at += skipped
        if text[at:end].strip(_BLANK) and not _is_nothing(line, block, before):
            block.lines.append(_Line(at, end))
        if opening is not None and block.kind == "heading":
            yield block
            before, block = block, _Block("paragraph")
        start = end + 1
    yield block


def _opening(line: str, block: _Block, before: _Block, *, quoted: bool) -> tuple[Kind, int] | None:
    """Tell what a line opens, and how many characters lead it in; None where it goes on."""
    opened: tuple[Kind, int] | None = None
    if heading := _HEADING.match(line):
        opened = "heading", heading.start("text")
    elif note := _NOTE.match(line):
        opened = "note", note.end()
    elif (item := _ITEM.match(line)) and not _RULE.match(line):
        opened = "item", item.end()
    elif quoted and (source := _SOURCE.match(line)):
        opened = "caption", source.end()
    elif not block.lines and (caption := _CAPTION.match(line)):
        opened = "caption", caption.end()
    elif not block.lines and _CODE.match(line) and before.kind in {"note", "item"}:
        opened = before.kind, len(line) - len(line.lstrip())
    return opened


def _is_nothing(line: str, block: _Block, before: _Block) -> bool:
    """Tell whether a line prints no words: a rule, or code that is set in."""
    if not block.lines and block.kind == "paragraph" and _CODE.match(line):
        return before.kind not in {"note", "item"}
    return bool(_RULE.match(line)) and "|" not in line


def _is_table(text: str, block: _Block) -> bool:
    if len(block.lines) < 2:  # noqa: PLR2004 - the heads, and the line below them
        return False
    heads, below = (text[line.start : line.end] for line in block.lines[:2])
    return "|" in heads and "|" in below and _HEADS_END.match(below) is not None


def _cells(text: str, line: _Line) -> Iterator[_Line]:
    bars = [token.start() for token in _BAR.finditer(text, line.start, line.end) if token["bar"]]
    edges = [line.start - 1, *bars, line.end]
    for left, right in pairwise(edges):
        cell = text[left + 1 : right]
        if cell.strip():
            first = left + 1 + len(cell) - len(cell.lstrip())
            yield _Line(first, first + len(cell.strip()))


def _located(text: str, lines: list[_Line]) -> Located:
    """Join a block's lines; the places of line ends are those in the text."""
    pieces: list[str] = []
    places: list[int] = []
    for line in lines:
        first = (
            line.start
            + len(text[line.start : line.end])
            - len(text[line.start : line.end].lstrip())
        )
        if pieces:
            pieces.append("\n")
            places.append(places[-1] + 1 if places else first)
        pieces.append(text[first : line.end])
        places += range(first, line.end)
    return Located("".join(pieces), places)
