"""`kill -9` in the middle of a transfer, at random moments, again and again.

After each: all resources are there, the execution that ran is in ERROR, no file at the destination is
anything else than what it was before or what it was to become, and the next execution completes.
"""

from __future__ import annotations

import random
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from datasync_sdk import Client
from datasync_sdk import models as m
from tests.local.server import Server

SEEDS = range(5)
KILLS = 10  # for each seed: 50 in all
FILES = 250
LIMIT = 60_000_000
"""Bytes per second, so that a transfer takes about as long as the longest wait before a kill."""

ENDED = (m.TaskExecutionStatus.SUCCESS, m.TaskExecutionStatus.ERROR)
ROLE = "arn:aws:iam::111222333444:role/datasync"


def write_version(source: Path, chance: random.Random, version: int) -> None:
    """Give about half of the files other contents."""
    for number in range(FILES):
        if version and chance.random() < 0.5:
            continue
        path = source / f"d{number % 7}" / f"f{number}"
        path.parent.mkdir(exist_ok=True)
        size = chance.choice([10, 1000, 200_000])
        path.write_bytes(f"{version}:{number}:".encode() + chance.randbytes(size))


def contents(folder: Path) -> dict[str, bytes]:
    """What is in the files of a folder, by their paths."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".aws-datasync" not in path.parts
    }


def set_up(client: Client, mode: str) -> str:
    """Two locations and a task between both."""
    agent = client.create_agent(activation_key="AAAAA-BBBBB-CCCCC-DDDDD-EEEEE").agent_arn
    source = client.create_location_nfs(
        server_hostname="server", subdirectory="/export", on_prem_config=m.OnPremConfig(agent_arns=[agent])
    ).location_arn
    target = client.create_location_s3(
        s3_bucket_arn="arn:aws:s3:::bucket", s3_config=m.S3Config(bucket_access_role_arn=ROLE)
    ).location_arn
    options = m.Options(verify_mode="ONLY_FILES_TRANSFERRED", bytes_per_second=LIMIT)
    task = client.create_task(
        source_location_arn=source, destination_location_arn=target, options=options, task_mode=mode, name="t"
    )
    return task.task_arn


def wait(client: Client, execution: str) -> m.DescribeTaskExecutionResponse:
    """The execution, once it has ended."""
    for _ in range(3000):
        described = client.describe_task_execution(task_execution_arn=execution)
        if described.status in ENDED:
            return described
        time.sleep(0.01)
    raise AssertionError(f"{described} does not end")


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_nor_half_written(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    root, source, target = tmp_path / "root", tmp_path / "source", tmp_path / "target"
    for folder in (root, source, target):
        folder.mkdir()
    mounts = ["--mount", f"nfs://server/export={source}", "--mount", f"s3://bucket={target}"]
    write_version(source, chance, 0)
    interrupted = False
    with ExitStack() as stack:
        server = stack.enter_context(Server(root, *mounts))
        client = stack.enter_context(server.client())
        task = set_up(client, chance.choice(["BASIC", "ENHANCED"]) if seed else "BASIC")
        before = resources(client)
        for version in range(1, KILLS + 1):
            old = contents(target)
            execution = client.start_task_execution(task_arn=task).task_execution_arn
            queued = client.start_task_execution(task_arn=task).task_execution_arn
            time.sleep(chance.random() * 0.4)
            server.kill()
            stack.close()
            check_files(old, contents(source), contents(target))

            server = stack.enter_context(Server(root, *mounts))
            client = stack.enter_context(server.client())
            assert resources(client) == before
            interrupted |= was_interrupted(client.describe_task_execution(task_execution_arn=execution))
            # What waited still waits, and runs now; the task can be used.
            assert wait(client, queued).status in ENDED
            again = wait(client, client.start_task_execution(task_arn=task).task_execution_arn)
            assert again.status == m.TaskExecutionStatus.SUCCESS, again
            assert contents(target) == contents(source)
            assert not (target / ".aws-datasync").exists()
            write_version(source, chance, version)
    assert interrupted, "no kill hit a transfer"


def check_files(old: dict[str, bytes], new: dict[str, bytes], found: dict[str, bytes]) -> None:
    """Each file at the destination is one of the old ones or of the new ones, and whole."""
    for name, content in found.items():
        assert content in (old.get(name), new.get(name)), f"{name} is neither old nor new"
    assert old.keys() <= found.keys() | new.keys()


def was_interrupted(described: m.DescribeTaskExecutionResponse) -> bool:
    """Whether an execution ran when its service was killed; it has ended in any case."""
    assert described.status in ENDED
    if described.status != m.TaskExecutionStatus.ERROR:
        return False
    result = described.result
    assert result
    assert result.error_code == "TaskExecutionInterrupted"
    assert described.end_time
    # The phases that were over are as they were; in the one at hand it was killed.
    assert result.prepare_status in ("SUCCESS", "ERROR")
    assert "ERROR" in (result.prepare_status, result.transfer_status, result.verify_status)
    return True


def resources(client: Client) -> object:
    """All that is listed, and what is told of it."""
    return (
        [agent.agent_arn for agent in client.iter_agents()],
        [location.location_arn for location in client.iter_locations()],
        [client.describe_task(task_arn=task.task_arn).name for task in client.iter_tasks()],
    )
