"""The connection of an asynchronous client: made once, when needed, in the event loop that asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from datasync_sdk._runtime.errors import ConfigurationError

CLOSED = "this client is closed; make a new one"


class Connection:
    """A client of aiobotocore for whoever asks, in one event loop at a time.

    Its sockets belong to the event loop in which they were opened. Where that one has been closed, as between
    two `asyncio.run`, there is a new client in the next loop. Where it still lives, the other loop is
    refused: to use both at once, one needs a client in each.
    """

    def __init__(self, make: Callable[[], Awaitable[Any]]) -> None:
        """Make nothing yet; `make` is called for each event loop."""
        self._make = make
        self._made: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = asyncio.Lock()
        self.is_closed = False

    async def get(self) -> Any:
        """The client of aiobotocore.

        Raises:
            ConfigurationError: this is closed, or another event loop still has it.
        """
        loop = asyncio.get_running_loop()
        if self._made is not None and self._loop is loop:
            return self._made
        await self._move_to(loop)
        async with self._lock:
            if self.is_closed:
                raise ConfigurationError(CLOSED)
            if self._made is None:
                self._made = await self._make()
            return self._made

    async def close(self) -> None:
        """Close the client, if there is one, and make no other.

        Raises:
            ConfigurationError: another event loop has it, and must close it.
        """
        self.is_closed = True
        await self._move_to(asyncio.get_running_loop())
        async with self._lock:
            made, self._made = self._made, None
            if made is not None:
                await made.__aexit__(None, None, None)

    async def _move_to(self, loop: asyncio.AbstractEventLoop) -> None:
        """Belong to an event loop, if no other one is in the way."""
        if self._loop is loop:
            return
        if self._loop is not None and not self._loop.is_closed():
            raise ConfigurationError(
                "this client is in use in another event loop, which has not ended: make a client in each"
            )
        # What waits for a lock belongs to a loop, too. Nothing waits here before all of it is new.
        left, self._made = self._made, None
        self._loop, self._lock = loop, asyncio.Lock()
        if left is not None:
            with suppress(Exception):  # Its loop is gone, and with it whatever could be said goodbye to.
                await left.__aexit__(None, None, None)
