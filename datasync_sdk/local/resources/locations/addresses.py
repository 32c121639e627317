"""The URIs of locations, from the requests that make and change them.

All of it may raise a ValueError: for names that no folder can have.
"""

from __future__ import annotations

from typing import Any

from attrs import evolve

from datasync_sdk import models as m
from datasync_sdk.local.places.uris import LocationType, LocationUri, segments


def moved(uri: LocationUri, request: Any) -> LocationUri:
    """The URI after an update that has a subdirectory, and a host if it is of a server."""
    authority = getattr(request, "server_hostname", None) or uri.authority
    path = uri.path if request.subdirectory is None else segments(request.subdirectory)
    return evolve(uri, authority=authority, path=path)


def azure_blob_uri(request: m.CreateLocationAzureBlobRequest) -> LocationUri:
    """Of `https://account.blob.core.windows.net/container`."""
    host, _, container = request.container_url.removeprefix("https://").partition("/")
    return LocationUri(
        type=LocationType.AZURE_BLOB,
        authority=host,
        container=container,
        path=segments(request.subdirectory or ""),
    )


def file_system_uri(kind: LocationType, arn: str, subdirectory: str | None) -> LocationUri:
    """Of `arn:aws:fsx:REGION:123456789012:file-system/fs-abcd`, or `.../fs-abcd/svm-abcd`."""
    fields = arn.split(":")
    ids = fields[5].split("/")[1:]
    return LocationUri(type=kind, authority=".".join([fields[3], *ids]), path=segments(subdirectory or ""))


def efs_uri(request: m.CreateLocationEfsRequest) -> LocationUri:
    """Of the ARN of the file system."""
    return file_system_uri(LocationType.EFS, request.efs_filesystem_arn, request.subdirectory)


def fsx_lustre_uri(request: m.CreateLocationFsxLustreRequest) -> LocationUri:
    """Of the ARN of the file system."""
    return file_system_uri(LocationType.FSX_LUSTRE, request.fsx_filesystem_arn, request.subdirectory)


def fsx_open_zfs_uri(request: m.CreateLocationFsxOpenZfsRequest) -> LocationUri:
    """Of the ARN of the file system. A path "must begin with /fsx", so that is where it begins."""
    subdirectory = request.subdirectory or "/fsx"
    return file_system_uri(LocationType.FSX_OPENZFS_NFS, request.fsx_filesystem_arn, subdirectory)


def fsx_windows_uri(request: m.CreateLocationFsxWindowsRequest) -> LocationUri:
    """Of the ARN of the file system."""
    return file_system_uri(LocationType.FSX_WINDOWS, request.fsx_filesystem_arn, request.subdirectory)


def fsx_ontap_uri(request: m.CreateLocationFsxOntapRequest) -> LocationUri:
    """Of the ARN of the storage virtual machine; the protocol is a part of the type."""
    is_smb = request.protocol.smb is not None
    kind = LocationType.FSX_ONTAP_SMB if is_smb else LocationType.FSX_ONTAP_NFS
    return file_system_uri(kind, request.storage_virtual_machine_arn, request.subdirectory)


def hdfs_uri(request: m.CreateLocationHdfsRequest) -> LocationUri:
    """Of the first NameNode."""
    return LocationUri(
        type=LocationType.HDFS,
        authority=name_node(request.name_nodes),
        path=segments(request.subdirectory or ""),
    )


def name_node(nodes: tuple[m.HdfsNameNode, ...]) -> str:
    """How a URI names a cluster."""
    return f"{nodes[0].hostname}:{nodes[0].port}"


def hdfs_moved(uri: LocationUri, request: m.UpdateLocationHdfsRequest) -> LocationUri:
    """The URI after an update."""
    authority = name_node(request.name_nodes) if request.name_nodes else uri.authority
    return evolve(moved(uri, request), authority=authority)


def nfs_uri(request: m.CreateLocationNfsRequest) -> LocationUri:
    """Of the server and the path of the export."""
    return LocationUri(
        type=LocationType.NFS, authority=request.server_hostname, path=segments(request.subdirectory)
    )


def object_storage_uri(request: m.CreateLocationObjectStorageRequest) -> LocationUri:
    """Of the server and the bucket. The service does not tell the port here."""
    return LocationUri(
        type=LocationType.OBJECT_STORAGE,
        authority=request.server_hostname,
        container=request.bucket_name,
        path=segments(request.subdirectory or ""),
    )


def s3_uri(request: m.CreateLocationS3Request) -> LocationUri:
    """Of the bucket's name, or of the ARN of its access point."""
    arn, is_bucket, bucket = request.s3_bucket_arn.partition(":::")
    return LocationUri(
        type=LocationType.S3,
        authority=bucket if is_bucket else arn,
        path=segments(request.subdirectory or ""),
    )


def smb_uri(request: m.CreateLocationSmbRequest) -> LocationUri:
    """Of the server and the share."""
    return LocationUri(
        type=LocationType.SMB, authority=request.server_hostname, path=segments(request.subdirectory)
    )
