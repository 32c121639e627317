"""What the steps of a transfer need of a place, whether it is a folder or a bucket.

`folders` and `buckets` beside it have the two that there are.
Paths are relative to the place, and without a slash in front; the top is the empty path.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from datasync_sdk.local.transfer.metadata.status import Status

__all__ = ["Content", "Entry", "Lookup", "Stream", "Target", "Top"]


class Entry(Protocol):
    """Something in a folder that is listed, as `os.DirEntry`."""

    @property
    def name(self) -> str:
        """Without slashes."""
        ...

    def is_dir(self, *, follow_symlinks: bool) -> bool:
        """Whether it is a folder."""
        ...

    def stat(self, *, follow_symlinks: bool) -> Status:
        """What is known of it. Raises OSError, also where it cannot be transferred at all."""
        ...


class Lookup(Protocol):
    """Looks for names in one folder. It is valid until another folder of the place is asked for."""

    def __call__(self, name: str, is_folder: bool | None, version: str | None = None, /) -> Status:
        """What is of this name; FileNotFoundError if there is nothing, another OSError if nobody can tell.

        Where a file and a folder can have the same name, that of the kind asked for; None means whichever.
        """
        ...


class Stream(Protocol):
    """The content of a file or object that is being read, in one state of it."""

    @property
    def found(self) -> Status:
        """What is known of it since it was opened."""
        ...

    def read(self, size: int) -> bytes:
        """At least one byte and at most so many; none at the end. Raises OSError."""
        ...

    def check(self) -> None:
        """Raise OSError if it has changed since it was opened."""


class Content(Protocol):
    """What is to be written to a bucket, as boto3 wants it: a file that can be read once."""

    def seekable(self) -> bool:
        """No."""
        ...

    def read(self, size: int = -1, /) -> bytes:
        """So many bytes, or all; fewer only at the end. Raises OSError."""
        ...


class Top(Protocol):
    """The top of a place, and the way to all that is below."""

    keeps_both: bool
    """Whether a file and a folder can have the same name."""

    keeps_versions: bool

    def fd(self, path: str, *, write: bool = False) -> int:
        """The descriptor of a folder, valid until the next call; -1 for a place without. Raises OSError."""
        ...

    def scan(self, path: str) -> AbstractContextManager[Iterator[Entry]]:
        """What is in a folder, in any order. Raises OSError, also while it goes on."""
        ...

    def lookup(self, path: str) -> Lookup:
        """What looks for names in a folder. Raises OSError."""
        ...

    def is_empty(self, path: str) -> bool:
        """Whether nothing is in a folder. Raises OSError."""
        ...

    def open(self, path: str, name: str, version: str | None = None) -> AbstractContextManager[Stream]:
        """Read a file of a folder. Raises OSError."""
        ...

    def is_gone(self) -> bool:
        """Whether the place as such is no longer there."""
        ...

    def lock_again(self) -> None:
        """Give back the modes that had to be changed to get in."""

    def close(self) -> None:
        """Close all that is open, and tidy up."""


class Target(Top, Protocol):
    """The top of a place that is written to."""

    def begin(self, name: str) -> None:
        """Get ready to be written to by a run of this name. Raises OSError."""

    def remove(self, path: str, name: str, *, is_folder: bool) -> None:
        """Remove a file, or an empty folder. Raises OSError."""

    def outdate(self, path: str, name: str, mtime_ns: int) -> None:
        """Make a copy look as if it were of another time, so that it is no longer current. Raises OSError."""
