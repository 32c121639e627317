"""`datasync report`: what became of the items, from a bucket and from a folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import boto3

from datasync_sdk import models as m
from datasync_sdk.objects import S3Objects
from tests.cli.processes import Machine
from tests.cli.support import Tool, filled
from tests.local.world import ROLE, World, modes
from tests.sdk.server import moto, moto_url

__all__ = ["moto", "moto_url"]  # the fixtures

S3 = m.ReportDestinationS3(
    s3_bucket_arn="arn:aws:s3:::reports", subdirectory="/all", bucket_access_role_arn=ROLE
)
REPORT = m.TaskReportConfig(
    destination=m.ReportDestination(s3=S3),
    output_type="STANDARD",
    report_level="SUCCESSES_AND_ERRORS",
)


def reported(world: World, mode: str = "BASIC") -> str:
    """An execution with a report, in which two files of ten failed."""
    task = filled(world, mode)
    world.client.update_task(task_arn=task, task_report_config=REPORT)
    world.service.faults.unreadable("/3.txt|/4.txt")
    return world.start(task)


@modes
def test_what_failed_is_told_with_the_reason_and_the_rest_is_counted(
    tool: Tool, world: World, mode: str
) -> None:
    arn = reported(world, mode)
    lines = tool.out("report", arn).splitlines()
    failed = [line for line in lines if line.startswith("failed  transferred")]
    assert sorted(line.split()[2] for line in failed) == ["3.txt", "4.txt"]
    assert all("ermission" in line or "ccess" in line for line in failed)
    answer = world.see(arn)
    transferred = next(line for line in lines if line.startswith("transferred "))
    if mode == "ENHANCED":  # Folders are counted elsewhere there.
        assert f"{answer.files_transferred} " in transferred
    assert transferred.endswith(" succeeded, 2 failed")
    assert lines[-1].startswith(f"{answer.status}: task nightly, exec-")


def test_a_folder_has_reports_of_executions_and_knows_no_tasks(tool: Tool, world: World) -> None:
    arn = reported(world)
    folder = str(world.service.folder("s3://reports/"))
    assert "say its ARN or its id, exec-..." in tool.error("report", "nightly", "--folder", folder, status=64)
    by_arn = tool.out("report", arn, "--folder", folder)
    assert tool.out("report", arn.rpartition("/")[2], "--folder", folder) == by_arn


@modes
def test_json_has_all_that_failed(tool: Tool, world: World, mode: str) -> None:
    arn = reported(world, mode)
    told = tool.json("report", arn)
    assert told["execution_id"] == arn.rpartition("/")[2]
    transferred = [entry for entry in told["failed"] if entry["kind"] == "transferred"]
    assert sorted((entry["path"], entry["status"]) for entry in transferred) == [
        ("3.txt", "FAILED"),
        ("4.txt", "FAILED"),
    ]
    assert told["counts"]["transferred"]["failed"] == 2
    assert told["summary"]["OverallStatus"] == world.see(arn).status
    assert told["problems"] == []
    assert transferred[0]["timestamp"].endswith("Z")


def test_a_task_stands_for_its_execution_that_ran_last(tool: Tool, world: World) -> None:
    arn = reported(world)
    assert tool.out("report", "nightly") == tool.out("report", arn)


def test_a_folder_needs_no_name_where_it_has_one_report(tool: Tool, world: World, tmp_path: Path) -> None:
    arn = reported(world)
    downloads = tmp_path / "downloads"
    shutil.copytree(world.service.folder("s3://reports/"), downloads)
    told = tool.out("report", "--folder", str(downloads))
    assert told == tool.out("report", arn) == tool.out("report", arn, "--folder", str(downloads))
    world.client.start_task_execution(task_arn=arn.partition("/execution/")[0])
    world.clock.settle()
    shutil.copytree(world.service.folder("s3://reports/"), downloads, dirs_exist_ok=True)
    assert "reports of 2 executions" in tool.error("report", "--folder", str(downloads))
    assert tool.out("report", arn, "--folder", str(downloads)) == told


def test_a_report_that_is_not_whole_is_refused_unless_that_is_wanted(
    tool: Tool, world: World, tmp_path: Path
) -> None:
    arn = reported(world)
    downloads = tmp_path / "downloads"
    shutil.copytree(world.service.folder("s3://reports/"), downloads)
    (part,) = downloads.rglob("*files-transferred-v1-00001-*.json")
    part.rename(part.with_name(part.name.replace("-00001-", "-00002-")))
    assert "00001" in tool.error("report", arn, "--folder", str(downloads))
    result = tool("report", arn, "--folder", str(downloads), "--partial")
    assert "failed  transferred" in result.stdout
    assert result.stderr.startswith("datasync: warning: the report is not whole: ")


def test_what_has_no_report_is_told(tool: Tool, world: World, tmp_path: Path) -> None:
    arn = world.start(filled(world))
    assert "has no report: neither the task nor the start asked for one" in tool.error("report", arn)
    assert "There is no task report" in tool.error("report", "--folder", str(tmp_path))
    assert "give a --folder" in tool.error("report", status=64)
    slow = filled(world, limit=1, name="slow")
    (world.source / "new").write_text("so that there is something to do")
    world.client.update_task(task_arn=slow, task_report_config=REPORT)
    running = world.start(slow)
    assert "has not ended yet" in tool.error("report", running)
    world.client.cancel_task_execution(task_execution_arn=running)


def test_a_bucket_is_read_over_http(machine: Machine, moto_url: str) -> None:
    task = machine.task("reported-over-http")
    machine.client.update_task(task_arn=task, task_report_config=REPORT)
    execution = machine.client.start(task)
    assert execution.wait().is_success
    assert "or set AWS_ENDPOINT_URL_S3" in machine.run("report", execution.arn).stderr
    assert "NoSuchBucket" in machine.run("report", execution.arn, AWS_ENDPOINT_URL_S3=moto_url).stderr

    # Moto plays Amazon S3: what the local service wrote is put there.
    s3 = boto3.client("s3", endpoint_url=moto_url, region_name="us-east-1")
    s3.create_bucket(Bucket="reports")
    folder = machine.source.parent / "reports"
    for file in (path for path in folder.rglob("*") if path.is_file()):
        S3Objects(s3).write("reports", file.relative_to(folder).as_posix(), file.read_bytes())
    done = machine.run("report", execution.arn, "--json", AWS_ENDPOINT_URL_S3=moto_url)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["failed"] == []
    assert told["counts"]["transferred"]["succeeded"] == 2
    assert (
        "SUCCESS: task reported-over-http"
        in machine.run("report", execution.arn, AWS_ENDPOINT_URL_S3=moto_url).stdout
    )
