"""Finds the names of ``content/names.toml`` in the sections' trees and marks them there.

Every form in the text, the notes, captions, cells, headings and titles is wrapped in
``<span class="name" data-name="ID">``: whole words only, the longest form of those that begin at
one place.  A form is found as typographers may have set it, with any space between its words, a
typographic apostrophe or a straight one, any hyphen, letters with marks composed or apart (Unicode
Standard Annex 15).  ``data-first`` is set on the first place in a section from which an edition may
lead to the name's entry; headings and titles lead nowhere.

The spans are for what looks for names.  Print sets none that has no id, since WeasyPrint hyphenates
otherwise beside an element's edge (though it breaks no line there that it would not break without).

Left alone are code, links and ``[text]{.noindex}``; what citeproc writes is no part of the trees.
Nothing is found across the bounds of an inline element.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from lxml import etree

from octavo.manuscript import Source
from octavo.markdown.finish import span_of, text_before
from octavo.markdown.tree import Element, Section
from octavo.markdown.typography import quotation_marks
from octavo.names import Name, Names, typographic
from octavo.problems import Problem, Severity, Span

_HEADINGS = {"h2", "h3", "h4", "h5"}
_LEFT_ALONE = {"a", "code", "pre"}

_SIGNS = {" ": r"\s+", "’": "[’']", "-": "[-\u2010\u2011]"}
"""What a sign of a form may be in the text."""

_LETTER = r"[\w\u0300-\u036f]"
_CLUSTER = re.compile(".[\u0300-\u036f]*", re.S)


def mark(
    sources: Sequence[Source], sections: Sequence[Section], names: Names, language: str
) -> list[Problem]:
    """Mark the names in the sections' trees; report variants, which the book should not use."""
    if not names.names:
        return []
    find = _finder(tuple(map(_Forms.of, names.names)))
    problems: list[Problem] = []
    for source, section in zip(sources, sections, strict=True):
        problems += _Marking(source, find, language).mark(section)
    return problems


@dataclass(frozen=True)
class _Forms:
    """A name as far as it matters here."""

    id: str
    headword: str
    forms: tuple[str, ...]
    variants: tuple[str, ...]

    @staticmethod
    def of(name: Name) -> "_Forms":
        return _Forms(name.id, name.headword, tuple(name.forms), tuple(name.variants))


@dataclass(frozen=True)
class _Claim:
    """Whose a form is, and whether the book should not use it."""

    name: _Forms
    is_variant: bool


_Find = Callable[[str], Sequence[tuple[int, int, _Claim]]]
"""Gives where each form in a text begins and ends, and whose it is."""


@lru_cache(maxsize=1)
def _finder(names: tuple[_Forms, ...]) -> _Find:
    """Give what finds names, by one pattern; a process that stays looks through a text once."""
    claims = {
        form: _Claim(name, is_variant)
        for name in names
        for is_variant, forms in ((False, name.forms), (True, name.variants))
        for form in forms
    }
    at_sentence_start = {form[0].upper() + form[1:]: claim for form, claim in claims.items()}
    claims = at_sentence_start | claims
    pattern = re.compile(f"{_branches(_tree(claims), is_first=True)}(?!{_LETTER})")

    @lru_cache(maxsize=2**16)
    def find(text: str) -> Sequence[tuple[int, int, _Claim]]:
        composed, places = (text, None) if text.isascii() else _composed(text)
        found = []
        for match in pattern.finditer(composed):
            claim = claims.get(match[0]) or claims[typographic(match[0])]
            start, end = match.span() if places is None else map(places.__getitem__, match.span())
            found.append((start, end, claim))
        return tuple(found)

    return find


def _composed(text: str) -> tuple[str, list[int] | None]:
    """Give a text composed (NFC), and where each of its characters stood, if that has changed."""
    if unicodedata.is_normalized("NFC", text):
        return text, None
    pieces: list[str] = []
    places: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        piece = unicodedata.normalize("NFC", cluster[0])
        pieces.append(piece)
        places += [cluster.start()] * len(piece)
    return "".join(pieces), [*places, len(text)]


def _tree(forms: Iterable[str]) -> dict[str, Any]:
    """Give forms as a tree of their characters; the key "" says that a form ends there."""
    tree: dict[str, Any] = {}
    for form in forms:
        node = tree
        for sign in form:
            node = node.setdefault(sign, {})
        node[""] = {}
    return tree


def _branches(node: dict[str, Any], *, is_first: bool = False) -> str:
    """Give the pattern of a tree: what begins alike is compared once, and longer forms first.

    That no letter stands before a form is asked behind its first character: a pattern that opens
    with characters is found several times faster than one that opens with a condition.
    """
    ways = []
    for sign in sorted(filter(None, node)):
        found = _SIGNS.get(sign, re.escape(sign))
        begins = f"(?<!{_LETTER}{found})" if is_first else ""
        ways.append(f"{found}{begins}{_branches(node[sign])}")
    if "" in node:
        return f"(?:{'|'.join(ways)})?" if ways else ""
    return f"(?:{'|'.join(ways)})" if len(ways) > 1 else ways[0]


@dataclass(frozen=True)
class _Surroundings:
    """What is around a piece of text, as far as it matters to the names in it."""

    is_left_alone: bool = False
    is_quoted: bool = False
    may_link: bool = True
    note: Span | None = None

    def within(self, element: Element) -> "_Surroundings":
        """Give what surrounds the text in an element that stands in these surroundings."""
        if element.tag in _LEFT_ALONE or "noindex" in (element.get("class") or "").split():
            return replace(self, is_left_alone=True)
        if element.tag == "blockquote":
            return replace(self, is_quoted=True)
        return replace(self, may_link=False) if element.tag in _HEADINGS else self


@dataclass(frozen=True)
class _Variant:
    """A variant in the text: whose, the block or note that it stands in, whether it may."""

    form: str
    name: _Forms
    block: Span
    in_note: bool
    is_allowed: bool


class _Marking:
    """Marks the names of one section."""

    def __init__(self, source: Source, find: _Find, language: str) -> None:
        self._source, self._find = source, find
        self._quotes = quotation_marks(language)[:2]
        self._linked: set[str] = set()
        self._variants: list[_Variant] = []

    def mark(self, section: Section) -> Iterator[Problem]:
        self._visit(section.title, _Surroundings(may_link=False))
        self._visit(section.body, _Surroundings())
        for note in section.notes:
            self._visit(note.body, _Surroundings(note=note.span))
        # What stands in a note in place stands in its paragraph's source too.
        variants = sorted(self._variants, key=lambda variant: not variant.in_note)
        places = _Places(self._source, self._find)
        for variant in variants:
            span = places.take(variant)
            if not variant.is_allowed:
                message = f'"{variant.form}" is a form that this book does not use'
                hint = (
                    f'write "{variant.name.headword}"; in quotation marks, and in '
                    f"[{variant.form}]{{.noindex}}, it may stand"
                )
                rule = "name-is-in-chosen-form"
                yield Problem(rule, message, span, hint, Severity.WARNING)

    def _visit(self, element: Element, around: _Surroundings) -> None:
        around = around.within(element)
        children = list(element)
        if text := element.text:
            self._wrap(text, element, "text", around)
        for child in children:
            self._visit(child, around)
            if text := child.tail:
                self._wrap(text, child, "tail", around)

    def _wrap(self, text: str, holder: Element, attribute: str, around: _Surroundings) -> None:
        """Wrap the names in an element's text, or in the text behind it."""
        found = self._find(text)
        if not found:
            return
        if around.is_left_alone:
            for start, end, claim in found:
                if claim.is_variant:
                    self._note_variant(text[start:end], claim.name, holder, around, allowed=True)
            return
        parent = holder if attribute == "text" else holder.getparent()
        at = 0 if attribute == "text" else parent.index(holder) + 1
        setattr(holder, attribute, text[: found[0][0]])
        ends = [start for start, _, _ in found[1:]] + [len(text)]
        for (start, end, claim), next_start in zip(found, ends, strict=True):
            span = self._span(claim.name, around)
            span.text, span.tail = text[start:end], text[end:next_start]
            parent.insert(at, span)
            at += 1
            if claim.is_variant:
                allowed = around.is_quoted or self._is_in_quotation_marks(span)
                self._note_variant(span.text, claim.name, span, around, allowed=allowed)

    def _span(self, name: _Forms, around: _Surroundings) -> Element:
        span = etree.Element("span", {"class": "name", "data-name": name.id})
        if around.may_link and name.id not in self._linked:
            self._linked.add(name.id)
            span.set("data-first", "true")
        return span

    def _is_in_quotation_marks(self, span: Element) -> bool:
        before = text_before(span)
        opening, closing = self._quotes
        return before.rfind(opening) > before.rfind(closing)

    def _note_variant(
        self, form: str, name: _Forms, holder: Element, around: _Surroundings, *, allowed: bool
    ) -> None:
        block = span_of(holder, self._source.path)
        if around.note is not None and block.line == around.note.line:
            block = around.note
        variant = _Variant(typographic(form), name, block, around.note is not None, allowed)
        self._variants.append(variant)


class _Places:
    """Finds in a section's source where its variants stand, each place once."""

    def __init__(self, source: Source, find: _Find) -> None:
        self._source = source
        self._starts = [0, *(found.end() for found in re.finditer("\n", source.body))]
        self._free: list[tuple[int, str]] = [
            (start, typographic(source.body[start:end]))
            for start, end, claim in find(source.body)
            if claim.is_variant
        ]

    def take(self, variant: _Variant) -> Span:
        """Give the first place that is left of a variant's form in its block, or the block's."""
        block, first = variant.block, self._source.first_line
        if block.path != self._source.path or block.line < first:
            return Span(block.path, max(block.line, 1))
        opening = self._starts[block.line - first] + max(block.column - 1, 0)
        for index, (place, known) in enumerate(self._free):
            if place >= opening and known == variant.form:
                del self._free[index]
                row = bisect_right(self._starts, place) - 1
                return Span(block.path, first + row, place - self._starts[row] + 1)
        return replace(block, column=0)
