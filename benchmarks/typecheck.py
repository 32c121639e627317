"""What a type checker pays for a program that uses the SDK, installed as its users have it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.data import REPOSITORY, environment
from benchmarks.processes import installed, seconds
from benchmarks.table import Benchmarks, Row, Target, show

ROUNDS = 5

OURS = '''\
"""Copies what changed, and says how it went."""

from time import sleep

from datasync_sdk import Client
from datasync_sdk.models import DescribeTaskExecutionResponse, Options, TagListEntry


def start(client: Client, source: str, destination: str) -> str:
    """Make a task and start it."""
    task = client.create_task(
        source_location_arn=source,
        destination_location_arn=destination,
        options=Options(verify_mode="ONLY_FILES_TRANSFERRED", log_level="TRANSFER"),
        tags=[TagListEntry(key="team", value="data")],
    )
    return client.start_task_execution(task_arn=task.task_arn).task_execution_arn


def wait(client: Client, arn: str) -> DescribeTaskExecutionResponse:
    """Wait for the end of an execution."""
    while True:
        execution = client.describe_task_execution(task_execution_arn=arn)
        if execution.status in ("SUCCESS", "ERROR"):
            return execution
        sleep(30)


client = Client(region_name="eu-west-1")
for task in client.iter_tasks():
    print(task.name, task.status)
print(wait(client, start(client, "arn:a", "arn:b")).bytes_transferred)
'''
THEIRS = '''\
"""Copies what changed, and says how it went."""

from time import sleep

import boto3
from mypy_boto3_datasync import DataSyncClient
from mypy_boto3_datasync.type_defs import DescribeTaskExecutionResponseTypeDef


def start(client: DataSyncClient, source: str, destination: str) -> str:
    """Make a task and start it."""
    task = client.create_task(
        SourceLocationArn=source,
        DestinationLocationArn=destination,
        Options={"VerifyMode": "ONLY_FILES_TRANSFERRED", "LogLevel": "TRANSFER"},
        Tags=[{"Key": "team", "Value": "data"}],
    )
    return client.start_task_execution(TaskArn=task["TaskArn"])["TaskExecutionArn"]


def wait(client: DataSyncClient, arn: str) -> DescribeTaskExecutionResponseTypeDef:
    """Wait for the end of an execution."""
    while True:
        execution = client.describe_task_execution(TaskExecutionArn=arn)
        if execution["Status"] in ("SUCCESS", "ERROR"):
            return execution
        sleep(30)


client: DataSyncClient = boto3.client("datasync", region_name="eu-west-1")
for page in client.get_paginator("list_tasks").paginate():
    for task in page["Tasks"]:
        print(task["Name"], task["Status"])
print(wait(client, start(client, "arn:a", "arn:b"))["BytesTransferred"])
'''


def mypy_rows() -> Iterator[Row]:
    """Run mypy --strict without a cache, beside the program with mypy_boto3_datasync's types."""
    with TemporaryDirectory(prefix="benchmarks-") as folder:
        wheel = build_wheel(Path(folder))
        stubs = ("boto3-stubs", "mypy-boto3-datasync")
        with installed(str(wheel)) as ours, installed(*stubs) as theirs:
            pairs = [(check(OURS, ours), check(THEIRS, theirs)) for _ in range(ROUNDS)]
    yield Row("mypy: --strict, no cache, 32 lines", "mypy_boto3_datasync", pairs, Target(0.65))


def build_wheel(folder: Path) -> Path:
    """The SDK as it is published."""
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder)
    seconds((*pip, REPOSITORY), environment())
    return next(folder.glob("*.whl"))


def check(program: str, python: Path) -> float:
    """How long mypy takes for a program, with the packages that another interpreter has."""
    with TemporaryDirectory(prefix="benchmarks-") as folder:
        file = Path(folder) / "program.py"
        file.write_text(program, encoding="utf-8")
        mypy = (sys.executable, "-m", "mypy", "--strict", "--python-executable", python)
        cache = ("--cache-dir", Path(folder) / "cache")
        return seconds((*mypy, *cache, file), environment(), Path(folder))


BENCHMARKS: Benchmarks = {"mypy": mypy_rows}

if __name__ == "__main__":
    show(BENCHMARKS)
