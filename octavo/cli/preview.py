"""``preview``: the web edition and the printed pages in a browser, as the manuscript stands."""

# ruff: noqa: PLC0415 - commands import what they need when they are called

import errno
import os
from contextlib import suppress
from pathlib import Path

import click
from rich.text import Text

from octavo.cli.options import book_option
from octavo.cli.reporting import err, out
from octavo.criticmarkup import MODES, Mode


def _editor(ctx: click.Context, param: click.Parameter, value: str | None) -> str:
    from octavo.preview import links

    template = value or links.DEFAULT
    if fault := links.fault(template):
        raise click.BadParameter(fault)
    return template


@click.command(
    "preview",
    short_help="Show the book in a browser, and follow every change.",
    epilog="""\b
Examples:
  python3 build.py preview
  python3 build.py preview --editor 'idea://open?file={path}&line={line}'
""",
)
@book_option
@click.option(
    "--marks",
    type=click.Choice(MODES),
    default="accept",
    help="What becomes of marks of editing (CriticMarkup).  [default: accept]",
)
@click.option(
    "--port",
    metavar="N",
    type=click.IntRange(1, 65535),
    help="The port to listen on.  [default: 8017, or the next that is free]",
)
@click.option(
    "--editor",
    metavar="LINK",
    envvar="OCTAVO_EDITOR_LINK",
    callback=_editor,
    help="The link that opens {path} at {line} and {column} in your editor; the variable "
    "OCTAVO_EDITOR_LINK may give it, too.  [default: Visual Studio Code's]",
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    help="How many sections are laid out at a time.  [default: one a core]",
)
def preview_command(book: Path, marks: Mode, port: int | None, editor: str, jobs: int) -> None:
    """Show the web edition and the printed pages side by side, as the manuscript stands.

    A file that is saved is seen at once, at the place where you read.  While the book has errors,
    what was sound last stays, under the errors.  A click on a paragraph opens its line in your
    editor.  Ctrl-C ends the preview.
    """
    import asyncio

    from octavo.preview import server

    if not (book / "content").is_dir():
        raise click.ClickException(f"{book} is no book: there is no folder content in it")
    try:
        listening = server.free_socket(port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        message = f"port {port} is taken; name another, or none for one that is free"
        raise click.ClickException(message) from None

    def ready(address: str) -> None:
        out.print(Text.assemble("preview at ", (address, "bold"), "; Ctrl-C ends it"))

    with suppress(KeyboardInterrupt):
        asyncio.run(server.serve(book, marks, jobs, listening, editor, ready))
    err.print("the preview has ended")
