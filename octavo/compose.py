"""Manuscript → Book: calls the rooms in their order and gathers what they report."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from lxml import etree

from octavo import (
    abbreviations,
    bibliography,
    chronology,
    citations,
    cover,
    editing,
    grouping,
    markdown,
    names,
    naming,
    numbering,
    pictures,
    ranges,
)
from octavo.bibliography import Works
from octavo.book import BibliographyGroup, Book, Image, Section, Target
from octavo.citations import Style
from octavo.indexing import checks, entries, places
from octavo.indexing import settings as index_settings
from octavo.indexing.model import Index, plain
from octavo.indexing.settings import Settings
from octavo.manuscript import MARKS, Manuscript, Source
from octavo.manuscript import read_file as read_content
from octavo.markdown.finish import span_of
from octavo.markdown.reading import ReadFile
from octavo.markdown.tree import Section as Text
from octavo.names import FILE, Names
from octavo.numbering import Catalogue
from octavo.permalinks import carrying, ledger, passages
from octavo.permalinks.ledger import Ledger
from octavo.problems import BookError, Problem, Span, errors, in_order
from octavo.store import Store
from octavo.wording import Wording, wording


@dataclass(frozen=True)
class Draft:
    """The manuscript read: its sections' texts and titles, and what is wrong with them so far."""

    manuscript: Manuscript
    texts: tuple[Text, ...]
    titles: tuple[str, ...]
    images: dict[str, Image]
    cover: Image | None
    works: Works
    style: Style | None
    catalogue: Catalogue
    names: Names
    index: Settings
    published: Ledger
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Composed:
    """The book, and the warnings that it came with."""

    book: Book
    problems: tuple[Problem, ...]


def compose(manuscript: Manuscript) -> Composed:
    """Compose the book.

    Raises ``BookError`` with all problems when one of them is an error.
    """
    return finish(draft(manuscript))


def draft(manuscript: Manuscript, kept: Store | None = None) -> Draft:
    """Read everything, and report all that can be said without formatting the citations.

    ``kept`` remembers sections that have been read before.
    """
    config, root = manuscript.config, manuscript.root
    problems = list(manuscript.problems)

    read_file = partial(read_content, root)
    sources = manuscript.sources
    parsed = [markdown.parse(source, config.language, read_file, kept) for source in sources]
    problems += chronology.enter(sources, parsed, root, config.language, kept)
    problems += abbreviations.enter(
        sources, parsed, root, config.language, config.abbreviations.spell_out, kept
    )
    texts = numbering.own_labels(sources, parsed)
    numbering.number_blocks(texts)
    for text in texts:
        problems += text.problems
    problems += editing.report(texts, manuscript.marks)
    known = names.load(root)
    problems += [*known.problems, *naming.mark(sources, texts, known, config.language)]
    problems += _empty_register(sources, known)
    index = index_settings.load(root)
    problems += [*index.problems, *places.check(sources, texts)]
    images, found = _images(texts, sources, read_file)
    front, on_cover = cover.load(manuscript)
    problems += [*found, *on_cover]
    files = manuscript.span_of_setting("citations", "files")
    works = bibliography.load(root, config.citations.files, files, kept)
    given = manuscript.span_of_setting("citations", "style")
    style, found = citations.find_style(config.citations.style, root, given)
    problems += [*works.problems, *found]
    listed = manuscript.span_of_setting("citations", "nocite")
    problems += citations.check(texts, works, config.citations.nocite, listed)
    problems += grouping.check(config.citations.sections, _places_of_rules(manuscript))
    words = wording(config.language)
    titles = tuple(_title(source, text, words) for source, text in zip(sources, texts, strict=True))
    catalogue = numbering.catalogue(sources, texts, titles)
    problems += catalogue.problems
    targets = dict(catalogue.targets)
    for target in [*numbering.written_notes(sources, texts), *_name_targets(sources, known)]:
        problems += numbering.add(targets, target)
    problems += numbering.check_references(sources, texts, targets)
    problems += ranges.check(sources, texts, targets)
    problems += numbering.check_titles(sources, texts)
    published = ledger.load(root)
    problems += published.problems
    return Draft(
        manuscript=manuscript,
        texts=texts,
        titles=titles,
        images=images,
        cover=front,
        works=works,
        style=style,
        catalogue=catalogue,
        names=known,
        index=index,
        published=published,
        problems=in_order(problems),
    )


def finish(draft: Draft, kept: Store | None = None, meanwhile: Iterable[None] = ()) -> Composed:
    """Make the book of a draft; ``kept`` remembers citations that have been formatted before.

    The steps of ``meanwhile`` are taken while others are, if there are any; they may read the
    manuscript, and no trees.

    Raises ``BookError`` with all problems when one of them is an error.
    """
    manuscript, texts, titles, catalogue = (
        draft.manuscript,
        draft.texts,
        draft.titles,
        draft.catalogue,
    )
    config, sources, style = manuscript.config, manuscript.sources, draft.style
    problems = list(draft.problems)
    if style is None or errors(problems):
        raise BookError(problems)
    language = config.citations.language or config.language
    cited = citations.format_all(
        texts,
        draft.works,
        style,
        language,
        kept,
        config.citations,
        meanwhile,
    )
    problems += cited.problems
    if errors(problems):
        raise BookError(problems)
    targets = dict(catalogue.targets)
    targets.update({target.id: target for target in _name_targets(sources, draft.names)})
    sections: list[Section] = []
    is_proof = manuscript.marks == "show"
    removed = editing.format_removed(texts, draft.works, style, language, kept)
    for source, text, title, formatted, gone in zip(
        sources, texts, titles, cited.citations, removed, strict=True
    ):
        notes, by_call = numbering.notes(source, text, formatted, style)
        targets.update({target.id: target for target in numbering.note_targets(source, notes)})
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
                charts=text.charts,
                span=Span(source.path, source.first_line),
                marks=text.marks if is_proof else (),
                removed=gone,
            )
        )
    targets.update({target.id: target for target in editing.targets(sections)})
    places = _places_of_rules(manuscript)
    groups, found = grouping.divide(cited.bibliography, config.citations.sections, places)
    problems += [*found, *citations.uncited(texts, draft.works, config.citations.nocite)]
    for target in _work_targets(sections, groups):
        problems += numbering.add(targets, target)
    if errors(problems):
        raise BookError(problems)
    index, reported = _index(sections, targets, draft)
    problems += reported
    carried = carrying.carry(draft.published, passages.find(sections), targets)
    problems += carried.problems()
    book = Book(
        config=config,
        sections=tuple(sections),
        targets=targets,
        cited=cited,
        bibliography=groups,
        images=draft.images,
        cover=draft.cover,
        names=draft.names,
        index=index,
        permalinks=carried.permalinks,
    )
    return Composed(book, in_order(problems))


def _places_of_rules(manuscript: Manuscript) -> grouping.Place:
    """Give what finds the keys of the bibliography's sections in ``book.toml``."""
    return lambda index, key: manuscript.span_of_setting("citations", "sections", index, key)


def _index(
    sections: Sequence[Section], targets: dict[str, Target], draft: Draft
) -> tuple[Index, Sequence[Problem]]:
    """Make the index, if the book prints one; its places become targets."""
    home = next((section for section in sections if section.kind == "index"), None)
    if home is None:
        return Index(), ()
    names = entries.headings_of_names(draft.names)
    found = places.find(sections, targets, names)
    for one in found:
        place = one.place
        for name, section in ((place.id, place.section), (place.end, place.end_section)):
            if name:
                made = Target(name, "passage", "", "", section, 0, one.span)
                targets.setdefault(name, made)
    index = entries.make(found, draft.names, draft.index, home.id)
    for entry in index.entries():
        targets[entry.id] = Target(entry.id, "passage", "", "", home.id, 0, entry.span)
    return index, checks.headings(index, draft.index)


def _work_targets(
    sections: Sequence[Section], groups: Sequence[BibliographyGroup]
) -> Iterator[Target]:
    """Give the targets that the entries of the bibliography are, if the book prints one."""
    home = next((section for section in sections if section.kind == "bibliography"), None)
    if home is None:
        return
    for work in (entry.work for group in groups for entry in group.entries):
        yield Target(f"work-{work.key}", "work", "", "", home.id, 0, work.span)


def _register(sources: Sequence[Source]) -> Source | None:
    """Find the register of names."""
    return next((source for source in sources if source.generated and source.name == "names"), None)


def _empty_register(sources: Sequence[Source], names: Names) -> Iterator[Problem]:
    home = _register(sources)
    if home is not None and not names.registered() and not names.problems:
        message = "there is no name for the register"
        hint = f"write {FILE.as_posix()}, or take the section off the list"
        yield Problem("register-has-names", message, Span(home.path, home.first_line), hint)


def _name_targets(sources: Sequence[Source], names: Names) -> Iterator[Target]:
    """Give the targets that the entries of the register of names are, if the book has one."""
    home = _register(sources)
    if home is None:
        return
    for name in names.registered():
        title = plain(entries.words(name.heading))
        yield Target(f"name-{name.id}", "name", "", title, home.id, 0, names.spans[name.id])


def _title(source: Source, text: Text, words: Wording) -> str:
    written = " ".join("".join(text.title.itertext()).split())
    if written:
        return written
    made = {
        "contents": words.contents,
        "tables": words.tables,
        "figures": words.figures,
        "abbreviations": words.abbreviations,
        "chronology": words.chronology,
        "names": words.names,
        "bibliography": words.bibliography,
        "index": words.index,
        "copyright": words.copyright,
        "colophon": words.colophon,
        "half-title": words.half_title,
        "title": words.title_page,
        MARKS: words.editing.title,
    }
    return made.get(source.name, source.name)


def _plain(title: str) -> etree._Element:
    element = etree.Element("span")
    element.text = title
    return element


def _images(
    texts: Sequence[Text], sources: Sequence[Source], read_file: ReadFile
) -> tuple[dict[str, Image], list[Problem]]:
    images: dict[str, Image] = {}
    problems: list[Problem] = []
    for source, text in zip(sources, texts, strict=True):
        for element in text.body.iter("img"):
            if element.get("data-chart"):
                continue
            path = element.get("src")
            try:
                images[path] = pictures.picture(path, read_file(path))
            except (OSError, ValueError) as error:
                message = f"the image {path} cannot be read: {pictures.fault(error)}"
                span = span_of(element, source.path)
                problems.append(Problem("image-is-readable", message, span))
    return images, problems
