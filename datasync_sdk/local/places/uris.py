"""LocationUri: the name of a location, made and taken apart.

    uri = LocationUri.parse("efs://us-east-2.fs-abcd1234/path/to/folder/")
    uri.type, uri.region, uri.file_system, uri.path
    str(uri)

"Format: TYPE://GLOBAL_ID/SUBDIR": nothing is escaped in it. The service puts a slash at both ends of SUBDIR.
What has no documentation comes from answers of the service that others have published: an object storage
server is named without its port, a NameNode with it, S3 on Outposts by the ARN of its access point.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from attrs import Attribute, evolve, field, frozen

__all__ = ["LocationType", "LocationUri", "segments"]

LONGEST: Final = 255
"""Bytes that a part of a path may have."""

# What no name may hold: the service's own pattern for some is `[^\u0000\u0085\u2028\u2029\r\n]`.
_FORBIDDEN: Final = re.compile("[/\0\r\n\u0085\u2028\u2029\ud800-\udfff]")

# The name of a bucket has no colon: where one begins like an ARN, it is an access point, which has slashes.
_ACCESS_POINT: Final = re.compile(
    r"arn:[^:/]+:s3(-outposts)?:[^:/]*:[^:/]*:(outpost[/:][^/:]+[/:])?accesspoint[/:][^/:]+(?=/|$)"
)


class LocationType(Enum):
    """The kinds of locations, by the TYPE of their URIs."""

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
        return self is LocationType.EFS or self.name.startswith("FSX_")


def _check_name(_: LocationUri, attribute: Attribute[str], value: str) -> None:
    if "/" in value and _ACCESS_POINT.fullmatch(value) is None:
        raise ValueError(f"the {attribute.name} {value!r:.100} has a slash")
    for part in value.split("/"):
        _check_letters(part)


def _check_container(uri: LocationUri, _: Attribute[str | None], value: str | None) -> None:
    if uri.type.has_container != (value is not None):
        raise ValueError(
            f"a location of type {uri.type.value} has {'a' if value is None else 'no'} container"
        )
    if value is not None:
        _check_segment(value)


def _check_path(_: LocationUri, __: Attribute[tuple[str, ...]], value: tuple[str, ...]) -> None:
    for segment in value:
        _check_segment(segment)


@frozen(kw_only=True)
class LocationUri:
    """The URI of a location, in its parts. They are checked: none can lead out of the location.

    Raises:
        ValueError: a part is empty, `.` or `..`, too long, or has a slash, a NUL or a line break.
    """

    type: LocationType
    authority: str = field(validator=_check_name)
    """GLOBAL_ID, such as `nas.example.com`, `my-bucket` or `us-east-2.fs-abcd1234`."""
    container: str | None = field(default=None, validator=_check_container)
    """The bucket of object storage, or the container of Azure Blob Storage."""
    path: tuple[str, ...] = field(default=(), validator=_check_path)
    """The names of the folders on the way from there to the location."""

    @classmethod
    def parse(cls, text: str) -> LocationUri:
        """Take a URI apart.

        Raises:
            TypeError: it is no text.
            ValueError: it is not the URI of a location.
        """
        if not isinstance(text, str):
            raise TypeError(f"the URI of a location is a text, and this is a {type(text).__name__}")
        scheme, separator, rest = text.partition("://")
        try:
            kind = LocationType(scheme)
        except ValueError:
            kind = None
        if kind is None or not separator:
            known = ", ".join(each.value for each in LocationType)
            raise ValueError(
                f"{text!r:.200} is not the URI of a location: it must begin with one of {known}, and ://"
            )
        authority, path = _split(kind, rest)
        names = segments(path)
        if not kind.has_container:
            return cls(type=kind, authority=authority, path=names)
        if not names:
            raise ValueError(f"{text!r:.200} names no bucket or container")
        return cls(type=kind, authority=authority, container=names[0], path=names[1:])

    def __str__(self) -> str:
        """The URI as Describe answers it."""
        names = [self.authority, *filter(None, [self.container]), *self.path]
        return f"{self.type.value}://{'/'.join(names)}/"

    @property
    def subdirectory(self) -> str:
        """The path as the service writes it, with a slash at both ends."""
        return f"/{'/'.join(self.path)}/" if self.path else "/"

    @property
    def host(self) -> str | None:
        """The server; None where AWS has no name for it."""
        if self.type is LocationType.S3 or self.type.is_file_system:
            return None
        return self._host_and_port[0]

    @property
    def port(self) -> int | None:
        """The port of the server, if the URI tells it."""
        port = self._host_and_port[1]
        return int(port) if port and self.host is not None else None

    @property
    def _host_and_port(self) -> tuple[str, str]:
        # An address of IPv6 has colons, too, and no port.
        host, _, port = self.authority.rpartition(":")
        return (host, port) if host and ":" not in host and port.isdigit() else (self.authority, "")

    @property
    def bucket(self) -> str | None:
        """The bucket, or the ARN of its access point; the container in Azure."""
        return self.authority if self.type is LocationType.S3 else self.container

    @property
    def region(self) -> str | None:
        """The Region of a file system of AWS."""
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
        return self.type is LocationType.S3 and ":s3-outposts:" in self.authority

    def parents(self) -> list[LocationUri]:
        """Itself and the URIs of the folders above: the nearest first, the whole server or bucket last."""
        return [evolve(self, path=self.path[:length]) for length in range(len(self.path), -1, -1)]


def segments(path: str) -> tuple[str, ...]:
    """The names in a path. A slash at its beginning and at its end says nothing.

    Raises:
        ValueError: a name is empty, `.` or `..`, or cannot be one.
    """
    names = path.split("/")
    if names and not names[0]:
        del names[0]
    if names and not names[-1]:
        del names[-1]
    for name in names:
        _check_segment(name)
    return tuple(names)


def _split(kind: LocationType, rest: str) -> tuple[str, str]:
    if kind is LocationType.S3 and (found := _ACCESS_POINT.match(rest)):
        return found[0], rest[found.end() :]
    authority = rest.partition("/")[0]
    return authority, rest[len(authority) :]


def _check_segment(name: str) -> None:
    _check_letters(name)
    if len(name.encode()) > LONGEST:
        raise ValueError(f"{name!r:.100} cannot be a part of the path: it has more than {LONGEST} bytes")


def _check_letters(name: str) -> None:
    if not name:
        raise ValueError("a part of the path is empty: write one slash between two names")
    if name in {".", ".."}:
        raise ValueError(f"{name!r} cannot be a part of the path: write the path that it leads to")
    if _FORBIDDEN.search(name):
        raise ValueError(
            f"{name!r:.100} cannot be a part of the path: it has a slash, a NUL, a line break, or no Unicode"
        )
