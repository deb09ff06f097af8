"""The package: what the book is (metadata), what files it has, and in which order they are read."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from octavo.book import Book
from octavo.config import Config
from octavo.editions import access
from octavo.editions.access import Access
from octavo.templating import Templates
from octavo.wording import Wording, wording

FOLDER = "EPUB"
"""The folder in the archive that everything else but the container's own files is in."""

_NAMESPACE = uuid.UUID("5a0f8c2e-7d43-4b1b-9c56-2b6c8e1f0d37")


@dataclass(frozen=True)
class Item:
    """A file of the book: its id in the manifest, its path in :data:`FOLDER`, what is in it.

    Paths are of ASCII letters, figures and ``-./`` only, so that they are URLs as they stand.

    ``properties`` are those of the manifest (``nav``, ``cover-image``); ``in_spine`` says that it
    is read in its turn, in the order of the items.
    """

    id: str
    path: str
    media_type: str
    data: bytes
    properties: str = ""
    in_spine: bool = False


@dataclass(frozen=True)
class Identifier:
    """An identifier as a URN, and its kind in ONIX code list 5 (``""`` where it has none)."""

    value: str
    onix: str = ""


@dataclass(frozen=True)
class Accessibility:
    """How the book can be read, in the terms of schema.org (EPUB Accessibility 1.1, discovery).

    Only what holds for this file; what needs a person's judgement is the publisher's to state, in
    ``[epub.accessibility]``.  ``page_source`` names the printed edition whose pages are marked
    (``pageBreakSource``), or is ``""``.  ``summary`` is in the language of the book's wording, or
    in the publisher's own words.
    """

    access: Access
    page_source: str
    summary: str
    summary_language: str


def identifiers(config: Config) -> tuple[Identifier, ...]:
    """Give the EPUB's identifiers, the one that names the file first.

    A book without ISBN, DOI and URN gets a UUID (RFC 9562 §5.5, version 5) made of its slug, title
    and language, so that each build of the same book has the same.
    """
    given = config.epub.identifiers
    found = []
    if given.isbn:
        digits = re.sub(r"[ -]", "", given.isbn)
        found.append(
            Identifier(f"urn:isbn:{digits}", "15" if re.fullmatch(r"\d{13}", digits) else "02")
        )
    if given.doi:
        found.append(Identifier(f"doi:{given.doi}", "06"))
    if given.urn:
        found.append(Identifier(given.urn))
    if not found:
        name = "\n".join((config.slug, config.title, config.language))
        found.append(Identifier(uuid.uuid5(_NAMESPACE, name).urn))
    return tuple(found)


def accessibility(book: Book, *, has_pages: bool) -> Accessibility:
    """Say how the EPUB can be read, and to what it is stated to conform.

    ``has_pages``: the beginnings of the printed pages are marked, and listed.
    """
    found = access.of(book, has_pages=has_pages)
    own_summary = book.config.epub.accessibility.summary
    words = wording(book.config.language)
    return Accessibility(
        access=found,
        page_source=_page_source(book.config) if has_pages else "",
        summary=own_summary or _summary(book.config, found.features, words),
        summary_language=book.config.language if own_summary else words.language,
    )


def _summary(config: Config, features: Sequence[str], words: Wording) -> str:
    """Say in sentences what the features are, and to what the file is stated to conform."""
    said = words.accessibility
    stated = config.epub.accessibility
    conformance = (
        said.conforms.format(standard=stated.conforms_to, certifier=stated.certified_by)
        if stated.conforms_to
        else said.not_evaluated
    )
    told = [said.by_feature[feature] for feature in features if feature in said.by_feature]
    return " ".join([said.text, *told, conformance])


def _page_source(config: Config) -> str:
    """Name the edition whose pages are marked: by its identifier, or in words."""
    printed = config.print.identifiers
    if printed.isbn:
        return f"urn:isbn:{re.sub(r'[ -]', '', printed.isbn)}"
    if printed.doi:
        return f"doi:{printed.doi}"
    return printed.urn or ", ".join(
        part for part in (config.title, config.edition, str(config.date.year)) if part
    )


def files(
    book: Book, templates: Templates, items: Sequence[Item], *, has_pages: bool
) -> dict[str, bytes]:
    """Give every file of the archive by its path, but ``mimetype``.

    ``has_pages``: the beginnings of the printed pages are marked.
    """
    views = {
        "config": book.config,
        "identifiers": identifiers(book.config),
        "creators": book.config.creators(),
        "accessibility": accessibility(book, has_pages=has_pages),
        "items": items,
    }
    package = f"{FOLDER}/package.opf"
    return {
        "META-INF/container.xml": templates.render(
            "epub/container.xml", {"package": package}
        ).encode(),
        package: templates.render("epub/package.opf", views).encode(),
        **{f"{FOLDER}/{item.path}": item.data for item in items},
    }
