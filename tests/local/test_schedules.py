"""Schedules, by a clock that the test turns: weeks pass in a moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from datasync_sdk import Client, schedule
from datasync_sdk import models as m
from datasync_sdk.local import LocalDataSync, ManualClock

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
ROLE = "arn:aws:iam::111222333444:role/datasync"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY)


@pytest.fixture
def service(tmp_path: Path, clock: ManualClock) -> Iterator[LocalDataSync]:
    with LocalDataSync(tmp_path / "root", clock=clock) as service:
        yield service


@pytest.fixture
def client(service: LocalDataSync) -> Iterator[Client]:
    with service.client() as client:
        yield client


def bucket(client: Client, name: str) -> str:
    return client.create_location_s3(
        s3_bucket_arn=f"arn:aws:s3:::{name}", s3_config=m.S3Config(bucket_access_role_arn=ROLE)
    ).location_arn


def make_task(client: Client, expression: str, status: str | None = None) -> str:
    return client.create_task(
        source_location_arn=bucket(client, "from"),
        destination_location_arn=bucket(client, "to"),
        schedule=m.TaskSchedule(schedule_expression=expression, status=status),
    ).task_arn


def runs(client: Client, task: str) -> list[m.DescribeTaskExecutionResponse]:
    """The executions of a task, in the order of their starts."""
    return sorted(
        (
            client.describe_task_execution(task_execution_arn=entry.task_execution_arn)
            for entry in client.iter_task_executions(task_arn=task)
        ),
        key=lambda execution: execution.start_time or MONDAY,
    )


def starts(client: Client, task: str) -> list[datetime]:
    return [execution.start_time for execution in runs(client, task) if execution.start_time]


@pytest.mark.parametrize(
    ("expression", "number"), [("cron(30 2 * * ? *)", 7), ("rate(1 hours)", 168), ("cron(0 12 ? * SAT *)", 1)]
)
def test_a_week_passes_in_a_moment(client: Client, clock: ManualClock, expression: str, number: int) -> None:
    task = make_task(client, expression.replace("1 hours", "1 hour"))
    clock.advance(timedelta(days=7))
    parsed = schedule.parse(expression.replace("1 hours", "1 hour"))
    assert starts(client, task) == parsed.next_runs(number, after=MONDAY)
    assert {execution.status for execution in runs(client, task)} == {m.TaskExecutionStatus.SUCCESS}


def test_each_run_moves_what_is_new(service: LocalDataSync, client: Client, clock: ManualClock) -> None:
    task = make_task(client, "rate(1 day)")
    source, target = service.folder("s3://from/"), service.folder("s3://to/")
    for day in range(5):
        (source / f"day{day}").write_text("new")
        clock.advance(timedelta(days=1))
        assert (target / f"day{day}").exists()
    assert [execution.bytes_written for execution in runs(client, task)] == [3] * 5


def test_disabled_and_removed_schedules_start_nothing(client: Client, clock: ManualClock) -> None:
    task = make_task(client, "rate(1 hour)", "DISABLED")
    details = client.describe_task(task_arn=task).schedule_details
    assert details
    assert details.disabled_by == m.ScheduleDisabledBy.USER
    clock.advance(timedelta(days=1))
    assert not runs(client, task)

    client.update_task(task_arn=task, schedule=m.TaskSchedule(schedule_expression="rate(2 hours)"))
    clock.advance(timedelta(days=1))
    assert len(runs(client, task)) == 12

    client.update_task(task_arn=task, schedule=m.TaskSchedule(schedule_expression=""))
    described = client.describe_task(task_arn=task)
    assert described.schedule is None
    assert described.schedule_details is None
    clock.advance(timedelta(days=1))
    assert len(runs(client, task)) == 12


def test_a_schedule_that_is_set_late_does_not_run_for_the_past(client: Client, clock: ManualClock) -> None:
    clock.advance(timedelta(hours=3))
    task = make_task(client, "cron(0 1 * * ? *)")
    clock.advance(timedelta(hours=20))
    assert not runs(client, task)
    clock.advance(timedelta(hours=2))
    assert starts(client, task) == [MONDAY + timedelta(days=1, hours=1)]


def test_deleted_tasks_start_no_more(client: Client, clock: ManualClock) -> None:
    task = make_task(client, "rate(1 hour)")
    clock.advance(timedelta(hours=2))
    assert len(runs(client, task)) == 2
    client.delete_task(task_arn=task)
    clock.advance(timedelta(hours=2))
    assert not list(client.iter_tasks())


def test_the_service_gives_up_on_a_schedule_that_always_fails_in_the_same_way(
    service: LocalDataSync, client: Client, clock: ManualClock
) -> None:
    task = make_task(client, "rate(1 hour)")
    (service.folder("s3://from/") / "file").write_text("secret")
    service.faults.unreadable("/file")
    clock.advance(timedelta(hours=2))
    assert {execution.status for execution in runs(client, task)} == {m.TaskExecutionStatus.ERROR}
    assert described_status(client, task) == "ENABLED"

    service.faults.clear()
    clock.advance(timedelta(hours=1))  # A success in between: it begins anew.
    service.faults.unreadable("/file")
    (service.folder("s3://from/") / "file").write_text("changed")
    clock.advance(timedelta(hours=30))
    described = client.describe_task(task_arn=task)
    assert described.schedule
    assert described.schedule.status == m.ScheduleStatus.DISABLED
    assert described.schedule_details
    assert described.schedule_details.disabled_by == m.ScheduleDisabledBy.SERVICE
    assert described.schedule_details.disabled_reason
    assert described.schedule_details.status_update_time == MONDAY + timedelta(hours=6)
    assert len(runs(client, task)) == 6

    service.faults.clear()
    client.update_task(
        task_arn=task, schedule=m.TaskSchedule(schedule_expression="rate(1 hour)", status="ENABLED")
    )
    clock.advance(timedelta(hours=1))
    assert runs(client, task)[-1].status == m.TaskExecutionStatus.SUCCESS


def described_status(client: Client, task: str) -> str | None:
    described = client.describe_task(task_arn=task).schedule
    return described and described.status


def test_schedules_outlive_the_service(tmp_path: Path, clock: ManualClock) -> None:
    with LocalDataSync(tmp_path / "root", clock=clock) as service, service.client() as client:
        task = make_task(client, "rate(1 day)")
    clock.advance(timedelta(days=3, hours=1))  # Nobody is there, and it is not made up for.
    with LocalDataSync(tmp_path / "root", clock=clock) as service, service.client() as client:
        clock.advance(timedelta(hours=22))
        assert not runs(client, task)
        clock.advance(timedelta(hours=1))
        assert starts(client, task) == [MONDAY + timedelta(days=4)]


def test_history_is_kept_for_thirty_days(client: Client, clock: ManualClock) -> None:
    task = make_task(client, "rate(1 day)")
    clock.advance(timedelta(days=45))
    kept = starts(client, task)
    assert kept == [MONDAY + timedelta(days=day) for day in range(15, 46)]


def test_launching_takes_the_time_that_it_is_told_to(tmp_path: Path, clock: ManualClock) -> None:
    with LocalDataSync(tmp_path / "root", clock=clock, launch_time=timedelta(minutes=5)) as service:
        client = service.client()
        task = make_task(client, "rate(1 day)")
        arn = client.start_task_execution(task_arn=task).task_execution_arn
        clock.advance(timedelta(minutes=4))
        status = client.describe_task_execution(task_execution_arn=arn).status
        assert status == m.TaskExecutionStatus.LAUNCHING
        clock.advance(timedelta(minutes=1))
        described = client.describe_task_execution(task_execution_arn=arn)
        assert described.status == m.TaskExecutionStatus.SUCCESS
        assert described.end_time == MONDAY + timedelta(minutes=5)
        assert described.result
        assert described.result.total_duration == 300_000
