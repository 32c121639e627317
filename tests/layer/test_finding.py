"""Finding one task, location or execution among others."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from botocore.config import Config

from datasync_sdk import Client
from datasync_sdk import models as m
from datasync_sdk.aio.client import AsyncClient
from datasync_sdk.errors import AmbiguousError, ConfigurationError, TaskNotFound
from datasync_sdk.local import LocalDataSync
from tests.layer.worlds import both
from tests.local.world import BUCKET, ROLE, World, world

__all__ = ["world"]


def location(world: World, uri: str) -> str:
    bucket, _, path = uri.removeprefix("s3://").partition("/")
    return world.client.create_location_s3(
        s3_bucket_arn=f"arn:aws:s3:::{bucket}", subdirectory=path or None, s3_config=BUCKET
    ).location_arn


@both
async def test_a_task_is_found_by_its_name(client: AsyncClient, world: World) -> None:
    arn = world.task(name="nightly")
    world.task(name="Nightly")
    world.task()
    found = await client.find_task(name="nightly")
    assert found is not None
    assert found.task_arn == arn
    assert found.source_location_arn == world.from_arn
    assert await client.find_task(name="night") is None


@both
async def test_a_task_is_found_by_its_locations(client: AsyncClient, world: World) -> None:
    archive = location(world, "s3://archive/2024")
    arn = world.client.create_task(
        source_location_arn=world.to_arn, destination_location_arn=archive
    ).task_arn
    world.task()
    for source, destination in (
        (world.to_arn, None),
        (None, archive),
        ("s3://to", "s3://archive/2024"),
        ("s3://to/", archive),
    ):
        found = await client.find_task(source=source, destination=destination)
        assert found is not None
        assert found.task_arn == arn
    assert await client.find_task(source="s3://to/", destination="s3://nowhere/") is None
    assert await client.find_task(name="other", source=world.to_arn) is None


@both
async def test_a_task_is_not_guessed_among_several(client: AsyncClient, world: World) -> None:
    arns = {world.task(name="twice") for _ in range(2)}
    with pytest.raises(AmbiguousError, match="there are 2 such tasks, so say more") as caught:
        await client.find_task(name="twice")
    assert set(caught.value.candidates) == arns
    assert all(arn in str(caught.value) for arn in arns)


@both
async def test_something_must_be_said_of_a_task(client: AsyncClient) -> None:
    with pytest.raises(ConfigurationError, match="say the name of the task"):
        await client.find_task()


@both
async def test_a_location_is_found_by_its_uri(client: AsyncClient, world: World) -> None:
    arn = location(world, "s3://archive/2024")
    for uri in ("s3://archive/2024/", "s3://archive/2024"):
        found = await client.find_location(uri)
        assert found is not None
        assert (found.location_arn, found.location_uri) == (arn, "s3://archive/2024/")
    assert await client.find_location("s3://archive/2024", ignore_trailing_slash=False) is None
    assert await client.find_location("s3://archive/") is None
    assert await client.find_location("nfs://archive/2024/") is None
    with pytest.raises(ValueError, match="is not the URI of a location"):
        await client.find_location("archive")


@both
async def test_what_is_no_uri_is_told_where_there_are_no_locations_too(
    client: AsyncClient, world: World
) -> None:
    for each in list(world.client.iter_locations()):
        assert each.location_arn is not None
        world.client.delete_location(location_arn=each.location_arn)
    with pytest.raises(ValueError, match="is not the URI of a location"):
        await client.find_location("archive")


@both
async def test_a_location_is_not_guessed_among_several(client: AsyncClient, world: World) -> None:
    arns = {location(world, "s3://archive/2024") for _ in range(2)}
    with pytest.raises(AmbiguousError, match="there are 2 such locations") as caught:
        await client.find_location("s3://archive/2024/")
    assert set(caught.value.candidates) == arns


@both
async def test_the_latest_execution_is_the_one_that_was_started_last(
    client: AsyncClient, world: World
) -> None:
    task = world.task()
    assert await client.latest_execution(task) is None
    arns = []
    for _ in range(12):
        world.clock.advance(timedelta(minutes=5))
        arns.append(world.start(task))
    latest = await client.latest_execution(task)
    assert latest is not None
    assert latest.arn == arns[-1]
    assert latest.last == world.see(arns[-1])
    assert latest.has_ended
    with pytest.raises(TaskNotFound):
        await client.latest_execution(f"{task[:-5]}00000")


@both
async def test_start_or_attach_starts_once(client: AsyncClient, world: World) -> None:
    (world.source / "big").write_bytes(b"x" * 1000)
    task = world.task(options=m.Options(bytes_per_second=1))
    first = await client.start_or_attach(task)
    second = await client.start_or_attach(task)
    assert first.arn == second.arn
    assert len([each async for each in client.iter_task_executions(task_arn=task)]) == 1
    assert (await first.wait()).is_success
    third = await client.start_or_attach(task)
    assert third.arn != first.arn
    with pytest.raises(TaskNotFound):
        await client.start_or_attach(f"{task[:-5]}00000")


@both
async def test_start_or_attach_finds_what_an_answer_was_lost_of(client: AsyncClient, world: World) -> None:
    (world.source / "big").write_bytes(b"x" * 1000)
    task = world.task(options=m.Options(bytes_per_second=1, task_queueing="DISABLED"))
    world.service.faults.drop_connection(operation="StartTaskExecution", answer_lost=True)
    execution = await client.start_or_attach(task)
    assert [each.task_execution_arn async for each in client.iter_task_executions(task_arn=task)] == [
        execution.arn
    ]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[LocalDataSync]:
    """One whose time passes."""
    with LocalDataSync(tmp_path / "passing") as running:
        yield running


def slow_task(service: LocalDataSync, client: Client) -> str:
    source, target = (
        client.create_location_s3(s3_bucket_arn=f"arn:aws:s3:::{name}", s3_config=BUCKET).location_arn
        for name in ("from", "to")
    )
    (service.folder(source) / "big").write_bytes(b"x" * 1000)
    return client.create_task(
        source_location_arn=source, destination_location_arn=target, options=m.Options(bytes_per_second=1)
    ).task_arn


def going_on(client: Client, task: str) -> set[str | None]:
    listed = list(client.iter_task_executions(task_arn=task))
    return {each.task_execution_arn for each in listed if each.status not in {"ERROR", "CANCELLING"}}


def test_programs_that_start_or_attach_at_once_have_one_execution(service: LocalDataSync) -> None:
    with service.client() as client, ThreadPoolExecutor(6) as pool:
        for _ in range(4):
            task = slow_task(service, client)
            found = {execution.arn for execution in pool.map(client.start_or_attach, [task] * 6)}
            assert going_on(client, task) <= found
            first = client.start_or_attach(task)
            assert going_on(client, task) == {first.arn}
            first.cancel()


def test_a_start_that_botocore_sends_twice_leaves_one_execution(service: LocalDataSync) -> None:
    with service.client(config=Config(retries={"mode": "standard", "max_attempts": 3})) as client:
        task = slow_task(service, client)
        service.faults.drop_connection(operation="StartTaskExecution", answer_lost=True)
        execution = client.start_or_attach(task)
        assert len(list(client.iter_task_executions(task_arn=task))) == 2
        assert going_on(client, task) == {execution.arn}


@both
async def test_any_location_can_be_described(client: AsyncClient, world: World) -> None:
    nfs = world.client.create_location_nfs(
        server_hostname="nas",
        subdirectory="/export",
        on_prem_config=m.OnPremConfig(agent_arns=[world.agent]),
    ).location_arn
    smb = world.client.create_location_smb(
        server_hostname="nas", subdirectory="/share", user="me", password="secret", agent_arns=[world.agent]
    ).location_arn
    fsx = world.client.create_location_fsx_windows(
        fsx_filesystem_arn="arn:aws:fsx:us-east-1:123456789012:file-system/fs-0123456789abcdef0",
        security_group_arns=["arn:aws:ec2:us-east-1:123456789012:security-group/sg-0123456789abcdef0"],
        user="me",
        password="secret",
    ).location_arn
    classes = [
        type(await client.describe_location(arn)).__name__ for arn in (nfs, smb, fsx, world.from_arn, nfs)
    ]
    assert classes == [
        "DescribeLocationNfsResponse",
        "DescribeLocationSmbResponse",
        "DescribeLocationFsxWindowsResponse",
        "DescribeLocationS3Response",
        "DescribeLocationNfsResponse",
    ]
    described = await client.describe_location(world.from_arn)
    match described:
        case m.DescribeLocationS3Response(s3_config=config):
            assert config is not None
            assert config.bucket_access_role_arn == ROLE
        case _:
            pytest.fail("it is a bucket")


@both
async def test_a_location_that_is_not_there_is_told(client: AsyncClient, world: World) -> None:
    with pytest.raises(Exception, match="is not found") as caught:
        await client.describe_location(f"{world.from_arn[:-5]}00000")
    assert type(caught.value).__name__ == "LocationNotFound"
