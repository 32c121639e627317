"""How an object carries what a file has: the names and the form in which DataSync keeps it.

The object metadata of Amazon S3 are texts by name. What DataSync keeps there can be read by AWS Storage
Gateway and FSx for Lustre, too.
https://docs.aws.amazon.com/datasync/latest/userguide/metadata-copied.html
"""

from __future__ import annotations

import errno
import re
from typing import NamedTuple

__all__ = ["MOST_ID", "NOTHING", "POSIX_NAMES", "Attributes", "attributes_of", "metadata_of"]

POSIX_NAMES = ("file-owner", "file-group", "file-permissions", "file-mtime", "file-atime")
"""The object metadata in which DataSync keeps what a file on a POSIX file system has."""

UNITS = {"": 1, "ns": 1, "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000}
TIME = re.compile(r"(-?\d{1,40})(ns|us|ms|s)?", re.ASCII)

MOST_ID = 2**32 - 2
"""The last user or group; the next number means nobody."""

TIMES = range(-(2**63), 2**63)
"""Nanoseconds that a file can have, from 1677 to 2262."""

SHORT = 40
"""Characters of a wrong value that an error shows."""


class Attributes(NamedTuple):
    """The metadata of an item."""

    uid: int | None = None
    gid: int | None = None
    mode: int | None = None
    mtime_ns: int | None = None
    atime_ns: int | None = None
    own: dict[str, str] | None = None
    """Object metadata that is not about POSIX: the user's own, and headers such as `Content-Type`."""
    tags: dict[str, str] | None = None


NOTHING = Attributes()


def attributes_of(
    metadata: dict[str, str], modified_ns: int | None, tags: dict[str, str] | None
) -> Attributes:
    """What object metadata says; without a time in it that is when the object was modified.

    Raises:
        OSError: it has the names that DataSync uses, and not the form, or a number that no file can have.

    """
    own = dict(metadata)
    owner, group, mode, mtime, atime = (own.pop(key, None) for key in POSIX_NAMES)
    return Attributes(
        _id(owner, "file-owner"),
        _id(group, "file-group"),
        _mode(mode, "file-permissions"),
        modified_ns if mtime is None else _time(mtime, "file-mtime"),
        _time(atime, "file-atime"),
        own,
        tags,
    )


def metadata_of(wanted: Attributes, before: dict[str, str]) -> dict[str, str]:
    """The object metadata of an item that is to have something, and has something else."""
    values = dict(before)
    if wanted.own is not None:
        values = {key: values[key] for key in POSIX_NAMES if key in values} | wanted.own
    texts = (
        None if wanted.uid is None else str(wanted.uid),
        None if wanted.gid is None else str(wanted.gid),
        None if wanted.mode is None else f"{wanted.mode:04o}",
        None if wanted.mtime_ns is None else f"{wanted.mtime_ns}ns",
        None if wanted.atime_ns is None else f"{wanted.atime_ns}ns",
    )
    return values | {key: text for key, text in zip(POSIX_NAMES, texts, strict=True) if text is not None}


def _id(text: str | None, key: str) -> int | None:
    return None if text is None else _number(text, key, range(MOST_ID + 1))


def _mode(text: str | None, key: str) -> int | None:
    # Others write all that `st_mode` has, with the kind of the file.
    return None if text is None else _number(text, key, range(0o200000), base=8) & 0o7777


def _time(text: str | None, key: str) -> int | None:
    if text is None:
        return None
    found = TIME.fullmatch(text)
    if found is None:
        raise OSError(errno.EBADMSG, f"the object metadata {key} is not a time: {_short(text)}")
    return _within(int(found[1]) * UNITS[found[2] or ""], TIMES, text, key)


def _number(text: str, key: str, most: range, base: int = 10) -> int:
    try:
        value = int(text, base)
    except ValueError:
        raise OSError(errno.EBADMSG, f"the object metadata {key} is not a number: {_short(text)}") from None
    return _within(value, most, text, key)


def _within(value: int, most: range, text: str, key: str) -> int:
    if value not in most:
        raise OSError(errno.EBADMSG, f"the object metadata {key} is out of range: {_short(text)}")
    return value


def _short(text: str) -> str:
    return repr(text if len(text) <= SHORT else f"{text[:SHORT]}...")
