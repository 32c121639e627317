"""What the commands are made of: groups that load their commands late, and options that all of them have."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from datasync_sdk.cli.invocation import Invocation

__all__ = ["Command", "LazyGroup", "global_options"]

GLOBAL = "Options of every command"


def remember(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Keep a global option; what stands behind the command's name counts more than what stands before it."""
    invocation = context.ensure_object(Invocation)
    if value and parameter.name == "verbosity":
        invocation.verbosity += value
    elif value and parameter.name:
        setattr(invocation, parameter.name, value)


def global_options() -> list[click.Option]:
    """The options that stand before the name of a command, or behind it."""
    kept: dict[str, Any] = {"expose_value": False, "callback": remember}
    return [
        click.Option(["--region"], metavar="NAME", help="The AWS Region.", **kept),
        click.Option(["--profile"], metavar="NAME", help="The profile of AWS's configuration.", **kept),
        click.Option(
            ["--endpoint-url"], metavar="URL", help="Another address than AWS's, as of `local serve`.", **kept
        ),
        click.Option(["--json", "as_json"], is_flag=True, help="Write JSON, for programs.", **kept),
        click.Option(
            ["-v", "--verbose", "verbosity"],
            count=True,
            help="Tell more on stderr, and tracebacks of errors; -vv tells yet more.",
            **kept,
        ),
    ]


def write_options(command: click.Command, context: click.Context, formatter: click.HelpFormatter) -> None:
    """Write the options of a command into its help; those of every command below."""
    general = {option.name for option in global_options()}
    own: list[tuple[str, str]] = []
    shared: list[tuple[str, str]] = []
    options = (each for each in command.get_params(context) if isinstance(each, click.Option))
    for parameter in options:
        record = parameter.get_help_record(context)
        if record is not None:
            (shared if parameter.name in general else own).append(record)
    for title, records in (("Options", own), (GLOBAL, shared)):
        if records:
            with formatter.section(title):
                formatter.write_dl(records)


class Command(click.Command):
    """A command that has the global options, too."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """As click does, with options in addition."""
        super().__init__(*arguments, **options)
        self.params.extend(global_options())

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, those of this command first."""
        write_options(self, ctx, formatter)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are used, not to list them."""

    def __init__(self, *arguments: Any, summaries: Mapping[str, str], package: str, **options: Any) -> None:
        """A group of commands.

        Args:
            arguments: as click has them.
            summaries: what is told of each command in the help of the group, by its name; in their order.
            package: the package with a module for each, that has the command by its name.
            options: as click has them.
        """
        super().__init__(*arguments, **options)
        self.no_args_is_help = False  # Otherwise the whole help would be the message of an error.
        self.summaries = summaries
        self._package = package

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """The names of the commands, in their order."""
        return list(self.summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # as above
        """The command of this name; None where there is none."""
        if cmd_name not in self.summaries:
            return None
        command = getattr(import_module(f"{self._package}.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101  # a module without it is a mistake of ours
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # as above
        """Write the list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.summaries.items()))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, and the options below them."""
        self.format_commands(ctx, formatter)
        write_options(self, ctx, formatter)
