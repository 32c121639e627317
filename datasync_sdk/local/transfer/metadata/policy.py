"""What the options of a task say about metadata: what a copy is to have, and whether it has it."""

from __future__ import annotations

import os
import stat

from datasync_sdk import models as m
from datasync_sdk.local.transfer.job import Metadata
from datasync_sdk.local.transfer.metadata.object_metadata import NOTHING, Attributes
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.outcome.outcomes import ItemKind

__all__ = ["Policy"]

NOBODY = 65534
FILE_MODE = 0o644
FOLDER_MODE = 0o755
"""Who owns, and who may use, what comes from a place that knows neither."""

# Who may not give files away may not make them run as their owner either: it would be another owner.
UNPRIVILEGED_BITS = 0o1777

SET_ID = stat.S_ISUID | stat.S_ISGID


class Policy:
    """The options about metadata, for a pair of places."""

    def __init__(self, options: m.Options, source: Metadata, destination: Metadata) -> None:
        between_objects = source is destination is Metadata.OBJECT
        keeps_own = options.object_metadata != m.ObjectMetadata.NONE
        # Between buckets owners and permissions are nothing but object metadata.
        keeps_posix = destination is not Metadata.WINDOWS and (keeps_own or not between_objects)
        self.keeps_uid = keeps_posix and options.uid != m.Uid.NONE
        self.keeps_gid = keeps_posix and options.gid != m.Gid.NONE
        self.keeps_mode = keeps_posix and options.posix_permissions != m.PosixPermissions.NONE
        self.keeps_mtime = options.mtime != m.Mtime.NONE
        self.keeps_atime = self.keeps_mtime and options.atime != m.Atime.NONE
        self.keeps_own = between_objects and keeps_own
        self.keeps_tags = between_objects and options.object_tags != m.ObjectTags.NONE
        self.keeps_links = source is destination is Metadata.POSIX
        self.keeps_devices = self.keeps_links and options.preserve_devices == m.PreserveDevices.PRESERVE
        self.destination = destination
        self.may_chown = os.geteuid() == 0
        """Whether this process can give files away, as far as is known before the destination is tried."""
        self.grain_ns = 1
        """Times at the destination are multiples of it."""

    @property
    def keeps_all(self) -> bool:
        """Whether a POSIX file is to be as its source in everything."""
        keeps_owner = self.keeps_uid and self.keeps_gid
        return self.may_chown and keeps_owner and self.keeps_mode and self.keeps_atime

    @property
    def needs_old(self) -> bool:
        """Whether a file that takes the place of another inherits something from it."""
        is_object = self.destination is Metadata.OBJECT
        return not is_object and not (self.keeps_uid and self.keeps_gid and self.keeps_mode)

    @property
    def sets_folder_mode(self) -> bool:
        """Whether folders get a mode when they are finished, rather than keep the one that they have."""
        return self.keeps_mode and self.destination is Metadata.POSIX

    def mode_on_disk(self, wanted: Attributes) -> int:
        """The mode that a new file gets: that of an object is nothing but metadata of it."""
        if wanted.mode is None or self.destination is Metadata.OBJECT:
            return FILE_MODE
        return wanted.mode

    def wanted(self, source: Attributes, kind: ItemKind, old: Attributes = NOTHING) -> Attributes:
        """What a copy is to have; None where it does not matter. `old` is what is there now, if anything."""
        mode: int | None
        if self.destination is Metadata.OBJECT:
            uid = source.uid if self.keeps_uid else None
            gid = source.gid if self.keeps_gid else None
            mode = source.mode if self.keeps_mode else None
        else:
            uid = _first(source.uid, NOBODY) if self.keeps_uid else old.uid
            gid = _first(source.gid, NOBODY) if self.keeps_gid else old.gid
            default = FOLDER_MODE if kind is ItemKind.FOLDER else FILE_MODE
            mode = _first(source.mode if self.keeps_mode else old.mode, default)
            if not self.may_chown:
                mode &= UNPRIVILEGED_BITS
            elif kind is ItemKind.FILE and mode & SET_ID:
                mode &= ~_bits_of_others(uid, gid, source if self.keeps_mode else old)
        if kind is ItemKind.LINK:
            mode = None
            if not self.may_chown:
                uid = gid = None  # A link can carry no attribute that would remember them.
        return Attributes(
            uid,
            gid,
            mode,
            source.mtime_ns if self.keeps_mtime else None,
            source.atime_ns if self.keeps_atime else None,
            (source.own or {}) if self.keeps_own else None,
            (source.tags or {}) if self.keeps_tags else None,
        )

    def has_metadata(self, kind: ItemKind, source: Attributes, copy: Attributes) -> bool:
        """Whether a copy has what it is to have, its time apart."""
        # What is not preserved need not be equal: it is compared with itself.
        wanted = self.wanted(source, kind, copy)
        return (
            (wanted.uid is None or wanted.uid == copy.uid)
            and (wanted.gid is None or wanted.gid == copy.gid)
            and (wanted.mode is None or not self.keeps_mode or wanted.mode == copy.mode)
            and (wanted.own is None or wanted.own == (copy.own or {}))
            and (wanted.tags is None or wanted.tags == (copy.tags or {}))
        )

    def has_time(self, source: Attributes, copy: Attributes) -> bool:
        """Whether a copy has the time that it is to have, if it is to have any."""
        # A folder that no object stands for has none.
        return not self.keeps_mtime or source.mtime_ns is None or self._is_same_time(source, copy)

    def is_current(self, source: Status, copy: Status, having: Attributes, copied: Attributes) -> bool:
        """Whether size and time say that a file has not changed since it was copied."""
        if source.st_size != copy.st_size:
            return False
        if self.keeps_mtime:
            return self._is_same_time(having, copied)
        # The time of a copy is when it was made.
        return _first(having.mtime_ns, source.st_mtime_ns) <= copy.st_mtime_ns

    def _is_same_time(self, source: Attributes, copy: Attributes) -> bool:
        if source.mtime_ns == copy.mtime_ns or source.mtime_ns is None or copy.mtime_ns is None:
            return source.mtime_ns == copy.mtime_ns
        return source.mtime_ns // self.grain_ns == copy.mtime_ns // self.grain_ns

    def is_same_stat(self, source: Status, copy: Status) -> bool:
        """Whether all that any option may compare is equal. False says nothing; it is a short cut."""
        return (
            source.st_mtime_ns == copy.st_mtime_ns
            and source.st_size == copy.st_size
            and source.st_mode == copy.st_mode
            and source.st_uid == copy.st_uid
            and source.st_gid == copy.st_gid
        )


def _bits_of_others(uid: int | None, gid: int | None, giver: Attributes) -> int:
    """What a file must not have that gets another owner, or group, than the one who let it run as himself."""
    return (stat.S_ISUID if uid != giver.uid else 0) | (stat.S_ISGID if gid != giver.gid else 0)


def _first(value: int | None, default: int) -> int:
    return default if value is None else value
