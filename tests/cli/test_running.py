"""`datasync run`, `watch`, `cancel` and `throttle`, and the exit status that tells how it ended."""

from __future__ import annotations

import json
import re

import pytest

from datasync_sdk import models as m
from tests.cli.support import Tool, filled
from tests.local.world import ROLE, World, modes

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ")


def started(world: World, task: str) -> str:
    """An execution that runs."""
    arn = world.client.start_task_execution(task_arn=task).task_execution_arn
    world.clock.settle()
    return arn


@modes
def test_a_success_has_status_0(tool: Tool, world: World, mode: str) -> None:
    filled(world, mode)
    lines = tool.out("run", "nightly").splitlines()
    assert all(LINE.match(line) for line in lines)
    assert "watching arn:" in lines[0]
    assert re.search(r" success: 10 files, 10 kB( in [0-9.]+ s)?$", lines[-1])
    assert (world.target / "7.txt").read_bytes() == b"x" * 1000


@modes
def test_failures_of_items_have_status_2(tool: Tool, world: World, mode: str) -> None:
    filled(world, mode)
    world.service.faults.unreadable("/3.txt|/4.txt")
    assert "completed with failures" in tool.out("run", "nightly", status=2)


def test_a_failure_has_status_1(tool: Tool, world: World) -> None:
    filled(world)
    world.source.rename(world.source.with_name("gone"))
    assert " failed; " in tool.out("run", "nightly", status=1)


def test_a_cancelled_one_has_status_1(tool: Tool, world: World) -> None:
    arn = started(world, filled(world, limit=1))
    assert "cancelling" in tool.out("cancel", arn)
    told = tool.out("watch", arn, status=1)
    assert " cancelled; " in told
    assert ".:" not in told  # DataSync ends a sentence there.
    assert "nothing to cancel" in tool.out("cancel", arn)
    assert tool.json("cancel", arn) == {"task_execution_arn": arn, "cancelled": False}


def test_a_report_is_pointed_at_where_items_failed(tool: Tool, world: World) -> None:
    s3 = m.ReportDestinationS3(s3_bucket_arn="arn:aws:s3:::reports", bucket_access_role_arn=ROLE)
    report = m.TaskReportConfig(destination=m.ReportDestination(s3=s3), output_type="STANDARD")
    world.client.update_task(task_arn=filled(world), task_report_config=report)
    world.service.faults.unreadable("/3.txt")
    last = tool.out("run", "nightly", status=2).splitlines()[-1]
    assert re.search(r" datasync report arn:\S+ tells which items failed$", last)


def test_json_has_a_line_for_each_look_and_one_for_the_end(tool: Tool, world: World) -> None:
    filled(world, "ENHANCED", limit=1000)
    result = tool("run", "nightly", "--json", "--interval", "2")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert {line["type"] for line in lines[:-1]} == {"progress"}
    assert len(lines) > 4
    (arn,) = {line["task_execution_arn"] for line in lines}
    fractions = [line["fraction"] for line in lines[:-1] if line["fraction"] is not None]
    assert fractions == sorted(fractions)
    assert any(line["remaining_seconds"] and line["bytes"]["total"] == 10_000 for line in lines[:-1])
    end = lines[-1]
    answer = world.see(arn)
    assert (end["type"], end["verdict"], end["exit_status"]) == ("outcome", "success", 0)
    assert end["files_transferred"] == answer.files_transferred == 10
    assert answer.result is not None
    assert end["seconds"]["total"] == (answer.result.total_duration or 0) / 1000
    assert end["files_failed"]["total"] == 0


def test_the_last_line_of_json_has_the_exit_status(tool: Tool, world: World) -> None:
    filled(world)
    world.service.faults.unreadable("/3.txt")
    result = tool("run", "nightly", "--json", status=2)
    assert json.loads(result.stdout.splitlines()[-1])["exit_status"] == 2
    assert result.stderr == ""


def test_a_detached_start_prints_the_arn_only(tool: Tool, world: World) -> None:
    filled(world, limit=1)
    arn = tool.out("run", "nightly", "--detach").strip()
    assert world.see(arn).end_time is None
    assert tool.json("run", "nightly", "--detach", "--attach") == {"task_execution_arn": arn}


def test_attach_takes_what_runs_and_starts_where_nothing_does(tool: Tool, world: World) -> None:
    task = filled(world, limit=1000)
    running = started(world, task)
    assert running in tool.out("run", "nightly", "--attach")
    assert running not in tool.out("run", "nightly", "--attach")
    assert len(list(world.client.iter_task_executions(task_arn=task))) == 2
    assert "--attach takes what runs" in tool.error("run", "nightly", "--attach", "--limit", "1MB", status=64)


def test_what_is_said_overrides_the_task(tool: Tool, world: World) -> None:
    filled(world)
    overrides = ["--limit", "10MiB", "--option", "verify-mode=none", "--option", "LogLevel=BASIC"]
    filters = ["--include", "/1*", "--include", "/2.txt", "--exclude", "*.tmp", "--tag", "who=me"]
    arn = tool.json("run", "nightly", "--detach", *overrides, *filters)["task_execution_arn"]
    seen = world.see(arn)
    assert seen.options is not None
    assert (seen.options.bytes_per_second, seen.options.verify_mode) == (10 * 2**20, "NONE")
    assert seen.options.log_level == "BASIC"
    assert [rule.value for rule in seen.includes or ()] == ["/1*|/2.txt"]
    assert [rule.value for rule in seen.excludes or ()] == ["*.tmp"]
    assert [(tag.key, tag.value) for tag in world.client.iter_tags_for_resource(resource_arn=arn)] == [
        ("who", "me")
    ]


def test_a_pattern_that_matches_nothing_is_warned_of(tool: Tool, world: World) -> None:
    filled(world)
    patterns = ["--include", "1.txt", "--exclude", "tmp", "--exclude", "*.bak", "--include", "/2.txt"]
    told = tool("run", "nightly", "--detach", *patterns).stderr.splitlines()
    assert [line.partition(" matches")[0] for line in told] == [
        "datasync: warning: --include '1.txt'",
        "datasync: warning: --exclude 'tmp'",
    ]
    assert told[0].endswith(": write /1.txt")


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--limit", "10M"], 64, "10MB is 10,000,000 bytes"),
        (["--option", "speed=1"], 64, "with one of verify_mode"),
        (["--option", "verify_mode"], 64, "is not NAME=VALUE"),
        (["--option", "bytes_per_second=fast"], 64, "--option bytes_per_second: 'fast' is no size"),
        (["--option", "BytesPerSecond=1", "--limit", "1"], 64, "bytes_per_second is said twice"),
        (["--option", "verify_mode=noen"], 1, "did you mean NONE?"),
        (["--include", "/a*b"], 64, "--include: "),
        (["--tag", "x"], 64, "is not KEY=VALUE"),
        (["--detach", "--timeout", "1"], 64, "--detach watches nothing"),
        (["--interval", "0"], 64, "without a pause"),
        (["--timeout", "soon"], 64, "no time to wait"),
        (["--option", "transfer_mode=ALL", "--option", "preserve_deleted_files=REMOVE"], 1, "[OPT-27]"),
    ],
)
def test_what_makes_no_sense_starts_nothing(
    tool: Tool, world: World, arguments: list[str], status: int, said: str
) -> None:
    task = filled(world)
    assert said in tool.error("run", "nightly", *arguments, status=status)
    assert list(world.client.iter_task_executions(task_arn=task)) == []


def test_a_time_out_has_a_status_of_its_own_and_leaves_the_execution_alone(tool: Tool, world: World) -> None:
    arn = started(world, filled(world, limit=1))
    result = tool("watch", arn, "--timeout", "1m", status=124)
    assert "has not ended within 60 s, and goes on" in result.stderr
    assert world.see(arn).end_time is None


def test_a_task_stands_for_its_execution_that_runs_or_ran_last(tool: Tool, world: World) -> None:
    task = filled(world, limit=1000)
    assert tool.error("watch", "nightly").endswith("has no execution yet; datasync run nightly starts one")
    first = world.start(task)
    assert first in tool.out("watch", "nightly")
    second = started(world, task)
    assert second in tool.out("watch", task)
    assert second in tool.out("watch", "nightly")


def test_an_execution_is_cancelled_and_throttled_by_its_arn_only(tool: Tool, world: World) -> None:
    started(world, filled(world, limit=1))
    for arguments in (["cancel", "nightly"], ["throttle", "nightly", "1MB"]):
        assert tool.error(*arguments).endswith("datasync ls executions nightly lists them")


def test_a_throttle_is_a_rate_or_none(tool: Tool, world: World) -> None:
    arn = started(world, filled(world, limit=1))
    assert "1.0 MB/s" in tool.out("throttle", arn, "1MB")
    assert world.see(arn).options.bytes_per_second == 10**6  # type: ignore[union-attr]
    assert tool.json("throttle", arn, "unlimited") == {"task_execution_arn": arn, "bytes_per_second": None}
    assert world.see(arn).options.bytes_per_second == -1  # type: ignore[union-attr]
    assert "cancel it" in tool.error("throttle", arn, "0", status=64)


def test_errors_of_the_service_are_one_line_with_what_to_do(tool: Tool, world: World) -> None:
    arn = f"{filled(world)}/execution/exec-00000000000000000"
    said = tool.error("watch", arn)
    assert said.startswith("DescribeTaskExecution: InvalidRequestException: ")
    (line,) = tool("watch", arn, "--json", status=1).stderr.splitlines()
    error = json.loads(line)["error"]
    assert (error["type"], error["code"]) == ("ExecutionNotFound", "InvalidRequestException")
    assert error["request_id"]


def test_throttling_while_watching_is_borne(tool: Tool, world: World) -> None:
    filled(world)
    world.service.faults.throttle(calls=5, operation="DescribeTaskExecution")
    assert " success: " in tool.out("run", "nightly")


def test_what_is_borne_is_told_to_those_who_ask(tool: Tool, world: World) -> None:
    filled(world)
    world.service.faults.throttle(calls=2, operation="DescribeTaskExecution")
    said = tool("run", "nightly", "-v").stderr
    assert said.count("no answer while waiting for it: ") == 2
    assert all(line.startswith("datasync: ") for line in said.splitlines())


def test_a_connection_that_is_lost_is_warned_of_once_while_it_is(tool: Tool, world: World) -> None:
    filled(world)
    world.service.faults.drop_connection(calls=3, operation="DescribeTaskExecution")
    result = tool("run", "nightly")
    assert " success: " in result.stdout
    (warning,) = result.stderr.splitlines()
    assert warning.startswith("datasync: warning: arn:")
    assert ": no answer while waiting for it: " in warning


def test_a_traceback_is_for_those_who_ask(tool: Tool, world: World) -> None:
    filled(world)
    assert "Traceback" in tool("describe", "x", "--verbose", status=1).stderr
    lines = tool("describe", "x", "-v", "--json", status=1).stderr.splitlines()
    assert "Traceback" in json.loads(lines[0])["note"]["traceback"]
    assert "error" in json.loads(lines[1])
