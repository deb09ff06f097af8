"""The book as it is today → the file of its permalinks, brought up to date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from octavo.permalinks import words
from octavo.permalinks.carrying import OPENING_WORDS, Carried
from octavo.permalinks.ledger import FILE, Document, Former, Ledger, Published, written
from octavo.permalinks.passages import Passage
from octavo.problems import Span

_NOWHERE = Span(FILE)
"""The place of a line that has not been written yet."""


@dataclass(frozen=True)
class Record:
    """The file, and how many passages it has that are new, were carried over, and have gone."""

    data: bytes
    new: int
    carried: int
    gone: int


def record(ledger: Ledger, living: Sequence[Passage], carried: Carried) -> Record:
    """Record the passages of today as published, with all that leads to them."""
    before = {one.id for one in ledger.passages()}
    today = {passage.id for passage in living}
    gone = len(carried.gone)
    data = written(tuple(_documents(living, carried)))
    return Record(data, len(today - before), len(before - today) - gone, gone)


def _documents(living: Sequence[Passage], carried: Carried) -> Iterator[Document]:
    for name, passages in groupby(living, key=attrgetter("document")):
        published = (_published(one, carried.formers.get(one.id, ())) for one in passages)
        yield Document(name, carried.documents.get(name, ()), tuple(published))


def _published(passage: Passage, formers: tuple[Former, ...]) -> Published:
    opening = " ".join(passage.words.split()[:OPENING_WORDS])
    print_ = words.fingerprint(passage.words)
    return Published(passage.id, passage.kind, passage.document, print_, opening, formers, _NOWHERE)
