"""How commands are chosen: build when none is named, the nearest when one is mistyped."""

import click

from octavo.problems import nearest


class DefaultGroup(click.Group):
    """A group of commands of which ``build`` is meant when none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``build`` before arguments that begin with none of the commands."""
        if not args or (
            args[0] not in self.commands and args[0] not in {"--help", "-h", "--version"}
        ):
            if args and not args[0].startswith("-"):
                return super().parse_args(ctx, args)
            args = ["build", *args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command when there is none of that name."""
        if args and args[0] not in self.commands:
            hint = nearest(args[0], self.commands)
            raise click.UsageError(f'There is no command "{args[0]}"; {hint or "see --help"}', ctx)
        return super().resolve_command(ctx, args)
