"""Many small objects to and from a bucket that is 20 ms away, beside one request at a time and the AWS CLI.

The bucket is one of moto's server, in a process of its own; a proxy on loopback holds back each request. Time
is that of the wall. moto answers one request after the other, and takes some milliseconds for each: no side
can be faster than that. What is transferred is verified only where a row says so: the CLI never does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

import boto3
import pytest
from attrs import evolve, field, frozen

from benchmarks.local_calls import moto_server
from benchmarks.table import Benchmarks, Row, Target, note, show
from datasync_sdk import models as m
from datasync_sdk.local.clock import SystemClock
from datasync_sdk.local.faults.faults import Faults
from datasync_sdk.local.runs.live import Live
from datasync_sdk.local.transfer.engine import run
from datasync_sdk.local.transfer.job import BucketPlace, Counters, FolderPlace, Job, Metadata, Place
from tests.local.transfer.road import road_to

OBJECTS = int(1000 * float(os.environ.get("DATASYNC_BENCHMARK_SIZE", "1")))
BYTES = 1024
AWAY = 0.02
ROUNDS = 2
AWS = Path(sys.executable).parent / "aws"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "KEY",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}

UNVERIFIED, VERIFIED = m.VerifyMode.NONE, m.VerifyMode.ONLY_FILES_TRANSFERRED
HALF, AS_FAST = Target(0.5), Target(1.0)


@frozen(kw_only=True)
class World:
    """Buckets and folders."""

    top: Path
    url: str
    s3: Any
    numbers: Iterator[int] = field(factory=count)

    def folder(self) -> FolderPlace:
        """A new folder."""
        made = self.top / f"folder{next(self.numbers)}"
        made.mkdir()
        return FolderPlace(folder=made, metadata=Metadata.POSIX)

    def bucket(self) -> BucketPlace:
        """A new bucket."""
        name = f"bucket{next(self.numbers)}"
        self.s3.create_bucket(Bucket=name)
        return BucketPlace(bucket=name, prefix="", endpoint_url=self.url)

    def move(self, source: Place, destination: Place, verify: m.VerifyMode) -> float:
        """Make a transfer that succeeds; give the seconds."""
        with tempfile.TemporaryDirectory(dir=self.top) as workdir:
            job = Job(
                name="exec-benchmark",
                source=source,
                destination=destination,
                mode=m.TaskMode.BASIC,
                options=m.Options(verify_mode=verify),
                workdir=Path(workdir),
            )
            start = perf_counter()
            ended = run(job, watch(), Counters())
        assert not ended.failed, ended
        return perf_counter() - start

    def sync(self, source: Place, destination: Place) -> float:
        """Have the AWS CLI do the same."""
        ends = [
            f"s3://{each.bucket}" if isinstance(each, BucketPlace) else str(each.folder)
            for each in (source, destination)
        ]
        command = (str(AWS), "s3", "sync", "--only-show-errors", "--endpoint-url", self.url, *ends)
        start = perf_counter()
        subprocess.run(command, check=True, env=os.environ | CREDENTIALS)  # noqa: S603  # our own command
        return perf_counter() - start


def watch() -> Live:
    """What nobody steers, as executions have it."""
    return Live(clock=SystemClock(), faults=Faults(), agents=(), bytes_per_second=-1, entered=lambda _: None)


def one(place: Place) -> Place:
    """The same place; if it is a bucket, asked one thing at a time."""
    return evolve(place, requests=1) if isinstance(place, BucketPlace) else place


def bucket_rows() -> Iterator[Row]:
    """Many small objects to a bucket, and from it."""
    with world() as here:
        source, filled = here.folder(), here.bucket()
        for number in range(OBJECTS):
            (source.folder / f"file{number:06}").write_bytes(os.urandom(BYTES))
        here.move(source, filled, UNVERIFIED)
        ways: tuple[tuple[str, Place, Callable[[], Place]], ...] = (
            ("to", source, here.bucket),
            ("from", filled, here.folder),
        )
        for way, left, new in ways:
            for verify, how in ((UNVERIFIED, "unverified"), (VERIFIED, "verified")):
                pairs = [
                    (here.move(left, new(), verify), here.move(one(left), one(new()), verify))
                    for _ in range(ROUNDS)
                ]
                yield Row(f"{OBJECTS:,} objects {way} a bucket, {how}", "one request at a time", pairs, HALF)
            full = new()
            here.move(left, full, UNVERIFIED)
            pairs = [
                (here.move(left, full, UNVERIFIED), here.move(one(left), one(full), UNVERIFIED))
                for _ in range(ROUNDS)
            ]
            yield Row(f"{OBJECTS:,} objects {way} a bucket, again", "one request at a time", pairs, HALF)
            if AWS.exists():
                pairs = [(here.move(left, new(), UNVERIFIED), here.sync(left, new())) for _ in range(ROUNDS)]
                yield Row(f"{OBJECTS:,} objects {way} a bucket, unverified", "aws s3 sync", pairs, AS_FAST)
            else:
                note("the AWS CLI is not installed: nothing else to compare with")


@contextmanager
def world() -> Iterator[World]:
    """A server that is far away, and folders that are not."""
    with (
        tempfile.TemporaryDirectory(prefix="benchmarks-") as top,
        pytest.MonkeyPatch.context() as patch,
        moto_server() as server,
        road_to(server, AWAY) as road,
    ):
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        with closing(boto3.client("s3", endpoint_url=server)) as s3:
            yield World(top=Path(top), url=road.url, s3=s3)


BENCHMARKS: Benchmarks = {"buckets": bucket_rows}

if __name__ == "__main__":
    show(BENCHMARKS)
