"""Folders of locations: one for each URI, and none outside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasync_sdk.local.places import folders as module
from datasync_sdk.local.places import walking
from datasync_sdk.local.places.folders import BucketTarget, Folders, FolderTarget
from datasync_sdk.local.places.uris import LocationType, LocationUri
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.store.store import Store
from datasync_sdk.local.transfer.job import BucketPlace, Metadata
from tests.local.states import states
from tests.local.test_uris import uris

ARN = "arn:aws:s3-outposts:eu-west-3:123456789012:outpost/op-1/accesspoint/point"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "root"
    (made / ".datasync").mkdir(parents=True)
    return made


@pytest.fixture
def folders(root: Path) -> Iterator[Folders]:
    with opened(root) as found:
        yield found


@contextmanager
def opened(root: Path, *, create: bool = True) -> Iterator[Folders]:
    """What a service has that is opened there."""
    with closing(Store(root / ".datasync" / "state.sqlite")) as store:
        yield Folders(root, store, create)


def make(path: Path) -> Path:
    path.mkdir(parents=True)
    return path


@pytest.mark.parametrize(
    ("uri", "folder", "metadata"),
    [
        ("nfs://server/export/sub/", "nfs/server/export/sub", Metadata.POSIX),
        ("nfs://2001:db8::1/", "nfs/2001%3Adb8%3A%3A1", Metadata.POSIX),
        ("smb://server/share/", "smb/server/share", Metadata.WINDOWS),
        ("s3://bucket/50%/a:b/", "s3/bucket/50%/a:b", Metadata.OBJECT),
        (
            f"s3://{ARN}/a/",
            "s3/arn%3Aaws%3As3-outposts%3Aeu-west-3%3A123456789012%3Aoutpost%2Fop-1%2Faccesspoint%2Fpoint/a",
            Metadata.OBJECT,
        ),
        ("efs://us-east-1.fs-01/", "efs/us-east-1.fs-01", Metadata.POSIX),
        ("fsxl://us-east-1.fs-01/", "fsxl/us-east-1.fs-01", Metadata.POSIX),
        ("fsxw://us-east-1.fs-01/", "fsxw/us-east-1.fs-01", Metadata.WINDOWS),
        ("fsxz://us-east-1.fs-01/fsx/", "fsxz/us-east-1.fs-01/fsx", Metadata.POSIX),
        ("fsxn-nfs://us-east-1.fs-01.svm-1/v/", "fsxn-nfs/us-east-1.fs-01.svm-1/v", Metadata.POSIX),
        ("fsxn-smb://us-east-1.fs-01.svm-1/v/", "fsxn-smb/us-east-1.fs-01.svm-1/v", Metadata.WINDOWS),
        ("hdfs://node:8020/user/", "hdfs/node%3A8020/user", Metadata.POSIX),
        ("object-storage://host/bucket/a/", "object-storage/host/bucket/a", Metadata.OBJECT),
        ("azure-blob://h.net/box/a/", "azure-blob/h.net/box/a", Metadata.OBJECT),
    ],
)
def test_folders_are_named_as_uris(
    folders: Folders, root: Path, uri: str, folder: str, metadata: Metadata
) -> None:
    place = folders.place(uri, make=True)
    assert place.folder == root / folder
    assert place.folder.is_dir()
    assert place.metadata is metadata
    assert folders.place(uri, make=False) == place


def test_every_type_has_its_metadata() -> None:
    assert set(module.METADATA) == set(LocationType)


@given(st.lists(uris(), min_size=2, max_size=8, unique=True))
def test_no_two_uris_share_a_folder_and_none_is_outside(many: list[LocationUri]) -> None:
    with states() as state:
        found: dict[Path, LocationUri] = {}
        for uri in many:
            target = state.folders.target(str(uri))
            assert isinstance(target, FolderTarget)
            below = target.folder.relative_to(state.folders.root)
            assert not {"..", ".", ".datasync"} & set(below.parts[:1])
            assert ".." not in below.parts
            assert found.setdefault(target.folder, uri) == uri
            # The folder below a location's folder is that of the location below.
            for parent in uri.parents():
                above = state.folders.target(str(parent))
                assert isinstance(above, FolderTarget)
                assert target.folder == above.folder.joinpath(*uri.path[len(parent.path) :])


def test_a_missing_folder_is_refused_and_the_message_helps(folders: Folders, root: Path) -> None:
    with pytest.raises(Refusal, match="location access test failed") as caught:
        folders.place("nfs://server/export/", make=False)
    assert str(root / "nfs/server/export") in caught.value.message
    assert "mount('nfs://server/export/', FOLDER)" in caught.value.message
    assert not (root / "nfs").exists()


@pytest.mark.parametrize("uri", ["", "nfs://server/../x/", "nfs://server/a\0b/", "ftp://x/"])
def test_what_is_no_uri_is_refused(folders: Folders, uri: str) -> None:
    with pytest.raises(Refusal, match="Invalid location"):
        folders.place(uri, make=True)


@pytest.mark.parametrize("linked", ["nfs", "nfs/server", "nfs/server/export", "nfs/server/export/sub"])
@pytest.mark.parametrize("make_it", [True, False])
def test_links_on_the_way_are_not_followed(
    folders: Folders, root: Path, tmp_path: Path, linked: str, make_it: bool
) -> None:
    outside = tmp_path / "outside"
    rest = Path("nfs/server/export/sub").relative_to(linked)
    make(outside / rest)
    (root / linked).parent.mkdir(parents=True, exist_ok=True)
    (root / linked).symlink_to(outside, target_is_directory=True)
    with pytest.raises(Refusal, match="a link is on the way"):
        folders.place("nfs://server/export/sub/", make=make_it)
    assert list(outside.rglob("*")) == sorted(outside / part for part in rest.parents if part.name) + (
        [outside / rest] if rest.name else []
    )


def test_a_file_is_no_folder(folders: Folders, root: Path) -> None:
    make(root / "nfs/server")
    (root / "nfs/server/export").write_text("")
    with pytest.raises(Refusal, match="is not a folder"):
        folders.place("nfs://server/export/", make=True)
    with pytest.raises(Refusal, match="is not a folder"):
        folders.place("nfs://server/export/sub/", make=False)


def test_the_root_itself_may_be_a_link(tmp_path: Path) -> None:
    real = make(tmp_path / "real" / ".datasync").parent
    (tmp_path / "root").symlink_to(real, target_is_directory=True)
    with opened(tmp_path / "root") as found:
        found.place("nfs://server/export/", make=True)
    assert (real / "nfs/server/export").is_dir()


def test_a_path_too_long_for_this_machine_is_refused(folders: Folders) -> None:
    uri = f"nfs://server/{'/'.join(['a' * 250] * 20)}/"
    with pytest.raises(Refusal, match="cannot be used"):
        folders.place(uri, make=True)


def test_mounts_are_for_the_uri_and_all_below(folders: Folders, root: Path, tmp_path: Path) -> None:
    folders.mount("nfs://server/export", make(tmp_path / "data"))
    folders.mount("nfs://server/export/deep/down/", make(tmp_path / "deep"))
    for uri, folder in {
        "nfs://server/export/": tmp_path / "data",
        "nfs://server/export/50%/a:b/": tmp_path / "data/50%/a:b",
        "nfs://server/export/deep/": tmp_path / "data/deep",
        "nfs://server/export/deep/down/": tmp_path / "deep",
        "nfs://server/export/deep/down/x/": tmp_path / "deep/x",
        "nfs://server/export/deep/downs/": tmp_path / "data/deep/downs",
        "nfs://server/export2/": root / "nfs/server/export2",
        "nfs://server/": root / "nfs/server",
        "nfs://server2/export/": root / "nfs/server2/export",
        "smb://server/export/": root / "smb/server/export",
    }.items():
        assert folders.place(uri, make=True).folder == folder, uri
        assert folder.is_dir()


def test_a_whole_server_or_bucket_can_be_mounted(folders: Folders, tmp_path: Path) -> None:
    folders.mount("nfs://server", make(tmp_path / "server"))
    folders.mount("object-storage://host/bucket", make(tmp_path / "bucket"))
    assert folders.place("nfs://server/a/b/", make=True).folder == tmp_path / "server/a/b"
    assert folders.place("object-storage://host/bucket/", make=True).folder == tmp_path / "bucket"
    with pytest.raises(ValueError, match="names no bucket"):
        folders.mount("object-storage://host", tmp_path / "host")


def test_relative_folders_are_those_of_now(
    folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "here/data/src")
    monkeypatch.chdir(tmp_path / "here")
    folders.mount("nfs://server/export", "data/src")
    monkeypatch.chdir(make(tmp_path / "there"))
    assert folders.place("nfs://server/export/", make=False).folder == tmp_path / "here/data/src"
    assert not (tmp_path / "there/data").exists()


def test_mounts_outlive_the_service(folders: Folders, root: Path, tmp_path: Path) -> None:
    odd = make(tmp_path / os.fsdecode(b"odd \xff\xe9 'name\""))
    folders.mount("nfs://server/export", odd)
    folders.mount("s3://bucket", "s3://other/some/prefix", endpoint_url="http://127.0.0.1:9000")
    with opened(root, create=False) as again:
        assert again.place("nfs://server/export/", make=False).folder == odd
        assert again.mounts() == {
            "nfs://server/export/": FolderTarget(folder=odd),
            "s3://bucket/": BucketTarget(
                bucket="other", prefix="some/prefix/", endpoint_url="http://127.0.0.1:9000"
            ),
        }
        assert again.target("s3://bucket/a/b/") == BucketTarget(
            bucket="other", prefix="some/prefix/a/b/", endpoint_url="http://127.0.0.1:9000"
        )


def test_mounts_are_replaced_and_forgotten(folders: Folders, root: Path, tmp_path: Path) -> None:
    folders.mount("nfs://server/export/", make(tmp_path / "one"))
    folders.mount("nfs://server/export", make(tmp_path / "two"))
    assert folders.place("nfs://server/export/", make=False).folder == tmp_path / "two"
    assert folders.unmount("nfs://server/export")
    assert not folders.unmount("nfs://server/export")
    assert folders.place("nfs://server/export/", make=True).folder == root / "nfs/server/export"


def test_a_bucket_is_asked_for_unless_somebody_else_will(folders: Folders) -> None:
    url = "http://127.0.0.1:1"
    folders.mount("s3://bucket", "s3://other/a", endpoint_url=url, profile="p")
    place = folders.place("s3://bucket/b/", make=True, asks=False)
    assert place == BucketPlace(bucket="other", prefix="a/b/", endpoint_url=url, profile="p")
    folders.mount("s3://bucket", "s3://other/a", endpoint_url=url)
    with pytest.raises(Refusal, match=r"access test failed: .* EndpointConnectionError"):
        folders.place("s3://bucket/", make=True)


def test_what_cannot_be_a_target_is_refused(folders: Folders, root: Path, tmp_path: Path) -> None:
    for own in (root, root / ".datasync", root / ".datasync" / "work", tmp_path, Path("/")):
        with pytest.raises(ValueError, match="the service's own files"):
            folders.mount("nfs://server/export", own)
    (tmp_path / "link").symlink_to(root / ".datasync")
    with pytest.raises(ValueError, match="the service's own files"):
        folders.mount("nfs://server/export", tmp_path / "link")
    with pytest.raises(ValueError, match="cannot be in a bucket"):
        folders.mount("nfs://server/export", "s3://bucket")
    with pytest.raises(ValueError, match="endpoint_url is for buckets"):
        folders.mount("nfs://server/export", tmp_path / "x", endpoint_url="http://127.0.0.1:9000")
    with pytest.raises(ValueError, match=r"the folder to mount has no name; '\.' is the current one"):
        folders.mount("nfs://server/export", "")
    with pytest.raises(ValueError, match="must begin with http"):
        folders.mount("s3://bucket", "s3://bucket", endpoint_url="127.0.0.1:9000")
    with pytest.raises(ValueError, match="must not hold credentials"):
        folders.mount("s3://bucket", "s3://bucket", endpoint_url="http://key:secret@127.0.0.1:9000")
    assert folders.mounts() == {}


def test_a_folder_that_is_not_there_is_not_mounted(folders: Folders, tmp_path: Path) -> None:
    """Nor made: what is mistyped would be an empty source, which could empty a destination."""
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    for missing, named in (("mistyped", "mistyped"), ("not/yet", "not/yet"), ("gone", "nowhere")):
        words = rf"^there is no folder \S+/{named} to mount; make it first$"
        with pytest.raises(FileNotFoundError, match=words):
            folders.mount("nfs://server/export", tmp_path / missing)
        assert not (tmp_path / named).exists()
    assert folders.mounts() == {}


def test_a_file_is_not_mounted(folders: Folders, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for wrong in ("file", "file/below"):
        with pytest.raises(NotADirectoryError, match=rf"^\S+/{wrong} cannot be mounted: it is not a folder$"):
            folders.mount("nfs://server/export", tmp_path / wrong)
    assert folders.mounts() == {}


def test_a_link_that_was_mounted_is_followed_once(folders: Folders, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(make(tmp_path / "data"), target_is_directory=True)
    folders.mount("nfs://server/export", tmp_path / "link")
    assert folders.place("nfs://server/export/", make=False).folder == tmp_path / "data"


def test_a_link_in_place_of_what_was_mounted_is_not_followed(folders: Folders, tmp_path: Path) -> None:
    folders.mount("nfs://server/export", make(tmp_path / "a/data"))
    (tmp_path / "a").rename(tmp_path / "b")
    (tmp_path / "a").symlink_to(tmp_path / "b", target_is_directory=True)
    with pytest.raises(Refusal, match="a link is on the way"):
        folders.place("nfs://server/export/", make=True)


def test_a_mounted_folder_that_is_gone_is_not_made_anew(folders: Folders, tmp_path: Path) -> None:
    folders.mount("nfs://server/export", make(tmp_path / "data"))
    (tmp_path / "data").rmdir()
    with pytest.raises(Refusal, match="there is no folder"):
        folders.place("nfs://server/export/sub/", make=True)
    assert not (tmp_path / "data").exists()


def test_names_that_a_file_system_takes_for_others_are_refused(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders.place("nfs://server/Data/", make=True)
    opened, asked = os.open, os.stat

    # As on macOS: `data` is the folder that is called `Data`.
    def alike(name: object) -> object:
        kept = {"data": "Data", "server": "server", "nfs": "nfs"}
        return kept.get(name.lower(), name) if isinstance(name, str) else name

    monkeypatch.setattr(walking.os, "open", lambda name, *a, **k: opened(alike(name), *a, **k))  # type: ignore[arg-type]
    monkeypatch.setattr(walking.os, "stat", lambda name, *a, **k: asked(alike(name), *a, **k))  # type: ignore[arg-type]
    monkeypatch.setattr(walking.os, "mkdir", lambda *_, **__: None)
    assert folders.place("nfs://server/Data/", make=True).folder.name == "Data"
    with pytest.raises(Refusal, match="takes 'data' for the same as another name"):
        folders.place("nfs://server/data/", make=True)
