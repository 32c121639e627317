"""The agenda by itself: clocks that are set, things that go wrong, closing at the wrong moment."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from datasync_sdk import models as m
from datasync_sdk.local import clock as clocks
from datasync_sdk.local.clock import Alarm, SystemClock
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.resources.tasks import find_task
from datasync_sdk.local.runs.agenda import Agenda
from datasync_sdk.local.runs.schedules import next_run, scheduled
from datasync_sdk.local.state import State
from tests.local.states import make_bucket, make_task, states

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class WallClock(SystemClock):
    """A real clock that somebody sets."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def state() -> Iterator[State]:
    with states() as state:
        yield state


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


def a_task(state: State, expression: str, now: datetime = NOON) -> str:
    """A task with a schedule."""
    arn = make_task(state, make_bucket(state), make_bucket(state, "other"))
    task = find_task(state, arn)
    described = scheduled(task.described, m.TaskSchedule(schedule_expression=expression), now)
    state.store.replace(task.changed(described))
    return arn


class Starts:
    """What an agenda has started, at which time."""

    def __init__(self, state: State, clock: WallClock) -> None:
        self.times: list[tuple[str, datetime]] = []
        self.happened = threading.Event()
        self.clock = clock
        self.agenda = Agenda(state.store, clock, self.start)

    def start(self, arn: str) -> None:
        self.times.append((arn, self.clock.time))
        self.happened.set()

    def at(self, time: datetime) -> int:
        """How many it starts at a time."""
        before = len(self.times)
        self.clock.time = time
        self.agenda._next()
        return len(self.times) - before


def test_a_clock_that_was_set_forward_makes_up_for_one_run(state: State, clock: WallClock) -> None:
    task = a_task(state, "cron(30 * * * ? *)")
    starts = Starts(state, clock)
    assert starts.at(NOON) == 0
    assert starts.at(NOON + 10 * HOUR) == 1
    assert starts.at(NOON + 10.4 * HOUR) == 0
    assert starts.at(NOON + 10.5 * HOUR) == 1
    assert {arn for arn, _ in starts.times} == {task}


@pytest.mark.parametrize("expression", ["cron(30 * * * ? *)", "rate(60 minutes)"])
def test_a_clock_that_is_corrected_starts_nothing_twice(
    state: State, clock: WallClock, expression: str
) -> None:
    a_task(state, expression, NOON - HOUR / 2)
    starts = Starts(state, clock)
    due = NOON + HOUR / 2
    assert starts.at(due) == 1
    for back in (timedelta(milliseconds=1), timedelta(seconds=3), timedelta(minutes=59)):
        assert starts.at(due - back) == 0
        assert starts.at(due) == 0
    assert starts.at(due + HOUR) == 1


def test_a_clock_that_was_wrong_by_much_is_believed_when_it_is_right(state: State, clock: WallClock) -> None:
    a_task(state, "cron(30 * * * ? *)")
    starts = Starts(state, clock)
    assert starts.at(NOON + timedelta(days=365)) == 1
    assert starts.at(NOON + HOUR / 4) == 0
    assert starts.at(NOON + HOUR / 2) == 1


def test_a_real_clock_is_looked_at_again_before_a_run_is_due(
    state: State, clock: WallClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clocks, "LONGEST_WAIT", 0.02)
    a_task(state, "rate(1 day)")
    starts = Starts(state, clock)
    starts.agenda.open()
    assert not starts.happened.wait(0.1)
    clock.time = NOON + timedelta(days=1)  # Nobody rings.
    assert starts.happened.wait(10)
    starts.agenda.close()


def test_one_task_that_cannot_be_started_stops_no_other(
    state: State, clock: WallClock, caplog: pytest.LogCaptureFixture
) -> None:
    tasks = [a_task(state, "rate(1 hour)") for _ in range(3)]
    tried: list[str] = []

    def start(arn: str) -> None:
        tried.append(arn)
        if arn == tasks[0]:
            raise Refusal(message="It is busy.")
        if arn == tasks[1]:
            raise sqlite3.OperationalError("disk I/O error")

    agenda = Agenda(state.store, clock, start)
    clock.time = NOON + HOUR
    assert agenda._next() == NOON + 2 * HOUR
    assert tried == tasks
    assert "It is busy." in caplog.text
    assert "disk I/O error" in caplog.text


def test_an_agenda_outlives_an_error_and_makes_up_for_it(
    state: State, clock: WallClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    a_task(state, "rate(1 hour)")
    starts = Starts(state, clock)
    looked = threading.Event()

    def broken(_: object) -> None:
        looked.set()
        raise sqlite3.OperationalError("disk I/O error")

    clock.time = NOON + HOUR
    with monkeypatch.context() as patch:
        patch.setattr(state.store, "list", broken)
        starts.agenda.open()
        assert looked.wait(10)
    assert not starts.times
    starts.agenda.look_again()
    assert starts.happened.wait(10)
    starts.agenda.close()
    assert "could not be looked at" in caplog.text


class LateAlarm:
    """An alarm at which something happens just before it is reset."""

    def __init__(self, alarm: Alarm) -> None:
        self.alarm = alarm
        self.before_reset = threading.Event()
        self.go_on = threading.Event()

    def ring(self) -> None:
        self.alarm.ring()
        self.go_on.set()

    def is_rung(self) -> bool:
        return self.alarm.is_rung()

    def wait(self, seconds: float | None) -> bool:
        return self.alarm.wait(seconds)

    def reset(self) -> None:
        self.before_reset.set()
        assert self.go_on.wait(10)
        self.alarm.reset()


class LateClock(WallClock):
    """A clock of such alarms."""

    def alarm(self) -> LateAlarm:
        self.late = LateAlarm(super().alarm())
        return self.late


def test_closing_just_before_the_alarm_is_reset(state: State) -> None:
    clock = LateClock()
    agenda = Agenda(state.store, clock, print)
    agenda.open()
    assert clock.late.before_reset.wait(10)  # It has found nothing that would make it stop.
    closing = threading.Thread(target=agenda.close, daemon=True)
    closing.start()
    closing.join(10)
    assert not closing.is_alive(), "it waits for a ring that was undone"


def test_a_task_is_started_as_it_is(state: State, clock: WallClock) -> None:
    """Nobody can change or delete a task between the look at its schedule and its start."""
    a_task(state, "rate(1 hour)")
    free: list[bool] = []

    def start(_: str) -> None:
        def try_it() -> None:
            free.append(state.store.lock.acquire(blocking=False))

        other = threading.Thread(target=try_it)
        other.start()
        other.join()

    agenda = Agenda(state.store, clock, start)
    clock.time = NOON + HOUR
    agenda._next()
    assert free == [False]


TASK = m.DescribeTaskResponse(task_arn="arn:task", source_location_arn="a", destination_location_arn="b")


@pytest.mark.parametrize("number", [10**6, 10**9, 10**20, 10**99])
def test_a_rate_beyond_all_time_never_runs(number: int) -> None:
    task = scheduled(TASK, m.TaskSchedule(schedule_expression=f"rate({number} days)"), NOON)
    run = next_run(task, NOON)
    assert run is None or run > NOON + timedelta(days=365 * 2000)


@given(st.integers(60, 10**5), st.timedeltas(timedelta(days=-400), timedelta(days=4000)))
def test_a_rate_runs_at_whole_distances_from_when_it_was_set(minutes: int, passed: timedelta) -> None:
    task = scheduled(TASK, m.TaskSchedule(schedule_expression=f"rate({minutes} minutes)"), NOON)
    run = next_run(task, NOON + passed)
    every = timedelta(minutes=minutes)
    assert run
    assert (run - NOON) % every == timedelta(0)
    assert run >= NOON + every
    assert run > NOON + passed
    assert run - every <= max(NOON, NOON + passed)


def test_no_schedule_runs_before_it_was_set() -> None:
    task = scheduled(TASK, m.TaskSchedule(schedule_expression="cron(0 * * * ? *)"), NOON + HOUR / 2)
    assert next_run(task, NOON - 10 * HOUR) == NOON + HOUR
    assert next_run(task, NOON + 3 * HOUR) == NOON + 4 * HOUR
    unknown = evolve(task, schedule_details=None)  # As where AWS's answer does not tell.
    assert next_run(unknown, NOON - 10 * HOUR) == NOON - 9 * HOUR
