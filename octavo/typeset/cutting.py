"""Carries out a galley's cuts in the section's XHTML: forced page breaks, and notes in pieces.

A paragraph that runs over a page's end becomes two, cut at the end of a line; the first is set so
that its last line is full.  A note that is carried over becomes two; the rest is put at the head
of the next page's text, from where it goes to that page's foot.  So WeasyPrint, which neither
splits notes nor keeps them where they are called, has nothing left to decide.
"""

import copy
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from lxml import etree

from octavo.markdown.tree import Element
from octavo.typeset.breaks import NotePiece, PagePlan
from octavo.typeset.galley import Galley

NUMBER = "data-n"
"""The attribute that numbers every element of a section's body."""

_SPACES = " \n\t\u00a0"

PIECE = "--piece-"
"""Stands between a note's id and the number of a piece after the first."""


def number(tree: Element) -> None:
    """Number the elements of a tree, so that boxes can be matched with them."""
    for index, element in enumerate(tree.iter("*")):
        element.set(NUMBER, str(index))


def footnotes(tree: Element) -> list[Element]:
    """Find the notes of a tree, in reading order."""
    found: list[Element] = tree.xpath("//*[contains(concat(' ', @class, ' '), ' footnote ')]")
    return found


def carry_out(tree: Element, galley: Galley, plans: Sequence[PagePlan]) -> Element:
    """Give a copy of a numbered tree with the breaks and the notes' pieces that the plans ask for.

    Elements that open a page bear the class ``opens-page``; those that begin together with one,
    ``at-top``.
    """
    tree = copy.deepcopy(tree)
    by_number = {int(element.get(NUMBER)): element for element in tree.iter("*")}
    pieces = _cut_notes(tree, galley, plans)
    cuts = _cuts_in_blocks(galley, plans)
    openers = {
        (block, part): opener
        for block, offsets in cuts.items()
        for part, opener in enumerate(_split_block(by_number[block], offsets), start=1)
    }
    parts: dict[int, int] = defaultdict(int)
    waiting: list[Element] = []
    for page, plan in enumerate(plans):
        for index, padding in plan.padding:
            _pad(by_number[galley.strips[index].opens[0]], padding)
        if not page:
            continue
        if plan.first == plan.last:
            waiting.append(_carrier(pieces[page]))
            continue
        strip = galley.strips[plan.first]
        if strip.opens:
            opener = by_number[strip.opens[0]]
            for inner in strip.opens[1:]:
                _add_class(by_number[inner], "at-top")
        else:
            parts[strip.block] += 1
            opener = openers[strip.block, parts[strip.block]]
        for carrier in waiting:
            opener.addprevious(carrier)
        waiting = []
        _open_page(opener, pieces[page])
    (tree if tree.tag == "body" else tree.find(".//body")).extend(waiting)
    return tree


def _carrier(pieces: Sequence[Element]) -> Element:
    """Give an element without height that opens a page and brings notes to it."""
    carrier = etree.Element("div", {"class": "carrier opens-page"})
    carrier.extend(pieces)
    return carrier


def _add_class(element: Element, name: str) -> None:
    element.set("class", f"{element.get('class', '')} {name}".strip())


def _pad(element: Element, padding: float) -> None:
    element.set("style", f"padding-top: {padding}px")


def _open_page(opener: Element, carried: Sequence[Element]) -> None:
    """Let a page begin with an element, and put the notes carried over to it at its head."""
    _add_class(opener, "opens-page")
    if not carried:
        return
    if opener.tag in {"figure", "table", "ul", "ol", "blockquote", "div", "pre"}:
        opener.addprevious(_carrier(carried))
        opener.set("class", opener.get("class").replace("opens-page", "at-top"))
        return
    holder = opener[0] if opener.tag == "tr" else opener
    text, holder.text = holder.text, None
    for index, piece in enumerate(carried):
        holder.insert(index, piece)
    carried[-1].tail = text


def _cut_notes(
    tree: Element, galley: Galley, plans: Sequence[PagePlan]
) -> dict[int, list[Element]]:
    """Cut the notes that are carried over; give the pieces by the page on which they stand."""
    placed: dict[str, list[tuple[int, NotePiece]]] = defaultdict(list)
    for page, plan in enumerate(plans):
        for piece in plan.notes:
            placed[piece.note].append((page, piece))
    calls = {
        name: page
        for page, plan in enumerate(plans)
        for strip in galley.strips[plan.first : plan.last]
        for name in strip.notes
    }
    pieces: dict[int, list[Element]] = defaultdict(list)
    for note in footnotes(tree):
        on_pages = placed[note.get("id")]
        if not on_pages:
            continue
        # Where many notes are called in a line, not all can begin on its page.
        stays = on_pages[0][0] == calls[note.get("id")]
        if stays and len(on_pages) == 1:
            continue
        lines = galley.notes[note.get("id")].lines
        offsets = [lines[piece.last - 1].end for _, piece in on_pages[:-1]]
        parts = _split_note(note, offsets)
        if stays:
            parts[0].tail = note.tail
            note.getparent().replace(note, parts[0])
        else:
            _drop(note, note.tail or "")
        for (page, _), part in list(zip(on_pages, parts, strict=True))[stays:]:
            part.tail = None
            pieces[page].append(part)
    return pieces


def _split_note(note: Element, offsets: Sequence[int]) -> list[Element]:
    parts = _split(note, offsets)
    for index, part in enumerate(parts[1:], start=2):
        part.set("id", f"{note.get('id')}{PIECE}{index}")
    return parts


def _cuts_in_blocks(galley: Galley, plans: Sequence[PagePlan]) -> dict[int, list[int]]:
    """Give, by block, the visible characters before which it is cut."""
    cuts: dict[int, list[int]] = defaultdict(list)
    for plan in plans[1:]:
        if plan.first < plan.last and not galley.strips[plan.first].opens:
            cuts[galley.strips[plan.first].block].append(galley.strips[plan.first - 1].end)
    return cuts


def _split_block(block: Element, offsets: Sequence[int]) -> list[Element]:
    """Cut a block of text in the tree; give its parts after the first."""
    parts = _split(block, offsets)
    if block.tag in {"p", "pre", "h1", "h2", "h3", "h4", "h5", "figcaption"}:
        parts[-1].tail, block.tail = block.tail, None
        for part in reversed(parts[1:]):
            block.addnext(part)
        # The block itself becomes the first part: it may be what opens a page.
        _empty(block)
        block.set("class", parts[0].get("class"))
        block.text = parts[0].text
        block.extend(parts[0])
        return parts[1:]
    _empty(block)
    for part in parts:
        part.tag = "div"
        block.append(part)
    return parts[1:]


def _empty(element: Element) -> None:
    for child in list(element):
        element.remove(child)
    element.text = None


def _split(element: Element, offsets: Sequence[int]) -> list[Element]:
    """Cut an element before the given counts of visible characters, hyphenating broken words.

    The parts are copies; those after the first bear the class ``continued``, those before the
    last ``continues``.  Ids stay with the first part that holds something of theirs.
    """
    text = "".join(_flow(element))
    bounds = [0, *offsets, _visible(text)]
    parts: list[Element] = []
    seen: set[str] = set()
    for start, end in pairwise(bounds):
        part = copy.deepcopy(element)
        part.tail = None
        _keep(part, 0, start, end)
        if start:
            _add_class(part, "continued")
        if end != bounds[-1]:
            _add_class(part, "continues")
            if _breaks_word(text, end):
                holder, attribute = list(_texts(part))[-1]
                setattr(holder, attribute, getattr(holder, attribute) + "\N{HYPHEN}")
        for inner in part.iter("*"):
            identifier = inner.get("id")
            if identifier in seen:
                del inner.attrib["id"]
            elif identifier:
                seen.add(identifier)
        parts.append(part)
    return parts


def _visible(text: str) -> int:
    return len("".join(text.split()))


def _is_note(element: Element) -> bool:
    return "footnote" in (element.get("class") or "").split()


def _texts(element: Element) -> Iterator[tuple[Element, str]]:
    """Give the holders of text below an element in reading order, without its notes' texts."""
    if element.text:
        yield element, "text"
    for child in element:
        if not _is_note(child):
            yield from _texts(child)
        if child.tail:
            yield child, "tail"


def _flow(element: Element) -> Iterator[str]:
    for holder, attribute in _texts(element):
        yield getattr(holder, attribute)


def flow_text(element: Element) -> str:
    """Give an element's visible characters, without its notes' and without white space."""
    return "".join("".join(_flow(element)).split())


def _keep(element: Element, at: int, start: int, end: int) -> int:
    """Keep the visible characters from ``start`` to ``end``, the spaces between them, their notes.

    A note stands behind its call, and stays with it.  ``at`` counts the visible characters before
    the element; given back is the count behind it.
    """
    kept, at = _kept(element.text or "", at, start, end)
    element.text = kept
    for child in list(element):
        before = at
        tail = child.tail or ""
        if _is_note(child):
            keep = start < at <= end
        else:
            at = _keep(child, at, start, end)
            empty = at == before
            here = start < at <= end or not (start or at)
            keep = here if empty else before < end and at > start
        child.tail = None
        text, at = _kept(tail, at, start, end)
        if keep:
            child.tail = text
        else:
            _drop(child, text)
    return at


def _drop(child: Element, tail: str) -> None:
    parent, before = child.getparent(), child.getprevious()
    parent.remove(child)
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail


def _kept(text: str, at: int, start: int, end: int) -> tuple[str, int]:
    out = []
    for sign in text:
        if start < at < end or (at == start and not sign.isspace() and start < end):
            out.append(sign)
        at += not sign.isspace()
    return "".join(out), at


def keep_words_whole(tree: Element, places: Iterable[tuple[int | str, int]]) -> bool:
    """Mark words as not to be broken; tell whether there was any.

    A place is the number of a block, or the id of a note, and a count of its visible characters
    that falls into a word.
    """
    blocks = {int(element.get(NUMBER)): element for element in tree.iter("*")}
    notes_ = {note.get("id"): note for note in footnotes(tree)}
    marked = False
    for owner, offset in list(places):
        element = blocks[owner] if isinstance(owner, int) else notes_[owner]
        marked |= _mark_word(element, offset)
    return marked


def _mark_word(element: Element, offset: int) -> bool:
    at = 0
    for holder, attribute in list(_texts(element)):
        text = getattr(holder, attribute)
        count = _visible(text)
        if at < offset < at + count:
            _wrap_word(holder, attribute, _position(text, offset - at))
            return True
        at += count
    return False


def _position(text: str, visible: int) -> int:
    """Give the index in a text behind so many visible characters."""
    seen = 0
    for index, sign in enumerate(text):
        seen += not sign.isspace()
        if seen == visible:
            return index + 1
    return len(text)


def _wrap_word(holder: Element, attribute: str, position: int) -> None:
    text = getattr(holder, attribute)
    start = max(text.rfind(sign, 0, position) for sign in _SPACES) + 1
    ends = [found for sign in _SPACES if (found := text.find(sign, position)) >= 0]
    end = min(ends, default=len(text))
    word = etree.Element("span", {"class": "unbroken"})
    word.text, word.tail = text[start:end], text[end:]
    setattr(holder, attribute, text[:start])
    if attribute == "text":
        holder.insert(0, word)
    else:
        holder.addnext(word)


def _breaks_word(text: str, offset: int) -> bool:
    """Tell whether a letter stands on either side of the given count of visible characters."""
    behind = _position(text, offset)
    return text[:behind][-1:].isalpha() and text[behind:][:1].isalpha()
