"""An execution that runs: what it has done so far, and how others stop, slow down or hold it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from attrs import evolve

from datasync_sdk import models as m
from datasync_sdk.local.clock import Clock
from datasync_sdk.local.faults.faults import Faults
from datasync_sdk.local.runs.phases import NOT_BEGUN
from datasync_sdk.local.transfer.job import Cancelled, Counters, PhaseEnd


class Live:
    """One running execution. It is the `Watch` of its transfer.

    Its thread adds to the counters; threads of requests read them, and call `cancel`, `throttle` and `wake`.
    """

    def __init__(  # what a transfer is followed and steered with
        self,
        *,
        clock: Clock,
        faults: Faults,
        agents: tuple[str, ...],
        bytes_per_second: int,
        entered: Callable[[m.TaskExecutionStatus], None],
    ) -> None:
        """Make what belongs to an execution that is about to run; `entered` is told of each phase."""
        self.counters = Counters()
        self.cancelled = False
        self._clock = clock
        self._faults = faults
        self._agents = agents
        self._limit = bytes_per_second
        self._entered = entered
        self._status = m.TaskExecutionStatus.LAUNCHING
        self._over: tuple[tuple[PhaseEnd, ...], float] | None = None
        """The phases that are over, and when the one at hand began."""
        self._alarm = clock.alarm()
        # A transfer asks at each file whether something has happened: that must cost next to nothing.
        self._look = True

    # What others do.

    def reach_by(self, agents: tuple[str, ...]) -> None:
        """Let it wait for other agents to be online."""
        self._agents = agents
        self.wake()

    def cancel(self) -> None:
        """Make it stop at the next file."""
        self.cancelled = True
        self.wake()

    def throttle(self, bytes_per_second: int) -> None:
        """Give it another limit of bandwidth; -1 is none."""
        self._limit = bytes_per_second
        self.wake()

    def wake(self) -> None:
        """Make it look at what has changed: the faults, whether it is cancelled."""
        # In this order: who looks resets the alarm, and one that rings after that would never be reset.
        self._alarm.ring()
        self._look = True

    def phases(self) -> list[PhaseEnd]:
        """The three phases as they stand: what is not over is PENDING."""
        if self._over is None:
            return list(NOT_BEGUN)
        over, since = self._over
        at_hand = evolve(NOT_BEGUN[0], milliseconds=round((self.monotonic() - since) * 1000))
        return [*over, at_hand, *NOT_BEGUN][: len(NOT_BEGUN)]

    # What its own thread does.

    def enter(self, phase: m.TaskExecutionStatus, before: tuple[PhaseEnd, ...]) -> None:
        """A phase begins."""
        self._status = phase
        self._over = before, self.monotonic()
        self._entered(phase)
        self._look = True
        self.checkpoint()

    def checkpoint(self) -> None:
        """Stop if it is cancelled; wait while a fault holds it or one of its agents is offline.

        Raises:
            Cancelled: it is.
        """
        while self._look:
            self._look = False
            self._alarm.reset()
            if self.cancelled:
                self._look = True  # It stays so, whatever becomes of the exception.
                raise Cancelled
            if self._is_held():
                self._alarm.wait(None)
                self._look = True

    def _is_held(self) -> bool:
        return self._faults.hangs(self._status) or any(map(self._faults.is_offline, self._agents))

    def limit(self) -> int:
        """Bytes per second, at this moment; -1 is no limit."""
        return self._limit

    def monotonic(self) -> float:
        """Seconds, by the clock of the service."""
        return self._clock.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait so long, or until something has happened: whoever waits has to look again at why.

        Raises:
            Cancelled: the execution is cancelled.
        """
        self.checkpoint()
        self._alarm.wait(seconds)
        self.checkpoint()

    def launch(self, seconds: float) -> None:
        """Wait as long as it takes to launch an execution.

        Raises:
            Cancelled: the execution is cancelled.
        """
        ready = self.monotonic() + seconds
        self.checkpoint()
        while (left := ready - self.monotonic()) > 0:
            self.sleep(left)

    def fault(
        self,
        action: Literal["list", "read", "write", "verify", "delete"],
        side: Literal["source", "destination"],
        path: str,
    ) -> None:
        """Fail where somebody asked for it.

        Raises:
            OSError: somebody did.
        """
        self._faults.check(action, side, path, self.counters.bytes_written)

    def corrupts(self, path: str) -> bool:
        """Tell whether what is written to a path is to be damaged, because somebody asked for it."""
        return self._faults.corrupts(path)
