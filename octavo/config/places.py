"""Where in a text of TOML a key and its value stand."""

import re
from functools import lru_cache


def column_of_value(text: str, line: int) -> int:
    """Find the column (from 1) of the value that stands on a line of TOML behind its key."""
    found = re.search(r"=\s*", text.split("\n")[line - 1])
    return found.end() + 1 if found else 0


def line_of(text: str, where: tuple[int | str, ...]) -> int:
    """Find the line (from 1) of a key in TOML text; 0 where it cannot be told.

    ``where`` is the path to the key: table names, indices into arrays of tables, the key.  When
    the key itself is not there, the line of the innermost table that is there is given.
    """
    best_line, best_depth = 0, 0
    for number, path, is_key in _heads_and_keys(text):
        depth = len(path) if is_key else min(len(where), len(path))
        if where[:depth] == path[:depth] and depth > best_depth:
            best_line, best_depth = number, depth
    return best_line


@lru_cache(maxsize=8)
def _heads_and_keys(text: str) -> tuple[tuple[int, tuple[int | str, ...], bool], ...]:
    """Give the lines with heads of tables and with keys: number, path, whether it is a key."""
    found: list[tuple[int, tuple[int | str, ...], bool]] = []
    current: tuple[int | str, ...] = ()
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if table := re.match(r"\s*\[\[([^\[\]]+)\]\]", line):
            name = table[1].strip()
            seen[name] = seen.get(name, -1) + 1
            current = (*name.split("."), seen[name])
            found.append((number, current, False))
        elif table := re.match(r"\s*\[([^\[\]]+)\]", line):
            current = tuple(part.strip() for part in table[1].split("."))
            found.append((number, current, False))
        elif key := re.match(r"""\s*["']?([\w-]+)["']?\s*(\.|=)""", line):
            found.append((number, (*current, key[1]), True))
    return tuple(found)
