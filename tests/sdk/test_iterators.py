"""The iterators over the items of listings."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from datasync_sdk import Client, errors
from datasync_sdk import models as m
from tests.sdk import fake_client, server, worlds
from tests.sdk.fake_client import TASK
from tests.sdk.server import FakeService, Received, Reply, error_reply

make_client, service = worlds.make_client, server.service  # fixtures, as the next line

client, no_default_session = fake_client.client, fake_client.no_default_session


# Iterators


def pages(*tokens: str | None) -> list[dict[str, Any]]:
    """A page of two tasks before each token."""
    return [
        {
            "Tasks": [{"TaskArn": f"{number}{letter}"} for letter in "ab"],
            **({} if token is None else {"NextToken": token}),
        }
        for number, token in enumerate(tokens)
    ]


def test_an_iterator_asks_for_a_page_when_it_is_needed(client: Client, service: FakeService) -> None:
    service.answers(*pages("t1", "t2", None))
    tasks = client.iter_tasks()
    assert service.received == []
    seen = [(task.task_arn, len(service.received)) for task in tasks]
    assert seen == [("0a", 1), ("0b", 1), ("1a", 2), ("1b", 2), ("2a", 3), ("2b", 3)]
    assert service.bodies == [{}, {"NextToken": "t1"}, {"NextToken": "t2"}]
    assert list(tasks) == []
    assert len(service.received) == 3


def test_page_size_start_token_and_filters_are_sent(client: Client, service: FakeService) -> None:
    service.answers(*pages("t1", None))
    filters = [m.TaskFilter(name="LocationId", values=["loc-1"], operator="Equals")]
    assert len(list(client.iter_tasks(filters=filters, page_size=2, start_token="t0"))) == 4
    kept = {"Filters": [{"Name": "LocationId", "Values": ["loc-1"], "Operator": "Equals"}], "MaxResults": 2}
    assert service.bodies == [{**kept, "NextToken": "t0"}, {**kept, "NextToken": "t1"}]


ITERATORS: dict[str, tuple[Callable[[Client], Iterator[Any]], dict[str, Any], Any]] = {
    "ListAgents": (
        lambda c: c.iter_agents(page_size=1),
        {"Agents": [{"AgentArn": "a", "Status": "ONLINE"}]},
        m.AgentListEntry(agent_arn="a", status="ONLINE"),
    ),
    "ListLocations": (
        lambda c: c.iter_locations(page_size=1),
        {"Locations": [{"LocationArn": "a", "LocationUri": "s3://b"}]},
        m.LocationListEntry(location_arn="a", location_uri="s3://b"),
    ),
    "ListTagsForResource": (
        lambda c: c.iter_tags_for_resource(resource_arn=TASK, page_size=1),
        {"Tags": [{"Key": "a", "Value": ""}]},
        m.TagListEntry(key="a", value=""),
    ),
    "ListTaskExecutions": (
        lambda c: c.iter_task_executions(task_arn=TASK, page_size=1),
        {"TaskExecutions": [{"TaskExecutionArn": "a", "Status": "SUCCESS"}]},
        m.TaskExecutionListEntry(task_execution_arn="a", status=m.TaskExecutionStatus.SUCCESS),
    ),
    "ListTasks": (
        lambda c: c.iter_tasks(page_size=1),
        {"Tasks": [{"TaskArn": "a", "Name": "b"}]},
        m.TaskListEntry(task_arn="a", name="b"),
    ),
}


@pytest.mark.parametrize("operation", sorted(ITERATORS))
def test_every_iterator(client: Client, service: FakeService, operation: str) -> None:
    iterate, page, item = ITERATORS[operation]
    service.answers({**page, "NextToken": "t1"}, page)
    assert list(iterate(client)) == [item, item]
    assert {request.operation for request in service.received} == {operation}
    first, second = service.bodies
    assert first["MaxResults"] == 1
    assert second == {**first, "NextToken": "t1"}


def test_empty_pages_are_followed(client: Client, service: FakeService) -> None:
    service.answers({"Tasks": [], "NextToken": "t1"}, {"Tasks": [], "NextToken": "t2"}, *pages(None))
    assert [task.task_arn for task in client.iter_tasks()] == ["0a", "0b"]


@pytest.mark.parametrize("end", [{}, {"NextToken": None}, {"NextToken": ""}], ids=repr)
def test_a_listing_ends_without_a_token(client: Client, service: FakeService, end: dict[str, Any]) -> None:
    service.answers({"Tasks": [{"TaskArn": "a"}], **end})
    assert len(list(client.iter_tasks())) == 1
    assert len(service.received) == 1


@pytest.mark.parametrize("tokens", [["t1", "t1"], ["t1", "t2", "t1"]], ids=repr)
def test_a_repeated_token_stops(client: Client, service: FakeService, tokens: list[str]) -> None:
    service.answers(*pages(*tokens))
    tasks = client.iter_tasks()
    assert len(list(itertools.islice(tasks, 2 * len(tokens)))) == 2 * len(tokens)
    with pytest.raises(errors.PaginationError, match="ListTasks"):
        next(tasks)
    assert len(service.received) == len(tokens)


def test_the_start_token_may_not_come_back(client: Client, service: FakeService) -> None:
    """A service that gives the token of the very page would list it for ever."""
    service.answers(*pages("t0", "t0"))
    with pytest.raises(errors.PaginationError):
        list(itertools.islice(client.iter_tasks(start_token="t0"), 20))
    assert len(service.received) <= 2


def test_an_error_in_the_middle_of_a_listing(client: Client, service: FakeService) -> None:
    service.answers(*pages("t1"), error_reply("InvalidRequestException", "Token expired."))
    tasks = client.iter_tasks()
    assert [next(tasks).task_arn, next(tasks).task_arn] == ["0a", "0b"]
    with pytest.raises(errors.InvalidRequestError, match=r"Token expired\."):
        next(tasks)
    assert list(tasks) == []
    assert len(service.received) == 2


def test_an_iterator_checks_its_arguments(client: Client, service: FakeService) -> None:
    with pytest.raises(errors.ValidationError, match="ResourceArn"):
        next(client.iter_tags_for_resource(resource_arn="r" * 200))
    assert service.received == []


def test_two_iterators_do_not_share_anything(client: Client, service: FakeService) -> None:
    def answer(request: Received) -> Reply:
        token = request.body.get("NextToken")
        return Reply({"Tasks": [{"TaskArn": token or "first"}], **({} if token else {"NextToken": "t"})})

    service.runs(answer)
    one, two = client.iter_tasks(), client.iter_tasks()
    both = [pair[0].task_arn + pair[1].task_arn for pair in zip(one, two, strict=True)]
    assert both == ["firstfirst", "tt"]
