"""Locations and tasks that are to be there, as they are wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve
from botocore.config import Config

from datasync_sdk import models as m
from datasync_sdk.aio.client import AsyncClient
from datasync_sdk.ensuring import Action
from datasync_sdk.errors import AmbiguousError, TransportError, UnchangeableError, ValidationError
from datasync_sdk.filters import exclude
from datasync_sdk.local import LocalDataSync
from tests.layer.worlds import both
from tests.local.world import BUCKET, World, world

__all__ = ["world"]

ARCHIVE = m.CreateLocationS3Request(
    s3_bucket_arn="arn:aws:s3:::archive", subdirectory="2024", s3_config=BUCKET
)


def nightly(world: World, **members: object) -> m.CreateTaskRequest:
    return m.CreateTaskRequest(
        name="nightly",
        source_location_arn=world.from_arn,
        destination_location_arn=world.to_arn,
        **members,  # type: ignore[arg-type]
    )


def locations(world: World) -> list[str]:
    return [str(each.location_uri) for each in world.client.iter_locations()]


def smb(world: World, **members: object) -> m.CreateLocationSmbRequest:
    given = {"user": "me", "password": "secret", **members}
    return m.CreateLocationSmbRequest(
        server_hostname="nas",
        subdirectory="/share",
        agent_arns=[world.agent],
        **given,  # type: ignore[arg-type]
    )


@both
async def test_what_is_missing_is_created_and_then_left_alone(client: AsyncClient, world: World) -> None:
    first = await client.ensure_location(ARCHIVE)
    assert (first.action, first.changes, first.duplicates) == (Action.CREATED, (), ())
    again = await client.ensure_location(ARCHIVE)
    assert (again.action, again.arn, again.changes) == (Action.UNCHANGED, first.arn, ())
    assert locations(world).count("s3://archive/2024/") == 1
    task = await client.ensure_task(nightly(world))
    assert task.action is Action.CREATED
    assert await client.ensure_task(nightly(world)) == evolve(task, action=Action.UNCHANGED)


@both
async def test_only_what_differs_is_updated(client: AsyncClient, world: World) -> None:
    options = m.Options(verify_mode="NONE", log_level="BASIC")
    task = await client.ensure_task(nightly(world, options=options))
    faster = nightly(world, options=m.Options(bytes_per_second=1000), excludes=exclude("*.tmp"))
    changed = await client.ensure_task(faster)
    assert (changed.action, changed.arn) == (Action.UPDATED, task.arn)
    assert [(each.path, each.actual, each.wanted) for each in changed.changes] == [
        ("Options.BytesPerSecond", -1, 1000),
        ("Excludes", None, exclude("*.tmp")),
    ]
    described = world.client.describe_task(task_arn=task.arn)
    assert described.options is not None
    assert (described.options.verify_mode, described.options.log_level) == ("NONE", "BASIC")
    assert described.options.bytes_per_second == 1000
    assert (await client.ensure_task(faster)).action is Action.UNCHANGED


@both
async def test_what_is_empty_is_removed(client: AsyncClient, world: World) -> None:
    scheduled = nightly(world, schedule=m.TaskSchedule(schedule_expression="rate(12 hours)"))
    task = await client.ensure_task(scheduled)
    assert (await client.ensure_task(nightly(world))).action is Action.UNCHANGED
    removed = await client.ensure_task(nightly(world, schedule=m.TaskSchedule(schedule_expression="")))
    assert removed.action is Action.UPDATED
    schedule = world.client.describe_task(task_arn=task.arn).schedule
    assert schedule is None or not schedule.schedule_expression


@both
async def test_a_location_is_updated(client: AsyncClient, world: World) -> None:
    first = await client.ensure_location(smb(world))
    other = await client.ensure_location(smb(world, user="you", password="other"))
    assert (other.action, other.arn) == (Action.UPDATED, first.arn)
    assert [each.path for each in other.changes] == ["User"]
    assert world.client.describe_location_smb(location_arn=first.arn).user == "you"


@both
async def test_secrets_are_set_anew_only_where_that_is_wanted(client: AsyncClient, world: World) -> None:
    await client.ensure_location(smb(world))
    assert (await client.ensure_location(smb(world, password="new"))).action is Action.UNCHANGED
    updated = await client.ensure_location(smb(world, password="new"), secrets="update")
    assert updated.action is Action.UPDATED
    assert [each.path for each in updated.changes] == ["Password"]
    assert "new" not in str(updated)


@both
async def test_a_task_whose_locations_are_others_is_refused(client: AsyncClient, world: World) -> None:
    task = await client.ensure_task(nightly(world))
    turned = evolve(nightly(world), source_location_arn=world.to_arn, destination_location_arn=world.from_arn)
    with pytest.raises(UnchangeableError, match=r"SourceLocationArn: is .* no update can change") as caught:
        await client.ensure_task(turned)
    assert caught.value.arn == task.arn
    assert len(list(world.client.iter_tasks())) == 1


@both
async def test_a_location_that_no_update_can_make_so_is_created_beside(client: AsyncClient) -> None:
    efs = m.CreateLocationEfsRequest(
        efs_filesystem_arn="arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-0123456789abcdef0",
        ec2_config=m.Ec2Config(
            subnet_arn="arn:aws:ec2:us-east-1:123456789012:subnet/subnet-0123456789abcdef0",
            security_group_arns=["arn:aws:ec2:us-east-1:123456789012:security-group/sg-0123456789abcdef0"],
        ),
    )
    other = evolve(
        efs,
        ec2_config=evolve(
            efs.ec2_config, subnet_arn="arn:aws:ec2:us-east-1:123456789012:subnet/subnet-0000000000000000a"
        ),
    )
    first = await client.ensure_location(efs)
    second = await client.ensure_location(other)
    assert (second.action, second.arn != first.arn) == (Action.CREATED, True)
    assert (await client.ensure_location(efs)).arn == first.arn
    assert (await client.ensure_location(other)).arn == second.arn


@both
async def test_one_of_several_is_not_guessed(client: AsyncClient, world: World) -> None:
    for user in ("one", "two"):
        world.client.send(smb(world, user=user))
    with pytest.raises(AmbiguousError, match="there are 2 such things to update"):
        await client.ensure_location(smb(world, user="three"))
    exact = await client.ensure_location(smb(world, user="two"))
    assert exact.action is Action.UNCHANGED


@both
async def test_the_oldest_of_those_that_are_the_same_is_taken(client: AsyncClient, world: World) -> None:
    arns = []
    for _ in range(3):
        arns.append(world.client.send(ARCHIVE).location_arn)
        world.clock.advance(timedelta(seconds=1))
    found = await client.ensure_location(ARCHIVE)
    assert (found.arn, set(found.duplicates)) == (arns[0], set(arns[1:]))


@both
async def test_a_create_whose_answer_is_lost_is_found(client: AsyncClient, world: World) -> None:
    world.service.faults.drop_connection(operation="CreateLocationS3", answer_lost=True)
    location = await client.ensure_location(ARCHIVE)
    assert location.action is Action.CREATED
    assert locations(world).count("s3://archive/2024/") == 1
    world.service.faults.drop_connection(operation="CreateTask", answer_lost=True)
    task = await client.ensure_task(nightly(world))
    assert [each.task_arn for each in world.client.iter_tasks()] == [task.arn]


@both
async def test_a_create_that_did_not_happen_is_told(client: AsyncClient, world: World) -> None:
    world.service.faults.drop_connection(operation="CreateLocationS3")
    with pytest.raises(TransportError):
        await client.ensure_location(ARCHIVE)
    assert "s3://archive/2024/" not in locations(world)


@both
async def test_an_update_whose_answer_is_lost_can_be_repeated(client: AsyncClient, world: World) -> None:
    await client.ensure_task(nightly(world))
    wanted = nightly(world, options=m.Options(verify_mode="NONE"))
    world.service.faults.drop_connection(operation="UpdateTask", answer_lost=True)
    with pytest.raises(TransportError):
        await client.ensure_task(wanted)
    assert (await client.ensure_task(wanted)).action is Action.UNCHANGED


@pytest.fixture
def service(tmp_path: Path) -> Iterator[LocalDataSync]:
    """One whose time passes, so that one of two is the older one."""
    with LocalDataSync(tmp_path / "passing") as running:
        yield running


def test_a_create_that_botocore_sends_twice_leaves_one(service: LocalDataSync) -> None:
    config = Config(retries={"mode": "standard", "max_attempts": 3})
    with service.client(config=config) as client:
        made = []
        for uri in ("s3://archive/2024/", "s3://from/"):
            service.faults.drop_connection(operation="CreateLocationS3", answer_lost=True)
            bucket, _, path = uri.removeprefix("s3://").partition("/")
            location = client.ensure_location(
                evolve(ARCHIVE, s3_bucket_arn=f"arn:aws:s3:::{bucket}", subdirectory=path)
            )
            assert (location.action, location.duplicates) == (Action.CREATED, ())
            assert [each.location_uri for each in client.iter_locations()].count(uri) == 1
            made.append(location.arn)
        service.faults.drop_connection(operation="CreateTask", answer_lost=True)
        task = client.ensure_task(
            m.CreateTaskRequest(source_location_arn=made[0], destination_location_arn=made[1])
        )
        assert [each.task_arn for each in client.iter_tasks()] == [task.arn]


def test_programs_that_ask_at_once_get_the_same(service: LocalDataSync) -> None:
    with service.client() as client, ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            found = {each.arn for each in pool.map(client.ensure_location, [ARCHIVE] * 8)}
            left = [str(each.location_arn) for each in client.iter_locations()]
            assert found <= set(left)
            assert client.ensure_location(ARCHIVE).arn in found
            for arn in left:
                client.delete_location(location_arn=arn)


def test_coroutines_that_ask_in_the_same_moment_get_what_is_there(world: World) -> None:
    """Time stands still, so nobody can tell which is the oldest."""

    async def program() -> None:
        async with world.service.async_client() as client:
            found = await asyncio.gather(*(client.ensure_task(nightly(world)) for _ in range(8)))
            left = {each.task_arn async for each in client.iter_tasks()}
            assert {each.arn for each in found} <= left
            assert (await client.ensure_task(nightly(world))).arn in left

    asyncio.run(program())


@both
async def test_what_breaks_rules_is_told_whatever_is_there(client: AsyncClient, world: World) -> None:
    await client.ensure_task(nightly(world))
    wrong = m.Options(transfer_mode="ALL", preserve_deleted_files="REMOVE")
    with pytest.raises(ValidationError, match="TransferMode"):
        await client.ensure_task(nightly(world, options=wrong))
    with pytest.raises(ValidationError):
        await client.ensure_location(m.CreateLocationS3Request(s3_bucket_arn=None, s3_config=BUCKET))  # type: ignore[arg-type]


@both
async def test_a_request_that_creates_something_else_is_refused(client: AsyncClient, world: World) -> None:
    there = locations(world)
    for wrong in (nightly(world), m.DescribeTaskRequest(task_arn="x"), "s3://archive", m.CreateTaskRequest):
        with pytest.raises(TypeError, match=r"ensure_location takes a CreateLocation\.\.\.Request, .*, not "):
            await client.ensure_location(wrong)  # type: ignore[arg-type]  # on purpose
    for also_wrong in (ARCHIVE, "nightly"):
        with pytest.raises(TypeError, match="ensure_task takes a CreateTaskRequest, not "):
            await client.ensure_task(also_wrong)  # type: ignore[arg-type]  # on purpose
    assert locations(world) == there


@both
async def test_a_task_without_a_name_is_known_by_its_locations(client: AsyncClient, world: World) -> None:
    request = evolve(nightly(world), name=None)
    first = await client.ensure_task(request)
    assert first.action is Action.CREATED
    assert (await client.ensure_task(request)).arn == first.arn
    changed = await client.ensure_task(evolve(request, options=m.Options(verify_mode="NONE")))
    assert (changed.action, changed.arn) == (Action.UPDATED, first.arn)
