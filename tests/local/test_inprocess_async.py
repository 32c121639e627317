"""Asynchronous clients without sockets: the event loop goes on while the service works."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from botocore.config import Config

from datasync_sdk import AsyncClient
from datasync_sdk import models as m
from datasync_sdk.errors import InvalidRequestError, ThrottlingError, TransportError
from datasync_sdk.local import LocalDataSync, ManualClock
from datasync_sdk.local.serving.inprocess_async import async_client
from tests.local import test_inprocess
from tests.local.tiny import CREATED, LOCATION, REGION, TASK, TinyService

T = TypeVar("T")

# Fixtures: no network, and in every test what a user may have set up as well.
environment, service = test_inprocess.environment, test_inprocess.service

OTHER = LOCATION.replace("1", "2")
UNKNOWN = f"{TASK[:-1]}9"
PATIENCE = 20.0
"""Seconds after which a test that hangs has failed."""


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a test in an event loop of its own."""
    return asyncio.run(asyncio.wait_for(main, PATIENCE))


def test_a_client(service: TinyService) -> None:
    async def main() -> None:
        async with async_client(service) as client:
            assert isinstance(client, AsyncClient)
            made = await client.create_task(
                source_location_arn=LOCATION,
                destination_location_arn=OTHER,
                options=m.Options(verify_mode="NONE"),
            )
            described = await client.describe_task(task_arn=made.task_arn)
            assert described.options == m.Options(verify_mode="NONE")
            assert described.creation_time == CREATED
            assert [task.task_arn async for task in client.iter_tasks()] == [made.task_arn]
            with pytest.raises(InvalidRequestError, match="is not found") as caught:
                await client.describe_task(task_arn=UNKNOWN)
            assert caught.value.error_code == "NotFound"
            assert (await client._connected()).meta.region_name == REGION

    run(main())


def test_faults_and_retries_are_those_of_botocore(service: TinyService) -> None:
    async def main() -> None:
        once = Config(retries={"max_attempts": 0})
        async with async_client(service, config=once) as hasty, async_client(service) as patient:
            service.faults.throttle()
            with pytest.raises(ThrottlingError):
                await hasty.list_tasks()
            service.faults.drop_connection()
            with pytest.raises(TransportError):
                await hasty.list_tasks()
            service.faults.drop_connection()
            assert (await patient.list_tasks()).tasks == ()

    run(main())


def test_the_loop_goes_on_while_the_service_works(service: TinyService) -> None:
    """The service waits for what only another coroutine can do: in the loop's way, it would wait for ever."""
    asked, released = threading.Event(), threading.Event()

    def work(_: object) -> m.ListTasksResponse:
        asked.set()
        assert released.wait(PATIENCE)
        return m.ListTasksResponse(tasks=())

    service.surprise = work

    async def release() -> None:
        while not asked.is_set():  # noqa: ASYNC110  # an Event of threads cannot be awaited
            await asyncio.sleep(0.001)
        released.set()

    async def main() -> None:
        async with async_client(service) as client:
            await asyncio.gather(client.list_tasks(), release())

    run(main())
    assert len(service.handled) == 1


def test_a_slow_answer_does_not_keep_others(service: TinyService) -> None:
    order: list[str] = []

    async def call(client: AsyncClient, name: str) -> None:
        await client.list_tasks()
        order.append(name)

    async def main() -> None:
        async with async_client(service) as client:
            await client.list_tasks()
            service.faults.slow(0.4, calls=1)
            slow = asyncio.create_task(call(client, "slow"))
            while service.faults.describe():  # noqa: ASYNC110  # until it has struck
                await asyncio.sleep(0.001)
            await call(client, "quick")
            await slow

    run(main())
    assert order == ["quick", "slow"]


def test_waits_by_the_clock_of_its_service_take_no_time_and_do_not_add_up(tmp_path: Path) -> None:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))

    async def main(service: LocalDataSync) -> None:
        async with service.async_client() as client:
            await client.list_tasks()
            before = client._monotonic()
            await asyncio.gather(*(client._sleep(3600 + number / 100) for number in range(100)))
            assert before + 3600.99 <= client._monotonic() < before + 3601

    with LocalDataSync(tmp_path / "datasync", clock=clock) as service:
        run(main(service))
