"""``import``: what comes back from Word, or comes from there."""

# ruff: noqa: PLC0415 - commands import what they need when they are called

from pathlib import Path

import click
from rich.text import Text

from octavo.cli.options import book_option
from octavo.cli.reporting import out, progress, report, shown


@click.command(
    "import",
    short_help="Take a DOCX back into the manuscript, or make a chapter of one.",
    epilog="""\b
Examples:
  python3 build.py import basis.docx                    one that was exported: marks in its chapter
  python3 build.py import lecture.docx --as lecture     any other: a chapter of its own
""",
)
@click.argument("docx", metavar="FILE.docx", type=click.Path(path_type=Path))
@book_option
@click.option("--as", "chapter", metavar="NAME", default="", help="The name of a new chapter.")
@click.option(
    "--against",
    metavar="NAME",
    default="",
    help="Compare with this section as it stands, not with the text that was exported.",
)
@click.option("--replace", is_flag=True, help="Write over a file that is there already.")
@click.option("--partly", is_flag=True, help="Leave out the changes that are in conflict.")
def import_command(
    docx: Path, book: Path, chapter: str, against: str, replace: bool, partly: bool
) -> None:
    """Import a DOCX: its tracked changes and comments become CriticMarkup.

    One that was exported changes the files that it came from, and only where it was changed; one
    from elsewhere becomes a new chapter, with its pictures and tables beside it.
    """
    from octavo.word.receiving import Wanted, receive

    with progress() as tell:
        tell("reading")
        received = receive(book, docx, Wanted(chapter, against, replace, partly))
    report(received.problems)
    for path, remark in received.written:
        out.print(Text.assemble(shown(path), ("  " + remark, "dim") if remark else ""))
    if not received.written:
        out.print("nothing has changed")
