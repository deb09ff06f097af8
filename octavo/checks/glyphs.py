"""Characters that no font of the book has: they would print as empty boxes."""

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from octavo import fonts
from octavo.book import Book, Section
from octavo.fonts import Face
from octavo.markdown.finish import span_of
from octavo.markdown.tree import Element
from octavo.problems import Problem, Span

_HINT = "write it otherwise, or with characters that EB Garamond or Noto Serif TC have"


def check(book: Book, faces: Sequence[Face]) -> list[Problem]:
    """Report each character without a glyph, once a line, where it stands."""
    places = [
        *(place for section in book.sections for place in _section_texts(section)),
        *_work_texts(book),
        *_settings_texts(book),
    ]
    missing = fonts.missing({sign for text, _ in places for sign in text}, faces)
    if not missing:
        return []
    found = {(sign, span) for text, span in places for sign in set(text) & missing}
    return [_problem(sign, span) for sign, span in sorted(found)]


def _problem(sign: str, span: Span) -> Problem:
    name = unicodedata.name(sign, "a character without a name")
    message = f"no font has {sign} (U+{ord(sign):04X}, {name})"
    return Problem("character-has-glyph", message, span, _HINT)


def _section_texts(section: Section) -> Iterator[tuple[str, Span]]:
    yield section.title_text, Span(section.span.path, 1)
    yield from _texts(section.body, section.span.path)
    for note in section.notes:
        for text, span in _texts(note.body, section.span.path):
            yield text, span if span.line else note.span


def _texts(tree: Element, home: Path) -> Iterator[tuple[str, Span]]:
    for element in tree.iter():
        if element.text:
            yield element.text, span_of(element, home)
        if element.tail and element is not tree:
            yield element.tail, span_of(element.getparent(), home)


def _work_texts(book: Book) -> Iterator[tuple[str, Span]]:
    for entry in book.cited.bibliography:
        yield "".join(entry.content.itertext()) + entry.work.annotation, entry.work.span


def _settings_texts(book: Book) -> Iterator[tuple[str, Span]]:
    config = book.config
    names = "".join(contributor.name for contributor in config.contributors)
    text = f"{config.full_title}{config.statement}{config.publisher}{config.edition}{names}"
    yield text, Span(Path("content") / "book.toml")
