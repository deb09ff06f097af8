"""The index as a value: headings, what stands below them, and the places that they lead to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from octavo.problems import Span

Kind = Literal["text", "note", "table", "figure"]


@dataclass(frozen=True)
class Place:
    """Where the text speaks of something: from the id ``id`` to the id ``end``, or there alone.

    ``note`` is the number of the note that it stands in, 0 outside notes; ``section`` the id of the
    section, ``part`` the number of the smallest numbered division around it ("3.2"), or the title
    of one without number, for editions without folios; ``end_…`` are those of the end.  ``main``:
    the place that says most.
    """

    id: str
    kind: Kind
    section: str
    part: str
    end: str = ""
    end_section: str = ""
    end_part: str = ""
    note: int = 0
    main: bool = False


@dataclass(frozen=True)
class Run:
    """Words of a heading that are set alike: in italics, in another language."""

    text: str
    italic: bool = False
    language: str = ""


@dataclass(frozen=True)
class Reference:
    """Where *see* or *see also* leads: another heading, ``""`` for a class of headings."""

    words: tuple[Run, ...]
    target: str


@dataclass(frozen=True)
class SubEntry:
    """What stands below a heading, with its places in the order of the book."""

    words: tuple[Run, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Entry:
    """A heading of the index: its id there, its words, its places in the order of the book.

    ``span`` is where the heading was first given.
    """

    id: str
    term: str
    words: tuple[Run, ...]
    places: tuple[Place, ...]
    span: Span
    subs: tuple[SubEntry, ...] = ()
    see: tuple[Reference, ...] = ()
    see_also: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class Group:
    """The headings that begin with one letter; ``letter`` is ``""`` where they begin with none."""

    letter: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Index:
    """The index of a book; ``joins_runs``: places on pages in a row are printed as a range."""

    groups: tuple[Group, ...] = field(default=())
    joins_runs: bool = False

    def entries(self) -> Iterator[Entry]:
        """Give all headings in their order."""
        for group in self.groups:
            yield from group.entries


def plain(words: tuple[Run, ...]) -> str:
    """Give the words of a heading without their dress."""
    return "".join(run.text for run in words)
