"""``content/words.txt``: words that the book has and no dictionary, one a line.

A word in small letters may have a capital at the head of a sentence; one with a capital may not do
without.  Comments begin with ``#``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from octavo import config, output
from octavo.problems import BookError, Problem, Severity, Span
from octavo.spelling import sort_key

FILE = Path("content") / "words.txt"

HEAD = "# Words of this book that are right though no dictionary has them, one a line.\n"


@dataclass(frozen=True)
class WordList:
    """The words with their places, and what is wrong with the file."""

    words: Mapping[str, Span] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def load(root: Path) -> WordList:
    """Read the list of the book in the folder ``root``; a book need not have one."""
    if not (root / FILE).exists():
        return WordList()
    try:
        text = config.read(root / FILE, FILE)
    except BookError as error:
        return WordList(problems=error.problems)
    words: dict[str, Span] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), start=1):
        word = _word(line)
        span = Span(FILE, number, 1, len(word))
        if len(word.split()) > 1:
            message = f'"{word}" is more than a word'
            hint = "write each word on a line of its own"
            problems.append(Problem("word-list-has-words", message, span, hint, Severity.WARNING))
        elif word:
            words.setdefault(word, span)
    return WordList(words, tuple(problems))


def _word(line: str) -> str:
    """Give the word of a line, with a typographic apostrophe, as passages are compared."""
    return line.partition("#")[0].strip().replace("'", "’")


def add(root: Path, words: Iterable[str]) -> tuple[str, ...]:
    """Add words to the list, in its alphabetical order; give those that were not in it.

    Raises ``BookError``
    where the list cannot be read, ``OSError`` where it cannot be written.
    """
    text = config.read(root / FILE, FILE) if (root / FILE).exists() else HEAD
    lines = text.splitlines()
    known = {_word(line) for line in lines}
    new = sorted({_word(word) for word in words} - known - {""}, key=sort_key)
    for word in new:
        at = next((n for n, line in enumerate(lines) if _stands_behind(line, word)), len(lines))
        lines.insert(at, word)
    if new:
        output.replace_file(root / FILE, ("\n".join(lines) + "\n").encode())
    return tuple(new)


def _stands_behind(line: str, word: str) -> bool:
    return bool(_word(line)) and sort_key(_word(line)) > sort_key(word)
