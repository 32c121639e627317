"""Compares single items of two folders. `Verifier` says which, and counts."""

from __future__ import annotations

import errno
import os
import stat
from typing import Protocol

from datasync_sdk.local.transfer.listing.compare import difference
from datasync_sdk.local.transfer.making.content import CHECKSUM, SMALL, checksum_of
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.outcome.outcomes import ItemKind, Outcome, Seen, kind_of
from datasync_sdk.local.transfer.records import CONTENT, Row
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.storage.opening import Reader, open_to_change

__all__ = [
    "BAD_CONTENT",
    "BAD_METADATA",
    "BAD_SIZE",
    "BAD_STATUS",
    "NEW_SOURCE",
    "OTHER",
    "Checker",
    "FolderChecker",
    "MismatchError",
]

FILE = ItemKind.FILE.value

BAD_CONTENT = "the checksum of the destination is not that of the source"
BAD_METADATA = "the metadata of the destination is not that of the source"
BAD_STATUS = "its size or time at the destination is not that of the source"
OTHER = "the destination has something else of this name"
BAD_SIZE = "the destination has another size than the source"
NEW_SOURCE = "the source has changed since it was transferred"


class MismatchError(OSError):
    """Two files are not equal, though size and time may say that they are."""

    def __init__(self, reason: str, source: bytes | None = None, copy: bytes | None = None) -> None:
        """Take the checksums, where they are known."""
        super().__init__(errno.EIO, reason)
        self.source = source
        self.copy = copy


class Checker(Protocol):
    """How items are compared. What is wrong with one is an OSError that says it."""

    def enter(self, folder: str) -> None:
        """From now on all is in this folder, until another is entered. Raises OSError."""

    def row(self, row: Row) -> Seen:
        """Compare what was transferred with what it was transferred from. Raises OSError."""
        ...

    def content(self, name: str, version: str | None) -> Seen:
        """Compare the contents of two files. Raises OSError."""
        ...


class FolderChecker:
    """Compares items of two folders."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._reader = Reader()
        self._wants_checksum = sides.tally.wants[Outcome.VERIFIED]
        self._is_plain = sides.is_plain
        self._source = self._copy = -1

    def enter(self, folder: str) -> None:
        """As in `Checker`."""
        self._source = self._sides.source.fd(folder)
        self._copy = self._sides.destination.fd(folder)

    def row(self, row: Row) -> Seen:
        """As in `Checker`."""
        name, kind, what, _, _, checksum, size, mtime_ns, ctime_ns = row
        found = os.stat(name, dir_fd=self._source, follow_symlinks=False)
        if found.st_size != size or found.st_mtime_ns != mtime_ns:
            raise OSError(errno.EBUSY, NEW_SOURCE)
        if kind != FILE:
            return Seen(found, self._special(name, found))
        copied = self._file(row, found)
        if found.st_ctime_ns != ctime_ns and what == CONTENT:
            # Somebody has changed something of the source, but not the time it was written to.
            fd = self._reader.open(self._source, name)
            try:
                if (now := checksum_of(self._sides, fd, size)) != checksum:
                    raise MismatchError(NEW_SOURCE, now, checksum)
            finally:
                os.close(fd)
        if what != CONTENT:
            # A listing showed that only metadata differed; what was transferred is to be equal in all.
            return self.content(name, None)
        return Seen(found, copied, checksum, checksum)

    def content(self, name: str, version: str | None) -> Seen:
        """As in `Checker`: byte by byte, as both are at hand, and that is more than equal checksums."""
        del version
        left = self._reader.open(self._source, name)
        try:
            right = self._open(name)
            try:
                found = os.fstat(left)
                checksum = None
                if found.st_size <= SMALL:
                    data = os.read(left, found.st_size + 1)
                    if data != os.read(right, found.st_size + 1):
                        raise MismatchError(BAD_CONTENT)
                    checksum = CHECKSUM(data).digest() if self._wants_checksum else None
                else:
                    checksum = self._compare_big(left, right)
                return Seen(found, os.fstat(right) if self._wants_checksum else None, checksum, checksum)
            finally:
                os.close(right)
        finally:
            os.close(left)

    def _compare_big(self, left: int, right: int) -> bytes | None:
        checksum = CHECKSUM() if self._wants_checksum else None
        while True:
            self._sides.watch.checkpoint()
            piece = os.read(left, SMALL)
            if piece != read_as_much(right, len(piece) or 1):
                raise MismatchError(BAD_CONTENT)
            if not piece:
                return checksum.digest() if checksum else None
            if checksum:
                checksum.update(piece)

    def _special(self, name: str, found: os.stat_result) -> Status:
        """Compare a link or a device."""
        copied = os.stat(name, dir_fd=self._copy, follow_symlinks=False)
        kind = kind_of(found.st_mode)
        if kind_of(copied.st_mode) is not kind:
            raise OSError(errno.EIO, OTHER)
        if difference(self._sides, kind, name, (self._source, found), (self._copy, copied)):
            raise OSError(errno.EIO, BAD_METADATA)
        return copied

    def _file(self, row: Row, found: os.stat_result) -> Status:
        """Compare a file: its content only if it was transferred."""
        sides, (name, _, what, _, _, checksum, size, _, _) = self._sides, row
        policy, fd = sides.policy, self._open(name)
        try:
            copied = os.fstat(fd)
            if copied.st_size != size or not stat.S_ISREG(copied.st_mode):
                raise OSError(errno.EIO, BAD_SIZE)
            if what == CONTENT and (now := checksum_of(sides, fd, size)) != checksum:
                raise MismatchError(BAD_CONTENT, checksum, now)
        finally:
            os.close(fd)
        if self._is_plain and policy.is_same_stat(found, copied):
            return copied
        having = sides.source_carrier.read(self._source, name, found)
        kept = sides.destination_carrier.read(self._copy, name, copied)
        if not (policy.has_metadata(ItemKind.FILE, having, kept) and policy.has_time(having, kept)):
            raise OSError(errno.EIO, BAD_METADATA)
        return copied

    def _open(self, name: str) -> int:
        """Open a file of the destination, also if its mode forbids that."""
        try:
            return self._reader.open(self._copy, name)
        except PermissionError:
            with open_to_change(self._copy, name, stat.S_IFREG) as readable:
                return os.dup(readable)


def read_as_much(fd: int, size: int) -> bytes:
    """Read so many bytes, or all up to the end."""
    data = os.read(fd, size)
    while len(data) < size and (more := os.read(fd, size - len(data))):
        data += more
    return data
