"""The service refuses whatever breaks a documented rule, and says what is wrong.

Each rule is broken by requests that are made to break it and nothing else, as they come over the wire.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve
from hypothesis import Phase, assume, given, settings

from datasync_sdk import Client, unstructure
from datasync_sdk import models as m
from datasync_sdk._generated.service import SERVICE
from datasync_sdk._runtime.rules import completed, rulebook
from datasync_sdk._runtime.wire import operation_of
from datasync_sdk.local import LocalDataSync
from datasync_sdk.local.serving.protocol import answer
from datasync_sdk.local.state import Kind, Resource
from datasync_sdk.local.store.store import to_json
from datasync_sdk.testing import strategies
from tests.sdk.test_rules import ALONE, WITH_CONTEXT

ERRORS = {name for name, rule in rulebook(SERVICE.package).items() if rule.severity == "error"}

# To shrink a request takes long and tells little.
few = settings(max_examples=5, deadline=None, phases=[Phase.generate])


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalDataSync]:
    with LocalDataSync(tmp_path_factory.mktemp("rules")) as service:
        yield service


@pytest.fixture(scope="module")
def client() -> Client:
    """Who says what is wrong."""
    return Client("eu-west-1", validate="strict")


def ask(service: LocalDataSync, request: Any) -> tuple[int, dict[str, Any]]:
    """What is answered to a request."""
    headers = {"X-Amz-Target": f"FmrsService.{operation_of(type(request)).name}"}
    body = to_json(unstructure(request))
    assume("\\u0000" not in body)  # No text may have NUL characters: that is told first, and alone.
    answered = answer(service, "POST", headers, body.encode())
    return answered.status, json.loads(answered.body)


def refused(service: LocalDataSync, request: Any) -> str:
    """Why a request is refused."""
    status, members = ask(service, request)
    assert status == 400
    assert members["__type"] == "InvalidRequestException"
    assert members["errorCode"]
    message: str = members["message"]
    return message


@pytest.mark.parametrize("rule", [rule for rule in ALONE if rule in ERRORS])
def test_what_breaks_a_rule_is_refused(rule: str, service: LocalDataSync, client: Client) -> None:
    @few
    @given(strategies.violating(rule))
    def is_refused(request: Any) -> None:
        message = refused(service, request)
        broken = [violation for violation in client.check(request) if violation.rule == rule]
        assert broken
        for violation in broken:
            assert violation.path in message
            assert violation.message in message, message

    is_refused()


def put(service: LocalDataSync, kind: Kind, arn: str | None, described: Any) -> None:
    """Let the service have a resource, as it is described."""
    if arn and described is not None:
        service._state.store.delete(arn)
        service._state.store.add(Resource(arn=arn, kind=kind, described=described), {})


def put_context(service: LocalDataSync, request: Any, context: Any) -> None:
    """Let the service have what is described beside a request."""
    task = context.get("task")
    put(service, Kind.TASK, getattr(request, "task_arn", None), task)
    execution = context.get("execution")
    if execution is not None:
        # One that ended long ago is forgotten, and what has no end and does not run has broken off.
        execution = evolve(execution, end_time=service.clock.now())
    put(service, Kind.EXECUTION, getattr(request, "task_execution_arn", None), execution)
    put(service, Kind.LOCATION, getattr(request, "location_arn", None), context.get("location"))
    holder = request if isinstance(request, m.CreateTaskRequest) else task
    arns = {side: getattr(holder, f"{side}_location_arn", None) for side in ("source", "destination")}
    assume(arns["source"] is None or arns["source"] != arns["destination"])
    for side, arn in arns.items():
        put(service, Kind.LOCATION, arn, context.get(side))


# The status of a task is the service's own to say: test_life.py has what it does when a task runs already.
SAID_BY_THE_SERVICE = {"EXEC-01"}


@pytest.mark.parametrize("rule", sorted(set(WITH_CONTEXT) & ERRORS - SAID_BY_THE_SERVICE))
def test_what_breaks_a_rule_about_other_things_is_refused(rule: str, service: LocalDataSync) -> None:
    @few
    @given(strategies.situations(rule))
    def is_refused(situation: strategies.Situation) -> None:
        request, context = situation
        put_context(service, request, context)
        found: list[Any] = []
        rules = operation_of(type(request)).rules
        assert rules
        assert rules.preflight
        rules.preflight(request, context, found)
        message = refused(service, request)
        for violation in completed(found, SERVICE.package, frozenset()):
            assert violation.message in message

    is_refused()
