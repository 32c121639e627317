"""Ways to handle errors that people use."""

from __future__ import annotations

from typing import assert_type

from datasync_sdk import Client, DataSyncError, ValidationError, errors


def handled(client: Client) -> str | None:
    try:
        client.describe_task(task_arn="a")
    except errors.InvalidRequestError as error:
        assert_type(error.code, str)
        assert_type(error.message, str)
        assert_type(error.request_id, str | None)
        assert_type(error.http_status, int | None)
        assert_type(error.retry_attempts, int)
        assert_type(error.retryable, bool)
        assert_type(error.error_code, str | None)
        return error.datasync_error_code
    except (errors.ThrottlingError, errors.TransportError) as error:
        return "again" if error.retryable else None
    except errors.ServiceError as error:
        return error.operation
    except ValidationError as error:
        assert_type(error.violations, tuple[errors.Violation, ...])
        return "".join(f"{found.path} {found.rule} {found.message}" for found in error.violations)
    except DataSyncError as error:
        return str(error) if error.retryable else None
    return None


def handled_by_cause(client: Client) -> str | None:
    try:
        client.delete_location(location_arn="a")
    except errors.LocationNotFound as error:
        assert_type(error.datasync_error_code, str | None)
        assert_type(error.settles, bool)
        return error.advice
    except errors.ResourceInUse as error:
        return error.error_code
    return None


def all_of_them_are_exceptions() -> list[type[Exception]]:
    return [errors.PaginationError, errors.StructureError, errors.CredentialsError, ValueError]
