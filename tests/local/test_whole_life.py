"""A whole life of a task over HTTP: by plain boto3, and by the AWS CLI, which know nothing of this SDK."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.local.server import Server

ROLE = "arn:aws:iam::111222333444:role/datasync"

Call = Callable[..., dict[str, Any]]
"""Calls an operation, by its name in boto3, with AWS's members."""


class Refused(Exception):  # noqa: N818  # an answer, and often the expected one
    """The service answered with an error."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "root").mkdir()
    (tmp_path / "source").mkdir()
    with Server(tmp_path / "root", "--mount", f"nfs://server/export={tmp_path / 'source'}") as running:
        yield running


@pytest.fixture(params=["boto3", "cli"])
def call(request: pytest.FixtureRequest, server: Server, tmp_path: Path) -> Call:
    return by_boto3(server.url) if request.param == "boto3" else by_cli(server.url, tmp_path)


def by_boto3(url: str) -> Call:
    client = boto3.client(
        "datasync",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
        config=Config(retries={"total_max_attempts": 1}),
    )

    def call(operation: str, **members: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(client, operation)(**members)
        except ClientError as error:
            raise Refused(str(error)) from error
        return answer

    return call


def by_cli(url: str, home: Path) -> Call:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": str(home / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / "none"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
    }

    def call(operation: str, **members: Any) -> dict[str, Any]:
        command = [sys.executable, "-W", "ignore", "-m", "awscli", "datasync", operation.replace("_", "-")]
        command += ["--endpoint-url", url, "--output", "json", "--cli-input-json", json.dumps(members)]
        ended = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        if ended.returncode:
            raise Refused(ended.stderr)
        return json.loads(ended.stdout) if ended.stdout.strip() else {}

    return call


def test_a_task_is_made_runs_and_is_deleted(call: Call, tmp_path: Path) -> None:
    source, root = tmp_path / "source", tmp_path / "root"
    (source / "2024").mkdir(parents=True)
    (source / "2024" / "a.txt").write_text("a")
    (source / "2024" / "b.tmp").write_text("b")

    agent = call("create_agent", ActivationKey="AAAAA-BBBBB-CCCCC-DDDDD-EEEEE", AgentName="here")["AgentArn"]
    assert call("describe_agent", AgentArn=agent)["Status"] == "ONLINE"
    nfs = call(
        "create_location_nfs",
        ServerHostname="server",
        Subdirectory="/export",
        OnPremConfig={"AgentArns": [agent]},
    )["LocationArn"]
    s3 = call(
        "create_location_s3",
        S3BucketArn="arn:aws:s3:::bucket",
        S3Config={"BucketAccessRoleArn": ROLE},
        Tags=[{"Key": "team", "Value": "blue"}],
    )["LocationArn"]
    uris = [location["LocationUri"] for location in call("list_locations")["Locations"]]
    assert uris == ["nfs://server/export/", "s3://bucket/"]
    assert call("list_tags_for_resource", ResourceArn=s3)["Tags"] == [{"Key": "team", "Value": "blue"}]

    task = call(
        "create_task",
        SourceLocationArn=nfs,
        DestinationLocationArn=s3,
        Name="archive",
        Options={"VerifyMode": "POINT_IN_TIME_CONSISTENT"},
        Excludes=[{"FilterType": "SIMPLE_PATTERN", "Value": "*.tmp"}],
    )["TaskArn"]
    assert call("describe_task", TaskArn=task)["Status"] == "AVAILABLE"

    ended = run(call, task)
    assert ended["Status"] == "SUCCESS", ended
    assert ended["BytesWritten"] == 1
    assert ended["Result"]["TransferStatus"] == "SUCCESS"
    assert ended["Result"]["TotalDuration"] >= 0
    assert (root / "s3" / "bucket" / "2024" / "a.txt").read_text() == "a"
    assert not (root / "s3" / "bucket" / "2024" / "b.tmp").exists()

    call("update_task", TaskArn=task, Name="renamed", Excludes=[])
    assert run(call, task)["BytesWritten"] == 1
    assert (root / "s3" / "bucket" / "2024" / "b.tmp").exists()

    with pytest.raises(Refused, match="InvalidRequestException"):
        call("delete_location", LocationArn=nfs)
    with pytest.raises(Refused, match="InvalidRequestException"):
        call("delete_agent", AgentArn=agent)
    with pytest.raises(Refused, match="TransferMode"):
        call("update_task", TaskArn=task, Options={"TransferMode": "ALL", "PreserveDeletedFiles": "REMOVE"})
    call("delete_task", TaskArn=task)
    for arn in (nfs, s3):
        call("delete_location", LocationArn=arn)
    call("delete_agent", AgentArn=agent)
    assert not call("list_tasks")["Tasks"]
    assert not call("list_locations")["Locations"]


def run(call: Call, task: str) -> dict[str, Any]:
    """Start a task and wait for its end."""
    execution = call("start_task_execution", TaskArn=task)["TaskExecutionArn"]
    for _ in range(300):
        described = call("describe_task_execution", TaskExecutionArn=execution)
        if described["Status"] in ("SUCCESS", "ERROR"):
            return described
        time.sleep(0.05)
    raise AssertionError(f"{described} does not end")


def test_the_server_stops_when_it_is_asked_to(tmp_path: Path) -> None:
    with Server(tmp_path / "root") as server:
        assert by_boto3(server.url)("list_tasks")["Tasks"] == []
        assert server.stop() == 0
