"""Has made what is to be made at the destination, item by item; counts and tells how that went."""

from __future__ import annotations

from datasync_sdk.local.transfer.job import TransferError
from datasync_sdk.local.transfer.making.downloading import Downloader
from datasync_sdk.local.transfer.making.makers import FolderMaker, Maker
from datasync_sdk.local.transfer.making.uploading import Uploader
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.outcome.outcomes import ItemKind, Outcome, Phase, TransferType
from datasync_sdk.local.transfer.records import CONTENT, IMPLIED, METADATA, Finish, Item, Row
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.storage.buckets import Bucket
from datasync_sdk.local.transfer.storage.folders import joined
from datasync_sdk.local.transfer.storage.target_buckets import TargetBucket
from datasync_sdk.local.transfer.storage.targets import TargetFolder

__all__ = ["Copier"]

KINDS = {kind.value: kind for kind in ItemKind}
FOLDER = ItemKind.FOLDER.value


class Copier:
    """Goes through what is to be transferred."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._maker = maker_of(sides)
        self._wants_rows = sides.verifies_transferred
        self._unmade: dict[str, OSError] = {}
        """Folders that could not be made: they are counted when they are finished, as all folders."""

    def copy(self, folder: str, items: list[Item]) -> list[Row]:
        """Transfer items of a folder; give those to verify that arrived, folders aside.

        Raises:
            Cancelled: somebody wants the transfer to end.

        """
        sides, maker = self._sides, self._maker
        try:
            maker.enter(folder)
        except OSError as error:
            why = self._unmade.get(folder, error)
            for item in items:
                self._failed(joined(folder, item[0]), item, why)
            return []
        rows: list[Row] = []
        reports = sides.tally.wants[Outcome.TRANSFERRED]
        checkpoint, transferred, make = sides.watch.checkpoint, sides.tally.transferred, maker.item
        for item in items:
            name = item[0]
            checkpoint()
            path = f"/{folder}/{name}" if folder else f"/{name}"
            try:
                if item[1] == FOLDER:
                    maker.folder(item, path)
                    continue
                checksum, found = make(item, path)
            except OSError as error:
                self._failed(path[1:], item, error)
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
            item = (path, FOLDER, what, overwrite, None)
            self._sides.watch.checkpoint()
            try:
                if error := self._unmade.pop(path, None):
                    raise error
                found = self._maker.finish(path, what)
            except OSError as error:
                if is_counted or what == IMPLIED:
                    self._failed(path, item, error, counts=True)
                continue
            if is_counted:
                self._sides.tally.transferred(True)
                if self._sides.tally.wants[Outcome.TRANSFERRED]:
                    self._report(f"/{path}", item, found)
                done.append((path, what, overwrite))
        return done

    def _report(self, path: str, item: Item, found: Status) -> None:
        _, kind, what, overwrite, _ = item
        self._sides.tally.report(
            Outcome.TRANSFERRED, path, KINDS[kind], found, transfer_type=type_of(what), overwrite=overwrite
        )

    def _failed(self, path: str, item: Item, error: OSError, *, counts: bool = False) -> None:
        _, kind, what, overwrite, version = item
        sides = self._sides
        if isinstance(error, FileNotFoundError) and sides.destination.is_gone():
            raise gone() from error
        if kind == FOLDER and not counts:
            self._unmade[path] = error  # It fails when it is finished: once.
            return
        sides.tally.failed(
            Phase.TRANSFER,
            f"/{path}",
            KINDS[kind],
            error,
            transfer_type=type_of(what),
            overwrite=overwrite,
            seen=sides.seen(path, KINDS[kind], version),
        )


def maker_of(sides: Sides) -> Maker:
    """How items are made, from where they are to where they go."""
    target = sides.destination
    if isinstance(target, TargetBucket):
        return Uploader(sides, target)
    if not isinstance(target, TargetFolder):
        raise TypeError(f"nothing can be made in {target!r}")
    return Downloader(sides, target) if isinstance(sides.source, Bucket) else FolderMaker(sides, target)


def type_of(what: str) -> TransferType:
    """What a task report says was transferred."""
    return TransferType.METADATA if what == METADATA else TransferType.CONTENT_AND_METADATA


def gone() -> TransferError:
    """The destination's folder or bucket was removed while we wrote to it."""
    return TransferError("DestinationAccessFailed", "The folder of the destination location is gone.")
