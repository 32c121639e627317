"""Makes what is to be made at the destination: files, links, devices, folders, and their metadata."""

from __future__ import annotations

import errno
import os
import stat
import time
from typing import TypeAlias

from datasync_sdk.local.transfer.carriers import NOTHING, Attributes, found_of
from datasync_sdk.local.transfer.content import changed, copy_content, damage
from datasync_sdk.local.transfer.folders import joined, parted
from datasync_sdk.local.transfer.job import TransferError
from datasync_sdk.local.transfer.opening import Reader, open_to_change
from datasync_sdk.local.transfer.outcomes import ItemKind, Outcome, Phase, TransferType, kind_of
from datasync_sdk.local.transfer.policy import FOLDER_MODE
from datasync_sdk.local.transfer.records import CONTENT, IMPLIED, METADATA, Finish, Item, Row
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.staging import NEW

__all__ = ["Copier"]

KINDS = {kind.value: kind for kind in ItemKind}
FILE, FOLDER, LINK = ItemKind.FILE.value, ItemKind.FOLDER.value, ItemKind.LINK.value

Made: TypeAlias = "tuple[bytes | None, os.stat_result]"
"""The checksum of what was copied, if there is one, and the source as it was before."""


class Copier:
    """Makes items, each in one step as far as anybody at the destination can see."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._wants_rows = sides.verifies_transferred
        self._reader = Reader()
        self._unmade: dict[str, OSError] = {}
        """Folders that could not be made: they are counted when they are finished, as all folders."""

    def copy(self, folder: str, items: list[Item]) -> list[Row]:
        """Transfer items of a folder; give those to verify that arrived, folders aside.

        Raises:
            Cancelled: somebody wants the transfer to end.

        """
        sides = self._sides
        try:
            source = sides.source.fd(folder)
            copy = sides.destination.fd(folder, write=True)
        except OSError as error:
            for name, kind, what, overwrite in items:
                self._failed(joined(folder, name), kind, what, overwrite, error)
            return []
        rows: list[Row] = []
        reports = sides.tally.wants[Outcome.TRANSFERRED]
        checkpoint, transferred = sides.watch.checkpoint, sides.tally.transferred
        for item in items:
            name, kind, what, overwrite = item
            checkpoint()
            path = f"/{folder}/{name}" if folder else f"/{name}"
            try:
                if kind == FOLDER:
                    self._make_folder(copy, name, path)
                    continue
                if kind == FILE:
                    checksum, found = self._file(source, copy, item, path)
                else:
                    checksum, found = self._special(source, copy, item, path)
            except OSError as error:
                self._failed(path[1:], kind, what, overwrite, error)
                continue
            transferred(False)
            if reports:
                self._report(path, item, found)
            if self._wants_rows:
                rows.append((*item, checksum, found.st_size, found.st_mtime_ns, found.st_ctime_ns))
        return rows

    def finish(self, finishes: list[Finish]) -> list[Finish]:
        """Give folders their metadata; give those that count as transferred, and are."""
        done: list[Finish] = []
        for path, what, overwrite in finishes:
            is_counted = what in {CONTENT, METADATA}
            self._sides.watch.checkpoint()
            try:
                if error := self._unmade.pop(path, None):
                    raise error
                found = self._finish_folder(path, what)
            except OSError as error:
                if is_counted or what == IMPLIED:
                    self._failed(path, FOLDER, what, overwrite, error, counts=True)
                continue
            if is_counted:
                self._sides.tally.transferred(True)
                self._report(f"/{path}", (path, FOLDER, what, overwrite), found)
                done.append((path, what, overwrite))
        return done

    def _file(self, source: int, copy: int, item: Item, path: str) -> Made:
        sides, (name, _, what, _) = self._sides, item
        if what == METADATA:
            return None, self._change_metadata(source, copy, name, path)
        sides.watch.fault("read", "source", path)
        fd = self._reader.open(source, name)
        try:
            found = os.fstat(fd)
            if not stat.S_ISREG(found.st_mode):
                raise changed("it is no longer a file")
            wanted = self._wanted(source, copy, name, found)
            sides.watch.fault("write", "destination", path)
            new, having = sides.staging.create(sides.policy.mode_on_disk(wanted))
            try:
                checksum = copy_content(sides, fd, new, found.st_size, path, self._wants_rows)
                if sides.watch.corrupts(path):
                    damage(new, found.st_size)
                sides.destination_carrier.write(new, wanted, having, is_new=True)
                if not sides.policy.keeps_mtime:
                    outdate(new, found)
                check_unchanged(found, os.fstat(fd))
                sides.staging.publish(copy, name, may_replace=not sides.never_overwrites)
            except BaseException:
                sides.staging.discard()
                raise
            finally:
                os.close(new)
        finally:
            os.close(fd)
        return checksum, found

    def _wanted(self, source: int, copy: int, name: str, found: os.stat_result) -> Attributes:
        sides = self._sides
        if sides.copies_all and found.st_uid == 0 and stat.S_ISREG(found.st_mode):
            mode = found.st_mode & 0o7777
            return Attributes(0, found.st_gid, mode, found.st_mtime_ns, found.st_atime_ns)
        having = sides.source_carrier.read(source, name, found)
        old = NOTHING
        if sides.policy.needs_old:
            old = self._old(copy, name, kind_of(found.st_mode))
        return sides.policy.wanted(having, kind_of(found.st_mode), old)

    def _old(self, copy: int, name: str, kind: ItemKind) -> Attributes:
        """What the item at the destination has that is to be replaced, if it is of the same kind."""
        try:
            old = os.stat(name, dir_fd=copy, follow_symlinks=False)
        except FileNotFoundError:
            return NOTHING
        if kind_of(old.st_mode) is not kind:
            return NOTHING
        return self._sides.destination_carrier.read(copy, name, old)

    def _change_metadata(self, source: int, copy: int, name: str, path: str) -> os.stat_result:
        """Give a file at the destination the metadata that it is to have, and leave its content alone."""
        sides = self._sides
        sides.watch.fault("write", "destination", path)
        found = os.stat(name, dir_fd=source, follow_symlinks=False)
        wanted = self._wanted(source, copy, name, found)
        with open_to_change(copy, name, stat.S_IFREG) as fd:
            sides.destination_carrier.write(fd, wanted, found_of(os.fstat(fd)), is_new=False)
        return found

    def _special(self, source: int, copy: int, item: Item, path: str) -> Made:
        """Make a link or a device: anew, also where only metadata differs, since either has no content."""
        sides, (name, kind, _, _) = self._sides, item
        sides.watch.fault("read", "source", path)
        found = os.stat(name, dir_fd=source, follow_symlinks=False)
        if kind_of(found.st_mode).value != kind:
            raise changed("it is something else now")
        staging = sides.staging
        wanted = self._wanted(source, copy, name, found)
        sides.watch.fault("write", "destination", path)
        try:
            if kind == LINK:
                os.symlink(os.readlink(name, dir_fd=source), NEW, dir_fd=staging.fd)
            else:
                make_device(NEW, found, staging.fd)
            finish_special(NEW, staging.fd, wanted, found)
            staging.publish(copy, name, may_replace=not sides.never_overwrites)
        except BaseException:
            staging.discard()
            raise
        return None, found

    def _make_folder(self, copy: int, name: str, path: str) -> None:
        """Make a folder. If it is to have a mode of its own, only we can use it until it is finished."""
        mode = 0o700 if self._sides.policy.sets_folder_mode else FOLDER_MODE
        try:
            self._sides.watch.fault("write", "destination", path)
            try:
                os.mkdir(name, mode, dir_fd=copy)
            except FileExistsError:
                found = os.stat(name, dir_fd=copy, follow_symlinks=False)
                if stat.S_ISDIR(found.st_mode):
                    return
                if self._sides.never_overwrites:
                    raise
                os.unlink(name, dir_fd=copy)
                os.mkdir(name, mode, dir_fd=copy)
        except OSError as error:
            self._unmade[path[1:]] = error

    def _finish_folder(self, path: str, what: str) -> os.stat_result:
        sides = self._sides
        parent, name = parted(path)
        source = sides.source.fd(parent)
        found = os.stat(name, dir_fd=source, follow_symlinks=False)
        if not stat.S_ISDIR(found.st_mode):
            raise changed("it is no longer a folder")
        fd = sides.destination.fd(path)
        if what == METADATA:
            sides.watch.fault("write", "destination", f"/{path}")
        having = sides.source_carrier.read(source, name, found)
        status = os.fstat(fd)
        old = NOTHING
        if sides.policy.needs_old:
            old = Attributes(mode=sides.destination.true_mode(path, stat.S_IMODE(status.st_mode)))
        wanted = sides.policy.wanted(having, ItemKind.FOLDER, old)
        sides.destination_carrier.write(fd, wanted, found_of(status), is_new=False)
        if wanted.mode is not None:
            sides.destination.keep_unlocked(path)
        return found

    def _report(self, path: str, item: Item, found: os.stat_result) -> None:
        tally = self._sides.tally
        if tally.wants[Outcome.TRANSFERRED]:
            _, kind, what, overwrite = item
            tally.report(Outcome.TRANSFERRED, path, KINDS[kind], found, type_of(what), overwrite)

    def _failed(  # noqa: PLR0913
        self, path: str, kind: str, what: str, overwrite: bool, error: OSError, *, counts: bool = False
    ) -> None:
        if isinstance(error, FileNotFoundError) and self._sides.destination.is_gone():
            raise gone() from error
        if kind == FOLDER and not counts:
            self._unmade[path] = error  # It fails when it is finished: once.
            return
        self._sides.tally.failed(
            Phase.TRANSFER, f"/{path}", KINDS[kind], error, transfer_type=type_of(what), overwrite=overwrite
        )


def type_of(what: str) -> TransferType:
    """What a task report says was transferred."""
    return TransferType.METADATA if what == METADATA else TransferType.CONTENT_AND_METADATA


def check_unchanged(before: os.stat_result, after: os.stat_result) -> None:
    """Raise OSError if somebody wrote to a file while it was read."""
    if before.st_size != after.st_size:
        raise changed(f"it had {before.st_size:,} bytes and now has {after.st_size:,}")
    if before.st_mtime_ns != after.st_mtime_ns or before.st_ctime_ns != after.st_ctime_ns:
        raise changed("it has another time now")


def outdate(new: int, found: os.stat_result) -> None:
    """Make a copy not older than its source, which may be from the future.

    Where times are not preserved, what is newer than its copy has changed. A source from the future would be
    newer than any copy, and be transferred each time.
    """
    if found.st_mtime_ns > time.time_ns():
        os.utime(new, ns=(found.st_atime_ns, found.st_mtime_ns))


def make_device(name: str, found: os.stat_result, folder: int) -> None:
    """Make a device as another one is. Raises OSError."""
    try:
        os.mknod(name, stat.S_IFMT(found.st_mode) | 0o600, found.st_rdev, dir_fd=folder)
    except PermissionError as error:
        said = "the process that transfers may not make devices, which only root may"
        raise PermissionError(errno.EPERM, said) from error


def finish_special(name: str, folder: int, wanted: Attributes, found: os.stat_result) -> None:
    """Give a new link or device, in a folder that nobody else can use, its metadata. Raises OSError."""
    uid, gid = -1 if wanted.uid is None else wanted.uid, -1 if wanted.gid is None else wanted.gid
    if (uid, gid) != (-1, -1):
        os.chown(name, uid, gid, dir_fd=folder, follow_symlinks=False)
    if wanted.mode is not None:
        os.chmod(name, wanted.mode, dir_fd=folder)
    if wanted.mtime_ns is not None:
        atime_ns = found.st_atime_ns if wanted.atime_ns is None else wanted.atime_ns
        os.utime(name, ns=(atime_ns, wanted.mtime_ns), dir_fd=folder, follow_symlinks=False)


def gone() -> TransferError:
    """The destination's folder was removed while we wrote to it."""
    return TransferError("DestinationAccessFailed", "The folder of the destination location is gone.")
