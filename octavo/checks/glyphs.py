"""Characters that no font of the book has: they would print as empty boxes."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lxml import etree

from octavo import fonts
from octavo.compose import Draft
from octavo.fonts import Face
from octavo.manuscript import Manuscript, Source
from octavo.markdown.finish import span_of
from octavo.markdown.tree import Element
from octavo.markdown.tree import Section as Text
from octavo.problems import Problem, Span
from octavo.store import Store

_HINT = "write it otherwise, or with characters that EB Garamond or Noto Serif TC or SC have"


class _Place(NamedTuple):
    """A text, where it is if nothing in it says so, and the tree whose text it is, if any."""

    text: str
    span: Span
    tree: Element | None = None

    def pieces(self) -> Iterator[tuple[str, Span]]:
        """Give the texts of the tree's elements, each with its place; that takes a while."""
        if self.tree is None:
            yield self.text, self.span
            return
        for element in self.tree.iter():
            if element.text:
                yield element.text, self._place_of(element)
            if element.tail and element is not self.tree:
                yield element.tail, self._place_of(element.getparent())

    def _place_of(self, element: Element) -> Span:
        found = span_of(element, self.span.path)
        return found if found.line else self.span


def check(draft: Draft, faces: Sequence[Face], kept: Store | None = None) -> list[Problem]:
    """Report characters without a glyph, by lines, where they stand.

    ``kept`` remembers which characters the fonts have.
    """
    places = [
        *(place for source, text in _sections(draft) for place in _section_texts(source, text)),
        *_work_texts(draft),
        *_name_texts(draft),
        *_settings_texts(draft.manuscript),
    ]
    missing = fonts.missing(set("".join(place.text for place in places)), faces, kept)
    if not missing:
        return []
    # What the tool itself puts for a character that cannot stand in XML has been reported.
    missing -= {"\ufffd"}
    bodies = {source.path: source for source in draft.manuscript.sources}
    found: dict[Span, set[str]] = {}
    lacking = (place for place in places if not missing.isdisjoint(place.text))
    for text, span in (piece for place in lacking for piece in place.pieces()):
        for sign in missing.intersection(text):
            found.setdefault(_line(sign, span, bodies.get(span.path)), set()).add(sign)
    return [_problem(sorted(signs), span) for span, signs in found.items()]


def _line(sign: str, span: Span, source: Source | None) -> Span:
    """Find the line, from that of its paragraph on, on which a character stands in its file."""
    if source is not None and span.line >= source.first_line:
        for number, row in enumerate(source.body.split("\n"), start=source.first_line):
            if number >= span.line and sign in row:
                return Span(span.path, number)
    return Span(span.path, span.line)


def _problem(signs: Sequence[str], span: Span) -> Problem:
    shown = ", ".join(_described(sign) for sign in signs[:_NAMED])
    more = f" and {len(signs) - _NAMED} more" if len(signs) > _NAMED else ""
    return Problem("character-has-glyph", f"no font has {shown}{more}", span, _HINT)


_NAMED = 3
"""How many characters a message names."""


def _described(sign: str) -> str:
    point = f"U+{ord(sign):04X}"
    return f"{sign} ({point}, {unicodedata.name(sign)})" if sign.isprintable() else point


def _sections(draft: Draft) -> Iterator[tuple[Source, Text]]:
    yield from zip(draft.manuscript.sources, draft.texts, strict=True)


def _section_texts(source: Source, text: Text) -> Iterator[_Place]:
    header = source.header
    opening = f"{''.join(text.title.itertext())}{header.short_title}{header.author}"
    yield _Place(opening, Span(source.path, 1))
    yield _of_tree(text.body, Span(source.path))
    for chart in text.charts:
        yield _Place(chart.x_axis + chart.y_axis, Span(source.path, source.first_line))
    for note in text.notes:
        yield _of_tree(note.body, note.span)
    for citation in text.citations:
        for work in citation.works:
            yield _Place(work.prefix + work.suffix, citation.span)


def _of_tree(tree: Element, span: Span) -> _Place:
    text = etree.tostring(tree, encoding="unicode", method="text", with_tail=False)
    return _Place(text, span, tree)


def _work_texts(draft: Draft) -> Iterator[_Place]:
    """Give what may be printed of the works that are cited."""
    citations = [citation for text in draft.texts for citation in text.citations]
    keys = {work.key for citation in citations for work in citation.works}
    for key in sorted(keys & draft.works.by_key.keys()):
        work = draft.works.by_key[key]
        yield _Place("".join(_strings(dict(work.csl))) + work.annotation, work.span)


def _name_texts(draft: Draft) -> Iterator[_Place]:
    """Give what the register of names prints, if the book has one."""
    if any(source.generated and source.name == "names" for source in draft.manuscript.sources):
        for name in draft.names.registered():
            yield _Place("".join(name.printed()), draft.names.spans[name.id])


def _settings_texts(manuscript: Manuscript) -> Iterator[_Place]:
    unprinted = {"web", "epub", "sections", "classification", "distribution", "checks"}
    for name, value in manuscript.config.model_dump(mode="json", by_alias=True).items():
        if name not in unprinted:
            yield _Place("".join(_strings(value)), manuscript.span_of_setting(name))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _strings(inner)
