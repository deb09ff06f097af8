"""What Word shows of a chapter, paragraph by paragraph, each token with its place in a file.

Sending and returning both go by this outline: a chapter's text gives it without the rest of the
book.  Titles stand in a header of YAML, cells of data in a CSV file: places in these are those in
the value, which ``Origin`` knows how to write back.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from octavo import csvfile, headers
from octavo.markdown import figures
from octavo.word import blocks
from octavo.word.source import Chapter, Inline, Leaf, Sign, Thing, Wrap

NOTE, CITATION, REFERENCE, IMAGE, BREAK, RULE = "\ue100\ue101\ue102\ue103\ue104\ue105"
"""The keys of tokens that are no characters."""

FORMATS = ("italic", "bold", "smallcaps", "code", "superscript", "subscript", "strike")


@dataclass(frozen=True)
class Format:
    """How words are set; ``language`` is a BCP 47 tag, ``link`` an address, ``""`` for none."""

    italic: bool = False
    bold: bool = False
    smallcaps: bool = False
    code: bool = False
    superscript: bool = False
    subscript: bool = False
    strike: bool = False
    language: str = ""
    link: str = ""

    @property
    def looks(self) -> tuple[bool, ...]:
        """Give what can be seen of it."""
        return tuple(bool(getattr(self, name)) for name in FORMATS)


@dataclass(frozen=True)
class Token:
    """A character, or a thing, that Word shows: ``key`` says which.

    ``wraps`` are those around it, the outermost first.
    """

    key: str
    start: int
    end: int
    format: Format = Format()
    wraps: tuple[Wrap, ...] = ()
    thing: Thing | None = None


@dataclass(frozen=True)
class Origin:
    """Where a paragraph is written: a file, and for a value its place there.

    ``kind`` says in what form: ``text`` as it stands, ``yaml`` or ``csv`` as a value of these.
    """

    path: str
    kind: str = "text"
    start: int = 0
    end: int = 0
    value: str = ""

    def written(self, value: str) -> str:
        """Give a value as the file has to hold it."""
        if self.kind == "yaml":
            return json.dumps(value, ensure_ascii=False)
        quotes = self.value != value or any(sign in value for sign in ',"\n')
        return '"' + value.replace('"', '""') + '"' if quotes else value


@dataclass(frozen=True)
class Para:
    """A paragraph: its leaf, its tokens, where it is written.

    ``whole`` tells that Word shows it otherwise than it is written (numbers, grouped).
    """

    leaf: Leaf
    tokens: tuple[Token, ...]
    origin: Origin
    whole: bool = False

    @property
    def keys(self) -> str:
        """Give the keys of the tokens, in one string."""
        return "".join(token.key for token in self.tokens)


@dataclass(frozen=True)
class Outline:
    """A chapter's paragraphs in Word's order, and those of its notes by label."""

    path: str
    paras: tuple[Para, ...]
    notes: Mapping[str, tuple[Para, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Sources:
    """The texts of the files of some chapters; ``chapters`` names those that are chapters.

    ``cites`` is ``note`` or ``in-text``, as the book's style has it.
    """

    language: str
    cites: str
    chapters: tuple[str, ...]
    texts: Mapping[str, str]


def outline(sources: Sources, path: str) -> Outline:
    """Give the outline of the chapter ``path``."""
    text = sources.texts[path]
    _, _, first_line = headers.split(text)
    start = sum(len(line) + 1 for line in text.split("\n")[: first_line - 1])
    divided = blocks.divide(text, min(start, len(text)), sources.language)
    made = _Outlines(sources, path)
    title = list(made.title(text))
    return Outline(path, (*title, *made.body(divided)), made.notes(divided))


def in_place(note: Thing, origin: Origin, cites: str) -> Para:
    """Give the one paragraph of a note that is written in place."""
    content = note.children
    leaf = Leaf("paragraph", note.start, note.end, content)
    return Para(leaf, tuple(tokens(content, cites, in_note=True)), origin)


def tokens(content: Sequence[Inline], cites: str, *, in_note: bool = False) -> Iterator[Token]:
    """Give the tokens of some words."""
    yield from _tokens(content, Format(), (), cites == "note" and not in_note)


def _tokens(
    content: Sequence[Inline], format_: Format, wraps: tuple[Wrap, ...], noted: bool
) -> Iterator[Token]:
    for inline in content:
        match inline:
            case Sign():
                for index, sign in enumerate(inline.shown):
                    start = inline.end if index else inline.start
                    yield Token(sign, start, inline.end, format_, wraps)
            case Wrap():
                inner = within(format_, inline)
                yield from _tokens(inline.children, inner, (*wraps, inline), noted)
            case Thing(kind="hidden"):
                continue
            case Thing():
                key = _KEYS[inline.kind]
                if inline.kind == "citation" and noted and inline.text.startswith("["):
                    key = NOTE
                yield Token(key, inline.start, inline.end, format_, wraps, inline)


_KEYS = {
    "note": NOTE, "call": NOTE, "citation": CITATION, "reference": REFERENCE, "image": IMAGE,
    "break": BREAK,
}  # fmt: skip


def within(format_: Format, wrap: Wrap) -> Format:
    """Tell how words in a wrap are set, in words set as ``format_``."""
    attributes = wrap.attributes
    match wrap.kind:
        case "em":
            return replace(format_, italic=True)
        case "strong":
            return replace(format_, bold=True)
        case "code":
            return replace(format_, code=True)
        case "link":
            return replace(format_, link=attributes.get("href", ""))
    small = format_.smallcaps or "smallcaps" in attributes.get("class", "").split()
    language = attributes.get("lang", format_.language)
    return replace(format_, smallcaps=small, language=language)


class _Outlines:
    """Makes the paragraphs of one chapter."""

    def __init__(self, sources: Sources, path: str) -> None:
        self.sources, self.path = sources, path
        self.origin = Origin(path)

    def title(self, text: str) -> Iterator[Para]:
        """Give the title as a paragraph."""
        header, _, first_line = headers.split(text)
        if first_line == 1:
            return
        tree = yaml.compose(header, yaml.SafeLoader)
        pairs = tree.value if isinstance(tree, yaml.MappingNode) else []
        for key, value in pairs:
            if key.value == "title" and value.value.strip():
                shift = text.index("\n") + 1
                start, end = (mark.index + shift for mark in (value.start_mark, value.end_mark))
                origin = Origin(self.path, "yaml", start, end, value.value)
                content = blocks.words(value.value, self.sources.language)
                leaf = Leaf("title", 0, len(value.value), content)
                yield Para(leaf, tuple(tokens(content, self.sources.cites)), origin)

    def body(self, chapter: Chapter) -> Iterator[Para]:
        """Give the paragraphs of the text; a table from data has its caption before its cells."""
        waiting: Leaf | None = None
        for leaf in chapter.leaves:
            is_data = leaf.target.endswith(".csv") and "table" in _classes(leaf)
            if waiting is not None and not (is_data and leaf.role == "caption"):
                yield from self._cells(waiting)
                waiting = None
            if leaf.role == "picture" and is_data:
                waiting = leaf
                continue
            if leaf.role != "hidden":
                yield self._para(leaf)
        if waiting is not None:
            yield from self._cells(waiting)

    def notes(self, chapter: Chapter) -> Mapping[str, tuple[Para, ...]]:
        """Give the paragraphs of each note that is written apart."""
        return {
            label: tuple(self._para(leaf, in_note=True) for leaf in leaves)
            for label, leaves in chapter.notes.items()
        }

    def _para(self, leaf: Leaf, *, in_note: bool = False) -> Para:
        if leaf.role in {"picture", "rule"}:
            key = IMAGE if leaf.role == "picture" else RULE
            return Para(leaf, (Token(key, leaf.start, leaf.end),), self.origin)
        made = tuple(tokens(leaf.content, self.sources.cites, in_note=in_note))
        return Para(leaf, made, self.origin)

    def _cells(self, leaf: Leaf) -> Iterator[Para]:
        path = f"content/{leaf.target}"
        text = self.sources.texts.get(path, "")
        rows = csvfile.parse(text.encode(), Path(path)).rows
        if not rows:
            return
        plain = {name.strip() for name in leaf.attributes.get("plain", "").split(",")} - {""}
        whole = [row for row in rows if len(row) == len(rows[0])]
        shown = figures.cells(whole, plain)
        starts = _line_starts(text)
        for row, cells in enumerate(whole):
            for column, cell in enumerate(cells):
                made = shown[row][column]
                offset = starts[cell.span.line - 1] + cell.span.column - 1
                start, end = _field(text, offset, cell.text)
                origin = Origin(path, "csv", start, end, cell.text)
                content = blocks.words(made.text, self.sources.language)
                place = Leaf(
                    "cell", 0, len(cell.text), content, target=leaf.target,
                    attributes=leaf.attributes, row=row, column=column, number=int(made.is_number),
                )  # fmt: skip
                found = tuple(tokens(content, self.sources.cites))
                yield Para(place, found, origin, made.text != cell.text)


def _classes(leaf: Leaf) -> list[str]:
    return leaf.attributes.get("class", "").split()


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for index, sign in enumerate(text):
        if sign == "\n":
            starts.append(index + 1)
    return starts


def _field(text: str, offset: int, value: str) -> tuple[int, int]:
    """Give where a CSV file's field begins and ends, with its quotation marks if it has any."""
    start = offset
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    if start > 0 and text[start - 1] == '"' and (start == 1 or text[start - 2] in ",\n"):
        end = offset
        while end < len(text):
            if text[end] == '"':
                if text[end + 1 : end + 2] != '"':
                    return start - 1, end + 1
                end += 1
            end += 1
    return offset, offset + len(value)
