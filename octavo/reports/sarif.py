"""Problems as SARIF 2.1.0 (OASIS, 27 March 2020), which code hosts and editors read.

Columns are counted in characters (§3.14.17).  A result's fingerprint is made of its rule, its file,
its message and how often these have been met before, so that it stays the same while lines move.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from octavo import __version__
from octavo.problems import Problem, Span
from octavo.rules import RULES, Rule, Severity

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

_HELP = "octavo check --rules lists all rules; docs/manuscript.md says how to set and silence them."


def report(problems: Sequence[Problem], prefix: str) -> str:
    """Give a log of one run, with the rules that the problems bear."""
    names = sorted({problem.rule for problem in problems})
    driver = {
        "name": "Octavo",
        "semanticVersion": __version__,
        "rules": [_rule(RULES[name]) for name in names],
    }
    met: Counter[str] = Counter()
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            "%SRCROOT%": {"description": {"text": "The repository that the book stands in."}}
        },
        "results": [_result(problem, names, prefix, met) for problem in problems],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.name,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.meaning},
        "fullDescription": {"text": rule.meaning},
        "help": {"text": f"{rule.meaning} {_HELP}"},
        "defaultConfiguration": {"level": _level(rule.severity)},
    }


def _level(severity: Severity) -> str:
    return severity.value


def _result(
    problem: Problem, names: Sequence[str], prefix: str, met: Counter[str]
) -> dict[str, Any]:
    said = f"{problem.message}\nhint: {problem.hint}" if problem.hint else problem.message
    same = "\n".join([problem.rule, problem.span.path.as_posix(), problem.message])
    met[same] += 1
    fingerprint = hashlib.sha256(f"{same}\n{met[same]}".encode()).hexdigest()
    return {
        "ruleId": problem.rule,
        "ruleIndex": names.index(problem.rule),
        "level": _level(problem.severity),
        "message": {"text": said},
        "locations": [{"physicalLocation": place} for place in _places(problem.span, prefix)],
        "partialFingerprints": {"octavo/v1": fingerprint},
    }


def _places(span: Span, prefix: str) -> Iterator[dict[str, Any]]:
    """Give the place, if there is one: without a line it is the whole file, without a column the
    whole line.
    """  # noqa: D205 - one sentence
    if not span.path.name:
        return
    address = quote(f"{prefix}{span.path.as_posix()}")
    place: dict[str, Any] = {"artifactLocation": {"uri": address, "uriBaseId": "%SRCROOT%"}}
    if span.line:
        region = {"startLine": span.line}
        if span.column:
            region["startColumn"] = span.column
        if span.column and span.width:
            region["endColumn"] = span.column + span.width
        place["region"] = region
    yield place
