"""What pydantic finds wrong with a file's values → problems in an editor's words, with lines."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from octavo.config.places import column_of_value, line_of
from octavo.config.values import ADDRESS, SHAPE
from octavo.problems import Problem, Span, nearest

_Where = tuple[int | str, ...]


def found(
    model: type[BaseModel], error: ValidationError, text: str, shown_as: Path
) -> Iterator[Problem]:
    """Give a problem for each fault that ``error`` has found in ``text``, the file of a model."""
    for fault in error.errors():
        yield _fault(model, shown_as, text, dict(fault))


def _fault(root: type[BaseModel], path: Path, text: str, fault: Mapping[str, Any]) -> Problem:
    where = tuple(step for step in fault["loc"] if step != "[key]")
    name = "".join(
        f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in where
    ).removeprefix(".")
    span = Span(path, line_of(text, where))
    if fault["type"] == "extra_forbidden":
        return Problem(
            "settings-are-known", f'unknown key "{name}"', span, _known_hint(root, where)
        )
    if fault["type"] == "missing":
        return Problem("settings-are-valid", f'"{name}" is missing', span)
    if fault["type"] == ADDRESS:
        place = Span(path, span.line, column_of_value(text, span.line))
        message = f'"{name}" is {_shown(fault["input"])}, which {fault["msg"]}'
        return Problem("address-is-sound", message, place, fault["ctx"]["hint"])
    wanted, hint = _wanted(fault)
    message = f'"{name}" is {_shown(fault["input"])}, {wanted}'
    return Problem("settings-are-valid", message, span, hint)


def _shown(value: object) -> str:
    match value:
        case str():
            return f'"{value}"'
        case dict():
            return "a table"
        case list():
            return f"a list of {len(value)}" if value else "an empty list"
    return str(value).lower() if isinstance(value, bool) else str(value)


_WANTED = {
    "string_type": ("no text", "text stands in quotation marks"),
    "string_too_short": ("no text", "write it, or leave the key out if it may be missing"),
    "int_type": ("no whole number", "write it without quotation marks: 2026"),
    "greater_than": ("too small", "a whole number above 0"),
    "bool_type": ("neither true nor false", "write it without quotation marks"),
    "date_type": ("no date", "write it without quotation marks: 2026-01-31"),
    "list_type": ("no list", 'a list stands in brackets: ["one", "two"]'),
    "tuple_type": ("no list of two", 'width and height: ["6in", "9in"]'),
    "too_long": ("too long", 'width and height: ["6in", "9in"]'),
    "too_short": ("too short", "at least one is needed"),
    "model_type": ("no table", "its keys stand below its name in brackets"),
}
"""What a value is, that is not as it should be, by pydantic's name of the fault."""


def _wanted(fault: Mapping[str, Any]) -> tuple[str, str]:
    if fault["type"] == "literal_error":
        return "which is not " + fault["ctx"]["expected"].replace("'", '"'), ""
    if fault["type"] == SHAPE:
        return fault["msg"], fault["ctx"]["hint"]
    if fault["type"].startswith("url_"):
        return "which is no address", 'such as "https://example.org/book/"'
    kind, hint = _WANTED.get(fault["type"], ("not valid", ""))
    return f"which is {kind}", hint


def _known_hint(root: type[BaseModel], where: _Where) -> str:
    model: type[BaseModel] | None = root
    for step in where[:-1]:
        if isinstance(step, str) and model is not None:
            fields = {info.alias or name: info for name, info in model.model_fields.items()}
            model = _model_in(fields[step].annotation) if step in fields else None
    if model is None:
        return ""
    known = [info.alias or name for name, info in model.model_fields.items()]
    return nearest(str(where[-1]), known) or f"known here: {', '.join(known)}"


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        found = _model_in(part)
        if found:
            return found
    return None
