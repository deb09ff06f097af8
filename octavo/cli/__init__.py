"""The command line: arguments → verbs, progress, exit status.

Outputs are named on standard output; problems and progress go to standard error.  The exit status
is 0, or 1 when the book has errors or something cannot be done, 2 for a wrong call, 130 when it
was interrupted, 128 + N when signal N ended it.

Each command is a module here.  Commands import what they need when they are called: a build that
has nothing to do is done before the libraries could be loaded.
"""

import click

from octavo import __version__
from octavo.cli.build import build_command
from octavo.cli.check import check_command
from octavo.cli.clean import clean_command
from octavo.cli.diff import diff_command
from octavo.cli.doctor import doctor_command
from octavo.cli.editor import editor_command
from octavo.cli.export import export_command
from octavo.cli.group import DefaultGroup
from octavo.cli.import_ import import_command
from octavo.cli.new import new_command
from octavo.cli.permalinks import permalinks_command
from octavo.cli.preview import preview_command
from octavo.cli.resolve import resolve_command
from octavo.cli.stats import stats_command
from octavo.cli.words import words_command


@click.group(
    cls=DefaultGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Without a command, the book is built.",
)
@click.version_option(__version__, message="%(version)s")
def commands() -> None:
    """Octavo: one Markdown manuscript in; print PDF, web edition and EPUB out."""


for command in (
    build_command,
    preview_command,
    check_command,
    stats_command,
    words_command,
    export_command,
    import_command,
    permalinks_command,
    diff_command,
    resolve_command,
    new_command,
    editor_command,
    clean_command,
    doctor_command,
):
    commands.add_command(command)
