"""Which executions wait, which run, and which of those that wait may run now.

An execution needs its task and its agents for itself: those are its lanes. Who came first runs first, and
nobody overtakes on a lane. One lock, that of the store, guards the queue.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from attrs import define

from datasync_sdk.local.clock import Clock
from datasync_sdk.local.runs.live import Live
from datasync_sdk.local.store.store import Store

log = logging.getLogger("datasync_sdk.local")

MOST_QUEUED: Final = 50
"""How many executions of one task may wait."""


@define(kw_only=True, eq=False)
class Run:
    """An execution that waits or runs."""

    arn: str
    task: str
    agents: tuple[str, ...]
    live: Live
    is_running: bool = False
    is_over: bool = False
    """How its transfer went is settled; only its report is still to be written."""

    @property
    def lanes(self) -> set[str]:
        """What no other execution may use while this one runs."""
        return {self.task, *self.agents}

    def reach_by(self, agents: tuple[str, ...]) -> None:
        """Use other agents. Those of an execution that runs stay what they are."""
        self.agents = agents
        self.live.reach_by(agents)


class Queue:
    """The executions that have not ended, first come first."""

    def __init__(self, store: Store, clock: Clock, work: Callable[[Run], None]) -> None:
        """Make an empty queue, whose executions are run by `work`, each in a thread of its own."""
        self._store = store
        self._clock = clock
        self._work = work
        self._runs: dict[str, Run] = {}
        self._threads: set[threading.Thread] = set()
        self.is_closed = False

    def of_task(self, task: str) -> list[Run]:
        """The executions of a task that wait or run, first come first."""
        return [run for run in self._runs.values() if run.task == task]

    def waiting(self) -> list[Run]:
        """The executions that wait, first come first."""
        return [run for run in self._runs.values() if not run.is_running]

    def current(self, task: str) -> str | None:
        """The ARN of the execution of a task that runs; None where none does."""
        return next((run.arn for run in self.of_task(task) if run.is_running), None)

    def find(self, arn: str) -> Run | None:
        """The execution of an ARN, unless it has ended."""
        return self._runs.get(arn)

    def is_busy(self, lanes: set[str]) -> bool:
        """Tell whether an execution with these lanes would have to wait."""
        return any(lanes & run.lanes for run in self._runs.values())

    def add(self, run: Run) -> None:
        """Put an execution at the end."""
        self._runs[run.arn] = run

    def remove(self, arn: str) -> None:
        """Take out an execution that has ended, or that never ran."""
        self._runs.pop(arn, None)

    def dispatch(self) -> None:
        """Run all that need not wait any more."""
        with self._store.lock:
            taken: set[str] = set()
            for run in self._runs.values():
                if not run.is_running and not self.is_closed and not taken & run.lanes:
                    self._run(run)
                taken |= run.lanes

    def _run(self, run: Run) -> None:
        thread = threading.Thread(target=self._thread, args=(run,), name=run.arn, daemon=True)
        self._clock.begin()
        try:
            thread.start()
        except RuntimeError:
            # As many as there can be. When one ends, or something else is asked for, it is tried again.
            log.warning("%s has to wait: there is no thread for it", run.arn)
            self._clock.end()
            return
        run.is_running = True
        self._threads.add(thread)

    def _thread(self, run: Run) -> None:
        try:
            self._work(run)
        except Exception:
            log.exception("%s has ended, and that could not be kept", run.arn)
        finally:
            with self._store.lock:
                self.remove(run.arn)
                self._threads.discard(threading.current_thread())
            self.dispatch()
            self._clock.end()

    def wake(self) -> None:
        """Make all that run look at what has changed."""
        with self._store.lock:
            for run in self._runs.values():
                run.live.wake()

    def close(self) -> None:
        """Cancel what runs, and wait until it has stopped. What waits keeps its place for the next time."""
        with self._store.lock:
            self.is_closed = True
            threads = list(self._threads)
            for run in self._runs.values():
                if run.is_running:
                    run.live.cancel()
        for thread in threads:
            thread.join()
