"""The same as `copying` where one side is a bucket, or both: with several items under way at a time."""

from __future__ import annotations

from typing import Protocol

from datasync_sdk.local.transfer.making.copying import FOLDER, Arrived, Copier, FolderCopier
from datasync_sdk.local.transfer.making.downloading import Downloader
from datasync_sdk.local.transfer.making.makers import FolderMaker, Made
from datasync_sdk.local.transfer.making.uploading import Uploader
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.outcome.outcomes import ITEM_ERRORS, Outcome, told
from datasync_sdk.local.transfer.records import Item, Row
from datasync_sdk.local.transfer.requests import Requests, Step
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.storage.folders import joined
from datasync_sdk.local.transfer.storage.target_buckets import TargetBucket
from datasync_sdk.local.transfer.storage.targets import TargetFolder

__all__ = ["BucketCopier", "copier_of"]


class BucketMaker(Protocol):
    """A `Maker` that lets others go on while it waits."""

    def enter(self, folder: str) -> None:
        """As in `Maker`, for `folder` alone. Raises OSError."""

    def folder(self, item: Item, path: str) -> None:
        """As in `Maker`. Raises OSError."""

    def finish(self, path: str, what: str) -> Status:
        """As in `Maker`. Raises OSError."""
        ...

    def steps(self, folder: str, item: Item, path: str) -> Step[Made]:
        """As `Maker.item`, but that other folders may be entered meanwhile. Raises OSError."""
        ...


class BucketCopier(Copier):
    """A `Copier` that has several items under way, also of several folders."""

    def __init__(self, sides: Sides, requests: Requests, maker: BucketMaker) -> None:
        super().__init__(sides, maker.finish)
        self._maker = maker
        self._window = requests.window()
        self._arrived: list[Arrived] = []

    def copy(self, folder: str, items: list[Item]) -> list[Arrived]:
        """As in `Copier`."""
        for item in items:
            self._sides.watch.checkpoint()
            self._window.begin(self._one(folder, item))
        return self._handed_on()

    def rest(self) -> list[Arrived]:
        """As in `Copier`."""
        self._window.finish()
        return self._handed_on()

    def _one(self, folder: str, item: Item) -> Step[None]:
        path = f"/{joined(folder, item[0])}"
        try:
            if item[1] == FOLDER:
                self._maker.enter(folder)
                self._maker.folder(item, path)
                return
            checksum, found = yield from self._maker.steps(folder, item, path)
        except ITEM_ERRORS as error:
            self._failed(path[1:], item, self._unmade.get(folder, told(error)))
            return
        self._made(folder, item, checksum, found)

    def _made(self, folder: str, item: Item, checksum: bytes | None, found: Status) -> None:
        tally = self._sides.tally
        tally.transferred(False)
        if tally.wants[Outcome.TRANSFERRED]:
            self._report(f"/{joined(folder, item[0])}", item, found)
        if not self._wants_rows:
            return
        row: Row = (*item, checksum, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        if not self._arrived or self._arrived[-1][0] != folder:
            self._arrived.append((folder, []))
        self._arrived[-1][1].append(row)

    def _handed_on(self) -> list[Arrived]:
        arrived, self._arrived = self._arrived, []
        return arrived


def copier_of(sides: Sides) -> Copier:
    """How items are transferred, from where they are to where they go."""
    target, requests = sides.destination, sides.requests
    if isinstance(target, TargetBucket) and requests is not None:
        return BucketCopier(sides, requests, Uploader(sides, requests, target))
    if not isinstance(target, TargetFolder):
        raise TypeError(f"nothing can be made in {target!r}")
    if requests is not None:
        return BucketCopier(sides, requests, Downloader(sides, requests, target))
    return FolderCopier(sides, FolderMaker(sides, target))
