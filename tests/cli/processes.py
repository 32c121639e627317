"""The command as a process, against a local service over HTTP."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

import datasync_sdk
from datasync_sdk import models as m
from tests.local.server import Server
from tests.local.world import BUCKET

ROOT = Path(datasync_sdk.__file__).parents[1]
COMMAND = (sys.executable, "-m", "datasync_sdk.cli")
SLOW = 100
"""Bytes per second: what is so slow runs while a test lasts, and longer."""
OWN = {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "LANG": "C.UTF-8"}


class Machine:
    """A service with two buckets, and an environment in which the command finds it."""

    def __init__(self, root: Path) -> None:
        self.server = Server(root)
        self.client = self.server.client()
        self.source = root / "s3" / "from"
        self._locations = [
            self.client.create_location_s3(
                s3_bucket_arn=f"arn:aws:s3:::{name}", s3_config=BUCKET
            ).location_arn
            for name in ("from", "to")
        ]
        self.environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if name not in {"NO_COLOR", "COLUMNS", "LINES"}
            },
            **OWN,
            "AWS_ENDPOINT_URL_DATASYNC": self.server.url,
            "NO_PROXY": "127.0.0.1",
        }

    def task(self, name: str, *, size: int = 1000, limit: int = -1) -> str:
        """A task with one file to transfer, which no other task transfers."""
        (self.source / name).mkdir()
        (self.source / name / "file").write_bytes(b"x" * size)
        return self.client.create_task(
            source_location_arn=self._locations[0],
            destination_location_arn=self._locations[1],
            name=name,
            includes=[m.FilterRule(filter_type="SIMPLE_PATTERN", value=f"/{name}")],
            options=m.Options(bytes_per_second=limit),
        ).task_arn

    def slow(self, name: str) -> str:
        """A task that runs until its test is over: one that `stop` is called for."""
        return self.task(name, size=100_000, limit=SLOW)

    def run(self, *arguments: str, **variables: str | None) -> subprocess.CompletedProcess[str]:
        """Run a command line to its end, in pipes, with other variables, or without those that are None."""
        both = {**self.environment, **variables}
        environment = {name: value for name, value in both.items() if value is not None}
        return subprocess.run(
            [*COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=60
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Begin to run a command line, in pipes."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def running(self, task_arn: str) -> str:
        """The execution of a task, which runs."""
        arn = self.client.describe_task(task_arn=task_arn).current_task_execution_arn
        assert arn is not None
        return arn

    def stop(self, execution_arn: str) -> None:
        """Cancel an execution, which still runs."""
        assert self.client.execution(execution_arn).cancel() is True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()
        self.server.__exit__(kind, error, trace)
