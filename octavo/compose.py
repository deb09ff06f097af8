"""Manuscript → Book: calls the rooms in their order and gathers what they report."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

from octavo import bibliography, citations, markdown, numbering
from octavo.book import BibliographyGroup, Book, Image, Section, Target
from octavo.citations import CitedBook
from octavo.config import BibliographySection
from octavo.manuscript import Manuscript, Source
from octavo.markdown.tree import Section as Text
from octavo.problems import BookError, Problem, Span, errors, in_order
from octavo.wording import Wording, wording

SETTINGS = Path("content") / "book.toml"


@dataclass(frozen=True)
class Composed:
    """The book, and the warnings that it came with."""

    book: Book
    problems: tuple[Problem, ...]


def compose(manuscript: Manuscript) -> Composed:
    """Compose the book.

    Raises ``BookError`` with all problems when one of them is an error.
    """
    config, root = manuscript.config, manuscript.root
    problems = list(manuscript.problems)

    def read_file(path: str) -> bytes:
        return (root / "content" / path).read_bytes()

    sources = manuscript.sources
    texts = [markdown.parse(source, config.language, read_file) for source in sources]
    for text in texts:
        problems += text.problems
    images, found = _images(root, texts, sources)
    problems += found
    works = bibliography.load(root, config.citations.files)
    style, found = citations.find_style(config.citations.style, root, SETTINGS)
    problems += [*works.problems, *found, *citations.check(texts, works)]
    words = wording(config.language)
    titles = [_title(source, text, words) for source, text in zip(sources, texts, strict=True)]
    catalogue = numbering.catalogue(sources, texts, titles)
    problems += catalogue.problems
    labels = {f"fn-{note.label}": note for text in texts for note in text.notes if note.label}
    if style is None or errors(problems):
        known = dict.fromkeys(labels, next(iter(catalogue.targets.values()), None))
        targets = {**catalogue.targets, **{k: v for k, v in known.items() if v}}
        problems += numbering.check_references(sources, texts, targets)
        raise BookError(problems)
    cited = citations.format_all(
        texts,
        works,
        style,
        config.citations.language or config.language,
        SETTINGS,
        restart=config.citations.restart == "chapter",
    )
    problems += cited.problems
    if errors(problems):
        raise BookError(problems)
    targets = dict(catalogue.targets)
    sections: list[Section] = []
    for source, text, title, formatted in zip(sources, texts, titles, cited.citations, strict=True):
        notes, by_call = numbering.notes(source, text, formatted, style)
        for target in numbering.note_targets(source, notes):
            first = targets.setdefault(target.id, target)
            if first is not target:
                message = f'the id "{target.id}" stands for two things'
                hint = f"first at {first.span}"
                problems.append(Problem("target-id-is-unique", message, target.span, hint))
        sections.append(
            Section(
                id=source.id,
                name=source.name,
                part=source.part,
                kind=source.name if source.generated else "text",
                number=catalogue.numbers[source.id],
                title=text.title if source.header.title else _plain(title),
                title_text=title,
                short_title=source.header.short_title or title,
                author=source.header.author,
                body=text.body,
                notes=notes,
                note_of_call=by_call,
                citations=formatted,
                span=Span(source.path, source.first_line),
            )
        )
    problems += numbering.check_references(sources, texts, targets)
    if errors(problems):
        raise BookError(problems)
    groups = _groups(cited, config.citations.sections)
    targets.update(_work_targets(sections, groups))
    book = Book(config, tuple(sections), targets, cited, groups, images)
    return Composed(book, in_order(problems))


def _work_targets(
    sections: Sequence[Section], groups: Sequence[BibliographyGroup]
) -> dict[str, Target]:
    """Give the targets that the entries of the bibliography are, if the book prints one."""
    home = next((section for section in sections if section.kind == "bibliography"), None)
    if home is None:
        return {}
    works = [entry.work for group in groups for entry in group.entries]
    return {
        f"work-{work.key}": Target(f"work-{work.key}", "work", "", "", home.id, 0, work.span)
        for work in works
    }


def _title(source: Source, text: Text, words: Wording) -> str:
    written = " ".join("".join(text.title.itertext()).split())
    if written:
        return written
    made = {
        "contents": words.contents,
        "tables": words.tables,
        "figures": words.figures,
        "bibliography": words.bibliography,
        "copyright": words.copyright,
        "colophon": words.colophon,
        "half-title": words.half_title,
        "title": words.title_page,
    }
    return made.get(source.name, source.name)


def _plain(title: str) -> etree._Element:
    element = etree.Element("span")
    element.text = title
    return element


def _images(
    root: Path, texts: Sequence[Text], sources: Sequence[Source]
) -> tuple[dict[str, Image], list[Problem]]:
    images: dict[str, Image] = {}
    problems: list[Problem] = []
    for source, text in zip(sources, texts, strict=True):
        for element in text.body.iter("img"):
            path = element.get("src")
            line = element.getparent().get("data-line")
            span = Span(source.path, int(line or 0))
            try:
                images[path] = _image(path, (root / "content" / path).read_bytes())
            except OSError as error:
                message = f"the image {path} cannot be read: {_reason(error)}"
                problems.append(Problem("image-is-readable", message, span))
            except ValueError as error:
                message = f"the image {path} cannot be read: {error}"
                problems.append(Problem("image-is-readable", message, span))
    return images, problems


def _reason(error: OSError) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "it is of no known format"
    return (error.strerror or str(error)).lower()


def _image(path: str, data: bytes) -> Image:
    if path.endswith(".svg"):
        width, height = _svg_size(data)
        return Image(path, data, "image/svg+xml", width, height)
    with PillowImage.open(io.BytesIO(data)) as picture:
        picture.load()
        kind = PillowImage.MIME.get(picture.format or "", "")
        if kind not in {"image/png", "image/jpeg", "image/webp", "image/gif"}:
            raise ValueError(f"{picture.format} is no format of the web")
        return Image(path, data, kind, *picture.size)


def _svg_size(data: bytes) -> tuple[float, float]:
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"it is no SVG: {error.msg}") from None
    box = (root.get("viewBox") or "").replace(",", " ").split()
    if len(box) == 4:  # noqa: PLR2004 - min-x, min-y, width, height (SVG 2 §8.6)
        return float(box[2]), float(box[3])
    try:
        return float(root.get("width", "").strip("px")), float(root.get("height", "").strip("px"))
    except ValueError:
        raise ValueError("it has no viewBox and no width and height in px") from None


def _groups(
    cited: CitedBook, settings: Sequence[BibliographySection]
) -> tuple[BibliographyGroup, ...]:
    if not settings:
        return (BibliographyGroup("", cited.bibliography),) if cited.bibliography else ()
    keywords = {section.keyword for section in settings if section.keyword}
    groups = []
    for section in settings:
        entries = tuple(
            entry
            for entry in cited.bibliography
            if (section.keyword in entry.work.keywords)
            or (not section.keyword and not keywords & entry.work.keywords)
        )
        if entries:
            groups.append(BibliographyGroup(section.title, entries))
    return tuple(groups)


