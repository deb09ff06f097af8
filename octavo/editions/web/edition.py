"""What all documents of the web edition draw on: their names, how they lead to each other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lxml import etree
from markupsafe import Markup

from octavo.book import Book, Image, Note, Section, Target
from octavo.charts.model import Chart
from octavo.editions import page_marks, text
from octavo.editions.text import Dialect
from octavo.editions.views import contents
from octavo.editions.web.pictures import image_address
from octavo.markdown.tree import Element
from octavo.templating import ContentsEntry

INDEX = "index.html"
"""The document with the title page and the contents."""

WHOLE = "book.html"
"""The document with the whole book."""

APART = ("names", "index")
"""The kinds of the sections that the document of the whole book leaves to their own documents: long
lists that lead elsewhere, for which a browser's search within the document does as well."""

OPENING = ("half-title", "title", "contents")
"""The kinds of the sections that the index is made of."""


_LINES = ("data-line", "data-path")
"""The attributes that say where a block stands in the manuscript."""


@dataclass(frozen=True)
class Link:
    """Where a document leads to, and the words that say so."""

    href: str
    title: Markup


@dataclass(frozen=True)
class Edition:
    """What all documents draw on; ``names`` maps a section's id to the name of its document.

    ``wide`` and ``narrow`` are the pictures of the charts; ``has_pages`` tells whether there is a
    print edition whose pages are known, or will be.  ``tells_lines``: each block bears the line of
    the manuscript on which it begins, ``data-line``, and ``data-path`` if that is another file's
    than the section's.
    """

    book: Book
    names: Mapping[str, str]
    has_pages: bool
    families: tuple[str, ...]
    wide: Mapping[Chart, Image]
    narrow: Mapping[Chart, Image]
    tells_lines: bool = False

    @property
    def scripts(self) -> tuple[str, ...]:
        """Give the names of what the script that serves the reader is made of, in order."""
        pages = ("pages.js",) if self.has_pages else ()
        reading = ("moved.js", "cite.js", "place.js", "enlarge.js", "offline.js", "keys.js")
        return ("contents.js", "notes.js", *pages, "search.js", *reading)

    @property
    def marks(self) -> Link | None:
        """Give the link to the list of marks that a proof has."""
        home = self.book.list_of_marks
        return None if home is None else Link(self.names[home.id], Markup.escape(home.title_text))

    @cached_property
    def in_whole(self) -> frozenset[str]:
        """Give the ids of the sections in the document of the whole book."""
        return frozenset(one.id for one in self.book.sections if one.kind not in APART)

    @cached_property
    def lines(self) -> tuple[ContentsEntry, ...]:
        """Give the lines of the contents, as the index prints them, but without folios."""
        return tuple(contents(self.book, self.dialect(INDEX, _no_folio)))

    def beside(self, name: str, section: str) -> tuple[ContentsEntry, ...]:
        """Give the lines that stand beside a document: the sections, and ``section``'s headings."""
        dialect, targets = self.dialect(name, _no_folio), self.book.targets
        return tuple(
            replace(line, href=dialect.href(targets[line.id]))
            for line in self.lines
            if line.level == 1 or targets[line.id].section == section
        )

    def dialect(self, name: str, folio: Callable[[Target], str]) -> Dialect:
        """Give the dialect of the document ``name``."""

        def href(target: Target) -> str:
            home = self.names[target.section]
            if name == home or (name == WHOLE and target.section in self.in_whole):
                return f"#{target.id}"
            is_document = target.id == target.section and home != INDEX
            return home if is_document else f"{home}#{target.id}"

        return Dialect(
            href=href,
            note_call=_note_call,
            image=image_address,
            folio=folio,
            keeps=frozenset({page_marks.BLOCK, *(_LINES if self.tells_lines else ())}),
            leads_to_names=True,
            is_led_to=name != WHOLE,
            chart=lambda chart: image_address(self.wide[chart]),
            comments_lead_to="text",
        )


def names(book: Book) -> dict[str, str]:
    """Name the document of each section, by the section's id.

    A section named like one of ours, ``index`` or ``book``, gets an underline behind its name,
    which no section's name has.
    """
    return {
        section.id: INDEX if section.kind in OPENING else file_name(section.name)
        for section in book.sections
    }


def file_name(name: str) -> str:
    """Give the name of the document of a section that is called ``name``."""
    return f"{name}_.html" if f"{name}.html" in {INDEX, WHOLE} else f"{name}.html"


def turns(
    sections: Sequence[Section], edition: Edition
) -> Iterator[tuple[Link | None, Link | None]]:
    """Give what comes before and after each document, the index first."""
    links = [Link(INDEX, Markup.escape(edition.book.config.running_title))]
    for section in sections:
        name = edition.names[section.id]
        title = text.label(section.title, section, edition.book, edition.dialect(name, _no_folio))
        links.append(Link(name, text.markup(title)))
    yield from zip([None, *links], [*links[1:], None], strict=False)


def _no_folio(target: Target) -> str:
    """Give nothing: what is written is no place for folios."""
    return ""


def _note_call(note: Note) -> tuple[Element, ...]:
    attributes = {
        "class": "note-call",
        "id": note.call_id,
        "href": f"#{note.id}.called",
        "role": "doc-noteref",
    }
    call = etree.Element("a", attributes)
    call.text = str(note.number)
    return (call,)
