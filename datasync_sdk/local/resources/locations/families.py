"""The eleven types of locations, and what is special about each.

What most of them share is in `handlers.py`: a member that a location is made with and that Describe answers
has the same name in both. What is here is the rest: where the URI comes from, which members are credentials,
what excludes what, and defaults that the documentation tells of in other words, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from attrs import evolve, field, frozen

from datasync_sdk import models as m
from datasync_sdk.local.places.uris import LocationUri
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.resources.locations import addresses
from datasync_sdk.local.resources.locations.credentials import with_credentials, without_credentials

__all__ = ["FAMILIES", "Family"]


def _as_it_is(described: Any, _: Any, __: str) -> Any:
    return described


@frozen(kw_only=True)
class Family:
    """A type of locations."""

    name: str
    """As in the names of its operations: `Nfs`."""
    title: str
    """In messages."""
    moved: Callable[[LocationUri, Any], LocationUri] = addresses.moved
    """The URI after an update."""
    credentials: tuple[str, ...] | None = None
    """Members of requests that are credentials; None where they have none, nor secrets of their own."""
    settled: Callable[[Any, Any, str], Any] = field(default=_as_it_is)
    """What becomes of a description after a request; the text is the ARN of a secret that DataSync makes."""

    def shape(self, pattern: str) -> Any:
        """A class of the models: `shape("CreateLocation{}Request")`."""
        return getattr(m, pattern.format(self.name))


def azure_blob_settled(location: m.DescribeLocationAzureBlobResponse, _: Any, __: str) -> Any:
    """Credentials are those of the type of authentication."""
    sas = m.AzureBlobAuthenticationType.SAS
    if location.authentication_type != sas:
        location = without_credentials(location)
    if location.authentication_type != m.AzureBlobAuthenticationType.OIDC:
        location = evolve(location, federated_identity=None)
    # The service takes block blobs only. That it says HOT where nobody chose is what others have seen.
    return evolve(
        location,
        blob_type=location.blob_type or m.AzureBlobType.BLOCK,
        access_tier=location.access_tier or m.AzureAccessTier.HOT,
    )


def efs_settled(location: m.DescribeLocationEfsResponse, _: Any, __: str) -> Any:
    """Without encryption, unless somebody asks for it. No sentence says so."""
    return evolve(location, in_transit_encryption=location.in_transit_encryption or "NONE")


def fsx_open_zfs_settled(location: m.DescribeLocationFsxOpenZfsResponse, request: Any, _: str) -> Any:
    """It has NFS only, and of that the version."""
    protocols = filter(None, (request.protocol, location.protocol))
    options = (each.nfs.mount_options for each in protocols if each.nfs)
    version = next((each.version for each in options if each and each.version), m.NfsVersion.AUTOMATIC)
    nfs = m.FsxProtocolNfs(mount_options=m.NfsMountOptions(version=version))
    return evolve(location, protocol=m.FsxProtocol(nfs=nfs))


def fsx_ontap_settled(location: m.DescribeLocationFsxOntapResponse, request: Any, secret: str) -> Any:
    """The file system is that of the storage virtual machine. The protocol has credentials of its own."""
    machine = location.storage_virtual_machine_arn or ""
    before = location.protocol or m.FsxProtocol()
    return evolve(
        location,
        fsx_filesystem_arn=machine.rpartition("/")[0].replace(":storage-virtual-machine/", ":file-system/"),
        protocol=ontap_protocol(before, request.protocol, secret) if request.protocol else before,
    )


def ontap_protocol(
    before: m.FsxProtocol, given: m.FsxProtocol | m.FsxUpdateProtocol, secret: str
) -> m.FsxProtocol:
    """The protocol after a request. "DataSync currently only supports NFS version 3" there."""
    if before.nfs is not None and given.smb is not None:
        raise Refusal(message="The location uses NFS: the configuration of SMB cannot be updated.")
    if given.smb is None:
        return before if before.smb else m.FsxProtocol(nfs=ONTAP_NFS)
    smb = before.smb or m.FsxProtocolSmb(user=given.smb.user or "")
    options = (given.smb.mount_options, smb.mount_options)
    version = next((each.version for each in options if each and each.version), m.SmbVersion.AUTOMATIC)
    told = evolve(
        smb,
        user=given.smb.user or smb.user,
        domain=smb.domain if given.smb.domain is None else given.smb.domain or None,
        mount_options=m.SmbMountOptions(version=version),
    )
    return m.FsxProtocol(smb=with_credentials(told, given.smb, ("password",), secret))


ONTAP_NFS: Final = m.FsxProtocolNfs(mount_options=m.NfsMountOptions(version=m.NfsVersion.NFS3))


def hdfs_settled(location: m.DescribeLocationHdfsResponse, _: Any, __: str) -> Any:
    """Each type of authentication has a member of its own, and needs it."""
    if location.authentication_type == m.HdfsAuthenticationType.KERBEROS:
        member, location = "KerberosPrincipal", evolve(location, simple_user=None)
        is_there = location.kerberos_principal is not None
    else:
        member, location = "SimpleUser", evolve(without_credentials(location), kerberos_principal=None)
        is_there = location.simple_user is not None
    if not is_there:
        raise Refusal(message=f"{location.authentication_type} authentication needs {member}.")
    return location


def object_storage_settled(location: m.DescribeLocationObjectStorageResponse, request: Any, _: str) -> Any:
    """Keys and a federated identity exclude each other. The port is that of the protocol."""
    if request.federated_identity is not None:
        location = evolve(without_credentials(location), access_key=None)
    elif request.access_key or request.secret_key:
        location = evolve(location, federated_identity=None)
    is_plain = location.server_protocol == m.ObjectStorageServerProtocol.HTTP
    return evolve(location, server_port=location.server_port or (80 if is_plain else 443))


def smb_settled(location: m.DescribeLocationSmbResponse, _: Any, __: str) -> Any:
    """User and Domain are for NTLM, servers of DNS for KERBEROS: Describe tells what applies."""
    if location.authentication_type == m.SmbAuthenticationType.KERBEROS:
        return evolve(location, user=None, domain=None)
    return evolve(location, dns_ip_addresses=None)


FAMILIES: Final = (
    Family(
        name="AzureBlob",
        title="Azure Blob Storage location",
        credentials=("sas_configuration",),
        settled=azure_blob_settled,
    ),
    Family(name="Efs", title="EFS location", settled=efs_settled),
    Family(name="FsxLustre", title="FSx for Lustre location"),
    Family(
        name="FsxOntap",
        title="FSx for ONTAP location",
        settled=fsx_ontap_settled,
    ),
    Family(
        name="FsxOpenZfs",
        title="FSx for OpenZFS location",
        settled=fsx_open_zfs_settled,
    ),
    Family(
        name="FsxWindows",
        title="FSx for Windows File Server location",
        credentials=("password",),
    ),
    Family(
        name="Hdfs",
        title="HDFS location",
        moved=addresses.hdfs_moved,
        credentials=("kerberos_keytab",),
        settled=hdfs_settled,
    ),
    Family(name="Nfs", title="NFS location"),
    Family(
        name="ObjectStorage",
        title="Object storage location",
        credentials=("secret_key",),
        settled=object_storage_settled,
    ),
    Family(name="S3", title="S3 location"),
    Family(
        name="Smb",
        title="SMB location",
        credentials=("password", "kerberos_keytab"),
        settled=smb_settled,
    ),
)
"""All of them, as their operations are ordered."""
