"""A service's state, put together by hand: what handlers work on, without the service around them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import evolve

from datasync_sdk import models as m
from datasync_sdk.local.clock import ManualClock
from datasync_sdk.local.faults.faults import Faults
from datasync_sdk.local.places.folders import Folders
from datasync_sdk.local.resources import agents, locations, tags, tasks
from datasync_sdk.local.runs.agenda import Agenda
from datasync_sdk.local.runs.queue import Queue
from datasync_sdk.local.state import Kind, Names, Resource, State
from datasync_sdk.local.store.store import Store

HANDLERS = {**agents.HANDLERS, **locations.HANDLERS, **tags.HANDLERS, **tasks.HANDLERS}

MEMORY = Path("/dev/shm")  # noqa: S108  # only a place; each folder in it is made safely
"""Where Linux has files that no disk waits for: property tests make many states."""

START = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)


def nothing(_: object) -> None:
    """What executions do here."""


@contextmanager
def states(root: Path | None = None, *, create: bool = True) -> Iterator[State]:
    """A state in a folder; in one of its own, if none is given."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as temporary:
        folder = root or Path(temporary)
        (folder / ".datasync").mkdir(parents=True, exist_ok=True)
        store = Store(folder / ".datasync" / "state.sqlite")
        clock = ManualClock(START)
        with closing(store):
            yield State(
                names=Names(region="us-east-1", account="123456789012"),
                store=store,
                clock=clock,
                folders=Folders(folder, store, create),
                faults=Faults(),
                queue=Queue(store, clock, nothing),
                agenda=Agenda(store, clock, nothing),
                work=folder / ".datasync" / "work",
            )


def ask(state: State, request: Any) -> Any:
    """What the service answers: all of a request, or nothing of it, becomes state."""
    with state.store.transaction():
        return HANDLERS[type(request)](state, request)


def make_agent(state: State, number: int = 0, **members: Any) -> str:
    """A new agent."""
    key = f"AAAAA-BBBBB-CCCCC-DDDDD-{number:05}"
    arn: str = ask(state, m.CreateAgentRequest(activation_key=key, **members)).agent_arn
    return arn


def make_bucket(state: State, bucket: str = "bucket", **members: Any) -> str:
    """A new S3 location."""
    request = m.CreateLocationS3Request(
        s3_bucket_arn=f"arn:aws:s3:::{bucket}",
        s3_config=m.S3Config(bucket_access_role_arn="arn:aws:iam::123456789012:role/sync"),
        **members,
    )
    arn: str = ask(state, request).location_arn
    return arn


def make_task(state: State, source: str, destination: str) -> str:
    """A new task, as far as others care."""
    arn = state.names.new("task", "task")
    described = m.DescribeTaskResponse(
        task_arn=arn,
        source_location_arn=source,
        destination_location_arn=destination,
        creation_time=state.clock.now(),
    )
    state.store.add(Resource(arn=arn, kind=Kind.TASK, described=described), {})
    return arn


def make_execution(state: State, task: str) -> str:
    """A new execution of a task, as far as others care."""
    arn = f"{task}/execution/exec-0123456789abcdef0"
    described = m.DescribeTaskExecutionResponse(task_execution_arn=arn)
    state.store.add(Resource(arn=arn, kind=Kind.EXECUTION, described=described, parent=task), {})
    return arn


def with_agents(request: Any, *arns: str) -> Any:
    """A request that names these agents, where it names any."""
    config = getattr(request, "on_prem_config", None)
    if config is not None:
        return evolve(request, on_prem_config=evolve(config, agent_arns=arns))
    return evolve(request, agent_arns=arns) if getattr(request, "agent_arns", None) else request
