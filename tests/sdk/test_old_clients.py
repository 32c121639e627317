"""Clients that callers hand in, whose botocore knows less of the API than the SDK, or more.

Each of the 57 revisions of the API becomes a folder of botocore data here, from which boto3 makes a real
client that talks HTTP. What such a client lacks is worked out anew, from the plain JSON of the revisions.
"""

from __future__ import annotations

import base64
import contextlib
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import boto3
import botocore
import pytest
from botocore.config import Config
from botocore.model import ServiceModel
from botocore.stub import Stubber

from datasync_sdk import Client, errors, structure
from datasync_sdk import models as m
from datasync_sdk._generated.history import HISTORY
from datasync_sdk._runtime import outdated
from datasync_sdk._runtime.checks import render_path
from datasync_sdk._runtime.structures import Request, Structure
from tests.sdk import fake_client, server
from tests.sdk.fake_client import ALL_RULES, DESTINATION, ONCE, SOURCE, TASK
from tests.sdk.server import FakeService, Reply, error_reply
from tests.sdk.strategies import MODEL, OPERATIONS, SHAPES, STRUCTURES, class_of, members_of

service = server.service  # fixtures, as the next line

no_default_session = fake_client.no_default_session

FOLDER = Path(__file__).parents[2] / "specs/datasync/revisions"
DATES = sorted(path.stem for path in FOLDER.glob("*.json"))
NEWEST = DATES[-1]

UPDATE = "Update boto3 and botocore, or leave out boto3_client: the SDK's own client knows all of this API"
LOOK = (
    "Look at AWS_DATA_PATH and api_version, or leave out boto3_client: the SDK's own client knows all of this"
    " API"
)
ANOTHER = "but a model that lacks this: another one, or a newer one without it"


# Clients of any revision


@cache
def revision(date: str) -> Mapping[str, Any]:
    """A revision of the API: `service`, the model, and `botocore`, the first release that has it."""
    read: dict[str, Any] = json.loads((FOLDER / f"{date}.json").read_text("utf-8"))
    return read


def copy_of(date: str) -> dict[str, Any]:
    """The model of a revision, to change."""
    copied: dict[str, Any] = json.loads(json.dumps(revision(date)["service"]))
    return copied


@contextlib.contextmanager
def data_folder(model: Mapping[str, Any], folder: Path) -> Iterator[None]:
    """Let botocore find this model first, by AWS_DATA_PATH."""
    # Not every botocore speaks the protocol of the newest revision; all of them speak this one.
    metadata = {**model["metadata"], "protocol": "json", "protocols": ["json"]}
    path = folder / "datasync/2018-11-09/service-2.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**model, "metadata": metadata}), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DATA_PATH", str(folder))
        yield


@contextlib.contextmanager
def boto3_client(
    model: Mapping[str, Any], folder: Path, service: FakeService, config: Config = ONCE
) -> Iterator[Any]:
    """What boto3 makes where AWS_DATA_PATH has this model."""
    with data_folder(model, folder):
        made = boto3.Session().client("datasync", endpoint_url=service.url, config=config)
    with contextlib.closing(made):
        assert set(made.meta.service_model.operation_names) == set(model["operations"])
        yield made


@contextlib.contextmanager
def sdk_client(date: str, folder: Path, service: FakeService, **options: Any) -> Iterator[Client]:
    """A client of the SDK around one of boto3's that has the model of a revision."""
    with (
        boto3_client(revision(date)["service"], folder, service) as theirs,
        Client(boto3_client=theirs, ignored_rules=ALL_RULES, **options) as made,
    ):
        yield made


# What there is in a revision, and since when


@cache
def places(date: str, operation: str, direction: str) -> Mapping[str, str]:
    """The members of an input or output, `Options.Gid` or `Tags[0].Key`, and the types of their shapes."""
    model = revision(date)["service"]
    found: dict[str, str] = {}

    def add(name: str, prefix: str) -> None:
        shape = model["shapes"][name]
        found[prefix] = shape["type"]
        for member, reference in shape.get("members", {}).items():
            add(reference["shape"], f"{prefix}.{member}".removeprefix("."))
        if shape["type"] == "list":
            add(shape["member"]["shape"], f"{prefix}[0]")

    reference = model["operations"].get(operation, {}).get(direction)
    if reference:
        add(reference["shape"], "")
    return found


def since(operation: str, place: str) -> str:
    """The date from which on every revision has a member of an input; without a place, the operation."""
    absent = [date for date in DATES if place not in places(date, operation, "input")]
    return DATES[DATES.index(absent[-1]) + 1] if absent else DATES[0]


def lacking_in(date: str, operation: str) -> list[str]:
    """The members of a whole request that a revision lacks, without what is inside of these."""
    there = places(date, operation, "input")
    absent = [place for place in places(NEWEST, operation, "input") if place not in there]
    return [place for place in absent if not any(place.startswith((f"{p}.", f"{p}[")) for p in absent)]


def needs(operation: str, place: str) -> str:
    """What the error says of one member, or of the operation where `place` is empty."""
    date = since(operation, place)
    return f"{place or 'the operation'} needs botocore {revision(date)['botocore']} (API {date})"


def released(date: str) -> str:
    """The first botocore that has a revision."""
    version: str = revision(date)["botocore"]
    return version


# Whole requests and answers


def filled(shape: str, answer: bool) -> Any:
    """A value with all members of the newest revision, by the model; in answers, enum values are unknown."""
    traits = SHAPES[shape]
    least = traits.get("min", 1)
    kind = traits["type"]
    if kind == "structure":
        return {name: filled(member["shape"], answer) for name, member in traits["members"].items()}
    if kind == "list":
        # Two, because a message names the place of only the first.
        return [filled(traits["member"]["shape"], answer)] * max(least, min(2, traits.get("max", 2)))
    if kind == "string":
        known = traits.get("enum")
        # Some texts once had to have eight characters.
        text = "x" * min(max(least, 9), traits.get("max", 9))
        return ("NOBODY_KNOWS" if answer else known[-1]) if known else text
    return {
        "integer": least,
        "long": least,
        "boolean": True,
        "timestamp": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "blob": b"x" * max(least, 1),
    }[kind]


def cut(value: Any, model: Mapping[str, Any], shape: str) -> Any:
    """A value without what a model lacks."""
    traits = model["shapes"][shape]
    if isinstance(value, dict):
        members = traits.get("members", {})
        return {
            name: cut(item, model, members[name]["shape"]) for name, item in value.items() if name in members
        }
    if isinstance(value, list):
        return [cut(item, model, traits["member"]["shape"]) for item in value]
    return value


def as_json(value: Any) -> Any:
    """A value as it is on the wire."""
    if isinstance(value, dict):
        return {name: as_json(item) for name, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.timestamp() if isinstance(value, datetime) else value


def request_of(operation: str, value: Mapping[str, Any]) -> Request[Any]:
    """The object of a request."""
    made: Request[Any] = structure(value, class_of(OPERATIONS[operation]["input"]["shape"]))
    return made


def whole_request(operation: str) -> dict[str, Any]:
    """A request with all that there is."""
    made: dict[str, Any] = filled(OPERATIONS[operation]["input"]["shape"], answer=False)
    return made


def whole_answer(operation: str) -> dict[str, Any]:
    """An answer with all that there is; what the service adds next year is in it, too."""
    made: dict[str, Any] = filled(OPERATIONS[operation]["output"]["shape"], answer=True)
    return made


def test_a_client_of_the_sdk_sends_and_reads_the_whole_api(service: FakeService) -> None:
    """On any botocore. It is what those that are handed in are compared to, below."""
    service.runs(lambda got: Reply(as_json(whole_answer(got.operation))))
    with Client(endpoint_url=service.url, config=ONCE, ignored_rules=ALL_RULES) as client:
        for operation, traits in OPERATIONS.items():
            answer = client.send(request_of(operation, whole_request(operation)))
            assert answer == structure(whole_answer(operation), class_of(traits["output"]["shape"]))
    sent = {got.operation: got.body for got in service.received}
    assert sent == {operation: as_json(whole_request(operation)) for operation in OPERATIONS}
    assert "ObjectMetadata" in sent["CreateTask"]["Options"]


@pytest.mark.parametrize("date", DATES)
def test_requests_on_every_revision(
    service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, date: str
) -> None:
    """A request is sent where the model has all of it; else the error has all that the model lacks."""
    model = revision(date)["service"]
    monkeypatch.setattr(botocore, "__version__", released(date))
    service.runs(lambda got: Reply(as_json(whole_answer(got.operation))))
    with sdk_client(date, tmp_path, service) as client:
        for operation in OPERATIONS:
            whole = whole_request(operation)
            lacking = lacking_in(date, operation) if operation in model["operations"] else [""]
            if lacking:
                with pytest.raises(errors.ConfigurationError) as caught:
                    client.send(request_of(operation, whole))
                listed = "; ".join(needs(operation, place) for place in lacking)
                assert (
                    str(caught.value) == f"{operation}: {listed}; this client has {released(date)}. {UPDATE}"
                )
                assert service.received == []
            if lacking == [""]:
                continue
            rest = cut(whole, model, model["operations"][operation]["input"]["shape"])
            assert (rest == whole) == (not lacking)
            client.send(request_of(operation, rest))
            (got,) = service.received
            assert (got.operation, got.body) == (operation, as_json(rest))
            service.received.clear()


# The error


@pytest.fixture
def before_task_mode(
    service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Any, str]]:
    """A client from before TaskMode, and the version of its botocore: a real one where that is installed."""
    with contextlib.closing(boto3.client("datasync", endpoint_url=service.url, config=ONCE)) as made:
        if "TaskMode" not in made.meta.service_model.shape_for("CreateTaskRequest").members:
            yield made, botocore.__version__
            return
    monkeypatch.setattr(botocore, "__version__", "1.34.105")
    with boto3_client(revision("2024-05-03")["service"], tmp_path, service) as made:
        yield made, "1.34.105"


def create_task(client: Client, **more: Any) -> m.CreateTaskResponse:
    """A task of two locations."""
    return client.create_task(source_location_arn=SOURCE, destination_location_arn=DESTINATION, **more)


def refused(call: Any) -> str:
    """What the error of a call says that the client cannot make."""
    with pytest.raises(errors.ConfigurationError) as caught:
        call()
    assert caught.value.__cause__ is None
    assert not caught.value.retryable
    return str(caught.value)


@pytest.mark.parametrize("validate", [True, False, "strict"])
def test_a_member_that_the_botocore_lacks(
    service: FakeService, before_task_mode: tuple[Any, str], validate: Any
) -> None:
    theirs, version = before_task_mode
    arn = "arn:aws:datasync:eu-west-1:111222333444:location/loc-00000000000000001"
    arns: dict[str, Any] = {"source_location_arn": arn, "destination_location_arn": arn}
    service.answers({"TaskArn": TASK})
    with Client(boto3_client=theirs, validate=validate) as client:
        text = refused(lambda: client.create_task(**arns, task_mode="ENHANCED"))
        needed = "CreateTask: TaskMode needs botocore 1.35.52 (API 2024-10-30); this client has "
        assert text == f"{needed}{version}. {UPDATE}"
        assert service.received == []
        assert client.create_task(**arns, name="without") == m.CreateTaskResponse(task_arn=TASK)


@pytest.mark.parametrize("validate", [True, False])
@pytest.mark.parametrize("validation", [True, False], ids=["validation", "no-validation"])
def test_several_members_and_what_is_inside_of_them(
    service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, validation: bool, validate: bool
) -> None:
    """Whether botocore would have noticed itself makes no difference."""
    monkeypatch.setattr(botocore, "__version__", "1.34.37")
    config = ONCE.merge(Config(parameter_validation=validation))
    with (
        boto3_client(revision("2024-02-07")["service"], tmp_path, service, config) as theirs,
        Client(boto3_client=theirs, validate=validate) as client,
    ):
        text = refused(
            lambda: create_task(
                client,
                schedule=m.TaskSchedule(schedule_expression="rate(1 hour)", status="DISABLED"),
                options=m.Options(object_metadata="PRESERVE", gid="NONE"),
                task_mode="BASIC",
                name="n",
            )
        )
    assert text.removeprefix("CreateTask: ").removesuffix(f". {UPDATE}").split("; ") == [
        "Options.ObjectMetadata needs botocore 1.43.113 (API 2026-10-13)",
        "Schedule.Status needs botocore 1.34.91 (API 2024-04-24)",
        "TaskMode needs botocore 1.35.52 (API 2024-10-30)",
        "this client has 1.34.37",
    ]
    assert service.received == []


def test_entries_of_lists(service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many entries of a list, the first is named; the date is that of the member of an entry."""
    monkeypatch.setattr(botocore, "__version__", "1.12.50")
    model = copy_of(NEWEST)
    for name in ("FilterRule", "TagListEntry"):
        del model["shapes"][name]["members"]["Value"]
    tags = [m.TagListEntry(key="a"), m.TagListEntry(key="b", value="b"), m.TagListEntry(key="c", value="c")]
    rule = m.FilterRule(filter_type="SIMPLE_PATTERN", value="/a")
    with boto3_client(model, tmp_path, service) as theirs, Client(boto3_client=theirs) as client:
        text = refused(lambda: create_task(client, includes=[rule], excludes=(rule,), tags=tags))
    assert text.removeprefix("CreateTask: ").removesuffix(f". {UPDATE}").split("; ") == [
        "Excludes[0].Value needs botocore 1.12.147 (API 2019-05-13)",
        "Tags[1].Value needs botocore 1.12.51 (API 2018-11-26)",
        "Includes[0].Value needs botocore 1.12.147 (API 2019-05-13)",
        "this client has 1.12.50",
    ]
    assert service.received == []


@pytest.mark.parametrize("validate", [True, False])
def test_an_operation_that_the_client_lacks(
    service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, validate: bool
) -> None:
    monkeypatch.setattr(botocore, "__version__", "1.31.3")
    with sdk_client("2023-07-13", tmp_path, service, validate=validate) as client:
        text = refused(lambda: client.describe_location_azure_blob(location_arn="a"))
        needed = "the operation needs botocore 1.31.11 (API 2023-07-25); this client has 1.31.3"
        assert text == f"DescribeLocationAzureBlob: {needed}. {UPDATE}"
    assert service.received == []


@pytest.mark.parametrize("date", ["2020-07-27", NEWEST])
def test_iterators(service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, date: str) -> None:
    """The first step says it, for a member as for the operation."""
    monkeypatch.setattr(botocore, "__version__", "1.12.51")
    model = copy_of(date)
    del model["operations"]["ListAgents"]
    filters = [m.TaskFilter(name="LocationId", values=["loc-1"], operator="Equals")]
    service.answers({"Tasks": [{"TaskArn": "a"}]})
    with boto3_client(model, tmp_path, service) as theirs, Client(boto3_client=theirs) as client:
        # ListAgents was there on the first day, and a botocore of that day is no reason to lack it.
        assert (
            f"the operation needs botocore 1.12.51 (API 2018-11-26); this client has 1.12.51, {ANOTHER}"
            in (refused(lambda: next(client.iter_agents())))
        )
        if date != NEWEST:
            assert "ListTasks: Filters needs botocore 1.17.45 (API 2020-08-18); this client has 1.12.51" in (
                refused(lambda: next(client.iter_tasks(filters=filters)))
            )
            assert service.received == []
        assert [task.task_arn for task in client.iter_tasks()] == ["a"]


def test_a_model_that_is_not_that_of_its_botocore(service: FakeService, tmp_path: Path) -> None:
    """Every botocore that the SDK takes has had LogLevel for years: newer ones would change nothing."""
    with sdk_client("2019-11-20", tmp_path, service) as client:
        text = refused(lambda: create_task(client, options=m.Options(log_level="BASIC")))
    needed = "Options.LogLevel needs botocore 1.14.9 (API 2020-01-24)"
    assert text == f"CreateTask: {needed}; this client has {botocore.__version__}, {ANOTHER}. {LOOK}"
    assert service.received == []


@pytest.mark.parametrize(
    ("installed", "another"),
    [
        ("1.35.51", False),
        ("1.34.105", False),
        ("1.4.999", False),
        ("1.35", False),
        ("0.9.9", False),
        ("unknown", False),
        ("", False),
        ("1.35.52", True),
        ("1.35.52rc1", True),
        ("1.35.52.dev7+g0", True),
        ("1.100.0", True),
        ("1.36", True),
        ("10.0.0", True),
        ("2", True),
    ],
)
def test_versions_are_compared_as_numbers(
    service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: str, another: bool
) -> None:
    monkeypatch.setattr(botocore, "__version__", installed)
    with sdk_client("2024-05-15", tmp_path, service) as client:
        text = refused(lambda: create_task(client, task_mode="BASIC"))
    rest = f", {ANOTHER}. {LOOK}" if another else f". {UPDATE}"
    needed = "TaskMode needs botocore 1.35.52 (API 2024-10-30)"
    assert text == f"CreateTask: {needed}; this client has {installed}{rest}"


def test_one_newer_and_one_older_than_the_botocore(
    service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older one shows that the model is not that botocore's own; the newer one needs an update, too."""
    monkeypatch.setattr(botocore, "__version__", "1.34.105")
    with sdk_client("2024-05-15", tmp_path, service) as client:
        del client._client.meta.service_model.operation_model("CreateTask").input_shape.members["Name"]
        text = refused(lambda: create_task(client, task_mode="BASIC", name="n"))
    assert text == (
        "CreateTask: Name needs botocore 1.12.51 (API 2018-11-26); TaskMode needs botocore 1.35.52 (API"
        f" 2024-10-30); this client has 1.34.105, {ANOTHER}. Update boto3 and botocore, and l{LOOK[1:]}"
    )


def test_without_a_history(service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages for other services have none."""
    monkeypatch.setitem(sys.modules, "datasync_sdk._generated.history", None)
    with sdk_client("2023-07-13", tmp_path, service) as client:
        member = refused(lambda: create_task(client, task_mode="BASIC"))
        operation = refused(lambda: client.describe_location_azure_blob(location_arn="a"))
    unknown = f"is not known to the model of this client (botocore {botocore.__version__}). {UPDATE}"
    assert member == f"CreateTask: TaskMode {unknown}"
    assert operation == f"DescribeLocationAzureBlob: the operation {unknown}"


def test_what_the_sdk_does_not_know_either(
    service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`validate=False` lets mappings in: what is in none of the models has no date, and no advice helps."""
    monkeypatch.setattr(botocore, "__version__", "1.34.0")
    options: Any = {"Gid": "NONE", "LogLevel": "BASIC", "gid": "NONE"}
    with sdk_client("2019-11-20", tmp_path, service, validate=False) as client:
        both = refused(lambda: create_task(client, options=options))
        del options["LogLevel"]
        one = refused(lambda: create_task(client, options=options))
        tags: Any = [{"Key": {"Deep": {"Deeper": 1}}, "k": 1}]
        inside = refused(lambda: client.tag_resource(resource_arn=TASK, tags=tags))
    unknown = "is not known to the model of this client (botocore 1.34.0), nor to this SDK"
    assert one == f"CreateTask: Options.gid {unknown}"
    assert both == (
        "CreateTask: Options.LogLevel needs botocore 1.14.9 (API 2020-01-24);"
        f" Options.gid {unknown}; this client has 1.34.0, {ANOTHER}. {LOOK}"
    )
    assert inside == f"TagResource: Tags[0].k {unknown}"
    assert service.received == []


def test_a_member_that_only_the_client_knows_is_sent(service: FakeService, tmp_path: Path) -> None:
    """With `validate=False`, a newer botocore's members can be used before the SDK has them."""
    model = copy_of(NEWEST)
    model["shapes"]["Options"]["members"]["Mood"] = {"shape": "Gid"}
    options: Any = {"Mood": "GOOD"}
    service.answers({"TaskArn": TASK})
    with (
        boto3_client(model, tmp_path, service) as theirs,
        Client(boto3_client=theirs, validate=False) as client,
    ):
        create_task(client, options=options)
    assert service.last.body["Options"] == {"Mood": "GOOD"}


# What is not the client's lack


@pytest.mark.parametrize(
    "wrong",
    [
        {"options": "text"},
        {"options": [{"Mood": 1}]},
        {"tags": {"Mood": 1}},
        {"tags": ["Mood"]},
        {"tags": 5},
        {"name": 5},
    ],
    ids=repr,
)
def test_values_of_another_type_are_refused_as_such(
    service: FakeService, tmp_path: Path, wrong: dict[str, Any]
) -> None:
    with (
        sdk_client(NEWEST, tmp_path, service, validate=False) as client,
        pytest.raises(errors.ValidationError) as caught,
    ):
        create_task(client, **wrong)
    assert next(iter(wrong)).title() in str(caught.value)
    assert service.received == []


def test_a_member_that_had_to_be_given_once(service: FakeService, tmp_path: Path) -> None:
    """Its absence is not a lack of the model: botocore itself refuses it, and says what it wants."""
    old: dict[str, Any] = {"server_hostname": "host", "bucket_name": "bucket"}
    with sdk_client("2025-03-05", tmp_path, service) as client:
        with pytest.raises(errors.ValidationError, match='Missing required parameter in input: "AgentArns"'):
            client.create_location_object_storage(**old)
        assert service.received == []
        service.answers({"LocationArn": "l"})
        client.create_location_object_storage(**old, agent_arns=["a"])
    assert service.last.body == {"ServerHostname": "host", "BucketName": "bucket", "AgentArns": ["a"]}


def test_what_an_event_handler_adds_is_left_to_botocore(service: FakeService, tmp_path: Path) -> None:
    with boto3_client(revision(NEWEST)["service"], tmp_path, service) as theirs:
        theirs.meta.events.register(
            "provide-client-params.datasync.CreateTask", lambda params, **_: {**params, "Mood": 1}
        )
        with Client(boto3_client=theirs) as client:
            with pytest.raises(errors.ValidationError, match='Unknown parameter in input: "Mood"'):
                create_task(client)
            assert service.received == []


def test_stubbed_clients(service: FakeService, tmp_path: Path) -> None:
    """An old client that is stubbed lacks what it lacks; the answer waits for the next call."""
    with (
        boto3_client(revision("2024-05-15")["service"], tmp_path, service) as theirs,
        Stubber(theirs) as stubber,
        Client(boto3_client=theirs) as client,
    ):
        parameters = {"SourceLocationArn": SOURCE, "DestinationLocationArn": DESTINATION}
        stubber.add_response("create_task", {"TaskArn": TASK}, parameters)
        assert "TaskMode" in refused(lambda: create_task(client, task_mode="BASIC"))
        assert create_task(client) == m.CreateTaskResponse(task_arn=TASK)
        stubber.assert_no_pending_responses()
    assert service.received == []


def test_doubles_that_have_no_model() -> None:
    """Tests of callers hand in objects that are told what to answer; they need no more than a name."""
    meta = SimpleNamespace(service_model=SimpleNamespace(service_name="datasync"))
    double = SimpleNamespace(meta=meta, create_task=lambda **_: {"TaskArn": TASK})
    with Client(boto3_client=double) as client:
        assert create_task(client, task_mode="BASIC").task_arn == TASK
        assert "the operation needs" in refused(lambda: client.delete_task(task_arn=TASK))
    mock = MagicMock()
    mock.meta.service_model.service_name = "datasync"
    mock.create_task.return_value = {"TaskArn": TASK}
    with Client(boto3_client=mock) as client:
        assert create_task(client, task_mode="BASIC").task_arn == TASK


def test_clients_of_the_sdk_are_not_looked_at(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outdated, "check_knowledge", None)
    service.answers({"TaskArn": TASK})
    with Client(endpoint_url=service.url, config=ONCE) as client:
        assert create_task(client, task_mode="BASIC").task_arn == TASK


MADE_UP: dict[str, Any] = {
    "operations": {"Put": {"input": {"shape": "In"}}, "Get": {}},
    "shapes": {
        "In": {
            "type": "structure",
            "members": {
                name: {"shape": name} for name in ("In", "List", "Map", "Text", "Document", "Stream", "Empty")
            },
        },
        "List": {"type": "list", "member": {"shape": "Map"}},
        "Map": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "In"}},
        "Text": {"type": "string"},
        "Document": {"type": "structure", "members": {}, "document": True},
        "Stream": {"type": "structure", "members": {}, "eventstream": True},
        "Empty": {"type": "structure"},
    },
}
"""DataSync has no maps, no documents and no structure that is in itself; other services do."""


def unknown_in(value: object, shape: str = "In") -> list[str]:
    """What the made-up model lacks."""
    found = outdated.unknown_members(ServiceModel(MADE_UP).shape_for(shape), value, ())
    return [render_path(at) for at in found]


def test_the_walk_through_parameters() -> None:
    deep = {"In": {"In": {"New": 1}}, "List": ({"k": {"New": 2}}, {"k": {"Text": "x"}, "l": {"New": 3}})}
    assert unknown_in(deep) == ["In.In.New", "List[0].k.New", "List[1].l.New"]
    assert unknown_in({"Map": {"New": {"New": {"In": 1}}}}) == ["Map.New.New"]
    assert unknown_in({"Document": {"a": 1}, "Stream": {"b": 1}, "Empty": {"c": 1}}) == ["Empty.c"]
    assert unknown_in({"Text": {"a": 1}, "List": "ab", "Map": [1], "In": 5}) == []
    assert unknown_in({"a": 1, "b": 2}, "Map") == []


def aws_name(operation: str, *steps: str | int) -> str | None:
    """What the made-up model calls what is there."""
    at: Any = ()
    for step in steps:
        at = (at, step)
    return outdated.aws_name(MADE_UP, operation, at)


def test_the_name_of_what_is_at_a_path() -> None:
    assert aws_name("Put", "List", 3, "key", "In", "Text") == "In.Text"
    assert aws_name("Put", "Map", "key", "Map") == "In.Map"
    assert aws_name("Put", "Map", "key", "New") is None
    assert aws_name("Put", "Text", "New") is None
    assert aws_name("Put", "New", "In") is None
    assert aws_name("Get", "New") is None
    assert [aws_name(operation) for operation in ("Get", "Put")] == ["Get()", "Put()"]


def test_an_operation_that_took_nothing(service: FakeService, tmp_path: Path) -> None:
    """Botocore would send nothing of what is asked of it, without a word."""
    model = copy_of(NEWEST)
    del model["operations"]["ListTasks"]["input"]
    service.answers({"Tasks": []})
    with boto3_client(model, tmp_path, service) as theirs, Client(boto3_client=theirs) as client:
        assert "ListTasks: MaxResults needs" in refused(lambda: client.list_tasks(max_results=5))
        assert client.list_tasks() == m.ListTasksResponse(tasks=())
    assert service.bodies == [{}]


def test_shapes_may_have_had_other_names(
    service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dates are found by the names of today."""
    monkeypatch.setattr(botocore, "__version__", "1.34.0")
    model = json.loads(json.dumps(revision("2023-11-08")["service"]).replace('"Options"', '"OldOptions"'))
    for shape in model["shapes"].values():
        if "OldOptions" in shape.get("members", {}):
            shape["members"]["Options"] = shape["members"].pop("OldOptions")
    with boto3_client(model, tmp_path, service) as theirs, Client(boto3_client=theirs) as client:
        text = refused(lambda: create_task(client, options=m.Options(object_metadata="PRESERVE")))
    assert "CreateTask: Options.ObjectMetadata needs botocore 1.43.113 (API 2026-10-13)" in text


# Answers


@pytest.mark.parametrize("date", DATES)
def test_answers_of_today_through_every_revision(service: FakeService, tmp_path: Path, date: str) -> None:
    """What the model lacks is None; the rest is there, enum values that nobody knows included."""
    model = revision(date)["service"]
    service.runs(lambda got: Reply({**as_json(whole_answer(got.operation)), "Mood": {"Deep": [1]}}))
    with sdk_client(date, tmp_path, service, validate=False) as client:
        for operation in set(OPERATIONS).intersection(model["operations"]):
            request = cut(whole_request(operation), model, model["operations"][operation]["input"]["shape"])
            answer = client.send(request_of(operation, request))
            known = cut(whole_answer(operation), model, model["operations"][operation]["output"]["shape"])
            assert answer == structure(known, class_of(OPERATIONS[operation]["output"]["shape"]))
            for member in members_of(type(answer)):
                assert (getattr(answer, member.attribute) is None) == (member.name not in known)


def test_an_answer_of_today_through_a_client_from_before_task_mode(
    service: FakeService, before_task_mode: tuple[Any, str]
) -> None:
    """On old botocores, this is one of them as it is."""
    service.runs(lambda got: Reply(as_json(whole_answer(got.operation))))
    with Client(boto3_client=before_task_mode[0]) as client:
        task = client.describe_task(task_arn=TASK)
        execution = client.describe_task_execution(task_execution_arn=TASK)
    assert task.task_mode is None
    assert execution.task_mode is None
    assert task.options is not None
    assert task.options.object_metadata is None
    assert str(task.options.gid) == str(execution.status) == "NOBODY_KNOWS"
    assert execution.status is not None
    assert not execution.status.is_known


@pytest.mark.parametrize("own", [True, False], ids=["made", "handed-in"])
def test_the_oldest_answers_through_a_client_of_today(
    service: FakeService, tmp_path: Path, own: bool
) -> None:
    """Every operation's first form, which some endpoint may still have."""

    def oldest(operation: str) -> Any:
        date = next(date for date in DATES if operation in revision(date)["service"]["operations"])
        model = revision(date)["service"]
        return cut(whole_answer(operation), model, model["operations"][operation]["output"]["shape"])

    service.runs(lambda got: Reply(as_json(oldest(got.operation))))
    with contextlib.ExitStack() as stack:
        client = stack.enter_context(
            Client(endpoint_url=service.url, config=ONCE, ignored_rules=ALL_RULES)
            if own
            else sdk_client(NEWEST, tmp_path, service)
        )
        for operation, traits in OPERATIONS.items():
            answer = client.send(request_of(operation, whole_request(operation)))
            assert answer == structure(oldest(operation), class_of(traits["output"]["shape"]))
    assert "Includes" not in oldest("DescribeTask")
    assert "Schedule" not in oldest("DescribeTask")


def test_what_is_always_there_came_with_its_structure() -> None:
    """Else an older client would leave it out of an answer, and the answer could not be made.

    Where this fails for a new member, the `[[always]]` of `rules.toml` must not have it.
    """
    classes: list[type[Structure]] = [class_of(name) for name in STRUCTURES]
    answers = [cls for cls in classes if not issubclass(cls, Request)]
    later = [
        f"{cls.__name__}.{member.name}"
        for cls in answers
        for member in members_of(cls)
        if member.required
        and HISTORY.find(f"{cls.__name__}.{member.name}").date > HISTORY.find(cls.__name__).date
    ]
    assert later == []
    assert [member.required for member in members_of(m.CreateTaskResponse)] == [True]


def test_no_member_ever_changed_its_type() -> None:
    """Else an older client would read or write it in another form than that which the class has."""
    changed = [
        (direction, operation, place, older, newer)
        for direction in ("input", "output")
        for operation in OPERATIONS
        for older, newer in pairwise(DATES)
        for before, after in [(places(older, operation, direction), places(newer, operation, direction))]
        for place in before
        if place in after and before[place] != after[place]
    ]
    assert changed == []
    assert MODEL["operations"].keys() == revision(NEWEST)["service"]["operations"].keys()


@pytest.mark.parametrize("date", ["2018-11-26", "2022-04-05"])
def test_a_preflight_of_an_old_client_says_what_it_could_not_look_at(
    service: FakeService, tmp_path: Path, date: str
) -> None:
    """Types of locations that its model does not know are some that it cannot ask for."""
    service.answers(error_reply("InvalidRequestException", "is not found"))
    request = m.CreateTaskRequest(source_location_arn=SOURCE, destination_location_arn=DESTINATION)
    with (
        boto3_client(revision(date)["service"], tmp_path, service) as theirs,
        Client(boto3_client=theirs) as client,
    ):
        found = client.preflight(request)
    assert [violation.rule for violation in found] == ["could-not-check"] * 2
    assert "needs botocore" in found[0].message
