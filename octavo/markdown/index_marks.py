"""Index marks, which are spans of four classes (``spans`` reads their brackets and attributes).

========================================================  ==========================================
``[text]{.index}``                                        a place under the heading *text*
``[text]{.index term="…" sub="…" main}``                  under another heading, below a
                                                          sub-heading, as the main place
``[]{.index-start term="…"}`` … ``[]{.index-end term="…"}``   from here to there
``[text]{.noindex}``                                      names in *text* make no places
========================================================  ==========================================
"""

from collections.abc import Set
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from octavo.markdown.reading import Reading
from octavo.problems import Span

CLASSES = ("index", "index-end", "index-start", "noindex")
MAIN = "main"
_ATTRIBUTES = ("term", "sub")
_KNOWN = "known here: term, sub, main, lang, #id; see and see-also stand in content/index.toml"


@dataclass(frozen=True)
class Marked:
    """What a span is as an index mark: the classes that said so, those that it gets, its data.

    ``known`` says which attributes it may have; ``""`` where it is none.
    """

    written: Set[str] = frozenset()
    classes: tuple[str, ...] = ()
    data: Set[str] = frozenset()
    known: str = ""


def take(element: Element, classes: Set[str], span: Span, reading: Reading) -> Marked:
    """Make an index mark of a span that is one: its attributes become the tree's (see ``tree``).

    What cannot be a mark is reported, and stays plain text.
    """
    found = sorted(classes & set(CLASSES))
    if not found:
        return Marked()
    written = set(found)
    is_main = MAIN in classes or element.attrib.pop(MAIN, None) is not None
    if is_main:
        written.add(MAIN)
    given = {
        name: " ".join(element.attrib.pop(name).split())
        for name in _ATTRIBUTES
        if name in element.attrib
    }
    if len(found) > 1:
        message = f"this is .{found[0]} and .{found[1]} at once"
        reading.error(
            "index-mark-is-of-one-kind", message, span, "one of them to a pair of brackets"
        )
        return Marked(written)
    kind = found[0]
    if kind == "noindex":
        if given or is_main:
            message = "what is left out of the index has no heading there"
            reading.error("index-mark-is-of-one-kind", message, span, "write {.noindex} alone")
        return Marked(written, ("noindex",))
    if kind == "index-end" and is_main:
        message = "the end of a range cannot be the main place"
        reading.error("index-mark-is-of-one-kind", message, span, "mark the range's beginning so")
    if not given.get("term") and not reading.marks.remove(element.text or "").strip():
        message = "this index mark has no heading"
        hint = f'name one: [{"" if "-" in kind else "…"}]{{.{kind} term="…"}}'
        reading.error("index-mark-has-term", message, span, hint)
        return Marked(written)
    data = {f"data-{name}": value for name, value in given.items() if value}
    data["data-index"] = kind.removeprefix("index").lstrip("-") or "place"
    if is_main:
        data["data-main"] = "true"
    for name, value in data.items():
        element.set(name, value)
    return Marked(written, ("index-mark",), set(data), _KNOWN)
