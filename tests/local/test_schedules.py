"""Schedules, by a clock that the test turns: weeks pass in a moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasync_sdk import Client, schedule
from datasync_sdk import models as m
from datasync_sdk.errors import InvalidRequestError
from datasync_sdk.local import LocalDataSync, ManualClock
from datasync_sdk.local.store.store import Kind

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


def make_task(client: Client, expression: str, status: m.ScheduleStatus | None = None) -> str:
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
    task = make_task(client, "rate(1 hour)", m.ScheduleStatus.DISABLED)
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
    return described.status if described else None


def test_schedules_outlive_the_service(tmp_path: Path, clock: ManualClock) -> None:
    with LocalDataSync(tmp_path / "root", clock=clock) as service, service.client() as client:
        task = make_task(client, "rate(1 day)")
    clock.advance(timedelta(days=3, hours=1))  # Nobody is there, and it is not made up for.
    with LocalDataSync(tmp_path / "root", clock=clock) as service, service.client() as client:
        clock.advance(timedelta(hours=22))
        assert not runs(client, task)
        clock.advance(timedelta(hours=1))
        assert starts(client, task) == [MONDAY + timedelta(days=4)]


def test_history_is_kept_for_thirty_days(service: LocalDataSync, client: Client, clock: ManualClock) -> None:
    task = make_task(client, "rate(1 day)")
    clock.advance(timedelta(days=45))
    kept = starts(client, task)
    assert kept == [MONDAY + timedelta(days=day) for day in range(15, 46)]
    assert service._state.store.count(Kind.EXECUTION) == len(kept)


def test_launching_takes_the_time_that_it_is_told_to(tmp_path: Path, clock: ManualClock) -> None:
    with LocalDataSync(tmp_path / "root", clock=clock, launch_time=timedelta(minutes=5)) as service:
        client = service.client()
        task = make_task(client, "rate(1 day)")
        arn = client.start_task_execution(task_arn=task).task_execution_arn
        clock.advance(timedelta(minutes=2))
        service.faults.throttle(operation="CreateAgent")  # It wakes whatever waits.
        clock.advance(timedelta(minutes=2))
        status = client.describe_task_execution(task_execution_arn=arn).status
        assert status == m.TaskExecutionStatus.LAUNCHING
        clock.advance(timedelta(minutes=1))
        described = client.describe_task_execution(task_execution_arn=arn)
        assert described.status == m.TaskExecutionStatus.SUCCESS
        assert described.end_time == MONDAY + timedelta(minutes=5)
        assert described.result
        assert described.result.total_duration == 300_000


def test_a_schedule_that_is_disabled_and_enabled_counts_anew(client: Client, clock: ManualClock) -> None:
    task = make_task(client, "rate(2 hours)")
    clock.advance(timedelta(hours=3))
    for status in ("DISABLED", "ENABLED"):
        client.update_task(
            task_arn=task, schedule=m.TaskSchedule(schedule_expression="rate(2 hours)", status=status)
        )
    details = client.describe_task(task_arn=task).schedule_details
    assert details
    assert details.status_update_time == MONDAY + timedelta(hours=3)
    clock.advance(timedelta(hours=4))
    assert starts(client, task) == [MONDAY + timedelta(hours=hour) for hour in (2, 5, 7)]
    client.update_task(task_arn=task, name="renamed")  # It has nothing to do with the schedule.
    clock.advance(timedelta(hours=2))
    assert starts(client, task)[-1] == MONDAY + timedelta(hours=9)


def test_a_week_in_which_a_transfer_does_not_end(
    service: LocalDataSync, client: Client, clock: ManualClock
) -> None:
    task = make_task(client, "rate(1 hour)")
    service.faults.hang("TRANSFERRING")
    clock.advance(timedelta(days=7))
    statuses = [execution.status for execution in runs(client, task)]
    assert statuses == [m.TaskExecutionStatus.TRANSFERRING] + [m.TaskExecutionStatus.QUEUED] * 50
    service.faults.release()
    clock.settle()
    assert {execution.status for execution in runs(client, task)} == {m.TaskExecutionStatus.SUCCESS}
    clock.advance(timedelta(hours=1))
    assert len(runs(client, task)) == 52


def cancel(client: Client, execution: str) -> None:
    client.cancel_task_execution(task_execution_arn=execution)


def test_what_somebody_stops_is_no_failure_of_the_schedule(
    tmp_path: Path, service: LocalDataSync, client: Client, clock: ManualClock
) -> None:
    task = make_task(client, "rate(1 hour)")
    service.faults.hang("LAUNCHING")
    for _ in range(4):
        clock.advance(timedelta(hours=1))
        cancel(client, runs(client, task)[-1].task_execution_arn or "")
        clock.settle()
    assert described_status(client, task) == "ENABLED"

    with LocalDataSync(tmp_path / "other", clock=clock) as other, other.client() as there:
        elsewhere = make_task(there, "rate(1 hour)")
    for _ in range(4):
        with LocalDataSync(tmp_path / "other", clock=clock) as other, other.client() as there:
            other.faults.hang("LAUNCHING")
            clock.advance(timedelta(hours=1))
    with LocalDataSync(tmp_path / "other", clock=clock) as other, other.client() as there:
        assert len(runs(there, elsewhere)) == 4
        assert described_status(there, elsewhere) == "ENABLED"


def test_executions_that_were_started_by_hand_say_nothing_about_the_schedule(
    service: LocalDataSync, client: Client, clock: ManualClock
) -> None:
    task = make_task(client, "rate(1 day)")
    (service.folder("s3://from/") / "file").write_text("secret")
    service.faults.unreadable("/file")
    for _ in range(5):
        client.start_task_execution(task_arn=task)
        clock.settle()
    assert described_status(client, task) == "ENABLED"
    clock.advance(timedelta(days=2))
    assert described_status(client, task) == "ENABLED"


def test_different_failures_are_not_the_same_failure(
    service: LocalDataSync, client: Client, clock: ManualClock
) -> None:
    task = make_task(client, "rate(1 hour)")
    (service.folder("s3://from/") / "file").write_text("secret")
    for _ in range(3):
        service.faults.clear()
        service.faults.unreadable("/file")
        clock.advance(timedelta(hours=2))
        service.faults.clear()
        service.faults.unreadable("*")  # Not even the folder.
        clock.advance(timedelta(hours=1))
    codes = {execution.result.error_code for execution in runs(client, task) if execution.result}
    assert len(codes) == 2
    assert described_status(client, task) == "ENABLED"


def test_what_the_user_has_disabled_the_service_does_not(
    service: LocalDataSync, client: Client, clock: ManualClock
) -> None:
    task = make_task(client, "rate(1 hour)")
    (service.folder("s3://from/") / "file").write_text("secret")
    service.faults.unreadable("/file")
    service.faults.hang("LAUNCHING")
    clock.advance(timedelta(hours=4))
    client.update_task(
        task_arn=task,
        schedule=m.TaskSchedule(schedule_expression="rate(1 hour)", status=m.ScheduleStatus.DISABLED),
    )
    service.faults.release()
    clock.settle()
    assert [execution.status for execution in runs(client, task)] == [m.TaskExecutionStatus.ERROR] * 4
    details = client.describe_task(task_arn=task).schedule_details
    assert details
    assert details.disabled_by == m.ScheduleDisabledBy.USER


def test_a_schedule_that_is_set_again_has_not_failed_yet(
    service: LocalDataSync, client: Client, clock: ManualClock
) -> None:
    task = make_task(client, "rate(1 hour)")
    (service.folder("s3://from/") / "file").write_text("secret")
    service.faults.unreadable("/file")
    clock.advance(timedelta(hours=2))
    client.update_task(task_arn=task, schedule=m.TaskSchedule(schedule_expression="rate(1 hour)"))
    clock.advance(timedelta(hours=2))
    assert described_status(client, task) == "ENABLED"
    clock.advance(timedelta(hours=1))
    assert described_status(client, task) == "DISABLED"


def test_history_is_forgotten_when_nothing_new_is_started(client: Client, clock: ManualClock) -> None:
    task = make_task(client, "rate(1 day)", m.ScheduleStatus.DISABLED)
    arn = client.start_task_execution(task_arn=task).task_execution_arn
    clock.advance(timedelta(days=30))
    assert starts(client, task) == [MONDAY]
    clock.advance(timedelta(seconds=1))
    assert not list(client.iter_task_executions(task_arn=task))
    assert not list(client.iter_task_executions())
    with pytest.raises(InvalidRequestError, match="not found"):
        client.describe_task_execution(task_execution_arn=arn)


@given(
    st.one_of(
        st.from_regex(r"rate\([0-9]{1,30} (minute|hour|day)s?\)", fullmatch=True),
        st.from_regex(r"cron\(([0-9*?/,LW#-]{1,5} ){5}[0-9*?/,-]{1,9}\)", fullmatch=True),
        st.text(max_size=20),
    )
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_taken_as_a_schedule_harms_no_other(
    service: LocalDataSync, client: Client, clock: ManualClock, expression: str
) -> None:
    """It is refused, or the schedules of other tasks go on beside it."""
    plain = service.boto3_client()  # Which looks at nothing.
    with suppress(plain.exceptions.InvalidRequestException):
        task = plain.create_task(
            SourceLocationArn=bucket(client, "from"),
            DestinationLocationArn=bucket(client, "to"),
            Schedule={"ScheduleExpression": expression},
        )["TaskArn"]
        other = make_task(client, "rate(1 hour)")
        clock.advance(timedelta(hours=1))
        assert len(starts(client, other)) == 1
        for arn in (task, other):
            client.delete_task(task_arn=arn)
