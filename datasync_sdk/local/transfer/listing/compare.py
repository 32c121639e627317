"""Whether an item at the destination is a good copy of that at the source, by what a listing shows."""

from __future__ import annotations

import os

from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.outcome.outcomes import ItemKind, TransferType
from datasync_sdk.local.transfer.sides import Sides

__all__ = ["difference"]


def difference(  # an item at two sides: it is asked for many of them
    sides: Sides,
    kind: ItemKind,
    name: str,
    source: tuple[int, Status],
    copy: tuple[int, Status],
) -> TransferType | None:
    """What of an item has to be transferred, if there is one of the same kind at the destination.

    `source` and `copy` are the open folder that the item is in, and its `stat`.

    Raises:
        OSError: its metadata cannot be read.

    """
    policy = sides.policy
    folder, found = source
    copy_folder, copy_found = copy
    having = sides.source_carrier.read(folder, name, found)
    copied = sides.destination_carrier.read(copy_folder, name, copy_found)
    if kind is ItemKind.FILE:
        has_content = policy.is_current(found, copy_found, having, copied)
    elif kind is ItemKind.LINK:
        has_content = os.readlink(name, dir_fd=folder) == os.readlink(name, dir_fd=copy_folder)
    elif kind is ItemKind.DEVICE:
        has_content = (found.st_mode & 0o170000, found.st_rdev) == (
            copy_found.st_mode & 0o170000,
            copy_found.st_rdev,
        )
    else:
        has_content = True
    if not has_content:
        return TransferType.CONTENT_AND_METADATA
    if policy.has_metadata(kind, having, copied) and policy.has_time(having, copied):
        return None
    return TransferType.METADATA
