"""``content/book.toml`` as typed, frozen values, every fault of the file named with its line.

Lengths are strings with a CSS unit (``"6in"``, ``"14pt"``); paths are relative to the book's
folder.  The models are pydantic's, which refuses unknown keys and wrong types, and can
write the JSON schema that editors' TOML extensions use.
"""

import datetime
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints, ValidationError

from octavo.problems import BookError, Problem, Span, nearest

Length = Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)?(pt|mm|cm|in|px)$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]

POINTS = {"pt": 1.0, "px": 0.75, "mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72.0}
"""How many points (1/72 in) one unit is; CSS Values 4 §6.2 fixes the ratios."""


def points(length: str) -> float:
    """Turn a length such as ``"6in"`` into points."""
    number, unit = length[:-2], length[-2:]
    return float(number) * POINTS[unit]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, alias_generator=None)


def _dashed(name: str) -> str:
    return name.replace("_", "-")


class _DashedTable(_Table):
    model_config = ConfigDict(alias_generator=_dashed, populate_by_name=False)


class Contributor(_DashedTable):
    """Somebody who has a part in the book.

    ``role`` is a MARC relator code (``aut`` author, ``ant`` bibliographic antecedent, ``edt`` …);
    ``sort_as`` is the form to file under.
    """

    name: Text
    role: Annotated[str, StringConstraints(pattern=r"^[a-z]{3}$")] = "aut"
    kind: Literal["person", "corporate"] = "person"
    sort_as: str = ""


class Rights(_DashedTable):
    """Who holds the rights, and under which licence the text may be used."""

    holder: Text
    year: int
    licence: str = ""
    licence_url: HttpUrl | None = Field(default=None, strict=False)
    statement: str = ""


class Identifiers(_DashedTable):
    """Identifiers that exist: none is made up but ``urn``, which names the book itself."""

    isbn: str = ""
    doi: str = ""
    urn: str = ""


class Sections(_DashedTable):
    """The order of the book: names of files, or of sections that are made (``contents`` …)."""

    front: list[Name] = []
    body: list[Name] = Field(min_length=1)
    back: list[Name] = []


class Citations(_DashedTable):
    """How works are cited.

    ``style`` is the name of a CSL style or the path of a ``.csl`` file; ``restart`` says where
    the first, full note of a work starts afresh (Chicago 18 §13.32: by chapter is usual);
    ``sections`` groups the bibliography by the works' keywords; ``language`` is the style's locale
    (quotation marks, "and", "ed."), by default the book's language.
    """

    style: str = "chicago-notes-bibliography"
    files: list[str] = ["bib/*.bib"]
    restart: Literal["chapter", "book"] = "chapter"
    language: Language | None = None
    sections: list["BibliographySection"] = []


class BibliographySection(_DashedTable):
    """A part of the bibliography: its heading, and the keyword that its works bear.

    A section without a keyword takes the works that no other section takes.
    """

    title: Text
    keyword: str = ""


class Margins(_DashedTable):
    """The four margins of a page: ``inside`` is at the spine, ``outside`` at the fore-edge."""

    top: Length = "60pt"
    bottom: Length = "84pt"
    inside: Length = "45pt"
    outside: Length = "63pt"


class PrintSettings(_DashedTable):
    """The printed page: trim size (width, height), margins, type size over leading."""

    trim: tuple[Length, Length] = Field(default=("6in", "9in"), strict=False)
    margins: Margins = Margins()
    size: Length = "11pt"
    leading: Length = "14pt"
    identifiers: Identifiers = Identifiers()


class WebSettings(_DashedTable):
    """The web edition: the address at which it will stand, if that is known."""

    base_url: HttpUrl | None = Field(default=None, strict=False)
    identifiers: Identifiers = Identifiers()


class EpubSettings(_DashedTable):
    """The EPUB: its identifiers."""

    identifiers: Identifiers = Identifiers()


class Config(_DashedTable):
    """A book's settings, as ``book.toml`` gives them or as they are by default.

    ``slug`` names the output files; ``statement`` is the line of the title page that says how
    the text came about ("after the study by …"); ``date`` is the date of this edition.
    """

    title: Text
    subtitle: str = ""
    short_title: str = ""
    slug: Name
    language: Language = "en-GB"
    edition: str = ""
    date: datetime.date
    statement: str = ""
    description: str = ""
    subjects: list[str] = []
    publisher: str = ""
    contributors: list[Contributor] = Field(min_length=1)
    rights: Rights
    sections: Sections
    citations: Citations = Citations()
    print: PrintSettings = PrintSettings()
    web: WebSettings = WebSettings()
    epub: EpubSettings = EpubSettings()

    @property
    def running_title(self) -> str:
        """Give the book's title as running heads and narrow places print it."""
        return self.short_title or self.title

    @property
    def full_title(self) -> str:
        """Give title and subtitle, joined by a colon (Chicago 18 §13.89)."""
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    def creators(self) -> tuple[Contributor, ...]:
        """Give the contributors who made the text: those with the relator ``aut`` or ``cre``."""
        return tuple(c for c in self.contributors if c.role in {"aut", "cre"})


def load(path: Path, shown_as: Path) -> Config:
    """Read ``book.toml`` at ``path``; messages name it ``shown_as``.

    Raises ``BookError`` with all problems when the file is missing, is not UTF-8 or TOML, has an
    unknown key, lacks a needed one, or has a value of the wrong type.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        hint = "octavo new DIR makes a small working book to start from"
        problem = Problem("book-file-exists", "there is no such file", Span(shown_as), hint)
        raise BookError([problem]) from None
    except UnicodeDecodeError as error:
        raise BookError([_not_utf8(shown_as, error)]) from None
    try:
        return Config.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BookError([_not_toml(shown_as, error)]) from None
    except ValidationError as error:
        raise BookError(_faults(shown_as, text, error)) from None


def _not_utf8(path: Path, error: UnicodeDecodeError) -> Problem:
    line = error.object.count(b"\n", 0, error.start) + 1
    return Problem("file-is-utf-8", "this is not UTF-8 text", Span(path, line))


def _not_toml(path: Path, error: tomllib.TOMLDecodeError) -> Problem:
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    line, column = (int(found[1]), int(found[2])) if found else (0, 0)
    message = re.sub(r"\s*\(at .*\)$", "", str(error))
    return Problem("settings-are-toml", message, Span(path, line, column))


def _faults(path: Path, text: str, error: ValidationError) -> list[Problem]:
    return [
        Problem(
            "settings-are-known" if fault["type"] == "extra_forbidden" else "settings-are-valid",
            _message(fault["loc"], fault["type"], fault["msg"]),
            Span(path, line_of(text, fault["loc"])),
            _known_hint(fault["loc"]) if fault["type"] == "extra_forbidden" else "",
        )
        for fault in error.errors()
    ]


def _message(where: tuple[int | str, ...], kind: str, message: str) -> str:
    name = ".".join(str(step) for step in where)
    if kind == "extra_forbidden":
        return f'unknown key "{name}"'
    if kind == "missing":
        return f'the key "{name}" is missing'
    return f'"{name}": {message[0].lower()}{message[1:]}'


def _known_hint(where: tuple[int | str, ...]) -> str:
    model: type[BaseModel] | None = Config
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


def line_of(text: str, where: tuple[int | str, ...]) -> int:
    """Find the line (from 1) of a key in TOML text; 0 where it cannot be told.

    ``where`` is the path to the key: table names, indices into arrays of tables, the key.  When
    the key itself is not there, the line of the innermost table that is there is given.
    """
    current: tuple[int | str, ...] = ()
    seen: dict[str, int] = {}
    best_line, best_depth = 0, 0
    for number, line in enumerate(text.splitlines(), start=1):
        if table := re.match(r"\s*\[\[([^\[\]]+)\]\]", line):
            name = table[1].strip()
            seen[name] = seen.get(name, -1) + 1
            current = (*name.split("."), seen[name])
        elif table := re.match(r"\s*\[([^\[\]]+)\]", line):
            current = tuple(part.strip() for part in table[1].split("."))
        elif key := re.match(r"""\s*["']?([\w-]+)["']?\s*(\.|=)""", line):
            candidate = (*current, key[1])
            if where[: len(candidate)] == candidate and len(candidate) > best_depth:
                best_line, best_depth = number, len(candidate)
            continue
        if current and where[: len(current)] == current and len(current) > best_depth:
            best_line, best_depth = number, len(current)
    return best_line
