"""Mistakes with what comes back. Each line that a checker must report is marked."""

# ruff: noqa: T201  # mistakes are what this is made of

from __future__ import annotations

from typing import Any, assert_never

from datasync_sdk import Client, converter
from datasync_sdk.models import (
    CreateTaskRequest,
    DescribeTaskExecutionResponse,
    DescribeTaskResponse,
    FilterRule,
    Options,
    TaskExecutionStatus,
    TaskListEntry,
    TaskMode,
)


def members_that_are_not_there(client: Client) -> None:
    answer = client.create_task(source_location_arn="a", destination_location_arn="b")
    print(answer.arn)  # error
    print(answer["TaskArn"])  # error
    print(answer.TaskArn)  # error
    print(client.create_tsk)  # error
    for task in client.iter_tasks():
        print(task.arn)  # error


def types_that_are_others(client: Client) -> None:
    number: int = client.create_task(source_location_arn="a", destination_location_arn="b").task_arn  # error
    entry: TaskListEntry = client.iter_tasks()  # error
    names: list[str] = [task.name for task in client.iter_tasks()]  # error
    print(number, entry, names)


def members_that_may_be_absent(answer: DescribeTaskExecutionResponse, task: DescribeTaskResponse) -> None:
    print(answer.files_transferred + 1)  # error
    print(answer.status.lower())  # error
    print(answer.start_time.year)  # error
    print(task.options.verify_mode)  # error
    for rule in task.excludes:  # error
        print(rule)
    name: str = task.name  # error
    print(name)


def tuples_that_are_no_lists(answer: DescribeTaskResponse, rules: list[FilterRule]) -> None:
    assert answer.excludes is not None
    answer.excludes.append(FilterRule())  # error
    answer.excludes[0] = FilterRule()  # error
    taken: list[FilterRule] = answer.excludes  # error
    print(taken, rules)


def frozen(options: Options, request: CreateTaskRequest, answer: DescribeTaskResponse) -> None:
    options.bytes_per_second = 5  # error
    request.name = "n"  # error
    answer.task_arn = "a"  # error
    answer.invented = 1  # error


def from_mappings(mapping: dict[str, Any]) -> None:
    wrong: Options = converter.structure(mapping, DescribeTaskResponse)  # error
    print(converter.structure(mapping, DescribeTaskResponse).arn)  # error
    print(wrong)


def not_every_mode(mode: TaskMode) -> str:
    match mode:
        case TaskMode.BASIC:
            return "one by one"
        case _:
            assert_never(mode)  # error


def members_that_no_enum_has(status: TaskExecutionStatus) -> None:
    print(TaskExecutionStatus.SUCCEEDED)  # error
    print(TaskMode.SLOW)  # error
    print(status.known)  # error
