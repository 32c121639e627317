"""`datasync throttle`."""

from __future__ import annotations

import click

from datasync_sdk.cli.framework import Command
from datasync_sdk.cli.invocation import Invocation, pass_invocation
from datasync_sdk.cli.values import RATE

__all__ = ["throttle"]


@click.command(cls=Command)
@click.argument("execution", metavar="EXECUTION")
@click.argument("rate", type=RATE, metavar="RATE|unlimited")
@pass_invocation
def throttle(invocation: Invocation, execution: str, rate: int) -> None:
    """Limit the bandwidth of an execution.

    RATE is in bytes per second: 10MB is 10,000,000, and 10MiB is 10,485,760. DataSync obeys within a minute.
    """
    from datasync_sdk.cli.documents import write_json
    from datasync_sdk.cli.sizes import size
    from datasync_sdk.cli.targets import execution_of

    found = execution_of(invocation, execution)
    found.throttle(None if rate < 0 else rate)
    if invocation.as_json:
        write_json({"task_execution_arn": found.arn, "bytes_per_second": None if rate < 0 else rate})
    else:
        click.echo("unlimited" if rate < 0 else f"limited to {size(rate)}/s ({rate:,} bytes per second)")
