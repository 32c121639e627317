"""`datasync check`: the same as `Client.check`, for requests in JSON, with all that is wrong at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings

from datasync_sdk import Client, unstructure
from datasync_sdk import models as m
from datasync_sdk.cli.app import datasync
from datasync_sdk.cli.requests import operations
from datasync_sdk.testing import strategies
from tests.cli.support import Tool, filled
from tests.local.world import World

CLIENT = Client("eu-west-1")
"""What says what is wrong with a request; it sends nothing."""

START = "StartTaskExecution"
TASK = "arn:aws:datasync:us-east-1:111222333444:task/task-0123456789abcdef0"


def checked(request: Any, *arguments: str) -> tuple[int, Any]:
    """The exit status and the document for a request; nobody has a client."""
    text = request if isinstance(request, str) else json.dumps(request, default=str)
    result = CliRunner().invoke(datasync, ["check", "-", "--json", *arguments], text)
    return result.exit_code, json.loads(result.stdout or result.stderr)


def found_in(document: Any) -> set[tuple[str, str, str]]:
    """What is wrong."""
    return {(each["rule"], each["path"], each["severity"]) for each in document["violations"]}


@pytest.mark.parametrize("cls", [m.CreateTaskRequest, m.StartTaskExecutionRequest, m.CreateLocationS3Request])
def test_what_the_client_accepts_is_accepted(cls: Any) -> None:
    @settings(max_examples=25)
    @given(strategies.requests(cls))
    def check(request: Any) -> None:
        name = cls.__name__.removesuffix("Request")
        status, document = checked(unstructure(request), "--operation", name)
        assert (status, document["operation"], document["violations"]) == (0, name, [])

    check()


@pytest.mark.parametrize("rule", ["OPT-27", "OPT-11", "SCH-02"])
def test_what_the_client_refuses_is_refused_by_the_same_rule(rule: str) -> None:
    @settings(max_examples=10)
    @given(strategies.violating(rule))
    def check(request: Any) -> None:
        name = type(request).__name__.removesuffix("Request")
        status, document = checked(unstructure(request), "--operation", name)
        ours = {(each.rule, each.path, each.severity) for each in CLIENT.check(request)}
        assert found_in(document) == ours
        assert rule in {each for each, _, _ in ours}
        assert status == (1 if any(severity == "error" for _, _, severity in ours) else 0)

    check()


def test_the_operation_is_guessed_where_one_fits() -> None:
    assert checked({"TaskArn": TASK, "OverrideOptions": {}}) == (
        0,
        {"operation": START, "errors": 0, "warnings": 0, "violations": []},
    )
    status, told = checked({"TaskArn": TASK})
    assert status == 1
    several = (
        f"5 operations have such requests (DeleteTask, DescribeTask, ListTaskExecutions, {START}, UpdateTask)"
    )
    assert several in told["error"]["message"]
    _, told = checked({"TaskArn": TASK, "OverideOptions": {}, "Includes": []})
    assert "no operation has such a request" in told["error"]["message"]


@pytest.mark.parametrize("name", ["CreateTask", "create_task", "create-task", "createtask"])
def test_operations_have_the_names_of_aws_boto3_and_the_cli(name: str) -> None:
    _, document = checked({}, "--operation", name)
    assert document["operation"] == "CreateTask"
    assert found_in(document) == {
        ("required", "SourceLocationArn", "error"),
        ("required", "DestinationLocationArn", "error"),
    }


def test_an_operation_that_is_none_is_told_with_those_that_are_near() -> None:
    status, told = checked({}, "--operation", "CreateTsak")
    assert status == 64
    assert "did you mean CreateTask" in told["error"]["message"]


def test_every_operation_can_be_checked() -> None:
    assert len(operations()) == 53
    for name in operations():
        status, document = checked({"Nonsense": 1}, "--operation", name)
        assert status == 1
        assert ("unknown", "Nonsense", "error") in found_in(document), name


def test_all_that_is_wrong_is_told_at_once() -> None:
    request = {
        "TaskArn": 7,
        "OverrideOptions": {"BytesPerSecond": "x", "Atime": "BAD", "verify_mode": "NONE"},
        "Includes": [{"FilterType": "SIMPLE_PATTERN", "Valu": "/a"}, "/b"],
        "Tags": {"Key": "a"},
    }
    status, document = checked(request, "--operation", START)
    assert status == 1
    assert found_in(document) >= {
        ("type", "TaskArn", "error"),
        ("type", "OverrideOptions.BytesPerSecond", "error"),
        ("enum", "OverrideOptions.Atime", "error"),
        ("unknown", "OverrideOptions.verify_mode", "error"),
        ("unknown", "Includes[0].Valu", "error"),
        ("type", "Includes[1]", "error"),
        ("type", "Tags", "error"),
    }
    hints = {each["path"]: each["message"] for each in document["violations"] if each["rule"] == "unknown"}
    assert "did you mean VerifyMode" in hints["OverrideOptions.verify_mode"]
    assert hints["Includes[0].Valu"].endswith("did you mean Value?")


def test_bytes_are_base64_as_in_the_cli() -> None:
    located = {
        "NameNodes": [{"Hostname": "a", "Port": 1}],
        "AuthenticationType": "KERBEROS",
        "KerberosPrincipal": "a@b",
        "AgentArns": ["arn:aws:datasync:us-east-1:111222333444:agent/agent-0123456789abcdef0"],
        "KerberosKrb5Conf": "eA==",
    }
    _, document = checked(located | {"KerberosKeytab": "eA=="}, "--operation", "CreateLocationHdfs")
    assert document["errors"] == 0
    _, document = checked(located | {"KerberosKeytab": "!"}, "--operation", "CreateLocationHdfs")
    assert found_in(document) == {("type", "KerberosKeytab", "error")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1,}', "no JSON: "),
        ("[]", "must be a JSON object, not list"),
        ('{"TaskArn": "a", "TaskArn": "b"}', "'TaskArn' twice"),
        ('{"a": ' * 100_000, "nested too deep"),
    ],
)
def test_what_is_no_request_is_told(text: str, said: str) -> None:
    status, told = checked(text)
    assert status == 1
    assert said in told["error"]["message"]


def test_a_file_of_another_tool_may_have_a_mark_of_its_encoding(tool: Tool, tmp_path: Path) -> None:
    file = tmp_path / "request.json"
    file.write_bytes(b'\xef\xbb\xbf{"TaskArn": "a", "OverrideOptions": {}}')
    assert tool.out("check", str(file)) == f"{START}: no errors, no warnings\n"
    file.write_bytes(b"\xff\xfe")
    assert "no UTF-8" in tool.error("check", str(file))
    assert "No such file" in tool.error("check", f"{file}x", status=64)


def test_people_get_the_sentence_and_where_it_stands(tool: Tool) -> None:
    request = {"TaskArn": TASK, "OverrideOptions": {"TransferMode": "ALL", "PreserveDeletedFiles": "REMOVE"}}
    lines = tool("check", "-", stdin=json.dumps(request), status=1).stdout.splitlines()
    assert lines[0].startswith("error    OverrideOptions.TransferMode: ALL compares nothing")
    assert lines[0].endswith("[OPT-27]")
    assert lines[1].strip() == (
        'AWS says: "If you set this parameter to REMOVE, you can\'t set TransferMode to ALL."'
    )
    assert lines[2].strip().startswith("https://docs.aws.amazon.com/")
    assert lines[-1] == f"{START}: 1 error, no warnings"
    ignoring = tool("check", "-", "--ignore", "OPT-27", stdin=json.dumps(request))
    assert ignoring.stdout == f"{START}: no errors, no warnings\n"
    no_rule = tool.error("check", "-", "--ignore", "OPT-9999", stdin=json.dumps(request))
    assert "there is no rule 'OPT-9999'" in no_rule


def test_patterns_count_where_somebody_asks() -> None:
    request = {"TaskArn": "task-1", "OverrideOptions": {}}
    assert checked(request)[0] == 0
    status, document = checked(request, "--strict")
    assert (status, found_in(document)) == (1, {("FMT-02", "TaskArn", "error")})


def test_preflight_asks_the_service_too(tool: Tool, world: World) -> None:
    request = {
        "TaskArn": filled(world, "ENHANCED"),
        "OverrideOptions": {"VerifyMode": "POINT_IN_TIME_CONSISTENT"},
    }
    text = json.dumps(request)
    assert tool.json("check", "-", stdin=text)["violations"] == []
    document = tool.json("check", "-", "--preflight", stdin=text, status=1)
    assert found_in(document) == {("OPT-03", "OverrideOptions.VerifyMode", "error")}
    ignoring = tool.json("check", "-", "--preflight", "--ignore", "OPT-03", stdin=text)
    assert ignoring["violations"] == []
