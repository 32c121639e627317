"""What is to be done, on disk: a file of records that is written once and read in the same order."""

from __future__ import annotations

import marshal
import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Generic, TypeVar

from datasync_sdk.local.transfer.outcome.outcomes import describe

__all__ = ["Spool", "SpoolError"]

LENGTH = struct.Struct("<I")
"""How many bytes a record has stands before it."""

T = TypeVar("T", bound="tuple[object, ...]")


class SpoolError(Exception):
    """There is no room for what is to be kept. No OSError, for it is no item of a transfer that failed."""


class Spool(Generic[T]):
    """Records in a file of its own, so that a plan of any length takes no memory.

    They are tuples and lists of plain values. `marshal` is five times as fast as JSON, keeps names that are
    not UTF-8, and is safe here: the file is made, read and removed by one process in a folder of its own.
    """

    def __init__(self, path: Path, stack: ExitStack) -> None:
        """Make the file, which must not exist and is closed with the stack. Raises SpoolError."""
        with told():
            self._file = path.open("xb")
        stack.callback(self._close)
        self._path = path
        self.is_empty = True

    def append(self, record: T) -> None:
        """Write one more. Raises SpoolError if the disk is full."""
        self.is_empty = False
        data = marshal.dumps(record)  # type: ignore[arg-type]  # tuples of plain values, all of them
        with told():
            self._file.write(LENGTH.pack(len(data)) + data)

    def __iter__(self) -> Iterator[T]:
        with told():
            self._file.flush()
        with self._path.open("rb") as file:
            # `marshal.load` would ask the file for each value, which takes eight times as long.
            read, loads, length = file.read, marshal.loads, LENGTH.unpack
            while prefix := read(LENGTH.size):
                record: T = loads(read(*length(prefix)))  # our own, see above
                yield record

    def _close(self) -> None:
        with suppress(OSError):  # What is not written yet nobody wants any more.
            self._file.close()


@contextmanager
def told() -> Iterator[None]:
    """What goes wrong is a SpoolError."""
    try:
        yield
    except OSError as error:
        raise SpoolError(describe(error)) from error
