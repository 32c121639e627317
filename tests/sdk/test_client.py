"""The client against a DataSync on loopback that answers what each test needs."""

from __future__ import annotations

import contextlib
import copy
import itertools
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ParamValidationError

from datasync_sdk import Client, errors
from datasync_sdk import models as m
from datasync_sdk._runtime.session import service_model
from tests.sdk import server
from tests.sdk.server import FakeService, Received, Reply, error_reply

service = server.service  # the fixture

TASK = "arn:aws:datasync:eu-west-1:111222333444:task/task-00000000000000001"
DESCRIBED = {"TaskArn": TASK, "SourceLocationArn": "source", "DestinationLocationArn": "destination"}
ONCE = Config(retries={"total_max_attempts": 1})


@pytest.fixture
def client(service: FakeService) -> Iterator[Client]:
    """A client of the fake service that does not try again."""
    service.answers(DESCRIBED)
    with Client("eu-west-1", endpoint_url=service.url, config=ONCE) as made:
        yield made


@pytest.fixture(autouse=True)
def no_default_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3 keeps a session for the whole process: no test sees that of another."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


def describe(client: Client) -> m.DescribeTaskResponse:
    """A call like any other."""
    return client.describe_task(task_arn=TASK)


# Where Region, credentials and address come from


def test_region_and_credentials_of_the_environment(service: FakeService) -> None:
    service.answers(DESCRIBED)
    with Client(endpoint_url=service.url) as client:
        describe(client)
        assert repr(client) == f"Client('eu-west-1', endpoint_url='{service.url}')"
    assert service.last.scope == ("testing", "eu-west-1")


@pytest.mark.parametrize("given", ["ap-south-1", None])
def test_region_name(service: FakeService, given: str | None) -> None:
    """The argument first, then that of the session."""
    service.answers(DESCRIBED)
    session = boto3.Session("own", "own", region_name="eu-north-1")
    with Client(given, session=session, endpoint_url=service.url) as client:
        describe(client)
    assert service.last.scope == ("own", given or "eu-north-1")


def test_the_address_is_that_of_aws_without_an_endpoint_url() -> None:
    with Client("eu-central-1") as client:
        assert "https://datasync.eu-central-1.amazonaws.com" in repr(client)


def test_the_address_can_come_from_the_environment(
    service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_DATASYNC", service.url)
    service.answers(DESCRIBED)
    with Client() as client:
        assert describe(client).task_arn == TASK


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration file with a profile, and no credentials in the environment."""
    path = tmp_path / "config"
    path.write_text(
        "[profile mover]\nregion = sa-east-1\naws_access_key_id = fromprofile\n"
        "aws_secret_access_key = secret\nmax_attempts = 1\n"
    )
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.fspath(path))


@pytest.mark.usefixtures("profiles")
def test_the_profile_of_a_session(service: FakeService) -> None:
    service.answers(error_reply("InternalException", status=500))
    with (
        Client(session=boto3.Session(profile_name="mover"), endpoint_url=service.url) as client,
        pytest.raises(errors.InternalError),
    ):
        describe(client)
    assert [request.scope for request in service.received] == [("fromprofile", "sa-east-1")]


@pytest.mark.usefixtures("profiles")
def test_the_profile_of_the_environment(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mover")
    service.answers(DESCRIBED)
    with Client(endpoint_url=service.url) as client:
        describe(client)
    assert service.last.scope == ("fromprofile", "sa-east-1")


def test_the_default_session_of_boto3(service: FakeService) -> None:
    boto3.setup_default_session(
        region_name="ca-central-1",
        aws_access_key_id="default",
        aws_secret_access_key="secret",
    )
    service.answers(DESCRIBED)
    with Client(endpoint_url=service.url) as client:
        describe(client)
    assert service.last.scope == ("default", "ca-central-1")


# Configuration


@pytest.mark.parametrize("status", [500, 429])
@pytest.mark.parametrize("attempts", [1, 2])
def test_retries_of_the_config(service: FakeService, attempts: int, status: int) -> None:
    code = "InternalException" if status == 500 else "TooManyRequestsException"
    service.answers(error_reply(code, status=status))
    config = Config(retries={"total_max_attempts": attempts, "mode": "standard"})
    with (
        Client(endpoint_url=service.url, config=config) as client,
        pytest.raises(errors.ServiceError) as caught,
    ):
        describe(client)
    assert len(service.received) == attempts
    assert caught.value.retry_attempts == attempts - 1
    assert caught.value.retryable


def test_a_retry_that_succeeds_is_a_success(service: FakeService) -> None:
    service.answers(error_reply("ThrottlingException"), DESCRIBED)
    config = Config(retries={"total_max_attempts": 2, "mode": "standard"})
    with Client(endpoint_url=service.url, config=config) as client:
        assert describe(client).task_arn == TASK
    assert len(service.received) == 2


def test_the_user_agent_names_the_sdk_and_the_application(service: FakeService) -> None:
    service.answers(DESCRIBED)
    with Client(endpoint_url=service.url, config=Config(user_agent_extra="mover/7")) as client:
        describe(client)
        describe(client)
    for request in service.received:
        words = request.user_agent.split()
        assert "mover/7" in words
        assert sum(word.startswith("datasync-sdk/") for word in words) == 1
        assert sum(word.startswith("Botocore/") for word in words) >= 1


def test_two_clients_have_user_agents_of_their_own(service: FakeService) -> None:
    service.answers(DESCRIBED)
    for name in ("one/1", "two/2"):
        with Client(endpoint_url=service.url, config=Config(user_agent_extra=name)) as client:
            describe(client)
    one, two = (request.user_agent for request in service.received)
    assert "one/1" in one
    assert "two/2" not in one
    assert two == one.replace("one/1", "two/2")


def test_a_config_is_not_changed(service: FakeService) -> None:
    config = Config(retries={"total_max_attempts": 1}, user_agent_extra="mover/7", parameter_validation=True)
    before = copy.deepcopy(vars(config))
    service.answers(DESCRIBED)
    with Client(endpoint_url=service.url, config=config) as client:
        describe(client)
    assert vars(config) == before


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


# The caller's session


def state(session: boto3.Session) -> dict[str, object]:
    """All that a session consists of: what is in it by identity, and the contents of what can change."""
    inner = session._session
    inner.get_credentials()  # botocore keeps these from the first look at them
    locator = inner._components
    for name in (*locator._components, *locator._deferred):
        locator.get_component(name)
    loader = inner.get_component("data_loader")
    contents = [value for value in vars(inner).values() if isinstance(value, dict | list | tuple | str)]
    return {
        "ours": {name: id(value) for name, value in vars(session).items()},
        "theirs": {name: id(value) for name, value in vars(inner).items()},
        "contents": copy.copy([copy.copy(value) for value in contents]),
        "components": {name: id(value) for name, value in locator._components.items()},
        "deferred": dict(locator._deferred),
        "user agent": (inner.user_agent(), inner.user_agent_name, inner.user_agent_extra),
        "creator": vars(inner.get_component("user_agent_creator")).copy(),
        "search paths": list(loader.search_paths),
        "config": dict(inner.full_config),
        "default": inner.get_default_client_config(),
    }


def test_a_session_is_not_changed(service: FakeService) -> None:
    session = boto3.Session("own", "own", region_name="eu-west-1")
    session._session.set_config_variable("max_attempts", 4)
    before = state(session)
    service.answers(DESCRIBED)
    with Client(
        "eu-north-1", session=session, endpoint_url=service.url, config=Config(user_agent_extra="mover/7")
    ) as client:
        describe(client)
        list(itertools.islice(client.iter_tasks(), 0))
        assert state(session) == before
    assert state(session) == before


def test_a_session_makes_the_same_boto3_clients_afterwards(service: FakeService) -> None:
    """As a session that no client of this SDK was made from."""
    used, fresh = (boto3.Session("own", "own", region_name="eu-west-1") for _ in range(2))
    service.answers({**DESCRIBED, "CreationTime": 1.5e9})
    with Client(session=used, endpoint_url=service.url) as client:
        describe(client)
        answers = []
        for session in (used, fresh):
            with contextlib.closing(session.client("datasync", endpoint_url=service.url)) as theirs:
                answers.append(theirs.describe_task(TaskArn=TASK)["CreationTime"])
                with pytest.raises(ParamValidationError):
                    theirs.describe_task(TaskArn=5)
                own = session._session.get_component("data_loader")
                loaded = own.load_service_model("datasync", "service-2")
                description = theirs.meta.service_model._service_description
                assert description is loaded
                assert description is not service_model("datasync_sdk._generated")
        assert describe(client).creation_time == answers[0]
    afterwards, as_always = answers
    assert type(afterwards.tzinfo) is type(as_always.tzinfo)
    assert afterwards.tzinfo is not UTC
    _, after, always, ours = (request.user_agent for request in service.received)
    assert after == always
    assert "datasync-sdk/" not in after
    assert "datasync-sdk/" in ours


def test_the_user_agent_of_a_session_is_kept(service: FakeService) -> None:
    session = boto3.Session("own", "own", region_name="eu-west-1")
    session._session.user_agent_extra = "house/3"
    service.answers(DESCRIBED)
    with Client(session=session, endpoint_url=service.url) as client:
        describe(client)
    words = service.last.user_agent.split()
    assert "house/3" in words
    assert words[-1].startswith("datasync-sdk/")
    assert session._session.user_agent_extra == "house/3"


def test_the_event_handlers_of_a_session_are_heard(service: FakeService) -> None:
    heard: list[str] = []
    session = boto3.Session("own", "own", region_name="eu-west-1")
    session.events.register("before-call.datasync.DescribeTask", lambda **_: heard.append("call"))
    service.answers(DESCRIBED)
    with Client(session=session, endpoint_url=service.url) as client:
        describe(client)
    assert heard == ["call"]


def test_credentials_are_asked_for_once_in_a_session(service: FakeService) -> None:
    """They may cost somebody an MFA code."""
    session = boto3.Session(region_name="eu-west-1")
    service.answers(DESCRIBED)
    with (
        Client(session=session, endpoint_url=service.url) as one,
        Client(session=session, endpoint_url=service.url) as two,
    ):
        credentials = {id(c._client._request_signer._credentials) for c in (one, two)}
    assert credentials == {id(session._session.get_credentials())}


def test_the_model_that_botocore_gets_is_not_changed(service: FakeService) -> None:
    before = copy.deepcopy(service_model("datasync_sdk._generated"))
    service.answers(DESCRIBED)
    with Client(endpoint_url=service.url) as client:
        describe(client)
    assert service_model("datasync_sdk._generated") == before


# Calls


def test_send_equals_the_method(client: Client, service: FakeService) -> None:
    service.answers({"TaskArn": TASK})
    arguments: dict[str, Any] = {
        "source_location_arn": "source",
        "destination_location_arn": "destination",
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
        "SourceLocationArn": "source",
        "DestinationLocationArn": "destination",
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
