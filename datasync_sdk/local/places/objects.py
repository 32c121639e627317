"""Objects of a bucket, by key: a manifest to read, a report to write.

A bucket is a folder of this machine that stands for one, or a real one of an endpoint that speaks S3. In a
folder nothing follows a link or leads out, and an object that is written has all of its content from the
moment it has its name.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, Final, NoReturn

from datasync_sdk.local.places.folders import BucketTarget, Folders
from datasync_sdk.local.places.uris import LocationType, LocationUri, segments
from datasync_sdk.local.places.walking import walk
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.transfer.job import BucketPlace, FolderPlace, Place
from datasync_sdk.local.transfer.listing.selection import is_reserved
from datasync_sdk.local.transfer.making.staging import Staging
from datasync_sdk.local.transfer.outcome.outcomes import describe
from datasync_sdk.local.transfer.storage.folders import Root
from datasync_sdk.local.transfer.storage.s3 import client_of

__all__ = ["ObjectError", "bucket_place", "bucket_uri", "has_object", "read_object", "write_object"]

CHUNK: Final = 1 << 20

# What S3 calls it. Everything else is an InternalError.
CODES: Final = {
    errno.ENOENT: "NoSuchKey",
    errno.ENOTDIR: "NoSuchKey",
    errno.EISDIR: "NoSuchKey",
    errno.EACCES: "AccessDenied",
    errno.EPERM: "AccessDenied",
    errno.EROFS: "AccessDenied",
}
INVALID_KEY: Final = "InvalidObjectKey"


class ObjectError(Exception):
    """An object cannot be read or written.

    Attributes:
        code: what S3 calls it, such as `NoSuchKey` or `AccessDenied`.
        detail: what happened, as a sentence.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


def bucket_uri(arn: str) -> str:
    """The URI of the bucket, or access point, that an ARN names: what `Folders.place` takes.

    Raises:
        ObjectError: it names none.
    """
    _, separator, bucket = arn.partition(":::")
    try:
        return str(LocationUri(type=LocationType.S3, authority=bucket if separator else arn))
    except ValueError as error:
        raise ObjectError("NoSuchBucket", f"{arn!r:.200} names no bucket: {error}.") from None


def bucket_place(folders: Folders, arn: str, *, make: bool) -> Place:
    """Where a bucket is: the folder that stands for it, or the real one that is mounted in its place.

    Args:
        folders: of the service.
        arn: of the bucket.
        make: make the folder, if it is not there.

    Raises:
        ObjectError: there is none, or it cannot be used.
    """
    uri = bucket_uri(arn)
    try:
        target = folders.target(uri)
        if isinstance(target, BucketTarget):
            return target.place()
        return folders.place(uri, make=make)
    except Refusal as refusal:
        raise ObjectError("NoSuchBucket", refusal.message) from refusal


def read_object(place: Place, key: str, version_id: str | None = None) -> Iterator[bytes]:
    """The content of an object, in chunks of at most 1 MiB.

    Args:
        place: the bucket.
        key: of the object, as S3 has it: no slash in front.
        version_id: which version; the latest if None. A folder keeps no versions, so that there is none.

    Raises:
        ObjectError: it cannot be read.
    """
    if isinstance(place, BucketPlace):
        return _read_remote(place, key, version_id)
    return _read_local(place, key, version_id)


def write_object(place: Place, key: str, content: bytes) -> None:
    """Make an object, or replace it.

    Raises:
        ObjectError: it cannot be written.
    """
    if isinstance(place, BucketPlace):
        with _remote(place, key) as (client, where):
            client.put_object(Body=content, **where)
        return
    *folders, name = _names(place, key)
    with _told(place, key), _folder(place, folders, make=True) as (top, folder):
        staging = Staging(top, f"put-{secrets.token_hex(8)}")
        try:
            fd, _ = staging.create(0o666)
            with os.fdopen(fd, "wb") as file:
                file.write(content)
            staging.publish(folder, name, may_replace=True)
        finally:
            staging.close()


def has_object(place: Place, key: str) -> bool:
    """Whether there is an object of this key.

    Raises:
        ObjectError: nobody can tell.
    """
    try:
        if isinstance(place, FolderPlace):
            _found(place, key)
        else:
            with _remote(place, key) as (client, where):
                client.head_object(**where)
    except ObjectError as error:
        if error.code in {"404", "NoSuchKey"}:
            return False
        raise
    return True


def _names(place: FolderPlace, key: str) -> tuple[str, ...]:
    """The names on the way from the bucket's folder to an object."""
    try:
        if not key or key[0] == "/" or key[-1] == "/":
            raise ValueError("it is empty, or begins or ends with a slash")  # noqa: TRY301
        names = segments(key)
        if any(map(is_reserved, names)):
            raise ValueError("DataSync keeps one of its names for itself")  # noqa: TRY301
    except ValueError as error:
        raise ObjectError(
            INVALID_KEY, f"{key!r:.200} cannot be an object in the folder {place.folder}: {error}."
        ) from None
    return names


@contextmanager
def _folder(place: FolderPlace, names: list[str], *, make: bool) -> Iterator[tuple[int, int]]:
    """Descriptors of the bucket's folder and of one below, while they are needed. Raises OSError."""
    try:
        walk(place.folder, names, make=make)
    except NotADirectoryError:
        raise OSError(errno.ENOTDIR, "what is on the way to it is a link, or no folder") from None
    root = Root(place.folder)
    try:
        yield root.fd(""), root.fd("/".join(names))  # The top one stays open.
    finally:
        root.close()


def _found(place: FolderPlace, key: str) -> os.stat_result:
    *folders, name = _names(place, key)
    with _told(place, key), _folder(place, folders, make=False) as (_, folder):
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EISDIR, "it is a folder, a link or a device, and not a file")
        return found


def _read_local(place: FolderPlace, key: str, version_id: str | None) -> Iterator[bytes]:
    if version_id is not None:
        raise ObjectError(
            "NoSuchVersion",
            f"{key!r:.200} has no version {version_id!r:.100}: the folder {place.folder} keeps no versions.",
        )
    _found(place, key)  # Opening a device may have effects of its own.
    *folders, name = _names(place, key)
    with _told(place, key):
        with _folder(place, folders, make=False) as (_, folder):
            fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
        with os.fdopen(fd, "rb", buffering=0) as file:
            while chunk := file.read(CHUNK):
                yield chunk


@contextmanager
def _told(place: FolderPlace, key: str) -> Iterator[None]:
    """Errors of the operating system are told as those of an object."""
    try:
        yield
    except OSError as error:
        code = CODES.get(error.errno or 0, "InternalError")
        raise ObjectError(code, f"{key!r:.200} in the folder {place.folder}: {describe(error)}.") from error


def _read_remote(place: BucketPlace, key: str, version_id: str | None) -> Iterator[bytes]:
    with _remote(place, key) as (client, where):
        if version_id is not None:
            where["VersionId"] = version_id
        yield from client.get_object(**where)["Body"].iter_chunks(CHUNK)


@contextmanager
def _remote(place: BucketPlace, key: str) -> Iterator[tuple[Any, dict[str, str]]]:
    """A client of boto3, and what it needs to find the object; its errors are told as those of an object."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        with closing(client_of(place)) as client:
            yield client, {"Bucket": place.bucket, "Key": place.prefix + key}
    except ClientError as error:
        _refuse(place, key, error.response["Error"]["Code"], error)
    except BotoCoreError as error:
        _refuse(place, key, type(error).__name__, error)
    except OSError as error:  # There is no client with this URL or profile.
        raise ObjectError("InternalError", f"{describe(error)}.") from error


def _refuse(place: BucketPlace, key: str, code: str, error: Exception) -> NoReturn:
    raise ObjectError(code, f"s3://{place.bucket}/{place.prefix}{key:.200}: {error}.") from error
