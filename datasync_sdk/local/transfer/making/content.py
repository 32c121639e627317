"""Moves the bytes of one file: by the kernel where it can, with a checksum where one is wanted."""

from __future__ import annotations

import errno
import hashlib
import os
import sys
from collections.abc import Callable
from typing import TypeAlias

from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.storage.opening import changed
from datasync_sdk.local.transfer.storage.places import Stream

__all__ = ["CHECKSUM", "SMALL", "Metered", "checksum_of", "copy_content", "damage"]

SMALL = 1024 * 1024
"""Bytes up to which a file is read at once; and how many of a bigger one, where they have to be seen."""

HOLE = 64 * 1024
"""The smallest hole that stays one: bytes that are read at once of a file with holes."""
ZEROS = bytes(HOLE)

CHECKSUM = hashlib.sha256
"""Processors have instructions for it, so that it is the fastest in hashlib; it releases the GIL."""

MoveSome: TypeAlias = Callable[[int, int, int], int]
"""Moves at most so many bytes from a file to another, both at their positions, and says how many."""

CANNOT = {
    errno.EXDEV,
    errno.EINVAL,
    errno.ENOSYS,
    errno.EOPNOTSUPP,
    errno.ENOTSUP,
    errno.EBADF,
    errno.ETXTBSY,
}
"""What a kernel says that cannot copy between these two files."""


def copy_content(  # noqa: PLR0913, PLR0917
    sides: Sides, source: int, copy: int, size: int, path: str, wants_checksum: bool
) -> bytes | None:
    """Copy a file of so many bytes; give its checksum if it is wanted.

    Raises:
        OSError: it cannot be read or written, or has another size.
        Cancelled: somebody wants the transfer to end.

    """
    watch, throttle, moved = sides.watch, sides.throttle, sides.tally.moved
    is_limited = watch.limit() > 0
    if size <= SMALL and not (is_limited and size > throttle.chunk()):
        data = os.read(source, size + 1) if size else b""
        if len(data) != size:
            raise changed(f"it had {size:,} bytes")
        if size:
            if is_limited:
                throttle.take(size)
            if os.write(copy, data) != size:
                os.lseek(copy, 0, os.SEEK_SET)
                write_all(copy, data)
            moved(size)
        return CHECKSUM(data).digest() if wants_checksum else None
    checksum = CHECKSUM() if wants_checksum else None
    is_sparse = has_holes(source, size)
    move = mover(checksum.update if checksum else None, is_sparse=is_sparse)
    done = 0
    while done < size:
        watch.checkpoint()
        if done:
            watch.fault("read", "source", path)
            watch.fault("write", "destination", path)
        piece = min(size - done, throttle.chunk())
        throttle.take(piece)
        count = move(source, copy, piece)
        if not count:
            raise changed(f"it had {size:,} bytes")
        moved(count)
        done += count
    if is_sparse:
        os.ftruncate(copy, size)  # It may end with a hole.
    return checksum.digest() if checksum else None


def mover(show: Callable[[memoryview], object] | None, *, is_sparse: bool) -> MoveSome:
    """The best way to move bytes that are to be shown to a function, if there is one."""
    if is_sparse:
        return SeenBytes(show, keeps_holes=True)
    return SeenBytes(show) if show else move_by_kernel


def has_holes(fd: int, size: int) -> bool:
    """Whether a file, which is at its beginning, takes less room than its bytes, and not by compression."""
    if os.fstat(fd).st_blocks * 512 >= size or not hasattr(os, "SEEK_HOLE"):
        return False
    try:
        return os.lseek(fd, 0, os.SEEK_HOLE) < size
    except OSError:
        return False
    finally:
        os.lseek(fd, 0, os.SEEK_SET)


def move_by_kernel(source: int, copy: int, size: int) -> int:
    """Move bytes without seeing them, if the kernel can; else as any program does."""
    for move in KERNEL:
        try:
            count = move(source, copy, size)
        except OSError as error:
            if error.errno not in CANNOT:
                raise
        else:
            if count:
                return count
            # Some file systems say 0 where they mean that they cannot.
    return SeenBytes(None)(source, copy, size)


class SeenBytes:
    """Moves bytes through memory, and shows them to a function."""

    def __init__(self, show: Callable[[memoryview], object] | None, *, keeps_holes: bool = False) -> None:
        """`keeps_holes` writes no zeros where there is room for a hole."""
        self._show = show
        self._keeps_holes = keeps_holes
        self._buffer = memoryview(bytearray(HOLE if keeps_holes else SMALL))

    def __call__(self, source: int, copy: int, size: int) -> int:
        """Move some."""
        view = self._buffer[:size]
        count = os.readv(source, [view])
        data = view[:count]
        if self._keeps_holes and data.tobytes() == ZEROS[:count]:
            os.lseek(copy, count, os.SEEK_CUR)
        else:
            write_all(copy, data)
        if self._show:
            self._show(data)
        return count


def write_all(fd: int, data: bytes | memoryview) -> None:
    """Write all of it: a call writes less when a disk is nearly full, or somebody interrupts it."""
    count = os.write(fd, data)
    rest = memoryview(data)
    while count < len(rest):
        rest = rest[count:]
        count = os.write(fd, rest)


class Metered:
    """The content of a file on its way: counted, held to the limit, and seen for its checksum.

    It reads as a file does that cannot seek, which is all that boto3 asks of what it uploads.
    """

    def __init__(
        self, sides: Sides, stream: Stream, path: str, *, wants_checksum: bool, damages: bool = False
    ) -> None:
        """Begin to read; `damages` hands on something else than what is read, as a failing disk would."""
        self._sides = sides
        self._stream = stream
        self._path = path
        self._checksum = CHECKSUM() if wants_checksum else None
        self._damages = damages
        self._size = stream.found.st_size
        self._done = 0

    @property
    def checksum(self) -> bytes | None:
        """Of all that was read."""
        return self._checksum.digest() if self._checksum else None

    def seekable(self) -> bool:
        """What has gone is counted."""
        return False

    def read(self, size: int = -1) -> bytes:
        """So many bytes, or all; fewer only at the end.

        Raises:
            OSError: it cannot be read, or has changed since it was opened.
            Cancelled: somebody wants the transfer to end.

        """
        pieces: list[bytes] = []
        missing = size
        while missing and (piece := self._some(SMALL if missing < 0 else missing)):
            pieces.append(piece)
            missing = missing if missing < 0 else missing - len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _some(self, most: int) -> bytes:
        sides = self._sides
        if self._done == self._size:
            self._stream.check()
            return self._damaged(b"")
        sides.watch.checkpoint()
        if self._done:
            sides.watch.fault("read", "source", self._path)
            sides.watch.fault("write", "destination", self._path)
        most = min(most, self._size - self._done, sides.throttle.chunk(), SMALL)
        sides.throttle.take(most)
        data = self._stream.read(most)
        if not data:
            raise changed(f"it had {self._size:,} bytes")
        self._done += len(data)
        if self._checksum:
            self._checksum.update(data)
        sides.tally.moved(len(data))
        return self._damaged(data)

    def _damaged(self, data: bytes) -> bytes:
        if not self._damages:
            return data
        self._damages = False
        return bytes([data[0] ^ 0xFF]) + data[1:] if data else b"\0"


def checksum_of(sides: Sides, fd: int, size: int) -> bytes | None:
    """The checksum of an open file, from its beginning; None if it has another size."""
    if size <= SMALL:
        data = os.read(fd, size + 1)
        return CHECKSUM(data).digest() if len(data) == size else None
    checksum, buffer, done = CHECKSUM(), memoryview(bytearray(SMALL)), 0
    while count := os.readv(fd, [buffer]):
        sides.watch.checkpoint()
        checksum.update(buffer[:count])
        done += count
    return checksum.digest() if done == size else None


def damage(fd: int, size: int) -> None:
    """Make a file another than it is, as a failing disk would."""
    first = os.pread(fd, 1, 0) if size else b""
    os.pwrite(fd, bytes([first[0] ^ 0xFF]) if first else b"\0", 0)


def _kernel() -> tuple[MoveSome, ...]:
    if sys.platform != "linux":
        return ()
    return os.copy_file_range, lambda source, copy, size: os.sendfile(copy, source, None, size)


KERNEL = _kernel()
"""The ways that this kernel has, the best first."""
