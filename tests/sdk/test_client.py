"""The client: other people's clients, checks, calls, closing."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import boto3
import pytest
from botocore.config import Config

from datasync_sdk import Client, errors
from datasync_sdk import models as m
from tests.sdk import fake_client, server, worlds
from tests.sdk.fake_client import DESCRIBED, DESTINATION, ONCE, SOURCE, TASK, describe
from tests.sdk.server import FakeService, Reply

make_client, service = worlds.make_client, server.service  # fixtures, as the next line

client, no_default_session = fake_client.client, fake_client.no_default_session


# A botocore client of the caller's own


@pytest.fixture
def theirs(service: FakeService) -> Iterator[Any]:
    """A client of boto3's for the fake service."""
    service.answers(DESCRIBED)
    with contextlib.closing(boto3.client("datasync", endpoint_url=service.url, config=ONCE)) as made:
        yield made


def test_a_boto3_client_is_used_as_it_is(service: FakeService, theirs: Any) -> None:
    asked: list[str] = []
    theirs.meta.events.register("before-send.datasync", lambda **_: asked.append("seen"))
    before = dict(vars(theirs))
    service.answers({**DESCRIBED, "CreationTime": 1.5e9, "Status": "AVAILABLE"})
    with Client(boto3_client=theirs) as client:
        answer = describe(client)
    assert asked == ["seen"]
    assert answer.status is m.TaskStatus.AVAILABLE
    assert answer.creation_time == datetime(2017, 7, 14, 2, 40, tzinfo=UTC)
    assert answer.creation_time.tzinfo is UTC
    assert "datasync-sdk" not in service.last.user_agent
    assert vars(theirs) == before


@pytest.mark.parametrize(
    "more",
    [
        {"region_name": "eu-west-1"},
        {"session": boto3.Session("own", "own")},
        {"endpoint_url": "http://127.0.0.1:9"},
        {"config": Config()},
    ],
    ids=lambda more: next(iter(more)),
)
def test_a_boto3_client_leaves_nothing_else_to_say(theirs: Any, more: dict[str, Any]) -> None:
    with pytest.raises(errors.ConfigurationError, match="boto3_client"):
        Client(boto3_client=theirs, **more)


def test_a_boto3_client_for_another_service_is_refused() -> None:
    with contextlib.closing(boto3.client("s3")) as other:
        with pytest.raises(errors.ConfigurationError, match="boto3_client") as caught:
            Client(boto3_client=other)
        assert "s3" in str(caught.value)


@pytest.mark.parametrize("wrong", ["client", 5, object()], ids=["str", "int", "object"])
def test_what_is_no_boto3_client_is_refused(wrong: object) -> None:
    with pytest.raises(errors.ConfigurationError, match="boto3_client"):
        Client(boto3_client=wrong)


@pytest.mark.parametrize("wrong", ["session", 5, boto3], ids=["str", "int", "module"])
def test_what_is_no_session_is_refused(wrong: object) -> None:
    with pytest.raises(errors.ConfigurationError, match=r"session must be a boto3\.Session"):
        Client(session=wrong)


@pytest.mark.parametrize("wrong", [{"retries": {"max_attempts": 1}}, "config"], ids=["dict", "str"])
def test_what_is_no_config_is_refused(wrong: object) -> None:
    with pytest.raises(errors.ConfigurationError, match="config"):
        Client(config=wrong)


# Validation


@pytest.mark.parametrize(
    ("validate", "sent"),
    [(True, {"no", "wrong-pattern"}), ("strict", {"no"}), (False, {"no", "wrong-pattern", "long"})],
)
def test_validate(service: FakeService, validate: bool | Literal["strict"], sent: set[str]) -> None:
    arns = {"no": TASK, "wrong-pattern": "task", "long": TASK + "0" * 200}
    service.answers(DESCRIBED)
    with Client(endpoint_url=service.url, config=ONCE, validate=validate) as client:
        for name, arn in arns.items():
            expected = contextlib.nullcontext() if name in sent else pytest.raises(errors.ValidationError)
            with expected:
                client.describe_task(task_arn=arn)
    assert {body["TaskArn"] for body in service.bodies} == {arns[name] for name in sent}


def test_everything_that_is_wrong_is_reported_at_once(client: Client, service: FakeService) -> None:
    with pytest.raises(errors.ValidationError) as caught:
        client.create_task(
            source_location_arn=None,  # type: ignore[arg-type]
            destination_location_arn="d" * 129,
            options=m.Options(verify_mode="NOEN"),  # type: ignore[arg-type]
        )
    assert [(found.rule, found.path) for found in caught.value.violations] == [
        ("required", "SourceLocationArn"),
        ("max", "DestinationLocationArn"),
        ("enum", "Options.VerifyMode"),
        ("TASK-16", "DestinationLocationArn"),
    ]
    assert "did you mean NONE" in str(caught.value)
    assert service.received == []


def test_check_says_what_send_would(client: Client, service: FakeService) -> None:
    assert client.check(m.DescribeTaskRequest(task_arn=TASK)) == ()
    (found,) = client.check(m.DescribeTaskRequest(task_arn="t" * 200))
    assert (found.rule, found.path) == ("max", "TaskArn")
    assert service.received == []


@pytest.mark.parametrize("wrong", ["Strict", "", None, 2, []], ids=repr)
def test_validate_is_one_of_three(wrong: Any) -> None:
    with pytest.raises(errors.ConfigurationError, match="validate must be"):
        Client(validate=wrong)


# Calls


def test_send_equals_the_method(client: Client, service: FakeService) -> None:
    service.answers({"TaskArn": TASK})
    arguments: dict[str, Any] = {
        "source_location_arn": SOURCE,
        "destination_location_arn": DESTINATION,
        "options": m.Options(verify_mode="NONE", bytes_per_second=-1),
        "includes": [m.FilterRule(filter_type="SIMPLE_PATTERN", value="/a")],
        "schedule": m.TaskSchedule(schedule_expression="", status=m.ScheduleStatus.ENABLED),
        "tags": (),
    }
    by_method = client.create_task(**arguments)
    by_send = client.send(m.CreateTaskRequest(**arguments))
    assert by_method == by_send == m.CreateTaskResponse(task_arn=TASK)
    one, two = service.received
    assert (one.operation, one.body) == (two.operation, two.body)
    assert one.operation == "CreateTask"
    assert one.body == {
        "SourceLocationArn": SOURCE,
        "DestinationLocationArn": DESTINATION,
        "Options": {"VerifyMode": "NONE", "BytesPerSecond": -1},
        "Includes": [{"FilterType": "SIMPLE_PATTERN", "Value": "/a"}],
        "Schedule": {"ScheduleExpression": "", "Status": "ENABLED"},
        "Tags": [],
    }


@pytest.mark.parametrize("wrong", [None, "DescribeTask", {"TaskArn": TASK}, m.Options()], ids=repr)
def test_send_takes_requests_only(client: Client, service: FakeService, wrong: Any) -> None:
    with pytest.raises(TypeError):
        client.send(wrong)
    assert service.received == []


def test_an_empty_answer_is_an_object(client: Client, service: FakeService) -> None:
    service.answers({})
    assert client.delete_task(task_arn=TASK) == m.DeleteTaskResponse()
    service.answers(Reply(b""))
    assert client.delete_task(task_arn=TASK) == m.DeleteTaskResponse()


def test_unknown_members_and_enum_values_are_fine(client: Client, service: FakeService) -> None:
    service.answers(
        {**DESCRIBED, "Status": "DREAMING", "Mood": {"Deep": [1]}, "Options": {"Gid": "HALF", "New": 1}}
    )
    answer = describe(client)
    assert answer.status == "DREAMING"
    assert isinstance(answer.status, m.TaskStatus)
    assert not answer.status.is_known
    assert answer.options == m.Options(gid=m.Gid("HALF"))
    with pytest.raises(errors.ValidationError, match=r"Options\.Gid"):
        client.update_task(task_arn=TASK, options=answer.options)


def test_absent_and_null_members_are_none(client: Client, service: FakeService) -> None:
    service.answers({**DESCRIBED, "Name": None, "Excludes": None, "Includes": [], "Options": {}})
    answer = describe(client)
    assert (answer.name, answer.excludes, answer.includes, answer.options) == (None, None, (), m.Options())


@pytest.mark.parametrize("absent", sorted(DESCRIBED))
@pytest.mark.parametrize("how", ["absent", "null"])
def test_an_answer_without_a_member_that_is_always_there(
    client: Client, service: FakeService, absent: str, how: str
) -> None:
    answer: dict[str, Any] = {**DESCRIBED, absent: None}
    service.answers(answer if how == "null" else {k: v for k, v in answer.items() if v})
    with pytest.raises(errors.StructureError, match=rf"DescribeTaskResponse\.{absent} is missing"):
        describe(client)


def test_a_list_whose_entry_lacks_a_member(client: Client, service: FakeService) -> None:
    service.answers({"Tasks": [{"TaskArn": "a"}, {"Name": "b"}]})
    with pytest.raises(errors.StructureError, match=r"ListTasksResponse\.Tasks\[1\]\.TaskArn is missing"):
        client.list_tasks()


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (1500000000, datetime(2017, 7, 14, 2, 40, tzinfo=UTC)),
        (1500000000.25, datetime(2017, 7, 14, 2, 40, 0, 250000, tzinfo=UTC)),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (-1, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2017-07-14T02:40:00Z", datetime(2017, 7, 14, 2, 40, tzinfo=UTC)),
        ("2017-07-14T04:40:00+02:00", datetime(2017, 7, 14, 2, 40, tzinfo=UTC)),
        ("Fri, 14 Jul 2017 02:40:00 GMT", datetime(2017, 7, 14, 2, 40, tzinfo=UTC)),
    ],
)
def test_timestamps_are_aware_utc(
    client: Client, service: FakeService, sent: object, expected: datetime
) -> None:
    service.answers({**DESCRIBED, "CreationTime": sent})
    made = describe(client).creation_time
    assert made == expected
    assert made.utcoffset() == timedelta(0)
    assert made.tzinfo is UTC


def test_threads_share_a_client(service: FakeService) -> None:
    """Each gets the answer to its own question."""
    service.runs(lambda request: Reply({**DESCRIBED, "TaskArn": request.body["TaskArn"]}, delay=0.002))
    with Client(endpoint_url=service.url) as client, ThreadPoolExecutor(16) as pool:
        arns = [f"{TASK}-{number}" for number in range(160)]
        answers = list(pool.map(lambda arn: client.describe_task(task_arn=arn).task_arn, arns))
    assert answers == arns
    assert sorted(body["TaskArn"] for body in service.bodies) == sorted(arns)
    assert len({request.user_agent for request in service.received}) == 1


# Closing


def wait_for(condition: Callable[[], bool]) -> bool:
    """Whether something becomes true within two seconds."""
    until = time.monotonic() + 2
    while not condition() and time.monotonic() < until:
        time.sleep(0.005)
    return condition()


def test_a_closed_client_refuses(service: FakeService) -> None:
    service.answers({"Tasks": [{"TaskArn": "a"}], "NextToken": "more"})
    with Client(endpoint_url=service.url) as client:
        tasks = client.iter_tasks()
        assert next(tasks).task_arn == "a"
        assert service.connections == 1
    assert wait_for(lambda: service.connections == 0)
    for call in (describe, lambda c: c.send(m.ListTasksRequest()), lambda c: next(c.iter_tasks())):
        with pytest.raises(errors.ConfigurationError, match="this client is closed"):
            call(client)
    with pytest.raises(errors.ConfigurationError, match="this client is closed"):
        next(tasks)
    assert len(service.received) == 1
    client.close()


def test_a_handed_in_client_stays_open(service: FakeService, theirs: Any) -> None:
    with Client(boto3_client=theirs) as client:
        describe(client)
    with pytest.raises(errors.ConfigurationError, match="this client is closed"):
        describe(client)
    assert not wait_for_less_than_one_connection(service)
    assert theirs.describe_task(TaskArn=TASK)["TaskArn"] == TASK
    with Client(boto3_client=theirs) as another:
        assert describe(another).task_arn == TASK
    assert len(service.received) == 3


def wait_for_less_than_one_connection(service: FakeService) -> bool:
    """Whether the connection goes away, for which a tenth of a second is long on loopback."""
    time.sleep(0.1)
    return service.connections < 1


def test_an_error_inside_with_comes_out_and_the_client_is_closed(service: FakeService) -> None:
    client = Client(endpoint_url=service.url)
    with client as same:
        assert same is client
    client = Client(endpoint_url=service.url)
    with pytest.raises(KeyError, match="mine"), client:
        raise KeyError("mine")
    with pytest.raises(errors.ConfigurationError, match="closed"):
        describe(client)
