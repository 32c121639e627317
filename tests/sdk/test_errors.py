"""Whatever goes wrong is an error of the SDK, and says what went wrong."""

from __future__ import annotations

import contextlib
import copy
import pickle
import re
import socket
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore import exceptions as theirs
from botocore.config import Config
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker

from datasync_sdk import Client, DataSyncError, errors
from datasync_sdk import models as m
from datasync_sdk.ensuring import Difference
from datasync_sdk.execution.outcome import outcome_of
from tests.sdk import server, worlds
from tests.sdk.server import FakeService, Reply, error_reply
from tests.sdk.worlds import MakeClient

make_client, service = worlds.make_client, server.service  # the fixtures

TASK = "arn:aws:datasync:eu-west-1:111222333444:task/task-00000000000000001"
DESCRIBED = {"TaskArn": TASK, "SourceLocationArn": "source", "DestinationLocationArn": "destination"}
ONCE = Config(retries={"total_max_attempts": 1})
HASTY = ONCE.merge(Config(read_timeout=0.3))
HTML = b"<html><body>Service Unavailable</body></html>"


@pytest.fixture
def client(service: FakeService, make_client: MakeClient) -> Iterator[Client]:
    """A client of the fake service that does not wait and does not try again, of each world."""
    with make_client("eu-west-1", endpoint_url=service.url, config=ONCE) as made:
        yield made


@pytest.fixture(autouse=True)
def no_default_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3 keeps a session for the whole process: no test sees that of another."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


def failure(client: Client) -> DataSyncError:
    """The error of a call that fails."""
    with pytest.raises(DataSyncError) as caught:
        client.describe_task(task_arn=TASK)
    return caught.value


def refused(client: Client) -> errors.ServiceError:
    """The error of a call that the service refuses."""
    error = failure(client)
    assert isinstance(error, errors.ServiceError)
    assert isinstance(error.__cause__, theirs.ClientError)
    assert error.response == error.__cause__.response
    assert error.operation == "DescribeTask"
    return error


# The service's own words


def test_invalid_request(client: Client, service: FakeService) -> None:
    service.answers(
        error_reply("InvalidRequestException", "No such task.", errorCode="E1", datasyncErrorCode="D1")
    )
    error = refused(client)
    assert isinstance(error, errors.InvalidRequestError)
    assert (error.error_code, error.datasync_error_code) == ("E1", "D1")
    assert (error.code, error.message) == ("InvalidRequestException", "No such task.")
    assert (error.request_id, error.http_status, error.retry_attempts) == ("req-1", 400, 0)
    assert not error.retryable
    assert str(error) == "DescribeTask: InvalidRequestException: No such task. (request req-1)"


def test_internal_error(client: Client, service: FakeService) -> None:
    service.answers(error_reply("InternalException", "Oh.", status=500, errorCode="E2"))
    error = refused(client)
    assert isinstance(error, errors.InternalError)
    assert (error.error_code, error.message, error.http_status) == ("E2", "Oh.", 500)
    assert error.retryable


def test_members_of_an_error_may_be_absent(client: Client, service: FakeService) -> None:
    service.answers(Reply({"__type": "InvalidRequestException"}, 400, {"x-amzn-RequestId": ""}))
    error = refused(client)
    assert isinstance(error, errors.InvalidRequestError)
    assert (error.error_code, error.datasync_error_code, error.message) == (None, None, "")
    assert str(error).startswith("DescribeTask: InvalidRequestException")


CODES = [
    ("InvalidRequestException", 400, errors.InvalidRequestError, False),
    ("InternalException", 500, errors.InternalError, True),
    ("InternalException", 400, errors.InternalError, True),
    ("ThrottlingException", 400, errors.ThrottlingError, True),
    ("TooManyRequestsException", 429, errors.ThrottlingError, True),
    ("AccessDeniedException", 400, errors.AccessDeniedError, False),
    ("ExpiredTokenException", 400, errors.AccessDeniedError, False),
    ("UnrecognizedClientException", 400, errors.AccessDeniedError, False),
    ("InvalidSignatureException", 400, errors.AccessDeniedError, False),
    ("ValidationException", 400, errors.InvalidInputError, False),
    ("SerializationException", 400, errors.InvalidInputError, False),
    ("BrandNewException", 400, errors.ServiceError, False),
    ("InternalFailure", 500, errors.ServiceError, True),
    ("ServiceUnavailable", 503, errors.ServiceError, True),
]


@pytest.mark.parametrize("case", CODES, ids=lambda case: f"{case[0]}-{case[1]}")
def test_codes(
    client: Client, service: FakeService, case: tuple[str, int, type[errors.ServiceError], bool]
) -> None:
    code, status, cls, retryable = case
    service.answers(error_reply(code, status=status))
    error = refused(client)
    assert type(error) is cls
    assert (error.code, error.http_status, error.retryable) == (code, status, retryable)
    assert str(error) == f"DescribeTask: {code}: It went wrong. (request req-1)"


@pytest.mark.parametrize(
    "written",
    [
        "com.amazonaws.datasync#InvalidRequestException",
        "com.amazonaws.fmrs.v20181109#InvalidRequestException",
        "InvalidRequestException:http://internal.amazon.com/coral/com.amazon.coral.service/",
    ],
)
def test_a_code_may_have_more_around_it(client: Client, service: FakeService, written: str) -> None:
    service.answers(error_reply(written))
    error = refused(client)
    assert type(error) is errors.InvalidRequestError
    assert error.code == "InvalidRequestException"


def test_what_botocore_tries_again_is_retryable(client: Client, service: FakeService) -> None:
    throttled = ThrottledRetryableChecker._THROTTLED_ERROR_CODES
    not_throttling, not_retryable = [], []
    for code in (*throttled, *TransientRetryableChecker._TRANSIENT_ERROR_CODES):
        service.answers(error_reply(code))
        error = refused(client)
        if not error.retryable:
            not_retryable.append(code)
        if code in throttled and not isinstance(error, errors.ThrottlingError):
            not_throttling.append(code)
    assert (not_throttling, not_retryable) == ([], [])


@pytest.mark.parametrize("body", [b"", b"{}", HTML, b'{"message": "Slow down."}'], ids=repr)
def test_429_can_be_tried_again_whatever_it_says(client: Client, service: FakeService, body: bytes) -> None:
    service.answers(Reply(body, 429))
    assert refused(client).retryable


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
@pytest.mark.parametrize("body", [b"", b"{}"], ids=["empty", "object"])
def test_an_error_without_words(client: Client, service: FakeService, status: int, body: bytes) -> None:
    service.answers(Reply(body, status))
    error = refused(client)
    assert error.http_status == status
    assert error.retryable == (status >= 500)
    assert str(error).startswith(f"DescribeTask: {status}")


@pytest.mark.parametrize("status", [400, 403, 500, 502, 503])
def test_an_error_in_html(client: Client, service: FakeService, status: int) -> None:
    """Proxies and load balancers do not speak JSON."""
    service.answers(Reply(HTML, status, {"Content-Type": "text/html", "x-amzn-RequestId": ""}))
    error = refused(client)
    assert type(error) is errors.ServiceError
    assert (error.code, error.http_status, error.retryable) == (str(status), status, status >= 500)
    assert "Unavailable" in str(error) or str(status) in str(error)


# Answers that are none

NO_ANSWERS: dict[str, Reply] = {
    "list": Reply([1]),
    "text": Reply("answer"),
    "null": Reply(None),
    "number": Reply(5),
    "html": Reply(HTML),
    "nothing": Reply(b""),
    "latin-1": Reply(b"\xff\xfe"),
    "half": Reply(b'{"TaskArn": "arn:aws'),
    "redirect": Reply(b"", 302, {"Location": "http://127.0.0.1:9"}),
    "list in an error": Reply([1], 400),
    "text in an error": Reply("x", 400),
    "number for a code": Reply({"__type": 5}, 400),
    "no time": Reply({**DESCRIBED, "CreationTime": "yesterday"}),
    "object for a time": Reply({**DESCRIBED, "CreationTime": {}}),
    "far future": Reply({**DESCRIBED, "CreationTime": 1e300}),
    "not a number": Reply({**DESCRIBED, "CreationTime": float("nan")}),
    "list for an object": Reply({**DESCRIBED, "Options": [1]}),
    "text for a list": Reply({**DESCRIBED, "Excludes": "a"}),
    "text for an object": Reply({**DESCRIBED, "Options": "a"}),
    "number for an enum": Reply({**DESCRIBED, "Status": 5}),
}


@pytest.mark.parametrize("kind", sorted(NO_ANSWERS))
def test_an_answer_that_cannot_be_read_is_an_error_of_the_sdk(
    client: Client, service: FakeService, kind: str
) -> None:
    service.answers(NO_ANSWERS[kind])
    error = failure(client)
    assert "DescribeTask" in str(error)


# No answer


def test_connection_refused(make_client: MakeClient) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with make_client(endpoint_url=url, config=ONCE) as client:
            error = failure(client)
    assert isinstance(error, errors.TransportError)
    assert isinstance(error.__cause__, theirs.EndpointConnectionError)
    assert url in str(error)
    assert str(error).startswith("DescribeTask: ")
    assert error.retryable


def test_connection_closed_without_an_answer(client: Client, service: FakeService) -> None:
    service.answers(Reply(hang_up=True))
    error = failure(client)
    assert isinstance(error, errors.TransportError)
    assert isinstance(error.__cause__, theirs.ConnectionClosedError)
    assert service.url in str(error)
    assert error.retryable


def test_connection_closed_in_the_middle_of_an_answer(client: Client, service: FakeService) -> None:
    """It must not pass for an answer, although botocore does not notice."""
    service.answers(Reply(b'{"TaskArn": "arn:aws:data', missing=100))
    assert not isinstance(failure(client), errors.ServiceError)


def test_read_time_out(service: FakeService, make_client: MakeClient) -> None:
    service.answers(Reply(DESCRIBED, delay=0.6))
    with make_client(endpoint_url=service.url, config=HASTY) as client:
        error = failure(client)
    assert isinstance(error, errors.TransportError)
    assert isinstance(error.__cause__, theirs.ReadTimeoutError)
    assert "timeout" in str(error).lower()
    assert error.retryable


def test_a_proxy_that_is_not_there(service: FakeService, make_client: MakeClient) -> None:
    config = ONCE.merge(Config(proxies={"http": "http://127.0.0.1:9"}))
    with make_client(endpoint_url=service.url, config=config) as client:
        error = failure(client)
    assert isinstance(error, errors.TransportError)
    assert isinstance(error.__cause__, theirs.ProxyConnectionError)
    assert service.received == []


# Credentials and configuration


def test_no_credentials(
    service: FakeService, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with make_client(endpoint_url=service.url) as client:
        error = failure(client)
    assert isinstance(error, errors.CredentialsError)
    assert isinstance(error.__cause__, theirs.NoCredentialsError)
    assert str(error).startswith("DescribeTask: Unable to locate credentials")
    assert not error.retryable
    assert service.received == []


def construction(make_client: MakeClient, **arguments: Any) -> DataSyncError:
    """The error of a client that cannot be made, or, if it is asynchronous, cannot connect."""
    with pytest.raises(DataSyncError) as caught, make_client(**arguments) as client:
        client.list_tasks()
    return caught.value


def test_partial_credentials(make_client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    error = construction(
        make_client,
    )
    assert isinstance(error, errors.CredentialsError)
    assert isinstance(error.__cause__, theirs.PartialCredentialsError)
    assert "AWS_SECRET_ACCESS_KEY" in str(error)


def test_no_region(make_client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    error = construction(
        make_client,
    )
    assert isinstance(error, errors.ConfigurationError)
    assert isinstance(error.__cause__, theirs.NoRegionError)
    assert "region" in str(error)
    assert not error.retryable


def test_a_region_name_that_cannot_be(make_client: MakeClient) -> None:
    error = construction(make_client, region_name="eu west 1")
    assert isinstance(error, errors.ConfigurationError)
    assert isinstance(error.__cause__, theirs.InvalidRegionError)
    assert "eu west 1" in str(error)


def test_an_endpoint_url_that_cannot_be(make_client: MakeClient) -> None:
    error = construction(make_client, endpoint_url="nonsense")
    assert isinstance(error, errors.ConfigurationError)
    assert isinstance(error.__cause__, ValueError)
    assert "nonsense" in str(error)


@pytest.mark.parametrize("argument", ["region_name", "endpoint_url"])
def test_an_argument_of_a_wrong_type(make_client: MakeClient, argument: str) -> None:
    assert isinstance(construction(make_client, **{argument: 5}), errors.ConfigurationError)


def test_a_profile_that_is_not_there(make_client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    error = construction(
        make_client,
    )
    assert isinstance(error, errors.ConfigurationError)
    assert isinstance(error.__cause__, theirs.ProfileNotFound)
    assert "nobody" in str(error)


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.describe_task(task_arn=object()),
        lambda c: c.describe_task(task_arn=b"arn"),
        lambda c: c.update_location_hdfs(location_arn="l", kerberos_keytab=5),
    ],
    ids=["object", "bytes", "number for bytes"],
)
def test_what_cannot_be_written_is_an_error_of_the_sdk_even_unchecked(
    service: FakeService, make_client: MakeClient, call: Callable[[Any], object]
) -> None:
    with (
        make_client(endpoint_url=service.url, config=ONCE, validate=False) as client,
        pytest.raises(errors.ValidationError),
    ):
        call(client)
    assert service.received == []


def test_dicts_are_sent_unchecked(service: FakeService, make_client: MakeClient) -> None:
    """`validate=False` sends anything that can be written, dicts in place of structures included."""
    with make_client(endpoint_url=service.url, config=ONCE, validate=False) as client:
        client.update_task(task_arn=TASK, options={"VerifyMode": "NONE"})  # type: ignore[arg-type]
        client.tag_resource(resource_arn=TASK, tags=[{"Key": "a"}])  # type: ignore[list-item]
    assert service.bodies == [
        {"TaskArn": TASK, "Options": {"VerifyMode": "NONE"}},
        {"ResourceArn": TASK, "Tags": [{"Key": "a"}]},
    ]


def test_a_member_that_a_handed_in_client_does_not_know(service: FakeService) -> None:
    """The error names it, whatever took it away; `test_old_clients` has those that are older than the SDK."""
    with contextlib.closing(boto3.client("datasync", endpoint_url=service.url)) as old:
        shape = old.meta.service_model.operation_model("DescribeTask").input_shape
        del shape.members["TaskArn"]
        with Client(boto3_client=old) as client:
            error = failure(client)
    assert isinstance(error, errors.ConfigurationError)
    assert "TaskArn" in str(error)
    assert service.received == []


# The classes

RESPONSE = {
    "Error": {"Code": "SomeException", "Message": "It went wrong."},
    "ResponseMetadata": {"RequestId": "req-1", "HTTPStatusCode": 503, "RetryAttempts": 2, "HTTPHeaders": {}},
    "errorCode": "E1",
    "datasyncErrorCode": "D1",
}
VIOLATION = errors.Violation(rule="max", path="Tags[2].Key", message="is long")
CLASSES = [
    value
    for value in map(vars(errors).get, errors.__all__)
    if isinstance(value, type) and issubclass(value, Exception)
]


ENDED = outcome_of(m.DescribeTaskExecutionResponse(task_execution_arn="arn", status="ERROR"))
EXAMPLES: dict[type[Exception], tuple[Any, ...]] = {
    errors.AmbiguousError: ("find_task", "tasks", ("arn-1", "arn-2")),
    errors.ExecutionError: ("arn", "it failed", ENDED),
    errors.ExecutionFailed: ("arn", "it failed", ENDED),
    errors.ExecutionIncomplete: ("arn", "some failed", ENDED),
    errors.ManifestError: ("Line 3 is wrong", 3),
    errors.UnchangeableError: (
        "arn",
        (Difference(path="TaskMode", wanted="BASIC", actual="ENHANCED", can_update=False),),
    ),
    errors.WaitTimeout: ("arn", "it goes on", ENDED.execution, None),
}


def example(cls: type[Exception]) -> Exception:
    """An error of a class, with all that such an error has."""
    if issubclass(cls, errors.ServiceError):
        return cls("DescribeTask", RESPONSE)
    if issubclass(cls, errors.ValidationError):
        return cls("CreateTaskRequest", (VIOLATION,))
    return cls(*EXAMPLES.get(cls, ("DescribeTask: it went wrong",)))


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, "pickle"], ids=["copy", "deepcopy", "pickle"])
def test_errors_can_be_copied_and_pickled(
    cls: type[Exception], again: Callable[[Exception], Exception] | str
) -> None:
    error = example(cls)
    error.add_note("while testing")
    protocols = range(pickle.HIGHEST_PROTOCOL + 1)
    copies = (
        [again(error)]
        if callable(again)
        else [pickle.loads(pickle.dumps(error, protocol)) for protocol in protocols]
    )
    for same in copies:
        assert type(same) is cls
        assert str(same) == str(error) != ""
        assert same.args == error.args
        assert vars(same) == vars(error)
        assert getattr(same, "retryable", None) == getattr(error, "retryable", None)
        assert repr(same) == repr(error)


def test_an_error_of_a_call_can_be_pickled(client: Client, service: FakeService) -> None:
    service.answers(error_reply("InvalidRequestException", datasyncErrorCode="D1"))
    error = refused(client)
    same = pickle.loads(pickle.dumps(error))
    assert isinstance(same, errors.InvalidRequestError)
    assert vars(same) == vars(error)
    assert same.datasync_error_code == "D1"
    with pytest.raises(errors.ValidationError) as caught:
        client.describe_task(task_arn="t" * 200)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.violations) == (str(caught.value), caught.value.violations)


def test_a_service_error_has_all_members() -> None:
    error = errors.InvalidRequestError("DescribeTask", RESPONSE)
    assert (error.operation, error.code, error.message) == ("DescribeTask", "SomeException", "It went wrong.")
    assert (error.request_id, error.http_status, error.retry_attempts) == ("req-1", 503, 2)
    assert (error.error_code, error.datasync_error_code, error.retryable) == ("E1", "D1", True)
    assert str(error) == "DescribeTask: SomeException: It went wrong. (request req-1)"


@pytest.mark.parametrize("response", [{}, {"Error": None}, {"Error": {}, "ResponseMetadata": None}], ids=repr)
def test_a_service_error_of_nothing(response: dict[str, Any]) -> None:
    error = errors.ServiceError("DescribeTask", response)
    assert (error.code, error.message, error.request_id, error.http_status) == ("Unknown", "", None, None)
    assert not error.retryable
    assert str(error).startswith("DescribeTask: Unknown")


def test_a_validation_error_lists_everything() -> None:
    other = errors.Violation(rule="required", path="Name", message="is required")
    error = errors.ValidationError("CreateTaskRequest", (VIOLATION, other))
    assert str(error) == (
        "CreateTaskRequest has 2 problems:\n  Tags[2].Key: is long [max]\n  Name: is required [required]"
    )
    assert str(example(errors.ValidationError)).startswith("CreateTaskRequest has 1 problem:")
    assert (error.request, error.violations) == ("CreateTaskRequest", (VIOLATION, other))
    assert isinstance(error, ValueError)
    assert issubclass(errors.StructureError, ValueError)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_error_says_whether_to_try_again(cls: type[Exception]) -> None:
    """`except DataSyncError as error: if error.retryable` must work for each."""
    error = example(cls)
    assert isinstance(error, DataSyncError)
    expected = issubclass(cls, errors.ServiceError | errors.TransportError | errors.WaitTimeout)
    assert getattr(error, "retryable", "not said") is expected


def test_the_tree_in_the_documentation_is_the_tree() -> None:
    drawn = re.findall(r"^([│├└─ ]*[─] |(?=DataSyncError))(\w+) ", errors.__doc__ or "", re.MULTILINE)
    assert {name for _, name in drawn} == {cls.__name__ for cls in CLASSES} - {"SdkError"} | {"DataSyncError"}
    path: list[type] = []
    for indent, name in drawn:
        cls = getattr(errors, name)
        del path[len(indent) // 4 :]
        assert not path or path[-1] in cls.__bases__
        path.append(cls)


def test_models_of_exceptions_are_not_exceptions() -> None:
    """The structures of the API's errors are data; what is raised is in `errors`."""
    assert not issubclass(m.InvalidRequestException, BaseException)
