"""`datasync ls` and `datasync describe`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

from datasync_sdk import models as m
from datasync_sdk import unstructure
from datasync_sdk._runtime.rules import blank
from datasync_sdk._runtime.structures import Structure
from datasync_sdk.cli.documents import document, lines
from tests.cli.support import Tool, filled
from tests.local.world import World


def test_tasks_are_listed_by_default(tool: Tool, world: World) -> None:
    first, second = filled(world), filled(world, "ENHANCED", name="weekly")
    assert [line.split() for line in tool.out("ls").splitlines()] == [
        ["NAME", "STATUS", "MODE", "ARN"],
        ["nightly", "AVAILABLE", "BASIC", first],
        ["weekly", "AVAILABLE", "ENHANCED", second],
    ]
    assert tool.out("ls", "tasks") == tool.out("ls")


def test_columns_begin_below_their_titles(tool: Tool, world: World) -> None:
    filled(world)
    titles, line = tool.out("ls").splitlines()
    assert line[titles.index("ARN") :].startswith("arn:")
    assert line[titles.index("STATUS") :].startswith("AVAILABLE")


def test_locations_and_agents_are_listed(tool: Tool, world: World) -> None:
    listed = [line.split() for line in tool.out("ls", "locations").splitlines()[1:]]
    assert sorted(listed) == sorted([["s3://from/", world.from_arn], ["s3://to/", world.to_arn]])
    assert tool.out("ls", "agents").split()[-2:] == ["ONLINE", world.agent]


def test_executions_are_those_of_all_tasks_or_of_one(tool: Tool, world: World) -> None:
    first = world.start(filled(world))
    second = world.start(filled(world, name="weekly"))
    assert {line.split()[-1] for line in tool.out("ls", "executions").splitlines()[1:]} == {first, second}
    (line,) = tool.out("ls", "executions", "weekly").splitlines()[1:]
    assert line.split() == ["SUCCESS", "BASIC", second]


def test_long_listings_have_times_and_counters_and_the_last_execution_first(tool: Tool, world: World) -> None:
    task = filled(world)
    first = world.start(task)
    world.clock.advance(timedelta(hours=1))
    second = world.start(task)
    newest, oldest = tool.out("ls", "executions", "nightly", "-l").splitlines()[1:]
    assert newest.split()[-1] == second
    assert oldest.split()[-1] == first
    assert "2026-01-01 00:00:00 UTC" in oldest
    assert oldest.split()[-4:-1] == ["10", "10", "kB"]


@pytest.mark.parametrize(
    ("what", "member"),
    [("tasks", "Tasks"), ("locations", "Locations"), ("agents", "Agents"), ("executions", "TaskExecutions")],
)
def test_json_has_what_the_service_answers(tool: Tool, world: World, what: str, member: str) -> None:
    world.start(filled(world))
    iterate = getattr(world.client, "iter_task_executions" if what == "executions" else f"iter_{what}")
    assert tool.json("ls", what) == {member: [unstructure(entry) for entry in iterate()]}


def test_what_is_for_executions_is_refused_elsewhere(tool: Tool) -> None:
    assert "'x' is for executions only" in tool.error("ls", "tasks", "x", status=64)
    assert "--long is for executions only" in tool.error("ls", "--long", status=64)


def test_names_cannot_command_the_terminal(tool: Tool, world: World) -> None:
    world.service.faults.unknown_status("\x1b[2J", calls=1, operation="ListTasks")
    filled(world)
    assert "\\x1b[2J" in tool.out("ls")


def test_all_things_are_described_by_their_arns(tool: Tool, world: World) -> None:
    task = filled(world)
    execution = world.start(task)
    for arn in (task, execution, world.from_arn, world.agent):
        assert arn in tool.json("describe", arn).values()
        assert tool.out("describe", arn).splitlines()[0].split()[-1] == arn


def test_a_task_is_described_by_its_name_and_a_location_by_its_uri(tool: Tool, world: World) -> None:
    task = filled(world)
    assert tool.json("describe", "nightly")["TaskArn"] == task
    assert tool.json("describe", "s3://from")["LocationArn"] == world.from_arn


def test_descriptions_are_the_answers_with_times_in_utc(tool: Tool, world: World) -> None:
    execution = world.start(filled(world))
    answer = unstructure(world.see(execution))
    told = tool.json("describe", execution)
    assert told["StartTime"] == "2026-01-01T00:00:00Z"
    times = {name for name in answer if name.endswith("Time")}
    assert len(times) == 3
    assert told == answer | {name: told[name] for name in times}


def test_people_get_units(tool: Tool, world: World) -> None:
    execution = world.start(filled(world))
    told = tool.out("describe", execution)
    assert "BytesTransferred" in told
    assert " 10,000 (10 kB)\n" in told
    assert " 2026-01-01 00:00:00 UTC\n" in told
    assert "  BytesPerSecond               unlimited\n" in told


def test_names_that_are_none_are_refused_with_a_hint(tool: Tool, world: World) -> None:
    filled(world)
    assert tool.error("describe", "nightlt") == (
        "there is no task of the name 'nightlt'; did you mean nightly?"
    )
    assert tool.error("describe", "x").endswith("'x'; datasync ls tasks lists them")
    assert tool.error("describe", "s3://x").endswith("'s3://x'; datasync ls locations lists them")
    assert "is not the ARN of a task" in tool.error("describe", "arn:aws:s3:::x")


def test_two_tasks_of_a_name_are_not_guessed_among(tool: Tool, world: World) -> None:
    arns = [filled(world), filled(world)]
    said = tool.error("describe", "nightly")
    assert all(arn in said for arn in arns)


SECRETS = [
    (cls, attribute.name)
    for cls in (getattr(m, name) for name in m.__all__)
    if issubclass(cls, Structure)
    for attribute in attrs.fields(cls)
    if not attribute.repr
]


@pytest.mark.parametrize(("cls", "name"), SECRETS, ids=[f"{cls.__name__}.{name}" for cls, name in SECRETS])
def test_documents_have_no_secrets(cls: Any, name: str) -> None:
    holder = attrs.evolve(blank(cls), **{name: "hush-hush"})
    made = document({"Within": [holder]})
    assert list(made["Within"][0].values()) == ["*****"]
    assert "hush" not in "\n".join(lines(made))


def test_there_are_secrets() -> None:
    assert (m.CreateLocationSmbRequest, "password") in SECRETS
    assert len(SECRETS) > 10
