"""What a person names on the command line: ARNs, names of tasks, URIs of locations."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from datasync_sdk.cli.invocation import Invocation

if TYPE_CHECKING:
    from datasync_sdk._generated.layer.execution import TaskExecution
    from datasync_sdk.errors import ConfigurationError

__all__ = ["execution_of", "kind_of", "location_arn", "task_arn"]

ARN: Final = re.compile(
    r"arn:[^:]+:datasync:[^:]*:[^:]*:(?:(?P<task>task/[^/]+)(?P<execution>/execution/[^/]+)?"
    r"|(?P<location>location/[^/]+)|(?P<agent>agent/[^/]+))"
)


def kind_of(text: str) -> str | None:
    """What an ARN of DataSync is of: `task`, `execution`, `location` or `agent`; None of what is none."""
    found = ARN.fullmatch(text)
    if found is None:
        return None
    return next(kind for kind in ("execution", "task", "location", "agent") if found[kind])


def refused(text: str) -> ConfigurationError:
    """The error for one who named what is of no use here."""
    from datasync_sdk.errors import ConfigurationError

    return ConfigurationError(text)


def task_arn(invocation: Invocation, text: str) -> str:
    """The ARN of the task that somebody means by its ARN or its name.

    Raises:
        ConfigurationError: there is no task of this name, or it is the ARN of something else.
        AmbiguousError: there are several of this name.
        ServiceError: DataSync refused to list them.
    """
    if kind_of(text) == "task":
        return text
    if text.startswith("arn:"):
        what = kind_of(text)
        hint = f"; its task is {text.partition('/execution/')[0]}" if what == "execution" else ""
        raise refused(f"{text!r:.200} is not the ARN of a task{hint}")
    found = invocation.client.find_task(name=text)
    if found is None:
        names = [task.name for task in invocation.client.iter_tasks() if task.name]
        near = get_close_matches(text, names, n=3)
        hint = (
            f"did you mean {' or '.join(near)}?"
            if near
            else f"{invocation.command('ls', 'tasks')} lists them"
        )
        raise refused(f"there is no task of the name {text!r:.200}; {hint}")
    return found.task_arn


def location_arn(invocation: Invocation, text: str) -> str:
    """The ARN of the location that somebody means by its ARN or its URI.

    Raises:
        ConfigurationError: there is no location of this URI.
        AmbiguousError: there are several.
        ServiceError: DataSync refused to list them.
    """
    if kind_of(text) == "location":
        return text
    try:
        found = invocation.client.find_location(text)
    except ValueError as error:
        raise refused(str(error)) from error
    if found is None or found.location_arn is None:
        raise refused(
            f"there is no location {text!r:.200}; {invocation.command('ls', 'locations')} lists them"
        )
    return found.location_arn


def execution_of(invocation: Invocation, text: str, *, of_tasks: bool = False) -> TaskExecution:
    """The execution that somebody means by its ARN or, `of_tasks`, the one of a task that runs, or ran last.

    Raises:
        ConfigurationError: it is the ARN of something else, or a task that has no execution.
        AmbiguousError: there are several tasks of this name.
        ServiceError: DataSync refused to tell of the task.
    """
    if kind_of(text) == "execution":
        return invocation.client.execution(text)
    if not of_tasks:
        listing = invocation.command("ls", "executions", text)
        raise refused(f"{text!r:.200} is not the ARN of an execution; of a task, {listing} lists them")
    arn = task_arn(invocation, text)
    current = invocation.client.describe_task(task_arn=arn).current_task_execution_arn
    found = invocation.client.execution(current) if current else invocation.client.latest_execution(arn)
    if found is None:
        raise refused(f"{text!r:.200} has no execution yet; {invocation.command('run', text)} starts one")
    return found
