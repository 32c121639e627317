"""How the files of a place carry metadata: as POSIX files, as objects of a bucket, as files of Windows.

A carrier reads what a file has, and writes what it is to have. That a file is to have something is for
`policy` beside it to say; None always means: nothing is known, or nothing is to be done.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from collections.abc import Callable
from typing import NamedTuple, Protocol, TypeVar

from datasync_sdk.local.transfer.job import Metadata
from datasync_sdk.local.transfer.metadata import xattrs
from datasync_sdk.local.transfer.metadata.object_metadata import (
    MOST_ID,
    Attributes,
    attributes_of,
    metadata_of,
)
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.storage.opening import open_to_change

__all__ = ["Carrier", "Found", "PosixCarrier", "ReadingCarrier", "carrier_of", "found_of"]

OWNER = "user.datasync.owner"
"""Who should own a file that this process could not give away: `1000:100`, as `rsync --fake-super` does."""

OBJECT = "user.datasync.metadata"
TAGS = "user.datasync.tags"

T = TypeVar("T")


class Found(NamedTuple):
    """What a file to be written to has from the file system."""

    uid: int
    gid: int
    mode: int
    atime_ns: int


def found_of(status: os.stat_result) -> Found:
    """The same, of a `stat`."""
    return Found(status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode), status.st_atime_ns)


class ReadingCarrier(Protocol):
    """How a place keeps metadata."""

    def read(self, folder: int, name: str, found: Status) -> Attributes:
        """The metadata of what is of this name in an open folder. Raises OSError."""
        ...


class Carrier(ReadingCarrier, Protocol):
    """How a folder keeps metadata."""

    def write(self, fd: int, wanted: Attributes, found: Found, *, is_new: bool) -> None:
        """Give an open file or folder metadata; a new one has nothing of its own yet. Raises OSError."""
        ...


class PosixCarrier:
    """Owner, group, mode and times are those of the file."""

    def __init__(self, *, may_chown: bool, unlocks: bool = False) -> None:
        """`may_chown` says whether this process can give files away; `unlocks` that modes may be changed."""
        self.may_chown = may_chown
        self._unlocks = unlocks
        self._self = os.geteuid()

    def kept_owner(self, folder: int, name: str, found: Status) -> bytes | None:
        """The owner that a file should have had, if it could not be given away. Raises OSError.

        Whoever may write to a file may write this attribute, and make it root's. So it counts for nothing
        where owners can be given, nor in files of others: only where it can be our own note, and no copy
        becomes anybody else's by it.
        """
        if self.may_chown or found.st_uid != self._self:
            return None
        if stat.S_IFMT(found.st_mode) not in {stat.S_IFREG, stat.S_IFDIR}:
            return None  # Others cannot carry attributes.
        try:
            return xattrs.read_at(folder, name, OWNER)
        except PermissionError:
            if not self._unlocks:
                raise
        # A copy of what its owner may not read.
        with open_to_change(folder, name, stat.S_IFMT(found.st_mode)) as fd:
            return _as_owner(fd, found_of(os.fstat(fd)), lambda: xattrs.read(fd, OWNER))

    def read(self, folder: int, name: str, found: Status) -> Attributes:
        """As in the protocol."""
        kept = self.kept_owner(folder, name, found)
        uid, gid = (found.st_uid, found.st_gid) if kept is None else _owner(kept)
        return Attributes(uid, gid, stat.S_IMODE(found.st_mode), found.st_mtime_ns, found.st_atime_ns)

    def write(self, fd: int, wanted: Attributes, found: Found, *, is_new: bool) -> None:
        """As in the protocol."""
        if not (is_new and wanted.uid == found.uid and wanted.gid == found.gid):
            self._give(fd, found, wanted, is_new=is_new)
        # After the owner, for the kernel takes set-user-ID from files that are given away.
        if wanted.mode is not None and (wanted.mode != found.mode or wanted.mode & 0o7000):
            os.fchmod(fd, wanted.mode)
        _set_times(fd, found, wanted)

    def _give(self, fd: int, found: Found, wanted: Attributes, *, is_new: bool) -> None:
        if wanted.uid is wanted.gid is None:
            return
        uid = found.uid if wanted.uid is None else wanted.uid
        gid = found.gid if wanted.gid is None else wanted.gid
        if (uid, gid) != (found.uid, found.gid):
            try:
                os.fchown(fd, uid, gid)
            except OSError as error:
                # Who can give files away would not believe the attribute. EINVAL: not of this user namespace.
                if self.may_chown or error.errno not in {errno.EPERM, errno.EINVAL}:
                    raise
                _keep(fd, found, OWNER, f"{uid}:{gid}".encode())
                return
        if not is_new:
            _drop(fd, found, OWNER)


class ObjectCarrier:
    """All that POSIX knows is object metadata; the time of the file is the object's LastModified."""

    def read(self, folder: int, name: str, found: Status) -> Attributes:
        """As in the protocol."""
        own = _mapping(xattrs.read_at(folder, name, OBJECT), OBJECT)
        tags = _mapping(xattrs.read_at(folder, name, TAGS), TAGS)
        return attributes_of(own, found.st_mtime_ns, tags)

    def write(self, fd: int, wanted: Attributes, found: Found, *, is_new: bool) -> None:
        """As in the protocol."""
        before = {} if is_new else _mapping(xattrs.read(fd, OBJECT), OBJECT)
        values = metadata_of(wanted, before)
        if values != before:
            _keep(fd, found, OBJECT, json.dumps(values).encode())
        if wanted.tags:
            _keep(fd, found, TAGS, json.dumps(wanted.tags).encode())
        elif wanted.tags is not None and not is_new:
            _drop(fd, found, TAGS)


class WindowsCarrier:
    """Times alone."""

    def read(self, folder: int, name: str, found: Status) -> Attributes:
        """As in the protocol."""
        del folder, name
        return Attributes(mtime_ns=found.st_mtime_ns, atime_ns=found.st_atime_ns)

    def write(self, fd: int, wanted: Attributes, found: Found, *, is_new: bool) -> None:
        """As in the protocol."""
        del is_new
        # The mode that a file is made with has to be its own all the same.
        if wanted.mode is not None and wanted.mode != found.mode:
            os.fchmod(fd, wanted.mode)
        _set_times(fd, found, wanted)


def carrier_of(
    kind: Metadata, *, may_chown: bool, unlocks: bool = False
) -> PosixCarrier | ObjectCarrier | WindowsCarrier:
    """How files of a location keep what they carry; those of a destination may be unlocked for a moment."""
    if kind is Metadata.POSIX:
        return PosixCarrier(may_chown=may_chown, unlocks=unlocks)
    return ObjectCarrier() if kind is Metadata.OBJECT else WindowsCarrier()


def _set_times(fd: int, found: Found, wanted: Attributes) -> None:
    if wanted.mtime_ns is not None:
        atime = found.atime_ns if wanted.atime_ns is None else wanted.atime_ns
        os.utime(fd, ns=(atime, wanted.mtime_ns))


def _keep(fd: int, found: Found, key: str, value: bytes) -> None:
    """Set an attribute, or raise an error that says which, and what it would have been for."""
    try:
        _as_owner(fd, found, lambda: xattrs.write(fd, key, value))
    except OSError as error:
        what = "the owner" if key == OWNER else "metadata"
        said = f"{what} cannot be kept in the extended attribute {key}: {error.strerror}"
        raise OSError(error.errno, said) from error


def _drop(fd: int, found: Found, key: str) -> None:
    """Remove an attribute, if it is there. Raises OSError."""
    if _as_owner(fd, found, lambda: xattrs.read(fd, key)) is not None:
        _as_owner(fd, found, lambda: xattrs.remove(fd, key))


def _as_owner(fd: int, found: Found, action: Callable[[], T]) -> T:
    """Do something that only a readable and writable file allows, even if its owner has made it neither."""
    try:
        return action()
    except PermissionError:
        os.fchmod(fd, found.mode | stat.S_IWUSR | stat.S_IRUSR)
        try:
            return action()
        finally:
            os.fchmod(fd, found.mode)


def _owner(kept: bytes) -> tuple[int, int]:
    found = re.fullmatch(rb"(\d{1,10}):(\d{1,10})", kept)
    if found is None or max(int(found[1]), int(found[2])) > MOST_ID:
        said = f"the extended attribute {OWNER} is not a user and a group: {kept[:40]!r}"
        raise OSError(errno.EBADMSG, said)
    return int(found[1]), int(found[2])


def _mapping(kept: bytes | None, key: str) -> dict[str, str]:
    if kept is None:
        return {}
    try:
        value: object = json.loads(kept)
    except (ValueError, RecursionError):  # Nested deeper than anybody means.
        value = None
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise OSError(errno.EBADMSG, f"the extended attribute {key} is not a JSON object of texts")
    return value
