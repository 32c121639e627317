"""Executions over time: what they tell on the way, how they are steered, and what goes wrong on request."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
import urllib3

from datasync_sdk import Client, structure
from datasync_sdk import models as m
from datasync_sdk.errors import InvalidRequestError
from datasync_sdk.local import LocalDataSync, ManualClock
from datasync_sdk.local.reports import report as reports
from datasync_sdk.local.runs.history import ended
from datasync_sdk.local.transfer.engine import run as transfer
from datasync_sdk.local.transfer.job import Ended

START = datetime(2026, 1, 1, tzinfo=UTC)
ROLE = "arn:aws:iam::111222333444:role/datasync"
BUCKET = m.S3Config(bucket_access_role_arn=ROLE)
SUCCESS, ERROR = m.TaskExecutionStatus.SUCCESS, m.TaskExecutionStatus.ERROR

modes = pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])


class World:
    """A service with an agent, a file server, a bucket, and a clock that the test turns."""

    def __init__(self, root: Path) -> None:
        self.clock = ManualClock(START)
        self.service = LocalDataSync(root, clock=self.clock)
        self.client: Client = self.service.client()
        self.agent = self.client.create_agent(activation_key="AAAAA-BBBBB-CCCCC-DDDDD-EEEEE").agent_arn
        self.from_arn = self.client.create_location_s3(
            s3_bucket_arn="arn:aws:s3:::from", s3_config=BUCKET
        ).location_arn
        self.to_arn = self.client.create_location_s3(
            s3_bucket_arn="arn:aws:s3:::to", s3_config=BUCKET
        ).location_arn
        self.source, self.target = self.service.folder("s3://from/"), self.service.folder("s3://to/")

    def close(self) -> None:
        """Stop all."""
        self.client.close()
        self.service.close()

    def task(self, mode: str = "BASIC", **members: object) -> str:
        """Make a task that moves from one bucket to the other."""
        request = m.CreateTaskRequest(
            source_location_arn=self.from_arn,
            destination_location_arn=self.to_arn,
            task_mode=mode,  # type: ignore[arg-type]
            **members,  # type: ignore[arg-type]
        )
        return self.client.send(request).task_arn

    def start(self, task: str) -> str:
        """Start it, and wait until it has ended or waits for time to pass."""
        arn = self.client.start_task_execution(task_arn=task).task_execution_arn
        self.clock.settle()
        return arn

    def see(self, execution: str) -> m.DescribeTaskExecutionResponse:
        """What is told of an execution now."""
        return self.client.describe_task_execution(task_execution_arn=execution)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path / "root")
    yield world
    world.close()


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


def phases(described: m.DescribeTaskExecutionResponse) -> list[tuple[str | None, int | None]]:
    """The status and the duration of each phase."""
    result = described.result
    assert result
    return [
        (result.prepare_status, result.prepare_duration),
        (result.transfer_status, result.transfer_duration),
        (result.verify_status, result.verify_duration),
    ]


@modes
def test_durations_move_while_it_runs_and_a_cancel_keeps_what_is_over(world: World, mode: str) -> None:
    for number in range(10):
        (world.source / f"file{number}").write_bytes(bytes(10_000))
    basic = mode == "BASIC"
    execution = world.start(world.task(mode, options=m.Options(bytes_per_second=10_000)))
    world.clock.advance(timedelta(seconds=3))
    seen = world.see(execution)
    assert seen.result
    assert seen.result.total_duration == 3000
    assert phases(seen) == [("PENDING", 0), ("PENDING", 3000 if basic else 0), ("PENDING", 0)]
    world.clock.advance(timedelta(seconds=1))
    world.client.cancel_task_execution(task_execution_arn=execution)
    world.clock.settle()
    ended = world.see(execution)
    assert ended.result
    assert ended.result.total_duration == 4000
    if basic:
        assert phases(ended) == [("SUCCESS", 0), ("ERROR", 4000), ("PENDING", 0)]
    else:
        assert phases(ended) == [("ERROR", 0)] * 3


def test_what_failed_to_be_prepared_is_told_by_a_cancelled_execution(world: World) -> None:
    for name in ("good", "bad"):
        (world.source / name).mkdir()
        (world.source / name / "file").write_bytes(bytes(10_000))
    world.service.faults.unreadable("/bad")
    execution = world.start(world.task("BASIC", options=m.Options(bytes_per_second=1_000)))
    world.client.cancel_task_execution(task_execution_arn=execution)
    world.clock.settle()
    assert phases(world.see(execution)) == [("ERROR", 0), ("ERROR", 0), ("PENDING", 0)]


@modes
def test_what_never_begins_stays_pending(world: World, mode: str) -> None:
    (world.source / "file").write_bytes(bytes(10_000))
    task = world.task(mode, options=m.Options(bytes_per_second=1_000))
    world.start(task)
    queued = world.start(task)
    world.client.cancel_task_execution(task_execution_arn=queued)
    assert phases(world.see(queued)) == [("PENDING", 0)] * 3


@modes
def test_what_it_has_done_is_kept_while_it_runs(world: World, mode: str) -> None:
    """As a kill would find it: the store is read by somebody else."""
    for number in range(10):
        (world.source / f"file{number}").write_bytes(bytes(10_000))
    execution = world.start(world.task(mode, options=m.Options(bytes_per_second=10_000)))
    world.clock.advance(timedelta(seconds=5))
    seen = world.see(execution)
    assert seen.files_transferred
    state = sqlite3.connect(world.service.root / ".datasync" / "state.sqlite")
    for _ in range(300):
        (found,) = state.execute("SELECT described FROM resources WHERE arn = ?", [execution]).fetchone()
        kept = structure(json.loads(found), m.DescribeTaskExecutionResponse)
        if kept.files_transferred == seen.files_transferred and kept.result == seen.result:
            break
        time.sleep(0.1)
    state.close()
    assert (kept.files_transferred, kept.result) == (seen.files_transferred, seen.result)


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


def test_fixture_gives_a_service_of_the_tests_own(datasync_local: LocalDataSync, tmp_path: Path) -> None:
    assert datasync_local.root == tmp_path / "datasync"
    with datasync_local.client() as client:
        assert not list(client.iter_tasks())


def test_fixture_leads_clients_of_others_there(datasync_endpoint: str, datasync_local: LocalDataSync) -> None:
    """As code makes them that knows nothing of the test."""
    key = "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE"
    made = boto3.client("datasync").create_agent(ActivationKey=key)["AgentArn"]
    with datasync_local.client() as client, Client() as theirs:
        assert [agent.agent_arn for agent in client.iter_agents()] == [made]
        assert [agent.agent_arn for agent in theirs.iter_agents()] == [made]
    assert datasync_endpoint.startswith("http://127.0.0.1:")


def test_fixture_leads_there_whatever_the_user_has_set_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    (tmp_path / "config").write_text("[default]\nignore_configured_endpoint_urls = true\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_DEFAULT_PROFILE", "work")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    url = request.getfixturevalue("datasync_endpoint")
    client = boto3.Session().client("datasync")
    assert client.meta.endpoint_url == url
    assert client.list_tasks()["Tasks"] == []


@modes
def test_names_that_are_no_utf_8_are_told_as_escapes(world: World, mode: str) -> None:
    (world.source / os.fsdecode(b"bad\xff")).write_text("data")
    world.service.faults.unreadable("/bad*")
    execution = world.start(world.task(mode, options=m.Options(verify_mode="NONE")))
    with world.service.serve() as url:
        headers = {"X-Amz-Target": "FmrsService.DescribeTaskExecution"}
        body = json.dumps({"TaskExecutionArn": execution})
        answer = urllib3.request("POST", url, headers=headers, body=body)
    detail = answer.json()["Result"]["ErrorDetail"]
    assert detail.encode() == rb"1 item failed: /bad\xff: Permission denied (errno 13)"


def test_what_is_served_is_there_until_the_block_ends(tmp_path: Path) -> None:
    with LocalDataSync(tmp_path / "root") as service:
        with service.serve() as url:
            assert urllib3.request("GET", url).json()["name"] == "datasync_sdk.local"
        with pytest.raises(urllib3.exceptions.HTTPError):
            urllib3.request("GET", url, retries=False)
        with service.client() as client:
            assert not list(client.iter_tasks())


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


def with_report(world: World) -> str:
    """A task with a report of its executions."""
    bucket = m.ReportDestinationS3(s3_bucket_arn="arn:aws:s3:::reports", bucket_access_role_arn=ROLE)
    config = m.TaskReportConfig(destination=m.ReportDestination(s3=bucket), output_type="SUMMARY_ONLY")
    return world.task(task_report_config=config)


def test_what_is_asked_for_while_the_report_is_written_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = with_report(world)

    def meanwhile(*arguments: Any, **named: Any) -> m.ReportResult:
        [entry] = world.client.iter_task_executions(task_arn=task)
        world.client.update_task_execution(
            task_execution_arn=entry.task_execution_arn or "", options=m.Options(bytes_per_second=7)
        )
        return reports.write_reports(*arguments, **named)

    monkeypatch.setattr("datasync_sdk.local.runs.running.write_reports", meanwhile)
    ended = world.see(world.start(task))
    assert ended.status == SUCCESS
    assert ended.options
    assert ended.options.bytes_per_second == 7


def test_a_transfer_that_is_over_is_not_cancelled_while_its_report_is_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = with_report(world)
    seen: list[object] = []

    def meanwhile(*arguments: Any, **named: Any) -> m.ReportResult:
        [entry] = world.client.iter_task_executions(task_arn=task)
        with pytest.raises(InvalidRequestError, match="is over"):
            world.client.cancel_task_execution(task_execution_arn=entry.task_execution_arn or "")
        seen.append(world.see(entry.task_execution_arn or "").status)
        return reports.write_reports(*arguments, **named)

    monkeypatch.setattr("datasync_sdk.local.runs.running.write_reports", meanwhile)
    assert world.see(world.start(task)).status == SUCCESS
    assert seen == [m.TaskExecutionStatus.VERIFYING]


def test_what_is_told_to_be_cancelling_never_becomes_a_success(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = with_report(world)

    def too_late(*arguments: Any) -> Ended:
        """The transfer is over, and nobody knows yet."""
        how = transfer(*arguments)
        [entry] = world.client.iter_task_executions(task_arn=task)
        world.client.cancel_task_execution(task_execution_arn=entry.task_execution_arn or "")
        assert world.see(entry.task_execution_arn or "").status == m.TaskExecutionStatus.CANCELLING
        return how

    monkeypatch.setattr("datasync_sdk.local.runs.running.transfer", too_late)
    described = world.see(world.start(task))
    assert described.status == ERROR
    assert described.result
    assert described.result.error_code == "TaskExecutionCancelled"
    assert described.report_result == m.ReportResult(status=m.PhaseStatus.SUCCESS)


def test_who_sees_that_an_execution_has_ended_can_start_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = world.task(options=m.Options(task_queueing="DISABLED"))
    remove, seen = shutil.rmtree, []

    def meanwhile(folder: Path, **options: Any) -> None:
        """The last that an execution does."""
        seen.append(world.client.describe_task(task_arn=task).status)
        remove(folder, **options)

    monkeypatch.setattr("datasync_sdk.local.runs.running.shutil.rmtree", meanwhile)
    world.start(task)
    assert seen == [m.TaskStatus.AVAILABLE]


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


def test_a_mistake_in_the_package_ends_the_execution(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a secret of the inside")

    task = world.task()
    with monkeypatch.context() as patch:
        patch.setattr("datasync_sdk.local.runs.running.transfer", broken)
        ended = world.see(world.start(task))
    assert ended.status == ERROR
    assert ended.result
    assert ended.result.error_code == "InternalError"
    assert "secret" not in str(ended.result)
    assert "a secret of the inside" in caplog.text
    assert world.see(world.start(task)).status == SUCCESS


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        ("BASIC", "2 items failed; the first was /bad-\\nü-\\xff-"),
        ("ENHANCED", "2 items failed; the first was /bad-\\nü-\\xff-"),
    ],
)
def test_items_that_failed_are_logged_once(
    world: World, caplog: pytest.LogCaptureFixture, mode: str, told: str
) -> None:
    """One line for the execution, however many failed, whatever they are called; none where all went well."""
    (world.source / "good").write_text("data")
    # Otherwise each would fail a second time when it is verified.
    task = world.task(mode, options=m.Options(verify_mode="NONE"))
    world.start(task)
    assert not caplog.records
    for number in (1, 2):
        (world.source / f"bad-\nü-{os.fsdecode(bytes([255]))}-{number}").write_text("data")
    world.service.faults.unreadable("/bad*")
    execution = world.start(task)
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("datasync_sdk.local", "WARNING")
    assert record.getMessage().startswith(f"{execution}: {told}")
    assert record.getMessage().isprintable()


def test_what_never_ran_has_no_report(world: World) -> None:
    task = with_report(world)
    world.service.faults.hang("LAUNCHING")
    first, second = world.start(task), world.start(task)
    waiting = world.see(second).report_result
    assert waiting == m.ReportResult(status=m.PhaseStatus.PENDING)
    for execution in (second, first):
        world.client.cancel_task_execution(task_execution_arn=execution)
    world.clock.settle()
    never = world.see(second).report_result
    assert never
    assert (never.status, never.error_code) == (m.PhaseStatus.ERROR, "TaskExecutionCancelled")
    assert world.see(first).report_result == m.ReportResult(status=m.PhaseStatus.SUCCESS)


def test_a_clock_that_was_set_back_makes_no_duration_negative() -> None:
    execution = m.DescribeTaskExecutionResponse(task_execution_arn="arn:x", launch_time=START)
    result = m.TaskExecutionResultDetail()
    told = ended(execution, result, START - timedelta(seconds=5)).result
    assert told
    assert told.total_duration == 0
    told = ended(execution, result, START + timedelta(seconds=5)).result
    assert told
    assert told.total_duration == 5000


def test_what_is_too_old_to_be_described_has_no_tags_either(world: World) -> None:
    execution = world.start(world.task())
    tags = [m.TagListEntry(key="a", value="b")]
    world.client.tag_resource(resource_arn=execution, tags=tags)
    world.clock.advance(timedelta(days=30, seconds=-1))
    assert world.client.list_tags_for_resource(resource_arn=execution).tags == tuple(tags)
    world.clock.advance(timedelta(seconds=2))
    for call in (
        lambda: world.see(execution),
        lambda: world.client.list_tags_for_resource(resource_arn=execution),
        lambda: world.client.tag_resource(resource_arn=execution, tags=tags),
        lambda: world.client.untag_resource(resource_arn=execution, keys=["a"]),
    ):
        with pytest.raises(InvalidRequestError, match="is not found"):
            call()


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


def test_a_report_that_cannot_be_written_is_told_and_no_more(world: World) -> None:
    task = with_report(world)
    (world.service.root / "s3" / "reports").write_text("in the way")
    ended = world.see(world.start(task))
    assert ended.status == SUCCESS
    assert ended.report_result
    assert ended.report_result.status == m.PhaseStatus.ERROR
    assert ended.report_result.error_code


@modes
def test_a_source_that_is_gone_empties_no_destination(world: World, mode: str) -> None:
    """It is not made anew, for it would be empty; what to do is said."""
    (world.source / "file").write_text("data")
    task = world.task(mode, options=m.Options(preserve_deleted_files="REMOVE"))
    assert world.see(world.start(task)).status == SUCCESS
    shutil.rmtree(world.source)
    ended = world.see(world.start(task))
    assert ended.status == ERROR
    assert ended.result
    assert f"there is no folder {world.source}. Make it" in (ended.result.error_detail or "")
    assert not world.source.exists()
    assert (world.target / "file").read_text() == "data"


def test_a_location_that_is_gone_is_an_error_of_the_execution(world: World) -> None:
    task = world.task()
    world.source.rmdir()
    ended = world.see(world.start(task))
    assert ended.status == ERROR
    assert ended.result
    assert ended.result.error_code == "LocationAccessTestFailed"
    assert not world.source.exists()
    world.source.mkdir()
    world.target.rmdir()
    assert world.see(world.start(task)).status == SUCCESS
    assert world.target.is_dir()


def test_a_cancel_right_after_a_start_is_a_cancel(tmp_path: Path) -> None:
    """By many at once: an execution is being launched when it is cancelled, or only about to be."""
    wrong: list[object] = []
    with LocalDataSync(tmp_path / "root") as service, service.client() as client:
        places = [
            client.create_location_s3(s3_bucket_arn=f"arn:aws:s3:::{name}", s3_config=BUCKET).location_arn
            for name in ("from", "to")
        ]
        (service.folder(places[0]) / "file").write_text("data")

        def go() -> None:
            task = client.create_task(
                source_location_arn=places[0], destination_location_arn=places[1]
            ).task_arn
            for _ in range(40):
                run = client.start_task_execution(task_arn=task).task_execution_arn
                try:
                    client.cancel_task_execution(task_execution_arn=run)
                except InvalidRequestError:
                    continue  # It has ended already.
                statuses = []
                while not (seen := client.describe_task_execution(task_execution_arn=run)).end_time:
                    statuses.append(seen.status)
                code = seen.result and seen.result.error_code
                if code != "TaskExecutionCancelled" or {*statuses} - {m.TaskExecutionStatus.CANCELLING}:
                    wrong.append((code, statuses))

        threads = [threading.Thread(target=go) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong


def test_what_goes_wrong_after_the_end_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    task = world.task()
    with monkeypatch.context() as patch:
        patch.setattr("datasync_sdk.local.runs.running.shutil.rmtree", broken)
        ended = world.see(world.start(task))
    assert ended.status == SUCCESS
    assert "No space left" in caplog.text
    assert world.see(world.start(task)).status == SUCCESS
