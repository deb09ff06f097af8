"""``check``: what is wrong with the book."""

# ruff: noqa: PLC0415 - commands import what they need when they are called

from pathlib import Path

import click

from octavo.cli.options import book_option
from octavo.cli.reporting import out, progress, report


@click.command(
    "check",
    short_help="Report what is wrong with the book, without building it.",
    epilog="""\b
Example:
  python3 build.py check
""",
)
@book_option
def check_command(book: Path) -> None:
    """Read the whole book and report every problem, with file, line and hint."""
    from octavo.build import review

    with progress() as tell:
        tell("reading")
        checked = review(book)
    report(checked.problems)
    sections, notes = len(checked.book.sections), sum(len(s.notes) for s in checked.book.sections)
    works = len(checked.book.cited.bibliography)
    out.print(f"{sections} sections, {notes} notes, {works} works: no errors")
