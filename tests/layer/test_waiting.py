"""Waiting for executions of the local service, in both kinds of programs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from datasync_sdk import models as m
from datasync_sdk.aio.client import AsyncClient
from datasync_sdk.errors import (
    ExecutionFailed,
    ExecutionIncomplete,
    InvalidRequestError,
    ThrottlingError,
    TransportError,
    ValidationError,
    WaitTimeout,
)
from datasync_sdk.execution import Phase, Poll, Progress, Verdict
from tests.layer.worlds import both
from tests.local.world import World, world

__all__ = ["world"]

DESCRIBE = "DescribeTaskExecution"


def filled(world: World, mode: str = "BASIC", *, files: int = 10, limit: int = -1, **members: object) -> str:
    """A task with files to transfer, 1,000 bytes each."""
    for number in range(files):
        (world.source / f"{number}.txt").write_bytes(b"x" * 1000)
    return world.task(mode, options=m.Options(bytes_per_second=limit), **members)


@both
async def test_a_wait_ends_with_the_execution(client: AsyncClient, world: World) -> None:
    execution = await client.start(filled(world))
    outcome = await execution.wait()
    assert (outcome.verdict, outcome.is_success) == (Verdict.SUCCESS, True)
    assert outcome.raise_for_status() is outcome
    assert outcome == execution.outcome
    assert outcome.execution.files_transferred == 10
    assert outcome.durations.total == timedelta(milliseconds=outcome.execution.result.total_duration)  # type: ignore[union-attr,arg-type]
    assert (world.target / "7.txt").read_bytes() == b"x" * 1000


@both
async def test_who_waits_sees_the_progress(client: AsyncClient, world: World) -> None:
    seen: list[Progress] = []
    execution = await client.start(filled(world, limit=1000))
    await execution.wait(on_progress=seen.append, poll=Poll(jitter=0))
    assert {each.phase for each in seen} >= {Phase.TRANSFERRING, Phase.ENDED}
    fractions = [each.fraction for each in seen if each.fraction is not None]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert seen[-1] == execution.progress
    halfway = next(each for each in seen if each.remaining)
    assert halfway.bytes_per_second == pytest.approx(1000, rel=0.5)


@both
async def test_on_progress_may_be_asynchronous(client: AsyncClient, world: World) -> None:
    seen = []

    class Told:
        def __await__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204  # only to be awaited
            seen.append("awaited")
            yield from ()

    execution = await client.start(filled(world))
    await execution.wait(on_progress=lambda _: Told())
    assert seen or type(client).__name__ == "Costume"


@both
async def test_progress_can_be_iterated(client: AsyncClient, world: World) -> None:
    execution = await client.start(filled(world, limit=1000))
    phases = [progress.phase async for progress in execution.watch()]
    assert phases[-1] is Phase.ENDED
    assert len(phases) > 3
    assert execution.outcome.is_success  # type: ignore[union-attr]


@both
async def test_waiting_again_for_what_has_ended_asks_nobody(client: AsyncClient, world: World) -> None:
    execution = await client.start(filled(world))
    outcome = await execution.wait()
    world.service.faults.throttle(calls=100)
    assert await execution.wait(timeout=0) == outcome
    assert [progress.phase async for progress in execution.watch()] == [Phase.ENDED]


@both
async def test_a_timeout_leaves_the_execution_as_it_is(client: AsyncClient, world: World) -> None:
    execution = await client.start(filled(world, limit=1000))
    with pytest.raises(WaitTimeout) as caught:
        await execution.wait(timeout=timedelta(seconds=4))
    error = caught.value
    assert isinstance(error, TimeoutError)
    assert error.execution is not None
    assert error.execution.status == "TRANSFERRING"
    assert error.progress == execution.progress
    assert str(error) == f"{execution.arn}: it has not ended within 4 s, and goes on: it is TRANSFERRING"
    assert (await execution.wait()).is_success


@both
async def test_a_timeout_of_nothing_looks_once(client: AsyncClient, world: World) -> None:
    execution = await client.start(filled(world, limit=1000))
    with pytest.raises(
        WaitTimeout, match=r"within 0 s, and goes on: it is (LAUNCHING|PREPARING|TRANSFERRING)"
    ):
        await execution.wait(timeout=0)
    assert execution.last is not None


@both
async def test_one_that_hangs_in_launching_is_told_with_the_usual_cause(
    client: AsyncClient, world: World
) -> None:
    world.service.faults.hang("LAUNCHING")
    execution = await client.start(filled(world))
    with pytest.raises(WaitTimeout, match="it is LAUNCHING; an agent that is off or cannot be reached"):
        await execution.wait(timeout=3600)
    world.service.faults.release()
    assert (await execution.wait()).is_success


@both
async def test_an_unknown_status_is_that_of_one_that_runs(client: AsyncClient, world: World) -> None:
    seen: list[Progress] = []
    execution = await client.start(filled(world))
    world.service.faults.unknown_status("FINISHED", calls=5)
    assert (await execution.wait(on_progress=seen.append)).is_success
    assert [str(each.status) for each in seen] == ["FINISHED"] * 5 + ["SUCCESS"]
    assert seen[0].phase is Phase.RUNNING


@both
async def test_throttling_and_errors_of_the_service_are_borne(client: AsyncClient, world: World) -> None:
    execution = await client.start(filled(world))
    world.service.faults.throttle(calls=7, operation=DESCRIBE)
    world.service.faults.internal_error(calls=4, operation=DESCRIBE)
    world.service.faults.drop_connection(calls=5, operation=DESCRIBE)
    assert (await execution.wait()).is_success
    assert world.service.faults.describe() == {}


@both
async def test_patience_has_an_end(client: AsyncClient, world: World) -> None:
    execution = await client.start(filled(world))
    world.service.faults.throttle(calls=10**6, operation=DESCRIBE)
    before = world.clock.monotonic()
    with pytest.raises(ThrottlingError):
        await execution.wait(poll=Poll(patience=600))
    assert 600 <= world.clock.monotonic() - before < 600 + 125
    world.service.faults.clear()
    assert (await execution.wait()).is_success


@both
async def test_a_connection_that_never_worked_is_told_at_once(client: AsyncClient, world: World) -> None:
    arn = (await client.start(filled(world))).arn
    world.service.faults.drop_connection(operation=DESCRIBE)
    with pytest.raises(TransportError):
        await client.execution(arn).wait()
    assert (await client.execution(arn).wait()).is_success


@both
async def test_an_execution_that_is_not_there_is_told_at_once(client: AsyncClient, world: World) -> None:
    arn = f"{filled(world)}/execution/exec-00000000000000000"
    with pytest.raises(InvalidRequestError, match="not found"):
        await client.execution(arn).wait()


@both
async def test_any_program_can_attach(client: AsyncClient, world: World) -> None:
    arn = (await client.start(filled(world))).arn
    execution = client.execution(arn)
    assert (execution.last, execution.outcome, execution.has_ended) == (None, None, False)
    assert (await execution.wait()).task_execution_arn == arn
    assert repr(execution).endswith(f"TaskExecution {arn} (SUCCESS)>")


@both
async def test_only_the_arn_of_an_execution_is_one(client: AsyncClient, world: World) -> None:
    for arn in (world.task(), "exec-0123456789abcdef0", None):
        with pytest.raises(ValidationError, match="is not the ARN of an execution"):
            client.execution(arn)  # type: ignore[arg-type]  # on purpose


@both
async def test_an_execution_can_be_cancelled_once(client: AsyncClient, world: World) -> None:
    execution = await client.start(filled(world, limit=100))
    assert await execution.cancel() is True
    outcome = await execution.wait()
    assert (outcome.verdict, outcome.is_cancelled) == (Verdict.FAILED, True)
    assert await execution.cancel() is False
    with pytest.raises(ExecutionFailed, match="cancelled") as caught:
        outcome.raise_for_status()
    assert caught.value.outcome == outcome


@both
async def test_cancelling_what_is_not_there_is_an_error(client: AsyncClient, world: World) -> None:
    with pytest.raises(InvalidRequestError, match="not found"):
        await client.execution(f"{world.task()}/execution/exec-00000000000000000").cancel()


@both
async def test_a_throttle_slows_it_down_and_can_be_taken_off(client: AsyncClient, world: World) -> None:
    execution = await client.start(filled(world, limit=100))
    await execution.throttle(50)
    assert (await execution.refresh()).options.bytes_per_second == 50  # type: ignore[union-attr]
    await execution.throttle(None)
    assert (await execution.refresh()).options.bytes_per_second == -1  # type: ignore[union-attr]
    assert (await execution.wait()).is_success
    with pytest.raises(ValidationError):
        await execution.throttle(-5)


@both
async def test_failures_of_items_and_of_all_are_told_apart(client: AsyncClient, world: World) -> None:
    for mode in ("BASIC", "ENHANCED"):
        world.service.faults.clear()
        world.service.faults.unreadable("/3.txt|/4.txt")
        (world.source / "new.txt").write_text(mode)
        outcome = await (await client.start(filled(world, mode))).wait()
        assert outcome.verdict is Verdict.COMPLETED_WITH_FAILURES, mode
        failed = outcome.files_failed
        assert (failed.total if failed else None) == (2 if mode == "ENHANCED" else None)
        with pytest.raises(ExecutionIncomplete, match="completed with failures"):
            outcome.raise_for_status()
        world.source.rename(world.source.with_name("gone"))
        failed_at_all = await (await client.start(world.task(mode))).wait()
        world.source.with_name("gone").rename(world.source)
        assert (failed_at_all.verdict, failed_at_all.is_cancelled) == (Verdict.FAILED, False), mode
        assert failed_at_all.error_code
        with pytest.raises(ExecutionFailed, match=failed_at_all.error_code):
            failed_at_all.raise_for_status()
