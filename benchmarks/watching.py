"""Two thousand executions of the service on this machine, watched by one process.

The service is a process of its own. Of fifty executions of a task, one runs and the others are queued: to
those who watch that is the same. Beside ours runs what people write with boto3: a thread for each.

`DATASYNC_BENCHMARK_SIZE=0.1` takes a tenth of the executions.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import data
from benchmarks.local_calls import READY, process
from benchmarks.table import Benchmarks, Row, Target, note
from datasync_sdk import Client
from datasync_sdk import models as m

EXECUTIONS = int(2000 * float(os.environ.get("DATASYNC_BENCHMARK_SIZE", "1")))
FOR_EACH_TASK = 50
SECONDS = 90.0
ROLE = m.S3Config(bucket_access_role_arn="arn:aws:iam::111222333444:role/datasync")


def watching_rows() -> Iterator[Row]:
    """Memory and processor time of watching, and the calls that it takes."""
    with TemporaryDirectory(prefix="benchmarks-") as root:
        command = [sys.executable, "-m", "datasync_sdk.local", "--root", root, "--port", "0"]
        with process(command) as said:
            url = said.removeprefix(READY).split()[0]
            arns = started(url, Path(root))
            ours, theirs = (watch(kind, url, arns) for kind in ("ours", "theirs"))
    note(
        f"{len(arns):,} executions for {SECONDS:g} s: ours {told(ours)}; boto3 in threads {told(theirs)}. "
        "Ours looks after 1, 1.5, 2.25 ... 30 s, theirs every 30 s"
    )
    pair = ours["cpu"] / ours["looks"], theirs["cpu"] / theirs["looks"]
    yield Row("watching: processor time of a look", "boto3, a thread for each", [pair], Target(1.0))
    pair = ours["cpu"] / ours["wall"], 1.0
    yield Row(f"watching {len(arns):,}: seconds of a core", "one second", [pair], Target(1.0))
    pair = ours["bytes"] / 1e6, theirs["bytes"] / 1e6
    yield Row("watching: memory", "boto3 in threads; 1 s stands for 1 MB", [pair], Target(1.0, 300))
    most = len(arns) * looks_at_most()
    yield Row(
        "watching: looks", "pauses of Poll; 1 s stands for 1 look", [(ours["looks"], most)], Target(1.0)
    )


def looks_at_most() -> int:
    """How often one execution is looked at in this time: at once, and after each pause, the shortest ones."""
    from datasync_sdk.execution.polling import DEFAULT_POLL

    count, now, pause = 1, 0.0, DEFAULT_POLL.first
    while now < SECONDS:
        now += pause * (1 - DEFAULT_POLL.jitter)
        pause = min(pause * DEFAULT_POLL.factor, DEFAULT_POLL.most)
        count += 1
    return count


def started(url: str, root: Path) -> list[str]:
    """Executions that take longer than we watch."""
    environment = {"aws_access_key_id": "any", "aws_secret_access_key": "any"}
    import boto3

    with Client(session=boto3.Session(region_name=data.REGION, **environment), endpoint_url=url) as client:
        arns = []
        for number in range(0, EXECUTIONS, FOR_EACH_TASK):
            source, target = (bucket(client, f"{side}{number}") for side in ("from", "to"))
            (root / "s3" / f"from{number}" / "file").write_bytes(b"x" * 10**6)
            task = client.create_task(
                source_location_arn=source,
                destination_location_arn=target,
                options=m.Options(bytes_per_second=1),
            ).task_arn
            arns += [client.start(task).arn for _ in range(min(FOR_EACH_TASK, EXECUTIONS - number))]
        return arns


def bucket(client: Client, name: str) -> str:
    """A location of a bucket of its own."""
    return client.create_location_s3(s3_bucket_arn=f"arn:aws:s3:::{name}", s3_config=ROLE).location_arn


def watch(kind: str, url: str, arns: list[str]) -> dict[str, Any]:
    """Watch them in a process; gives what it took."""
    command = [sys.executable, "-m", "benchmarks.watchers", kind, url, str(SECONDS)]
    env = {**data.environment(), "AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any"}
    result = subprocess.run(  # noqa: S603
        command,
        input="\n".join(arns),
        capture_output=True,
        text=True,
        check=False,
        env=env,
        cwd=data.REPOSITORY,
    )
    if result.returncode:
        raise RuntimeError(f"a watcher failed:\n{result.stderr}")
    said: dict[str, Any] = json.loads(result.stdout)
    return said


def told(used: dict[str, Any]) -> str:
    """What a process took, in words."""
    return (
        f"{used['bytes'] / 1e6:.0f} MB, {used['cpu'] / used['wall']:.0%} of a core, {used['looks']:,} looks"
    )


BENCHMARKS: Benchmarks = {"watching": watching_rows}
