"""A book's folder → the book, composed and checked, without its pages: what every command begins
with.
"""  # noqa: D205 - one sentence

import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from octavo import compose, fonts, manuscript, press, wordlist
from octavo.book import Book
from octavo.checks import distribution, glyphs, judging, links, spelling, values, words
from octavo.checks.consistency import capitals, dates
from octavo.checks.consistency import names as names_consistency
from octavo.checks.consistency import words as words_consistency
from octavo.checks.finding import Finding
from octavo.checks.judging import Judge
from octavo.checks.seen import Seen
from octavo.compose import Composed, Draft
from octavo.editions import paging
from octavo.editions.paging import Paging
from octavo.fonts import Face
from octavo.indexing import checks as index_checks
from octavo.manuscript import Manuscript
from octavo.outcome import CACHE
from octavo.problems import BookError, Problem, errors
from octavo.prose import book as prose
from octavo.prose.book import Prose
from octavo.rules import Stage
from octavo.store import Store
from octavo.typeset.condition import PrintingCondition


def font_folder() -> Path:
    """Give the folder of the cut fonts, which all books of a user share (XDG Base Directory)."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    home = Path(base) if Path(base).is_absolute() else Path.home() / ".cache"
    return home / "octavo" / "fonts"


@dataclass(frozen=True)
class Checked:
    """A composed book that has passed the checks, the faces and the press that it is for.

    ``problems`` are as bad as the book has them; ``met`` are all, before ``judge`` has seen them.
    ``stages`` are those in which they were looked for; ``prose`` are the book's words.
    """

    book: Book
    faces: tuple[Face, ...]
    condition: PrintingCondition
    problems: tuple[Problem, ...]
    met: tuple[Problem, ...]
    judge: Judge
    prose: Prose
    stages: frozenset[Stage] = frozenset({"text"})

    def with_more(self, found: Iterable[Problem], stages: Collection[Stage] = ()) -> "Checked":
        """Give the book with what has been found in further ``stages``."""
        met = (*self.met, *found)
        gone_through = self.stages.union(stages)
        problems = self.judge.judge([*met, *self.judge.without_effect(met, gone_through)])
        return replace(self, problems=problems, met=met, stages=gone_through)


def check(root: Path, kept: Store | None = None) -> Checked:
    """Read, compose and check the book in ``root``.

    ``kept`` remembers what was read, and formatted, before.
    Raises ``BookError`` with all problems when one of them is an error.
    """
    return checked(manuscript.load(root, kept=kept), kept)


class Words:
    """The words of a draft, which are looked through once, in ``steps``."""

    def __init__(self, draft: Draft, kept: Store | None) -> None:
        """Look through ``draft`` when asked to; ``kept`` remembers what has been seen."""
        self._draft, self._kept = draft, kept
        self._seen: tuple[Prose, tuple[Problem, ...]] | None = None
        self.steps = self._looking()

    def look(self) -> tuple[Prose, tuple[Problem, ...]]:
        """Give the words as they stand in the sources, and what the checks find in them.

        What ``steps`` have not done is done first.
        """
        deque(self.steps, maxlen=0)
        assert self._seen is not None
        return self._seen

    def _looking(self) -> Iterator[None]:
        """Look through the draft, a file a step."""
        given, style = self._draft.manuscript, self._draft.style
        in_notes = style is None or style.kind == "note"
        read = prose.read(given, self._kept, cites_in_notes=in_notes)
        yield
        files = []
        names = self._draft.names.names
        for file in words.look(read.parts, given.config.language, names, self._kept):
            files.append(file)
            yield
        self._seen = read, tuple(_in_words(self._draft, files, self._kept))


@dataclass(frozen=True)
class Unchecked:
    """A book that can be shown, before it has been checked: what ``look_through`` begins with."""

    draft: Draft
    composed: Composed
    faces: tuple[Face, ...]
    condition: PrintingCondition
    words: Words
    kept: Store | None

    @property
    def book(self) -> Book:
        """Give the book."""
        return self.composed.book


def unchecked(given: Manuscript, kept: Store | None) -> Unchecked:
    """Compose a manuscript, and no more.

    Raises ``BookError`` where that cannot be done; ``checked`` says in that case whether the book
    lets the errors pass.
    """
    draft = compose.draft(given, kept)
    condition, found = press.condition(given, given.root)
    if condition is None:
        raise BookError(found)
    words = Words(draft, kept)
    composed = compose.finish(draft, kept, words.steps)
    return Unchecked(draft, composed, fonts.faces(font_folder()), condition, words, kept)


def begun(given: Manuscript, kept: Store | None) -> Unchecked | Checked:
    """Compose a manuscript; what it may let pass is known only when all of it has been checked.

    Raises what ``check`` raises where that cannot be done.
    """
    try:
        return unchecked(given, kept)
    except BookError:
        return checked(given, kept)


def look_through(made: Unchecked) -> Checked:
    """Check a book that has been composed; nothing is raised where one of the problems is an error.

    The book is the same as that of ``checked``.
    """
    found, read, judge = _found(made.draft, made.faces, made.words, made.kept)
    met = judge.tolerated([*made.composed.problems, *found])
    judged = judge.judge(met)
    return Checked(made.book, made.faces, made.condition, judged, met, judge, read)


class Looking:
    """A composed book that is being looked through: at leisure, while others set its pages."""

    def __init__(self, given: Manuscript, kept: Store | None) -> None:
        """Compose ``given``.  Raises what ``check`` raises where that cannot be done."""
        self.made = begun(given, kept)

    def steps(self) -> Iterator[None]:
        """Look through the book, in one step.  Raises what ``done`` raises."""
        self.done()
        yield

    def done(self) -> Checked:
        """Give the book when it has been checked.

        Raises ``BookError`` with all problems when one of them is an error.
        """
        if isinstance(self.made, Unchecked):
            self.made = look_through(self.made)
        if errors(self.made.problems):
            raise BookError(self.made.problems)
        return self.made


def checked(given: Manuscript, kept: Store | None) -> Checked:
    """Do as ``check`` with a manuscript that has been read."""
    draft = compose.draft(given, kept)
    faces = fonts.faces(font_folder())
    condition, unfit = press.condition(given, given.root)
    found, read, judge = _found(draft, faces, Words(draft, kept), kept)
    found += unfit
    problems = judge.tolerated([*draft.problems, *found])
    try:
        composed = compose.finish(replace(draft, problems=problems), kept)
    except BookError as error:
        raise BookError(judge.judge(error.problems)) from None
    assert condition is not None
    judged = judge.judge(composed.problems)
    if errors(judged):
        raise BookError(judged)
    return Checked(composed.book, faces, condition, judged, composed.problems, judge, read)


def _found(
    draft: Draft, faces: Sequence[Face], words: Words, kept: Store | None
) -> tuple[list[Problem], Prose, Judge]:
    """Give what the checks find in a draft, its words, and who judges what is found."""
    given = draft.manuscript
    found = [*glyphs.check(draft, faces, kept), *values.check(draft), *distribution.check(given)]
    read, in_words = words.look()
    found += [*in_words, *links.check(read), *links.silent_pictures(read)]
    return found, read, judging.judge_of(given, read)


def _in_words(draft: Draft, files: Sequence[Seen], kept: Store | None) -> Iterator[Problem]:
    """Check the book's words, with what is known of them besides."""
    listed = wordlist.load(draft.manuscript.root)
    yield from listed.problems
    language, names = draft.manuscript.config.language, draft.names.names
    known = spelling.vocabulary(draft, listed.words, kept)
    dictionary = known.dictionary if known else None
    for file in files:
        yield from file.problems
    of_book: dict[str, Callable[[Sequence[Seen]], Iterable[Finding]]] = {
        "dates-are-written-in-one-way": partial(dates.in_two_ways, language=language),
        "names-are-written-in-one-way": partial(names_consistency.in_two_ways, names=names),
        "terms-have-capitals-or-not": capitals.in_two_ways,
        "words-are-written-in-one-way": partial(
            words_consistency.in_two_ways, dictionary=dictionary
        ),
    }
    if known:
        of_book[spelling.RULE] = partial(spelling.misspelled, vocabulary=known)
    yield from words.check(files, of_book)
    yield from spelling.unused(files, listed.words)


def review(root: Path) -> Checked:
    """Check the book in ``root``, with the pages that were printed last, where they are known.

    What was read before is not read again.  Raises what ``check`` raises.
    """
    store = Store(root / CACHE / "store")
    found = check(root, store)
    known = paging.last(store)
    return found.with_more(crowded(found.book, known))


def crowded(book: Book, known: Paging) -> Iterator[Problem]:
    """Report headings of the index with too many locators, once pages are known."""
    if known.starts:
        yield from index_checks.crowded(book.index, lambda name: known.folios.get(name, ""))
