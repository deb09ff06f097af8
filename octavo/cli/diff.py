"""``diff``: what has changed in the text."""

# ruff: noqa: PLC0415 - commands import what they need when they are called

import os
from pathlib import Path

import click

from octavo.cli.options import book_option, output_option
from octavo.cli.reporting import counted, name, out, progress, report


@click.command(
    "diff",
    short_help="Show what has changed in the text since an earlier revision.",
    epilog="""\b
Examples:
  python3 build.py diff HEAD~3              from three commits ago to the files as they are now
  python3 build.py diff round-1 round-2     from one tag to another
""",
)
@click.argument("old", metavar="REV")
@click.argument("new", metavar="[REV]", default="")
@book_option
@output_option
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    help="How many sections are laid out at a time.  [default: one a core]",
)
def diff_command(old: str, new: str, book: Path, output: Path | None, jobs: int) -> None:
    """Make a proof of what has changed in the text since the revision REV, word by word.

    It is compared with a second revision, or with the files as they are now.  The proof, a PDF and
    documents for the web, goes into the folder "redline" beside the editions.
    """
    from octavo.redline import proofs

    with progress() as tell:
        made = proofs.make(book, old, new, output or book / "dist", jobs, tell)
    report(made.problems)
    for one in made.made:
        name(one)
    if not made.changes:
        out.print("nothing has changed in the text")
        return
    out.print(
        f"{counted(made.changes, 'change')}: {counted(made.words_added, 'word')} added, "
        f"{counted(made.words_removed, 'word')} taken out"
    )
