"""Makes objects in a bucket, of files or of the objects of another."""

from __future__ import annotations

import errno
import os
import stat

from datasync_sdk.local.transfer.making.content import Metered
from datasync_sdk.local.transfer.making.makers import Made
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.outcome.outcomes import ItemKind
from datasync_sdk.local.transfer.records import CONTENT, METADATA, Item
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.storage.folders import parted
from datasync_sdk.local.transfer.storage.opening import changed
from datasync_sdk.local.transfer.storage.target_buckets import TargetBucket

__all__ = ["Uploader"]


class Uploader:
    """A `Maker` of objects. Links and devices never come here: a bucket has none."""

    def __init__(self, sides: Sides, target: TargetBucket) -> None:
        self._sides = sides
        self._target = target
        self._wants_checksum = sides.verifies_transferred
        self._folder = ""

    def enter(self, folder: str) -> None:
        """As in `Maker`."""
        self._sides.source.fd(folder)
        self._folder = folder

    def item(self, item: Item, path: str) -> Made:
        """As in `Maker`."""
        sides, (name, _, what, _, version) = self._sides, item
        if what == METADATA:
            return None, self._change_metadata(name, version, path)
        sides.watch.fault("read", "source", path)
        with sides.source.open(self._folder, name, version) as stream:
            having = sides.source_carrier.read(sides.source.fd(self._folder), name, stream.found)
            wanted = sides.policy.wanted(having, ItemKind.FILE)
            sides.watch.fault("write", "destination", path)
            if sides.never_overwrites:
                self._check_free(name)
            content = Metered(
                sides,
                stream,
                path,
                wants_checksum=self._wants_checksum,
                damages=sides.watch.corrupts(path),
            )
            self._target.put(self._folder, name, content, stream.found.st_size, wanted)
        return content.checksum, stream.found

    def folder(self, item: Item, path: str) -> None:
        """As in `Maker`: keys need no folder. The object that stands for it is made when it is finished."""

    def finish(self, path: str, what: str) -> Status:
        """As in `Maker`. A folder that is only on the way, or in which something changed, stays as it is."""
        sides = self._sides
        parent, name = parted(path)
        found = sides.source.lookup(parent)(name, True)
        if not stat.S_ISDIR(found.st_mode):
            raise changed("it is no longer a folder")
        if what in {CONTENT, METADATA}:
            sides.watch.fault("write", "destination", f"/{path}")
            having = sides.source_carrier.read(sides.source.fd(parent), name, found)
            self._target.put_folder(path, sides.policy.wanted(having, ItemKind.FOLDER))
        return found

    def _change_metadata(self, name: str, version: str | None, path: str) -> Status:
        sides = self._sides
        sides.watch.fault("write", "destination", path)
        found = sides.source.lookup(self._folder)(name, False, version)
        having = sides.source_carrier.read(sides.source.fd(self._folder), name, found)
        self._target.change(self._folder, name, sides.policy.wanted(having, ItemKind.FILE))
        return found

    def _check_free(self, name: str) -> None:
        """Raise OSError if somebody has made an object of this name in the meantime."""
        try:
            self._target.lookup(self._folder)(name, False)
        except FileNotFoundError:
            return
        raise OSError(errno.EEXIST, os.strerror(errno.EEXIST))
