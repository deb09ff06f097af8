"""Book → views: what every edition's templates are given, made with the edition's dialect."""

from collections.abc import Callable, Iterator, Sequence

from lxml import etree
from markupsafe import Markup

from octavo import fonts
from octavo.book import Book, Section, Target
from octavo.editions import index_views, mark_views, register, text, timeline
from octavo.editions.citing import cited_in
from octavo.editions.text import Dialect
from octavo.fonts import Face
from octavo.manuscript import MARKS
from octavo.markdown.finish import CALLS
from octavo.markdown.tree import Element
from octavo.templating import ContentsEntry, EntryView, GroupView, NoteView, SectionView

CONTENTS_DEPTH = 2
_UNLISTED = {"half-title", "title", "copyright", "contents"}
"""Sections that the contents do not list (Chicago 18, ch. 1)."""


def _as_it_is(body: Element) -> None:
    """Leave a text as the dialect has made it."""


def section_view(
    section: Section,
    book: Book,
    dialect: Dialect,
    shape: Callable[[Element], None] = _as_it_is,
) -> SectionView:
    """Give a section's view; notes are numbered as in ``section.notes``.

    ``shape`` may change the text, in place, before it is written.
    """
    body = text.body(section, book, dialect)
    years = timeline.take_out(body, section, book, dialect)
    shape(body)
    return SectionView(
        id=section.id,
        kind=section.kind,
        part=section.part,
        number=section.number,
        title=text.markup(text.title(section, book, dialect)),
        title_text=section.title_text,
        title_has_calls=any(e.get("class") in CALLS for e in section.title.iter("a", "span")),
        short_title=section.short_title,
        author=section.author,
        body=text.markup(body),
        notes=tuple(_notes(section, book, dialect)),
        entries=tuple(_entries(section.kind, book, dialect)),
        groups=tuple(_groups(book, dialect)) if section.kind == "bibliography" else (),
        years=years,
        names=register.groups(book, dialect) if section.kind == "names" else (),
        index=index_views.view(section, book, dialect) if section.kind == "index" else None,
        marks=tuple(mark_views.groups(book, dialect)) if section.kind == MARKS else (),
    )


def _notes(section: Section, book: Book, dialect: Dialect) -> Iterator[NoteView]:
    for note in section.notes:
        tree = text.note(note, section, book, dialect)
        is_block = tree.tag == "div"
        yield NoteView(note.number, note.id, note.call_id, text.markup(tree), is_block)


def _entries(kind: str, book: Book, dialect: Dialect) -> Iterator[ContentsEntry]:
    if kind == "contents":
        yield from contents(book, dialect)
    elif kind in {"tables", "figures"}:
        for target in book.targets.values():
            if f"{target.kind}s" == kind:
                yield _entry(target, book, dialect, Markup.escape(target.title))


def contents(book: Book, dialect: Dialect) -> Iterator[ContentsEntry]:
    """Give the lines of the contents: sections, and their headings of the second level."""
    for section in book.sections:
        if section.kind in _UNLISTED:
            continue
        title = text.markup(text.label(section.title, section, book, dialect))
        yield _entry(book.targets[section.id], book, dialect, title)
        for heading in section.body.iter("h2", "h3", "h4", "h5"):
            target = book.targets[heading.get("id")]
            if target.level <= CONTENTS_DEPTH:
                words = text.label(heading, section, book, dialect)
                yield _entry(target, book, dialect, text.markup(words))


def _entry(target: Target, book: Book, dialect: Dialect, title: Markup) -> ContentsEntry:
    part = book.section(target.section).part
    return ContentsEntry(
        number=target.number,
        title=title,
        href=dialect.href(target),
        folio=dialect.folio(target),
        level=target.level or 1,
        part=part,
        id=target.id,
    )


def _groups(book: Book, dialect: Dialect) -> Iterator[GroupView]:
    for number, group in enumerate(book.bibliography, start=1):
        entries = tuple(
            EntryView(
                id=f"work-{entry.work.key}",
                content=text.markup(text.entry(entry, book, dialect)),
                annotation=entry.work.annotation,
                cited_in=tuple(cited_in(entry.work, book, dialect)),
            )
            for entry in group.entries
        )
        yield GroupView(group.title, f"bibliography--{number}", entries)


def families(book: Book, faces: Sequence[Face]) -> tuple[str, ...]:
    """Name the families of ``faces`` that the book's own words are set in, the main one first."""
    own = [face for face in faces if face.family == fonts.FAMILY]
    trees = [
        *(tree for section in book.sections for tree in (section.title, section.body)),
        *(note.body for section in book.sections for note in section.notes),
        *(entry.content for entry in book.cited.bibliography),
        *(removed.content for section in book.sections for removed in section.removed),
    ]
    texts = (
        etree.tostring(tree, encoding="unicode", method="text", with_tail=False) for tree in trees
    )
    lacking = fonts.missing(set().union(*texts, *register.texts(book)), own)
    helping = []
    for face in faces:
        left = fonts.missing(lacking, [face])
        if left != lacking:
            helping.append(face.family)
        lacking = left
    return (fonts.FAMILY, *dict.fromkeys(helping))
