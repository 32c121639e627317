"""A task between folders and real buckets, through the service: moto's buckets, in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import boto3
import pytest

from datasync_sdk import Client
from datasync_sdk import models as m
from datasync_sdk.errors import InvalidRequestError
from datasync_sdk.local import LocalDataSync, ManualClock, Refusal
from tests.local.server import Server
from tests.sdk import server

moto = server.moto  # fixtures
moto_url = server.moto_url

ROLE = "arn:aws:iam::111222333444:role/datasync"
CONFIG = m.S3Config(bucket_access_role_arn=ROLE)
NUMBERS = count(1)

modes = pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])


class World:
    """A service with a location in a real bucket."""

    def __init__(self, root: Path, s3: Any, url: str) -> None:
        self.clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.service = LocalDataSync(root, clock=self.clock)
        self.client: Client = self.service.client()
        self.s3 = s3
        self.bucket = f"real-{next(NUMBERS)}"
        s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        self.service.mount("s3://invoices", f"s3://{self.bucket}/deep", endpoint_url=url)
        self.folder_arn = self.location("folder", "/")
        self.bucket_arn = self.location("invoices", "/2024")
        self.folder = self.service.folder("s3://folder/")

    def location(self, bucket: str, subdirectory: str) -> str:
        """Make one of S3."""
        return self.client.create_location_s3(
            s3_bucket_arn=f"arn:aws:s3:::{bucket}", subdirectory=subdirectory, s3_config=CONFIG
        ).location_arn

    def move(
        self, source: str, destination: str, mode: str, **members: Any
    ) -> m.DescribeTaskExecutionResponse:
        """Make a task, start it, and see how it has ended."""
        task = self.client.create_task(
            source_location_arn=source, destination_location_arn=destination, task_mode=mode, **members
        ).task_arn
        execution = self.client.start_task_execution(task_arn=task).task_execution_arn
        self.clock.settle()
        return self.client.describe_task_execution(task_execution_arn=execution)

    def keys(self) -> list[str]:
        """What is in the bucket."""
        return [each["Key"] for each in self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", ())]


@pytest.fixture
def s3(moto_url: str) -> Iterator[Any]:
    with closing(boto3.client("s3", endpoint_url=moto_url)) as client:
        yield client


@pytest.fixture
def world(tmp_path: Path, s3: Any, moto_url: str) -> Iterator[World]:
    made = World(tmp_path / "root", s3, moto_url)
    with made.service, made.client:
        yield made


@modes
def test_there_and_back_and_across(world: World, mode: str) -> None:
    (world.folder / "folder").mkdir()
    (world.folder / "folder" / "file").write_text("text")
    other = world.location("invoices", "/copy")
    for source, destination in ((world.folder_arn, world.bucket_arn), (world.bucket_arn, other)):
        described = world.move(source, destination, mode)
        assert described.status == m.TaskExecutionStatus.SUCCESS, described.result
        assert described.bytes_written == 4
    assert world.keys() == [f"deep/{top}/folder/{name}" for top in ("2024", "copy") for name in ("", "file")]
    (world.folder / "folder" / "file").unlink()
    described = world.move(other, world.folder_arn, mode)
    assert described.status == m.TaskExecutionStatus.SUCCESS, described.result
    assert (world.folder / "folder" / "file").read_text() == "text"


def test_a_bucket_has_no_folder(world: World) -> None:
    for location in (world.bucket_arn, "s3://invoices/2024/"):
        with pytest.raises(Refusal, match=f"in the bucket {world.bucket}"):
            world.service.folder(location)


@modes
def test_faults_reports_and_manifests_are_the_same(world: World, mode: str) -> None:
    for name in ("good", "bad", "other"):
        (world.folder / name).write_text(name)
    for key, body in (("list.csv", "good\nbad\n"), ("2024/good", ""), ("2024/bad", "x")):
        world.s3.put_object(Bucket=world.bucket, Key=f"deep/{key}", Body=body)
    world.service.faults.unreadable("/bad")
    bucket = "arn:aws:s3:::invoices"
    described = world.move(
        world.folder_arn,
        world.bucket_arn,
        mode,
        manifest_config=m.ManifestConfig(
            action="TRANSFER",
            format="CSV",
            source=m.SourceManifestConfig(
                s3=m.S3ManifestConfig(
                    manifest_object_path="list.csv", s3_bucket_arn=bucket, bucket_access_role_arn=ROLE
                )
            ),
        ),
        task_report_config=m.TaskReportConfig(
            destination=m.ReportDestination(
                s3=m.ReportDestinationS3(
                    s3_bucket_arn=bucket, bucket_access_role_arn=ROLE, subdirectory="reports"
                )
            ),
            output_type="STANDARD",
            report_level="SUCCESSES_AND_ERRORS",
        ),
    )
    assert described.report_result == m.ReportResult(status="SUCCESS")
    keys = world.keys()
    assert "deep/2024/other" not in keys
    assert any(key.startswith("deep/reports/Detailed-Reports/") for key in keys)
    good = world.s3.get_object(Bucket=world.bucket, Key="deep/2024/good")["Body"].read()
    bad = world.s3.get_object(Bucket=world.bucket, Key="deep/2024/bad")["Body"].read()
    assert (good, bad) == (b"good", b"x")


def test_a_location_of_a_bucket_that_is_not_there_is_refused(world: World, moto_url: str) -> None:
    world.service.mount("s3://gone", "s3://not-there", endpoint_url=moto_url)
    with pytest.raises(InvalidRequestError, match=r"access test failed: .* NoSuchBucket"):
        world.location("gone", "/")


def test_a_bucket_that_is_gone_is_an_error_of_the_execution(world: World) -> None:
    world.s3.delete_bucket(Bucket=world.bucket)
    described = world.move(world.bucket_arn, world.folder_arn, "BASIC")
    assert described.status == m.TaskExecutionStatus.ERROR
    assert described.result
    assert described.result.error_code == "SourceAccessFailed"


def test_the_command_line_mounts_buckets(tmp_path: Path, s3: Any, moto_url: str) -> None:
    name = f"real-{next(NUMBERS)}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    arguments = ("--mount", f"s3://mine=s3://{name}/a", "--s3-endpoint-url", moto_url)
    with Server(tmp_path / "root", *arguments) as running, running.client() as client:
        made = client.create_location_s3(s3_bucket_arn="arn:aws:s3:::mine", s3_config=CONFIG)
        assert made.location_arn
        s3.delete_bucket(Bucket=name)
        with pytest.raises(InvalidRequestError, match="NoSuchBucket"):
            client.create_location_s3(s3_bucket_arn="arn:aws:s3:::mine", subdirectory="/b", s3_config=CONFIG)
