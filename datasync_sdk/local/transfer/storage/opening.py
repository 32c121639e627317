"""Opens single files of a folder: never through a link, never waiting for a FIFO."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["FileStream", "Reader", "changed", "check_unchanged", "open_to_change"]

OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
QUIETLY = OPEN | getattr(os, "O_NOATIME", 0)
"""Without a new time of last access, which only the owner of a file may ask for."""


class Reader:
    """Opens files to be read, quietly as long as that is allowed."""

    def __init__(self) -> None:
        self._flags = QUIETLY

    def open(self, folder: int, name: str) -> int:
        """Open a file. Raises OSError."""
        try:
            return os.open(name, self._flags, dir_fd=folder)
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise OSError(errno.ELOOP, "it is a symbolic link by now, which is not followed") from error
            if error.errno != errno.EPERM or self._flags == OPEN:
                raise
        self._flags = OPEN  # Files of others: ask no more.
        return os.open(name, OPEN, dir_fd=folder)


class FileStream:
    """The content of an open file that is being read."""

    def __init__(self, fd: int) -> None:
        """Raises OSError where it is no file."""
        self._fd = fd
        self.found = os.fstat(fd)
        if not stat.S_ISREG(self.found.st_mode):
            raise changed("it is no longer a file")

    def read(self, size: int) -> bytes:
        """As in `Stream`."""
        return os.read(self._fd, size)

    def check(self) -> None:
        """As in `Stream`."""
        check_unchanged(self.found, os.fstat(self._fd))


def changed(how: str) -> OSError:
    """The error of a file that somebody writes to while it is read."""
    return OSError(errno.EBUSY, f"the file changed while it was transferred: {how}")


def check_unchanged(before: os.stat_result, after: os.stat_result) -> None:
    """Raise OSError if somebody wrote to a file while it was read."""
    if before.st_size != after.st_size:
        raise changed(f"it had {before.st_size:,} bytes and now has {after.st_size:,}")
    if before.st_mtime_ns != after.st_mtime_ns or before.st_ctime_ns != after.st_ctime_ns:
        raise changed("it has another time now")


@contextmanager
def open_to_change(folder: int, name: str, kind: int) -> Iterator[int]:
    """Open a file or folder to read or change its metadata, even if its mode forbids it.

    `kind` is `stat.S_IFREG` or `stat.S_IFDIR`. Only who owns a file, and is not root, ever needs another mode
    for a moment.

    Raises:
        OSError: it cannot be opened, or is of another kind.

    """
    mode: int | None = None
    try:
        fd = os.open(name, OPEN, dir_fd=folder)
    except PermissionError:
        mode = _make_readable(folder, name)
        fd = os.open(name, OPEN, dir_fd=folder)
    try:
        if stat.S_IFMT(os.fstat(fd).st_mode) != kind:
            raise OSError(errno.EEXIST, "it is of another kind by now")
        if mode is not None:
            os.fchmod(fd, mode)
        yield fd
    finally:
        os.close(fd)


def _make_readable(folder: int, name: str) -> int:
    found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    mode = stat.S_IMODE(found.st_mode)
    if found.st_uid != os.geteuid() or stat.S_IFMT(found.st_mode) not in {stat.S_IFREG, stat.S_IFDIR}:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    if sys.platform != "linux":
        os.chmod(name, mode | stat.S_IRUSR, dir_fd=folder, follow_symlinks=False)
        return mode
    fd = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)  # chmod follows links here
    try:
        os.chmod(f"/proc/self/fd/{fd}", mode | stat.S_IRUSR)  # noqa: PTH101  # no path of ours
    finally:
        os.close(fd)
    return mode
