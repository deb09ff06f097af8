"""``words``: the words that no dictionary has, and the book's own list of them."""

# ruff: noqa: PLC0415 - commands import what they need when they are called

from pathlib import Path

import click
from rich.text import Text

from octavo.cli.options import book_option
from octavo.cli.reporting import out, progress
from octavo.outcome import CACHE


@click.command(
    "words",
    short_help="List words that no dictionary has; add them to the book's list.",
    epilog="""\b
Examples:
  python3 build.py words                          lists them, the most frequent first
  python3 build.py words --add Noto --add pinyin
  python3 build.py words --add-all                when all that are left are right
""",
)
@book_option
@click.option("--add", metavar="WORD", multiple=True, help="Add a word; may be given again.")
@click.option("--add-all", is_flag=True, help="Add all words that no dictionary has.")
def words_command(book: Path, add: tuple[str, ...], add_all: bool) -> None:
    """List the words that neither a dictionary has nor content/words.txt, or add some to that."""
    from octavo import config, wordlist
    from octavo.desk import unknown
    from octavo.manuscript import SETTINGS
    from octavo.store import Store

    config.read(book / SETTINGS, SETTINGS)  # which raises where there is no book
    if add and not add_all:
        _tell(wordlist.add(book, add))
        return
    with progress() as tell:
        tell("reading")
        found = unknown.find(book, Store(book / CACHE / "store"))
    if add_all:
        _tell(wordlist.add(book, [*add, *(one.word for one in found)]))
        return
    for one in found:
        out.print(Text.assemble(f"{one.count:4}  {one.word}", (f"  {one.first}", "dim")))
    if not found:
        out.print("a dictionary, or content/words.txt, has each word")


def _tell(added: tuple[str, ...]) -> None:
    count = f"{len(added)} word{'s' * (len(added) != 1)}"
    out.print(f"added {count}: {', '.join(added)}" if added else "the list has them already")
