"""Takes the inline markup out of a piece of Markdown; what is printed keeps its places.

The syntaxes are those of ``octavo.markdown``; what each of them prints is told here once more, for
places: an attribute list prints nothing, a link its words, a note in place is a passage of its own.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from octavo.markdown.citations import CROSS_REFERENCE, KEY
from octavo.prose.passages import CALL, GONE, THING, Foreign, Kind, Lines, Located, Passage

_ATTRIBUTES = r"\{:?[ ]*(?:[#.][\w:-]|[\w:-]+=)[^{}]*\}"
_TOKEN = re.compile(
    rf"(?P<comment>[ \t]*{GONE}+)"
    r"|(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<code>(?<!`)(?P<run>`+)(?!`).*?(?<!`)(?P=run)(?!`))"
    r"|(?P<gone>\{--.*?--\}|\{>>.*?<<\}|\{~~.*?~>|~~\}|\{\+\+|\+\+\}|\{==|==\})"
    rf"|(?P<attributes>{_ATTRIBUTES})"
    r"|(?P<address><(?P<to>[a-zA-Z][\w+.-]*:[^<>\s]*)>)"
    r"|(?P<entity>&(?:\#\d+|\#[xX][0-9a-fA-F]+|\w+);)"
    r"|(?P<bracket>\^\[|!\[|\[)"
    rf"|(?P<key>(?<![\w.@/])@(?:{CROSS_REFERENCE})?{KEY})"
    r"|(?P<emphasis>\*+|(?<!\w)_+|_+(?!\w))"
    r"|(?P<end>[ ]*\n[ ]*)",
    re.S,
)
_CITED = re.compile(rf"(?:^|(?<=[\s(\[]))-?@{KEY}")
_SKIPPED = re.compile(r"\\.|(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|[\[\]]", re.S)
_TARGET = re.compile(r"\((?P<to>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?P<title>\s+[\"'][^)]*)?\)")
_LOCATOR = re.compile(r"\s\[[^\[\]]*\]")
_LIST = re.compile(_ATTRIBUTES)
_VALUE = re.compile(
    r"(?P<name>[\w-]+)=(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>\S+))"
)
_DEEPEST = 40
"""How deep brackets are followed into each other; Markdown's own limit is far lower."""

_PRINTED = ("term", "sub")
"""Attributes whose words are printed, in the index."""


@dataclass(frozen=True)
class Link:
    """An address in the text: what it is, and where."""

    address: str
    lines: Lines
    start: int
    end: int


@dataclass
class Gathering:
    """What has been read so far: passages, links, wordless pictures, files that figures name.

    ``language`` is the book's; ``cites_in_notes``: a citation in the text is the call of a note;
    ``depth`` counts the brackets that are open.
    """

    language: str
    cites_in_notes: bool
    passages: list[Passage] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pictures: list[Link] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    depth: int = 0


def read(given: Located, lines: Lines, kind: Kind, found: Gathering) -> None:
    """Read a piece of Markdown into ``found``: its passage, and those that stand in it.

    A piece that is nothing but a picture is a figure: its words are a caption.
    """
    _Reader(given, lines, kind, found).run()


class _Reader:
    def __init__(self, given: Located, lines: Lines, kind: Kind, found: Gathering) -> None:
        self._given, self._lines, self._kind, self._found = given, lines, kind, found
        self._pairs = _pairs(given.text)
        self._text: list[str] = []
        self._places: list[int] = []
        self._foreign: list[Foreign] = []
        self._literal: set[int] = set()
        self._emphasised = 0

    def run(self) -> None:
        text = self._given.text
        figure = re.match(r"\s*!\[", text)
        if figure and (end := self._pairs.get(figure.end() - 1, -1)) >= 0:
            target = _TARGET.match(text, end + 1)
            if target and not _LIST.sub("", text[target.end() :]).strip():
                self._found.files.append(target["to"])
                caption = self._given.part(figure.end(), end)
                read(caption, self._lines, "caption", self._found)
                return
        place = len(self._found.passages)
        self._scan(0, len(text))
        written = "".join(self._text)
        if written.strip(f" {CALL}{THING}"):
            passage = Passage(
                self._kind,
                written,
                self._lines,
                self._places,
                self._found.language,
                tuple(self._foreign),
                frozenset(self._literal),
                quoted=self._kind == "quotation",
            )
            self._found.passages.insert(place, passage)

    def _put(self, words: str, at: int) -> None:
        self._text.append(words)
        self._places += self._given.places[at : at + len(words)]

    def _put_sign(self, sign: str, at: int) -> None:
        self._text.append(sign)
        self._places.append(self._given.places[at])

    def _scan(self, start: int, end: int) -> None:
        text, at = self._given.text, start
        while at < end:
            token = _TOKEN.search(text, at, end)
            if token is None:
                self._put(text[at:end], at)
                return
            self._put(text[at : token.start()], at)
            at = self._take(token)

    def _take(self, token: re.Match[str]) -> int:
        """Read a token, and give where the text goes on behind it."""
        start = token.start()
        match token.lastgroup:
            case "escape":
                self._literal.add(len(self._places))
                self._put(token[0][1], start + 1)
            case "entity":
                signs = html.unescape(token[0])
                for sign in signs if signs != token[0] else token[0]:
                    self._literal.add(len(self._places))
                    self._put_sign(sign, start)
            case "bracket":
                return self._bracket(token[0], token.end())
            case "key":
                self._put_sign(THING, start)
                locator = _LOCATOR.match(self._given.text, token.end())
                is_work = not re.match(rf"@{CROSS_REFERENCE}", token[0])
                return locator.end() if locator and is_work else token.end()
            case "emphasis":
                self._emphasis(token)
            case "end":
                self._put_sign(" ", start)
            case "attributes":
                self._attributes(token[0], start, self._described(start))
            case "code":
                self._put_sign(THING, start)
            case "address":
                self._put_sign(THING, start)
                self._found.links += self._place(token["to"], token.start("to"))
        return token.end()

    def _described(self, at: int) -> int:
        """Give where begins what an attribute list at ``at`` is about: emphasis, or the block."""
        return self._emphasised if self._given.text[at - 1 : at] in {"*", "_"} else 0

    def _emphasis(self, token: re.Match[str]) -> None:
        """Leave out the signs of emphasis; between spaces they are signs of the text."""
        text = self._given.text
        before, after = text[: token.start()][-1:], text[token.end() : token.end() + 1]
        if after and not after.isspace() and not before.strip():
            self._emphasised = len(self._places)
        elif not before.strip():
            self._put(token[0], token.start())

    def _bracket(self, opener: str, inside: int) -> int:
        """Read what a bracket opens, by what stands in it and behind it."""
        start, end = inside - len(opener), self._pairs.get(inside - 1, -1)
        if end < 0 or self._found.depth == _DEEPEST:
            self._put(opener, start)
            return inside
        self._found.depth += 1
        try:
            return self._closed_bracket(opener, inside, end)
        finally:
            self._found.depth -= 1

    def _closed_bracket(self, opener: str, inside: int, end: int) -> int:
        text, start = self._given.text, inside - len(opener)
        if opener == "^[":
            self._put_sign(CALL, start)
            note = self._given.part(inside, end)
            read(note, self._lines, "note", self._found)
            return end + 1
        target = _TARGET.match(text, end + 1)
        attributes = _LIST.match(text, target.end() if target else end + 1)
        first = len(self._places)
        if opener == "![" or (target and not text[inside:end].strip()):
            self._put_sign(THING, start)
        elif target or attributes:
            self._scan(inside, end)
        else:
            self._plain_brackets(inside, end)
        if target and opener != "![":
            self._found.links += self._place(target["to"], target.start("to"))
        elif target and not text[inside:end].strip() and "alt=" not in (attributes or [""])[0]:
            self._found.pictures += self._place(target["to"], target.start("to"))
        if attributes:
            self._attributes(attributes[0], attributes.start(), first)
        last = attributes or target
        return last.end() if last else end + 1

    def _plain_brackets(self, inside: int, end: int) -> None:
        """Read brackets with nothing behind them: a call, a citation, or brackets of the text."""
        inner = self._given.text[inside:end]
        if re.fullmatch(r"\^[^\]\s\[]+", inner):
            self._put_sign(CALL, inside - 1)
        elif re.match(rf"@{CROSS_REFERENCE}", inner):
            self._put_sign(THING, inside - 1)
        elif _CITED.search(inner):
            is_call = self._found.cites_in_notes and self._kind != "note"
            self._put_sign(CALL if is_call else THING, inside - 1)
        else:
            self._put("[", inside - 1)
            self._scan(inside, end)
            self._put("]", end)

    def _attributes(self, written: str, at: int, first: int) -> None:
        """Take the language of what has been read since ``first``, and words for the index."""
        for pair in _VALUE.finditer(written):
            group = next(name for name in ("double", "single", "bare") if pair[name] is not None)
            value = pair[group].rstrip("}") if group == "bare" else pair[group]
            if pair["name"] == "lang":
                self._foreign.append(Foreign(first, len(self._places), value))
            elif pair["name"] in _PRINTED and value:
                where = at + pair.start(group)
                self._found.passages.append(
                    Passage(
                        "setting",
                        value,
                        self._lines,
                        self._given.places[where : where + len(value)],
                        self._found.language,
                        is_set=False,
                    )
                )

    def _place(self, address: str, at: int) -> Iterator[Link]:
        places = self._given.places[at : at + len(address)]
        if places:
            yield Link(address, self._lines, places[0], places[-1] + 1)


def _pairs(text: str) -> dict[int, int]:
    """Give for each bracket that is closed the index of the one that closes it."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for token in _SKIPPED.finditer(text):
        if token[0] == "[":
            opened.append(token.start())
        elif token[0] == "]" and opened:
            pairs[opened.pop()] = token.start()
    return pairs
