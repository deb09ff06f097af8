"""A chapter's Markdown, divided into leaves: blocks that hold no blocks (see ``source``)."""

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from octavo.word.inlines import OPAQUE, Line, Words, attributes_of, cut, inline
from octavo.word.source import Chapter, Inline, Leaf, Role, Sign


def divide(text: str, start: int, language: str) -> Chapter:
    """Divide the Markdown of ``text`` from the index ``start`` on."""
    at = start
    lines = []
    for line in text[start:].split("\n"):
        lines.append(Line(line, at))
        at += len(line) + 1
    blocks = _Blocks(language)
    leaves = tuple(blocks.read(lines, _Around()))
    return Chapter(leaves, blocks.notes)


def words(text: str, language: str) -> tuple[Inline, ...]:
    """Divide a text that is no block: a title, a cell; places count from its beginning."""
    return inline([Line(text, 0)], language)


_FENCE = re.compile(r"[ ]{0,3}(?P<ticks>`{3,}|~{3,})")
_HEADING = re.compile(r"(?P<opening>[ ]{0,3}(?P<signs>#{1,6})[ \t]*)(?P<rest>.*)$")
_RULE = re.compile(r"[ ]{0,3}([-_*])[ ]{0,2}(?:\1[ ]{0,2}){2,}$")
_QUOTED = re.compile(r"[ ]{0,3}>[ ]?")
_DEFINITION = re.compile(r"[ ]{0,3}\[\^(?P<label>[^\]\s\[]+)\]:[ \t]*")
_ITEM = re.compile(r"(?P<indent>[ ]{0,3})(?:(?P<bullet>[*+-])|(?P<number>\d+)\.)[ \t]+")
_FIGURE = re.compile(r"!\[")
_TARGET = re.compile(r"\((?P<path>[^()\s]+)\)(?:\{(?P<attributes>[^{}]*)\})?\s*$", re.S)
_DELIMITER = re.compile(r"[ ]{0,3}\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?[ ]*$")
_CAPTION = re.compile(r"(?:Table)?:[ \t]+")
_SOURCE = re.compile(r"(?:—|–|---?)\s+")
_ATTRIBUTE_LINE = re.compile(r"[ ]*\{:?[ ]*[^}\n ][^\n]*\}[ ]*$")
_HEADING_END = re.compile(r"[ \t]*#*[ \t]*(?P<list>\{:?[ ]*[^}\n ][^\n}]*\})?[ \t]*$")
_CAPTION_END = re.compile(r"[ \t]*(?:\{(?P<list>[^{}\n]*)\})?\s*$")
_COMMENT = re.compile(r"[ ]{0,3}<!--")
_INDENT = 4


@dataclass(frozen=True)
class _Around:
    """What blocks stand in: their role, the beginning of their lines, how deep they are listed."""

    role: Role = "paragraph"
    opening: str = ""
    level: int = 0
    number: int = -1


class _Blocks:
    """Finds the leaves of lines, and collects the notes that are written among them."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.notes: dict[str, tuple[Leaf, ...]] = {}
        self.tables = 0

    def read(self, lines: Sequence[Line], around: _Around) -> Iterator[Leaf]:
        """Give the leaves of ``lines``."""
        at = 0
        while at < len(lines):
            at = yield from self._block(lines, at, around)

    def _block(self, lines: Sequence[Line], at: int, around: _Around) -> Generator[Leaf, None, int]:
        line = lines[at].text
        end = at + 1
        if not line.strip():
            pass
        elif fence := _FENCE.match(line):
            end = _closed(lines, at, fence["ticks"])
            yield _plain(lines[at:end], "code", around)
        elif _COMMENT.match(line):
            end = next((n for n in range(at, len(lines)) if "-->" in lines[n].text), at) + 1
            yield _plain(lines[at:end], "hidden", around)
        elif heading := _HEADING.match(line):
            yield self._heading(lines[at], heading, around)
        elif _RULE.match(line):
            yield _plain(lines[at:end], "rule", around)
        elif quoted := _QUOTED.match(line):
            end = yield from self._quotation(lines, at, quoted, around)
        elif defined := _DEFINITION.match(line):
            end = self._definition(lines, at, defined)
        elif item := _ITEM.match(line):
            end = yield from self._item(lines, at, item, around)
        elif line.startswith(" " * _INDENT):
            while end < len(lines) and lines[end].text.startswith(" " * _INDENT):
                end += 1
            yield _plain(lines[at:end], "code", around)
        else:
            end = _paragraph_end(lines, at)
            yield from self._paragraph(lines[at:end], around)
        return end

    def _heading(self, line: Line, found: re.Match[str], around: _Around) -> Leaf:
        ending = _HEADING_END.search(found["rest"])
        assert ending, "it matches nothing at all, too"
        opening = found["opening"]
        body = Line(found["rest"][: ending.start()], line.start + len(opening))
        return Leaf(
            "heading",
            line.start,
            line.start + len(line.text),
            inline([body], self.language),
            level=len(found["signs"]),
            opening=around.opening + opening,
            attributes=attributes_of(ending["list"] or ""),
        )

    def _quotation(
        self, lines: Sequence[Line], at: int, found: re.Match[str], around: _Around
    ) -> Generator[Leaf, None, int]:
        end = at
        inner = []
        while (end < len(lines) and (quoted := _QUOTED.match(lines[end].text))) or (
            end < len(lines)
            and lines[end].text.strip()
            and end > at
            and lines[end - 1].text.strip()
        ):
            quoted = _QUOTED.match(lines[end].text)
            inner.append(cut(lines[end], quoted.end() if quoted else 0))
            end += 1
        yield from self.read(
            inner, replace(around, role="quotation", opening=around.opening + found[0])
        )
        return end

    def _definition(self, lines: Sequence[Line], at: int, found: re.Match[str]) -> int:
        """Keep the leaves of a note; give where it ends."""
        end = at + 1
        while end < len(lines) and not _begins_anew(lines[end].text):
            end += 1
        inner = [cut(lines[at], found.end()), *lines[at + 1 : end]]
        while (after := _indented(lines, end)) > end:
            inner += [cut(line, min(_INDENT, len(line.text))) for line in lines[end:after]]
            end = after
        leaves = list(self.read(inner, _Around(opening=" " * _INDENT)))
        if leaves:
            leaves[0] = replace(leaves[0], start=lines[at].start, opening=found[0])
        self.notes.setdefault(found["label"], tuple(leaves))
        return end

    def _item(
        self, lines: Sequence[Line], at: int, found: re.Match[str], around: _Around
    ) -> Generator[Leaf, None, int]:
        end = at + 1
        while end < len(lines) and lines[end].text.strip() and not _ITEM.match(lines[end].text):
            end += 1
        inner = [cut(lines[at], found.end())]
        inner += [cut(line, _indent(line.text)) for line in lines[at + 1 : end]]
        while (after := _indented(lines, end)) > end:
            inner += [cut(line, min(_INDENT, len(line.text))) for line in lines[end:after]]
            end = after
        level = around.level + 1
        leaves = list(self.read(inner, _Around("item", around.opening + " " * _INDENT, level, -1)))
        for index, leaf in enumerate(leaves):
            if index == 0:
                number = int(found["number"]) if found["number"] else 0
                opening = around.opening + found[0]
                leaf = replace(leaf, start=lines[at].start, number=number, opening=opening)  # noqa: PLW2901
            yield leaf
        return end

    def _paragraph(self, lines: Sequence[Line], around: _Around) -> Iterator[Leaf]:
        text = "\n".join(line.text for line in lines)
        if _FIGURE.match(text):
            pairs = Words(lines, self.language).pairs
            end = pairs.get(1, -1)
            if end > 0 and (target := _TARGET.match(text, end + 1)):
                yield from self._figure(lines, end, target, around)
                return
        if _is_table(lines):
            yield from self._table(lines, around)
            return
        leaf = Leaf(
            around.role,
            lines[0].start,
            lines[-1].start + len(lines[-1].text),
            level=around.level,
            number=around.number,
            opening=around.opening,
        )
        attributes: Mapping[str, str] = {}
        if len(lines) > 1 and _ATTRIBUTE_LINE.match(lines[-1].text):
            attributes = attributes_of(lines[-1].text.strip())
            lines = lines[:-1]
        if caption := _CAPTION.match(text):
            ending = _CAPTION_END.search(lines[-1].text)
            assert ending, "it matches nothing at all, too"
            attributes = attributes_of("{" + (ending["list"] or "") + "}")
            last = lines[-1]
            lines = [*lines[:-1], Line(last.text[: ending.start()], last.start)]
            lines = [cut(lines[0], caption.end()), *lines[1:]]
            leaf = replace(leaf, role="caption")
        elif around.role == "quotation" and _SOURCE.match(lines[-1].text):
            source = _SOURCE.match(lines[-1].text)
            assert source, "just seen"
            line = lines[-1]
            if len(lines) > 1:
                upper = lines[:-1]
                end = upper[-1].start + len(upper[-1].text)
                yield replace(
                    leaf, end=end, content=inline(upper, self.language), attributes=attributes
                )
            yield replace(
                leaf,
                role="attribution",
                start=line.start,
                content=inline([cut(line, source.end())], self.language),
                opening=around.opening + source[0],
                attributes=attributes,
            )
            return
        yield replace(leaf, content=inline(lines, self.language), attributes=attributes)

    def _figure(
        self, lines: Sequence[Line], end: int, target: re.Match[str], around: _Around
    ) -> Iterator[Leaf]:
        start, stop = lines[0].start, lines[-1].start + len(lines[-1].text)
        attributes = attributes_of("{" + (target["attributes"] or "") + "}")
        picture = Leaf(
            "picture", start, stop, opening=around.opening, target=target["path"],
            attributes=attributes,
        )  # fmt: skip
        yield picture
        scanner = Words(lines, self.language)
        caption = scanner.between(2, end)
        if scanner.text[2:end].strip():
            yield replace(picture, role="caption", content=caption)

    def _table(self, lines: Sequence[Line], around: _Around) -> Iterator[Leaf]:
        number = self.tables
        self.tables += 1
        rows = [line for index, line in enumerate(lines) if index != 1]
        for row, line in enumerate(rows):
            for column, cell in enumerate(_cells(line)):
                yield Leaf(
                    "cell",
                    cell.start,
                    cell.start + len(cell.text),
                    inline([cell], self.language),
                    opening=around.opening,
                    table=number,
                    row=row,
                    column=column,
                )


def _indent(text: str) -> int:
    return min(len(text) - len(text.lstrip(" ")), _INDENT)


def _indented(lines: Sequence[Line], end: int) -> int:
    """Give the end of the blocks from ``end`` on that are set in, blank lines before them too."""
    at = end
    while at < len(lines) and not lines[at].text.strip():
        at += 1
    if at == len(lines) or not lines[at].text.startswith(" " * _INDENT):
        return end
    while at < len(lines) and lines[at].text.strip():
        at += 1
    return at


def _closed(lines: Sequence[Line], at: int, ticks: str) -> int:
    for number in range(at + 1, len(lines)):
        text = lines[number].text.strip()
        if text.startswith(ticks) and not text.strip(ticks[0]):
            return number + 1
    return len(lines)


def _begins_anew(text: str) -> bool:
    """Tell whether a line ends the paragraph before it."""
    return not text.strip() or any(
        pattern.match(text) for pattern in (_HEADING, _QUOTED, _DEFINITION, _RULE)
    )


def _paragraph_end(lines: Sequence[Line], at: int) -> int:
    end = at + 1
    while end < len(lines) and not _begins_anew(lines[end].text):
        end += 1
    return end


def _is_table(lines: Sequence[Line]) -> bool:
    """Tell whether lines begin with a head and the rule below it."""
    first, rule = lines[0].text, lines[1].text if len(lines) > 1 else ""
    return "|" in first and "|" in rule and bool(_DELIMITER.match(rule))


def _plain(lines: Sequence[Line], role: Role, around: _Around) -> Leaf:
    """Give a leaf whose signs are shown as they are written."""
    scanner = Words(lines, "en")
    content = tuple(
        Sign(sign, scanner.at[n], scanner.at[n + 1]) for n, sign in enumerate(scanner.text)
    )
    end = lines[-1].start + len(lines[-1].text)
    shown = content if role == "code" else ()
    return Leaf(role, lines[0].start, end, shown, level=around.level, opening=around.opening)


def _cells(line: Line) -> Iterator[Line]:
    text = line.text
    opaque = [found.span() for found in OPAQUE.finditer(text)]
    bars = [
        found.start()
        for found in re.finditer(r"\|", text)
        if not any(a <= found.start() < b for a, b in opaque)
    ]
    body = text.rstrip()
    first = len(text) - len(text.lstrip())
    edges = [-1, *bars, len(body)]
    if bars and bars[0] == first:
        edges = edges[1:]
    if bars and bars[-1] == len(body) - 1:
        edges = edges[:-1]
    for left, right in pairwise(edges):
        raw = text[left + 1 : right]
        lead = len(raw) - len(raw.lstrip())
        yield Line(raw.strip(), line.start + left + 1 + lead)
