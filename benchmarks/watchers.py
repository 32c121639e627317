"""A process that watches executions until it is told to stop, and says what that took.

    python -m benchmarks.watchers KIND URL SECONDS < ARNS

KIND is `ours`, an AsyncClient with its `wait`; or `theirs`, what people write with boto3: a thread for each
execution, which asks, sleeps, and asks again, as often as ours does at most.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

REGION = "us-east-1"
EVERY = 30.0
"""Seconds between two looks at the same execution, once ours has come to its longest pause."""


async def ours(url: str, arns: Sequence[str], seconds: float) -> int:
    """Wait for all of them at once; gives the number of looks."""
    from botocore.config import Config

    from datasync_sdk import AsyncClient
    from datasync_sdk.errors import WaitTimeout

    looks = 0

    def seen(_: object) -> None:
        nonlocal looks
        looks += 1

    async def wait(client: AsyncClient, arn: str) -> None:
        with suppress(WaitTimeout):
            await client.execution(arn).wait(timeout=seconds, on_progress=seen)

    config = Config(max_pool_connections=20)
    async with AsyncClient(REGION, endpoint_url=url, config=config) as client, asyncio.TaskGroup() as group:
        for arn in arns:
            group.create_task(wait(client, arn))
    return looks


def theirs(url: str, arns: Sequence[str], seconds: float) -> int:
    """The same with boto3 and threads; one client for all, with as many connections as ours."""
    import boto3
    from botocore.config import Config

    client = boto3.client("datasync", REGION, endpoint_url=url, config=Config(max_pool_connections=20))
    until = time.monotonic() + seconds
    looks = [0] * len(arns)

    def wait(number: int) -> None:
        while client.describe_task_execution(TaskExecutionArn=arns[number])["Status"] not in ENDED:
            looks[number] += 1
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(EVERY, left))

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(len(arns))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(looks)


ENDED = {"SUCCESS", "ERROR"}


def main() -> None:
    """Watch, and print what it took as JSON."""
    kind, url, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    arns = sys.stdin.read().split()
    began = time.monotonic()
    looks = asyncio.run(ours(url, arns, seconds)) if kind == "ours" else theirs(url, arns, seconds)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "looks": looks,
                "cpu": used.ru_utime + used.ru_stime,
                "wall": time.monotonic() - began,
                "bytes": used.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
            }
        )
    )


if __name__ == "__main__":
    main()
