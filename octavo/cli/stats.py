"""``stats``: how long the book is."""

# ruff: noqa: PLC0415 - commands import what they need when they are called

from pathlib import Path

import click

from octavo.cli.options import book_option
from octavo.cli.reporting import progress
from octavo.outcome import CACHE


@click.command(
    "stats",
    short_help="Count words, notes and works by section.",
    epilog="""\b
Examples:
  python3 build.py stats
  python3 build.py stats --json > stats.json
""",
)
@book_option
@click.option("--json", "as_json", is_flag=True, help="Give JSON, for programs.")
def stats_command(book: Path, as_json: bool) -> None:
    """Count the words, notes, works cited, tables and figures of each section, and of the book.

    Words are those of the running text, without notes, tables and captions.  Where book.toml has
    [targets], the words are set beside them.
    """
    from octavo import compose, manuscript
    from octavo.desk import stats
    from octavo.store import Store

    kept = Store(book / CACHE / "store")
    with progress() as tell:
        tell("reading")
        draft = compose.draft(manuscript.load(book, kept=kept), kept)
        counted = stats.stats(compose.finish(draft, kept).book)
    click.echo(stats.as_json(counted) if as_json else stats.table(counted))
