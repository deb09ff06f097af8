"""Blocks, notes and sections as things that can be compared: what they are, and their words."""

from collections.abc import Hashable, Iterable, Iterator

from octavo.book import Note
from octavo.markdown.tree import Element
from octavo.redline.alignment import Item, item
from octavo.redline.homes import Home
from octavo.redline.tokens import Token, of_block
from octavo.redline.trees import is_leaf, parts

_KINDS = {
    **dict.fromkeys(("h2", "h3", "h4", "h5"), "heading"),
    **dict.fromkeys(("ul", "ol", "dl"), "list"),
    **dict.fromkeys(("td", "th"), "cell"),
    "blockquote": "quotation",
    "run": "p",
}

_LONE = {"heading", "table", "figure", "figcaption", "img", "thead", "tbody", "quotation"}
"""What belongs together where each is the only one of its kind between two that have stayed."""


def of(block: Element, home: Home) -> Item:
    """Give a block as a thing to be compared."""
    kind = kind_of(block)
    label = ""
    if block.tag == "tr" and len(block):
        label = " ".join("".join(block[0].itertext()).split())
    found = list(tokens(block, home))
    return item(
        kind,
        _keys(found) if is_leaf(block) else key(block, home),
        [token.text for token in found if token.kind == "word"],
        label,
        is_divisible=kind == "p",
        is_lone=kind in _LONE,
    )


def note_key(note: Note, home: Home) -> Hashable:
    """Give what is the same of two notes; a bare citation goes by how it was written."""
    written = home.written_note(note)
    if written is not None:
        return written
    return tuple(_keys(of_block(block, home)) for block in home.note_blocks(note))


def kind_of(block: Element) -> str:
    """Name what a block is: only blocks of one kind can be compared."""
    if block.tag == "figure":
        classes = (block.get("class") or "").split()
        return classes[0] if classes else "figure"
    return _KINDS.get(block.tag, str(block.tag))


def key(block: Element, home: Home) -> Hashable:
    """Give what is the same of two blocks if nothing has changed."""
    if block.tag == "img":
        return home.key(block)
    if is_leaf(block):
        return _keys(of_block(block, home))
    return tuple((kind_of(part), key(part, home)) for part in parts(block))


def _keys(found: Iterable[Token]) -> Hashable:
    return tuple(token.key for token in found if token.is_significant)


def tokens(block: Element, home: Home) -> Iterator[Token]:
    """Give the tokens of a block, and of all blocks in it."""
    if is_leaf(block):
        yield from of_block(block, home)
    else:
        for number, part in enumerate(parts(block)):
            if number:
                yield Token("space", " ", None)
            yield from tokens(part, home)


def of_entry(content: Element, home: Home) -> Item:
    """Give an entry of the bibliography as a thing to be compared."""
    found = of_block(content, home)
    own = tuple(token.text for token in found if token.is_significant)
    return item("entry", own, [token.text for token in found if token.kind == "word"])
