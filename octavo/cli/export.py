"""``export``: sections for the people who work in Word."""

# ruff: noqa: PLC0415 - commands import what they need when they are called

from pathlib import Path

import click

from octavo.cli.options import book_option, output_option
from octavo.cli.reporting import out, progress, report, shown


@click.command(
    "export",
    short_help="Give sections as DOCX, for authors who work in Word.",
    epilog="""\b
Examples:
  python3 build.py export --docx                        each section, into dist/docx/
  python3 build.py export --docx --section basis        one of them
  python3 build.py export --docx --whole                the book in one file
""",
)
@book_option
@output_option
@click.option("--docx", is_flag=True, help="For Microsoft Word; LibreOffice opens it too.")
@click.option(
    "--section",
    "sections",
    metavar="NAMES",
    default="",
    help="Which sections, with commas between.  [default: all that have text]",
)
@click.option("--whole", is_flag=True, help="All sections in one file.")
@click.option("--replace", is_flag=True, help="Write over files that have been changed in Word.")
def export_command(
    book: Path, output: Path | None, docx: bool, sections: str, whole: bool, replace: bool
) -> None:
    """Give the book's sections as DOCX.

    What is changed in them comes back with import: tracked changes and comments become marks in
    the text, and everything else stays as it is.
    """
    if not docx:
        raise click.UsageError("say in what form: --docx")
    from octavo.word import sending

    names = tuple(one.strip() for one in sections.split(",") if one.strip())
    with progress() as tell:
        tell("reading")
        folder = (output or book / "dist") / "docx"
        sent = sending.export(book, folder, names, whole=whole, replaces=replace)
    report(sent.problems)
    for path in sent.written:
        out.print(shown(path))
