"""The `datasync` command: its sub-commands, its help, and what becomes of errors."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Final, NoReturn

import click

from datasync_sdk._runtime.version import VERSION
from datasync_sdk.cli import statuses
from datasync_sdk.cli.framework import LazyGroup, global_options
from datasync_sdk.cli.invocation import Invocation
from datasync_sdk.cli.telling import tell_failure

__all__ = ["datasync"]

SUMMARIES: Final = {
    "ls": "List tasks, locations, agents or executions.",
    "describe": "Tell all that DataSync knows of a thing.",
    "run": "Start an execution of a task, and watch it.",
    "watch": "Watch an execution to its end.",
    "cancel": "Cancel an execution.",
    "throttle": "Limit the bandwidth of an execution.",
    "report": "Read the report of an execution.",
    "check": "Tell what is wrong with a request, without sending it.",
    "local": "DataSync on this machine.",
    "completion": "Print what makes a shell complete this command.",
}
"""The commands, and the first lines of their helps."""


class Datasync(LazyGroup):
    """The whole command. Whatever happens, it ends with a status of `statuses.py`, and with no traceback."""

    def main(self, args: Sequence[str] | None = None, *others: Any, **options: Any) -> NoReturn:
        """Run a command line, and exit."""
        invocation = options.setdefault("obj", Invocation())
        options["standalone_mode"] = False
        try:
            status = super().main(args, *others, **options)
        except click.exceptions.Exit as error:
            status = error.exit_code
        except click.Abort:
            status = statuses.INTERRUPTED
        except Exception as error:  # noqa: BLE001  # a person gets a line, whatever it is
            status = tell_failure(error, invocation)
        sys.exit(status or statuses.SUCCESS)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a sub-command; gives its exit status."""
        from datasync_sdk.cli.logs import logged

        try:
            with logged(ctx.ensure_object(Invocation)):
                status = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            return statuses.BROKEN_PIPE
        except KeyboardInterrupt:
            return statuses.INTERRUPTED
        return status


EPILOG: Final = """\b
Exit status: 0 success; 1 an error, or an execution that failed;
2 an execution that completed with failures of items; 64 wrong use;
124 --timeout has passed; 130 Ctrl-C; 143 SIGTERM.
"""


@click.command(
    cls=Datasync,
    summaries=SUMMARIES,
    package="datasync_sdk.cli.commands",
    params=global_options(),
    epilog=EPILOG,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(VERSION, prog_name="datasync", message="%(prog)s %(version)s")
@click.pass_context
def datasync(context: click.Context) -> int | None:
    """Run and look after transfers of AWS DataSync.

    Credentials, the Region and all else come from where boto3 takes them: the environment, ~/.aws, a role.
    TASK is the ARN of a task, or its name.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        return statuses.USAGE
    return None
