"""What the documents load: stylesheet, scripts, fonts, pictures."""

from collections.abc import Mapping, Sequence

from octavo.editions.web.edition import Edition
from octavo.editions.web.pictures import image_path
from octavo.fonts import REGULAR, WebFont, web_rules
from octavo.templating import Templates

_FONTS = "fonts/"


_FONTS_ARE_ASKED_FOR = '<link rel="preload" href="fonts/"/>'
"""Where the head of a document asks for fonts; which, is known when all documents are there."""


def with_fonts(document: str, fonts: Sequence[WebFont], templates: Templates) -> str:
    """Have a document ask for the fonts of its text at once, not when the stylesheet is there.

    So they are mostly there before the text is shown; those that come later are used from the next
    document on, and nothing moves (``font-display: optional``, CSS Fonts 4 §4.9).  Bold is rare,
    and is not asked for beforehand.
    """
    needed = [font for font in fonts if font.weight == REGULAR and font.sets_any(document)]
    asked = "".join(
        templates.render("web/font.html", {"address": f"{_FONTS}{font.file_name}"})
        for font in needed
    )
    return document.replace(_FONTS_ARE_ASKED_FOR, asked.strip(), 1)


def loaded(
    edition: Edition,
    templates: Templates,
    fonts: Sequence[WebFont],
    views: Mapping[str, object],
) -> dict[str, bytes]:
    """Give the files that the documents load: stylesheet, scripts, fonts, images.

    Documents wait for ``settings.js`` before they are painted; ``reading.js`` is all the rest that
    serves the reader, and loads ``finding.js`` when the search is used; ``views`` are for both.
    ``moved.js`` is for documents whose name has changed.
    """
    book = edition.book
    images = [*book.images.values(), *edition.wide.values(), *edition.narrow.values()]
    style = templates.render(
        "web/style.css",
        {
            "fonts": web_rules(fonts, _FONTS),
            "is_proof": book.is_proof,
            "most_notes": max(len(section.notes) for section in book.sections),
        },
    )
    scripts = {
        "settings.js": templates.render("web/scripts/settings.js", {}),
        "reading.js": templates.render("web/reading.js", {"scripts": edition.scripts, **views}),
        "finding.js": templates.render("web/scripts/finding.js", views),
    }
    if book.permalinks.renamed:
        scripts["moved.js"] = templates.render("web/scripts/moved.js", {})
    return {
        "style.css": style.encode(),
        **{name: script.encode() for name, script in scripts.items()},
        **{f"{_FONTS}{font.file_name}": font.data for font in fonts},
        **{image_path(image): image.data for image in images},
    }
