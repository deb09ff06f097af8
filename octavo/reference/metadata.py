"""References as machines are told of them: schema.org's Book and Chapter (as JSON-LD), BibTeX."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from octavo.config import Config
from octavo.reference.names import Name
from octavo.reference.works import Pages, Reference, people

Described = dict[str, Any]

_BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "{}$&#_%"},
    }
)


def bibtex(text: str) -> str:
    """Give a text as it may stand in a BibTeX field, in braces."""
    return text.translate(_BIBTEX)


def bibtex_names(names: Iterable[Name]) -> str:
    """Give names as a BibTeX field has them; those that are not divided in braces of their own."""
    return " and ".join(
        bibtex(name.bibtex) if name.family else f"{{{bibtex(name.full)}}}" for name in names
    )


def book(reference: Reference, config: Config, address: str, access: Described) -> Described:
    """Describe the book (https://schema.org/Book); ``access`` is what is said of its accessibility.

    What is not known is left out.
    """
    rights = config.rights
    return {
        "@context": "https://schema.org",
        **_common("Book", reference, address),
        **_known(
            {
                "description": " ".join(config.description.split()),
                "about": config.subjects,
                "bookEdition": config.edition,
                "isbn": list(reference.isbns),
                "sameAs": f"https://doi.org/{reference.doi}" if reference.doi else "",
            }
        ),
        "bookFormat": "https://schema.org/EBook",
        "copyrightHolder": rights.holder,
        "copyrightYear": rights.year,
        **_license(config),
        **access,
    }


def with_parts(described: Described, chapters: Sequence[Described]) -> Described:
    """Give the book's description with its parts."""
    return {**described, "hasPart": [_without_context(chapter) for chapter in chapters]}


def _without_context(described: Described) -> Described:
    left = {"@context", "isPartOf", "license"}
    return {key: value for key, value in described.items() if key not in left}


def chapter(
    reference: Reference, whole: Reference, config: Config, pages: Pages, address: str, home: str
) -> Described:
    """Describe a section (https://schema.org/Chapter) of the book ``whole``, at ``home``."""
    return {
        "@context": "https://schema.org",
        **_common("Chapter", reference, address),
        **_pages(pages),
        **_license(config),
        "isPartOf": {
            **_common("Book", whole, home),
            **_known({"isbn": list(whole.isbns)}),
        },
    }


def _license(config: Config) -> Described:
    url = config.rights.licence_url
    return _known({"license": str(url) if url else ""})


def _common(kind: str, reference: Reference, address: str) -> Described:
    described: Described = {"@type": kind, **_known({"@id": address}), "name": reference.title}
    for part, name in people(reference):
        described.setdefault(part, []).append(_person(name))
    publisher = {"@type": "Organization", "name": reference.publisher}
    return {
        **described,
        **_known({"url": address, "publisher": publisher if reference.publisher else ""}),
        "datePublished": reference.date.isoformat(),
        "inLanguage": reference.language,
    }


def _person(name: Name) -> Described:
    kind = "Organization" if name.is_corporate else "Person"
    parts = _known({"familyName": name.family, "givenName": name.given})
    return {"@type": kind, "name": name.full, **parts}


def _pages(pages: Pages) -> Described:
    if not pages.first:
        return {}
    both = pages.first if pages.first == pages.last else f"{pages.first}–{pages.last}"
    return {"pageStart": pages.first, "pageEnd": pages.last, "pagination": both}


def _known(values: Mapping[str, Any]) -> Described:
    return {key: value for key, value in values.items() if value}
