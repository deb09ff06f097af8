"""The register of names: the table's entries by kind, as every edition prints them."""

from collections.abc import Iterator, Mapping
from typing import get_args

from octavo.book import Book, Section
from octavo.editions import text
from octavo.editions.text import Dialect
from octavo.indexing.entries import words as heading_words
from octavo.indexing.model import plain
from octavo.names import Kind, Name
from octavo.templating import NameGroupView, NameView, Spelling
from octavo.wording import wording

VIETNAMESE, PINYIN, TRADITIONAL, SIMPLIFIED = "vi", "zh-Latn-pinyin", "zh-Hant", "zh-Hans"
"""The languages of spellings, as BCP 47 has them."""


def groups(book: Book, dialect: Dialect) -> tuple[NameGroupView, ...]:
    """Give the register's groups in the order of the kinds, each in alphabetical order."""
    words = wording(book.config.language)
    names = book.names.registered()
    mentions = _mentions(book)
    links = {
        _plain(name.heading): dialect.href(book.targets[f"name-{name.id}"])
        for name in names
        if f"name-{name.id}" in book.targets
    }
    return tuple(
        NameGroupView(
            words.name_kinds[kind],
            f"names--{kind}",
            tuple(_view(n, book, dialect, links, mentions) for n in names if n.kind == kind),
        )
        for kind in get_args(Kind)
        if any(name.kind == kind for name in names)
    )


def texts(book: Book) -> Iterator[str]:
    """Give the words that the register prints, if the book has one."""
    if any(section.kind == "names" for section in book.sections):
        for name in book.names.registered():
            yield from name.printed()


def _plain(heading: str) -> str:
    """Give a heading without the asterisks around what is italic."""
    return plain(heading_words(heading))


def _view(
    name: Name,
    book: Book,
    dialect: Dialect,
    links: Mapping[str, str],
    mentions: Mapping[str, list[Section]],
) -> NameView:
    words = wording(book.config.language)
    own = {name.headword, name.heading}
    latin = [(name.vietnamese, VIETNAMESE), (name.pinyin, PINYIN)]
    chinese = [(name.traditional, TRADITIONAL)]
    if name.simplified != name.traditional:
        chinese.append((name.simplified, SIMPLIFIED))
    return NameView(
        id=f"name-{name.id}",
        headword=tuple((run.text, run.italic) for run in heading_words(name.heading)),
        language=_language(name, latin),
        spellings=tuple(
            Spelling("; ".join(others), language)
            for written, language in latin
            if (others := [one for one in _several(written) if one not in own])
        ),
        characters=tuple(Spelling(written, language) for written, language in chinese if written),
        dates=_opening(text.typographic(name.dates, book.config.language)),
        about=text.typographic(name.about, book.config.language),
        doubt=words.not_certain.get(name.certainty, ""),
        see_also=tuple((other, links.get(other, "")) for other in map(_plain, name.see_also)),
        mentioned_in=tuple(
            (
                f"{words.kinds['chapter']}\N{NO-BREAK SPACE}{section.number}"
                if section.number
                else section.short_title,
                dialect.href(text.mention(section, name.id)),
            )
            for section in mentions.get(name.id, [])
        ),
    )


def _several(written: str) -> list[str]:
    """Give the spellings that semicolons part."""
    return [one.strip() for one in written.split(";") if one.strip()]


def _opening(words: str) -> str:
    """Give words as they open a sentence."""
    return words[:1].upper() + words[1:]


def _language(name: Name, latin: list[tuple[str, str]]) -> str:
    """Give the language of a headword that is one of the name's own spellings."""
    return next((tag for written, tag in latin if name.headword in _several(written)), "")


def _mentions(book: Book) -> dict[str, list[Section]]:
    """Give by a name's id the sections that mention it, in book order."""
    found: dict[str, list[Section]] = {}
    for section in book.sections:
        for tree in (section.body, *(note.body for note in section.notes)):
            for span in tree.iter("span"):
                if span.get("data-first") is not None:
                    found.setdefault(span.get("data-name"), []).append(section)
    return found
