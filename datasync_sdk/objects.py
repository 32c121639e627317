"""Objects in buckets: where task reports are read, and manifests are put.

    import boto3
    from datasync_sdk.objects import FolderObjects, S3Objects

    bucket = S3Objects(boto3.client("s3"))
    for key in bucket.list("reports", "Summary-Reports/"):
        content = bucket.read("reports", key)

    bucket = service.objects()                      # those of a LocalDataSync
    bucket = FolderObjects(lambda name: downloads / name)

Whatever has the three methods of `Objects` will do in their place. They block; use them in threads from
asynchronous code.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, runtime_checkable
from urllib.parse import urlsplit

from datasync_sdk._runtime.errors import ConfigurationError

__all__ = ["FolderObjects", "Objects", "S3Objects"]


@runtime_checkable
class Objects(Protocol):
    """Reads, writes and lists objects. A bucket is named by its name, its ARN, or that of an access point.

    Each method raises an error of `datasync_sdk.errors`, with the bucket and the key in its message: a
    `ServiceError` whose `code` is that of Amazon S3, such as `NoSuchKey`, `NoSuchBucket` or `AccessDenied`
    (which is an `AccessDeniedError`), or a `TransportError` and so on if there was no answer.
    """

    def list(self, bucket: str, prefix: str) -> Iterator[str]:
        """The keys that begin with a prefix, in the order of their bytes; asked for when they are needed."""
        ...

    def read(self, bucket: str, key: str) -> bytes:
        """The content of an object."""
        ...

    def write(self, bucket: str, key: str, content: bytes) -> None:
        """Make an object, or replace it as a whole."""
        ...


class S3Objects:
    """Objects of Amazon S3, or of whatever speaks its language."""

    def __init__(self, s3: Any) -> None:
        """Use a client.

        Args:
            s3: a boto3 client of `s3`, in the Region of the buckets; whoever made it closes it.
        """
        self._s3 = s3

    @property
    def endpoint_url(self) -> str:
        """Where it is."""
        url: str = self._s3.meta.endpoint_url
        return url

    def close(self) -> None:
        """Close the connections of the client."""
        self._s3.close()

    def list(self, bucket: str, prefix: str) -> Iterator[str]:
        """The keys that begin with a prefix, a page of 1,000 at a time; raises as `Objects` says."""
        with _told("ListObjectsV2", bucket, prefix):
            pages = self._s3.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=bucket_name(bucket), Prefix=prefix):
                for found in page.get("Contents", ()):
                    yield found["Key"]

    def read(self, bucket: str, key: str) -> bytes:
        """The content of an object; raises as `Objects` says."""
        with _told("GetObject", bucket, key):
            content: bytes = self._s3.get_object(Bucket=bucket_name(bucket), Key=key)["Body"].read()
            return content

    def write(self, bucket: str, key: str, content: bytes) -> None:
        """Make an object, or replace it; raises as `Objects` says."""
        with _told("PutObject", bucket, key):
            self._s3.put_object(Bucket=bucket_name(bucket), Key=key, Body=content)


class FolderObjects:
    """Files in folders that stand for buckets; their paths are the keys.

    No link is followed, and no key leads out of its folder. What is written has all of its content from the
    moment it has its name.
    """

    def __init__(self, folder_of: Callable[[str], str | os.PathLike[str]]) -> None:
        """Use folders.

        Args:
            folder_of: gives the folder of a bucket by its name, or by the ARN of an access point.
        """
        self._folder_of = folder_of

    def list(self, bucket: str, prefix: str) -> Iterator[str]:
        """The keys that begin with a prefix; raises as `Objects` says. Folders and links are no objects."""
        with folder_errors("ListObjectsV2", bucket, prefix):
            yield from keys_in(self._place(bucket).folder, prefix)

    def read(self, bucket: str, key: str) -> bytes:
        """The content of a file; raises as `Objects` says."""
        with folder_errors("GetObject", bucket, key):
            return b"".join(_files().read_object(self._place(bucket), key))

    def write(self, bucket: str, key: str, content: bytes) -> None:
        """Make a file and the folders above it, or replace it; raises as `Objects` says."""
        with folder_errors("PutObject", bucket, key):
            _files().write_object(self._place(bucket), key, content)

    def _place(self, bucket: str) -> Any:
        folder = Path(self._folder_of(bucket_name(bucket)))
        if not folder.is_dir():
            raise _files().ObjectError("NoSuchBucket", f"there is no folder {folder}.")
        job: Any = import_module("datasync_sdk.local.transfer.job")
        return job.FolderPlace(folder=folder, metadata=job.Metadata.OBJECT)


def _files() -> Any:
    """What reads and writes files that stand for objects, where no link can lead elsewhere.

    By its name only: type checkers of programs would read the whole service on this machine for it.
    """
    return import_module("datasync_sdk.local.places.objects")


def s3_objects(credentials: Any, meta: Any) -> S3Objects:
    """Objects of Amazon S3, with the credentials that another client uses; `close` it.

    Args:
        credentials: frozen credentials of botocore; None to find some as boto3 does.
        meta: that of the client. Its Region is used, and boto3 finds buckets of other Regions itself.

    Raises:
        ConfigurationError: that client is one of a service on this machine, and Amazon S3 would be AWS's.
    """
    import boto3
    from botocore.config import Config

    used = {}
    if credentials is not None:
        used = {
            "aws_access_key_id": credentials.access_key,
            "aws_secret_access_key": credentials.secret_key,
            "aws_session_token": credentials.token,
        }
    session = boto3.Session(region_name=meta.region_name, **used)
    made = S3Objects(session.client("s3", config=Config(proxies=meta.config.proxies)))
    return kept_here(made, meta.endpoint_url)


def kept_here(made: S3Objects, endpoint_url: str) -> S3Objects:
    """The same objects, unless they are AWS's, and the client of DataSync that they are for is not.

    Raises:
        ConfigurationError: they are; they are closed then.
    """
    if is_here(endpoint_url) and not is_here(made.endpoint_url):
        made.close()
        raise ConfigurationError(
            f"the client is one of {endpoint_url}, and the buckets would be those of AWS: give "
            "objects=FolderObjects(...) of the folder below the root of a service on this machine (the "
            "command takes --folder), or set AWS_ENDPOINT_URL_S3"
        )
    return made


def is_here(url: str) -> bool:
    """Whether an address is one of this machine."""
    host = urlsplit(url).hostname or ""
    return host in {"localhost", "::1"} or host.startswith("127.") or host.endswith(".localhost")


def bucket_name(bucket: str) -> str:
    """What boto3 takes: the name of a bucket, or the ARN of an access point."""
    return bucket.partition(":::")[2] or bucket


def keys_in(folder: Path, prefix: str) -> Iterator[str]:
    """The keys of files in a folder, sorted as Amazon S3 sorts them."""
    found = []
    # It goes by descriptors, so that no link leads elsewhere, not even one that comes while it goes.
    for path, folders, files, fd in os.fwalk(folder, onerror=_raise, follow_symlinks=False):
        below = Path(path).relative_to(folder).as_posix()
        start = "" if below == "." else f"{below}/"
        folders[:] = [name for name in folders if _meet(f"{start}{name}/", prefix)]
        for name in files:
            key = f"{start}{name}"
            if key.startswith(prefix) and stat.S_ISREG(os.lstat(name, dir_fd=fd).st_mode):
                found.append(key)
    yield from sorted(found, key=os.fsencode)


def _meet(folder: str, prefix: str) -> bool:
    """Whether keys in a folder can begin with a prefix."""
    return folder.startswith(prefix) or prefix.startswith(folder)


def _raise(error: OSError) -> None:
    raise error


@contextmanager
def _told(operation: str, bucket: str, key: str) -> Iterator[None]:
    """Errors of boto3 are told as those of the SDK, with the object that they are about."""
    from botocore.exceptions import BotoCoreError, ClientError

    from datasync_sdk._runtime.translate import service_error, translate

    where = f"s3://{bucket_name(bucket)}/{key}"
    try:
        yield
    except ClientError as error:
        told = error.response.get("Error") or {}
        message = f"{where}: {told.get('Message') or 'no more is known'}"
        response = {**error.response, "Error": {**told, "Message": message}}
        raise service_error(ClientError(response, operation), operation, {}) from error
    except BotoCoreError as error:
        raise translate(error, f"{operation} {where}", {}) from error


@contextmanager
def folder_errors(operation: str, bucket: str, key: str) -> Iterator[None]:
    """Errors of folders are told as those that Amazon S3 would give."""
    from botocore.exceptions import ClientError

    from datasync_sdk._runtime.translate import service_error

    files = _files()
    try:
        yield
    except (files.ObjectError, OSError) as error:
        if isinstance(error, OSError):
            code, detail = files.CODES.get(error.errno or 0, "InternalError"), f"{error}."
        else:
            code, detail = error.code, error.detail
        message = f"s3://{bucket_name(bucket)}/{key}: {detail}"
        response = {"Error": {"Code": code, "Message": message}}
        raise service_error(ClientError(response, operation), operation, {}) from error
