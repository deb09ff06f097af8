"""Ranges of cross references, ``[](#fig-a){to="#fig-c"}``: what they may run from and to."""

from collections.abc import Iterator, Mapping, Sequence

from octavo.book import Target
from octavo.manuscript import Source
from octavo.markdown.finish import span_of
from octavo.markdown.tree import Section
from octavo.problems import Problem

_UNNUMBERED_YET = {"note"}
"""Kinds whose numbers are given when the citations have been formatted."""


def check(
    sources: Sequence[Source], sections: Sequence[Section], targets: Mapping[str, Target]
) -> Iterator[Problem]:
    """Report ranges over things of two kinds, backwards, or over what has no numbers."""
    order = {name: place for place, name in enumerate(_ids(sources, sections))}
    for source, section in zip(sources, sections, strict=True):
        trees = [section.title, section.body, *(note.body for note in section.notes)]
        for link in (link for tree in trees for link in tree.iter("a")):
            ends = [targets.get((link.get(name) or "")[1:]) for name in ("href", "data-to")]
            if ends[0] is None or ends[1] is None:
                continue
            fault = _fault(ends[0], ends[1], order, link.get("data-form"))
            if fault:
                rule, message, hint = fault
                yield Problem(rule, message, span_of(link, source.path), hint)


def _fault(
    first: Target, last: Target, order: Mapping[str, int], form: str
) -> tuple[str, str, str] | None:
    """Give the rule that does not hold, what was found, and what may help."""
    if first.kind != last.kind:
        message = f"this range runs from a {first.kind} to a {last.kind}"
        return "range-is-of-one-kind", message, "write two cross references"
    if order.get(first.id, 0) >= order.get(last.id, 0):
        message = f'this range runs backwards: "{last.id}" does not stand behind "{first.id}"'
        return "range-runs-forwards", message, f'write [](#{last.id}){{to="#{first.id}"}}'
    if first.kind == "note" and first.section != last.section:
        message = "this range runs over the notes of two sections, which are numbered afresh"
        return "range-is-of-one-section", message, "write two cross references"
    lacking = next((end for end in (first, last) if not end.number), None)
    if lacking is not None and form == "number" and first.kind not in _UNNUMBERED_YET:
        message = f'"{lacking.id}" has no number, so that no range can be named'
        return "range-has-numbers", message, "name the pages: {.page}"
    return None


def _ids(sources: Sequence[Source], sections: Sequence[Section]) -> Iterator[str]:
    """Give the ids of everything in reading order, notes where they are called."""
    for source, section in zip(sources, sections, strict=True):
        yield source.id
        for tree in (section.title, section.body):
            for element in tree.iter("*"):
                if element.get("id"):
                    yield element.get("id")
                if element.get("class") == "note-call":
                    note = section.notes[int(element.get("data-note"))]
                    yield f"fn-{note.label}"
                    yield from (inner.get("id") for inner in note.body.iterfind(".//*[@id]"))
