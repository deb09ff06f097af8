"""Changes to a benchmark's book between builds: a word, a page."""

import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks.books import chapter_file

_GROWING = 2
"""The chapter that grows."""

_PARAGRAPH, _PARAGRAPHS = 130, 3
"""How many words a new paragraph has, and how many fill a page."""

_PLAIN_WORD = re.compile(r"\^?\[[^\]]*\]|(?<= )(?P<word>[a-z]{5})(?= )")
_PLAIN_PARAGRAPH = re.compile(r"^[A-Z].{200,}$", re.MULTILINE)


class Edits:
    """Changes the book in a folder that ``books.make`` has made."""

    def __init__(self, book: Path, chapters: int) -> None:
        """Read the chapters as they are: what is written later is always made from that."""
        self._middle = chapter_file(book, chapters // 2 + 1)
        self._growing = chapter_file(book, min(_GROWING, chapters))
        self._texts = {path: path.read_text("utf-8") for path in (self._middle, self._growing)}

    def undo(self) -> None:
        """Put the text back as it was."""
        for path, text in self._texts.items():
            path.write_text(text, "utf-8")

    def change_word(self, number: int) -> None:
        """Put another word of five letters in place of one in the middle of a middle chapter.

        Each ``number``, up to some dozens, gives another word.
        """
        text = self._texts[self._middle]
        known = sorted({found["word"] for found in _words(text)})
        paragraph = _middle_paragraph(text)
        old = next(_words(text, paragraph.start()))
        known.remove(old["word"])
        new = known[number % len(known)]
        self._middle.write_text(text[: old.start()] + new + text[old.end() :], "utf-8")

    def add_page(self) -> None:
        """Put a page of text more into a chapter near the beginning."""
        text = self._texts[self._growing]
        at = _middle_paragraph(text).start()
        words = re.findall(r"(?<= )[a-z]+(?= )", text)
        added = "".join(
            " ".join(words[start : start + _PARAGRAPH]).capitalize() + ".\n\n"
            for start in range(0, _PARAGRAPH * _PARAGRAPHS, _PARAGRAPH)
        )
        self._growing.write_text(text[:at] + added + text[at:], "utf-8")


def _words(text: str, start: int = 0) -> Iterator[re.Match[str]]:
    """Give the words of five letters that stand in the running text, outside of brackets."""
    return (found for found in _PLAIN_WORD.finditer(text, start) if found["word"])


def _middle_paragraph(text: str) -> re.Match[str]:
    paragraphs = list(_PLAIN_PARAGRAPH.finditer(text))
    return paragraphs[len(paragraphs) // 2]
