"""What is imported, what is made, and when: each in a fresh interpreter.

`python -m tests.sdk.test_imports` prints what each operation makes without needing it.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import datasync_sdk
from datasync_sdk import errors, models
from datasync_sdk._runtime.enums import OpenEnum
from datasync_sdk._runtime.structures import Structure
from datasync_sdk.models import DescribeTaskRequest, DescribeTaskResponse, Options, TaskStatus

ROOT = Path(datasync_sdk.__file__).parent.parent
SPEC = json.loads((ROOT / "specs/datasync/service-2.json").read_text())

NAMES = [
    "AsyncClient",
    "Client",
    "DataSyncError",
    "ValidationError",
    "converter",
    "effective",
    "effective_options",
    "ensuring",
    "errors",
    "events",
    "execution",
    "filters",
    "history",
    "locations",
    "manifests",
    "merged_options",
    "models",
    "objects",
    "reports",
    "schedule",
    "structure",
    "unstructure",
]
ERRORS = [
    "AccessDeniedError",
    "AgentInUse",
    "AgentNotFound",
    "AmbiguousError",
    "ConfigurationError",
    "CredentialsError",
    "DataSyncError",
    "ExecutionError",
    "ExecutionFailed",
    "ExecutionIncomplete",
    "ExecutionNotFound",
    "ExecutionNotRunning",
    "InternalError",
    "InvalidActivationKey",
    "InvalidFilter",
    "InvalidInputError",
    "InvalidNextToken",
    "InvalidOption",
    "InvalidParameter",
    "InvalidRequestError",
    "LocationAccessDenied",
    "LocationAccessTestFailed",
    "LocationInUse",
    "LocationNotFound",
    "ManifestError",
    "NoMountTarget",
    "PaginationError",
    "QuotaExceeded",
    "ReportError",
    "ResourceInUse",
    "ResourceNotFound",
    "RoleNotAssumable",
    "ServiceError",
    "StructureError",
    "TaskAlreadyRunning",
    "TaskInUse",
    "TaskNotFound",
    "ThrottlingError",
    "TransportError",
    "UnchangeableError",
    "ValidationError",
    "Violation",
    "WaitTimeout",
    "WrongLocationType",
]
STRUCTURES, ENUMS = 156, 44
"""How many the API has. An update changes this, on purpose."""
FEW = 4
"""How many classes an operation may make beyond those that it needs."""


def run(program: str, **variables: str) -> Any:
    """What a program prints as JSON, in an interpreter that has imported nothing yet."""
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    environment = {**os.environ, **keys, "PYTHONPATH": os.fspath(ROOT), **variables}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


LOADED = """
import json, sys
LIBRARIES = ("attr", "attrs", "boto3", "botocore", "cattr", "cattrs")

def loaded():
    return [name for name in LIBRARIES if name in sys.modules]

def made():
    classes = [
        value
        for name, module in list(sys.modules.items())
        if name.startswith("datasync_sdk.models.")
        for value in list(vars(module).values())
        if isinstance(value, type) and value.__module__ == name and "__attrs_attrs__" in vars(value)
    ]
    return sorted({cls.__name__ for cls in classes})
"""


def test_importing_the_package_imports_nothing_else() -> None:
    program = f"{LOADED}\nimport datasync_sdk\nprint(json.dumps([loaded(), made()]))"
    assert run(program) == [[], []]


def test_importing_models_and_errors_makes_no_class() -> None:
    program = f"{LOADED}\nimport datasync_sdk.models\nprint(json.dumps([loaded(), made()]))"
    assert run(program) == [[], []]


def test_boto3_is_not_needed_before_a_client_is() -> None:
    """Requests can be made, checked for their form and written without it."""
    program = f"""{LOADED}
from datasync_sdk import structure, unstructure
from datasync_sdk.models import DescribeTaskRequest
assert unstructure(structure({{"TaskArn": "a"}}, DescribeTaskRequest)) == {{"TaskArn": "a"}}
print(json.dumps([name for name in loaded() if "boto" in name]))
"""
    assert run(program) == []


CALLS = """
import os, typing
from datetime import datetime

import botocore.session
from botocore.awsrequest import AWSResponse

from datasync_sdk import Client, models
from datasync_sdk._runtime.structures import Structure


class Raw:
    def __init__(self, body):
        self.body = body

    def stream(self):
        return iter([self.body])


def answering(client, body):
    text = json.dumps(body).encode()
    handler = lambda request, **_: AWSResponse(request.url, 200, {}, Raw(text))
    client._client.meta.events.register_first("before-send.datasync", handler)


def closure(cls, found):
    if cls in found:
        return
    found.add(cls)
    for hint in typing.get_type_hints(cls).values():
        for kind in kinds(hint):
            if isinstance(kind, type) and issubclass(kind, Structure):
                closure(kind, found)


def kinds(hint):
    inner = typing.get_args(hint)
    return [hint] if not inner else [kind for one in inner for kind in kinds(one)]


def example(cls):
    # The smallest object: what has no default, and no more.
    import attrs

    hints = typing.get_type_hints(cls)
    needed = [a.name for a in attrs.fields(cls) if a.default is attrs.NOTHING]
    return cls(**{name: value_of(hints[name]) for name in needed})


def value_of(hint):
    if typing.get_origin(hint) is tuple:
        return (value_of(typing.get_args(hint)[0]),)
    if typing.get_origin(hint) is not None:
        return {}
    if issubclass(hint, Structure):
        return example(hint)
    return {str: "x", int: 1, bool: True, bytes: b"x", datetime: datetime(2024, 1, 1)}.get(hint) or "NONE"


def call(client, operation, request_name, response_name):
    # In a child: what it makes is not seen by the next one.
    reader, writer = os.pipe()
    if os.fork() == 0:
        try:
            before = made()
            request = example(getattr(models, request_name))
            answering(client, ALWAYS.get(response_name, {}))
            client.check(request)
            answer = client.send(request)
            now = made()
            wanted = set()
            closure(type(request), wanted)
            closure(type(answer), wanted)
            assert type(answer).__name__ == response_name
            result = [before, now, sorted(cls.__name__ for cls in wanted)]
        except BaseException as error:
            result = f"{type(error).__name__}: {error}"
        os.write(writer, json.dumps(result).encode())
        os._exit(0)
    os.close(writer)
    with open(reader) as stream:
        text = stream.read()
    os.wait()
    return json.loads(text)
"""


def always_there() -> dict[str, dict[str, object]]:
    """The smallest answer of each operation, by the members that rules.toml says are always there."""
    import tomllib

    rules = tomllib.loads((ROOT / "specs/datasync/rules.toml").read_text())
    answers: dict[str, dict[str, object]] = {}
    for path in (path for rule in rules["always"] for path in rule["members"]):
        shape, member = path.split(".")
        kind = SPEC["shapes"][SPEC["shapes"][shape]["members"][member]["shape"]]["type"]
        answers.setdefault(shape, {})[member] = [] if kind == "list" else "x"
    return answers


def made_by(*operations: str) -> dict[str, tuple[set[str], set[str]]]:
    """The classes that the first call of each operation makes, and those that it needs."""
    named = [
        (name, SPEC["operations"][name]["input"]["shape"], SPEC["operations"][name]["output"]["shape"])
        for name in operations
    ]
    program = f"""{LOADED}{CALLS}
ALWAYS = {always_there()!r}
client = Client("eu-west-1", endpoint_url="http://127.0.0.1:9", validate=False)
print(json.dumps({{name: call(client, name, *rest) for name, *rest in {named!r}}}))
"""
    results = run(program)
    assert [text for text in results.values() if isinstance(text, str)] == []
    assert all(before == [] for before, _, _ in results.values())
    return {name: (set(now), set(wanted)) for name, (_, now, wanted) in results.items()}


def test_a_first_call_makes_the_classes_that_it_needs() -> None:
    now, wanted = made_by("DescribeTaskExecution")["DescribeTaskExecution"]
    assert now == wanted
    assert len(wanted) > 10


def surplus() -> dict[str, list[str]]:
    """For each operation, the classes that its first call makes without needing them."""
    return {name: sorted(now - wanted) for name, (now, wanted) in made_by(*SPEC["operations"]).items()}


def test_no_operation_makes_many_classes_that_it_does_not_need() -> None:
    table = surplus()
    assert len(table) == 53
    assert {name: classes for name, classes in table.items() if len(classes) > FEW} == {}


def test_a_call_makes_all_that_it_needs() -> None:
    """The other side of thrift: nothing may be missing, or the test above shows nothing."""
    for name, (now, wanted) in made_by("CreateTask", "DescribeLocationFsxOntap").items():
        assert now >= wanted, name


def test_threads_may_make_the_first_calls_together() -> None:
    """The modules import each other; sixteen threads at once must not deadlock or see half a module."""
    program = f"""{LOADED}{CALLS}
import threading
from concurrent.futures import ThreadPoolExecutor

client = Client("eu-west-1", endpoint_url="http://127.0.0.1:9", validate=False)
answering(client, {{"TaskArn": "x", "LocationArn": "x", "AgentArn": "x", "TaskExecutionArn": "x"}})
together = threading.Barrier(16)

def first(number):
    together.wait()
    name = ("DeleteTask", "CreateTask", "UpdateTask", "StartTaskExecution")[number % 4] + "Request"
    return type(client.send(example(getattr(models, name)))).__name__

with ThreadPoolExecutor(16) as pool:
    print(json.dumps(sorted(set(pool.map(first, range(16))))))
"""
    assert run(program) == [
        "CreateTaskResponse",
        "DeleteTaskResponse",
        "StartTaskExecutionResponse",
        "UpdateTaskResponse",
    ]


# Names


def test_public_names_are_frozen() -> None:
    assert sorted(datasync_sdk.__all__) == NAMES
    assert sorted(errors.__all__) == ERRORS


def test_every_shape_of_the_api_is_in_models() -> None:
    shapes = SPEC["shapes"].items()
    enums = {name for name, shape in shapes if "enum" in shape}
    structures = {name for name, shape in shapes if shape["type"] == "structure"}
    operations = SPEC["operations"].values()
    assert len(structures) == STRUCTURES
    assert len(enums) == ENUMS
    ours = {name: getattr(models, name) for name in models.__all__}
    assert len(models.__all__) == len(ours)
    assert {name for name, cls in ours.items() if issubclass(cls, OpenEnum)} == enums
    assert {name for name, cls in ours.items() if issubclass(cls, Structure)} == structures
    assert all(op["input"]["shape"] in ours and op["output"]["shape"] in ours for op in operations)


@pytest.mark.parametrize("module", [datasync_sdk, models, errors], ids=lambda module: module.__name__)
def test_dir_and_all_agree(module: Any) -> None:
    assert set(module.__all__) <= set(dir(module))
    for name in module.__all__:
        assert getattr(module, name) is getattr(module, name), name


@pytest.mark.parametrize("module", [datasync_sdk, models], ids=lambda module: module.__name__)
def test_an_unknown_name_is_an_attribute_error(module: Any) -> None:
    with pytest.raises(AttributeError, match=rf"module '{module.__name__}' has no attribute 'Nothing'"):
        _ = module.Nothing
    assert not hasattr(module, "nothing")
    with pytest.raises(ImportError, match="Nothing"):
        exec(f"from {module.__name__} import Nothing", {})  # noqa: S102  # a statement is what is tested


@pytest.mark.parametrize("name", ["datasync_sdk", "datasync_sdk.models", "datasync_sdk.errors"])
def test_star_import(name: str) -> None:
    program = f"""
import json
before = set(dir()) | {{"before"}}
from {name} import *
print(json.dumps(sorted(set(dir()) - before)))
"""
    assert run(program) == sorted(importlib.import_module(name).__all__)


def test_reload_keeps_the_classes() -> None:
    program = """
import importlib, json
import datasync_sdk, datasync_sdk.models as models
from datasync_sdk import Client
from datasync_sdk.models import DescribeTaskRequest, TaskMode

importlib.reload(models)
importlib.reload(datasync_sdk)
kept = [
    datasync_sdk.Client is Client,
    datasync_sdk.models is models,
    models.DescribeTaskRequest is DescribeTaskRequest,
    models.TaskMode is TaskMode,
]
print(json.dumps(kept))
"""
    assert run(program) == [True] * 4


# Pickles


def example_objects() -> list[Any]:
    """One object of each kind."""
    return [
        DescribeTaskRequest(task_arn="a"),
        DescribeTaskResponse(
            task_arn="a",
            source_location_arn="b",
            destination_location_arn="c",
            status="DREAMING",  # type: ignore[arg-type]
            options=Options(verify_mode="NONE"),
            excludes=[models.FilterRule(value="/x")],
        ),
        TaskStatus.RUNNING,
        TaskStatus("DREAMING"),
        errors.InvalidRequestError("DescribeTask", {"Error": {"Code": "E", "Message": "m"}}),
    ]


def test_pickles_cross_processes(tmp_path: Path) -> None:
    """Into a process that has imported nothing yet, and back."""
    there, back = tmp_path / "there", tmp_path / "back"
    there.write_bytes(pickle.dumps(example_objects()))
    program = f"""
import json, pathlib, pickle
objects = pickle.loads(pathlib.Path({os.fspath(there)!r}).read_bytes())
pathlib.Path({os.fspath(back)!r}).write_bytes(pickle.dumps(objects))
print(json.dumps([repr(one) for one in objects]))
"""
    ours = example_objects()
    assert run(program, PYTHONHASHSEED="1") == [repr(one) for one in ours]
    *values, error = pickle.loads(back.read_bytes())
    assert values == ours[:-1]
    assert [hash(value) for value in values] == [hash(value) for value in ours[:-1]]
    assert values[2] is TaskStatus.RUNNING
    assert not values[1].status.is_known
    assert (type(error), vars(error)) == (errors.InvalidRequestError, vars(ours[-1]))


if __name__ == "__main__":
    for operation, classes in sorted(surplus().items(), key=lambda row: (-len(row[1]), row[0])):
        sys.stdout.write(f"{operation:36} {len(classes)} {' '.join(classes)}\n")
