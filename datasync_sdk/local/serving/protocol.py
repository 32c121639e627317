"""AWS's JSON 1.1, without sockets: from a header and a body to a status, headers and a body.

Whatever comes in, the answer has the form of the service's: a response, or an error with `__type`, `message`
and `errorCode`. What goes wrong inside is logged, with its traceback, and answered as InternalException.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Protocol, TypeVar
from uuid import uuid4

from attrs import field, frozen

from datasync_sdk._runtime.structures import Request, Structure
from datasync_sdk.local import operations
from datasync_sdk.local.clock import Clock
from datasync_sdk.local.faults.faults import Faults
from datasync_sdk.local.faults.striking import ConnectionDropped, Strike
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.serving.reading import read_request
from datasync_sdk.local.serving.redact import redacted
from datasync_sdk.local.texts import encoded
from datasync_sdk.objects import Objects

R = TypeVar("R")

log = logging.getLogger("datasync_sdk.local")

CONTENT_TYPE: Final = "application/x-amz-json-1.1"
NO_HEADERS: Final[Mapping[str, str]] = {}


class Handles(Protocol):
    """What this needs of a service."""

    @property
    def region_name(self) -> str:
        """The Region that it plays."""
        ...

    @property
    def faults(self) -> Faults:
        """What is to go wrong."""
        ...

    @property
    def clock(self) -> Clock:
        """The time by which it lives."""
        ...

    def objects(self) -> Objects:
        """The objects in its buckets."""
        ...

    def handle(self, request: Request[R]) -> R:
        """Carry out a request that has been checked. Raises Refusal where the service refuses it."""
        ...


@frozen(kw_only=True)
class Answer:
    """What to send back."""

    status: int = 200
    headers: Mapping[str, str] = NO_HEADERS
    body: bytes = field(default=b"", repr=False)
    delay: float = 0.0
    """How many seconds to wait before it is sent: a fault on request."""
    is_dropped: bool = False
    """Whether to close the connection instead, without a byte: a fault on request."""


def answer(service: Handles, method: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Carry out what a request asks for. It never raises.

    Args:
        service: whom to ask.
        method: the method of the HTTP request; only POST means anything.
        headers: a mapping that finds the names of headers however they are written.
        body: all of it.
    """
    call = Call()
    try:
        return call.answered(call.carry_out(service, method, headers, body))
    except ConnectionDropped:
        return Answer(is_dropped=True, delay=call.delay)
    except Refusal as refusal:
        return call.refused(refusal)
    except Exception:  # noqa: BLE001  # what it is, only the log may tell
        return call.failed(traceback.format_exc())


def refuse(refusal: Refusal) -> Answer:
    """The answer to what is not even a call, in the form that clients of AWS understand."""
    return Call().refused(refusal)


class Call:
    """One call on its way: what is known of it so far."""

    def __init__(self) -> None:
        self.id = str(uuid4())
        self.name = "a request"
        self.request: Request[Any] | None = None
        self.delay = 0.0

    def carry_out(
        self, service: Handles, method: str, headers: Mapping[str, str], body: bytes
    ) -> dict[str, Any]:
        """Carry it out; gives the answer in AWS's names."""
        operation = find_operation(method, headers)
        self.name = operation.name
        signed = SIGNED_FOR.search(headers.get("Authorization", ""))
        if signed and signed[1] != service.region_name:
            warn_of_region(signed[1], service.region_name)
        strike = Strike(service.faults, operation.name, headers)
        self.delay = strike.delay()
        lost = strike.before()
        self.request = request = read_request(body, operation)
        strike.at_access(request)
        response: Structure = service.handle(request)
        if lost:
            raise ConnectionDropped
        return operation.unstructure(strike.after(response))

    def answered(self, response: dict[str, Any]) -> Answer:
        """The answer of a call that was carried out."""
        return self._answer(200, {}, response)

    def refused(self, refusal: Refusal) -> Answer:
        """The answer of a call that was refused."""
        members = {
            "__type": refusal.code,
            "message": redacted(refusal.message, self.request),
            "errorCode": refusal.error_code,
            "datasyncErrorCode": refusal.datasync_error_code,
        }
        given = {name: value for name, value in members.items() if value}
        return self._answer(refusal.status, {"x-amzn-ErrorType": refusal.code}, given)

    def failed(self, stack: str) -> Answer:
        """The answer of a call that met a mistake in the service; the log gets the traceback."""
        log.error("%s failed (request %s):\n%s", self.name, self.id, redacted(stack, self.request))
        return self.refused(
            Refusal(
                code="InternalException",
                message=f"An internal error occurred; the log of the service has it as request {self.id}.",
                error_code="InternalError",
                status=500,
            )
        )

    def _answer(self, status: int, headers: dict[str, str], members: dict[str, Any]) -> Answer:
        ours = {"Content-Type": CONTENT_TYPE, "x-amzn-RequestId": self.id}
        body = encoded(members, ENCODER)
        return Answer(status=status, headers={**ours, **headers}, body=body, delay=self.delay)


@lru_cache(maxsize=64)  # One warning for each Region.
def warn_of_region(asked: str, played: str) -> None:
    """Tell that somebody believes to be in another Region. AWS would refuse the signature."""
    log.warning("a client asks for Region %.40s; this service plays %s, and no other", asked, played)


def find_operation(method: str, headers: Mapping[str, str]) -> operations.Known:
    """The operation that a request is for.

    Raises:
        Refusal: it is for none.
    """
    if method != "POST":
        raise Refusal(message=f"Calls are sent by POST, not by {method[:20]}.", status=405)
    target = headers.get("X-Amz-Target")
    if target is None:
        raise Refusal(message=f"The header X-Amz-Target is missing: {EXAMPLE}.")
    name = target.removeprefix(operations.TARGET_PREFIX)
    if name == target or name not in operations.NAMES:
        raise Refusal(message=f"X-Amz-Target names no operation of DataSync: {target[:60]!a}. {EXAMPLE}.")
    return operations.operation(name)


SIGNED_FOR: Final = re.compile(r"Credential=[^/,]*/[0-9]*/([a-z0-9-]+)/")
"""The Region in the signature of a request."""

EXAMPLE: Final = (
    f"It is {operations.TARGET_PREFIX} and an operation, as in {operations.TARGET_PREFIX}ListTasks"
)


def in_json(value: object) -> float | str:
    """What JSON has no form for: a timestamp as seconds, with milliseconds; bytes in base64."""
    if isinstance(value, datetime):
        return round(value.timestamp(), 3)
    if isinstance(value, bytes):
        return b64encode(value).decode()
    raise TypeError(f"a {type(value).__name__} cannot be written as JSON")


ENCODER: Final = json.JSONEncoder(default=in_json, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
