"""What a PDF of the whole book is made of: a plain value, as workers are given it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from octavo.typeset.condition import PrintingCondition
from octavo.typeset.facts import Furniture, Laid, Pagination


@dataclass(frozen=True)
class OutlineEntry:
    """A line of the PDF's outline: words, the id that it leads to, its level from 1."""

    title: str
    target: str
    level: int


@dataclass(frozen=True)
class Metadata:
    """What the documents say of themselves; ``stamp`` (UTC) is the date that they bear.

    The metadata streams (ISO 16684-1) differ in what the documents keep to.
    """

    title: str
    authors: tuple[str, ...]
    language: str
    stamp: datetime
    reading_xmp: bytes
    press_xmp: bytes


@dataclass(frozen=True)
class Joined:
    """The sections in order, each with its furniture, and what the PDF of them says of itself.

    ``faces`` maps the SHA-256 of a face's file to its path.  ``trim`` is the page's width and
    height in points.
    """

    laid: tuple[Laid, ...]
    furniture: tuple[Furniture, ...]
    pagination: Pagination
    outline: tuple[OutlineEntry, ...]
    metadata: Metadata
    condition: PrintingCondition
    faces: dict[str, Path]
    trim: tuple[float, float]
