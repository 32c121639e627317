"""Locations: their types, their URIs taken apart, and how to describe one.

    from datasync_sdk.locations import describe_request

    for entry in client.iter_locations():
        match client.send(describe_request(entry.location_uri or "", entry.location_arn or "")):
            case DescribeLocationNfsResponse(mount_options=options):
                print(options)
            case DescribeLocationS3Response(s3_storage_class=storage_class):
                print(storage_class)

There is one Describe operation for each type, and an ARN does not say of what type its location is: the URI
does, which ListLocations tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol, TypeAlias

from datasync_sdk import models as m
from datasync_sdk._runtime.structures import Request
from datasync_sdk.location_uris import LocationType, LocationUri, same_place

__all__ = [
    "DESCRIBE_BY_TYPE",
    "CreatesLocation",
    "DescribedLocation",
    "DescribesLocation",
    "LocationType",
    "LocationUri",
    "describe_request",
    "same_place",
    "uri_of",
]

DescribedLocation: TypeAlias = (
    m.DescribeLocationAzureBlobResponse
    | m.DescribeLocationEfsResponse
    | m.DescribeLocationFsxLustreResponse
    | m.DescribeLocationFsxOntapResponse
    | m.DescribeLocationFsxOpenZfsResponse
    | m.DescribeLocationFsxWindowsResponse
    | m.DescribeLocationHdfsResponse
    | m.DescribeLocationNfsResponse
    | m.DescribeLocationObjectStorageResponse
    | m.DescribeLocationS3Response
    | m.DescribeLocationSmbResponse
)
"""What describes a location: one class for each type, which `match` tells apart."""


CreatesLocation: TypeAlias = (
    m.CreateLocationAzureBlobRequest
    | m.CreateLocationEfsRequest
    | m.CreateLocationFsxLustreRequest
    | m.CreateLocationFsxOntapRequest
    | m.CreateLocationFsxOpenZfsRequest
    | m.CreateLocationFsxWindowsRequest
    | m.CreateLocationHdfsRequest
    | m.CreateLocationNfsRequest
    | m.CreateLocationObjectStorageRequest
    | m.CreateLocationS3Request
    | m.CreateLocationSmbRequest
)
"""What creates a location: one class for each type, but one for both protocols of FSx for ONTAP."""


class DescribesLocation(Protocol):
    """The class of a request that describes locations of one type."""

    def __call__(self, *, location_arn: str) -> Request[DescribedLocation]:
        """Make the request."""
        ...


DESCRIBE_BY_TYPE: Final[Mapping[LocationType, DescribesLocation]] = MappingProxyType(
    {
        LocationType.S3: m.DescribeLocationS3Request,
        LocationType.SMB: m.DescribeLocationSmbRequest,
        LocationType.NFS: m.DescribeLocationNfsRequest,
        LocationType.EFS: m.DescribeLocationEfsRequest,
        LocationType.FSX_WINDOWS: m.DescribeLocationFsxWindowsRequest,
        LocationType.OBJECT_STORAGE: m.DescribeLocationObjectStorageRequest,
        LocationType.AZURE_BLOB: m.DescribeLocationAzureBlobRequest,
        LocationType.HDFS: m.DescribeLocationHdfsRequest,
        LocationType.FSX_LUSTRE: m.DescribeLocationFsxLustreRequest,
        LocationType.FSX_ONTAP_NFS: m.DescribeLocationFsxOntapRequest,
        LocationType.FSX_ONTAP_SMB: m.DescribeLocationFsxOntapRequest,
        LocationType.FSX_OPENZFS_NFS: m.DescribeLocationFsxOpenZfsRequest,
    }
)
"""The request that describes a location, by its type; the usual ones first."""


def describe_request(uri: LocationUri | str, location_arn: str) -> Request[DescribedLocation]:
    """The request that describes a location: an ARN does not say of what type it is, but the URI does.

    Raises:
        ValueError: the text is not the URI of a location, or its type is not known.
    """
    kind = LocationUri.parse(str(uri)).type
    if kind not in DESCRIBE_BY_TYPE:
        known = ", ".join(each.value for each in DESCRIBE_BY_TYPE)
        raise ValueError(
            f"locations of type {kind.value!r:.60} are not known to this version of the SDK, which knows "
            f"{known}: a newer one may know how to describe them"
        )
    return DESCRIBE_BY_TYPE[kind](location_arn=location_arn)


def uri_of(request: CreatesLocation) -> LocationUri:
    """The URI that a location has which a request creates: what `client.iter_locations()` would tell.

    The service puts a slash at both ends of the subdirectory. No page of AWS says how it names a server: what
    is done here is what it was seen to do.

    Raises:
        ValueError: the request names what no URI can have, such as a host with a slash.
    """
    kind, authority, container = _place_of(request)
    path = request.subdirectory or ("/fsx/" if kind == LocationType.FSX_OPENZFS_NFS else "/")
    begin, end = "" if path.startswith("/") else "/", "" if path.endswith("/") else "/"
    return LocationUri(
        type=kind, authority=authority, container=container, subdirectory=f"{begin}{path}{end}"
    )


def _place_of(request: CreatesLocation) -> tuple[LocationType, str, str | None]:
    """The type, the authority, and the container."""
    match request:
        case m.CreateLocationAzureBlobRequest():
            host, _, container = request.container_url.removeprefix("https://").partition("/")
            return LocationType.AZURE_BLOB, host, container
        case m.CreateLocationHdfsRequest():
            nodes = [f"{node.hostname}:{node.port}" for node in request.name_nodes]
            return LocationType.HDFS, nodes[0] if nodes else "", None
        case m.CreateLocationNfsRequest() | m.CreateLocationSmbRequest():
            is_nfs = isinstance(request, m.CreateLocationNfsRequest)
            return LocationType.NFS if is_nfs else LocationType.SMB, request.server_hostname, None
        case m.CreateLocationObjectStorageRequest():
            return LocationType.OBJECT_STORAGE, request.server_hostname, request.bucket_name
        case m.CreateLocationS3Request():
            arn, is_bucket, bucket = request.s3_bucket_arn.partition(":::")
            return LocationType.S3, bucket if is_bucket else arn, None
        case _:
            return _file_system_of(request)


def _file_system_of(
    request: m.CreateLocationEfsRequest
    | m.CreateLocationFsxLustreRequest
    | m.CreateLocationFsxOntapRequest
    | m.CreateLocationFsxOpenZfsRequest
    | m.CreateLocationFsxWindowsRequest,
) -> tuple[LocationType, str, None]:
    """The type, and what the ARN of the file system, or of its storage virtual machine, names."""
    match request:
        case m.CreateLocationEfsRequest():
            kind, arn = LocationType.EFS, request.efs_filesystem_arn
        case m.CreateLocationFsxOntapRequest():
            # Which protocol it is, is a part of the type.
            is_smb = request.protocol.smb is not None
            kind = LocationType.FSX_ONTAP_SMB if is_smb else LocationType.FSX_ONTAP_NFS
            arn = request.storage_virtual_machine_arn
        case m.CreateLocationFsxLustreRequest():
            kind, arn = LocationType.FSX_LUSTRE, request.fsx_filesystem_arn
        case m.CreateLocationFsxOpenZfsRequest():
            kind, arn = LocationType.FSX_OPENZFS_NFS, request.fsx_filesystem_arn
        case m.CreateLocationFsxWindowsRequest():
            kind, arn = LocationType.FSX_WINDOWS, request.fsx_filesystem_arn
    return kind, authority_of(arn), None


def authority_of(arn: str) -> str:
    """How URIs name what an ARN of a file system or storage virtual machine names: `eu-west-1.fs-01.svm-02`.

    Raises:
        ValueError: it is no such ARN.
    """
    parts = arn.split(":", 5)
    _, *ids = parts[-1].split("/")
    if len(parts) < 6 or not all(ids) or not ids:  # noqa: PLR2004  # `arn` and five more
        raise ValueError(f"{arn!r:.200} is not the ARN of a file system, which ends in file-system/fs-...")
    return ".".join([parts[3], *ids])
