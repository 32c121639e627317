"""The objects of a service's buckets, for those who use the service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Final

from datasync_sdk.local.places.folders import Folders
from datasync_sdk.local.places.objects import bucket_place
from datasync_sdk.local.transfer.job import BucketPlace
from datasync_sdk.local.transfer.storage.s3 import client_of
from datasync_sdk.objects import FolderObjects, Objects, S3Objects, folder_errors

__all__ = ["BucketObjects"]


class BucketObjects:
    """`Objects` in the folders, or real buckets, where a service looks for manifests and puts reports."""

    def __init__(self, folders: Folders) -> None:
        """Look at the buckets of a service."""
        self._folders: Final = folders
        self._clients: dict[tuple[str | None, str | None], Any] = {}
        self._lock = Lock()

    def close(self) -> None:
        """Close the connections to real buckets. New ones are opened when they are needed."""
        with self._lock:
            while self._clients:
                self._clients.popitem()[1].close()

    def list(self, bucket: str, prefix: str) -> Iterator[str]:
        """The keys that begin with a prefix; raises as `Objects` says."""
        with self._at("ListObjectsV2", bucket, prefix) as (objects, name, start):
            for key in objects.list(name, start + prefix):
                yield key.removeprefix(start)

    def read(self, bucket: str, key: str) -> bytes:
        """The content of an object; raises as `Objects` says."""
        with self._at("GetObject", bucket, key) as (objects, name, start):
            return objects.read(name, start + key)

    def write(self, bucket: str, key: str, content: bytes) -> None:
        """Make an object, or replace it; raises as `Objects` says."""
        with self._at("PutObject", bucket, key, make=self._folders.create) as (objects, name, start):
            objects.write(name, start + key, content)

    @contextmanager
    def _at(
        self, operation: str, bucket: str, key: str, *, make: bool = False
    ) -> Iterator[tuple[Objects, str, str]]:
        """Where a bucket is: its objects, the name of the bucket there, and what its keys begin with."""
        with folder_errors(operation, bucket, key):
            place = bucket_place(self._folders, bucket, make=make)
            if not isinstance(place, BucketPlace):
                yield FolderObjects(lambda _: place.folder), bucket, ""
                return
            yield S3Objects(self._client(place)), place.bucket, place.prefix

    def _client(self, place: BucketPlace) -> Any:
        """A client for a real bucket: to make one takes longer than most calls. Raises OSError."""
        with self._lock:
            key = place.endpoint_url, place.profile
            if key not in self._clients:
                self._clients[key] = client_of(place)
            return self._clients[key]
