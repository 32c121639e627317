"""What is known of an execution, without a call: the common part of both kinds of handles."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Final

from datasync_sdk import models as m
from datasync_sdk._runtime.checks import Violation
from datasync_sdk._runtime.errors import ValidationError
from datasync_sdk.errors import WaitTimeout
from datasync_sdk.execution.outcome import Outcome, has_ended, outcome_of
from datasync_sdk.execution.polling import seconds_of
from datasync_sdk.execution.progress import Phase, Progress, Tracker

__all__ = ["ExecutionState", "timed_out", "timeout_seconds"]

EXECUTION: Final = re.compile(r"(arn:[^:]+:datasync:[^:]+:[^:]+:task/[^/]+)/execution/[^/]+")
UNREACHABLE: Final = "; an agent that is off or cannot be reached is the usual cause of that"


class ExecutionState:
    """What is known of an execution.

    Attributes:
        arn: its ARN.
        last: the last answer about it; None until there is one.
        progress: what `last` shows; None until there is one.
    """

    def __init__(self, arn: str) -> None:
        """Begin with nothing but its ARN.

        Raises:
            ValidationError: this is not the ARN of an execution.
        """
        given: object = arn
        found = EXECUTION.fullmatch(given) if isinstance(given, str) else None
        if found is None:
            raise ValidationError(
                "TaskExecution",
                (
                    Violation(
                        "pattern",
                        "TaskExecutionArn",
                        f"{arn!r:.200} is not the ARN of an execution, which has /execution/ in it; "
                        "start(task_arn) makes one, iter_task_executions lists them",
                    ),
                ),
            )
        self.arn: Final = arn
        self.task_arn: Final[str] = found[1]
        self.last: m.DescribeTaskExecutionResponse | None = None
        self.progress: Progress | None = None
        self._tracker = Tracker()
        self._seeing = threading.Lock()

    @property
    def has_ended(self) -> bool:
        """Whether the last answer said that it has ended. It asks nobody: `refresh` does."""
        return self.last is not None and has_ended(self.last)

    @property
    def outcome(self) -> Outcome | None:
        """How it ended; None where nobody has seen its end yet. It asks nobody: `wait` does."""
        return outcome_of(self.last) if self.last is not None and has_ended(self.last) else None

    def _saw(self, execution: m.DescribeTaskExecutionResponse, at: float) -> None:
        # One thread may wait while another one looks.
        with self._seeing:
            # What has ended changes no more, whichever of two answers comes last.
            if self.has_ended and not has_ended(execution):
                return
            self.last = execution
            self.progress = self._tracker.see(execution, at)

    def __repr__(self) -> str:
        status = self.last.status if self.last else "not looked at yet"
        return f"<{type(self).__name__} {self.arn} ({status})>"


def timeout_seconds(timeout: timedelta | float | None) -> float | None:
    """A time-out as seconds; None stands for no end.

    Raises:
        TypeError: it is neither a number nor a timedelta.
        ValueError: it is negative, or no number.
    """
    return None if timeout is None else seconds_of(timeout, "timeout")


def timed_out(state: ExecutionState, seconds: float) -> WaitTimeout:
    """The error for one who waited as long as he wanted to."""
    last = state.last
    status = "nobody has answered" if last is None else f"it is {last.status}"
    hint = UNREACHABLE if state.progress and state.progress.phase is Phase.LAUNCHING else ""
    message = f"it has not ended within {seconds:g} s, and goes on: {status}{hint}"
    return WaitTimeout(state.arn, message, last, state.progress)
