"""Tasks: what an update changes and what it leaves, what a task's agents are, when it can be deleted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from datasync_sdk import models as m
from datasync_sdk.errors import InvalidRequestError
from datasync_sdk.local.resources import executions
from datasync_sdk.local.resources.tasks import agents_of, find_task
from tests.local.world import ROLE, World, modes

FILTER = m.FilterRule(filter_type="SIMPLE_PATTERN", value="/a")
REPORT = m.TaskReportConfig(
    destination=m.ReportDestination(
        s3=m.ReportDestinationS3(s3_bucket_arn="arn:aws:s3:::reports", bucket_access_role_arn=ROLE)
    ),
    output_type="SUMMARY_ONLY",
)
MANIFEST = m.ManifestConfig(
    source=m.SourceManifestConfig(
        s3=m.S3ManifestConfig(
            manifest_object_path="list.csv", s3_bucket_arn="arn:aws:s3:::lists", bucket_access_role_arn=ROLE
        )
    )
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path / "root")
    yield world
    world.close()


def nfs(world: World, name: str) -> str:
    """A location behind the agent."""
    return world.client.create_location_nfs(
        server_hostname="server",
        subdirectory=f"/{name}",
        on_prem_config=m.OnPremConfig(agent_arns=[world.agent]),
    ).location_arn


def test_an_update_changes_what_is_given_and_nothing_else(world: World) -> None:
    task = world.task(
        name="before",
        options=m.Options(verify_mode="NONE", bytes_per_second=7),
        excludes=[FILTER],
        task_report_config=REPORT,
        manifest_config=MANIFEST,
    )
    before = world.client.describe_task(task_arn=task)
    world.client.update_task(task_arn=task, options=m.Options(bytes_per_second=8), name="after")
    after = world.client.describe_task(task_arn=task)
    assert after.options
    assert (after.options.verify_mode, after.options.bytes_per_second) == ("NONE", 8)
    assert after.name == "after"
    kept = ("excludes", "task_report_config", "manifest_config", "source_location_arn", "creation_time")
    assert all(getattr(after, name) == getattr(before, name) is not None for name in kept)


@modes
def test_who_sets_no_option_is_not_warned_of_any(world: World, mode: str) -> None:
    """The service tells all options of a task; a preflight does not take their defaults for given."""
    request = m.CreateTaskRequest(
        source_location_arn=nfs(world, "source"),
        destination_location_arn=world.to_arn,
        task_mode=mode,  # type: ignore[arg-type]
    )
    assert world.client.preflight(request) == ()
    task = world.client.send(request).task_arn
    assert world.client.preflight(m.StartTaskExecutionRequest(task_arn=task)) == ()
    assert world.client.preflight(m.UpdateTaskRequest(task_arn=task, name="new")) == ()
    given = m.Options(security_descriptor_copy_flags="OWNER_DACL")
    (found,) = world.client.preflight(m.UpdateTaskRequest(task_arn=task, options=given))
    assert (found.rule, found.severity) == ("OPT-43", "warning")


def test_what_is_given_empty_is_removed(world: World) -> None:
    task = world.task(
        excludes=[FILTER], includes=[FILTER], task_report_config=REPORT, manifest_config=MANIFEST
    )
    world.client.update_task(
        task_arn=task,
        excludes=[],
        includes=[],
        task_report_config=m.TaskReportConfig(),
        manifest_config=m.ManifestConfig(),
    )
    described = world.client.describe_task(task_arn=task)
    removed = ("excludes", "includes", "task_report_config", "manifest_config")
    assert [getattr(described, name) for name in removed] == [None] * 4


@pytest.mark.parametrize("at_source", [True, False])
def test_the_agents_of_a_task_are_those_of_both_its_locations(world: World, at_source: bool) -> None:
    here, there = nfs(world, "one"), world.to_arn
    source, destination = (here, there) if at_source else (there, here)
    arn = world.client.create_task(source_location_arn=source, destination_location_arn=destination).task_arn
    state = world.service._state
    assert agents_of(state, find_task(state, arn).described) == (world.agent,)
    both = world.client.create_task(source_location_arn=here, destination_location_arn=nfs(world, "two"))
    assert agents_of(state, find_task(state, both.task_arn).described) == (world.agent,)


def test_a_task_that_only_waits_is_not_deleted(world: World) -> None:
    tasks = [
        world.client.create_task(
            source_location_arn=nfs(world, name), destination_location_arn=world.to_arn
        ).task_arn
        for name in ("one", "two")
    ]
    world.service.faults.hang("LAUNCHING")
    world.start(tasks[0])
    waiting = world.start(tasks[1])
    described = world.client.describe_task(task_arn=tasks[1])
    assert (described.status, described.current_task_execution_arn) == (m.TaskStatus.QUEUED, None)
    with pytest.raises(InvalidRequestError, match="queued or running"):
        world.client.delete_task(task_arn=tasks[1])
    world.client.cancel_task_execution(task_execution_arn=waiting)
    world.client.delete_task(task_arn=tasks[1])


def test_the_filters_of_a_list_are_asked(world: World) -> None:
    task = world.task(name="x")
    other = world.client.create_task(
        source_location_arn=nfs(world, "one"), destination_location_arn=world.to_arn
    ).task_arn
    filters = [m.TaskFilter(name="LocationId", operator="In", values=[world.from_arn])]
    assert [entry.task_arn for entry in world.client.iter_tasks(filters=filters)] == [task]
    assert [entry.task_arn for entry in world.client.iter_tasks()] == [task, other]


def test_an_execution_that_was_queued_by_a_schedule_is_marked_so(world: World) -> None:
    state, task = world.service._state, world.task()
    world.service.faults.hang("LAUNCHING")
    with state.store.transaction():
        request = m.StartTaskExecutionRequest(task_arn=task)
        started = [executions.start(state, request, scheduled=each) for each in (True, False)]
    found = [state.store.get(each.task_execution_arn or "") for each in started]
    assert [each and each.hidden["scheduled"] for each in found] == [True, False]
