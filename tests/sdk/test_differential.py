"""The generated code against botocore: its validator, serializer, parsers, and its client."""

from __future__ import annotations

import base64
import io
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeAlias, get_args

import pytest
from attrs import evolve, fields
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.model import OperationModel, ServiceModel
from botocore.parsers import ResponseParserFactory
from botocore.serialize import create_serializer
from botocore.utils import parse_timestamp
from botocore.validate import ParamValidator
from hypothesis import given, settings
from hypothesis import strategies as st

from datasync_sdk import Client, structure, unstructure
from datasync_sdk._runtime.components import parsers
from datasync_sdk._runtime.wire import operation_of
from datasync_sdk.errors import InternalError, InvalidRequestError
from datasync_sdk.models import CreateLocationHdfsRequest, CreateTaskRequest, ListTasksRequest
from tests.sdk.fake_client import ALL_RULES
from tests.sdk.strategies import (
    MODEL,
    OPERATIONS,
    SHAPES,
    Member,
    class_of,
    exactly,
    instances,
    is_list,
    is_structure,
    limits_of,
    members_of,
    once,
    plain,
    values,
    wire_mappings,
)

SERVICE = ServiceModel(MODEL, "datasync")
DEFAULT_PARSERS = ResponseParserFactory()
NAMES = tuple(sorted(OPERATIONS))
KINDS = {
    "invalid length": "min",
    "invalid range": "min",
    "invalid type": "type",
}
CODES = st.none() | st.text(max_size=9)
AGREED = frozenset({"required", "min", "type"})

Handler: TypeAlias = Callable[..., AWSResponse | None]

operations = pytest.mark.parametrize("name", NAMES)
few = settings(max_examples=25)


def input_of(name: str) -> type[Any]:
    """The class of an operation's requests."""
    return class_of(OPERATIONS[name]["input"]["shape"])


def output_of(name: str) -> type[Any]:
    """The class of an operation's answers."""
    return class_of(OPERATIONS[name]["output"]["shape"])


@once
def model_of(name: str) -> OperationModel:
    """The model of an operation, as botocore has it."""
    return SERVICE.operation_model(name)


def test_all_operations() -> None:
    """The model has all operations, and each has an input and an output."""
    assert len(NAMES) == 53
    for name in NAMES:
        found = operation_of(input_of(name))
        assert (found.name, found.response) == (name, output_of(name))
        assert model_of(name).input_shape.name == input_of(name).__name__


@operations
@few
@given(data=st.data())
def test_requests_are_valid_and_serialize(name: str, data: st.DataObject) -> None:
    """A valid request passes the validator of botocore, and its JSON is what `unstructure` made."""
    request = data.draw(instances(input_of(name), valid=True))
    parameters = unstructure(request)
    report = ParamValidator().validate(parameters, model_of(name).input_shape)
    assert not report.has_errors(), report.generate_report()
    assert json.loads(serialized(name, parameters)) == json.loads(json.dumps(parameters, default=b64))
    assert exactly(structure(parameters, type(request))) == exactly(request)


@operations
@few
@given(data=st.data())
def test_answers_are_parsed_alike(name: str, data: st.DataObject) -> None:
    """What botocore's parsers make of an answer's JSON becomes the object that the JSON was made from."""
    mapping = data.draw(wire_mappings(output_of(name), extra=False, unknown_enums=True))
    answer = structure(mapping, output_of(name))
    body = json.dumps(mapping, default=to_json).encode()
    for factory in (DEFAULT_PARSERS, parsers(plain_json=False), parsers(plain_json=True)):
        parsed = factory.create_parser("json").parse(
            {"status_code": 200, "headers": {"x-amzn-requestid": "r"}, "body": body},
            model_of(name).output_shape,
        )
        assert exactly(structure(parsed, output_of(name))) == exactly(answer)


@operations
@few
@given(data=st.data())
def test_unknown_members_of_answers(name: str, data: st.DataObject) -> None:
    """Members that the model does not have change nothing, parsed or not."""
    mapping = data.draw(wire_mappings(output_of(name), extra=True, unknown_enums=True))
    body = json.dumps(mapping, default=to_json).encode()
    parsed = DEFAULT_PARSERS.create_parser("json").parse(
        {"status_code": 200, "headers": {}, "body": body}, model_of(name).output_shape
    )
    assert structure(parsed, output_of(name)) == structure(mapping, output_of(name))


@pytest.fixture(params=["America/New_York", "Asia/Kathmandu", "UTC"])
def local_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """The local time zone of the process."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


def test_times_in_local_zones(local_zone: str) -> None:
    """Times do not depend on the local zone, by botocore's parser nor by that of the SDK."""
    seconds = [0, 1, 1_700_000_000.123, 1_730_614_500.5, 1_730_618_100.5, 1_710_054_000.001, 4e9]
    for second in seconds:
        body = json.dumps({"TaskArn": "t", "CreationTime": second}).encode()
        for factory in (DEFAULT_PARSERS, parsers(plain_json=False), parsers(plain_json=True)):
            parsed = factory.create_parser("json").parse(
                {"status_code": 200, "headers": {}, "body": body},
                model_of("DescribeAgent").output_shape,
            )
            found = structure({**parsed, "AgentArn": "a"}, output_of("DescribeAgent"))
            assert found.creation_time == datetime.fromtimestamp(second, UTC), local_zone
            assert found.creation_time.tzinfo is UTC
            assert found.creation_time == parse_timestamp(second).astimezone(UTC)


@st.composite
def broken(draw: st.DrawFn, cls: type[Any], wrong_types: bool) -> Any:
    """A request of which some members are missing, below their minimum, or of a wrong type."""
    made = draw(instances(cls, valid=True))
    changes = {}
    for member in members_of(cls):
        if draw(st.booleans()):
            changes[member.attribute] = draw(breakage(member, wrong_types))
    return evolve(made, **changes)


def breakage(member: Member, wrong_types: bool) -> st.SearchStrategy[Any]:
    """Values for a member that may be wrong."""
    return wrong_values(member.hint, member.shape, wrong_types) | st.none()


def wrong_values(hint: Any, shape: str, wrong_types: bool) -> st.SearchStrategy[Any]:
    """Values that may be wrong for a type, in the ways in which botocore sees it, too."""
    ways = [values(hint, shape, valid=True, unknown=False)]
    if wrong_types:
        ways.append(st.sampled_from(strangers(hint)))
    if is_structure(hint):
        ways.append(broken(hint, wrong_types))
    elif is_list(hint):
        element = SHAPES[shape]["member"]["shape"]
        inner = wrong_values(get_args(hint)[0], element, wrong_types)
        inner = inner | st.none() if wrong_types else inner
        ways.append(st.lists(inner, max_size=2))
    elif hint is str and limits_of(shape)[0] > 0:
        ways.append(st.text(max_size=limits_of(shape)[0]))
    elif hint is int and "min" in SHAPES[shape]:
        least = SHAPES[shape]["min"]
        ways.append(st.sampled_from([least - 1, least, least - 10**6]))
    return st.one_of(ways)


def strangers(hint: Any) -> list[Any]:
    """Values of which botocore and the SDK both say that they are of another type."""
    every = {float: 3.5, str: "x", list: [1], dict: {"a": 1}, object: Stranger()}
    if hint not in (int, bool):
        every.update({int: 5, bool: True})  # botocore takes a bool for a number: see below
    if is_structure(hint):
        every.pop(dict)  # botocore takes a dict there, the SDK an object: see below
    elif is_list(hint):
        every.pop(list)  # its elements are strangers, too: they come from the strategy of elements
    elif hint is bytes or hint is str or issubclass(hint, str):
        every.pop(str)  # botocore encodes text for a blob: see below
    return list(every.values())


class Stranger:
    """Something that no request can hold."""


@operations
@few
@given(data=st.data())
def test_required_and_minimum_agree(name: str, data: st.DataObject) -> None:
    """The check and botocore's validator find the same members missing or too small."""
    request = data.draw(broken(input_of(name), wrong_types=False))
    assert ours(request) == theirs(request, name)


@operations
@few
@given(data=st.data())
def test_types_agree(name: str, data: st.DataObject) -> None:
    """The check and botocore's validator find the same members of a wrong type, beside the above."""
    request = data.draw(broken(input_of(name), wrong_types=True))
    assert ours(request) == theirs(request, name)


@operations
def test_nothing_given(name: str) -> None:
    """Of a request without any member, both find everything that the model requires."""
    request = input_of(name)(**dict.fromkeys((field.name for field in fields(input_of(name))), None))
    required = {(member, "required") for member in SHAPES[type(request).__name__].get("required", ())}
    assert ours(request) == theirs(request, name) == required


def test_stricter_than_botocore() -> None:
    """A dict for an object, text for a blob and a bool for a number pass botocore, but not here."""
    hdfs = CreateLocationHdfsRequest(
        name_nodes=[],
        authentication_type="SIMPLE",
        agent_arns=["a"],
        kerberos_keytab="text",  # type: ignore[arg-type]
        qop_configuration={"RpcProtection": "PRIVACY"},  # type: ignore[arg-type]
        block_size=True,
        replication_factor=True,
    )
    both = {("NameNodes", "min")}
    assert theirs(hdfs, "CreateLocationHdfs") == both | {("BlockSize", "min")}
    assert ours(hdfs) == both | {
        ("KerberosKeytab", "type"),
        ("QopConfiguration", "type"),
        ("BlockSize", "type"),
        ("ReplicationFactor", "type"),
    }


def ours(request: Any) -> set[tuple[str, str]]:
    """The places and rules that the generated check finds, of the rules that botocore has."""
    check = operation_of(type(request)).wire.check
    assert check is not None
    found: list[Any] = []
    check(request, (), found, False)
    pairs = [(violation.path, violation.rule) for violation in found if violation.rule in AGREED]
    assert len(pairs) == len(set(pairs))
    return set(pairs)


def theirs(request: Any, name: str) -> set[tuple[str, str]]:
    """The places and rules that botocore's validator finds."""
    report = ParamValidator().validate(plain(request), model_of(name).input_shape)
    found = set()
    for reason, path, additional in report._errors:
        if reason == "missing required field":
            member = f"{path}.{additional['required_name']}"
            found.add((member.removeprefix("."), "required"))
        else:
            found.add((path.removeprefix("."), KINDS[reason]))
    return found


class Body(io.BytesIO):
    """The body of an answer, as urllib3 gives it to botocore."""

    def stream(self, **_: object) -> Iterator[bytes]:
        """All of it, in one piece."""
        yield self.read()


class Wire:
    """Stands where a client sends: keeps what was sent, and answers."""

    def __init__(self) -> None:
        self.sent: AWSRequest | None = None
        self.body: Mapping[str, Any] = {}
        self.status = 200
        self.client = Client(
            region_name="eu-west-1", config=Config(retries={"max_attempts": 0}), ignored_rules=ALL_RULES
        )
        self.client._client.meta.events.register("before-send.datasync", self)

    def __call__(self, request: AWSRequest, **_: object) -> AWSResponse:
        """Answer one request."""
        self.sent = request
        body = Body(json.dumps(self.body, default=to_json).encode())
        headers = {"x-amzn-RequestId": "request-1", "Content-Type": "application/x-amz-json-1.1"}
        return AWSResponse(request.url, self.status, headers, body)


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    """A client whose requests end in this process."""
    made = Wire()
    with made.client:
        yield made


@operations
@settings(max_examples=8)
@given(data=st.data())
def test_through_a_client(name: str, data: st.DataObject, wire: Wire) -> None:
    """Every operation sends what `unstructure` made, by `send` and by its method, and types the answer."""
    request = data.draw(instances(input_of(name), valid=True))
    wire.status = 200
    wire.body = data.draw(wire_mappings(output_of(name), extra=True, unknown_enums=True))
    expected = structure(wire.body, output_of(name))
    arguments = {field.name: getattr(request, field.name) for field in fields(type(request))}
    given_arguments = {key: value for key, value in arguments.items() if value is not None}
    method: Callable[..., Any] = getattr(wire.client, operation_of(type(request)).method)
    for call in (partial(wire.client.send, request), partial(method, **given_arguments)):
        wire.sent = None
        answer = call()
        assert exactly(answer) == exactly(expected)
        assert wire.sent is not None
        assert json.loads(wire.sent.body) == json.loads(json.dumps(plain(request), default=b64))
        assert wire.sent.headers["X-Amz-Target"] == f"FmrsService.{name}".encode()
        assert wire.sent.headers["Content-Type"] == b"application/x-amz-json-1.1"
        assert wire.sent.method == "POST"


@operations
@settings(max_examples=3)
@given(data=st.data())
def test_modelled_errors(name: str, data: st.DataObject, wire: Wire) -> None:
    """Error answers become the modelled exceptions, with their members and botocore's as the cause."""
    request = data.draw(instances(input_of(name), valid=True))
    message = data.draw(st.text(min_size=1, max_size=20))
    code, own = data.draw(st.tuples(CODES, CODES))
    members = {"message": message, "errorCode": code, "datasyncErrorCode": own}
    wire.status, wire.body = 400, {"__type": "InvalidRequestException", **members}
    with pytest.raises(InvalidRequestError) as wrong:
        wire.client.send(request)
    assert (wrong.value.error_code, wrong.value.datasync_error_code) == (code, own)
    assert_error(wrong.value, name, "InvalidRequestException", message, 400)
    assert not wrong.value.retryable

    wire.status, wire.body = 500, {"__type": "com.amazonaws#InternalException", **members}
    with pytest.raises(InternalError) as internal:
        wire.client.send(request)
    assert internal.value.error_code == code
    assert_error(internal.value, name, "InternalException", message, 500)
    assert internal.value.retryable


def assert_error(error: Any, operation: str, code: str, message: str, status: int) -> None:
    """What every error of the service has."""
    assert (error.operation, error.code, error.message) == (operation, code, message)
    assert (error.http_status, error.request_id) == (status, "request-1")
    assert isinstance(error.__cause__, ClientError)
    assert str(error) == f"{operation}: {code}: {message} (request request-1)"


@given(request=st.one_of(instances(CreateTaskRequest), instances(ListTasksRequest)))
def test_strategies_reach_invalid_requests(request: Any) -> None:
    """Requests that are not valid by the strategy are checked as botocore would, too."""
    name = operation_of(type(request)).name
    assert ours(request) == theirs(request, name)


def serialized(name: str, parameters: dict[str, Any]) -> bytes:
    """The body that botocore makes of parameters."""
    serializer = create_serializer("json", include_validation=True)
    body: bytes = serializer.serialize_to_request(parameters, model_of(name))["body"]
    return body


def b64(value: bytes) -> str:
    """Bytes as JSON protocols write them."""
    return base64.b64encode(value).decode()


def to_json(value: Any) -> Any:
    """Times and bytes as DataSync writes them."""
    return value.timestamp() if isinstance(value, datetime) else b64(value)
