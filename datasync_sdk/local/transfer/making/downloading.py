"""Makes files in a folder of the objects of a bucket."""

from __future__ import annotations

import os
import stat

from datasync_sdk.local.transfer.ahead import allowed, looked_up, opened
from datasync_sdk.local.transfer.making.content import SMALL, Metered, write_all
from datasync_sdk.local.transfer.making.makers import FolderMaker, Made
from datasync_sdk.local.transfer.metadata.carriers import found_of
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.records import METADATA, Item
from datasync_sdk.local.transfer.requests import Requests, Step
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.storage.opening import open_to_change
from datasync_sdk.local.transfer.storage.places import Stream
from datasync_sdk.local.transfer.storage.targets import TargetFolder

__all__ = ["Downloader"]


class Downloader(FolderMaker):
    """As where the source is a folder, but that content comes as a stream."""

    def __init__(self, sides: Sides, requests: Requests, target: TargetFolder) -> None:
        super().__init__(sides, target)
        self._requests = requests

    def steps(self, folder: str, item: Item, path: str) -> Step[Made]:
        """As in `BucketMaker`. While a request is under way, nothing of the file is there."""
        sides, (name, _, what, _, version) = self._sides, item
        self.enter(folder)
        if what == METADATA:
            sides.watch.fault("write", "destination", path)
            found = yield from looked_up(self._requests, sides.source, folder, (name, version))
            self.enter(folder)
            self._give(name, found)
            return None, found
        sides.watch.fault("read", "source", path)
        most = allowed(sides, self._requests)
        opening = yield from opened(self._requests, sides.source, folder, (name, version), most)
        with opening as stream:
            self.enter(folder)
            return self._write(name, stream, path), stream.found

    def _write(self, name: str, stream: Stream, path: str) -> bytes | None:
        """Make a file of a stream; give the checksum of its content, if it is wanted."""
        sides, staging, found = self._sides, self._staging, stream.found
        wanted = self._wanted(name, found)
        sides.watch.fault("write", "destination", path)
        new, having = staging.create(sides.policy.mode_on_disk(wanted))
        try:
            content = Metered(sides, stream, path, wants_checksum=self._wants_checksum)
            while data := content.read(SMALL):
                write_all(new, data)
            self._complete(new, wanted, having, found, path)
            staging.publish(self._copy, name, may_replace=self._may_replace)
        except BaseException:
            staging.discard()
            raise
        finally:
            os.close(new)
        return content.checksum

    def _give(self, name: str, found: Status) -> None:
        """Give a file the metadata of an object."""
        wanted = self._wanted(name, found)
        with open_to_change(self._copy, name, stat.S_IFREG) as fd:
            self._carrier.write(fd, wanted, found_of(os.fstat(fd)), is_new=False)
