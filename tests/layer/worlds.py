"""One test body for both kinds of programs.

    @both
    async def test_it_ends(client: AsyncClient, world: World) -> None:
        execution = await client.start(task)
        assert (await execution.wait()).is_success

The body is asynchronous. It runs twice: with the client that is, and with a blocking one in a costume in
which all that it gives can be awaited. What a body asks for is a fixture, but for `client`, which is made
from the fixture `world`.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from typing import Any

import pytest
from botocore.config import Config

from datasync_sdk import Client
from datasync_sdk._generated.layer.execution import TaskExecution
from tests.local.world import World

ONCE = Config(retries={"total_max_attempts": 1})
"""botocore itself does not try again: it would wait by the clock of this machine."""


class Costume:
    """A blocking object whose methods give what can be awaited, or iterated, or entered, asynchronously."""

    def __init__(self, wearer: Any) -> None:
        self._wearer = wearer

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._wearer, name)
        if not callable(value) or name == "outcome":
            return dressed(value)

        def call(*args: Any, **kwargs: Any) -> Promise:
            return Promise(lambda: value(*args, **kwargs), lazy=name != "execution")

        return call

    async def __aenter__(self) -> Costume:  # noqa: PYI034  # what the wearer gives may be another
        return Costume(self._wearer.__enter__())

    async def __aexit__(self, *error: object) -> None:
        self._wearer.__exit__(*error)

    def __repr__(self) -> str:
        return repr(self._wearer)


class Promise(Costume):
    """What a blocking call gives, once somebody wants it."""

    def __init__(self, call: Callable[[], Any], *, lazy: bool) -> None:
        self._call = call
        if not lazy:
            super().__init__(call())

    def __await__(self) -> Generator[Any, None, Any]:
        yield from ()
        return dressed(self._call())

    def __aiter__(self) -> AsyncIterator[Any]:
        return self._items()

    async def _items(self) -> AsyncIterator[Any]:
        for item in self._call():
            yield dressed(item)


def dressed(value: Any) -> Any:
    """A value; those of the layer that have methods are in costume."""
    return Costume(value) if isinstance(value, TaskExecution | Client) else value


def both(body: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Make a test of a body, that runs it in both kinds of programs."""
    signature = inspect.signature(body)
    wanted = [name for name in signature.parameters if name != "client"]

    @pytest.mark.parametrize("kind", ["blocking", "async"])
    @functools.wraps(body)
    def test(kind: str, world: World, **fixtures: Any) -> None:
        if "world" in wanted:
            fixtures["world"] = world
        asyncio.run(run(body, kind, world, fixtures, with_client="client" in signature.parameters))

    names = ["kind", "world", *(name for name in wanted if name != "world")]
    keyword = inspect.Parameter.KEYWORD_ONLY
    test.__signature__ = signature.replace(  # type: ignore[attr-defined]  # what pytest reads
        parameters=[inspect.Parameter(name, keyword) for name in names], return_annotation=None
    )
    return test


async def run(
    body: Callable[..., Coroutine[Any, Any, None]],
    kind: str,
    world: World,
    fixtures: dict[str, Any],
    *,
    with_client: bool,
) -> None:
    """Run a body with a client of one kind."""
    if not with_client:
        await body(**fixtures)
    elif kind == "blocking":
        with world.service.client(config=ONCE) as client:
            await body(client=Costume(client), **fixtures)
    else:
        async with world.service.async_client(config=ONCE) as client:
            await body(client=client, **fixtures)
