"""Looks again at what was transferred, or at everything: the last word on whether a transfer is right."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterable
from typing import Any

from datasync_sdk.local.transfer.listing.compare import difference
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.outcome.outcomes import (
    ITEM_ERRORS,
    ItemKind,
    Outcome,
    Phase,
    Seen,
    kind_of,
    told,
)
from datasync_sdk.local.transfer.outcome.tally import NOT_SEEN, UNCHANGED, Tally
from datasync_sdk.local.transfer.records import (
    CONTENT,
    IMPLIED,
    METADATA,
    TOUCHED,
    Doomed,
    Finish,
    Item,
    Record,
    Row,
    Same,
)
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.storage.folders import joined, parted
from datasync_sdk.local.transfer.verifying.checking import (
    BAD_METADATA,
    BAD_STATUS,
    OTHER,
    Checker,
    FolderChecker,
    MismatchError,
)

__all__ = ["Recheck", "Verifier"]

KINDS = {kind.value: kind for kind in ItemKind}
FOLDER = ItemKind.FOLDER.value

MISSING = "the destination does not have it"
EXTRA = "the destination has it, and the source has not"

SECOND = 1_000_000_000


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

    def skipped(self, path: str, kind: ItemKind, reason: str, found: Status) -> None:
        """Something without content, that is as it should be, is verified by that."""
        if reason is UNCHANGED and kind is not ItemKind.FILE:
            is_folder = kind is ItemKind.FOLDER
            self.verified(not is_folder, is_folder)
            if self.wants[Outcome.VERIFIED]:
                self.report(Outcome.VERIFIED, path, kind, found)

    def failed(self, phase: Phase, path: str, kind: ItemKind, error: OSError, **more: Any) -> None:
        """Whatever failed, it could not be verified."""
        del phase
        self._tally.failed(Phase.VERIFY, path, kind, error, seen=more.get("seen", NOT_SEEN))


class Verifier:
    """Verifies items; all that is wrong is a failed item."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._checker: Checker = FolderChecker(sides)
        self._mismatched: set[str] = set()
        """Files with other contents, and nothing else that tells of them."""

    def transferred(self, folder: str, rows: list[Row]) -> None:
        """Look at items of a folder that were transferred: contents and metadata. Raises `Cancelled`.

        Only contents that come from there are given another time, as in `everything`.
        """
        sides, tally, checker = self._sides, self._sides.tally, self._checker
        try:
            checker.enter(folder)
        except OSError as error:
            for row in rows:
                self._failed(joined(folder, row[0]), KINDS[row[1]], error, row[4])
            return
        count = 0
        for row in rows:
            sides.watch.checkpoint()
            path = f"/{folder}/{row[0]}" if folder else f"/{row[0]}"
            try:
                sides.watch.fault("verify", "destination", path)
                seen = checker.row(row)
            except ITEM_ERRORS as error:
                self._failed(path[1:], KINDS[row[1]], told(error), row[4])
                if isinstance(error, MismatchError) and row[2] == CONTENT:
                    self._take_back(path[1:], row[4])
                continue
            count += 1
            if tally.wants[Outcome.VERIFIED]:
                tally.report_seen(path, KINDS[row[1]], seen)
        tally.verified(count, 0)

    def rest(self) -> None:
        """Bring to its end what is under way. Raises `Cancelled`."""

    def folders(self, finishes: list[Finish]) -> None:
        """Look at the metadata of folders that were transferred. Raises `Cancelled`."""
        sides = self._sides
        for path, _, _ in finishes:
            sides.watch.checkpoint()
            # Looking into folders may have meant to unlock them; none may be when it is looked at itself.
            sides.destination.lock_again()
            try:
                sides.watch.fault("verify", "destination", f"/{path}")
                seen = self._folder(*parted(path))
            except ITEM_ERRORS as error:
                self._failed(path, ItemKind.FOLDER, told(error))
                continue
            sides.tally.verified(0, 1)
            if sides.tally.wants[Outcome.VERIFIED]:
                sides.tally.report_seen(f"/{path}", ItemKind.FOLDER, seen)

    def _folder(self, parent: str, name: str) -> Seen:
        """Verify a folder, or raise an OSError that says what is wrong with it."""
        sides = self._sides
        source, copy = sides.source.fd(parent), sides.destination.fd(parent)
        found = sides.source.lookup(parent)(name, True)
        copied = sides.destination.lookup(parent)(name, True)
        if {kind_of(found.st_mode), kind_of(copied.st_mode)} != {ItemKind.FOLDER}:
            raise OSError(errno.ENOTDIR, "it is no longer a folder at both sides")
        if difference(sides, ItemKind.FOLDER, name, (source, found), (copy, copied)):
            raise OSError(errno.EIO, BAD_METADATA)
        return Seen(found, copied)

    def everything(self, records: Iterable[Record], copies: Iterable[tuple[str, list[Item]]]) -> None:
        """Go through a listing of both sides: whatever there is to do is wrong. Raises `Cancelled`.

        `copies` is what was transferred before: only contents that come from there are given another time.
        """
        for record in records:
            if record[0] == "same":
                self._contents(record[1], record[2])
            elif record[0] == "copy" or record[0] == "late":
                self._copies(record[1], record[2])
            elif record[0] == "delete":
                self._deletions(record[1], record[2])
            else:
                for path, what, overwrite in record[2]:
                    if what not in {TOUCHED, IMPLIED}:
                        self._different(path, ItemKind.FOLDER, what, overwrite)
        for folder, items in copies if self._mismatched else ():
            for name, _, what, _, version in items:
                if what == CONTENT and joined(folder, name) in self._mismatched:
                    self._take_back(joined(folder, name), version)

    def _copies(self, folder: str, items: list[Item]) -> None:
        for name, kind, what, overwrite, version in items:
            if kind != FOLDER:
                self._different(joined(folder, name), KINDS[kind], what, overwrite, version)

    def _deletions(self, folder: str, doomed: list[Doomed]) -> None:
        for name, is_folder in doomed:
            kind = ItemKind.FOLDER if is_folder else ItemKind.FILE
            self._failed(joined(folder, name), kind, OSError(errno.EIO, EXTRA))

    def _contents(self, folder: str, names: list[Same]) -> None:
        """Compare files that are equal as far as a listing shows."""
        sides, tally, checker, count = self._sides, self._sides.tally, self._checker, 0
        checker.enter(folder)
        for name, version in names:
            sides.watch.checkpoint()
            path = f"/{folder}/{name}" if folder else f"/{name}"
            try:
                sides.watch.fault("verify", "source", path)
                sides.watch.fault("verify", "destination", path)
                seen = checker.content(name, version)
            except ITEM_ERRORS as error:
                self._failed(path[1:], ItemKind.FILE, told(error), version)
                if isinstance(error, MismatchError):
                    self._mismatched.add(path[1:])
                continue
            count += 1
            if tally.wants[Outcome.VERIFIED]:
                tally.report_seen(path, ItemKind.FILE, seen)
        tally.verified(count, 0)

    def _different(
        self, path: str, kind: ItemKind, what: str, overwrite: bool, version: str | None = None
    ) -> None:
        if what == METADATA:
            reason = BAD_METADATA
        elif overwrite:
            reason = BAD_STATUS if kind is ItemKind.FILE else OTHER
        else:
            reason = MISSING
        self._failed(path, kind, OSError(errno.EIO, reason), version)

    def _failed(self, path: str, kind: ItemKind, error: OSError, version: str | None = None) -> None:
        sides = self._sides
        seen = sides.seen(path, kind, version)
        if isinstance(error, MismatchError):
            seen = seen._replace(source_checksum=error.source, copy_checksum=error.copy)
        sides.tally.failed(Phase.VERIFY, f"/{path}", kind, error, seen=seen)

    def _take_back(self, path: str, version: str | None) -> None:
        """Have the next run transfer a copy again, which has the size and the time that it is to have.

        Without another time it would be taken for good for ever, where TransferMode is CHANGED.
        """
        sides, (folder, name) = self._sides, parted(path)
        if sides.never_overwrites:
            return
        with contextlib.suppress(OSError):  # It is a failed item already.
            found = sides.source.lookup(folder)(name, False, version)
            having = sides.source_carrier.read(sides.source.fd(folder), name, found)
            if having.mtime_ns is not None:
                sides.destination.outdate(folder, name, having.mtime_ns - max(SECOND, sides.policy.grain_ns))
