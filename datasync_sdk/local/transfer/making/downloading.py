"""Makes files in a folder of the objects of a bucket."""

from __future__ import annotations

import os

from datasync_sdk.local.transfer.making.content import SMALL, Metered, write_all
from datasync_sdk.local.transfer.making.makers import FolderMaker, Made
from datasync_sdk.local.transfer.records import Item

__all__ = ["Downloader"]


class Downloader(FolderMaker):
    """As where the source is a folder, but that content comes as a stream."""

    def _file(self, item: Item, path: str) -> Made:
        sides, staging, (name, _, _, _, version) = self._sides, self._staging, item
        sides.watch.fault("read", "source", path)
        with sides.source.open(self._folder, name, version) as stream:
            wanted = self._wanted(name, stream.found)
            sides.watch.fault("write", "destination", path)
            new, having = staging.create(sides.policy.mode_on_disk(wanted))
            try:
                content = Metered(sides, stream, path, wants_checksum=self._wants_checksum)
                while data := content.read(SMALL):
                    write_all(new, data)
                self._complete(new, wanted, having, stream.found, path)
                staging.publish(self._copy, name, may_replace=self._may_replace)
            except BaseException:
                staging.discard()
                raise
            finally:
                os.close(new)
        return content.checksum, stream.found
