"""Executions: started, described, throttled, cancelled, listed."""

from __future__ import annotations

from typing import Any

from attrs import evolve

from datasync_sdk import models as m
from datasync_sdk.defaults import merged_options
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.resources.listing import page
from datasync_sdk.local.resources.tags import tags_of
from datasync_sdk.local.resources.tasks import agents_of, find_task
from datasync_sdk.local.runs.history import (
    CANCELLED,
    Execution,
    ended,
    find_execution,
    forget_old,
    is_old,
    seen,
)
from datasync_sdk.local.runs.keeping import keep
from datasync_sdk.local.runs.live import Live
from datasync_sdk.local.runs.phases import NOT_BEGUN, detail
from datasync_sdk.local.runs.progress import as_it_runs, with_progress
from datasync_sdk.local.runs.queue import MOST_QUEUED, Run
from datasync_sdk.local.state import Handlers, Kind, Resource, State, new_id
from datasync_sdk.local.transfer.job import Counters


def start_task_execution(state: State, request: m.StartTaskExecutionRequest) -> m.StartTaskExecutionResponse:
    """Run a task, or put the execution at the end of the queue."""
    return start(state, request, scheduled=False)


def start(
    state: State, request: m.StartTaskExecutionRequest, *, scheduled: bool
) -> m.StartTaskExecutionResponse:
    """Start a task, as somebody asks for it or as its schedule does."""
    task = find_task(state, request.task_arn).described
    forget_old(state, task.task_arn)
    options = merged_options(task.options, request.override_options)
    agents = agents_of(state, task)
    refuse_if_busy(state, task, options, {task.task_arn, *agents})
    arn = f"{task.task_arn}/execution/{new_id('exec')}"
    described = m.DescribeTaskExecutionResponse(
        task_execution_arn=arn,
        status=m.TaskExecutionStatus.QUEUED,
        options=options,
        excludes=_overridden(request.excludes, task.excludes),
        includes=_overridden(request.includes, task.includes),
        manifest_config=_overridden(request.manifest_config, task.manifest_config),
        task_report_config=_overridden(request.task_report_config, task.task_report_config),
        start_time=state.clock.now(),
        task_mode=task.task_mode,
        result=m.TaskExecutionResultDetail(
            prepare_status=m.PhaseStatus.PENDING,
            transfer_status=m.PhaseStatus.PENDING,
            verify_status=m.PhaseStatus.PENDING,
        ),
    )
    if described.task_report_config is not None:
        described = evolve(described, report_result=m.ReportResult(status=m.PhaseStatus.PENDING))
    execution = Resource(
        arn=arn,
        kind=Kind.EXECUTION,
        parent=task.task_arn,
        described=with_progress(described, Counters()),
        hidden={"scheduled": scheduled},
    )
    state.store.add(execution, tags_of(request.tags))
    enqueue(state, execution, agents)
    return m.StartTaskExecutionResponse(task_execution_arn=arn)


def _overridden(given: Any, kept: Any) -> Any:
    """What an execution uses: what it was started with, even if that is nothing, or else its task's."""
    used = kept if given is None else given
    return None if used in ((), m.ManifestConfig(), m.TaskReportConfig()) else used


def refuse_if_busy(state: State, task: m.DescribeTaskResponse, options: m.Options, lanes: set[str]) -> None:
    """Refuse an execution that would have to wait and may not, or that too many wait before.

    Raises:
        Refusal: one of both.
    """
    runs = state.queue.of_task(task.task_arn)
    if options.task_queueing == m.TaskQueueing.DISABLED and state.queue.is_busy(lanes):
        raise Refusal(
            message=f"Task {task.task_arn} or one of its agents is running another execution. "
            "Wait until that has ended, or set TaskQueueing to ENABLED.",
            error_code="TaskAlreadyRunning",
        )
    if sum(1 for run in runs if not run.is_running) >= MOST_QUEUED:
        raise Refusal(
            message=f"Task {task.task_arn} already has {MOST_QUEUED} executions in the queue.",
            error_code="LimitExceeded",
        )


def enqueue(state: State, execution: Execution, agents: tuple[str, ...]) -> None:
    """Let an execution run when it is its turn, which may be now."""
    options = execution.described.options or m.Options()
    live = Live(
        clock=state.clock,
        faults=state.faults,
        agents=agents,
        bytes_per_second=-1 if options.bytes_per_second is None else options.bytes_per_second,
        entered=lambda phase: entered(state, execution.arn, phase),
    )
    run = Run(arn=execution.arn, task=str(execution.parent), agents=agents, live=live)
    state.store.afterwards(lambda: state.queue.add(run))


def entered(state: State, arn: str, phase: m.TaskExecutionStatus) -> None:
    """Keep that an execution is in another phase."""
    if (run := state.queue.find(arn)) is not None:
        keep(state, run, phase)


def describe_task_execution(
    state: State, request: m.DescribeTaskExecutionRequest
) -> m.DescribeTaskExecutionResponse:
    """What an execution has done until now."""
    execution = find_execution(state, request.task_execution_arn)
    run = state.queue.find(execution.arn)
    if run is None or not run.is_running:
        return execution.described
    return as_it_runs(execution.described, run.live, state.clock.now())


def update_task_execution(
    state: State, request: m.UpdateTaskExecutionRequest
) -> m.UpdateTaskExecutionResponse:
    """Give an execution that waits or runs another limit of bandwidth."""
    execution, run = in_queue(state, request.task_execution_arn, "updated")
    limit = request.options.bytes_per_second
    if limit is not None:
        options = evolve(execution.described.options or m.Options(), bytes_per_second=limit)
        state.store.replace(execution.changed(evolve(execution.described, options=options)))
        state.store.afterwards(lambda: run.live.throttle(limit))
    return m.UpdateTaskExecutionResponse()


def in_queue(state: State, arn: str, done: str) -> tuple[Execution, Run]:
    """An execution that waits or runs.

    Raises:
        Refusal: there is none of this ARN, or it has ended, and so cannot be `done`.
    """
    execution = find_execution(state, arn)
    run = state.queue.find(arn)
    if run is None:
        status = execution.described.status
        raise Refusal(
            message=f"Task execution {arn} has ended with {status} and cannot be {done} any more.",
            error_code="TaskExecutionNotRunning",
        )
    return execution, run


def cancel_task_execution(
    state: State, request: m.CancelTaskExecutionRequest
) -> m.CancelTaskExecutionResponse:
    """Stop an execution that runs, or take one that waits out of the queue."""
    execution, run = in_queue(state, request.task_execution_arn, "cancelled")
    if run.is_over:
        raise Refusal(
            message=f"The transfer of task execution {run.arn} is over, and cannot be cancelled any more: "
            "only its report is still being written.",
            error_code="TaskExecutionNotRunning",
        )
    if run.is_running:
        described = evolve(execution.described, status=m.TaskExecutionStatus.CANCELLING)
        state.store.replace(execution.changed(described))
        state.store.afterwards(run.live.cancel)
    else:
        code, text = CANCELLED
        result = detail(NOT_BEGUN, error_code=code, error_detail=text)
        state.store.replace(execution.changed(ended(execution.described, result, state.clock.now())))
        state.store.afterwards(lambda: state.queue.remove(run.arn))
    return m.CancelTaskExecutionResponse()


def list_task_executions(state: State, request: m.ListTaskExecutionsRequest) -> m.ListTaskExecutionsResponse:
    """The executions of a task, or of all, a page at a time."""
    if request.task_arn is not None:
        find_task(state, request.task_arn)
    found = page(
        state,
        request,
        Kind.EXECUTION,
        parent=request.task_arn,
        keep=lambda execution: not is_old(state, execution),
    )
    entries = tuple(
        m.TaskExecutionListEntry(
            task_execution_arn=execution.arn,
            status=seen(state, execution).described.status,
            task_mode=execution.described.task_mode,
        )
        for execution in found.items
    )
    return m.ListTaskExecutionsResponse(task_executions=entries, next_token=found.next_token)


HANDLERS: Handlers = {
    m.StartTaskExecutionRequest: start_task_execution,
    m.DescribeTaskExecutionRequest: describe_task_execution,
    m.UpdateTaskExecutionRequest: update_task_execution,
    m.CancelTaskExecutionRequest: cancel_task_execution,
    m.ListTaskExecutionsRequest: list_task_executions,
}
