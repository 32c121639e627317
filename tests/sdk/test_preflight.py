"""What a preflight finds, by what a service on this machine says of tasks and locations."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest
from attrs import fields
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasync_sdk import Client, effective, errors, structure, unstructure
from datasync_sdk import models as m
from datasync_sdk._runtime.structures import Request
from datasync_sdk._runtime.wire import operation_of
from datasync_sdk.defaults import merged_options
from datasync_sdk.preflight import COULD_NOT_CHECK, DESCRIBE_LOCATION, as_created, without_defaults
from tests.sdk import fake_client, server, worlds
from tests.sdk.fake_client import DESTINATION, ONCE, SOURCE, TASK
from tests.sdk.server import FakeService, Received, Reply, error_reply
from tests.sdk.strategies import instances

client, make_client, service = fake_client.client, worlds.make_client, server.service

EXECUTION = f"{TASK}/execution/exec-0123456789abcdef0"

Described: TypeAlias = dict[str, Reply | dict[str, Any]]


def location(kind: str, arn: str = SOURCE, **members: Any) -> Described:
    """What describes a location; each other operation says that it is of another type."""
    return {f"DescribeLocation{kind} {arn}": {"LocationArn": arn, **members}}


def task(**members: Any) -> Described:
    """What describes a task."""
    answer = {"TaskArn": TASK, "SourceLocationArn": SOURCE, "DestinationLocationArn": DESTINATION}
    return {f"DescribeTask {TASK}": answer | members}


def world(service: FakeService, *described: Described) -> None:
    """Let the service know these tasks and locations, and nothing else."""
    known = {key: value for part in described for key, value in part.items()}

    def answer(got: Received) -> Reply:
        name = next(iter(got.body.values()))
        found = known.get(f"{got.operation} {name}")
        if found is None:
            return error_reply("InvalidRequestException", f"{name} is not found", errorCode="NotFound")
        return found if isinstance(found, Reply) else Reply(found)

    service.runs(answer)


def places(found: tuple[errors.Violation, ...]) -> list[tuple[str, str]]:
    return [(violation.rule, violation.path) for violation in found]


def new_task(**members: Any) -> m.CreateTaskRequest:
    return m.CreateTaskRequest(source_location_arn=SOURCE, destination_location_arn=DESTINATION, **members)


MANIFEST = {
    "ManifestObjectPath": "files.csv",
    "S3BucketArn": "arn:aws:s3:::lists",
    "BucketAccessRoleArn": "arn:aws:iam::111222333444:role/datasync",
}
GLACIER = location("S3", DESTINATION, S3StorageClass="GLACIER")
SMB = location("Smb")
NFS = location("Nfs")


def test_a_new_task(client: Client, service: FakeService) -> None:
    """The rules that need a storage class, beside those that the request alone decides, in one answer."""
    world(service, SMB, GLACIER)
    request = new_task(
        options=m.Options(verify_mode="POINT_IN_TIME_CONSISTENT", atime="NONE", mtime="PRESERVE")
    )
    found = client.preflight(request)
    assert places(found) == [("OPT-13", "Options.Mtime"), ("OPT-04", "Options.VerifyMode")]
    glacier = found[1]
    assert glacier.severity == "error"
    assert glacier.quote == (
        "You can't use this option when transferring to S3 Glacier Flexible Retrieval or S3 Glacier Deep"
        " Archive storage classes."
    )
    assert glacier.documentation is not None
    assert glacier.documentation.endswith("API_Options.html#DataSync-Type-Options-VerifyMode")
    assert all(got.operation.startswith("DescribeLocation") for got in service.received)


def test_the_defaults_of_the_server_count(client: Client, service: FakeService) -> None:
    """Basic mode verifies a point in time unless told otherwise, Enhanced mode does not."""
    world(service, SMB, GLACIER)
    assert places(client.preflight(new_task())) == [("OPT-04", "Options.VerifyMode")]
    assert client.preflight(new_task(task_mode="ENHANCED")) == ()
    assert client.preflight(new_task(options=m.Options(verify_mode="ONLY_FILES_TRANSFERRED"))) == ()


def test_one_location_at_both_ends_is_asked_for_once(client: Client, service: FakeService) -> None:
    world(service, location("Efs"))
    request = new_task(options=m.Options(preserve_devices="PRESERVE"))
    found = client.preflight(m.CreateTaskRequest(**{**members(request), "destination_location_arn": SOURCE}))
    assert places(found) == [("OPT-30", "Options.PreserveDevices")]
    asked = [got.operation for got in service.received]
    assert asked.count("DescribeLocationEfs") == 1


@pytest.mark.parametrize("make", DESCRIBE_LOCATION, ids=lambda make: make.__name__)
def test_every_type_of_location_is_found(
    client: Client, service: FakeService, make: Callable[..., Request[Any]]
) -> None:
    """Whatever its type, a location is described; what is asked is a Describe and nothing else."""
    kind = operation_of(make).name.removeprefix("DescribeLocation")  # type: ignore[arg-type]  # a class
    world(service, location(kind), location(kind, DESTINATION))
    rules = {violation.rule for violation in client.preflight(new_task(task_mode="ENHANCED"))}
    assert COULD_NOT_CHECK not in rules
    assert {got.operation[:16] for got in service.received} == {"DescribeLocation"}


def test_there_is_a_way_to_describe_every_location() -> None:
    names = {name for name in m.__all__ if name.startswith("DescribeLocation") and name.endswith("Request")}
    assert names == {make.__name__ for make in DESCRIBE_LOCATION}


def test_an_execution_with_overrides(client: Client, service: FakeService) -> None:
    """What the task has and what the execution overrides are judged together, in the words of the request."""
    removing = task(Options={"PreserveDeletedFiles": "REMOVE", "TransferMode": "CHANGED"})
    world(service, SMB, location("S3", DESTINATION, S3StorageClass="STANDARD"), removing)
    request = m.StartTaskExecutionRequest(task_arn=TASK, override_options=m.Options(transfer_mode="ALL"))
    assert client.check(request) == ()
    assert places(client.preflight(request)) == [("OPT-27", "OverrideOptions.TransferMode")]
    kept = m.Options(transfer_mode="ALL", preserve_deleted_files="PRESERVE")
    assert client.preflight(m.StartTaskExecutionRequest(task_arn=TASK, override_options=kept)) == ()


def test_what_is_wrong_with_the_request_alone_is_said_once(client: Client, service: FakeService) -> None:
    world(service, SMB, NFS | location("Nfs", DESTINATION), task())
    both = m.Options(transfer_mode="ALL", preserve_deleted_files="REMOVE")
    request = m.StartTaskExecutionRequest(task_arn=TASK, override_options=both)
    assert places(client.preflight(request)) == [("OPT-27", "OverrideOptions.TransferMode")]


@pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])
def test_what_a_task_has_by_default_was_given_by_nobody(
    client: Client, service: FakeService, mode: Any
) -> None:
    """The service tells all options of a task; advice about one is for who gave it."""
    told = unstructure(effective(new_task(task_mode=mode)).value)["Options"]
    assert told["SecurityDescriptorCopyFlags"] == "OWNER_DACL"
    start, update = m.StartTaskExecutionRequest(task_arn=TASK), m.UpdateTaskRequest(task_arn=TASK, name="new")
    bucket = location("S3", DESTINATION)
    world(service, NFS, bucket, task(TaskMode=mode, Options=told))
    for request in (new_task(task_mode=mode), start, update):
        assert client.preflight(request) == ()

    given = m.Options(security_descriptor_copy_flags="OWNER_DACL")
    name = "Options.SecurityDescriptorCopyFlags"
    assert places(client.preflight(new_task(task_mode=mode, options=given))) == [("OPT-43", name)]
    overriding = m.StartTaskExecutionRequest(task_arn=TASK, override_options=given)
    assert places(client.preflight(overriding)) == [("OPT-43", f"Override{name}")]
    changing = m.UpdateTaskRequest(task_arn=TASK, options=given)
    assert places(client.preflight(changing)) == [("OPT-43", name)]

    # That is no default, so that somebody gave it.
    told |= {"SecurityDescriptorCopyFlags": "OWNER_DACL_SACL"}
    world(service, NFS, bucket, task(TaskMode=mode, Options=told))
    assert places(client.preflight(start)) == [("OPT-43", f"Override{name}")]


def test_an_override_that_a_default_does_not_go_with_is_to_blame(
    client: Client, service: FakeService
) -> None:
    """And not the default, which nobody gave."""
    told = unstructure(effective(new_task()).value)["Options"]
    world(service, NFS, location("S3", DESTINATION), task(Options=told))
    for override, wrong in (
        (m.Options(atime="NONE"), ("OPT-12", "OverrideOptions.Atime")),
        (m.Options(mtime="NONE"), ("OPT-14", "OverrideOptions.Mtime")),
    ):
        request = m.StartTaskExecutionRequest(task_arn=TASK, override_options=override)
        assert places(client.preflight(request)) == [wrong]


def test_an_update_of_a_task(client: Client, service: FakeService) -> None:
    """The mode is that of the task, and its log group must be the one that Enhanced mode uses."""
    world(service, SMB, location("S3", DESTINATION), task(TaskMode="ENHANCED"))
    logs = "arn:aws:logs:eu-west-1:111222333444:log-group:"
    request = m.UpdateTaskRequest(
        task_arn=TASK, cloud_watch_log_group_arn=f"{logs}mine", options=m.Options(mtime="NONE")
    )
    assert client.check(request) == ()
    assert places(client.preflight(request)) == [
        ("OPT-17", "Options.Mtime"),
        ("TASK-07", "CloudWatchLogGroupArn"),
    ]
    for good in ("/aws/datasync", "/aws/datasync:*"):
        right = m.UpdateTaskRequest(task_arn=TASK, cloud_watch_log_group_arn=logs + good)
        assert client.preflight(right) == ()


def test_what_is_removed_counts_no_longer(client: Client, service: FakeService) -> None:
    """An empty schedule, manifest, report or list of filters takes away what the task has."""
    scheduled = task(
        Options={"TransferMode": "ALL"},
        Schedule={"ScheduleExpression": "rate(1 day)"},
        ManifestConfig={"Action": "TRANSFER", "Format": "CSV", "Source": {"S3": MANIFEST}},
        Includes=[{"FilterType": "SIMPLE_PATTERN", "Value": "/a"}],
    )
    world(service, SMB, location("S3", DESTINATION), scheduled)
    found = client.preflight(m.UpdateTaskRequest(task_arn=TASK, name="nightly"))
    assert places(found) == [("OPT-56", "Options.TransferMode"), ("FLT-05", "ManifestConfig")]
    nothing = m.TaskSchedule(schedule_expression="")
    assert client.preflight(m.UpdateTaskRequest(task_arn=TASK, schedule=nothing, includes=())) == ()
    assert (
        client.preflight(
            m.UpdateTaskRequest(task_arn=TASK, schedule=nothing, manifest_config=m.ManifestConfig())
        )
        == ()
    )


def test_throttling_needs_something_that_runs(client: Client, service: FakeService) -> None:
    slow = m.UpdateTaskExecutionRequest(task_execution_arn=EXECUTION, options=m.Options(bytes_per_second=1))
    stop = m.CancelTaskExecutionRequest(task_execution_arn=EXECUTION)
    for status, wrong in (("TRANSFERRING", ()), ("QUEUED", ()), ("SUCCESS", ("OPT-53", "EXEC-05"))):
        answer = {"TaskExecutionArn": EXECUTION, "Status": status}
        world(service, {f"DescribeTaskExecution {EXECUTION}": answer})
        found = [*client.preflight(slow), *client.preflight(stop)]
        assert tuple(violation.rule for violation in found) == wrong
    assert [violation.path for violation in found] == ["TaskExecutionArn", "TaskExecutionArn"]


def test_a_second_execution_needs_a_queue(client: Client, service: FakeService) -> None:
    world(service, SMB, location("S3", DESTINATION), task(Status="RUNNING"))
    queueing, not_queueing = (m.Options(task_queueing=word) for word in ("ENABLED", "DISABLED"))
    for options, wrong in ((None, []), (queueing, []), (not_queueing, [("EXEC-01", "TaskArn")])):
        request = m.StartTaskExecutionRequest(task_arn=TASK, override_options=options)
        assert places(client.preflight(request)) == wrong


def test_an_update_of_a_location(client: Client, service: FakeService) -> None:
    """The request says of what type the location is, so one call is enough."""
    agent, other = (f"arn:aws:datasync:eu-west-1:111222333444:agent/agent-{n:017}" for n in (1, 2))
    world(service, location("ObjectStorage", AgentArns=[agent]))
    for arns, wrong in (((agent,), []), ((other,), [("OBJ-10", "AgentArns")]), (None, [])):
        request = m.UpdateLocationObjectStorageRequest(location_arn=SOURCE, agent_arns=arns)
        service.received.clear()
        assert places(client.preflight(request)) == wrong
        assert [got.operation for got in service.received] == ["DescribeLocationObjectStorage"]


@pytest.mark.parametrize("code", ["AccessDeniedException", "InternalException", "ThrottlingException"])
def test_what_may_not_be_read_could_not_be_checked(code: str, service: FakeService) -> None:
    """It is a warning that names the call; all that can be checked is checked."""
    denied = error_reply(code, "You shall not read", status=400)
    glacier = {f"DescribeLocationS3 {DESTINATION}": denied}
    world(service, SMB, glacier)
    with Client("eu-west-1", endpoint_url=service.url, config=ONCE) as client:
        found = client.preflight(new_task(options=m.Options(object_tags="NONE", bytes_per_second=0)))
    assert places(found) == [
        ("OPT-35", "Options.BytesPerSecond"),
        (COULD_NOT_CHECK, "DestinationLocationArn"),
        ("OPT-49", "Options.ObjectTags"),
    ]
    assert found[1].severity == "warning"
    assert f"DescribeLocationS3: {code}: You shall not read" in found[1].message


def test_a_task_that_is_not_there(client: Client, service: FakeService) -> None:
    world(service)
    found = client.preflight(m.StartTaskExecutionRequest(task_arn=TASK))
    assert places(found) == [(COULD_NOT_CHECK, "TaskArn")]
    assert "is not found" in found[0].message


def test_rules_that_are_switched_off(service: FakeService) -> None:
    world(service, SMB, GLACIER)
    with Client("eu-west-1", endpoint_url=service.url, config=ONCE, ignored_rules=["OPT-04"]) as client:
        assert client.preflight(new_task()) == ()


def test_a_request_that_is_not_whole_is_not_looked_into(client: Client, service: FakeService) -> None:
    request = new_task(options={"Mtime": "NONE"})
    service.received.clear()
    assert places(client.preflight(request)) == [("type", "Options")]
    assert service.received == []


def test_a_request_about_nothing_that_is_there(client: Client, service: FakeService) -> None:
    """There is nothing to look at, so it is a check."""
    service.received.clear()
    assert places(client.preflight(m.ListTasksRequest(max_results=0))) == [("PAG-03", "MaxResults")]
    assert service.received == []
    with pytest.raises(TypeError):
        client.preflight(m.Options())  # type: ignore[arg-type]


def test_no_connection_is_an_error() -> None:
    with (
        Client("eu-west-1", endpoint_url="http://127.0.0.1:9", config=ONCE) as client,
        pytest.raises(errors.TransportError),
    ):
        client.preflight(new_task())


@pytest.mark.parametrize("validate", [True, "strict"])
def test_arns_of_something_else(service: FakeService, validate: Any) -> None:
    """What cannot even be asked for could not be checked; the reason is in what is wrong with the ARN."""
    world(service, SMB)
    for arn in ("arn:aws:s3:::bucket", "d" * 129):
        request = m.CreateTaskRequest(source_location_arn=SOURCE, destination_location_arn=arn)
        with Client("eu-west-1", endpoint_url=service.url, config=ONCE, validate=validate) as client:
            found = client.preflight(request)
        assert ("TASK-16", "DestinationLocationArn") in places(found)
        assert places(found)[-1] == (COULD_NOT_CHECK, "DestinationLocationArn")


def test_throttling_ends_the_search(service: FakeService) -> None:
    """More calls would make it worse; the rest is looked at."""
    slow = error_reply("ThrottlingException", "Rate exceeded")
    world(service, {f"DescribeLocationS3 {SOURCE}": slow}, location("Efs", DESTINATION))
    with Client("eu-west-1", endpoint_url=service.url, config=ONCE) as client:
        found = client.preflight(new_task(options=m.Options(preserve_devices="PRESERVE")))
    assert places(found) == [(COULD_NOT_CHECK, "SourceLocationArn"), ("OPT-30", "Options.PreserveDevices")]
    assert [got.operation for got in service.received[:2]] == ["DescribeLocationS3"] * 2


def test_a_location_of_no_type(client: Client, service: FakeService) -> None:
    world(service, SMB)
    (found,) = client.preflight(new_task())
    assert (found.rule, found.path) == (COULD_NOT_CHECK, "DestinationLocationArn")
    assert found.message.startswith("there is no such location, of whatever type")


def test_what_the_request_has_no_member_for_is_that_of_the_task(client: Client, service: FakeService) -> None:
    scheduled = task(Schedule={"ScheduleExpression": "cron(0 8 * * 3#1)"})
    newest = location("Nfs", MountOptions={"Version": "NFS4_2"})
    world(service, newest, location("Efs", DESTINATION), scheduled)
    found = client.preflight(m.StartTaskExecutionRequest(task_arn=TASK))
    assert places(found) == [("NFS-03", "task.TaskMode"), ("SCH-03", "task.Schedule.ScheduleExpression")]


def test_the_same_rule_twice_is_said_twice(client: Client, service: FakeService) -> None:
    world(service, NFS, location("Nfs", DESTINATION), task(Options={"Gid": "BOTH"}))
    request = m.StartTaskExecutionRequest(task_arn=TASK, override_options=m.Options(uid="NAME"))
    assert places(client.preflight(request)) == [
        ("OPT-24", "OverrideOptions.Uid"),
        ("OPT-24", "OverrideOptions.Gid"),
    ]


def test_updates_of_locations_meet_what_is_there(client: Client, service: FakeService) -> None:
    """What an update leaves out stays as the location has it."""
    access_point = "arn:aws:elasticfilesystem:eu-west-1:111222333444:access-point/fsap-00000000"
    for there, request, wrong in (
        (
            location("Efs", AccessPointArn=access_point, InTransitEncryption="TLS1_2"),
            m.UpdateLocationEfsRequest(location_arn=SOURCE, in_transit_encryption="NONE"),
            ("EFS-02", "InTransitEncryption"),
        ),
        (
            location("Smb", AuthenticationType="KERBEROS"),
            m.UpdateLocationSmbRequest(location_arn=SOURCE, user="mover"),
            ("SMB-02", "User"),
        ),
        (
            location("Smb", AuthenticationType="KERBEROS"),
            m.UpdateLocationSmbRequest(location_arn=SOURCE, password="open sesame"),
            ("SMB-03", "Password"),
        ),
        (
            location("Hdfs", AuthenticationType="KERBEROS"),
            m.UpdateLocationHdfsRequest(location_arn=SOURCE, simple_user="mover"),
            ("HDFS-13", "SimpleUser"),
        ),
        (
            location("ObjectStorage", ServerProtocol="HTTP"),
            m.UpdateLocationObjectStorageRequest(
                location_arn=SOURCE, server_certificate=b"-----BEGIN CERTIFICATE-----"
            ),
            ("OBJ-03", "ServerCertificate"),
        ),
    ):
        world(service, there)
        assert client.check(request) == ()
        assert places(client.preflight(request)) == [wrong]


def test_a_closed_client_is_an_error(service: FakeService) -> None:
    client = Client("eu-west-1", endpoint_url=service.url, config=ONCE)
    client.close()
    with pytest.raises(errors.ConfigurationError, match="closed"):
        client.preflight(new_task())


# Merging


def members(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(type(value))}


def described(options: m.Options | None, mode: str | None) -> m.DescribeTaskResponse:
    return m.DescribeTaskResponse(
        task_arn=TASK,
        source_location_arn=SOURCE,
        destination_location_arn=DESTINATION,
        options=options,
        task_mode=mode,  # type: ignore[arg-type]
    )


def check(request: m.CreateTaskRequest) -> list[str]:
    found: list[errors.Violation] = []
    rules = operation_of(type(request)).rules
    assert rules is not None
    rules.check(request, found)
    return [violation.rule for violation in found]


OPTIONS = st.one_of(st.none(), instances(m.Options, valid=True))


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(OPTIONS, OPTIONS, st.sampled_from([None, "BASIC", "ENHANCED"]))
def test_merged_options_are_what_the_server_would_use(
    kept: m.Options | None, overrides: m.Options | None, mode: str | None
) -> None:
    """Of every option the override, or else the task's; and its default counts as if it were given."""
    one, other = (unstructure(options) if options else {} for options in (kept, overrides))
    assert unstructure(merged_options(kept, overrides)) == one | other

    start = m.StartTaskExecutionRequest(task_arn=TASK, override_options=overrides)
    merged = as_created(described(kept, mode), start)
    assert merged.options == structure(one | other, m.Options)

    explicit = effective(merged).value
    assert effective(without_defaults(merged, overrides)).value == explicit
    conflicts = {"OPT-11", "OPT-12", "OPT-13", "OPT-14"}  # Each is about what is given and what is not.
    found, spelled_out = ([rule for rule in check(r) if rule not in conflicts] for r in (merged, explicit))
    assert found == spelled_out
    assert bool(conflicts & {*check(merged)}) == bool(conflicts & {*check(explicit)})


def pairs() -> Iterator[tuple[m.Options, m.Options]]:
    """Every pair of values of every pair of options that a rule couples."""
    words = {
        "atime": [None, "NONE", "BEST_EFFORT"],
        "mtime": [None, "NONE", "PRESERVE"],
        "transfer_mode": [None, "ALL", "CHANGED"],
        "preserve_deleted_files": [None, "PRESERVE", "REMOVE"],
    }
    for names in (("atime", "mtime"), ("transfer_mode", "preserve_deleted_files")):
        every = [
            dict(zip(names, pair, strict=True)) for pair in itertools.product(*(words[n] for n in names))
        ]
        for one, other in itertools.product(every, every):
            yield m.Options(**one), m.Options(**other)  # type: ignore[arg-type]


def test_every_pair_of_coupled_options_of_task_and_override() -> None:
    """A plain reading of AWS's sentences, on what the server would use."""
    for (kept, overrides), mode in itertools.product(pairs(), ["BASIC", "ENHANCED"]):
        start = m.StartTaskExecutionRequest(task_arn=TASK, override_options=overrides)
        merged = as_created(described(kept, mode), start)
        used = effective(merged).value.options
        assert used is not None
        found = {*check(merged)}
        uncoupled = mode == "BASIC" and (used.atime == "BEST_EFFORT") != (used.mtime == "PRESERVE")
        assert bool(found & {"OPT-11", "OPT-12", "OPT-13", "OPT-14"}) == uncoupled
        assert ("OPT-17" in found) == (mode == "ENHANCED" and used.mtime == "NONE")
        removes_and_takes_all = used.transfer_mode == "ALL" and used.preserve_deleted_files == "REMOVE"
        assert ("OPT-27" in found) == removes_and_takes_all
