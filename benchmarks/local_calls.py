"""A call to the service on this machine, over HTTP, beside the same call to moto's server.

Both are processes of their own, asked by the same client of boto3 for an execution that each has really
started. Here time is that of the wall: most of it is spent in the servers.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any
from urllib.parse import urlsplit

import boto3

from benchmarks import data
from benchmarks.table import Benchmarks, Pair, Row, Target, show
from tests.sdk.server import MOTO

ROUNDS = 60
CALLS = 50
WARM_UP = 200
READY = "ready: "
TARGET = "FmrsService.DescribeTaskExecution"
PROTOCOL = "application/x-amz-json-1.1"
SIGNED = f"AWS4-HMAC-SHA256 Credential=KEY/20260101/{data.REGION}/datasync/aws4_request, Signature=none"
"""Moto finds the Region in it; neither server looks at the signature."""


def describe_rows() -> Iterator[Row]:
    """DescribeTaskExecution: as boto3 sees it, and without boto3, which takes half a millisecond itself."""
    with ExitStack() as stack:
        urls = stack.enter_context(local_server()), stack.enter_context(moto_server())
        clients = [client_of(url) for url in urls]
        arns = [started(client) for client in clients]
        ours, theirs = (describing(*pair) for pair in zip(clients, arns, strict=True))
        what, against = "local: DescribeTaskExecution over HTTP", "moto's server, same boto3 client"
        yield Row(what, against, in_wall_turns(ours, theirs), Target(0.5))
        ours, theirs = (posting(stack, *pair) for pair in zip(urls, arns, strict=True))
        what, against = "local: the same, without a client", "moto's server, http.client"
        yield Row(what, against, in_wall_turns(ours, theirs), Target(0.5))


@contextmanager
def local_server() -> Iterator[str]:
    """The service on this machine, as its command starts it; gives the URL."""
    with TemporaryDirectory(prefix="benchmarks-") as root:
        command = [sys.executable, "-m", "datasync_sdk.local", "--root", root, "--port", "0"]
        with process(command) as said:
            assert said.startswith(READY), f"the local service did not start: {said}"
            yield said.removeprefix(READY).split()[0]


@contextmanager
def moto_server() -> Iterator[str]:
    """The server of moto, as the tests start it; gives the URL."""
    with process([sys.executable, "-c", MOTO]) as said:
        yield f"http://127.0.0.1:{json.loads(said)['port']}"


@contextmanager
def process(command: list[str]) -> Iterator[str]:
    """A process that runs as long as the block; gives the first line that it says."""
    with subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=data.environment(),
    ) as running:
        assert running.stdout
        try:
            yield running.stdout.readline()
        finally:
            running.terminate()


def client_of(url: str) -> Any:
    """A plain client of boto3."""
    data.use_environment()
    return boto3.Session().client("datasync", region_name=data.REGION, endpoint_url=url)


def started(client: Any) -> str:
    """Start a task between two buckets; gives the ARN of its execution, once it has settled."""
    role = {"BucketAccessRoleArn": data.ROLE_ARN}
    source, destination = (
        client.create_location_s3(S3BucketArn=f"arn:aws:s3:::{name}", S3Config=role)["LocationArn"]
        for name in ("here", "there")
    )
    task = client.create_task(SourceLocationArn=source, DestinationLocationArn=destination, Name="move")
    arn: str = client.start_task_execution(TaskArn=task["TaskArn"])["TaskExecutionArn"]
    sleep(1)
    described = client.describe_task_execution(TaskExecutionArn=arn)
    assert described["TaskExecutionArn"] == arn
    assert described["Status"]
    return arn


def describing(client: Any, arn: str) -> Callable[[], object]:
    """The call, by boto3."""
    return lambda: client.describe_task_execution(TaskExecutionArn=arn)


def posting(stack: ExitStack, url: str, arn: str) -> Callable[[], object]:
    """The call, by the least that can send it."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    stack.callback(connection.close)
    body = json.dumps({"TaskExecutionArn": arn})
    headers = {"X-Amz-Target": TARGET, "Content-Type": PROTOCOL, "Authorization": SIGNED}

    def call() -> bytes:
        connection.request("POST", "/", body, headers)
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == 200, text
        return text

    assert arn in call().decode()
    return call


def in_wall_turns(ours: Callable[[], object], theirs: Callable[[], object]) -> list[Pair]:
    """Time both in turns; a time is that of one call, as the mean of some."""
    for _ in range(WARM_UP):
        ours(), theirs()
    return [(wall_time(ours), wall_time(theirs)) for _ in range(ROUNDS)]


def wall_time(function: Callable[[], object]) -> float:
    """How long one call takes."""
    gc.collect()
    start = perf_counter()
    for _ in range(CALLS):
        function()
    return (perf_counter() - start) / CALLS


BENCHMARKS: Benchmarks = {"local_describe": describe_rows}

if __name__ == "__main__":
    show(BENCHMARKS)
