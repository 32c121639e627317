"""Mistakes with executions and locations. Each line that a checker must report is marked."""

# ruff: noqa: T201  # mistakes are what this is made of

from __future__ import annotations

from datasync_sdk import AsyncClient, Client
from datasync_sdk.execution import Poll, Progress
from datasync_sdk.models import Options


def arguments_that_are_wrong(client: Client, task: str) -> None:
    client.start()  # error
    client.start(task, options=Options())  # error
    client.start(task, override_options=Options(verify_mode="NOEN"))  # error
    execution = client.start(task)
    execution.wait(60)  # error
    execution.wait(timeout="60")  # error
    execution.wait(on_progress=print, poll=5)  # error
    execution.throttle("fast")  # error
    Poll(5)  # error


def one_that_takes_too_much(progress: Progress, more: int) -> None:
    print(progress, more)


def answers_that_are_others(client: Client, task: str) -> None:
    execution = client.start(task)
    print(execution.outcome.verdict)  # error
    print(execution.last.status)  # error
    print(execution.wait().status)  # error
    execution.wait(on_progress=one_that_takes_too_much)  # error
    print(client.describe_location("a").mount_options)  # error
    found = client.find_task(name="a")
    print(found.task_arn)  # error
    for progress in execution.watch():
        print(progress.fraction * 100)  # error


async def forgotten(client: AsyncClient, task: str) -> None:
    execution = client.start(task)
    print(execution.arn)  # error
    started = await client.start(task)
    print(started.wait().verdict)  # error
    for progress in started.watch():  # error
        print(progress)
