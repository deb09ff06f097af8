"""Citations that were edited, given the form that they would have where they stand now.

Whether a work is cited in full or in short follows from the citations before it.  So that only what
the editor wrote is marked, the old citation is formatted once more, in the place of the new one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from octavo import citations
from octavo.book import Note, Section
from octavo.citations import Formatted
from octavo.compose import Draft
from octavo.markdown.tree import Citation
from octavo.redline.alignment import equal_pairs
from octavo.redline.homes import Home, Side
from octavo.redline.matching import Matched
from octavo.redline.tokens import Token, of_block
from octavo.store import Store

_Place = tuple[str, int]
"""A citation: the id of its section, and its index there."""


@dataclass(frozen=True)
class Edited:
    """A citation that was edited: where it was and where it is, and how it was written."""

    old: _Place
    new: _Place
    citation: Citation


def differing(
    was: Sequence[Token], now: Sequence[Token], old: Home, new: Home
) -> list[tuple[int, int]]:
    """Pair the citations in two texts that stand at the same place and differ, by their indices.

    Citations that are notes of their own are not among them: those are their calls.
    """
    olds = [n for n, token in enumerate(was) if _is_cited(token, old)]
    news = [n for n, token in enumerate(now) if _is_cited(token, new)]
    pairs = equal_pairs([was[n].key for n in olds], [now[n].key for n in news])
    found: list[tuple[int, int]] = []
    start = (0, 0)
    for i, j in [*pairs, (len(olds), len(news))]:
        found += zip(olds[start[0] : i], news[start[1] : j], strict=False)
        start = (i + 1, j + 1)
    return found


def _is_cited(token: Token, home: Home) -> bool:
    return (
        token.kind == "atom"
        and token.element.get("class") == "citation"
        and home.note(token.element) is None
        and home.formatted(token.element) is not None
    )


def edited(matched: Matched) -> Iterator[Edited]:
    """Give the citations in notes that have been edited."""
    olds = {number: (note, home) for number, note, home in _numbered(matched, of_old=True)}
    for number, now, new in _numbered(matched, of_old=False):
        if number in olds:
            was, old = olds[number]
            for i, j in _differing_in(was, now, old, new):
                before, after = (old.section.id, i), (new.section.id, j)
                yield Edited(before, after, old.side.written[old.section.id][i])


def _numbered(matched: Matched, *, of_old: bool) -> Iterator[tuple[int, Note, Home]]:
    for pair in matched.pairs:
        home = pair.old if of_old else pair.new
        for note in () if home is None else home.section.notes:
            number = home.pairs.get((home.section.id, note.number)) if home else None
            if home is not None and number is not None:
                yield number, note, home


def _differing_in(was: Note, now: Note, old: Home, new: Home) -> Iterator[tuple[int, int]]:
    """Give the indices of the citations in two notes that differ."""
    i, j = old.bare(was), new.bare(now)
    if i is not None and j is not None:
        if old.written_note(was) != new.written_note(now):
            yield i, j
        return
    before = [token for block in old.note_blocks(was) for token in of_block(block, old)]
    after = [token for block in new.note_blocks(now) for token in of_block(block, new)]
    for m, n in differing(before, after, old, new):
        elements = before[m].element, after[n].element
        yield int(elements[0].get("data-citation")), int(elements[1].get("data-citation"))


def in_place(old: Side, draft: Draft, found: Sequence[Edited], kept: Store) -> Side:
    """Give the old state with edited citations as they would be printed in the new one.

    ``draft`` is the new state's.  A citation of a work that this does not know stays as it is.
    """
    known = draft.works.by_key
    usable = [one for one in found if all(work.key in known for work in one.citation.works)]
    if not usable or draft.style is None:
        return old
    manuscript, style = draft.manuscript, draft.style
    names = [source.id for source in manuscript.sources]
    by_new = {one.new: one.citation for one in usable}
    texts = [
        replace(
            text,
            citations=tuple(
                by_new.get((name, index), one) for index, one in enumerate(text.citations)
            ),
        )
        for name, text in zip(names, draft.texts, strict=True)
    ]
    settings = manuscript.config.citations
    language = settings.language or manuscript.config.language
    cited = citations.format_all(texts, draft.works, style, language, kept, settings)
    made = {one.old: cited.citations[names.index(one.new[0])][one.new[1]] for one in usable}
    sections = tuple(_with_citations(section, made) for section in old.book.sections)
    return replace(old, book=replace(old.book, sections=sections))


def _with_citations(section: Section, made: Mapping[_Place, Formatted]) -> Section:
    """Give a section with other forms of some of its citations, and of the notes that they are."""
    cited = tuple(made.get((section.id, index), one) for index, one in enumerate(section.citations))
    bodies = {
        note.number: cited[index].text
        for (kind, index), note in section.note_of_call.items()
        if kind == "citation" and (section.id, index) in made and note.body is not None
    }
    notes = tuple(
        note if bodies.get(note.number) is None else replace(note, body=bodies[note.number])
        for note in section.notes
    )
    by_number = {note.number: note for note in notes}
    calls = {call: by_number[note.number] for call, note in section.note_of_call.items()}
    return replace(section, citations=cited, notes=notes, note_of_call=calls)
