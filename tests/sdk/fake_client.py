"""A client of the fake service, for tests that say what the service answers."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from botocore.config import Config

from datasync_sdk import Client
from datasync_sdk import models as m
from datasync_sdk._runtime.rules import rulebook
from tests.sdk.server import FakeService
from tests.sdk.worlds import MakeClient

TASK = "arn:aws:datasync:eu-west-1:111222333444:task/task-00000000000000001"
SOURCE = "arn:aws:datasync:eu-west-1:111222333444:location/loc-00000000000000001"
DESTINATION = "arn:aws:datasync:eu-west-1:111222333444:location/loc-00000000000000002"

ALL_RULES = tuple(rulebook("datasync_sdk._generated"))
"""For tests that send requests with everything in them, which no documentation allows."""
DESCRIBED = {"TaskArn": TASK, "SourceLocationArn": "source", "DestinationLocationArn": "destination"}
ONCE = Config(retries={"total_max_attempts": 1})


@pytest.fixture
def client(service: FakeService, make_client: MakeClient) -> Iterator[Client]:
    """A client of the fake service that does not try again: a blocking one, then an asynchronous one."""
    service.answers(DESCRIBED)
    with make_client("eu-west-1", endpoint_url=service.url, config=ONCE) as made:
        yield made


@pytest.fixture(autouse=True)
def no_default_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3 keeps a session for the whole process: no test sees that of another."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


def describe(client: Client) -> m.DescribeTaskResponse:
    """A call like any other."""
    return client.describe_task(task_arn=TASK)
