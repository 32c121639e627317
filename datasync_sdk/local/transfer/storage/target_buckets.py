"""The bucket that a transfer writes to. An object appears whole or not at all: that is how S3 is."""

from __future__ import annotations

import errno
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from datasync_sdk.local.transfer.job import BucketPlace
from datasync_sdk.local.transfer.metadata.object_metadata import Attributes, metadata_of
from datasync_sdk.local.transfer.metadata.object_status import HEADERS, ObjectStatus
from datasync_sdk.local.transfer.storage.buckets import Bucket
from datasync_sdk.local.transfer.storage.folders import joined
from datasync_sdk.local.transfer.storage.places import Content
from datasync_sdk.local.transfer.storage.s3 import told

__all__ = ["TargetBucket"]

MEBIBYTE = 1024 * 1024
PART = 8 * MEBIBYTE
"""Bytes of a part of a big object, and from which on it is a big one. So much is in memory at a time."""

MOST_PARTS = 9_000
"""S3 has 10,000."""

LARGEST_COPY = 5 * 1024**3
"""Bytes that S3 copies in one request."""


class TargetBucket(Bucket):
    """A bucket as a destination."""

    def __init__(self, place: BucketPlace, *, reads_tags: bool) -> None:
        """Open it. Raises OSError."""
        super().__init__(place, reads_tags=reads_tags, names_files=False)

    def begin(self, name: str) -> None:
        """As in `Target`: what a dead run has left are parts of uploads, which the bucket's owner expires."""

    def put(self, path: str, name: str, content: Content, size: int, wanted: Attributes) -> None:
        """Make an object, or replace it, in parts if it is a big one. Raises OSError."""
        from boto3.s3.transfer import TransferConfig

        # One thread: what it reads is to be stopped, slowed down and counted as all else.
        config = TransferConfig(
            multipart_threshold=PART,
            multipart_chunksize=max(PART, -(-size // MOST_PARTS)),
            use_threads=False,
            preferred_transfer_client="classic",
        )
        with told():
            self.client.upload_fileobj(
                content,
                self.bucket,
                self.key(path, name),
                ExtraArgs=arguments_of(metadata_of(wanted, {}), wanted.tags),
                Config=config,
            )

    def put_small(self, key: str, data: bytes, wanted: Attributes) -> None:
        """Make an object, or replace it, in one request. It may be called in any thread. Raises OSError."""
        with told():
            self.client.put_object(
                **self.where(key), Body=data, **arguments_of(metadata_of(wanted, {}), wanted.tags)
            )

    def put_folder(self, path: str, wanted: Attributes) -> None:
        """Make the object that stands for a folder, or change its metadata. Raises OSError."""
        before: dict[str, str] = {}
        tags = wanted.tags
        with suppress(FileNotFoundError):
            found = self.folder(path)
            if isinstance(found, ObjectStatus):
                before = found.metadata()
                tags = found.attributes.tags if tags is None else tags
        metadata = metadata_of(wanted, before)
        where = self.where(self.key(path, is_folder=True))
        with told():
            self.client.put_object(**where, Body=b"", **arguments_of(metadata, tags))

    def change(self, path: str, name: str, wanted: Attributes) -> None:
        """Change the metadata of an object, and leave its content alone. Raises OSError."""
        from boto3.s3.transfer import TransferConfig

        key = self.key(path, name)
        before = self.head(key)
        metadata = metadata_of(wanted, before.metadata())
        with told():
            # An object is never changed. It is copied onto itself, within the service.
            self.client.copy(
                self.where(key),
                self.bucket,
                key,
                ExtraArgs={**arguments_of(metadata, None), "MetadataDirective": "REPLACE"},
                Config=TransferConfig(multipart_threshold=LARGEST_COPY, use_threads=False),
            )
        if wanted.tags is not None and wanted.tags != before.attributes.tags:
            tags = [{"Key": key, "Value": value} for key, value in wanted.tags.items()]
            with told("its tags cannot be written"):
                self.client.put_object_tagging(**self.where(key), Tagging={"TagSet": tags})

    def remove(self, path: str, name: str, *, is_folder: bool) -> None:
        """As in `Target`."""
        if is_folder and not self.is_empty(joined(path, name)):
            raise OSError(errno.ENOTEMPTY, "the folder is not empty")
        with told():
            self.client.delete_object(**self.where(self.key(path, name, is_folder=is_folder)))

    def outdate(self, path: str, name: str, mtime_ns: int) -> None:
        """As in `Target`. Only a time that is metadata can be another one."""
        self.change(path, name, Attributes(mtime_ns=mtime_ns))


def arguments_of(metadata: dict[str, str], tags: dict[str, str] | None) -> dict[str, Any]:
    """What boto3 is told of an object besides its content."""
    made: dict[str, Any] = {HEADERS[name]: text for name, text in metadata.items() if name in HEADERS}
    made["Metadata"] = {name: text for name, text in metadata.items() if name not in HEADERS}
    if tags:
        made["Tagging"] = urlencode(tags)
    return made
