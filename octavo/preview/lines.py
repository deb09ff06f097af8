"""Lines of a text before and after it was changed."""

from collections.abc import Sequence
from difflib import SequenceMatcher


def carried_back(line: int, before: str, after: str) -> int:
    """Give the line that a line of ``after`` was in ``before``, or where it was put in.

    Lines count from 1; 0 stays 0.
    """
    if before == after or not line:
        return line
    for tag, old, old_end, new, new_end in _changes(before, after):
        if line <= new_end:
            if tag == "equal":
                return old + line - new
            return max(1, min(old + line - new, old_end))
    return max(1, before.count("\n"))


def carried_on(line: int, before: str, after: str) -> int:
    """Give the line that a line of ``before`` has become in ``after``."""
    return carried_back(line, after, before)


def changed(before: str, after: str) -> tuple[int, int] | None:
    """Give the first and the last line of ``after`` between which all is that has changed.

    None where nothing has.
    """
    if before == after:
        return None
    old, new = before.split("\n"), after.split("\n")
    first = _alike(old, new)
    last = len(new) - _alike(old[first:][::-1], new[first:][::-1])
    return first + 1, max(first + 1, last)


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the lines with which both begin."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _changes(before: str, after: str) -> list[tuple[str, int, int, int, int]]:
    matcher = SequenceMatcher(None, before.split("\n"), after.split("\n"), autojunk=False)
    return list(matcher.get_opcodes())
