"""Names that stand otherwise than the table of names, or another place of the book, has them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from octavo.checks.consistency.transcription import wade_giles
from octavo.checks.consistency.uses import (
    Ownership,
    Use,
    has_marks,
    in_several_ways,
    key,
    letters,
    mixed,
    words_of,
)
from octavo.checks.finding import Finding
from octavo.checks.seen import Seen
from octavo.names import Name, typographic
from octavo.prose.passages import Passage

_POSSESSIVE = re.compile(r"['’]s?$")

_LEAST_NAME = 6
"""How many letters a name has at the least that is looked for with other marks."""

_MOST_WORDS = 6
"""How many words such a name has at the most."""


def otherwise_than_listed(passages: Sequence[Passage], names: Sequence[Name]) -> Iterator[Finding]:
    """Find names of ``content/names.toml`` with other marks, hyphens or spaces than it has.

    Chinese ones are found in the other transcription, too.  Headings of the index may lead from
    such a form to the name, so words that are printed as they stand are left out.
    """
    chosen, allowed = _forms(names)
    own = Ownership()
    for passage in (one for one in passages if one.is_set):
        for run in _runs(passage.text):
            for start, end in _stretches(run, passage.text, chosen, allowed):
                words = _bare(passage.text[start:end])
                form = chosen.get(key(words), "")
                if words in allowed or words.isupper() or not _is_meant(words, form, passage):
                    continue
                if own.holds(passage, start):
                    message = f'"{words}" is "{form}" written in another way'
                    hint = "content/names.toml can have it as a form, if both are wanted"
                    yield Finding(passage, start, start + len(words), message, hint)


def _is_meant(words: str, form: str, passage: Passage) -> bool:
    """Tell whether words can be a name's form: other marks may make another name.

    Words that have none at all are the form, but in Vietnamese, which has such names too.
    """
    if letters(words) == letters(form) or key(words) != key(form):
        return True
    is_vietnamese = passage.language.partition("-")[0].lower() == "vi"
    return not is_vietnamese and not (has_marks(words) and has_marks(form))


def _forms(names: Sequence[Name]) -> tuple[Mapping[str, str], frozenset[str]]:
    """Give the forms that are looked for by their letters, and all that may stand."""
    allowed: set[str] = set()
    chosen: dict[str, str] = {}
    for name in names:
        allowed.update(name.forms, name.variants)
        for form in name.forms:
            if len(key(form)) >= _LEAST_NAME and not (form.isascii() and form.isalpha()):
                chosen.setdefault(key(form), form)
    known = {key(form) for form in allowed}
    for name in names:
        for other in _transcribed(name):
            if len(key(other)) >= _LEAST_NAME and key(other) not in known:
                chosen.setdefault(key(other), name.headword)
    return chosen, frozenset(allowed)


def _transcribed(name: Name) -> Iterator[str]:
    """Give pinyin and Wade–Giles for a name that the book has in one of them."""
    for pinyin in filter(None, name.pinyin.split(";")):
        ways = (pinyin, wade_giles(pinyin))
        if key(name.headword) in map(key, ways):
            yield from ways


def _stretches(
    run: Sequence[re.Match[str]],
    text: str,
    chosen: Mapping[str, str],
    allowed: frozenset[str],
) -> Iterator[tuple[int, int]]:
    """Give the stretches of a run that have the letters of a form, longer ones first."""
    at = 0
    while at < len(run):
        for count in range(min(_MOST_WORDS, len(run) - at), 0, -1):
            start, end = run[at].start(), run[at + count - 1].end()
            words = _bare(text[start:end])
            if words in allowed or key(words) in chosen:
                yield start, end
                at += count
                break
        else:
            at += 1


@lru_cache(2**15)
def _bare(words: str) -> str:
    """Give a name as the table of names has it, without the ending of a possessive."""
    return _POSSESSIVE.sub("", typographic(words))


def in_two_ways(files: Sequence[Seen], names: Sequence[Name]) -> Iterator[Finding]:
    """Find names of several words that stand in two ways, though in no table of names."""
    _, allowed = _forms(names)
    known = {key(form) for form in allowed}
    found = in_several_ways(files, "names", uses)
    for one in mixed(use for use in found if use.thing not in known):
        if _is_meant(one.use.way, one.common, one.use.passage):
            message = f'"{one.use.way}" stands here, and {one.times} "{one.common}"'
            yield one.finding(message, "write it in one way, or mark what is quoted")


def uses(passages: Sequence[Passage]) -> Iterator[Use]:
    """Give the names of several words."""
    for passage in passages:
        if passage.kind != "setting":
            for run in _runs(passage.text):
                start, end = run[0].start(), run[-1].end()
                words = _bare(passage.text[start:end])
                if len(run) > 1 and not words.isupper():
                    yield Use(key(words), words, passage, start, start + len(words))


def _runs(text: str) -> Iterator[Sequence[re.Match[str]]]:
    """Give the runs of words with capitals that stand side by side."""
    run: list[re.Match[str]] = []
    for word in words_of(text):
        if run and text[run[-1].end() : word.start()] != " ":
            yield run
            run = []
        if word[0][0].isupper():
            run.append(word)
        elif run:
            yield run
            run = []
    if run:
        yield run
