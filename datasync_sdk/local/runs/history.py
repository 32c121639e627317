"""What becomes of executions: how they end, how they are found again, and when they are forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from attrs import evolve

from datasync_sdk import models as m
from datasync_sdk.local.refusals import not_found
from datasync_sdk.local.runs.phases import broken_off, detail, from_json
from datasync_sdk.local.runs.progress import is_enhanced, milliseconds
from datasync_sdk.local.state import Kind, Resource, State
from datasync_sdk.local.transfer.job import PhaseEnd

HISTORY: Final = timedelta(days=30)
"""How long the service remembers an execution that has ended."""

CANCELLED: Final = ("TaskExecutionCancelled", "The task execution was cancelled.")
INTERRUPTED: Final = (
    "TaskExecutionInterrupted",
    "The service was stopped while the task execution was running. Start the task again.",
)
BROKEN: Final = ("InternalError", "An internal error occurred; the log of the service tells which.")
"""Codes and details of `Result`. AWS has no list of them."""

Execution: TypeAlias = Resource[m.DescribeTaskExecutionResponse]


def find_execution(state: State, arn: str) -> Execution:
    """The execution of an ARN, unless the service remembers it no more."""
    execution = state.find(arn, m.DescribeTaskExecutionResponse, "Task execution")
    if is_old(state, execution):
        raise not_found("Task execution", arn)
    return seen(state, execution)


def seen(state: State, execution: Execution) -> Execution:
    """An execution as it stands. One that neither waits nor runs has ended, though that was not kept."""
    if execution.described.end_time is not None or state.queue.find(execution.arn):
        return execution
    return execution.changed(stopped(execution, BROKEN, state.clock.now()))


def stopped(execution: Execution, why: tuple[str, str], now: datetime) -> m.DescribeTaskExecutionResponse:
    """An execution that ran and that nobody runs any more. It ended when it was last heard of."""
    described = execution.described
    phases = from_json(execution.hidden.get("phases"))
    if described.launch_time is not None:
        lasted = (described.result and described.result.total_duration) or 0
        now = min(now, described.launch_time + timedelta(milliseconds=lasted))
    return ended(described, in_error(described, phases, *why), now)


def ended(
    described: m.DescribeTaskExecutionResponse, result: m.TaskExecutionResultDetail, now: datetime
) -> m.DescribeTaskExecutionResponse:
    """An execution that has ended: in an error, if the result tells one. Its report is not yet written."""
    since = described.launch_time or now
    total = milliseconds(now - since)
    report = described.report_result and m.ReportResult(
        status=m.PhaseStatus.ERROR,
        error_code=result.error_code,
        error_detail="The task execution ended before a report could be written.",
    )
    return evolve(
        described,
        status=m.TaskExecutionStatus.ERROR if result.error_code else m.TaskExecutionStatus.SUCCESS,
        end_time=now,
        result=evolve(result, total_duration=total),
        report_result=report,
    )


def in_error(
    described: m.DescribeTaskExecutionResponse, phases: Sequence[PhaseEnd], code: str, text: str
) -> m.TaskExecutionResultDetail:
    """The result of an execution that did not come to the end of its transfer.

    Args:
        described: the execution.
        phases: as they stood.
        code: its ErrorCode.
        text: its ErrorDetail.
    """
    ends = broken_off(phases, is_enhanced=is_enhanced(described))
    return detail(ends, error_code=code, error_detail=text)


def is_old(state: State, execution: Execution) -> bool:
    """Tell whether an execution has ended so long ago that the service remembers it no more."""
    end = execution.described.end_time
    return end is not None and end < state.clock.now() - HISTORY


def forget_old(state: State, task: str) -> None:
    """Delete the executions of a task that the service remembers no more."""
    for execution in state.store.list(Kind.EXECUTION, parent=task):
        if is_old(state, execution):
            state.store.delete(execution.arn)
