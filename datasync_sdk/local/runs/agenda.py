"""Starts tasks at the hours of their schedules."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from datasync_sdk import models as m
from datasync_sdk.local.clock import Clock
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.runs.schedules import next_run
from datasync_sdk.local.store.store import Kind, Store

log = logging.getLogger("datasync_sdk.local")

CORRECTION: Final = timedelta(hours=1)
"""A clock that is set back by less than this was a little fast: what has run meanwhile does not run again.
One that is set back by more was wrong, and what it said is forgotten."""

PAUSE: Final = 60.0
"""Seconds until the agenda tries again, after an error."""


class Agenda:
    """Waits for the next hour of any schedule, and starts what is due then.

    What was due while the service did not run is not made up for.
    """

    def __init__(self, store: Store, clock: Clock, start: Callable[[str], None]) -> None:
        """Make an agenda which gives `start` the ARNs of tasks whose hour has come."""
        self._store = store
        self._clock = clock
        self._start = start
        self._alarm = clock.alarm()
        self._closed = False
        self._seen = clock.now()
        self._thread: threading.Thread | None = None

    def open(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._loop, name="datasync-agenda", daemon=True)
        self._clock.begin()
        self._thread.start()

    def look_again(self) -> None:
        """Look at the schedules again: one may have changed."""
        self._alarm.ring()

    def close(self) -> None:
        """Stop, and wait until it has."""
        self._closed = True
        self.look_again()
        if self._thread:
            self._thread.join()

    def _loop(self) -> None:
        try:
            while True:
                self._alarm.reset()
                # Not sooner: the reset may have undone the ringing of `close`.
                if self._closed:
                    break
                self._alarm.wait(self._pause())
        finally:
            self._clock.end()

    def _pause(self) -> float | None:
        """Start what is due by now, and tell for how many seconds nothing is; None for ever."""
        try:
            due = self._next()
        except Exception:
            log.exception("The schedules could not be looked at")
            return PAUSE
        return None if due is None else (due - self._clock.now()).total_seconds()

    def _next(self) -> datetime | None:
        """Start what is due by now, and tell when something is due next."""
        # All of it: a task that is changed or deleted meanwhile must not be started as it was before.
        with self._store.lock:
            tasks: list[m.DescribeTaskResponse] = [task.described for task in self._store.list(Kind.TASK)]
            now, since = self._now(), self._seen
            self._seen = now
            for task in tasks:
                run = next_run(task, since)
                if run is not None and run <= now:
                    self._try(task.task_arn)
            return min(filter(None, (next_run(task, now) for task in tasks)), default=None)

    def _now(self) -> datetime:
        """The time, which stands still until a clock that was set back a little is as far as it was."""
        now = self._clock.now()
        return self._seen if now < self._seen < now + CORRECTION else now

    def _try(self, arn: str) -> None:
        try:
            self._start(arn)
        except Refusal as refusal:
            log.warning("The scheduled execution of %s was not started: %s", arn, refusal.message)
        except Exception:
            log.exception("The scheduled execution of %s was not started", arn)
