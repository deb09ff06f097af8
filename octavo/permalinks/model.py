"""What the editions are told of permalinks."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Moved:
    """An old id that was published in one document and now stands in the section ``section``."""

    id: str
    section: str


@dataclass(frozen=True)
class Permalinks:
    """The permalinks of a book.

    ``ids`` gives the id of each passage that the tool names, by section and ``data-block``;
    ``formers`` the old ids that lead to a passage, by section and block (``""`` the section's
    start); ``moved`` by the name of a document the ids that left it, and ``renamed`` by the name of
    a document that is no more the id of the section that took its place.
    """

    ids: Mapping[str, Mapping[str, str]]
    formers: Mapping[str, Mapping[str, tuple[str, ...]]]
    moved: Mapping[str, tuple[Moved, ...]]
    renamed: Mapping[str, str]
