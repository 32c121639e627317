"""What happened to each item, as task reports tell it."""

from __future__ import annotations

import errno
import os
import stat
from enum import Enum
from typing import NamedTuple, overload

from attrs import frozen

from datasync_sdk.local.transfer.metadata.status import Status

__all__ = [
    "ITEM_ERRORS",
    "Failure",
    "ItemKind",
    "ItemResult",
    "ItemState",
    "Outcome",
    "Phase",
    "Seen",
    "TransferType",
    "describe",
    "kind_of",
    "state_of",
    "told",
]


class Outcome(Enum):
    """The kinds of task reports."""

    TRANSFERRED = "Transferred"
    VERIFIED = "Verified"
    DELETED = "Deleted"
    SKIPPED = "Skipped"


class Phase(Enum):
    """Where an item failed. LIST is of folders alone."""

    LIST = "list"
    PREPARE = "prepare"
    TRANSFER = "transfer"
    VERIFY = "verify"
    DELETE = "delete"


class ItemKind(Enum):
    """What an item is."""

    FILE = "f"
    FOLDER = "d"
    LINK = "l"
    DEVICE = "n"
    OTHER = "o"
    """A FIFO, a socket, or something that could not be looked at."""


class TransferType(Enum):
    """What of an item was, or was to be, transferred."""

    CONTENT_AND_METADATA = "CONTENT_AND_METADATA"
    METADATA = "METADATA"


@frozen(kw_only=True)
class ItemState:
    """An item as it was found at one side. What a place does not keep is None."""

    size: int
    mtime_ns: int
    atime_ns: int
    uid: int | None
    gid: int | None
    mode: int | None
    checksum: str | None = None
    """Of the content, where it was computed: `SHA256:` and hexadecimal digits."""


class Seen(NamedTuple):
    """What is known of an item at both sides when something is told of it."""

    source: Status | None = None
    copy: Status | None = None
    source_checksum: bytes | None = None
    """SHA-256."""
    copy_checksum: bytes | None = None

    def states(self) -> tuple[ItemState | None, ItemState | None]:
        """The same as task reports have it."""
        return state_of(self.source, self.source_checksum), state_of(self.copy, self.copy_checksum)


@frozen(kw_only=True)
class Failure:
    """Why an item failed."""

    phase: Phase
    code: int
    """The errno of the operating system, or the nearest."""
    reason: str


@frozen(kw_only=True)
class ItemResult:
    """What happened to an item."""

    path: str
    kind: ItemKind
    outcome: Outcome
    failure: Failure | None = None
    reason: str | None = None
    """Why it was skipped."""
    transfer_type: TransferType | None = None
    overwrite: bool = False
    """Whether there was something of this name at the destination."""
    source: ItemState | None = None
    destination: ItemState | None = None


def kind_of(mode: int) -> ItemKind:
    """The kind that the `st_mode` of a file says."""
    return KINDS.get(stat.S_IFMT(mode), ItemKind.OTHER)


@overload
def state_of(found: Status, checksum: bytes | None = None) -> ItemState: ...
@overload
def state_of(found: Status | None, checksum: bytes | None = None) -> ItemState | None: ...
def state_of(found: Status | None, checksum: bytes | None = None) -> ItemState | None:
    """An item as a task report shows it."""
    if found is None:
        return None
    return ItemState(
        size=found.st_size if stat.S_ISREG(found.st_mode) else 0,
        mtime_ns=found.st_mtime_ns,
        atime_ns=found.st_atime_ns,
        uid=None if found.st_uid < 0 else found.st_uid,
        gid=None if found.st_gid < 0 else found.st_gid,
        mode=None if found.st_uid < 0 else stat.S_IMODE(found.st_mode),
        checksum=None if checksum is None else f"SHA256:{checksum.hex()}",
    )


def describe(error: OSError) -> str:
    """An error of the operating system in words, without the path, which the item has."""
    said = error.strerror or (str(error.args[0]) if error.args else type(error).__name__)
    known = error.errno is not None and said == os.strerror(error.errno)
    return f"{said} (errno {error.errno})" if known else said


ITEM_ERRORS = (OSError, OverflowError, ValueError)
"""What may be wrong with one item. The last two are a belt: what files say is checked where it is read."""


def told(error: Exception) -> OSError:
    """One of `ITEM_ERRORS`, as the failure of an item has it."""
    return error if isinstance(error, OSError) else OSError(errno.EINVAL, f"{type(error).__name__}: {error}")


KINDS = {
    stat.S_IFREG: ItemKind.FILE,
    stat.S_IFDIR: ItemKind.FOLDER,
    stat.S_IFLNK: ItemKind.LINK,
    stat.S_IFCHR: ItemKind.DEVICE,
    stat.S_IFBLK: ItemKind.DEVICE,
}
