"""Words that neither a dictionary of the book's language has, nor the book's own list of words.

Names of ``content/names.toml``, of the book's contributors and of the authors in its bibliography
are known, and so are abbreviations; words in another language are not looked at.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import NamedTuple

from octavo import abbreviations, dictionaries
from octavo.checks import quotation
from octavo.checks.finding import Finding
from octavo.checks.seen import Seen
from octavo.compose import Draft
from octavo.dictionaries import Dictionary
from octavo.problems import Problem, Severity, Span
from octavo.prose.passages import Passage
from octavo.store import Store

RULE = "words-are-spelled"

_LETTER = (
    r"[^\W\d_][\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u0900-\u0963\u0966-\u0dff]*"
)
"""A letter with its marks, which Python's expressions do not take for letters."""

_CHUNK = re.compile(r"[^\s\ue100\ue101]+")
_WORD = re.compile(rf"(?<!\w)(?:{_LETTER})+(?:['’](?:{_LETTER})+)*(?!\w)")
_ODD = re.compile(
    r"://|@|\w[.]\w\w|/\w+/|\\"
    "|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff]"
)
"""What is in addresses and files' names; letters of scripts that set no space between words: Thai,
Burmese, Khmer, Chinese …."""

_NAMES = ("family", "given", "literal", "dropping-particle", "non-dropping-particle")
_CREATORS = ("author", "editor", "translator", "container-author")

_SIC = re.compile(r"\s*\[sic\b")

_CLOSE = 0.85
"""How much of a word must be the same in a name that may be meant: see ``difflib``."""

_OFTEN = 4
"""In how many places a word stands that is reported in the first alone."""

_FEW = 12
"""To how many unknown words, at the most, others are suggested: each takes a tenth of a second."""


@dataclass(frozen=True)
class Vocabulary:
    """The words that a book may have: those of a language's dictionary, and those of its own.

    ``regional`` are the language's other dictionaries, which hold in quotations.
    """

    language: str
    dictionary: Dictionary
    regional: tuple[Dictionary, ...]
    own: frozenset[str]

    def unknown(self, words: Iterable[str]) -> Mapping[str, str]:
        """Give those of the words that are none of the book's, and what of each is unknown.

        That is the word, or a piece of it: "Octavio" of "Octavio’s".
        """
        missing = self._missing(words)
        pieces = {word: _pieces(word) for word in missing}
        wrong = self._missing(part for found in pieces.values() for part in found)
        unknown = {}
        for word, found in pieces.items():
            if parts := [part for part in found if part in wrong] if found else [word]:
                unknown[word] = parts[0]
        return unknown

    def _missing(self, words: Iterable[str]) -> frozenset[str]:
        return self.dictionary.unknown({word for word in words if not self._is_own(word)})

    def _is_own(self, word: str) -> bool:
        """Tell whether a word is in the book's list; small words may have a capital there."""
        return word in self.own or (word[:1].isupper() and word.lower() in self.own)

    def elsewhere(self, words: Iterable[str]) -> frozenset[str]:
        """Give those of the words that the language has in other regions."""
        rest = asked = frozenset(words)
        for dictionary in self.regional:
            rest = dictionary.unknown(rest)
        return asked - rest


def vocabulary(draft: Draft, listed: Iterable[str], kept: Store | None) -> Vocabulary | None:
    """Give the vocabulary of a book, with the words of its list; None where no dictionary fits.

    ``kept`` remembers what the dictionary has said.
    """
    language = draft.manuscript.config.language
    found = dictionaries.find(language, kept)
    if not found:
        return None
    names = {word for text in _names(draft) for word in _parts(text)}
    return Vocabulary(language, found[0], found[1:], frozenset(names.union(listed)))


def _names(draft: Draft) -> Iterator[str]:
    """Give the texts whose words are names, or stand for some."""
    for name in draft.names.names:
        yield from (*name.forms, *name.variants, name.index_as, name.vietnamese, name.pinyin)
    for contributor in draft.manuscript.config.contributors:
        yield contributor.name
    yield draft.manuscript.config.publisher
    for work in draft.works.by_key.values():
        for creator in (one for role in _CREATORS for one in work.csl.get(role, ())):
            yield from (str(creator[part]) for part in _NAMES if part in creator)
    yield from abbreviations.listed(draft.manuscript.root)


def _parts(text: str) -> Iterator[str]:
    normal = unicodedata.normalize("NFC", text)
    return (found[0].replace("'", "’") for found in _WORD.finditer(normal))


def _pieces(word: str) -> tuple[str, ...]:
    """Give the pieces of a word with apostrophes, ``Zhou’s``; none where there is no apostrophe."""
    pieces = word.split("’")
    return tuple(piece for piece in pieces if len(piece) > 1) if len(pieces) > 1 else ()


class Word(NamedTuple):
    """A word of a passage: its characters from ``start`` up to ``end``, and how it is looked up."""

    text: str
    passage: Passage
    start: int
    end: int


def _words(passage: Passage, language: str) -> Iterator[Word]:
    """Give the words of a language in a passage that a dictionary can be asked for.

    Those are none of them: initials, words in capitals or with capitals in them, addresses, and
    words in scripts that part none.
    """
    base = _base(language)
    if passage.foreign or _base(passage.language) == base:
        for word, start, end in _looked_up(passage.text):
            if not passage.foreign or _base(passage.language_at(start)) == base:
                yield Word(word, passage, start, end)


def met(passage: Passage, language: str) -> frozenset[str]:
    """Give the words of a language in a passage that a dictionary can tell."""
    return frozenset(word.text for word in _words(passage, language))


def _looked_up(text: str) -> Iterator[tuple[str, int, int]]:
    """Give the words of a text and where they stand."""
    is_odd = _ODD.search(text)
    chunks = [one.span() for one in _CHUNK.finditer(text)] if is_odd else [(0, len(text))]
    for start, end in chunks:
        if not (is_odd and _ODD.search(text, start, end)):
            for word in _WORD.finditer(text, start, end):
                if asked := _asked(word[0]):
                    yield asked, word.start(), word.end()


@lru_cache(2**15)
def _asked(written: str) -> str:
    """Give a word as the dictionary is asked for it; ``""`` where it is not."""
    word = unicodedata.normalize("NFC", written)
    return "" if len(word) == 1 or _has_capitals_within(word) else word.replace("'", "’")


def _has_capitals_within(word: str) -> bool:
    return not (word.islower() or word.istitle()) and any(
        piece[1:] != piece[1:].lower() for piece in re.split("['’]", word)
    )


@cache
def _base(language: str) -> str:
    return language.split("-", maxsplit=1)[0].lower()


def unused(files: Iterable[Seen], listed: Mapping[str, Span]) -> Iterator[Problem]:
    """Report words of the book's list that the book does not have (any more)."""
    had = set().union(*(file.words for file in files))
    had |= {piece for word in had for piece in _pieces(word)}
    for word, span in listed.items():
        if word not in had and word[:1].upper() + word[1:] not in had:
            message = f'the book does not have the word "{word}"'
            yield Problem("listed-word-is-used", message, span, "take it out", Severity.NOTE)


def misspelled(files: Sequence[Seen], vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find words that the book's vocabulary has not.

    Words that stand in many places, which are right more often than not, are reported in the first.
    """
    found = unknown(files, vocabulary)
    counts = Counter(one.words for one in found)
    hints = _hints(counts, vocabulary)
    reported: set[str] = set()
    for one in found:
        word, others = one.words, counts[one.words] - 1
        if others + 1 < _OFTEN:
            yield replace(one, hint=hints[word])
        elif word not in reported:
            message = f"{one.message}; it stands in {others} other places, too"
            yield replace(one, message=message, hint=hints[word])
        reported.add(word)


def unknown(files: Sequence[Seen], vocabulary: Vocabulary) -> Sequence[Finding]:
    """Find all places of words that the book's vocabulary has not.

    In quotations the spelling of any region will do, and what is followed by "[sic]" is meant.
    """
    language = vocabulary.language
    counts: Counter[str] = Counter()
    for file in files:
        counts.update({word: len(indices) for word, indices in file.words.items()})
    parts = vocabulary.unknown(_of_main_script(counts))
    elsewhere = vocabulary.elsewhere(parts)
    found = []
    having = (
        file.having(file.words[part] for part in parts if part in file.words) for file in files
    )
    passages = (passage for some in having for passage in some)
    for word in (word for passage in passages for word in _words(passage, language)):
        if word.text not in parts or _SIC.match(word.passage.text, word.end):
            continue
        if word.text in elsewhere and _is_quoted(word):
            continue
        part = parts[word.text]
        at = word.start + word.text.index(part)
        message = f'"{part}" is in no dictionary'
        found.append(Finding(word.passage, at, at + len(part), message))
    return found


def _of_main_script(words: Counter[str]) -> Collection[str]:
    """Leave out words in other scripts than most: they are another language's."""
    counts: Counter[str] = Counter()
    for word, count in words.items():
        counts[_script(word[0])] += count
    main = max(counts, key=lambda script: (counts[script], script), default="")
    return [word for word in words if _script(word[0]) == main]


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _is_quoted(word: Word) -> bool:
    return any(start <= word.start < end for start, end in quotation.stretches(word.passage))


def _hints(unknown: Collection[str], vocabulary: Vocabulary) -> Mapping[str, str]:
    own = sorted(vocabulary.own)
    hints = {}
    for word in unknown:
        near = get_close_matches(word, own, n=1, cutoff=_CLOSE)
        if not near and len(unknown) <= _FEW:
            near = list(vocabulary.dictionary.suggestions(word)[:2])
        meant = " or ".join(f'"{one}"' for one in near)
        added = f"words --add {word}"
        hints[word] = f"is {meant} meant? if not: {added}" if meant else f"if it is right: {added}"
    return hints
