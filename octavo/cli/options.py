"""The options that several commands share."""

import os
from pathlib import Path

import click


def _book(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path:
    """Find the book: the folder named, or this one, or the one that build.py stands in."""
    here = Path.cwd()
    if value is not None:
        return value.resolve()
    if (here / "content" / "book.toml").exists():
        return here
    return Path(os.environ.get("OCTAVO_BOOK", here)).resolve()


book_option = click.option(
    "--book",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    callback=_book,
    help="The book's folder, which holds content/book.toml.  [default: this folder]",
)
output_option = click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the editions go.  [default: dist in the book's folder]",
)
