"""Reads ``content/``: the settings, and every section's file split into header and body.

The manuscript is what the editors wrote and nothing else: no Markdown is parsed here, but the
line on which each body begins is kept, so that every later message can point at the source.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from octavo import config as settings
from octavo import criticmarkup, headers
from octavo.config import GENERATED, Config
from octavo.criticmarkup import Mode
from octavo.headers import Header
from octavo.problems import Problem, Severity, Span, nearest, reason
from octavo.store import Store

Part = Literal["front", "body", "back"]

MARKS = "marks-of-editing"
"""The section that a proof has at its end: the list of the marks that it shows."""

CHANGES = "changes"
"""The section that a redline has at its beginning: the list of the changes that it shows."""

PLANNED = ("notes",)
"""Sections with a reserved name that this version cannot make yet."""

SETTINGS = Path("content") / "book.toml"

FOLDERS: dict[Part, str] = {"front": "front", "body": "chapters", "back": "back"}


@dataclass(frozen=True)
class Source:
    """One section as its file gives it; ``path`` is relative to the book's folder.

    ``body`` is Markdown, and its first line is line ``first_line`` of the file.  A section that is
    made by name and has no file has an empty ``body``; its place is where ``book.toml`` lists it.
    ``marks`` says what becomes of the marks of editing in it.
    """

    name: str
    part: Part
    path: Path
    header: Header
    body: str
    first_line: int
    marks: Mode = "accept"

    @property
    def generated(self) -> bool:
        """Tell whether the section is made by its name (``contents``, ``bibliography`` …)."""
        return self.part != "body" and self.name in {*GENERATED, MARKS}

    @property
    def id(self) -> str:
        """Give the section's id: the header's, or one made from the section's name."""
        return self.header.id or self.name


@dataclass(frozen=True)
class Manuscript:
    """Everything that the editors wrote: the settings and the sections' sources, in book order.

    ``root`` is the book's folder; paths in sources and messages are relative to it.  ``settings``
    is the text of ``book.toml``; ``marks`` says what becomes of marks of editing.
    """

    root: Path
    config: Config
    settings: str
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...] = field(default=())
    marks: Mode = "accept"

    def span_of_setting(self, *where: int | str) -> Span:
        """Give the place of a key of ``book.toml``, of its table where it is not there."""
        return Span(SETTINGS, settings.line_of(self.settings, where))


def read_file(root: Path, path: str) -> bytes:
    """Read a file that the text names, relative to ``content/``.

    Raises ``OSError`` where it is none of the book's.
    """
    if not path:
        raise OSError("no file is named")
    if re.match(r"[a-z]+://", path):
        raise OSError("nothing is fetched from the network")
    if Path(path).is_absolute() or ".." in Path(path).parts:
        raise OSError("it stands outside the folder content")
    return (root / "content" / path).read_bytes()


def load(root: Path, marks: Mode = "accept", kept: Store | None = None) -> Manuscript:
    """Read the book in the folder ``root``; ``marks`` says what becomes of marks of editing.

    ``kept`` remembers headers that have been read before.

    Raises ``BookError`` when ``content/book.toml`` cannot be used; all other faults are returned
    with the manuscript.
    """
    return load_as(root, settings.load(root / SETTINGS, SETTINGS), marks, kept)


def load_as(
    root: Path, config: Config, marks: Mode = "accept", kept: Store | None = None
) -> Manuscript:
    """Read the book in the folder ``root`` as ``config`` has it, whatever its settings say.

    Raises ``BookError`` when there is no ``content/book.toml``.
    """
    problems: list[Problem] = []
    sources: list[Source] = []
    seen: set[str] = set()
    parts: tuple[tuple[Part, list[str]], ...] = (
        ("front", config.sections.front),
        ("body", config.sections.body),
        ("back", config.sections.back),
    )
    text = settings.read(root / SETTINGS, SETTINGS)
    for part, names in parts:
        for name in names:
            span = Span(SETTINGS, _line_listed(text, part, name))
            if name in seen:
                problems.append(
                    Problem("section-is-listed-once", f'"{name}" is listed twice', span)
                )
                continue
            seen.add(name)
            source, found = _read(root, part, name, span, kept)
            problems += found
            if source:
                sources.append(_settled(source, marks))
    if marks == "show":
        sources.append(Source(MARKS, "back", SETTINGS, Header(), "", 1, marks))
    problems += _aimed_at_nothing(config, text, seen)
    return Manuscript(root, config, text, tuple(sources), tuple(problems), marks)


def _settled(source: Source, marks: Mode) -> Source:
    """Settle the marks of editing in what a header says in plain words; a proof has the new ones.

    Those in the title and the text are settled, or shown, when they are read.
    """
    short = criticmarkup.settled(source.header.short_title, accept=marks != "reject").text
    header = source.header.model_copy(update={"short_title": short})
    return replace(source, header=header, marks=marks)


def _aimed_at_nothing(config: Config, text: str, listed: set[str]) -> Iterator[Problem]:
    """Report targets of words for sections that the book has not."""
    for name in config.targets.sections:
        if name not in listed:
            span = Span(SETTINGS, settings.line_of(text, ("targets", "sections", name)))
            message = f'the book has no section "{name}" for which words could be counted'
            hint = nearest(name, listed)
            yield Problem("target-is-of-section", message, span, hint, Severity.WARNING)


def _line_listed(text: str, part: Part, name: str) -> int:
    """Find the line of ``book.toml`` on which a section stands in the list of its part."""
    first = settings.line_of(text, ("sections", part))
    rows = text.split("\n")[first - 1 :]
    quoted = (f'"{name}"', f"'{name}'")
    return next((n for n, row in enumerate(rows, first) if any(q in row for q in quoted)), first)


def _read(
    root: Path, part: Part, name: str, listed: Span, kept: Store | None
) -> tuple[Source | None, list[Problem]]:
    path = Path("content") / FOLDERS[part] / f"{name}.md"
    made = part != "body" and name in GENERATED
    if part != "body" and name in PLANNED:
        message = f'the section "{name}" cannot be made yet'
        return None, [Problem("section-is-supported", message, listed, "take it off the list")]
    try:
        raw = (root / path).read_bytes()
    except FileNotFoundError:
        if made:
            return Source(name, part, listed.path, Header(), "", listed.line), []
        known = [file.stem for file in (root / path).parent.glob("*.md")]
        hint = nearest(name, [*known, *(GENERATED if part != "body" else ())])
        return None, [
            Problem("section-file-exists", f"there is no file {path.as_posix()}", listed, hint)
        ]
    except OSError as error:
        message = f"this file cannot be read: {reason(error)}"
        return None, [Problem("file-is-readable", message, Span(path))]
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        hint = "save the file as UTF-8 in your editor"
        return None, [Problem("file-is-utf-8", "this is not UTF-8 text", Span(path, line), hint)]
    header_text, body, first_line = headers.split(text)
    header, found = headers.read(header_text, path, kept)
    problems = list(found)
    if first_line > len(text.split("\n")) and not header_text.rstrip().endswith(("---", "...")):
        hint = "end it with a line of three hyphens: ---"
        message = "the header is never closed"
        problems = [Problem("header-is-closed", message, Span(path, 1), hint)]
    elif not made:
        # A header that cannot be read is not said to lack anything.
        problems += _missing_parts(header, body, path, first_line, whole=not problems)
    return Source(name, part, path, header, body, first_line), problems


def _missing_parts(
    header: Header, body: str, path: Path, first_line: int, *, whole: bool
) -> list[Problem]:
    problems = []
    if whole and not header.title.strip():
        hint = "open the file with a header: ---, title: …, ---"
        message = "the section has no title"
        problems.append(Problem("section-has-title", message, Span(path, 1), hint))
    span = Span(path, max(first_line - 1, 1))
    if not body.strip():
        problems.append(Problem("section-has-text", "the section has no text", span))
    elif all(not row.strip() or row.startswith("#") for row in body.split("\n")):
        message = "the section has headings and no text"
        problems.append(Problem("section-has-text", message, span, "", Severity.WARNING))
    return problems
