"""A real bucket as a place of files: its keys as paths, an object that ends in a slash as a folder.

It never lists more than a page at once, and keeps nothing of what it has listed.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from datasync_sdk.local.transfer.job import BucketPlace
from datasync_sdk.local.transfer.metadata.object_status import ObjectStatus, implicit_folder, whole
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.storage.folders import joined
from datasync_sdk.local.transfer.storage.object_access import BucketEntry, ObjectStream
from datasync_sdk.local.transfer.storage.places import Lookup
from datasync_sdk.local.transfer.storage.s3 import client_of, told

__all__ = ["Bucket"]

MARKER_AND_ONE = 2
LONGEST_KEY = 1024
"""Bytes, and no place that is like Amazon S3 has more."""

NO_NAME = "keys with an empty name in them (`//`, or a slash in front) are left out: no path has one"
NO_FILE = "the name in the key cannot be that of a file"
BOTH = (
    "the bucket has an object of this name, and objects below it; no file system can have both, so that "
    "those below it are left out"
)


class Bucket:
    """What is in a bucket below a prefix."""

    keeps_both = True
    keeps_versions = True

    def __init__(self, place: BucketPlace, *, reads_tags: bool, names_files: bool) -> None:
        """Open it.

        Args:
            place: where it is.
            reads_tags: whether the tags of objects matter.
            names_files: whether what is here must have names that files can have.

        Raises:
            OSError: it cannot be reached.

        """
        self.client = client_of(place)
        self.bucket = place.bucket
        self._prefix = place.prefix
        self._reads_tags = reads_tags
        self._names_files = names_files
        self._way = ""
        """The folder that was found to be one, and no object, with all that are above it."""
        try:
            with told(f"s3://{place.bucket}/{place.prefix}"):
                self._some("", 1)
        except BaseException:
            self.close()
            raise

    def fd(self, path: str, *, write: bool = False) -> int:
        """As in `Top`."""
        del path, write
        return -1

    def key(self, path: str, name: str = "", *, is_folder: bool = False) -> str:
        """The key of a path. Raises OSError if there can be none."""
        whole = self._prefix + (joined(path, name) if name else path) + ("/" if is_folder else "")
        try:
            size = len(whole.encode())
        except UnicodeEncodeError:
            raise OSError(errno.EILSEQ, "the name is not UTF-8, which the key of an object must be") from None
        if size > LONGEST_KEY:
            raise OSError(
                errno.ENAMETOOLONG, f"the key of the object would be longer than {LONGEST_KEY:,} bytes"
            )
        return whole

    @contextmanager
    def scan(self, path: str) -> Iterator[Iterator[BucketEntry]]:
        """As in `Top`."""
        yield self._entries(path)

    def _entries(self, path: str) -> Iterator[BucketEntry]:
        prefix = self._inside(path)
        pages = iter(
            self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=prefix, Delimiter="/"
            )
        )
        while True:
            with told():
                page = next(pages, None)
            if page is None:
                return
            for known in page.get("Contents", ()):
                if known["Key"] != prefix:  # That stands for the folder itself.
                    yield self._entry(path, known["Key"][len(prefix) :], known)
            for below in page.get("CommonPrefixes", ()):
                yield self._entry(path, below["Prefix"][len(prefix) : -1], None)

    def _entry(self, path: str, name: str, known: Mapping[str, Any] | None) -> BucketEntry:
        return BucketEntry(name, lambda: self._listed(path, name, known), is_folder=known is None)

    def lookup(self, path: str) -> Lookup:
        """As in `Top`. Raises OSError if it is the key of an object, and files have to have other names.

        This is for the thread of the transfer alone.
        """
        self._check_way(path)

        def look(name: str, is_folder: bool | None, version: str | None = None, /) -> Status:
            if is_folder:
                return self.folder(joined(path, name))
            try:
                return self.head(self.key(path, name), version)
            except FileNotFoundError:
                if is_folder is None:
                    return self.folder(joined(path, name))
                raise

        return look

    def is_empty(self, path: str) -> bool:
        """As in `Top`."""
        with told():
            found = self._some(path, MARKER_AND_ONE)
        return all(known["Key"] == self._inside(path) for known in found)

    @contextmanager
    def open(self, path: str, name: str, version: str | None = None) -> Iterator[ObjectStream]:
        """As in `Top`."""
        key = self.key(path, name)
        with told():
            answer = self.client.get_object(**self.where(key, version))
        body = answer["Body"]
        try:
            yield ObjectStream(self._status(key, answer, version or answer.get("VersionId")), body)
        finally:
            body.close()

    def small(self, path: str, name: str, version: str | None, most: int) -> ObjectStream | None:
        """An object with content and metadata; None if it has more than so many bytes. Raises OSError.

        It may be called in any thread.
        """
        with self.open(path, name, version) as stream:
            if stream.found.st_size > most:
                return None
            held = stream.held()
        whole(held.found)  # By now its connection is free for that.
        return held

    def is_gone(self) -> bool:
        """As in `Top`."""
        try:
            with told():
                self.client.head_bucket(Bucket=self.bucket)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return False

    def lock_again(self) -> None:
        """As in `Top`: nothing was locked."""

    def close(self) -> None:
        """Close its connections."""
        self.client.close()

    def head(self, key: str, version: str | None = None) -> ObjectStatus:
        """What is known of an object. Raises OSError."""
        with told():
            answer = self.client.head_object(**self.where(key, version))
        return self._status(key, answer, version)

    def folder(self, path: str) -> Status:
        """What is known of a folder, whether an object stands for it or not. Raises OSError."""
        key = self.key(path, is_folder=True)
        try:
            with told():
                answer = self.client.head_object(**self.where(key))
        except FileNotFoundError:
            with told():
                if not self._some(path, 1):
                    raise
            return implicit_folder()
        return self._status(key, answer, None, is_folder=True)

    def _listed(self, path: str, name: str, known: Mapping[str, Any] | None) -> Status:
        """What a listing says of an entry, or None of a folder. Raises OSError if it is none of a path."""
        if not name:
            raise OSError(errno.EINVAL, NO_NAME)
        if self._names_files and (name in {".", ".."} or "\0" in name):
            raise OSError(errno.EINVAL, NO_FILE)
        if known is None:
            if self._names_files:
                self._check_no_object(joined(path, name))
            return self.folder(joined(path, name))
        key = known["Key"]
        return ObjectStatus(known, lambda: self.head(key).answer, lambda: self._tags(key, None))

    def _status(
        self, key: str, answer: Mapping[str, Any], version: str | None, *, is_folder: bool = False
    ) -> ObjectStatus:
        return ObjectStatus(
            answer, lambda: answer, lambda: self._tags(key, version), is_folder=is_folder, is_whole=True
        )

    def _tags(self, key: str, version: str | None) -> dict[str, str] | None:
        if not self._reads_tags:
            return None
        with told("its tags cannot be read"):
            answer = self.client.get_object_tagging(**self.where(key, version))
        return {tag["Key"]: tag["Value"] for tag in answer["TagSet"]}

    def _check_way(self, path: str) -> None:
        """Raise OSError if a folder, or one above it, is an object as well, and no file may be both."""
        if not (self._names_files and path) or path == self._way:
            return
        above = ""
        for name in path.split("/"):
            above = joined(above, name)
            if not f"{self._way}/".startswith(f"{above}/"):
                self._check_no_object(above)
        self._way = path

    def _check_no_object(self, path: str) -> None:
        try:
            self.head(self.key(path))
        except FileNotFoundError:
            return
        raise OSError(errno.EEXIST, BOTH)

    def _some(self, path: str, most: int) -> list[Mapping[str, Any]]:
        """The first few objects below a folder, its own among them."""
        answer = self.client.list_objects_v2(Bucket=self.bucket, Prefix=self._inside(path), MaxKeys=most)
        found: list[Mapping[str, Any]] = answer.get("Contents", [])
        return found

    def _inside(self, path: str) -> str:
        return self.key(path, is_folder=True) if path else self._prefix

    def where(self, key: str, version: str | None = None) -> dict[str, str]:
        """What boto3 needs to find an object."""
        where = {"Bucket": self.bucket, "Key": key}
        return where if version is None else where | {"VersionId": version}
