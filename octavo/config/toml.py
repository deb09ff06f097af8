"""A file of TOML → a model with its values, every fault of the file named with its line."""

import re
import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from octavo.config import faults
from octavo.problems import BookError, Problem, Span, reason

Model = TypeVar("Model", bound=BaseModel)


def validated(model: type[Model], text: str, shown_as: Path) -> Model:
    """Read TOML as a model; messages name its file ``shown_as``.

    Raises ``BookError`` with all problems when it is no TOML, has an unknown key, lacks a needed
    one, or has a value of the wrong type.
    """
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BookError([_not_toml(shown_as, text, error)]) from None
    except ValidationError as error:
        raise BookError(faults.found(model, error, text, shown_as)) from None


def read(path: Path, shown_as: Path) -> str:
    """Give the text of the file at ``path``; raises ``BookError`` where it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        hint = "save the file as UTF-8 in your editor"
        problem = Problem("file-is-utf-8", "this is not UTF-8 text", Span(shown_as, line), hint)
    except FileNotFoundError as error:
        hint = (
            "name the book's folder with --book, or make a small book to start from with: new DIR"
        )
        problem = Problem("book-file-exists", reason(error), Span(shown_as), hint)
    except OSError as error:
        message = f"this file cannot be read: {reason(error)}"
        problem = Problem("file-is-readable", message, Span(shown_as))
    raise BookError([problem])


_TOML_FAULTS = {
    r"Illegal character '\\n'|Unterminated string": (
        "this text is never closed",
        "close it with the quotation mark that it opens with",
    ),
    r"Cannot overwrite a value": ("this key stands here for the second time", ""),
    r"Cannot declare \((?P<name>.*)\) twice|Cannot mutate immutable namespace \((?P<other>.*)\)": (
        "the table [{name}] stands here for the second time",
        "put its keys together under one head",
    ),
    r"Invalid statement|Expected '=' after a key": (
        "this is no TOML",
        'a line is a table\'s head in brackets, or: key = "value"',
    ),
    r"Invalid value": (
        "this value is no TOML",
        "text stands in quotation marks, and a list in brackets",
    ),
    r"Invalid date": ("there is no such date", "a date is written 2026-01-31"),
    r"Unclosed array": ("this list is never closed", "close it with ]"),
    r"Expected newline or end of document": (
        "something stands behind the value",
        "text stands in quotation marks, and each key on a line of its own",
    ),
}
"""What tomllib says, in an editor's words: what was found, and what may help."""


def _not_toml(path: Path, text: str, error: tomllib.TOMLDecodeError) -> Problem:
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    # What is missing at the end of the document is missed on its last line.
    line, column = (int(found[1]), int(found[2])) if found else (len(text.splitlines()), 0)
    said = re.sub(r"\s*\(at .*\)$", "", str(error))
    for pattern, (words, hint) in _TOML_FAULTS.items():
        if known := re.match(pattern, said):
            names = ".".join(re.findall(r"\w[\w-]*", "".join(filter(None, known.groups()))))
            message = words.format(name=names)
            return Problem("settings-are-toml", message, Span(path, line, column), hint)
    return Problem("settings-are-toml", f"this is no TOML: {said}", Span(path, line, column))
