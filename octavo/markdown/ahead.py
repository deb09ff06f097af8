"""Sections read by workers before the book is composed: what they read, the store remembers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from octavo import manuscript, markdown
from octavo.manuscript import Source
from octavo.markdown.keeping import is_kept
from octavo.store import Store


@dataclass(frozen=True)
class Unread:
    """A section to be read, the book's folder, and the folder of the store that shall keep it."""

    source: Source
    language: str
    root: Path
    store: Path


def unread(sources: Sequence[Source], language: str, root: Path, store: Path) -> list[Unread]:
    """Give the sections that the store does not remember, the longest first."""
    kept = Store(store)
    new = [source for source in sources if not is_kept(source, language, kept)]
    new.sort(key=lambda source: -len(source.body))
    return [Unread(source, language, root, store) for source in new]


def read(job: Unread) -> None:
    """Read a section into the store.  One with problems is not kept: it will be read again."""
    read_file = partial(manuscript.read_file, job.root)
    markdown.parse(job.source, job.language, read_file, Store(job.store))
