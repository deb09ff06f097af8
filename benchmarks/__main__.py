"""The benchmark's command line; ``--help`` says what can be chosen.

The report goes to standard output, progress to standard error.  The exit status is 1 when a bar is
missed or a command fails.
"""

import sys
import tempfile
from pathlib import Path

import click

from benchmarks import report, scenarios
from benchmarks.measure import FailedError
from benchmarks.scenarios import NAMES, SIZES

ROOT = Path(__file__).resolve().parent.parent


def _names(ctx: click.Context, param: click.Parameter, value: str) -> frozenset[str]:
    names = _parts(value)
    if unknown := [name for name in names if name not in NAMES]:
        raise click.BadParameter(f"not known: {', '.join(unknown)}; known: {', '.join(NAMES)}")
    return frozenset(names)


def _sizes(ctx: click.Context, param: click.Parameter, value: str) -> tuple[int, ...]:
    sizes = _parts(value)
    if not sizes or not all(size.isdecimal() for size in sizes):
        raise click.BadParameter("numbers of pages, with commas between")
    return tuple(int(size) for size in sizes)


def _parts(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--runs",
    metavar="N",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="How many times everything is run; medians are reported.",
)
@click.option(
    "--pages",
    "sizes",
    metavar="SIZES",
    callback=_sizes,
    default=",".join(map(str, SIZES)),
    show_default=True,
    help="Sizes of the book. Everything is measured at 570 pages, or at the first of "
    "the sizes; at the others, a cold build.",
)
@click.option(
    "--only",
    "names",
    metavar="NAMES",
    callback=_names,
    default=",".join(NAMES),
    show_default=True,
    help="What is measured, with commas between.",
)
@click.option(
    "--keep",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Make the books here, and leave them.  [default: a temporary folder]",
)
@click.option(
    "--json",
    "json_file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write every run to this file, too.",
)
def main(
    runs: int,
    sizes: tuple[int, ...],
    names: frozenset[str],
    keep: Path | None,
    json_file: Path | None,
) -> None:
    """Measure Octavo and its rivals on books made from the monograph's text."""
    with tempfile.TemporaryDirectory(prefix="octavo-bench-") as temporary:
        folder = keep.resolve() if keep else Path(temporary).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        try:
            results = scenarios.measure_all(ROOT, folder, sizes, names, runs, _tell)
        except FailedError as error:
            raise click.ClickException(str(error)) from None
    if json_file:
        report.write_json(results, json_file)
    click.echo(report.text(results))
    if any(bar.verdict == "MISSED" for bar in report.bars(results)):
        sys.exit(1)


def _tell(words: str) -> None:
    click.echo(words, err=True)


if __name__ == "__main__":
    main()
