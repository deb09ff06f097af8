"""What the documents load: stylesheet, scripts, fonts, pictures."""

from collections.abc import Iterable, Mapping

from octavo.editions.web.edition import FIRST_SCRIPT, Edition
from octavo.editions.web.pictures import image_path
from octavo.editions.webfonts import webfonts
from octavo.fonts import Face, web_rules
from octavo.store import Store
from octavo.templating import Templates

_SCRIPTS = "scripts/"
_FONTS = "fonts/"


def loaded(
    documents: Iterable[str],
    edition: Edition,
    templates: Templates,
    faces: tuple[Face, ...],
    views: Mapping[str, object],
    kept: Store | None,
) -> dict[str, bytes]:
    """Give the files that the documents load: stylesheet, scripts, fonts, images.

    ``views`` are what the scripts are given.
    """
    fonts = webfonts(documents, faces, kept)
    book = edition.book
    images = [*book.images.values(), *edition.wide.values(), *edition.narrow.values()]
    style = templates.render(
        "web/style.css",
        {
            "fonts": web_rules(fonts, _FONTS),
            "most_notes": max(len(section.notes) for section in book.sections),
        },
    )
    scripts = {
        name: templates.render(f"web/{_SCRIPTS}{name}", views)
        for name in (FIRST_SCRIPT, *edition.scripts)
    }
    return {
        "style.css": style.encode(),
        **{f"{_SCRIPTS}{name}": script.encode() for name, script in scripts.items()},
        **{f"{_FONTS}{font.file_name}": font.data for font in fonts},
        **{image_path(image): image.data for image in images},
    }
