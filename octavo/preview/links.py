"""Links that open a place of the manuscript in an editor."""

import re
from pathlib import Path, PurePosixPath
from urllib.parse import quote, urlsplit

DEFAULT = "vscode://file{path}:{line}:{column}"
"""The link that Visual Studio Code opens a file by."""

_FIELDS = ("path", "line", "column")
_FIELD = re.compile(r"\{(\w*)\}")
_FORBIDDEN = frozenset({"", "javascript", "data", "vbscript"})


def fault(template: str) -> str:
    """Say what is wrong with a template of links; ``""`` if nothing is."""
    unknown = [name for name in _FIELD.findall(template) if name not in _FIELDS]
    if unknown:
        return f"there is no {{{unknown[0]}}}; known: {', '.join(f'{{{one}}}' for one in _FIELDS)}"
    if "{path}" not in template:
        return "it does not say where {path} stands"
    if urlsplit(template).scheme.lower() in _FORBIDDEN:
        return "it begins with no scheme of an editor, such as vscode:"
    return ""


def link(template: str, path: Path, line: int, column: int) -> str:
    """Fill a template for a file, by its absolute path; lines and columns count from 1."""
    address = quote(path.as_posix())
    values = {
        "path": address if address.startswith("/") else f"/{address}",
        "line": str(max(line, 1)),
        "column": str(max(column, 1)),
    }
    return _FIELD.sub(lambda found: values[found[1]], template)


def inside(root: Path, given: str) -> Path | None:
    """Give the path of a file of the book, relative to ``root``; None for any other's."""
    path = PurePosixPath(given)
    if not given or path.is_absolute() or ".." in path.parts or "\0" in given:
        return None
    found = root / path
    return Path(path) if found.resolve().is_relative_to(root.resolve()) else None
