"""SIGTERM that comes more than once, or where nobody thinks of it."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from datasync_sdk import Client
from datasync_sdk import models as m
from datasync_sdk._runtime.termination import TERMINATION
from datasync_sdk.aio.client import AsyncClient
from tests.layer.test_leaving import client, server, slow, status, task
from tests.layer.worlds import both
from tests.local.world import World, world

__all__ = ["client", "server", "task", "world"]


@both
async def test_a_second_sigterm_waits_until_the_execution_is_cancelled(
    client: AsyncClient, world: World
) -> None:
    def again(**_: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    (await client._connected()).meta.events.register("before-call.datasync.CancelTaskExecution", again)
    with pytest.raises(SystemExit):
        async with await client.start(slow(world), cancel_on_exit=True) as execution:
            signal.raise_signal(signal.SIGTERM)
    assert (await execution.wait()).is_cancelled


@both
async def test_a_sigterm_while_something_else_cancels_ends_the_program_then(
    client: AsyncClient, world: World
) -> None:
    def comes(**_: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    (await client._connected()).meta.events.register("before-call.datasync.CancelTaskExecution", comes)
    with pytest.raises(SystemExit) as caught:
        async with await client.start(slow(world), cancel_on_exit=True) as execution:
            raise ZeroDivisionError
    assert isinstance(caught.value.__context__, ZeroDivisionError)
    assert (await execution.wait()).is_cancelled
    assert signal.getsignal(signal.SIGTERM) != TERMINATION._handle


@both
async def test_sigterm_cancels_all_that_one_block_is_within(client: AsyncClient, world: World) -> None:
    (world.service.folder(world.to_arn) / "big").write_bytes(b"x" * 1000)
    back = world.client.create_task(
        source_location_arn=world.to_arn,
        destination_location_arn=world.from_arn,
        options=m.Options(bytes_per_second=1),
    ).task_arn
    with pytest.raises(SystemExit):
        async with (
            await client.start(slow(world), cancel_on_exit=True) as first,
            await client.start(back, cancel_on_exit=True) as second,
        ):
            signal.raise_signal(signal.SIGTERM)
    assert [(await each.wait()).is_cancelled for each in (first, second)] == [True, True]


@both
async def test_a_handle_can_be_entered_twice(client: AsyncClient, world: World) -> None:
    before = signal.getsignal(signal.SIGTERM)
    execution = await client.start(slow(world), cancel_on_exit=True)

    async def twice() -> None:
        async with execution:
            async with execution:
                pass
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await twice()
    assert (await execution.wait()).is_cancelled
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_block_that_another_thread_leaves_does_no_harm() -> None:
    """As where the garbage collector of a thread closes a generator."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        left = TERMINATION.listen()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(left.stop).result()
        listener = TERMINATION.listen()
        with pytest.raises(SystemExit):
            signal.raise_signal(signal.SIGTERM)
        assert listener.is_told
        listener.stop()
        assert signal.getsignal(signal.SIGTERM) == before
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_process_leaves_the_execution_to_its_parent(client: Client, task: str) -> None:
    parent, (ready, tell) = os.getpid(), os.pipe()
    try:
        with client.start(task, cancel_on_exit=True) as execution:
            if not (leaving := os.fork()):
                raise ZeroDivisionError
            if not (ending := os.fork()):
                os.write(tell, b".")
                signal.pause()
            os.read(ready, 1)
            os.kill(ending, signal.SIGTERM)
            assert os.waitstatus_to_exitcode(os.waitpid(ending, 0)[1]) == -signal.SIGTERM
            assert os.waitstatus_to_exitcode(os.waitpid(leaving, 0)[1]) == 0
    finally:
        if os.getpid() != parent:
            os._exit(0)
    assert status(client, task) == "TRANSFERRING"
    assert execution.cancel()
