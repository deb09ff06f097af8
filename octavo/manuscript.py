"""Reads ``content/``: the settings, and every section's file split into header and body.

The manuscript is what the editors wrote and nothing else: no Markdown is parsed here, but the
line on which each body begins is kept, so that every later message can point at the source.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from octavo import config as settings
from octavo.config import Config
from octavo.problems import Problem, Span, nearest

Part = Literal["front", "body", "back"]

GENERATED = ("half-title", "title", "copyright", "contents", "tables", "figures", "bibliography",
             "colophon")  # fmt: skip
"""Sections that are made by name; a file of the same name gives text that they open with."""

PLANNED = ("chronology", "names", "notes", "index")
"""Sections with a reserved name that this version cannot make yet."""

FOLDERS: dict[Part, str] = {"front": "front", "body": "chapters", "back": "back"}


class Header(BaseModel):
    """The YAML block that opens a file: what the book needs to know of the section.

    ``number`` is false for a chapter that takes no number.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, alias_generator=lambda name: name.replace("_", "-")
    )

    title: str = ""
    short_title: str = ""
    id: str = ""
    author: str = ""
    number: bool = True


@dataclass(frozen=True)
class Source:
    """One section as its file gives it; ``path`` is relative to the book's folder.

    ``body`` is Markdown, and its first line is line ``first_line`` of the file.  A section that is
    made by name and has no file has an empty ``body``.
    """

    name: str
    part: Part
    path: Path
    header: Header
    body: str
    first_line: int

    @property
    def generated(self) -> bool:
        """Tell whether the section is made by its name (``contents``, ``bibliography`` …)."""
        return self.part != "body" and self.name in GENERATED

    @property
    def id(self) -> str:
        """Give the section's id: the header's, or one made from the section's name."""
        return self.header.id or self.name


@dataclass(frozen=True)
class Manuscript:
    """Everything that the editors wrote: the settings and the sections' sources, in book order.

    ``root`` is the book's folder; paths in sources and messages are relative to it.
    """

    root: Path
    config: Config
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...] = field(default=())


def load(root: Path) -> Manuscript:
    """Read the book in the folder ``root``.

    Raises ``BookError`` when ``content/book.toml`` cannot be used; all other faults are returned
    with the manuscript.
    """
    toml = Path("content") / "book.toml"
    config = settings.load(root / toml, toml)
    problems: list[Problem] = []
    sources: list[Source] = []
    seen: set[str] = set()
    parts: tuple[tuple[Part, list[str]], ...] = (
        ("front", config.sections.front),
        ("body", config.sections.body),
        ("back", config.sections.back),
    )
    text = (root / toml).read_text(encoding="utf-8")
    for part, names in parts:
        span = Span(toml, settings.line_of(text, ("sections", part)))
        for name in names:
            if name in seen:
                problems.append(Problem("section-is-listed-once", f'"{name}" is listed twice', span))
                continue
            seen.add(name)
            source, found = _read(root, part, name, span)
            problems += found
            if source:
                sources.append(source)
    return Manuscript(root, config, tuple(sources), tuple(problems))


def _read(root: Path, part: Part, name: str, listed: Span) -> tuple[Source | None, list[Problem]]:
    path = Path("content") / FOLDERS[part] / f"{name}.md"
    made = part != "body" and name in GENERATED
    if part != "body" and name in PLANNED:
        message = f'the section "{name}" cannot be made yet'
        return None, [Problem("section-is-supported", message, listed, "take it off the list")]
    try:
        raw = (root / path).read_bytes()
    except FileNotFoundError:
        if made:
            return Source(name, part, path, Header(), "", 1), []
        known = [file.stem for file in (root / path).parent.glob("*.md")]
        hint = nearest(name, [*known, *(GENERATED if part != "body" else ())])
        return None, [
            Problem("section-file-exists", f"there is no file {path.as_posix()}", listed, hint)
        ]
    except OSError as error:
        return None, [Problem("file-is-readable", error.strerror or str(error), Span(path))]
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        hint = "save the file as UTF-8 in your editor"
        return None, [Problem("file-is-utf-8", "this is not UTF-8 text", Span(path, line), hint)]
    header_text, body, first_line = split_header(text)
    header, problems = _header(header_text, path)
    if not made:
        problems += _missing_parts(header, body, path, first_line)
    return Source(name, part, path, header, body, first_line), problems


def split_header(text: str) -> tuple[str, str, int]:
    """Split a file's text into its YAML header, its body, and the line on which the body begins."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return "", text, 1
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in {"---", "..."}:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    return "\n".join(lines[1:]), "", len(lines) + 1


def _header(text: str, path: Path) -> tuple[Header, list[Problem]]:
    try:
        values: Any = yaml.safe_load(text) if text.strip() else {}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 2, mark.column + 1) if mark else (1, 0)
        message = f"the header is not YAML: {error.problem}"
        hint = "values with a colon or a quotation mark in them stand in quotation marks"
        return Header(), [Problem("header-is-yaml", message, Span(path, line, column), hint)]
    except yaml.YAMLError:
        message = "the header holds a character that YAML does not allow"
        return Header(), [Problem("header-is-yaml", message, Span(path, 1))]
    if not isinstance(values, dict):
        hint = "for instance: title: The First Period"
        message = "the header is no list of keys and values"
        return Header(), [Problem("header-is-yaml", message, Span(path, 1), hint)]
    try:
        return Header.model_validate(values), []
    except ValidationError as error:
        known = [info.alias or name for name, info in Header.model_fields.items()]
        return Header(), [_header_fault(dict(fault), text, path, known) for fault in error.errors()]


def _header_fault(fault: dict[str, Any], text: str, path: Path, known: list[str]) -> Problem:
    key = str(fault["loc"][0])
    lines = text.split("\n")
    line = next((n for n, row in enumerate(lines, start=2) if row.strip().startswith(key)), 1)
    if fault["type"] == "extra_forbidden":
        hint = nearest(key, known) or f"known here: {', '.join(known)}"
        return Problem("header-is-known", f'unknown key "{key}"', Span(path, line), hint)
    message = f'"{key}": {fault["msg"][0].lower()}{fault["msg"][1:]}'
    return Problem("header-is-valid", message, Span(path, line))


def _missing_parts(header: Header, body: str, path: Path, first_line: int) -> list[Problem]:
    problems = []
    if not header.title.strip():
        hint = "open the file with a header: ---, title: …, ---"
        problems.append(Problem("section-has-title", "the section has no title", Span(path, 1), hint))
    if not body.strip():
        span = Span(path, max(first_line - 1, 1))
        problems.append(Problem("section-has-text", "the section has no text", span))
    return problems


