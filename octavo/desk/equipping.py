"""What editors' programs need → a book's folder: schemas, tasks, snippets, ``.editorconfig``."""

import json
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

from octavo import output
from octavo.desk import schemas

_SETTINGS = Path(".vscode") / "settings.json"
_PROGRAM = "octavo.program"
"""The key of VS Code's settings whose value the tasks call."""


def equip(root: Path, program: str) -> tuple[Path, ...]:
    """Lay the files into the folder ``root``; give those that were written, relative to it.

    Schemas are made anew, since they follow the tool; the other files are an editor's own as soon
    as they are there, and are left as they are.  ``program`` is how a shell calls the tool.
    Raises ``OSError`` where something cannot be written.
    """
    given = {path: text.encode() for path, text in schemas.files().items()}
    given |= {path: data for path, data in _own(program) if not (root / path).exists()}
    changed = {path: data for path, data in given.items() if _contents(root / path) != data}
    for path, data in changed.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        output.replace_file(root / path, data)
    return tuple(sorted(changed))


def _own(program: str) -> Iterator[tuple[Path, bytes]]:
    with as_file(files("octavo") / "desk" / "files") as folder:
        for file in folder.rglob("*"):
            if file.is_file():
                path = file.relative_to(folder)
                yield path, _with_program(file, program) if path == _SETTINGS else file.read_bytes()


def _with_program(file: Path, program: str) -> bytes:
    settings = json.loads(file.read_text(encoding="utf-8")) | {_PROGRAM: program}
    return (json.dumps(settings, ensure_ascii=False, indent=2) + "\n").encode()


def _contents(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
