"""The things that an exported document holds, as they come back: citations, references, rules.

Each is a locked control with a bookmark around it (``writing``): where a program has forgotten the
control's tag, the bookmark says what it was.
"""

import re
from collections.abc import Sequence

from octavo.word.outline import CITATION, REFERENCE, RULE, Format
from octavo.word.pieces import Control, Piece
from octavo.word.writing import check_of

TAG = re.compile(
    r"octavo:(?P<kind>citation|reference|made|rule)"
    r"(?::(?P<file>\d+):(?P<place>-?\d+):(?P<check>\w+))?"
)
BOOKMARK = re.compile(
    r"_octavo(?P<kind>[crmu])(?:_(?P<file>\d+)_(?P<place>\d+)_(?P<check>[0-9a-f]{8}))?_\d+(?:_C.*)?"
)
"""A control's tag, and the bookmark around it (``writing``).

LibreOffice calls the bookmarks in notes copies.
"""

_KINDS = {"c": "citation", "r": "reference", "m": "made", "u": "rule"}


def bookmarked(found: re.Match[str], inner: Sequence[Piece]) -> list[Piece]:
    """Make a thing of what stands between a bookmark's ends, if no control has said so.

    ``found`` is its name, as ``BOOKMARK`` matches it.  What was put in at either end stays outside.
    """
    if not inner or any(isinstance(piece.held, Control) for piece in inner):
        return list(inner)
    ahead, behind = 0, len(inner)
    while ahead < behind and _is_put_in(inner[ahead]):
        ahead += 1
    while ahead < behind and _is_put_in(inner[behind - 1]):
        behind -= 1
    if ahead == behind:
        ahead, behind = 0, len(inner)
    made = controlled(found, "", inner[ahead:behind])
    return [*inner[:ahead], *made, *inner[behind:]]


def _is_put_in(piece: Piece) -> bool:
    return piece.change is not None and piece.change.kind == "insertion"


def controlled(found: re.Match[str], alias: str, pieces: Sequence[Piece]) -> list[Piece]:
    """Give the thing that a control holds: what has happened to all of it has happened to it."""
    kind = _KINDS.get(found["kind"], found["kind"])
    if kind == "made":
        return []
    changes = {piece.change for piece in pieces}
    change = next(iter(changes)) if len(changes) == 1 else None
    kept = [piece for piece in pieces if piece.change is None or piece.change.kind == "insertion"]
    text = "".join(piece.key for piece in (pieces if change else kept) if piece.held is None)
    held = Control(
        kind,
        int(found["file"] or -1),
        int(found["place"] or -1),
        alias,
        changed=len(changes) > 1 or (bool(found["check"]) and check_of(text) != found["check"]),
    )
    key = {"citation": CITATION, "reference": REFERENCE, "rule": RULE}[kind]
    return [Piece(key, Format(), change, held)]
