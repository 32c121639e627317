"""A program that starts an execution and is then told to end: what the tests of that run.

Its arguments: the URL of the service, the ARN of a task, `blocking` or `async`, `cancel` or `leave`, and the
handler of SIGTERM that it has: `default`, `own`, `note` or `ignored`.
"""

from __future__ import annotations

import asyncio
import signal
import sys

import boto3

from datasync_sdk import Client
from datasync_sdk.execution import Poll, Progress

QUICK = Poll(first=0.05, most=0.05)


def say(progress: Progress) -> None:
    """Tell the test that we wait."""
    print(progress.status, flush=True)


def blocking(url: str, task: str, *, cancel: bool) -> None:
    """Wait as a blocking program."""
    client = Client("us-east-1", endpoint_url=url)
    with client.start(task, cancel_on_exit=cancel) as execution:
        for progress in execution.watch(poll=QUICK):
            say(progress)
            if noted:
                return


async def asynchronous(url: str, task: str, *, cancel: bool) -> None:
    """Wait as an asynchronous program."""
    from datasync_sdk.aio.client import AsyncClient

    async with (
        AsyncClient("us-east-1", endpoint_url=url) as client,
        await client.start(task, cancel_on_exit=cancel) as execution,
    ):
        async for progress in execution.watch(poll=QUICK):
            say(progress)
            if noted:
                return


def own_handler(number: int, _: object) -> None:
    """Such as a program may have."""
    print("own handler", number, flush=True)
    raise RuntimeError("stop")


def note(*_: object) -> None:
    """Another such one: the program ends when it comes to it."""
    noted.append(True)


noted: list[bool] = []


def main() -> None:
    """Do what the command line says."""
    url, task, kind, cancel, handler = sys.argv[1:]
    boto3.setup_default_session()
    if handler == "own":
        signal.signal(signal.SIGTERM, own_handler)
    if handler == "note":
        signal.signal(signal.SIGTERM, note)
    if handler == "ignored":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if kind == "blocking":
        blocking(url, task, cancel=cancel == "cancel")
    else:
        asyncio.run(asynchronous(url, task, cancel=cancel == "cancel"))


if __name__ == "__main__":
    main()
