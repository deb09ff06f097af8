"""Where every link leads that was ever made to the book: the published passages found in today's.

A build carries old ids over by itself, so that links hold although the file is not up to date; the
command ``permalinks`` writes what was found into the file, where an editor may put it right.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from octavo.permalinks import matching
from octavo.permalinks.ledger import FILE, Former, Ledger, Published
from octavo.permalinks.model import Moved, Permalinks
from octavo.permalinks.passages import Passage
from octavo.problems import Problem, Severity

OPENING_WORDS = 6
"""How many words of a passage the file quotes, so that readers of it know which one it is."""


@dataclass(frozen=True)
class Carried:
    """The permalinks, and what leads to them: published passages, and old names of documents.

    ``formers`` are by the id of a passage, ``documents`` by the name of a document; ``gone`` are
    the published passages of which nothing has come, with the passages that they lead to.
    """

    permalinks: Permalinks
    formers: Mapping[str, tuple[Former, ...]]
    documents: Mapping[str, tuple[str, ...]]
    gone: tuple[tuple[Published, Passage], ...]

    def problems(self) -> Iterator[Problem]:
        """Report the passages that have gone."""
        for one, end in self.gone:
            message = f'nothing has come of the published passage "{one.opening} …" ({one.id})'
            opening = " ".join(end.words.split()[:OPENING_WORDS])
            hint = (
                f'links to it lead to "{opening} …"; run: permalinks, and where another passage '
                f'is right, move the line "= {one.id}" below that in {FILE.as_posix()}'
            )
            yield Problem("passage-has-successor", message, one.span, hint, Severity.WARNING)


def carry(ledger: Ledger, living: Sequence[Passage], taken: Collection[str]) -> Carried:
    """Carry the published ids over to the passages of today, ``living``, in reading order.

    ``taken`` are the ids that the book gives to other things: these are no more the passage's.
    """
    by_id = {passage.id: passage for passage in living}
    sections = {one.document: one.id for one in living if one.kind == "section"}
    found = matching.successors(tuple(ledger.passages()), living)
    succeeded = _documents(ledger, found, by_id)
    ends = _ends(ledger, found, succeeded, by_id)
    formers = _formers(ledger, ends, by_id, set(taken))
    permalinks = Permalinks(
        _ids(living), _anchors(formers, by_id), _moved(formers, by_id),
        _renamed(ledger, succeeded, sections),
    )  # fmt: skip
    gone = tuple(
        (one, by_id[ends[one.id]])
        for one in ledger.passages()
        if one.id not in found and one.kind != "section"
    )
    return Carried(permalinks, formers, _old_names(ledger, succeeded, sections), gone)


def _documents(
    ledger: Ledger, found: Mapping[str, str], by_id: Mapping[str, Passage]
) -> Mapping[str, str]:
    """Give the name of what each published document has become.

    That is the document of the same name, or else of a section with its id, or else the one that
    most of its passages went to.  One of which nothing is left is followed by the one before it,
    or by the book's first.
    """
    names = [passage.document for passage in by_id.values()]
    last, result = names[0], {}
    for document in ledger.documents:
        went = Counter(
            by_id[found[one.id]].document for one in document.passages if one.id in found
        )
        own = [by_id[one.id].document for one in document.passages
               if one.kind == "section" and one.id in by_id]  # fmt: skip
        same = [document.name] if document.name in names else []
        most = max(sorted(went), key=went.__getitem__, default=last)
        last = result[document.name] = [*same, *own, most][0]
    return result


def _ends(
    ledger: Ledger,
    found: Mapping[str, str],
    succeeded: Mapping[str, str],
    by_id: Mapping[str, Passage],
) -> Mapping[str, str]:
    """Give where each published id leads.

    That of a passage that has gone leads to the nearest one before it that is still there.
    """
    sections = {one.document: one.id for one in by_id.values() if one.kind == "section"}
    ends: dict[str, str] = {}
    for document in ledger.documents:
        home = succeeded[document.name]
        before = sections[home]
        for one in document.passages:
            ends[one.id] = found.get(one.id, before)
            if by_id[ends[one.id]].document == home:
                before = ends[one.id]
    return ends


def _formers(
    ledger: Ledger, ends: Mapping[str, str], by_id: Mapping[str, Passage], taken: Set[str]
) -> Mapping[str, tuple[Former, ...]]:
    """Give, by the id of a living passage, the ids that lead to it from elsewhere.

    That is its own id, too, where it has stood in other documents.
    """
    found: dict[str, dict[str, set[str]]] = {}
    for one in ledger.passages():
        places = [(one.id, one.document)]
        places += [(former.id, name) for former in one.formers for name in former.documents]
        for name, document in places:
            end = by_id[name if name in by_id else ends[one.id]]
            is_here = name == end.id and document == end.document
            if not is_here and (name in by_id or name not in taken):
                found.setdefault(end.id, {}).setdefault(name, set()).add(document)
    return {
        end: tuple(Former(name, tuple(sorted(homes))) for name, homes in sorted(names.items()))
        for end, names in found.items()
    }


def _ids(living: Sequence[Passage]) -> Mapping[str, Mapping[str, str]]:
    made: dict[str, dict[str, str]] = {}
    for passage in living:
        if not passage.is_own:
            made.setdefault(passage.section, {})[passage.block] = passage.id
    return made


def _anchors(
    formers: Mapping[str, Sequence[Former]], by_id: Mapping[str, Passage]
) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    made: dict[str, dict[str, tuple[str, ...]]] = {}
    for end, ones in formers.items():
        passage = by_id[end]
        names = tuple(former.id for former in ones if former.id != end)
        if names:
            made.setdefault(passage.section, {})[passage.block] = names
    return made


def _moved(
    formers: Mapping[str, Sequence[Former]], by_id: Mapping[str, Passage]
) -> Mapping[str, tuple[Moved, ...]]:
    made: dict[str, list[Moved]] = {}
    for end, ones in formers.items():
        for former in ones:
            for document in former.documents:
                if document != by_id[end].document:
                    made.setdefault(document, []).append(Moved(former.id, by_id[end].section))
    return {name: tuple(sorted(ones, key=lambda one: one.id)) for name, ones in made.items()}


def _renamed(
    ledger: Ledger, succeeded: Mapping[str, str], sections: Mapping[str, str]
) -> Mapping[str, str]:
    return {
        name: sections[succeeded[document.name]]
        for document in ledger.documents
        for name in (document.name, *document.formers)
        if name not in sections
    }


def _old_names(
    ledger: Ledger, succeeded: Mapping[str, str], sections: Mapping[str, str]
) -> Mapping[str, tuple[str, ...]]:
    made: dict[str, tuple[str, ...]] = {}
    for document in ledger.documents:
        home = succeeded[document.name]
        old = (name for name in (document.name, *document.formers) if name not in sections)
        made[home] = tuple(sorted({*made.get(home, ()), *old}))
    return made
