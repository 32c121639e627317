"""Whole calls, and listings across pages, with a stub for the network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3

from benchmarks import data
from benchmarks.stub import Answers, always, answering
from benchmarks.table import Benchmarks, Row, Target, in_turns, show
from datasync_sdk import Client, unstructure
from datasync_sdk._runtime.structures import Structure

ROUNDS = 200
CALLS = 10
LISTINGS = 15
PAGES = 100


def call_rows() -> Iterator[Row]:
    """Three calls beside plain boto3: a large answer, a large request, a long list.

    The parts of the request exist before, as objects on one side and as dicts on the other.
    """
    arn = {"TaskExecutionArn": data.EXECUTION_ARN}
    yield call_row("describe_task_execution", arn, data.execution())
    yield call_row("create_task", data.create_task(), {"TaskArn": data.ARN})
    yield call_row("list_tasks", {"MaxResults": 100}, {"Tasks": data.tasks()})


def call_row(method: str, parameters: dict[str, Any], answer: object) -> Row:
    """A call of one method."""
    ours, theirs = our_call(method, parameters, answer), their_call(method, parameters, answer)
    assert unstructure(ours()) == without_metadata(theirs())
    pairs = in_turns(ours, theirs, rounds=ROUNDS, calls=CALLS)
    return Row(f"call: client.{method}(...)", "boto3's client", pairs, Target(0.85))


def our_call(method: str, parameters: dict[str, Any], answer: object) -> Callable[[], Structure]:
    """A call through the SDK."""
    call: Callable[..., Structure] = getattr(our_client(always(answer)), method)
    arguments = typed(method, parameters)
    return lambda: call(**arguments)


def their_call(method: str, parameters: dict[str, Any], answer: object) -> Callable[[], Any]:
    """The same call through boto3."""
    call = getattr(their_client(always(answer)), method)
    return lambda: call(**parameters)


def typed(method: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """The keyword arguments of a method, from those of boto3."""
    from datasync_sdk import models, structure

    cls = getattr(models, f"{method.title().replace('_', '')}Request")
    request = structure(parameters, cls)
    values = {field.name: getattr(request, field.name) for field in cls.__attrs_attrs__}
    return {name: value for name, value in values.items() if value is not None}


def our_client(answers: Answers) -> Client:
    """The SDK's client, with its defaults."""
    return Client(region_name=data.REGION, session=stubbed_session(answers))


def their_client(answers: Answers) -> Any:
    """boto3's client, with its defaults."""
    return stubbed_session(answers).client("datasync", region_name=data.REGION)


def stubbed_session(answers: Answers) -> Any:
    """A session whose clients reach no network."""
    data.use_environment()
    session = boto3.Session()
    session.events.register("before-send.datasync", answering(answers))
    return session


def answer_of(operation: str, answer: object) -> dict[str, Any]:
    """An answer as boto3 gives it."""
    client = their_client(always(answer))
    method = {name: key for key, name in client.meta.method_to_api_mapping.items()}[operation]
    required = data.service().operation_model(operation).input_shape.required_members
    given: dict[str, Any] = getattr(client, method)(**dict.fromkeys(required, data.EXECUTION_ARN))
    return given


def without_metadata(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without what botocore adds."""
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def list_rows() -> Iterator[Row]:
    """10,000 tasks, beside boto3's paginator."""
    client, paginator = our_client(pages()), their_client(pages()).get_paginator("list_tasks")

    def ours() -> list[Any]:
        return list(client.iter_tasks())

    def theirs() -> list[Any]:
        return [task for page in paginator.paginate() for task in page["Tasks"]]

    assert [unstructure(task) for task in ours()] == theirs()
    assert len(theirs()) == PAGES * 100
    pairs = in_turns(ours, theirs, rounds=LISTINGS)
    what, against = "list: 10,000 of client.iter_tasks()", "boto3's paginator, flattened"
    yield Row(what, against, pairs, Target(0.95))


def pages() -> Answers:
    """The pages of a listing; the token of a page is its number."""
    listing: list[dict[str, Any]] = [
        {"Tasks": data.tasks(page), "NextToken": str(page + 1)} for page in range(PAGES)
    ]
    del listing[-1]["NextToken"]
    bodies = [json.dumps(page).encode() for page in listing]
    return lambda request: bodies[int(json.loads(request).get("NextToken", 0))]


BENCHMARKS: Benchmarks = {"call": call_rows, "list": list_rows}

if __name__ == "__main__":
    show(BENCHMARKS)
