"""Links and devices, which have no content: they are made in one step, and get their metadata by name."""

from __future__ import annotations

import errno
import os
import stat

from datasync_sdk.local.transfer.metadata.object_metadata import Attributes

__all__ = ["finish_special", "make_device"]


def make_device(name: str, found: os.stat_result, folder: int) -> None:
    """Make a device as another one is. Raises OSError."""
    try:
        os.mknod(name, stat.S_IFMT(found.st_mode) | 0o600, found.st_rdev, dir_fd=folder)
    except PermissionError as error:
        said = "the process that transfers may not make devices, which only root may"
        raise PermissionError(errno.EPERM, said) from error


def finish_special(name: str, folder: int, wanted: Attributes, found: os.stat_result) -> None:
    """Give a new link or device, in a folder that nobody else can use, its metadata. Raises OSError."""
    uid, gid = -1 if wanted.uid is None else wanted.uid, -1 if wanted.gid is None else wanted.gid
    if (uid, gid) != (-1, -1):
        os.chown(name, uid, gid, dir_fd=folder, follow_symlinks=False)
    if wanted.mode is not None:
        os.chmod(name, wanted.mode, dir_fd=folder)
    if wanted.mtime_ns is not None:
        atime_ns = found.st_atime_ns if wanted.atime_ns is None else wanted.atime_ns
        os.utime(name, ns=(atime_ns, wanted.mtime_ns), dir_fd=folder, follow_symlinks=False)
