"""What an error means is its class, and nothing of what the service said is lost."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterator

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from datasync_sdk import Client, errors
from datasync_sdk._generated.errors import ERRORS
from datasync_sdk._runtime import causes
from datasync_sdk._runtime.errors import ServiceError
from datasync_sdk._runtime.translate import service_error
from tests.sdk import cause_data, server
from tests.sdk.cause_data import CAUSES, FACTS, OPERATIONS, SEEN, TASK, Seen, meaning, ways
from tests.sdk.fake_client import ONCE
from tests.sdk.server import FakeService, error_reply

service = server.service  # the fixture

CODES = sorted(
    {code for cause in CAUSES.values() for way in ways(cause) for code in way.get("error_codes", ())}
)
PATTERNS = sorted({way["message"] for cause in CAUSES.values() for way in ways(cause) if "message" in way})
PLAIN = "InvalidRequestException"
AROUND = (
    'Cannot be read: the file "/%s.csv" has two columns.',
    "The key '%s' is too long",
    "/%s/ is empty.",
    "The manifest /%s cannot be used",
    "S3 says: AccessDenied: no access to s3://bucket/%s.",
)
"""Sentences with names of files in them, which can be anything."""

codes = st.none() | st.sampled_from(CODES) | st.text(max_size=10)
messages = (
    st.sampled_from([seen.message for seen in SEEN])
    | st.sampled_from(PATTERNS).flatmap(lambda pattern: st.from_regex(re.compile(pattern, re.IGNORECASE)))
    | st.text(max_size=30)
)
operations = st.sampled_from(OPERATIONS)


def class_of(name: str) -> type[errors.InvalidRequestError]:
    """The class of a cause."""
    found: type[errors.InvalidRequestError] = getattr(errors, name)
    return found


def answered(
    operation: str, message: str, code: str | None = None, own: str | None = None, kind: str = PLAIN
) -> ServiceError:
    """The error for an answer, as botocore hands it over."""
    members = {"message": message, "errorCode": code, "datasyncErrorCode": own}
    response = {
        "Error": {"Code": kind, "Message": message},
        "ResponseMetadata": {"RequestId": "req-1", "HTTPStatusCode": 400, "RetryAttempts": 1},
        **{name: value for name, value in members.items() if value is not None},
    }
    return service_error(ClientError(response, operation), operation, ERRORS)


@given(operations, messages, codes, codes)
def test_the_class_is_what_the_data_says(
    operation: str, message: str, code: str | None, own: str | None
) -> None:
    error = answered(operation, message, code, own)
    looked_at = message[: causes.LOOKED_AT]
    assert type(error).__name__ == meaning(operation, {code, own}, looked_at)


@given(operations, messages, codes, codes)
def test_nothing_of_the_answer_is_lost(
    operation: str, message: str, code: str | None, own: str | None
) -> None:
    error = answered(operation, message, code, own)
    assert isinstance(error, errors.InvalidRequestError)
    plain = errors.InvalidRequestError(operation, error.response)
    assert vars(error) == vars(plain)
    assert error.args == plain.args
    assert (error.message, error.code, error.request_id) == (message, PLAIN, "req-1")
    assert (error.error_code, error.datasync_error_code) == (code, own)
    advice = f"\n  {error.advice}" if type(error) is not errors.InvalidRequestError else ""
    assert str(error) == f"{plain}{advice}"


@given(
    operations, messages, codes, st.sampled_from(["InternalException", "ThrottlingException", "NewException"])
)
def test_only_invalid_requests_have_such_causes(
    operation: str, message: str, code: str | None, kind: str
) -> None:
    assert not isinstance(answered(operation, message, code, kind=kind), errors.InvalidRequestError)


@given(operations, st.sampled_from(SEEN), st.sampled_from(AROUND))
def test_a_name_in_a_message_is_not_the_cause(operation: str, seen: Seen, around: str) -> None:
    message = around % seen.message.rstrip(".")
    assert type(answered(operation, message)) is errors.InvalidRequestError


@pytest.mark.parametrize("seen", SEEN, ids=lambda seen: f"{seen.cause}: {seen.message[:30]}")
def test_what_was_seen_is_recognized(seen: Seen) -> None:
    assert type(answered(seen.operation, seen.message, seen.code)).__name__ == seen.cause
    assert type(answered(seen.operation, seen.message.upper(), seen.code)).__name__ == seen.cause


def test_an_error_over_http_is_of_its_cause(service: FakeService) -> None:
    message = f"Task {TASK} is not found."
    service.answers(error_reply(PLAIN, message, errorCode="E1", datasyncErrorCode="D1"))
    with (
        Client("eu-west-1", endpoint_url=service.url, config=ONCE) as client,
        pytest.raises(errors.TaskNotFound) as caught,
    ):
        client.describe_task(task_arn=TASK)
    error = caught.value
    assert isinstance(error.__cause__, ClientError)
    assert error.response == error.__cause__.response
    assert (error.error_code, error.datasync_error_code) == ("E1", "D1")
    assert str(error) == f"DescribeTask: {PLAIN}: {message} (request req-1)\n  {errors.TaskNotFound.advice}"
    same = pickle.loads(pickle.dumps(error))
    assert (type(same), vars(same)) == (errors.TaskNotFound, vars(error))


def test_far_down_in_a_message_there_is_no_cause() -> None:
    far = f"{'a' * causes.LOOKED_AT}. Unable to assume role."
    assert type(answered("CreateTask", far)) is errors.InvalidRequestError
    assert isinstance(answered("CreateTask", far[2:]), errors.InvalidRequestError)
    assert answered("CreateTask", far).message == far


@pytest.mark.parametrize("wrong", [5, ["NotFound"], {"NotFound": 1}, True], ids=repr)
def test_a_code_of_another_type_means_nothing(wrong: object) -> None:
    response = {"Error": {"Code": PLAIN, "Message": "x"}, "errorCode": wrong}
    error = service_error(ClientError(response, "DescribeTask"), "DescribeTask", ERRORS)
    assert type(error) is errors.InvalidRequestError


@pytest.mark.parametrize("error", [None, {}], ids=repr)
def test_a_message_may_stand_outside(error: object) -> None:
    """Where botocore finds no message, it is the member of the model."""
    response = {"Error": error, "message": f"Task {TASK} is not found."}
    assert causes.refined(errors.InvalidRequestError, "UpdateTask", response) is errors.TaskNotFound


# The classes


@pytest.mark.parametrize("name", CAUSES)
def test_a_class_is_as_the_data_says(name: str) -> None:
    cause, cls = CAUSES[name], class_of(name)
    under = CAUSES.get(cause["under"])
    assert cls.__bases__ == (class_of(under["name"]) if under else errors.InvalidRequestError,)
    assert cls.advice == cause["advice"]
    said = " ".join((cls.__doc__ or "").split())
    assert said == f"{cause['documentation']} {cause['advice']}"


def test_all_classes_are_errors_of_the_sdk() -> None:
    found = {cause.error.__name__ for cause in errors.InvalidRequestError.causes}
    assert found == CAUSES.keys() <= set(errors.__all__)
    assert errors.InvalidRequestError.code_members == tuple(FACTS["code_members"])
    assert (errors.ServiceError.causes, errors.InternalError.causes) == ((), ())


SETTLING = {"RoleNotAssumable", "LocationAccessDenied"}


@pytest.mark.parametrize("name", [*CAUSES, "InvalidRequestError"])
def test_what_settles_by_itself(name: str) -> None:
    settling = [each for each in OPERATIONS if class_of(name)(each, {}).settles]
    made = ("CreateLocation", "CreateTask", "StartTaskExecution", "UpdateLocation", "UpdateTask")
    expected = [each for each in OPERATIONS if each.startswith(made) and each != "UpdateTaskExecution"]
    assert settling == (expected if name in SETTLING else [])


# From moto, which says some of AWS's own messages.

moto, moto_url = server.moto, server.moto_url


@pytest.fixture
def at_moto(moto_url: str) -> Iterator[Client]:
    with Client(region_name="eu-west-1", endpoint_url=moto_url) as made:
        yield made


AT_MOTO: dict[str, tuple[str, Callable[[Client], object]]] = {
    "location": ("LocationNotFound", lambda c: c.describe_location_s3(location_arn=cause_data.LOCATION)),
    "source": (
        "LocationNotFound",
        lambda c: c.create_task(
            source_location_arn=cause_data.LOCATION, destination_location_arn=cause_data.LOCATION
        ),
    ),
    "task": ("TaskNotFound", lambda c: c.update_task(task_arn=TASK)),
    "execution": (
        "ExecutionNotFound",
        lambda c: c.cancel_task_execution(task_execution_arn=cause_data.EXECUTION),
    ),
}


@pytest.mark.parametrize("case", AT_MOTO)
def test_messages_of_moto(at_moto: Client, case: str) -> None:
    name, call = AT_MOTO[case]
    with pytest.raises(errors.InvalidRequestError) as caught:
        call(at_moto)
    assert type(caught.value).__name__ == name
