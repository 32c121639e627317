"""Objects by key, in a folder that stands for a bucket, and in a bucket of moto's."""

from __future__ import annotations

import os
import resource
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasync_sdk.local.places.objects import (
    ObjectError,
    bucket_place,
    bucket_uri,
    has_object,
    read_object,
    write_object,
)
from datasync_sdk.local.transfer.job import BucketPlace, FolderPlace, Metadata, Place
from tests.local.states import states
from tests.sdk import server

moto = server.moto  # fixtures
moto_url = server.moto_url

NO_KEYS = [
    *("", "/", "a/", "/a", "a//b", ".", "..", "../a", "a/../b", "a/..", "a/./b", "a\0b", "a\nb", "\ud800"),
    *("a" * 256, ".aws-datasync/a", "a/.aws-datasync"),
]


def content(place: Place, key: str, version_id: str | None = None) -> bytes:
    return b"".join(read_object(place, key, version_id))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def bucket(tmp_path: Path) -> FolderPlace:
    folder = tmp_path / "bucket"
    folder.mkdir()
    return FolderPlace(folder=folder, metadata=Metadata.OBJECT)


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1, 5 << 20])
def test_what_is_written_is_read(bucket: FolderPlace, size: int) -> None:
    written = os.urandom(size)
    assert not has_object(bucket, "some/folder/object.json")
    write_object(bucket, "some/folder/object.json", written)
    assert has_object(bucket, "some/folder/object.json")
    assert content(bucket, "some/folder/object.json") == written
    assert names(bucket.folder) == ["some"]


def test_an_object_is_replaced(bucket: FolderPlace) -> None:
    for written in (b"first", b"", b"third"):
        write_object(bucket, "a", written)
        assert content(bucket, "a") == written


def test_a_new_object_is_as_open_as_other_files(bucket: FolderPlace) -> None:
    write_object(bucket, "a", b"")
    (bucket.folder / "b").touch()
    modes = [stat.S_IMODE((bucket.folder / name).stat().st_mode) for name in ("a", "b")]
    assert modes[0] == modes[1]


@contextmanager
def at_most(size: int) -> Iterator[None]:
    """Files cannot grow beyond so many bytes, as if a disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_cannot_be_written_whole_is_not_written(bucket: FolderPlace) -> None:
    write_object(bucket, "a", b"old")
    with at_most(1000), pytest.raises(ObjectError, match="too large") as caught:
        write_object(bucket, "a", b"new" * 1000)
    assert caught.value.code == "InternalError"
    assert content(bucket, "a") == b"old"
    assert names(bucket.folder) == ["a"]


@pytest.mark.parametrize("key", NO_KEYS)
def test_a_key_that_no_file_can_have_is_refused(bucket: FolderPlace, key: str) -> None:
    for do in (lambda: write_object(bucket, key, b"x"), lambda: content(bucket, key)):
        with pytest.raises(ObjectError, match="cannot be an object in the folder") as caught:
            do()
        assert caught.value.code == "InvalidObjectKey"
    assert names(bucket.folder) == []


@given(key=st.text(st.sampled_from("ab./\0 \n\\~é"), max_size=8), written=st.binary(max_size=3))
def test_no_key_leads_out(tmp_path_factory: pytest.TempPathFactory, key: str, written: bytes) -> None:
    top = tmp_path_factory.mktemp("top")
    place = FolderPlace(folder=top / "in" / "bucket", metadata=Metadata.OBJECT)
    place.folder.mkdir(parents=True)
    try:
        write_object(place, key, written)
    except ObjectError:
        assert names(place.folder) == []
    else:
        assert (place.folder / key).read_bytes() == written
        assert content(place, key) == written
    assert names(top) == ["in"]
    assert names(top / "in") == ["bucket"]


def test_no_link_is_followed(bucket: FolderPlace, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"secret")
    (bucket.folder / "folder").symlink_to(outside)
    (bucket.folder / "file").symlink_to(outside / "secret")
    (bucket.folder / "nowhere").symlink_to(outside / "new")
    for key in ("folder/secret", "file", "nowhere"):
        assert not has_object(bucket, key)
        with pytest.raises(ObjectError, match=r"NoSuchKey: .* link") as caught:
            content(bucket, key)
        assert caught.value.code == "NoSuchKey"
    with pytest.raises(ObjectError):
        write_object(bucket, "folder/new", b"x")
    write_object(bucket, "file", b"mine")  # In the place of the link.
    write_object(bucket, "nowhere", b"mine")
    assert content(bucket, "file") == content(bucket, "nowhere") == b"mine"
    assert names(outside) == ["secret"]
    assert (outside / "secret").read_bytes() == b"secret"


def test_what_is_no_file_is_no_object(bucket: FolderPlace) -> None:
    os.mkfifo(bucket.folder / "pipe")  # To open it would wait for somebody who writes.
    (bucket.folder / "folder").mkdir()
    (bucket.folder / "folder" / "a").touch()
    for key in ("pipe", "folder", "pipe/a"):
        assert not has_object(bucket, key)
        with pytest.raises(ObjectError, match="NoSuchKey"):
            content(bucket, key)
    with pytest.raises(ObjectError):
        write_object(bucket, "folder", b"x")
    assert has_object(bucket, "folder/a")


def test_a_folder_has_no_versions(bucket: FolderPlace) -> None:
    write_object(bucket, "a", b"x")
    with pytest.raises(ObjectError, match="keeps no versions") as caught:
        content(bucket, "a", "1")
    assert caught.value.code == "NoSuchVersion"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_told(bucket: FolderPlace) -> None:
    write_object(bucket, "a", b"x")
    (bucket.folder / "a").chmod(0)
    with pytest.raises(ObjectError, match="Permission denied") as caught:
        content(bucket, "a")
    assert caught.value.code == "AccessDenied"


def test_a_bucket_that_is_gone_has_no_objects(bucket: FolderPlace) -> None:
    bucket.folder.rmdir()
    assert not has_object(bucket, "a")
    with pytest.raises(ObjectError):
        write_object(bucket, "a", b"x")
    assert not bucket.folder.exists()


@pytest.mark.parametrize(
    ("arn", "uri"),
    [
        ("arn:aws:s3:::my-bucket", "s3://my-bucket/"),
        (
            "arn:aws:s3:us-east-1:123456789012:accesspoint/mine",
            "s3://arn:aws:s3:us-east-1:123456789012:accesspoint/mine/",
        ),
    ],
)
def test_an_arn_names_a_bucket(arn: str, uri: str) -> None:
    assert bucket_uri(arn) == uri


@pytest.mark.parametrize("arn", ["", "arn:aws:s3:::", "arn:aws:s3:::..", "arn:aws:s3:::a/b"])
def test_what_names_no_bucket_is_refused(arn: str) -> None:
    with pytest.raises(ObjectError, match="names no bucket"):
        bucket_uri(arn)


def test_where_a_bucket_is(tmp_path: Path) -> None:
    arn = "arn:aws:s3:::reports"
    with states(tmp_path / "root", create=False) as state:
        with pytest.raises(ObjectError, match=r"NoSuchBucket: .* there is no folder"):
            bucket_place(state.folders, arn, make=False)
        place = bucket_place(state.folders, arn, make=True)
        assert place == FolderPlace(folder=tmp_path / "root" / "s3" / "reports", metadata=Metadata.OBJECT)
        assert bucket_place(state.folders, arn, make=False) == place
        url = "http://127.0.0.1:9000"
        state.folders.mount("s3://reports", "s3://real/below", endpoint_url=url)
        assert bucket_place(state.folders, arn, make=False) == BucketPlace(
            bucket="real", prefix="below/", endpoint_url=url
        )
        with pytest.raises(ObjectError, match="names no bucket"):
            bucket_place(state.folders, "arn:aws:s3:::", make=False)


@pytest.fixture
def s3(moto_url: str) -> Iterator[Any]:
    with closing(boto3.client("s3", endpoint_url=moto_url)) as client:
        yield client


def make_bucket(s3: Any, name: str) -> None:
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})


def test_a_bucket_of_an_endpoint(s3: Any, moto_url: str) -> None:
    make_bucket(s3, "reports")
    place = BucketPlace(bucket="reports", prefix="local/", endpoint_url=moto_url)
    written = os.urandom((1 << 20) + 1)
    assert not has_object(place, "some/object.json")
    write_object(place, "some/object.json", written)
    assert has_object(place, "some/object.json")
    assert content(place, "some/object.json") == written
    assert s3.get_object(Bucket="reports", Key="local/some/object.json")["Body"].read() == written


def test_versions_of_a_bucket(s3: Any, moto_url: str) -> None:
    make_bucket(s3, "versions")
    s3.put_bucket_versioning(Bucket="versions", VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket="versions", Key="a", Body=b"first")["VersionId"]
    s3.put_object(Bucket="versions", Key="a", Body=b"second")
    place = BucketPlace(bucket="versions", prefix="", endpoint_url=moto_url)
    assert content(place, "a") == b"second"
    assert content(place, "a", first) == b"first"
    with pytest.raises(ObjectError, match="NoSuchVersion"):
        content(place, "a", "0" * 32)


def test_errors_of_a_bucket(s3: Any, moto_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_bucket(s3, "errors")
    there = BucketPlace(bucket="errors", prefix="", endpoint_url=moto_url)
    nowhere = BucketPlace(bucket="not-there", prefix="", endpoint_url=moto_url)
    for place, code in ((there, "NoSuchKey"), (nowhere, "NoSuchBucket")):
        with pytest.raises(ObjectError) as caught:
            content(place, "a")
        assert caught.value.code == code
    with pytest.raises(ObjectError, match="NoSuchBucket"):
        write_object(nowhere, "a", b"x")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    silent = BucketPlace(bucket="errors", prefix="", endpoint_url="http://127.0.0.1:1")
    for do in (lambda: content(silent, "a"), lambda: has_object(silent, "a")):
        with pytest.raises(ObjectError, match="EndpointConnectionError"):
            do()
    with pytest.raises(ObjectError):
        has_object(BucketPlace(bucket="errors", prefix="", endpoint_url="no url"), "a")
