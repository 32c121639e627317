"""Ways to read answers that people use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, assert_never, assert_type

from datasync_sdk import Client, converter, structure
from datasync_sdk.models import (
    CreateTaskRequest,
    CreateTaskResponse,
    DescribeTaskExecutionResponse,
    DescribeTaskResponse,
    FilterRule,
    Options,
    TaskExecutionStatus,
    TaskListEntry,
    TaskMode,
    VerifyMode,
)


def what_is_always_there(client: Client) -> None:
    assert_type(client.create_task(source_location_arn="a", destination_location_arn="b").task_arn, str)
    assert_type(client.describe_task(task_arn="a").source_location_arn, str)
    assert_type(client.list_tasks().tasks, tuple[TaskListEntry, ...])
    request = CreateTaskRequest(source_location_arn="a", destination_location_arn="b")
    assert_type(client.send(request), CreateTaskResponse)
    assert_type(request.task_mode, TaskMode | None)


def what_may_be_absent(answer: DescribeTaskExecutionResponse) -> int:
    assert_type(answer.files_transferred, int | None)
    assert_type(answer.start_time, datetime | None)
    assert_type(answer.status, TaskExecutionStatus | None)
    if answer.files_transferred is None or answer.start_time is None:
        return 0
    return answer.files_transferred + answer.start_time.year


def deep(answer: DescribeTaskResponse) -> VerifyMode | None:
    assert_type(answer.excludes, tuple[FilterRule, ...] | None)
    for rule in answer.excludes or ():
        assert_type(rule, FilterRule)
    return answer.options.verify_mode if answer.options else None


def items(client: Client) -> list[str]:
    assert_type(client.iter_tasks(), Iterator[TaskListEntry])
    return [task.task_arn for task in client.iter_tasks(page_size=5)]


def from_mappings(mapping: Mapping[str, Any]) -> None:
    assert_type(structure(mapping, DescribeTaskResponse), DescribeTaskResponse)
    assert_type(converter.structure(mapping, DescribeTaskResponse), DescribeTaskResponse)
    assert_type(converter.structure(mapping, DescribeTaskResponse).options, Options | None)


def every_mode(mode: TaskMode) -> str:
    match mode:
        case TaskMode.BASIC:
            return "one by one"
        case TaskMode.ENHANCED:
            return "in parallel"
        case _:
            assert_never(mode)


def words(status: TaskExecutionStatus) -> str:
    assert_type(status.is_known, bool)
    assert_type(TaskExecutionStatus("DREAMING"), TaskExecutionStatus)
    return status.lower() if status.is_known else f"{status} (new)"


def as_keys(options: Options) -> dict[Options, set[VerifyMode | None]]:
    return {options: {options.verify_mode}}
