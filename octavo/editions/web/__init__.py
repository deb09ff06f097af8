"""Book → web edition: a document a section, the whole book in one document, and what they load.

Every document is valid HTML and well-formed XML at once ("polyglot"), asks nothing of another
host, and holds no style or script of its own, so that a strict Content Security Policy
(``default-src 'self'``) does not harm it.  Roles are those of DPUB-ARIA 1.1 that "ARIA in HTML"
allows on their elements: a chapter is ``<section role="doc-chapter">`` (``<article>`` may not have
that role), a note's number is the link back to its call.

Notes stand once, in the list at their section's end, and pop up beside their calls from there, so
that nothing is read out twice:

- A call is a link to its note's list item, ``ID.called``.  Where that is all that a browser
  understands, the link leads to the list, and the note's number back to the call.
- With CSS alone, the item that was called (``:target``) leaves the list, and the note's text in it
  stands beside the call, by anchor positioning (CSS Anchor Positioning 1): in the margin on wide
  screens, below the line on narrow ones.  The item itself is an empty box fixed to the window, so
  that the page does not scroll.  Browsers without anchors show the note at the window's foot.
- With JavaScript the same text becomes a popover (HTML §6.12): no step in the history, closed by
  Esc or a click elsewhere, the focus back on the call.

Links from elsewhere, as from the bibliography, lead to the note's text by its own id, which calls
do not use: the reader arrives in the list, at that note.  ``<button popovertarget>`` would need no
script either, but a button leads nowhere in older browsers and on paper, may not have the role
``doc-noteref``, and lets a line break before the note's number.  Calls and notes are paired, as
anchors, by the note's number in its section, by rules in the stylesheet: names of anchors could
not be given in the documents without inline styles.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from octavo.book import Book, Image, Section
from octavo.editions import charts, page_marks, text
from octavo.editions.drafting import Document, Draft, Folios, ahead
from octavo.editions.paging import Paging
from octavo.editions.shelves import Shelf, Shelves
from octavo.editions.views import families
from octavo.editions.web import documents, search
from octavo.editions.web.citing import Citing
from octavo.editions.web.documents import Turn
from octavo.editions.web.edition import INDEX, WHOLE, Edition, names, turns
from octavo.editions.web.loaded import loaded, with_fonts
from octavo.editions.web.offline import WORKER, worker
from octavo.editions.web.pictures import NARROW, WIDE
from octavo.editions.webfonts import webfonts
from octavo.fonts import Face, WebFont
from octavo.markdown.tree import Element
from octavo.pagefind import Indexing, Text
from octavo.store import Store
from octavo.templating import Templates


@dataclass(frozen=True)
class Web:
    """The files of the web edition, by path, and the folios of the pages that are not marked."""

    files: Mapping[str, bytes]
    lost: tuple[str, ...]


def make(
    book: Book,
    templates: Templates,
    faces: tuple[Face, ...],
    paging: Paging,
    kept: Store | None = None,
) -> Web:
    """Make the web edition in one go; see ``Making.finish``."""
    making = Making(book, templates, faces, kept, has_pages=bool(paging.starts))
    return making.finish(paging)


class Making:
    """The web edition in the making."""

    def __init__(
        self,
        book: Book,
        templates: Templates,
        faces: tuple[Face, ...],
        kept: Store | None,
        shelves: Shelves | None = None,
        *,
        has_pages: bool,
        tells_lines: bool = False,
    ) -> None:
        """Lay out the plan: which documents there are, and what each is made of.

        The half-title, the title page and the contents make up ``index.html``; each other section
        is a document of its own, named as its file is in the manuscript.  ``has_pages``: there is
        a print edition whose pages are known, or will be.  ``kept`` remembers the citations, and
        the fonts' subsets, ``shelves`` the documents.  ``tells_lines``: see ``Edition``.
        """
        self._templates, self._faces = templates, faces
        self._kept, self._shelves = kept, shelves
        wide, narrow = (charts.pictures(book, style, faces, templates) for style in (WIDE, NARROW))
        own = families(book, faces)
        self._edition = Edition(book, names(book), has_pages, own, wide, narrow, tells_lines)
        self._citing = Citing(self._edition, templates, kept)
        self._drafts = dict(self._planned())
        self._searched: tuple[Mapping[str, str], Sequence[Text]] | None = None
        self._indexing: Indexing | None = None

    def _planned(self) -> Iterator[tuple[str, Draft[str]]]:
        edition = self._edition
        homes, own = edition.names, edition.book.sections
        sections = [section for section in own if homes[section.id] != INDEX]
        first, *others = turns(sections, edition)
        front = {section.id for section in own if homes[section.id] == INDEX}
        yield INDEX, self._draft("web/index.html", INDEX, documents.index, front, first)
        for section, turn in zip(sections, others, strict=True):
            name, views = homes[section.id], partial(documents.section, section)
            place = partial(self._place, section, turn)
            yield name, self._draft("web/section.html", name, views, {section.id}, turn, place)
        whole, turn = partial(documents.whole, self._place_in_whole), (None, None)
        yield WHOLE, self._draft("web/book.html", WHOLE, whole, edition.in_whole, turn)

    def _place(self, section: Section, turn: Turn) -> Shelf | None:
        """Give the place of a section's document, which takes more of the book than its text."""
        if self._shelves is None:
            return None
        edition = self._edition
        around = documents.around(section, edition, turn)
        cited = self._citing.given(edition.names[section.id])
        more = (around, edition.tells_lines, self._drawn(section), cited)
        return self._shelves.place(section, ("web", *more))

    def _place_in_whole(self, section: Section) -> Shelf | None:
        """Give the place of what a section is in the document of the whole book."""
        if self._shelves is None:
            return None
        edition = self._edition
        leads = (tuple(edition.names.items()), sorted(edition.in_whole), edition.has_pages)
        more = (leads, edition.tells_lines, self._drawn(section))
        return self._shelves.place(section, ("web, whole", *more))

    def _drawn(self, section: Section) -> list[tuple[Image, Image]]:
        edition = self._edition
        return [(edition.wide[chart], edition.narrow[chart]) for chart in section.charts]

    def _draft(
        self,
        template: str,
        name: str,
        views: documents.Views,
        sections: Collection[str],
        turn: Turn,
        place: Callable[[], Shelf | None] = lambda: None,
    ) -> Draft[str]:
        def render(folios: Folios) -> str:
            return self._templates.render(template, views(self._edition, turn, folios))

        def write(root: Element) -> str:
            self._citing.enter(root, name)
            return _polyglot(root)

        return Draft(render, sections, write, place)

    def ahead(self, paging: Paging) -> Iterator[None]:
        """Make the documents for pages that are likely, one a step, and begin with their index."""
        yield from ahead(self._drafts.values(), paging)
        self.begin_index(paging)

    def begin_index(self, paging: Paging) -> None:
        """Begin with the index of the search, which another process makes."""
        self._index(self._texts(paging))

    def _texts(self, paging: Paging) -> Sequence[Text]:
        """Give what is searched; of the same documents it is what it was before."""
        written = {name: draft.made(paging).written for name, draft in self._drafts.items()}
        if self._searched is None or self._searched[0] != written:
            texts = search.texts(written, self._edition, self._templates, self._kept)
            self._searched = written, texts
        return self._searched[1]

    def _index(self, texts: Sequence[Text]) -> Indexing:
        """Begin to index texts, unless that has been begun."""
        if self._indexing is None or self._indexing.texts != tuple(texts):
            if self._indexing is not None:
                self._indexing.drop()
            self._indexing = Indexing(texts, self._kept)
        return self._indexing

    @property
    def names(self) -> Mapping[str, str]:
        """Give the names of the sections' documents, by the sections' ids."""
        return self._edition.names

    def document(self, name: str, paging: Paging) -> Document[str] | None:
        """Give one of the documents, or None where there is none of that name."""
        draft = self._drafts.get(name)
        return None if draft is None else draft.made(paging)

    def fonts(self, paging: Paging) -> tuple[WebFont, ...]:
        """Give the fonts that all documents need together: what the whole book has, parts have."""
        parts = (draft for name, draft in self._drafts.items() if name != WHOLE)
        written = (draft.made(paging).written for draft in parts)
        return webfonts(written, self._faces, self._kept)

    def loaded(self, fonts: Sequence[WebFont], paging: Paging) -> dict[str, bytes]:
        """Give what documents load, as ``finish`` does, but for the search: that has no index."""
        known = self.names
        homes = {start.folio: known[start.section] for start in paging.starts
                 if start.section in known}  # fmt: skip
        scripts = {"homes": homes, **search.script_views(())}
        return loaded(self._edition, self._templates, fonts, scripts)

    def finish(self, paging: Paging) -> Web:
        """Give every file: path below the edition's folder → contents.

        ``paging`` tells where the printed pages begin; it may know of none.  Raises ``ValueError``
        if the faces lack a style, ``BookError`` if Pagefind fails.
        """
        made = {name: draft.made(paging) for name, draft in self._drafts.items()}
        homes = {folio: name for name, one in made.items() if name != WHOLE for folio in one.folios}
        written = {name: document.written for name, document in made.items()}
        edition, templates, faces = self._edition, self._templates, self._faces
        texts = self._texts(paging)
        searched = self._index(texts)
        for name, views in documents.renamed(edition):
            written.setdefault(name, templates.render("web/moved.html", views))
        scripts = {"homes": homes, **search.script_views(texts)}
        fonts = webfonts(written.values(), faces, self._kept)
        others = loaded(edition, templates, fonts, scripts)
        files = {
            **{
                name: with_fonts(document, fonts, templates).encode()
                for name, document in written.items()
            },
            **self._citing.files({name: one.folios for name, one in made.items()}),
            **others,
            **{f"{search.FOLDER}{name}": data for name, data in searched.files().items()},
        }
        config = edition.book.config
        if config.web.base_url:
            addresses = [config.web.address(name) for name in made if name != WHOLE]
            sitemap = {"config": config, "addresses": addresses}
            files["sitemap.xml"] = templates.render("web/sitemap.xml", sitemap).encode()
        files[WORKER] = worker(files, self._templates)
        return Web(files, page_marks.lost(paging, homes))


def _polyglot(root: Element) -> str:
    """Write a document so that it is HTML and XML at once."""
    return f"<!DOCTYPE html>\n{text.written(root)}\n"
