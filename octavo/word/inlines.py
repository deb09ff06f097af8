"""The words of a leaf, divided into signs, things and wraps (see ``source``)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from html.entities import html5
from xml.etree import ElementTree

from octavo.markdown import typography
from octavo.markdown.citations import CROSS_REFERENCE, KEY
from octavo.markdown.reading import ATTRIBUTES, set_attributes
from octavo.markdown.syntax import ESCAPABLE
from octavo.word.source import Inline, Kind, Sign, Thing, Wrap, WrapKind


@dataclass(frozen=True)
class Line:
    """A line without what the blocks around it begin it with, and the place of its first sign."""

    text: str
    start: int


def cut(line: Line, count: int) -> Line:
    """Take signs from the beginning of a line."""
    return Line(line.text[count:], line.start + count)


def attributes_of(text: str) -> Mapping[str, str]:
    """Read a list of attributes in braces."""
    element = ElementTree.Element("span")
    found = ATTRIBUTES.search(text)
    if found:
        set_attributes(element, found["list"].removeprefix(":"))
    return dict(element.attrib)


OPAQUE = re.compile(
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
_STRONG, _BOTH = 2, 3
"""How many asterisks make words bold, or bold and in italics."""


def inline(lines: Sequence[Line], language: str) -> tuple[Inline, ...]:
    """Divide the words of some lines, without the spaces around them."""
    if lines:
        first = lines[0]
        lead = len(first.text) - len(first.text.lstrip())
        lines = [cut(first, lead), *lines[1:]]
        last = lines[-1]
        lines = [*lines[:-1], Line(last.text.rstrip(), last.start)]
    scanner = Words(lines, language)
    return scanner.between(0, len(scanner.text))


class Words:
    """Divides the words of a leaf; ``text`` joins its lines, ``at`` has each sign's place."""

    def __init__(self, lines: Sequence[Line], language: str) -> None:
        self.language = language
        self.text = "\n".join(line.text for line in lines)
        self.at: list[int] = []
        for line in lines:
            self.at += range(line.start, line.start + len(line.text) + 1)
        if not self.at:
            self.at = [0]
        self.opaque = {found.start(): found for found in OPAQUE.finditer(self.text)}
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
        return Thing(kind, self.at[low], self.at[high], text, attributes_of("{" + lists + "}"))

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
        if lists := ATTRIBUTES.match(self.text, end + 1, high):
            return self._wrap("span", at, end, lists.end(), lists["list"])
        if target := _LINK_END.match(self.text, end + 1, high):
            return self._link(at, end, target)
        return self._cited(at, end)

    def _link(self, at: int, end: int, target: re.Match[str]) -> tuple[Inline, int]:
        address = target["target"].strip().partition(" ")[0].strip("<>")
        lists = target["list"] or ""
        if end == at + 1 and address.startswith("#"):
            return self._thing("reference", at, target.end(), address[1:], lists), target.end()
        return self._wrap("link", at, end, target.end(), lists, address)

    def _cited(self, at: int, end: int) -> tuple[Inline, int] | None:
        """Read a citation, or a reference, in brackets that end at ``end``."""
        inner = self.text[at + 1 : end]
        if self.text[end + 1 : end + 2] in {"(", "{"} or not _CITED.search(inner):
            return None
        if whole := _REFERENCE.fullmatch(inner):
            return self._thing("reference", at, end + 1, whole["id"]), end + 1
        if re.search(rf"@{CROSS_REFERENCE}", inner):
            return None
        return self._thing("citation", at, end + 1, self.text[at : end + 1]), end + 1

    def _wrap(
        self, kind: WrapKind, at: int, end: int, stop: int, lists: str, href: str = ""
    ) -> tuple[Inline, int]:
        attributes = dict(attributes_of("{" + lists + "}"))
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
        for count in (min(run, _BOTH), 1):
            end = self._emphasis_end(at + count, high, sign, count)
            if end > 0:
                inner = self._read(at + count, end)
                kind: WrapKind = "em" if count != _STRONG else "strong"
                low, stop = self.at[at], self.at[end + count]
                if count == _BOTH:
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
