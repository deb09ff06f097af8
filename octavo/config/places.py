"""Where in a text of TOML a key and its value stand."""

import re


def column_of_value(text: str, line: int) -> int:
    """Find the column (from 1) of the value that stands on a line of TOML behind its key."""
    found = re.search(r"=\s*", text.split("\n")[line - 1])
    return found.end() + 1 if found else 0


def line_of(text: str, where: tuple[int | str, ...]) -> int:
    """Find the line (from 1) of a key in TOML text; 0 where it cannot be told.

    ``where`` is the path to the key: table names, indices into arrays of tables, the key.  When
    the key itself is not there, the line of the innermost table that is there is given.
    """
    current: tuple[int | str, ...] = ()
    seen: dict[str, int] = {}
    best_line, best_depth = 0, 0
    for number, line in enumerate(text.splitlines(), start=1):
        if table := re.match(r"\s*\[\[([^\[\]]+)\]\]", line):
            name = table[1].strip()
            seen[name] = seen.get(name, -1) + 1
            current = (*name.split("."), seen[name])
        elif table := re.match(r"\s*\[([^\[\]]+)\]", line):
            current = tuple(part.strip() for part in table[1].split("."))
        elif key := re.match(r"""\s*["']?([\w-]+)["']?\s*(\.|=)""", line):
            candidate = (*current, key[1])
            if where[: len(candidate)] == candidate and len(candidate) > best_depth:
                best_line, best_depth = number, len(candidate)
            continue
        depth = min(len(where), len(current))
        if where[:depth] == current[:depth] and depth > best_depth:
            best_line, best_depth = number, depth
    return best_line
