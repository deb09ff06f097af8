"""What the marks of editing are to the book: counted where they are settled, named in a proof."""

import copy
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from lxml import etree

from octavo import citations
from octavo.bibliography import Works
from octavo.book import Section, Target
from octavo.citations import Style
from octavo.criticmarkup import Mode
from octavo.markdown.marking import mark_id
from octavo.markdown.tree import Citation, Element, Mark, MarkKind, Removed
from octavo.markdown.tree import Section as Text
from octavo.problems import Problem, Severity
from octavo.store import Store

_MANY: dict[MarkKind, tuple[str, str]] = {
    "addition": ("addition", "additions"),
    "deletion": ("deletion", "deletions"),
    "substitution": ("substitution", "substitutions"),
    "highlight": ("highlight", "highlights"),
    "comment": ("comment", "comments"),
}


def report(texts: Sequence[Text], mode: Mode) -> Iterator[Problem]:
    """Warn of the marks of editing that are open, file by file, where they are not shown."""
    if mode == "show":
        return
    found: dict[Path, list[Mark]] = {}
    for mark in (mark for text in texts for mark in text.marks):
        found.setdefault(mark.span.path, []).append(mark)
    for path, marks in found.items():
        count = len(marks)
        what = "a mark of editing is" if count == 1 else f"{count} marks of editing are"
        counts = counted([mark.kind for mark in marks])
        message = f"{what} open in this file, and taken as {mode}ed: {counts}"
        hint = f"look at them with --marks show; settle them: resolve --{mode} {path.as_posix()}"
        span = min(mark.span for mark in marks)
        yield Problem("marks-of-editing-are-settled", message, span, hint, Severity.WARNING)


def counted(kinds: Sequence[MarkKind]) -> str:
    """Say how many marks there are of each kind."""
    counts = Counter(kinds)
    return ", ".join(
        f"{counts[kind]} {many if counts[kind] > 1 else one}"
        for kind, (one, many) in _MANY.items()
        if counts[kind]
    )


def format_removed(
    texts: Sequence[Text], works: Works, style: Style, language: str, kept: Store | None
) -> tuple[tuple[Removed, ...], ...]:
    """Give what has been taken out of each section, with its citations as the style has them.

    Each is formatted as if it were the first; a work that is in no bibliography file any more is
    named by its key.
    """
    cited = [citation for text in texts for one in text.removed for citation in one.citations]
    known = [one for one in cited if all(work.key in works.by_key for work in one.works)]
    made = iter(citations.format_apart(known, works, style, language, kept))
    return tuple(tuple(_formatted(one, works, made) for one in text.removed) for text in texts)


def _formatted(removed: Removed, works: Works, made: Iterator[Element]) -> Removed:
    if not removed.citations:
        return removed
    content = copy.deepcopy(removed.content)
    for place in [one for one in content.iter("span") if one.get("class") == "citation"]:
        citation = removed.citations[int(place.get("data-citation"))]
        is_known = all(work.key in works.by_key for work in citation.works)
        words = copy.deepcopy(next(made)) if is_known else _as_written(citation)
        words.tail = place.tail
        is_in_note = any(one.get("class") == "removed-note" for one in place.iterancestors("span"))
        if not citation.in_text and not is_in_note:
            words.set("class", "removed-note")
        if place is content:
            around = etree.Element("span")
            around.append(words)
            content = around
        else:
            place.getparent().replace(place, words)
    return Removed(removed.mark, content)


def _as_written(citation: Citation) -> Element:
    """Give a citation by its works' keys."""
    words = etree.Element("span")
    words.text = "; ".join(
        ", ".join(filter(None, [f"@{work.key}", work.suffix])) for work in citation.works
    )
    return words


def targets(sections: Sequence[Section]) -> Iterator[Target]:
    """Give the targets that the marks of a proof are, for the list of them to lead to."""
    for section in sections:
        for index, mark in enumerate(section.marks):
            name = mark_id(section.id, index)
            yield Target(name, "passage", "", "", section.id, 0, mark.span)
