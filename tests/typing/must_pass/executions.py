"""What people do with executions and locations, blocking and not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import assert_never, assert_type

from datasync_sdk import AsyncClient, Client, models
from datasync_sdk.aio import AsyncTaskExecution
from datasync_sdk.errors import ExecutionFailed, ExecutionIncomplete, WaitTimeout
from datasync_sdk.execution import Confidence, Outcome, Phase, Poll, Progress, TaskExecution, Verdict
from datasync_sdk.execution.fleet import FleetResult
from datasync_sdk.locations import DescribedLocation, LocationUri


def told(progress: Progress) -> None:
    assert_type(progress.phase, Phase)
    assert_type(progress.fraction, float | None)
    assert_type(progress.bytes.total, int | None)
    assert_type(progress.remaining, timedelta | None)
    assert_type(progress.confidence, Confidence)


def blocking(client: Client, task: str) -> str:
    with client.start(task, cancel_on_exit=True, override_options=models.Options()) as execution:
        assert_type(execution, TaskExecution)
        assert_type(execution.watch(), Iterator[Progress])
        outcome = execution.wait(timeout=5, on_progress=told, poll=Poll(first=timedelta(seconds=1)))
    assert_type(outcome, Outcome)
    assert_type(execution.outcome, Outcome | None)
    assert_type(execution.last, models.DescribeTaskExecutionResponse | None)
    assert_type(execution.cancel(), bool)
    assert_type(client.execution("a"), TaskExecution)
    assert_type(client.start_or_attach(task), TaskExecution)
    assert_type(client.latest_execution(task), TaskExecution | None)
    assert_type(client.find_task(name="a"), models.DescribeTaskResponse | None)
    assert_type(client.run_all([task]), Iterator[FleetResult[TaskExecution]])
    assert_type(client.describe_location("a"), DescribedLocation)
    match outcome.verdict:
        case Verdict.SUCCESS:
            return "success"
        case Verdict.COMPLETED_WITH_FAILURES:
            return str(outcome.files_failed.total if outcome.files_failed else "?")
        case Verdict.FAILED:
            return outcome.error_code or "?"
        case _:
            assert_never(outcome.verdict)


async def told_later(progress: Progress) -> None:
    await asyncio.sleep(progress.fraction or 0)


async def asynchronous(client: AsyncClient, task: str) -> None:
    async with await client.start(task, cancel_on_exit=True) as execution:
        assert_type(execution, AsyncTaskExecution)
        assert_type(execution.watch(), AsyncIterator[Progress])
        outcome = await execution.wait(on_progress=told_later)
    assert_type(outcome.raise_for_status(), Outcome)
    assert_type(client.execution("a"), AsyncTaskExecution)
    assert_type(await client.start_or_attach(task), AsyncTaskExecution)
    assert_type(await client.latest_execution(task), AsyncTaskExecution | None)
    assert_type(client.run_all([task]), AsyncIterator[FleetResult[AsyncTaskExecution]])
    async with asyncio.TaskGroup() as group:
        group.create_task(execution.wait(on_progress=told))
        group.create_task(client.execution("a").wait())


def handled(execution: TaskExecution) -> Outcome | None:
    try:
        return execution.wait(timeout=5).raise_for_status()
    except WaitTimeout as error:
        assert_type(error.execution, models.DescribeTaskExecutionResponse | None)
        assert_type(error.progress, Progress | None)
    except TimeoutError:
        return None
    except ExecutionIncomplete as error:
        assert_type(error.outcome, Outcome)
    except ExecutionFailed as error:
        return error.outcome
    return None


def narrowed(client: Client) -> str | None:
    location = client.describe_location("a")
    match location:
        case models.DescribeLocationS3Response(s3_config=config):
            assert_type(config, models.S3Config | None)
            return config.bucket_access_role_arn if config else None
        case models.DescribeLocationNfsResponse():
            assert_type(location.mount_options, models.NfsMountOptions | None)
        case models.DescribeLocationSmbResponse() | models.DescribeLocationFsxWindowsResponse():
            return location.user
        case _:
            # What every location has needs no `match`.
            assert_type(location.location_uri, str | None)
    return LocationUri.parse(location.location_uri or "").host
