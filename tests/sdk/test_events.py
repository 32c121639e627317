"""Events of EventBridge: read as objects, and matched by the patterns that ask for them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasync_sdk import events
from datasync_sdk.errors import StructureError
from datasync_sdk.models import TaskExecutionStatus

BEGIN = "arn:aws:datasync:us-east-1:123456789012"
TASKS = [f"{BEGIN}:task/task-0123456789abcdef{n}" for n in "012"] + [f"{BEGIN}:task/task-0123456789abcdef"]
EXECUTIONS = [f"{task}/execution/exec-0123456789abcdef{n}" for task in TASKS for n in "01"]
STATES = [*map(str, TaskExecutionStatus), "QUEUEING"]

EVENT: dict[str, Any] = {
    "version": "0",
    "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
    "detail-type": "DataSync Task Execution State Change",
    "source": "aws.datasync",
    "account": "123456789012",
    "time": "2026-01-31T16:53:06Z",
    "region": "us-east-1",
    "resources": [EXECUTIONS[0]],
    "detail": {"State": "SUCCESS"},
}
"""In the form of all events, with what the user guide says of DataSync's."""

KINDS = {
    "DataSync Task Execution State Change": (EXECUTIONS, STATES),
    "DataSync Task State Change": (TASKS, ["AVAILABLE", "RUNNING", "UNAVAILABLE", "QUEUED"]),
    "DataSync Agent State Change": ([f"{BEGIN}:agent/agent-0123456789abcdef0"], ["ONLINE", "OFFLINE"]),
    "DataSync Location State Change": ([f"{BEGIN}:location/loc-0123456789abcdef0"], ["ADDING", "AVAILABLE"]),
}
NAMES = dict(zip(KINDS, ("task_execution_arn", "task_arn", "agent_arn", "location_arn"), strict=True))


@st.composite
def made(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from([*KINDS]))
    arns, states = KINDS[kind]
    other = draw(st.lists(st.sampled_from(["arn:aws:s3:::bucket", "text"]), max_size=1))
    time = draw(st.datetimes(datetime(2018, 1, 1), datetime(2100, 1, 1))).replace(microsecond=0)  # noqa: DTZ001  # a bound
    return {
        **EVENT,
        "detail-type": kind,
        "id": draw(st.uuids().map(str)),
        "time": f"{time.isoformat()}Z",
        "resources": [*other, draw(st.sampled_from(arns))],
        "detail": {"State": draw(st.sampled_from(states)), "More": draw(st.booleans())},
    }


@given(made(), st.sampled_from([dict, json.dumps, lambda event: json.dumps(event).encode()]))
def test_events_of_all_kinds_tell_what_they_hold(event: dict[str, Any], form: Any) -> None:
    found: Any = events.parse_event(form(event))
    assert type(found).detail_type == event["detail-type"]
    assert found.status == event["detail"]["State"]
    assert getattr(found, NAMES[event["detail-type"]]) == event["resources"][-1]
    assert found.id == event["id"]
    assert found.account == "123456789012"
    assert found.region == "us-east-1"
    assert found.time.strftime("%Y-%m-%dT%H:%M:%SZ") == event["time"]
    assert found.time.utcoffset() is not None
    assert found.raw == event
    assert type(found).parse(event) == found
    assert hash(found) == hash(events.parse_event(form(event)))


def test_an_execution_belongs_to_a_task() -> None:
    found = events.TaskExecutionEvent.parse(EVENT)
    assert found.task_arn == TASKS[0]
    assert found.status is TaskExecutionStatus.SUCCESS
    assert found.time == datetime(2026, 1, 31, 16, 53, 6, tzinfo=UTC)
    newer = events.TaskExecutionEvent.parse({**EVENT, "detail": {"State": "QUEUEING"}})
    assert not newer.status.is_known


def test_other_events_are_kept_as_they_are() -> None:
    call = {**EVENT, "detail-type": "AWS API Call via CloudTrail", "detail": {"eventName": "CreateTask"}}
    found = events.parse_event(call)
    assert isinstance(found, events.OtherEvent)
    assert found.raw["detail"]["eventName"] == "CreateTask"
    with pytest.raises(StructureError, match="is a 'AWS API Call via CloudTrail', and no DataSync Task Exec"):
        events.TaskExecutionEvent.parse(call)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": "aws.s3"}, "source is 'aws.s3', and events of DataSync have 'aws.datasync'"),
        ({"source": None}, "source is None, and must be a text"),
        ({"detail-type": None}, "detail-type is None"),
        ({"id": ""}, "id is ''"),
        ({"account": 123456789012}, "account is 123456789012, and must be a text"),
        ({"region": None}, "region is None"),
        ({"time": "yesterday"}, "time is 'yesterday', and must be as 2026-01-31T12:00:00Z"),
        ({"time": "2026-01-31T16:53:06"}, "and must be as 2026-01-31T12:00:00Z"),
        ({"detail": None}, "detail is None, and must be an object with a State"),
        ({"detail": {"state": "SUCCESS"}}, "detail.State is None"),
        ({"resources": []}, r"resources is \[\], and must have the ARN"),
        ({"resources": [TASKS[0]]}, "must have the ARN"),
        ({"resources": [f"{EXECUTIONS[0]}/more"]}, "must have the ARN"),
        ({"resources": EXECUTIONS[0]}, "must have the ARN"),
    ],
)
def test_what_is_wrong_with_an_event_is_said(change: dict[str, Any], message: str) -> None:
    with pytest.raises(StructureError, match=message):
        events.parse_event({**EVENT, **change})


@pytest.mark.parametrize(
    ("given_", "message"),
    [("{", "is no JSON"), ("[]", r"is an object, and this is \[\]"), (b"\xff", "is no JSON")],
)
def test_what_is_no_json_object_is_refused(given_: str | bytes, message: str) -> None:
    with pytest.raises(StructureError, match=message):
        events.parse_event(given_)


def test_what_is_neither_text_nor_mapping_is_refused() -> None:
    with pytest.raises(TypeError, match="a mapping or the text of one, not list"):
        events.parse_event([EVENT])  # type: ignore[arg-type]  # that is what is tested
    with pytest.raises(StructureError, match="give the text of its Message"):
        events.parse_event({"Type": "Notification", "Message": json.dumps(EVENT)})


def is_matched(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Whether EventBridge would match: each member of a pattern is in the event, with one of the values."""
    for name, wanted in pattern.items():
        there = event.get(name)
        if isinstance(wanted, Mapping):
            if not isinstance(there, Mapping) or not is_matched(wanted, there):
                return False
            continue
        values = there if isinstance(there, list) else [there]
        if not any(is_value(each, value) for each in wanted for value in values):
            return False
    return True


def is_value(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, dict):
        ((operator, operand),) = wanted.items()
        assert operator == "prefix"
        return isinstance(value, str) and value.startswith(operand)
    return bool(wanted == value)


def several(values: list[str]) -> st.SearchStrategy[Any]:
    return st.none() | st.sampled_from(values) | st.lists(st.sampled_from(values), min_size=1, max_size=3)


def listed(given_: Any) -> list[str]:
    return [given_] if isinstance(given_, str) else list(given_ or ())


@pytest.mark.parametrize("task", [None, *TASKS])
@pytest.mark.parametrize("execution", [None, *EXECUTIONS])
def test_a_pattern_takes_executions_of_tasks_and_single_ones(task: str | None, execution: str | None) -> None:
    pattern = events.event_pattern(task_arn=task, task_execution_arn=execution)
    matched = [arn for arn in EXECUTIONS if is_matched(pattern, {**EVENT, "resources": [arn]})]
    wanted = [arn for arn in EXECUTIONS if arn == execution or (task and arn.startswith(f"{task}/"))]
    assert matched == (wanted if task or execution else EXECUTIONS)


@given(made(), several([*map(str, TaskExecutionStatus)]), several(TASKS), several(EXECUTIONS))
def test_a_pattern_matches_what_was_asked_for_and_nothing_else(
    event: dict[str, Any], states: Any, tasks: Any, executions: Any
) -> None:
    pattern = events.event_pattern(states=states, task_arn=tasks, task_execution_arn=executions)
    pattern = json.loads(json.dumps(pattern))
    found = events.parse_event(event)
    wanted = (
        isinstance(found, events.TaskExecutionEvent)
        and (states is None or str(found.status) in listed(states))
        and (
            (tasks is None and executions is None)
            or found.task_arn in listed(tasks)
            or found.task_execution_arn in listed(executions)
        )
    )
    assert is_matched(pattern, event) == wanted
    assert not is_matched(pattern, {**event, "source": "aws.s3"})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"states": ["SUCESS"]}, "'SUCESS' is no status of executions; there are"),
        ({"states": []}, "states is empty, so the rule would never match"),
        ({"task_arn": ()}, "task_arn is empty"),
        ({"task_arn": EXECUTIONS[0]}, "is not the ARN of a task, so"),
        ({"task_arn": "task-0123456789abcdef0"}, "is not the ARN of a task, so"),
        ({"task_execution_arn": TASKS[0]}, "is not the ARN of a task execution"),
    ],
)
def test_a_pattern_that_would_never_match_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        events.event_pattern(**arguments)


def test_a_status_that_is_newer_can_be_asked_for() -> None:
    pattern = events.event_pattern(states=[TaskExecutionStatus("PAUSED")])
    assert pattern["detail"] == {"State": ["PAUSED"]}
