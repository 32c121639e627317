"""The strategies that users of the SDK test their programs with."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from base64 import b64encode
from datetime import datetime
from random import Random
from typing import Any

import pytest
from attrs import fields_dict
from botocore.model import ServiceModel
from botocore.parsers import ResponseParserFactory
from botocore.validate import ParamValidator
from hypothesis import find, given, settings
from hypothesis import strategies as st

from datasync_sdk import Client, models, structure, unstructure
from datasync_sdk._runtime.enums import OpenEnum
from datasync_sdk._runtime.structures import Structure
from datasync_sdk._runtime.wire import operation_of, wire_of
from datasync_sdk.models import (
    CreateLocationAzureBlobRequest,
    CreateLocationHdfsRequest,
    CreateLocationSmbRequest,
    CreateTaskRequest,
    DescribeAgentResponse,
    ListTasksResponse,
    ManifestConfig,
    Options,
    TaskMode,
)
from datasync_sdk.testing import strategies
from datasync_sdk.testing._judge import CONDITIONS, judge
from datasync_sdk.testing._model import ways
from datasync_sdk.testing._targets import REQUESTS
from tests.sdk.strategies import MODEL, OPERATIONS, ROOT, STRUCTURES, exactly, parts_of

PARSER = ResponseParserFactory().create_parser("json")
SERVICE = ServiceModel(MODEL, "datasync")
RESPONSES = {operation["output"]["shape"]: name for name, operation in OPERATIONS.items()}
PARTS = [name for name in STRUCTURES if any(ways(root, name) for root in REQUESTS)]
"""Structures that are requests, or can be in one."""

few = settings(max_examples=15)
every_request = pytest.mark.parametrize("name", REQUESTS)


@pytest.fixture(scope="module")
def client() -> Client:
    """A client that checks everything."""
    return Client("eu-west-1", validate="strict")


@every_request
def test_requests_are_right_in_every_respect(name: str, client: Client) -> None:
    """Neither the strictest client nor botocore finds anything, and what is sent makes the same object."""
    cls = strategies.class_of(name)
    shape = SERVICE.operation_model(operation_of(cls).name).input_shape

    @few
    @given(strategies.requests(cls))
    def is_right(request: Any) -> None:
        assert type(request) is cls
        assert client.check(request) == ()
        parameters = unstructure(request)
        report = ParamValidator().validate(parameters, shape)
        assert not report.has_errors(), report.generate_report()
        assert exactly(structure(parameters, cls)) == exactly(request)

    is_right()


@pytest.mark.parametrize("name", PARTS)
def test_parts_of_requests(name: str) -> None:
    """What is part of requests can be had by itself."""
    cls = strategies.class_of(name)
    check = wire_of(cls).check
    assert check

    @settings(max_examples=5)
    @given(strategies.requests(cls))
    def is_right(part: Structure) -> None:
        found: list[Any] = []
        check(part, (), found, True)
        assert not found
        assert not [*judge(name).broken(unstructure(part))]

    is_right()


@pytest.mark.parametrize("name", [name for name in REQUESTS if judge(name).contexts])
def test_obeying(name: str, client: Client) -> None:
    """Requests and what is described beside them break no rule."""
    cls: Any = strategies.class_of(name)
    rules = operation_of(cls).rules
    assert rules
    preflight = rules.preflight
    assert preflight

    @few
    @given(strategies.obeying(cls))
    def obeys(situation: tuple[Any, Any]) -> None:
        request, context = situation
        found: list[Any] = []
        preflight(request, context, found)
        assert not found
        assert client.check(request) == ()

    obeys()


def sample(strategy: st.SearchStrategy[Any], count: int = 250) -> list[Any]:
    """Examples, the same in every run."""
    drawn: list[Any] = []

    @settings(max_examples=count, derandomize=True, database=None)
    @given(strategy)
    def collect(example: Any) -> None:
        drawn.append(example)

    collect()
    return drawn


@pytest.mark.parametrize(
    ("cls", "attributes"),
    [
        (CreateTaskRequest, ["task_mode", "options", "schedule", "manifest_config", "includes"]),
        (CreateLocationAzureBlobRequest, ["authentication_type"]),
        (CreateLocationHdfsRequest, ["authentication_type"]),
        (CreateLocationSmbRequest, ["authentication_type", "mount_options", "custom_secret_config"]),
        (Options, ["verify_mode", "transfer_mode", "preserve_deleted_files", "mtime", "log_level"]),
    ],
)
def test_requests_vary(cls: Any, attributes: list[str]) -> None:
    """Members are there and not, and every value occurs."""
    drawn = sample(strategies.requests(cls))
    for attribute in attributes:
        found = {getattr(made, attribute) for made in drawn}
        assert len(found) > 1
        enum = next(type(value) for value in found if value is not None)
        if issubclass(enum, OpenEnum):
            assert found - {None} == set(enum)
        if fields_dict(cls)[attribute].default is None:
            assert None in found


def test_requests_reach_boundaries() -> None:
    """Lengths and numbers are now and then the largest."""
    assert {63, 255} & {len(made.hostname) for made in sample(strategies.requests(models.HdfsNameNode))}
    assert 100 in {made.max_results for made in sample(strategies.requests(models.ListTasksRequest))}
    assert 8 in {len(made.agent_arns) for made in sample(strategies.requests(models.OnPremConfig))}


def test_requests_shrink() -> None:
    """The simplest example has what is asked for, and what that needs."""
    quick = settings(max_examples=500, database=None)
    made = find(
        strategies.requests(ManifestConfig),
        lambda made: made.source is not None,
        settings=quick,
        random=Random(0),
    )
    assert made.action == "TRANSFER"
    assert made.format == "CSV"
    assert made.source
    assert unstructure(made.source) in ({}, {"S3": {}}) or len(str(unstructure(made.source))) < 250
    options = find(
        strategies.requests(Options), lambda made: made.atime == "NONE", settings=quick, random=Random(0)
    )
    assert unstructure(options) == {"Atime": "NONE"}


@pytest.mark.parametrize("name", RESPONSES)
def test_responses(name: str) -> None:
    """They are as `structure` makes them, and botocore's parser makes the same of the service's JSON."""
    cls = strategies.class_of(name)

    @few
    @given(strategies.responses(cls))
    def is_answer(answer: Structure) -> None:
        mapping = unstructure(answer)
        assert exactly(structure(mapping, cls)) == exactly(answer)
        body = json.dumps(mapping, default=to_json).encode()
        parsed = PARSER.parse(
            {"status_code": 200, "headers": {}, "body": body},
            SERVICE.operation_model(RESPONSES[name]).output_shape,
        )
        assert exactly(structure(parsed, cls)) == exactly(answer)
        for part in parts_of(answer):
            assert not isinstance(part, list | dict)
            assert not isinstance(part, datetime) or str(part.tzinfo) == "UTC"

    is_answer()


def to_json(value: Any) -> Any:
    """Times and bytes as DataSync writes them."""
    return value.timestamp() if isinstance(value, datetime) else b64encode(value).decode()


def test_responses_are_those_of_a_service() -> None:
    """Members are missing, words are new; but what is always there is."""
    drawn = sample(strategies.responses(DescribeAgentResponse))
    assert {made.status is None or made.status.is_known for made in drawn} == {True, False}
    assert {made.name is None for made in drawn} == {True, False}
    assert min(len(unstructure(made)) for made in drawn) == 1
    assert all(made.agent_arn is not None for made in drawn)
    assert {len(made.tasks) for made in sample(strategies.responses(ListTasksResponse), 60)} >= {0, 1, 2}


@pytest.mark.parametrize("mode", [*TaskMode, "BASIC", "ENHANCED"])
def test_valid_options(mode: Any, client: Client) -> None:
    """A task takes them, as it is otherwise plain."""

    @settings(max_examples=50)
    @given(strategies.valid_options(mode), strategies.requests(models.CancelTaskExecutionRequest))
    def are_taken(options: Options, _: object) -> None:
        task = {f"{end}_location_arn": location for end, location in zip(ENDS, LOCATIONS, strict=True)}
        assert client.check(CreateTaskRequest(**task, options=options, task_mode=mode)) == ()

    are_taken()


ENDS = ("source", "destination")
LOCATIONS = [f"arn:aws:datasync:eu-west-1:111222333444:location/loc-{number:017}" for number in range(2)]


def test_valid_options_by_default() -> None:
    """They are those of Basic mode, as tasks are."""
    assert all(made.mtime == "NONE" for made in sample(strategies.valid_options()) if made.atime == "NONE")
    with pytest.raises(ValueError, match="'TURBO' is no task mode; there are BASIC and ENHANCED"):
        strategies.valid_options("TURBO")  # type: ignore[arg-type]  # a typo at run time


@pytest.mark.parametrize(
    ("make", "rule", "text"),
    [
        (strategies.violating, "OPT-99", r"no rule 'OPT-99' .* did you mean OPT-\d\d"),
        (strategies.violating, "opt-03", "no rule 'opt-03' .* did you mean OPT-03"),
        (strategies.violating, "?", r"no rule '\?' that a request can break$"),
        (strategies.violating, "OPT-50", "no rule 'OPT-50' that"),  # says what a default is
        (strategies.violating, "OPT-53", r"OPT-53 needs a context: use strategies.situations\('OPT-53'\)"),
        (strategies.situations, "OPT-03", r"OPT-03 needs no context: use strategies.violating\('OPT-03'\)"),
        (strategies.situations, "FMT-02", r"FMT-02 needs no context: use strategies.violating\('FMT-02'\)"),
        (strategies.situations, "NFS-99", "no rule 'NFS-99'"),
    ],
)
def test_rules_that_are_none(make: Any, rule: str, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        make(rule)


@pytest.mark.parametrize("make", [strategies.requests, strategies.responses, strategies.obeying])
@pytest.mark.parametrize("wrong", [int, TaskMode, Structure, "CreateTaskRequest"])
def test_what_is_no_structure(make: Any, wrong: Any) -> None:
    with pytest.raises(TypeError, match="is no structure of the API: give a class"):
        make(wrong)


def test_examples_need_no_second_draw() -> None:
    """Nothing is rejected: where a search fails, the next one begins within the same example."""
    found = [
        strategies.violating(rule) for rule in ("SEC-04", "AZ-04", "TAG-04", "S3-02", "ZFS-06", "OBJ-04")
    ]
    begun, ended = [], []

    @settings(max_examples=100, database=None)
    @given(st.data(), st.sampled_from(found))
    def counted(data: st.DataObject, strategy: Any) -> None:
        begun.append(strategy)
        data.draw(strategy)
        ended.append(strategy)

    counted()
    assert len(begun) < 1.4 * len(ended)  # Hypothesis stops some examples itself, as too long.


def test_hypothesis_stays_outside() -> None:
    """The SDK never imports it; the strategies say what to install where it is missing."""
    package = ROOT / "datasync_sdk"
    for path in package.rglob("*.py"):
        if package / "testing" not in path.parents:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                assert not [
                    name for name in names if name.startswith(("hypothesis", "datasync_sdk.testing"))
                ], path
    program = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "import datasync_sdk.testing\n"
        "from datasync_sdk.testing import strategies"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == (
        "ImportError: datasync_sdk.testing needs Hypothesis: pip install 'datasync-sdk[testing]'"
    )


def test_every_rule_has_a_strategy() -> None:
    """A rule is broken by a request alone, by one and its context, or by both."""
    for rule in CONDITIONS:
        made = []
        for make in (strategies.violating, strategies.situations):
            try:
                made.append(make(rule))
            except ValueError as error:
                assert "context: use strategies." in str(error)  # noqa: PT017  # the other one must do
        assert made
