"""`datasync watch`."""

from __future__ import annotations

import click

from datasync_sdk.cli.framework import Command
from datasync_sdk.cli.invocation import Invocation, pass_invocation
from datasync_sdk.cli.values import interval_option, timeout_option

__all__ = ["watch"]


@click.command(cls=Command)
@click.argument("execution", metavar="EXECUTION|TASK")
@interval_option
@timeout_option
@pass_invocation
def watch(invocation: Invocation, execution: str, interval: float | None, timeout: float | None) -> int:
    """Watch an execution to its end.

    A TASK stands for its execution that runs, or ran last. The exit status tells how it ended. Ctrl-C ends
    the watching, never the execution.
    """
    from datasync_sdk.cli.following import follow
    from datasync_sdk.cli.targets import execution_of

    found = execution_of(invocation, execution, of_tasks=True)
    return follow(invocation, found, interval=interval, timeout=timeout)
