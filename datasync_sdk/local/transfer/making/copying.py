"""Has made what is to be made at the destination, item by item; counts and tells how that went."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeAlias

from datasync_sdk.local.transfer.job import TransferError
from datasync_sdk.local.transfer.making.makers import Maker
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.outcome.outcomes import (
    ITEM_ERRORS,
    ItemKind,
    Outcome,
    Phase,
    TransferType,
    told,
)
from datasync_sdk.local.transfer.records import CONTENT, IMPLIED, METADATA, Finish, Item, Row
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.storage.folders import joined

__all__ = ["FOLDER", "Arrived", "Copier", "FolderCopier"]

Arrived: TypeAlias = tuple[str, list[Row]]
"""Items of a folder that have arrived, folders aside, and are to be verified."""

KINDS = {kind.value: kind for kind in ItemKind}
FOLDER = ItemKind.FOLDER.value


class Copier(ABC):
    """Goes through what is to be transferred."""

    def __init__(self, sides: Sides, finish: Callable[[str, str], Status]) -> None:
        """Take what gives a folder its metadata, as `Maker.finish`."""
        self._sides = sides
        self._finish = finish
        self._wants_rows = sides.verifies_transferred
        self._unmade: dict[str, OSError] = {}
        """Folders that could not be made: they are counted when they are finished, as all folders."""

    @abstractmethod
    def copy(self, folder: str, items: list[Item]) -> list[Arrived]:
        """Transfer items of a folder; give what has arrived by now and is to be verified.

        Raises:
            Cancelled: somebody wants the transfer to end.

        """

    def rest(self) -> list[Arrived]:
        """Finish what is under way; give what `copy` has not given. Raises `Cancelled`."""
        return []

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
                found = self._finish(path, what)
            except ITEM_ERRORS as error:
                if is_counted or what == IMPLIED:
                    self._failed(path, item, told(error), counts=True)
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


class FolderCopier(Copier):
    """Between folders: one item after the other, as fast as it goes."""

    def __init__(self, sides: Sides, maker: Maker) -> None:
        super().__init__(sides, maker.finish)
        self._maker = maker

    def copy(self, folder: str, items: list[Item]) -> list[Arrived]:
        """As in `Copier`."""
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
            except ITEM_ERRORS as error:
                self._failed(path[1:], item, told(error))
                continue
            transferred(False)
            if reports:
                self._report(path, item, found)
            if self._wants_rows:
                rows.append((*item, checksum, found.st_size, found.st_mtime_ns, found.st_ctime_ns))
        return [(folder, rows)] if rows else []


def type_of(what: str) -> TransferType:
    """What a task report says was transferred."""
    return TransferType.METADATA if what == METADATA else TransferType.CONTENT_AND_METADATA


def gone() -> TransferError:
    """The destination's folder or bucket was removed while we wrote to it."""
    return TransferError("DestinationAccessFailed", "The folder of the destination location is gone.")
