"""Tasks: made, described, changed, deleted, listed."""

from __future__ import annotations

from typing import Any, Final

from attrs import evolve

from datasync_sdk import models as m
from datasync_sdk.defaults import effective, merged_options
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.resources.agents import agents_of_location
from datasync_sdk.local.resources.list_filters import task_filter
from datasync_sdk.local.resources.listing import page
from datasync_sdk.local.resources.tags import tags_of
from datasync_sdk.local.runs import schedules
from datasync_sdk.local.state import Handlers, Kind, Resource, State

MOST_TASKS: Final = 100
"""The quota of an account in one Region."""

TOLD: Final = m.Options(bytes_per_second=-1, log_level="OFF")
"""Options whose defaults no sentence of the documentation tells, as Describe answers them: without a limit,
without logs."""


def create_task(state: State, request: m.CreateTaskRequest) -> m.CreateTaskResponse:
    """Make a task of two locations."""
    if state.store.count(Kind.TASK) >= MOST_TASKS:
        raise Refusal(
            message=f"You have reached the limit of {MOST_TASKS} tasks in this Region. Delete one.",
            error_code="LimitExceeded",
        )
    for what, arn in (
        ("Source location", request.source_location_arn),
        ("Destination location", request.destination_location_arn),
    ):
        location = state.store.get(arn)
        if location is None or location.kind is not Kind.LOCATION:
            raise Refusal(message=f"{what} {arn} is not found.", error_code="NotFound")
    made = effective(request).value
    now = state.clock.now()
    arn = state.names.new("task", "task")
    described = m.DescribeTaskResponse(
        task_arn=arn,
        name=made.name,
        source_location_arn=made.source_location_arn,
        destination_location_arn=made.destination_location_arn,
        cloud_watch_log_group_arn=made.cloud_watch_log_group_arn,
        options=merged_options(TOLD, made.options),
        excludes=made.excludes,
        includes=made.includes,
        manifest_config=made.manifest_config,
        task_report_config=made.task_report_config,
        task_mode=made.task_mode,
        creation_time=now,
    )
    described = schedules.scheduled(described, made.schedule, now)
    state.store.add(Resource(arn=arn, kind=Kind.TASK, described=described), tags_of(request.tags))
    state.agenda.look_again()
    return m.CreateTaskResponse(task_arn=arn)


def find_task(state: State, arn: str) -> Resource[m.DescribeTaskResponse]:
    """The task of an ARN."""
    return state.find(arn, m.DescribeTaskResponse, "Task")


def describe_task(state: State, request: m.DescribeTaskRequest) -> m.DescribeTaskResponse:
    """What a task is, and what it does at this moment."""
    task = find_task(state, request.task_arn).described
    current = state.queue.current(task.task_arn)
    return evolve(task, status=status(state, task), current_task_execution_arn=current)


def status(state: State, task: m.DescribeTaskResponse) -> m.TaskStatus:
    """The status of a task: that of its execution, of its agents, or just that it can be used."""
    runs = state.queue.of_task(task.task_arn)
    if any(run.is_running for run in runs):
        return m.TaskStatus.RUNNING
    if any(state.faults.is_offline(agent) for agent in agents_of(state, task)):
        return m.TaskStatus.UNAVAILABLE
    return m.TaskStatus.QUEUED if runs else m.TaskStatus.AVAILABLE


def agents_of(state: State, task: m.DescribeTaskResponse) -> tuple[str, ...]:
    """The agents that the locations of a task are reached by, each once."""
    agents: dict[str, None] = {}
    for arn in (task.source_location_arn, task.destination_location_arn):
        location = state.store.get(arn or "")
        if location is not None:
            agents.update(dict.fromkeys(agents_of_location(location.described)))
    return tuple(agents)


def update_task(state: State, request: m.UpdateTaskRequest) -> m.UpdateTaskResponse:
    """Change what is given: options one by one, all else as a whole. What is given empty is removed."""
    found = find_task(state, request.task_arn)
    task = found.described
    given = {
        "name": request.name,
        "cloud_watch_log_group_arn": request.cloud_watch_log_group_arn,
        "excludes": request.excludes,
        "includes": request.includes,
        "manifest_config": request.manifest_config,
        "task_report_config": request.task_report_config,
    }
    changes = {name: _or_removed(value) for name, value in given.items() if value is not None}
    task = evolve(task, options=merged_options(task.options, request.options), **changes)
    if request.schedule is not None:
        task = schedules.scheduled(task, request.schedule, state.clock.now())
        found = found.changed(task, failures=[])
    state.store.replace(found.changed(task))
    state.agenda.look_again()
    return m.UpdateTaskResponse()


def _or_removed(value: Any) -> Any:
    empty = value in ("", (), m.ManifestConfig(), m.TaskReportConfig())
    return None if empty else value


def delete_task(state: State, request: m.DeleteTaskRequest) -> m.DeleteTaskResponse:
    """Delete a task and its history, unless it runs or waits to run."""
    task = find_task(state, request.task_arn)
    if state.queue.of_task(task.arn):
        raise Refusal(
            message=f"Task {task.arn} cannot be deleted while an execution of it is queued or running. "
            "Cancel it first, and wait until it has ended.",
            error_code="TaskInUse",
        )
    state.store.delete(task.arn)
    state.agenda.look_again()
    return m.DeleteTaskResponse()


def list_tasks(state: State, request: m.ListTasksRequest) -> m.ListTasksResponse:
    """The tasks that the filters let through, a page at a time."""
    found = page(state, request, Kind.TASK, keep=task_filter(request.filters))
    entries = tuple(
        m.TaskListEntry(
            task_arn=task.arn,
            status=status(state, task.described),
            name=task.described.name,
            task_mode=task.described.task_mode,
        )
        for task in found.items
    )
    return m.ListTasksResponse(tasks=entries, next_token=found.next_token)


HANDLERS: Handlers = {
    m.CreateTaskRequest: create_task,
    m.DescribeTaskRequest: describe_task,
    m.UpdateTaskRequest: update_task,
    m.DeleteTaskRequest: delete_task,
    m.ListTasksRequest: list_tasks,
}
