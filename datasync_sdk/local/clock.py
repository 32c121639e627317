"""The time by which the service lives: the real one, or one that a test turns.

Everything that waits does so at an alarm of the clock: a schedule for its hour, a transfer for its share of
the bandwidth, an execution for its launch. A manual clock can therefore tell when nobody has anything left
to do before a moment, and jump to it: a week of schedules passes as fast as its transfers run.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, runtime_checkable

from attrs import define, field

LONGEST_WAIT: Final = 60.0
"""Seconds. What waits for a time of day has to look again: the clock may have been set, or the machine may
have slept."""

EXAMPLE: Final = "as in ManualClock(datetime(2026, 1, 1, tzinfo=UTC))"


class Alarm(Protocol):
    """Something to wait at. It is rung by others, or by the time."""

    def ring(self) -> None:
        """Wake whoever waits here, and keep everybody from waiting here again."""

    def is_rung(self) -> bool:
        """Tell whether somebody rang."""
        ...

    def wait(self, seconds: float | None) -> bool:
        """Wait until somebody rings or so much time has passed; tell whether somebody rang.

        It may also end sooner: who waits has to look again at why.
        """
        ...

    def reset(self) -> None:
        """Let others wait here again."""


@runtime_checkable
class Clock(Protocol):
    """What the service asks about time."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from some moment, never going back."""
        ...

    def alarm(self) -> Alarm:
        """A new alarm."""
        ...

    def begin(self) -> None:
        """Somebody, who will call `end`, has something to do before time may pass."""

    def end(self) -> None:
        """He has done it."""


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds from some moment, never going back."""
        return time.monotonic()

    def alarm(self) -> Alarm:
        """A new alarm."""
        return _Bell()

    def begin(self) -> None:
        """Nothing: the time of this machine waits for nobody."""

    def end(self) -> None:
        """Nothing."""


class _Bell:
    def __init__(self) -> None:
        self._event = threading.Event()

    def ring(self) -> None:
        self._event.set()

    def is_rung(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float | None) -> bool:
        return self._event.wait(seconds if seconds is None else min(seconds, LONGEST_WAIT))

    def reset(self) -> None:
        self._event.clear()


class ManualClock:
    """A clock that stands still until it is turned.

        clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
        service = LocalDataSync(root, clock=clock)
        ...
        clock.advance(timedelta(days=7))

    `advance` goes from event to event: it lets whoever has something to do finish, then jumps to the next
    moment that somebody waits for. When it returns, all that had to happen until then has happened.

    Clients of the service turn it, too: where they wait, they `sleep` by it, and so in no time.
    """

    def __init__(self, start: datetime) -> None:
        """Make a clock that shows `start`, which must have a time zone.

        Raises:
            TypeError: it is no datetime.
            ValueError: it has no time zone.
        """
        if not isinstance(start, datetime):
            raise TypeError(f"the start of a clock must be a datetime, {EXAMPLE}, not {start!r:.60}")
        if start.utcoffset() is None:
            raise ValueError(f"the start of a clock needs a time zone, {EXAMPLE}")
        self._start = start.astimezone(UTC)
        self._passed = 0.0
        self._working = 0
        self._changed = threading.Condition()
        self._turning = threading.Lock()
        self._sleepers: list[_Sleeper] = []

    def now(self) -> datetime:
        """The time that it shows, in UTC."""
        return self._start + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        """Seconds since its start."""
        return self._passed

    def alarm(self) -> Alarm:
        """A new alarm, which waits by this clock."""
        return _ManualAlarm(self)

    def begin(self) -> None:
        """Somebody, who will call `end`, has something to do before time may pass."""
        with self._changed:
            self._working += 1

    def end(self) -> None:
        """He has done it."""
        with self._changed:
            self._working -= 1
            self._changed.notify_all()

    def advance(self, by: timedelta) -> None:
        """Let time pass, and all that happens in it.

        Threads that call it at once are served one after another. It must not be called by one that the
        clock waits for.

        Raises:
            TypeError: `by` is no timedelta.
            ValueError: it is negative.
        """
        if not isinstance(by, timedelta):
            raise TypeError(f"a clock is turned by a timedelta, as timedelta(hours=1), not by {by!r:.60}")
        if by < timedelta(0):
            raise ValueError("time does not go back")
        with self._turning:
            self._turn(self._passed + by.total_seconds())

    def sleep(self, seconds: float) -> None:
        """Turn the clock, unless others do, until so many seconds have passed.

        Several threads may sleep at once, as they may by the clock of a machine: their times do not add up.
        """
        until = self._passed + seconds
        with self._turning:
            if until > self._passed:
                self._turn(until)

    def _turn(self, target: float) -> None:
        with self._changed:
            while True:
                self._changed.wait_for(lambda: self._working == 0)
                due = min((s.deadline for s in self._sleepers if s.deadline <= target), default=None)
                if due is None:
                    break
                self._passed = due
                self._wake([sleeper for sleeper in self._sleepers if sleeper.deadline <= self._passed])
            self._passed = target

    def settle(self) -> None:
        """Wait until all that runs has ended or waits for time to pass."""
        self.advance(timedelta(0))

    def _wake(self, sleepers: list[_Sleeper]) -> None:
        # They count as working from here on: their threads may come to run only after `advance` has looked.
        for sleeper in sleepers:
            self._sleepers.remove(sleeper)
            sleeper.is_awake = True
        self._working += len(sleepers)
        self._changed.notify_all()

    def _sleep(self, alarm: _ManualAlarm, seconds: float | None) -> bool:
        with self._changed:
            if alarm.is_rung() or (seconds is not None and seconds <= 0):
                return alarm.is_rung()
            deadline = float("inf") if seconds is None else self._passed + seconds
            sleeper = _Sleeper(deadline=deadline, alarm=alarm)
            self._sleepers.append(sleeper)
            self._working -= 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: sleeper.is_awake)
            return alarm.is_rung()

    def _ring(self, alarm: _ManualAlarm) -> None:
        with self._changed:
            alarm.rung = True
            self._wake([sleeper for sleeper in self._sleepers if sleeper.alarm is alarm])


@define(eq=False)
class _Sleeper:
    deadline: float
    alarm: _ManualAlarm
    is_awake: bool = field(default=False)


class _ManualAlarm:
    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.rung = False

    def ring(self) -> None:
        self._clock._ring(self)  # noqa: SLF001  # the alarm is a part of its clock

    def is_rung(self) -> bool:
        return self.rung

    def wait(self, seconds: float | None) -> bool:
        return self._clock._sleep(self, seconds)  # noqa: SLF001  # as above

    def reset(self) -> None:
        self.rung = False
