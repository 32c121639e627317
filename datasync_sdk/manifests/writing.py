"""Manifests, written."""

from __future__ import annotations

import io
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePath
from typing import BinaryIO, Final, TypeAlias

from attrs import frozen

from datasync_sdk.manifests.lines import BOM, ManifestError, checked, path_of
from datasync_sdk.manifests.seen import Seen

__all__ = ["ManifestEntry", "Target", "manifest_bytes", "manifest_chunks", "write_manifest"]

CHUNK: Final = 1 << 16
"""Bytes that a chunk has at least, except for the last."""

Target: TypeAlias = str | os.PathLike[str] | BinaryIO
"""Where a manifest goes: the path of a file, or a file that is open for bytes."""


@frozen
class ManifestEntry:
    """A file or object to transfer: `ManifestEntry("photos/1.png")`."""

    path: str
    """Relative to the source location. A slash in front means nothing, and is not written."""
    version_id: str | None = None
    """The version of an object, if the source is a bucket of Amazon S3; None is the latest."""


def write_manifest(entries: Iterable[ManifestEntry | str | PurePath], target: Target) -> int:
    """Write a manifest; gives how many entries it has.

        write_manifest(["photos/1.png", ManifestEntry("photos/2.png", "111111")], "manifest.csv")

    A file that is named by its path is there as a whole or not at all: what was there before stays until the
    last entry is written, also if that fails, and keeps its permissions. Into an open file the manifest
    goes as it comes.

    Each entry takes some 150 bytes of memory, by which it is seen whether a path comes again.

    Args:
        entries: what to transfer, at least one; they are gone through once.
        target: the path of a file, or a file that is open for bytes.

    Raises:
        ManifestError: there is no entry, or one that AWS does not want in a manifest: a folder, a path that
            comes twice, or one of over 1,024 bytes; or one that cannot be: not Unicode, or with a NUL
            character.
        TypeError: an entry is no path, or the target no file for bytes.
        OSError: the file cannot be written.
    """
    seen = Seen()
    chunks = _chunks(entries, seen)
    if not isinstance(target, str | os.PathLike):
        _refuse_no_file(target)
        for chunk in chunks:
            target.write(chunk)
    else:
        _replace(Path(os.path.realpath(target)), chunks)
    return len(seen)


def manifest_bytes(entries: Iterable[ManifestEntry | str | PurePath]) -> bytes:
    """The content of a manifest. Raises as `write_manifest` does."""
    return b"".join(manifest_chunks(entries))


def manifest_chunks(entries: Iterable[ManifestEntry | str | PurePath]) -> Iterator[bytes]:
    """The content of a manifest in chunks of about 64 KiB, for uploads.

    Only when the last chunk is there, it is sure that nothing is wrong. Raises as `write_manifest` does.
    """
    return _chunks(entries, Seen())


def _chunks(entries: Iterable[ManifestEntry | str | PurePath], seen: Seen) -> Iterator[bytes]:
    if isinstance(entries, str | bytes):
        raise TypeError(f"entries are paths, several of them: give [{entries!r:.60}]")
    held, size = [], 0
    for number, entry in enumerate(entries, 1):
        line = _line(entry, number, seen)
        held.append(line)
        size += len(line)
        if size >= CHUNK:
            yield b"".join(held)
            held, size = [], 0
    if not seen:
        raise ManifestError("There is no entry: a manifest has to list at least one file.")
    if held:
        yield b"".join(held)


def _line(entry: object, number: int, seen: Seen) -> bytes:
    """An entry as it stands in a manifest."""
    if isinstance(entry, PurePath):
        entry = entry.as_posix()
    given = entry if isinstance(entry, ManifestEntry) else ManifestEntry(entry)  # type: ignore[arg-type]
    try:
        path = path_of(_checked(given.path, "path"))
        first = seen.add(path, number)
        if first is not None:
            raise ManifestError(f"entry {first} is {path!r:.200} already")  # noqa: TRY301  # see below
        if given.version_id is None:
            return _field(path) + b"\n"
        return b"%b,%b\n" % (_field(path), _field(_checked(given.version_id, "version ID")))
    except ManifestError as error:
        raise ManifestError(f"Entry {number}: {error}.") from None
    except TypeError as error:
        raise TypeError(f"Entry {number}: {error}") from None


def _checked(text: object, what: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"the {what} must be a text, not {text!r:.60}")
    try:
        return checked(text.encode(), what)
    except UnicodeEncodeError:
        raise ManifestError(
            f"the {what} {text!r:.200} is not Unicode, as that of a file with a name that is not UTF-8. "
            "Such a file cannot be in a manifest; use an include filter with a wildcard"
        ) from None


def _field(text: str) -> bytes:
    """A path or version ID, in quotes where it needs some."""
    raw = text.encode()
    # A parser may take spaces of any kind away. At the beginning of a file, one would take a byte order mark.
    if any(special in text for special in ',"\r\n') or text != text.strip() or raw.startswith(BOM):
        return b'"%b"' % raw.replace(b'"', b'""')
    return raw


def _refuse_no_file(target: object) -> None:
    if isinstance(target, io.TextIOBase) or not hasattr(target, "write"):
        raise TypeError(
            f"give the path of a file, or a file opened with open(..., 'wb'), not {target!r:.100}"
        )


def _replace(path: Path, chunks: Iterator[bytes]) -> None:
    """Write a file, which is under its name when it is complete."""
    mode = _mode(path)
    temporary = path.with_name(f".{path.name[:200]}.{secrets.token_hex(8)}")
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with os.fdopen(fd, "wb") as file:
            if mode is not None:
                os.fchmod(fd, mode)
            file.writelines(chunks)
            file.flush()
            os.fsync(fd)
        os.replace(temporary, path)  # noqa: PTH105  # it says what it does
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _mode(path: Path) -> int | None:
    """The permissions that a file has; None if it is not there yet."""
    try:
        found = path.stat().st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found):
        raise OSError(f"{path} is a folder or a device, and no file to replace. Open it, and give that")
    return stat.S_IMODE(found)
