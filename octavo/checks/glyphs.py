"""Characters that no font of the book has: they would print as empty boxes."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from octavo import fonts
from octavo.compose import Draft
from octavo.fonts import Face
from octavo.manuscript import Manuscript, Source
from octavo.markdown.finish import span_of
from octavo.markdown.tree import Element
from octavo.markdown.tree import Section as Text
from octavo.problems import Problem, Span

_HINT = "write it otherwise, or with characters that EB Garamond or Noto Serif TC or SC have"


def check(draft: Draft, faces: Sequence[Face]) -> list[Problem]:
    """Report characters without a glyph, by lines, where they stand."""
    places = [
        *(place for source, text in _sections(draft) for place in _section_texts(source, text)),
        *_work_texts(draft),
        *_name_texts(draft),
        *_settings_texts(draft.manuscript),
    ]
    missing = fonts.missing({sign for text, _ in places for sign in text}, faces)
    if not missing:
        return []
    # What the tool itself puts for a character that cannot stand in XML has been reported.
    missing -= {"\ufffd"}
    bodies = {source.path: source for source in draft.manuscript.sources}
    found: dict[Span, set[str]] = {}
    for text, span in places:
        for sign in set(text) & missing:
            found.setdefault(_place(sign, span, bodies.get(span.path)), set()).add(sign)
    return [_problem(sorted(signs), span) for span, signs in found.items()]


def _place(sign: str, span: Span, source: Source | None) -> Span:
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


def _section_texts(source: Source, text: Text) -> Iterator[tuple[str, Span]]:
    header = source.header
    opening = f"{''.join(text.title.itertext())}{header.short_title}{header.author}"
    yield opening, Span(source.path, 1)
    yield from _texts(text.body, source.path)
    for chart in text.charts:
        yield chart.x_axis + chart.y_axis, Span(source.path, source.first_line)
    for note in text.notes:
        for words, span in _texts(note.body, source.path):
            yield words, span if span.line else note.span
    for citation in text.citations:
        for work in citation.works:
            yield work.prefix + work.suffix, citation.span


def _texts(tree: Element, home: Path) -> Iterator[tuple[str, Span]]:
    for element in tree.iter():
        if element.text:
            yield element.text, span_of(element, home)
        if element.tail and element is not tree:
            yield element.tail, span_of(element.getparent(), home)


def _work_texts(draft: Draft) -> Iterator[tuple[str, Span]]:
    """Give what may be printed of the works that are cited."""
    citations = [citation for text in draft.texts for citation in text.citations]
    keys = {work.key for citation in citations for work in citation.works}
    for key in sorted(keys & draft.works.by_key.keys()):
        work = draft.works.by_key[key]
        yield "".join(_strings(dict(work.csl))) + work.annotation, work.span


def _name_texts(draft: Draft) -> Iterator[tuple[str, Span]]:
    """Give what the register of names prints, if the book has one."""
    if any(source.generated and source.name == "names" for source in draft.manuscript.sources):
        for name in draft.names.registered():
            yield "".join(name.printed()), draft.names.spans[name.id]


def _settings_texts(manuscript: Manuscript) -> Iterator[tuple[str, Span]]:
    unprinted = {"web", "epub", "sections", "classification", "distribution"}
    for name, value in manuscript.config.model_dump(mode="json", by_alias=True).items():
        if name not in unprinted:
            yield "".join(_strings(value)), manuscript.span_of_setting(name)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _strings(inner)
