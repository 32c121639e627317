"""URIs of locations: whatever AWS answers is taken apart and put together again without loss."""

from __future__ import annotations

import pickle
from typing import Any, get_args

import pytest
from attrs import evolve
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from datasync_sdk import models as m
from datasync_sdk._runtime.wire import operation_of
from datasync_sdk.location_uris import LocationType, LocationUri, same_place
from datasync_sdk.locations import (
    DESCRIBE_BY_TYPE,
    CreatesLocation,
    DescribedLocation,
    describe_request,
    uri_of,
)
from datasync_sdk.preflight import DESCRIBE_LOCATION
from datasync_sdk.testing import strategies

OUTPOST = "arn:aws:s3-outposts:eu-west-3:123456789012:outpost/op-YYYYYYYYYY/accesspoint/my-access-point"
POINT = "arn:aws-us-gov:s3:us-gov-west-1:123456789012:accesspoint/files"
ALIAS = "files-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias"
FS, ONTAP, SVM = "fs-021345abcdef6789", "fs-0123456789abcdef0", "svm-01234567890abcdef"

# What the documentation shows, and answers of the service that others have published, with what each tells.
REAL: dict[str, dict[str, object]] = {
    "efs://us-east-2.fs-021345abcdef6789/": {
        "region": "us-east-2",
        "file_system": FS,
        "subdirectory": "/",
    },
    "efs://us-west-2.fs-abcdef01/my-folder-1/my-folder-2": {"subdirectory": "/my-folder-1/my-folder-2"},
    "efs://us-east-2.fs-abcd1234. ": {"region": "us-east-2", "subdirectory": ""},
    "fsxz://us-west-2.fs-1234567890abcdef02/fsx/folderA/folder": {
        "region": "us-west-2",
        "file_system": "fs-1234567890abcdef02",
        "subdirectory": "/fsx/folderA/folder",
    },
    "fsxw://us-west-2.fs-abcdef012345678901/my-folder-1/": {"file_system": "fs-abcdef012345678901"},
    f"fsxn-nfs://us-east-1.{ONTAP}.{SVM}/vol1/": {
        "type": LocationType.FSX_ONTAP_NFS,
        "file_system": ONTAP,
        "storage_virtual_machine": SVM,
        "subdirectory": "/vol1/",
    },
    f"fsxn://us-east-1.{ONTAP}/vol1/": {"type": "fsxn", "file_system": ONTAP, "region": "us-east-1"},
    "nfs://10.0.10.20/vol/data": {"host": "10.0.10.20", "port": None, "subdirectory": "/vol/data"},
    "nfs://example.com/my-folder-1/": {"host": "example.com", "bucket": None, "region": None},
    "nfs://2001:db8::8:80/export/": {"host": "2001:db8::8:80", "port": None},
    "nfs://[2001:db8::8]:2049/export/": {"host": "[2001:db8::8]", "port": 2049},
    "smb://storage.example.com/home/": {"host": "storage.example.com", "subdirectory": "/home/"},
    "smb://192.168.1.1/": {"host": "192.168.1.1", "subdirectory": "/"},
    "hdfs://192.168.1.1:80/my-folder-1/": {"host": "192.168.1.1", "port": 80},
    "s3://DOC-EXAMPLE-BUCKET-examples/": {"bucket": "DOC-EXAMPLE-BUCKET-examples", "host": None},
    "s3://demo-bucket/prefix": {"bucket": "demo-bucket", "subdirectory": "/prefix"},
    "s3://bucket-1": {"bucket": "bucket-1", "subdirectory": "", "is_on_outposts": False},
    "s3://bucket//a//b/": {"bucket": "bucket", "subdirectory": "//a//b/"},
    f"s3://{ALIAS}/in/": {"bucket": ALIAS, "subdirectory": "/in/", "region": None},
    f"s3://{POINT}/in/": {"bucket": POINT, "region": "us-gov-west-1", "is_on_outposts": False},
    f"s3://{OUTPOST}/": {"bucket": OUTPOST, "subdirectory": "/", "is_on_outposts": True},
    f"s3://{OUTPOST}/my-folder-1/my-folder-2": {
        "bucket": OUTPOST,
        "region": "eu-west-3",
        "subdirectory": "/my-folder-1/my-folder-2",
    },
    "object-storage://tawn19fp.test/tf-acc-test-6405856757419817388/test": {
        "host": "tawn19fp.test",
        "bucket": "tf-acc-test-6405856757419817388",
        "subdirectory": "/test",
    },
    "object-storage://192.168.1.1/one/two/three/": {"bucket": "one", "subdirectory": "/two/three/"},
    "azure-blob://account.blob.core.windows.net/container/": {
        "host": "account.blob.core.windows.net",
        "bucket": "container",
        "subdirectory": "/",
    },
}

SCHEMES = st.sampled_from([*LocationType, "fsxq", "s4", "NFS", "gcs+v2"]).map(str)
AUTHORITIES = st.sampled_from([OUTPOST, OUTPOST.replace("/", ":"), "a:80", "::1"]) | st.text(
    "ab.:[]/ é", min_size=1, max_size=8
)
PATHS = st.text("ab/ .\n", max_size=10)


@pytest.mark.parametrize("text", REAL)
def test_uris_seen_in_the_wild_tell_what_they_name(text: str) -> None:
    uri = LocationUri.parse(text)
    assert str(uri) == text
    assert {name: getattr(uri, name) for name in REAL[text]} == REAL[text]


@given(SCHEMES, st.text(min_size=1) | PATHS | AUTHORITIES, PATHS)
@example("object-storage", "host//", "")
@example("s3", OUTPOST, ":b/")
@example("nfs", ":80", "/")
@example("hdfs", f"host:{'9' * 5000}", "/")
def test_nothing_is_lost_of_what_follows_a_type(scheme: str, rest: str, more: str) -> None:
    text = f"{scheme}://{rest}{more}"
    assume(not (rest + more).startswith("/"))
    assume(rest + more)
    uri = LocationUri.parse(text)
    assert str(uri) == text
    assert LocationUri.parse(str(uri)) == uri
    assert uri.type == scheme
    assert uri.type.is_known == (scheme in list(LocationType))
    assert text.endswith(uri.subdirectory)
    assert uri.subdirectory[:1] in {"", "/"}
    assert "" not in {uri.host, uri.bucket}
    assert uri.port is None or (uri.type.is_server and 0 <= uri.port < 100_000)


@given(SCHEMES, AUTHORITIES, st.none() | st.text("ab/", max_size=4), PATHS)
def test_parts_make_a_uri_that_is_read_as_these_parts(
    scheme: str, authority: str, container: str | None, subdirectory: str
) -> None:
    parts = {"authority": authority, "container": container, "subdirectory": subdirectory}
    rest = f"{authority}{'' if container is None else '/' + container}{subdirectory}"
    read = None if rest.startswith("/") else LocationUri.parse(f"{scheme}://{rest}")
    if read is None or {name: getattr(read, name) for name in parts} != parts:
        with pytest.raises(ValueError, match=r"is not the URI|would be read as other parts"):
            LocationUri(type=scheme, **parts)  # type: ignore[arg-type]  # the values differ in type
    else:
        assert LocationUri(type=scheme, **parts) == read  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(
    "text", ["", "nfs", "nfs:/host/", "://host/", "n fs://host/", "nfs://", "s3:///", "é://host/", "1s://b/"]
)
def test_what_is_no_uri_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not the URI of a location: it (must begin with|names no)"):
        LocationUri.parse(text)


def test_bytes_are_no_uri() -> None:
    with pytest.raises(TypeError, match="is a text, and this is a bytes"):
        LocationUri.parse(b"s3://bucket/")  # type: ignore[arg-type]  # that is what is tested


def test_parts_with_a_slash_too_many_are_refused() -> None:
    with pytest.raises(ValueError, match="would be read as other parts"):
        LocationUri(type=LocationType.NFS, authority="a/b")
    with pytest.raises(ValueError, match="would be read as other parts"):
        LocationUri(type=LocationType.OBJECT_STORAGE, authority="a", subdirectory="/b")
    with pytest.raises(ValueError, match="would be read as other parts"):
        LocationUri(type=LocationType.S3, authority="a", subdirectory="b")


def test_types_are_open_and_can_be_matched() -> None:
    def name(kind: LocationType) -> str:
        match kind:
            case LocationType.S3:
                return "bucket"
            case _ if not kind.is_known:
                return f"new: {kind}"
            case _:
                return "other"

    assert name(LocationUri.parse("s3://b/").type) == "bucket"
    assert name(LocationUri.parse("nfs://b/").type) == "other"
    newer = LocationUri.parse("gcs://b/a/")
    assert name(newer.type) == "new: gcs"
    assert (newer.host, newer.bucket, newer.region, newer.subdirectory) == (None, None, None, "/a/")
    assert pickle.loads(pickle.dumps(newer)) == newer


@given(SCHEMES, st.text("aB:.", min_size=1, max_size=4), PATHS, PATHS)
def test_places_are_the_same_with_and_without_a_slash_at_the_end(
    scheme: str, authority: str, path: str, other: str
) -> None:
    uri = LocationUri.parse(f"{scheme}://{authority}/c/{path}")
    slash = evolve(uri, subdirectory=f"{uri.subdirectory}/")
    assert same_place(uri, str(uri))
    assert not same_place(uri, slash)
    if not uri.subdirectory.endswith("/"):
        assert same_place(uri, slash, ignore_trailing_slash=True)
        assert same_place(str(slash), uri, ignore_trailing_slash=True)
    elsewhere = f"{scheme}://{authority}/c/{other}"
    exact = f"c/{path}".removesuffix("/") == f"c/{other}".removesuffix("/")
    assert same_place(uri, elsewhere, ignore_trailing_slash=True) == exact
    assert same_place(uri, elsewhere) == (path == other)


def test_servers_have_names_without_case_and_buckets_do_not() -> None:
    assert same_place("nfs://NAS.example.com/a/", "nfs://nas.Example.com/a/")
    assert not same_place("nfs://nas.example.com/A/", "nfs://nas.example.com/a/")
    assert not same_place("s3://Bucket/", "s3://bucket/")
    assert not same_place("object-storage://h/Bucket/", "object-storage://h/bucket/")
    assert not same_place("nfs://h/a/", "smb://h/a/")
    with pytest.raises(ValueError, match="is not the URI of a location"):
        same_place("nfs://h/a/", "/a/")


def test_every_type_can_be_described() -> None:
    assert set(DESCRIBE_BY_TYPE) == set(LocationType)
    answers = {operation_of(cls).response for cls in DESCRIBE_LOCATION}
    assert answers == set(get_args(DescribedLocation))
    everything = {name for name in m.__all__ if name.startswith("DescribeLocation")}
    assert {cls.__name__ for cls in answers if cls} == {n for n in everything if n.endswith("Response")}


def test_a_uri_says_how_its_location_is_described() -> None:
    arn = "arn:aws:datasync:eu-west-1:111222333444:location/loc-0123456789abcdef0"
    found = describe_request(f"fsxn-smb://us-east-1.{ONTAP}.{SVM}/share/", arn)
    assert found == m.DescribeLocationFsxOntapRequest(location_arn=arn)
    with pytest.raises(ValueError, match="type 'gcs' are not known to this version"):
        describe_request("gcs://bucket/", arn)


CREATES = get_args(CreatesLocation)


@pytest.mark.parametrize("cls", CREATES, ids=lambda cls: cls.__name__)
@settings(max_examples=30)
@given(st.data())
def test_a_uri_gives_back_what_a_location_was_created_with(cls: type, data: st.DataObject) -> None:
    request = data.draw(strategies.requests(cls))
    uri = uri_of(request)
    assert LocationUri.parse(str(uri)) == uri
    describes: Any = DESCRIBE_BY_TYPE[uri.type]
    assert describes.__name__ == cls.__name__.replace("Create", "Describe")
    partition = getattr(request, "s3_bucket_arn", "arn:aws").split(":")[1]
    told = uri.create_members(partition)
    path = told.pop("subdirectory")
    assert path.strip("/") == (request.subdirectory or uri.subdirectory).strip("/")
    assert {name: getattr(request, name) for name in told} == told
    assert uri_of(evolve(request, subdirectory=path)) == uri
    arns = ("efs_filesystem_arn", "fsx_filesystem_arn", "storage_virtual_machine_arn")
    for arn in (getattr(request, name) for name in arns if hasattr(request, name)):
        assert arn.split(":")[3] == uri.region
        assert arn.endswith("/".join(filter(None, [uri.file_system, uri.storage_virtual_machine])))


def test_what_is_no_file_system_has_no_uri() -> None:
    request = m.CreateLocationFsxLustreRequest(
        fsx_filesystem_arn="arn:aws:fsx:eu-west-1:111222333444:fs-1", security_group_arns=["sg"]
    )
    with pytest.raises(ValueError, match="ends in file-system/fs-"):
        uri_of(request)


def test_a_location_of_openzfs_begins_at_fsx() -> None:
    request = m.CreateLocationFsxOpenZfsRequest(
        fsx_filesystem_arn="arn:aws:fsx:eu-west-1:111222333444:file-system/fs-1",
        protocol=m.FsxProtocol(nfs=m.FsxProtocolNfs()),
        security_group_arns=["sg"],
    )
    assert str(uri_of(request)) == "fsxz://eu-west-1.fs-1/fsx/"
