"""Asynchronous programs: see the package."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
S = TypeVar("S")
T = TypeVar("T")


async def called(function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """Call a function of the caller's, and wait for what it gives where that is to be waited for."""
    result = function(*args, **kwargs)
    if inspect.isawaitable(result):
        await result


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function that blocks, such as one that reads files, without keeping others from running."""
    return await asyncio.to_thread(function, *args, **kwargs)


async def gathered(function: Callable[[S], Awaitable[T]], items: Iterable[S], *, at_most: int = 8) -> list[T]:
    """What a function gives for each item, in their order, with so many calls under way at once.

    The first exception ends it all, and is raised.
    """
    berths = asyncio.Semaphore(at_most)

    async def one(item: S) -> T:
        async with berths:
            return await function(item)

    tasks: list[asyncio.Task[T]] = []
    try:
        tasks = [asyncio.create_task(one(item)) for item in items]
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        # They have ended when this function does, whatever ended it.
        await asyncio.gather(*tasks, return_exceptions=True)
