"""The URIs of locations, taken apart and put together; `datasync_sdk.locations` has more.

    from datasync_sdk.locations import LocationType, LocationUri

    uri = LocationUri.parse("fsxn-smb://eu-west-1.fs-01.svm-02/share1/")
    uri.type is LocationType.FSX_ONTAP_SMB             # True
    uri.region, uri.file_system, uri.subdirectory      # 'eu-west-1', 'fs-01', '/share1/'

The answers of Describe operations have neither bucket, server nor subdirectory, but a `LocationUri` that
tells them: "Format: TYPE://GLOBAL_ID/SUBDIR"
(https://docs.aws.amazon.com/datasync/latest/userguide/API_LocationListEntry.html). Nothing is escaped in it.
Of most file systems it does not tell the ARN, for it lacks the account.
"""

from __future__ import annotations

import re
from typing import Final

from attrs import field, frozen

from datasync_sdk._runtime.enums import OpenEnum

__all__ = ["LocationType", "LocationUri", "same_place"]

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")

# The name of a bucket has no colon: where one begins like an ARN, it is an access point, which has slashes.
_ACCESS_POINT: Final = re.compile(
    r"arn:[^:/]+:s3(-outposts)?:[^:/]*:[^:/]*:(outpost[/:][^/:]+[/:])?accesspoint[/:][^/:]+(?=/|\Z)"
)

_PORT: Final = re.compile(r"(\[[^\]]*\]|[^:]*):([0-9]{1,5})")


class LocationType(OpenEnum):
    """The types of locations, by the TYPE of their URIs.

    A type that AWS adds is kept, equal to its text, with `is_known == False`.
    """

    AZURE_BLOB = "azure-blob"
    EFS = "efs"
    FSX_LUSTRE = "fsxl"
    FSX_ONTAP_NFS = "fsxn-nfs"
    FSX_ONTAP_SMB = "fsxn-smb"
    FSX_OPENZFS_NFS = "fsxz"
    FSX_WINDOWS = "fsxw"
    HDFS = "hdfs"
    NFS = "nfs"
    OBJECT_STORAGE = "object-storage"
    S3 = "s3"
    SMB = "smb"

    @property
    def has_container(self) -> bool:
        """Whether the first part of the path is a bucket or container."""
        return self in {LocationType.AZURE_BLOB, LocationType.OBJECT_STORAGE}

    @property
    def is_file_system(self) -> bool:
        """Whether it is a file system of AWS, which has an id and a Region."""
        return self == LocationType.EFS or self.value.startswith("fsx")

    @property
    def is_server(self) -> bool:
        """Whether it is a server that has a name or an address; not so of types that are not known."""
        return self.is_known and self != LocationType.S3 and not self.is_file_system


@frozen(kw_only=True)
class LocationUri:
    """The URI of a location, in its parts; `str` gives it back, letter by letter.

    Raises:
        ValueError: the parts make no URI, or one that would be read as other parts.
    """

    type: LocationType = field(converter=LocationType)
    authority: str
    """GLOBAL_ID, such as `nas.example.com`, `my-bucket`, `us-east-2.fs-abcd1234`,
    or the ARN of an access point."""
    container: str | None = None
    """The bucket of object storage, or the container of Azure Blob Storage."""
    subdirectory: str = "/"
    """SUBDIR, in the form that it was given: `/a/b/`; empty where the URI ends before it."""

    @classmethod
    def parse(cls, text: str) -> LocationUri:
        """Take a URI apart, such as the `location_uri` of an answer.

        Raises:
            TypeError: it is no text.
            ValueError: it is not the URI of a location.
        """
        if not isinstance(text, str):
            raise TypeError(f"the URI of a location is a text, and this is a {type(text).__name__}")
        scheme, separator, rest = text.partition("://")
        if not separator or not _SCHEME.fullmatch(scheme):
            known = ", ".join(each.value for each in LocationType)
            raise ValueError(
                f"{text!r:.200} is not the URI of a location: it must begin with its type, such as {known}, "
                "and ://"
            )
        kind = LocationType(scheme)
        authority, container, subdirectory = _split(kind, rest)
        return LocationUri(type=kind, authority=authority, container=container, subdirectory=subdirectory)

    def __attrs_post_init__(self) -> None:
        if not self.authority:
            raise ValueError(f"{str(self)!r:.200} is not the URI of a location: it names no server or bucket")
        read = _split(self.type, str(self).partition("://")[2])
        if not _SCHEME.fullmatch(self.type) or read != (self.authority, self.container, self.subdirectory):
            raise ValueError(
                f"{self!r:.300} makes {str(self)!r:.200}, which would be read as other parts: a slash stands "
                "before the subdirectory, and in no name before it"
            )

    def __str__(self) -> str:
        """The URI, as it was before it was taken apart."""
        container = "" if self.container is None else f"/{self.container}"
        return f"{self.type.value}://{self.authority}{container}{self.subdirectory}"

    @property
    def host(self) -> str | None:
        """The server; None where AWS has no name for it."""
        return self._host_and_port[0] if self.type.is_server else None

    @property
    def port(self) -> int | None:
        """The port of the server, if the URI tells it; that of object storage only Describe tells."""
        port = self._host_and_port[1]
        return int(port) if port and self.type.is_server else None

    @property
    def _host_and_port(self) -> tuple[str, str]:
        # An address of IPv6 without brackets has colons, too, and no port.
        found = _PORT.fullmatch(self.authority)
        return (found[1], found[2]) if found and found[1] else (self.authority, "")

    @property
    def bucket(self) -> str | None:
        """The bucket, or the ARN of its access point; the container in Azure."""
        return self.authority if self.type == LocationType.S3 else self.container

    @property
    def region(self) -> str | None:
        """The Region of a file system of AWS, or of an access point."""
        if self.type == LocationType.S3 and _ACCESS_POINT.fullmatch(self.authority):
            return self.authority.split(":")[3] or None
        return self.authority.partition(".")[0] if self.type.is_file_system else None

    @property
    def file_system(self) -> str | None:
        """The id of a file system of AWS, such as `fs-abcd1234`."""
        return self._ids[0] if self._ids else None

    @property
    def storage_virtual_machine(self) -> str | None:
        """The id of the storage virtual machine of FSx for ONTAP."""
        return self._ids[1] if len(self._ids) > 1 else None

    @property
    def _ids(self) -> list[str]:
        return self.authority.split(".")[1:] if self.type.is_file_system else []

    @property
    def is_on_outposts(self) -> bool:
        """Whether it is a bucket of S3 on Outposts."""
        return self.type == LocationType.S3 and ":s3-outposts:" in self.authority

    def create_members(self, partition: str = "aws") -> dict[str, str]:
        """The members of a request to create the location that its URI tells, by their Python names.

        It does not tell the ARN of a file system, for that has an account; nor all NameNodes of HDFS.

        Args:
            partition: of AWS, for the ARN of a bucket; that of the location's own ARN, such as `aws-cn`.
        """
        told = {"subdirectory": self.subdirectory or "/"}
        match self.type:
            case LocationType.S3:
                is_arn = self.authority.startswith("arn:")
                told["s3_bucket_arn"] = self.authority if is_arn else f"arn:{partition}:s3:::{self.authority}"
            case LocationType.NFS | LocationType.SMB:
                told["server_hostname"] = self.authority
            case LocationType.OBJECT_STORAGE:
                told["server_hostname"] = self.authority
                told["bucket_name"] = self.container or ""
            case LocationType.AZURE_BLOB:
                told["container_url"] = f"https://{self.authority}/{self.container or ''}"
            case _:
                pass
        return told


def _split(kind: LocationType, rest: str) -> tuple[str, str | None, str]:
    """What follows `TYPE://`, as authority, container and subdirectory."""
    if kind == LocationType.S3 and (found := _ACCESS_POINT.match(rest)):
        return found[0], None, rest[found.end() :]
    authority, slash, path = rest.partition("/")
    if not kind.has_container or not path or path.startswith("/"):
        return authority, None, slash + path
    container, slash, path = path.partition("/")
    return authority, container, slash + path


def same_place(
    one: LocationUri | str, other: LocationUri | str, *, ignore_trailing_slash: bool = False
) -> bool:
    """Whether two URIs name the same place.

    Case counts, but not in the name of a server. A slash at the end counts, too, unless it is to be ignored:
    the service puts one there, and people seldom do.

    Raises:
        ValueError: a text is not the URI of a location.
    """
    return _place(one, ignore_trailing_slash) == _place(other, ignore_trailing_slash)


def is_at(listed: str, wanted: LocationUri, *, ignore_trailing_slash: bool) -> bool:
    """Whether a URI of a listing names a place. One that cannot be understood does not: it is no URI's."""
    try:
        return same_place(listed, wanted, ignore_trailing_slash=ignore_trailing_slash)
    except ValueError:
        return False


def _place(given: LocationUri | str, ignore_trailing_slash: bool) -> tuple[str | None, ...]:
    uri = given if isinstance(given, LocationUri) else LocationUri.parse(given)
    authority = uri.authority.casefold() if uri.type.is_server else uri.authority
    path = uri.subdirectory.removesuffix("/") if ignore_trailing_slash else uri.subdirectory
    return uri.type.value, authority, uri.container, path
