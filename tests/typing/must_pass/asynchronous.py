"""Ways to use the asynchronous client that people use."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, assert_type

from datasync_sdk import AsyncClient
from datasync_sdk.errors import Violation
from datasync_sdk.models import (
    CreateTaskRequest,
    CreateTaskResponse,
    DescribeTaskResponse,
    Options,
    StartTaskExecutionRequest,
    TaskListEntry,
)


async def calls(client: AsyncClient) -> None:
    created = await client.create_task(
        source_location_arn="a", destination_location_arn="b", options=Options(verify_mode="NONE")
    )
    assert_type(created.task_arn, str)
    assert_type(await client.describe_task(task_arn="a"), DescribeTaskResponse)
    request = CreateTaskRequest(source_location_arn="a", destination_location_arn="b")
    assert_type(await client.send(request), CreateTaskResponse)
    assert_type(client.check(request), tuple[Violation, ...])
    assert_type(await client.preflight(StartTaskExecutionRequest(task_arn="a")), tuple[Violation, ...])


async def items(client: AsyncClient) -> list[str]:
    assert_type(client.iter_tasks(), AsyncIterator[TaskListEntry])
    async for task in client.iter_tasks(page_size=5):
        assert_type(task, TaskListEntry)
    return [task.task_arn async for task in client.iter_tasks()]


async def together(client: AsyncClient, arns: list[str]) -> list[DescribeTaskResponse]:
    return await asyncio.gather(*(client.describe_task(task_arn=arn) for arn in arns))


async def life(session: Any, theirs: object) -> str:
    async with AsyncClient("eu-west-1", session=session, settle_seconds=0) as client:
        assert_type(client, AsyncClient)
        await calls(client)
    other = AsyncClient(aiobotocore_client=theirs, validate="strict", ignored_rules=["OPT-27"])
    await other.close()
    return repr(other)
