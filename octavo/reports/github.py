"""Problems as GitHub's workflow commands, which its Actions show beside the lines of a change.

The form is that of "Workflow commands for GitHub Actions", setting a notice, warning or error.
"""

from collections.abc import Sequence

from octavo.problems import Problem
from octavo.rules import Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def report(problems: Sequence[Problem], prefix: str) -> str:
    """Give a line for each problem."""
    return "".join(f"{_command(problem, prefix)}\n" for problem in problems)


def _command(problem: Problem, prefix: str) -> str:
    span = problem.span
    values = {
        "title": f"octavo: {problem.rule}",
        "file": f"{prefix}{span.path.as_posix()}" if span.path.name else "",
        "line": span.line,
        "col": span.column,
        "endColumn": span.column + span.width if span.column and span.width else 0,
    }
    given = ",".join(f"{name}={_escaped(str(value))}" for name, value in values.items() if value)
    message = f"{problem.message}\nhint: {problem.hint}" if problem.hint else problem.message
    return f"::{_COMMANDS[problem.severity]} {given}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
