"""Words with and without a hyphen or marks, initials with and without points, -ise and -ize."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from octavo.checks.consistency.uses import Use, key, letters, mixed, words_of
from octavo.checks.finding import Finding
from octavo.dictionaries import Dictionary
from octavo.prose.passages import Passage

_LEAST_WORD = 5
"""How many letters a word has at the least that is looked for with and without a hyphen."""


def in_two_ways(passages: Sequence[Passage], dictionary: Dictionary | None) -> Iterator[Finding]:
    """Find words that stand with and without a hyphen, or marks; initials, with points or not; and
    -ise among -ize, or the other way round, where the ``dictionary`` has both.
    """  # noqa: D205 - one sentence
    yield from _mixed_words(passages)
    if dictionary is not None:
        yield from _mixed_endings(passages, dictionary)


def _mixed_words(passages: Sequence[Passage]) -> Iterator[Finding]:
    for one in mixed([*_word_uses(passages), *_initials(passages)]):
        message = f'"{one.use.words}" stands here, and {one.times} "{one.common}"'
        yield one.finding(message, "write it in one way")


def _word_uses(passages: Sequence[Passage]) -> Iterator[Use]:
    """Give the words in small letters that stand in more than one way.

    Only in English do marks not make other words of them.
    """
    ways: dict[str, str] = {}
    mixed_things = {
        thing
        for passage in passages
        for thing, way in _ways(passage.text, passage.language)
        if ways.setdefault(thing, way) != way
    }
    for passage in passages:
        for thing, way, start, end in _plain_words(passage.text, passage.language):
            if thing in mixed_things:
                yield Use(thing, way, passage, start, end)


@lru_cache(2**14)
def _ways(text: str, language: str) -> frozenset[tuple[str, str]]:
    return frozenset((thing, way) for thing, way, _, _ in _plain_words(text, language))


@lru_cache(2**14)
def _plain_words(text: str, language: str) -> tuple[tuple[str, str, int, int], ...]:
    """Give words in small letters: what each is an instance of, as it stands, and where."""
    thing_of = key if language.startswith("en") else letters
    return tuple(
        (f"word {thing_of(word[0])}", word[0], word.start(), word.end())
        for word in words_of(text)
        if len(word[0]) >= _LEAST_WORD
        and word[0].islower()
        and not word[0].startswith("re-")
        and not {"'", "’"}.intersection(word[0])
    )


_INITIALS = re.compile(r"(?<![\w.])(?:(?:[A-Z]\.){2,}|[A-Z]{2,})(?![\w.])")


def _initials(passages: Sequence[Passage]) -> Iterator[Use]:
    for passage in passages:
        for found in _INITIALS.finditer(passage.text):
            letters = found[0].replace(".", "")
            yield Use(f"initials {letters}", found[0], passage, found.start(), found.end())


_ISE = re.compile(r"(?P<stem>[a-z]+i)(?P<way>[sz])(?P<end>e[sd]?|ers?|ing|ations?|able)")

_OTHER_WORDS = frozenset({"pri"})
"""Stems of words that mean something else with the other letter: to prise, a prize."""


def _mixed_endings(passages: Sequence[Passage], dictionary: Dictionary) -> Iterator[Finding]:
    met = list(_endings(passages))
    both = {_with(use, way) for use in met for way in "sz"}
    unknown = dictionary.unknown(both)
    uses = [use for use in met if not unknown.intersection(_with(use, way) for way in "sz")]
    for one in mixed([replace(use, thing="endings") for use in uses]):
        others = f"{one.count} words" if one.count > 1 else "a word"
        ways = f"with {one.use.way}, and {others} with {one.common}"
        message = f'"{one.use.words}" is spelled {ways}'
        yield one.finding(message, "British books have either, but one of them throughout")


def _endings(passages: Sequence[Passage]) -> Iterator[Use]:
    for passage in passages:
        for word in words_of(passage.text):
            found = "i" in word[0] and _ISE.fullmatch(word[0].lower())
            if found and found["stem"] not in _OTHER_WORDS:
                thing = f"{found['stem']}*{found['end']}"
                yield Use(thing, found["way"], passage, word.start(), word.end())


def _with(use: Use, way: str) -> str:
    return use.thing.replace("*", way)
