"""An asynchronous client against the blocking one: the same bytes are sent, the same is made of an answer."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

import pytest
from botocore.config import Config
from hypothesis import given, settings
from hypothesis import strategies as st

from datasync_sdk import AsyncClient, Client, errors, unstructure
from datasync_sdk._runtime.wire import operation_of
from datasync_sdk.local.serving.protocol import ENCODER
from datasync_sdk.testing import strategies
from datasync_sdk.testing._targets import REQUESTS
from tests.sdk.server import FakeService, Received, Reply, error_reply
from tests.sdk.worlds import Driven

CONFIG = Config(retries={"total_max_attempts": 1}, read_timeout=5)
HTML = Reply(b"<html>Service Unavailable</html>", 503, {"Content-Type": "text/html"})

FAILURES = [
    error_reply("InvalidRequestException", "No such thing.", errorCode="E1", datasyncErrorCode="D1"),
    error_reply("InternalException", status=500, errorCode="E2"),
    error_reply("ThrottlingException"),
    error_reply("AccessDeniedException", status=403),
    error_reply("BrandNewException"),
    HTML,
    Reply(b"", 404),
    Reply(b'{"half', 200),
    Reply([1]),
    Reply({"TaskArn": [1], "LocationArn": {}, "Tasks": "a"}),
    Reply(hang_up=True),
]
"""What a service, or what stands before it, can say that is no good.

What is cut off in the middle is not among it: botocore does not notice, and aiobotocore does.
"""


class Both(NamedTuple):
    """A client of each world, and the service that they ask."""

    blocking: Client
    asynchronous: Client
    service: FakeService

    def ask(self, request: Any, reply: Reply) -> tuple[list[Received], list[Any]]:
        """What each sends, and what comes of the same answer."""
        self.service.answers(reply)
        self.service.received.clear()
        outcomes = [outcome(client, request) for client in (self.blocking, self.asynchronous)]
        return self.service.received, outcomes


def outcome(client: Client, request: Any) -> Any:
    """The answer, or all of an error that does not depend on who sends."""
    try:
        return client.send(request)
    except errors.ServiceError as error:
        told = {name: value for name, value in vars(error).items() if name != "response"}
        return type(error), str(error), told, type(error.__cause__).__name__
    except errors.DataSyncError as error:
        return type(error), error.retryable, type(error.__cause__).__name__


@pytest.fixture(scope="module")
def both() -> Iterator[Both]:
    """Clients that check nothing: what is sent is to be seen."""
    with contextlib.closing(FakeService()) as service, asyncio.Runner() as runner:
        options: Any = {"endpoint_url": service.url, "config": CONFIG, "validate": False}
        driven = Driven(AsyncClient(**options), runner)
        with Client(**options) as blocking, driven:
            yield Both(blocking, cast("Client", driven), service)


def written(answer: Any) -> Reply:
    """An answer as the service writes it."""
    return Reply(ENCODER.encode(unstructure(answer)).encode())


@pytest.mark.parametrize("name", REQUESTS)
def test_both_send_the_same_and_make_the_same_of_the_answer(both: Both, name: str) -> None:
    cls = strategies.class_of(name)
    response: Any = operation_of(cls).response
    good = strategies.responses(response).map(written)

    @settings(max_examples=15)
    @given(strategies.requests(cls), good | st.sampled_from(FAILURES))
    def agree(request: Any, reply: Reply) -> None:
        (one, other), (blocking, asynchronous) = both.ask(request, reply)
        assert (other.operation, other.raw) == (one.operation, one.raw)
        assert one.headers["X-Amz-Target"] == other.headers["X-Amz-Target"]
        assert one.headers["Content-Type"] == other.headers["Content-Type"]
        assert asynchronous == blocking

    agree()


@pytest.mark.parametrize("reply", FAILURES, ids=range(len(FAILURES)))
def test_both_fail_alike(both: Both, reply: Reply) -> None:
    request = strategies.class_of("DescribeTaskRequest")(task_arn="a")
    _, (blocking, asynchronous) = both.ask(request, reply)
    assert asynchronous == blocking
    assert isinstance(blocking, tuple)
