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


def changed(before: str, after: str) -> tuple[tuple[int, int], ...]:
    """Give the stretches of ``after`` that have changed: their first and their last lines.

    Where lines were taken out, it is the line that stands there now.
    """
    if before == after:
        return ()
    last = after.count("\n") + 1
    return tuple(
        (min(new + 1, last), max(new_end, min(new + 1, last)))
        for tag, _, _, new, new_end in _changes(before, after)
        if tag != "equal"
    )


def _changes(before: str, after: str) -> list[tuple[str, int, int, int, int]]:
    """Give how the lines differ, as ``SequenceMatcher.get_opcodes`` does.

    That takes long where many lines are alike, as empty ones are; so it is not given those with
    which both texts begin and end.
    """
    old, new = before.split("\n"), after.split("\n")
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    old_end, new_end = len(old) - tail, len(new) - tail
    matcher = SequenceMatcher(None, old[head:old_end], new[head:new_end], autojunk=False)
    return [
        ("equal", 0, head, 0, head),
        *(
            (tag, a + head, a_end + head, b + head, b_end + head)
            for tag, a, a_end, b, b_end in matcher.get_opcodes()
        ),
        ("equal", old_end, len(old), new_end, len(new)),
    ]


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the lines with which both begin."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
