"""The Jinja environment, and the views: finished values which templates only place.

Templates stand in ``octavo/templates/{print,web,epub,shared}``; a book may replace any of them by
one of the same name in its own ``templates/``.  An undefined name is an error.
"""

import re
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket
from lxml import etree
from markupsafe import Markup

from octavo import store
from octavo.dates import Piece
from octavo.problems import BookError, Problem, Span, reason
from octavo.store import Store

_TEMPLATES = Path(__file__).parent / "templates"
_XML = (".html", ".xhtml", ".opf", ".ncx", ".xml", ".svg")


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
class CitingNotes:
    """Consecutive notes of a section: the first, and the last as printed behind a dash, or ``""``.

    Each comes with its address.
    """

    first: str
    first_href: str
    last: str
    last_href: str


@dataclass(frozen=True)
class CitedIn:
    """A section that cites a work: its name for short ("ch. 2"), the notes, how many they are."""

    section: str
    runs: Sequence[CitingNotes]
    count: int


@dataclass(frozen=True)
class EntryView:
    """An entry of the bibliography, with links back to the notes that cite it."""

    id: str
    content: Markup
    annotation: str
    cited_in: Sequence[CitedIn]


@dataclass(frozen=True)
class GroupView:
    """A part of the bibliography."""

    title: str
    id: str
    entries: Sequence[EntryView]


@dataclass(frozen=True)
class EventView:
    """An entry of the chronology: its date in pieces, its text (a paragraph), where it is told.

    ``number`` and ``title`` are those of the heading above the passage at ``href``; ``folio`` is
    ``""`` if unknown.
    """

    date: Sequence[Piece]
    text: Markup
    href: str
    folio: str
    number: str
    title: str


@dataclass(frozen=True)
class YearView:
    """The events of a year, or of a decade."""

    name: str
    events: Sequence[EventView]


@dataclass(frozen=True)
class Spelling:
    """A name in one spelling, and the language (BCP 47) that this is in, ``""`` for the book's."""

    text: str
    language: str


@dataclass(frozen=True)
class NameView:
    """An entry of the register of names.

    ``headword`` is in runs, words and whether they are italic, in ``language``.
    ``spellings`` are those beside the headword, in Latin letters; ``characters`` the Chinese ones.
    ``about`` and ``dates`` are ready to be printed; ``doubt`` says how sure the identification is,
    ``""`` where it is certain.  ``see_also`` and ``mentioned_in`` are words and addresses; an
    address is ``""`` where there is none.
    """

    id: str
    headword: Sequence[tuple[str, bool]]
    language: str
    spellings: Sequence[Spelling]
    characters: Sequence[Spelling]
    dates: str
    about: str
    doubt: str
    see_also: Sequence[tuple[str, str]]
    mentioned_in: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class NameGroupView:
    """The names of one kind in the register."""

    title: str
    id: str
    names: Sequence[NameView]


@dataclass(frozen=True)
class LocatorView:
    """A locator of the index: address, number, sign behind it (``t``, ``f``), whether it is main.

    ``kind`` is what it leads to: ``page``, or ``range``.
    """

    href: str
    number: str
    sign: str
    main: bool
    kind: str


@dataclass(frozen=True)
class HeadingView:
    """A heading of the index with its locators; ``words`` are runs: text, italic, language."""

    words: Sequence[tuple[str, bool, str]]
    locators: Sequence[LocatorView]


@dataclass(frozen=True)
class ReferenceView:
    """Where *see* leads; ``href`` is ``""`` for a class of headings."""

    words: Sequence[tuple[str, bool, str]]
    href: str


@dataclass(frozen=True)
class IndexEntryView:
    """An entry of the index; ``plain`` is its heading as it stands above what goes on."""

    id: str
    plain: str
    heading: HeadingView
    subs: Sequence[HeadingView]
    see: Sequence[ReferenceView]
    see_also: Sequence[ReferenceView]


@dataclass(frozen=True)
class IndexGroupView:
    """The entries below a letter, ``""`` for those that begin with none."""

    letter: str
    id: str
    entries: Sequence[IndexEntryView]


@dataclass(frozen=True)
class IndexView:
    """The index; ``signs`` are the kinds of place that its locators have signs for, ``main``
    tells whether any is in bold.
    """  # noqa: D205 - one sentence

    groups: Sequence[IndexGroupView]
    signs: Sequence[str]
    main: bool


@dataclass(frozen=True)
class MarkView:
    """A mark of editing in the list of a proof: what it is, where it leads, its words.

    ``old`` are words taken out, ``new`` those put in, highlighted, or said in a comment, which has
    a ``number``; ``id`` is that of the line, ``signature`` who made the mark, and when.
    """

    id: str
    kind: str
    number: int
    href: str
    folio: str
    source: str
    old: str
    new: str
    signature: str


@dataclass(frozen=True)
class MarkGroupView:
    """The marks of a section: its title, where it is, how many marks of each kind it has."""

    title: Markup
    number: str
    href: str
    counts: str
    marks: Sequence[MarkView]


@dataclass(frozen=True)
class SectionView:
    """A section ready to be placed.

    ``kind`` is ``text`` or the name of a section that is made; ``body`` its text from a file;
    ``title_has_calls`` tells that notes are called in ``title``; ``entries``, ``groups``,
    ``years``, ``names``, ``index`` and ``marks`` are what made sections need.
    """

    id: str
    kind: str
    part: str
    number: str
    title: Markup
    title_text: str
    title_has_calls: bool
    short_title: str
    author: str
    body: Markup
    notes: Sequence[NoteView]
    entries: Sequence[ContentsEntry]
    groups: Sequence[GroupView]
    years: Sequence[YearView]
    names: Sequence[NameGroupView]
    index: IndexView | None
    marks: Sequence[MarkGroupView]


def _spaced(value: str) -> str:
    """Write a CSS length for readers: ``"11pt"`` as "11 pt"."""
    return re.sub(r"(?<=\d)(?=[a-z])", "\N{NO-BREAK SPACE}", value)


class _Kept(BytecodeCache):
    """Keeps what templates have been compiled to in the store."""

    def __init__(self, kept: Store) -> None:
        self._kept = kept

    def load_bytecode(self, bucket: Bucket) -> None:
        data = self._kept.get(self._name(bucket))
        if data is not None:
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept.put(self._name(bucket), bucket.bytecode_to_string())

    def _name(self, bucket: Bucket) -> str:
        return store.key([version("jinja2"), sys.version, bucket.key, bucket.checksum])


class Templates:
    """The templates of one book, its own before the tool's."""

    def __init__(self, book_root: Path, kept: Store | None = None) -> None:
        """Look for templates in ``book_root/templates`` first; ``kept`` remembers their code."""
        self._own = book_root / "templates"
        self._environment = Environment(
            loader=ChoiceLoader(
                [FileSystemLoader(self._own), PackageLoader("octavo", "templates")]
            ),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            bytecode_cache=_Kept(kept) if kept is not None else None,
        )
        self._environment.filters["spaced"] = _spaced

    @cached_property
    def digest(self) -> str:
        """Give a digest of all templates, the book's own and the tool's."""
        return store.key(
            part
            for whose, folder in (("own", self._own), ("tool's", _TEMPLATES))
            for path in sorted(folder.rglob("*"))
            if path.is_file()
            for part in (whose, path.relative_to(folder).as_posix(), path.read_bytes())
        )

    def render(self, name: str, views: Mapping[str, Any]) -> str:
        """Fill the template ``name`` (``print/section.html``) with views.

        Raises ``BookError`` with the file and line where a template is not sound.
        """
        with self._faults_named(name):
            made = self._environment.get_template(name).render(views)
        if self._own.is_dir() and name.endswith(_XML):
            self._check_xml(name, made)
        return made

    def source(self, name: str) -> str:
        """Give a file of the templates as it stands (a stylesheet, a script).

        Raises ``BookError`` where it cannot be read.
        """
        loader = self._environment.loader
        assert loader is not None
        with self._faults_named(name):
            return loader.get_source(self._environment, name)[0]

    @contextmanager
    def _faults_named(self, name: str) -> Iterator[None]:
        """Turn what is raised by Jinja, or by what a template does, into a problem.

        Where the book has no templates of its own, the fault is ours, and raised as it is.
        """
        try:
            yield
        except Exception as error:
            if not self._own.is_dir():
                raise
            raise BookError([self._fault(error, name)]) from error

    def _fault(self, error: Exception, name: str) -> Problem:
        file, line = self._own / name, 0
        for frame, number in traceback.walk_tb(error.__traceback__):
            path = Path(frame.f_code.co_filename)
            if path.is_relative_to(self._own) or path.is_relative_to(_TEMPLATES):
                file, line = path, number
        match error:
            case TemplateSyntaxError():
                file, line = Path(error.filename or file), error.lineno
                message = error.message or "this is no template"
            case TemplateNotFound():
                message = f'there is no template "{error.name}"'
            case UnicodeDecodeError():
                message = "this is not UTF-8 text"
            case OSError():
                message = f"this file cannot be read: {reason(error)}"
            case _:
                message = re.sub(
                    r"'[\w.]*?(\w+) object' has no attribute '(\w+)'", r'\1 has no "\2"', str(error)
                )
        own = file.is_relative_to(self._own)
        shown = file.relative_to(self._own.parent if own else _TEMPLATES.parent.parent)
        return Problem("template-is-sound", message, Span(shown, line))

    def _check_xml(self, name: str, made: str) -> None:
        """Report what is not well-formed, as templates of the book's own can make it."""
        try:
            etree.fromstring(made.encode())
        except etree.XMLSyntaxError as error:
            lines = made.split("\n")
            found = lines[min(error.lineno or 1, len(lines)) - 1].strip()
            message = f"what this template makes is not well-formed: {error.msg}"
            span = Span(Path("templates") / name)
            hint = f"look for: {found[:100]}"
            raise BookError([Problem("template-is-sound", message, span, hint)]) from None
