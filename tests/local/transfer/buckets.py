"""Transfers where one side is a bucket, or both, on a moto server in a process of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import boto3
import pytest
from attrs import field, frozen

from datasync_sdk import models as m
from datasync_sdk.local.transfer.engine import run
from datasync_sdk.local.transfer.job import (
    BucketPlace,
    Counters,
    FolderPlace,
    Job,
    ManifestEntry,
    Metadata,
    Place,
)
from tests.local.transfer.kit import Kept, Ran, TestWatch, rules

NUMBERS = count(1)


@frozen(kw_only=True)
class TestBucket:
    """A bucket, or what is in it below a prefix."""

    __test__ = False

    s3: Any
    name: str
    place: BucketPlace

    def put(self, key: str, content: bytes | str = b"", **more: Any) -> str | None:
        """Make an object below the prefix; gives its version."""
        body = content.encode() if isinstance(content, str) else content
        answer = self.s3.put_object(Bucket=self.name, Key=self.place.prefix + key, Body=body, **more)
        found: str | None = answer.get("VersionId")
        return found

    def keys(self) -> list[str]:
        """All keys of the bucket, without the prefix."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        found = [each["Key"] for page in pages for each in page.get("Contents", ())]
        assert all(key.startswith(self.place.prefix) for key in found), found
        return [key[len(self.place.prefix) :] for key in found]

    def read(self, key: str) -> bytes:
        """The content of an object."""
        content: bytes = self.s3.get_object(Bucket=self.name, Key=self.place.prefix + key)["Body"].read()
        return content

    def head(self, key: str) -> dict[str, Any]:
        """What is known of an object."""
        answer: dict[str, Any] = self.s3.head_object(Bucket=self.name, Key=self.place.prefix + key)
        return answer

    def metadata(self, key: str) -> dict[str, str]:
        """The user's metadata of an object."""
        found: dict[str, str] = self.head(key)["Metadata"]
        return found

    def tags(self, key: str) -> dict[str, str]:
        """Its tags."""
        answer = self.s3.get_object_tagging(Bucket=self.name, Key=self.place.prefix + key)
        return {tag["Key"]: tag["Value"] for tag in answer["TagSet"]}

    def delete(self, key: str) -> None:
        """Delete an object."""
        self.s3.delete_object(Bucket=self.name, Key=self.place.prefix + key)

    def all(self) -> dict[str, tuple[bytes, dict[str, str], str, dict[str, str]]]:
        """Everything that is to be the same in two buckets, by key."""
        return {
            key: (self.read(key), self.metadata(key), self.head(key)["ContentType"], self.tags(key))
            for key in self.keys()
        }


@frozen(kw_only=True)
class Clouds:
    """Buckets and folders, and transfers between them."""

    top: Path
    s3: Any
    url: str
    numbers: list[int] = field(factory=list)

    def bucket(self, prefix: str = "", *, versions: bool = False) -> TestBucket:
        """A new bucket."""
        name = f"bucket-{next(NUMBERS)}"
        where = {"LocationConstraint": "eu-west-1"}
        self.s3.create_bucket(Bucket=name, CreateBucketConfiguration=where)
        if versions:
            self.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        place = BucketPlace(bucket=name, prefix=prefix, endpoint_url=self.url)
        return TestBucket(s3=self.s3, name=name, place=place)

    def folder(self, name: str = "folder") -> Path:
        """A new folder."""
        folder = self.top / name
        folder.mkdir()
        return folder

    def run(  # noqa: PLR0913  # what a job can be given
        self,
        source: Path | TestBucket,
        destination: Path | TestBucket,
        *,
        mode: str = "BASIC",
        watch: TestWatch | None = None,
        includes: str = "",
        excludes: str = "",
        manifest: Iterable[ManifestEntry] | None = None,
        metadata: Metadata = Metadata.POSIX,
        **options: str | int,
    ) -> Ran:
        """Transfer; `metadata` is what folders carry."""
        self.numbers.append(0)
        workdir = self.top / f"work{len(self.numbers)}"
        workdir.mkdir()
        watch, counters, kept = watch or TestWatch(), Counters(), Kept()

        def place(side: Path | TestBucket) -> Place:
            return FolderPlace(folder=side, metadata=metadata) if isinstance(side, Path) else side.place

        job = Job(
            name="exec-0",
            source=place(source),
            destination=place(destination),
            mode=m.TaskMode(mode),
            options=m.Options(**options),  # type: ignore[arg-type]  # the tests' own words
            includes=rules(includes),
            excludes=rules(excludes),
            manifest=manifest,
            workdir=workdir,
        )
        try:
            return Ran(ended=run(job, watch, counters, kept), counters=counters, kept=kept, watch=watch)
        finally:
            shutil.rmtree(workdir)


@contextmanager
def made_clouds(url: str) -> Iterator[Clouds]:
    """Room for buckets and folders."""
    top = Path(tempfile.mkdtemp(prefix="transfer-"))
    try:
        with closing(boto3.client("s3", endpoint_url=url)) as s3:
            yield Clouds(top=top, s3=s3, url=url)
    finally:
        shutil.rmtree(top)


@pytest.fixture
def clouds(moto_url: str) -> Iterator[Clouds]:
    """Room for buckets and folders."""
    with made_clouds(moto_url) as made:
        yield made
