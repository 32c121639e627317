"""Looks again at what was transferred, or at everything: the last word on whether a transfer is right."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable

from datasync_sdk.local.transfer.compare import difference
from datasync_sdk.local.transfer.content import SMALL, checksum_of
from datasync_sdk.local.transfer.folders import joined, parted
from datasync_sdk.local.transfer.opening import Reader, open_to_change
from datasync_sdk.local.transfer.outcomes import ItemKind, Outcome, Phase, kind_of
from datasync_sdk.local.transfer.records import CONTENT, IMPLIED, METADATA, TOUCHED, Finish, Record, Row
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.tally import UNCHANGED, Tally

__all__ = ["Recheck", "Verifier"]

KINDS = {kind.value: kind for kind in ItemKind}
FILE, FOLDER = ItemKind.FILE.value, ItemKind.FOLDER.value

BAD_CONTENT = "the checksum of the destination is not that of the source"
BAD_METADATA = "the metadata of the destination is not that of the source"
BAD_SIZE = "the destination has another size than the source"
NEW_SOURCE = "the source has changed since it was transferred"
MISSING = "the destination does not have it"
EXTRA = "the destination has it, and the source has not"


class Recheck(Tally):
    """Counts of a listing that is made to verify: it prepares nothing, and all that fails fails to verify."""

    def __init__(self, tally: Tally) -> None:
        """Failures and counters are those of the tally of the transfer."""
        self.__dict__.update(tally.__dict__)
        self.wants = {**tally.wants, Outcome.SKIPPED: False}
        self._tally = tally

    def listed(self, files: int, folders: int) -> None:
        """It was counted before."""

    def listed_for_delete(self, files: int, folders: int) -> None:
        """It was counted before."""

    def planned(self, files: int, folders: int, size: int, *, is_compared: bool) -> None:
        """It is a difference, and will be found to be one."""

    def doomed(self, files: int, folders: int) -> None:
        """It is a difference, and will be found to be one."""

    def unchanged(self, files: int, folders: int) -> None:
        """Files are verified when their contents are, and the others one by one."""

    def skipped(self, path: str, kind: ItemKind, reason: str, found: os.stat_result) -> None:
        """Something without content, that is as it should be, is verified by that."""
        if reason is UNCHANGED and kind is not ItemKind.FILE:
            is_folder = kind is ItemKind.FOLDER
            self.verified(not is_folder, is_folder)
            if self.wants[Outcome.VERIFIED]:
                self.report(Outcome.VERIFIED, path, kind, found)

    def failed(self, phase: Phase, path: str, kind: ItemKind, error: OSError, **more: object) -> None:
        """Whatever failed, it could not be verified."""
        del phase, more
        self._tally.failed(Phase.VERIFY, path, kind, error)


class Verifier:
    """Verifies items; all that is wrong is a failed item."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._reader = Reader()

    def transferred(self, folder: str, rows: list[Row]) -> None:
        """Look at items of a folder that were transferred: contents and metadata. Raises `Cancelled`."""
        sides, tally = self._sides, self._sides.tally
        try:
            source, copy = sides.source.fd(folder), sides.destination.fd(folder)
        except OSError as error:
            for name, kind, *_ in rows:
                tally.failed(Phase.VERIFY, f"/{joined(folder, name)}", KINDS[kind], error)
            return
        count = 0
        for row in rows:
            sides.watch.checkpoint()
            path = f"/{folder}/{row[0]}" if folder else f"/{row[0]}"
            try:
                sides.watch.fault("verify", "destination", path)
                found = self._one(source, copy, row)
            except OSError as error:
                tally.failed(Phase.VERIFY, path, KINDS[row[1]], error)
                continue
            count += 1
            if tally.wants[Outcome.VERIFIED]:
                tally.report(Outcome.VERIFIED, path, KINDS[row[1]], found)
        tally.verified(count, 0)

    def folders(self, finishes: list[Finish]) -> None:
        """Look at the metadata of folders that were transferred. Raises `Cancelled`."""
        sides = self._sides
        for path, _, _ in finishes:
            sides.watch.checkpoint()
            # Looking into folders may have meant to unlock them; none may be when it is looked at itself.
            sides.destination.lock_again()
            parent, name = parted(path)
            try:
                sides.watch.fault("verify", "destination", f"/{path}")
                source, copy = sides.source.fd(parent), sides.destination.fd(parent)
                found = self._folder(source, copy, name)
            except OSError as error:
                sides.tally.failed(Phase.VERIFY, f"/{path}", ItemKind.FOLDER, error)
                continue
            sides.tally.verified(0, 1)
            if sides.tally.wants[Outcome.VERIFIED]:
                sides.tally.report(Outcome.VERIFIED, f"/{path}", ItemKind.FOLDER, found)

    def _folder(self, source: int, copy: int, name: str) -> os.stat_result:
        """Verify a folder, or raise an OSError that says what is wrong with it."""
        found = os.stat(name, dir_fd=source, follow_symlinks=False)
        copied = os.stat(name, dir_fd=copy, follow_symlinks=False)
        if {kind_of(found.st_mode), kind_of(copied.st_mode)} != {ItemKind.FOLDER}:
            raise OSError(errno.ENOTDIR, "it is no longer a folder at both sides")
        if difference(self._sides, ItemKind.FOLDER, name, (source, found), (copy, copied)):
            raise OSError(errno.EIO, BAD_METADATA)
        return found

    def everything(self, records: Iterable[Record]) -> None:
        """Go through a listing of both sides: whatever there is to do is wrong. Raises `Cancelled`."""
        for record in records:
            if record[0] == "same":
                self._contents(record[1], record[2])
            elif record[0] == "copy" or record[0] == "late":
                for name, kind, what, overwrite in record[2]:
                    if kind != FOLDER:
                        self._different(joined(record[1], name), KINDS[kind], what, overwrite)
            elif record[0] == "delete":
                for name, is_folder in record[2]:
                    kind_found = ItemKind.FOLDER if is_folder else ItemKind.FILE
                    self._wrong(joined(record[1], name), kind_found, EXTRA)
            else:
                for path, what, overwrite in record[2]:
                    if what not in {TOUCHED, IMPLIED}:
                        self._different(path, ItemKind.FOLDER, what, overwrite)

    def _one(self, source: int, copy: int, row: Row) -> os.stat_result:
        """Verify an item, or raise an OSError that says what is wrong with it."""
        name, kind, what, _, checksum, size, mtime_ns, ctime_ns = row
        found = os.stat(name, dir_fd=source, follow_symlinks=False)
        if (found.st_size, found.st_mtime_ns) != (size, mtime_ns):
            raise OSError(errno.EBUSY, NEW_SOURCE)
        if kind != FILE:
            self._special(source, copy, name, found)
            return found
        self._file(source, copy, row, found)
        if found.st_ctime_ns != ctime_ns and what == CONTENT:
            self._check_source(source, name, size, checksum)
        return found

    def _special(self, source: int, copy: int, name: str, found: os.stat_result) -> None:
        """Verify a link or a device."""
        copied = os.stat(name, dir_fd=copy, follow_symlinks=False)
        kind = kind_of(found.st_mode)
        if kind_of(copied.st_mode) is not kind:
            raise OSError(errno.EIO, BAD_CONTENT)
        if difference(self._sides, kind, name, (source, found), (copy, copied)):
            raise OSError(errno.EIO, BAD_METADATA)

    def _file(self, source: int, copy: int, row: Row, found: os.stat_result) -> None:
        """Verify a file: its content only if it was transferred."""
        sides, (name, _, what, _, checksum, size, _, _) = self._sides, row
        fd = self._open(copy, name)
        try:
            copied = os.fstat(fd)
            if copied.st_size != size or not stat.S_ISREG(copied.st_mode):
                raise OSError(errno.EIO, BAD_SIZE)
            if what == CONTENT and checksum_of(sides, fd, size) != checksum:
                raise OSError(errno.EIO, BAD_CONTENT)
        finally:
            os.close(fd)
        if sides.is_plain and found.st_uid == 0 and sides.policy.is_same_stat(found, copied):
            return
        policy = sides.policy
        having = sides.source_carrier.read(source, name, found)
        kept = sides.destination_carrier.read(copy, name, copied)
        if not (policy.has_metadata(ItemKind.FILE, having, kept) and policy.has_time(having, kept)):
            raise OSError(errno.EIO, BAD_METADATA)

    def _open(self, copy: int, name: str) -> int:
        """Open a file of the destination, also if its mode forbids that."""
        try:
            return self._reader.open(copy, name)
        except PermissionError:
            with open_to_change(copy, name, stat.S_IFREG) as readable:
                return os.dup(readable)

    def _check_source(self, source: int, name: str, size: int, checksum: bytes | None) -> None:
        """Read a source again, of which somebody has changed something but not the time it was written to."""
        fd = self._reader.open(source, name)
        try:
            if checksum_of(self._sides, fd, size) != checksum:
                raise OSError(errno.EBUSY, NEW_SOURCE)
        finally:
            os.close(fd)

    def _contents(self, folder: str, names: list[str]) -> None:
        """Compare files that are equal as far as a listing shows."""
        sides, tally, count = self._sides, self._sides.tally, 0
        source, copy = sides.source.fd(folder), sides.destination.fd(folder)
        for name in names:
            sides.watch.checkpoint()
            path = f"/{folder}/{name}" if folder else f"/{name}"
            try:
                sides.watch.fault("verify", "source", path)
                sides.watch.fault("verify", "destination", path)
                found = self._compare(source, copy, name)
            except OSError as error:
                tally.failed(Phase.VERIFY, path, ItemKind.FILE, error)
                continue
            count += 1
            if tally.wants[Outcome.VERIFIED]:
                tally.report(Outcome.VERIFIED, path, ItemKind.FILE, found)
        tally.verified(count, 0)

    def _compare(self, source: int, copy: int, name: str) -> os.stat_result:
        """Compare two files byte by byte: both are at hand, and that is more than equal checksums."""
        left = self._reader.open(source, name)
        try:
            right = self._open(copy, name)
            try:
                found = os.fstat(left)
                size = found.st_size
                if size <= SMALL:
                    if os.read(left, size + 1) != os.read(right, size + 1):
                        raise OSError(errno.EIO, BAD_CONTENT)
                elif not self._are_equal(left, right):
                    raise OSError(errno.EIO, BAD_CONTENT)
                return found
            finally:
                os.close(right)
        finally:
            os.close(left)

    def _are_equal(self, left: int, right: int) -> bool:
        while True:
            self._sides.watch.checkpoint()
            piece = os.read(left, SMALL)
            if piece != read_as_much(right, len(piece) or 1):
                return False
            if not piece:
                return True

    def _different(self, path: str, kind: ItemKind, what: str, overwrite: bool) -> None:
        reason = BAD_METADATA if what == METADATA else BAD_CONTENT if overwrite else MISSING
        self._wrong(path, kind, reason)

    def _wrong(self, path: str, kind: ItemKind, reason: str) -> None:
        self._sides.tally.failed(Phase.VERIFY, f"/{path}", kind, OSError(errno.EIO, reason))


def read_as_much(fd: int, size: int) -> bytes:
    """Read so many bytes, or all up to the end."""
    data = os.read(fd, size)
    while len(data) < size and (more := os.read(fd, size - len(data))):
        data += more
    return data
