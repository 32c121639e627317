"""The one way to a real bucket: a client of boto3, and its errors as those of an operating system.

Importing boto3 takes longer than many a transfer, so that nothing here is imported before a bucket is used.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from datasync_sdk.local.transfer.job import BucketPlace

__all__ = ["client_of", "reach", "told"]

CODES = {
    **dict.fromkeys(("404", "NoSuchKey", "NoSuchVersion", "NoSuchBucket", "NotFound"), errno.ENOENT),
    **dict.fromkeys(("403", "AccessDenied", "AllAccessDisabled", "InvalidObjectState"), errno.EACCES),
    **dict.fromkeys(("InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"), errno.EACCES),
    **dict.fromkeys(("412", "PreconditionFailed", "ConditionalRequestConflict"), errno.EEXIST),
    **dict.fromkeys(("KeyTooLongError",), errno.ENAMETOOLONG),
    **dict.fromkeys(("EntityTooLarge",), errno.EFBIG),
    **dict.fromkeys(("NotImplemented", "501"), errno.ENOTSUP),
    **dict.fromkeys(("QuotaExceeded", "XMinioStorageFull", "InsufficientCapacity"), errno.ENOSPC),
}
"""What S3, or a service like it, says, and the nearest error of an operating system. Else it is EIO."""


PATIENCE = 5.0
"""Seconds."""


def client_of(place: BucketPlace, *, timeout: float | None = None) -> Any:
    """A client for a bucket; credentials and the Region come from where boto3 finds them.

    Args:
        place: where the bucket is.
        timeout: seconds to wait for an answer, once; as long and as often as boto3 does, if None.

    Raises:
        OSError: there can be none, and why.

    """
    from boto3.session import Session
    from botocore.config import Config

    # One for each request that may be under way, and one for the thread of the transfer.
    config = Config(max_pool_connections=place.requests + 1)
    if place.endpoint_url is not None:
        # Where buckets are not host names of a domain, a path is what every service understands.
        config = config.merge(Config(s3={"addressing_style": "path"}))
    if timeout is not None:
        once = Config(connect_timeout=timeout, read_timeout=timeout, retries={"total_max_attempts": 1})
        config = config.merge(once)
    with told(f"s3://{place.bucket}"):
        session = Session(profile_name=place.profile)
        return session.client("s3", endpoint_url=place.endpoint_url, config=config)


def reach(place: BucketPlace) -> None:
    """Find out within seconds whether a bucket is there and may be listed. Raises OSError if not."""
    with (
        closing(client_of(place, timeout=PATIENCE)) as client,
        told(f"s3://{place.bucket}/{place.prefix}"),
    ):
        client.list_objects_v2(Bucket=place.bucket, Prefix=place.prefix, MaxKeys=1)


@contextmanager
def told(what: str = "") -> Iterator[None]:
    """Errors of boto3 are raised as those of an operating system; `what` is said in front of them."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    front = f"{what}: " if what else ""
    try:
        yield
    except ClientError as error:
        said = error.response.get("Error", {})
        code, message = str(said.get("Code", "")), str(said.get("Message", ""))
        raise OSError(CODES.get(code, errno.EIO), f"{front}the bucket says {code}: {message}") from error
    except (BotoCoreError, Boto3Error, ValueError) as error:  # The ValueError is for a URL that is none.
        reason = " ".join(str(error).split())
        raise OSError(errno.EIO, f"{front}{type(error).__name__}: {reason}") from error
