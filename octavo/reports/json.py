"""Problems as JSON: one object with all that is known of each."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from octavo import __version__
from octavo.problems import Problem
from octavo.rules import Severity


def report(problems: Sequence[Problem]) -> str:
    """Give the problems, and how many there are of each severity; paths are the book's own.

    Lines and columns count from 1, columns in characters; ``endColumn`` is the one behind the
    last.  What is not known is null.
    """
    counts = Counter(problem.severity for problem in problems)
    found = {
        "tool": "octavo",
        "version": __version__,
        "counts": {severity.value: counts[severity] for severity in Severity},
        "problems": [_problem(problem) for problem in problems],
    }
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _problem(problem: Problem) -> dict[str, Any]:
    span = problem.span
    return {
        "rule": problem.rule,
        "severity": problem.severity.value,
        "message": problem.message,
        "hint": problem.hint or None,
        "path": span.path.as_posix(),
        "line": span.line or None,
        "column": span.column or None,
        "endColumn": span.column + span.width if span.column and span.width else None,
    }
