"""How executions end: well, cancelled, killed or broken, and what is told of it."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import urllib3

from datasync_sdk import models as m
from datasync_sdk import structure
from datasync_sdk.errors import InvalidRequestError
from datasync_sdk.local import LocalDataSync
from datasync_sdk.local.reports import report as reports
from datasync_sdk.local.runs.history import ended
from datasync_sdk.local.transfer.engine import run as transfer
from datasync_sdk.local.transfer.job import Ended
from tests.local.world import BUCKET, ERROR, ROLE, START, SUCCESS, World, modes, world

__all__ = ["world"]  # the fixture


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
