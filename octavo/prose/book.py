"""The manuscript → all its passages, links and texts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from octavo import abbreviations, bibliography, chronology, csvfile
from octavo.manuscript import SETTINGS, Manuscript, split_header
from octavo.names import FILE as NAMES
from octavo.problems import Span
from octavo.prose import blocks, inline, settings
from octavo.prose.inline import Gathering, Link
from octavo.prose.passages import Lines, Located, Passage

INDEX = Path("content") / "index.toml"

_COLUMNS = {chronology.FILE: "event", abbreviations.FILE: "expansion"}
"""The files with a column of words, and its name; of tables from data all cells are printed."""


@dataclass(frozen=True)
class Prose:
    """The book's words: its passages in the order of its files, its links, its files' texts.

    ``pictures`` are those in lines of text that nothing is said of.
    """

    passages: tuple[Passage, ...]
    links: tuple[Link, ...]
    pictures: tuple[Link, ...]
    texts: Mapping[Path, str]


def read(manuscript: Manuscript, *, cites_in_notes: bool) -> Prose:
    """Read all files of a book that have words in them; what cannot be read is left out.

    ``cites_in_notes``: so does the book's citation style.
    """
    texts = {path: text for path in _files(manuscript) for text in _text(manuscript.root, path)}
    found = Gathering(manuscript.config.language, cites_in_notes)
    for path, text in texts.items():
        if path.suffix == ".md":
            found.add(_section(path, text, found.language, cites_in_notes))
        elif path.suffix == ".toml":
            _read_settings(path, text, found)
    for path in dict.fromkeys(Path("content") / name for name in found.files):
        if path.suffix == ".csv" and ".." not in path.parts:
            texts.update((path, text) for text in _text(manuscript.root, path))
    for path, text in texts.items():
        if path.suffix == ".csv":
            _read_cells(path, text, found)
    return Prose(tuple(found.passages), tuple(found.links), tuple(found.pictures), texts)


def _files(manuscript: Manuscript) -> Iterator[Path]:
    yield from (SETTINGS, NAMES, INDEX, *_COLUMNS)
    yield from (source.path for source in manuscript.sources if source.path.suffix == ".md")
    patterns = manuscript.config.citations.files
    yield from bibliography.files(manuscript.root, patterns, Span(SETTINGS))[0]


def _text(root: Path, path: Path) -> Iterator[str]:
    try:
        text = (root / path).read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return
    yield text.replace("\r\n", "\n").replace("\r", "\n")


@lru_cache(2**8)
def _section(path: Path, text: str, language: str, cites_in_notes: bool) -> Gathering:
    """Read a section; a process that stays reads the one that has changed."""
    found = Gathering(language, cites_in_notes)
    header, body, first_line = split_header(text)
    opening = Lines(path, header, 2)
    for value in settings.in_header(header):
        if value.key == "title":
            inline.read(value.words, opening, "title", found)
        elif value.key in {"short-title", "author"}:
            found.passages.append(_setting(value.words, opening, found.language))
    blocks.read(Lines(path, body, first_line), found)
    return found


def _read_settings(path: Path, text: str, found: Gathering) -> None:
    printed = settings.PRINTED[path.as_posix()]
    lines = Lines(path, text)
    for value in settings.in_toml(text):
        if value.key in printed and value.words.text.strip():
            is_set = printed[value.key]
            found.passages.append(_setting(value.words, lines, found.language, is_set=is_set))


def _setting(words: Located, lines: Lines, language: str, *, is_set: bool = False) -> Passage:
    return Passage("setting", words.text, lines, words.places, language, is_set=is_set)


def _read_cells(path: Path, text: str, found: Gathering) -> None:
    lines = Lines(path, text)
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    rows = csvfile.parse(text.encode(), path).rows
    column = _COLUMNS.get(path)
    heads = [head.text for head in rows[0]] if rows else []
    for number, row in enumerate(rows):
        for index, cell in enumerate(row):
            is_printed = column is None or (number and heads[index : index + 1] == [column])
            if is_printed and cell.text:
                at = starts[cell.span.line - 1] + cell.span.column - 1
                words = settings.in_cell(cell.text, text, at)
                inline.read(words, lines, "cell", found)
