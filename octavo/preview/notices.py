"""Problems → notices: where in the text that is shown each of them stands."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from octavo.book import Book
from octavo.preview import lines
from octavo.preview.state import Notice
from octavo.problems import Problem

Texts = Mapping[Path, str]
"""The texts of the manuscript's files, by their paths in the book's folder."""


def notices(
    problems: Iterable[Problem],
    shown: Book | None,
    names: Mapping[str, str],
    then: Texts,
    now: Texts,
) -> Iterator[Notice]:
    """Give the notices of problems, in their order.

    ``shown`` is the book that pages show, ``names`` those of its sections' documents; ``then`` are
    the texts that it was read from, ``now`` those that the problems are in.
    """
    sections = {} if shown is None else {one.span.path: one.id for one in shown.sections}
    for problem in problems:
        span = problem.span
        section = sections.get(span.path, "")
        was, text = then.get(span.path), now.get(span.path)
        is_known = was is not None and text is not None
        yield Notice(
            severity=problem.severity,
            rule=problem.rule,
            message=problem.message,
            hint=problem.hint,
            place=str(span),
            path=span.path.as_posix(),
            line=span.line,
            column=span.column,
            document=names.get(section, ""),
            section=section,
            shown_line=lines.carried_back(span.line, was or "", text or "") if is_known else 0,
        )
