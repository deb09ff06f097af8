"""How an edition for screens can be read, in the terms of schema.org.

Only what holds for the book is said (Schema.org Accessibility Properties 1.0); what needs a
person's judgement is the publisher's to state.
"""

from dataclasses import dataclass

from octavo.book import Book

_MOVING = frozenset({"image/gif", "image/webp"})


@dataclass(frozen=True)
class Access:
    """The ways in which a book can be read; those in ``sufficient`` are enough together."""

    modes: tuple[str, ...]
    sufficient: tuple[str, ...]
    features: tuple[str, ...]
    hazard: str


def of(book: Book, *, has_pages: bool) -> Access:
    """Say how a book can be read; a cover's picture does not count, as its words are text.

    ``has_pages``: the beginnings of the printed pages are marked, and can be gone to.
    """
    pictures = [img for section in book.sections for img in section.body.iter("img")]
    described = all(img.get("alt") for img in pictures)
    has_data = any(section.charts for section in book.sections)
    has_index = any(section.kind == "index" for section in book.sections)
    moving = any(image.media_type in _MOVING for image in book.images.values())
    return Access(
        modes=("textual", "visual") if pictures else ("textual",),
        sufficient=("textual",) if described else ("textual", "visual"),
        features=(
            "ARIA",
            *(["alternativeText"] if described else []),
            *(["displayTransformability"] if not pictures else []),
            *(["index"] if has_index else []),
            *(["longDescription"] if has_data else []),
            *(["pageBreakMarkers", "pageNavigation"] if has_pages else []),
            "readingOrder",
            "structuralNavigation",
            "tableOfContents",
            "unlocked",
        ),
        hazard="unknown" if moving else "none",
    )
