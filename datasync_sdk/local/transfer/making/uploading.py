"""Makes objects in a bucket, of files or of the objects of another."""

from __future__ import annotations

import errno
import os
import stat
from functools import partial

from datasync_sdk.local.transfer.ahead import allowed, looked_up, opened
from datasync_sdk.local.transfer.making.content import SMALL, Metered
from datasync_sdk.local.transfer.making.makers import Made
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.outcome.outcomes import ItemKind
from datasync_sdk.local.transfer.records import CONTENT, METADATA, Item
from datasync_sdk.local.transfer.requests import Requests, Step
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.storage.folders import parted
from datasync_sdk.local.transfer.storage.opening import changed
from datasync_sdk.local.transfer.storage.target_buckets import TargetBucket

__all__ = ["Uploader"]


class Uploader:
    """A `BucketMaker` of objects. Links and devices never come here: a bucket has none."""

    def __init__(self, sides: Sides, requests: Requests, target: TargetBucket) -> None:
        self._sides = sides
        self._requests = requests
        self._target = target
        self._wants_checksum = sides.verifies_transferred

    def enter(self, folder: str) -> None:
        """As in `Maker`."""
        self._sides.source.fd(folder)

    def steps(self, folder: str, item: Item, path: str) -> Step[Made]:
        """As in `BucketMaker`."""
        sides, requests, (name, _, what, _, version) = self._sides, self._requests, item
        if what == METADATA:
            return None, (yield from self._change_metadata(folder, item, path))
        sides.watch.fault("read", "source", path)
        most = allowed(sides, requests)
        opening = yield from opened(requests, sides.source, folder, (name, version), most)
        with opening as stream:
            having = sides.source_carrier.read(sides.source.fd(folder), name, stream.found)
            wanted = sides.policy.wanted(having, ItemKind.FILE)
            sides.watch.fault("write", "destination", path)
            key = self._target.key(folder, name)
            if sides.never_overwrites:
                yield from requests.ask(partial(self._check_free, key))
            content = Metered(
                sides,
                stream,
                path,
                wants_checksum=self._wants_checksum,
                damages=sides.watch.corrupts(path),
            )
            if stream.found.st_size > SMALL:
                self._target.put(folder, name, content, stream.found.st_size, wanted)
                return content.checksum, stream.found
            data = content.read()
        yield from requests.ask(partial(self._target.put_small, key, data, wanted))
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

    def _change_metadata(self, folder: str, item: Item, path: str) -> Step[Status]:
        sides, requests, (name, _, _, _, version) = self._sides, self._requests, item
        sides.watch.fault("write", "destination", path)
        found = yield from looked_up(requests, sides.source, folder, (name, version))
        having = sides.source_carrier.read(sides.source.fd(folder), name, found)
        wanted = sides.policy.wanted(having, ItemKind.FILE)
        yield from requests.ask(partial(self._target.change, folder, name, wanted))
        return found

    def _check_free(self, key: str) -> None:
        """Raise OSError if somebody has made an object of this name in the meantime."""
        try:
            self._target.head(key)
        except FileNotFoundError:
            return
        raise OSError(errno.EEXIST, os.strerror(errno.EEXIST))
