"""``check``: what is wrong with the book."""

# ruff: noqa: PLC0415 - commands import what they need when they are called

import gc
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from octavo.cli.options import book_option
from octavo.cli.reporting import counted, out, progress, report, stops
from octavo.problems import BookError, Problem
from octavo.rules import RULES, Severity

if TYPE_CHECKING:
    from octavo.checking import Checked


def _list_rules(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if not value:
        return
    width = max(map(len, RULES))
    for rule in sorted(RULES.values(), key=lambda rule: rule.name):
        firm = "" if rule.can_be_lowered else " (firm)"
        out.print(
            Text.assemble((f"{rule.name:{width}}", "bold"), f"  {rule.severity}{firm}: "),
            Text(rule.meaning),
            sep="",
        )
    ctx.exit()


@click.command(
    "check",
    short_help="Report what is wrong with the book, without building it.",
    epilog="""\b
Examples:
  python3 build.py check                    in about a second, without pages
  python3 build.py check --deep             with the pages, which are laid out for it
  python3 build.py check --format sarif > octavo.sarif
""",
)
@book_option
@click.option("--deep", is_flag=True, help="Lay out the pages, and check them too.")
@click.option("--online", is_flag=True, help="Ask the network whether links lead somewhere.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    help="For people, programs, GitHub's annotations, or code hosts.  [default: text]",
)
@click.option("--strict", is_flag=True, help="End with status 1 for warnings too.")
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    help="How many sections --deep lays out at a time.  [default: one a core]",
)
@click.option(
    "--rules",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_rules,
    help="List all rules: how bad it is to break each, and what it means.",
)
def check_command(book: Path, deep: bool, online: bool, form: str, strict: bool, jobs: int) -> int:
    """Read the whole book and report every problem, with file, line and hint.

    The status is 1 if there are errors.  What is an error, a warning or a note stands in book.toml,
    [checks]; a comment in the text silences a rule at its place:
    <!-- octavo: allow RULE: the reason -->
    """
    gc.disable()  # The process ends before it is worth looking for garbage.
    checked: Checked | None = None
    try:
        checked = _checked(book, deep=deep, online=online, jobs=jobs)
        problems = checked.problems
    except BookError as error:
        if form == "text":
            raise
        problems = error.problems
    if form == "text":
        report(problems)
    else:
        click.echo(_formatted(form, problems, book), nl=False)
    if form == "text" and checked is not None:
        _sum_up(checked)
    return int(stops(problems, strict=strict))


def _checked(book: Path, *, deep: bool, online: bool, jobs: int) -> "Checked":
    from octavo import checking
    from octavo.checks import links, network

    with progress() as tell:
        tell("reading")
        if deep:
            from octavo.build import review_pages

            checked = review_pages(book, jobs, tell)
        else:
            checked = checking.review(book)
        if online:
            tell("asking the network")
            found = network.check(links.addresses(checked.prose))
            checked = checked.with_more(found, {"network"})
    return checked


def _formatted(form: str, problems: Sequence[Problem], book: Path) -> str:
    from octavo import reports
    from octavo.reports import github, json, sarif

    match form:
        case "json":
            return json.report(problems)
        case "github":
            return github.report(problems, reports.prefix(book))
    return sarif.report(problems, reports.prefix(book))


def _sum_up(checked: "Checked") -> None:
    """Say what the book has, and how much is wrong with it."""
    sections = checked.book.sections
    notes = sum(len(section.notes) for section in sections)
    works = len(checked.book.cited.bibliography)
    counts = Counter(problem.severity for problem in checked.problems)
    found = [
        counted(counts[severity], severity)
        for severity in (Severity.WARNING, Severity.NOTE)
        if counts[severity]
    ]
    said = ", ".join(["no errors", *found])
    sizes = (counted(len(sections), "section"), counted(notes, "note"), counted(works, "work"))
    out.print(f"{', '.join(sizes)}: {said}")
