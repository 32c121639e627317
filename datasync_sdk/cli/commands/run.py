"""`datasync run`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from datasync_sdk.cli import statuses
from datasync_sdk.cli.framework import Command
from datasync_sdk.cli.invocation import Invocation, pass_invocation
from datasync_sdk.cli.values import RATE, interval_option, parse_options, timeout_option

if TYPE_CHECKING:
    from datasync_sdk import models as m
    from datasync_sdk._generated.layer.execution import TaskExecution

__all__ = ["run"]


@click.command(cls=Command)
@click.argument("task")
@click.option("--limit", type=RATE, metavar="RATE", help="Bandwidth per second: 10MB, 10MiB, unlimited.")
@click.option(
    "--include", "includes", multiple=True, metavar="PATTERN", help="Transfer this only; repeatable."
)
@click.option(
    "--exclude", "excludes", multiple=True, metavar="PATTERN", help="Do not transfer this; repeatable."
)
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    help="Any other option, such as verify_mode=NONE; repeatable.",
)
@click.option("--tag", "tags", multiple=True, metavar="KEY=VALUE", help="A tag; repeatable.")
@click.option("--attach", is_flag=True, help="Watch the execution that runs already, where there is one.")
@click.option("--detach", is_flag=True, help="Print the ARN of the execution, and do not watch it.")
@interval_option
@timeout_option
@pass_invocation
def run(  # noqa: PLR0913  # the options of the command
    invocation: Invocation,
    /,
    task: str,
    *,
    attach: bool,
    detach: bool,
    interval: float | None,
    timeout: float | None,
    **overrides: Any,
) -> int:
    """Start an execution of a task, and watch it.

    What is said here is for this execution only, and the rest is as the task says. The exit status tells how
    it ended. Ctrl-C ends the watching, never the execution.
    """
    from datasync_sdk.cli.following import follow
    from datasync_sdk.cli.targets import task_arn

    members = members_of(**overrides)
    if attach and members:
        raise click.UsageError("--attach takes what runs as it was started: leave the other options out")
    if detach and (interval or timeout is not None):
        raise click.UsageError("--detach watches nothing: leave --interval and --timeout out")
    warn_of_patterns(invocation, include=overrides["includes"], exclude=overrides["excludes"])
    arn = task_arn(invocation, task)
    try:
        execution = started(invocation, arn, attach=attach, members=members)
    except KeyboardInterrupt:
        return left(invocation, arn)
    if detach:
        return written(invocation, execution)
    return follow(invocation, execution, interval=interval, timeout=timeout)


def members_of(
    limit: int | None,
    includes: tuple[str, ...],
    excludes: tuple[str, ...],
    options: tuple[str, ...],
    tags: tuple[str, ...],
) -> dict[str, Any]:
    """What an execution is to have other than its task."""
    from datasync_sdk import filters

    made: dict[str, Any] = {
        "override_options": parse_options(options, limit),
        "tags": [tag(text) for text in tags] or None,
    }
    for name, patterns, rule in (
        ("includes", includes, filters.include),
        ("excludes", excludes, filters.exclude),
    ):
        try:
            made[name] = rule(*patterns) if patterns else None
        except ValueError as error:
            raise click.UsageError(f"--{name.removesuffix('s')}: {error}") from error
    return {name: value for name, value in made.items() if value is not None}


def warn_of_patterns(invocation: Invocation, **patterns: tuple[str, ...]) -> None:
    """Warn of patterns that DataSync takes, and that match nothing: it compares them with whole paths.

    https://docs.aws.amazon.com/datasync/latest/userguide/filtering.html
    """
    from datasync_sdk.cli.telling import tell

    for name, texts in patterns.items():
        for text in texts:
            if not text.startswith(("/", "*")):
                said = f"--{name} {text!r:.80} matches hardly anything, as paths begin with a slash"
                tell(invocation, "warning", f"{said}: write /{text:.80}")


def tag(text: str) -> m.TagListEntry:
    """A tag of an execution."""
    from datasync_sdk import models as m

    key, separator, value = text.partition("=")
    if not separator or not key:
        raise click.UsageError(f"--tag {text!r:.80} is not KEY=VALUE")
    return m.TagListEntry(key=key, value=value)


def started(invocation: Invocation, arn: str, *, attach: bool, members: dict[str, Any]) -> TaskExecution:
    """The execution to watch."""
    if attach:
        return invocation.client.start_or_attach(arn)
    return invocation.client.start(arn, **members)


def written(invocation: Invocation, execution: TaskExecution) -> int:
    """Print the ARN of the execution."""
    from datasync_sdk.cli.documents import write_json

    if invocation.as_json:
        write_json({"task_execution_arn": execution.arn})
    else:
        click.echo(execution.arn)
    return statuses.SUCCESS


def left(invocation: Invocation, arn: str) -> int:
    """Say that nobody knows whether the execution was started."""
    from datasync_sdk.cli.telling import tell

    again = invocation.command("ls", "executions", arn)
    tell(invocation, "note", f"the execution may have started before you interrupted; to see: {again}")
    return statuses.INTERRUPTED
