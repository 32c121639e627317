"""Finds what there is to do of what a manifest lists; `tree` is its counterpart without one."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator
from itertools import accumulate

from datasync_sdk.local.transfer.job import ManifestEntry
from datasync_sdk.local.transfer.listing.judge import Judge
from datasync_sdk.local.transfer.listing.lengths import check_length
from datasync_sdk.local.transfer.listing.selection import Selected, is_reserved
from datasync_sdk.local.transfer.listing.tree import BATCH
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.outcome.outcomes import ITEM_ERRORS, ItemKind, Phase, kind_of, told
from datasync_sdk.local.transfer.outcome.tally import Tally
from datasync_sdk.local.transfer.records import IMPLIED, Item, Record, Same, implied
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.storage.folders import joined, parted

__all__ = ["Listed"]

NOT_THERE = "the manifest lists it, and the source location has no such file"
NOT_A_PATH = "the manifest has a path that is none of a file in the location"
A_FOLDER = "the manifest lists it, and it is a folder: a manifest lists files"
LEFT_OUT = "the manifest lists it, and filters or DataSync leave it out"
NO_VERSIONS = "the manifest wants a version of it, and a folder of this machine keeps no versions"


class Listed:
    """The files of a manifest. Folders are made as they are needed, and nothing is deleted."""

    def __init__(
        self, sides: Sides, tally: Tally, entries: Iterable[ManifestEntry], *, tells_same: bool = False
    ) -> None:
        """Look at both sides for what entries say; `tells_same` also gives files that need nothing."""
        self._sides = sides
        self._tally = tally
        self._judge = Judge(sides, tally)
        self._entries = entries
        self._tells_same = tells_same
        self._folder = ""
        self._items: list[Item] = []
        self._late: list[Item] = []
        self._same: list[Same] = []
        self._missing: dict[str, None] = {}
        """Folders that the destination did not have, in the order in which they are made: each once, though
        a manifest may come back to one before it is there, or when it could not be made."""

    def records(self) -> Iterator[Record]:
        """Find what there is to do. Raises `Cancelled`."""
        for entry in self._entries:
            self._sides.watch.checkpoint()
            path = entry.path.removeprefix("/")
            kind = ItemKind.OTHER
            try:
                check(path, entry.version_id, keeps_versions=self._sides.source.keeps_versions)
                folder, name = parted(path)
                if folder != self._folder or len(self._items) + len(self._same) >= BATCH:
                    yield from self._handed_on()
                    self._folder = folder
                found = self._found(folder, name, entry.version_id)
                kind = kind_of(found.st_mode)
                self._look(folder, name, entry.version_id, found)
            except ITEM_ERRORS as error:
                self._tally.failed(Phase.PREPARE, f"/{path}", kind, told(error))
        yield from self._handed_on()
        for path in reversed(self._missing):
            yield "finish", path, [(path, IMPLIED, False)]

    def _found(self, folder: str, name: str, version: str | None) -> Status:
        sides = self._sides
        if sides.selection.of(joined(folder, name), is_folder=False) is not Selected.YES:
            raise OSError(errno.EINVAL, LEFT_OUT)
        sides.watch.fault("list", "source", f"/{joined(folder, name)}")
        try:
            found = sides.source.lookup(folder)(name, False, version)
        except FileNotFoundError as error:
            raise OSError(errno.ENOENT, NOT_THERE) from error
        if kind_of(found.st_mode) is ItemKind.FOLDER:
            raise OSError(errno.EISDIR, A_FOLDER)
        return found

    def _look(self, folder: str, name: str, version: str | None, found: Status) -> None:
        """Compare a file with its copy, if there is one."""
        sides = self._sides
        self._tally.listed(1, 0)
        copied: Status | None = None
        copy = -1
        if self._judge.looks:
            try:
                copy = sides.destination.fd(folder)
                copied = sides.destination.lookup(folder)(name, False)
            except OSError as error:
                if error.errno not in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}:
                    raise
        source = sides.source.fd(folder)
        if self._judge.item(folder, self._items, self._late, name, (source, found), (copy, copied), version):
            self._same.append((name, version))

    def _handed_on(self) -> Iterator[Record]:
        self._judge.flush()
        if self._same and self._tells_same:
            yield "same", self._folder, self._same
        for path in self._missing_folders() if self._items else ():
            if path not in self._missing:
                self._missing[path] = None
                yield implied(*parted(path))
        if self._items:
            yield "copy", self._folder, self._items
        if self._late:
            yield "late", self._folder, self._late
        self._items, self._late, self._same = [], [], []

    def _missing_folders(self) -> list[str]:
        """The folders on the way that the destination does not have, those above first."""
        paths = list(accumulate(self._folder.split("/"), joined)) if self._folder else []
        for index, path in enumerate(paths):
            try:
                self._sides.destination.fd(path)
            except OSError:
                return paths[index:]
        return []


def check(path: str, version_id: str | None, *, keeps_versions: bool) -> None:
    """Raise OSError if a path cannot be that of a file in a location."""
    if version_id is not None and not keeps_versions:
        raise OSError(errno.ENOTSUP, NO_VERSIONS)
    names = path.split("/")
    if any(name in {"", ".", ".."} or "\0" in name for name in names):
        raise OSError(errno.EINVAL, NOT_A_PATH)
    if any(map(is_reserved, names)):
        raise OSError(errno.EINVAL, LEFT_OUT)
    folder, _ = parted(path)
    for name in names:
        check_length(folder if name is names[-1] else "", name)
