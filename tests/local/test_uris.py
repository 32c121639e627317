"""URIs of locations: real ones are read, all are written as they were read, none leads elsewhere."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from datasync_sdk.local.places.uris import LocationType, LocationUri, segments

# What the documentation shows, and answers of the service that others have published.
REAL = {
    "efs://us-east-2.fs-abcd1234/": ("us-east-2", "fs-abcd1234", None, ()),
    "fsxz://us-west-2.fs-1234567890abcdef02/fsx/folderA/folder/": (
        "us-west-2",
        "fs-1234567890abcdef02",
        None,
        ("fsx", "folderA", "folder"),
    ),
    "fsxn-smb://eu-west-1.fs-01.svm-02/share1/": ("eu-west-1", "fs-01", "svm-02", ("share1",)),
    "nfs://example.com/my-folder-1/my-folder-2/": (None, None, None, ("my-folder-1", "my-folder-2")),
}

OUTPOST = "arn:aws:s3-outposts:eu-west-3:123456789012:outpost/op-1/accesspoint/my-access-point"

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0\r\n\u0085\u2028\u2029"))
PARTS = NAMES.filter(lambda name: name not in {"", ".", ".."} and len(name.encode()) <= 255)
HOSTS = st.from_regex(r"[A-Za-z0-9.:-]{1,40}", fullmatch=True).filter(lambda host: host.strip("."))


@st.composite
def uris(draw: st.DrawFn) -> LocationUri:
    kind = draw(st.sampled_from(LocationType))
    return LocationUri(
        type=kind,
        authority=draw(HOSTS),
        container=draw(PARTS) if kind.has_container else None,
        path=tuple(draw(st.lists(PARTS, max_size=4))),
    )


@pytest.mark.parametrize("text", REAL)
def test_real_uris_are_read(text: str) -> None:
    uri = LocationUri.parse(text)
    assert (uri.region, uri.file_system, uri.storage_virtual_machine, uri.path) == REAL[text]
    assert str(uri) == text


def test_servers_have_hosts_and_ports() -> None:
    assert LocationUri.parse("nfs://example.com/").host == "example.com"
    assert LocationUri.parse("nfs://example.com/").port is None
    assert LocationUri.parse("hdfs://192.168.1.1:80/user/").host == "192.168.1.1"
    assert LocationUri.parse("hdfs://192.168.1.1:80/user/").port == 80
    assert LocationUri.parse("smb://2001:db8::1/share/").host == "2001:db8::1"
    assert LocationUri.parse("smb://2001:db8::1/share/").port is None
    assert LocationUri.parse("s3://bucket/").host is None
    assert LocationUri.parse("efs://us-east-2.fs-abcd1234/").host is None


def test_buckets_are_told_from_prefixes() -> None:
    stored = LocationUri.parse("object-storage://192.168.1.1/bucket/a/b/")
    assert (stored.host, stored.bucket, stored.subdirectory) == ("192.168.1.1", "bucket", "/a/b/")
    blob = LocationUri.parse("azure-blob://account.blob.core.windows.net/container/")
    assert (blob.host, blob.bucket, blob.subdirectory) == (
        "account.blob.core.windows.net",
        "container",
        "/",
    )
    assert LocationUri.parse("s3://bucket/a/").bucket == "bucket"


@pytest.mark.parametrize(
    "arn",
    [
        OUTPOST,
        OUTPOST.replace("/", ":"),
        "arn:aws-us-gov:s3:us-gov-west-1:123456789012:accesspoint/files",
        "arn:aws:s3::123456789012:accesspoint/multi.mrap",
    ],
)
def test_access_points_are_read(arn: str) -> None:
    uri = LocationUri.parse(f"s3://{arn}/my-folder-1/my-folder-2")
    assert (uri.bucket, uri.path) == (arn, ("my-folder-1", "my-folder-2"))
    assert uri.is_on_outposts == ("outposts" in arn)
    assert LocationUri.parse(f"s3://{arn}").path == ()


@given(uris())
def test_every_uri_is_read_as_it_was_written(uri: LocationUri) -> None:
    assert LocationUri.parse(str(uri)) == uri
    assert LocationUri.parse(str(uri).removesuffix("/")) == uri


@given(uris(), uris())
def test_different_uris_are_written_differently(one: LocationUri, other: LocationUri) -> None:
    assume(one != other)
    assert str(one) != str(other)


@given(uris())
def test_parents_go_up_step_by_step(uri: LocationUri) -> None:
    parents = uri.parents()
    assert parents[0] == uri
    assert parents[-1].path == ()
    for below, above in pairwise(parents):
        assert str(below).startswith(str(above))
        assert str(below)[len(str(above)) :].count("/") == 1


@given(st.text(alphabet="a./\0\n\\ ", max_size=12))
def test_paths_have_names_only(path: str) -> None:
    # What a naive reader makes of it: a slash at each end says nothing.
    inner = re.sub(r"/$", "", path.removeprefix("/")) if path != "/" else ""
    names = inner.split("/") if inner or path not in {"", "/"} else []
    is_wrong = any(name in {"", ".", ".."} or set(name) & set("\0\n") for name in names)
    if is_wrong:
        with pytest.raises(ValueError, match="part of the path"):
            segments(path)
    else:
        assert segments(path) == tuple(names)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nfs",
        "nfs://",
        "nfs:///export/",
        "ftp://host/",
        "NFS://host/",
        "nfs:/host/export/",
        "nfs://host//export/",
        "nfs://host/a/../b/",
        "nfs://../b/",
        "s3://./",
        "s3://..",
        "nfs://ho\nst/",
        "nfs://host/a\0b/",
        "nfs://host/a\ud800b/",
        f"nfs://host/{'é' * 128}/",
        "object-storage://host/",
        "object-storage://host/../",
        "azure-blob://host",
        "s3://arn:aws:s3:us-east-1:123456789012:accesspoint/../",
    ],
)
def test_what_is_no_uri_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"part of the path|not the URI of a location|names no bucket"):
        LocationUri.parse(text)


def test_parts_are_checked_however_a_uri_is_made() -> None:
    with pytest.raises(ValueError, match="slash"):
        LocationUri(type=LocationType.NFS, authority="a/b")
    with pytest.raises(ValueError, match="has a container"):
        LocationUri(type=LocationType.OBJECT_STORAGE, authority="a")
    with pytest.raises(ValueError, match="has no container"):
        LocationUri(type=LocationType.NFS, authority="a", container="b")
    with pytest.raises(ValueError, match="part of the path"):
        LocationUri(type=LocationType.NFS, authority="a", path=("..",))
