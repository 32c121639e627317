"""What is there against what is wanted, and back: with the local service as the one that answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from attrs import evolve, fields
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from datasync_sdk import models as m
from datasync_sdk import unstructure
from datasync_sdk._runtime.structures import Structure
from datasync_sdk.ensuring.comparing import differences, unchangeable, update_request
from datasync_sdk.ensuring.members import KEPT_BACK, SECRETS
from datasync_sdk.ensuring.recovering import Recovered, to_create_request
from datasync_sdk.ensuring.told import CREATE_OF, names_of, told_members
from datasync_sdk.errors import ValidationError
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.state import Kind, State
from datasync_sdk.preflight import broken_by
from datasync_sdk.testing import strategies
from tests.local import states as world
from tests.local.test_locations import SECRET, has_bad_name, hidden

LOCATIONS = [cls for cls in CREATE_OF.values() if "Location" in cls.__name__]
CREATES = sorted(CREATE_OF.values(), key=lambda cls: cls.__name__)  # in the same order in each process
OWN = {"AgentArn", "CreationTime", "LocationArn", "TaskArn", "LastConnectionTime", "ScheduleDetails"}
SECRET_CONFIGS = {"ManagedSecretConfig", "CmkSecretConfig", "CustomSecretConfig"}

quick = settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
each_class = pytest.mark.parametrize("cls", CREATES, ids=lambda cls: cls.__name__)


@contextmanager
def services() -> Iterator[State]:
    with world.states() as state:
        yield state


def drawn(data: st.DataObject, cls: type, state: State) -> Any:
    """A valid request that this service can take."""
    request = hidden(data.draw(strategies.requests(cls)))
    if cls is m.CreateTaskRequest:
        ends = [world.make_bucket(state, name) for name in ("one", "two")]
        return evolve(request, source_location_arn=ends[0], destination_location_arn=ends[1])
    assume("Location" not in cls.__name__ or not has_bad_name(request))
    if cls is m.CreateAgentRequest:
        key = f"AAAAA-BBBBB-CCCCC-{data.draw(st.integers(0, 99999)):05}-EEEEE"
        return evolve(request, activation_key=key)
    if cls is m.CreateLocationSmbRequest and request.authentication_type != "KERBEROS":
        request = evolve(request, kerberos_keytab=None)  # The local service would keep it for nothing.
    return world.with_agents(request, world.make_agent(state, state.store.count(Kind.AGENT)))


def created(state: State, request: Any) -> Any:
    """The description of what a request creates."""
    arn = next(iter(unstructure(world.ask(state, request)).values()))
    name = type(request).__name__.replace("Create", "Describe")
    return described(state, getattr(m, name), arn)


def described(state: State, cls: Any, arn: str) -> Any:
    return world.ask(state, cls(**{fields(cls)[0].name: arn}))


def again(state: State, there: Any) -> Any:
    cls = getattr(m, type(there).__name__.replace("Response", "Request"))
    arn = fields(cls)[0].name
    return described(state, cls, getattr(there, arn))


@each_class
@given(st.data())
@quick
def test_what_was_just_created_is_as_it_was_wanted(cls: type, data: st.DataObject) -> None:
    with services() as state:
        request = drawn(data, cls, state)
        there = created(state, request)
        assert differences(request, there) == ()
        assert update_request(request, there) is None
        assert SECRET not in repr(differences(request, there, secrets="update"))


def plain(name: str, value: Any) -> Any:
    """A value as a naive reader compares it."""
    if name == "subdirectory":
        return f"/{value.strip('/')}/".replace("//", "/")
    if isinstance(value, tuple) and name.endswith("arns"):
        return sorted(value)
    if name in UNRECOVERABLE:  # The account is not told.
        return f"{value.split(':')[3]}.{value.split('/')[1]}" if ":" in value else value
    if name == "s3_bucket_arn":
        return value.split(":::")[-1]
    if name == "cloud_watch_log_group_arn":
        return value.removesuffix(":*")
    return value.casefold() if name in {"server_hostname", "container_url"} else value


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """All that is said in a request, by paths of attributes."""
    for name in names_of(type(value)):
        given_ = getattr(value, name)
        if isinstance(given_, Structure):
            yield from leaves(given_, (*path, name))
        elif given_ is not None:
            yield (*path, name), given_


def replaced(value: Any, path: tuple[str, ...], new: Any) -> Any:
    inner = getattr(value, path[0])
    return evolve(value, **{path[0]: replaced(inner, path[1:], new) if path[1:] else new})


def aws(value: Any, path: tuple[str, ...]) -> str:
    first = names_of(type(value))[path[0]]
    return f"{first}.{aws(getattr(value, path[0]), path[1:])}" if path[1:] else first


ASIDE = {*SECRETS, "activation_key", "tags", "authentication_type", "schedule_expression"}
"""What is not told, or makes something else of other members."""


@each_class
@given(st.data())
@quick
def test_one_member_that_changes_is_named_and_updated(cls: type, data: st.DataObject) -> None:
    with services() as state:
        request, other = drawn(data, cls, state), drawn(data, cls, state)
        there = created(state, request)
        known, said = dict(leaves(there_as_request(request, there))), dict(leaves(request))
        paths = [
            path
            for path, new in leaves(other)
            if path in said
            and path in known
            and path[-1] not in ASIDE
            and plain(path[-1], new) != plain(path[-1], known[path])
            and new not in {"", (), b""}
            and not (cls is m.CreateLocationFsxOntapRequest and "nfs" in path)  # There is one version.
        ]
        assume(paths)
        path = data.draw(st.sampled_from(paths))
        wanted = replaced(request, path, dict(leaves(other))[path])
        found = differences(wanted, there)
        assert [each.path for each in found] == [aws(wanted, path)]
        is_shown = found[0].wanted != KEPT_BACK
        assert is_shown == (plain(path[-1], found[0].wanted) != plain(path[-1], found[0].actual))
        update = update_request(wanted, there)
        if not found[0].can_update:
            assert update is None
            assert unchangeable(wanted, there) == found
            assert names_of(cls)[path[0]] not in updatable(cls) or cls is m.CreateLocationFsxOntapRequest
            return
        assert unchangeable(wanted, there) == ()
        top = names_of(cls)[path[0]]
        first, *rest = unstructure(update)
        assert first.endswith("Arn")
        assert {UPDATED_AS.get(top, top)} <= set(rest)
        assert set(rest) <= {UPDATED_AS.get(top, top)} | HIDDEN_NAMES
        assume(not broken_by(update, {"location": there}))
        try:
            world.ask(state, update)
        except Refusal:  # A name that no folder can have, or what goes with nothing that is there.
            assume(False)
        assert differences(wanted, again(state, there)) == ()


UPDATED_AS = {"AgentName": "Name"}
HIDDEN_NAMES = {"Password", "SecretKey", "KerberosKeytab", "KerberosKrb5Conf", "SasConfiguration"}


def updatable(cls: type) -> set[str]:
    return {*names_of(getattr(m, cls.__name__.replace("Create", "Update"))).values()}


def there_as_request(request: Any, there: Any) -> Any:
    """What a description tells, in the form of the request: what it does not tell is left as it was."""
    untold = {a.name: getattr(request, a.name) for a in fields(type(request)) if a.default is not None}
    told = {name: value for name, value in told_members(there).items() if value is not None}
    return type(request)(**untold | told)


@each_class
@given(st.data())
@quick
def test_what_is_described_can_be_created_again(cls: Any, data: st.DataObject) -> None:
    with services() as state:
        request = drawn(data, cls, state)
        there = created(state, request)
        needed = {name: getattr(request, name) for name in UNRECOVERABLE if hasattr(request, name)}
        if cls is m.CreateAgentRequest:
            needed["activation_key"] = "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ"
        elif needed:
            with pytest.raises(ValidationError, match=f"cannot be recovered.*{next(iter(needed))}=") as error:
                to_create_request(there)
            assert [each.path for each in error.value.violations] == [names_of(cls)[name] for name in needed]
        found: Recovered[Any] = to_create_request(there, **needed)
        missing = [each.member for each in found.missing]
        assert missing[-1] == "Tags"
        assert SECRET not in str(unstructure(found.request))
        copy = created(state, found.request)
        assert told_by(copy) == told_by(there)
        assert differences(found.request, copy) == ()
        # With what was missing, nothing is.
        names = {aws_name: name for name, aws_name in names_of(cls).items()}
        rest = {names[each.partition(".")[0]] for each in missing}
        whole: Recovered[Any] = to_create_request(there, **needed | {n: getattr(request, n) for n in rest})
        assert whole.missing == ()
        if cls is not m.CreateAgentRequest:
            assert has_secret_of_datasync(created(state, whole.request)) == has_secret_of_datasync(there)


UNRECOVERABLE = ("efs_filesystem_arn", "fsx_filesystem_arn", "activation_key")


def has_secret_of_datasync(there: Any) -> bool:
    return "ManagedSecretConfig" in str(unstructure(there))


def told_by(value: Any) -> Any:
    """What a description tells, without what the service makes for each one."""
    if not isinstance(value, dict):
        return told_by(unstructure(value)) if isinstance(value, Structure) else value
    made = OWN | {"ManagedSecretConfig"} | ({"SecretArn"} if "KmsKeyArn" in value else set())
    return {name: told_by(each) for name, each in value.items() if name not in made and each != []}


ARN = "arn:aws:datasync:eu-west-1:111222333444:location/loc-0123456789abcdef0"
FS = "arn:aws:fsx:eu-west-1:111222333444:file-system/fs-01"
WINDOWS = m.CreateLocationFsxWindowsRequest(
    fsx_filesystem_arn=FS, security_group_arns=["sg-2", "sg-1"], user="amy", password=SECRET
)
WINDOWS_THERE = m.DescribeLocationFsxWindowsResponse(
    location_arn=ARN, location_uri="fsxw://eu-west-1.fs-01/", security_group_arns=["sg-1", "sg-2"], user="amy"
)
SVM = FS.replace("file-system/fs-01", "storage-virtual-machine/fs-01/svm-01")
ONTAP_THERE = m.DescribeLocationFsxOntapResponse(
    location_arn=ARN,
    location_uri="fsxn-smb://eu-west-1.fs-01.svm-01/share/",
    protocol=m.FsxProtocol(smb=m.FsxProtocolSmb(user="amy", domain="example.com")),
    security_group_arns=["sg-1"],
    storage_virtual_machine_arn=SVM,
)


def ontap(protocol: m.FsxProtocol) -> m.CreateLocationFsxOntapRequest:
    return m.CreateLocationFsxOntapRequest(
        protocol=protocol,
        security_group_arns=["sg-1"],
        storage_virtual_machine_arn=SVM,
        subdirectory="/share",
    )


def test_secrets_stay_or_are_set_anew() -> None:
    assert differences(WINDOWS, WINDOWS_THERE) == ()
    assert update_request(WINDOWS, WINDOWS_THERE) is None
    (found,) = differences(WINDOWS, WINDOWS_THERE, secrets="update")
    assert str(found) == "Password: is (not told), and should be (secret)"
    update = update_request(WINDOWS, WINDOWS_THERE, secrets="update")
    assert update == m.UpdateLocationFsxWindowsRequest(location_arn=ARN, password=SECRET)
    with pytest.raises(ValueError, match="'keep' or 'update', and not 'hide'"):
        differences(WINDOWS, WINDOWS_THERE, secrets="hide")  # type: ignore[arg-type]  # that is what is tested


def test_an_access_key_is_set_and_never_shown() -> None:
    """AWS does not call it a secret; this SDK does, so that it is in no log."""
    agent = "arn:aws:datasync:us-east-1:123456789012:agent/agent-0123456789abcdef0"
    wanted = m.CreateLocationObjectStorageRequest(
        server_hostname="nas", bucket_name="bucket", access_key="NEWKEY", agent_arns=[agent]
    )
    there = m.DescribeLocationObjectStorageResponse(
        location_arn="arn:aws:datasync:us-east-1:123456789012:location/loc-0123456789abcdef0",
        location_uri="object-storage://nas/bucket/",
        access_key="OLDKEY",
        agent_arns=[agent],
    )
    (found,) = differences(wanted, there)
    assert found.path == "AccessKey"
    assert "KEY" not in f"{found} {found!r}"
    update = update_request(wanted, there)
    assert update is not None
    assert update.access_key == "NEWKEY"


def test_the_secret_of_another_user_goes_with_him() -> None:
    update = update_request(evolve(WINDOWS, user="bob"), WINDOWS_THERE)
    assert update == m.UpdateLocationFsxWindowsRequest(location_arn=ARN, user="bob", password=SECRET)


def test_an_empty_secret_is_set_only_if_secrets_are() -> None:
    wanted = evolve(WINDOWS, user="bob", password="")
    assert update_request(wanted, WINDOWS_THERE) == m.UpdateLocationFsxWindowsRequest(
        location_arn=ARN, user="bob"
    )
    update = update_request(wanted, WINDOWS_THERE, secrets="update")
    assert update == m.UpdateLocationFsxWindowsRequest(location_arn=ARN, user="bob", password="")
    assert "(no secret)" in str(differences(wanted, WINDOWS_THERE, secrets="update")[1])


def test_another_file_system_is_another_location() -> None:
    wanted = evolve(WINDOWS, fsx_filesystem_arn=FS.replace("fs-01", "fs-02"), subdirectory="/a")
    found = differences(wanted, WINDOWS_THERE)
    assert [(each.path, each.actual, each.can_update) for each in found] == [
        ("Subdirectory", "/", True),
        ("FsxFilesystemArn", "eu-west-1.fs-01", False),
    ]
    assert unchangeable(wanted, WINDOWS_THERE) == found[1:]
    assert str(found[1]).endswith("fs-02, which no update can change")
    update = update_request(wanted, WINDOWS_THERE)
    assert update == m.UpdateLocationFsxWindowsRequest(location_arn=ARN, subdirectory="/a")
    # The account is not told, so it is not compared.
    assert (
        differences(evolve(WINDOWS, fsx_filesystem_arn=FS.replace("111222333444", "1")), WINDOWS_THERE) == ()
    )


def test_a_protocol_is_updated_as_a_whole_and_never_becomes_another() -> None:
    smb = m.FsxProtocolSmb(user="bob", password=SECRET)
    assert update_request(ontap(m.FsxProtocol(smb=smb)), ONTAP_THERE) == m.UpdateLocationFsxOntapRequest(
        location_arn=ARN,
        protocol=m.FsxUpdateProtocol(
            smb=m.FsxUpdateProtocolSmb(user="bob", domain="example.com", password=SECRET)
        ),
    )
    (found,) = differences(ontap(m.FsxProtocol(nfs=m.FsxProtocolNfs())), ONTAP_THERE)
    assert str(found) == "Protocol: is SMB, and should be NFS, which no update can change"
    assert to_create_request(ONTAP_THERE).missing[0].member == "Protocol.SMB.Password"


def test_of_options_only_those_that_differ_are_sent_and_defaults_count() -> None:
    task = ARN.replace("location/loc", "task/task")
    there = m.DescribeTaskResponse(
        task_arn=task,
        source_location_arn=ARN,
        destination_location_arn=ARN,
        options=m.Options(verify_mode="NONE", bytes_per_second=-1),
    )
    options = m.Options(verify_mode="ONLY_FILES_TRANSFERRED", overwrite_mode="ALWAYS", bytes_per_second=-1)
    wanted = m.CreateTaskRequest(source_location_arn=ARN, destination_location_arn=ARN, options=options)
    assert [str(each) for each in differences(wanted, there)] == [
        "Options.VerifyMode: is NONE, and should be ONLY_FILES_TRANSFERRED"
    ]
    changed = m.Options(verify_mode="ONLY_FILES_TRANSFERRED")
    assert update_request(wanted, there) == m.UpdateTaskRequest(task_arn=task, options=changed)
    enhanced = evolve(wanted, task_mode="ENHANCED")
    assert [each.path for each in unchangeable(enhanced, there)] == ["TaskMode"]


def test_a_log_group_is_the_same_with_and_without_the_star_that_stands_for_its_streams() -> None:
    group = "arn:aws:logs:eu-west-1:111222333444:log-group:/aws/datasync"
    there = m.DescribeTaskResponse(
        task_arn=ARN,
        source_location_arn=ARN,
        destination_location_arn=ARN,
        cloud_watch_log_group_arn=f"{group}:*",
    )
    wanted = m.CreateTaskRequest(
        source_location_arn=ARN, destination_location_arn=ARN, cloud_watch_log_group_arn=group
    )
    assert differences(wanted, there) == ()
    other = evolve(wanted, cloud_watch_log_group_arn=f"{group}2:*")
    assert [each.path for each in differences(other, there)] == ["CloudWatchLogGroupArn"]


@pytest.mark.parametrize("empty", ["schedule", "manifest_config", "task_report_config", "excludes", "name"])
def test_what_is_wanted_empty_is_removed_where_it_is(empty: str) -> None:
    values: dict[str, tuple[Any, Any]] = {
        "schedule": (
            m.TaskSchedule(schedule_expression=""),
            m.TaskSchedule(schedule_expression="rate(1 day)"),
        ),
        "manifest_config": (m.ManifestConfig(), m.ManifestConfig(format="CSV")),
        "task_report_config": (m.TaskReportConfig(), m.TaskReportConfig(output_type="STANDARD")),
        "excludes": ((), (m.FilterRule(value="/a"),)),
        "name": ("", "nightly"),
    }
    nothing, something = values[empty]
    wanted: Any = m.CreateTaskRequest(
        source_location_arn=ARN, destination_location_arn=ARN, **{empty: nothing}
    )
    there = m.DescribeTaskResponse(task_arn=ARN, source_location_arn=ARN, destination_location_arn=ARN)
    assert update_request(wanted, there) is None
    update = update_request(wanted, evolve(there, **{empty: something}))
    assert update is not None
    assert getattr(update, empty) == nothing


def test_what_does_not_go_together_is_refused() -> None:
    bucket = m.CreateLocationS3Request(
        s3_bucket_arn="arn:aws:s3:::b", s3_config=m.S3Config(bucket_access_role_arn="r")
    )
    with pytest.raises(
        TypeError, match="is compared with a CreateLocationFsxWindowsRequest, not a CreateLocationS3"
    ):
        differences(bucket, WINDOWS_THERE)
    with pytest.raises(TypeError, match="ListTasksResponse does not describe what a request can create"):
        differences(bucket, m.ListTasksResponse(tasks=()))
    with pytest.raises(TypeError, match=r"has no member pasword; did you mean password\?"):
        to_create_request(WINDOWS_THERE, pasword=SECRET)


def test_all_that_cannot_be_recovered_is_named_at_once() -> None:
    bare = m.DescribeLocationEfsResponse(location_arn=ARN)
    with pytest.raises(ValidationError) as error:
        to_create_request(bare)
    assert [each.path for each in error.value.violations] == ["EfsFilesystemArn", "Ec2Config"]
    assert (
        "for the URI tells the file system's Region and id, but no account: give it as efs_filesystem_arn"
        in str(error.value)
    )
