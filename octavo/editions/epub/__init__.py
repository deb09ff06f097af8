"""The EPUB edition: Book → one .epub file (EPUB 3.3, reflowable), in memory.

What a reading system gets: one XHTML document a section, the contents (which are a page of the
book as well) with landmarks, notes that it can show beside their calls, a cover, the fonts cut down
to what the book sets, and metadata that say who made the book and how it can be read.

Fonts are WOFF2, a core media type of EPUB 3.3, and about half the size of OpenType; a reading
system so old that it cannot read them shows its own serif face, and loses nothing else.  For such
systems there is an NCX beside the navigation document, too, and a PNG beside each picture in SVG.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from octavo import fonts, store, tools
from octavo.book import Book, Image
from octavo.charts.drawing import Frame
from octavo.editions import page_marks
from octavo.editions.charts import Style, pictures
from octavo.editions.drafting import ahead
from octavo.editions.epub import container, cover, documents, package, raster
from octavo.editions.epub.package import Item
from octavo.editions.paging import Paging
from octavo.editions.shelves import Shelves
from octavo.editions.webfonts import webfonts
from octavo.fonts import Face, WebFont
from octavo.store import Store
from octavo.templating import Templates

_SVG = "image/svg+xml"

CHARTS = Style(Frame(400, 16), "px", ground=0.5)
"""How charts are drawn: for screens of any width, on white, so that they can be read at night."""


@dataclass(frozen=True)
class Epub:
    """The file, and the folios of the printed pages that are not marked in it."""

    data: bytes
    lost: tuple[str, ...]


def make(
    book: Book,
    templates: Templates,
    faces: tuple[Face, ...],
    paging: Paging,
    kept: Store | None = None,
) -> Epub:
    """Make the EPUB in one go; see ``Making.finish``."""
    return Making(book, templates, faces, kept).finish(paging)


class Making:
    """The EPUB in the making."""

    def __init__(
        self,
        book: Book,
        templates: Templates,
        faces: tuple[Face, ...],
        kept: Store | None,
        shelves: Shelves | None = None,
    ) -> None:
        """Lay out the plan: which documents there are, and what each is made of.

        ``kept`` remembers the fonts' subsets and the pictures made, ``shelves`` the documents.
        """
        self._book, self._templates, self._faces, self._kept = book, templates, faces, kept
        self._texts = documents.Texts(book, templates, faces, shelves)

    def ahead(self, paging: Paging) -> Iterator[None]:
        """Make the documents for pages that are likely, one a step."""
        return ahead(self._texts.drafts.values(), paging)

    def finish(self, paging: Paging) -> Epub:
        """Give the EPUB; the same book gives the same bytes on every run.

        ``paging`` tells where the printed pages begin; it may know of none.  Raises what
        ``webfonts`` raises.
        """
        book, templates, faces, kept = self._book, self._templates, self._faces, self._kept
        texts, folios = self._texts.finish(paging)
        subsets = webfonts((item.data.decode() for item in texts), faces, kept)
        items = (*texts, *_looks(subsets, templates), *_pictures(book, faces, templates, kept))
        data = container.zipped(package.files(book, templates, items, has_pages=bool(folios)))
        return Epub(data, page_marks.lost(paging, folios))


def _looks(subsets: Sequence[WebFont], templates: Templates) -> Iterator[Item]:
    rules = {"fonts": fonts.web_rules(subsets, "fonts/")}
    css = templates.render("epub/fonts.css", rules), templates.source("epub/book.css")
    yield Item("fonts-css", "fonts.css", "text/css", css[0].encode())
    yield Item("book-css", "book.css", "text/css", css[1].encode())
    for number, font in enumerate(subsets, start=1):
        yield Item(f"font-{number}", f"fonts/{font.file_name}", "font/woff2", font.data)


def _pictures(
    book: Book, faces: Sequence[Face], templates: Templates, kept: Store | None
) -> Iterator[Item]:
    made_by = tools.named(("pillow", "resvg_py"), Path(__file__).parent)
    types = [made_by, *(fonts.digest(face.path) for face in faces)]
    if book.cover is None:
        name = store.key([*types, repr(book.config)])
        picture = store.once(kept, name, lambda: cover.picture(book.config, faces))
        kind = "image/png"
    else:
        picture, kind = book.cover.data, book.cover.media_type
    yield Item("cover-image", documents.cover_path(book), kind, picture, "cover-image")
    for name, path, image in _shown(book, faces, templates):
        yield Item(name, path, image.media_type, image.data)
        if image.media_type == _SVG:
            key = store.key([*types, image.data])
            size = image.width, image.height
            data = store.once(kept, key, partial(raster.png, image.data, size, faces))
            yield Item(f"{name}-png", documents.fallback_path(path), "image/png", data)


def _shown(
    book: Book, faces: Sequence[Face], templates: Templates
) -> Iterator[tuple[str, str, Image]]:
    """Give the pictures and charts of the book: the id of each, its path, itself."""
    paths = documents.image_paths(book)
    for number, image in enumerate(book.images.values(), start=1):
        yield f"image-{number}", paths[image.path], image
    charts = pictures(book, CHARTS, faces, templates)
    for number, (chart, path) in enumerate(documents.chart_paths(book).items(), start=1):
        yield f"chart-{number}", path, charts[chart]
