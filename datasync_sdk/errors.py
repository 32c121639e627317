"""What can go wrong, as exceptions.

DataSyncError                    everything below
├── ValidationError              a request breaks a rule; nothing was sent (also a ValueError)
├── StructureError               data does not have the form of its class (also a ValueError)
├── PaginationError              DataSync repeats a page token
├── TransportError               no answer: the connection, a time-out, the endpoint, a proxy
├── CredentialsError             no usable credentials
├── ConfigurationError           the client cannot work as it is set up, or is too old
├── AmbiguousError               several things are what was looked for
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
from datasync_sdk.execution.errors import (
    AmbiguousError,
    ExecutionError,
    ExecutionFailed,
    ExecutionIncomplete,
    WaitTimeout,
)

DataSyncError = SdkError
"""The root. Packages generated for other services share it."""

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
    "NoMountTarget",
    "PaginationError",
    "QuotaExceeded",
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
    "ValidationError",
    "Violation",
    "WaitTimeout",
    "WrongLocationType",
]
