"""What becomes of an execution when the program that waits for it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from datasync_sdk import Client
from datasync_sdk import models as m
from datasync_sdk._runtime.termination import TERMINATION
from datasync_sdk.aio.client import AsyncClient
from datasync_sdk.errors import WaitTimeout
from tests.layer.worlds import both
from tests.local.server import Server
from tests.local.world import BUCKET, World, world

__all__ = ["world"]

PROGRAM = Path(__file__).with_name("leaving.py")
REPOSITORY = PROGRAM.parents[2]
kinds = pytest.mark.parametrize("kind", ["blocking", "async"])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("leaving") / "root") as running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with server.client() as made:
        yield made


@pytest.fixture
def task(client: Client, server: Server) -> str:
    """A task that takes an hour."""
    arns = []
    for name in ("from", "to"):
        location = client.create_location_s3(s3_bucket_arn=f"arn:aws:s3:::{name}", s3_config=BUCKET)
        arns.append(location.location_arn)
    (server.root / "s3" / "from" / "big").write_bytes(b"x" * 3600)
    return client.create_task(
        source_location_arn=arns[0], destination_location_arn=arns[1], options=m.Options(bytes_per_second=1)
    ).task_arn


@contextmanager
def program(
    server: Server, task: str, kind: str, *, cancel: str = "cancel", handler: str = "default"
) -> Iterator[subprocess.Popen[str]]:
    """A program that waits for an execution."""
    environment = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": "any",
        "AWS_SECRET_ACCESS_KEY": "any",
        "PYTHONPATH": str(REPOSITORY),
    }
    command = [sys.executable, str(PROGRAM), server.url, task, kind, cancel, handler]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout
        line = ""
        while "TRANSFERRING" not in line:
            line = process.stdout.readline()
            assert line, process.stderr and process.stderr.read()
        yield process
        if process.poll() is None:
            process.kill()


def status(client: Client, task: str) -> str:
    """That of the newest execution, once it is clear."""
    execution = client.latest_execution(task)
    assert execution is not None
    for _ in range(100):
        if execution.refresh().status not in {"CANCELLING", "LAUNCHING"}:
            break
        time.sleep(0.05)
    return str(execution.refresh().status)


@kinds
def test_sigterm_cancels_where_that_was_asked_for(
    server: Server, client: Client, task: str, kind: str
) -> None:
    with program(server, task, kind) as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 128 + signal.SIGTERM
    assert status(client, task) == "ERROR"


@kinds
def test_ctrl_c_cancels_where_that_was_asked_for(
    server: Server, client: Client, task: str, kind: str
) -> None:
    with program(server, task, kind) as process:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode
    assert "KeyboardInterrupt" in said
    assert status(client, task) == "ERROR"


@kinds
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_is_cancelled_where_that_was_not_asked_for(
    server: Server, client: Client, task: str, kind: str, number: signal.Signals
) -> None:
    with program(server, task, kind, cancel="leave") as process:
        process.send_signal(number)
        process.communicate(timeout=20)
    assert status(client, task) == "TRANSFERRING"
    with client.start_or_attach(task) as execution:
        assert execution.cancel()


def test_a_program_that_is_killed_leaves_its_execution_to_the_next_one(
    server: Server, client: Client, task: str
) -> None:
    with program(server, task, "blocking") as process:
        process.kill()
    execution = client.start_or_attach(task)
    assert execution.last is not None
    assert execution.last.status == "TRANSFERRING"
    execution.throttle(None)
    assert execution.wait().is_success


@kinds
def test_the_handler_of_a_program_is_called_and_the_execution_cancelled(
    server: Server, client: Client, task: str, kind: str
) -> None:
    with program(server, task, kind, handler="own") as process:
        process.send_signal(signal.SIGTERM)
        told, said = process.communicate(timeout=20)
    assert "own handler 15" in told
    assert "RuntimeError: stop" in said
    assert status(client, task) == "ERROR"


@kinds
def test_a_handler_that_only_takes_note_does_not_keep_the_execution_from_being_cancelled(
    server: Server, client: Client, task: str, kind: str
) -> None:
    with program(server, task, kind, handler="note") as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert status(client, task) == "ERROR"


def test_a_program_that_ignores_sigterm_still_does(server: Server, client: Client, task: str) -> None:
    with program(server, task, "blocking", handler="ignored") as process:
        process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.3)
    assert status(client, task) == "TRANSFERRING"
    client.start_or_attach(task).cancel()


def slow(world: World) -> str:
    (world.source / "big").write_bytes(b"x" * 1000)
    return world.task(options=m.Options(bytes_per_second=1))


@both
async def test_an_exception_cancels_where_that_was_asked_for(client: AsyncClient, world: World) -> None:
    with pytest.raises(ZeroDivisionError):
        async with await client.start(slow(world), cancel_on_exit=True) as execution:
            raise ZeroDivisionError
    assert (await execution.wait()).is_cancelled


@both
async def test_an_exception_cancels_nothing_otherwise(client: AsyncClient, world: World) -> None:
    with pytest.raises(ZeroDivisionError):
        async with await client.start(slow(world)) as execution:
            raise ZeroDivisionError
    assert (await execution.refresh()).status != "CANCELLING"
    assert (await execution.wait()).is_success


@both
async def test_a_block_that_is_left_as_usual_cancels_nothing(client: AsyncClient, world: World) -> None:
    async with await client.start(slow(world), cancel_on_exit=True) as execution:
        await execution.refresh()
    assert (await execution.wait()).is_success


@both
async def test_a_timeout_within_the_block_is_an_exception_like_any(client: AsyncClient, world: World) -> None:
    with pytest.raises(WaitTimeout):
        async with await client.start(slow(world), cancel_on_exit=True) as execution:
            await execution.wait(timeout=10)
    assert (await execution.wait()).is_cancelled


@both
async def test_an_exception_after_the_end_cancels_nothing(client: AsyncClient, world: World) -> None:
    execution = await client.start(slow(world), cancel_on_exit=True)
    assert (await execution.wait()).is_success
    with pytest.raises(ZeroDivisionError):
        async with execution:
            raise ZeroDivisionError
    assert (await execution.wait()).is_success


@both
async def test_a_cancel_is_tried_again_where_that_can_help(client: AsyncClient, world: World) -> None:
    execution = await client.start(slow(world), cancel_on_exit=True)
    # The first two tries, each with the look after it.
    world.service.faults.throttle(calls=2)
    world.service.faults.drop_connection(calls=1)
    with pytest.raises(ZeroDivisionError):
        async with execution:
            raise ZeroDivisionError
    assert world.service.faults.describe() == {}
    assert (await execution.wait()).is_cancelled


@both
async def test_a_cancel_that_fails_hides_no_exception(
    client: AsyncClient, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    execution = await client.start(slow(world), cancel_on_exit=True)
    world.service.faults.throttle(calls=100)
    with pytest.raises(ZeroDivisionError):
        async with execution:
            raise ZeroDivisionError
    world.service.faults.clear()
    assert f"{execution.arn} could not be cancelled, and may still run" in caplog.text


@both
async def test_what_was_attached_can_be_cancelled_on_exit_too(client: AsyncClient, world: World) -> None:
    arn = (await client.start(slow(world))).arn
    with pytest.raises(ZeroDivisionError):
        async with client.execution(arn, cancel_on_exit=True) as execution:
            raise ZeroDivisionError
    assert (await execution.wait()).is_cancelled


def test_sigterm_is_as_before_when_all_blocks_are_left(world: World) -> None:
    before = signal.getsignal(signal.SIGTERM)
    assert before != TERMINATION._handle, "another test has left its handler"
    with world.service.client() as client:
        task = slow(world)
        with client.start(task, cancel_on_exit=True) as first:
            with client.execution(first.arn, cancel_on_exit=True):
                assert signal.getsignal(signal.SIGTERM) == TERMINATION._handle
            assert signal.getsignal(signal.SIGTERM) == TERMINATION._handle
    assert signal.getsignal(signal.SIGTERM) == before


class Stuck:
    """Time that hardly passes."""

    def monotonic(self) -> float:
        return 0.0

    def sleep(self, _: float) -> None:
        time.sleep(0.2)


def test_cancelling_the_one_who_waits_leaves_the_execution(world: World) -> None:
    async def program() -> str:
        async with world.service.async_client() as client:
            execution = await client.start(slow(world))
            client._timing = Stuck()
            waiting = asyncio.create_task(execution.wait())
            await asyncio.sleep(0.05)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            return str((await execution.refresh()).status)

    assert asyncio.run(program()) == "TRANSFERRING"


def test_cancelling_the_one_who_waits_cancels_the_execution_where_that_was_asked_for(world: World) -> None:
    async def waits(client: AsyncClient, task: str, started: asyncio.Event) -> None:
        async with await client.start(task, cancel_on_exit=True):
            started.set()
            await asyncio.Event().wait()

    async def program() -> bool:
        async with world.service.async_client() as client:
            started = asyncio.Event()
            task = slow(world)
            waiting = asyncio.create_task(waits(client, task, started))
            await started.wait()
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            execution = await client.latest_execution(task)
            assert execution is not None
            return (await execution.wait()).is_cancelled

    assert asyncio.run(program())
