"""``content/index.toml``: how the index is ordered, its cross references, headings set apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from octavo import config
from octavo.config import DashedTable, Text
from octavo.problems import BookError, Problem, Span

FILE = Path("content") / "index.toml"

Terms = Annotated[tuple[Text, ...], Field(strict=False)]


class Heading(DashedTable):
    """A heading of the index of which more is to be said than marks can.

    ``see`` leads from a heading without places to those that have them, ``see_also`` from one with
    places to others; ``sort`` is what it is filed under; ``script`` the name as it is written
    where it comes from, ``""`` for none, by default what the table of names has; ``language`` its
    language.
    """

    term: Text
    see: Terms = ()
    see_also: Terms = ()
    sort: str = ""
    script: str | None = None
    language: str = "zh-Hant"


class _Table(DashedTable):
    """``order`` is letter by letter, or word by word (Chicago 18, ch. 15); ``runs`` says what
    becomes of places on pages in a row that nobody has marked as a range.
    """  # noqa: D205 - one sentence

    order: Literal["letter", "word"] = "letter"
    runs: Literal["separate", "joined"] = "separate"
    headings: Annotated[tuple[Heading, ...], Field(strict=False)] = ()


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
        text = config.read(root / FILE, FILE)
        table = config.validated(_Table, text, FILE)
    except BookError as error:
        return Settings(problems=error.problems)
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
