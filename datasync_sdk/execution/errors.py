"""What the layer above the operations raises; `datasync_sdk.errors` has the whole tree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from datasync_sdk._runtime.errors import SdkError

if TYPE_CHECKING:
    from datasync_sdk.execution.outcome import Outcome
    from datasync_sdk.execution.progress import Progress
    from datasync_sdk.models import DescribeTaskExecutionResponse


class ExecutionError(SdkError):
    """An execution ended, and not in success. Raised by `Outcome.raise_for_status`.

    Attributes:
        task_execution_arn: which one.
        outcome: how it ended.
    """

    def __init__(self, task_execution_arn: str, message: str, outcome: Outcome) -> None:
        super().__init__(task_execution_arn, message, outcome)
        self.task_execution_arn = task_execution_arn
        self.outcome = outcome

    def __str__(self) -> str:
        return f"{self.args[0]}: {self.args[1]}"


class ExecutionIncomplete(ExecutionError):  # noqa: N818  # as ExecutionFailed, which says all there is to say
    """An execution went to its end, and some of its items failed. Its report has their names."""


class ExecutionFailed(ExecutionError):  # noqa: N818  # see above
    """An execution did not go to its end, or was cancelled."""


class AmbiguousError(SdkError):
    """Several things are what was looked for, and to take one of them would be a guess.

    Attributes:
        candidates: their ARNs.
    """

    def __init__(self, method: str, what: str, candidates: Iterable[str]) -> None:
        listed = tuple(candidates)
        super().__init__(method, what, listed)
        self.candidates = listed

    def __str__(self) -> str:
        method, what, _ = self.args
        return (
            f"{method}: there are {len(self.candidates)} such {what}, so say more of the one that is meant, "
            f"or take its ARN: {', '.join(self.candidates)}"
        )


class WaitTimeout(SdkError, TimeoutError):  # noqa: N818  # as TimeoutExpired in `subprocess`
    """Somebody waited as long as he wanted to. The execution was not touched, and goes on.

    Attributes:
        task_execution_arn: which one.
        execution: the last answer about it; None where there was none.
        progress: what that shows.
    """

    retryable = True

    def __init__(
        self,
        task_execution_arn: str,
        message: str,
        execution: DescribeTaskExecutionResponse | None,
        progress: Progress | None,
    ) -> None:
        # Not to OSError, which would take the second of several arguments for a text of its own.
        Exception.__init__(self, task_execution_arn, message, execution, progress)
        self.task_execution_arn = task_execution_arn
        self.execution = execution
        self.progress = progress

    def __str__(self) -> str:
        return f"{self.args[0]}: {self.args[1]}"
