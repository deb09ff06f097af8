"""Notes: ``[^salt]`` with ``[^salt]: text`` in a block of its own, or ``^[text]`` in place.

Pandoc's syntax.  While Python-Markdown works, a definition stands in the tree as
``<div class="note-definition" data-label>`` and a note in place as ``<span class="note-text">``
inside its call, so that their Markdown is read like any other; ``finish`` takes them out.
"""

import re
from xml.etree import ElementTree

from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.inlinepatterns import InlineProcessor

from octavo.markdown.positions import MARK, OPTIONAL_MARK
from octavo.markdown.reading import Reading, closing, say_where

_LABEL = r"\[\^(?P<label>[^\]\s\[]+)\]"


class NoteDefinition(BlockProcessor):
    """``[^salt]: text``, with further paragraphs indented by four spaces."""

    OPENING = re.compile(rf"^[ ]{{0,3}}{OPTIONAL_MARK}{MARK}{_LABEL}:[ \t]*", re.M)

    def __init__(self, parser: BlockParser, reading: Reading) -> None:
        """Keep the reading, which tells where a definition stands."""
        super().__init__(parser)
        self.reading = reading

    def test(self, parent: ElementTree.Element, block: str) -> bool:
        """Take a block that opens with a definition, or has one on a later line."""
        return bool(self.OPENING.search(block))

    def run(self, parent: ElementTree.Element, blocks: list[str]) -> None:
        """Put what stands before back, parse the definition, and leave what follows it."""
        block = blocks.pop(0)
        found = self.OPENING.search(block)
        assert found, "run follows test"
        before = block[: found.start()].rstrip("\n")
        text = block[found.end() :]
        following = self.OPENING.search(text)
        if following:
            blocks.insert(0, text[following.start() :])
            text = text[: following.start()].rstrip("\n")
        paragraphs = [text]
        while not following and blocks and blocks[0].startswith(" " * 4):
            indented, rest = self.detab(blocks.pop(0))
            paragraphs.append(indented)
            if rest:
                blocks.insert(0, rest)
                break
        if before:
            self.parser.parseBlocks(parent, [before])
        note = ElementTree.SubElement(parent, "div", {"class": "note-definition"})
        note.set("data-label", found["label"])
        say_where(note, self.reading.span(found[1]), self.reading.path)
        self.parser.parseBlocks(note, paragraphs)


class NoteCall(InlineProcessor):
    """``[^salt]``: the call of a note that is defined elsewhere in the section."""

    def __init__(self, reading: Reading) -> None:
        """Match a marked label."""
        super().__init__(rf"{MARK}{_LABEL}(?!\()")
        self.reading = reading

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Python-Markdown's name
        self, m: re.Match[str], data: str
    ) -> tuple[ElementTree.Element, int, int]:
        """Give the call; its number comes when all notes are known."""
        call = ElementTree.Element("a", {"class": "note-call", "data-label": m["label"]})
        say_where(call, self.reading.span(m[1]), self.reading.path)
        return call, m.start(), m.end()


class NoteInPlace(InlineProcessor):
    """``^[text]``: a note written where it is called."""

    def __init__(self, reading: Reading) -> None:
        """Match a marked ``^[``."""
        super().__init__(rf"{MARK}\^\[")
        self.reading = reading

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Python-Markdown's name
        self, m: re.Match[str], data: str
    ) -> tuple[ElementTree.Element | None, int | None, int | None]:
        """Give the call with its text inside; report a note that never ends."""
        end = closing(data, m.end())
        span = self.reading.span(m[1])
        if end < 0:
            self.reading.error("note-is-closed", "this note is never closed", span, "add a ]")
            return None, None, None
        if inner := re.search(rf"{MARK}\^\[", data[m.end() : end]):
            hint = "put its text into this note, in brackets or a sentence of its own"
            message, place = "a note is called inside a note", self.reading.span(inner[1])
            self.reading.error("note-stands-alone", message, place, hint)
        note = ElementTree.Element("span", {"class": "note-text"})
        say_where(note, span, self.reading.path)
        note.text = data[m.end() : end]
        return note, m.start(), end + 1
