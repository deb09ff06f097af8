"""Words with and without a hyphen or marks, initials with and without points, -ise and -ize."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from octavo.checks.consistency.uses import Use, in_several_ways, key, letters, mixed, words_of
from octavo.checks.finding import Finding
from octavo.checks.seen import Seen, Way
from octavo.dictionaries import Dictionary
from octavo.prose.passages import Passage

_LEAST_WORD = 5
"""How many letters a word has at the least that is looked for with and without a hyphen."""

_INITIALS = re.compile(r"(?<![\w.])(?:(?:[A-Z]\.){2,}|[A-Z]{2,})(?![\w.])")


def in_two_ways(files: Sequence[Seen], dictionary: Dictionary | None) -> Iterator[Finding]:
    """Find words that stand with and without a hyphen, or marks; initials, with points or not; and
    -ise among -ize, or the other way round, where the ``dictionary`` has both.
    """  # noqa: D205 - one sentence
    for one in mixed(in_several_ways(files, "words", uses)):
        message = f'"{one.use.words}" stands here, and {one.times} "{one.common}"'
        yield one.finding(message, "write it in one way")
    if dictionary is not None:
        yield from _mixed_endings(files, dictionary)


def uses(passages: Sequence[Passage]) -> Iterator[Use]:
    """Give words in small letters, and initials.

    Only in English do marks not make other words of them.
    """
    for passage in passages:
        thing_of = key if passage.language.startswith("en") else letters
        for word in words_of(passage.text):
            if (
                len(word[0]) >= _LEAST_WORD
                and word[0].islower()
                and not word[0].startswith("re-")
                and not {"'", "’"}.intersection(word[0])
            ):
                yield Use(f"word {thing_of(word[0])}", word[0], passage, word.start(), word.end())
        for found in _INITIALS.finditer(passage.text):
            thing = f"initials {found[0].replace('.', '')}"
            yield Use(thing, found[0], passage, found.start(), found.end())


_ISE = re.compile(r"(?P<stem>[a-z]+i)(?P<way>[sz])(?P<end>e[sd]?|ers?|ing|ations?|able)")

_OTHER_WORDS = frozenset({"pri"})
"""Stems of words that mean something else with the other letter: to prise, a prize."""


def _mixed_endings(files: Sequence[Seen], dictionary: Dictionary) -> Iterator[Finding]:
    met = set[Way]().union(*(file.ways["endings"] for file in files))
    unknown = dictionary.unknown({_with(thing, way) for thing, _ in met for way in "sz"})
    sound = {
        (thing, way)
        for thing, way in met
        if not unknown.intersection(_with(thing, way) for way in "sz")
    }
    if len({way for _, way in sound}) == 1:
        return
    having = (file.having(file.ways["endings"].values()) for file in files)
    found = (use for passages in having for use in endings(passages))
    uses = [replace(use, thing="endings") for use in found if (use.thing, use.way) in sound]
    for one in mixed(uses):
        others = f"{one.count} words" if one.count > 1 else "a word"
        ways = f"with {one.use.way}, and {others} with {one.common}"
        message = f'"{one.use.words}" is spelled {ways}'
        yield one.finding(message, "British books have either, but one of them throughout")


def endings(passages: Sequence[Passage]) -> Iterator[Use]:
    """Give the words that could end in -ise or in -ize."""
    for passage in passages:
        for word in words_of(passage.text):
            found = "i" in word[0] and _ISE.fullmatch(word[0].lower())
            if found and found["stem"] not in _OTHER_WORDS:
                thing = f"{found['stem']}*{found['end']}"
                yield Use(thing, found["way"], passage, word.start(), word.end())


def _with(thing: str, way: str) -> str:
    return thing.replace("*", way)
