"""Where a file is made before it gets its name: a folder of the run's own, at the top of the destination.

What has its final name is whole, always: the last step is a rename within one file system. What a dead run
has left is cleared by the next one; a run that lives holds a lock on its folder, so that nobody clears that.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple

from datasync_sdk.local.transfer.metadata.carriers import Found, found_of

__all__ = ["Staging"]

FOLDER = ".aws-datasync"
NEW = "new"
"""The name of the one file that is being made."""

OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
CREATE = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
PROBED = 0o777

GRAINS = (1, 100, 1_000, 1_000_000, 10_000_000, 1_000_000_000, 2_000_000_000)
"""As ext4 has them, NTFS and SMB, servers with microseconds or milliseconds, exFAT, ext3 and HFS+, FAT."""
ODD_TIME = 1_600_000_001_987_654_321
"""A time that none of them but the first can keep."""


class Probed(NamedTuple):
    """What can be done at the destination."""

    created: Found
    """What a new file has."""
    may_chown: bool
    """Whether this process can give files away."""
    ignores_modes: bool
    """Whether it may use what its mode forbids."""
    grain_ns: int
    """Times are kept as multiples of it."""


class Staging:
    """The folder for files in the making."""

    def __init__(self, top: int, name: str) -> None:
        """Make it in the open top folder of a destination, and clear what others left. Raises OSError."""
        self._name = name
        with ExitStack() as stack:
            self._top = _kept(stack, os.dup(top))
            with self._alone():
                self._all = _kept(stack, _opened(FOLDER, self._top))
                self.fd = _kept(stack, _opened(name, self._all))
                fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._clear_others()
                self._clear(self.fd)
            self.created, self.may_chown, self.ignores_modes, self.grain_ns = self._probe()
            stack.pop_all()
        self._mask = PROBED & ~self.created.mode
        self._having: dict[int, Found] = {}
        """What a new file has, by the mode that it is made with."""

    def create(self, mode: int) -> tuple[int, Found]:
        """A new file, and what it has. Its mode is already the right one if it can be."""
        mode &= 0o777
        fd = os.open(NEW, CREATE, mode, dir_fd=self.fd)
        having = self._having.get(mode)
        if having is None:
            having = self._having[mode] = self.created._replace(mode=mode & ~self._mask)
        return fd, having

    def publish(self, folder: int, name: str, *, may_replace: bool) -> None:
        """Give the file its name, in one step.

        Raises:
            OSError: it cannot have it; where a folder has it, that is not empty.

        """
        if not may_replace:
            # A link never replaces what another made in the meantime.
            os.link(NEW, name, src_dir_fd=self.fd, dst_dir_fd=folder, follow_symlinks=False)
            os.unlink(NEW, dir_fd=self.fd)
            return
        try:
            os.rename(NEW, name, src_dir_fd=self.fd, dst_dir_fd=folder)
        except OSError as error:
            if error.errno not in {errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY, errno.EXDEV}:
                raise
            if error.errno == errno.EXDEV:
                said = (
                    "the folder at the destination is on another file system than the location's top folder"
                )
                raise OSError(errno.EXDEV, said) from error
            remove_folder(folder, name)
            os.rename(NEW, name, src_dir_fd=self.fd, dst_dir_fd=folder)

    def discard(self) -> None:
        """Remove the file, if it is there."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(NEW, dir_fd=self.fd)

    def close(self) -> None:
        """Remove the folder, unless the whole destination is gone."""
        with contextlib.suppress(OSError), self._alone():
            self._clear(self.fd)
            os.rmdir(self._name, dir_fd=self._all)
            os.rmdir(FOLDER, dir_fd=self._top)  # Another run may have its own in there.
        for fd in (self.fd, self._all, self._top):
            os.close(fd)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """No other run makes, clears or removes its folder meanwhile. It takes a moment."""
        fcntl.flock(self._top, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._top, fcntl.LOCK_UN)

    def _clear_others(self) -> None:
        """Remove what runs left that were killed."""
        for name in os.listdir(self._all):  # noqa: PTH208  # of a descriptor
            if name == self._name:
                continue
            with contextlib.suppress(OSError):  # A run that lives, or something that is not ours.
                fd = os.open(name, OPEN, dir_fd=self._all)
                try:
                    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self._clear(fd)
                    os.rmdir(name, dir_fd=self._all)
                finally:
                    os.close(fd)

    def _clear(self, fd: int) -> None:
        for name in os.listdir(fd):  # of a descriptor
            os.unlink(name, dir_fd=fd)

    def _probe(self) -> Probed:
        """Try what can be done here, with a file that nobody else sees."""
        fd = os.open(NEW, CREATE, PROBED, dir_fd=self.fd)
        try:
            created = found_of(os.fstat(fd))._replace(atime_ns=time.time_ns())
            grain_ns = _grain_of(fd)
            with contextlib.suppress(OSError):  # FAT has no modes.
                os.fchmod(fd, 0)
            ignores_modes = os.access(NEW, os.R_OK | os.W_OK, dir_fd=self.fd, effective_ids=True)
            try:
                os.fchown(fd, created.uid + 1, created.gid + 1)
            except OSError:
                return Probed(created, False, ignores_modes, grain_ns)
            return Probed(created, True, ignores_modes, grain_ns)
        finally:
            os.close(fd)
            self.discard()


def _grain_of(fd: int) -> int:
    """Of how many nanoseconds the times of files are multiples, in the file system of an open file."""
    with contextlib.suppress(OSError):
        os.utime(fd, ns=(ODD_TIME, ODD_TIME))
        found = os.fstat(fd).st_mtime_ns
        return next((grain for grain in GRAINS if ODD_TIME - ODD_TIME % grain == found), 1)
    return 1


def _opened(name: str, folder: int) -> int:
    """A folder for us alone, made if need be, and opened. Raises OSError."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(name, 0o700, dir_fd=folder)
    return os.open(name, OPEN, dir_fd=folder)


def _kept(stack: ExitStack, fd: int) -> int:
    """A descriptor that is closed if what comes next fails."""
    stack.callback(os.close, fd)
    return fd


def remove_folder(folder: int, name: str) -> None:
    """Remove a folder that is in the way of a file, if it is empty.

    A user who keeps what is only at the destination keeps what is in that folder: the file then fails.
    With PreserveDeletedFiles REMOVE its contents have been deleted before.
    """
    try:
        os.rmdir(name, dir_fd=folder)
    except OSError as error:
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
            raise
        said = "the destination has a folder of this name, with something in it that is to be kept"
        raise OSError(errno.ENOTEMPTY, said) from error
