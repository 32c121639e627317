"""JSON 1.1: what goes in, what comes out, and that nothing secret does."""

from __future__ import annotations

import json
import logging
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_type_hints

import attrs
import pytest
from botocore.model import ServiceModel
from botocore.parsers import JSONParser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasync_sdk import models as m
from datasync_sdk import unstructure
from datasync_sdk._generated.service import SERVICE
from datasync_sdk._runtime.structures import Request, Structure
from datasync_sdk._runtime.wire import wire_of
from datasync_sdk.local.operations import MODEL, NAMES, operation
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.serving.protocol import ENCODER, Answer, answer
from datasync_sdk.local.serving.reading import read_request
from datasync_sdk.testing import strategies
from tests.local.tiny import CREATED, EXECUTION, LOCATION, TASK, TinyService

OPERATIONS = sorted(NAMES)
BOTOCORE = ServiceModel(dict(MODEL), SERVICE.name)
SECRET = "correct-horse-battery-staple"

LENIENT = settings(
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def call(
    service: TinyService, name: str, body: object = None, headers: dict[str, str] | None = None
) -> Answer:
    """Send one call; bytes as they are, anything else as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    return answer(service, "POST", {"X-Amz-Target": f"FmrsService.{name}", **(headers or {})}, raw)


def body_of(got: Answer) -> dict[str, Any]:
    """The JSON of an answer."""
    made: dict[str, Any] = json.loads(got.body)
    return made


def refusal(got: Answer) -> str:
    """The message of an answer that must be an InvalidRequestException."""
    body = body_of(got)
    assert got.status == 400
    assert body["__type"] == got.headers["x-amzn-ErrorType"] == "InvalidRequestException"
    assert body["errorCode"]
    message: str = body["message"]
    return message


def parsed(got: Answer, name: str) -> dict[str, Any]:
    """An answer as botocore's own parser reads it."""
    answered = {"status_code": got.status, "headers": dict(got.headers), "body": got.body}
    made: dict[str, Any] = JSONParser(
        timestamp_parser=lambda value: datetime.fromtimestamp(value, UTC)
    ).parse(answered, BOTOCORE.operation_model(name).output_shape)
    return made


@pytest.fixture
def service() -> TinyService:
    return TinyService()


def test_all_operations_of_the_model_are_known() -> None:
    assert len(OPERATIONS) == len(BOTOCORE.operation_names) == 53
    for name in OPERATIONS:
        known = operation(name)
        assert known.generated.name == name
        assert known.request.__name__ == f"{name}Request"


@pytest.mark.parametrize("name", OPERATIONS)
@given(data=st.data())
@settings(LENIENT, max_examples=10)
def test_a_valid_request_arrives_as_it_was_sent(name: str, data: st.DataObject) -> None:
    known = operation(name)
    request = data.draw(strategies.requests(known.request))
    sent = json.dumps(serialized(request)).encode()
    if b"\\u0000" in sent:
        return  # No path and no name has a NUL: those are refused.
    assert read_request(sent, known) == request


def serialized(request: Structure) -> dict[str, Any]:
    """The JSON that botocore writes: bytes as base64."""
    made: dict[str, Any] = json.loads(
        json.dumps(unstructure(request), default=lambda value: b64encode(value).decode())
    )
    return made


@pytest.mark.parametrize("name", OPERATIONS)
@given(data=st.data())
@settings(LENIENT, max_examples=10)
def test_botocore_reads_each_answer_as_it_was_meant(name: str, data: st.DataObject) -> None:
    known = operation(name)
    assert known.generated.response
    response = data.draw(strategies.responses(known.generated.response))
    service = TinyService()
    service.surprise = lambda _: response
    request = data.draw(strategies.requests(known.request))
    sent = json.dumps(serialized(request)).encode()
    if b"\\u0000" in sent:
        return
    got = parsed(call(service, name, sent), name)
    assert got.pop("ResponseMetadata")["HTTPStatusCode"] == 200
    assert got == to_milliseconds(unstructure(response))


def to_milliseconds(value: Any) -> Any:
    """What is left of timestamps in JSON."""
    if isinstance(value, datetime):
        return datetime.fromtimestamp(round(value.timestamp(), 3), UTC)
    if isinstance(value, dict):
        return {key: to_milliseconds(held) for key, held in value.items()}
    return [to_milliseconds(item) for item in value] if isinstance(value, list) else value


def test_each_answer_has_its_headers(service: TinyService) -> None:
    got = [call(service, "ListTasks") for _ in range(3)]
    assert {answer.headers["Content-Type"] for answer in got} == {"application/x-amz-json-1.1"}
    assert len({answer.headers["x-amzn-RequestId"] for answer in got}) == 3
    assert [body_of(answer) for answer in got] == [{"Tasks": []}] * 3


def test_timestamps_are_numbers(service: TinyService) -> None:
    body = body_of(call(service, "DescribeTaskExecution", {"TaskExecutionArn": EXECUTION}))
    assert body["StartTime"] == CREATED.timestamp()
    assert isinstance(body["StartTime"], float)


def test_everything_that_is_wrong_is_in_one_message(service: TinyService) -> None:
    message = refusal(
        call(
            service,
            "CreateTask",
            {
                "SourceLocationArn": "somewhere",
                "Options": {"VerifyMode": "NOEN", "BytesPerSecond": "5", "Uid": 5},
                "Excludes": "*.tmp",
                "Tags": [1, None, {"Key": 5}],
                "Schedule": [],
            },
        )
    )
    assert message.startswith("10 validation errors detected: ")
    for part in (
        "SourceLocationArn: 'somewhere' does not match ^arn:",
        "DestinationLocationArn: is required; give it a string",
        "Options.VerifyMode: 'NOEN' is not known; did you mean NONE?",
        "Options.BytesPerSecond: must be an integer, not a string",
        "Options.Uid: must be a Uid or one of its strings, not a number",
        "Excludes: must be a list, not a string",
        "Schedule: must be a TaskSchedule, not a list",
        "Tags[0]: must be a TagListEntry, not a number",
        "Tags[1]: must be a TagListEntry, not null",
        "Tags[2].Key: must be a string, not a number",
    ):
        assert part in message
    assert not service.handled


def test_a_message_does_not_grow_without_end(service: TinyService) -> None:
    message = refusal(call(service, "TagResource", {"ResourceArn": TASK, "Tags": [0] * 500}))
    assert message.startswith("501 validation errors detected: ")
    assert message.endswith("; and 481 more")
    assert len(message) < 2000


def test_documented_rules_are_checked(service: TinyService) -> None:
    task = {"SourceLocationArn": LOCATION, "DestinationLocationArn": LOCATION.replace("1", "2")}
    options = {"Atime": "NONE", "Mtime": "PRESERVE"}
    assert "Atime" in refusal(call(service, "CreateTask", {**task, "Options": options}))


@pytest.mark.parametrize(
    ("member", "value", "expected"),
    [
        ("MaxResults", "5", "must be an integer, not a string"),
        ("MaxResults", True, "must be an integer, not a boolean"),
        ("MaxResults", 5.0, "must be an integer, not a number with a fraction"),
        ("MaxResults", {}, "must be an integer, not an object"),
        ("MaxResults", 101, "is 101; the largest allowed is 100"),
        ("MaxResults", -1, "is -1; the smallest allowed is 0"),
        ("NextToken", 5, "must be a string, not a number"),
        ("NextToken", ["a"], "must be a string, not a list"),
        ("NextToken", "?!", "does not match"),
        ("Filters", {}, "must be a list, not an object"),
        (
            "Filters",
            [{"Name": "LocationId", "Values": "a", "Operator": "Equals"}],
            "Filters[0].Values: must be a list",
        ),
        (
            "Filters",
            [{"Name": "Nope", "Values": ["a"], "Operator": "Equals"}],
            "Filters[0].Name: 'Nope' is not known",
        ),
        ("Filters", [{"Values": ["a"], "Operator": "Equals"}], "Filters[0].Name: is required"),
    ],
)
def test_values_are_refused(service: TinyService, member: str, value: object, expected: str) -> None:
    message = refusal(call(service, "ListTasks", {member: value}))
    assert message.startswith("1 validation error detected: ")
    assert expected in message


def test_unknown_members_are_ignored_and_null_ones_absent(service: TinyService) -> None:
    body = {
        "SourceLocationArn": LOCATION,
        "DestinationLocationArn": LOCATION.replace("1", "2"),
        "Name": None,
        "Options": {"VerifyMode": "NONE", "Velocity": {"deep": [1, {"x": None}]}, "Uid": None},
        "Favourite": "colour",
    }
    assert call(service, "CreateTask", body).status == 200
    (request,) = service.handled
    assert isinstance(request, m.CreateTaskRequest)
    assert request.name is None
    assert request.options == m.Options(verify_mode="NONE")


def test_nothing_at_all_is_an_empty_object(service: TinyService) -> None:
    assert call(service, "ListTasks", b"").status == 200


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{", "Expecting property name enclosed in double quotes at character 1"),
        (b"{} {}", "Extra data at character 3"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b"[]", "it is a list"),
        (b'"text"', "it is a string"),
        (b"null", "it is null"),
        (b"true", "it is a boolean"),
        (b"1.5", "it is a number with a fraction"),
        (b'{"a":"\xff"}', "byte 6 is not valid UTF-8"),
        (b'{"a":"\xed\xa0\x80"}', "byte 6 is not valid UTF-8"),
        (b'{"a":"\0"}', "Invalid control character at at character 6"),
        (b'{"a":"\\u0000"}', "a text has a NUL character"),
        (b'{"a":[{"b\\u0000":1}]}', "a text has a NUL character"),
        (b'{"a":["\\ud800"]}', "a text has half of a surrogate pair"),
        (b'{"\\udfff":1}', "a text has half of a surrogate pair"),
        (b'{"a":NaN}', "NaN is no JSON"),
        (b'{"a":-Infinity}', "-Infinity is no JSON"),
        (b'{"a":1e999}', "a number is too large"),
        (b'{"a":9223372036854775808}', "a number is too large"),
        (b'{"a":-9223372036854775809}', "a number is too large"),
        (b'{"a":' + b"9" * 5000 + b"}", "a number is too large"),
        (b'{"a":1,"b":2,"a":1}', "an object has the member 'a' more than once"),
        (b'{"a":{"b":[{"c":1,"c":null}]}}', "an object has the member 'c' more than once"),
        (b'{"a":[' + b"0," * 9000 + b"0]}", "a list has 9001 elements, which no list of DataSync's has"),
    ],
)
def test_bodies_that_are_no_request(service: TinyService, body: bytes, expected: str) -> None:
    assert (
        refusal(call(service, "ListTasks", body))
        == f"The body of the request must be a JSON object: {expected}."
    )
    assert not service.handled


def test_the_largest_numbers_and_pairs_of_surrogates_are_fine(service: TinyService) -> None:
    body = (
        b'{"a":9223372036854775807,"b":-9223372036854775808,"c":"\\ud83d\\ude00","d":"\\\\u0000","e":1e308}'
    )
    assert call(service, "ListTasks", body).status == 200


def test_a_refusal_has_all_its_members(service: TinyService) -> None:
    def refuse(_: object) -> None:
        raise Refusal(message="No.", error_code="Sorry", datasync_error_code="D-1")

    service.surprise = refuse
    got = call(service, "ListTasks")
    assert got.status == 400
    assert body_of(got) == {
        "__type": "InvalidRequestException",
        "message": "No.",
        "errorCode": "Sorry",
        "datasyncErrorCode": "D-1",
    }


@pytest.mark.parametrize("method", ["GET", "PUT", "OPTIONS", "X" * 5000])
def test_only_post_means_anything(service: TinyService, method: str) -> None:
    got = answer(service, method, {"X-Amz-Target": "FmrsService.ListTasks"}, b"{}")
    assert got.status == 405
    assert body_of(got)["__type"] == "InvalidRequestException"
    assert len(got.body) < 500


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "ListTasks",
        "FmrsService.",
        "FmrsService.listtasks",
        "Other.ListTasks",
        "FmrsService.Nope\0\ud800",
    ],
)
def test_wrong_targets(service: TinyService, target: str | None) -> None:
    headers = {} if target is None else {"X-Amz-Target": target}
    got = answer(service, "POST", headers, b"{}")
    assert "X-Amz-Target" in refusal(got)
    assert "FmrsService.ListTasks" in refusal(got)


@pytest.mark.parametrize("wrong", [None, 5, m.ListAgentsResponse(agents=()), object()])
def test_a_handler_that_answers_with_something_else(
    service: TinyService, wrong: object, caplog: pytest.LogCaptureFixture
) -> None:
    service.surprise = lambda _: wrong
    internal_error(call(service, "ListTasks"))
    assert "ListTasks was answered with" in caplog.text


@pytest.mark.parametrize("raised", [KeyError("boom"), RecursionError(), MemoryError(), OSError(13, "boom")])
def test_a_mistake_is_logged_and_not_told(
    service: TinyService, raised: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise raised

    service.surprise = fail
    got = call(service, "ListTasks")
    told = internal_error(got)
    assert "boom" not in told
    assert "Traceback" not in told
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("datasync_sdk.local", logging.ERROR)
    assert "Traceback" in record.getMessage()
    assert type(raised).__name__ in record.getMessage()
    assert got.headers["x-amzn-RequestId"] in record.getMessage()
    assert got.headers["x-amzn-RequestId"] in told


def internal_error(got: Answer) -> str:
    """The message of an answer that must be an InternalException."""
    assert got.status == 500
    assert body_of(got)["__type"] == got.headers["x-amzn-ErrorType"] == "InternalException"
    message: str = body_of(got)["message"]
    return message


def test_what_is_no_json_does_not_leave(service: TinyService, caplog: pytest.LogCaptureFixture) -> None:
    response = m.DescribeTaskExecutionResponse(task_execution_arn=EXECUTION, bytes_written=float("nan"))  # type: ignore[arg-type]
    service.surprise = lambda _: response
    internal_error(call(service, "DescribeTaskExecution", {"TaskExecutionArn": EXECUTION}))
    assert "not JSON compliant" in caplog.text


def test_the_encoder_knows_no_other_types() -> None:
    with pytest.raises(TypeError, match="a set cannot be written"):
        ENCODER.encode({1})


def secret_paths(cls: type[Structure], at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where the secrets of a request class are, in Python's names."""
    hints = get_type_hints(cls)
    for attribute in attrs.fields(cls):  # type: ignore[arg-type]  # it is one
        if not attribute.repr:
            yield (*at, attribute.name)
        for kind in getattr(hints[attribute.name], "__args__", ()):
            if isinstance(kind, type) and issubclass(kind, Structure):
                yield from secret_paths(kind, (*at, attribute.name))


SECRETS = [(name, path) for name in OPERATIONS for path in secret_paths(operation(name).request)]


def planted(request: Structure, path: tuple[str, ...], value: object) -> dict[str, Any]:
    """The JSON of a request in which a secret member, which nests nothing, has a value."""
    made = serialized(request)
    place, cls = made, type(request)
    for step in path:
        names = dict(zip((a.name for a in attrs.fields(cls)), wire_of(cls).names, strict=True))  # type: ignore[arg-type]
        if step == path[-1]:
            place[names[step]] = value
        else:
            place = place.setdefault(names[step], {})
            hint = get_type_hints(cls)[step]
            cls = next(
                kind for kind in hint.__args__ if isinstance(kind, type) and issubclass(kind, Structure)
            )
    return made


def test_there_are_secrets_to_look_for() -> None:
    assert len(SECRETS) >= 15
    assert ("CreateAgent", ("activation_key",)) in SECRETS


@pytest.mark.parametrize(("name", "path"), SECRETS)
@given(data=st.data())
@settings(LENIENT, max_examples=5)
def test_no_secret_is_told(name: str, path: tuple[str, ...], data: st.DataObject) -> None:
    request = data.draw(strategies.requests(operation(name).request))
    wrong = [
        SECRET,
        SECRET * 5000,
        SECRET + "\n",
        [SECRET],
        {SECRET: SECRET},
        SECRET + "\ud800",
        SECRET + "\0",
    ]
    for value in (*wrong, b64encode(SECRET.encode()).decode()):
        service = TinyService()
        service.surprise = leak
        records = Records()
        logger = logging.getLogger("datasync_sdk.local")
        logger.addHandler(records)
        try:
            for body in (planted(request, path, value), {**planted(request, path, value), "Tags": 5}):
                got = call(service, name, body)
                assert SECRET.encode() not in got.body
        finally:
            logger.removeHandler(records)
        assert SECRET not in "".join(records.texts)


class Records(logging.Handler):
    """What is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.texts.append(self.format(record))


def leak(request: Request[Any]) -> object:
    """A handler with a mistake that has all of a request in it."""
    values = attrs.astuple(request)  # type: ignore[arg-type]  # it is one
    try:
        return {}[values]
    except KeyError as error:
        raise RuntimeError(str(error)) from error


def test_a_refusal_with_a_secret_in_it_is_told_without(service: TinyService) -> None:
    def refuse(request: Request[Any]) -> object:
        raise Refusal(message=f"cannot log in: {attrs.astuple(request)}")  # type: ignore[arg-type]

    service.surprise = refuse
    body = {
        "Subdirectory": "/a",
        "ServerHostname": "server",
        "User": "me",
        "Password": SECRET,
        "AgentArns": [f"{LOCATION.partition(':location')[0]}:agent/agent-00000000000000001"],
    }
    message = refusal(call(service, "CreateLocationSmb", body))
    assert message.startswith("cannot log in: ")
    assert SECRET not in message
    assert "*****" in message
