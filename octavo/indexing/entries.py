"""Places, cross references and the table of names → the index in its order."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from octavo import spelling
from octavo.indexing import sorting
from octavo.indexing.model import Entry, Group, Index, Reference, Run, SubEntry
from octavo.indexing.places import Occurrence
from octavo.indexing.settings import Settings
from octavo.names import Name, Names
from octavo.problems import Span

_EMPHASIS = re.compile(r"\*([^*]+)\*")


def headings_of_names(names: Names) -> dict[str, str]:
    """Give the heading of each name whose forms make places, by its id."""
    return {name.id: heading(name) for name in names.names if name.index == "forms"}


def heading(name: Name) -> str:
    """Give the heading that a name stands under in the index."""
    return name.index_as or name.headword


def make(occurrences: Sequence[Occurrence], names: Names, settings: Settings, home: str) -> Index:
    """Make the index that stands in the section with the id ``home``."""
    drafts = _Drafts(names, settings, home)
    for found in occurrences:
        drafts.take(found)
    drafts.take_references()
    ordered = sorted(drafts.finished(), key=lambda pair: pair[0])
    groups = groupby((entry for _, entry in ordered), key=drafts.letter)
    return Index(
        tuple(Group(letter, tuple(entries)) for letter, entries in groups),
        settings.runs == "joined",
    )


def words(term: str) -> tuple[Run, ...]:
    """Give a heading's words: those between asterisks in italics, as titles of works are."""
    pieces = _EMPHASIS.split(term)
    runs = (Run(piece, italic=index % 2 == 1) for index, piece in enumerate(pieces))
    return tuple(run for run in runs if run.text)


@dataclass
class _Draft:
    """A heading while its places are gathered: by sub-heading, in the order of the book."""

    span: Span
    places: dict[str, list[Occurrence]]
    see: tuple[str, ...] = ()
    see_also: tuple[str, ...] = ()


class _Drafts:
    def __init__(self, names: Names, settings: Settings, home: str) -> None:
        self._settings, self._home = settings, home
        self._by_term: dict[str, _Draft] = {}
        self._given = {given.term: given for given in settings.headings}
        self._names = {heading(name): name for name in reversed(names.names)}

    def take(self, found: Occurrence) -> None:
        """Take a place under its heading."""
        draft = self._by_term.setdefault(found.term, _Draft(found.span, {}))
        draft.places.setdefault(found.sub, []).append(found)

    def take_references(self) -> None:
        """Take the cross references: of headings with places, and those that have nothing else."""
        for given, span in zip(self._settings.headings, self._settings.spans, strict=True):
            if given.see:
                draft = self._by_term.setdefault(given.term, _Draft(span, {}))
                draft.see = given.see
        for term, draft in self._by_term.items():
            own = self._given.get(term)
            name = self._names.get(term)
            draft.see_also = tuple(
                dict.fromkeys((*(own.see_also if own else ()), *(name.see_also if name else ())))
            )

    def finished(self) -> Iterator[tuple[sorting.Key, Entry]]:
        """Give the headings, each with what it is sorted by."""
        ids = dict(self._ids())
        order = self._settings.order
        for term, draft in self._by_term.items():
            subs = [
                SubEntry(words(sub), tuple(found.place for found in places))
                for sub, places in draft.places.items()
                if sub
            ]
            entry = Entry(
                id=ids[term],
                term=term,
                words=self._words(term),
                places=tuple(found.place for found in draft.places.get("", ())),
                span=draft.span,
                subs=tuple(sorted(subs, key=lambda sub: _sub_key(sub, order))),
                see=self._references(draft.see, ids),
                see_also=self._references(draft.see_also, ids),
            )
            yield sorting.key(self._filed_under(term), order), entry

    def letter(self, entry: Entry) -> str:
        """Give the letter that a heading stands under."""
        return sorting.letter(self._filed_under(entry.term))

    def _filed_under(self, term: str) -> str:
        own, name = self._given.get(term), self._names.get(term)
        if own and own.sort:
            return own.sort
        if name and name.sort != name.headword:
            return name.sort
        return term.replace("*", "")

    def _ids(self) -> Iterator[tuple[str, str]]:
        used: Counter[str] = Counter()
        for term in self._by_term:
            base = f"{self._home}--{spelling.slug(term) or 'heading'}"
            used[base] += 1
            yield term, base if used[base] == 1 else f"{base}-{used[base]}"

    def _words(self, term: str) -> tuple[Run, ...]:
        script = self._script(term)
        if not script.text:
            return words(term)
        return (*words(term), Run(" ("), script, Run(")"))

    def _script(self, term: str) -> Run:
        """Give a name as it is written where it comes from, unless its heading is."""
        own, name = self._given.get(term), self._names.get(term)
        if own and own.script is not None:
            return Run(own.script, language=own.language)
        return Run(_characters(name) if name else "", language="zh-Hant")

    def _references(self, terms: Iterable[str], ids: Mapping[str, str]) -> tuple[Reference, ...]:
        ordered = sorted(terms, key=lambda term: sorting.key(self._filed_under(term), "letter"))
        return tuple(Reference(words(term), ids.get(term, "")) for term in ordered)


def _characters(name: Name) -> str:
    """Give the Chinese characters of a name whose heading is their sound: a person's, or pinyin.

    A Vietnamese name is written as its heading is, and a translated one says what it means.
    """
    own = {form.strip() for form in name.vietnamese.split(";")}
    sounds = {spelling.sort_key(form)[0] for form in name.pinyin.split(";")}
    is_sound = name.kind == "person" or spelling.sort_key(name.headword)[0] in sounds
    if not name.pinyin or name.headword in own or not is_sound:
        return ""
    return name.traditional.split(";")[0].strip()


def _sub_key(sub: SubEntry, order: sorting.Order) -> sorting.Key:
    return sorting.sub_key("".join(run.text for run in sub.words), order)
