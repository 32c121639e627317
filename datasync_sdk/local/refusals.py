"""What a handler raises where the service answers with an error instead."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Refusal(Exception):  # noqa: N818  # an answer of the service, not a mistake in it
    """An error answer of the service.

    The service models two errors, and both have a message and an `errorCode`. No complete list of codes
    exists; those that are used here are in this package, near the rule that they are about.
    """

    message: str
    """What is wrong and what to do about it: it never holds a secret."""
    code: str = "InvalidRequestException"
    """The name of the error, which boto3 gives as `error.response["Error"]["Code"]`."""
    error_code: str = "InvalidRequest"
    """The modelled member `errorCode`."""
    datasync_error_code: str | None = None
    """The modelled member `datasyncErrorCode`."""
    status: int = 400
    """The status of the HTTP answer."""

    def __str__(self) -> str:
        return self.message


def not_found(what: str, arn: str) -> Refusal:
    """The refusal for an ARN of nothing."""
    return Refusal(message=f"{what} {arn} is not found.", error_code="NotFound")


class RootError(RuntimeError):
    """The root of a service cannot be used."""
