"""From Python-Markdown's XHTML to the section's tree: everything that needs the whole section.

Each function has one job and changes the tree in place; ``finish`` lists them in their order.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html.entities import html5
from pathlib import Path

from lxml import etree

from octavo.markdown import charts, marking, typography
from octavo.markdown.pipe_tables import CAPTION
from octavo.markdown.reading import Reading, set_attributes
from octavo.markdown.tree import Citation, Element, Section, WrittenNote
from octavo.problems import Span

BLOCKS = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "td",
    "th",
    "figcaption",
    "pre",
    "dt",
    "dd",
}
HEADINGS = ("h2", "h3", "h4", "h5")
CALLS = {"note-call", "citation"}
CONTAINERS = {"blockquote", "ul", "ol", "table", "figure"}
FORMS = ("page", "title")
_SENTENCE_END = re.compile(r"[.!?…][”’»\")\]]*\s+$")
_ABBREVIATION = re.compile(r"\b(?:cf|e\.g|i\.e|esp|viz|vs|vol|no|pp?|nn?)\.\s+$", re.I)
_ATTRIBUTION = re.compile(r"\n?\s*(?:—|–|---?)\s+")


def finish(title: str, xhtml: str, reading: Reading) -> Section:
    """Give the section of a title and a body, both as Python-Markdown wrote them."""
    body = _parse(xhtml)
    heading = _parse(title)
    if len(heading) == 1 and heading[0].tag == "p":
        heading = heading[0]
    heading.tag = "span"
    heading.attrib.clear()
    for tree in (heading, body):
        _place_blocks(tree, reading)
        marking.make(tree)
    _check_title(heading, reading)
    definitions = _take_definitions(body, reading)
    _quotations(body)
    _tables(body, reading)
    marking.mark_figures(body)
    charts.leave_out_notes(body)
    for tree in (heading, body):
        _cross_references(tree, reading)
    marking.hush([heading, body], definitions)
    notes = _number_notes([heading, body], definitions, reading)
    for tree in (heading, *body.iter(*HEADINGS)):
        _close_gaps(tree)
    for note in notes:
        _cross_references(note.body, reading)
    citations = _number_citations([heading, body], notes, reading)
    _check_authors(heading, body, citations, reading)
    trees = [heading, body, *(note.body for note in notes)]
    for tree in trees:
        _typography(tree, reading.language)
    removed = marking.take_out(trees, reading.citations)
    for tree in trees:
        _check_headings(tree, reading)
    for tree in (*trees, *(one.content for one in removed)):
        _tidy(tree)
    return Section(
        title=heading,
        body=body,
        notes=notes,
        citations=citations,
        charts=charts.finished(body, reading.charts),
        problems=tuple(reading.problems),
        marks=tuple(reading.marks.editing),
        removed=removed,
    )


def _parse(xhtml: str) -> Element:
    xhtml = _ENTITY.sub(_character, xhtml)
    return etree.fromstring(f"<div>{xhtml}</div>", etree.XMLParser(remove_comments=True))


_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot);)(\w+;)?")


def _character(entity: re.Match[str]) -> str:
    """Give the character of an entity in an attribute, which XML does not know, or the text."""
    sign = html5.get(entity[1] or "", "")
    return sign if sign and sign not in '&<>"' else entity[0].replace("&", "&amp;")


def _place_blocks(tree: Element, reading: Reading) -> None:
    """Give each block its line, and take all marks out of texts and attributes."""
    for element in list(tree.iter()):
        if element.tag in BLOCKS and "data-line" not in element.attrib:
            span = reading.marks.first("".join(_own_text(element)))
            if span:
                element.set("data-line", str(span.line))
                if span.path != reading.path:
                    element.set("data-path", span.path.as_posix())
    for element in tree.iter():
        if element.tag in CONTAINERS and "data-line" not in element.attrib:
            inner = element.find(".//*[@data-line]")
            if inner is not None and "data-path" not in inner.attrib:
                element.set("data-line", inner.get("data-line"))
        element.text = element.text and reading.marks.remove(element.text)
        element.tail = element.tail and reading.marks.remove(element.tail)
        for name, value in element.attrib.items():
            element.set(name, reading.marks.remove(value))


def _own_text(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in BLOCKS:
            yield from _own_text(child)
        yield child.tail or ""


def span_of(element: Element, home: Path) -> Span:
    """Give the place of an element: its own, or that of the nearest element around it."""
    while element is not None and element.get("data-line") is None:
        element = element.getparent()
    if element is None:
        return Span(home)
    other = element.get("data-path")
    path = Path(other) if other else home
    return Span(path, int(element.get("data-line")), int(element.get("data-column") or 0))


def _take_definitions(body: Element, reading: Reading) -> dict[str, Element]:
    definitions: dict[str, Element] = {}
    for note in list(body.iter("div")):
        if note.get("class") != "note-definition":
            continue
        label = note.get("data-label")
        span = span_of(note, reading.path)
        if label in definitions:
            first = span_of(definitions[label], reading.path)
            message = f'the note "{label}" is written twice'
            reading.error("note-is-written-once", message, span, f"first on line {first.line}")
        else:
            definitions[label] = note
        _drop(note)
    return definitions


def _drop(element: Element) -> None:
    """Take an element out of its parent, leaving its tail there."""
    parent = element.getparent()
    tail = element.tail or ""
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def _quotations(body: Element) -> None:
    """Make epigraphs, and set the line that names a quotation's source apart from it."""
    for quote in list(body.iter("blockquote")):
        last = quote[-1] if len(quote) else None
        if last is None or last.tag != "p":
            continue
        classes = ["quotation"]
        if "epigraph" in (last.get("class") or "").split():
            classes.append("epigraph")
            del last.attrib["class"]
        source = _take_source(quote, last)
        if source is None and len(classes) == 1:
            continue
        figure = etree.Element("figure", {"class": " ".join(classes)})
        figure.set("data-line", quote.get("data-line", "0"))
        figure.tail, quote.tail = quote.tail, None
        quote.getparent().replace(quote, figure)
        figure.append(quote)
        if source is not None:
            figure.append(source)


def _take_source(quote: Element, last: Element) -> Element | None:
    """Split the last paragraph at a line that opens with a dash; give what follows the dash."""
    places = [(last, "text"), *((child, "tail") for child in last)]
    for index in range(len(places) - 1, -1, -1):
        holder, attribute = places[index]
        text = getattr(holder, attribute) or ""
        line = text.rfind("\n")
        start = line if line >= 0 else (0 if index == 0 else -1)
        found = _ATTRIBUTION.match(text, start) if start >= 0 else None
        if not found:
            if line >= 0:
                return None
            continue
        source = etree.Element("figcaption")
        source.set("data-line", last.get("data-line", "0"))
        marking.mark_alike(source, last)
        source.text = text[found.end() :]
        setattr(holder, attribute, text[:start].rstrip() if start else "")
        for child, _ in places[index + 1 :]:
            source.append(child)
        if not len(last) and not (last.text or "").strip():
            quote.remove(last)
        return source
    return None


def _tables(body: Element, reading: Reading) -> None:
    """Put pipe tables into figures, with the caption written before or behind them."""
    for table in list(body.iter("table")):
        if table.getparent().tag == "figure":
            continue
        figure = etree.Element("figure", {"class": "table"})
        figure.set("data-line", table.get("data-line", "0"))
        table.getparent().replace(table, figure)
        figure.tail, table.tail = table.tail, None
        figure.append(table)
        for neighbour in (figure.getprevious(), figure.getnext()):
            caption = _caption_in(neighbour)
            if caption:
                _caption(figure, neighbour, caption)
                break
        for cell in table.iter("td", "th"):
            align = cell.attrib.pop("align", None)
            if align:
                cell.set("class", {"right": "number"}.get(align, align))


def _caption_in(element: Element | None) -> re.Match[str] | None:
    if element is None or element.tag != "p":
        return None
    return CAPTION.match(element.text or "")


def _caption(figure: Element, paragraph: Element, found: re.Match[str]) -> None:
    tail_holder = paragraph[-1] if len(paragraph) else None
    if tail_holder is None:
        paragraph.text = found["text"]
        attributes = found["attributes"]
    else:
        paragraph.text = re.sub(r"^(?:Table)?:[ \t]+", "", paragraph.text)
        end = re.search(r"[ \t]*\{([^{}\n]*)\}\s*$", tail_holder.tail or "")
        attributes = end[1] if end else None
        if end:
            tail_holder.tail = tail_holder.tail[: end.start()]
    if attributes:
        set_attributes(figure, attributes)
        figure.set("class", "table")
    paragraph.tag = "figcaption"
    paragraph.tail = None
    figure.insert(0, paragraph)


def _cross_references(tree: Element, reading: Reading) -> None:
    """Say of each cross reference its form, and whether it opens a sentence."""
    for element in list(tree.iter("a")):
        href = element.get("href") or ""
        own = element.get("class") or ""
        has_text = bool("".join(element.itertext()).strip())
        if not href.startswith("#"):
            if href and not has_text:
                message = "this link has no text to be printed"
                reading.error("link-has-text", message, span_of(element, reading.path))
            continue
        classes = own.split()
        form = next((form for form in FORMS if form in classes), "number")
        for unknown in sorted({*classes} - {*FORMS, "cross-reference"}):
            message = f"unknown form of a cross reference: .{unknown}"
            span = span_of(element, reading.path)
            reading.error("reference-form-is-known", message, span, "known here: .page, .title")
        element.set("class", "cross-reference")
        element.set("data-form", "text" if has_text else form)
        if "data-to" in element.attrib and (has_text or form == "title"):
            message = "a range has neither text of its own nor a title"
            hint = "leave them out, and it is named by its numbers, or by its pages: {.page}"
            reading.error("range-has-numbers", message, span_of(element, reading.path), hint)
            del element.attrib["data-to"]
        before = text_before(element)
        ended = _SENTENCE_END.search(before) and not _ABBREVIATION.search(before)
        if not before.strip() or ended:
            element.set("data-capital", "true")


def text_before(element: Element) -> str:
    """Give the text of the block before an element (of the block, not of its whole section)."""
    pieces: list[str] = []
    while element.tag not in BLOCKS and element.getparent() is not None:
        sibling = element.getprevious()
        while sibling is not None:
            pieces.insert(0, "".join(sibling.itertext()) + (sibling.tail or ""))
            sibling = sibling.getprevious()
        element = element.getparent()
        pieces.insert(0, element.text or "")
    return "".join(pieces)


def _number_notes(
    trees: Iterable[Element], definitions: dict[str, Element], reading: Reading
) -> tuple[WrittenNote, ...]:
    notes: list[WrittenNote] = []
    called: set[str] = set()
    for call in [call for tree in trees for call in tree.iter("a", "span")]:
        kind = call.get("class")
        span = span_of(call, reading.path)
        if kind == "note-text":
            content = etree.Element("div")
            paragraph = etree.SubElement(content, "p", {"data-line": str(span.line)})
            paragraph.text = call.text
            for child in list(call):
                paragraph.append(child)
            call.text, call.tag = None, "a"
            notes.append(WrittenNote("", content, span))
        elif kind == "note-call":
            label = call.attrib.pop("data-label")
            if label in called:
                message = f'the note "{label}" is called twice'
                hint = "say it in a cross reference: see note [](#fn-…)"
                reading.error("note-is-called-once", message, span, hint)
            called.add(label)
            if label not in definitions:
                message = f'the note "{label}" is called and not written'
                hint = f"write it in a paragraph of its own: [^{label}]: …"
                reading.error("note-is-written", message, span, hint)
                definitions[label] = etree.Element("div")
                definitions[label].text = "?"
            note = definitions[label]
            notes.append(WrittenNote(label, note, span_of(note, reading.path)))
        else:
            continue
        call.set("class", "note-call")
        call.set("data-note", str(len(notes) - 1))
    for label, note in definitions.items():
        if label not in called:
            message = f'the note "{label}" is written and not called'
            reading.error("note-is-called", message, span_of(note, reading.path))
    for note_ in notes:
        _check_note(note_, reading)
    return tuple(replace(note, body=_plain_note(note.body)) for note in notes)


def _close_gaps(heading: Element) -> None:
    """Take out the space before calls in a heading, which is printed without them elsewhere.

    Styles that cite in the text put a space of their own before a citation.
    """
    for call in heading.iter("a", "span"):
        if call.get("class") in CALLS:
            before = call.getprevious()
            holder, name = (before, "tail") if before is not None else (call.getparent(), "text")
            setattr(holder, name, (getattr(holder, name) or "").rstrip(" \n") or None)


_NO_NOTE = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "a heading"),
    "figure": "a figure or table",
    "table": "a table",
    "img": "an image",
    "div": "a note",
}
"""What cannot stand in a note, by tag."""


def _check_note(note: WrittenNote, reading: Reading) -> None:
    calls = [e for e in note.body.iter("a", "span") if e.get("class") in {"note-call", "note-text"}]
    for call in calls:
        hint = "put its text into this note, in brackets or a sentence of its own"
        reading.error("note-stands-alone", "a note is called inside a note", note.span, hint)
        _drop(call)
    if not "".join(note.body.itertext()).strip() and not len(note.body.findall(".//*[@class]")):
        reading.error("note-has-text", "this note has no text", note.span)
    for element in note.body.iterdescendants(*_NO_NOTE):
        if element.getparent().tag != "figure":
            message = f"a note cannot hold {_NO_NOTE[element.tag]}"
            reading.error("note-is-text", message, note.span)


def _plain_note(body: Element) -> Element:
    body.attrib.clear()
    return body


def _number_citations(
    trees: Iterable[Element], notes: tuple[WrittenNote, ...], reading: Reading
) -> tuple[Citation, ...]:
    """Number citations afresh, in the order in which they are read, notes at their calls."""
    ordered: list[Citation] = []

    def visit(tree: Element) -> None:
        for element in tree.iter("span", "a"):
            if element.get("class") == "citation":
                ordered.append(reading.citations[int(element.get("data-citation"))])
                element.set("data-citation", str(len(ordered) - 1))
            elif element.get("class") == "note-call":
                visit(notes[int(element.get("data-note"))].body)

    for tree in trees:
        visit(tree)
    return tuple(ordered)


def _check_headings(tree: Element, reading: Reading) -> None:
    above = 1
    for heading in tree.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        span = span_of(heading, reading.path)
        level = int(heading.tag[1])
        if heading.tag in {"h1", "h6"}:
            message = f"a heading of level {level} has no place in a section"
            hint = "the section's title stands in the header; its headings are ## to #####"
            reading.error("heading-has-level", message, span, hint)
        elif level > above + 1:
            message = f"a heading of level {level} stands below one of level {above}"
            hint = f"write {'#' * (above + 1)}, as no level is left out"
            reading.error("heading-has-level", message, span, hint)
        above = level


def _check_authors(
    title: Element, body: Element, citations: tuple[Citation, ...], reading: Reading
) -> None:
    """Report authors named by a citation in headings: contents and the like leave those out."""
    for heading in (title, *body.iter(*HEADINGS)):
        for element in heading.iter("span"):
            if element.get("data-in-text"):
                message = "a heading has its author's name from a citation"
                hint = "write the name, and behind it the citation in brackets: Gras [@gras1979]"
                span = citations[int(element.get("data-citation"))].span
                reading.error("heading-has-own-words", message, span, hint)


def _check_title(title: Element, reading: Reading) -> None:
    """Report what cannot stand in a section's title, and take it out."""
    for element in list(title.iter("img", "span")):
        if element.tag == "img":
            hint = "put it into the section's first paragraph"
            message, span = "the section's title holds an image", Span(reading.path, 1)
            reading.error("title-is-text", message, span, hint)
            _drop(element)
        elif element.get("data-index"):
            message = "the section's title holds an index mark"
            hint = "mark the section's first paragraph"
            reading.error("title-is-text", message, Span(reading.path, 1), hint)


def _typography(tree: Element, language: str) -> None:
    for block in list(tree.iter()):
        if block.tag in BLOCKS or block is tree:
            inner = [child for child in block if child.tag in BLOCKS | CONTAINERS | {"div", "p"}]
            if not inner:
                typography.set_typography(block, language)


def _tidy(tree: Element) -> None:
    for element in tree.iter():
        # Whether references lead anywhere, values agree, ranges end, is seen later.
        is_checked_later = element.get("class") == "cross-reference" or not {
            "data-value",
            "data-index",
        }.isdisjoint(element.attrib)
        if not is_checked_later:
            element.attrib.pop("data-column", None)
        element.text = element.text and typography.restore(element.text)
        element.tail = element.tail and typography.restore(element.tail)
        if element.tag in CONTAINERS | {"div", "tr", "thead", "tbody"}:
            _strip_layout_space(element)
        elif element.tag in BLOCKS - {"pre"} and element.text:
            element.text = element.text.lstrip("\n")


def _strip_layout_space(element: Element) -> None:
    if element.text and not element.text.strip():
        element.text = None
    for child in element:
        if child.tail and not child.tail.strip():
            child.tail = None
