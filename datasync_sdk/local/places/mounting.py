"""What can be mounted in the place of a location: a folder of this machine, or a real bucket."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from attrs import asdict, field, frozen

from datasync_sdk.local.transfer.job import BucketPlace

__all__ = ["BucketTarget", "FolderTarget", "Target", "from_text", "to_text"]


@frozen(kw_only=True)
class FolderTarget:
    """A folder of this machine that somebody mounted."""

    folder: Path
    """Absolute, and without links on the way when it was mounted."""

    def __str__(self) -> str:
        return str(self.folder)


def _check_endpoint(_: object, __: object, value: str | None) -> None:
    if value is None:
        return
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("endpoint_url must begin with http:// or https:// and have a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("endpoint_url must not hold credentials: boto3 takes them from the environment")


@frozen(kw_only=True)
class BucketTarget:
    """A bucket of an endpoint that speaks S3, which somebody mounted."""

    bucket: str
    prefix: str = ""
    """Of the keys; it is empty or ends in a slash."""
    endpoint_url: str | None = field(default=None, validator=_check_endpoint)
    """None stands for AWS, or what the configuration of boto3 says instead."""
    profile: str | None = None
    """Of the configuration of boto3, where credentials are. None stands for the usual ways to find some."""

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"

    def place(self, names: tuple[str, ...] = ()) -> BucketPlace:
        """What is below it, to move files from and to."""
        return BucketPlace(
            bucket=self.bucket,
            prefix=self.prefix + "".join(f"{name}/" for name in names),
            endpoint_url=self.endpoint_url,
            profile=self.profile,
        )


Target: TypeAlias = FolderTarget | BucketTarget


def to_text(target: Target) -> str:
    """A target as a store keeps it."""
    # A path may have bytes that are no UTF-8. As escapes, JSON and SQLite take them.
    return json.dumps(asdict(target, value_serializer=lambda _, __, v: str(v) if isinstance(v, Path) else v))


def from_text(text: str) -> Target:
    """The target that was kept."""
    kept = json.loads(text)
    return FolderTarget(folder=Path(kept["folder"])) if "folder" in kept else BucketTarget(**kept)
