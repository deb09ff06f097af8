"""Marks of editing in a section's tree: the signs in its text become elements (see ``signs``).

What a change takes out stays in the tree while the rest of the section is read, since typography
looks at the text around it, and its notes and citations must not be counted; then ``take_out`` puts
it into the table beside the tree.  Until then ``data-role`` tells what has come (``ins``) from what
has gone (``del``), on blocks as on ``<ins>`` and ``<del>``.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field

from lxml import etree

from octavo.markdown import signs
from octavo.markdown.signs import SIGN, Role, Sign
from octavo.markdown.tree import Citation, Element, Removed

_LEAVES = frozenset("p h1 h2 h3 h4 h5 h6 li td th figcaption pre dt dd".split())
_HOLDERS = frozenset("ul ol dl table thead tbody tr figure blockquote div hr".split())
_BLOCKS = _LEAVES | _HOLDERS
_ROLE, _NUMBER = "data-role", "data-mark"
_PARAGRAPH_END = "paragraph-end"

_INERT = ("id", "data-line", "data-column", "data-path", "data-value", "data-index", "data-term",
          "data-sub", "data-main")  # fmt: skip
"""What words that have gone do not keep: nothing leads to them, and no index counts them."""


def mark_id(section: str, index: int) -> str:
    """Give the id of a section's mark; ``index`` counts from 0 in ``Section.marks``."""
    return f"{section}.mark-{index + 1}"


@dataclass(frozen=True)
class _Active:
    """A role that has begun: its mark's number, whether it holds the blocks that it is in."""

    role: Role
    number: int
    is_whole: bool

    @property
    def is_change(self) -> bool:
        return self.role in {"ins", "del"}


@dataclass
class _Piece:
    """A piece of an element: a text (``str``) or a child, and the roles that all of it has."""

    content: Element
    roles: tuple[_Active, ...] = ()

    @property
    def is_blank(self) -> bool:
        return isinstance(self.content, str) and not self.content.strip()

    @property
    def is_block(self) -> bool:
        return not isinstance(self.content, str) and self.content.tag in _BLOCKS

    @property
    def is_comment(self) -> bool:
        return not isinstance(self.content, str) and self.content.get("class") == "comment"

    @property
    def says_nothing(self) -> bool:
        """Tell whether the piece is a comment, or only tells that a paragraph ends otherwise."""
        is_text = isinstance(self.content, str)
        return not is_text and self.content.get("class") in {_PARAGRAPH_END, "comment"}

    def has(self, role: _Active) -> bool:
        """Tell whether all of the piece has a role."""
        return role in self.roles or (
            self.is_block
            and self.content.get(_ROLE) == role.role
            and self.content.get(_NUMBER) == str(role.number)
        )


@dataclass
class _State:
    """The roles that have begun where the reading stands."""

    active: list[_Active] = field(default_factory=list)

    def meet(self, sign: Sign) -> _Active | None:
        """Begin a role, or end the last one of the mark, which is given back."""
        if sign.role is not None:
            self.active.append(_Active(sign.role, sign.number, sign.is_whole))
            return None
        found = [one for one in self.active if one.number == sign.number]
        if not found:
            return None
        self.active.reverse()
        self.active.remove(found[-1])
        self.active.reverse()
        return found[-1]


def make(tree: Element) -> None:
    """Make elements of the signs in a tree."""
    if any(SIGN.search(text) for text in tree.itertext()):
        _convert(tree, _State())
        for cell in tree.iter("td", "th"):
            _unmark_cell(cell)


def _convert(element: Element, state: _State) -> bool:
    """Convert an element and all that is in it; tell whether it held nothing but signs."""
    entry = tuple(state.active)
    has_signs = any(SIGN.search(text or "") for text in _own_texts(element))
    pieces = list(_read(element.text, state))
    for child in list(element):
        tail, child.tail = child.tail, None
        if child.tag in _BLOCKS:
            is_empty = _convert(child, state)
            pieces += _comments_of(child, pieces) if is_empty else [_Piece(child)]
        elif any(SIGN.search(text) for text in child.itertext()):
            around = _around(child, state)
            inner = _State([one for one in state.active if one not in around])
            _convert(child, inner)
            state.active = [*around, *inner.active]
            pieces.append(_Piece(child, around))
        else:
            pieces.append(_Piece(child, tuple(state.active)))
        pieces += _read(tail, state)
    if any(piece.is_block for piece in pieces):
        for piece in pieces:
            piece.roles = () if piece.is_blank else piece.roles
    if element.tag == "p" and has_signs and all(p.is_blank or p.says_nothing for p in pieces):
        _rebuild(element, [piece for piece in pieces if piece.is_comment])
        return True
    is_frame = element.getparent() is None or element.get("class") == "note-definition"
    if element.tag in _BLOCKS and not is_frame:
        is_marked = _mark_whole(element, pieces, [one for one in entry if one in state.active])
        if element.tag in _LEAVES - {"td", "th"} and not is_marked:
            begun = [one for one in state.active if one.is_change and one not in entry]
            pieces += [_paragraph_end(one) for one in begun if pieces]
    _rebuild(element, pieces)
    return False


def _around(child: Element, state: _State) -> tuple[_Active, ...]:
    """Give the roles that begin before an element and end behind it."""
    behind = _State(list(state.active))
    for text in child.itertext():
        for found in SIGN.finditer(text):
            behind.meet(signs.read(found))
    return tuple(one for one in state.active if one in behind.active)


def _comments_of(paragraph: Element, before: Sequence[_Piece]) -> list[_Piece]:
    """Move the comments of a paragraph of comments to the end of the block before it.

    Where there is none, the paragraph stays.
    """
    comments = list(paragraph)
    if not comments:
        return []
    blocks = [piece.content for piece in before if piece.is_block]
    leaves = [one for one in blocks[-1].iter() if one.tag in _LEAVES] if blocks else []
    if not leaves:
        return [_Piece(paragraph)]
    leaves[-1].extend(comments)
    return []


def _own_texts(element: Element) -> Iterator[str | None]:
    yield element.text
    yield from (child.tail for child in element)


def _read(text: str | None, state: _State) -> Iterator[_Piece]:
    """Divide a text at its signs, and meet those."""
    at, begun = 0, False
    for found in SIGN.finditer(text or ""):
        between = (text or "")[at : found.start()]
        if between:
            yield _Piece(between, tuple(state.active))
        sign = signs.read(found)
        if sign.role == "comment":
            comment = etree.Element("span", {"class": "comment", _NUMBER: str(sign.number)})
            yield _Piece(comment, tuple(state.active))
        else:
            ended = state.meet(sign)
            if ended is not None and ended.is_change and begun and not between:
                yield _paragraph_end(ended)
        at, begun = found.end(), sign.role in {"ins", "del"}
    if rest := (text or "")[at:]:
        yield _Piece(rest, tuple(state.active))


def _paragraph_end(role: _Active) -> _Piece:
    given = {"class": _PARAGRAPH_END, _NUMBER: str(role.number)}
    return _Piece(etree.Element(role.role, given))


def _mark_whole(block: Element, pieces: Sequence[_Piece], around: Sequence[_Active]) -> bool:
    """Mark a block that has come, or gone, as a whole; tell whether it has.

    All its words have to be one change's, and the change must not have begun within the block,
    behind the sign of an item or in a cell.  ``around`` are the roles that begin before the block
    and end behind it.
    """
    shown = [piece for piece in pieces if not piece.is_blank]
    if not shown:
        candidates = list(around)
    else:
        candidates = [one for one in shown[0].roles if one in around or one.is_whole]
        candidates += _of_block(shown[0].content)
        if block.tag == "figure":
            # A mark that holds a figure begins, and ends, within its caption.
            held = [one for piece in shown for one in _of_block(piece.content)]
            candidates = [one for one in held if one.is_whole] or candidates
    for role in candidates:
        if role.is_change and (all(p.has(role) for p in shown) or block.tag == "figure"):
            _set(block, role)
            for piece in pieces:
                piece.roles = tuple(one for one in piece.roles if one != role)
                if piece.has(role):
                    _unset(piece.content)
            return True
    return False


_CAPTION_IS_WHOLE = "data-whole"


def _of_block(content: Element) -> Iterator[_Active]:
    """Give the role that a block inside another has as a whole."""
    if not isinstance(content, str) and content.tag in _BLOCKS and content.get(_ROLE):
        whole = content.get(_CAPTION_IS_WHOLE) is not None
        yield _Active(content.get(_ROLE), int(content.get(_NUMBER)), whole)


def _set(block: Element, role: _Active) -> None:
    block.set(_ROLE, role.role)
    block.set(_NUMBER, str(role.number))
    if block.tag == "figcaption" and role.is_whole:
        block.set(_CAPTION_IS_WHOLE, "")


def _unset(block: Element) -> None:
    for name in (_ROLE, _NUMBER, _CAPTION_IS_WHOLE):
        block.attrib.pop(name, None)


def _rebuild(element: Element, pieces: Sequence[_Piece]) -> None:
    """Put an element together again, with elements around what has roles."""
    element.text = None
    for child in list(element):
        element.remove(child)
    opened: list[tuple[_Active, Element]] = []
    for piece in pieces:
        shared = 0
        for (role, _), other in zip(opened, piece.roles, strict=False):
            if role != other:
                break
            shared += 1
        del opened[shared:]
        for role in piece.roles[shared:]:
            inner = etree.SubElement(opened[-1][1] if opened else element, role.role)
            inner.set(_NUMBER, str(role.number))
            if role.is_change:
                inner.set(_ROLE, role.role)
            opened.append((role, inner))
        _append(opened[-1][1] if opened else element, piece.content)


def _append(parent: Element, content: Element) -> None:
    if not isinstance(content, str):
        parent.append(content)
    elif len(parent):
        parent[-1].tail = (parent[-1].tail or "") + content
    else:
        parent.text = (parent.text or "") + content


def _unmark_cell(cell: Element) -> None:
    """Mark the words of a cell and not the cell, where its row stays."""
    if cell.get(_ROLE):
        inner = etree.Element(cell.get(_ROLE), {name: cell.get(name) for name in (_ROLE, _NUMBER)})
        _unset(cell)
        inner.text, cell.text = cell.text, None
        inner.extend(list(cell))
        cell.append(inner)


def mark_alike(made: Element, of: Element) -> None:
    """Mark what has been made of a part of a block as that block is marked."""
    for name in (_ROLE, _NUMBER):
        if of.get(name) is not None:
            made.set(name, of.get(name))


def mark_figures(body: Element) -> None:
    """Mark tables and quotations whose figures have been made around them since."""
    for figure in body.iter("figure"):
        inner = [child for child in figure if child.get(_ROLE)]
        held = [child for child in inner if child.tag in {"table", "blockquote"}]
        if held and figure.get(_ROLE) is None:
            for name in (_ROLE, _NUMBER):
                figure.set(name, held[0].get(name))
            for child in inner:
                _unset(child)


def _gone(trees: Iterable[Element]) -> Iterator[Element]:
    """Give the outermost elements that have gone."""
    for tree in trees:
        for element in list(tree.iter()):
            if element.get(_ROLE) == "del" and not any(
                around.get(_ROLE) == "del" for around in element.iterancestors()
            ):
                yield element


def hush(trees: Sequence[Element], definitions: dict[str, Element]) -> None:
    """Let notes and citations that have gone not be counted.

    A note whose call has gone leaves ``definitions``, and stands in place of its call.
    """
    gone = list(_gone([*trees, *definitions.values()]))
    calls = [call for element in gone for call in element.iter("a", "span")]
    silent = set(calls)
    living = {
        call.get("data-label")
        for tree in trees
        for call in tree.iter("a")
        if call.get("class") == "note-call" and call not in silent
    }
    for call in calls:
        match call.get("class"):
            case "citation":
                call.set("class", "removed-citation")
                call.attrib.pop("data-in-text", None)
            case "note-text":
                call.set("class", "removed-note")
            case "note-call":
                label = call.get("data-label")
                call.tag = "span"
                call.attrib.clear()
                call.set("class", "removed-note")
                note = None if label in living else definitions.pop(label, None)
                if note is None:
                    call.text = f"^{label}"
                else:
                    _put_in_line(note, call)


def _put_in_line(note: Element, place: Element) -> None:
    """Put the words of a note's blocks into a line, each block's marked as the block was."""
    for citation in note.iter("span"):
        if citation.get("class") == "citation":
            citation.set("class", "removed-citation")
            citation.attrib.pop("data-in-text", None)
    for block in [one for one in note.iter() if one.tag in _LEAVES and one is not note]:
        number = block.get(_NUMBER)
        words: Element = etree.SubElement(place, "span" if number is None else block.get(_ROLE))
        if number is not None:
            words.set(_NUMBER, number)
        words.text, words.tail = block.text, " "
        words.extend([child for child in block if child.tag not in _BLOCKS])
    if len(place):
        place[-1].tail = None


def take_out(trees: Sequence[Element], citations: Sequence[Citation]) -> tuple[Removed, ...]:
    """Take what has gone out of the trees; ``citations`` are all that have been read."""
    removed: list[Removed] = []
    for element in list(_gone(trees)):
        place = etree.Element("del", {"data-removed": str(len(removed))})
        place.tail, element.tail = element.tail, None
        element.getparent().replace(element, place)
        number = int(element.get(_NUMBER))
        if element.tag == "del":
            element.tag = "span"
        _unset(element)
        removed.append(Removed(number, element, tuple(_silence(element, citations))))
    for tree in trees:
        for element in tree.iter():
            element.attrib.pop(_ROLE, None)
            element.attrib.pop(_CAPTION_IS_WHOLE, None)
    return tuple(removed)


def _silence(content: Element, citations: Sequence[Citation]) -> Iterator[Citation]:
    """Take from words that have gone what would count; give their citations, numbered afresh."""
    count = 0
    for element in list(content.iter()):
        element.attrib.pop(_ROLE, None)
        for name in _INERT:
            element.attrib.pop(name, None)
        classes = (element.get("class") or "").split()
        if classes == ["removed-citation"]:
            yield citations[int(element.get("data-citation"))]
            element.set("class", "citation")
            element.set("data-citation", str(count))
            count += 1
        elif "index-mark" in classes:
            del element.attrib["class"]
        elif element.tag == "img":
            _put_words(element, element.get("src") or element.get("alt"))
        elif classes == ["data", "noindex"]:
            element.getparent().remove(element)


def _put_words(image: Element, words: str) -> None:
    """Let the name of a picture that has gone stand for it."""
    image.attrib.clear()
    image.tag, image.text = "span", words


def shown(trees: Iterable[Element], removed: Iterable[Removed]) -> Set[int]:
    """Give the numbers of the marks that have an element."""
    found = {one.mark for one in removed}
    for tree in (*trees, *(one.content for one in removed)):
        found |= {int(one.get(_NUMBER)) for one in tree.iter() if one.get(_NUMBER) is not None}
    return found
