"""The client that generated asynchronous clients inherit from: `client.py` for an event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, Literal, Self, TypeVar

from botocore.exceptions import BotoCoreError

from datasync_sdk._runtime.aio.connection import Connection
from datasync_sdk._runtime.aio.session import make_async_client
from datasync_sdk._runtime.caller import Caller, comes_from
from datasync_sdk._runtime.errors import ConfigurationError
from datasync_sdk._runtime.paginate import Pages, iterate_async
from datasync_sdk._runtime.renewal import has_ended, in_use
from datasync_sdk._runtime.session import Wanted, botocore_session, own_config
from datasync_sdk._runtime.settling import DEFAULT_SECONDS, Settling
from datasync_sdk._runtime.structures import Request
from datasync_sdk._runtime.timing import SystemTiming
from datasync_sdk._runtime.translate import translate

R = TypeVar("R")
T = TypeVar("T")


class AsyncBaseClient(Caller):
    """Sends requests through a client of aiobotocore; any number of coroutines may share it.

    All of them must be of one event loop: a client that is used in another one, after the first was closed,
    connects anew there. A call that is cancelled ends at once, whether the service has got it or not, and
    leaves the client as it was.
    """

    _handed_in_by = "aiobotocore_client"

    def __init__(
        self,
        region_name: str | None = None,
        *,
        session: object | None = None,
        endpoint_url: str | None = None,
        config: object | None = None,
        aiobotocore_client: object | None = None,
        validate: bool | Literal["strict"] = True,
        ignored_rules: Iterable[str] = (),
        settle_seconds: float = DEFAULT_SECONDS,
    ) -> None:
        """Make a client; it connects at the first call, and only then imports aiobotocore.

        It needs `pip install 'datasync-sdk[async]'`, and is closed by `async with`, or by `close`.

        Args:
            region_name: the AWS Region; by default that of the session, profile or environment.
            session: an `aiobotocore.session.AioSession`, or a `boto3.Session`, of which the configuration and
                the credentials are used, but no event handlers; it is not changed.
            endpoint_url: another address than AWS's, such as that of a test server.
            config: a `botocore.config.Config`, or an `AioConfig`: retries, time-outs, proxies, connections.
                There are 10 connections: whoever makes more calls than that at once waits for a free one,
                unless there is a `Config(max_pool_connections=100)`.
            aiobotocore_client: a client to use as it is, instead of all of the above.
            validate: check requests before they are sent. `"strict"` checks the patterns of strings,
                too; False sends anything.
            ignored_rules: ids of documented rules that are not to be checked, as `["OPT-03"]`.
            settle_seconds: for how long to try again where the service refuses what will settle by itself,
                such as an IAM role that it does not know yet; 0 to never do so. Each try is logged.

        Raises:
            ConfigurationError: the arguments contradict each other. What botocore refuses, such as an address
                that is none, or a missing Region, the first call tells.
        """
        wanted = Wanted(region_name=region_name, session=session, endpoint_url=endpoint_url, config=config)
        self._set_up(
            wanted,
            aiobotocore_client,
            validate=validate,
            ignored_rules=ignored_rules,
            settle_seconds=settle_seconds,
        )
        own_config(config)
        if session is not None:
            botocore_session(session)
        self._connection = Connection(self._connect)
        self._turning = threading.Lock()

    async def _connected(self) -> Any:
        """The client of aiobotocore, which is made now if it is the first time that it is needed."""
        return await self._connection.get() if self._handed_in is None else self._handed_in

    async def _connect(self) -> Any:
        try:
            return await make_async_client(self.service, self._wanted)
        except (BotoCoreError, AttributeError, TypeError, ValueError) as error:
            raise translate(error, type(self).__name__, self.service.errors) from error

    def _check_service(self, client: object) -> None:
        super()._check_service(client)
        if comes_from("botocore", client) and not comes_from("aiobotocore", client):
            raise ConfigurationError("aiobotocore_client is a blocking client of boto3: give it to Client")

    def _how_to_make_one(self) -> str:
        return f'the client of `async with get_session().create_client("{self.service.name}") as client`'

    async def send(self, request: Request[R]) -> R:
        """Send a request and return the answer, typed by the request's class.

        Raises:
            ValidationError: the request breaks rules; nothing was sent.
            ServiceError: the service refused it.
            TransportError: there was no answer.
            CredentialsError: there are no usable credentials.
            StructureError: the answer lacks a member that is always there.
            ConfigurationError: the client is closed, belongs to another event loop, cannot connect as it is
                set up, or is one that the caller handed in and whose botocore is too old for the request;
                nothing was sent.
            TypeError: `request` is not the request of an operation.
        """
        operation, parameters = self._prepared(request)
        settling: Settling | None = None
        while True:
            client = await self._connected()
            used = in_use(client)
            try:
                answer = await getattr(client, operation.method)(**parameters)
            except Exception as error:
                ours = self._translated(error, operation.name)
                if has_ended(ours) and await asyncio.to_thread(self._read_credentials_again, client, used):
                    continue
                settling, pause = self._pause(ours, settling)
                if pause is None:
                    if ours is error:
                        raise
                    raise ours from error
            else:
                return self._structured(answer, operation, request)
            await self._sleep(pause)
            self._refuse_if_closed(operation.name)

    async def _sleep(self, seconds: float) -> None:
        """Wait, by the time of this client."""
        if isinstance(self._timing, SystemTiming):
            await asyncio.sleep(seconds)
        else:
            until = self._timing.monotonic() + seconds
            await asyncio.sleep(0)  # Whoever else is about to wait, waits from the same moment on.
            await asyncio.to_thread(self._turn, until)

    def _turn(self, until: float) -> None:
        # One at a time, so that the waits of many coroutines do not add up where waiting turns a clock.
        with self._turning:
            left = until - self._timing.monotonic()
            if left > 0:
                self._timing.sleep(left)

    def _iterate(
        self,
        request: Request[R],
        items: Callable[[R], Iterable[T] | None],
        token: Callable[[R], str | None],
        token_member: str,
        more: Callable[[R], bool | None] | None = None,
    ) -> AsyncIterator[T]:
        return iterate_async(self.send, Pages(request, items, token, token_member, more))

    async def close(self) -> None:
        """Close the connections. A client that the caller handed in stays open: it is the caller's."""
        self._closed = True
        await self._connection.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def __repr__(self) -> str:
        meta = getattr(self._handed_in, "meta", self._wanted)
        return f"{type(self).__name__}({meta.region_name!r}, endpoint_url={meta.endpoint_url!r})"
