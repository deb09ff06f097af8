"""What is wrong with a book, and where: the one kind of message that every stage gives.

A stage returns its problems beside its result; nothing is raised while there is anything
useful to return.  Rules are named as truths about a sound manuscript
(``citation-key-exists``), so that a message reads: this truth does not hold here.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from octavo.rules import Severity

__all__ = ["BookError", "Problem", "Severity", "Span", "errors", "in_order", "nearest", "reason"]


@dataclass(frozen=True, order=True)
class Span:
    """A place in a source file; ``line`` and ``column`` count from 1, 0 means the whole file.

    ``width`` is the number of characters that it takes on its line, 0 where that is not known.
    """

    path: Path
    line: int = 0
    column: int = 0
    width: int = 0

    def __str__(self) -> str:
        """Give ``path:line:column``, leaving out what is not known."""
        known = [str(number) for number in (self.line, self.column) if number]
        return ":".join([self.path.as_posix(), *known])


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: the rule that does not hold, in words, where, and what may help."""

    rule: str
    message: str
    span: Span
    hint: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Give ``file:line:column: severity: message [rule]``, and below it the hint."""
        head = f"{self.span}: {self.severity}: {self.message} [{self.rule}]"
        return f"{head}\n  hint: {self.hint}" if self.hint else head


class BookError(Exception):
    """Raised where nothing useful can be returned any more; carries all problems found so far."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep ``problems`` in the order in which an editor meets them."""
        self.problems = in_order(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort problems by file, line and column, each one once."""
    return tuple(sorted(set(problems), key=lambda p: (p.span, p.rule, p.message)))


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Give those problems that stop a build."""
    return tuple(problem for problem in problems if problem.severity is Severity.ERROR)


def reason(error: OSError) -> str:
    """Say in an editor's words why a file cannot be read or written."""
    match error:
        case FileNotFoundError():
            return "there is no such file"
        case IsADirectoryError():
            return "it is a folder"
        case PermissionError():
            return "permission is denied"
    return (error.strerror or str(error)).lower()


def nearest(word: str, known: Iterable[str]) -> str:
    """Give the hint "did you mean …?" for a word that is not among the known ones, or ``""``."""
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f'did you mean "{close[0]}"?' if close else ""
