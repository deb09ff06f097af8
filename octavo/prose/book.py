"""The manuscript → all its passages, links and texts."""

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from octavo import abbreviations, bibliography, chronology, csvfile, headers, store, tools
from octavo.manuscript import SETTINGS, Manuscript
from octavo.names import FILE as NAMES
from octavo.problems import Span
from octavo.prose import blocks, inline, settings
from octavo.prose.inline import Gathering, Link
from octavo.prose.passages import Lines, Located, Passage
from octavo.store import Store

INDEX = Path("content") / "index.toml"

_COLUMNS = {chronology.FILE: "event", abbreviations.FILE: "expansion"}
"""The files with a column of words, and its name; of tables from data all cells are printed."""


@dataclass(frozen=True)
class Part:
    """The passages of one file; ``name`` is another where any of them is."""

    name: str
    passages: Sequence[Passage]


@dataclass(frozen=True)
class Prose:
    """The book's words: its passages in the order of its files, its links, its files' texts.

    ``pictures`` are those in lines of text that nothing is said of.
    """

    parts: tuple[Part, ...]
    links: tuple[Link, ...]
    pictures: tuple[Link, ...]
    texts: Mapping[Path, str]

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Give the passages of all files."""
        return tuple(passage for part in self.parts for passage in part.passages)


def read(manuscript: Manuscript, kept: Store | None = None, *, cites_in_notes: bool) -> Prose:
    """Read all files of a book that have words in them; what cannot be read is left out.

    ``cites_in_notes``: so does the book's citation style.  ``kept`` remembers files.
    """
    language = manuscript.config.language
    texts = {path: text for path in _files(manuscript) for text in _text(manuscript.root, path)}
    files = [
        _remembered(path, text, language, cites_in_notes, kept)
        for path, text in texts.items()
        if path.suffix in {".md", ".toml"}
    ]
    names = (name for _, found in files for name in found.files)
    for path in dict.fromkeys(Path("content") / name for name in names):
        if path.suffix == ".csv" and ".." not in path.parts:
            texts.update((path, text) for text in _text(manuscript.root, path))
    files += [
        _remembered(path, text, language, cites_in_notes, kept)
        for path, text in texts.items()
        if path.suffix == ".csv"
    ]
    return Prose(
        parts=tuple(Part(name, found.passages) for name, found in files),
        links=tuple(link for _, found in files for link in found.links),
        pictures=tuple(picture for _, found in files for picture in found.pictures),
        texts=texts,
    )


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
def _remembered(
    path: Path, text: str, language: str, cites_in_notes: bool, kept: Store | None
) -> tuple[str, Gathering]:
    """Give a file's name in the store, and what is in it; a process that stays reads it once."""
    name = store.key(
        [tools.named((), tools.OURS), path.as_posix(), text, language, str(cites_in_notes)]
    )

    def make() -> bytes:
        found = Gathering(language, cites_in_notes)
        _READERS[path.suffix](path, text, found)
        return pickle.dumps(found)

    return name, pickle.loads(store.once(kept, name, make))


def _read_section(path: Path, text: str, found: Gathering) -> None:
    header, body, first_line = headers.split(text)
    opening = Lines(path, header, 2)
    for value in settings.in_header(header):
        if value.key == "title":
            inline.read(value.words, opening, "title", found)
        elif value.key in {"short-title", "author"}:
            found.passages.append(_setting(value.words, opening, found.language))
    blocks.read(Lines(path, body, first_line), found)


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


_READERS: Mapping[str, Callable[[Path, str, Gathering], None]] = {
    ".csv": _read_cells,
    ".md": _read_section,
    ".toml": _read_settings,
}
"""What reads a file, by the ending of its name."""
