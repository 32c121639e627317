"""What the generated checks say of requests: against a plain reading of the model, and by example."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from attrs import evolve
from botocore.awsrequest import AWSRequest, AWSResponse
from hypothesis import given, settings
from hypothesis import strategies as st

from datasync_sdk import Client, unstructure
from datasync_sdk._runtime.wire import wire_of
from datasync_sdk.errors import ValidationError
from datasync_sdk.models import (
    CreateAgentRequest,
    CreateLocationHdfsRequest,
    CreateTaskRequest,
    FilterRule,
    HdfsNameNode,
    ListTasksRequest,
    LocationFilter,
    Options,
    QopConfiguration,
    TagListEntry,
    TagResourceRequest,
    UpdateTaskExecutionRequest,
    VerifyMode,
)
from tests.sdk.reference_check import (
    ENTRY,
    JUNK,
    LOCATION,
    SECRET,
    SENSITIVE,
    TASK,
    Body,
    at,
    checked,
    expected,
    few,
    full,
    members_within,
    path_of,
    places,
    put,
    refusal,
    requests,
    sized,
    smallest,
    trait,
    walk,
)
from tests.sdk.strategies import (
    REQUESTS,
    SHAPES,
    STRUCTURES,
    class_of,
    instances,
    is_enum,
    members_of,
)


def test_every_request_has_a_check() -> None:
    """There are 53 requests, and only they and what they hold have checks."""
    assert len(REQUESTS) == 53
    within = {type(part).__name__ for name in REQUESTS for part, _ in walk(full(class_of(name)), ())}
    for name in STRUCTURES:
        assert (wire_of(class_of(name)).check is not None) == (name in within), name


@requests
@few
@given(data=st.data())
def test_valid_requests_pass(name: str, data: st.DataObject) -> None:
    """A request that obeys required, min, max and enum has no violation."""
    request = data.draw(instances(class_of(name), valid=True))
    assert checked(request) == []
    assert {rule for _, rule in places(request, strict=True)} <= {"pattern"}


@requests
@few
@given(data=st.data())
def test_check_is_the_model(name: str, data: st.DataObject) -> None:
    """Of any well-typed request the check finds what the model says, in order, with and without patterns."""
    request = data.draw(instances(class_of(name), unknown_enums=True))
    assert places(request) == list(expected(request, "", strict=False))
    assert places(request, strict=True) == list(expected(request, "", strict=True))


@requests
@settings(max_examples=60)
@given(data=st.data())
def test_corruption_is_reported(name: str, data: st.DataObject) -> None:
    """A value of any type at any place is either of the right type or reported there; nothing raises."""
    request = data.draw(st.sampled_from([full(class_of(name)), smallest(class_of(name))]))
    for _ in range(data.draw(st.integers(1, 2))):
        ways = [steps for _, steps in walk(request, ()) if steps]
        if ways:
            steps = data.draw(st.sampled_from(ways))
            request = put(request, steps, data.draw(st.sampled_from(JUNK)))
    assert places(request) == list(expected(request, "", strict=False))
    assert places(request, strict=True) == list(expected(request, "", strict=True))
    assert isinstance(repr(request), str)
    for violation in checked(request):
        assert str(violation) == f"{violation.path}: {violation.message} [{violation.rule}]"
    error = refusal(lambda: unstructure(request))
    if error is not None:
        assert error.request == name
        types = [place for place in places(request) if place[1] == "type"]
        assert [(violation.path, violation.rule) for violation in error.violations] == types


@requests
def test_limits(name: str) -> None:
    """Every minimum and maximum is allowed, and one step beyond is reported with its rule."""
    request = full(class_of(name))
    assert checked(request) == []
    for steps, hint, shape, path in members_within(class_of(name), (), ""):
        for rule, beyond in (("min", -1), ("max", 1)):
            if rule not in SHAPES[shape] or is_enum(hint):
                continue
            limit = SHAPES[shape][rule]
            assert places(put(request, steps, sized(hint, shape, limit))) == []
            if hint is int or limit + beyond >= 0:
                value = sized(hint, shape, limit + beyond)
                (violation,) = checked(put(request, steps, value))
                assert (violation.path, trait(violation)) == (path, rule)
                assert str(limit) in violation.message
                assert str(limit + beyond) in violation.message


@requests
def test_each_required_member(name: str) -> None:
    """Every required member that is None is reported as required; every other can be None."""
    request = full(class_of(name))
    for value, steps in walk(request, ()):
        if not steps or isinstance(steps[-1], int):
            continue
        owner = type(at(request, steps[:-1]))
        member = next(m for m in members_of(owner) if m.attribute == steps[-1])
        found = places(put(request, steps, None))
        missing = member.name in SHAPES[owner.__name__].get("required", ())
        assert found == ([(path_of(request, steps), "required")] if missing else []), value


@requests
def test_every_enum_member_and_typo(name: str) -> None:
    """Every value of an enum is accepted as a string; a typo is reported with what it may have meant."""
    request = full(class_of(name))
    for steps, hint, shape, path in members_within(class_of(name), (), ""):
        if not is_enum(hint):
            continue
        for word in SHAPES[shape]["enum"]:
            assert checked(put(request, steps, word)) == []
            typo = f"{word}S"
            if typo in SHAPES[shape]["enum"]:
                continue
            (violation,) = checked(put(request, steps, typo))
            assert (violation.path, trait(violation)) == (path, "enum")
            assert repr(typo) in violation.message
            assert word in violation.message.partition("did you mean")[2]


def test_everything_at_once() -> None:
    """All that is wrong with a request comes at once, in the order of its members, each with its path."""
    request = CreateTaskRequest(
        source_location_arn=None,  # type: ignore[arg-type]
        destination_location_arn="d" * 129,
        name=5,  # type: ignore[arg-type]
        options=Options(verify_mode="NOEN", bytes_per_second=-2),  # type: ignore[arg-type]
        excludes=[FilterRule(filter_type="SIMPLE_PATTERN", value="*")] * 2,
        tags=[TagListEntry(key="k", value="v"), TagListEntry(key="", value="v" * 257), "tag"],  # type: ignore[list-item]
        includes={"FilterType": "SIMPLE_PATTERN"},  # type: ignore[dict-item]
        task_mode="basic",  # type: ignore[arg-type]
    )
    assert places(request) == [
        ("SourceLocationArn", "required"),
        ("DestinationLocationArn", "max"),
        ("Name", "type"),
        ("Options.VerifyMode", "enum"),
        ("Options.BytesPerSecond", "min"),
        ("Excludes", "max"),
        ("Tags[1].Key", "min"),
        ("Tags[1].Value", "max"),
        ("Tags[2]", "type"),
        ("Includes", "type"),
        ("TaskMode", "enum"),
    ]
    assert [violation.message for violation in checked(request)] == [
        "is required; give it a str",
        "has 129 characters; at most 128 are allowed",
        "must be a str, not int",
        "'NOEN' is not known; did you mean NONE?",
        "is -2; the smallest allowed is -1",
        "has 2 elements; at most 1 are allowed",
        "has 0 characters; at least 1 are needed",
        "has 257 characters; at most 256 are allowed",
        "must be a TagListEntry, not str",
        "must be a list or tuple, not dict",
        "'basic' is not known; did you mean BASIC?",
    ]


def test_a_dict_is_told_how_to_become_an_object() -> None:
    """Who gives boto3's dict for an object reads what to call."""
    arn = f"{TASK}/execution/exec-0123456789abcdef0"
    options: Any = {"VerifyMode": "NONE"}
    (violation,) = checked(UpdateTaskExecutionRequest(task_execution_arn=arn, options=options))
    assert (violation.path, violation.rule) == ("Options", "type")
    assert "structure(value, Options)" in violation.message


def test_far_words_get_the_whole_list() -> None:
    """A word that is like no other gets all known values; a long one is shortened."""
    options = Options(verify_mode="?" * 1000)  # type: ignore[arg-type]
    request = CreateTaskRequest(
        source_location_arn=LOCATION, destination_location_arn=LOCATION, options=options
    )
    (violation,) = checked(request)
    for member in VerifyMode:
        assert member.value in violation.message
    assert len(violation.message) < 200


def test_patterns_count_only_when_strict() -> None:
    """A text that breaks its pattern passes by default, and is reported when strict."""
    good = CreateTaskRequest(source_location_arn=LOCATION, destination_location_arn=LOCATION)
    bad = evolve(good, source_location_arn="loc", tags=[TagListEntry(key="k?", value="v")])
    assert checked(good, strict=True) == []
    assert checked(bad) == []
    assert places(bad, strict=True) == [("SourceLocationArn", "pattern"), ("Tags[0].Key", "pattern")]
    message = checked(bad, strict=True)[0].message
    assert message.startswith("'loc' does not match ")
    assert message.endswith(SHAPES["LocationArn"]["pattern"])


@pytest.mark.parametrize(("validate", "rules"), [(True, set()), (False, set()), ("strict", {"pattern"})])
def test_check_of_a_client(validate: Any, rules: set[str]) -> None:
    """`Client.check` looks at what the client's `validate` says, and at the default with False."""
    with Client(region_name="eu-west-1", validate=validate) as client:
        pattern = TagResourceRequest(resource_arn=TASK, tags=[evolve(ENTRY, key="k?")])
        assert {violation.rule for violation in client.check(pattern)} == rules
        missing = TagResourceRequest(resource_arn=TASK, tags=None)  # type: ignore[arg-type]
        assert [violation.rule for violation in client.check(missing)] == ["required"]


@pytest.mark.parametrize("validate", [True, False, "strict"])
def test_send_checks_first(validate: Any) -> None:
    """An invalid request is not sent, unless validation is off; patterns stop it only when strict."""
    sent: list[AWSRequest] = []

    def answer(request: AWSRequest, **_: object) -> AWSResponse:
        sent.append(request)
        return AWSResponse(request.url, 200, {}, Body(b"{}"))

    too_long = TagResourceRequest(resource_arn=TASK, tags=[ENTRY] * 51)
    odd = TagResourceRequest(resource_arn=TASK, tags=[evolve(ENTRY, key="k?")])
    with Client(region_name="eu-west-1", validate=validate) as client:
        client._client.meta.events.register("before-send.datasync", answer)
        outcomes = []
        for request in (too_long, odd):
            error = refusal(partial(client.send, request))
            outcomes.append("sent" if error is None else error.violations[0].rule)
            if error is not None:
                assert isinstance(error, ValueError)
                assert error.request == "TagResourceRequest"
                assert error.violations == client.check(request)
                assert str(error).startswith(f"TagResourceRequest has 1 problem:\n  {error.violations[0]}")
    wanted = {True: ["TAG-03", "sent"], False: ["sent", "sent"], "strict": ["TAG-03", "pattern"]}
    assert outcomes == wanted[validate]
    assert len(sent) == outcomes.count("sent")
    if validate is False:
        assert json.loads(sent[0].body) == {
            "ResourceArn": TASK,
            "Tags": [{"Key": "k", "Value": "v"}] * 51,
        }


def test_secrets_stay_out_of_messages() -> None:
    """Messages never hold the value of a sensitive member, whichever rule it breaks."""
    seen: set[tuple[str, str]] = set()
    for name in REQUESTS:
        request = full(class_of(name))
        for steps, hint, shape, path in members_within(class_of(name), (), ""):
            if shape not in SENSITIVE:
                continue
            for bad in secrets_that_break(hint, shape):
                broken = put(request, steps, bad)
                found = [v for v in checked(broken, strict=True) if v.path == path]
                assert found, (path, type(bad))
                seen.update((shape, trait(violation)) for violation in found)
                error = ValidationError(name, tuple(checked(broken, strict=True)))
                assert SECRET not in f"{found} {error} {error!r} {broken!r}", path
                assert SECRET not in " ".join(map(str, error.violations))
    texts = SENSITIVE - {"KerberosKeytabFile"}
    assert seen == {(shape, rule) for shape in texts for rule in ("max", "type", "pattern")} | {
        ("KerberosKeytabFile", "max"),
        ("KerberosKeytabFile", "type"),
    }


def test_unstructure_hands_on_what_is_not_of_its_type() -> None:
    """Finding values of wrong types is the check's work: without it, anything is sent."""
    request = CreateLocationHdfsRequest(
        name_nodes=[HdfsNameNode(hostname="h", port=1), {"Hostname": "i"}],  # type: ignore[list-item]
        authentication_type=5,  # type: ignore[arg-type]
        agent_arns="a",  # type: ignore[arg-type]
        qop_configuration=QopConfiguration(rpc_protection="PRIVACY"),
    )
    assert unstructure(request) == {
        "NameNodes": [{"Hostname": "h", "Port": 1}, {"Hostname": "i"}],
        "AuthenticationType": 5,
        "AgentArns": "a",
        "QopConfiguration": {"RpcProtection": "PRIVACY"},
    }


def secrets_that_break(hint: Any, shape: str) -> list[Any]:
    """Values with the secret in them that break the rules of a sensitive shape."""
    most = SHAPES[shape]["max"]
    if hint is bytes:
        return [SECRET.encode() * (most // len(SECRET) + 1), SECRET, [SECRET]]
    long = SECRET * (most // len(SECRET) + 1)
    return [long, f"\n{SECRET}", SECRET.encode(), [SECRET], {SECRET: SECRET}]


def test_other_ways_to_give_lists() -> None:
    """Any collection stands for a list; a text, a mapping and None within it do not."""
    entry = LocationFilter(name="LocationUri", values=["v"], operator="Equals")
    assert entry.values == ("v",)
    collections: Any = (["v"], ("v",), {"v"}, frozenset({"v"}), iter(["v"]), {"v": 1}.keys())
    for right in collections:
        assert evolve(entry, values=right).values == ("v",)
    for wrong in ("v", b"v", {"v": 1}, 5):
        agent = CreateAgentRequest(activation_key="k", subnet_arns=wrong)  # type: ignore[arg-type]
        assert places(agent) == [("SubnetArns", "type")]
    agent = CreateAgentRequest(activation_key="k", subnet_arns=[None])  # type: ignore[list-item]
    assert places(agent) == [("SubnetArns[0]", "type")]


def test_subclass_of_a_model_is_not_taken() -> None:
    """An object of a subclass is reported, because its further members could not be sent."""

    class Own(QopConfiguration):
        """A class of a user."""

    request = evolve(full(CreateLocationHdfsRequest), qop_configuration=Own())
    assert places(request) == [("QopConfiguration", "type")]


def test_page_size() -> None:
    """Numbers: the limits are inclusive, and a bool or a float is no integer."""
    for size, rules in ((0, []), (100, []), (-1, ["min"]), (101, ["max"])):
        found = checked(ListTasksRequest(max_results=size))
        assert [violation.rule for violation in found] == rules
    for wrong in (True, 1.0, "1"):
        found = checked(ListTasksRequest(max_results=wrong))  # type: ignore[arg-type]
        assert [(violation.path, violation.rule) for violation in found] == [("MaxResults", "type")]
