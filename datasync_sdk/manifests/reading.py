"""Manifests, read and checked."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias, cast

from datasync_sdk.manifests.lines import Line, ManifestError, ManifestProblem, lines_and_problems
from datasync_sdk.manifests.seen import Seen
from datasync_sdk.manifests.writing import ManifestEntry

__all__ = ["Source", "check_manifest", "problems_of", "read_manifest"]

CHUNK: Final = 1 << 20

Source: TypeAlias = str | os.PathLike[str] | BinaryIO | bytes | Iterable[bytes]
"""Where a manifest is: the path of a file, a file that is open for bytes, its content, or chunks of that."""


def read_manifest(source: Source) -> Iterator[ManifestEntry]:
    """What a manifest lists, one by one, in its order; paths are without a slash in front.

        for entry in read_manifest("manifest.csv"):
            print(entry.path, entry.version_id)

    It is read while the entries are taken, some 150 bytes of memory for each, by which it is seen whether a
    path comes again.

    Raises:
        ManifestError: it breaks a rule; the entries before that were given. `check_manifest` tells all that
            is wrong.
        TypeError: the source is none.
        OSError: it cannot be read.
    """
    for found in _gone_through(source):
        if isinstance(found, ManifestProblem):
            raise ManifestError(str(found), found.line)
        yield ManifestEntry(found.path, found.version_id)


def check_manifest(source: Source) -> tuple[ManifestProblem, ...]:
    """Everything that is wrong with a manifest, in the order of its lines; nothing if it is as it has to be.

    Whether the files are there is not looked at.

    Raises:
        TypeError: the source is none.
        OSError: it cannot be read.
    """
    return tuple(problems_of(source))


def problems_of(source: Source) -> Iterator[ManifestProblem]:
    """What is wrong with a manifest, one by one: for manifests in which that may be much.

    Raises as `check_manifest` does.
    """
    return (found for found in _gone_through(source) if isinstance(found, ManifestProblem))


def _gone_through(source: Source) -> Iterator[Line | ManifestProblem]:
    seen = Seen()
    for found in lines_and_problems(_chunks(source)):
        first = None if isinstance(found, ManifestProblem) else seen.add(found.path, found.number)
        if isinstance(found, ManifestProblem) or first is None:
            yield found
        else:
            message = f"line {first} lists {found.path!r:.200} already."
            yield ManifestProblem(line=found.number, message=message)


def _chunks(source: Source) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
    elif isinstance(source, str | os.PathLike):
        with Path(source).open("rb") as file:
            yield from _read(file)
    elif isinstance(source, io.TextIOBase):
        raise TypeError(f"open the manifest with open(..., 'rb'): {source!r:.100} is open for text")
    elif hasattr(source, "read"):  # A file could be gone through by itself, but line by line.
        yield from _read(cast("BinaryIO", source))
    else:
        yield from source


def _read(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk
