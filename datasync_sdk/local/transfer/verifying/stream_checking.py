"""Compares single items where one side is a bucket, or both: by the checksums of what is read."""

from __future__ import annotations

import errno
import stat

from datasync_sdk.local.transfer.making.content import CHECKSUM, SMALL
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.outcome.outcomes import ItemKind, Seen
from datasync_sdk.local.transfer.records import CONTENT, Row
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.storage.places import Stream
from datasync_sdk.local.transfer.verifying.checking import (
    BAD_CONTENT,
    BAD_METADATA,
    BAD_SIZE,
    NEW_SOURCE,
    MismatchError,
)

__all__ = ["StreamChecker"]


class StreamChecker:
    """A `Checker` for buckets. Only files come here: no bucket has links or devices."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._folder = ""

    def enter(self, folder: str) -> None:
        """As in `Checker`."""
        self._sides.source.fd(folder)
        self._sides.destination.fd(folder)
        self._folder = folder

    def row(self, row: Row) -> Seen:
        """As in `Checker`."""
        sides, (name, _, what, _, version, checksum, size, mtime_ns, ctime_ns) = self._sides, row
        found = sides.source.lookup(self._folder)(name, False, version)
        if (found.st_size, found.st_mtime_ns) != (size, mtime_ns):
            raise OSError(errno.EBUSY, NEW_SOURCE)
        copied = sides.destination.lookup(self._folder)(name, False)
        if copied.st_size != size or not stat.S_ISREG(copied.st_mode):
            raise OSError(errno.EIO, BAD_SIZE)
        if what == CONTENT:
            with sides.destination.open(self._folder, name) as stream:
                now = self._checksum(stream)
            if now != checksum:
                raise MismatchError(BAD_CONTENT, checksum, now)
        self._check_metadata(name, found, copied)
        if found.st_ctime_ns != ctime_ns and what == CONTENT:
            with sides.source.open(self._folder, name, version) as stream:
                now = self._checksum(stream)
            if now != checksum:
                raise MismatchError(NEW_SOURCE, now, checksum)
        if what != CONTENT:
            return self.content(name, version)
        return Seen(found, copied, checksum, checksum)

    def content(self, name: str, version: str | None) -> Seen:
        """As in `Checker`."""
        with self._sides.source.open(self._folder, name, version) as stream:
            found, checksum = stream.found, self._checksum(stream)
        with self._sides.destination.open(self._folder, name) as stream:
            copied, copy_checksum = stream.found, self._checksum(stream)
        if checksum != copy_checksum:
            raise MismatchError(BAD_CONTENT, checksum, copy_checksum)
        return Seen(found, copied, checksum, copy_checksum)

    def _checksum(self, stream: Stream) -> bytes:
        checksum = CHECKSUM()
        while data := stream.read(SMALL):
            self._sides.watch.checkpoint()
            checksum.update(data)
        return checksum.digest()

    def _check_metadata(self, name: str, found: Status, copied: Status) -> None:
        sides = self._sides
        source, copy = sides.source.fd(self._folder), sides.destination.fd(self._folder)
        having = sides.source_carrier.read(source, name, found)
        kept = sides.destination_carrier.read(copy, name, copied)
        if not (
            sides.policy.has_metadata(ItemKind.FILE, having, kept) and sides.policy.has_time(having, kept)
        ):
            raise OSError(errno.EIO, BAD_METADATA)
