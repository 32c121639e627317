"""One program that watches many executions at once; `benchmarks/watching.py` has two thousand of them."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from datasync_sdk.aio.client import AsyncClient
from datasync_sdk.execution import Outcome
from tests.local.world import BUCKET, World, world

__all__ = ["world"]

TASKS, FOR_EACH = 10, 40


async def watched(client: AsyncClient, world: World, tasks: list[str]) -> list[Outcome]:
    """Start executions while none can go on, watch them all, and then let them go."""
    world.service.faults.hang("LAUNCHING")
    executions = [await client.start(task) for task in tasks for _ in range(FOR_EACH)]
    looked = asyncio.Event()

    async def watch(number: int) -> Outcome:
        async for progress in executions[number].watch():
            if number == len(executions) - 1 and not progress.has_ended:
                looked.set()
        outcome = executions[number].outcome
        assert outcome is not None
        return outcome

    async with asyncio.TaskGroup() as group:
        watching = [group.create_task(watch(number)) for number in range(len(executions))]
        await looked.wait()
        world.service.faults.release()
    return [each.result() for each in watching]


def test_four_hundred_executions_are_watched_at_once(world: World) -> None:
    places = [
        world.client.create_location_s3(
            s3_bucket_arn=f"arn:aws:s3:::place{number}", s3_config=BUCKET
        ).location_arn
        for number in range(TASKS + 1)
    ]
    tasks = [
        world.client.create_task(source_location_arn=one, destination_location_arn=other).task_arn
        for one, other in pairwise(places)
    ]

    async def program() -> list[Outcome]:
        async with world.service.async_client() as client:
            return await watched(client, world, tasks)

    outcomes = asyncio.run(program())
    assert len({each.task_execution_arn for each in outcomes}) == TASKS * FOR_EACH
    assert all(each.is_success for each in outcomes)
