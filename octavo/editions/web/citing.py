"""How the documents of the web edition say how they are cited, to readers and to machines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree
from markupsafe import Markup

from octavo.editions import access, page_marks, text
from octavo.editions.web.edition import INDEX, WHOLE, Edition
from octavo.markdown.tree import Element
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

    ``pages`` are its own; ``shown`` are the citations of the whole document, by style, each with
    its kind, ``""`` where the style has but one; ``forms`` those of any passage; ``files``
    addresses by format; ``described`` is schema.org's description.
    """

    reference: Reference
    pages: Pages
    address: str
    heading: str
    shown: Sequence[tuple[str, Sequence[tuple[str, Markup]]]]
    forms: Sequence[CitedForm]
    files: Mapping[str, str]
    described: dict[str, Any]


class Citing:
    """The citations of an edition's documents, by the names of these."""

    def __init__(self, edition: Edition, templates: Templates, kept: Store | None) -> None:
        """Format all; ``kept`` remembers what has been formatted before."""
        self._edition, self._templates = edition, templates
        book = edition.book
        whole = works.book(book.config, INDEX)
        self._references = {INDEX: whole}
        for section in book.sections:
            name = edition.names[section.id]
            if name != INDEX:
                self._references[name] = works.section(section, name, whole)
        language = book.config.citations.language or book.config.language
        self._forms = forms.forms(tuple(self._references.values()), language, kept)

    def given(self, name: str) -> tuple[object, ...]:
        """Give what is known of how a section's document ``name`` is cited, but for its pages."""
        return self._references[INDEX], self._references[name], tuple(self._forms[name])

    def enter(self, root: Element, name: str) -> None:
        """Enter into the document ``name``, whose pages are marked, how it is cited."""
        config = self._edition.book.config
        cite = self._of(name, Pages.of(_folios(root)))
        given = {"cite": cite, "config": config, "words": wording(config.language)}
        made: Element = etree.fromstring(self._templates.render("web/cited.html", given))
        for place in ("head", "body//{*}main"):
            home = root.find(f"{{*}}{place}")
            home.extend(list(made.find(f"{{*}}{place}")))

    def files(self, folios: Mapping[str, Sequence[str]]) -> dict[str, bytes]:
        """Give the files for programs that manage references.

        ``folios`` are those of the pages in each document.
        """
        return {
            f"{_FILES}{_stem(name)}.{ending}": self._record(
                ending,
                reference,
                Pages.of(folios[name]) if reference.container else Pages(),
                self._edition.book.config.web.address(name),
            ).encode()
            for name, reference in self._references.items()
            for ending in FORMATS
        }

    def _of(self, name: str, pages: Pages) -> Cite:
        """Give what the document ``name`` says, which stands on ``pages``."""
        config = self._edition.book.config
        reference = self._references[INDEX if name == WHOLE else name]
        pages = pages if reference.container else Pages()
        own, address = self._forms[reference.name], config.web.address(name)
        wanted = [form for form in own if form.kind == "passage" or form.pages == pages.count]
        words = wording(config.language)
        return Cite(
            reference=reference,
            pages=pages,
            address=address,
            heading=words.cite_section if reference.container else words.cite_book,
            shown=tuple(self._shown(wanted, pages, address)),
            forms=tuple(self._passages(wanted, reference, pages, is_known=bool(address))),
            files={ending: f"{_FILES}{_stem(reference.name)}.{ending}" for ending in FORMATS},
            described=self._described(name, reference, pages),
        )

    def _shown(
        self, own: Sequence[Form], pages: Pages, address: str
    ) -> Iterator[tuple[str, Sequence[tuple[str, Markup]]]]:
        words = wording(self._edition.book.config.language)
        names = {"entry": words.works_cited, "passage": words.in_text}
        for style, label in STYLES.items():
            found = [
                form
                for form in own
                if form.style.name == style
                and form.has_address == bool(address)
                and (form.kind == "entry" or form.pages == "none")
            ]
            yield (
                label,
                [
                    (
                        names[form.kind] if len(found) > 1 else "",
                        text.markup(forms.filled(form.content, Pages(), pages, address)),
                    )
                    for form in sorted(found, key=lambda form: form.kind)
                ],
            )

    def _passages(
        self, own: Sequence[Form], reference: Reference, pages: Pages, *, is_known: bool
    ) -> Iterator[CitedForm]:
        """Give the forms with slots for the passage; without an address only if none is known."""
        for form in own:
            if form.has_address or not is_known:
                content = forms.filled(form.content, _SLOTS["several"], pages, "%url%")
                etree.strip_tags(content, "a")
                count: str = "any" if form.kind == "entry" else form.pages
                name = STYLES[form.style.name]
                yield CitedForm(name, form.kind, count, form.has_address, text.markup(content))
        for ending, name in FORMATS.items():
            for has_address in (True,) if is_known else (True, False):
                for number, slots in _SLOTS.items():
                    record = self._record(ending, reference, slots, "%url%" if has_address else "")
                    content = Markup.escape(record.strip())
                    yield CitedForm(name, "record", number, has_address, content)

    def _record(self, ending: str, reference: Reference, pages: Pages, address: str) -> str:
        """Give a reference in a format."""
        slug = self._edition.book.config.slug
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

    def _described(self, name: str, reference: Reference, pages: Pages) -> dict[str, Any]:
        if reference.container:
            return self._chapter(reference, pages)
        config = self._edition.book.config
        home = config.web.address(INDEX)
        described = metadata.book(reference, config, home, self._access())
        if name == WHOLE:
            return described
        # The chapters' own documents say on which pages they stand.
        chapters = [one for one in self._references.values() if one.container]
        return metadata.with_parts(described, [self._chapter(one, Pages()) for one in chapters])

    def _chapter(self, reference: Reference, pages: Pages) -> dict[str, Any]:
        config, whole = self._edition.book.config, self._references[INDEX]
        address = config.web.address
        home, own = address(INDEX), address(reference.name)
        return metadata.chapter(reference, whole, config, pages, own, home)

    def _access(self) -> dict[str, Any]:
        """Describe how the edition can be read (Schema.org Accessibility Properties 1.0)."""
        found = access.of(self._edition.book, has_pages=self._edition.has_pages)
        return {
            "accessMode": list(found.modes),
            "accessModeSufficient": {"@type": "ItemList", "itemListElement": [*found.sufficient]},
            "accessibilityFeature": list(found.features),
            "accessibilityHazard": found.hazard,
        }


def _stem(name: str) -> str:
    return name.removesuffix(".html")


def _folios(root: Element) -> Sequence[str]:
    """Give the folios of the pages that begin in a document, without those of its notes."""
    marks = root.iterfind(f".//*[@role='{page_marks.PAGE_BREAK}']")
    labels = [(mark.get("id"), mark.get("aria-label")) for mark in marks]
    return [label for name, label in labels if name == page_marks.page_id(label)]
