"""The service without sockets, for an event loop: clients of aiobotocore that it answers in the same process.

As `inprocess.py` does it with botocore. The service carries out a call in a thread, so that the event loop
goes on meanwhile, and waits as the loop waits where an answer is to be slow.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from datasync_sdk._runtime.aio.library import aiobotocore
from datasync_sdk.aio.client import AsyncClient
from datasync_sdk.local.serving.inprocess import (
    ENDPOINT,
    WITHOUT_PROXIES,
    answer_to,
    answered_by,
    headers_of,
    live_in,
)
from datasync_sdk.local.serving.protocol import Handles


def async_client(service: Handles, **options: Any) -> AsyncClient:
    """An asynchronous client of the SDK; `options` are those of `AsyncClient`.

    Raises:
        ConfigurationError: aiobotocore is not installed.
    """
    session = answered_by(service, aiobotocore("session").AioSession(), answering(service))
    client = AsyncClient(session=session, endpoint_url=ENDPOINT, **{**WITHOUT_PROXIES, **options})
    live_in(service, client)
    return client


def answering(service: Handles) -> Callable[..., Awaitable[Any]]:
    """A handler of `before-send`, which takes the place of the network."""
    response = aiobotocore("awsrequest").AioAWSResponse

    async def handler(request: Any, **_: object) -> Any:
        found = await asyncio.to_thread(answer_to, service, request)
        await asyncio.sleep(found.delay)
        headers = headers_of(found, request)
        return response(request.url, found.status, headers, Raw(found.body, headers))

    return handler


class Raw:
    """As much of an answer from aiohttp as aiobotocore reads."""

    def __init__(self, body: bytes, headers: Mapping[str, str]) -> None:
        self._body = body
        self.raw_headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        """Old releases of aiobotocore look at these."""

    async def read(self) -> bytes:
        """The body."""
        return self._body
