"""The kinds of value that settings take, each declared once: what it is, what a wrong one is
told, and what editors' TOML extensions are told of it (JSON Schema).

Lengths are strings with a CSS unit (``"6in"``, ``"14pt"``); paths are relative to the book's
folder.
"""  # noqa: D205 - one sentence

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    HttpUrl,
    StringConstraints,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

SHAPE, ADDRESS = "shape", "address"
"""The types of the faults that ``Shape`` and ``_Address`` find; their hints are their context's."""

LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"


class DashedTable(BaseModel):
    """A table of TOML, frozen; keys have hyphens where the fields have underlines.

    What stands below a field in quotation marks is its description in the JSON schema
    (``octavo/desk/schemas.py``).
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        alias_generator=lambda name: name.replace("_", "-"),
    )


@dataclass(frozen=True)
class Shape:
    """Text of a shape: ``pattern`` is a regular expression that Python and ECMAScript agree on.

    ``other`` says what text of another shape is ("no length"), ``hint`` what may help.  What no
    pattern can say is asked of ``is_sound``.
    """

    pattern: str
    other: str
    hint: str
    is_sound: Callable[[str], bool] = lambda text: True

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Have pydantic ask ``_checked``."""
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Give the pattern, which is all of it that JSON Schema can say, and words for editors."""
        said = f"{self.other}; {self.hint}"
        return {**handler(core), "pattern": self.pattern, "patternErrorMessage": said}

    def _checked(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text, re.ASCII) or not self.is_sound(text):
            about = {"other": self.other, "hint": self.hint}
            raise PydanticCustomError(SHAPE, "which is {other}", about)
        return text


def _adds_up(isbn: str) -> bool:
    """Tell whether an ISBN-13 is sound: its digits, weighed 1 and 3, add up to tens."""
    digits = isbn.replace("-", "")
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0


Text = Annotated[
    str,
    StringConstraints(min_length=1, strip_whitespace=True),
    Field(json_schema_extra={"pattern": r"\S"}),
]
"""Words, of which there is one at least; spaces around them do not count."""

Length = Annotated[
    str,
    Shape(
        r"^\d+(\.\d+)?(pt|mm|cm|in|px)$",
        "no length",
        'a number and pt, mm, cm, in or px, in quotation marks: "14pt"',
    ),
]
Name = Annotated[
    str,
    Shape(
        r"^[a-z0-9][a-z0-9-]*$",
        "no plain name",
        "small letters from a to z, digits and hyphens make a name",
    ),
]
Language = Annotated[
    str, Shape(LANGUAGE, "no language tag", 'such as "en-GB", "vi", "zh-Hant" (BCP 47)')
]
Role = Annotated[
    str,
    Shape(
        r"^[a-z]{3}$",
        "no MARC relator code",
        'three small letters: "aut", "edt", "trl", "ill" …',
    ),
]
Isbn = Annotated[
    str,
    Shape(
        r"^(9-?7-?[89](-?\d){10})?$",
        "no ISBN",
        "thirteen digits, the last of which checks the others",
        _adds_up,
    ),
]
Doi = Annotated[
    str, Shape(r"^(10\.\d{4,9}/\S+)?$", "no DOI", 'without an address before it: "10.1000/182"')
]
Urn = Annotated[
    str, Shape(r"^(urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:\S+)?$", "no URN", 'such as "urn:uuid:…"')
]
Conformance = Annotated[
    str,
    Shape(
        r"^(EPUB Accessibility 1\.1 - WCAG 2\.[0-2] Level (A|AA|AAA))?$",
        "no statement of the standard",
        'such as "EPUB Accessibility 1.1 - WCAG 2.2 Level AA", to the letter',
    ),
]
Thema = Annotated[
    str,
    Shape(
        r"^([A-Y][A-Z0-9]*|[1-6][A-Z][A-Z0-9-]*)$",
        "no code of Thema",
        'such as "NHF", or a qualifier, "1FMV"',
    ),
]
Bisac = Annotated[
    str,
    Shape(r"^[A-Z]{3}\d{6}$", "no code of BISAC", 'three capitals and six digits: "HIS003000"'),
]
Link = Annotated[
    HttpUrl, Field(strict=False, json_schema_extra={"pattern": "^[Hh][Tt][Tt][Pp][Ss]?:"})
]


@dataclass(frozen=True)
class _Address:
    """The address of a folder on the web (RFC 3986 §3, RFC 9110 §4.2)."""

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(_address, handler(source))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        pattern = r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s<>\"{}|\\^`?#/@][^\s<>\"{}|\\^`?#]*$"
        return {**handler(core), "format": "uri", "pattern": pattern}


Address = Annotated[str, _Address()]

_HOST = re.compile(r"\[[0-9a-f:.]+\]|[0-9a-f:]+:[0-9a-f:]*|(?!-)[\w-]+(\.[\w-]+)*\.?", re.I)


def _address(value: str) -> str:
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
            raise PydanticCustomError(ADDRESS, message, {"hint": hint})
    return value


def _has_port(parts: SplitResult) -> bool:
    """Tell whether an address names a port that there can be, or none."""
    try:
        return parts.port != 0
    except ValueError:
        return False


POINTS = {"pt": 1.0, "px": 0.75, "mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72.0}
"""How many points (1/72 in) one unit is; CSS Values 4 §6.2 fixes the ratios."""


def points(length: str) -> float:
    """Turn a length such as ``"6in"`` into points."""
    number, unit = length[:-2], length[-2:]
    return float(number) * POINTS[unit]
