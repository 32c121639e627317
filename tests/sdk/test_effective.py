"""What the service will use for what is left out, and who says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from datasync_sdk import effective, effective_options, merged_options, unstructure
from datasync_sdk import models as m
from tests.sdk.fake_client import DESTINATION, SOURCE
from tests.sdk.reference_check import smallest
from tests.sdk.strategies import MODEL, RULES, class_of, instances, is_structure, members_of, plain

DEFAULTS: list[dict[str, Any]] = RULES["default"]
COMPLETE = sorted(name for name in MODEL["shapes"] if name.startswith("Create") and name.endswith("Request"))
OPTIONS = instances(m.Options, valid=True)

BASIC = {
    "VerifyMode": "POINT_IN_TIME_CONSISTENT",
    "OverwriteMode": "ALWAYS",
    "Atime": "BEST_EFFORT",
    "Mtime": "PRESERVE",
    "Uid": "INT_VALUE",
    "Gid": "INT_VALUE",
    "PreserveDeletedFiles": "PRESERVE",
    "PreserveDevices": "NONE",
    "PosixPermissions": "PRESERVE",
    "TaskQueueing": "ENABLED",
    "TransferMode": "CHANGED",
    "SecurityDescriptorCopyFlags": "OWNER_DACL",
    "ObjectTags": "PRESERVE",
    "ObjectMetadata": "PRESERVE",
}
"""As AWS's user guide has them; of BytesPerSecond and LogLevel no sentence says a default."""


def test_options_of_both_modes() -> None:
    for mode in (None, "BASIC", m.TaskMode.BASIC):
        assert unstructure(effective_options(None, mode).value) == BASIC
    enhanced = BASIC | {"VerifyMode": "ONLY_FILES_TRANSFERRED"}
    assert unstructure(effective_options(m.Options(), "ENHANCED").value) == enhanced


@settings(max_examples=100)
@given(OPTIONS, st.sampled_from(["BASIC", "ENHANCED"]))
def test_what_is_given_stays(options: m.Options, mode: Any) -> None:
    """And only what is not is filled in, with the rule that says so."""
    found = effective_options(options, mode)
    given_members = unstructure(options)
    defaults = BASIC | ({"VerifyMode": "ONLY_FILES_TRANSFERRED"} if mode == "ENHANCED" else {})
    assert unstructure(found.value) == defaults | given_members
    assert found.defaults.keys() == defaults.keys() - given_members.keys()
    rules = {(entry["member"], str(entry.get("value"))): entry["id"] for entry in DEFAULTS}
    for name, default in found.defaults.items():
        assert default.rule == rules[f"Options.{name}", defaults[name]]
        assert default.quote


@pytest.mark.parametrize("name", COMPLETE)
@settings(max_examples=20)
@given(data=st.data())
def test_requests(name: str, data: st.DataObject) -> None:
    """What is given stays, wherever it is; filling in twice changes nothing more; all is said."""
    request = data.draw(instances(class_of(name), valid=True))
    found = effective(request)
    assert_kept(plain(request), plain(found.value))
    again = effective(found.value)
    assert again.value == found.value
    words_only = {path for path, default in found.defaults.items() if default.says}
    assert again.defaults.keys() == words_only
    flat, before = dict(leaves(plain(found.value))), dict(leaves(plain(request)))
    for path in flat.keys() - before.keys():
        assert any(path == told or path.startswith(f"{told}.") for told in found.defaults), path


def assert_kept(before: Any, after: Any) -> None:
    """Whether everything of a tree is still there in another one."""
    if isinstance(before, dict):
        for name, value in before.items():
            assert_kept(value, after[name])
    else:
        assert before == after


def leaves(tree: dict[str, Any], path: str = "") -> Any:
    """The paths of a tree's values."""
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value if not isinstance(value, list) else json.dumps(value, default=str)


def test_what_depends_on_other_members() -> None:
    s3 = m.CreateLocationS3Request(
        s3_bucket_arn="arn:aws:s3:::b", s3_config=m.S3Config(bucket_access_role_arn="arn:aws:iam::1:role/r")
    )
    found = effective(s3)
    assert (found.value.s3_storage_class, found.defaults["S3StorageClass"].rule) == ("STANDARD", "S3-03")
    outpost = "arn:aws:s3-outposts:eu-west-1:111222333444:outpost/op-1/accesspoint/ap"
    found = effective(m.CreateLocationS3Request(s3_bucket_arn=outpost, s3_config=s3.s3_config))
    assert (found.value.s3_storage_class, found.defaults["S3StorageClass"].rule) == ("OUTPOSTS", "S3-04")


def test_what_follows_another_member() -> None:
    """One kind of protection given, the other is the same; none given, both are PRIVACY."""
    hdfs: dict[str, Any] = {
        "name_nodes": [m.HdfsNameNode(hostname="h", port=8020)],
        "authentication_type": "SIMPLE",
        "agent_arns": ["a"],
    }
    for given_members, expected in (
        ({}, ("PRIVACY", "PRIVACY")),
        ({"rpc_protection": "DISABLED"}, ("DISABLED", "DISABLED")),
        ({"data_transfer_protection": "INTEGRITY"}, ("INTEGRITY", "INTEGRITY")),
        (
            {"rpc_protection": "DISABLED", "data_transfer_protection": "PRIVACY"},
            ("DISABLED", "PRIVACY"),
        ),
    ):
        qop = m.QopConfiguration(**given_members) if given_members else None  # type: ignore[arg-type]
        used = effective(m.CreateLocationHdfsRequest(**hdfs, qop_configuration=qop)).value.qop_configuration
        assert used is not None
        assert (used.rpc_protection, used.data_transfer_protection) == expected


def test_what_is_not_there_is_not_made() -> None:
    """A task without a schedule, a manifest or a report gets none by their defaults."""
    request = m.CreateTaskRequest(source_location_arn=SOURCE, destination_location_arn=DESTINATION)
    used = effective(request)
    assert (used.value.schedule, used.value.manifest_config, used.value.task_report_config) == (None,) * 3
    assert used.value.task_mode == "BASIC"
    assert "CloudWatchLogGroupArn" not in used.defaults


def test_what_is_used_without_being_a_value() -> None:
    request = m.CreateTaskRequest(
        source_location_arn=SOURCE, destination_location_arn=DESTINATION, task_mode="ENHANCED"
    )
    used = effective(request)
    assert used.value.cloud_watch_log_group_arn is None
    assert used.defaults["CloudWatchLogGroupArn"].says == "the log group /aws/datasync"


def test_updates_have_no_defaults() -> None:
    """What they leave out stays as it was, whatever that is."""
    for request in (m.UpdateTaskRequest(task_arn="t"), m.ListTasksRequest(), m.Options()):
        with pytest.raises(TypeError, match="stays as it is"):
            effective(request)  # type: ignore[type-var]


def test_every_default_is_used_somewhere() -> None:
    """Each entry of the rules fills in a member of some request, or says in words what is used."""
    used = {
        (default.rule, default.member)
        for name in COMPLETE
        for request in variants(class_of(name))
        for default in effective(request).defaults.values()
    }
    expected = {(entry["id"], entry["member"].partition(".")[2]) for entry in DEFAULTS}
    assert expected == used


def variants(cls: type[Any]) -> Iterator[Any]:
    """A request with as little as possible, and with nothing but empty structures, in several forms."""
    small = smallest(cls)
    yield small
    if hasattr(small, "s3_bucket_arn"):
        yield evolve(small, s3_bucket_arn="arn:aws:s3-outposts:::b")
    parts = {m.attribute: smallest(m.hint) for m in members_of(cls) if is_structure(m.hint)}
    filled = evolve(small, **parts)
    yield filled
    if hasattr(small, "task_mode"):
        yield evolve(filled, task_mode="ENHANCED")
        source = m.SourceManifestConfig(s3=smallest(m.S3ManifestConfig))
        yield evolve(filled, manifest_config=m.ManifestConfig(source=source))
    if hasattr(small, "protocol"):
        yield evolve(small, protocol=m.FsxProtocol(nfs=m.FsxProtocolNfs()))
    if hasattr(small, "qop_configuration"):
        for given_members in ({"rpc_protection": "PRIVACY"}, {"data_transfer_protection": "PRIVACY"}):
            yield evolve(small, qop_configuration=m.QopConfiguration(**given_members))  # type: ignore[arg-type]


def test_answers_are_values_that_nobody_can_change() -> None:
    one, other = effective_options(None, "BASIC"), effective_options(None, "BASIC")
    assert one == other
    assert hash(one) == hash(other)
    default = one.defaults["VerifyMode"]
    assert len({default, other.defaults["VerifyMode"]}) == 1
    for change in (
        lambda: one.defaults.update({}),  # type: ignore[attr-defined]
        lambda: default.when.update({}),  # type: ignore[attr-defined]
    ):
        with pytest.raises(TypeError):
            change()


@pytest.mark.parametrize("wrong", [{}, {"Atime": "NONE"}, "x"])
def test_options_must_be_options(wrong: Any) -> None:
    for call in (
        lambda: effective_options(wrong),
        lambda: merged_options(wrong, None),
        lambda: merged_options(None, wrong),
    ):
        with pytest.raises(TypeError, match="options must be Options"):
            call()
    with pytest.raises(TypeError, match="CreateTaskRequest makes nothing"):
        effective(m.CreateTaskRequest)  # type: ignore[type-var]
    with pytest.raises(ValueError, match="'FAST' is not a task mode"):
        effective_options(None, "FAST")  # type: ignore[arg-type]
