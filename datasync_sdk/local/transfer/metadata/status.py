"""What is known of an item without opening it: the part of `os.stat_result` that objects have, too."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Status"]


class Status(Protocol):
    """As `os.stat_result`, which is one. The times of an object are its LastModified."""

    @property
    def st_mode(self) -> int:
        """The kind of the item, and its permissions where they are known."""
        ...

    @property
    def st_size(self) -> int:
        """Bytes."""
        ...

    @property
    def st_nlink(self) -> int:
        """0 of a folder that is nothing but the beginning of keys: no object stands for it."""
        ...

    @property
    def st_uid(self) -> int:
        """The owner; -1 if that is not known."""
        ...

    @property
    def st_gid(self) -> int:
        """The group; -1 if that is not known."""
        ...

    @property
    def st_rdev(self) -> int:
        """Of a device, which."""
        ...

    @property
    def st_mtime_ns(self) -> int:
        """When it was last written to, in nanoseconds since 1970."""
        ...

    @property
    def st_atime_ns(self) -> int:
        """When it was last read."""
        ...

    @property
    def st_ctime_ns(self) -> int:
        """A number that changes whenever anything of it does."""
        ...
