"""What is asked of a service, call by call, and answers that nobody expects."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from datasync_sdk import Client
from datasync_sdk import models as m
from datasync_sdk.aio.client import AsyncClient
from tests.layer.worlds import ONCE, Costume
from tests.sdk.server import FakeService, Received, Reply

HERE = "arn:aws:datasync:us-east-1:123456789012"
ROLE = "arn:aws:iam::123456789012:role/datasync"
kinds = pytest.mark.parametrize("kind", ["blocking", "async"])


@pytest.fixture
def fake() -> Iterator[FakeService]:
    with closing(FakeService()) as service:
        yield service


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "any")


def asked(kind: str, fake: FakeService, body: Callable[[Any], Awaitable[None]]) -> Counter[str]:
    """How often a program of one kind calls each operation."""

    async def program() -> None:
        if kind == "blocking":
            with Client("us-east-1", endpoint_url=fake.url, config=ONCE) as client:
                await body(Costume(client))
        else:
            async with AsyncClient("us-east-1", endpoint_url=fake.url, config=ONCE) as other:
                await body(other)

    asyncio.run(program())
    return Counter(request.operation for request in fake.received)


def location(number: int) -> str:
    return f"{HERE}:location/loc-{number:017x}"


def listed(*uris: str) -> Reply:
    """A listing of locations."""
    return Reply(
        {"Locations": [{"LocationArn": location(n), "LocationUri": uri} for n, uri in enumerate(uris)]}
    )


@kinds
def test_a_location_with_a_strange_uri_is_in_nobodys_way(kind: str, fake: FakeService) -> None:
    def answers(request: Received) -> Reply:
        if request.operation == "ListLocations":
            return listed("strange", "s3:///", "s3://archive/")
        return Reply({"LocationArn": location(2), "LocationUri": "s3://archive/"})

    async def body(client: AsyncClient) -> None:
        found = await client.find_location("s3://archive")
        assert found is not None
        assert found.location_arn == location(2)
        described = await client.describe_location(location(2))
        assert isinstance(described, m.DescribeLocationS3Response)

    fake.runs(answers)
    asked(kind, fake, body)


@kinds
def test_what_is_no_uri_is_told_where_there_is_no_location_too(kind: str, fake: FakeService) -> None:
    async def body(client: AsyncClient) -> None:
        for call in (client.find_location, lambda uri: client.find_task(source=uri)):
            with pytest.raises(ValueError, match="is not the URI of a location"):
                await call("archive")

    fake.runs(lambda _: listed())
    asked(kind, fake, body)


@kinds
def test_the_types_of_all_locations_are_listed_once(kind: str, fake: FakeService) -> None:
    def answers(request: Received) -> Reply:
        if request.operation == "ListLocations":
            return listed(*(f"s3://bucket{number}/" for number in range(30)))
        return Reply({"LocationArn": request.body["LocationArn"], "LocationUri": "s3://any/"})

    async def body(client: AsyncClient) -> None:
        for number in range(30):
            await client.describe_location(location(number))

    fake.runs(answers)
    assert asked(kind, fake, body) == {"ListLocations": 1, "DescribeLocationS3": 30}


@kinds
def test_a_location_that_is_as_wanted_takes_two_calls(kind: str, fake: FakeService) -> None:
    def answers(request: Received) -> Reply:
        if request.operation == "ListLocations":
            return listed("s3://archive/")
        config = {"BucketAccessRoleArn": ROLE}
        return Reply({"LocationArn": location(0), "LocationUri": "s3://archive/", "S3Config": config})

    async def body(client: AsyncClient) -> None:
        wanted = m.CreateLocationS3Request(
            s3_bucket_arn="arn:aws:s3:::archive", s3_config=m.S3Config(bucket_access_role_arn=ROLE)
        )
        assert (await client.ensure_location(wanted)).action == "unchanged"

    fake.runs(answers)
    assert asked(kind, fake, body) == {"ListLocations": 1, "DescribeLocationS3": 1}


@kinds
def test_nobody_asks_for_tasks_between_places_that_are_not_there(kind: str, fake: FakeService) -> None:
    async def body(client: AsyncClient) -> None:
        assert await client.find_task(source="s3://nowhere/") is None

    fake.runs(lambda _: listed("s3://archive/"))
    assert asked(kind, fake, body) == {"ListLocations": 1}


@kinds
def test_many_tasks_between_two_places_ask_for_these_once(kind: str, fake: FakeService) -> None:
    tasks = [f"{HERE}:task/task-{number:017x}" for number in range(20)]

    def answers(request: Received) -> Reply:
        arn = request.body.get("TaskArn", "")
        if request.operation == "ListLocations":
            return listed("nfs://nas/export/", "s3://archive/")
        config = {"AgentArns": [f"{HERE}:agent/agent-0123456789abcdef0"]}
        execution = {"TaskExecutionArn": request.body.get("TaskExecutionArn", f"{arn}/execution/exec-0")}
        ends = {"SourceLocationArn": location(0), "DestinationLocationArn": location(1)}
        return Reply(
            {
                "DescribeTask": {"TaskArn": arn, **ends},
                "DescribeLocationNfs": {"LocationArn": location(0), "OnPremConfig": config},
                "DescribeLocationS3": {"LocationArn": location(1)},
                "StartTaskExecution": execution,
                "DescribeTaskExecution": {**execution, "Status": "SUCCESS"},
            }[request.operation]
        )

    async def body(client: AsyncClient) -> None:
        assert [each.is_success async for each in client.run_all(tasks)] == [True] * 20

    fake.runs(answers)
    calls = asked(kind, fake, body)
    operations = [request.operation for request in fake.received]
    assert operations.index("StartTaskExecution") < 20, "the first one waited until all were known"
    assert calls == {
        "ListLocations": 1,
        "DescribeLocationNfs": 1,
        "DescribeLocationS3": 1,
        "DescribeTask": 2 * 20,  # For its locations, and for an execution that runs.
        "StartTaskExecution": 20,
        "DescribeTaskExecution": 20,
    }
