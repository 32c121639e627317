"""A service with an agent, a file server, a bucket, and a clock that the test turns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from datasync_sdk import Client
from datasync_sdk import models as m
from datasync_sdk.local import LocalDataSync, ManualClock

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
        self.client: Client = self.service.client(settle_seconds=0)  # what is refused is told at once
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
