"""``editor``: what text editors can use, laid into a book's folder."""

# ruff: noqa: PLC0415 - commands import what they need when they are called

import os
from pathlib import Path

import click

from octavo.cli.options import book_option
from octavo.cli.reporting import out


@click.command(
    "editor",
    short_help="Set up text editors: schemas, tasks, snippets.",
    epilog="""\b
Example, after a new version of Octavo:
  python3 build.py editor
""",
)
@book_option
def editor_command(book: Path) -> None:
    """Lay into the book's folder what text editors can use.

    schema/ holds JSON schemas of book.toml, names.toml, index.toml and the headers of chapters, and
    is written anew each time.  .editorconfig, and VS Code's tasks and snippets in .vscode/, are
    yours: they are written where they are not there yet.
    """
    from octavo import config
    from octavo.desk import equipping
    from octavo.manuscript import SETTINGS

    config.read(book / SETTINGS, SETTINGS)  # which raises where there is no book
    made = equipping.equip(book, called_from(book))
    for path in made:
        out.print(path.as_posix())
    if not made:
        out.print("nothing has changed")


def called_from(folder: Path) -> str:
    """Give what a shell in ``folder`` calls this program by."""
    if "OCTAVO_PROG" not in os.environ:
        return "octavo"
    program = Path(os.environ.get("OCTAVO_BOOK", ""), os.environ["OCTAVO_PROG"]).resolve()
    inside = folder.resolve().is_relative_to(program.parent)
    path = os.path.relpath(program, folder.resolve()) if inside else os.fspath(program)
    return f'python3 "{path}"' if " " in path else f"python3 {path}"
