"""Events of DataSync in EventBridge: read as objects, and asked for with patterns.

    from datasync_sdk import events

    pattern = events.event_pattern(states=["SUCCESS", "ERROR"], task_arn=task)
    boto3.client("events").put_rule(Name="ended", EventPattern=json.dumps(pattern))

    def lambda_handler(event, context):
        match events.parse_event(event):
            case events.TaskExecutionEvent(status="ERROR", task_execution_arn=arn):
                print(arn, "failed")

EventBridge gets a "DataSync Agent State Change", "DataSync Task State Change", "DataSync Task Execution State
Change" and "DataSync Location State Change" from DataSync, on a best-effort basis: one may be lost, or come
twice (https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-datasync.html). The states are in
https://docs.aws.amazon.com/datasync/latest/userguide/events.html.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Final, Self, TypeAlias

from attrs import field, frozen

from datasync_sdk._runtime.errors import StructureError
from datasync_sdk.models.enums import AgentStatus, TaskExecutionStatus, TaskStatus

__all__ = [
    "AgentEvent",
    "DataSyncEvent",
    "Event",
    "LocationEvent",
    "OtherEvent",
    "TaskEvent",
    "TaskExecutionEvent",
    "event_pattern",
    "parse_event",
]

SOURCE: Final = "aws.datasync"

_TASK: Final = r"arn:[^:/]+:datasync:[^:/]*:[^:/]*:task/[^:/]+"

Given: TypeAlias = Mapping[str, Any] | str | bytes
"""An event: as AWS Lambda gives it, or its JSON, as in the body of a message of SQS."""


@frozen(kw_only=True)
class DataSyncEvent:
    """What all events have. Two are equal that have the same id and say the same."""

    detail_type: ClassVar[str | None] = None
    arns: ClassVar[str] = ""
    """What the ARN of an event's resource looks like."""

    id: str
    """Given by EventBridge; the same in each delivery of an event."""
    account: str
    region: str
    time: datetime
    """When it happened, with its time zone, to the second."""
    raw: Mapping[str, Any] = field(repr=False, eq=False)
    """The whole event, as it came."""

    @classmethod
    def parse(cls, event: Given) -> Self:
        """Read an event that can only be of this kind.

        Raises:
            StructureError: it is of another kind, or as `parse_event`.
        """
        found = parse_event(event)
        if not isinstance(found, cls):
            raise StructureError(f"the event is a {_kind(found.raw)!r:.100}, and no {cls.detail_type}")
        return found


@frozen(kw_only=True)
class TaskExecutionEvent(DataSyncEvent):
    """An execution has another status."""

    detail_type: ClassVar[str] = "DataSync Task Execution State Change"
    arns: ClassVar[str] = rf"{_TASK}/execution/[^:/]+"

    task_execution_arn: str
    status: TaskExecutionStatus = field(converter=TaskExecutionStatus)
    """The status that it has now; an unknown word is kept, with `is_known == False`."""

    @property
    def task_arn(self) -> str:
        """The task that is executed."""
        return self.task_execution_arn.partition("/execution/")[0]


@frozen(kw_only=True)
class TaskEvent(DataSyncEvent):
    """A task has another status."""

    detail_type: ClassVar[str] = "DataSync Task State Change"
    arns: ClassVar[str] = _TASK

    task_arn: str
    status: TaskStatus = field(converter=TaskStatus)
    """The status that it has now; an unknown word is kept, with `is_known == False`."""


@frozen(kw_only=True)
class AgentEvent(DataSyncEvent):
    """An agent has another status."""

    detail_type: ClassVar[str] = "DataSync Agent State Change"
    arns: ClassVar[str] = _TASK.replace("task", "agent")

    agent_arn: str
    status: AgentStatus = field(converter=AgentStatus)
    """The status that it has now; an unknown word is kept, with `is_known == False`."""


@frozen(kw_only=True)
class LocationEvent(DataSyncEvent):
    """A location has another status, of which the API itself does not tell."""

    detail_type: ClassVar[str] = "DataSync Location State Change"
    arns: ClassVar[str] = _TASK.replace("task", "location")

    location_arn: str
    status: str
    """`ADDING` or `AVAILABLE`, says the user guide."""


@frozen(kw_only=True)
class OtherEvent(DataSyncEvent):
    """An event of a kind that is not known: a new one, or a call that CloudTrail recorded. See `raw`."""


Event: TypeAlias = TaskExecutionEvent | TaskEvent | AgentEvent | LocationEvent | OtherEvent

KINDS: Final[Mapping[str, tuple[Any, str]]] = {
    TaskExecutionEvent.detail_type: (TaskExecutionEvent, "task_execution_arn"),
    TaskEvent.detail_type: (TaskEvent, "task_arn"),
    AgentEvent.detail_type: (AgentEvent, "agent_arn"),
    LocationEvent.detail_type: (LocationEvent, "location_arn"),
}
"""By detail-type: the class, and its member for the ARN among the event's resources."""


def parse_event(event: Given) -> Event:
    """Read an event of DataSync, of whatever kind.

    SNS puts it into the `Message` of its notification, as a text: give that.

    Raises:
        StructureError: it is no event of DataSync, or lacks something; the message says what.
        TypeError: it is neither a mapping nor a text.
    """
    members = _members(event)
    _text(members, "source")
    if members["source"] != SOURCE:
        raise StructureError(f"source is {members['source']!r:.100}, and events of DataSync have {SOURCE!r}")
    told = _told(members)
    if _kind(members) not in KINDS:
        return OtherEvent(**told)
    cls, arn = KINDS[_kind(members)]
    detail = members.get("detail")
    if not isinstance(detail, Mapping):
        raise StructureError(f"detail is {detail!r:.100}, and must be an object with a State")
    told |= {"status": _text(detail, "State", "detail."), arn: _arn(members, cls.arns)}
    found: Event = cls(**told)
    return found


def _told(members: Mapping[str, Any]) -> dict[str, Any]:
    """What events of all kinds tell."""
    texts = {name: _text(members, name) for name in ("id", "account", "region")}
    return {**texts, "time": _time(members), "raw": members}


def _members(event: Given) -> Mapping[str, Any]:
    if isinstance(event, str | bytes):
        try:
            event = json.loads(event)
        except ValueError as error:
            raise StructureError(f"the event is no JSON: {error}") from None
        if not isinstance(event, Mapping):
            raise StructureError(f"the JSON of an event is an object, and this is {event!r:.100}")
    if not isinstance(event, Mapping):
        raise TypeError(f"an event is a mapping or the text of one, not {type(event).__name__}")
    if "source" not in event and "Message" in event:
        raise StructureError("this is a notification of SNS: give the text of its Message")
    return event


def _text(members: Mapping[str, Any], name: str, at: str = "") -> str:
    value = members.get(name)
    if not isinstance(value, str) or not value:
        raise StructureError(
            f"{at}{name} is {value!r:.100}, and must be a text: is it an event of EventBridge?"
        )
    return value


def _kind(members: Mapping[str, Any]) -> str:
    return _text(members, "detail-type")


def _time(members: Mapping[str, Any]) -> datetime:
    text = _text(members, "time")
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.utcoffset() is None:
        raise StructureError(f"time is {text!r:.100}, and must be as 2026-01-31T12:00:00Z")
    return time


def _arn(members: Mapping[str, Any], form: str) -> str:
    resources = members.get("resources")
    for arn in resources if isinstance(resources, list | tuple) else ():
        if isinstance(arn, str) and re.fullmatch(form, arn):
            return arn
    raise StructureError(f"resources is {resources!r:.200}, and must have the ARN that the event is about")


def event_pattern(
    *,
    states: Iterable[TaskExecutionStatus | str] | str | None = None,
    task_arn: Iterable[str] | str | None = None,
    task_execution_arn: Iterable[str] | str | None = None,
) -> dict[str, Any]:
    """The pattern of a rule that matches events of executions; `json.dumps` makes its text.

    What is None does not matter. Of ARNs or states several can be given: one of them must be that of the
    event. See https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html.

    Args:
        states: status of executions, such as SUCCESS and ERROR, with which all end.
        task_arn: tasks, for events of their executions.
        task_execution_arn: executions, beside those of the tasks.

    Raises:
        ValueError: there is no such state, or a text is not such an ARN: the rule would never match. A word
            that is newer than the SDK is given as `TaskExecutionStatus("WORD")`.
    """
    pattern: dict[str, Any] = {"source": [SOURCE], "detail-type": [TaskExecutionEvent.detail_type]}
    resources: list[Any] = []
    if task_arn is not None:
        tasks = _several(task_arn, "task_arn")
        resources += [{"prefix": f"{_checked(arn, 'task', TaskEvent.arns)}/execution/"} for arn in tasks]
    if task_execution_arn is not None:
        executions = _several(task_execution_arn, "task_execution_arn")
        resources += [_checked(arn, "task execution", TaskExecutionEvent.arns) for arn in executions]
    if resources:
        pattern["resources"] = resources
    if states is not None:
        pattern["detail"] = {"State": [_state(state) for state in _several(states, "states")]}
    return pattern


def _several(given: Iterable[str] | str, name: str) -> list[str]:
    found = [given] if isinstance(given, str) else list(given)
    if not found:
        raise ValueError(f"{name} is empty, so the rule would never match; None leaves it out")
    return found


def _checked(arn: str, what: str, form: str) -> str:
    if not re.fullmatch(form, arn):
        raise ValueError(f"{arn!r:.200} is not the ARN of a {what}, so the rule would never match")
    return arn


def _state(state: str) -> str:
    member = TaskExecutionStatus(state)
    if not member.is_known and not isinstance(state, TaskExecutionStatus):
        raise ValueError(
            f"{state!r:.60} is no status of executions; there are {', '.join(TaskExecutionStatus)}"
        )
    return member.value
