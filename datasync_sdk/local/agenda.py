"""Starts tasks at the hours of their schedules."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from datasync_sdk import models as m
from datasync_sdk.local.clock import Clock
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.schedules import next_run
from datasync_sdk.local.store import Kind, Store

log = logging.getLogger("datasync_sdk.local")


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
            while not self._closed:
                self._alarm.reset()
                due = self._next()
                wait = None if due is None else (due - self._clock.now()).total_seconds()
                if wait is None or wait > 0:
                    self._alarm.wait(wait)
        finally:
            self._clock.end()

    def _next(self) -> datetime | None:
        """Start what is due by now, and tell when something is due next."""
        with self._store.lock:
            now, since = self._clock.now(), self._seen
            self._seen = now
            tasks: list[m.DescribeTaskResponse] = [task.described for task in self._store.list(Kind.TASK)]
        for task in tasks:
            run = next_run(task, since)
            if run is not None and run <= now:
                self._try(task.task_arn)
        return min(filter(None, (next_run(task, now) for task in tasks)), default=None)

    def _try(self, arn: str) -> None:
        try:
            self._start(arn)
        except Refusal as refusal:
            log.warning("The scheduled execution of %s was not started: %s", arn, refusal.message)
        except Exception:
            log.exception("The scheduled execution of %s was not started", arn)
