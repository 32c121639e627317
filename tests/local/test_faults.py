"""Faults on request: each of those of calls as plain boto3 sees it, with sockets and without."""

from __future__ import annotations

import errno
import json
import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from datasync_sdk import models as m
from datasync_sdk.local.faults.faults import Faults
from datasync_sdk.local.faults.outages import TELLING_STATUS, TESTING_ACCESS
from datasync_sdk.local.serving import inprocess
from datasync_sdk.local.serving.admin import SETTERS
from datasync_sdk.local.serving.http import start_server
from tests.local.tiny import EXECUTION, LOCATION, PREFIX, TASK, TinyService
from tests.local.wire import boto3_client, raw, send

MakeClient: TypeAlias = Callable[..., Any]

AGENT = f"{PREFIX}:agent/agent-00000000000000001"
ROLE = "arn:aws:iam::123456789012:role/new"
OTHER = LOCATION.replace("1", "2")
S3 = {"S3BucketArn": "arn:aws:s3:::photos", "S3Config": {"BucketAccessRoleArn": ROLE}}
NFS = {"Subdirectory": "/a", "ServerHostname": "server", "OnPremConfig": {"AgentArns": [AGENT]}}
ONCE = {"retries": {"max_attempts": 0}}


@pytest.fixture
def service() -> TinyService:
    return TinyService()


@pytest.fixture(params=["http", "in process"])
def make(service: TinyService, request: pytest.FixtureRequest) -> Iterator[MakeClient]:
    """Makes clients of boto3 with settings of botocore."""
    if request.param == "http":
        with start_server(service) as url:
            yield lambda **given: boto3_client(url, **given)
    else:
        from botocore.config import Config

        yield lambda **given: inprocess.boto3_client(service, config=Config(**given))


@pytest.fixture
def faults(service: TinyService) -> Faults:
    return service.faults


def test_throttling(make: MakeClient, faults: Faults) -> None:
    faults.throttle(calls=2, operation="ListTasks")
    client = make(**ONCE)
    for _ in range(2):
        with pytest.raises(ClientError) as caught:
            client.list_tasks()
        assert caught.value.response["Error"] == {"Code": "ThrottlingException", "Message": "Rate exceeded"}
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
        client.describe_task_execution(TaskExecutionArn=EXECUTION)
    client.list_tasks()
    assert faults.describe() == {}


def test_throttling_is_retried(make: MakeClient, faults: Faults) -> None:
    faults.throttle()
    assert make().list_tasks()["ResponseMetadata"]["RetryAttempts"] == 1


def test_throttling_comes_before_anything_is_read(make: MakeClient, faults: Faults) -> None:
    faults.throttle()
    with pytest.raises(ClientError, match="Rate exceeded"):
        make(parameter_validation=False, **ONCE).describe_task()


def test_internal_error(make: MakeClient, faults: Faults, service: TinyService) -> None:
    faults.internal_error()
    client = make(**ONCE)
    with pytest.raises(client.exceptions.InternalException) as caught:
        client.list_tasks()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert caught.value.response["errorCode"] == "InternalError"
    assert not service.handled
    faults.internal_error()
    assert make().list_tasks()["ResponseMetadata"]["RetryAttempts"] == 1


def test_dropped_connections(make: MakeClient, faults: Faults, service: TinyService) -> None:
    faults.drop_connection(calls=2)
    client = make(**ONCE)
    for _ in range(2):
        with pytest.raises(ConnectionClosedError, match="Connection was closed before"):
            client.list_tasks()
    assert not service.handled
    client.list_tasks()
    faults.drop_connection()
    assert make().list_tasks()["ResponseMetadata"]["RetryAttempts"] == 1


def test_a_lost_answer_makes_botocore_create_twice(
    make: MakeClient, faults: Faults, service: TinyService
) -> None:
    faults.drop_connection(operation="CreateTask", answer_lost=True)
    made = make().create_task(SourceLocationArn=LOCATION, DestinationLocationArn=OTHER)
    assert made["ResponseMetadata"]["RetryAttempts"] == 1
    assert len(service.tasks) == 2


def test_not_a_byte_comes_from_a_dropped_connection(service: TinyService) -> None:
    service.faults.drop_connection()
    with start_server(service) as url:
        head = "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: FmrsService.ListTasks"
        assert raw(url, f"{head}\r\nContent-Length: 2\r\n\r\n{{}}".encode()) == b""


def test_iam_propagation(make: MakeClient, faults: Faults, service: TinyService) -> None:
    client = make()
    faults.iam_propagation(calls=3)
    with pytest.raises(client.exceptions.InvalidRequestException, match="Unable to assume role") as caught:
        client.create_location_s3(**S3)
    assert ROLE in str(caught.value)
    with pytest.raises(client.exceptions.InvalidRequestException, match="location access test failed"):
        client.create_location_nfs(**NFS)
    client.list_tasks()
    client.create_task(SourceLocationArn=LOCATION, DestinationLocationArn=OTHER)
    with pytest.raises(client.exceptions.InvalidRequestException, match="access test failed"):
        client.start_task_execution(TaskArn=TASK)
    handled = len(service.handled)
    client.start_task_execution(TaskArn=TASK)
    client.create_location_s3(**S3)
    assert len(service.handled) == handled + 2


def test_what_iam_propagation_is_about() -> None:
    assert len(TESTING_ACCESS) == 23
    assert {"StartTaskExecution", "CreateLocationEfs", "UpdateLocationS3"} < TESTING_ACCESS


def test_a_request_that_is_wrong_does_not_use_up_iam_propagation(make: MakeClient, faults: Faults) -> None:
    faults.iam_propagation()
    with pytest.raises(ClientError, match="validation error"):
        make(parameter_validation=False).create_location_s3()
    assert faults.describe() == {"iam_propagation": [{"calls": 1}]}


def test_unknown_status(make: MakeClient, faults: Faults) -> None:
    client = make()
    task = client.create_task(SourceLocationArn=LOCATION, DestinationLocationArn=OTHER)["TaskArn"]
    faults.unknown_status(calls=3)
    assert client.describe_task_execution(TaskExecutionArn=EXECUTION)["Status"] == "REHYDRATING"
    assert client.describe_task(TaskArn=task)["Status"] == "REHYDRATING"
    assert [entry["Status"] for entry in client.list_tasks()["Tasks"]] == ["REHYDRATING"]
    assert client.list_tasks()["Tasks"][0]["Status"] == "AVAILABLE"
    faults.unknown_status("THAWING", operation="DescribeTask")
    assert client.list_tasks()["Tasks"][0]["Status"] == "AVAILABLE"
    assert client.describe_task(TaskArn=task)["Status"] == "THAWING"
    assert client.describe_task(TaskArn=task)["Status"] == "AVAILABLE"


def test_unknown_status_in_lists_of_executions(
    make: MakeClient, faults: Faults, service: TinyService
) -> None:
    entry = m.TaskExecutionListEntry(task_execution_arn=EXECUTION, status="SUCCESS")
    service.surprise = lambda _: m.ListTaskExecutionsResponse(task_executions=(entry, entry))
    faults.unknown_status()
    listed = make().list_task_executions()["TaskExecutions"]
    assert [execution["Status"] for execution in listed] == ["REHYDRATING"] * 2
    assert len(TELLING_STATUS) == 4


def test_the_typed_client_takes_an_unknown_status(faults: Faults, service: TinyService) -> None:
    faults.unknown_status()
    status = inprocess.typed_client(service).describe_task_execution(task_execution_arn=EXECUTION).status
    assert status == "REHYDRATING"
    assert status
    assert not status.is_known


def test_slow_answers(make: MakeClient, faults: Faults) -> None:
    faults.slow(0.3)
    client = make()
    assert seconds(client.list_tasks) >= 0.3
    assert seconds(client.list_tasks) < 0.3


def test_a_slow_answer_can_be_too_slow(service: TinyService) -> None:
    service.faults.slow(5, operation="ListTasks")
    with start_server(service) as url:
        with pytest.raises(ReadTimeoutError):
            boto3_client(url, read_timeout=0.2, **ONCE).list_tasks()
        assert len(service.handled) == 1


def test_a_slow_refusal(make: MakeClient, faults: Faults) -> None:
    faults.slow(0.3)
    faults.throttle()
    client = make(**ONCE)

    def refused() -> None:
        with pytest.raises(ClientError, match="Rate exceeded"):
            client.list_tasks()

    assert seconds(refused) >= 0.3


def seconds(function: Callable[[], object]) -> float:
    """How long something takes."""
    start = time.monotonic()
    function()
    return time.monotonic() - start


def test_a_call_is_refused_once_and_by_what_was_asked_for_first(make: MakeClient, faults: Faults) -> None:
    faults.internal_error()
    faults.throttle()
    codes = []
    client = make(**ONCE)
    for _ in range(2):
        with pytest.raises(ClientError) as caught:
            client.list_tasks()
        codes.append(caught.value.response["Error"]["Code"])
    assert codes == ["InternalException", "ThrottlingException"]
    client.list_tasks()


def test_each_call_is_struck_once_among_many_threads(faults: Faults) -> None:
    faults.throttle(calls=500)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: faults.take("ListTasks", "throttle"), range(2000)))
    assert sum(outage is not None for outage in taken) == 500


# The header.


def with_header(client: Any, value: str) -> Any:
    """A client whose calls ask for a fault."""
    client.meta.events.register(
        "before-call.datasync",
        lambda params, **_: params["headers"].update({"X-DataSync-Local-Fault": value}),
    )
    return client


@pytest.mark.parametrize(
    ("value", "code"), [("throttle", "ThrottlingException"), (" internal_error ", "InternalException")]
)
def test_the_header_refuses(make: MakeClient, faults: Faults, value: str, code: str) -> None:
    client = with_header(make(**ONCE), value)
    for _ in range(2):
        with pytest.raises(ClientError, match=code):
            client.list_tasks()
    make().list_tasks()
    assert faults.describe() == {}


def test_the_header_drops_the_connection(make: MakeClient) -> None:
    with pytest.raises(ConnectionClosedError):
        with_header(make(**ONCE), "drop_connection").list_tasks()


def test_the_header_has_values(make: MakeClient) -> None:
    client = with_header(make(), "unknown_status=THAWING")
    assert client.describe_task_execution(TaskExecutionArn=EXECUTION)["Status"] == "THAWING"
    client = with_header(make(), "unknown_status")
    assert client.describe_task_execution(TaskExecutionArn=EXECUTION)["Status"] == "REHYDRATING"
    assert seconds(with_header(make(), "slow=0.3").list_tasks) >= 0.3


def test_the_header_is_only_about_what_its_fault_is_about(make: MakeClient) -> None:
    client = with_header(make(), "iam_propagation")
    client.list_tasks()
    with pytest.raises(ClientError, match="Unable to assume role"):
        client.create_location_s3(**S3)


@pytest.mark.parametrize(
    "value",
    ["", "nope", "throttle=3", "slow", "slow=", "slow=x", "slow=nan", "slow=-1", "slow=1e9", "a" * 999],
)
def test_a_header_that_asks_for_nothing_that_there_is(make: MakeClient, value: str) -> None:
    client = with_header(make(), value)
    with pytest.raises(client.exceptions.InvalidRequestException, match="asks for no known fault") as caught:
        client.list_tasks()
    assert len(str(caught.value)) < 500


# The route.


@pytest.fixture
def url(service: TinyService) -> Iterator[str]:
    with start_server(service) as address:
        yield address


def admin(url: str, method: str, document: object = None, kind: str = "application/json") -> tuple[int, Any]:
    """Send a request to the route."""
    body = document if isinstance(document, bytes) else json.dumps(document or {}).encode()
    answer, told = send(url, method, "/_local/faults", body, {"Content-Type": kind})
    assert answer.headers["Content-Type"] == "application/json"
    return answer.status, told


def test_the_route_sets_tells_and_takes_back(url: str, service: TinyService) -> None:
    document = {
        "throttle": {"calls": 3, "operation": "CreateTask"},
        "agent_offline": {"agent_arn": AGENT},
        "hang": {},
    }
    expected = {
        "throttle": [{"operation": "CreateTask", "calls": 3}],
        "agent_offline": [{"agent_arn": AGENT}],
        "hang": [{"status": "LAUNCHING"}],
    }
    assert admin(url, "POST", document) == (200, expected)
    assert admin(url, "GET") == (200, expected)
    assert service.faults.describe() == expected
    assert service.faults.is_offline(AGENT)
    assert admin(url, "POST", {"release": {}, "agent_online": {"agent_arn": AGENT}})[1] == {
        "throttle": expected["throttle"]
    }
    assert admin(url, "DELETE") == (200, {})
    assert service.faults.describe() == {}
    assert admin(url, "POST", expected) == (200, expected), "what was told can be set again"


def test_the_route_knows_all_faults() -> None:
    public = {name for name in vars(Faults).keys() | vars(Faults.__base__).keys() if not name.startswith("_")}
    asking = {"is_offline", "check", "corrupts", "hangs", "describe", "take", "on_change", "clear"}
    assert public - asking == set(SETTERS)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"nope": {}}, "there is no fault 'nope'"),
        ({"clear": {}}, "there is no fault 'clear'"),
        ({"__init__": {}}, "there is no fault '__init__'"),
        ({"throttle": 3}, "throttle: its arguments must be an object"),
        ({"throttle": {"times": 3}}, "throttle: got an unexpected keyword argument 'times'"),
        ({"throttle": {"self": 3}}, "throttle: "),
        ({"throttle": {"calls": "3"}}, "throttle: calls must be a whole number"),
        ({"throttle": {"calls": 1.5}}, "throttle: calls must be a whole number"),
        ({"throttle": {"operation": "create_task"}}, "did you mean CreateTask"),
        ({"throttle": {"operation": ["a"]}}, "there is no operation"),
        ({"throttle": {"operation": {}}}, "there is no operation"),
        ({"slow": {}}, "slow: missing a required argument: 'seconds'"),
        ({"slow": {"seconds": True}}, "slow: seconds must be a number"),
        ({"unreadable": {"pattern": "a"}}, "a pattern begins with / or *"),
        ({"unreadable": {"pattern": "/a", "side": "left"}}, "side must be source or destination"),
        ({"unreadable": {"pattern": "/a", "side": ["source"]}}, "side must be source or destination"),
        ({"hang": {"status": 5}}, "hang: status must be a text"),
        ({"agent_offline": {"agent_arn": None}}, "agent_offline: agent_arn must be a text"),
        ({"agent_offline": {"agent_arn": LOCATION}}, f"{LOCATION!r} is the ARN of a location"),
        ({"agent_online": {"agent_arn": TASK}}, f"{TASK!r} is the ARN of a task"),
        (b"[]", "must be a JSON object"),
        (b"{", "must be a JSON object"),
        (b"\xff", "must be a JSON object"),
    ],
)
def test_the_route_refuses_with_a_reason(
    url: str, service: TinyService, document: Any, expected: str
) -> None:
    more = document if isinstance(document, bytes) else {"corrupt": {"pattern": "/a"}, **document}
    status, told = admin(url, "POST", more)
    assert status == 400
    assert expected in told["message"]
    assert service.faults.describe() == {}, "all or none"


def test_the_route_tells_all_that_is_wrong(url: str) -> None:
    message = admin(url, "POST", {"nope": {}, "slow": {}})[1]["message"]
    assert "nope" in message
    assert "slow" in message


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "", "multipart/form-data"]
)
def test_no_web_page_sets_faults(url: str, service: TinyService, kind: str) -> None:
    service.faults.corrupt("/a")
    status, told = admin(url, "POST", {"throttle": {}}, kind)
    assert (status, list(told)) == (415, ["message"])
    assert service.faults.describe() == {"corrupt": [{"pattern": "/a"}]}


def test_the_content_type_may_have_a_parameter(url: str) -> None:
    assert admin(url, "POST", {"throttle": {}}, "Application/JSON; charset=utf-8")[0] == 200


# Faults of the world.


def test_agents(faults: Faults) -> None:
    assert not faults.is_offline(AGENT)
    faults.agent_offline(AGENT)
    assert faults.is_offline(AGENT)
    assert not faults.is_offline(AGENT.replace("1", "2"))
    faults.agent_online(AGENT)
    faults.agent_online(AGENT)
    assert not faults.is_offline(AGENT)


def failure(check: Callable[[], None]) -> int | None:
    """The number of the error that a check raises, which is about a file."""
    try:
        check()
    except OSError as error:
        return error.errno if error.filename else -1
    return None


def test_unreadable_files(faults: Faults) -> None:
    faults.unreadable("/secret*|*.key")
    for path in ("/secret", "/secret/deep/file", "/secrets.txt", "/a/b/id.key"):
        for action in ("list", "read", "verify"):
            assert failure(lambda: faults.check(action, "source", path)) == errno.EACCES  # type: ignore[arg-type]  # noqa: B023
            assert failure(lambda: faults.check(action, "destination", path)) is None  # type: ignore[arg-type]  # noqa: B023
        assert failure(lambda: faults.check("delete", "source", path)) is None  # noqa: B023
    for path in ("/", "/public", "/a/secret", "/a.keys", "/[a]"):
        assert failure(lambda: faults.check("read", "source", path)) is None  # noqa: B023
    faults.unreadable("/[a]", side="destination")
    assert failure(lambda: faults.check("verify", "destination", "/[a]")) == errno.EACCES
    assert failure(lambda: faults.check("verify", "destination", "/a")) is None


def test_a_full_destination(faults: Faults) -> None:
    faults.destination_full(after_bytes=1000)
    assert failure(lambda: faults.check("write", "destination", "/a", written=999)) is None
    assert failure(lambda: faults.check("write", "destination", "/a", written=1000)) == errno.ENOSPC
    assert failure(lambda: faults.check("read", "destination", "/a", written=1000)) is None
    assert failure(lambda: faults.check("write", "source", "/a", written=1000)) is None
    faults.destination_full()
    assert failure(lambda: faults.check("write", "destination", "/a")) == errno.ENOSPC


def test_corrupted_files(faults: Faults) -> None:
    faults.corrupt("*.bin")
    assert faults.corrupts("/deep/a.bin")
    assert not faults.corrupts("/deep/a.txt")


def test_hanging(faults: Faults) -> None:
    assert not faults.hangs(m.TaskExecutionStatus.LAUNCHING)
    faults.hang()
    faults.hang(m.TaskExecutionStatus.VERIFYING)
    assert faults.hangs("LAUNCHING")
    assert faults.hangs(m.TaskExecutionStatus.VERIFYING)
    assert not faults.hangs("PREPARING")
    faults.release()
    assert not faults.hangs("LAUNCHING")


def test_everything_can_be_seen_and_taken_back(faults: Faults) -> None:
    assert repr(faults) == "<Faults: none>"
    faults.throttle(3, "CreateTask")
    faults.slow(1.5)
    faults.drop_connection(answer_lost=True)
    faults.unknown_status()
    faults.agent_offline(AGENT)
    faults.unreadable("/a")
    faults.destination_full(0)
    faults.corrupt("/b")
    faults.hang()
    assert repr(faults) == (
        "<Faults: throttle(operation='CreateTask', calls=3), slow(seconds=1.5, calls=1), "
        "drop_connection(answer_lost=True, calls=1), unknown_status(status='REHYDRATING', calls=1), "
        f"agent_offline(agent_arn='{AGENT}'), unreadable(pattern='/a', side='source'), "
        "destination_full(after_bytes=0), corrupt(pattern='/b'), hang(status='LAUNCHING')>"
    )
    json.dumps(faults.describe())
    faults.clear()
    assert faults.describe() == {}
    assert faults.take("CreateTask", "throttle", "slow") is None
    assert failure(lambda: faults.check("read", "source", "/a")) is None
    assert failure(lambda: faults.check("write", "destination", "/a")) is None
    assert not faults.corrupts("/b")
    assert not faults.hangs("LAUNCHING")
    assert not faults.is_offline(AGENT)


def test_changes_are_told(faults: Faults) -> None:
    told: list[str] = []
    faults.on_change(lambda: told.append(repr(faults)))
    faults.hang()
    faults.release()
    faults.agent_offline(AGENT)
    faults.clear()
    faults.throttle()
    assert told.pop() == "<Faults: throttle(calls=1)>"
    assert told == [
        "<Faults: hang(status='LAUNCHING')>",
        "<Faults: none>",
        f"<Faults: agent_offline(agent_arn='{AGENT}')>",
        "<Faults: none>",
    ]


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda f: f.throttle(0), "calls must be a whole number of at least 1, not 0"),
        (lambda f: f.throttle(True), "calls must be a whole number"),
        (
            lambda f: f.throttle(operation="CreateTusk"),
            "there is no operation 'CreateTusk'; did you mean CreateTask",
        ),
        (lambda f: f.throttle(operation=""), "there is no operation ''"),
        (
            lambda f: f.iam_propagation(operation="ListTasks"),
            "iam_propagation is not about ListTasks, but about Create",
        ),
        (
            lambda f: f.unknown_status(operation="CreateTask"),
            "unknown_status is not about CreateTask, but about Desc",
        ),
        (lambda f: f.unknown_status(""), "status must be a text that is not empty"),
        (lambda f: f.slow(-1), "seconds must be a number from 0 to 3600, not -1"),
        (lambda f: f.slow(math.nan), "seconds must be a number from 0 to 3600, not nan"),
        (lambda f: f.slow(math.inf), "seconds must be a number from 0 to 3600, not inf"),
        (lambda f: f.agent_offline("agent-1"), "the ARN of an agent, and 'agent-1' is no ARN of DataSync"),
        (lambda f: f.agent_offline(LOCATION), f"an agent, and {LOCATION!r} is the ARN of a location"),
        (lambda f: f.agent_offline(EXECUTION), f"an agent, and {EXECUTION!r} is the ARN of an execution"),
        (lambda f: f.agent_offline("arn:aws:s3:::agent/agent-0"), "is no ARN of DataSync"),
        (lambda f: f.agent_online(TASK), f"an agent, and {TASK!r} is the ARN of a task"),
        (lambda f: f.unreadable(""), "pattern must be a text that is not empty"),
        (lambda f: f.unreadable("/a\0"), "NUL"),
        (lambda f: f.corrupt("a*"), "a pattern begins with / or"),
        (lambda f: f.destination_full(-1), "after_bytes must be a whole number of at least 0, not -1"),
        (
            lambda f: f.hang("SUCCESS"),
            "an execution cannot hang in 'SUCCESS'; there are CANCELLING, LAUNCHING",
        ),
        (lambda f: f.hang("RESTING"), "an execution cannot hang in 'RESTING'"),
    ],
)
def test_wrong_arguments(faults: Faults, wrong: Callable[[Faults], None], expected: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # the text is compared below
        wrong(faults)
    assert expected in str(caught.value)
    assert faults.describe() == {}


def test_asking_costs_next_to_nothing(faults: Faults) -> None:
    """A transfer asks for each file. In fact it is a fiftieth of a second for so many."""
    start = time.thread_time()
    for _ in range(100_000):
        faults.check("read", "source", "/a/b/c")
    assert time.thread_time() - start < 0.5
