"""Running many tasks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasync_sdk import models as m
from datasync_sdk._generated.layer.jobs import Job, may_try_again
from datasync_sdk.aio.client import AsyncClient
from datasync_sdk.errors import TaskNotFound
from datasync_sdk.execution import Poll
from datasync_sdk.execution.berths import Berths
from datasync_sdk.execution.fleet import FleetResult
from tests.layer.worlds import both
from tests.local.world import BUCKET, World, world

__all__ = ["world"]

AGENTS = ["a", "b", "c"]


def tasks(world: World, count: int, *, seconds: int = 10, with_agent: bool = False) -> list[str]:
    """Tasks between places of their own, each of which takes so long."""
    made = []
    for number in range(count):
        if with_agent:
            source = world.client.create_location_nfs(
                server_hostname="nas",
                subdirectory=f"/export{number}",
                on_prem_config=m.OnPremConfig(agent_arns=[world.agent]),
            ).location_arn
        else:
            source = bucket(world, f"from{number}")
        target = bucket(world, f"to{number}")
        (world.service.folder(source) / "file").write_bytes(b"x" * seconds)
        options = m.Options(bytes_per_second=1)
        made.append(
            world.client.create_task(
                source_location_arn=source, destination_location_arn=target, options=options
            ).task_arn
        )
    return made


def bucket(world: World, name: str) -> str:
    return world.client.create_location_s3(
        s3_bucket_arn=f"arn:aws:s3:::{name}", s3_config=BUCKET
    ).location_arn


def most_at_once(results: list[FleetResult]) -> int:  # type: ignore[type-arg]  # of either kind
    """How many executions ran at the same time, by what the service says of them."""
    moments = []
    for result in results:
        execution = result.execution.last
        moments += [(execution.start_time, 1), (execution.end_time, -1)]
    running = most = 0
    for _, change in sorted(moments):
        running += change
        most = max(most, running)
    return most


@both
async def test_many_tasks_run_some_at_a_time(client: AsyncClient, world: World) -> None:
    arns = tasks(world, 9)
    results = [result async for result in client.run_all(arns, max_concurrent=4)]
    assert {result.request.task_arn for result in results} == set(arns)
    assert all(result.is_success and result.attempts == 1 for result in results)
    assert most_at_once(results) == 4
    assert all(result.raise_for_status() is result.outcome for result in results)


@both
async def test_an_agent_runs_one_at_a_time(client: AsyncClient, world: World) -> None:
    results = [result async for result in client.run_all(tasks(world, 3, with_agent=True))]
    assert most_at_once(results) == 1
    assert all(result.is_success for result in results)


@both
async def test_more_may_wait_for_an_agent_where_that_is_wanted(client: AsyncClient, world: World) -> None:
    arns = tasks(world, 3, with_agent=True)
    results = [result async for result in client.run_all(arns, per_agent=3)]
    assert most_at_once(results) == 3
    assert all(result.is_success for result in results)


@both
async def test_the_same_task_runs_one_after_the_other(client: AsyncClient, world: World) -> None:
    (arn,) = tasks(world, 1)
    slower = m.StartTaskExecutionRequest(task_arn=arn, override_options=m.Options(transfer_mode="ALL"))
    results = [result async for result in client.run_all([arn, slower])]
    assert [result.is_success for result in results] == [True, True]
    assert most_at_once(results) == 1
    assert results[1].execution is not None
    assert results[1].execution.last.options.transfer_mode == "ALL"  # type: ignore[union-attr]


@both
async def test_outcomes_come_as_they_end(client: AsyncClient, world: World) -> None:
    slow, quick = tasks(world, 1, seconds=100)[0], None
    source, target = bucket(world, "quick"), bucket(world, "quickly")
    quick = world.client.create_task(source_location_arn=source, destination_location_arn=target).task_arn
    poll = Poll(first=1, most=2)
    assert [result.request.task_arn async for result in client.run_all([slow, quick], poll=poll)] == [
        quick,
        slow,
    ]


@both
async def test_what_runs_already_is_taken_for_what_was_asked_for(client: AsyncClient, world: World) -> None:
    arns = tasks(world, 2)
    running = await client.start(arns[0])
    results = {result.request.task_arn: result async for result in client.run_all(arns)}
    assert results[arns[0]].was_running
    assert results[arns[0]].execution is not None
    assert results[arns[0]].execution.arn == running.arn
    assert not results[arns[1]].was_running
    assert all(result.is_success for result in results.values())


@both
async def test_what_fails_is_run_again_as_often_as_wanted(client: AsyncClient, world: World) -> None:
    (arn,) = tasks(world, 1)
    world.service.faults.unreadable("/*")
    (result,) = [each async for each in client.run_all([arn], retries=2)]
    assert (result.attempts, result.is_success) == (3, False)
    assert len([each async for each in client.iter_task_executions(task_arn=arn)]) == 3
    world.service.faults.clear()
    (result,) = [each async for each in client.run_all([arn], retries=2)]
    assert (result.attempts, result.is_success) == (1, True)


def test_what_somebody_cancelled_is_not_run_again(world: World) -> None:
    (arn,) = tasks(world, 1, seconds=1000)
    execution = world.client.start(arn)
    job = Job(request=m.StartTaskExecutionRequest(task_arn=arn), attempts=1, execution=execution)
    execution.cancel()
    assert execution.wait().is_cancelled
    assert not may_try_again(job, retries=5)


@both
async def test_a_request_that_fails_keeps_no_other_from_running(client: AsyncClient, world: World) -> None:
    arns = tasks(world, 2)
    missing = f"{arns[0][:-5]}00000"
    results = {each.request.task_arn: each async for each in client.run_all([missing, *arns], retries=3)}
    assert isinstance(results[missing].error, TaskNotFound)
    assert (results[missing].execution, results[missing].attempts) == (None, 1)
    with pytest.raises(TaskNotFound):
        results[missing].raise_for_status()
    assert all(results[arn].is_success for arn in arns)


@both
async def test_throttling_is_borne(client: AsyncClient, world: World) -> None:
    arns = tasks(world, 3)
    world.service.faults.throttle(calls=5, operation="DescribeTaskExecution")
    assert [each.is_success async for each in client.run_all(arns)] == [True] * 3


@both
async def test_a_start_whose_answer_is_lost_is_followed_and_not_repeated(
    client: AsyncClient, world: World
) -> None:
    (arn,) = tasks(world, 1)
    for retries in (0, 2):
        before = len([each async for each in client.iter_task_executions(task_arn=arn)])
        world.service.faults.drop_connection(operation="StartTaskExecution", answer_lost=True)
        (result,) = [each async for each in client.run_all([arn], retries=retries)]
        assert (result.is_success, result.attempts, result.was_running) == (True, 1, False)
        assert len([each async for each in client.iter_task_executions(task_arn=arn)]) == before + 1


@both
async def test_a_place_is_taken_again_when_it_is_free(client: AsyncClient, world: World) -> None:
    slow, *quick = tasks(world, 3, seconds=1)
    (world.service.folder("s3://from0/") / "file").write_bytes(b"x" * 60)
    poll = Poll(first=10, most=10, jitter=0)
    results = [each async for each in client.run_all([slow, *quick], max_concurrent=2, poll=poll)]
    told = [each.execution.last for each in results if each.execution is not None]
    assert [each.request.task_arn for each in results] == [*quick, slow]
    assert told[1].start_time - told[0].end_time < timedelta(seconds=10)  # type: ignore[union-attr,operator]


@both
async def test_a_start_that_fails_is_not_tried_again_at_once(client: AsyncClient, world: World) -> None:
    arns = tasks(world, 2)
    world.service.faults.throttle(calls=4, operation="StartTaskExecution")
    before = world.clock.monotonic()
    poll = Poll(first=1, most=1000, factor=2, jitter=0)
    results = [each async for each in client.run_all(arns[:1], retries=4, poll=poll)]
    assert [(each.is_success, each.attempts) for each in results] == [(True, 5)]
    # Two seconds, and then twice as much by Poll and twice again by throttling.
    assert world.clock.monotonic() - before >= 2 + 8 + 32 + 128


@both
async def test_a_start_that_got_nowhere_is_repeated(client: AsyncClient, world: World) -> None:
    (arn,) = tasks(world, 1)
    world.service.faults.drop_connection(operation="StartTaskExecution")
    (result,) = [each async for each in client.run_all([arn], retries=1)]
    assert (result.is_success, result.attempts, result.was_running) == (True, 2, False)
    assert len([each async for each in client.iter_task_executions(task_arn=arn)]) == 1


@both
async def test_nothing_to_run_is_nothing(client: AsyncClient) -> None:
    assert [each async for each in client.run_all([])] == []


@both
async def test_numbers_that_make_no_sense_are_refused(client: AsyncClient, world: World) -> None:
    for arguments in ({"max_concurrent": 0}, {"per_agent": 0}, {"retries": -1}):
        with pytest.raises(ValueError, match="must be at least"):
            [each async for each in client.run_all([world.task()], **arguments)]
    for bad in ([5], "arn:aws:datasync"):
        with pytest.raises(TypeError, match="run_all takes"):
            [each async for each in client.run_all(bad)]  # type: ignore[arg-type]


@given(st.integers(1, 5), st.integers(1, 3), st.data())
def test_there_are_never_more_than_there_are_places(most: int, per_agent: int, data: st.DataObject) -> None:
    berths = Berths(most, per_agent)
    taken: list[tuple[str, set[str]]] = []
    for _ in range(data.draw(st.integers(0, 30))):
        if taken and data.draw(st.booleans()):
            berths.give_back(*taken.pop(data.draw(st.integers(0, len(taken) - 1))))
            continue
        job = data.draw(st.sampled_from("tuvw")), data.draw(st.sets(st.sampled_from(AGENTS), max_size=2))
        fits = (
            len(taken) < most
            and job[0] not in {task for task, _ in taken}
            and all(sum(agent in agents for _, agents in taken) < per_agent for agent in job[1])
        )
        assert berths.take(*job) == fits
        if fits:
            taken.append(job)
