"""Makes single items at the destination. `Copier` says which, and counts."""

from __future__ import annotations

import errno
import os
import stat
import time
from typing import Protocol, TypeAlias

from datasync_sdk.local.transfer.job import Metadata
from datasync_sdk.local.transfer.listing.selection import Selected
from datasync_sdk.local.transfer.making.content import copy_content, damage
from datasync_sdk.local.transfer.making.special import finish_special, make_device
from datasync_sdk.local.transfer.making.staging import NEW
from datasync_sdk.local.transfer.metadata.carriers import Found, found_of
from datasync_sdk.local.transfer.metadata.object_metadata import NOTHING, Attributes
from datasync_sdk.local.transfer.metadata.policy import FOLDER_MODE
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.outcome.outcomes import ItemKind, kind_of
from datasync_sdk.local.transfer.records import IMPLIED, METADATA, Item
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.storage.folders import OPEN_FOLDER, parted
from datasync_sdk.local.transfer.storage.opening import Reader, changed, check_unchanged, open_to_change
from datasync_sdk.local.transfer.storage.targets import TargetFolder

__all__ = ["FolderMaker", "Made", "Maker"]

FILE, LINK = ItemKind.FILE.value, ItemKind.LINK.value

MADE_MEANWHILE = "somebody has made it at the destination in the meantime, and OverwriteMode is NEVER"
IN_THE_WAY = "the destination has something of this name that is no folder, and that has to stay"

Made: TypeAlias = tuple[bytes | None, Status]
"""The checksum of what was copied, if there is one, and the source as it was before."""


class Maker(Protocol):
    """How items are made: all at once, as far as anybody at the destination can see."""

    def enter(self, folder: str) -> None:
        """From now on all is in this folder, until another is entered. Raises OSError."""

    def item(self, item: Item, path: str) -> Made:
        """Make anything but a folder. Raises OSError."""
        ...

    def folder(self, item: Item, path: str) -> None:
        """Make a folder that others can be made in. Raises OSError."""

    def finish(self, path: str, what: str) -> Status:
        """Give a folder its metadata; gives the source as it was before. Raises OSError."""
        ...


class FolderMaker:
    """Makes files, links, devices and folders of those in a folder."""

    def __init__(self, sides: Sides, target: TargetFolder) -> None:
        self._sides = sides
        self._target = target
        self._staging = target.staging
        self._carrier = target.carrier
        self._wants_checksum = sides.verifies_transferred
        self._may_replace = not sides.never_overwrites
        self._reader = Reader()
        created = self._staging.created
        self._new = Attributes(uid=created.uid, gid=created.gid)
        self._folder = ""
        self._source = self._copy = -1

    def enter(self, folder: str) -> None:
        """As in `Maker`."""
        self._folder = folder
        self._source = self._sides.source.fd(folder)
        self._copy = self._target.fd(folder, write=True)

    def item(self, item: Item, path: str) -> Made:
        """As in `Maker`."""
        if item[1] != FILE:
            return None, self._special(item, path)
        if item[2] == METADATA:
            return None, self._change_metadata(item, path)
        return self._file(item, path)

    def _file(self, item: Item, path: str) -> Made:
        sides, staging, name = self._sides, self._staging, item[0]
        sides.watch.fault("read", "source", path)
        fd = self._reader.open(self._source, name)
        try:
            found = os.fstat(fd)
            if not stat.S_ISREG(found.st_mode):
                raise changed("it is no longer a file")
            wanted = self._wanted(name, found)
            sides.watch.fault("write", "destination", path)
            new, having = staging.create(sides.policy.mode_on_disk(wanted))
            try:
                checksum = copy_content(sides, fd, new, found.st_size, path, self._wants_checksum)
                self._complete(new, wanted, having, found, path)
                check_unchanged(found, os.fstat(fd))
                staging.publish(self._copy, name, may_replace=self._may_replace)
            except BaseException:
                staging.discard()
                raise
            finally:
                os.close(new)
        finally:
            os.close(fd)
        return checksum, found

    def _complete(self, new: int, wanted: Attributes, having: Found, found: Status, path: str) -> None:
        """Give a file that has its content all else."""
        if self._sides.watch.corrupts(path):
            damage(new, found.st_size)
        self._carrier.write(new, wanted, having, is_new=True)
        if not self._sides.policy.keeps_mtime:
            postdate(new, found, self._sides.policy.grain_ns)

    def _wanted(self, name: str, found: Status) -> Attributes:
        sides = self._sides
        if sides.copies_all and stat.S_ISREG(found.st_mode):
            mode = found.st_mode & 0o7777
            return Attributes(found.st_uid, found.st_gid, mode, found.st_mtime_ns, found.st_atime_ns)
        having = sides.source_carrier.read(self._source, name, found)
        old = NOTHING
        if sides.policy.needs_old:
            old = self._old(name, kind_of(found.st_mode))
        return sides.policy.wanted(having, kind_of(found.st_mode), old)

    def _old(self, name: str, kind: ItemKind) -> Attributes:
        """What the item at the destination has that is to be replaced, if it is of the same kind.

        Otherwise what a new one has.
        """
        try:
            old = os.stat(name, dir_fd=self._copy, follow_symlinks=False)
        except FileNotFoundError:
            return self._new
        if kind_of(old.st_mode) is not kind:
            return self._new
        return self._carrier.read(self._copy, name, old)

    def _change_metadata(self, item: Item, path: str) -> Status:
        """Give a file at the destination the metadata that it is to have, and leave its content alone."""
        sides, (name, _, _, _, version) = self._sides, item
        sides.watch.fault("write", "destination", path)
        found = sides.source.lookup(self._folder)(name, False, version)
        wanted = self._wanted(name, found)
        if not (sides.policy.keeps_mode or sides.policy.may_chown):
            wanted = wanted._replace(mode=None)  # Its own. But giving files away takes bits, to be set again.
        with open_to_change(self._copy, name, stat.S_IFREG) as fd:
            self._carrier.write(fd, wanted, found_of(os.fstat(fd)), is_new=False)
        return found

    def _special(self, item: Item, path: str) -> Status:
        """Make a link or a device: anew, also where only metadata differs, since either has no content."""
        sides, staging, (name, kind, _, _, _) = self._sides, self._staging, item
        sides.watch.fault("read", "source", path)
        found = os.stat(name, dir_fd=self._source, follow_symlinks=False)
        if kind_of(found.st_mode).value != kind:
            raise changed("it is something else now")
        wanted = self._wanted(name, found)
        sides.watch.fault("write", "destination", path)
        try:
            if kind == LINK:
                os.symlink(os.readlink(name, dir_fd=self._source), NEW, dir_fd=staging.fd)
            else:
                make_device(NEW, found, staging.fd)
            finish_special(NEW, staging.fd, wanted, found)
            staging.publish(self._copy, name, may_replace=self._may_replace)
        except BaseException:
            staging.discard()
            raise
        return found

    def folder(self, item: Item, path: str) -> None:
        """As in `Maker`. A run that is broken off never finishes it, and the next one may leave it alone.

        So it has all but its time from the beginning.
        """
        sides, name = self._sides, item[0]
        mode = 0o700 if sides.policy.sets_folder_mode else FOLDER_MODE
        sides.watch.fault("write", "destination", path)
        try:
            os.mkdir(name, mode, dir_fd=self._copy)
        except FileExistsError:
            found = os.stat(name, dir_fd=self._copy, follow_symlinks=False)
            if stat.S_ISDIR(found.st_mode):
                if sides.never_overwrites:  # It was not there when it was looked for, and is not ours.
                    raise OSError(errno.EEXIST, MADE_MEANWHILE) from None
                return
            if not self._gives_way(item, path):
                raise OSError(errno.EEXIST, IN_THE_WAY) from None
            os.unlink(name, dir_fd=self._copy)
            os.mkdir(name, mode, dir_fd=self._copy)
        self._furnish(name, path)

    def _gives_way(self, item: Item, path: str) -> bool:
        """Whether what has the name of a folder, and is none, is something that the task may replace."""
        if self._sides.never_overwrites or item[2] == IMPLIED:
            return False
        return self._sides.selection.of(path[1:], is_folder=False) is Selected.YES

    def _furnish(self, name: str, path: str) -> None:
        """Give a new folder what it is to have, as far as things can be made in it then."""
        sides, policy = self._sides, self._sides.policy
        found = sides.source.lookup(self._folder)(name, True)
        having = sides.source_carrier.read(self._source, name, found)
        wanted = policy.wanted(having, ItemKind.FOLDER)._replace(mtime_ns=None, atime_ns=None)
        mode = wanted.mode if policy.sets_folder_mode else None
        if not self._staging.ignores_modes:
            if self._staging.may_chown:
                wanted = wanted._replace(uid=None, gid=None)  # In a folder of others nothing could be made.
            if mode is not None and mode & stat.S_IRWXU != stat.S_IRWXU:
                self._target.lock_later(path[1:], mode)
                mode |= stat.S_IRWXU
        fd = os.open(name, OPEN_FOLDER, dir_fd=self._copy)
        try:
            self._carrier.write(fd, wanted._replace(mode=mode), found_of(os.fstat(fd)), is_new=True)
        finally:
            os.close(fd)

    def finish(self, path: str, what: str) -> Status:
        """As in `Maker`."""
        sides, target = self._sides, self._target
        parent, name = parted(path)
        source = sides.source.fd(parent)
        found = sides.source.lookup(parent)(name, True)
        if not stat.S_ISDIR(found.st_mode):
            raise changed("it is no longer a folder")
        fd = target.fd(path)
        if what == METADATA:
            sides.watch.fault("write", "destination", f"/{path}")
        having = sides.source_carrier.read(source, name, found)
        status = os.fstat(fd)
        old = NOTHING
        if sides.policy.needs_old:
            old = Attributes(mode=target.true_mode(path, stat.S_IMODE(status.st_mode)))
        wanted = sides.policy.wanted(having, ItemKind.FOLDER, old)
        if not sides.policy.sets_folder_mode and sides.policy.destination is not Metadata.OBJECT:
            wanted = wanted._replace(mode=None)  # It keeps its own, in which nothing is masked.
        self._carrier.write(fd, wanted, found_of(status), is_new=False)
        if wanted.mode is not None:
            target.keep_unlocked(path)
        return found


def postdate(new: int, found: Status, grain_ns: int) -> None:
    """Make a copy not older than its source, which may be from the future.

    Where times are not preserved, what is newer than its copy has changed. A source from the future would be
    newer than any copy, and be transferred each time; and one of this second, where times are whole seconds.
    """
    now = time.time_ns()
    if found.st_mtime_ns > now - now % grain_ns:
        os.utime(new, ns=(found.st_atime_ns, found.st_mtime_ns + grain_ns - 1))
