"""How long names and paths may be: as long as DataSync's documented quotas say."""

from __future__ import annotations

import errno
import os

from datasync_sdk.local.transfer.storage.folders import joined

__all__ = ["LONG_NAME", "LONG_PATH", "check_length"]

LONGEST_NAME, LONGEST_PATH = 255, 4096
"""Bytes."""

LONG_NAME, LONG_PATH = 60, 700
"""Characters from which on it is worth while to count the bytes."""


def check_length(folder: str, name: str) -> None:
    """Raise OSError if a name, or the path that it makes, is longer than DataSync takes."""
    if len(os.fsencode(name)) > LONGEST_NAME:
        raise OSError(errno.ENAMETOOLONG, "a name in the path is longer than 255 bytes")
    if len(os.fsencode(joined(folder, name))) > LONGEST_PATH:
        raise OSError(errno.ENAMETOOLONG, "the path is longer than 4,096 bytes")
