"""``build``: the editions."""

# ruff: noqa: PLC0415 - commands import what they need when they are called

import os
import time
from pathlib import Path

import click
from rich.text import Text

from octavo import freshness
from octavo.cli.options import book_option, output_option
from octavo.cli.reporting import err, out, progress, report, stops, without_notes
from octavo.criticmarkup import MODES, Mode
from octavo.outcome import EDITIONS, FOLDERS, PROOF_EDITIONS, Made, Result


def _editions(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> tuple[str, ...] | None:
    if value is None:
        return None
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    unknown = [name for name in names if name not in EDITIONS]
    if unknown or not names:
        known = ", ".join(EDITIONS)
        raise click.BadParameter(f"there is no edition {', '.join(unknown)!r}; known: {known}")
    return tuple(name for name in EDITIONS if name in names)


@click.command(
    "build",
    short_help="Build the editions (this is the default).",
    epilog="""\b
Examples:
  python3 build.py                          all editions into dist/
  python3 build.py --edition web,epub       only these
  python3 build.py --book mybook --output drafts
  python3 build.py --marks show             a proof of the marks of editing, into dist/proof/
""",
)
@book_option
@output_option
@click.option(
    "--edition",
    "editions",
    metavar="NAMES",
    callback=_editions,
    help="Which editions, with commas between.  [default: print,web,epub]",
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    help="How many sections are laid out at a time.  [default: one a core]",
)
@click.option("--strict", is_flag=True, help="End with status 1 for warnings too.")
@click.option(
    "--marks",
    type=click.Choice(MODES),
    default="accept",
    help="What becomes of marks of editing (CriticMarkup).  Shown, they make a proof, which goes "
    "into a folder of its own, as editions without them do.  [default: accept]",
)
@click.option("--explain", is_flag=True, help="Say of each section why it was laid out, or not.")
def build_command(
    book: Path,
    output: Path | None,
    editions: tuple[str, ...] | None,
    jobs: int,
    marks: Mode,
    explain: bool,
    strict: bool,
) -> int:
    """Build the book's editions.

    Nothing is written unless the whole book is sound; earlier outputs stand until the new ones
    replace them.  Warnings are no errors: with --strict they are told by the exit status.
    """
    start = time.monotonic()
    target = (output or book / "dist") / FOLDERS[marks]
    wanted = editions or (PROOF_EDITIONS if marks == "show" else EDITIONS)
    if marks == "show" and "epub" in wanted:
        known = ", ".join(PROOF_EDITIONS)
        raise click.UsageError(f"a proof has no EPUB; with --marks show there are: {known}")
    result = freshness.look(book, target, wanted, marks)
    if result is None:
        result = _build(book, target, wanted, jobs, marks)
    report(without_notes(result.problems))
    if explain:
        for step, reason in result.reasons.items():
            out.print(Text.assemble(f"{step}: ", (reason, "dim")))
    for made in result.made:
        _name(made)
    if out.is_terminal:
        err.print(f"done in {time.monotonic() - start:.1f} s", style="dim")
    return int(stops(result.problems, strict=strict))


def _build(book: Path, target: Path, editions: tuple[str, ...], jobs: int, marks: Mode) -> Result:
    from octavo.build import build

    with progress() as tell:
        return build(book, target, editions, jobs, tell, marks)


def _name(made: Made) -> None:
    path = made.path
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    out.print(Text.assemble(str(shown), ("  " + made.remark, "dim")))
