"""What can only be said of a request by those who know the task and its locations.

`Client.preflight` asks for these with Describe calls. Here is what to ask for and what follows from the
answers, without a call: `steps` yields requests and is sent answers, so that the synchronous and the
asynchronous client drive the same code.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeAlias, TypeVar

from attrs import evolve, field, fields, frozen

from datasync_sdk import models as m
from datasync_sdk._generated.errors import InvalidRequestError
from datasync_sdk._runtime.checks import Violation
from datasync_sdk._runtime.errors import (
    AccessDeniedError,
    ConfigurationError,
    ServiceError,
    ThrottlingError,
    ValidationError,
)
from datasync_sdk._runtime.structures import Request, Structure
from datasync_sdk._runtime.wire import operation_of, wire_of
from datasync_sdk.defaults import effective, merged_options
from datasync_sdk.locations import DESCRIBE_BY_TYPE

__all__ = ["COULD_NOT_CHECK", "Steps", "as_created", "steps", "without_defaults"]

T = TypeVar("T")

Refusal: TypeAlias = ServiceError | ValidationError | ConfigurationError
Answer: TypeAlias = Structure | Refusal
Asking: TypeAlias = Generator[Request[Any], Answer, T]
"""It yields requests, is sent their answers or errors, and returns what it was asked for."""
Steps: TypeAlias = Asking[list[Violation]]

COULD_NOT_CHECK = "could-not-check"
"""The rule of violations that say what could not be looked at."""

DESCRIBE_LOCATION: tuple[Any, ...] = tuple(dict.fromkeys(DESCRIBE_BY_TYPE.values()))
"""An ARN does not say of what type its location is, so each is tried, the usual ones first."""

# An update of a location says the type.
UPDATED_LOCATION: dict[type, Any] = {
    getattr(m, cls.__name__.replace("Describe", "Update")): cls for cls in DESCRIBE_LOCATION
}


OVERRIDDEN = (
    "cloud_watch_log_group_arn",
    "excludes",
    "includes",
    "manifest_config",
    "name",
    "schedule",
    "task_report_config",
)
"""What a request replaces as a whole; of options, it replaces those that it gives."""


@frozen
class Known:
    """What is known beside a request, and what could not be looked at."""

    context: dict[str, Structure] = field(factory=dict)
    found: list[Violation] = field(factory=list)

    def look(self, name: str, path: str, *requests: Request[Any]) -> Asking[Any]:
        """Get something by the first request that can; None, and a violation that says why, if none can."""
        refusals = []
        for request in requests:
            answer = yield request
            if not isinstance(answer, ServiceError | ValidationError | ConfigurationError):
                self.context[name] = answer
                return answer
            refusals.append(answer)
            if isinstance(answer, ThrottlingError):
                break  # More calls would make it worse.
        self.found.append(could_not_check(name, path, refusals))
        return None

    def look_at_locations(self, *locations: tuple[str, str, str]) -> Asking[None]:
        """Get locations by their names, the members to blame, and their ARNs."""
        seen: dict[str, Structure] = {}
        for name, path, arn in locations:
            if arn in seen:
                self.context[name] = seen[arn]
                continue
            found = yield from self.look(name, path, *(make(location_arn=arn) for make in DESCRIBE_LOCATION))
            if found is not None:
                seen[arn] = found


def could_not_check(name: str, path: str, refusals: list[Refusal]) -> Violation:
    """What to say of something that could not be looked at.

    Of a location, most refusals only say that it is of another type; a missing permission is to be mended.
    """
    telling = [error for error in refusals if not isinstance(error, InvalidRequestError)]
    told = min(telling or refusals[-1:], key=lambda error: not isinstance(error, AccessDeniedError))
    problem = f"the {name} could not be looked at, so the rules about it were left out: {told!s:.300}"
    if len(refusals) > 1 and not telling:
        problem = f"there is no such location, of whatever type, so the rules about the {name} were left out"
    return Violation(COULD_NOT_CHECK, path, problem, severity="warning")


def steps(request: Request[Any]) -> Steps:
    """What to ask for, and what is wrong with a request according to the answers."""
    known = Known()
    match request:
        case m.CreateTaskRequest():
            yield from known.look_at_locations(
                ("source", "SourceLocationArn", request.source_location_arn),
                ("destination", "DestinationLocationArn", request.destination_location_arn),
            )
        case m.UpdateTaskRequest() | m.StartTaskExecutionRequest():
            yield from look_at_task(known, request)
        case m.UpdateTaskExecutionRequest() | m.CancelTaskExecutionRequest():
            arn = request.task_execution_arn
            execution = m.DescribeTaskExecutionRequest(task_execution_arn=arn)
            yield from known.look("execution", "TaskExecutionArn", execution)
        case _ if type(request) in UPDATED_LOCATION:
            location = UPDATED_LOCATION[type(request)](location_arn=getattr(request, "location_arn", None))
            yield from known.look("location", "LocationArn", location)
    return [*known.found, *broken_by(request, known.context)]


def look_at_task(known: Known, request: m.UpdateTaskRequest | m.StartTaskExecutionRequest) -> Asking[None]:
    """Get a task and its locations, and see what is wrong with what the task would then be."""
    task = yield from known.look("task", "TaskArn", m.DescribeTaskRequest(task_arn=request.task_arn))
    if task is None:
        return
    yield from known.look_at_locations(
        ("source", "TaskArn", task.source_location_arn),
        ("destination", "TaskArn", task.destination_location_arn),
    )
    known.found.extend(broken_by_task(as_created(task, request), request, known.context))


def broken_by(request: Request[Any], context: dict[str, Structure]) -> list[Violation]:
    """The rules that a request breaks according to the context."""
    found: list[Violation] = []
    rules = operation_of(type(request)).rules
    if rules and rules.preflight:
        rules.preflight(request, context, found)
    return found


def broken_by_task(
    task: m.CreateTaskRequest,
    request: m.UpdateTaskRequest | m.StartTaskExecutionRequest,
    context: dict[str, Structure],
) -> list[Violation]:
    """The rules that a task breaks as a request will make it, and that the request alone does not break."""
    task = without_defaults(task, overrides_of(request))
    found = broken_by(task, context)
    alone: list[Violation] = []
    for checked, into in ((task, found), (request, alone)):
        rules = operation_of(type(checked)).rules
        if rules:
            rules.check(checked, into)
    said = {(violation.rule, violation.path) for violation in alone}
    named = (evolve(violation, path=path_in(request, violation.path)) for violation in found)
    return [violation for violation in named if (violation.rule, violation.path) not in said]


def path_in(request: Request[Any], path: str) -> str:
    """The path in a request of what a task has; what the request has no member for is that of the `task`."""
    first = path.partition(".")[0].partition("[")[0]
    if first == "Options" and isinstance(request, m.StartTaskExecutionRequest):
        return f"Override{path}"
    return path if first in wire_of(type(request)).names else f"task.{path}"


def as_created(
    task: m.DescribeTaskResponse, request: m.UpdateTaskRequest | m.StartTaskExecutionRequest
) -> m.CreateTaskRequest:
    """The request that would make a task such as an update, or an execution with overrides, makes it."""
    given: dict[str, Any] = {name: getattr(request, name, None) for name in OVERRIDDEN}
    members = {name: getattr(task, name) if value is None else value for name, value in given.items()}
    return m.CreateTaskRequest(
        source_location_arn=task.source_location_arn,
        destination_location_arn=task.destination_location_arn,
        options=merged_options(task.options, overrides_of(request)),
        task_mode=task.task_mode,
        **{name: None if is_removal(value) else value for name, value in members.items()},
    )


def overrides_of(request: m.UpdateTaskRequest | m.StartTaskExecutionRequest) -> m.Options | None:
    """The options that a request gives."""
    return request.options if isinstance(request, m.UpdateTaskRequest) else request.override_options


def without_defaults(task: m.CreateTaskRequest, overrides: m.Options | None) -> m.CreateTaskRequest:
    """A task without the options that have their defaults and that the request does not give.

    The service tells all options of a task, whether somebody gave them or not. Some rules are about what was
    given: nobody is to be warned of what he left out.
    """
    options = task.options or m.Options()
    defaults = effective(evolve(task, options=m.Options())).value.options
    left_out = {
        attribute.name: None
        for attribute in fields(m.Options)
        if getattr(overrides, attribute.name, None) is None
        and getattr(options, attribute.name) == getattr(defaults, attribute.name)
    }
    return evolve(task, options=evolve(options, **left_out))


def is_removal(value: object) -> bool:
    """Whether a value is one of the empty ones that remove what a task has."""
    removed_schedule = isinstance(value, m.TaskSchedule) and not value.schedule_expression
    return removed_schedule or value in (m.ManifestConfig(), m.TaskReportConfig())
