"""How the documents of the web edition say how they are cited, to readers and to machines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import etree
from markupsafe import Markup

from octavo.book import Book
from octavo.editions import text
from octavo.editions.paging import Paging
from octavo.editions.web.edition import INDEX, WHOLE
from octavo.reference import forms, metadata, works
from octavo.reference.forms import Form
from octavo.reference.works import Pages, Reference
from octavo.store import Store
from octavo.templating import Templates
from octavo.wording import wording

STYLES = {"chicago-notes": "Chicago", "modern-language-association": "MLA", "apa": "APA"}
"""What the styles are called among those who cite."""

FORMATS = {"bib": "BibTeX", "ris": "RIS"}
"""The formats for programs that manage references, by the endings of their files."""

_SLOTS: Mapping[str, Pages] = {
    "none": Pages(),
    "one": Pages("%first%", "%first%"),
    "several": Pages("%first%", "%last%"),
}
_FILES = "cite/"


@dataclass(frozen=True)
class CitedForm:
    """A citation with slots: its style's ``name``, and what it needs: ``pages``, an address."""

    name: str
    kind: str
    pages: str
    has_address: bool
    content: Markup


@dataclass(frozen=True)
class Cite:
    """What a document says of how it is cited.

    ``shown`` are the citations of the whole document, by style, each with its kind, ``""`` where
    the style has but one; ``forms`` those of any passage; ``files`` addresses by format.
    """

    reference: Reference
    address: str
    heading: str
    shown: Sequence[tuple[str, Sequence[tuple[str, Markup]]]]
    forms: Sequence[CitedForm]
    files: Mapping[str, str]
    described: dict[str, Any]


class Citing:
    """The citations of a book's documents, by the names of these."""

    def __init__(
        self,
        book: Book,
        names: Mapping[str, str],
        paging: Paging,
        templates: Templates,
        kept: Store | None,
    ) -> None:
        """Format all; ``names`` gives the document of each section, ``kept`` what is known."""
        self._book, self._templates = book, templates
        self._whole = works.book(book.config, INDEX)
        self._references = {INDEX: self._whole, **_sections(book, names, paging, self._whole)}
        language = book.config.citations.language or book.config.language
        self._forms = forms.forms(tuple(self._references.values()), language, kept)
        self._has_pages = bool(paging.starts)

    def of(self, name: str) -> Cite:
        """Give what the document ``name`` says."""
        config = self._book.config
        reference = self._references[INDEX if name == WHOLE else name]
        own, address = self._forms[reference.name], config.web.address(name)
        words = wording(config.language)
        return Cite(
            reference=reference,
            address=address,
            heading=words.cite_section if reference.container else words.cite_book,
            shown=tuple(self._shown(own, reference, address)),
            forms=tuple(self._passages(own, reference, is_known=bool(address))),
            files={ending: f"{_FILES}{_stem(reference.name)}.{ending}" for ending in FORMATS},
            described=self._described(reference),
        )

    def files(self) -> dict[str, bytes]:
        """Give the files for programs that manage references."""
        return {
            f"{_FILES}{_stem(name)}.{ending}": self._record(
                ending, reference, reference.pages, self._book.config.web.address(name)
            ).encode()
            for name, reference in self._references.items()
            for ending in FORMATS
        }

    def _shown(
        self, own: Sequence[Form], reference: Reference, address: str
    ) -> Iterator[tuple[str, Sequence[tuple[str, Markup]]]]:
        names = self._kinds
        for style, label in STYLES.items():
            found = [
                (
                    names[form.kind] if form.style.kind == "in-text" else "",
                    text.markup(forms.filled(form.content, Pages(), reference.pages, address)),
                )
                for form in own
                if form.style.name == style
                and form.pages == "none"
                and form.has_address == bool(address)
            ]
            yield label, sorted(found, key=lambda one: one[0] != names["entry"])

    def _passages(
        self, own: Sequence[Form], reference: Reference, *, is_known: bool
    ) -> Iterator[CitedForm]:
        """Give the forms with slots for the passage; without an address only if none is known."""
        for form in own:
            if form.has_address or not is_known:
                content = forms.filled(form.content, _SLOTS["several"], reference.pages, "%url%")
                etree.strip_tags(content, "a")
                name, kind = STYLES[form.style.name], form.kind
                yield CitedForm(name, kind, form.pages, form.has_address, text.markup(content))
        for ending, name in FORMATS.items():
            for has_address in (True,) if is_known else (True, False):
                for count, pages in _SLOTS.items():
                    address = "%url%" if has_address else ""
                    record = self._record(ending, reference, pages, address)
                    content = Markup.escape(record.strip())
                    yield CitedForm(name, "record", count, has_address, content)

    @cached_property
    def _kinds(self) -> Mapping[str, str]:
        words = wording(self._book.config.language)
        return {"entry": words.works_cited, "passage": words.in_text}

    def _record(self, ending: str, reference: Reference, pages: Pages, address: str) -> str:
        """Give a reference in a format."""
        slug = self._book.config.slug
        return self._templates.render(
            f"web/cite/work.{ending}",
            {
                "reference": reference,
                "pages": pages,
                "address": address,
                "key": f"{slug}-{_stem(reference.name)}" if reference.container else slug,
                "escape": metadata.bibtex,
                "names": metadata.bibtex_names,
            },
        )

    def _described(self, reference: Reference) -> dict[str, Any]:
        config = self._book.config
        home = config.web.address(INDEX)
        if reference.container:
            return self._chapter(reference)
        described = metadata.book(self._whole, config, home, self._access())
        chapters = [self._chapter(one) for one in self._references.values() if one.container]
        return metadata.with_parts(described, chapters)

    def _chapter(self, reference: Reference) -> dict[str, Any]:
        address = self._book.config.web.address
        return metadata.chapter(
            reference, self._whole, self._book.config, address(reference.name), address(INDEX)
        )

    def _access(self) -> dict[str, Any]:
        """Describe how the edition can be read (Schema.org Accessibility Properties 1.0)."""
        book = self._book
        has_pictures = bool(book.images) or any(section.charts for section in book.sections)
        kinds = {section.kind for section in book.sections}
        features = {
            "displayTransformability": True,
            "index": "index" in kinds,
            "longDescription": any(section.charts for section in book.sections),
            "pageBreakMarkers": self._has_pages,
            "pageNavigation": self._has_pages,
            "readingOrder": True,
            "structuralNavigation": True,
            "tableOfContents": True,
        }
        return {
            "accessMode": ["textual", *(["visual"] if has_pictures else [])],
            "accessModeSufficient": {"@type": "ItemList", "itemListElement": ["textual"]},
            "accessibilityFeature": [name for name, has in features.items() if has],
            "accessibilityHazard": "none",
        }


def _stem(name: str) -> str:
    return name.removesuffix(".html")


def _sections(
    book: Book, names: Mapping[str, str], paging: Paging, whole: Reference
) -> dict[str, Reference]:
    """Give the references of the sections that have a document of their own."""
    folios: dict[str, list[str]] = {}
    for start in paging.starts:
        folios.setdefault(start.section, []).append(start.folio)
    found = {}
    for section in book.sections:
        name, own = names[section.id], folios.get(section.id, [])
        if name != INDEX:
            pages = Pages(own[0], own[-1]) if own else Pages()
            found[name] = works.section(section, name, whole, pages)
    return found
