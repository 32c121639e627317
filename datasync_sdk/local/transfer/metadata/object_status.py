"""What is known of an object, as if it were a file: from a listing, and more once somebody asks for it."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from datasync_sdk.local.transfer.metadata.object_metadata import Attributes, attributes_of
from datasync_sdk.local.transfer.metadata.status import Status

__all__ = ["HEADERS", "BucketCarrier", "ObjectStatus", "implicit_folder", "whole"]

HEADERS = {
    "Cache-Control": "CacheControl",
    "Content-Disposition": "ContentDisposition",
    "Content-Encoding": "ContentEncoding",
    "Content-Language": "ContentLanguage",
    "Content-Type": "ContentType",
}
"""What describes the content of an object, beside the user's own metadata, and what boto3 calls it."""

NO_TYPES = {"binary/octet-stream", "application/octet-stream"}
"""What an object has whose type nobody told."""

SECOND = 1_000_000_000


class ObjectStatus:
    """A `Status` of an object. Its metadata are asked for when they are needed: each is a request."""

    st_rdev = 0

    def __init__(
        self,
        known: Mapping[str, Any],
        ask: Callable[[], Mapping[str, Any]],
        ask_tags: Callable[[], dict[str, str] | None],
        *,
        is_folder: bool = False,
        is_whole: bool = False,
    ) -> None:
        """Take what boto3 says.

        Args:
            known: of a listing, of HeadObject or of GetObject.
            ask: gives the answer of HeadObject. Raises OSError.
            ask_tags: gives the tags; None where they do not matter. Raises OSError.
            is_folder: it stands for a folder.
            is_whole: `known` has the metadata.

        """
        self.st_mode = stat.S_IFDIR if is_folder else stat.S_IFREG
        self.st_size = int(known.get("ContentLength", known.get("Size", 0)))
        self.st_nlink = 1
        self.st_mtime_ns = self.st_atime_ns = _nanoseconds(known["LastModified"])
        self.st_ctime_ns = _number(str(known.get("ETag", "")))
        self.st_uid = self.st_gid = -1
        self._answer = known if is_whole else None
        self._ask = ask
        self._ask_tags = ask_tags
        self._attributes: Attributes | None = None

    @property
    def answer(self) -> Mapping[str, Any]:
        """What boto3 says of the object: HeadObject or GetObject. Raises OSError."""
        if self._answer is None:
            self._answer = self._ask()
        return self._answer

    @property
    def attributes(self) -> Attributes:
        """The metadata, and the tags where they matter. Raises OSError."""
        if self._attributes is None:
            found = attributes_of(self.metadata(), self.st_mtime_ns, None)
            self._attributes = found = found._replace(tags=self._ask_tags())
            # From now on a task report can tell these, too.
            self.st_uid = -1 if found.uid is None else found.uid
            self.st_gid = -1 if found.gid is None else found.gid
            self.st_mode |= found.mode or 0
        return self._attributes

    def metadata(self) -> dict[str, str]:
        """The user's metadata, and what headers say. Raises OSError."""
        answer = self.answer
        # They come as headers, in which no service keeps capital letters for sure.
        found = {key.lower(): value for key, value in answer.get("Metadata", {}).items()}
        headers = {name: str(answer[key]) for name, key in HEADERS.items() if answer.get(key)}
        if headers.get("Content-Type") in NO_TYPES:
            del headers["Content-Type"]
        return found | headers


class ImplicitFolder:
    """A `Status` of a folder that is nothing but the beginning of keys, and carries nothing."""

    st_mode = stat.S_IFDIR
    st_size = st_nlink = st_rdev = 0
    st_mtime_ns = st_atime_ns = st_ctime_ns = 0
    st_uid = st_gid = -1
    attributes = Attributes()


class BucketCarrier:
    """The metadata of an object come with its status."""

    def read(self, folder: int, name: str, found: Status) -> Attributes:
        """As in the protocol of carriers."""
        del folder, name
        if not isinstance(found, ObjectStatus | ImplicitFolder):
            raise TypeError(f"not the status of an object: {found!r}")
        return found.attributes


def whole(found: Status) -> Status:
    """Ask for all that there is to know of an object, so that nobody has to later. Raises OSError."""
    if isinstance(found, ObjectStatus):
        _ = found.attributes
    return found


def implicit_folder() -> ImplicitFolder:
    """The status of a folder that no object stands for."""
    return ImplicitFolder()


def _nanoseconds(modified: datetime) -> int:
    # A listing may be finer than a header, which has seconds.
    return int(modified.timestamp()) * SECOND


def _number(etag: str) -> int:
    return int.from_bytes(hashlib.sha256(etag.encode()).digest()[:7])
