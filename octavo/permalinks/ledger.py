"""``content/permalinks.txt``: the passages that have been published, and what old ids lead to them.

A line-oriented file in the order of the book, so that changes to two chapters merge without
conflict, and a change of one passage is one of its line::

    document basis
    = foundations
    section ch-basis 0aabxk4… the basis of relations
    text p--k3j5x7qa 0acb7qz… the two parties had agreed
    = p--77qwe2aa foundations

``document`` opens a document, by the name of its file; the passages follow, each with its kind, its
id, its fingerprint (``words``) and, for readers, the words that it opens with.  A line with ``=``
says what leads to the line above it: the old name of a document; the old id of a passage, and the
documents in which it has stood.  Comments begin with ``#``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from octavo import config
from octavo.permalinks import words
from octavo.permalinks.passages import KINDS, Kind
from octavo.permalinks.words import Fingerprint
from octavo.problems import BookError, Problem, Span, nearest

FILE = Path("content") / "permalinks.txt"

HEAD = """\
# The passages of this book that have been published, and the old ids that lead to each.
# Written by "python3 build.py permalinks"; see "Permalinks" in Octavo's docs/manuscript.md.
"""

_CONFLICT = re.compile(r"(<{7}|={7}|>{7}|\|{7})( |$)")


@dataclass(frozen=True)
class Former:
    """An id that leads to a passage, and the names of the documents in which it has stood."""

    id: str
    documents: tuple[str, ...]


@dataclass(frozen=True)
class Published:
    """A passage as it was published; ``opening`` are its first words."""

    id: str
    kind: Kind
    document: str
    fingerprint: Fingerprint
    opening: str
    formers: tuple[Former, ...]
    span: Span


@dataclass(frozen=True)
class Document:
    """A document as it was published, with its old names and its passages, in their order."""

    name: str
    formers: tuple[str, ...]
    passages: tuple[Published, ...]


@dataclass(frozen=True)
class Ledger:
    """What the file says, in its order; empty where there is no file."""

    documents: tuple[Document, ...] = ()
    problems: tuple[Problem, ...] = ()

    def passages(self) -> Iterator[Published]:
        """Give all passages in order."""
        for document in self.documents:
            yield from document.passages


def load(root: Path) -> Ledger:
    """Read the file of the book in the folder ``root``; a book need not have any."""
    if not (root / FILE).exists():
        return Ledger()
    try:
        return _read(config.read(root / FILE, FILE))
    except BookError as error:
        return Ledger((), error.problems)


@lru_cache(maxsize=1)
def _read(text: str) -> Ledger:
    reading = _Reading()
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.startswith("#"):
            reading.take(line, Span(FILE, number))
    return reading.finished()


@dataclass
class _Reading:
    """The file as far as it has been read."""

    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _seen: dict[str, Span] = field(default_factory=dict)
    _passages: list[Published] = field(default_factory=list)

    def take(self, line: str, span: Span) -> None:
        """Read a line."""
        first, *rest = line.split()
        if _CONFLICT.match(line):
            message = "two versions of this file have not been merged"
            hint = "keep the lines of both, take out the marks, and run: permalinks"
            self._report("permalinks-are-merged", message, span, hint)
        elif first == "document" and len(rest) == 1:
            self._open(rest[0], span)
        elif first == "=" and self.documents and rest:
            self._former(rest, span)
        elif first in KINDS and self.documents:
            self._passage(first, rest, span)
        else:
            known = nearest(first, ("document", *KINDS))
            hint = known or "restore the line from the last version of this file, or take it out"
            self._report("permalinks-are-readable", "this line says nothing", span, hint)

    def finished(self) -> Ledger:
        """Give all that has been read."""
        self._close()
        return Ledger(tuple(self.documents), tuple(self.problems))

    def _report(self, rule: str, message: str, span: Span, hint: str) -> None:
        self.problems.append(Problem(rule, message, span, hint))

    def _claim(self, key: str, name: str, span: Span) -> bool:
        """Report an id, or a name, that stands here for the second time."""
        first = self._seen.setdefault(key, span)
        if first is not span:
            hint = f"first on line {first.line}; leave the one that is right"
            message = f'"{name}" stands here twice'
            self._report("permalink-is-unique", message, span, hint)
        return first is span

    def _open(self, name: str, span: Span) -> None:
        self._close()
        self._claim(f"document {name}", name, span)
        self.documents.append(Document(name, (), ()))

    def _close(self) -> None:
        if self.documents:
            last = self.documents.pop()
            passages = (*last.passages, *self._passages)
            self.documents.append(Document(last.name, last.formers, passages))
            self._passages = []

    def _former(self, rest: Sequence[str], span: Span) -> None:
        if self._passages:
            name, *documents = rest
            if self._claim(f"former {name}", name, span):
                last = self._passages.pop()
                formers = (*last.formers, Former(name, tuple(documents)))
                self._passages.append(replace(last, formers=formers))
        elif len(rest) == 1 and self._claim(f"former document {rest[0]}", rest[0], span):
            document = self.documents.pop()
            names = (*document.formers, rest[0])
            self.documents.append(replace(document, formers=names))

    def _passage(self, kind: Kind, rest: Sequence[str], span: Span) -> None:
        name, written, *opening = rest if len(rest) > 1 else ("", "")
        try:
            fingerprint = words.read(written)
        except ValueError:
            hint = "restore the line from the last version of this file, or take it out"
            message = "this line has no fingerprint of its passage"
            self._report("permalinks-are-readable", message, span, hint)
            return
        if self._claim(f"id {name}", name, span):
            home, said = self.documents[-1].name, " ".join(opening)
            self._passages.append(Published(name, kind, home, fingerprint, said, (), span))


def written(documents: Sequence[Document]) -> bytes:
    """Write the file."""
    return "".join([HEAD, *(_document(document) for document in documents)]).encode()


def _document(document: Document) -> str:
    lines = ["", f"document {document.name}", *(f"= {name}" for name in sorted(document.formers))]
    for one in document.passages:
        lines.append(f"{one.kind} {one.id} {one.fingerprint} {one.opening}".rstrip())
        formers = sorted(one.formers, key=lambda former: former.id)
        lines += [f"= {' '.join([former.id, *sorted(former.documents)])}" for former in formers]
    return "\n".join(lines) + "\n"
