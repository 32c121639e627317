"""Mistakes with errors. Each line that a checker must report is marked."""

# ruff: noqa: T201  # mistakes are what this is made of

from __future__ import annotations

from datasync_sdk import DataSyncError, errors


def attributes(
    service: errors.ServiceError, invalid: errors.InvalidRequestError, root: DataSyncError
) -> None:
    print(service.error_code)  # error
    print(invalid.request_id.upper())  # error
    print(invalid.datasync_error_code.upper())  # error
    print(service.status)  # error
    print(root.code)  # error
    number: int = service.code  # error
    service.retryable = "yes"  # error
    print(number)


def constructors() -> None:
    errors.InvalidRequestError("only the operation")  # error
    errors.ValidationError("only the request")  # error
