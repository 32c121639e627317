"""Faults on request: what goes wrong in production, in a test that needs it to.

    service.faults.throttle(calls=3, operation="CreateTask")
    service.faults.agent_offline(agent_arn)
    service.faults.unreadable("/invoices/2024*")
    ...
    service.faults.clear()

Faults of calls are for the next few calls (see `outages.py`). Those of the world are here; they last until
they are taken back. All are forgotten when the service is closed.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias

from datasync_sdk import filters
from datasync_sdk import models as m
from datasync_sdk.execution.outcome import ENDED
from datasync_sdk.local.faults.arguments import arn_of_agent, filter_pattern, some_text, whole_number
from datasync_sdk.local.faults.outages import Outage, Outages

Action: TypeAlias = Literal["list", "read", "write", "verify", "delete"]
Side: TypeAlias = Literal["source", "destination"]

SIDES: Final = ("source", "destination")
LOOKING: Final = frozenset({"list", "read", "verify"})
"""What cannot be done to a file that cannot be read."""


class Faults(Outages):
    """All faults of one service. Safe to use from any thread, while executions run.

    Files are named by patterns of DataSync's filters, as in `datasync_sdk.filters`: they are relative to the
    location, `/dir` is the folder with all that is in it, `*` stands for anything, slashes included, and `|`
    stands between several. So a test names the files that fail just as the task names those that it takes;
    and `[` and `?`, which mean something to `fnmatch`, are parts of names.
    """

    def __init__(self) -> None:
        super().__init__()
        self._reset()

    def _reset(self) -> None:
        self._pending = []
        self._offline: frozenset[str] = frozenset()
        self._unreadable: tuple[tuple[str, Side], ...] = ()
        self._corrupt: tuple[str, ...] = ()
        self._capacity: int | None = None
        self._hanging: frozenset[str] = frozenset()
        self._has_bad_files = False

    # What a test asks for. Values are replaced, never changed: those that ask need no lock.

    def agent_offline(self, agent_arn: str) -> None:
        """Switch an agent off: it is OFFLINE, its tasks UNAVAILABLE, and what it runs stands still.

        Faults do not know which agents there are: that of an agent that does not exist is kept, and is off
        when there is one of this ARN.

        Raises:
            ValueError: this is not the ARN of an agent.
        """
        wanted = arn_of_agent(agent_arn)
        with self._lock:
            self._offline |= {wanted}
        self._changed()

    def agent_online(self, agent_arn: str) -> None:
        """Switch an agent on again. One that is on stays on.

        Raises:
            ValueError: this is not the ARN of an agent.
        """
        wanted = arn_of_agent(agent_arn)
        with self._lock:
            self._offline -= {wanted}
        self._changed()

    def unreadable(self, pattern: str, side: Side = "source") -> None:
        """Refuse to read these files, or to list these folders, with EACCES: permission denied.

        Raises:
            ValueError: the pattern is no filter, or there is no such side.
        """
        if side not in SIDES:
            raise ValueError(f"side must be source or destination, not {side!r:.60}")
        wanted = filter_pattern(pattern)
        with self._lock:
            self._unreadable = (*self._unreadable, (wanted, side))
            self._has_bad_files = True
        self._changed()

    def destination_full(self, after_bytes: int = 0) -> None:
        """Let the destination take so many bytes of an execution, and then no more: ENOSPC, no space left.

        Raises:
            ValueError: fewer than no bytes.
        """
        capacity = whole_number("after_bytes", after_bytes, least=0)
        with self._lock:
            self._capacity = capacity
            self._has_bad_files = True
        self._changed()

    def corrupt(self, pattern: str) -> None:
        """Damage what is written to these files, so that their verification fails.

        Raises:
            ValueError: the pattern is no filter.
        """
        wanted = filter_pattern(pattern)
        with self._lock:
            self._corrupt = (*self._corrupt, wanted)
        self._changed()

    def hang(self, status: m.TaskExecutionStatus | str = "LAUNCHING") -> None:
        """Let executions stand still once they are in this status, until `release`, or until cancelled.

        Raises:
            ValueError: executions have no such status, or have ended in it.
        """
        wanted = m.TaskExecutionStatus(some_text("status", status))
        if wanted not in list(m.TaskExecutionStatus) or wanted in ENDED:
            known = ", ".join(sorted(set(m.TaskExecutionStatus) - ENDED))
            raise ValueError(f"an execution cannot hang in {str(status)[:60]!r}; there are {known}")
        with self._lock:
            self._hanging |= {str(wanted)}
        self._changed()

    def release(self) -> None:
        """Let all executions go on that `hang` holds."""
        with self._lock:
            self._hanging = frozenset()
        self._changed()

    def clear(self) -> None:
        """Take back all faults, those of calls, too."""
        with self._lock:
            self._reset()
        self._changed()

    # What the service asks, for each file: while nothing is set, the answer is next to nothing.

    def is_offline(self, agent_arn: str) -> bool:
        """Whether an agent is switched off."""
        return agent_arn in self._offline

    def check(self, action: Action, side: Side, path: str, written: int = 0) -> None:
        """Fail where a test wants a file to fail; `written` bytes are at the destination before this.

        Raises:
            OSError: EACCES for what is unreadable, ENOSPC for a destination that is full.
        """
        if not self._has_bad_files:
            return
        unreadable, capacity = self._unreadable, self._capacity
        if action in LOOKING and any(at == side and filters.matches(bad, path) for bad, at in unreadable):
            raise OSError(errno.EACCES, os.strerror(errno.EACCES), path)
        if action == "write" and side == "destination" and capacity is not None and written >= capacity:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)

    def corrupts(self, path: str) -> bool:
        """Whether what is written to a path is to be damaged."""
        return any(filters.matches(bad, path) for bad in self._corrupt)

    def hangs(self, status: m.TaskExecutionStatus | str) -> bool:
        """Whether executions are to stand still in a status."""
        return status in self._hanging

    def describe(self) -> Mapping[str, Any]:
        """All that is set, as JSON can have it: by the method that sets it, its arguments, each time."""
        with self._lock:
            told: dict[str, list[dict[str, Any]]] = {}
            for outage, left in self._pending:
                told.setdefault(outage.kind, []).append({**told_outage(outage), "calls": left})
            told |= {
                "agent_offline": [{"agent_arn": arn} for arn in sorted(self._offline)],
                "unreadable": [{"pattern": pattern, "side": side} for pattern, side in self._unreadable],
                "destination_full": [] if self._capacity is None else [{"after_bytes": self._capacity}],
                "corrupt": [{"pattern": pattern} for pattern in self._corrupt],
                "hang": [{"status": status} for status in sorted(self._hanging)],
            }
        return {name: value for name, value in told.items() if value}

    def __repr__(self) -> str:
        told = ", ".join(
            f"{name}({', '.join(f'{key}={value!r}' for key, value in given.items())})"
            for name, times in self.describe().items()
            for given in times
        )
        return f"<Faults: {told or 'none'}>"


def told_outage(outage: Outage) -> dict[str, Any]:
    """What an outage differs in from one of which nothing is said."""
    values = {name: getattr(outage, name) for name in ("operation", "status", "seconds", "answer_lost")}
    return {name: value for name, value in values.items() if value}
