"""What can go wrong, as exceptions.

DataSyncError                    everything below
├── ValidationError              a request breaks a rule; nothing was sent (also a ValueError)
├── StructureError               data does not have the form of its class (also a ValueError)
├── PaginationError              DataSync repeats a page token
├── TransportError               no answer: the connection, a time-out, the endpoint, a proxy
├── CredentialsError             no usable credentials
├── ConfigurationError           the client cannot work as it is set up, or is too old
├── AmbiguousError               several things are what was looked for
├── UnchangeableError            something is not as wanted, and no update makes it so
├── ManifestError                a manifest breaks a rule (also a ValueError)
├── ReportError                  a task report is not there, or not complete (also a ValueError)
├── ExecutionError               an execution ended, and not in success
│   ├── ExecutionIncomplete      it went to its end, and some items failed
│   └── ExecutionFailed          it did not go to its end, or was cancelled
├── WaitTimeout                  an execution has not ended yet, and goes on (also a TimeoutError)
└── ServiceError                 DataSync answered with an error
    ├── InvalidRequestError      the request is wrong, or something is not found or in use
    │   ├── ResourceNotFound         nothing has this ARN
    │   │   ├── TaskNotFound         there is no such task
    │   │   ├── LocationNotFound     there is no such location, or of another type
    │   │   ├── AgentNotFound        there is no such agent
    │   │   └── ExecutionNotFound    there is no such execution
    │   ├── ResourceInUse            something else needs what is to be deleted
    │   │   ├── LocationInUse        by a task
    │   │   ├── TaskInUse            an execution is queued or running
    │   │   └── AgentInUse           by a location
    │   ├── TaskAlreadyRunning       and TaskQueueing is DISABLED
    │   ├── ExecutionNotRunning      it has ended, or cannot be cancelled any more
    │   ├── RoleNotAssumable         DataSync cannot assume the IAM role, or not yet
    │   ├── LocationAccessTestFailed DataSync could not reach a location
    │   │   └── LocationAccessDenied its role lacks a permission, or has it not yet
    │   ├── NoMountTarget            an EFS file system has none in the subnet
    │   ├── InvalidOption            options do not go together, or not with the locations
    │   ├── WrongLocationType        the operation is for another type of location
    │   ├── InvalidActivationKey     of an agent: used before, or too old
    │   ├── QuotaExceeded            too many tasks, queued executions or tags
    │   ├── InvalidFilter            of a list
    │   ├── InvalidNextToken         it does not continue this list
    │   └── InvalidParameter         such as an ARN of something else
    ├── InternalError            an error inside DataSync; trying again can help
    ├── ThrottlingError          too many requests; the retries of botocore are used up
    ├── AccessDeniedError        not allowed, or the credentials are not accepted
    └── InvalidInputError        AWS's `ValidationException`, such as for a missing manifest

A `ServiceError` has `code`, `message`, `request_id`, `http_status`, `retryable` and `response`; the
errors that the API models have its members, too (`error_code`, `datasync_error_code`). Those below
`InvalidRequestError` are recognized by codes and messages, have `advice`, and `settles` says whether trying
again for two minutes can help; what is not recognized is an `InvalidRequestError`. No exception of botocore
leaves the SDK bare: it is the `__cause__` of one of these.

https://docs.aws.amazon.com/datasync/latest/userguide/CommonErrors.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from datasync_sdk._generated.errors import (
    AgentInUse,
    AgentNotFound,
    ExecutionNotFound,
    ExecutionNotRunning,
    InternalError,
    InvalidActivationKey,
    InvalidFilter,
    InvalidNextToken,
    InvalidOption,
    InvalidParameter,
    InvalidRequestError,
    LocationAccessDenied,
    LocationAccessTestFailed,
    LocationInUse,
    LocationNotFound,
    NoMountTarget,
    QuotaExceeded,
    ResourceInUse,
    ResourceNotFound,
    RoleNotAssumable,
    TaskAlreadyRunning,
    TaskInUse,
    TaskNotFound,
    WrongLocationType,
)
from datasync_sdk._runtime.checks import Violation
from datasync_sdk._runtime.errors import (
    AccessDeniedError,
    ConfigurationError,
    CredentialsError,
    InvalidInputError,
    PaginationError,
    SdkError,
    ServiceError,
    StructureError,
    ThrottlingError,
    TransportError,
    ValidationError,
)

if TYPE_CHECKING:
    from datasync_sdk.ensuring.members import Difference
    from datasync_sdk.execution.outcome import Outcome
    from datasync_sdk.execution.progress import Progress
    from datasync_sdk.models import DescribeTaskExecutionResponse

DataSyncError = SdkError
"""The root. Packages generated for other services share it."""


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


class UnchangeableError(SdkError):
    """Something is there, and is not as it is wanted, in a way that no update can change.

    Attributes:
        arn: what is there.
        differences: what cannot be changed.
    """

    def __init__(self, arn: str, found: Sequence[Difference]) -> None:
        listed = tuple(found)
        super().__init__(arn, listed)
        self.arn = arn
        self.differences = listed

    def __str__(self) -> str:
        problems = "; ".join(map(str, self.differences))
        return f"{self.arn}: {problems}. Delete it first, or ask for one with another name."


class ManifestError(SdkError, ValueError):
    """A manifest breaks a rule; the text says which, where, and what to do.

    Attributes:
        line: the line of it, counted from 1; None if it is about the whole, or about entries to be written.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message, line)
        self.line = line

    def __str__(self) -> str:
        return str(self.args[0])


class ReportError(SdkError, ValueError):
    """A task report is not there, not complete, or none; the message says which part, and what to do."""


__all__ = [
    "AccessDeniedError",
    "AgentInUse",
    "AgentNotFound",
    "AmbiguousError",
    "ConfigurationError",
    "CredentialsError",
    "DataSyncError",
    "ExecutionError",
    "ExecutionFailed",
    "ExecutionIncomplete",
    "ExecutionNotFound",
    "ExecutionNotRunning",
    "InternalError",
    "InvalidActivationKey",
    "InvalidFilter",
    "InvalidInputError",
    "InvalidNextToken",
    "InvalidOption",
    "InvalidParameter",
    "InvalidRequestError",
    "LocationAccessDenied",
    "LocationAccessTestFailed",
    "LocationInUse",
    "LocationNotFound",
    "ManifestError",
    "NoMountTarget",
    "PaginationError",
    "QuotaExceeded",
    "ReportError",
    "ResourceInUse",
    "ResourceNotFound",
    "RoleNotAssumable",
    "ServiceError",
    "StructureError",
    "TaskAlreadyRunning",
    "TaskInUse",
    "TaskNotFound",
    "ThrottlingError",
    "TransportError",
    "UnchangeableError",
    "ValidationError",
    "Violation",
    "WaitTimeout",
    "WrongLocationType",
]
