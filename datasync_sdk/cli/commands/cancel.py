"""`datasync cancel`."""

from __future__ import annotations

import click

from datasync_sdk.cli.framework import Command
from datasync_sdk.cli.invocation import Invocation, pass_invocation

__all__ = ["cancel"]


@click.command(cls=Command)
@click.argument("execution", metavar="EXECUTION")
@pass_invocation
def cancel(invocation: Invocation, execution: str) -> None:
    """Cancel an execution.

    Files that move at this moment stay partial at the destination; the next full execution repairs them.
    """
    from datasync_sdk.cli.documents import write_json
    from datasync_sdk.cli.targets import execution_of

    found = execution_of(invocation, execution)
    was_running = found.cancel()
    if invocation.as_json:
        write_json({"task_execution_arn": found.arn, "cancelled": was_running})
    elif was_running:
        click.echo(f"cancelling; {invocation.command('watch', found.arn)} waits for the end")
    else:
        click.echo("it has ended, or is being cancelled: there was nothing to cancel")
