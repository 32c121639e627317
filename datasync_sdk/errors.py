"""What can go wrong, as exceptions.

DataSyncError                    everything below
├── ValidationError              a request breaks a rule; nothing was sent (also a ValueError)
├── StructureError               data does not have the form of its class (also a ValueError)
├── PaginationError              DataSync repeats a page token
├── TransportError               no answer: the connection, a time-out, the endpoint, a proxy
├── CredentialsError             no usable credentials
├── ConfigurationError           the client cannot work as it is set up, or is too old
└── ServiceError                 DataSync answered with an error
    ├── InvalidRequestError      the request is wrong, or something is not found or in use
    ├── InternalError            an error inside DataSync; trying again can help
    ├── ThrottlingError          too many requests; the retries of botocore are used up
    ├── AccessDeniedError        not allowed, or the credentials are not accepted
    └── InvalidInputError        AWS's `ValidationException`, such as for a missing manifest

A `ServiceError` has `code`, `message`, `request_id`, `http_status`, `retryable` and `response`; the
errors that the API models have its members, too (`error_code`, `datasync_error_code`). No exception of
botocore leaves the SDK bare: it is the `__cause__` of one of these.

https://docs.aws.amazon.com/datasync/latest/userguide/CommonErrors.html
"""

from datasync_sdk._generated.errors import InternalError, InvalidRequestError
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

DataSyncError = SdkError
"""The root. Packages generated for other services share it."""

__all__ = [
    "AccessDeniedError",
    "ConfigurationError",
    "CredentialsError",
    "DataSyncError",
    "InternalError",
    "InvalidInputError",
    "InvalidRequestError",
    "PaginationError",
    "ServiceError",
    "StructureError",
    "ThrottlingError",
    "TransportError",
    "ValidationError",
    "Violation",
]
