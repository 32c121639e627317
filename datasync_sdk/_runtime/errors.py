"""What can go wrong, as exceptions.

SdkError                         everything below
├── ValidationError              a request breaks a rule; nothing was sent (also a ValueError)
├── StructureError               data does not have the form of its class (also a ValueError)
├── PaginationError              a service repeats a page token
├── TransportError               no answer: the connection, a time-out, the endpoint, a proxy
├── CredentialsError             no usable credentials
├── ConfigurationError           the client cannot work as it is set up, or is too old
└── ServiceError                 the service answered with an error
    ├── ThrottlingError          too many requests; the retries of botocore are used up
    ├── AccessDeniedError        not allowed, or the credentials are not accepted
    ├── InvalidInputError        the service's `ValidationException`
    └── ...                      the errors of the service's model, generated for each service;
                                 below them what they mean, where their causes are known

No exception of botocore leaves this package bare: it is the `__cause__` of one of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from datasync_sdk._runtime.causes import Cause
    from datasync_sdk._runtime.checks import Violation


__all__ = [
    "AccessDeniedError",
    "ConfigurationError",
    "CredentialsError",
    "InvalidInputError",
    "PaginationError",
    "SdkError",
    "ServiceError",
    "StructureError",
    "ThrottlingError",
    "TransportError",
    "ValidationError",
]


class SdkError(Exception):
    """The root of all errors of this package."""

    retryable: bool = False
    """Whether the same call can succeed later without a change."""


class ValidationError(SdkError, ValueError):
    """A request breaks rules of the API. Nothing was sent."""

    def __init__(self, request: str, violations: tuple[Violation, ...]) -> None:
        super().__init__(request, violations)
        self.request = request
        """The name of the request's class."""
        self.violations = violations
        """Everything that is wrong: first with the form, in the order of the request's members, then
        by rules. Warnings are not among it; `Client.check` gives those, too."""

    def __str__(self) -> str:
        lines = "".join(f"\n  {violation}{explained(violation)}" for violation in self.violations)
        count = len(self.violations)
        return f"{self.request} has {count} problem{'s' if count > 1 else ''}:{lines}"


def explained(violation: Violation) -> str:
    """AWS's sentence and where it stands, each on a line of its own; nothing for the form of the model."""
    quote = f'\n    AWS says: "{violation.quote}"' if violation.quote else ""
    return quote + (f"\n    {violation.documentation}" if violation.documentation else "")


class StructureError(SdkError, ValueError):
    """Data does not have the form of the class it should become; the message has the path."""


class PaginationError(SdkError):
    """A service answered with a page token that it gave before; reading on would never end."""


class TransportError(SdkError):
    """There was no answer: the connection failed, timed out, or the endpoint is not known.

    Whether the service did what was asked is not known; `retryable` says whether another try can help.
    """

    retryable = True


class CredentialsError(SdkError):
    """There are no credentials, or they are incomplete or could not be renewed."""


class ConfigurationError(SdkError):
    """The client or the call is set up in a way that cannot work; the message says what to change."""


TOO_MANY_REQUESTS, INTERNAL_SERVER_ERROR = (
    429,
    500,
)  # `http.client` would cost type checkers more than it says.

TRANSIENT_CODES = frozenset({"RequestTimeout", "RequestTimeoutException"})
"""Codes of refusals that are nobody's fault, beside those of `ThrottlingError`."""


SHOWN = 1000
"""How many characters of a message `str` shows; the message itself is whole."""


def plain_code(code: object) -> str:
    """An error code without what may stand around it on the wire, which old botocores leave there."""
    return str(code or "").split(":", 1)[0].rpartition("#")[2]


class ServiceError(SdkError):
    """The service answered with an error."""

    codes: ClassVar[frozenset[str]] = frozenset()
    """The error codes that this class stands for."""
    retries: ClassVar[bool] = False
    advice: ClassVar[str] = ""
    """What to do about it, where the cause is known; `str` of the error ends with it."""
    settling: ClassVar[frozenset[str]] = frozenset()
    """The operations of which such an error may go away by itself: see `settles`."""
    causes: ClassVar[tuple[Cause, ...]] = ()
    """What such errors can mean, the more special causes first."""
    code_members: ClassVar[tuple[str, ...]] = ()
    """The members of the answer that hold codes of causes."""

    def __init__(self, operation: str, response: Mapping[str, Any]) -> None:
        super().__init__(operation, response)
        error = response.get("Error") or {}
        metadata = response.get("ResponseMetadata") or {}
        self.operation = operation
        """The operation that failed, in AWS's words: `CreateTask`."""
        self.response = response
        """The answer as botocore parsed it."""
        self.code: str = plain_code(error.get("Code")) or "Unknown"
        """The error code: `InvalidRequestException`."""
        self.message: str = str(error.get("Message") or response.get("message") or "")
        """What the service says."""
        self.request_id: str | None = metadata.get("RequestId")
        """What AWS Support asks for."""
        self.http_status: int | None = metadata.get("HTTPStatusCode")
        """The status of the HTTP answer."""
        self.retry_attempts: int = metadata.get("RetryAttempts", 0)
        """How often botocore had tried again."""

        status = self.http_status or 0
        self.retryable = (
            self.retries
            or self.code in TRANSIENT_CODES
            or status == TOO_MANY_REQUESTS
            or status >= INTERNAL_SERVER_ERROR
        )

    @property
    def settles(self) -> bool:
        """Whether this error, of this operation, may go away by itself within minutes.

        It says so of an IAM role that is too new to be known everywhere, for operations that have made and
        changed nothing when they are refused, so that another try does no harm. A role that is wrong gives
        the same error: try again for two minutes, and no longer.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
        """
        return self.operation in self.settling

    def __str__(self) -> str:
        request = f" (request {self.request_id})" if self.request_id else ""
        message = self.message if len(self.message) <= SHOWN else f"{self.message[:SHOWN]}..."
        advice = f"\n  {self.advice}" if self.advice else ""
        return f"{self.operation}: {self.code}: {message}{request}{advice}"


class ThrottlingError(ServiceError):
    """Too many requests, and the retries are used up."""

    retries = True
    codes = frozenset(
        {
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestThrottled",
            "RequestThrottledException",
            "RequestLimitExceeded",
            "TooManyRequestsException",
            "BandwidthLimitExceeded",
            "EC2ThrottledException",
            "PriorRequestNotComplete",
            "ProvisionedThroughputExceededException",
            "TransactionInProgressException",
            "LimitExceededException",
            "SlowDown",
        }
    )


class AccessDeniedError(ServiceError):
    """The caller may not do this, or its credentials or signature are not accepted."""

    codes = frozenset(
        {
            "AccessDenied",
            "AccessDeniedException",
            "UnauthorizedOperation",
            "AuthFailure",
            "ExpiredToken",
            "ExpiredTokenException",
            "IncompleteSignature",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "NotAuthorized",
            "OptInRequired",
            "RequestExpired",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException",
        }
    )


class InvalidInputError(ServiceError):
    """The service could not accept the form of the request (`ValidationException` and its like)."""

    codes = frozenset({"ValidationException", "ValidationError", "SerializationException"})


GENERAL_ERRORS: tuple[type[ServiceError], ...] = (
    ThrottlingError,
    AccessDeniedError,
    InvalidInputError,
)
