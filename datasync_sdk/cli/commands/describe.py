"""`datasync describe`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from datasync_sdk.cli.framework import Command
from datasync_sdk.cli.invocation import Invocation, pass_invocation

if TYPE_CHECKING:
    from datasync_sdk._runtime.structures import Structure

__all__ = ["describe"]


@click.command(cls=Command)
@click.argument("what", metavar="ARN|TASK|URI")
@pass_invocation
def describe(invocation: Invocation, what: str) -> None:
    """Tell all that DataSync knows of a thing.

    A task, an execution, a location of any type or an agent by its ARN; a task also by its name, and a
    location by its URI, such as s3://archive/2024/.
    """
    from datasync_sdk.cli.documents import document, lines, write_json

    answer = described(invocation, what)
    if invocation.as_json:
        write_json(answer)
        return
    told: dict[str, Any] = document(answer)
    for line in lines(told):
        click.echo(line)


def described(invocation: Invocation, what: str) -> Structure:
    """The answer about a thing."""
    from datasync_sdk.cli.targets import kind_of, location_arn, task_arn

    client = invocation.client
    kind = kind_of(what)
    if kind == "execution":
        return client.describe_task_execution(task_execution_arn=what)
    if kind == "agent":
        return client.describe_agent(agent_arn=what)
    if kind == "location" or "://" in what:
        return client.describe_location(location_arn(invocation, what))
    return client.describe_task(task_arn=task_arn(invocation, what))
