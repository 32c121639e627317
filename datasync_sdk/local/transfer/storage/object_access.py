"""An object in a listing, and one that is being read."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from datasync_sdk.local.transfer.metadata.object_status import ObjectStatus
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.storage.s3 import told

__all__ = ["BucketEntry", "ObjectStream"]


class BucketEntry:
    """An object or a folder in a listing."""

    __slots__ = ("_find", "_is_folder", "name")

    def __init__(self, name: str, find: Callable[[], Status], *, is_folder: bool) -> None:
        """Take its name in the folder; `find` gives what is known of it, or raises OSError."""
        self.name = name
        self._find = find
        self._is_folder = is_folder

    def is_dir(self, *, follow_symlinks: bool) -> bool:
        """Whether other keys are below it."""
        del follow_symlinks
        return self._is_folder

    def stat(self, *, follow_symlinks: bool) -> Status:
        """What is known of it. Raises OSError."""
        del follow_symlinks
        return self._find()


class ObjectStream:
    """The content of an object that is being read: always that of one version of it."""

    def __init__(self, found: ObjectStatus, body: Any) -> None:
        self.found = found
        self._body = body

    def read(self, size: int) -> bytes:
        """As in `Stream`."""
        with told("its content cannot be read"):
            data: bytes = self._body.read(size)
        return data

    def held(self) -> ObjectStream:
        """The same, with all its content in memory. Raises OSError."""
        with told("its content cannot be read"):
            return ObjectStream(self.found, BytesIO(self._body.read()))

    def check(self) -> None:
        """As in `Stream`: what is sent is what the object was when it was opened."""
