"""``doctor``: what Octavo works with here."""

# ruff: noqa: PLC0415 - commands import what they need when they are called

import click
from rich.text import Text

from octavo.cli.reporting import out


@click.command("doctor", short_help="Say what is installed: versions, fonts, libraries.")
def doctor_command() -> None:
    """Say what Octavo works with here, and what is missing."""
    from octavo import doctor as doctors
    from octavo.build import font_folder

    findings = doctors.examine(font_folder())
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        mark = ("ok  ", "green") if finding.sound else ("FAIL", "bold red")
        out.print(Text.assemble(mark, f"  {finding.name:{width}}  {finding.detail}"))
    if not all(finding.sound for finding in findings):
        raise SystemExit(1)
