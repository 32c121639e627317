"""Mistakes with the asynchronous client."""

from __future__ import annotations

from datasync_sdk import AsyncClient
from datasync_sdk.models import DescribeTaskRequest, Options


async def mistakes(client: AsyncClient) -> list[str]:
    client.describe_task(task_arn="a").status.lower()  # error: nobody awaited it
    client.send(DescribeTaskRequest(task_arn="a")).status.lower()  # error: nor this
    await client.update_task(task_arn="a", options=Options(verify_mode="NOEN"))  # error: no such mode
    await client.describe_task(task="a")  # error: no such argument
    with AsyncClient() as other:  # error: it needs `async with`
        await other.close()
    return [task.task_arn for task in client.iter_tasks()]  # error: it needs `async for`
