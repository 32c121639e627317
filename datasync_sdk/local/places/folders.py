"""Where locations are on this machine.

Without more ado, the files of a location are below the service's root, in a folder that is named as its URI:
`nfs://server/export/` is `root/nfs/server/export`. Only the server or bucket is escaped there, for a port or
an ARN has characters that no folder should have: `root/hdfs/namenode%3A8020/user`. The folders below it are
names of files and stay as they are, so that the location of a folder is that folder.

`mount` puts locations elsewhere.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final, NoReturn
from urllib.parse import quote

from attrs import evolve

from datasync_sdk.local.places.mounting import BucketTarget, FolderTarget, Target, from_text, to_text
from datasync_sdk.local.places.uris import LocationType, LocationUri
from datasync_sdk.local.places.walking import walk
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.store.store import OWN, Store
from datasync_sdk.local.transfer.job import FolderPlace, Metadata, Place
from datasync_sdk.local.transfer.outcome.outcomes import describe
from datasync_sdk.local.transfer.storage.s3 import reach

__all__ = ["BucketTarget", "FolderTarget", "Folders", "Target"]

METADATA: Final = {
    LocationType.AZURE_BLOB: Metadata.OBJECT,
    LocationType.EFS: Metadata.POSIX,
    LocationType.FSX_LUSTRE: Metadata.POSIX,
    LocationType.FSX_ONTAP_NFS: Metadata.POSIX,
    LocationType.FSX_ONTAP_SMB: Metadata.WINDOWS,
    LocationType.FSX_OPENZFS_NFS: Metadata.POSIX,
    LocationType.FSX_WINDOWS: Metadata.WINDOWS,
    LocationType.HDFS: Metadata.POSIX,
    LocationType.NFS: Metadata.POSIX,
    LocationType.OBJECT_STORAGE: Metadata.OBJECT,
    LocationType.S3: Metadata.OBJECT,
    LocationType.SMB: Metadata.WINDOWS,
}
"""What the files of a type of location carry."""

# Letters, digits and these stay as they are in the name of a server or bucket.
_PLAIN: Final = " !#$&'()+,-.;=@[]^_`{}~"


class Folders:
    """Where the locations of one service are. What is mounted is kept in its store."""

    def __init__(self, root: Path, store: Store, create: bool) -> None:
        """Look at the folders below `root`.

        Args:
            root: the folder of the service; it exists.
            store: where mounts are kept.
            create: whether the service makes the folder of a new location.
        """
        self.root: Final = root
        self.create: Final = create
        self._store = store

    def mount(
        self,
        uri: str,
        target: str | os.PathLike[str],
        *,
        endpoint_url: str | None = None,
        profile: str | None = None,
    ) -> None:
        """Say where the locations are whose URI is `uri`, or below it. It replaces what was said before.

            folders.mount("nfs://server/export", "data/src")
            folders.mount("s3://invoices", "s3://test-bucket/2024/", endpoint_url="http://127.0.0.1:9000")

        Of several mounts, that with the longest URI is taken.

        Args:
            uri: the URI of a location, or its beginning up to a slash.
            target: a folder that is there; if it is relative, then to the current folder, now. Or the S3 URL
                of a real bucket.
            endpoint_url: where the bucket is.
            profile: that of boto3's configuration with the credentials for the bucket.

        Raises:
            TypeError: `uri` is no text.
            ValueError: `uri` is not the URI of a location; or the target cannot be one.
            FileNotFoundError: the folder is not there. It is not made: what is mistyped would be an empty
                source, and an empty source empties a destination.
            OSError: it is no folder, or cannot be looked at.
        """
        named = LocationUri.parse(uri)
        found: Target
        if str(target).startswith("s3://"):
            if named.type not in {LocationType.S3, LocationType.OBJECT_STORAGE}:
                raise ValueError(f"{uri} cannot be in a bucket: only s3 and object-storage locations can")
            bucket = LocationUri.parse(str(target))
            prefix = "".join(f"{name}/" for name in bucket.path)
            found = BucketTarget(
                bucket=bucket.authority, prefix=prefix, endpoint_url=endpoint_url, profile=profile
            )
        else:
            if endpoint_url is not None or profile is not None:
                raise ValueError("endpoint_url is for buckets, as is profile, and the target is a folder")
            if target == "":  # It would be the current folder.
                raise ValueError("the folder to mount has no name; '.' is the current one")
            found = FolderTarget(folder=self._usable(Path(target)))
        self._store.mount(str(named), to_text(found))

    def unmount(self, uri: str) -> bool:
        """Forget where the locations of `uri` are; tell whether there was anything to forget.

        Raises:
            ValueError: `uri` is not the URI of a location.
        """
        return self._store.unmount(str(LocationUri.parse(uri)))

    def mounts(self) -> dict[str, Target]:
        """What is mounted, by URI."""
        return {uri: from_text(text) for uri, text in self._store.mounts().items()}

    def target(self, uri: str) -> Target:
        """Where a location is, whether there is anything or not.

        Raises:
            Refusal: `uri` is not the URI of a location.
        """
        base, names = self._find(_parsed(uri))
        if isinstance(base, BucketTarget):
            return evolve(base, prefix=base.prefix + "".join(f"{name}/" for name in names))
        return FolderTarget(folder=base.folder.joinpath(*names))

    def place(self, uri: str, *, make: bool, asks: bool = True) -> Place:
        """The folder or bucket of a location, to move files from and to.

        The folders on the way to it, from the root or what is mounted on, are no links: none leads elsewhere.

        Args:
            uri: the URI of the location.
            make: make the folder, if it is not there. A mounted folder that is gone is never made anew: it
                would be empty, and an empty source empties a destination.
            asks: ask for a bucket whether it is there. That may take seconds.

        Raises:
            Refusal: the location cannot be reached, and why.
        """
        named = _parsed(uri)
        base, names = self._find(named)
        if isinstance(base, BucketTarget):
            place = base.place(names)
            try:
                if asks:
                    reach(place)
            except OSError as error:
                _refuse(uri, describe(error))
            return place
        folder = base.folder.joinpath(*names)
        try:
            # No link was on the way to what was mounted, but a transfer may have made one since.
            if base.folder != self.root and base.folder.resolve() != base.folder:
                raise NotADirectoryError  # noqa: TRY301  # one place says what is wrong
            walk(base.folder, names, make=make)
            folder.stat()
        except FileNotFoundError:
            _refuse(uri, f"there is no folder {folder}. Make it, or mount another: mount({uri!r}, FOLDER)")
        except NotADirectoryError:
            _refuse(uri, f"{folder} is not a folder, or a link is on the way to it, which is not followed")
        except OSError as error:
            _refuse(uri, f"{folder} cannot be used: {error.strerror}")
        return FolderPlace(folder=folder, metadata=METADATA[named.type])

    def _find(self, uri: LocationUri) -> tuple[Target, tuple[str, ...]]:
        """What is mounted nearest above a location, or else the root; and the names from there to it."""
        mounts = self._store.mounts()
        for parent in uri.parents():
            text = mounts.get(str(parent))
            if text is not None:
                return from_text(text), uri.path[len(parent.path) :]
        top = (uri.type.value, quote(uri.authority, safe=_PLAIN), *filter(None, [uri.container]))
        return FolderTarget(folder=self.root), (*top, *uri.path)

    def _usable(self, target: Path) -> Path:
        """The folder of a mount, without links on the way to it.

        Raises:
            ValueError: the service's own files would be among those of the location.
            OSError: there is no such folder.
        """
        try:
            folder = target.resolve()
        except RuntimeError:  # Python 3.11 and 3.12 do not call it an OSError.
            raise OSError(errno.ELOOP, f"{target} cannot be mounted: its links lead in a circle") from None
        own = (self.root / OWN).resolve()
        if folder == own or folder in own.parents or own in folder.parents:
            raise ValueError(f"{folder} cannot be mounted: the service's own files are there, in {own}")
        try:
            is_folder = stat.S_ISDIR(folder.stat().st_mode)
        except FileNotFoundError:
            raise FileNotFoundError(f"there is no folder {folder} to mount; make it first") from None
        except NotADirectoryError:  # There is a file on the way to it.
            is_folder = False
        if not is_folder:
            raise NotADirectoryError(f"{folder} cannot be mounted: it is not a folder")
        return folder


def _parsed(uri: str) -> LocationUri:
    try:
        return LocationUri.parse(uri)
    except ValueError as error:
        raise Refusal(message=f"Invalid location: {error}.") from None


def _refuse(uri: str, why: str) -> NoReturn:
    raise Refusal(
        message=f"DataSync location access test failed: {uri} cannot be reached: {why}.",
        error_code="LocationAccessTestFailed",
    ) from None
