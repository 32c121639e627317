"""LocationUri: that of `datasync_sdk.locations`, for folders of this machine.

    uri = LocationUri.parse("efs://us-east-2.fs-abcd1234/path/to/folder/")
    uri.type, uri.region, uri.file_system, uri.path
    str(uri)

What the service accepts is stricter than what it may answer: a path has names that a folder can have, and
none that leads elsewhere. The service puts a slash at both ends of SUBDIR.
What has no documentation comes from answers of the service that others have published: an object storage
server is named without its port, a NameNode with it, S3 on Outposts by the ARN of its access point.
"""

from __future__ import annotations

import re
from typing import Final

from attrs import Attribute, Factory, evolve, field, frozen

from datasync_sdk import location_uris
from datasync_sdk.location_uris import LocationType

__all__ = ["LocationType", "LocationUri", "segments"]

LONGEST: Final = 255
"""Bytes that a part of a path may have."""

# What no name may hold: the service's own pattern for some is `[^\u0000\u0085\u2028\u2029\r\n]`.
_FORBIDDEN: Final = re.compile("[/\0\r\n\u0085\u2028\u2029\ud800-\udfff]")


def _check_type(_: LocationUri, __: Attribute[LocationType], value: LocationType) -> None:
    if not value.is_known:
        known = ", ".join(each.value for each in LocationType)
        raise ValueError(f"{value.value!r:.60} is not the URI of a location: its type is none of {known}")


def _check_name(uri: LocationUri, attribute: Attribute[str], value: str) -> None:
    if "/" in value and uri.type != LocationType.S3:
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


def _joined(uri: LocationUri) -> str:
    return f"/{'/'.join(uri.path)}/" if uri.path else "/"


@frozen(kw_only=True)
class LocationUri(location_uris.LocationUri):
    """The URI of a location, in its parts. They are checked: none can lead out of the location.

    Raises:
        ValueError: a part is empty, `.` or `..`, too long, or has a slash, a NUL or a line break.
    """

    type: LocationType = field(converter=LocationType, validator=_check_type)
    authority: str = field(validator=_check_name)
    container: str | None = field(default=None, validator=_check_container)
    path: tuple[str, ...] = field(default=(), validator=_check_path)
    """The names of the folders on the way from there to the location."""
    subdirectory: str = field(init=False, default=Factory(_joined, takes_self=True))
    """The path as the service writes it, with a slash at both ends."""

    @classmethod
    def parse(cls, text: str) -> LocationUri:
        """Take a URI apart. A slash at its end says nothing.

        Raises:
            TypeError: it is no text.
            ValueError: it is not the URI of a location.
        """
        found = location_uris.LocationUri.parse(text)
        if found.type.has_container and found.container is None:
            raise ValueError(f"{text!r:.200} names no bucket or container")
        return LocationUri(
            type=found.type,
            authority=found.authority,
            container=found.container,
            path=segments(found.subdirectory),
        )

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
