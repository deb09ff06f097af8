"""Markdown, divided without loss: what Word shows of it, each sign with its place in the file.

The stages of the book read Markdown for its meaning and forget where words stood.  Here places are
all that matters: between the places of two signs lies what Word does not show (asterisks, brackets
with their attributes, marks for the index), and stays as it is whatever is changed around it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from html.entities import html5
from typing import Literal
from xml.etree import ElementTree

from octavo.markdown import typography
from octavo.markdown.citations import CROSS_REFERENCE, KEY
from octavo.markdown.reading import ATTRIBUTES, set_attributes
from octavo.markdown.syntax import ESCAPABLE

Kind = Literal["citation", "reference", "call", "note", "image", "break", "hidden"]
WrapKind = Literal["em", "strong", "code", "span", "link"]
Role = Literal[
    "title", "heading", "paragraph", "quotation", "attribution", "item", "picture", "caption",
    "cell", "code", "rule", "hidden",
]  # fmt: skip


@dataclass(frozen=True)
class Sign:
    """A sign that is shown, of ``shown`` characters, written from ``start`` to ``end``."""

    shown: str
    start: int
    end: int


@dataclass(frozen=True)
class Thing:
    """What stands among the words and is none: ``text`` is its label, target or source.

    ``children`` are the words of a note that is written in place.
    """

    kind: Kind
    start: int
    end: int
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple["Inline", ...] = ()


@dataclass(frozen=True)
class Wrap:
    """Words set otherwise, or marked: ``children`` between signs that are not shown."""

    kind: WrapKind
    start: int
    end: int
    children: tuple["Inline", ...]
    attributes: Mapping[str, str] = field(default_factory=dict)


Inline = Sign | Thing | Wrap


@dataclass(frozen=True)
class Leaf:
    """A block that holds no blocks: what is one paragraph in Word.

    ``start`` and ``end`` are its lines in the file, ``opening`` what its first line begins with
    (``"## "``, ``"> "``).  ``level`` is a heading's, or how deep a list's item stands; ``number``
    an ordered item's, 0 for a bullet, -1 for a further paragraph of an item.  ``target`` is a
    picture's file; ``table`` numbers the tables, ``row`` and ``column`` a cell's place.
    """

    role: Role
    start: int
    end: int
    content: tuple[Inline, ...] = ()
    level: int = 0
    number: int = -1
    opening: str = ""
    target: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    table: int = -1
    row: int = 0
    column: int = 0


@dataclass(frozen=True)
class Chapter:
    """A file divided: the leaves in their order, and those of each note by its label."""

    leaves: tuple[Leaf, ...]
    notes: Mapping[str, tuple[Leaf, ...]]


@dataclass(frozen=True)
class _Line:
    """A line without what the blocks around it begin it with, and the place of its first sign."""

    text: str
    start: int


def divide(text: str, start: int, language: str) -> Chapter:
    """Divide the Markdown of ``text`` from the index ``start`` on."""
    at = start
    lines = []
    for line in text[start:].split("\n"):
        lines.append(_Line(line, at))
        at += len(line) + 1
    blocks = _Blocks(language)
    leaves = tuple(blocks.read(lines, _Around()))
    return Chapter(leaves, blocks.notes)


def words(text: str, language: str) -> tuple[Inline, ...]:
    """Divide a text that is no block: a title, a cell; places count from its beginning."""
    return _inline([_Line(text, 0)], language)


def signs(content: Iterable[Inline]) -> Iterator[Sign | Thing]:
    """Give the signs and things of some words in their order, those inside wraps too."""
    for inline in content:
        if isinstance(inline, Wrap):
            yield from signs(inline.children)
        else:
            yield inline


# Blocks

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

    def read(self, lines: Sequence[_Line], around: _Around) -> Iterator[Leaf]:
        """Give the leaves of ``lines``."""
        at = 0
        while at < len(lines):
            at = yield from self._block(lines, at, around)

    def _block(self, lines: Sequence[_Line], at: int, around: _Around) -> "_Steps":
        line = lines[at].text
        if not line.strip():
            return at + 1
        if fence := _FENCE.match(line):
            end = _closed(lines, at, fence["ticks"])
            yield _plain(lines[at:end], "code", around)
            return end
        if _COMMENT.match(line):
            end = next((n for n in range(at, len(lines)) if "-->" in lines[n].text), at) + 1
            yield _plain(lines[at:end], "hidden", around)
            return end
        if heading := _HEADING.match(line):
            yield self._heading(lines[at], heading, around)
            return at + 1
        if _RULE.match(line):
            yield _plain(lines[at : at + 1], "rule", around)
            return at + 1
        for pattern, inner in (
            (_QUOTED, self._quotation),
            (_DEFINITION, self._definition),
            (_ITEM, self._item),
        ):
            if found := pattern.match(line):
                return (yield from inner(lines, at, found, around))
        if line.startswith(" " * _INDENT):
            end = at + 1
            while end < len(lines) and lines[end].text.startswith(" " * _INDENT):
                end += 1
            yield _plain(lines[at:end], "code", around)
            return end
        end = _paragraph_end(lines, at)
        yield from self._paragraph(lines[at:end], around)
        return end

    def _heading(self, line: _Line, found: re.Match[str], around: _Around) -> Leaf:
        ending = _HEADING_END.search(found["rest"])
        assert ending, "it matches nothing at all, too"
        opening = found["opening"]
        body = _Line(found["rest"][: ending.start()], line.start + len(opening))
        return Leaf(
            "heading",
            line.start,
            line.start + len(line.text),
            _inline([body], self.language),
            level=len(found["signs"]),
            opening=around.opening + opening,
            attributes=_attributes(ending["list"] or ""),
        )

    def _quotation(
        self, lines: Sequence[_Line], at: int, found: re.Match[str], around: _Around
    ) -> "_Steps":
        end = at
        inner = []
        while (end < len(lines) and (quoted := _QUOTED.match(lines[end].text))) or (
            end < len(lines)
            and lines[end].text.strip()
            and end > at
            and lines[end - 1].text.strip()
        ):
            quoted = _QUOTED.match(lines[end].text)
            inner.append(_cut(lines[end], quoted.end() if quoted else 0))
            end += 1
        yield from self.read(
            inner, replace(around, role="quotation", opening=around.opening + found[0])
        )
        return end

    def _definition(
        self, lines: Sequence[_Line], at: int, found: re.Match[str], around: _Around
    ) -> "_Steps":
        end = at + 1
        while end < len(lines) and not _begins_anew(lines[end].text):
            end += 1
        inner = [_cut(lines[at], found.end()), *lines[at + 1 : end]]
        while (after := _indented(lines, end)) > end:
            inner += [_cut(line, min(_INDENT, len(line.text))) for line in lines[end:after]]
            end = after
        leaves = list(self.read(inner, _Around(opening=" " * _INDENT)))
        if leaves:
            leaves[0] = replace(leaves[0], start=lines[at].start, opening=found[0])
        self.notes.setdefault(found["label"], tuple(leaves))
        return end
        yield  # a generator like its siblings, which gives no leaves

    def _item(
        self, lines: Sequence[_Line], at: int, found: re.Match[str], around: _Around
    ) -> "_Steps":
        end = at + 1
        while end < len(lines) and lines[end].text.strip() and not _ITEM.match(lines[end].text):
            end += 1
        inner = [_cut(lines[at], found.end())]
        inner += [_cut(line, _indent(line.text)) for line in lines[at + 1 : end]]
        while (after := _indented(lines, end)) > end:
            inner += [_cut(line, min(_INDENT, len(line.text))) for line in lines[end:after]]
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

    def _paragraph(self, lines: Sequence[_Line], around: _Around) -> Iterator[Leaf]:
        text = "\n".join(line.text for line in lines)
        if _FIGURE.match(text):
            pairs = _Words(lines, self.language).pairs
            end = pairs.get(1, -1)
            if end > 0 and (target := _TARGET.match(text, end + 1)):
                yield from self._figure(lines, end, target, around)
                return
        header = len(lines) >= 2 and "|" in lines[0].text and _DELIMITER.match(lines[1].text)
        if header and "|" in lines[1].text:
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
            attributes = _attributes(lines[-1].text.strip())
            lines = lines[:-1]
        if caption := _CAPTION.match(text):
            ending = _CAPTION_END.search(lines[-1].text)
            assert ending, "it matches nothing at all, too"
            attributes = _attributes("{" + (ending["list"] or "") + "}")
            last = lines[-1]
            lines = [*lines[:-1], _Line(last.text[: ending.start()], last.start)]
            lines = [_cut(lines[0], caption.end()), *lines[1:]]
            leaf = replace(leaf, role="caption")
        elif around.role == "quotation" and _SOURCE.match(lines[-1].text):
            source = _SOURCE.match(lines[-1].text)
            assert source, "just seen"
            line = lines[-1]
            if len(lines) > 1:
                upper = lines[:-1]
                end = upper[-1].start + len(upper[-1].text)
                yield replace(
                    leaf, end=end, content=_inline(upper, self.language), attributes=attributes
                )
            yield replace(
                leaf,
                role="attribution",
                start=line.start,
                content=_inline([_cut(line, source.end())], self.language),
                opening=around.opening + source[0],
                attributes=attributes,
            )
            return
        yield replace(leaf, content=_inline(lines, self.language), attributes=attributes)

    def _figure(
        self, lines: Sequence[_Line], end: int, target: re.Match[str], around: _Around
    ) -> Iterator[Leaf]:
        start, stop = lines[0].start, lines[-1].start + len(lines[-1].text)
        attributes = _attributes("{" + (target["attributes"] or "") + "}")
        picture = Leaf(
            "picture", start, stop, opening=around.opening, target=target["path"],
            attributes=attributes,
        )  # fmt: skip
        yield picture
        scanner = _Words(lines, self.language)
        caption = scanner.between(2, end)
        if scanner.text[2:end].strip():
            yield replace(picture, role="caption", content=caption)

    def _table(self, lines: Sequence[_Line], around: _Around) -> Iterator[Leaf]:
        number = self.tables
        self.tables += 1
        rows = [line for index, line in enumerate(lines) if index != 1]
        for row, line in enumerate(rows):
            for column, cell in enumerate(_cells(line)):
                yield Leaf(
                    "cell",
                    cell.start,
                    cell.start + len(cell.text),
                    _inline([cell], self.language),
                    opening=around.opening,
                    table=number,
                    row=row,
                    column=column,
                )


_Steps = Iterator[Leaf]


def _cut(line: _Line, count: int) -> _Line:
    return _Line(line.text[count:], line.start + count)


def _indent(text: str) -> int:
    return min(len(text) - len(text.lstrip(" ")), _INDENT)


def _indented(lines: Sequence[_Line], end: int) -> int:
    """Give the end of the blocks from ``end`` on that are set in, blank lines before them too."""
    at = end
    while at < len(lines) and not lines[at].text.strip():
        at += 1
    if at == len(lines) or not lines[at].text.startswith(" " * _INDENT):
        return end
    while at < len(lines) and lines[at].text.strip():
        at += 1
    return at


def _closed(lines: Sequence[_Line], at: int, ticks: str) -> int:
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


def _paragraph_end(lines: Sequence[_Line], at: int) -> int:
    end = at + 1
    while end < len(lines) and not _begins_anew(lines[end].text):
        end += 1
    return end


def _plain(lines: Sequence[_Line], role: Role, around: _Around) -> Leaf:
    """Give a leaf whose signs are shown as they are written."""
    scanner = _Words(lines, "en")
    content = tuple(
        Sign(sign, scanner.at[n], scanner.at[n + 1]) for n, sign in enumerate(scanner.text)
    )
    end = lines[-1].start + len(lines[-1].text)
    shown = content if role == "code" else ()
    return Leaf(role, lines[0].start, end, shown, level=around.level, opening=around.opening)


def _attributes(text: str) -> Mapping[str, str]:
    element = ElementTree.Element("span")
    found = ATTRIBUTES.search(text)
    if found:
        set_attributes(element, found["list"].removeprefix(":"))
    return dict(element.attrib)


def _cells(line: _Line) -> Iterator[_Line]:
    text = line.text
    opaque = [found.span() for found in _OPAQUE.finditer(text)]
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
    for left, right in zip(edges, edges[1:], strict=False):
        raw = text[left + 1 : right]
        lead = len(raw) - len(raw.lstrip())
        yield _Line(raw.strip(), line.start + left + 1 + lead)


# Words

_OPAQUE = re.compile(
    r"(?P<comment><!--.*?-->)"
    rf"|(?P<escape>\\[{re.escape(''.join(ESCAPABLE))}])"
    r"|(?P<code>(?<!`)(?P<run>`+)(?!`)(?P<inside>.*?)(?<!`)(?P=run)(?!`))",
    re.S,
)
_CITED = re.compile(rf"(?:^|(?<=\s)|(?<=[(\[]))-?@{KEY}")
_CALL = re.compile(r"\[\^(?P<label>[^\]\s\[]+)\](?!\()")
_REFERENCE = re.compile(rf"@(?P<id>{CROSS_REFERENCE}\w+(?:[.:-]\w+)*)")
_TEXT_CITATION = re.compile(rf"@(?!{CROSS_REFERENCE}){KEY}(?P<open>\s\[)?")
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);")
_AUTOLINK = re.compile(r"<(?P<address>[a-z]+://[^<>\s]+)>", re.I)
_LINK_END = re.compile(r"\((?P<target>(?:[^()\n]|\([^()\n]*\))*)\)(?:\{(?P<list>[^{}\n]*)\})?")
_BLOCK_ONLY = 3


def _inline(lines: Sequence[_Line], language: str) -> tuple[Inline, ...]:
    if lines:
        first = lines[0]
        lead = len(first.text) - len(first.text.lstrip())
        lines = [_cut(first, lead), *lines[1:]]
        last = lines[-1]
        lines = [*lines[:-1], _Line(last.text.rstrip(), last.start)]
    scanner = _Words(lines, language)
    return scanner.between(0, len(scanner.text))


class _Words:
    """Divides the words of a leaf; ``text`` joins its lines, ``at`` has each sign's place."""

    def __init__(self, lines: Sequence[_Line], language: str) -> None:
        self.language = language
        self.text = "\n".join(line.text for line in lines)
        self.at: list[int] = []
        for line in lines:
            self.at += range(line.start, line.start + len(line.text) + 1)
        if not self.at:
            self.at = [0]
        self.opaque = {found.start(): found for found in _OPAQUE.finditer(self.text)}
        self.pairs = self._bracketed()

    def _bracketed(self) -> dict[int, int]:
        pairs: dict[int, int] = {}
        opened: list[int] = []
        at = 0
        while at < len(self.text):
            if found := self.opaque.get(at):
                at = found.end()
                continue
            if self.text[at] == "[":
                opened.append(at)
            elif self.text[at] == "]" and opened:
                pairs[opened.pop()] = at
            at += 1
        return pairs

    def between(self, low: int, high: int) -> tuple[Inline, ...]:
        """Give what stands from ``low`` to ``high``, with typographic signs."""
        found = self._read(low, high)
        return _typographic(found, self.language)

    def _read(self, low: int, high: int) -> tuple[Inline, ...]:
        out: list[Inline] = []
        at = low
        while at < high:
            found, at = self._next(at, high)
            out.append(found)
        return tuple(out)

    def _next(self, at: int, high: int) -> tuple[Inline, int]:
        sign = self.text[at]
        found = self.opaque.get(at)
        if found and found.end() <= high:
            return self._opaque(found), found.end()
        reader = {
            "[": self._bracket, "!": self._image, "^": self._note, "@": self._key,
            "*": self._emphasis, "_": self._emphasis, "&": self._entity, "<": self._autolink,
        }.get(sign)  # fmt: skip
        read = reader(at, high) if reader else None
        if read:
            return read
        if sign == " " and self.text.startswith("  \n", at) and at + 3 <= high:
            return Thing("break", self.at[at], self.at[at + 3]), at + 3
        return self._sign(" " if sign == "\n" else sign, at, at + 1), at + 1

    def _sign(self, shown: str, low: int, high: int) -> Sign:
        return Sign(shown, self.at[low], self.at[high])

    def _thing(self, kind: Kind, low: int, high: int, text: str = "", lists: str = "") -> Thing:
        return Thing(kind, self.at[low], self.at[high], text, _attributes("{" + lists + "}"))

    def _opaque(self, found: re.Match[str]) -> Inline:
        low, high = found.span()
        if found["comment"]:
            return self._thing("hidden", low, high, found[0])
        if found["escape"]:
            sign = found[0][1]
            return self._sign(typography.PROTECTED.get(sign, sign), low, high)
        inner, stop = found.span("inside")
        children = tuple(
            self._sign(" " if self.text[n] == "\n" else self.text[n], n, n + 1)
            for n in range(inner, stop)
        )
        return Wrap("code", self.at[low], self.at[high], children)

    def _bracket(self, at: int, high: int) -> tuple[Inline, int] | None:
        if call := _CALL.match(self.text, at, high):
            return self._thing("call", at, call.end(), call["label"]), call.end()
        end = self.pairs.get(at, -1)
        if end < 0 or end >= high:
            return None
        after = self.text[end + 1 : end + 2]
        if after == "{" and (lists := ATTRIBUTES.match(self.text, end + 1, high)):
            return self._wrap("span", at, end, lists.end(), lists["list"])
        if after == "(" and (target := _LINK_END.match(self.text, end + 1, high)):
            address = target["target"].strip().partition(" ")[0].strip("<>")
            if end == at + 1 and address.startswith("#"):
                lists_ = target["list"] or ""
                kind: Kind = "reference"
                return self._thing(kind, at, target.end(), address[1:], lists_), target.end()
            return self._wrap("link", at, end, target.end(), target["list"] or "", address)
        inner = self.text[at + 1 : end]
        if after not in {"(", "{"} and _CITED.search(inner):
            whole = _REFERENCE.fullmatch(inner)
            if whole:
                return self._thing("reference", at, end + 1, whole["id"]), end + 1
            if not re.search(rf"@{CROSS_REFERENCE}", inner):
                return self._thing("citation", at, end + 1, self.text[at : end + 1]), end + 1
        return None

    def _wrap(
        self, kind: WrapKind, at: int, end: int, stop: int, lists: str, href: str = ""
    ) -> tuple[Inline, int]:
        attributes = dict(_attributes("{" + lists + "}"))
        if href:
            attributes["href"] = href
        children = self._read(at + 1, end)
        if not children:
            return self._thing("hidden", at, stop, self.text[at:stop], lists), stop
        return Wrap(kind, self.at[at], self.at[stop], children, attributes), stop

    def _image(self, at: int, high: int) -> tuple[Inline, int] | None:
        end = self.pairs.get(at + 1, -1) if self.text.startswith("![", at) else -1
        target = _LINK_END.match(self.text, end + 1, high) if end >= 0 else None
        if not target:
            return None
        lists = target["list"] or ""
        return self._thing("image", at, target.end(), target["target"], lists), target.end()

    def _note(self, at: int, high: int) -> tuple[Inline, int] | None:
        end = self.pairs.get(at + 1, -1) if self.text.startswith("^[", at) else -1
        if end < 0 or end >= high:
            return None
        children = self.between(at + 2, end)
        note = Thing("note", self.at[at], self.at[end + 1], children=children)
        return note, end + 1

    def _key(self, at: int, high: int) -> tuple[Inline, int] | None:
        if at and re.match(r"[\w.@/]", self.text[at - 1]):
            return None
        if found := _REFERENCE.match(self.text, at, high):
            return self._thing("reference", at, found.end(), found["id"]), found.end()
        found = _TEXT_CITATION.match(self.text, at, high)
        if not found:
            return None
        end = found.end()
        if found["open"]:
            close = self.pairs.get(end - 1, -1)
            end = close + 1 if 0 < close < high else found.start("open")
        return self._thing("citation", at, end, self.text[at:end]), end

    def _entity(self, at: int, high: int) -> tuple[Inline, int] | None:
        found = _ENTITY.match(self.text, at, high)
        if not found or not (found[0].startswith("&#") or found[0][1:] in html5):
            return None
        return self._sign(unescape(found[0]), at, found.end()), found.end()

    def _autolink(self, at: int, high: int) -> tuple[Inline, int] | None:
        found = _AUTOLINK.match(self.text, at, high)
        if not found:
            return None
        low, stop = found.span("address")
        children = tuple(self._sign(self.text[n], n, n + 1) for n in range(low, stop))
        attributes = {"href": found["address"]}
        return Wrap("link", self.at[at], self.at[found.end()], children, attributes), found.end()

    def _emphasis(self, at: int, high: int) -> tuple[Inline, int] | None:
        sign = self.text[at]
        run = len(self.text) - at - len(self.text[at:].lstrip(sign))
        before, after = self.text[at - 1 : at], self.text[at + run : at + run + 1]
        if not after.strip() or (sign == "_" and before and (before.isalnum() or before == "_")):
            return None
        for count in (min(run, _BLOCK_ONLY), 1):
            end = self._emphasis_end(at + count, high, sign, count)
            if end > 0:
                inner = self._read(at + count, end)
                kind: WrapKind = "em" if count != 2 else "strong"
                low, stop = self.at[at], self.at[end + count]
                if count == _BLOCK_ONLY:
                    inner = (Wrap("strong", self.at[at + 1], self.at[end + 2], inner),)
                return Wrap(kind, low, stop, inner), end + count
        return None

    def _emphasis_end(self, at: int, high: int, sign: str, count: int) -> int:
        """Find the signs that close an emphasis, over code, brackets and other emphases."""
        start = at
        while at < high:
            if found := self.opaque.get(at):
                at = found.end()
            elif self.text[at] == "[" and self.pairs.get(at, high) < high:
                at = self.pairs[at] + 1
            elif self.text[at] == sign:
                run = len(self.text) - at - len(self.text[at:].lstrip(sign))
                closes = run == count and at > start and not self.text[at - 1].isspace()
                after = self.text[at + run : at + run + 1]
                if closes and not (sign == "_" and (after.isalnum() or after == "_")):
                    return at
                at += run
            else:
                at += 1
        return -1


def _typographic(content: tuple[Inline, ...], language: str) -> tuple[Inline, ...]:
    """Give the signs as the book prints them: quotation marks turned, dashes made of hyphens."""
    text = "".join(_printed_alike(content))
    made = iter(typography.signs(text, language))
    return _reshown(content, made)


def _printed_alike(content: Iterable[Inline]) -> Iterator[str]:
    for inline in content:
        match inline:
            case Sign():
                yield inline.shown
            case Wrap() if inline.kind != "code":
                yield from _printed_alike(inline.children)


def _reshown(content: tuple[Inline, ...], made: Iterator[str]) -> tuple[Inline, ...]:
    out: list[Inline] = []
    for inline in content:
        match inline:
            case Sign():
                shown = "".join(next(made) for _ in inline.shown)
                last = out[-1] if out else None
                if not shown and isinstance(last, Sign) and last.end == inline.start:
                    out[-1] = replace(last, end=inline.end)
                else:
                    out.append(replace(inline, shown=typography.restore(shown)))
            case Wrap() if inline.kind != "code":
                out.append(replace(inline, children=_reshown(inline.children, made)))
            case _:
                out.append(inline)
    return tuple(out)
