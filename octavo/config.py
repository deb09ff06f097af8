"""``content/book.toml`` as typed, frozen values, every fault of the file named with its line.

Lengths are strings with a CSS unit (``"6in"``, ``"14pt"``); paths are relative to the book's
folder.  The models are pydantic's, which refuses unknown keys and wrong types, and can
write the JSON schema that editors' TOML extensions use.
"""

import datetime
import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import SplitResult, quote, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from octavo.problems import BookError, Problem, Span, nearest, reason

_LENGTH = r"^\d+(\.\d+)?(pt|mm|cm|in|px)$"
_NAME = r"^[a-z0-9][a-z0-9-]*$"
LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_ROLE = r"^[a-z]{3}$"
_DOI = r"^(10\.\d{4,9}/\S+)?$"
_URN = r"^(urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:\S+)?$"
_CONFORMANCE = r"^(EPUB Accessibility 1\.1 - WCAG 2\.[0-2] Level (A|AA|AAA))?$"
_THEMA = r"^([A-Y][A-Z0-9]*|[1-6][A-Z][A-Z0-9-]*)$"
_BISAC = r"^[A-Z]{3}\d{6}$"

Length = Annotated[str, StringConstraints(pattern=_LENGTH)]
Name = Annotated[str, StringConstraints(pattern=_NAME)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Language = Annotated[str, StringConstraints(pattern=LANGUAGE)]


def _isbn(value: str) -> str:
    """Refuse what is no ISBN-13: the sum of its digits, weighed 1 and 3, divides by ten."""
    digits = value.replace("-", "")
    if value and not (
        re.fullmatch(r"97[89]\d{10}", digits)
        and sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10
        == 0
    ):
        raise ValueError(value)
    return value


Isbn = Annotated[str, AfterValidator(_isbn)]

_ADDRESS = "address"
"""The type of the faults that ``_address`` finds."""


def _address(value: str) -> str:
    """Refuse what cannot be the address of a folder on the web (RFC 3986 §3, RFC 9110 §4.2)."""
    try:
        parts = urlsplit(value)
    except ValueError:  # Brackets that do not close
        parts = urlsplit("https://")
    example = 'such as "https://example.org/book/"'
    host = parts.hostname or ""
    faults = (
        (re.search(r"[\s<>\"{}|\\^`]", value), "has a sign that no address can have",
         "a space is written %20"),
        (not parts.scheme or value.startswith("//"), "does not begin with https://", example),
        (parts.scheme not in {"http", "https"}, f"is no address on the web: {parts.scheme}:",
         "it begins with https:// or http://"),
        (not host or not _HOST.fullmatch(host), "names no host", example),
        (not _has_port(parts), "names no port that there can be", example),
        (parts.username is not None, "has a user's name in it",
         "take out what stands before the @: every reader can see it"),
        (parts.query or parts.fragment or "?" in value or "#" in value,
         "has a query or a fragment", "take out what follows the ? or the #"),
    )  # fmt: skip
    for is_found, message, hint in faults:
        if is_found:
            raise PydanticCustomError(_ADDRESS, message, {"hint": hint})
    return value


def _has_port(parts: SplitResult) -> bool:
    """Tell whether an address names a port that there can be, or none."""
    try:
        return parts.port != 0
    except ValueError:
        return False


_HOST = re.compile(r"\[[0-9a-f:.]+\]|[0-9a-f:]+:[0-9a-f:]*|(?!-)[\w-]+(\.[\w-]+)*\.?", re.I)

Address = Annotated[str, AfterValidator(_address)]

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


class DashedTable(_Table):
    """A table of TOML, frozen; keys have hyphens where the fields have underlines."""

    model_config = ConfigDict(alias_generator=_dashed, populate_by_name=False)


class Contributor(DashedTable):
    """Somebody who has a part in the book.

    ``role`` is a MARC relator code (``aut`` author, ``ant`` bibliographic antecedent, ``edt`` …);
    ``sort_as`` is the form to file under.
    """

    name: Text
    role: Annotated[str, StringConstraints(pattern=_ROLE)] = "aut"
    kind: Literal["person", "corporate"] = "person"
    sort_as: str = ""


class Rights(DashedTable):
    """Who holds the rights, and under which licence the text may be used."""

    holder: Text
    year: int
    licence: str = ""
    licence_url: HttpUrl | None = Field(default=None, strict=False)
    statement: str = ""


class Identifiers(DashedTable):
    """Identifiers that exist: none is made up but ``urn``, which names the book itself."""

    isbn: Isbn = ""
    doi: Annotated[str, StringConstraints(pattern=_DOI)] = ""
    urn: Annotated[str, StringConstraints(pattern=_URN)] = ""


class Sections(DashedTable):
    """The order of the book: names of files, or of sections that are made (``contents`` …)."""

    front: list[Name] = []
    body: list[Name] = Field(min_length=1)
    back: list[Name] = []


class Citations(DashedTable):
    """How works are cited.

    ``style`` is the name of a CSL style or the path of a ``.csl`` file; ``restart`` says where
    the first, full note of a work starts afresh (Chicago 18, ch. 13: by chapter is usual);
    ``sections`` divides the bibliography; ``nocite`` lists works that it has though nothing cites
    them; ``language`` is the style's locale (quotation marks, "and", "ed."), by default the
    book's language.
    """

    style: str = "chicago-notes-bibliography"
    files: list[str] = ["bib/*.bib"]
    restart: Literal["chapter", "book"] = "chapter"
    language: Language | None = None
    nocite: list[str] = []
    sections: list["BibliographySection"] = []


class BibliographySection(DashedTable):
    """A part of the bibliography: its heading, and the rule that says which works it takes.

    A work fits a rule if it is of one of the ``types`` (BibLaTeX's), bears one of the
    ``keywords``, is in one of the ``languages`` and has one of the ``fields``; what is not given is
    not asked.  It comes into the first section that it fits; the section without a rule takes the
    works that no other section takes.
    """

    title: Text
    types: list[str] = []
    keywords: list[str] = []
    languages: list[Language] = []
    fields: list[str] = []

    @property
    def has_rule(self) -> bool:
        """Tell whether the section says which works it takes."""
        return bool(self.types or self.keywords or self.languages or self.fields)


class Margins(DashedTable):
    """The four margins of a page: ``inside`` is at the spine, ``outside`` at the fore-edge."""

    top: Length = "60pt"
    bottom: Length = "84pt"
    inside: Length = "45pt"
    outside: Length = "63pt"


class PressSettings(DashedTable):
    """What the printer prints with: an ICC output profile (a path below the book's folder).

    ``condition`` is its name in the registry of the International Color Consortium.  Without a
    profile it is the tool's own, coated paper in offset.
    """

    profile: str = ""
    condition: str = "FOGRA39"


class PrintSettings(DashedTable):
    """The printed page: trim size (width, height), margins, type size over leading.

    ``continued_notes`` says what stands above the rest of a note that was carried over: the sign
    that stands above all notes, or a rule across the whole measure.  ``cited_in``: the
    bibliography names the notes that cite each work, as it does on screens.
    """

    trim: tuple[Length, Length] = Field(default=("6in", "9in"), strict=False)
    margins: Margins = Margins()
    size: Length = "11pt"
    leading: Length = "14pt"
    continued_notes: Literal["plain", "rule"] = "plain"
    cited_in: bool = False
    press: PressSettings = PressSettings()
    identifiers: Identifiers = Identifiers()


class WebSettings(DashedTable):
    """The web edition: the address of the folder in which it will stand, if that is known.

    ``pdf_url`` is where the reading PDF can be had.
    """

    base_url: Address | None = None
    pdf_url: Address | None = None
    identifiers: Identifiers = Identifiers()

    def address(self, name: str) -> str:
        """Give the address of the document ``name``; ``""`` where the folder's is not known."""
        return f"{self.base_url.rstrip('/')}/{quote(name)}" if self.base_url else ""


class AccessibilitySettings(DashedTable):
    """What the publisher states of the EPUB's accessibility (EPUB Accessibility 1.1 §5).

    ``conforms_to`` is the statement of conformance in the standard's own words, and
    ``certified_by`` who found that it holds; ``certifier_credential`` and ``certifier_report`` say
    what entitles them to say so, and where their report stands.  ``summary`` replaces the one that
    is made of what the file has.
    """

    conforms_to: Annotated[str, StringConstraints(pattern=_CONFORMANCE)] = ""
    certified_by: str = ""
    certifier_credential: str = ""
    certifier_report: HttpUrl | None = Field(default=None, strict=False)
    summary: str = ""


class EpubSettings(DashedTable):
    """The EPUB: its identifiers, its cover, what is stated of its accessibility.

    ``cover`` is the path of a picture below the book's folder; without one a cover is made.
    ``cover_alt`` says what the picture shows, where that is more than the book's own words.
    """

    cover: str = ""
    cover_alt: str = ""
    identifiers: Identifiers = Identifiers()
    accessibility: AccessibilitySettings = AccessibilitySettings()


class ThemaSubject(DashedTable):
    """A subject of Thema, or one of its qualifiers: its code, and its heading in words."""

    code: Annotated[str, StringConstraints(pattern=_THEMA)]
    label: Text


class BisacSubject(DashedTable):
    """A subject of BISAC: its code, and its heading in words."""

    code: Annotated[str, StringConstraints(pattern=_BISAC)]
    label: Text


class Classification(DashedTable):
    """What the book is about, in the schemes by which shops and libraries file it."""

    thema: list[ThemaSubject] = []
    bisac: list[BisacSubject] = []


Distributor = Literal["amazon", "apple", "doab", "google", "ingram", "kobo", "onix"]


class Distribution(DashedTable):
    """Who shall distribute the book; what they need of ``book.toml`` is then asked of it."""

    to: list[Distributor] = []


class AbbreviationSettings(DashedTable):
    """Where an abbreviation that the text uses alone is spelled out.

    At its first use in the body of the book, or of each chapter, or nowhere.
    """

    spell_out: Literal["book", "chapter", "never"] = "book"


class Config(DashedTable):
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
    classification: Classification = Classification()
    publisher: str = ""
    contributors: list[Contributor] = Field(min_length=1)
    rights: Rights
    sections: Sections
    citations: Citations = Citations()
    abbreviations: AbbreviationSettings = AbbreviationSettings()
    print: PrintSettings = PrintSettings()
    web: WebSettings = WebSettings()
    epub: EpubSettings = EpubSettings()
    distribution: Distribution = Distribution()

    @property
    def running_title(self) -> str:
        """Give the book's title as running heads and narrow places print it."""
        return self.short_title or self.title

    @property
    def full_title(self) -> str:
        """Give title and subtitle, joined by a colon (Chicago 18, ch. 13)."""
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    def creators(self) -> tuple[Contributor, ...]:
        """Give the contributors who made the text: those with the relator ``aut`` or ``cre``."""
        return tuple(c for c in self.contributors if c.role in {"aut", "cre"})


def load(path: Path, shown_as: Path) -> Config:
    """Read ``book.toml`` at ``path``; messages name it ``shown_as``.

    Raises ``BookError`` with all problems when the file is missing, is not UTF-8 or TOML, has an
    unknown key, lacks a needed one, has a value of the wrong type, a page without room for text, or
    a statement of conformance that nobody certifies.
    """
    text = read(path, shown_as)
    config = validated(Config, text, shown_as)
    problems = [
        Problem(rule, message, Span(shown_as, line_of(text, ("print", key))), hint)
        for key, rule, message, hint in _without_room(config.print)
    ]
    if key := _uncertified(config.epub.accessibility):
        message = f'"epub.accessibility.{key}" needs "certified-by": who found that it holds'
        hint = "the publisher may be the one (EPUB Accessibility 1.1, certifiedBy)"
        span = Span(shown_as, line_of(text, ("epub", "accessibility", key)))
        problems.append(Problem("conformance-is-certified", message, span, hint))
    if problems:
        raise BookError(problems)
    return config


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
        faults = [_fault(model, shown_as, text, dict(fault)) for fault in error.errors()]
        raise BookError(faults) from None


def read(path: Path, shown_as: Path) -> str:
    """Give the text of ``book.toml``; raises ``BookError`` where it cannot be read."""
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


def _fault(root: type[BaseModel], path: Path, text: str, fault: dict[str, Any]) -> Problem:
    where = fault["loc"]
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
    if fault["type"] == _ADDRESS:
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
    _LENGTH: ("no length", 'a number and pt, mm, cm, in or px, in quotation marks: "14pt"'),
    _NAME: ("no plain name", "small letters from a to z, digits and hyphens make a name"),
    LANGUAGE: ("no language tag", 'such as "en-GB", "vi", "zh-Hant" (BCP 47)'),
    _ROLE: ("no MARC relator code", 'three small letters: "aut", "edt", "trl", "ill" …'),
    _DOI: ("no DOI", 'without an address before it: "10.1000/182"'),
    _URN: ("no URN", 'such as "urn:uuid:…"'),
    _CONFORMANCE: (
        "no statement of the standard",
        'such as "EPUB Accessibility 1.1 - WCAG 2.2 Level AA", to the letter',
    ),
    _THEMA: ("no code of Thema", 'such as "NHF", or a qualifier, "1FMV"'),
    _BISAC: ("no code of BISAC", 'three capitals and six digits: "HIS003000"'),
    "string_type": ("no text", "text stands in quotation marks"),
    "string_too_short": ("no text", "write it, or leave the key out if it may be missing"),
    "int_type": ("no whole number", "write it without quotation marks: 2026"),
    "date_type": ("no date", "write it without quotation marks: 2026-01-31"),
    "list_type": ("no list", 'a list stands in brackets: ["one", "two"]'),
    "tuple_type": ("no list of two", 'width and height: ["6in", "9in"]'),
    "too_long": ("too long", 'width and height: ["6in", "9in"]'),
    "too_short": ("too short", "at least one is needed"),
    "model_type": ("no table", "its keys stand below its name in brackets"),
    "value_error": ("no ISBN", "thirteen digits, the last of which checks the others"),
}
"""What a value is, that is not as it should be, by pattern or by pydantic's name of the fault."""


def _wanted(fault: dict[str, Any]) -> tuple[str, str]:
    context = fault.get("ctx", {})
    if fault["type"] == "literal_error":
        return "which is not " + context["expected"].replace("'", '"'), ""
    if fault["type"].startswith("url_"):
        return "which is no address", 'such as "https://example.org/book/"'
    kind, hint = _WANTED.get(str(context.get("pattern", fault["type"])), ("not valid", ""))
    return f"which is {kind}", hint


LEAST_MEASURE, LEAST_LINES = 10, 6
"""How many ems wide, and how many lines high, the text of a page must be at the least."""

LARGEST_SHEET = 14400.0
"""The longest side that a PDF's page may have, in points (ISO 32000-1, annex C)."""


def _without_room(settings: PrintSettings) -> Iterator[tuple[str, str, str, str]]:
    """Give what keeps text from the page: the key, the rule, what was found, what may help."""
    size, leading = points(settings.size), points(settings.leading)
    sides, margins = [points(side) for side in settings.trim], settings.margins
    if min(size, leading) <= 0 or leading < size:
        message = f"lines {settings.leading} apart have no room for type of {settings.size}"
        yield "leading", "lines-have-room", message, "leading is usually 1.2 to 1.4 times the size"
    if min(sides) <= 0 or max(sides) > LARGEST_SHEET:
        message = f"a sheet cannot be {settings.trim[0]} wide and {settings.trim[1]} high"
        yield "trim", "page-has-room", message, "a PDF's sheet may be 200 inches long"
    across = sides[0] - points(margins.inside) - points(margins.outside)
    down = sides[1] - points(margins.top) - points(margins.bottom)
    for side, left, needed, names in (
        ("width", across, LEAST_MEASURE * size, "inside and outside"),
        ("height", down, LEAST_LINES * leading, "top and bottom"),
    ):
        if left < needed:
            message = f"the margins leave {left:.0f}pt of the page's {side} for the text"
            hint = f"at least {needed:.0f}pt are needed: a larger trim, or less {names}"
            yield "margins", "page-has-room", message, hint


def _uncertified(given: AccessibilitySettings) -> str:
    """Name the key of a statement that nobody stands for; ``""`` where there is none."""
    stated = {
        "conforms-to": given.conforms_to,
        "certifier-credential": given.certifier_credential,
        "certifier-report": given.certifier_report,
    }
    return "" if given.certified_by else next((key for key, value in stated.items() if value), "")


def _known_hint(root: type[BaseModel], where: tuple[int | str, ...]) -> str:
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


def column_of_value(text: str, line: int) -> int:
    """Find the column (from 1) of the value that stands on a line of TOML behind its key."""
    found = re.search(r"=\s*", text.split("\n")[line - 1])
    return found.end() + 1 if found else 0


@lru_cache(maxsize=2**12)
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
        depth = min(len(where), len(current))
        if where[:depth] == current[:depth] and depth > best_depth:
            best_line, best_depth = number, depth
    return best_line
