"""The asynchronous client. Its methods for operations are generated; those above them are in `layer/`."""

from __future__ import annotations

from datasync_sdk._generated.service import SERVICE
from datasync_sdk.aio.layer.client import AsyncLayer


class AsyncClient(AsyncLayer):
    """A typed client for AWS DataSync in an event loop: `pip install 'datasync-sdk[async]'`.

    One coroutine for each operation, named as in boto3, with keyword arguments and an attrs object for an
    answer; `iter_...` methods yield the items of listings across pages, for `async for`.

        async with AsyncClient(region_name="eu-west-1") as client:
            async for task in client.iter_tasks():
                print(task.name, task.status)
    """

    service = SERVICE
