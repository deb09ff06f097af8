"""What a book writes in two ways: names with and without marks, words, dates, capitals.

Each check gathers *uses*, what is written and in which *way*, and reports those in the way that is
rarer.  Quotations, which keep their own ways, and words in another language are left alone; so is
whatever may well be meant: the checks say little, so that what they say is read.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from octavo.checks import quotation
from octavo.checks.finding import Finding
from octavo.checks.transcription import wade_giles
from octavo.dictionaries import Dictionary
from octavo.names import Name, typographic
from octavo.prose.passages import Passage
from octavo.spelling import plain
from octavo.wording import wording

_WORD = re.compile(r"[^\W\d_][\w\u0300-\u036f]*(?:[-\u2010\u2011'’][^\W\d_][\w\u0300-\u036f]*)*")
_POSSESSIVE = re.compile(r"['’]s?$")

_RUNNING = frozenset({"paragraph", "item", "note", "caption", "cell"})
"""Kinds of passages in which dates are those of the text; titles and lists have their own."""

_LEAST_NAME = 6
"""How many letters a name has at the least that is looked for with other marks."""

_MOST_WORDS = 6
"""How many words such a name has at the most."""

_LEAST_WORD = 5
"""How many letters a word has at the least that is looked for with and without a hyphen."""

_MUCH_RARER = 5
"""How many times rarer the capitals, or their lack, must be than the other way."""


@dataclass(frozen=True)
class _Use:
    """What is written in a ``way`` where it could be in another: all uses of a ``thing``."""

    thing: str
    way: str
    passage: Passage
    start: int
    end: int

    @property
    def words(self) -> str:
        """Give the words as they stand."""
        return self.passage.text[self.start : self.end]


@dataclass(frozen=True)
class _Mixed:
    """A use in the rarer way, the commoner way, and how often the book has that."""

    use: _Use
    common: str
    count: int

    def finding(self, message: str, hint: str = "") -> Finding:
        """Report it."""
        return Finding(self.use.passage, self.use.start, self.use.end, message, hint)


def _mixed(uses: Iterable[_Use], times: int = 1) -> Iterator[_Mixed]:
    """Give the uses in the ways that are ``times`` rarer than the commonest of their thing.

    Only the author's own count.  Of ways that are equally common, the first counts as the common
    one.
    """
    by_thing: dict[str, list[_Use]] = defaultdict(list)
    for use in uses:
        by_thing[use.thing].append(use)
    quoted: dict[int, _Stretches] = {}
    for met in by_thing.values():
        if len({use.way for use in met}) == 1:
            continue
        found = [use for use in met if _is_own(use.passage, use.start, quoted)]
        counts = Counter(use.way for use in found)
        common, count = counts.most_common(1)[0] if counts else ("", 0)
        for use in found:
            if use.way != common and counts[use.way] * times <= count:
                yield _Mixed(use, common, count)


_Stretches = tuple[tuple[int, int], ...]


def _is_own(passage: Passage, at: int, quoted: dict[int, _Stretches]) -> bool:
    """Tell whether a character is the author's: not quoted, and in the passage's language.

    ``quoted`` keeps what is quoted in the passages that have been asked for.
    """
    if passage.foreign and passage.language_at(at) != passage.language:
        return False
    if id(passage) not in quoted:
        quoted[id(passage)] = tuple(quotation.stretches(passage))
    return not any(start <= at < end for start, end in quoted[id(passage)])


@lru_cache(2**14)
def _words(text: str) -> tuple[re.Match[str], ...]:
    """Give the words of a text; several checks want them, and a preview again and again."""
    return tuple(_WORD.finditer(text))


@lru_cache(2**15)
def _key(words: str) -> str:
    """Give letters alone, without marks and case: "Điện Biên Phủ" and "Dien-bien-phu" are one."""
    return "".join(sign for sign in plain(words).casefold() if sign.isalnum())


# Names


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Give the runs of words with capitals that stand side by side."""
    run: list[re.Match[str]] = []
    for word in _words(text):
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


def names_in_two_ways(passages: Sequence[Passage], names: Sequence[Name]) -> Iterator[Finding]:
    """Find names that stand otherwise than ``content/names.toml``, or another place, has them."""
    yield from _other_marks(passages, names)
    yield from _mixed_names(passages, names)


def _other_marks(passages: Sequence[Passage], names: Sequence[Name]) -> Iterator[Finding]:
    """Find names of ``content/names.toml`` with other marks, hyphens or spaces than it has.

    Chinese ones are found in the other transcription, too.  Headings of the index may lead from
    such a form to the name, so words that are printed as they stand are left out.
    """
    chosen, allowed = _forms(names)
    quoted: dict[int, _Stretches] = {}
    for passage in (one for one in passages if one.is_set):
        for run in _runs(passage.text):
            for start, end in _stretches(run, passage.text, chosen, allowed):
                words = _bare(passage.text[start:end])
                if words not in allowed and _is_own(passage, start, quoted) and not words.isupper():
                    message = f'"{words}" is "{chosen[_key(words)]}" written in another way'
                    hint = "content/names.toml can have it as a form, if both are wanted"
                    yield Finding(passage, start, start + len(words), message, hint)


def _forms(names: Sequence[Name]) -> tuple[Mapping[str, str], frozenset[str]]:
    """Give the forms that are looked for by their letters, and all that may stand."""
    allowed: set[str] = set()
    chosen: dict[str, str] = {}
    for name in names:
        allowed.update(name.forms, name.variants)
        for form in name.forms:
            if len(_key(form)) >= _LEAST_NAME and not (form.isascii() and form.isalpha()):
                chosen.setdefault(_key(form), form)
    known = {_key(form) for form in allowed}
    for name in names:
        for other in _transcribed(name):
            if len(_key(other)) >= _LEAST_NAME and _key(other) not in known:
                chosen.setdefault(_key(other), name.headword)
    return chosen, frozenset(allowed)


def _transcribed(name: Name) -> Iterator[str]:
    """Give pinyin and Wade–Giles for a name that the book has in one of them."""
    for pinyin in filter(None, name.pinyin.split(";")):
        ways = (pinyin, wade_giles(pinyin))
        if _key(name.headword) in map(_key, ways):
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
            if words in allowed or _key(words) in chosen:
                yield start, end
                at += count
                break
        else:
            at += 1


@lru_cache(2**15)
def _bare(words: str) -> str:
    """Give a name as the table of names has it, without the ending of a possessive."""
    return _POSSESSIVE.sub("", typographic(words))


def _mixed_names(passages: Sequence[Passage], names: Sequence[Name]) -> Iterator[Finding]:
    """Find names of several words that stand in two ways, though in no table of names."""
    _, allowed = _forms(names)
    known = {_key(form) for form in allowed}
    for mixed in _mixed(_name_uses(passages, known)):
        times = "once" if mixed.count == 1 else f"{mixed.count} times"
        message = f'"{mixed.use.way}" stands here, and {times} "{mixed.common}"'
        yield mixed.finding(message, "write it in one way, or mark what is quoted")


def _name_uses(passages: Sequence[Passage], known: set[str]) -> Iterator[_Use]:
    for passage in passages:
        if passage.kind != "setting":
            for run in _runs(passage.text):
                start, end = run[0].start(), run[-1].end()
                words = _bare(passage.text[start:end])
                key = _key(words)
                if len(run) > 1 and key not in known and not words.isupper():
                    yield _Use(key, words, passage, start, start + len(words))


# Words


def words_in_two_ways(
    passages: Sequence[Passage], dictionary: Dictionary | None
) -> Iterator[Finding]:
    """Find words that stand with and without a hyphen, or marks; initials, with points or not; and
    -ise among -ize, or the other way round, where the ``dictionary`` has both.
    """  # noqa: D205 - one sentence
    yield from _mixed_words(passages)
    if dictionary is not None:
        yield from _mixed_endings(passages, dictionary)


def _mixed_words(passages: Sequence[Passage]) -> Iterator[Finding]:
    for mixed in _mixed([*_word_uses(passages), *_initials(passages)]):
        times = "once" if mixed.count == 1 else f"{mixed.count} times"
        message = f'"{mixed.use.words}" stands here, and {times} "{mixed.common}"'
        yield mixed.finding(message, "write it in one way")


def _word_uses(passages: Sequence[Passage]) -> Iterator[_Use]:
    for passage in passages:
        for word in _words(passage.text):
            way = word[0]
            is_plain = len(way) >= _LEAST_WORD and way.islower() and not way.startswith("re-")
            if is_plain and "'" not in way and "’" not in way:
                yield _Use(f"word {_key(way)}", way, passage, word.start(), word.end())


_INITIALS = re.compile(r"(?<![\w.])(?:(?:[A-Z]\.){2,}|[A-Z]{2,})(?![\w.])")


def _initials(passages: Sequence[Passage]) -> Iterator[_Use]:
    for passage in passages:
        for found in _INITIALS.finditer(passage.text):
            letters = found[0].replace(".", "")
            yield _Use(f"initials {letters}", found[0], passage, found.start(), found.end())


_ISE = re.compile(r"(?P<stem>[a-z]+i)(?P<way>[sz])(?P<end>e[sd]?|ers?|ing|ations?|able)")

_OTHER_WORDS = frozenset({"pri"})
"""Stems of words that mean something else with the other letter: to prise, a prize."""


def _mixed_endings(passages: Sequence[Passage], dictionary: Dictionary) -> Iterator[Finding]:
    met = list(_endings(passages))
    both = {_with(use, way) for use in met for way in "sz"}
    unknown = dictionary.unknown(both)
    uses = [use for use in met if not unknown.intersection(_with(use, way) for way in "sz")]
    for mixed in _mixed([_Use("endings", *_of(use)) for use in uses]):
        others = f"{mixed.count} words" if mixed.count > 1 else "a word"
        ways = f"with {mixed.use.way}, and {others} with {mixed.common}"
        message = f'"{mixed.use.words}" is spelled {ways}'
        yield mixed.finding(message, "British books have either, but one of them throughout")


def _endings(passages: Sequence[Passage]) -> Iterator[_Use]:
    for passage in passages:
        for word in _words(passage.text):
            found = _ISE.fullmatch(word[0].lower())
            if found and found["stem"] not in _OTHER_WORDS:
                thing = f"{found['stem']}*{found['end']}"
                yield _Use(thing, found["way"], passage, word.start(), word.end())


def _with(use: _Use, way: str) -> str:
    return use.thing.replace("*", way)


def _of(use: _Use) -> tuple[str, Passage, int, int]:
    return use.way, use.passage, use.start, use.end


# Dates


_ORDERS = {
    "day": "the day before the month",
    "month": "the month before the day",
    "ordinal": "an ordinal for the day",
}
_YEARS = re.compile(
    r"(?<![\w–-])(?P<first>(?P<century>1[4-9]|20)\d\d)(?:--?|–)"
    r"(?P<last>\d{2}|(?P=century)\d\d)(?![\w–-])"
)
_RANGES = {"long": "both years in full", "short": "the second year short"}


def dates_in_two_ways(passages: Sequence[Passage], language: str) -> Iterator[Finding]:
    """Find dates, and ranges of years, that are written otherwise than most."""
    ways = {**_ORDERS, **_RANGES}
    for mixed in _mixed([*_orders(passages, language), *_year_ranges(passages)]):
        others = f"{mixed.count} others have" if mixed.count > 1 else "another has"
        message = f'"{mixed.use.words}" has {ways[mixed.use.way]}; {others} {ways[mixed.common]}'
        yield mixed.finding(message)


def _orders(passages: Sequence[Passage], language: str) -> Iterator[_Use]:
    months = "|".join(re.escape(month) for month in wording(language).dates.months)
    date = re.compile(
        rf"(?<![\w.,-])(?P<day>\d{{1,2}}(?P<ordinal>st|nd|rd|th)? (?:{months}))(?!\w)"
        rf"|(?<!\w)(?P<month>(?:{months}) \d{{1,2}}(?:st|nd|rd|th)?)(?![\w-])"
    )
    for passage in passages:
        for found in date.finditer(passage.text) if passage.kind in _RUNNING else ():
            way = "month" if found["month"] else "ordinal" if found["ordinal"] else "day"
            yield _Use("date", way, passage, found.start(), found.end())


def _year_ranges(passages: Sequence[Passage]) -> Iterator[_Use]:
    for passage in passages:
        for found in _YEARS.finditer(passage.text) if passage.kind in _RUNNING else ():
            first, last = found["first"], found["last"]
            whole = first[: 4 - len(last)] + last
            if int(whole) > int(first):
                way = "short" if len(last) < len(first) else "long"
                yield _Use("years", way, passage, found.start(), found.end())


# Capitals


def capitals_in_two_ways(passages: Sequence[Passage]) -> Iterator[Finding]:
    """Find terms of two words that have capitals, or none, where mostly it is the other way."""
    for mixed in _mixed(_terms(passages), _MUCH_RARER):
        message = f'"{mixed.use.words}" stands here, and {mixed.count} times {mixed.common}'
        yield mixed.finding(message)


def _terms(passages: Sequence[Passage]) -> Iterator[_Use]:
    """Give pairs of words that have capitals somewhere, but at the heads of sentences."""
    pairs = [(p, *pair) for p in passages if p.kind in _RUNNING for pair in _pairs(p.text)]
    terms = {_pair_key(*pair) for _, *pair in pairs if _have_capitals(*pair)}
    for passage, first, second in pairs:
        key = _pair_key(first, second)
        if key in terms and (_have_capitals(first, second) or (first[0] + second[0]).islower()):
            way = "with capitals" if _have_capitals(first, second) else "without capitals"
            yield _Use(key, way, passage, first.start(), second.end())


def _pairs(text: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Give pairs of words behind another word of the same sentence."""
    words = _words(text)
    for before, first, second in zip(words, words[1:], words[2:], strict=False):
        if text[before.end() : first.start()] == text[first.end() : second.start()] == " ":
            yield first, second


def _pair_key(first: re.Match[str], second: re.Match[str]) -> str:
    return f"{first[0]} {second[0]}".casefold()


def _have_capitals(first: re.Match[str], second: re.Match[str]) -> bool:
    return first[0].istitle() and second[0].istitle()
