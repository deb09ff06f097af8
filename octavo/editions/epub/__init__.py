"""The EPUB edition: Book → one .epub file (EPUB 3.3, reflowable), in memory.

What a reading system gets: one XHTML document a section, the contents (which are a page of the
book as well) with landmarks, notes that it can show beside their calls, a cover, the fonts cut down
to what the book sets, and metadata that say who made the book and how it can be read.

Fonts are WOFF2, a core media type of EPUB 3.3, and about half the size of OpenType; a reading
system so old that it cannot read them shows its own serif face, and loses nothing else.  For such
systems there is an NCX beside the navigation document, too.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from octavo import fonts, store, tools
from octavo.book import Book
from octavo.editions.epub import container, cover, documents, package
from octavo.editions.epub.package import Item
from octavo.editions.webfonts import webfonts
from octavo.fonts import Face, WebFont
from octavo.store import Store
from octavo.templating import Templates


def make(
    book: Book,
    templates: Templates,
    faces: tuple[Face, ...],
    folios: Mapping[str, str],
    kept: Store | None = None,
) -> bytes:
    """Make the EPUB; the same book gives the same bytes on every run.

    ``folios`` gives the printed pages of targets, by id, for references that name a page; it may
    be empty.  ``kept`` remembers the fonts' subsets and the cover.

    Raises what ``webfonts`` raises.
    """
    texts = tuple(documents.items(book, templates, faces, folios))
    subsets = webfonts((item.data.decode() for item in texts), faces, kept)
    items = (*texts, *_looks(subsets, templates), *_pictures(book, faces, kept))
    return container.zipped(package.files(book, templates, items))


def _looks(subsets: Sequence[WebFont], templates: Templates) -> Iterator[Item]:
    rules = {"fonts": fonts.web_rules(subsets, "fonts/")}
    css = templates.render("epub/fonts.css", rules), templates.source("epub/book.css")
    yield Item("fonts-css", "fonts.css", "text/css", css[0].encode())
    yield Item("book-css", "book.css", "text/css", css[1].encode())
    for number, font in enumerate(subsets, start=1):
        yield Item(f"font-{number}", f"fonts/{font.file_name}", "font/woff2", font.data)


def _pictures(book: Book, faces: Sequence[Face], kept: Store | None) -> Iterator[Item]:
    made_by = tools.named(("pillow",), Path(__file__).parent)
    name = store.key([made_by, repr(book.config), *(fonts.digest(face.path) for face in faces)])
    data = store.once(kept, name, lambda: cover.picture(book.config, faces))
    yield Item("cover-image", documents.COVER_IMAGE, "image/png", data, "cover-image")
    paths = documents.image_paths(book)
    for number, image in enumerate(book.images.values(), start=1):
        yield Item(f"image-{number}", paths[image.path], image.media_type, image.data)
