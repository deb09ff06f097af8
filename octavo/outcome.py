"""What a build gives: its outputs, and what can be said of them.  Imports nothing that is slow."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from octavo.problems import Problem

EDITIONS = ("print", "web", "epub")

REDLINE = "redline"
"""The folder of redlines, below that of the editions: they never stand in the editions' place."""

CACHE = Path(".cache") / "octavo"
"""Where a book's folder keeps earlier layouts."""


@dataclass(frozen=True)
class Made:
    """One output: where it stands, and what can be said of it ("78 pages")."""

    path: Path
    remark: str


@dataclass(frozen=True)
class Result:
    """What a build has made, and the warnings that it came with.

    ``reasons`` says of each step of the layout ("text ch-salt") whether it was made, and why.
    """

    made: tuple[Made, ...]
    problems: tuple[Problem, ...]
    reasons: Mapping[str, str]
