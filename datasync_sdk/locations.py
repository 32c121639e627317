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
    "DescribedLocation",
    "DescribesLocation",
    "LocationType",
    "LocationUri",
    "describe_request",
    "same_place",
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
