"""``new``: a small book to start from."""

# ruff: noqa: PLC0415 - commands import what they need when they are called

from pathlib import Path

import click

from octavo.cli.editor import called_from
from octavo.cli.reporting import out, program


@click.command(
    "new",
    short_help="Make a small working book to start from.",
    epilog="""\b
Example:
  python3 build.py new mybook && python3 build.py --book mybook
""",
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def new_command(folder: Path) -> None:
    """Make a small book in DIR that builds, and shows each syntax once."""
    from octavo import starter

    try:
        starter.make(folder, called_from(folder))
    except FileExistsError:
        raise click.ClickException(
            f"{folder} is there already; name a folder that is not there yet"
        ) from None
    out.print(f"made {folder}; build it with: {program()} --book {folder}")
