"""Locations, case by case: secrets, protocols, what is removed, what is refused, what stays where it is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, fields_dict

from datasync_sdk import models as m
from datasync_sdk import unstructure
from datasync_sdk.local.clock import ManualClock
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.resources.locations.families import FAMILIES, Family
from datasync_sdk.local.state import Kind, State
from tests.local.states import START, ask, make_agent, make_bucket, make_task, states, with_agents
from tests.local.test_locations import CONFIGS, SECRET, assert_no_secret, describe, families


@families
def test_a_location_of_another_type_is_not_found(family: Family) -> None:
    with states() as state:
        agent = make_agent(state)
        nas = m.CreateLocationNfsRequest(
            server_hostname="nas", subdirectory="/", on_prem_config=m.OnPremConfig(agent_arns=[agent])
        )
        bucket = make_bucket(state)
        for arn in (
            ask(state, nas).location_arn if family.name != "Nfs" else bucket,
            agent,
            bucket[:-1] + "x",
        ):
            before = state.store.list(Kind.LOCATION)
            for pattern in ("DescribeLocation{}Request", "UpdateLocation{}Request"):
                with pytest.raises(Refusal, match=f"{family.title} {arn} is not found") as caught:
                    ask(state, family.shape(pattern)(location_arn=arn))
                assert caught.value.error_code == "NotFound"
            assert state.store.list(Kind.LOCATION) == before


def smb(state: State, **members: Any) -> str:
    if "agent_arns" not in members:
        members["agent_arns"] = [make_agent(state)]
    request = m.CreateLocationSmbRequest(server_hostname="nas", subdirectory="/share", **members)
    arn: str = ask(state, request).location_arn
    return arn


def smb_config(state: State, arn: str) -> dict[str, Any]:
    told = unstructure(ask(state, m.DescribeLocationSmbRequest(location_arn=arn)))
    return {name: value for name, value in told.items() if name in CONFIGS}


KEY = m.CmkSecretConfig(kms_key_arn="arn:aws:kms:us-east-1:123456789012:key/1")
OWN_SECRET = m.CustomSecretConfig(
    secret_arn="arn:aws:secretsmanager:us-east-1:123456789012:secret:mine-abcdef",
    secret_access_role_arn="arn:aws:iam::123456789012:role/secrets",
)


def test_a_location_has_one_of_three_secrets() -> None:
    with states() as state:
        arn = smb(state, user="me", password=SECRET)
        update = m.UpdateLocationSmbRequest(location_arn=arn)
        name = arn.rpartition("/")[2]
        (made,) = smb_config(state, arn).values()
        secret = made["SecretArn"]
        assert secret.startswith(f"arn:aws:secretsmanager:us-east-1:123456789012:secret:aws-datasync!{name}-")
        ask(state, evolve(update, user="you"))
        assert smb_config(state, arn) == {"ManagedSecretConfig": {"SecretArn": secret}}
        ask(state, evolve(update, password=SECRET, cmk_secret_config=KEY))
        with_key = {"CmkSecretConfig": {"SecretArn": secret, "KmsKeyArn": KEY.kms_key_arn}}
        assert smb_config(state, arn) == with_key
        ask(state, evolve(update, password=SECRET))
        assert smb_config(state, arn) == with_key
        ask(state, evolve(update, cmk_secret_config=m.CmkSecretConfig(kms_key_arn="")))
        assert smb_config(state, arn) == {"ManagedSecretConfig": {"SecretArn": secret}}
        ask(state, evolve(update, custom_secret_config=OWN_SECRET))
        assert smb_config(state, arn) == {"CustomSecretConfig": unstructure(OWN_SECRET)}
        none = m.CustomSecretConfig(secret_arn="", secret_access_role_arn="")
        ask(state, evolve(update, custom_secret_config=none))
        assert smb_config(state, arn) == {}
        assert_no_secret(state)


def test_protocols_of_ontap_keep_what_is_told_and_no_password() -> None:
    machine = "arn:aws:fsx:eu-west-1:123456789012:storage-virtual-machine/fs-01/svm-00000000000000002"
    base = m.CreateLocationFsxOntapRequest(
        storage_virtual_machine_arn=machine,
        security_group_arns=["arn:aws:ec2:eu-west-1:123456789012:security-group/sg-1"],
        protocol=m.FsxProtocol(nfs=m.FsxProtocolNfs()),
        subdirectory="/vol1/tree1",
    )
    with states() as state:
        nfs = ask(state, m.DescribeLocationFsxOntapRequest(location_arn=ask(state, base).location_arn))
        assert unstructure(nfs.protocol) == {"NFS": {"MountOptions": {"Version": "NFS3"}}}
        assert nfs.location_uri == "fsxn-nfs://eu-west-1.fs-01.svm-00000000000000002/vol1/tree1/"
        assert nfs.fsx_filesystem_arn == "arn:aws:fsx:eu-west-1:123456789012:file-system/fs-01"
        update = m.UpdateLocationFsxOntapRequest(
            location_arn=nfs.location_arn,
            protocol=m.FsxUpdateProtocol(smb=m.FsxUpdateProtocolSmb(user="me")),
        )
        with pytest.raises(Refusal, match="uses NFS"):
            ask(state, update)
        options = m.SmbMountOptions(version="SMB3")
        given_ = m.FsxProtocolSmb(user="me", domain="corp", password=SECRET, mount_options=options)
        arn = ask(state, evolve(base, protocol=m.FsxProtocol(smb=given_))).location_arn
        told = unstructure(ask(state, m.DescribeLocationFsxOntapRequest(location_arn=arn)))
        assert told["LocationUri"].startswith("fsxn-smb://")
        protocol = told["Protocol"]["SMB"]
        secret = protocol.pop("ManagedSecretConfig")
        assert protocol == {"User": "me", "Domain": "corp", "MountOptions": {"Version": "SMB3"}}
        changes = m.FsxUpdateProtocolSmb(user="you", domain="", mount_options=m.SmbMountOptions())
        ask(state, evolve(update, location_arn=arn, protocol=m.FsxUpdateProtocol(smb=changes)))
        told = unstructure(ask(state, m.DescribeLocationFsxOntapRequest(location_arn=arn)))
        assert told["Protocol"]["SMB"] == {
            "User": "you",
            "MountOptions": {"Version": "SMB3"},
            "ManagedSecretConfig": secret,
        }
        assert_no_secret(state)


def test_the_version_of_openzfs_stays_unless_given() -> None:
    request = m.CreateLocationFsxOpenZfsRequest(
        fsx_filesystem_arn="arn:aws:fsx:us-west-2:123456789012:file-system/fs-01",
        security_group_arns=["arn:aws:ec2:us-west-2:123456789012:security-group/sg-1"],
        protocol=m.FsxProtocol(nfs=m.FsxProtocolNfs()),
    )
    with states() as state:
        arn = ask(state, request).location_arn
        described = m.DescribeLocationFsxOpenZfsRequest(location_arn=arn)
        for given_, expected in ((None, "AUTOMATIC"), ("NFS3", "NFS3"), (None, "NFS3")):
            nfs = m.FsxProtocolNfs(mount_options=m.NfsMountOptions(version=given_))  # type: ignore[arg-type]
            protocol = m.FsxProtocol(nfs=nfs)
            ask(state, m.UpdateLocationFsxOpenZfsRequest(location_arn=arn, protocol=protocol))
            told = unstructure(ask(state, described))
            assert told["Protocol"] == {"NFS": {"MountOptions": {"Version": expected}}}
        assert told["LocationUri"] == "fsxz://us-west-2.fs-01/fsx/"


def test_empty_texts_remove() -> None:
    request = m.CreateLocationEfsRequest(
        efs_filesystem_arn="arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-01234567",
        ec2_config=m.Ec2Config(
            subnet_arn="arn:aws:ec2:us-east-1:123456789012:subnet/subnet-1",
            security_group_arns=["arn:aws:ec2:us-east-1:123456789012:security-group/sg-1"],
        ),
        access_point_arn="arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-01234567",
        file_system_access_role_arn="arn:aws:iam::123456789012:role/files",
        in_transit_encryption="TLS1_2",
    )
    with states() as state:
        arn = ask(state, request).location_arn
        ask(state, m.UpdateLocationEfsRequest(location_arn=arn, access_point_arn=""))
        told = ask(state, m.DescribeLocationEfsRequest(location_arn=arn))
        assert (told.access_point_arn, told.file_system_access_role_arn) == (
            None,
            "arn:aws:iam::123456789012:role/files",
        )


def test_authentication_changes_need_what_they_need() -> None:
    with states() as state:
        arn = ask(
            state,
            m.CreateLocationHdfsRequest(
                name_nodes=[m.HdfsNameNode(hostname="node", port=8020)],
                authentication_type="SIMPLE",
                simple_user="me",
                agent_arns=[make_agent(state)],
                qop_configuration=m.QopConfiguration(rpc_protection="PRIVACY"),
            ),
        ).location_arn
        update = m.UpdateLocationHdfsRequest(location_arn=arn, authentication_type="KERBEROS")
        with pytest.raises(Refusal, match="KERBEROS authentication needs KerberosPrincipal"):
            ask(state, update)
        ask(state, evolve(update, kerberos_principal="me@CORP", kerberos_keytab=SECRET.encode()))
        told = unstructure(ask(state, m.DescribeLocationHdfsRequest(location_arn=arn)))
        assert told["KerberosPrincipal"] == "me@CORP"
        assert "SimpleUser" not in told
        assert "ManagedSecretConfig" in told
        assert told["QopConfiguration"] == {"RpcProtection": "PRIVACY", "DataTransferProtection": "PRIVACY"}
        qop = m.QopConfiguration(rpc_protection="INTEGRITY")
        ask(state, m.UpdateLocationHdfsRequest(location_arn=arn, qop_configuration=qop))
        told = unstructure(ask(state, m.DescribeLocationHdfsRequest(location_arn=arn)))
        assert told["QopConfiguration"] == {"RpcProtection": "INTEGRITY", "DataTransferProtection": "PRIVACY"}


def test_servers_of_smb_and_hdfs_move() -> None:
    with states() as state:
        arn = smb(state, user="me", domain="corp", password=SECRET)
        update = m.UpdateLocationSmbRequest(location_arn=arn)
        ask(state, evolve(update, authentication_type="KERBEROS", kerberos_principal="me@CORP"))
        told = unstructure(ask(state, m.DescribeLocationSmbRequest(location_arn=arn)))
        assert told["KerberosPrincipal"] == "me@CORP"
        assert not {"User", "Domain"} & set(told)
        ask(state, evolve(update, server_hostname="other"))
        assert ask(state, m.ListLocationsRequest()).locations[0].location_uri == "smb://other/share/"

        hdfs = next(each for each in FAMILIES if each.name == "Hdfs")
        cluster = ask(state, with_agents(example(hdfs), make_agent(state, 1))).location_arn
        nodes = [m.HdfsNameNode(hostname="first", port=1), m.HdfsNameNode(hostname="second", port=2)]
        ask(state, m.UpdateLocationHdfsRequest(location_arn=cluster, name_nodes=nodes))
        told = unstructure(describe(state, hdfs, cluster))
        assert told["LocationUri"] == "hdfs://first:1/fsx/"
        assert told["NameNodes"] == [unstructure(node) for node in nodes]


def test_agents_must_exist() -> None:
    nobody = "arn:aws:datasync:us-east-1:123456789012:agent/agent-00000000000000000"
    with states() as state:
        with pytest.raises(Refusal, match=f"Agent {nobody} is not found"):
            smb(state, agent_arns=[make_agent(state), nobody])
        assert state.store.count(Kind.LOCATION) == 0
        assert not (state.folders.root / "smb").exists()
        arn = smb(state, agent_arns=[make_agent(state, 1)])
        with pytest.raises(Refusal, match=f"Agent {nobody} is not found"):
            ask(state, m.UpdateLocationSmbRequest(location_arn=arn, agent_arns=[nobody]))


def test_a_location_in_use_is_not_deleted() -> None:
    with states() as state:
        ends = make_bucket(state, "one"), make_bucket(state, "two")
        task = make_task(state, *ends)
        for arn in ends:
            with pytest.raises(Refusal, match=f"{arn} is in use by the tasks {task}"):
                ask(state, m.DeleteLocationRequest(location_arn=arn))
        state.store.delete(task)
        for arn in ends:
            ask(state, m.DeleteLocationRequest(location_arn=arn))
            with pytest.raises(Refusal, match=f"Location {arn} is not found"):
                ask(state, m.DeleteLocationRequest(location_arn=arn))
        with pytest.raises(Refusal, match=r"Location .* is not found"):
            ask(state, m.DeleteLocationRequest(location_arn=make_agent(state)))


def test_files_outlive_their_location() -> None:
    with states() as state:
        arn = make_bucket(state)
        (state.folders.root / "s3/bucket/file").write_text("x")
        ask(state, m.DeleteLocationRequest(location_arn=arn))
        assert (state.folders.root / "s3/bucket/file").read_text() == "x"


def test_without_a_folder_there_is_no_location() -> None:
    with states(create=False) as state:
        with pytest.raises(Refusal, match="DataSync location access test failed"):
            make_bucket(state)
        assert ask(state, m.ListLocationsRequest()).locations == ()
        (state.folders.root / "s3/bucket").mkdir(parents=True)
        arn = make_bucket(state)
        update = m.UpdateLocationS3Request(location_arn=arn, subdirectory="sub")
        with pytest.raises(Refusal, match="DataSync location access test failed"):
            ask(state, update)
        assert ask(state, m.DescribeLocationS3Request(location_arn=arn)).location_uri == "s3://bucket/"
        # What is where it was is not looked at again.
        (state.folders.root / "s3/bucket").rmdir()
        ask(state, evolve(update, subdirectory="/", s3_storage_class="STANDARD_IA"))


def test_a_location_can_be_where_it_is_mounted(tmp_path: Path) -> None:
    with states(tmp_path / "root", create=False) as state:
        (tmp_path / "data").mkdir()
        state.folders.mount("s3://bucket/sub", tmp_path / "data")
        arn = make_bucket(state, subdirectory="/sub")
        assert ask(state, m.DescribeLocationS3Request(location_arn=arn)).location_uri == "s3://bucket/sub/"
        assert not (tmp_path / "root/s3").exists()


ESCAPES = ["..", "/..", "../../etc", "/a/../../b", "a/..", "./a", "/a/./b", "/.", "a//b", "//a", "a//", "//"]


@pytest.mark.parametrize("subdirectory", ESCAPES)
@families
def test_no_subdirectory_leads_elsewhere(family: Family, subdirectory: str, tmp_path: Path) -> None:
    request, update = example(family), family.shape("UpdateLocation{}Request")
    with states(tmp_path / "root") as state:
        whole = with_agents(request, make_agent(state))
        before = sorted(tmp_path.iterdir())
        with pytest.raises(Refusal, match=r"Invalid location.*part of the path"):
            ask(state, evolve(whole, subdirectory=subdirectory))
        assert [path.name for path in state.folders.root.iterdir()] == [".datasync"]
        arn = ask(state, whole).location_arn
        told = describe(state, family, arn)
        with pytest.raises(Refusal, match=r"Invalid location.*part of the path"):
            ask(state, update(location_arn=arn, subdirectory=subdirectory))
        assert describe(state, family, arn) == told
        assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["..", ".", "a/b", "a/../b", "a\0b", "a\nb", "../x", ""])
@pytest.mark.parametrize("member", ["bucket", "host", "node", "container", "stored", "machine", "point"])
def test_no_name_leads_elsewhere(member: str, name: str, tmp_path: Path) -> None:
    by_name = {family.name: family for family in FAMILIES}
    request: Any = {
        "bucket": lambda: evolve(example(by_name["S3"]), s3_bucket_arn=f"arn:aws:s3:::{name}"),
        "point": lambda: evolve(
            example(by_name["S3"]), s3_bucket_arn=f"arn:aws:s3:us-east-1:123456789012:accesspoint/{name}"
        ),
        "host": lambda: evolve(example(by_name["Nfs"]), server_hostname=name),
        "node": lambda: evolve(
            example(by_name["Hdfs"]), name_nodes=[m.HdfsNameNode(hostname=f"{name}/..", port=1)]
        ),
        "container": lambda: evolve(example(by_name["AzureBlob"]), container_url=f"https://host/{name}"),
        "stored": lambda: evolve(example(by_name["ObjectStorage"]), bucket_name=name),
        "machine": lambda: evolve(
            example(by_name["Efs"]),
            efs_filesystem_arn=f"arn:aws:elasticfilesystem:../x:123456789012:file-system/{name}",
        ),
    }[member]()
    with states(tmp_path / "root") as state:
        before = sorted(tmp_path.iterdir())
        with pytest.raises(Refusal, match="Invalid location"):
            ask(state, with_agents(request, make_agent(state)))
        assert [path.name for path in state.folders.root.iterdir()] == [".datasync"]
        assert sorted(tmp_path.iterdir()) == before
        assert ask(state, m.ListLocationsRequest()).locations == ()


def example(family: Family) -> Any:
    """A plain request that makes a location."""
    agents = ["arn:aws:datasync:us-east-1:123456789012:agent/agent-00000000000000000"]
    members: dict[str, Any] = {
        "container_url": "https://account.blob.core.windows.net/container",
        "efs_filesystem_arn": "arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-01234567",
        "ec2_config": m.Ec2Config(subnet_arn="arn:subnet", security_group_arns=["arn:group"]),
        "fsx_filesystem_arn": "arn:aws:fsx:us-east-1:123456789012:file-system/fs-01",
        "security_group_arns": ["arn:group"],
        "storage_virtual_machine_arn": "arn:aws:fsx:us-east-1:123456789012:storage-virtual-machine/fs-1/svm",
        "protocol": m.FsxProtocol(nfs=m.FsxProtocolNfs()),
        "user": "me",
        "name_nodes": [m.HdfsNameNode(hostname="node", port=8020)],
        "agent_arns": agents,
        "on_prem_config": m.OnPremConfig(agent_arns=agents),
        "server_hostname": "server",
        "bucket_name": "bucket",
        "s3_bucket_arn": "arn:aws:s3:::bucket",
        "s3_config": m.S3Config(bucket_access_role_arn="arn:aws:iam::123456789012:role/sync"),
        "subdirectory": "/fsx",
        "authentication_type": "SIMPLE" if family.name == "Hdfs" else None,
        "simple_user": "me",
    }
    if family.name == "AzureBlob":
        members["authentication_type"] = "NONE"
    cls = family.shape("CreateLocation{}Request")
    return cls(**{name: value for name, value in members.items() if name in fields_dict(cls)})


def test_locations_keep_their_time_through_updates() -> None:
    with states() as state:
        assert isinstance(state.clock, ManualClock)
        arn = make_bucket(state)
        state.clock.advance(timedelta(hours=1))
        ask(state, m.UpdateLocationS3Request(location_arn=arn, subdirectory="/later"))
        told = ask(state, m.DescribeLocationS3Request(location_arn=arn))
        assert (told.creation_time, told.location_uri) == (START, "s3://bucket/later/")


@pytest.mark.parametrize(
    ("protocol", "port", "expected"),
    [(None, None, 443), ("HTTPS", None, 443), ("HTTP", None, 80), ("HTTP", 9000, 9000)],
)
def test_the_port_is_that_of_the_protocol(protocol: Any, port: int | None, expected: int) -> None:
    family = next(each for each in FAMILIES if each.name == "ObjectStorage")
    with states() as state:
        request = with_agents(example(family), make_agent(state))
        arn = ask(state, evolve(request, server_protocol=protocol, server_port=port)).location_arn
        told = describe(state, family, arn)
        assert (told.server_protocol, told.server_port) == (protocol or "HTTPS", expected)
        ask(state, m.UpdateLocationObjectStorageRequest(location_arn=arn, server_port=8443))
        assert describe(state, family, arn) == evolve(told, server_port=8443)
