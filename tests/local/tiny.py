"""A very small service, for tests of how it is reached: it keeps tasks in a dict, and echoes nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from datasync_sdk import models as m
from datasync_sdk._runtime.structures import Request
from datasync_sdk.local.clock import SystemClock
from datasync_sdk.local.faults.faults import Faults
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.objects import FolderObjects, Objects

R = TypeVar("R")

REGION = "eu-west-1"
PREFIX = f"arn:aws:datasync:{REGION}:123456789012"
LOCATION = f"{PREFIX}:location/loc-00000000000000001"
TASK = f"{PREFIX}:task/task-0{'0' * 16}"
EXECUTION = f"{TASK}/execution/exec-0{'0' * 16}"
CREATED = datetime(2026, 3, 29, 1, 30, 0, 125000, tzinfo=UTC)


class TinyService:
    """Makes, describes and lists tasks; calls of `surprises` run whatever a test puts there."""

    region_name = REGION

    def __init__(self) -> None:
        self.faults = Faults()
        self.clock = SystemClock()
        self.tasks: dict[str, m.DescribeTaskResponse] = {}
        self.handled: list[Request[Any]] = []
        self.surprise: Callable[[Request[Any]], object] | None = None
        self.lock = threading.Lock()

    def objects(self) -> Objects:
        """It has no bucket."""
        return FolderObjects(lambda name: Path("nowhere") / name)

    def handle(self, request: Request[R]) -> R:
        """Carry out a request."""
        with self.lock:
            self.handled.append(request)
        return cast("R", self._handle(request))

    def _handle(self, request: object) -> object:  # noqa: PLR0911  # one for each thing that it can
        if self.surprise is not None:
            assert isinstance(request, Request)
            return self.surprise(request)
        match request:
            case m.CreateTaskRequest():
                return self._create(request)
            case m.DescribeTaskRequest():
                if request.task_arn not in self.tasks:
                    raise Refusal(message=f"Task {request.task_arn} is not found.", error_code="NotFound")
                return self.tasks[request.task_arn]
            case m.ListTasksRequest():
                found = tuple(
                    m.TaskListEntry(task_arn=arn, status=task.status) for arn, task in self.tasks.items()
                )
                return m.ListTasksResponse(tasks=found)
            case m.DescribeTaskExecutionRequest():
                return m.DescribeTaskExecutionResponse(
                    task_execution_arn=request.task_execution_arn, status="TRANSFERRING", start_time=CREATED
                )
            case m.StartTaskExecutionRequest():
                return m.StartTaskExecutionResponse(task_execution_arn=EXECUTION)
            case m.CreateLocationS3Request() | m.CreateLocationNfsRequest():
                made = {m.CreateLocationS3Request: m.CreateLocationS3Response}
                return made.get(type(request), m.CreateLocationNfsResponse)(location_arn=LOCATION)
            case _:
                raise Refusal(message="This is a very small service.", error_code="NotImplemented")

    def _create(self, request: m.CreateTaskRequest) -> m.CreateTaskResponse:
        arn = f"{PREFIX}:task/task-{len(self.tasks):017}"
        self.tasks[arn] = m.DescribeTaskResponse(
            task_arn=arn,
            source_location_arn=request.source_location_arn,
            destination_location_arn=request.destination_location_arn,
            name=request.name,
            status="AVAILABLE",
            options=request.options,
            creation_time=CREATED,
        )
        return m.CreateTaskResponse(task_arn=arn)
