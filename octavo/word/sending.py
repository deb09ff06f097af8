"""A book's sections → DOCX files, with the texts of their files inside them."""

import io
import re
import uuid
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PIL import Image as PillowImage

from octavo import compose, criticmarkup, fonts, manuscript, output, store
from octavo.book import Book, Image, Section
from octavo.build import font_folder
from octavo.compose import Draft
from octavo.editions import charts
from octavo.editions.epub import CHARTS, raster
from octavo.fonts import Face
from octavo.manuscript import SETTINGS
from octavo.outcome import CACHE
from octavo.problems import BookError, Problem, Span, nearest
from octavo.store import Store
from octavo.templating import Templates
from octavo.word import enclosed, languages, ooxml, outline, reading
from octavo.word.outline import Sources
from octavo.word.package import DocxError, packed, unpacked
from octavo.word.returning import returned
from octavo.word.shown import shown
from octavo.word.writing import Chapter, Written, write

_SVG = "image/svg+xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"


@dataclass(frozen=True)
class Sent:
    """The files that were written, and the warnings that the book came with."""

    written: tuple[Path, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Relation:
    id: str
    type: str
    target: str
    external: bool = False


@dataclass(frozen=True)
class _File:
    path: str
    chapter: bool
    contents: str


@dataclass(frozen=True)
class _List:
    id: int
    level: int
    start: int


def export(
    root: Path, folder: Path, names: Sequence[str], *, whole: bool, replaces: bool = False
) -> Sent:
    """Export sections of the book in ``root``: those with these ``names``, or all that have text.

    Raises ``BookError`` when the book has errors, or has no such section, or when a file that would
    be written over has changes of somebody's, unless it ``replaces`` them.
    """
    kept = Store(root / CACHE / "store")
    draft = compose.draft(manuscript.load(root, kept=kept), kept)
    composed = compose.finish(draft, kept)
    having = {section.name: section for section in sections_with_text(draft, composed.book)}
    unknown = [
        Problem("section-has-text", f'no section with text is called "{name}"', Span(SETTINGS),
                nearest(name, having) or f"those with text: {', '.join(having)}")
        for name in names if name not in having
    ]  # fmt: skip
    if unknown:
        raise BookError(unknown)
    wanted = [section for name, section in having.items() if not names or name in names]
    faces = fonts.faces(font_folder())
    sender = Sender(draft, composed.book, faces, Templates(root, kept), kept)
    if whole:
        files = {folder / f"{composed.book.config.slug}.docx": sender.send(wanted)}
    else:
        files = {folder / f"{one.name}.docx": sender.send([one]) for one in wanted}
    worked_on = [path for path, data in files.items() if not replaces and _is_worked_on(path, data)]
    if worked_on:
        hint = "import it first, or write over it: --replace"
        message = "this file has changes of somebody's"
        raise BookError(
            Problem("file-is-kept", message, Span(_below(path, root)), hint) for path in worked_on
        )
    output.replace_all(files)
    return Sent(tuple(files), composed.problems)


def _is_worked_on(path: Path, data: bytes) -> bool:
    """Tell whether a file that is there has been changed since it was exported."""
    try:
        there = path.read_bytes()
        package = unpacked(there)
        sources = enclosed.sources(package)
        if there == data or sources is None:
            return there != data
        came = returned(sources, reading.read(package))
    except FileNotFoundError:
        return False
    except DocxError:
        return True
    return bool(came.marks or came.uncarried)


def _below(path: Path, root: Path) -> Path:
    return path.relative_to(root) if path.is_relative_to(root) else path


def sections_with_text(draft: Draft, book: Book) -> tuple[Section, ...]:
    """Give the sections that have a file with text."""
    pairs = zip(draft.manuscript.sources, book.sections, strict=True)
    return tuple(section for source, section in pairs if source.body.strip())


class Sender:
    """Makes DOCX files of a composed book, whose pictures are drawn once."""

    def __init__(
        self, draft: Draft, book: Book, faces: Sequence[Face], templates: Templates, kept: Store
    ) -> None:
        """Draw the charts; ``kept`` remembers pictures that have been drawn before."""
        self.draft, self.book, self.templates = draft, book, templates
        self._faces, self._kept = faces, kept
        self._charts = charts.pictures(book, CHARTS, faces, templates)
        self._drawn: dict[str, Image] = {}

    def send(self, sections: Sequence[Section]) -> bytes:
        """Make one DOCX of some sections; the same book gives the same bytes."""
        config = self.book.config
        sources = self._sources(sections)
        paths = list(sources.texts)
        chapters = []
        for section in sections:
            path = section.span.path.as_posix()
            chapters.append(
                Chapter(
                    outline=outline.outline(sources, path),
                    index=paths.index(path),
                    id=section.id,
                    number=section.number,
                    shown=shown(self.draft, self.book, section, self._charts),
                    places={one: self._places(one) for one in paths},
                )
            )
        written = write(chapters, config.language, sources.cites)
        title = sections[0].title_text if len(sections) == 1 else config.title
        return packed(self._parts(written, sources, title))

    def _places(self, path: str) -> Callable[[int], tuple[int, int]]:
        """Give what tells line and column in a file, whose marks are settled in what is sent."""
        text = _read(self.draft.manuscript.root / path)
        origin = criticmarkup.settled(text, accept=True).origin
        starts = [0, *(found.end() for found in re.finditer("\n", text))]

        def place(offset: int) -> tuple[int, int]:
            written = origin(offset)
            line = bisect_right(starts, written)
            return line, written - starts[line - 1] + 1

        return place

    def _sources(self, sections: Sequence[Section]) -> Sources:
        root = self.draft.manuscript.root
        chapters = tuple(section.span.path.as_posix() for section in sections)
        texts = {path: sent(root / path) for path in chapters}
        cites = self.book.cited.style.kind
        sources = Sources(self.book.config.language, cites, chapters, texts)
        data = {
            f"content/{para.leaf.target}"
            for path in chapters
            for para in outline.outline(sources, path).paras
            if para.leaf.target.endswith(".csv") and para.leaf.role == "caption"
            and "table" in para.leaf.attributes.get("class", "").split()
        }  # fmt: skip
        more = {path: sent(root / path) for path in sorted(data)}
        return Sources(sources.language, cites, chapters, {**texts, **more})

    def _parts(self, written: Written, sources: Sources, title: str) -> dict[str, bytes]:
        config = self.book.config
        words = {
            "title": title,
            "creator": "; ".join(one.name for one in config.contributors),
            "date": config.date.isoformat(),
            "language": languages.of_document(config.language),
            "lists": [_List(*one) for one in written.lists],
        }
        files = [
            _File(path, path in sources.chapters, enclosed.encoded(text))
            for path, text in sources.texts.items()
        ]
        manuscript = self._render(
            "manuscript", {"language": config.language, "cites": sources.cites, "files": files}
        )
        number = str(uuid.uuid5(uuid.NAMESPACE_URL, manuscript.decode())).upper()
        pictures = {
            f"word/media/image{number}.{_extension(image)}": image.data
            for number, image in enumerate(map(self._drawable, written.pictures), start=1)
        }
        return {
            "[Content_Types].xml": self._render("content-types", {}),
            "_rels/.rels": self._relations(_PACKAGE),
            "docProps/core.xml": self._render("core", words),
            "docProps/app.xml": self._render("app", {}),
            "word/document.xml": ooxml.written(written.document),
            "word/footnotes.xml": ooxml.written(written.footnotes),
            "word/styles.xml": self._render("styles", words),
            "word/numbering.xml": self._render("numbering", words),
            "word/settings.xml": self._render("settings", words),
            "word/footer1.xml": self._render("footer", words),
            "word/_rels/document.xml.rels": self._relations([*_DOCUMENT, *_media(pictures),
                                                             *_links(written.links)]),
            "word/_rels/footnotes.xml.rels": self._relations(_links(written.links)),
            "customXml/item1.xml": manuscript,
            "customXml/itemProps1.xml": self._render("item-props", {"id": number}),
            "customXml/_rels/item1.xml.rels": self._relations(_ITEM),
            **pictures,
        }  # fmt: skip

    def _relations(self, relations: Sequence[_Relation]) -> bytes:
        return self._render("relations", {"relations": relations})

    def _render(self, name: str, views: Mapping[str, object]) -> bytes:
        return self.templates.render(f"word/{name}.xml", views).encode()

    def _drawable(self, image: Image) -> Image:
        """Give a picture as a bitmap, which every version of Word shows."""
        if image.media_type in {"image/png", "image/jpeg"}:
            return image
        size = image.width, image.height
        if image.media_type != _SVG:
            out = io.BytesIO()
            with PillowImage.open(io.BytesIO(image.data)) as opened:
                opened.convert("RGBA").save(out, "PNG", optimize=True)
            return Image(image.path, out.getvalue(), "image/png", *size)
        key = store.key(["word", raster.__name__, image.data, repr(size)])
        data = store.once(self._kept, key, partial(raster.png, image.data, size, self._faces))
        return Image(image.path, data, "image/png", image.width, image.height)


_PACKAGE = (
    _Relation("rId1", f"{_OFFICE}/officeDocument", "word/document.xml"),
    _Relation("rId2", _CORE, "docProps/core.xml"),
    _Relation("rId3", f"{_OFFICE}/extended-properties", "docProps/app.xml"),
)
_DOCUMENT = (
    _Relation("rId1", f"{_OFFICE}/styles", "styles.xml"),
    _Relation("rId2", f"{_OFFICE}/numbering", "numbering.xml"),
    _Relation("rId3", f"{_OFFICE}/settings", "settings.xml"),
    _Relation("rId4", f"{_OFFICE}/footnotes", "footnotes.xml"),
    _Relation("rId5", f"{_OFFICE}/customXml", "../customXml/item1.xml"),
    _Relation("rIdFooter", f"{_OFFICE}/footer", "footer1.xml"),
)
_ITEM = (_Relation("rId1", f"{_OFFICE}/customXmlProps", "itemProps1.xml"),)


def _media(pictures: Mapping[str, bytes]) -> list[_Relation]:
    return [
        _Relation(f"rIdPicture{number}", f"{_OFFICE}/image", name.removeprefix("word/"))
        for number, name in enumerate(pictures, start=1)
    ]


def _links(addresses: Sequence[str]) -> list[_Relation]:
    return [
        _Relation(f"rIdLink{number}", f"{_OFFICE}/hyperlink", address, external=True)
        for number, address in enumerate(addresses, start=1)
    ]


def _extension(image: Image) -> str:
    return "jpeg" if image.media_type == "image/jpeg" else "png"


def sent(path: Path) -> str:
    """Give a file's text as it is sent: with the marks of editing in it accepted."""
    return criticmarkup.settled(_read(path), accept=True).text


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
