"""A process that starts, makes one call and ends, as a function in the cloud does."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping

from benchmarks import data
from benchmarks.processes import Command, compiled, processor_seconds
from benchmarks.table import Benchmarks, Pair, Row, Target, show

ROUNDS = 25

OURS = """\
from datasync_sdk import Client

client = Client(region_name={region!r})
{stub}
answer = client.describe_task_execution(task_execution_arn={arn!r})
assert answer.task_execution_arn == {arn!r}
"""
THEIRS = """\
import boto3

client = boto3.client("datasync", region_name={region!r})
{stub}
answer = client.describe_task_execution(TaskExecutionArn={arn!r})
assert answer["TaskExecutionArn"] == {arn!r}
"""
# In place of the network below both clients; all that it imports is imported already.
STUB = """\
from botocore.awsrequest import AWSResponse
from botocore.httpsession import URLLib3Session

class Body:
    def stream(self):
        yield {body!r}

headers = {{"Content-Type": "application/x-amz-json-1.1"}}
URLLib3Session.send = lambda self, request: AWSResponse(request.url, 200, headers, Body())
"""


def cold_rows() -> Iterator[Row]:
    """Import, client and first call, from the start of the process to its end."""
    ours, theirs = command(OURS), command(THEIRS)
    with compiled(ours, theirs) as env:
        pairs = [turn(ours, theirs, env) for _ in range(ROUNDS)]
    yield Row("cold: process with one call", "the same with boto3", pairs, Target(0.95))


def turn(ours: Command, theirs: Command, env: Mapping[str, str]) -> Pair:
    """Both processes, one after the other."""
    return processor_seconds(ours, env), processor_seconds(theirs, env)


def command(program: str) -> tuple[str, str, str]:
    """The process that runs a program."""
    stub = STUB.format(body=json.dumps(data.execution()).encode())
    values = {"region": data.REGION, "arn": data.execution()["TaskExecutionArn"], "stub": stub}
    return sys.executable, "-c", program.format(**values)


BENCHMARKS: Benchmarks = {"cold": cold_rows}

if __name__ == "__main__":
    show(BENCHMARKS)
