"""The page facts, ``pages.json``: what stands on which page, for whoever has to cite or to check.

An object with ``pages``, a list of one object a page, in the order of the sheets:

==============  ====================================================================================
``ordinal``     the page's number in the PDF, from 1
``folio``       the number printed or counted ("xii", "47")
``section``     the id of its section; null for a blank page
``size``        width and height in points
``ids``         the ids that begin on it
``notes``       the ids of the notes that stand on it, whole or in part
``rests``       the notes that go on from the page before: ``note``, its id; ``characters``, how
                many of the note's come before, counted as below
``begins``      where its text begins: ``block``, the id of a block or ``SECTION.bN`` for the N-th
                block of the section's text; ``characters``, how many of the block's characters
                come before (white space, note calls, and hyphens at line ends not counted);
                ``words``, the first words; null where a page has no text
``ends``        the last words of its text
==============  ====================================================================================
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from octavo.numerals import Numerals, folio
from octavo.typeset.facts import Beginning, NoteFact
from octavo.typeset.joined import Joined


def make(joined: Joined) -> bytes:
    """Write the facts as JSON, one page a line."""
    lines = [json.dumps(page, ensure_ascii=False) for page in _pages(joined)]
    return ('{"pages": [\n' + ",\n".join(lines) + "\n]}\n").encode()


def _pages(joined: Joined) -> Iterator[dict[str, Any]]:
    size = list(joined.trim)
    met: set[str] = set()
    done = number = 0
    numerals: Numerals = "roman"
    for laid, section in zip(joined.laid, joined.pagination.sections, strict=True):
        for ordinal in range(done + 1, section.first + 1):
            number += 1
            yield _page(ordinal, folio(number, numerals), None, size)
        numerals = section.numerals
        rests = _rests(laid.notes)
        for index, fact in enumerate(laid.pages):
            ids = [name for name in fact.ids if name not in met]
            met.update(ids)
            label = folio(section.first_folio + index, section.numerals)
            yield {
                **_page(section.first + index + 1, label, laid.section, size),
                "ids": ids,
                "notes": list(fact.notes),
                "rests": rests.get(index, []),
                "begins": _beginning(laid.section, fact.beginning),
                "ends": fact.last_words,
            }
        done = section.first + len(laid.pages)
        number = section.first_folio + len(laid.pages) - 1
    for ordinal in range(done + 1, joined.pagination.pages + 1):
        number += 1
        yield _page(ordinal, folio(number, numerals), None, size)


def _rests(notes: Iterable[NoteFact]) -> dict[int, list[dict[str, Any]]]:
    """Give the notes that go on on each page of a section."""
    found: dict[int, list[dict[str, Any]]] = {}
    for note in notes:
        for page, characters in list(zip(note.pages, note.starts, strict=True))[1:]:
            found.setdefault(page, []).append({"note": note.id, "characters": characters})
    return found


def _page(ordinal: int, label: str, section: str | None, size: list[float]) -> dict[str, Any]:
    return {
        "ordinal": ordinal,
        "folio": label,
        "section": section,
        "size": size,
        "ids": [],
        "notes": [],
        "rests": [],
        "begins": None,
        "ends": "",
    }


def _beginning(section: str, beginning: Beginning | None) -> dict[str, Any] | None:
    if beginning is None:
        return None
    block = f"{section}{beginning.block}" if beginning.block.startswith(".") else beginning.block
    return {"block": block, "characters": beginning.characters, "words": beginning.words}
