"""The one way into the folders of a place: from the top down, name by name, never through a link.

Nobody else opens a folder. Whoever works in one has its descriptor and a name without slashes, so that no
link, whenever it is put there, leads out.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from datasync_sdk.local.transfer.job import TransferError
from datasync_sdk.local.transfer.storage.opening import FileStream, Reader, open_to_change
from datasync_sdk.local.transfer.storage.places import Lookup

__all__ = ["OPEN_FOLDER", "Root", "joined", "parted"]

OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NONBLOCK | os.O_CLOEXEC
OPEN_FOLDER = OPEN | os.O_NOFOLLOW

MOST_OPEN = 48
"""How many folders are held open: a tree may be 2,000 deep, and a process may have 256 files open."""


def joined(folder: str, name: str) -> str:
    """The path of what is in a folder; the top is the empty path."""
    return f"{folder}/{name}" if folder else name


def parted(path: str) -> tuple[str, str]:
    """The folder of a path, and the name in it."""
    folder, _, name = path.rpartition("/")
    return folder, name


class Root:
    """The top folder of a place, and the way into those below.

    It remembers the way to the folder that was asked for last, as the next one is mostly near.
    """

    keeps_both = False
    keeps_versions = False

    def __init__(self, folder: Path, *, unlocks: bool = False) -> None:
        """Open the folder, or raise OSError; `unlocks` makes folders that we own usable if they are not."""
        self._top = os.open(folder, OPEN)
        self._unlocks = unlocks
        self._unlocked: dict[str, int] = {}
        self._names: list[str] = []
        self._fds: list[int] = []  # Of each of the names; -1 for those near the top that are closed again.
        self._first_open = 0
        self._reader = Reader()
        self._other: os.stat_result | None = None

    def keep_out_of(self, other: Root) -> None:
        """Never enter the top of the other side, which a mount may have brought in here.

        Raises:
            TransferError: both are the same folder; later, whoever comes to that of the other side.

        """
        self._other = os.fstat(other._top)
        self._refuse_other(self._top, "")

    def fd(self, path: str, *, write: bool = False) -> int:
        """The descriptor of a folder. It is valid until the next call.

        Raises:
            OSError: there is no such folder, or it is a link, or may not be opened.

        """
        names = path.split("/") if path else []
        if names != self._names:
            self._go(names)
        fd = self._fds[-1] if self._fds else self._top
        if write and self._unlocks:
            self._unlock(fd, path, stat.S_IRWXU)
        return fd

    def scan(self, path: str) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        """As in `Top`."""
        return os.scandir(self.fd(path))

    def lookup(self, path: str) -> Lookup:
        """As in `Top`."""
        fd, stat_of = self.fd(path), os.stat

        def look(name: str, _: bool | None, __: str | None = None, /) -> os.stat_result:
            return stat_of(name, dir_fd=fd, follow_symlinks=False)

        return look

    def is_empty(self, path: str) -> bool:
        """As in `Top`."""
        with os.scandir(self.fd(path)) as entries:
            return not any(True for _ in entries)

    @contextmanager
    def open(self, path: str, name: str, version: str | None = None) -> Iterator[FileStream]:
        """As in `Top`."""
        del version
        folder = self.fd(path)
        try:
            fd = self._reader.open(folder, name)
        except PermissionError:
            if not self._unlocks:
                raise
            with open_to_change(folder, name, stat.S_IFREG) as readable:
                fd = os.dup(readable)
        try:
            yield FileStream(fd)
        finally:
            os.close(fd)

    def lock_later(self, path: str, mode: int) -> None:
        """Give this mode to a folder that is new, unless `keep_unlocked` says that it has got its own."""
        self._unlocked[path] = mode

    def keep_unlocked(self, path: str) -> None:
        """Somebody has given the folder the mode that it is to have: do not bring the old one back."""
        self._unlocked.pop(path, None)
        if self._unlocks:
            self._forget(path.count("/"))  # It may have to be unlocked for who comes again.

    def true_mode(self, path: str, mode: int) -> int:
        """The mode of a folder, of which we see another while it is unlocked."""
        return self._unlocked.get(path, mode)

    def lock_again(self) -> None:
        """Give back their modes to folders that had to be unlocked, but for the top, which all need."""
        # The deepest first. The way to one may have to be unlocked again, and is locked after it.
        if not any(self._unlocked):
            return
        while path := max(self._unlocked, key=len, default=""):
            with suppress(OSError, TransferError):  # It is gone, or is no longer ours.
                os.fchmod(self.fd(path), self._unlocked[path])
            del self._unlocked[path]
        self._cut(0)  # Who has been in may not get in again.

    def close(self) -> None:
        """Give back modes, and close all that is open."""
        self.lock_again()
        if "" in self._unlocked:
            with suppress(OSError):
                os.fchmod(self._top, self._unlocked.pop(""))
        self._cut(0)
        os.close(self._top)

    def is_gone(self) -> bool:
        """Whether the top folder has been removed."""
        return os.fstat(self._top).st_nlink == 0

    def _go(self, names: list[str]) -> None:
        shared = 0
        for here, there in zip(self._names, names, strict=False):
            if here != there:
                break
            shared += 1
        self._forget(shared)
        for name in names[len(self._names) :]:
            parent = self._fds[-1] if self._fds else self._top
            self._fds.append(self._enter(parent, name))
            self._names.append(name)
            self._refuse_other(self._fds[-1], "/".join(self._names))
            if len(self._fds) - self._first_open > MOST_OPEN:
                os.close(self._fds[self._first_open])
                self._fds[self._first_open] = -1
                self._first_open += 1

    def _refuse_other(self, fd: int, path: str) -> None:
        # By what it is: no path tells that a folder is mounted at a second place.
        if self._other is not None and os.path.samestat(os.fstat(fd), self._other):
            self._cut(0)  # Nor is there a way back into it.
            raise TransferError(
                "LocationsOverlap",
                f"The source and the destination of the task overlap: /{path} of one is the folder of the "
                "other, by a mount. Give them places of which neither is in the other.",
            )

    def _forget(self, length: int) -> None:
        """Forget all but the first names of the way, or all, so that the last is open."""
        self._cut(length if length > self._first_open else 0)

    def _cut(self, length: int) -> None:
        """Close all but the first names of the way."""
        for fd in self._fds[length:]:
            if fd >= 0:
                os.close(fd)
        del self._fds[length:], self._names[length:]
        self._first_open = min(self._first_open, length)

    def _enter(self, parent: int, name: str) -> int:
        if not self._unlocks:
            return os.open(name, OPEN_FOLDER, dir_fd=parent)
        path = "/".join((*self._names, name))
        try:
            fd = os.open(name, OPEN_FOLDER, dir_fd=parent)
        except PermissionError:
            if self._names:
                self._unlock(parent, "/".join(self._names), stat.S_IXUSR)
            self._unlock_closed(parent, name, path)
            return os.open(name, OPEN_FOLDER, dir_fd=parent)
        try:
            self._unlock(fd, path, stat.S_IXUSR)  # Without it only names can be listed.
        except OSError:
            os.close(fd)
            raise
        return fd

    def _unlock(self, fd: int, path: str, needed: int) -> None:
        found = os.fstat(fd)
        mode = stat.S_IMODE(found.st_mode)
        if found.st_uid == os.geteuid() and mode & needed != needed and not is_usable(fd, needed):
            self._unlocked.setdefault(path, mode)
            os.fchmod(fd, mode | stat.S_IRWXU)

    def _unlock_closed(self, parent: int, name: str, path: str) -> None:
        """As `_unlock`, of a folder that may not even be opened."""
        found = os.stat(name, dir_fd=parent, follow_symlinks=False)
        if found.st_uid != os.geteuid() or not stat.S_ISDIR(found.st_mode):
            return
        mode = stat.S_IMODE(found.st_mode)
        if sys.platform == "linux":
            # chmod follows links here. O_PATH opens what may not be read, and is no link for sure.
            fd = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=parent)
            try:
                os.chmod(f"/proc/self/fd/{fd}", mode | stat.S_IRWXU)  # noqa: PTH101  # no path of ours
            finally:
                os.close(fd)
        else:
            os.chmod(name, mode | stat.S_IRWXU, dir_fd=parent, follow_symlinks=False)
        self._unlocked.setdefault(path, mode)


def is_usable(fd: int, needed: int) -> bool:
    """Whether an open folder can be used, whatever its mode says: root can, but not without capabilities."""
    return os.access(".", needed >> 6, dir_fd=fd, effective_ids=True)
