"""Thirty-two clients at once, for a minute: nothing is lost, and nobody waits for ever."""

from __future__ import annotations

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from datasync_sdk import Client
from datasync_sdk import models as m
from datasync_sdk.errors import InvalidRequestError
from tests.local.server import Server

CLIENTS = 32
SECONDS = 60
ROLE = "arn:aws:iam::111222333444:role/datasync"
ENDED = (m.TaskExecutionStatus.SUCCESS, m.TaskExecutionStatus.ERROR)


def live(server: Server, number: int, until: float) -> Counter[str]:
    """What one client does: make, run, change, cancel, list and delete, each of it checked at once."""
    chance, did = random.Random(number), Counter[str]()
    with server.client() as client:
        source, target = (make_location(client, f"{side}-{number}") for side in ("from", "to"))
        while time.monotonic() < until:
            name = f"task-{number}-{did['task']}"
            task = client.create_task(
                source_location_arn=source, destination_location_arn=target, name=name
            ).task_arn
            did["task"] += 1
            assert client.describe_task(task_arn=task).name == name
            executions = [start(client, task) for _ in range(chance.randint(1, 3))]
            if chance.random() < 0.3:
                did["cancelled"] += cancel(client, chance.choice(executions))
            for execution in executions:
                wait(client, execution, until + 60)
                did["execution"] += 1
            listed = {entry.task_execution_arn for entry in client.iter_task_executions(task_arn=task)}
            assert listed == set(executions)
            client.update_task(task_arn=task, name=f"{name}-renamed")
            assert client.describe_task(task_arn=task).name == f"{name}-renamed"
            assert any(found.task_arn == task for found in client.iter_tasks())
            client.delete_task(task_arn=task)
    return did


def make_location(client: Client, bucket: str) -> str:
    return client.create_location_s3(
        s3_bucket_arn=f"arn:aws:s3:::{bucket}", s3_config=m.S3Config(bucket_access_role_arn=ROLE)
    ).location_arn


def start(client: Client, task: str) -> str:
    return client.start_task_execution(task_arn=task).task_execution_arn


def cancel(client: Client, execution: str) -> int:
    try:
        client.cancel_task_execution(task_execution_arn=execution)
    except InvalidRequestError:
        described = client.describe_task_execution(task_execution_arn=execution)
        assert described.status in ENDED, "only what has ended cannot be cancelled"
        return 0
    return 1


def wait(client: Client, execution: str, until: float) -> None:
    while client.describe_task_execution(task_execution_arn=execution).status not in ENDED:
        assert time.monotonic() < until, "an execution does not end"
        time.sleep(0.02)


def test_thirty_two_clients_for_a_minute(tmp_path: Path) -> None:
    for number in range(CLIENTS):
        folder = tmp_path / "root" / "s3" / f"from-{number}"
        folder.mkdir(parents=True)
        for name in range(5):
            (folder / f"file-{name}").write_text(f"{number} {name}")
    with Server(tmp_path / "root") as server:
        until = time.monotonic() + SECONDS
        with ThreadPoolExecutor(CLIENTS) as pool:
            did = sum(pool.map(lambda number: live(server, number, until), range(CLIENTS)), Counter[str]())
        with server.client() as client:
            assert not list(client.iter_tasks())
            assert len(list(client.iter_locations())) == 2 * CLIENTS
        assert server.stop() == 0
        assert "Traceback" not in server.errors.read_text()
    assert did["task"] >= CLIENTS
    assert did["execution"] >= did["task"]
    for number in range(CLIENTS):
        moved = sorted(path.name for path in (tmp_path / "root" / "s3" / f"to-{number}").iterdir())
        assert moved == [f"file-{name}" for name in range(5)]
