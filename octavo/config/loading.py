"""``book.toml`` read whole: its values, and what several of them say together."""

from collections.abc import Iterator
from pathlib import Path

from octavo.config.book import Config
from octavo.config.editions import AccessibilitySettings, PrintSettings
from octavo.config.places import line_of
from octavo.config.toml import read, validated
from octavo.config.values import points
from octavo.problems import BookError, Problem, Span


def load(path: Path, shown_as: Path) -> Config:
    """Read ``book.toml`` at ``path``; messages name it ``shown_as``.

    Raises ``BookError`` with all problems when the file is missing, is not UTF-8 or TOML, has an
    unknown key, lacks a needed one, has a value of the wrong type, a page without room for text, or
    a statement of conformance that nobody certifies.
    """
    text = read(path, shown_as)
    config = validated(Config, text, shown_as)
    problems = [
        Problem(rule, message, Span(shown_as, line_of(text, ("print", key))), hint)
        for key, rule, message, hint in _without_room(config.print)
    ]
    if key := _uncertified(config.epub.accessibility):
        message = f'"epub.accessibility.{key}" needs "certified-by": who found that it holds'
        hint = "the publisher may be the one (EPUB Accessibility 1.1, certifiedBy)"
        span = Span(shown_as, line_of(text, ("epub", "accessibility", key)))
        problems.append(Problem("conformance-is-certified", message, span, hint))
    if problems:
        raise BookError(problems)
    return config


LEAST_MEASURE, LEAST_LINES = 10, 6
"""How many ems wide, and how many lines high, the text of a page must be at the least."""

LARGEST_SHEET = 14400.0
"""The longest side that a PDF's page may have, in points (ISO 32000-1, annex C)."""


def _without_room(settings: PrintSettings) -> Iterator[tuple[str, str, str, str]]:
    """Give what keeps text from the page: the key, the rule, what was found, what may help."""
    size, leading = points(settings.size), points(settings.leading)
    sides, margins = [points(side) for side in settings.trim], settings.margins
    if min(size, leading) <= 0 or leading < size:
        message = f"lines {settings.leading} apart have no room for type of {settings.size}"
        yield "leading", "lines-have-room", message, "leading is usually 1.2 to 1.4 times the size"
    if min(sides) <= 0 or max(sides) > LARGEST_SHEET:
        message = f"a sheet cannot be {settings.trim[0]} wide and {settings.trim[1]} high"
        yield "trim", "page-has-room", message, "a PDF's sheet may be 200 inches long"
    across = sides[0] - points(margins.inside) - points(margins.outside)
    down = sides[1] - points(margins.top) - points(margins.bottom)
    for side, left, needed, names in (
        ("width", across, LEAST_MEASURE * size, "inside and outside"),
        ("height", down, LEAST_LINES * leading, "top and bottom"),
    ):
        if left < needed:
            message = f"the margins leave {left:.0f}pt of the page's {side} for the text"
            hint = f"at least {needed:.0f}pt are needed: a larger trim, or less {names}"
            yield "margins", "page-has-room", message, hint


def _uncertified(given: AccessibilitySettings) -> str:
    """Name the key of a statement that nobody stands for; ``""`` where there is none."""
    stated = {
        "conforms-to": given.conforms_to,
        "certifier-credential": given.certifier_credential,
        "certifier-report": given.certifier_report,
    }
    return "" if given.certified_by else next((key for key, value in stated.items() if value), "")
