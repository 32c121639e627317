"""The clock that tests turn: time passes from event to event, and never while somebody works."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasync_sdk.local.clock import ManualClock, SystemClock

START = datetime(2026, 1, 1, tzinfo=UTC)


def started(clock: ManualClock, *bodies: Callable[[], None]) -> list[threading.Thread]:
    """Threads that the clock waits for."""

    def run(body: Callable[[], None]) -> None:
        try:
            body()
        finally:
            clock.end()

    threads = [threading.Thread(target=run, args=(body,), daemon=True) for body in bodies]
    for thread in threads:
        clock.begin()
        thread.start()
    return threads


def test_shows_its_start_until_it_is_turned() -> None:
    clock = ManualClock(START)
    assert clock.now() == START
    clock.advance(timedelta(hours=3))
    assert clock.now() == START + timedelta(hours=3)
    assert clock.monotonic() == 3 * 3600


def test_wants_a_time_zone_and_never_goes_back() -> None:
    with pytest.raises(ValueError, match=r"needs a time zone, as in ManualClock\(datetime"):
        ManualClock(datetime(2026, 1, 1))  # noqa: DTZ001  # this is what is refused
    with pytest.raises(ValueError, match="back"):
        ManualClock(START).advance(timedelta(seconds=-1))


@pytest.mark.parametrize("wrong", ["2026", START.date(), 0, None, datetime])
def test_starts_at_nothing_but_a_datetime(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"must be a datetime, as in ManualClock\(datetime") as caught:
        ManualClock(wrong)
    assert repr(wrong)[:60] in str(caught.value)


@pytest.mark.parametrize("wrong", [3600, 1.5, "1h", None, timedelta])
def test_is_turned_by_nothing_but_a_timedelta(wrong: Any) -> None:
    clock = ManualClock(START)
    with pytest.raises(TypeError, match=r"by a timedelta, as timedelta\(hours=1\), not by "):
        clock.advance(wrong)
    assert clock.now() == START


@given(st.lists(st.lists(st.integers(1, 1000), max_size=8), max_size=4))
def test_everybody_wakes_at_his_time_and_in_order(naps: list[list[int]]) -> None:
    clock = ManualClock(START)
    woken: list[tuple[float, float]] = []

    def sleeper(durations: list[int]) -> Callable[[], None]:
        def body() -> None:
            expected = 0.0
            for duration in durations:
                assert not clock.alarm().wait(duration)
                expected += duration
                woken.append((clock.monotonic(), expected))

        return body

    threads = started(clock, *(sleeper(durations) for durations in naps))
    clock.advance(timedelta(seconds=8000))
    for thread in threads:
        thread.join(10)
    assert sorted(woken) == woken, "time went back"
    assert all(at == expected for at, expected in woken)
    assert len(woken) == sum(map(len, naps))


def test_ringing_wakes_before_the_time_and_counts_as_work() -> None:
    clock = ManualClock(START)
    alarm, rung = clock.alarm(), []
    started(clock, lambda: rung.append((alarm.wait(60), clock.monotonic())))
    clock.advance(timedelta(seconds=10))
    alarm.ring()
    clock.settle()
    assert rung == [(True, 10.0)]
    assert alarm.is_rung()
    alarm.reset()
    assert not alarm.is_rung()


def test_nobody_waits_at_an_alarm_that_is_rung_nor_for_no_time() -> None:
    clock = ManualClock(START)
    rung, alarm, waited = clock.alarm(), clock.alarm(), []
    rung.ring()
    [thread] = started(clock, lambda: waited.extend([rung.wait(None), alarm.wait(0), alarm.wait(-1)]))
    thread.join(10)  # Though nobody turns the clock.
    assert waited == [True, False, False]


def test_shows_utc_wherever_it_was_started() -> None:
    clock = ManualClock(START.astimezone(timezone(timedelta(hours=5))))
    assert clock.now() == START
    assert clock.now().tzinfo is UTC


def test_ringing_one_alarm_wakes_nobody_at_another() -> None:
    clock = ManualClock(START)
    one, other, woken = clock.alarm(), clock.alarm(), []
    started(clock, lambda: woken.append(one.wait(60)), lambda: woken.append(other.wait(None)))
    clock.settle()
    one.ring()
    clock.settle()
    assert woken == [True]
    clock.advance(timedelta(days=1000))
    assert woken == [True]
    other.ring()
    clock.settle()
    assert woken == [True, True]


def test_time_stops_short_of_what_is_still_to_come() -> None:
    clock = ManualClock(START)
    alarm, ended = clock.alarm(), threading.Event()

    def body() -> None:
        alarm.wait(61)
        ended.set()

    started(clock, body)
    clock.advance(timedelta(seconds=60))
    assert not ended.is_set()
    clock.advance(timedelta(seconds=1))
    clock.settle()
    assert ended.is_set()


def test_the_real_clock_rings_and_waits() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    alarm = clock.alarm()
    assert not alarm.wait(0.01)
    assert clock.monotonic() - before >= 0.009
    threading.Timer(0.01, alarm.ring).start()
    assert alarm.wait(30)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=5))
def test_times_of_sleepers_do_not_add_up(times: list[float]) -> None:
    """Each of the threads that sleep at once does so as long as it wants, and the clock does not go back."""
    clock, begun = ManualClock(START), threading.Semaphore(0)
    woken: list[tuple[float, float]] = []

    class Seconds(float):
        """Some that tell when somebody knows until when to sleep."""

        def __radd__(self, now: float) -> float:
            begun.release()
            return now + float(self)

    def sleep(seconds: float) -> None:
        clock.sleep(Seconds(seconds))
        woken.append((seconds, clock.monotonic()))

    threads = [threading.Thread(target=sleep, args=(seconds,)) for seconds in times]
    clock.begin()  # Time stands still until all of them sleep.
    for thread in threads:
        thread.start()
        assert begun.acquire(timeout=20)
    clock.end()
    for thread in threads:
        thread.join()
    assert all(now >= seconds for seconds, now in woken)
    assert clock.monotonic() == max(times)


def test_a_sleeper_lets_happen_what_is_due_meanwhile() -> None:
    clock = ManualClock(START)
    rang: list[float] = []

    def body() -> None:
        clock.alarm().wait(10)
        rang.append(clock.monotonic())

    threads = started(clock, body)
    clock.sleep(60)
    for thread in threads:
        thread.join()
    assert rang == [10]
    assert clock.monotonic() == 60
