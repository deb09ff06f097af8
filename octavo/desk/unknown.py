"""The words of a book that neither a dictionary nor its own list has, and how often it has them."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from octavo import compose, manuscript, wordlist
from octavo.checks import silences, spelling, words
from octavo.checks.spelling import RULE
from octavo.problems import Problem, Span
from octavo.prose import book as prose
from octavo.store import Store


@dataclass(frozen=True)
class Unknown:
    """An unknown word: how often the book has it, and where first."""

    word: str
    count: int
    first: Span


def find(root: Path, kept: Store) -> tuple[Unknown, ...]:
    """Give the unknown words of the book in ``root``, the most frequent first.

    Those are left out that a comment allows at their place.

    Raises ``BookError`` when its settings cannot be used.
    """
    draft = compose.draft(manuscript.load(root, kept=kept), kept)
    in_notes = draft.style is None or draft.style.kind == "note"
    text = prose.read(draft.manuscript, kept, cites_in_notes=in_notes)
    vocabulary = spelling.vocabulary(draft, wordlist.load(root).words, kept)
    config, listed = draft.manuscript.config, draft.names.names
    files = tuple(words.look(text.parts, config.language, listed, kept))
    found = spelling.unknown(files, vocabulary) if vocabulary else ()
    allowed, _ = silences.read(text.texts)
    met = [
        (one.words, one.span)
        for one in found
        if not any(silence.covers(Problem(RULE, one.message, one.span)) for silence in allowed)
    ]
    counts = Counter(word for word, _ in met)
    firsts = dict(reversed(met))
    ranked = sorted(counts, key=lambda word: (-counts[word], word.casefold(), word))
    return tuple(Unknown(word, counts[word], firsts[word]) for word in ranked)
