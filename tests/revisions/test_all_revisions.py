"""The SDK of every revision of the API: what is in it, and that it works."""

from __future__ import annotations

import base64
import contextlib
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias, get_args

import pytest
from botocore import xform_name
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.config import Config
from botocore.model import OperationModel, ServiceModel
from botocore.parsers import ResponseParserFactory
from botocore.serialize import create_serializer
from botocore.validate import ParamValidator
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from codegen.__main__ import main
from datasync_sdk import structure, unstructure
from datasync_sdk._runtime.components import parsers
from datasync_sdk._runtime.rules import rulebook
from datasync_sdk._runtime.wire import operation_of, wire_of
from tests.codegen.support import forget_packages
from tests.revisions.docstrings import error_name, iterator_name, said, to_say
from tests.revisions.packages import (
    DATES,
    FIRST,
    Package,
    command,
    generate,
    gone,
    load,
    package_name,
    reached,
    revision,
    since,
)
from tests.sdk.reference_check import Body, Places, places, put
from tests.sdk.server import FakeService, Reply, error_reply
from tests.sdk.strategies import RULES, Member, exactly, is_enum, is_list, is_map, is_structure
from tests.sdk.test_roundtrip import in_utc

OWN_METHODS = {"check", "close", "send", "service"}
DISCOVERY = ("2023-04-25", "2025-03-05")
"""The first and the last revision with DataSync Discovery."""

DISCOVERY_OPERATIONS = frozenset(
    "AddStorageSystem DescribeDiscoveryJob DescribeStorageSystem DescribeStorageSystemResourceMetrics"
    " DescribeStorageSystemResources GenerateRecommendations ListDiscoveryJobs ListStorageSystems"
    " RemoveStorageSystem StartDiscoveryJob StopDiscoveryJob UpdateDiscoveryJob UpdateStorageSystem".split()
)
KINDS: dict[str, Any] = {
    "blob": bytes,
    "boolean": bool,
    "double": float,
    "integer": int,
    "long": int,
    "string": str,
    "timestamp": datetime,
}
TASK = "arn:aws:datasync:eu-west-1:123456789012:task/task-0123456789abcdef0"


@pytest.fixture(scope="module", params=DATES)
def package(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    """The package of each revision in turn, with all its modules imported."""
    # Hypothesis reads all modules to collect their constants, except those in a folder of this name.
    out = tmp_path_factory.mktemp(package_name(request.param)) / "tests"
    generate(request.param, out)
    yield load(request.param, out)
    forget_packages()


def test_revisions_are_read() -> None:
    """There are revisions, and these tests look at all of them."""
    assert len(DATES) >= 57
    assert FIRST == "2018-11-26"


def test_as_generated(package: Package, capsys: pytest.CaptureFixture[str]) -> None:
    """All modules are imported, and generating once more would change nothing."""
    modules = {
        ".".join(path.relative_to(package.out).with_suffix("").parts).removesuffix(".__init__")
        for path in package.folder.rglob("*.py")
    }
    assert modules == {name for name in sys.modules if f"{name}.".startswith(f"{package.name}.")}
    code = main([*command(package.date, package.out), "--check"])
    captured = capsys.readouterr()
    assert (code, captured.out, captured.err) == (0, "", "")


def test_models(package: Package) -> None:
    """The classes are the model's, with exactly its members and values, of its types."""
    api = package.api
    assert sorted(package.module.models.__all__) == sorted((*api.structures, *api.enums))
    for name in api.enums:
        assert sorted(member.value for member in api.class_of(name)) == sorted(api.shapes[name]["enum"])
    for name in api.structures:
        for member in api.members_of(api.class_of(name)):
            assert member.hint == hint_of(member.shape, package), f"{name}.{member.name}"


def hint_of(shape: str, package: Package) -> Any:
    """The type of a member, by the model alone."""
    traits = package.api.shapes[shape]
    if traits["type"] == "structure" or "enum" in traits:
        return package.api.class_of(shape)
    if traits["type"] == "list":
        return tuple[hint_of(traits["member"]["shape"], package), ...]  # type: ignore[misc]
    if traits["type"] == "map":
        return Mapping[str, hint_of(traits["value"]["shape"], package)]  # type: ignore[misc]
    return KINDS[traits["type"]]


def test_required_members(package: Package) -> None:
    """Requests cannot be without what the model requires, nor answers without what is always there."""
    api = package.api
    sent = reached(api.shapes, api.requests)
    always = {name for entry in RULES["always"] for name in entry["members"]}
    for name in api.structures:
        required = set(api.shapes[name].get("required", ())) if name in sent else set()
        for member in api.members_of(api.class_of(name)):
            needed = member.name in required and not member.token
            assert member.required == (needed or f"{name}.{member.name}" in always), f"{name}.{member.name}"


def test_client(package: Package) -> None:
    """The client has exactly the operations of the model, and iterators for its paginators."""
    api = package.api
    paginators = package.revision["paginators"].get("pagination", {})
    methods = {xform_name(name): name for name in api.operations}
    iterators = {iterator_name(name): name for name in paginators}
    found = {name for name in dir(package.module.Client) if not name.startswith("_")}
    assert found - OWN_METHODS == {*methods, *iterators}
    assert len(iterators) == len(paginators)
    for method, name in methods.items():
        request = api.class_of(api.operations[name]["input"]["shape"])
        response = api.class_of(api.operations[name]["output"]["shape"])
        operation = operation_of(request)
        assert (operation.name, operation.method, operation.response) == (name, method, response)
        assert arguments(package, method) == {m.attribute: m.required for m in api.members_of(request)}
    for iterator, name in iterators.items():
        request = api.class_of(api.operations[name]["input"]["shape"])
        own = {paginators[name]["input_token"], paginators[name]["limit_key"]}
        rest = {m.attribute: m.required for m in api.members_of(request) if m.name not in own}
        assert arguments(package, iterator) == rest | {"page_size": False, "start_token": False}


def arguments(package: Package, method: str) -> dict[str, bool]:
    """The arguments of a method, and whether they must be given."""
    _, *rest = inspect.signature(getattr(package.module.Client, method)).parameters.values()
    return {parameter.name: parameter.default is parameter.empty for parameter in rest}


def test_errors(package: Package) -> None:
    """The package has an exception for each error of the model."""
    modelled = {name: shape for name, shape in package.api.shapes.items() if shape.get("exception")}
    assert modelled
    errors = package.module.errors
    for name in modelled:
        assert issubclass(getattr(errors, error_name(name)), errors.ServiceError)
    for name in {"InternalException", "InvalidRequestException"} - modelled.keys():
        assert not hasattr(errors, error_name(name))


def test_history(package: Package) -> None:
    """The history ends at the revision, and has the right date for everything in it."""
    history = package.module.history
    revisions = {str(found.date): found.botocore for found in history.revisions()}
    assert revisions == {date: revision(date)["botocore"] for date in DATES if date <= package.date}
    assert str(history.revisions()[-1].date) == package.date
    dates = since(package.date)
    for name in package.api.enums:
        cls = package.api.class_of(name)
        assert str(history.since(cls).date) == dates[name]
        for value in cls:
            assert str(history.since(value).date) == dates[f"{name}.{value.value}"]
    for name in package.api.structures:
        cls = package.api.class_of(name)
        assert str(history.since(cls).date) == dates[name]
        for member in package.api.members_of(cls):
            assert str(history.since(cls, member.attribute).date) == dates[f"{name}.{member.name}"]
    lost = gone(package.date)
    told = {found.name: (str(found.since.date), str(found.until.date)) for found in history.removed()}
    assert told == {
        thing.removesuffix("()"): (came, went)
        for thing, (came, went) in lost.items()
        if "." not in thing or lost.get(thing.partition(".")[0], ("", ""))[1] != went
    }
    assert len(told) == len(history.removed())


NEW = re.compile(r"New\s+in\s+API\s")


def test_docstrings(package: Package) -> None:
    """Docstrings say of what is newer than the first revision when it came, and nothing else."""
    found, wanted = sorted(said(package)), sorted(to_say(package))
    assert {date for _, date in found} <= {date for date in DATES if date <= package.date}
    assert found == wanted
    counts = {
        path.relative_to(package.folder): len(NEW.findall(path.read_text("utf-8")))
        for path in package.folder.rglob("*.py")
    }
    # The methods for asynchronous programs say it once more.
    twins = {path: count for path, count in counts.items() if "operations_async" in path.parts}
    assert sum(counts.values()) - sum(twins.values()) == len(found)
    assert twins == {path: counts[path.parent.with_name("operations") / path.name] for path in twins}


def test_absent(package: Package) -> None:
    """What came later or had gone is not there: neither value nor class nor method."""
    models, client = package.module.models, package.module.Client
    assert hasattr(models.TaskExecutionStatus, "CANCELLING") == (package.date >= "2024-05-15")
    assert hasattr(models, "TaskMode") == (package.date >= "2024-10-30")
    assert hasattr(models.PosixPermissions, "BEST_EFFORT") == (package.date < "2019-11-20")
    with_discovery = DISCOVERY[0] <= package.date <= DISCOVERY[1]
    assert hasattr(client, "add_storage_system") == with_discovery
    assert hasattr(models, "AddStorageSystemRequest") == with_discovery
    assert ("task_mode" in arguments(package, "create_task")) == (package.date >= "2024-10-30")


# What holds for every structure


Check: TypeAlias = Callable[[st.DataObject], None]
"""Draws something of one class, and looks at it."""

TOGETHER = 8
"""How many checks share a run of Hypothesis, which has its price."""


@settings(max_examples=2, database=None, phases=[Phase.generate, Phase.shrink])
@given(data=st.data())
def usually(checks: list[Check], data: st.DataObject) -> None:
    """Run checks, as often as classes are worth that were so in the revision before."""
    for check in checks:
        check(data)


@settings(max_examples=6, database=None, phases=[Phase.generate, Phase.shrink])
@given(data=st.data())
def thoroughly(check: Check, data: st.DataObject) -> None:
    """Run the check of a class that is new or was otherwise."""
    check(data)


def run(package: Package, checks: Iterable[tuple[type[Any], Check]]) -> None:
    """Run the check of each class."""
    known = []
    for cls, check in checks:
        if is_newer(package, cls):
            thoroughly(check)
        else:
            known.append(check)
    for start in range(0, len(known), TOGETHER):
        usually(known[start : start + TOGETHER])


def is_newer(package: Package, cls: type[Any]) -> bool:
    """Whether the revision before had not this structure, or something in it was otherwise."""
    if package.date == FIRST:
        return True
    shapes = package.api.shapes
    before = revision(DATES[DATES.index(package.date) - 1])["service"]["shapes"]
    return any(shapes[name] != before.get(name) for name in reached(shapes, [cls.__name__]))


def test_every_structure(package: Package) -> None:
    """Objects come back as they were, from dicts and copies, and cattrs makes the same of them."""
    classes = [package.api.class_of(name) for name in package.api.structures]
    for cls in classes:
        package.laws.wire_names(cls)
        package.laws.none_is_absence(cls)
        package.laws.frozen(cls)
        package.laws.repr_hides_secrets(cls)
    run(package, [(cls, partial(check_structure, package, cls)) for cls in classes])


def check_structure(package: Package, cls: type[Any], data: st.DataObject) -> None:
    """The same for drawn objects of one structure."""
    laws = package.laws
    mapping = data.draw(package.api.wire_mappings(cls, extra=True, unknown_enums=True), cls.__name__)
    laws.equals_cattrs(mapping, cls)
    laws.unknown_is_ignored_or_kept(mapping, cls)
    value = made(package, cls, mapping)
    assert exactly(in_utc(value)) == exactly(structure(mapping, cls))
    laws.round_trip(value)
    laws.unstructured_is_plain(value)
    laws.evolve_changes_one_member(value)
    laws.copies(value)


def made(package: Package, hint: Any, value: Any) -> Any:
    """The object that callers make of such values: by the classes, with lists, dicts and plain strings."""
    if is_structure(hint):
        members = package.api.members_of(hint)
        return hint(**{m.attribute: made(package, m.hint, value[m.name]) for m in members if m.name in value})
    if is_list(hint):
        return [made(package, get_args(hint)[0], item) for item in value]
    if is_map(hint):
        return {key: made(package, get_args(hint)[1], item) for key, item in value.items()}
    return value


def test_every_request(package: Package) -> None:
    """The check finds what the model says; what is valid passes botocore's validator and serializer."""
    service = ServiceModel(package.revision["service"], "datasync")
    within = reached(package.api.shapes, package.api.requests)
    for name in package.api.structures:
        assert (wire_of(package.api.class_of(name)).check is not None) == (name in within), name
    requests = {
        package.api.class_of(operation["input"]["shape"]): service.operation_model(name)
        for name, operation in package.api.operations.items()
    }
    run(package, [(cls, partial(check_valid_request, package, requests[cls])) for cls in requests])
    for cls in requests:
        if is_newer(package, cls):
            thoroughly(partial(check_any_request, package, cls))


def check_valid_request(package: Package, operation: OperationModel, data: st.DataObject) -> None:
    """Nothing is found in a valid request, and botocore's validator and serializer take it."""
    cls = package.api.class_of(operation.input_shape.name)
    request = data.draw(package.api.instances(cls, valid=True), cls.__name__)
    package.laws.round_trip(request)
    assert_finds(package, request, [])
    assert {rule for _, rule in assert_same_places(package, request, strict=True)} <= {"pattern"}
    parameters = tokens(package.api.members_of(type(request))) | unstructure(request)
    report = ParamValidator().validate(parameters, operation.input_shape)
    assert not report.has_errors(), report.generate_report()
    body = create_serializer("json").serialize_to_request(parameters, operation)["body"]
    assert json.loads(body) == json.loads(json.dumps(parameters, default=to_json))


def check_any_request(package: Package, cls: type[Any], data: st.DataObject) -> None:
    """The check finds in any request what a plain reading of the model finds."""
    request = data.draw(package.api.instances(cls, unknown_enums=True), cls.__name__)
    package.laws.round_trip(request)
    for strict in (False, True):
        assert_same_places(package, request, strict=strict)


def assert_same_places(package: Package, request: Any, *, strict: bool = False) -> Places:
    """The check and the reference agree on what is wrong with a request; gives what that is."""
    found = places(request, strict=strict)
    assert found == list(package.reference.expected(request, "", strict=strict))
    return found


def assert_finds(package: Package, request: Any, wanted: Places) -> None:
    """The check finds this in a request, and so does the reference."""
    assert assert_same_places(package, request) == wanted


def test_limits(package: Package) -> None:
    """What a member may just be is accepted, and one step beyond is reported; so are unknown words."""
    for name in package.api.requests:
        cls = package.api.class_of(name)
        request = package.reference.full(cls)
        assert places(request) == []
        for steps, hint, shape, path in package.reference.members_within(cls, (), ""):
            traits = package.api.shapes[shape]
            if is_enum(hint):
                for word in ("", f"{traits['enum'][0]}S", *traits["enum"]):
                    wanted = [] if word in traits["enum"] else [(path, "enum")]
                    assert_finds(package, put(request, steps, word), wanted)
                continue
            for rule in traits.keys() & {"min", "max"}:
                limit = traits[rule]
                assert_finds(package, put(request, steps, package.reference.sized(hint, shape, limit)), [])
                beyond = limit + (1 if rule == "max" else -1)
                if hint is int or beyond >= 0:
                    broken = put(request, steps, package.reference.sized(hint, shape, beyond))
                    assert_finds(package, broken, [(path, rule)])


def test_missing_members(package: Package) -> None:
    """Of a request with nothing in it, what the model requires is reported, and nothing else."""
    for name in package.api.requests:
        members = package.api.members_of(package.api.class_of(name))
        request = package.api.class_of(name)(**dict.fromkeys((member.attribute for member in members), None))
        required = package.api.shapes[name].get("required", ())
        wanted = [(member.name, "required") for member in members if member.name in required]
        assert_finds(package, request, [(path, rule) for path, rule in wanted if path not in tokens(members)])


def tokens(members: tuple[Member, ...]) -> dict[str, str]:
    """What botocore fills in for members that are not there."""
    return {member.name: "token" for member in members if member.token}


def test_every_answer(package: Package) -> None:
    """What a parser of botocore makes of JSON becomes the object that the JSON was made from."""
    service = ServiceModel(package.revision["service"], "datasync")
    plain_json = package.part("_generated.service").SERVICE.plain_json
    factories = [ResponseParserFactory(), parsers(plain_json=plain_json)]
    readers = [factory.create_parser("json") for factory in factories]
    checks = [
        (
            package.api.class_of(operation["output"]["shape"]),
            partial(check_answer, package, service.operation_model(name), readers),
        )
        for name, operation in package.api.operations.items()
    ]
    run(package, checks)


def check_answer(
    package: Package, operation: OperationModel, readers: list[Any], data: st.DataObject
) -> None:
    """The same for drawn answers of one operation."""
    cls = package.api.class_of(operation.output_shape.name)
    mapping = data.draw(package.api.wire_mappings(cls, unknown_enums=True), cls.__name__)
    body = json.dumps(mapping, default=to_json).encode()
    for reader in readers:
        parsed = reader.parse({"status_code": 200, "headers": {}, "body": body}, operation.output_shape)
        assert exactly(structure(parsed, cls)) == exactly(structure(mapping, cls))


def to_json(value: Any) -> Any:
    """Times and bytes as DataSync writes them."""
    return value.timestamp() if isinstance(value, datetime) else base64.b64encode(value).decode()


# Calls


@pytest.fixture(scope="module")
def service() -> Iterator[FakeService]:
    """A DataSync on loopback."""
    with contextlib.closing(FakeService()) as fake:
        yield fake


@pytest.fixture
def client(package: Package, service: FakeService) -> Iterator[Any]:
    """A client of the package that talks to it; no address begins with `discovery-`."""
    service.received.clear()
    config = Config(inject_host_prefix=False, retries={"total_max_attempts": 1})
    # What is sent has everything in it, which no documentation allows.
    rules = rulebook(f"{package.module.__name__}._generated")
    with package.module.Client(
        region_name="eu-west-1", endpoint_url=service.url, config=config, ignored_rules=rules
    ) as made:
        yield made


def test_calls(package: Package, service: FakeService, client: Any) -> None:
    """Every operation sends its request over HTTP and types the answer, by the model of the revision."""
    model = client._client.meta.service_model
    assert sorted(model.operation_names) == sorted(package.api.operations)
    assert sorted(model.shape_names) == sorted(package.api.shapes)
    for name, operation in package.api.operations.items():
        request = package.reference.full(package.api.class_of(operation["input"]["shape"]))
        answer = package.laws.filled(package.api.class_of(operation["output"]["shape"]), ())
        body = json.loads(json.dumps(package.api.plain(answer), default=to_json))
        service.answers({**body, "AddedLater": {"A": 1}})
        given_arguments = {
            member.attribute: getattr(request, member.attribute)
            for member in package.api.members_of(type(request))
        }
        assert exactly(call(client, name)(**given_arguments)) == exactly(answer)
        assert service.last.operation == name
        assert service.last.body == json.loads(json.dumps(package.api.plain(request), default=to_json))
    called = {request.operation for request in service.received}
    assert called >= {"DescribeTask", "ListTasks"}
    assert ("AddStorageSystem" in called) == (DISCOVERY[0] <= package.date <= DISCOVERY[1])


def call(client: Any, operation: str) -> Callable[..., Any]:
    """The method of an operation."""
    method: Callable[..., Any] = getattr(client, xform_name(operation))
    return method


def test_pages(package: Package, service: FakeService, client: Any) -> None:
    """Every iterator asks for page after page and yields their items, typed."""
    for name, paginator in package.revision["paginators"].get("pagination", {}).items():
        operation, shapes = package.api.operations[name], package.api.shapes
        listed = shapes[operation["output"]["shape"]]["members"][paginator["result_key"]]["shape"]
        item = package.laws.filled(package.api.class_of(shapes[listed]["member"]["shape"]), ())
        page = {paginator["result_key"]: [json.loads(json.dumps(package.api.plain(item), default=to_json))]}
        service.answers({**page, paginator["output_token"]: "more"}, page)
        service.received.clear()
        request = package.reference.smallest(package.api.class_of(operation["input"]["shape"]))
        needed = {
            m.attribute: getattr(request, m.attribute)
            for m in package.api.members_of(type(request))
            if m.required
        }
        assert list(getattr(client, iterator_name(name))(**needed, page_size=5)) == [item, item]
        for body, token in zip(service.bodies, ({}, {paginator["input_token"]: "more"}), strict=True):
            assert body == package.api.plain(request) | {paginator["limit_key"]: 5} | token


def test_modelled_error(package: Package, service: FakeService, client: Any) -> None:
    """An error of the service is the exception of this package."""
    service.runs(lambda _: error_reply("InvalidRequestException", "No such task."))
    with pytest.raises(package.module.errors.InvalidRequestError, match="No such task"):
        client.describe_task(task_arn=TASK)
    service.answers(Reply({}))
    with pytest.raises(package.module.errors.ValidationError):
        client.describe_task(task_arn=None)
    assert len(service.received) == 1


def test_addresses(package: Package) -> None:
    """A request goes to the endpoint of the Region, one of Discovery to a host with a prefix."""
    sent: list[AWSRequest] = []

    def answer(request: AWSRequest, **_: object) -> AWSResponse:
        sent.append(request)
        return AWSResponse(request.url, 200, {}, Body(b"{}"))

    with package.module.Client(region_name="eu-west-1", validate=False) as client:
        client._client.meta.events.register("before-send.datasync", answer)
        for name, operation in package.api.operations.items():
            request = package.reference.smallest(package.api.class_of(operation["input"]["shape"]))
            with contextlib.suppress(package.module.errors.StructureError):  # The answer has nothing in it.
                client.send(request)
            prefix = "discovery-" if name in DISCOVERY_OPERATIONS else ""
            assert sent[-1].headers["X-Amz-Target"] == f"FmrsService.{name}".encode()
            assert sent[-1].url == f"https://{prefix}datasync.eu-west-1.amazonaws.com/"
    assert len(sent) == len(package.api.operations)
    assert ("AddStorageSystem" in package.api.operations) == (DISCOVERY[0] <= package.date <= DISCOVERY[1])
