"""The folder that a transfer writes to: a `Root` with a place for files in the making."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from datasync_sdk.local.transfer.job import Metadata
from datasync_sdk.local.transfer.making.staging import Staging
from datasync_sdk.local.transfer.metadata.carriers import Carrier, carrier_of, found_of
from datasync_sdk.local.transfer.metadata.object_metadata import Attributes
from datasync_sdk.local.transfer.storage.folders import Root, joined
from datasync_sdk.local.transfer.storage.opening import open_to_change

__all__ = ["TargetFolder"]


class TargetFolder(Root):
    """The top folder of a destination."""

    def __init__(self, folder: Path, metadata: Metadata) -> None:
        """Open the folder, or raise OSError."""
        super().__init__(folder, unlocks=True)
        self._metadata = metadata
        self._staging: Staging | None = None

    def begin(self, name: str) -> None:
        """Make the place for files in the making, which has a name of its own. Raises OSError."""
        self._staging = Staging(self.fd("", write=True), name)
        self._unlocks = not self._staging.ignores_modes

    @property
    def staging(self) -> Staging:
        """Where files are made."""
        if self._staging is None:
            raise RuntimeError("nothing can be made before `begin`")
        return self._staging

    @property
    def carrier(self) -> Carrier:
        """How files here keep metadata."""
        return carrier_of(self._metadata, may_chown=self.staging.may_chown, unlocks=True)

    def remove(self, path: str, name: str, *, is_folder: bool) -> None:
        """As in `Target`."""
        folder = self.fd(path, write=True)
        try:
            if is_folder:
                os.rmdir(name, dir_fd=folder)
            else:
                os.unlink(name, dir_fd=folder)
            self._unlocked.pop(joined(path, name), None)
        except OSError as error:
            if error.errno == errno.EEXIST:
                raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY)) from error
            raise

    def outdate(self, path: str, name: str, mtime_ns: int) -> None:
        """As in `Target`."""
        with open_to_change(self.fd(path), name, stat.S_IFREG) as fd:
            found = os.fstat(fd)
            self.carrier.write(fd, Attributes(mtime_ns=mtime_ns), found_of(found), is_new=False)
            os.utime(fd, ns=(found.st_atime_ns, mtime_ns))

    def close(self) -> None:
        """Remove what was in the making, give back modes, and close all that is open."""
        if self._staging is not None:
            self._staging.close()
        super().close()
