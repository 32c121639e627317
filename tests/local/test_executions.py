"""Executions over time: what they tell on the way, how they are steered, and what goes wrong on request."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from datasync_sdk import models as m
from datasync_sdk.errors import InvalidRequestError
from tests.local.world import ERROR, ROLE, START, SUCCESS, World, modes, world

__all__ = ["world"]  # the fixture


@modes
def test_counters_move_while_it_runs_as_fast_as_it_may(world: World, mode: str) -> None:
    (world.source / "file").write_bytes(bytes(100_000))
    task = world.task(mode, options=m.Options(bytes_per_second=10_000))
    execution = world.start(task)
    described = world.see(execution)
    assert described.status == m.TaskExecutionStatus.TRANSFERRING
    assert world.client.describe_task(task_arn=task).current_task_execution_arn == execution
    seen = [described.bytes_transferred or 0]
    for _ in range(5):
        world.clock.advance(timedelta(seconds=1))
        seen.append(world.see(execution).bytes_transferred or 0)
    assert seen == sorted(seen)
    assert 30_000 <= seen[-1] <= 70_000
    assert not (world.target / "file").exists()

    world.client.update_task_execution(task_execution_arn=execution, options=m.Options(bytes_per_second=-1))
    world.clock.settle()
    ended = world.see(execution)
    assert ended.status == SUCCESS
    assert ended.options
    assert ended.options.bytes_per_second == -1
    assert ended.bytes_written == ended.bytes_transferred == ended.estimated_bytes_to_transfer == 100_000
    assert ended.end_time == START + timedelta(seconds=5)
    assert ended.result
    assert ended.result.total_duration == 5000
    durations = (
        ended.result.prepare_duration,
        ended.result.transfer_duration,
        ended.result.verify_duration,
    )
    assert durations == (0, 5000 if mode == "BASIC" else 0, 0)
    assert ended.task_mode == mode
    enhanced = (ended.files_listed, ended.files_failed, ended.folders_transferred, ended.files_prepared)
    assert all((value is None) == (mode == "BASIC") for value in enhanced)
    assert (ended.bytes_compressed is None) == (mode == "ENHANCED")
    assert (world.target / "file").stat().st_size == 100_000
    with pytest.raises(Exception, match="nothing can be throttled"):
        world.client.update_task_execution(
            task_execution_arn=execution, options=m.Options(bytes_per_second=5)
        )


@modes
def test_cancelling_leaves_whole_files_and_the_next_run_does_the_rest(world: World, mode: str) -> None:
    for number in range(10):
        (world.source / f"file{number}").write_bytes(bytes([number]) * 10_000)
    task = world.task(mode, options=m.Options(bytes_per_second=20_000))
    execution = world.start(task)
    world.clock.advance(timedelta(seconds=2))
    world.client.cancel_task_execution(task_execution_arn=execution)
    assert world.see(execution).status in (m.TaskExecutionStatus.CANCELLING, ERROR)
    world.clock.settle()
    ended = world.see(execution)
    assert ended.status == ERROR
    assert ended.result
    assert ended.result.error_code == "TaskExecutionCancelled"
    moved = {path.name: path.read_bytes() for path in world.target.iterdir()}
    assert 0 < len(moved) < 10
    assert all(content == bytes([int(name[-1])]) * 10_000 for name, content in moved.items())

    again = world.start(task)
    world.clock.advance(timedelta(minutes=1))
    ended = world.see(again)
    assert ended.status == SUCCESS
    assert ended.bytes_written == (10 - len(moved)) * 10_000
    assert len(list(world.target.iterdir())) == 10


def test_an_agent_runs_one_execution_at_a_time(world: World) -> None:
    nfs = [
        world.client.create_location_nfs(
            server_hostname="server",
            subdirectory=f"/{name}",
            on_prem_config=m.OnPremConfig(agent_arns=[world.agent]),
        ).location_arn
        for name in ("one", "two")
    ]
    tasks = [
        world.client.create_task(source_location_arn=arn, destination_location_arn=world.to_arn).task_arn
        for arn in nfs
    ]
    world.service.faults.hang("PREPARING")
    first, second = (world.start(task) for task in tasks)
    assert world.see(first).status == m.TaskExecutionStatus.PREPARING
    with pytest.raises(InvalidRequestError, match="one of its agents"):
        world.client.start_task_execution(
            task_arn=world.client.create_task(
                source_location_arn=nfs[0], destination_location_arn=world.to_arn
            ).task_arn,
            override_options=m.Options(task_queueing="DISABLED"),
        )
    assert world.see(second).status == m.TaskExecutionStatus.QUEUED
    statuses = [world.client.describe_task(task_arn=task).status for task in tasks]
    assert statuses == [m.TaskStatus.RUNNING, m.TaskStatus.QUEUED]
    world.clock.advance(timedelta(minutes=3))
    world.service.faults.release()
    world.clock.settle()
    ended = world.see(second)
    assert ended.status == SUCCESS
    assert ended.start_time == START
    assert ended.launch_time == START + timedelta(minutes=3)
    assert ended.result
    assert ended.result.total_duration == 0  # Of the execution: it is not long that it waited.


def test_what_waits_runs_by_the_agents_that_its_location_has_by_then(world: World) -> None:
    other = world.client.create_agent(activation_key="AAAAA-BBBBB-CCCCC-DDDDD-FFFFF").agent_arn
    nfs = [
        world.client.create_location_nfs(
            server_hostname="server",
            subdirectory=f"/{name}",
            on_prem_config=m.OnPremConfig(agent_arns=[agent]),
        ).location_arn
        for name, agent in (("one", world.agent), ("two", world.agent), ("three", other))
    ]
    tasks = [
        world.client.create_task(source_location_arn=arn, destination_location_arn=world.to_arn).task_arn
        for arn in nfs
    ]
    world.service.faults.hang("PREPARING")
    _, second = (world.start(task) for task in tasks[:2])
    assert world.see(second).status == m.TaskExecutionStatus.QUEUED
    world.client.update_location_nfs(location_arn=nfs[1], on_prem_config=m.OnPremConfig(agent_arns=[other]))
    world.clock.settle()
    assert world.see(second).status == m.TaskExecutionStatus.PREPARING
    third = world.start(tasks[2])
    assert world.see(third).status == m.TaskExecutionStatus.QUEUED
    # Those of what runs stay: it is not taken from one agent to another.
    world.client.update_location_nfs(
        location_arn=nfs[1], on_prem_config=m.OnPremConfig(agent_arns=[world.agent])
    )
    world.clock.settle()
    assert world.see(third).status == m.TaskExecutionStatus.QUEUED
    world.service.faults.release()
    world.clock.settle()
    assert world.see(third).status == SUCCESS


def test_what_waits_is_held_by_the_agents_that_its_location_has_by_then(world: World) -> None:
    other = world.client.create_agent(activation_key="AAAAA-BBBBB-CCCCC-DDDDD-FFFFF").agent_arn
    nfs = world.client.create_location_nfs(
        server_hostname="server", subdirectory="/", on_prem_config=m.OnPremConfig(agent_arns=[world.agent])
    ).location_arn
    task = world.client.create_task(source_location_arn=nfs, destination_location_arn=world.to_arn).task_arn
    world.service.faults.hang("PREPARING")
    world.start(task)
    second = world.start(task)
    world.client.update_location_nfs(location_arn=nfs, on_prem_config=m.OnPremConfig(agent_arns=[other]))
    world.service.faults.agent_offline(world.agent)
    world.service.faults.release()
    world.clock.settle()
    assert world.see(second).status == m.TaskExecutionStatus.QUEUED
    world.service.faults.agent_online(world.agent)
    world.service.faults.agent_offline(other)
    world.clock.settle()
    assert world.see(second).status == m.TaskExecutionStatus.LAUNCHING
    world.service.faults.agent_online(other)
    world.clock.settle()
    assert world.see(second).status == SUCCESS


def test_without_its_agent_an_execution_stays_in_launching(world: World) -> None:
    nfs = world.client.create_location_nfs(
        server_hostname="server", subdirectory="/x", on_prem_config=m.OnPremConfig(agent_arns=[world.agent])
    ).location_arn
    task = world.client.create_task(source_location_arn=nfs, destination_location_arn=world.to_arn).task_arn
    world.service.faults.agent_offline(world.agent)
    assert world.client.describe_task(task_arn=task).status == m.TaskStatus.UNAVAILABLE
    assert world.client.describe_agent(agent_arn=world.agent).status == m.AgentStatus.OFFLINE
    execution = world.start(task)
    world.clock.advance(timedelta(hours=1))
    assert world.see(execution).status == m.TaskExecutionStatus.LAUNCHING
    world.service.faults.agent_online(world.agent)
    world.clock.settle()
    assert world.see(execution).status == SUCCESS


@pytest.mark.parametrize("fault", ["unreadable", "full", "corrupt"])
@modes
def test_what_goes_wrong_on_request_is_told(world: World, mode: str, fault: str) -> None:
    for name in ("good", "bad"):
        (world.source / name).write_bytes(b"x" * 1000)
    if fault == "unreadable":
        world.service.faults.unreadable("/bad")
    elif fault == "corrupt":
        world.service.faults.corrupt("/bad")
    else:
        world.service.faults.destination_full(after_bytes=1000)
    task = world.task(mode)
    described = world.see(world.start(task))
    result = described.result
    assert result
    if mode == "BASIC":
        assert described.status == ERROR
        assert result.error_code
        assert result.error_detail
    else:
        assert described.status == SUCCESS
        failed = described.files_failed
        assert failed
        assert (failed.transfer or 0) + (failed.verify or 0) == 1
    world.service.faults.clear()
    # A damaged copy was given another time when it was found, so that the next run takes it for changed.
    assert world.see(world.start(task)).status == SUCCESS
    assert (world.target / "bad").read_bytes() == (world.target / "good").read_bytes() == b"x" * 1000


@modes
def test_reports_are_written_to_their_bucket(world: World, mode: str) -> None:
    (world.source / "file").write_bytes(b"data")
    report = m.TaskReportConfig(
        destination=m.ReportDestination(
            s3=m.ReportDestinationS3(
                s3_bucket_arn="arn:aws:s3:::reports", bucket_access_role_arn=ROLE, subdirectory="daily"
            )
        ),
        output_type="STANDARD",
        report_level="SUCCESSES_AND_ERRORS",
    )
    execution = world.start(world.task(mode, task_report_config=report))
    described = world.see(execution)
    assert described.report_result == m.ReportResult(status="SUCCESS")
    files = sorted((world.service.root / "s3" / "reports" / "daily").rglob("*.json"))
    kinds = {path.name.split(".")[1].partition("-v1")[0] for path in files}
    assert kinds >= {"summary", "files-transferred", "files-verified"}
    for path in files:
        json.loads(path.read_text())
    transferred = next(path for path in files if "files-transferred" in path.name)
    paths = [row["RelativePath"] for row in json.loads(transferred.read_text())["Transferred"]]
    assert ("/file" if mode == "BASIC" else "file") in paths


@modes
def test_a_manifest_says_what_is_moved(world: World, mode: str) -> None:
    for name in ("a", "b", "c"):
        (world.source / name).write_text(name)
    lists = world.service.folder("s3://lists/")
    (lists / "today.csv").write_text("a\nc\n")
    config = m.ManifestConfig(
        action="TRANSFER",
        format="CSV",
        source=m.SourceManifestConfig(
            s3=m.S3ManifestConfig(
                manifest_object_path="today.csv",
                s3_bucket_arn="arn:aws:s3:::lists",
                bucket_access_role_arn=ROLE,
            )
        ),
    )
    task = world.task(mode, manifest_config=config)
    assert world.see(world.start(task)).status == SUCCESS
    assert sorted(path.name for path in world.target.iterdir()) == ["a", "c"]

    (lists / "today.csv").unlink()
    failed = world.see(world.start(task))
    assert failed.status == ERROR
    assert failed.result
    assert failed.result.error_code == "ManifestNotAccessible"


@pytest.mark.parametrize(("source", "target"), [("a", "a"), ("a/b", "a"), ("a", "a/b")])
def test_places_that_overlap_are_left_alone(world: World, tmp_path: Path, source: str, target: str) -> None:
    for name in ("a/1", "a/b/2"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    world.service.mount("s3://from", tmp_path / source)
    world.service.mount("s3://to", tmp_path / target)
    before = sorted((tmp_path / "a").rglob("*"))
    task = world.task(options=m.Options(preserve_deleted_files="REMOVE"))
    ended = world.see(world.start(task))
    assert ended.status == ERROR
    assert ended.result
    assert ended.result.error_code == "LocationsOverlap"
    assert sorted((tmp_path / "a").rglob("*")) == before


def test_fifty_executions_of_a_task_may_wait(world: World) -> None:
    task, other = world.task(), world.task()
    world.service.faults.hang("LAUNCHING")
    first, *waiting = [world.start(task) for _ in range(51)]
    assert world.see(first).status == m.TaskExecutionStatus.LAUNCHING
    assert {world.see(execution).status for execution in waiting} == {m.TaskExecutionStatus.QUEUED}
    with pytest.raises(InvalidRequestError, match="50 executions in the queue"):
        world.start(task)
    world.start(other)  # It has a queue of its own.
    world.client.cancel_task_execution(task_execution_arn=waiting[20])
    assert world.see(waiting[20]).status == ERROR
    world.start(task)
    with pytest.raises(InvalidRequestError, match="50 executions in the queue"):
        world.start(task)
    world.service.faults.release()
    world.clock.settle()
    assert len(list(world.client.iter_task_executions(task_arn=task))) == 52
    assert not [
        entry for entry in world.client.iter_task_executions() if entry.status not in (SUCCESS, ERROR)
    ]


def test_a_hundred_tasks_are_the_most(world: World) -> None:
    tasks = [world.task() for _ in range(100)]
    with pytest.raises(InvalidRequestError, match="limit of 100 tasks"):
        world.task()
    world.client.delete_task(task_arn=tasks[0])
    world.task()


def test_what_waits_is_cancelled_at_once_and_throttled_before_it_runs(world: World) -> None:
    (world.source / "file").write_bytes(bytes(1000))
    task = world.task()
    world.service.faults.hang("LAUNCHING")
    _, second, third = (world.start(task) for _ in range(3))
    world.client.cancel_task_execution(task_execution_arn=second)
    cancelled = world.see(second)
    assert cancelled.status == ERROR
    assert cancelled.result
    assert (cancelled.result.error_code, cancelled.result.total_duration) == ("TaskExecutionCancelled", 0)
    assert (cancelled.launch_time, cancelled.end_time) == (None, START)
    world.client.update_task_execution(task_execution_arn=third, options=m.Options(bytes_per_second=100))
    world.client.update_task(task_arn=task, options=m.Options(transfer_mode="ALL"))  # For later ones.
    world.service.faults.release()
    world.clock.advance(timedelta(seconds=60))
    ended = world.see(third)
    assert ended.status == SUCCESS
    assert ended.options
    assert (ended.options.bytes_per_second, ended.options.transfer_mode) == (100, "CHANGED")


def test_a_task_that_is_changed_while_it_runs_runs_as_it_was(world: World) -> None:
    for name in ("a", "b"):
        (world.source / name).write_text(name)
    task = world.task(excludes=[m.FilterRule(filter_type="SIMPLE_PATTERN", value="/b")])
    world.service.faults.hang("PREPARING")
    execution = world.start(task)
    world.client.update_task(task_arn=task, excludes=[], name="changed")
    world.service.faults.release()
    world.clock.settle()
    assert world.see(execution).status == SUCCESS
    assert [path.name for path in world.target.iterdir()] == ["a"]
    again = world.start(task)
    assert world.see(again).excludes is None
    assert sorted(path.name for path in world.target.iterdir()) == ["a", "b"]


@modes
def test_the_last_phase_counts_too(world: World, mode: str) -> None:
    (world.source / "file").write_bytes(bytes(1000))
    options = [
        m.Options(verify_mode="NONE"),
        m.Options(verify_mode="ONLY_FILES_TRANSFERRED", transfer_mode="ALL"),
    ]
    first, second = (world.see(world.start(world.task(mode, options=each))) for each in options)
    assert (first.bytes_written, first.files_verified) == (1000, 0)
    assert second.files_verified


@modes
def test_includes_and_excludes_say_what_is_moved(world: World, mode: str) -> None:
    for name in ("a", "b", "c"):
        (world.source / name).write_text(name)
    includes = [m.FilterRule(filter_type="SIMPLE_PATTERN", value="/a|/b")]
    excludes = [m.FilterRule(filter_type="SIMPLE_PATTERN", value="/b")]
    assert world.see(world.start(world.task(mode, includes=includes, excludes=excludes))).status == SUCCESS
    assert [path.name for path in world.target.iterdir()] == ["a"]


def test_an_execution_is_started_with_less_than_its_task_has(world: World) -> None:
    rule = m.FilterRule(filter_type="SIMPLE_PATTERN", value="/b")
    task = world.task(excludes=[rule], includes=[rule])
    world.service.faults.hang("LAUNCHING")
    started = world.client.start_task_execution(
        task_arn=task,
        includes=[],
        override_options=m.Options(verify_mode="NONE", bytes_per_second=7),
        tags=[m.TagListEntry(key="k", value="v")],
    ).task_execution_arn
    described = world.see(started)
    assert (described.includes, described.excludes) == (None, (rule,))
    assert described.options
    assert (described.options.verify_mode, described.options.bytes_per_second) == ("NONE", 7)
    assert described.options.log_level == "OFF"
    assert [tag.key for tag in world.client.iter_tags_for_resource(resource_arn=started)] == ["k"]


def test_a_task_is_not_deleted_while_it_is_used(world: World) -> None:
    task = world.task()
    world.service.faults.hang("LAUNCHING")
    first, second = world.start(task), world.start(task)
    for execution in (first, second):
        with pytest.raises(InvalidRequestError, match="running"):
            world.client.delete_task(task_arn=task)
        world.client.cancel_task_execution(task_execution_arn=execution)
        world.clock.settle()
    world.client.delete_task(task_arn=task)
    with pytest.raises(InvalidRequestError, match="not found"):
        world.see(first)


def test_executions_of_no_task_are_not_listed(world: World) -> None:
    task = world.task()
    execution = world.start(task)
    world.start(world.task())
    listed = [entry.task_execution_arn for entry in world.client.iter_task_executions(task_arn=task)]
    assert listed == [execution]
    assert len(list(world.client.iter_task_executions())) == 2
    world.client.delete_task(task_arn=task)
    with pytest.raises(InvalidRequestError, match="not found"):
        world.client.list_task_executions(task_arn=task)
