"""Faults of calls at work: where in a call each of them strikes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar, get_args

from attrs import evolve

from datasync_sdk import models as m
from datasync_sdk._runtime.structures import Request, Structure, attributes
from datasync_sdk.local.faults.arguments import seconds_to_wait
from datasync_sdk.local.faults.faults import Faults
from datasync_sdk.local.faults.outages import REFUSING, Kind, Outage
from datasync_sdk.local.refusals import Refusal

R = TypeVar("R")

HEADER: Final = "X-DataSync-Local-Fault"
"""A fault for the one call that carries this header: `throttle`, `slow=2.5`, `unknown_status=REHYDRATING`."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


class ConnectionDropped(Exception):  # noqa: N818  # no error: somebody asked for it
    """The connection is to be closed without an answer."""


class Strike:
    """The faults of one call: those that its header asks for, and those that wait in the service."""

    def __init__(self, faults: Faults, operation: str, headers: Mapping[str, str]) -> None:
        """Look at the header.

        Raises:
            Refusal: it asks for a fault that does not exist.
        """
        self._faults = faults
        self._operation = operation
        asked = headers.get(HEADER)
        self._own = None if asked is None else read_header(asked)

    def _take(self, *kinds: Kind) -> Outage | None:
        if self._own is not None and self._own.kind in kinds and self._own.is_about(self._operation):
            return self._own
        return self._faults.take(self._operation, *kinds)

    def delay(self) -> float:
        """How many seconds late the answer comes."""
        slow = self._take("slow")
        return 0.0 if slow is None else slow.seconds

    def before(self) -> bool:
        """End the call before it is looked at, or tell that its answer will be lost.

        Raises:
            Refusal: it is throttled, or the service has an internal error.
            ConnectionDropped: the connection goes before the call is carried out.
        """
        struck = self._take(*REFUSING)
        if struck is None:
            return False
        if struck.kind == "throttle":
            raise Refusal(code="ThrottlingException", message="Rate exceeded", error_code="")
        if struck.kind == "internal_error":
            raise Refusal(
                code="InternalException",
                message="An internal error occurred, as a test asked.",
                error_code="InternalError",
                status=500,
            )
        if not struck.answer_lost:
            raise ConnectionDropped
        return True

    def at_access(self, request: Request[Any]) -> None:
        """Refuse a request as AWS does while an IAM role has not spread.

        Raises:
            Refusal: a test wants it.
        """
        if self._take("iam_propagation") is None:
            return
        role = next(roles(request), None)
        if role is None:
            message = "DataSync location access test failed: access denied. Check the IAM role."
        else:
            message = (
                f"Unable to assume role. Reason: DataSync is unable to assume the role {role}: "
                "access denied when calling sts:AssumeRole."
            )
        raise Refusal(message=message)

    def after(self, response: R) -> R:
        """The response, with another status where a test wants one."""
        struck = self._take("unknown_status")
        return response if struck is None else with_status(response, struck.status)


def read_header(text: str) -> Outage:
    """The fault that a header asks for.

    Raises:
        Refusal: there is no such fault.
    """
    name, _, value = (part.strip() for part in text.partition("="))
    try:
        if name == "slow":
            return Outage(kind="slow", seconds=seconds_to_wait(float(value)))
        if name == "unknown_status":
            return Outage(kind="unknown_status", status=value or "REHYDRATING")
        if name in KINDS and not value:
            return Outage(kind=name)
    except ValueError:
        pass
    known = f"{', '.join(KINDS)}; slow and unknown_status take a value, as in slow=2.5"
    raise Refusal(message=f"{HEADER} asks for no known fault: {text[:60]!a}. There are {known}.")


def roles(structure: Structure) -> Iterator[str]:
    """The ARNs of IAM roles in a request."""
    for attribute in attributes(structure):
        value = getattr(structure, attribute.name)
        if isinstance(value, Structure):
            yield from roles(value)
        elif attribute.name.endswith("role_arn") and value:
            yield value


def with_status(response: Any, status: Any) -> Any:
    """An answer in which tasks and executions have this status."""
    if isinstance(response, m.DescribeTaskResponse | m.DescribeTaskExecutionResponse):
        return evolve(response, status=status)
    if isinstance(response, m.ListTasksResponse):
        return evolve(response, tasks=tuple(evolve(entry, status=status) for entry in response.tasks))
    if isinstance(response, m.ListTaskExecutionsResponse):
        entries = tuple(evolve(entry, status=status) for entry in response.task_executions)
        return evolve(response, task_executions=entries)
    return response
