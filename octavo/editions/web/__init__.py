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

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from octavo import pagefind
from octavo.book import Book
from octavo.editions import charts, page_marks, text
from octavo.editions.paging import Paging
from octavo.editions.views import families
from octavo.editions.web import documents, search
from octavo.editions.web.edition import INDEX, WHOLE, Edition, names, turns
from octavo.editions.web.loaded import loaded
from octavo.editions.web.pictures import NARROW, WIDE
from octavo.fonts import Face
from octavo.markdown.tree import Element
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
    """Give every file of the web edition: path below its folder → contents.

    ``paging`` tells where the printed pages begin; it may know of none.  The half-title, the title
    page and the contents make up ``index.html``; each other section is a document of its own,
    named as its file is in the manuscript.  ``kept`` remembers the fonts' subsets.

    Raises ``ValueError`` if ``faces`` lacks a style.
    """
    wide, narrow = (charts.pictures(book, s, faces, templates) for s in (WIDE, NARROW))
    edition = Edition(book, names(book), paging, families(book, faces), wide, narrow)
    sections = [section for section in book.sections if edition.names[section.id] != INDEX]
    around = list(turns(sections, edition))
    rendered = {INDEX: templates.render("web/index.html", documents.index(edition, around[0]))}
    for section, turn in zip(sections, around[1:], strict=True):
        views = documents.section(section, edition, turn)
        rendered[edition.names[section.id]] = templates.render("web/section.html", views)
    rendered[WHOLE] = templates.render("web/book.html", documents.whole(edition))
    marked = {name: page_marks.mark(document, paging) for name, document in rendered.items()}
    written = {name: _polyglot(document.root) for name, document in marked.items()}
    homes = {folio: name for name, one in marked.items() if name != WHOLE for folio in one.folios}
    trees = {name: document.root for name, document in marked.items()}
    texts = search.texts(written, trees, edition, templates, kept)
    with ThreadPoolExecutor(1) as aside:
        searched = aside.submit(pagefind.index, texts, kept)
        scripts = {"homes": homes, **search.script_views(texts)}
        others = loaded(written.values(), edition, templates, faces, scripts, kept)
    files = {
        **{name: document.encode() for name, document in written.items()},
        **others,
        **{f"{search.FOLDER}{name}": data for name, data in searched.result().items()},
    }
    return Web(files, page_marks.lost(paging, homes))


def _polyglot(root: Element) -> str:
    """Write a document so that it is HTML and XML at once."""
    return f"<!DOCTYPE html>\n{text.written(root)}\n"
