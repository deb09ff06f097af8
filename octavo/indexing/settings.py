"""``content/index.toml``: how the index is ordered, its cross references, headings set apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from octavo import config
from octavo.config import DashedTable, Text
from octavo.problems import BookError, Problem, Span

FILE = Path("content") / "index.toml"

Terms = Annotated[tuple[Text, ...], Field(strict=False)]


class Heading(DashedTable):
    """A heading of the index of which more is to be said than marks can."""

    term: Text
    """The heading; words between asterisks are in italics."""
    see: Terms = ()
    """Headings to which this one leads, which has no places itself."""
    see_also: Terms = ()
    """Headings to see besides this one's places; a class of them stands between asterisks."""
    sort: str = ""
    """What the heading is filed under."""
    script: str | None = None
    """The name as it is written where it comes from, "" for none; by default what the table of
    names has."""
    language: str = "zh-Hant"
    """The language of the script."""


class Table(DashedTable):
    """How the index is ordered, its cross references, headings of which more is to be said."""

    order: Literal["letter", "word"] = "letter"
    """Letter by letter, or word by word (Chicago 18, ch. 15)."""
    runs: Literal["separate", "joined"] = "separate"
    """What becomes of places on pages in a row that nobody has marked as a range."""
    headings: Annotated[tuple[Heading, ...], Field(strict=False)] = ()
    """Headings of which more is to be said than marks can."""


@dataclass(frozen=True)
class Settings:
    """The settings of the index, its headings in their file's order, and what is wrong."""

    order: Literal["letter", "word"] = "letter"
    runs: Literal["separate", "joined"] = "separate"
    headings: tuple[Heading, ...] = ()
    spans: tuple[Span, ...] = ()
    problems: tuple[Problem, ...] = field(default=())


def load(root: Path) -> Settings:
    """Read the settings of the book in the folder ``root``; a book need not have any."""
    if not (root / FILE).exists():
        return Settings()
    try:
        return _read(config.read(root / FILE, FILE))
    except BookError as error:
        return Settings(problems=error.problems)


@lru_cache(maxsize=1)
def _read(text: str) -> Settings:
    table = config.validated(Table, text, FILE)
    spans = tuple(
        Span(FILE, config.line_of(text, ("headings", number, "term")))
        for number in range(len(table.headings))
    )
    problems = tuple(_problems(table.headings, spans))
    return Settings(table.order, table.runs, table.headings, spans, problems)


def _problems(headings: tuple[Heading, ...], spans: tuple[Span, ...]) -> Iterator[Problem]:
    first: dict[str, Span] = {}
    for heading, span in zip(headings, spans, strict=True):
        if first.setdefault(heading.term, span) is not span:
            message = f'the heading "{heading.term}" stands here twice'
            hint = f"first at {first[heading.term]}; put its keys together"
            yield Problem("index-heading-is-unique", message, span, hint)
        if heading.see and heading.see_also:
            message = f'"{heading.term}" has both see and see-also'
            hint = "see stands for places under another heading, see-also beside its own"
            yield Problem("index-heading-refers-in-one-way", message, span, hint)
