"""Compares single items where one side is a bucket, or both: by the checksums of what is read."""

from __future__ import annotations

import errno
import stat

from datasync_sdk.local.transfer.ahead import looked_up, opened
from datasync_sdk.local.transfer.making.content import CHECKSUM, SMALL
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.outcome.outcomes import ItemKind, Seen
from datasync_sdk.local.transfer.records import CONTENT, Row, Same
from datasync_sdk.local.transfer.requests import Requests, Step
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
    """Compares files of a bucket and another place. Each comparison is a step: others go on meanwhile."""

    def __init__(self, sides: Sides, requests: Requests) -> None:
        self._sides = sides
        self._requests = requests

    def row(self, folder: str, row: Row) -> Step[Seen]:
        """As in `Checker`."""
        sides, requests, (name, _, what, _, version, checksum, size, mtime_ns, ctime_ns) = (
            self._sides,
            self._requests,
            row,
        )
        found = yield from looked_up(requests, sides.source, folder, (name, version))
        if (found.st_size, found.st_mtime_ns) != (size, mtime_ns):
            raise OSError(errno.EBUSY, NEW_SOURCE)
        if what == CONTENT:
            # What is read says all that a look at it would: that is one request for both.
            with (yield from opened(requests, sides.destination, folder, (name, None))) as stream:
                copied = stream.found
                check_size(copied, size)
                now = self._checksum(stream)
            if now != checksum:
                raise MismatchError(BAD_CONTENT, checksum, now)
        else:
            copied = yield from looked_up(requests, sides.destination, folder, (name, None))
            check_size(copied, size)
        self._check_metadata(folder, name, found, copied)
        if found.st_ctime_ns != ctime_ns and what == CONTENT:
            with (yield from opened(requests, sides.source, folder, (name, version))) as stream:
                now = self._checksum(stream)
            if now != checksum:
                raise MismatchError(NEW_SOURCE, now, checksum)
        if what != CONTENT:
            return (yield from self.content(folder, (name, version)))
        return Seen(found, copied, checksum, checksum)

    def content(self, folder: str, which: Same) -> Step[Seen]:
        """As in `Checker`."""
        sides, requests = self._sides, self._requests
        with (yield from opened(requests, sides.source, folder, which)) as stream:
            found, checksum = stream.found, self._checksum(stream)
        with (yield from opened(requests, sides.destination, folder, (which[0], None))) as stream:
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

    def _check_metadata(self, folder: str, name: str, found: Status, copied: Status) -> None:
        sides = self._sides
        source, copy = sides.source.fd(folder), sides.destination.fd(folder)
        having = sides.source_carrier.read(source, name, found)
        kept = sides.destination_carrier.read(copy, name, copied)
        if not (
            sides.policy.has_metadata(ItemKind.FILE, having, kept) and sides.policy.has_time(having, kept)
        ):
            raise OSError(errno.EIO, BAD_METADATA)


def check_size(copied: Status, size: int) -> None:
    """Raise OSError if a copy is not a file of so many bytes."""
    if copied.st_size != size or not stat.S_ISREG(copied.st_mode):
        raise OSError(errno.EIO, BAD_SIZE)
