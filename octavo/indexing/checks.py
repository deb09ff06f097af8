"""What an indexer would mind (Chicago 18, ch. 15): warnings, with the place that they are about."""

from collections.abc import Iterator, Mapping

from octavo import spelling
from octavo.indexing import locators
from octavo.indexing.locators import Folio
from octavo.indexing.model import Entry, Index, plain
from octavo.indexing.settings import Settings
from octavo.problems import Problem, Severity, Span, nearest

MOST_LOCATORS = 8
"""How many locators a heading may have that are not told apart by sub-headings."""


def headings(index: Index, settings: Settings) -> tuple[Problem, ...]:
    """Give what is to be said of headings and cross references, whatever stands on which page."""
    entries = {entry.term: entry for entry in index.entries()}
    return (
        *_unused(entries, settings),
        *_references(entries, settings),
        *_lone_sub_headings(entries),
        *_near_doubles(entries),
    )


def crowded(index: Index, folio: Folio) -> Iterator[Problem]:
    """Report headings with more locators than a reader follows up."""
    for entry in index.entries():
        for words, places in [
            (plain(entry.words), entry.places),
            *((f"{entry.term}: {plain(sub.words)}", sub.places) for sub in entry.subs),
        ]:
            count = len(locators.locate(places, folio, joins_runs=index.joins_runs))
            if count > MOST_LOCATORS:
                message = f'"{words}" has {count} locators that nothing tells apart'
                hint = "mark its places with sub-headings, or long passages as ranges"
                yield _warning("index-locators-are-told-apart", message, entry.span, hint)


def _warning(rule: str, message: str, span: Span, hint: str) -> Problem:
    return Problem(rule, message, span, hint, Severity.WARNING)


def _unused(entries: Mapping[str, Entry], settings: Settings) -> Iterator[Problem]:
    for given, span in zip(settings.headings, settings.spans, strict=True):
        if given.term not in entries:
            message = f'nothing in the book stands under "{given.term}"'
            hint = nearest(given.term, entries) or "take it out, or mark its places"
            yield _warning("index-heading-is-used", message, span, hint)


def _references(entries: Mapping[str, Entry], settings: Settings) -> Iterator[Problem]:
    places = dict(zip((given.term for given in settings.headings), settings.spans, strict=True))
    by_id = {entry.id: entry for entry in entries.values()}
    for entry in entries.values():
        span = places.get(entry.term, entry.span)
        if entry.see and (entry.places or entry.subs):
            message = f'"{entry.term}" has places of its own, and see leads away from them'
            yield _warning("index-see-has-no-places", message, span, "write see-also")
        for kind, references in (("see", entry.see), ("see also", entry.see_also)):
            for reference in references:
                words = plain(reference.words)
                target = by_id.get(reference.target)
                if target is None and not all(run.italic for run in reference.words):
                    message = f'"{entry.term}": {kind} "{words}", which is no heading'
                    hint = nearest(words, entries) or (
                        "a class of headings stands between asterisks: *individual campaigns*"
                    )
                    yield _warning("index-reference-has-target", message, span, hint)
                elif target is entry:
                    message = f'"{entry.term}" refers to itself'
                    yield _warning("index-reference-leads-on", message, span, "take it out")
                elif target is not None and target.see:
                    message = f'"{entry.term}": {kind} "{words}", which only leads on'
                    hint = f'write "{plain(target.see[0].words)}"'
                    yield _warning("index-reference-leads-to-places", message, span, hint)


def _lone_sub_headings(entries: Mapping[str, Entry]) -> Iterator[Problem]:
    for entry in entries.values():
        if len(entry.subs) == 1 and not entry.places:
            sub = plain(entry.subs[0].words)
            message = f'"{entry.term}" has "{sub}" below it, and nothing else'
            hint = "leave out the sub-heading, or mark other places"
            yield _warning("index-sub-heading-has-others", message, entry.span, hint)


def _near_doubles(entries: Mapping[str, Entry]) -> Iterator[Problem]:
    """Report headings that differ in no more than capitals, marks, signs or a plural's s."""
    met: dict[str, Entry] = {}
    for entry in entries.values():
        letters = spelling.sort_key(entry.term)[0]
        first = met.setdefault(letters.removesuffix("s"), entry)
        if first is not entry:
            message = f'"{entry.term}" and "{first.term}" are nearly the same heading'
            hint = f"the other is first used at {first.span}; mark both with one term"
            yield _warning("index-headings-differ", message, entry.span, hint)
