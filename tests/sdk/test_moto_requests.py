"""Requests that obey every rule, sent to moto for the operations that it has."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve, fields
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasync_sdk import Client, errors
from datasync_sdk import models as m
from datasync_sdk._runtime.wire import operation_of
from datasync_sdk.testing import strategies
from tests.sdk import server
from tests.sdk.server import Moto
from tests.sdk.strategies import REQUESTS, class_of

moto, moto_url, client = server.moto, server.moto_url, server.client

UNREAD = {"ListTagsForResourceRequest", "ListTaskExecutionsRequest"}
"""What moto answers with an error of its own, whatever is asked."""


def things(client: Client) -> dict[str, str]:
    """The ARNs of one of each thing that moto can make, by the attributes that want them."""
    role = m.S3Config(bucket_access_role_arn="arn:aws:iam::111222333444:role/datasync")
    location = client.create_location_s3(s3_bucket_arn="arn:aws:s3:::b", s3_config=role).location_arn
    target = client.create_location_s3(s3_bucket_arn="arn:aws:s3:::c", s3_config=role).location_arn
    busy, idle = (
        client.create_task(source_location_arn=location, destination_location_arn=target).task_arn
        for _ in range(2)
    )
    execution = client.start_task_execution(task_arn=busy).task_execution_arn
    unused = client.create_location_s3(s3_bucket_arn="arn:aws:s3:::d", s3_config=role).location_arn
    return {
        "source_location_arn": location,
        "destination_location_arn": target,
        "location_arn": unused,
        "task_arn": idle,
        "task_execution_arn": execution,
        "resource_arn": idle,
    }


def about(request: Any, known: dict[str, str]) -> Any:
    """A request about things that are there."""
    names = {field.name for field in fields(type(request))}
    return evolve(request, **{name: arn for name, arn in known.items() if name in names})


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_moto_takes_what_obeys_the_rules(data: st.DataObject, client: Client, moto: Moto) -> None:
    """All operations answer; only that the location is of another type is said where it is."""
    there = {name for name in REQUESTS if operation_of(class_of(name)).method in moto.operations}
    name = data.draw(st.sampled_from(sorted(there - UNREAD)))
    request = about(data.draw(strategies.requests(class_of(name))), things(client))
    if name == "DescribeLocationSmbRequest":
        with pytest.raises(errors.InvalidRequestError, match="Invalid Location type"):
            client.send(request)
    else:
        assert client.send(request) is not None
