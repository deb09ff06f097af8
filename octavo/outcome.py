"""What a build gives: its outputs, and what can be said of them.  Imports nothing that is slow."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from octavo.criticmarkup import Mode
from octavo.problems import Problem

EDITIONS = ("print", "web", "epub")

PROOF_EDITIONS = ("print", "web")
"""The editions that a proof, which shows the marks of editing, has."""

FOLDERS: Mapping[Mode, str] = {"accept": "", "reject": "rejected", "show": "proof"}
"""Where the outputs go, below the folder of the final editions, by what becomes of the marks.

So nothing but the text with its changes accepted is ever in the place of a final edition.
"""

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

    ``made`` are the outputs with the digests of their contents.  ``reasons`` says of each step of
    the layout ("text ch-salt") whether it was made, and why.
    """

    made: Mapping[Made, str]
    problems: tuple[Problem, ...]
    reasons: Mapping[str, str]
