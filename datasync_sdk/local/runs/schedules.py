"""Schedules of tasks: what is kept of them, and when the service gives up on one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from attrs import evolve

from datasync_sdk import models as m
from datasync_sdk._runtime import schedules

DISABLED_AFTER: Final = 3
"""How many scheduled executions have to fail in the same way, one after another, for the service to disable
the schedule. AWS says that it does so when failures repeat, and not after how many."""


def scheduled(
    task: m.DescribeTaskResponse, schedule: m.TaskSchedule | None, now: datetime
) -> m.DescribeTaskResponse:
    """A task with a schedule. An empty expression takes away the one that it has."""
    if schedule is None or not schedule.schedule_expression:
        return evolve(task, schedule=None, schedule_details=None)
    status = schedule.status or m.ScheduleStatus.ENABLED
    by_user = m.ScheduleDisabledBy.USER if status == m.ScheduleStatus.DISABLED else None
    details = m.TaskScheduleDetails(status_update_time=now, disabled_by=by_user)
    return evolve(task, schedule=evolve(schedule, status=status), schedule_details=details)


def next_run(task: m.DescribeTaskResponse, after: datetime) -> datetime | None:
    """When a task runs next by its schedule; None for never.

    A rate counts from when it was set, not from when the service was started; and no schedule runs before it
    was set.
    """
    schedule, details = task.schedule, task.schedule_details
    if schedule is None or schedule.status != m.ScheduleStatus.ENABLED:
        return None
    since = after if details is None or details.status_update_time is None else details.status_update_time
    rule = schedules.parse(schedule.schedule_expression)
    if isinstance(rule, schedules.Cron):
        return next(schedules.runs(rule, max(after, since)), None)
    try:
        every = timedelta(minutes=rule.minutes)
        passed = (after - since) // every
        return since + every * (max(passed, 0) + 1)
    except OverflowError:  # after the year 9999
        return None


def given_up(
    task: m.DescribeTaskResponse, failures: list[str], now: datetime
) -> m.DescribeTaskResponse | None:
    """The task with its schedule disabled by the service; None while there is no reason for that."""
    last = failures[-DISABLED_AFTER:]
    if len(last) < DISABLED_AFTER or len(set(last)) > 1:
        return None
    if task.schedule is None or task.schedule.status != m.ScheduleStatus.ENABLED:
        return None
    reason = f"The last {DISABLED_AFTER} executions of this schedule failed in the same way: {last[-1]}"
    return evolve(
        task,
        schedule=evolve(task.schedule, status=m.ScheduleStatus.DISABLED),
        schedule_details=m.TaskScheduleDetails(
            status_update_time=now, disabled_reason=reason, disabled_by=m.ScheduleDisabledBy.SERVICE
        ),
    )
