"""Extended attributes, on Linux and macOS. The one module that knows how each system has them."""

from __future__ import annotations

import errno
import os
import sys

__all__ = ["read", "read_at", "remove", "write"]

OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

# What a system says of an attribute that a file does not have; of any, where the file system has none; and of
# files whose attributes may not be read, as links and devices.
ABSENT = {getattr(errno, "ENODATA", None), getattr(errno, "ENOATTR", None), errno.ENOTSUP, errno.EPERM}

if sys.platform == "darwin":
    import xattr

    def read(fd: int, key: str) -> bytes | None:
        """The value of an attribute of an open file; None if it has no such one."""
        try:
            return bytes(xattr.getxattr(fd, key))
        except OSError as error:
            _raise_unless_absent(error)
            return None

    def write(fd: int, key: str, value: bytes) -> None:
        """Set an attribute of an open file. Raises OSError."""
        xattr.setxattr(fd, key, value)

    def _remove(fd: int, key: str) -> None:
        xattr.removexattr(fd, key)

    def read_at(folder: int, name: str, key: str) -> bytes | None:
        """The value of an attribute of a file or folder in an open folder; None if it has no such one."""
        fd = os.open(name, OPEN, dir_fd=folder)
        try:
            return read(fd, key)
        finally:
            os.close(fd)

else:

    def read(fd: int, key: str) -> bytes | None:
        """The value of an attribute of an open file; None if it has no such one."""
        try:
            return os.getxattr(fd, key)
        except OSError as error:
            _raise_unless_absent(error)
            return None

    def write(fd: int, key: str, value: bytes) -> None:
        """Set an attribute of an open file. Raises OSError."""
        os.setxattr(fd, key, value)

    def _remove(fd: int, key: str) -> None:
        os.removexattr(fd, key)

    def read_at(folder: int, name: str, key: str) -> bytes | None:
        """The value of an attribute of a file or folder in an open folder; None if it has no such one."""
        # No system call takes a folder and a name. This path is one: the kernel goes on from the open folder.
        path = f"/proc/self/fd/{folder}/{name}"
        try:
            # Most files have none, and a list of none is faster than an error for the one.
            if key not in os.listxattr(path, follow_symlinks=False):
                return None
            return os.getxattr(path, key, follow_symlinks=False)
        except OSError as error:
            _raise_unless_absent(error)
            return None


def remove(fd: int, key: str) -> None:
    """Take an attribute from an open file, if it has it. Raises OSError."""
    try:
        _remove(fd, key)
    except OSError as error:
        _raise_unless_absent(error)


def _raise_unless_absent(error: OSError) -> None:
    if error.errno not in ABSENT:
        raise error
