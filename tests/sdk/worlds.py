"""Clients of both worlds for the same tests: blocking ones, and asynchronous ones that a loop drives."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from functools import partial
from typing import Any, Self, TypeVar, cast

import pytest

from datasync_sdk import AsyncClient, Client

T = TypeVar("T")
END = object()

MakeClient = Callable[..., Client]


class Driven:
    """An asynchronous client with the methods of a blocking one."""

    def __init__(self, client: AsyncClient, runner: asyncio.Runner) -> None:
        self.client = client
        self._runner = runner

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.client, name)
        return partial(self._call, value) if callable(value) else value

    def _call(self, method: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        made = method(*arguments, **named)
        if inspect.iscoroutine(made):
            return self._runner.run(made)
        return self._items(made) if isinstance(made, AsyncIterator) else made

    def _items(self, items: AsyncIterator[T]) -> Iterator[T]:
        while (item := self._runner.run(following(items))) is not END:
            yield item

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self.client.close())

    def __repr__(self) -> str:
        return repr(self.client)


def following(items: AsyncIterator[Any]) -> Coroutine[Any, Any, Any]:
    """The next item, as a coroutine, which `anext` alone is not."""

    async def get() -> Any:
        return await anext(items, END)

    return get()


@pytest.fixture(params=["blocking", "async"])
def make_client(request: pytest.FixtureRequest) -> Iterator[MakeClient]:
    """What makes clients, of one world and then of the other, with the arguments that both take."""
    if request.param == "blocking":
        yield Client
        return
    pytest.importorskip("aiobotocore", reason="an old botocore is tried, which no aiobotocore goes with")
    with asyncio.Runner() as runner:
        yield cast("MakeClient", lambda *given, **named: Driven(AsyncClient(*given, **named), runner))
