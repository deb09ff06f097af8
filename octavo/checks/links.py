"""Links that can lead nowhere: addresses that are none, in the text and in the works' entries.

Nothing is asked of the network here.  What a cross reference leads to is seen by ``numbering``.
Pictures in a line of text have their words in the same place as links.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from octavo.problems import Problem, Span
from octavo.prose.book import Prose
from octavo.prose.passages import Lines
from octavo.rules import RULES

RULE = "link-is-sound"

_SCHEMES = {"http", "https", "mailto", "tel"}
_FIELD = re.compile(
    r"^[ \t]*(?P<name>url|doi)[ \t]*=[ \t]*[{\"](?P<address>[^{}\"\n]*)[}\"]", re.M | re.I
)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_HOST = re.compile(r"\[[0-9a-f:.]+\]|(?!-)[\w-]+(\.[\w-]+)+\.?|localhost", re.I)


def check(prose: Prose) -> Iterator[Problem]:
    """Report addresses that lead nowhere, with what may be meant."""
    severity = RULES[RULE].severity
    for link in prose.links:
        if not link.address.startswith("#"):
            fault, hint = _fault(link.address)
            if fault:
                span = link.lines.span(link.start, link.end)
                yield Problem(RULE, f'"{link.address}" {fault}', span, hint, severity)
    for name, address, span in _fields(prose):
        fault, hint = _fault(address) if name == "url" else _fault_of_doi(address)
        if fault:
            yield Problem(RULE, f'"{address}" {fault}', span, hint, severity)


def silent_pictures(prose: Prose) -> Iterator[Problem]:
    """Report pictures in lines of text that say nothing to those who do not see them."""
    rule = "figure-has-alternative-text"
    for picture in prose.pictures:
        span = picture.lines.span(picture.start, picture.end)
        hint = "say it in the brackets: ![a seal of red wax](figures/seal.png)"
        message = f"{picture.address} has no alt text"
        yield Problem(rule, message, span, hint, RULES[rule].severity)


def addresses(prose: Prose) -> Iterator[tuple[str, Span]]:
    """Give the sound addresses on the web, each wherever it stands: of links, of works."""
    for link in prose.links:
        if link.address.startswith(("http:", "https:")) and not _fault(link.address)[0]:
            yield link.address, link.lines.span(link.start, link.end)
    for name, address, span in _fields(prose):
        if name == "doi" and not _fault_of_doi(address)[0]:
            yield f"https://doi.org/{address}", span
        elif name == "url" and not _fault(address)[0]:
            yield address, span


def _fields(prose: Prose) -> Iterator[tuple[str, str, Span]]:
    for path, text in prose.texts.items():
        if path.suffix == ".bib":
            lines = Lines(path, text)
            for field in _FIELD.finditer(text):
                span = lines.span(*field.span("address"))
                yield field["name"].lower(), field["address"].strip(), span


def _fault(address: str) -> tuple[str, str]:
    """Say what is wrong with an address, and what may help; nothing of one that may be sound."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return "is no address", "such as https://example.org/page"
    fault, hint = "", ""
    if not address:
        fault, hint = "is no address", "write one between the parentheses"
    elif (
        not parts.scheme
        and re.match(r"www\.|[\w-]+(\.[\w-]+)+(/|$)", address)
        and (not re.search(r"\.(md|html|pdf|csv|svg|png|jpe?g)$", address))
    ):
        fault, hint = "leads to no host", f"write https://{address}"
    elif not parts.scheme:
        fault = "leads to a file, which no edition has"
        hint = "a passage of the book is named by its id: [](#sec-salt)"
    elif parts.scheme not in _SCHEMES:
        fault, hint = f"is no address on the web: {parts.scheme}:", "it begins with https://"
    elif parts.scheme.startswith("http") and not _HOST.fullmatch(host):
        fault, hint = "names no host", "such as https://example.org/page"
    elif parts.scheme == "mailto" and "@" not in parts.path:
        fault, hint = "is nobody's address", "such as mailto:author@example.org"
    elif re.search(r"[\s<>\"{}|\\^`]", address):
        fault, hint = "has a sign that no address can have", "a space is written %20"
    return fault, hint


def _fault_of_doi(given: str) -> tuple[str, str]:
    if _DOI.fullmatch(given):
        return "", ""
    inner = _DOI.search(given)
    return "is no DOI", f"write {inner[0]}" if inner else "such as 10.1000/182"
