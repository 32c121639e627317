"""Faults and the clock over HTTP, for tests that are not written in Python.

`/_local/faults` sets faults:

    POST    {"throttle": {"calls": 3}, "agent_offline": {"agent_arn": "arn:..."}}    set them, all or none
    GET                                                                              what is set
    DELETE                                                                           take back all

The names are those of the methods of `Faults`, and so are their arguments. GET tells a list for each name, as
some can be set more than once; POST takes such lists, too.

`/_local/clock` turns the clock of a service that lives by a `ManualClock`:

    POST    {"advance_seconds": 604800}    a week passes, with all that happens in it
    GET                                    what time it is
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from threading import Lock
from typing import Any, Final

from datasync_sdk.local.clock import Clock, ManualClock
from datasync_sdk.local.faults.faults import Faults
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.serving.protocol import Answer, Handles
from datasync_sdk.local.serving.reading import read_object

PATH: Final = "/_local/faults"
CLOCK_PATH: Final = "/_local/clock"
METHODS: Final = ("GET", "POST", "DELETE")
CLOCK_METHODS: Final = ("GET", "POST")
MOST_SECONDS: Final = 10 * 366 * 24 * 3600
"""How far a clock is turned at once: ten years, in which schedules fire 87,840 times."""
TURNING: Final = Lock()
"""A clock is turned by one at a time."""
JSON: Final = "application/json"

SETTERS: Final = (
    "throttle",
    "internal_error",
    "drop_connection",
    "iam_propagation",
    "unknown_status",
    "slow",
    "agent_offline",
    "agent_online",
    "unreadable",
    "destination_full",
    "corrupt",
    "hang",
    "release",
)
"""The methods that a request may name."""


def administer(service: Handles, method: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Answer a request for the route. It never raises.

    A page in a browser may send simple requests to any address, and a JSON content type is not simple: so
    that is what all of them must have.
    """
    try:
        check_form(method, headers, METHODS)
        if method == "POST":
            set_faults(service.faults, read_object(body))
        if method == "DELETE":
            service.faults.clear()
        return in_json(200, service.faults.describe())
    except Refusal as refusal:
        return in_json(refusal.status, {"message": refusal.message})


def turn(clock: Clock, method: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Answer a request for the route of the clock, once all has happened. It never raises."""
    try:
        check_form(method, headers, CLOCK_METHODS)
        if method == "POST":
            advance(clock, read_object(body))
        return in_json(200, {"now": clock.now().isoformat()})
    except Refusal as refusal:
        return in_json(refusal.status, {"message": refusal.message})


def advance(clock: Clock, document: Mapping[str, Any]) -> None:
    """Turn a clock.

    Raises:
        Refusal: it is not to be turned, or not by so much.
    """
    if not isinstance(clock, ManualClock):
        raise Refusal(message="This service lives by the real time. Start it with --manual-clock to turn it.")
    seconds: Any = document.get("advance_seconds")
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if len(document) > 1 or not is_number or not 0 <= seconds <= MOST_SECONDS:
        raise Refusal(message=f'Send {{"advance_seconds": N}}, with a number from 0 to {MOST_SECONDS}.')
    with TURNING:
        clock.advance(timedelta(seconds=seconds))


def check_form(method: str, headers: Mapping[str, str], methods: tuple[str, ...]) -> None:
    """Stop what is no request for this route.

    Raises:
        Refusal: it is none.
    """
    if method not in methods:
        raise Refusal(message=f"Send {', '.join(methods)}, not {method[:20]}.", status=405)
    # What a web page may send without asking is POST in other forms: GET tells it nothing, DELETE it may not.
    if method == "POST" and headers.get("Content-Type", "").partition(";")[0].strip().lower() != JSON:
        raise Refusal(message=f"Send this with the header Content-Type: {JSON}.", status=415)


def in_json(status: int, document: Mapping[str, object]) -> Answer:
    """A document as an answer."""
    return Answer(status=status, headers={"Content-Type": JSON}, body=json.dumps(document).encode())


def set_faults(faults: Faults, document: Mapping[str, Any]) -> None:
    """Set all faults that a document names, or none.

    Raises:
        Refusal: one of them does not exist, or not in this way; the message tells of all.
    """
    rehearsal = Faults()
    wanted = [
        (name, given)
        for name, times in document.items()
        for given in (times if isinstance(times, list) else [times])
    ]
    problems = [problem for name, given in wanted if (problem := tried(rehearsal, name, given))]
    if problems:
        raise Refusal(message="; ".join(problems))
    for name, given in wanted:
        getattr(faults, name)(**given)


def tried(faults: Faults, name: str, given: object) -> str | None:
    """Set one fault; gives what is wrong with it."""
    if name not in SETTERS:
        return f"there is no fault {name[:60]!a}, but there are {', '.join(SETTERS)}"
    if not isinstance(given, dict):
        return f'{name}: its arguments must be an object, as in {{"{name}": {{}}}}'
    setter: Callable[..., None] = getattr(faults, name)
    try:
        inspect.signature(setter).bind(**given)
        setter(**given)
    except (TypeError, ValueError) as error:
        return f"{name}: {error}"
    return None
