"""The Jinja environment, and the views: finished values which templates only place.

Templates stand in ``octavo/templates/{print,web,epub,shared}``; a book may replace any of them by
one of the same name in its own ``templates/``.  An undefined name is an error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined
from markupsafe import Markup


@dataclass(frozen=True)
class NoteView:
    """A note: ``body`` is its blocks, or inline text for a bare citation (``is_block`` tells)."""

    number: int
    id: str
    call_id: str
    body: Markup
    is_block: bool


@dataclass(frozen=True)
class ContentsEntry:
    """A line of the contents or of a list: number, title, address, folio (``""`` if unknown).

    ``level`` is 1 for a section's title, 2 for its headings …; ``part`` is front, body or back.
    """

    number: str
    title: Markup
    href: str
    folio: str
    level: int
    part: str
    id: str


@dataclass(frozen=True)
class EntryView:
    """An entry of the bibliography, with links back to the notes that cite it."""

    id: str
    content: Markup
    annotation: str
    cited_in: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class GroupView:
    """A part of the bibliography."""

    title: str
    id: str
    entries: Sequence[EntryView]


@dataclass(frozen=True)
class SectionView:
    """A section ready to be placed.

    ``kind`` is ``text`` or the name of a section that is made; ``body`` its text from a file;
    ``extra`` holds what a made section needs (``entries``, ``groups``).
    """

    id: str
    kind: str
    part: str
    number: str
    title: Markup
    title_text: str
    short_title: str
    author: str
    body: Markup
    notes: Sequence[NoteView]
    entries: Sequence[ContentsEntry]
    groups: Sequence[GroupView]


class Templates:
    """The templates of one book, its own before the tool's."""

    def __init__(self, book_root: Path) -> None:
        """Look for templates in ``book_root/templates`` first."""
        self._environment = Environment(
            loader=ChoiceLoader(
                [FileSystemLoader(book_root / "templates"), PackageLoader("octavo", "templates")]
            ),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def render(self, name: str, views: Mapping[str, Any]) -> str:
        """Fill the template ``name`` (``print/section.html``) with views."""
        return self._environment.get_template(name).render(views)

    def source(self, name: str) -> str:
        """Give a file of the templates as it stands (a stylesheet, a script)."""
        loader = self._environment.loader
        assert loader is not None
        return loader.get_source(self._environment, name)[0]
