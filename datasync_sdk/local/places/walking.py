"""The way from a folder down to another, on which no link leads elsewhere."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

__all__ = ["walk"]

_OPEN: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


def walk(base: Path, names: Sequence[str], *, make: bool) -> None:
    """Go from a folder down to another, without following links.

    Raises:
        OSError: that cannot be done. NotADirectoryError is also for links.
    """
    here = os.open(base, _OPEN)
    try:
        for name in names:
            below = _enter(here, name, make=make)
            os.close(here)
            here = below
    finally:
        os.close(here)


def _enter(folder: int, name: str, *, make: bool) -> int:
    if make:
        with suppress(FileExistsError):
            os.mkdir(name, dir_fd=folder)
    try:
        below = os.open(name, _OPEN | os.O_NOFOLLOW, dir_fd=folder)
    except OSError as error:
        # Systems do not agree on what they say of a link.
        raise NotADirectoryError if _is_link(folder, name) else error from None
    if not _is_named(folder, name):
        os.close(below)
        raise OSError(
            0, f"this file system takes {name!r} for the same as another name, which differs from it"
        )
    return below


def _is_link(folder: int, name: str) -> bool:
    try:
        os.readlink(name, dir_fd=folder)
    except OSError:
        return False
    return True


def _is_named(folder: int, name: str) -> bool:
    """Whether a folder in a folder has exactly this name: some file systems find `Data` under `data`, too.

    Two locations would then be one, without anybody having said so.
    """
    there = os.stat(name, dir_fd=folder, follow_symlinks=False)
    for other in {name.swapcase(), *(unicodedata.normalize(form, name) for form in ("NFC", "NFD"))} - {name}:
        with suppress(OSError):
            if os.path.samestat(there, os.stat(other, dir_fd=folder, follow_symlinks=False)):
                return name in os.listdir(folder)
    return True
