"""``permalinks``: the passages that are published."""

# ruff: noqa: PLC0415 - commands import what they need when they are called

from pathlib import Path

import click

from octavo.cli.options import book_option
from octavo.cli.reporting import out, progress, report, without_notes


@click.command(
    "permalinks",
    short_help="Record the passages that are published, so that links to them hold.",
    epilog="""\b
Example, before an edition is published:
  python3 build.py permalinks && git commit content/permalinks.txt
""",
)
@book_option
def permalinks_command(book: Path) -> None:
    """Bring content/permalinks.txt up to date: the passages of today, and what old links lead to.

    Builds carry links over to edited passages by themselves; this writes down what they found.
    """
    from octavo.build import record

    with progress() as tell:
        tell("reading")
        made, problems = record(book)
    report(without_notes(problems))
    out.print(f"{made.new} passages new, {made.carried} carried over, {made.gone} gone")
