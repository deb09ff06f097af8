"""Signs and spaces that are not a printer's: what typing leaves behind."""

import re
from collections.abc import Iterator, Sequence

from octavo.checks.finding import Finding
from octavo.prose.passages import CALL, Passage

_SPACES = re.compile(r"(?<=\S)[ \u00a0\t]{2,}(?=\S)")
_BEFORE_CALL = re.compile(rf"(?<=\S)\s+(?={CALL})")
_HYPHEN_BETWEEN_SPACES = re.compile(r"(?<=\S)\s+(?P<hyphen>-)\s+(?=\S)")
_HYPHENS = re.compile(r"(?<!-)---?(?!-)")
_RANGE = re.compile(r"(?<![\w./:,–-])(?P<first>\d+)(?P<hyphen>-)(?P<last>\d+)(?![\w/–-]|[.,:]\d)")
_QUOTED = re.compile(r'"[^"]*"|"|\'')
_TWICE = re.compile(r"(?<![\w’'-])(?P<word>[^\W\d_]+)\s+(?P<again>(?P=word))(?![\w’'-])", re.I)

_MONTH, _YEAR = 2, 4
"""The digits of a month before a year, 6-1925, which is no range."""

_DOUBLING = {"id", "ja", "ko", "lo", "ms", "th", "vi", "zh"}
"""Languages in which a word that stands twice is as good as any."""

_CAPITAL_NOUNS = {"de"}
"""Languages in which a capital is no sign of a name."""

_MAY_STAND_TWICE = {
    "de": {"das", "dem", "den", "der", "die", "sie"},
    "en": {"had", "that"},
    "fr": {"nous", "vous"},
}


def double_spaces(passages: Sequence[Passage]) -> Iterator[Finding]:
    """Find two spaces and more between words; those around a mark that prints nothing are apart."""
    for passage in passages:
        for found in _SPACES.finditer(passage.text):
            count = found.end() - found.start()
            if passage.places[found.end() - 1] - passage.places[found.start()] >= count:
                continue
            message = f"{count} spaces stand between two words"
            yield Finding(passage, found.start(), found.end(), message, "one is enough")


def loose_calls(passages: Sequence[Passage]) -> Iterator[Finding]:
    """Find spaces before the calls of notes, and citations that are such."""
    for passage in passages:
        for found in _BEFORE_CALL.finditer(passage.text):
            message = "a space stands before the call of a note"
            hint = "the call stands close to the word or sign before it"
            yield Finding(passage, found.start(), found.end(), message, hint)


def short_dashes(passages: Sequence[Passage]) -> Iterator[Finding]:
    """Find hyphens between spaces, and hyphens that nothing makes dashes of."""
    for passage in passages:
        for found in _HYPHEN_BETWEEN_SPACES.finditer(passage.text):
            at = found.start("hyphen")
            if at not in passage.literal:
                hint = f"write {'--' if passage.is_set else '–'}, or take out the spaces"
                yield Finding(passage, at, at + 1, "a hyphen stands here for a dash", hint)
        for found in () if passage.is_set else _HYPHENS.finditer(passage.text):
            message = "these hyphens are printed as they are: nothing makes a dash of them here"
            hint = f"write {'–' if len(found[0]) == 2 else '—'}"  # noqa: PLR2004
            yield Finding(passage, found.start(), found.end(), message, hint)


def hyphens_in_ranges(passages: Sequence[Passage]) -> Iterator[Finding]:
    """Find ranges of numbers with a hyphen: 1945-1975, 112-13."""
    for passage in passages:
        for found in _RANGE.finditer(passage.text):
            first, last = found["first"], found["last"]
            whole = first[: len(first) - len(last)] + last
            is_month = len(first) <= _MONTH and len(last) == _YEAR
            is_protected = found.start("hyphen") in passage.literal
            if int(whole) > int(first) and not is_month and not is_protected:
                dash = "--" if passage.is_set else "–"
                message = f'the range "{found[0]}" has a hyphen'
                hint = f"write {first}{dash}{last}"
                yield Finding(passage, found.start(), found.end(), message, hint)


def straight_quotes(passages: Sequence[Passage]) -> Iterator[Finding]:
    """Find straight quotation marks and apostrophes that are printed as they stand."""
    for passage in passages:
        for found in () if passage.is_set else _QUOTED.finditer(passage.text):
            is_pair = len(found[0]) > 1
            message = (
                "these quotation marks are printed straight"
                if is_pair
                else "this sign is printed straight"
            )
            hint = "write “ and ”" if found[0][0] == '"' else "write ’"
            yield Finding(passage, found.start(), found.end(), message, hint)


def repeated_words(passages: Sequence[Passage]) -> Iterator[Finding]:
    """Find words that stand twice, unless the language does so, or they are a name."""
    for passage in passages:
        for found in _TWICE.finditer(passage.text):
            word, again = found["word"], found["again"]
            language = passage.language_at(found.start()).split("-", maxsplit=1)[0].lower()
            is_name = again[0].isupper() and language not in _CAPITAL_NOUNS
            may = word.casefold() in _MAY_STAND_TWICE.get(language, ())
            if language not in _DOUBLING and not is_name and not may:
                message = f'"{again}" stands here twice'
                yield Finding(passage, found.start(), found.end(), message, "take one of them out")
