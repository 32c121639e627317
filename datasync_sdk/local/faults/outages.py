"""Faults of calls: for the next few, or for one, the service is not itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from attrs import frozen

from datasync_sdk.local.faults.arguments import seconds_to_wait, some_text, whole_number
from datasync_sdk.local.operations import NAMES, checked_name

Kind: TypeAlias = Literal[
    "throttle", "internal_error", "drop_connection", "iam_propagation", "unknown_status", "slow"
]

REFUSING: Final[tuple[Kind, ...]] = ("throttle", "internal_error", "drop_connection")
"""Kinds that end a call before anybody looks into it."""

TESTING_ACCESS: Final = frozenset(
    name
    for name in NAMES
    if name.startswith(("CreateLocation", "UpdateLocation")) or name == "StartTaskExecution"
)
"""Operations that use an IAM role, or try whether a location can be reached."""

TELLING_STATUS: Final = frozenset(
    {"DescribeTask", "DescribeTaskExecution", "ListTasks", "ListTaskExecutions"} & NAMES.keys()
)
"""Operations whose answers tell the status of tasks or of executions."""

APPLICABLE: Final[dict[Kind, frozenset[str]]] = {
    "iam_propagation": TESTING_ACCESS,
    "unknown_status": TELLING_STATUS,
}
"""The operations that a kind is about; kinds that are not here are about all."""


@frozen(kw_only=True)
class Outage:
    """One fault of a call."""

    kind: Kind
    operation: str | None = None
    """The only operation that it is about; None where it is about all that its kind is about."""
    status: str = ""
    """The status that answers carry, of `unknown_status`."""
    seconds: float = 0.0
    """How late the answer comes, of `slow`."""
    answer_lost: bool = False
    """Whether the call is carried out before the connection is lost, of `drop_connection`."""

    def is_about(self, operation: str) -> bool:
        """Whether it can strike a call of this operation."""
        if self.operation is not None:
            return operation == self.operation
        return self.kind not in APPLICABLE or operation in APPLICABLE[self.kind]


class Outages:
    """Faults that strike the next calls, each for a number of them, of one operation or of any.

    A call is struck by one of `throttle`, `internal_error` and `drop_connection` at most: by the one that
    was asked for first. Calls that botocore sends again count as calls.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._pending: list[tuple[Outage, int]] = []
        self._watchers: list[Callable[[], None]] = []

    def on_change(self, watcher: Callable[[], None]) -> None:
        """Have a function called, without arguments and in whatever thread, after each change."""
        with self._lock:
            self._watchers.append(watcher)

    def _changed(self) -> None:
        for watcher in tuple(self._watchers):
            watcher()

    def throttle(self, calls: int = 1, operation: str | None = None) -> None:
        """Refuse calls with a ThrottlingException, "Rate exceeded", status 400. botocore tries again.

        Raises:
            ValueError: fewer than one call, or an operation that does not exist. So do all that follow.
        """
        self._add(Outage(kind="throttle", operation=checked_name(operation)), calls)

    def internal_error(self, calls: int = 1, operation: str | None = None) -> None:
        """Refuse calls with an InternalException, status 500. botocore tries again."""
        self._add(Outage(kind="internal_error", operation=checked_name(operation)), calls)

    def drop_connection(
        self, calls: int = 1, operation: str | None = None, answer_lost: bool = False
    ) -> None:
        """Close the connection without a byte. botocore tries again.

        With `answer_lost`, the call is carried out and only its answer is lost: no operation has a token
        that makes it idempotent, so the Create that botocore sends again makes a second resource.
        """
        named = checked_name(operation)
        self._add(Outage(kind="drop_connection", operation=named, answer_lost=bool(answer_lost)), calls)

    def iam_propagation(self, calls: int = 1, operation: str | None = None) -> None:
        """Refuse calls as if an IAM role were so new that DataSync does not know it yet.

        That is an InvalidRequestException, "Unable to assume role" or "access test failed", to calls that
        create or update a location or start a task, once they are right in every other respect. botocore
        does not try again; whoever has just made a role should, over a minute or two.
        """
        self._add(Outage(kind="iam_propagation", operation=checked_name(operation)), calls)

    def unknown_status(
        self, status: str = "REHYDRATING", calls: int = 1, operation: str | None = None
    ) -> None:
        """Let answers of Describe and List carry this status, for tasks and executions.

        AWS adds words; a program that waits for a task must not end because of one.
        """
        named, word = checked_name(operation), some_text("status", status)
        self._add(Outage(kind="unknown_status", operation=named, status=word), calls)

    def slow(self, seconds: float, calls: int = 1, operation: str | None = None) -> None:
        """Let answers come so many seconds late, at most 3600. The call is carried out at once."""
        named, taken = checked_name(operation), seconds_to_wait(seconds)
        self._add(Outage(kind="slow", operation=named, seconds=taken), calls)

    def _add(self, outage: Outage, calls: int) -> None:
        number = whole_number("calls", calls, least=1)
        if outage.operation is not None and outage.operation not in APPLICABLE.get(outage.kind, NAMES):
            about = ", ".join(sorted(APPLICABLE[outage.kind]))
            raise ValueError(f"{outage.kind} is not about {outage.operation}, but about {about}")
        with self._lock:
            self._pending.append((outage, number))
        self._changed()

    def take(self, operation: str, *kinds: Kind) -> Outage | None:
        """The fault of one of these kinds that strikes a call, which is then one of its calls."""
        if not self._pending:  # As nearly always: then a call costs nothing more.
            return None
        with self._lock:
            for index, (outage, left) in enumerate(self._pending):
                if outage.kind in kinds and outage.is_about(operation):
                    self._pending[index : index + 1] = [(outage, left - 1)] if left > 1 else []
                    return outage
        return None
