"""What becomes of many executions: the parts of `run_all` that ask nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from attrs import frozen

from datasync_sdk import models as m
from datasync_sdk._runtime.errors import SdkError
from datasync_sdk.execution.outcome import Outcome
from datasync_sdk.execution.state import ExecutionState

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FleetResult", "as_requests"]

E = TypeVar("E", bound=ExecutionState)


@frozen(kw_only=True)
class FleetResult(Generic[E]):
    """What became of one of many requests."""

    request: m.StartTaskExecutionRequest
    outcome: Outcome | None
    """How its last execution ended; None where there was none, or nobody can tell."""
    error: SdkError | None
    """What kept it from being started, or watched to its end."""
    execution: E | None
    """The last execution."""
    attempts: int
    """How many executions there were, with one that ran already."""
    was_running: bool
    """Whether the first one ran already, and was not started here."""

    @property
    def is_success(self) -> bool:
        """Whether all of it is there."""
        return self.outcome is not None and self.outcome.is_success

    def raise_for_status(self) -> Outcome:
        """The outcome, where it is a success.

        Raises:
            ExecutionIncomplete: some items failed.
            ExecutionFailed: the execution did.
            DataSyncError: it could not be started, or watched to its end.
        """
        if self.error is not None:
            raise self.error
        assert self.outcome is not None  # noqa: S101  # one of both is there
        return self.outcome.raise_for_status()


def as_requests(
    requests: Iterable[m.StartTaskExecutionRequest | str],
) -> list[m.StartTaskExecutionRequest]:
    """Requests, some of which were given as ARNs of tasks only.

    Raises:
        TypeError: one is neither.
    """
    if isinstance(requests, str):
        raise TypeError("run_all takes a list of requests, or of ARNs of tasks, not one text")
    made = []
    for request in requests:
        if isinstance(request, str):
            made.append(m.StartTaskExecutionRequest(task_arn=request))
        elif isinstance(request, m.StartTaskExecutionRequest):
            made.append(request)
        else:
            raise TypeError(
                f"run_all takes StartTaskExecutionRequests, or ARNs of tasks, not {request!r:.100}"
            )
    return made
