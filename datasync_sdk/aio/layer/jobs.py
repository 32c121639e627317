"""What `run_all` keeps of each of its requests."""

from __future__ import annotations

from math import inf

from attrs import Factory, define, field

from datasync_sdk import models as m
from datasync_sdk._runtime.errors import SdkError
from datasync_sdk.aio.layer.execution import AsyncTaskExecution
from datasync_sdk.execution.fleet import FleetResult
from datasync_sdk.execution.outcome import Outcome
from datasync_sdk.execution.polling import DEFAULT_POLL, Pace, Poll

__all__ = ["AsyncJob", "may_try_again"]


@define(eq=False, kw_only=True)
class AsyncJob:
    """One of the requests, and how far it is."""

    request: m.StartTaskExecutionRequest
    agents: frozenset[str] = frozenset()
    is_known: bool = False
    attempts: int = 0
    was_running: bool = False
    execution: AsyncTaskExecution | None = None
    error: SdkError | None = None
    poll: Poll = DEFAULT_POLL
    pace: Pace = field(init=False, default=Factory(lambda job: job.new_pace(), takes_self=True))
    due: float = -inf
    """When to look at it again; or to start it, where that has just failed."""

    def new_pace(self) -> Pace:
        """The pauses of one that has just been started."""
        return Pace(self.poll, has_worked=True)

    @property
    def outcome(self) -> Outcome | None:
        """How its last execution ended."""
        return self.execution.outcome if self.execution and self.error is None else None

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to see."""
        return self.error is not None or self.outcome is not None

    def result(self) -> FleetResult[AsyncTaskExecution]:
        """What became of it."""
        return FleetResult(
            request=self.request,
            outcome=self.outcome,
            error=self.error,
            execution=self.execution,
            attempts=self.attempts,
            was_running=self.was_running,
        )


def may_try_again(job: AsyncJob, retries: int) -> bool:
    """Whether to run a task once more."""
    if job.attempts > retries:
        return False
    if job.error is not None:
        # An execution that cannot be watched may well run.
        return job.execution is None and job.error.retryable
    return job.outcome is not None and not job.outcome.is_success and not job.outcome.is_cancelled
