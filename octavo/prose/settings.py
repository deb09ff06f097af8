"""The words in files of settings and in headers: which values are printed, and where they stand."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from octavo.prose.passages import Located

_TOML = re.compile(
    r"(?P<comment>\#[^\n]*)"
    r'|"""\n?(?P<long>(?:\\.|(?!""").)*)"""'
    r"|'''\n?(?P<long_raw>.*?)'''"
    r'|"(?P<basic>(?:\\.|[^"\\\n])*)"'
    r"|'(?P<raw>[^'\n]*)'"
    r"|(?P<key>[\w-]+)[ \t]*=",
    re.S,
)
_ESCAPE = re.compile(r"\\(?:(?P<fold>[ \t]*\n\s*)|u(?P<short>[0-9a-fA-F]{4})"
                     r"|U(?P<wide>[0-9a-fA-F]{8})|(?P<sign>.))", re.S)  # fmt: skip
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_YAML = re.compile(
    r"^(?P<key>[\w-]+):[ \t]+"
    r"(?:\"(?P<double>(?:\\.|[^\"\\\n])*)\"|'(?P<single>(?:''|[^'\n])*)'"
    r"|(?P<plain>[^\"'\n|>&*!%@`\[{#](?:(?![ \t]\#)[^\n])*))",
    re.M,
)


@dataclass(frozen=True)
class Value:
    """A string of a file of settings: the key that it stands behind, itself."""

    key: str
    words: Located


def in_toml(text: str) -> Iterator[Value]:
    """Give the strings of a TOML text with their keys."""
    key = ""
    for token in _TOML.finditer(text):
        group = token.lastgroup or ""
        if group == "key":
            key = token["key"]
        elif group != "comment":
            raw = token[group]
            at = token.start(group)
            is_raw = group.endswith("raw")
            plain = Located(raw, range(at, at + len(raw)))
            yield Value(key, plain if is_raw else _unescaped(raw, at))


def in_header(text: str) -> Iterator[Value]:
    """Give the values of a YAML header that stand on one line, with their keys."""
    for line in _YAML.finditer(text):
        group = line.lastgroup or ""
        raw, at = line[group], line.start(group)
        match group:
            case "double":
                yield Value(line["key"], _unescaped(raw, at))
            case "single":
                yield Value(line["key"], _halved(raw, at, "'"))
            case _:
                words = raw.rstrip()
                yield Value(line["key"], Located(words, range(at, at + len(words))))


def in_cell(cell: str, text: str, at: int) -> Located:
    """Give the text of a CSV file's cell that begins at ``at``; quotes in quotes are doubled."""
    places = []
    opening = text[:at].rstrip(" \t")
    is_quoted = opening.endswith('"') and opening[-2:-1] in {"", ",", "\n"}
    for sign in cell:
        places.append(at)
        at += 2 if is_quoted and sign == '"' else 1
    return Located(cell, places)


def _unescaped(raw: str, at: int) -> Located:
    signs: list[str] = []
    places: list[int] = []
    index = 0
    while index < len(raw):
        escape = _ESCAPE.match(raw, index)
        if escape is None:
            signs.append(raw[index])
            places.append(at + index)
            index += 1
            continue
        code = escape["short"] or escape["wide"]
        if escape["fold"] is None:
            signs.append(chr(int(code, 16)) if code else _SIGNS.get(escape["sign"], escape["sign"]))
            places.append(at + index)
        index = escape.end()
    return Located("".join(signs), places)


def _halved(raw: str, at: int, quote: str) -> Located:
    places = []
    index = 0
    while index < len(raw):
        places.append(at + index)
        index += 2 if raw[index : index + 2] == quote * 2 else 1
    return Located(raw.replace(quote * 2, quote), places)


_OF_THE_BOOK = (
    *("title", "subtitle", "short-title", "statement", "description", "edition"),
    *("publisher", "name", "holder", "licence"),
)

PRINTED: Mapping[str, Mapping[str, bool]] = {
    "content/book.toml": dict.fromkeys(_OF_THE_BOOK, False),
    "content/names.toml": {"about": True, "dates": True},
    "content/index.toml": {"term": False, "see": False, "see-also": False},
}
"""By file, the keys whose words are printed, and whether typography is applied to them."""
