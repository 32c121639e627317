"""`datasync ls`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from datasync_sdk.cli.framework import Command
from datasync_sdk.cli.invocation import Invocation, pass_invocation

if TYPE_CHECKING:
    from datasync_sdk import models as m

__all__ = ["ls"]


class Listing(NamedTuple):
    """How things are listed."""

    member: str
    """Their name in AWS's answer, and in JSON."""
    titles: tuple[str, ...]
    attributes: tuple[str, ...]
    """What is in the columns."""


LISTINGS: Final = {
    "tasks": Listing("Tasks", ("NAME", "STATUS", "MODE", "ARN"), ("name", "status", "task_mode", "task_arn")),
    "locations": Listing("Locations", ("URI", "ARN"), ("location_uri", "location_arn")),
    "agents": Listing("Agents", ("NAME", "STATUS", "ARN"), ("name", "status", "agent_arn")),
    "executions": Listing(
        "TaskExecutions", ("STATUS", "MODE", "ARN"), ("status", "task_mode", "task_execution_arn")
    ),
}
LONG: Final = Listing(
    "TaskExecutions",
    ("STATUS", "STARTED", "TOOK", "FILES", "BYTES", "ARN"),
    ("status", "", "", "", "", "task_execution_arn"),
)
"""Of executions that were looked at one by one."""


@click.command(cls=Command)
@click.argument("what", type=click.Choice(list(LISTINGS)), default="tasks")
@click.argument("task", required=False)
@click.option("-l", "--long", "is_long", is_flag=True, help="Look at each execution: times and counters.")
@pass_invocation
def ls(invocation: Invocation, what: str, task: str | None, is_long: bool) -> None:
    """List tasks, locations, agents or executions.

    Tasks by default. Executions are those of all tasks, or of one TASK; DataSync keeps them for 30 days, and
    lists them without their times: `--long` asks for each.
    """
    from datasync_sdk.cli.documents import write_json
    from datasync_sdk.cli.tables import write_table

    if what != "executions" and (task is not None or is_long):
        given = "--long" if task is None else f"{task!r:.60}"
        raise click.UsageError(f"{given} is for executions only: datasync ls executions")
    listing = LISTINGS[what]
    entries = listed(invocation, what, task)
    if is_long:
        listing, entries = LONG, described(invocation, entries)
    if invocation.as_json:
        write_json({listing.member: list(entries)})
    else:
        rows = (long_row(entry) if is_long else row(entry, listing) for entry in entries)
        write_table(listing.titles, rows)


def listed(invocation: Invocation, what: str, task: str | None) -> Iterator[Any]:
    """The entries of a listing."""
    client = invocation.client
    match what:
        case "tasks":
            return client.iter_tasks()
        case "locations":
            return client.iter_locations()
        case "agents":
            return client.iter_agents()
        case _:
            from datasync_sdk.cli.targets import task_arn

            return client.iter_task_executions(task_arn=task_arn(invocation, task) if task else None)


def described(
    invocation: Invocation, entries: Iterator[m.TaskExecutionListEntry]
) -> Iterator[m.DescribeTaskExecutionResponse]:
    """The whole answer about each execution; the last one first. One that is gone meanwhile is left out."""
    from datasync_sdk.cli.wording import EARLIEST
    from datasync_sdk.errors import ExecutionNotFound

    found = []
    for entry in entries:
        try:
            found.append(
                invocation.client.describe_task_execution(task_execution_arn=entry.task_execution_arn or "")
            )
        except ExecutionNotFound:
            continue
    found.sort(key=lambda execution: execution.start_time or EARLIEST, reverse=True)
    yield from found


def row(entry: Any, listing: Listing) -> list[str]:
    """The cells of an entry."""
    values = (getattr(entry, attribute) for attribute in listing.attributes)
    return ["-" if value is None else str(value) for value in values]


def long_row(execution: m.DescribeTaskExecutionResponse) -> list[str]:
    """The cells of an execution that was looked at."""
    from datasync_sdk.cli.sizes import size
    from datasync_sdk.cli.wording import duration, moment

    start, end = execution.launch_time or execution.start_time, execution.end_time
    files, moved = execution.files_transferred, execution.bytes_transferred
    return [
        str(execution.status),
        moment(start) if start else "-",
        duration(end - start) if start and end else "-",
        "-" if files is None else f"{files:,}",
        "-" if moved is None else size(moved),
        execution.task_execution_arn,
    ]
