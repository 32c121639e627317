"""Errors of the service on this machine are of their cause, as a program with a real client meets them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

import datasync_sdk.local
from datasync_sdk import Client, errors
from datasync_sdk import models as m
from datasync_sdk.local import LocalDataSync, ManualClock
from tests.local import world as worlds
from tests.local.world import BUCKET, World
from tests.sdk.cause_data import CAUSES, SEEN, ways

world = worlds.world  # the fixture

HERE = "arn:aws:datasync:us-east-1:123456789012"
TASK = f"{HERE}:task/task-ffffffffffffffff0"
EXECUTION = f"{TASK}/execution/exec-ffffffffffffffff0"
LOCATION = f"{HERE}:location/loc-ffffffffffffffff0"
AGENT = f"{HERE}:agent/agent-ffffffffffffffff0"
KEY = "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE"
"""The one that the agent of the world has used."""
SLOW = m.Options(bytes_per_second=1_048_576)


def nfs(w: World, agent: str = "") -> str:
    """A location that an agent serves."""
    agents = m.OnPremConfig(agent_arns=[agent or w.agent])
    made = w.client.create_location_nfs(subdirectory="/a", server_hostname="server", on_prem_config=agents)
    return made.location_arn


def run(w: World, **options: str) -> tuple[str, str]:
    """A task of which an execution runs and does not end."""
    w.service.faults.hang("TRANSFERRING")
    task = w.task(options=m.Options(**options) if options else None)  # type: ignore[arg-type]  # words are values, too
    return task, w.start(task)


def delete_running(w: World) -> None:
    w.client.delete_task(task_arn=run(w)[0])


def start_twice(w: World) -> None:
    task, _ = run(w, task_queueing="DISABLED")
    w.client.start_task_execution(task_arn=task)


def cancel_ended(w: World) -> None:
    w.client.cancel_task_execution(task_execution_arn=w.start(w.task()))


def slow_down(w: World, execution: str) -> None:
    w.client.update_task_execution(task_execution_arn=execution, options=SLOW)


def between(w: World, source: str, destination: str) -> None:
    w.client.create_task(source_location_arn=source, destination_location_arn=destination)


def delete_used_location(w: World) -> None:
    w.task()
    w.client.delete_location(location_arn=w.from_arn)


def delete_used_agent(w: World) -> None:
    nfs(w)
    w.client.delete_agent(agent_arn=w.agent)


def too_many_tags(w: World) -> None:
    tags = [m.TagListEntry(key=f"k{number}") for number in range(40)]
    more = [m.TagListEntry(key=f"l{number}") for number in range(40)]
    w.client.tag_resource(resource_arn=w.agent, tags=tags)
    w.client.tag_resource(resource_arn=w.agent, tags=more)


def too_many_tasks(w: World) -> None:
    for _ in range(101):
        w.task()


def too_many_in_the_queue(w: World) -> None:
    task, _ = run(w)
    for _ in range(51):
        w.client.start_task_execution(task_arn=task)


def role_is_new(w: World, call: Callable[[], object]) -> None:
    w.service.faults.iam_propagation()
    call()


def create_s3(w: World) -> object:
    return w.client.create_location_s3(s3_bucket_arn="arn:aws:s3:::new", s3_config=BUCKET)


def unchecked(w: World) -> Client:
    """A client that sends anything."""
    return w.service.client(validate=False)


def all_or_remove(w: World) -> None:
    options = m.Options(transfer_mode="ALL", preserve_deleted_files="REMOVE")
    request = m.CreateTaskRequest(
        source_location_arn=w.from_arn, destination_location_arn=w.to_arn, options=options
    )
    with unchecked(w) as client:
        client.send(request)


def start_with_all_or_remove(w: World) -> None:
    task = w.task(options=m.Options(preserve_deleted_files="REMOVE"))
    with unchecked(w) as client:
        client.start_task_execution(task_arn=task, override_options=m.Options(transfer_mode="ALL"))


def bad_filter(w: World) -> None:
    wrong = m.LocationFilter(name="LocationType", operator="Equals", values=["x"])
    w.client.list_locations(filters=[wrong])


def s3_as_nfs(w: World) -> None:
    w.client.describe_location_nfs(location_arn=w.from_arn)


def unreachable(w: World) -> None:
    """A place that is not mounted, at a service that makes no folders."""
    w.service.close()
    w.service = LocalDataSync(w.service.root, clock=ManualClock(worlds.START), create_folders=False)
    with w.service.client() as client:
        client.create_location_s3(s3_bucket_arn="arn:aws:s3:::nowhere", s3_config=BUCKET)


HAPPENINGS: tuple[tuple[str, Callable[[World], object]], ...] = (
    ("TaskNotFound", lambda w: w.client.describe_task(task_arn=TASK)),
    ("TaskNotFound", lambda w: w.client.update_task(task_arn=TASK, name="x")),
    ("TaskNotFound", lambda w: w.client.delete_task(task_arn=TASK)),
    ("TaskNotFound", lambda w: w.client.start_task_execution(task_arn=TASK)),
    ("TaskNotFound", lambda w: w.client.list_tags_for_resource(resource_arn=TASK)),
    ("LocationNotFound", lambda w: w.client.describe_location_s3(location_arn=LOCATION)),
    ("LocationNotFound", lambda w: w.client.update_location_s3(location_arn=LOCATION, s3_config=BUCKET)),
    ("LocationNotFound", lambda w: w.client.delete_location(location_arn=LOCATION)),
    ("LocationNotFound", lambda w: between(w, LOCATION, w.to_arn)),
    ("LocationNotFound", lambda w: between(w, w.from_arn, LOCATION)),
    ("LocationNotFound", lambda w: w.client.untag_resource(resource_arn=LOCATION, keys=["k"])),
    ("LocationNotFound", s3_as_nfs),
    ("AgentNotFound", lambda w: w.client.describe_agent(agent_arn=AGENT)),
    ("AgentNotFound", lambda w: w.client.update_agent(agent_arn=AGENT, name="x")),
    ("AgentNotFound", lambda w: w.client.delete_agent(agent_arn=AGENT)),
    ("AgentNotFound", lambda w: nfs(w, AGENT)),
    ("ExecutionNotFound", lambda w: w.client.describe_task_execution(task_execution_arn=EXECUTION)),
    ("ExecutionNotFound", lambda w: w.client.cancel_task_execution(task_execution_arn=EXECUTION)),
    ("ExecutionNotFound", lambda w: slow_down(w, EXECUTION)),
    ("ExecutionNotFound", lambda w: w.client.list_tags_for_resource(resource_arn=EXECUTION)),
    ("LocationInUse", delete_used_location),
    ("AgentInUse", delete_used_agent),
    ("TaskInUse", delete_running),
    ("TaskAlreadyRunning", start_twice),
    ("ExecutionNotRunning", cancel_ended),
    ("ExecutionNotRunning", lambda w: slow_down(w, w.start(w.task()))),
    ("RoleNotAssumable", lambda w: role_is_new(w, lambda: create_s3(w))),
    ("LocationAccessDenied", lambda w: role_is_new(w, lambda: nfs(w))),
    ("LocationAccessDenied", lambda w: role_is_new(w, lambda: w.start(w.task()))),
    ("LocationAccessTestFailed", unreachable),
    ("InvalidActivationKey", lambda w: w.client.create_agent(activation_key=KEY)),
    ("QuotaExceeded", too_many_tags),
    ("QuotaExceeded", too_many_tasks),
    ("QuotaExceeded", too_many_in_the_queue),
    ("InvalidOption", all_or_remove),
    ("InvalidOption", start_with_all_or_remove),
    ("InvalidFilter", bad_filter),
    ("InvalidNextToken", lambda w: w.client.list_tasks(next_token="x")),
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(HAPPENINGS)), ids=lambda n: f"{HAPPENINGS[n][0]}-{n}")
def test_what_happens_is_of_its_cause(world: World, number: int) -> None:
    name, happens = HAPPENINGS[number]
    with pytest.raises(errors.InvalidRequestError) as caught:
        happens(world)
    error = caught.value
    assert type(error).__name__ == name, error
    assert isinstance(error.__cause__, ClientError)
    assert error.response == error.__cause__.response
    assert error.code == error.response["Error"]["Code"] == "InvalidRequestException"
    assert error.error_code == error.response["errorCode"]
    assert f"{error.message} (request {error.request_id})\n  {error.advice}" in str(error)
    assert not error.retryable


def test_a_role_that_is_too_new_settles(world: World) -> None:
    world.service.faults.iam_propagation(calls=2)
    with pytest.raises(errors.RoleNotAssumable) as unknown:
        create_s3(world)
    with pytest.raises(errors.LocationAccessDenied) as denied:
        nfs(world)
    assert unknown.value.settles
    assert denied.value.settles
    assert create_s3(world)
    with pytest.raises(errors.LocationNotFound) as wrong:
        world.client.describe_location_s3(location_arn=LOCATION)
    assert not wrong.value.settles


def test_a_folder_that_is_not_there_does_not_settle(world: World) -> None:
    with pytest.raises(errors.LocationAccessTestFailed) as caught:
        unreachable(world)
    assert not caught.value.settles


def codes() -> Iterator[str]:
    """The codes that the service's own sources say where they refuse something."""
    for path in sorted(Path(datasync_sdk.local.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal":
                given = [word.value for word in node.keywords if word.arg == "error_code"]
                yield from (str(value.value) for value in given if isinstance(value, ast.Constant))


NO_CAUSES = {
    "": "throttling has a class of its own",
    "InternalError": "so has InternalException",
    "LocationsOverlap": "it ends an execution and is no answer to a call",
    "ServiceClosed": "a test has closed its service",
}


def test_every_code_of_the_service_is_known() -> None:
    known = {code for cause in CAUSES.values() for way in ways(cause) for code in way.get("error_codes", ())}
    said = set(codes())
    assert said - known == NO_CAUSES.keys()
    assert {"NotFound", "TaskAlreadyRunning", "LimitExceeded"} <= said


def test_every_cause_happens_here_or_was_seen_elsewhere() -> None:
    assert {seen.cause for seen in SEEN} | {name for name, _ in HAPPENINGS} == set(CAUSES)
