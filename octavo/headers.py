"""The YAML block that opens a section's file → what it says, every fault with its line."""

# ruff: noqa: PLC0415 - PyYAML takes a while to load, and what a header says is remembered

import pickle
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from octavo import store, tools
from octavo.config import DashedTable
from octavo.problems import Problem, Span, nearest
from octavo.store import Store

_TOOLS = ("PyYAML", "pydantic")


class Header(DashedTable):
    """The YAML block that opens a file: what the book needs to know of the section."""

    title: str = ""
    """The section's title; notes may stand in it."""
    short_title: str = ""
    """The title for running heads and the contents' narrow places."""
    id: str = ""
    """The id for cross references: ch-first-period; made of the file's name where none is given."""
    author: str = ""
    """Who wrote the section, where that is not who wrote the book."""
    number: bool = True
    """False for a chapter that takes no number."""


def split(text: str) -> tuple[str, str, int]:
    """Split a file's text into its YAML header, its body, and the line on which the body begins."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return "", text, 1
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in {"---", "..."}:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    return "\n".join(lines[1:]), "", len(lines) + 1


@lru_cache(maxsize=2**8)
def read(text: str, path: Path, kept: Store | None) -> tuple[Header, tuple[Problem, ...]]:
    """Read the text of a header, which stands in ``path``; what is wrong with it comes with it.

    ``kept`` remembers it.
    """
    name = store.key([tools.named(_TOOLS, tools.OURS), text, path.as_posix()])
    known: tuple[Header, tuple[Problem, ...]] = pickle.loads(
        store.once(kept, name, lambda: pickle.dumps(_read(text, path)))
    )
    return known


def _read(text: str, path: Path) -> tuple[Header, tuple[Problem, ...]]:
    import yaml

    try:
        lines, repeated = _keys(text)
        values: Any = yaml.safe_load(text) if text.strip() else {}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 2, mark.column + 1) if mark else (1, 0)
        message = f"the header is not YAML: {error.problem}"
        hint = "values with a colon or a quotation mark in them stand in quotation marks"
        if error.context == "while scanning a quoted scalar" and error.context_mark:
            mark = error.context_mark
            line, column = mark.line + 2, mark.column + 1
            message, hint = "this quotation mark is never closed", ""
        elif "mapping values" in str(error.problem):
            message = "a colon stands here in a value without quotation marks"
            hint = 'put the value in quotation marks: title: "One: Two"'
        elif "\\t" in str(error.problem):
            message, hint = (
                "a tab stands in the header",
                "set the line in with spaces, or not at all",
            )
        return Header(), (Problem("header-is-yaml", message, Span(path, line, column), hint),)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 2
        message = f"the header holds the control character U+{ord(text[error.position]):04X}"
        return Header(), (Problem("header-is-yaml", message, Span(path, line), "take it out"),)
    except ValueError as error:
        message = f"the header holds a date that there is not: {error}"
        return Header(), (Problem("header-is-yaml", message, Span(path, 1), _QUOTED),)
    if not isinstance(values, dict):
        hint = "for instance: title: The First Period"
        message = "the header is no list of keys and values"
        return Header(), (Problem("header-is-yaml", message, Span(path, 1), hint),)
    problems = tuple(
        Problem("header-key-is-unique", f'the key "{key}" stands here twice', Span(path, line))
        for key, line in repeated
    )
    try:
        return Header.model_validate(values), problems
    except ValidationError as error:
        faults = [_header_fault(dict(fault), lines, path) for fault in error.errors()]
        return Header(), (*problems, *faults)


_QUOTED = 'what looks like a number, a date, yes or no stands in quotation marks: title: "1945"'


def _keys(text: str) -> tuple[dict[str, int], list[tuple[str, int]]]:
    """Give the lines of a header's keys, and the keys that stand in it again, with their lines."""
    import yaml

    tree = yaml.compose(text, yaml.SafeLoader)
    pairs = tree.value if isinstance(tree, yaml.MappingNode) else []
    found = [(str(key.value), key.start_mark.line + 2) for key, _ in pairs]
    lines = dict(reversed(found))
    return lines, [(key, line) for key, line in found if line != lines[key]]


def _header_fault(fault: dict[str, Any], lines: dict[str, int], path: Path) -> Problem:
    key, value = str(fault["loc"][0]), fault["input"]
    span = Span(path, lines.get(key, 1))
    if fault["type"] in {"extra_forbidden", "invalid_key"}:
        known = [info.alias or name for name, info in Header.model_fields.items()]
        hint = nearest(key, known) or f"known here: {', '.join(known)}"
        return Problem("header-is-known", f'unknown key "{key}"', span, hint)
    if value is None:
        return Problem(
            "header-is-valid", f'"{key}" has no value', span, "write one, or take it out"
        )
    if fault["type"] == "bool_type":
        message, hint = f'"{key}" is neither true nor false', f"write {key}: false, or take it out"
    elif isinstance(value, list | dict):
        message, hint = f'"{key}" is a {type(value).__name__}, and text is wanted', ""
    else:
        message, hint = f'"{key}" is {value}, and that is no text', _QUOTED
    return Problem("header-is-valid", message.replace(" a dict,", " a table,"), span, hint)
