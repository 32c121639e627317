"""Watch an execution to its end, or until somebody has seen enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasync_sdk._runtime.termination import TERMINATION
from datasync_sdk.cli import statuses
from datasync_sdk.cli.displays.display import display_for
from datasync_sdk.cli.invocation import Invocation
from datasync_sdk.cli.telling import tell

if TYPE_CHECKING:
    from datasync_sdk._generated.layer.execution import TaskExecution
    from datasync_sdk.execution.outcome import Outcome

__all__ = ["follow"]


def follow(
    invocation: Invocation, execution: TaskExecution, *, interval: float | None, timeout: float | None
) -> int:
    """Watch an execution; gives the exit status. Whatever ends the watching leaves the execution as it is.

    Args:
        invocation: how to show it.
        execution: which one.
        interval: seconds between looks; None stands for intervals that grow.
        timeout: after how many seconds to give up; None stands for never.

    Raises:
        WaitTimeout: it has not ended in this time.
        DataSyncError: DataSync does not tell of it any more.
    """
    listener = TERMINATION.listen()
    try:
        outcome = watched(invocation, execution, interval, timeout)
    except KeyboardInterrupt:
        return left(invocation, execution, statuses.INTERRUPTED)
    except SystemExit:
        if not listener.is_told:
            raise
        return left(invocation, execution, statuses.TERMINATED)
    finally:
        listener.stop()
    return statuses.VERDICTS[outcome.verdict]


def watched(
    invocation: Invocation, execution: TaskExecution, interval: float | None, timeout: float | None
) -> Outcome:
    """Show an execution until it has ended."""
    from datasync_sdk.execution.polling import Poll

    poll = None if interval is None else Poll(first=interval, most=interval)
    display = display_for(invocation, execution.arn)
    with display:
        for progress in execution.watch(timeout=timeout, poll=poll):
            display.show(progress)
    outcome = execution.outcome
    assert outcome is not None  # noqa: S101  # `watch` ends only when it has seen the end
    display.end(outcome)
    return outcome


def left(invocation: Invocation, execution: TaskExecution, status: int) -> int:
    """Say that the execution goes on, and how to look at it again."""
    again = invocation.command("watch", execution.arn)
    text = f"the execution goes on; to look at it again: {again}"
    tell(invocation, "note", text, task_execution_arn=execution.arn)
    return status
