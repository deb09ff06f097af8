"""``clean``: outputs and cache away."""

# ruff: noqa: PLC0415 - commands import what they need when they are called

import shutil
from pathlib import Path

import click

from octavo.cli.options import book_option, output_option
from octavo.cli.reporting import out
from octavo.outcome import CACHE, FOLDERS
from octavo.output import DRAFT


@click.command(
    "clean",
    short_help="Delete the outputs and the cache.",
    epilog="""\b
Example:
  python3 build.py clean
""",
)
@book_option
@output_option
def clean_command(book: Path, output: Path | None) -> None:
    """Delete what Octavo has made: the book's editions, and the cache of earlier layouts."""
    target = output or book / "dist"
    slug = _slug(book)
    names = ("web", "pages.json", *(f"{slug}{end}" for end in _ENDS))
    _delete(book / CACHE)
    for folder in sorted((target / name for name in FOLDERS.values()), reverse=True):
        for path in (*(folder / name for name in names), *folder.glob(f"{DRAFT}*")):
            _delete(path)  # drafts are left where power fails
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    out.print("clean")


_ENDS = (".pdf", "-press.pdf", "-proof.pdf", ".epub")


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _slug(book: Path) -> str:
    from octavo import config

    toml = Path("content") / "book.toml"
    return config.load(book / toml, toml).slug
