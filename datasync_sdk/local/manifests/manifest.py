"""Manifests: what an execution is to transfer, read from a bucket and checked before the transfer begins."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from datasync_sdk import models as m
from datasync_sdk.local.places.objects import ObjectError, read_object
from datasync_sdk.local.transfer.job import ManifestEntry, Place, TransferError
from datasync_sdk.manifests.lines import ManifestError, lines_of

__all__ = ["Manifest", "read_manifest"]

NOT_ACCESSIBLE: Final = "ManifestNotAccessible"
INVALID: Final = "ManifestInvalid"
"""Codes of executions that end because of their manifest. AWS has no list of them."""

OPEN: Final = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE entry (line INTEGER PRIMARY KEY, path TEXT NOT NULL, version_id TEXT);
"""

DOUBLE: Final = """
    SELECT min(line), max(line), path FROM entry GROUP BY path HAVING count(*) > 1 ORDER BY max(line) LIMIT 1
"""
"""A path that is listed twice; of several, whichever. It is sorted on disk."""


class Manifest:
    """What a manifest lists, in its order, as often as somebody asks.

    It is on disk, for it may have millions of lines.
    """

    def __init__(self, path: Path) -> None:
        """Open what `read_manifest` has written."""
        self._path = path

    def __iter__(self) -> Iterator[ManifestEntry]:
        # A connection of one's own: two may go through it at the same time, in any thread.
        with closing(sqlite3.connect(self._path)) as database:
            for path, version_id in database.execute("SELECT path, version_id FROM entry ORDER BY line"):
                yield ManifestEntry(path=path, version_id=version_id)

    def __len__(self) -> int:
        with closing(sqlite3.connect(self._path)) as database:
            count: int = database.execute("SELECT count(*) FROM entry").fetchone()[0]
            return count


def read_manifest(
    place: Place,
    config: m.S3ManifestConfig,
    folder: Path,
    *,
    checkpoint: Callable[[], None] = lambda: None,
) -> Manifest:
    """Read the manifest of an execution, the whole of it, and check it.

    A version ID in it is not looked at here: whether the source location has versions is for the transfer to
    see. So is whether there is such a file.

    Args:
        place: the bucket that `config` names.
        config: which object the manifest is.
        folder: for a copy of it, which is used while the execution runs: a folder of the execution.
        checkpoint: called now and then. What it raises ends the reading.

    Raises:
        TransferError: there is no manifest, it cannot be read, or it breaks a rule, and which, in which line.
    """
    bucket = config.s3_bucket_arn.partition(":::")[2] or config.s3_bucket_arn
    name = f"s3://{bucket}/{config.manifest_object_path}"
    path = folder / "manifest.sqlite"
    try:
        with closing(sqlite3.connect(path)) as database:
            database.executescript(OPEN)
            content = read_object(place, config.manifest_object_path, config.manifest_object_version_id)
            database.executemany("INSERT INTO entry VALUES (?, ?, ?)", lines_of(checked(content, checkpoint)))
            double = database.execute(DOUBLE).fetchone()
            database.commit()
    except ObjectError as error:
        raise TransferError(NOT_ACCESSIBLE, f"The manifest {name} cannot be read: {error}") from error
    except ManifestError as error:
        raise TransferError(INVALID, f"The manifest {name} is not valid. {error}") from error
    except sqlite3.Error as error:
        raise TransferError("InternalError", f"There is no room for the manifest {name}: {error}.") from error
    if double is not None:
        first, second, listed = double
        detail = f"Line {second}: line {first} lists {listed!r:.200} already."
        raise TransferError(INVALID, f"The manifest {name} is not valid. {detail}")
    return Manifest(path)


def checked(chunks: Iterator[bytes], checkpoint: Callable[[], None]) -> Iterator[bytes]:
    """Chunks, with a chance to end before each."""
    for chunk in chunks:
        checkpoint()
        yield chunk
