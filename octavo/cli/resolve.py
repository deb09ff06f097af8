"""``resolve``: marks of editing settled in the sources."""

# ruff: noqa: PLC0415 - commands import what they need when they are called

from pathlib import Path

import click
from rich.text import Text

from octavo.cli.options import book_option
from octavo.cli.reporting import out, report


@click.command(
    "resolve",
    short_help="Accept or reject the marks of editing (CriticMarkup) in the sources.",
    epilog="""\b
Examples:
  python3 build.py resolve --accept                                in all files of content/
  python3 build.py resolve --reject content/chapters/one.md        in this file
  python3 build.py resolve --accept --keep-comments                comments stay for later
""",
)
@book_option
@click.option("--accept", is_flag=True, help="Put in what is added, take out what is deleted.")
@click.option("--reject", is_flag=True, help="Leave the text as it was before the changes.")
@click.option(
    "--keep-comments", is_flag=True, help="Leave comments and highlights as they are written."
)
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
def resolve_command(
    book: Path, accept: bool, reject: bool, keep_comments: bool, files: tuple[Path, ...]
) -> None:
    """Settle the marks of editing in the manuscript's files.

    Nothing else in a file changes.  Comments are taken out; highlighted words stay.
    """
    if accept == reject:
        raise click.UsageError("say what is to be done: --accept or --reject")
    from octavo import editing, resolving

    settled, problems = resolving.resolve(book, files, accept=accept, keep_comments=keep_comments)
    report(problems)
    done = "accepted" if accept else "rejected"
    for one in settled:
        counts = editing.counted([mark.kind for mark in one.marks])
        out.print(Text.assemble(one.path.as_posix(), (f"  {done}: {counts}", "dim")))
    if not settled:
        out.print("no marks of editing are open")
