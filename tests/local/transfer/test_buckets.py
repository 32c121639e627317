"""Transfers from and to real buckets: moto's, in a process of its own."""

from __future__ import annotations

import errno
import os
import random
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from datasync_sdk.local.transfer.job import (
    BucketPlace,
    Cancelled,
    ManifestEntry,
    Metadata,
    Outcome,
    TransferError,
)
from datasync_sdk.local.transfer.listing.selection import is_reserved
from tests.local.transfer import buckets
from tests.local.transfer.buckets import Clouds, TestBucket, made_clouds
from tests.local.transfer.kit import SECOND, TestWatch, Tree, build, later, snapshot, write
from tests.local.transfer.strategies import trees
from tests.sdk import server

moto = server.moto  # fixtures
moto_url = server.moto_url
clouds = buckets.clouds

modes = pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])
BIG = 20 * 1024 * 1024


def names(folder: Path) -> set[str]:
    return set(snapshot(folder))


def without_time(bucket: TestBucket) -> dict[str, Any]:
    """What two buckets have in common: the time of an object that has none becomes metadata of its copy."""
    return {
        key: (content, {name: text for name, text in metadata.items() if name != "file-mtime"}, *rest)
        for key, (content, metadata, *rest) in bucket.all().items()
    }


@modes
def test_metadata_are_kept_as_datasync_writes_them(clouds: Clouds, mode: str) -> None:
    source, bucket = clouds.folder(), clouds.bucket("some/prefix/")
    write(source, file="text", folder__below="more")
    (source / "folder" / "empty").mkdir()
    (source / "link").symlink_to("file")
    (source / "file").chmod(0o4640)
    os.utime(source / "file", ns=(1_500_000_000_000_000_001, 1_400_000_000_000_000_009))
    os.utime(source / "folder", ns=(1, 2))
    ran = clouds.run(source, bucket, mode=mode)
    assert not ran.ended.failed, ran.failures
    assert bucket.keys() == ["file", "folder/", "folder/below", "folder/empty/"]
    assert bucket.read("file") == b"text"
    assert bucket.metadata("file") == {
        "file-owner": str(os.geteuid()),
        "file-group": str(os.getegid()),
        "file-permissions": "4640" if os.geteuid() == 0 else "0640",
        "file-mtime": "1400000000000000009ns",
        "file-atime": "1500000000000000001ns",
    }
    assert bucket.read("folder/") == b""
    assert bucket.metadata("folder/")["file-mtime"] == "2ns"
    assert ran.counters.files_skipped == 1  # the link


slow = settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.generate],  # a smaller example is not worth its minutes
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@slow
@given(tree=trees(), mode=st.sampled_from(["BASIC", "ENHANCED"]))
def test_through_a_bucket_and_another_comes_back_what_was_sent(moto_url: str, tree: Tree, mode: str) -> None:
    tree = {path: node for path, node in tree.items() if node.kind != "l" and can_be_key(path)}
    with made_clouds(moto_url) as clouds:
        source, first, second, back = (
            clouds.folder("source"),
            clouds.bucket("a/b/"),
            clouds.bucket(),
            clouds.folder("back"),
        )
        build(source, tree)
        steps: list[Path | TestBucket] = [source, first, second, back]
        for left, right in pairwise(steps):
            ran = clouds.run(left, right, mode=mode)
            assert not ran.ended.failed, ran.failures
            again = clouds.run(left, right, mode=mode)
            assert not again.ended.failed, again.failures
            assert again.counters.bytes_written == again.counters.files_transferred == 0
            assert again.counters.folders_transferred == 0
        assert first.all() == second.all()
        assert snapshot(back) == snapshot(source)


def can_be_key(path: str) -> bool:
    """Whether a path is transferred, and moto takes it for a key."""
    return path.isprintable() and "\\" not in path and not any(map(is_reserved, path.split("/")))


@modes
def test_objects_of_others_have_the_documented_defaults(clouds: Clouds, mode: str) -> None:
    bucket, folder = clouds.bucket(), clouds.folder()
    bucket.put("deep/down/file", "text")
    assert not clouds.run(bucket, folder, mode=mode).ended.failed
    found = snapshot(folder)
    modified = int(bucket.head("deep/down/file")["LastModified"].timestamp()) * SECOND
    assert found["deep/down/file"].mtime == modified
    assert (found["deep"].mode, found["deep/down/file"].mode) == (0o755, 0o644)
    if os.geteuid() == 0:
        assert {(node.uid, node.gid) for node in found.values()} == {(65534, 65534)}
    assert clouds.run(bucket, folder, mode=mode).counters.files_transferred == 0


@modes
def test_between_buckets_all_of_an_object_is_kept(clouds: Clouds, mode: str) -> None:
    one, two = clouds.bucket(), clouds.bucket("below/")
    one.put("plain", "text")
    one.put("a/b/c", "implied folders remain implied")
    one.put("folder/", Metadata={"owned-by": "me"})
    one.put("page", "<p>", ContentType="text/html", CacheControl="max-age=1", Metadata={"colour": "red"})
    one.put("tagged", "text", Tagging="project=x%20y&owner=z")
    assert not clouds.run(one, two, mode=mode).ended.failed
    assert without_time(one) == without_time(two)
    assert two.head("page")["CacheControl"] == "max-age=1"
    assert clouds.run(one, two, mode=mode).counters.files_transferred == 0

    # What is changed of it alone is mended without its content.
    two.s3.delete_object_tagging(Bucket=two.name, Key="below/tagged")
    one.put(
        "page", "<p>", ContentType="text/plain", Metadata={"file-mtime": two.metadata("page")["file-mtime"]}
    )
    ran = clouds.run(one, two, mode=mode)
    assert not ran.ended.failed, ran.failures
    assert ran.kept.paths(Outcome.TRANSFERRED) == ["/page", "/tagged"]
    assert ran.counters.bytes_written == 0
    assert without_time(one) == without_time(two)


def test_tags_and_metadata_may_be_left_out(clouds: Clouds) -> None:
    one, two = clouds.bucket(), clouds.bucket()
    one.put("file", "text", Tagging="a=b", ContentType="text/html", Metadata={"a": "b", "file-owner": "7"})
    ran = clouds.run(one, two, object_tags="NONE", object_metadata="NONE", mode="ENHANCED")
    assert not ran.ended.failed
    assert two.tags("file") == {}
    assert set(two.metadata("file")) == {"file-mtime"}
    again = clouds.run(one, two, object_tags="NONE", object_metadata="NONE", mode="ENHANCED")
    assert again.counters.files_transferred == 0


@modes
def test_folders_that_stand_for_buckets_take_and_give_the_same(clouds: Clouds, mode: str) -> None:
    one, two, folder = clouds.bucket(), clouds.bucket(), clouds.folder()
    one.put("file", "text", Tagging="a=b", ContentType="text/html", Metadata={"colour": "red"})
    for source, destination in ((one, folder), (folder, two)):
        ran = clouds.run(source, destination, metadata=Metadata.OBJECT, mode=mode)
        assert not ran.ended.failed, ran.failures
        again = clouds.run(source, destination, metadata=Metadata.OBJECT, mode=mode)
        assert again.counters.files_transferred == 0
    assert without_time(one) == without_time(two)


@modes
def test_only_what_has_changed_moves(clouds: Clouds, mode: str) -> None:
    source, bucket, back = clouds.folder(), clouds.bucket(), clouds.folder("back")
    write(source, same="same", longer="text", newer="text", mode="text", folder__x="x")
    for left, right in ((source, bucket), (bucket, back)):
        clouds.run(left, right, mode=mode)
    write(source, longer="longer", new="new")
    later(source / "newer")
    (source / "mode").chmod(0o600)
    (source / "folder").chmod(0o700)
    for left, right in ((source, bucket), (bucket, back)):
        ran = clouds.run(left, right, mode=mode)
        assert not ran.ended.failed, ran.failures
        assert ran.kept.paths(Outcome.TRANSFERRED) == ["/folder", "/longer", "/mode", "/new", "/newer"]
        assert ran.counters.bytes_written == len("longernewtext")
    assert snapshot(back) == snapshot(source)


@modes
@pytest.mark.parametrize("size", [0, 1, 8 * 1024 * 1024, 8 * 1024 * 1024 + 1, BIG])
def test_contents_of_any_size(clouds: Clouds, mode: str, size: int) -> None:
    source, one, two, back = clouds.folder(), clouds.bucket(), clouds.bucket(), clouds.folder("back")
    content = random.Random(size).randbytes(size)
    (source / "file").write_bytes(content)
    for left, right in ((source, one), (one, two), (two, back)):
        ran = clouds.run(left, right, mode=mode)
        assert not ran.ended.failed, ran.failures
        assert ran.counters.bytes_written == size
    assert (back / "file").read_bytes() == content
    is_in_parts = "-" in one.head("file")["ETag"]
    assert is_in_parts == (size >= 8 * 1024 * 1024)


@modes
def test_what_the_source_has_not_is_deleted(clouds: Clouds, mode: str) -> None:
    source, bucket, back = clouds.folder(), clouds.bucket("p/"), clouds.folder("back")
    write(source, kept="text", folder__kept="text", swap="a file")
    for key in ("extra", "gone/", "gone/deep/file", "folder/extra", "swap/below", "kept/below", "odd//name"):
        bucket.put(key, "text")
    ran = clouds.run(source, bucket, mode=mode, preserve_deleted_files="REMOVE")
    assert not ran.ended.failed, ran.failures
    assert bucket.keys() == ["folder/", "folder/kept", "kept", "odd//name", "swap"]
    assert "/gone/deep/file" in ran.kept.paths(Outcome.DELETED)
    write(back, extra="text", folder__extra="text", kept__in_the_way="text")
    bucket.delete("odd//name")
    ran = clouds.run(bucket, back, mode=mode, preserve_deleted_files="REMOVE")
    assert not ran.ended.failed, ran.failures
    assert snapshot(back) == snapshot(source)


@modes
def test_filters_select_keys(clouds: Clouds, mode: str) -> None:
    source, bucket, back = clouds.folder(), clouds.bucket(), clouds.folder("back")
    write(source, a__x="x", a__y="y", b__x="x", a__c__x="x", other="x")
    clouds.run(source, bucket, mode=mode, includes="/a", excludes="*/y")
    assert bucket.keys() == ["a/", "a/c/", "a/c/x", "a/x"]
    clouds.run(bucket, back, mode=mode, includes="/a/c")
    assert names(back) == {"a", "a/c", "a/c/x"}
    other = clouds.bucket()
    clouds.run(source, other, mode=mode, includes="/a/c")
    assert other.keys() == ["a/c/", "a/c/x"]


@pytest.mark.parametrize(
    ("mode", "verify"),
    [
        ("BASIC", "ONLY_FILES_TRANSFERRED"),
        ("BASIC", "POINT_IN_TIME_CONSISTENT"),
        ("ENHANCED", "ONLY_FILES_TRANSFERRED"),
    ],
)
def test_manifests_know_versions(clouds: Clouds, mode: str, verify: str) -> None:
    bucket, folder, other = clouds.bucket(versions=True), clouds.folder(), clouds.bucket()
    old = bucket.put("deep/file", "old one", Tagging="a=old")
    bucket.put("deep/file", "the new one", Tagging="a=new")
    bucket.put("not listed", "text")
    manifest = [
        ManifestEntry(path="deep/file", version_id=old),
        ManifestEntry(path="missing"),
        ManifestEntry(path="deep"),
        ManifestEntry(path="not listed", version_id="0" * 32),
    ]
    for place in (folder, other):
        ran = clouds.run(bucket, place, mode=mode, manifest=manifest, verify_mode=verify)
        assert set(ran.failures) == {"/missing", "/deep", "/not listed"}
        assert ran.counters.files_verified == 1
        again = clouds.run(bucket, place, mode=mode, manifest=manifest, verify_mode=verify)
        assert again.counters.files_transferred == 0
    assert (folder / "deep" / "file").read_text() == "old one"
    assert names(folder) == {"deep", "deep/file"}
    assert other.keys() == ["deep/file"]
    assert other.tags("deep/file") == {"a": "old"}
    backwards = clouds.run(folder, other, mode=mode, manifest=[ManifestEntry(path="x", version_id="1")])
    assert "keeps no versions" in backwards.failures["/x"]


HOSTILE = [
    "../up",
    "..",
    ".",
    "a/../../up",
    "a/./b",
    "a//b",
    "//top",
    "/top",
    "n\0l/x",
    "n\0l",
    "x" * 256,
    "y" * 300 + "/z",
]


@modes
def test_keys_that_no_file_can_have_fail_and_lead_nowhere(clouds: Clouds, mode: str) -> None:
    bucket, folder = clouds.bucket("p/"), clouds.folder()
    outside = names(clouds.top)
    # Clients and servers tidy up paths of URLs, so that such keys come from elsewhere: a listing has them.
    bucket.put("good", "text")
    made = [key for key in HOSTILE if is_made(bucket, key)]
    assert len(made) > 4, made
    ran = clouds.run(bucket, folder, mode=mode)
    assert names(folder) <= {"good", "a"}
    assert (folder / "good").read_text() == "text"
    assert ran.failures
    assert names(clouds.top) - {f"folder/{name}" for name in names(folder)} <= outside | {"work1"}
    for path, reason in ran.failures.items():
        assert any(word in reason for word in ("empty name", "cannot be that of a file", "longer than")), (
            path,
            reason,
        )


def is_made(bucket: TestBucket, key: str) -> bool:
    """Whether a server takes a key."""
    try:
        bucket.put(key, "evil")
    except Exception:  # noqa: BLE001  # whatever it or the client says
        return False
    made = bucket.keys()
    return key in made


@modes
def test_a_key_that_is_a_file_and_a_folder(clouds: Clouds, mode: str) -> None:
    bucket, folder, other = clouds.bucket(), clouds.folder(), clouds.bucket()
    bucket.put("a", "file")
    bucket.put("a/b", "below")
    bucket.put("c", "text")
    for _ in range(2):
        ran = clouds.run(bucket, folder, mode=mode)
        assert set(ran.failures) == {"/a"}
        assert "has an object of this name, and objects below it" in ran.failures["/a"]
        assert names(folder) == {"a", "c"}
        assert (folder / "a").read_text() == "file"
    listed = clouds.run(
        bucket, folder, mode=mode, manifest=[ManifestEntry(path="a"), ManifestEntry(path="a/b")]
    )
    assert set(listed.failures) == {"/a/b"}
    assert (folder / "a").read_text() == "file"
    # Another bucket can have both.
    assert not clouds.run(bucket, other, mode=mode).ended.failed
    assert other.keys() == ["a", "a/b", "c"]


def test_names_that_no_key_can_be(clouds: Clouds) -> None:
    source, bucket = clouds.folder(), clouds.bucket("p/")
    (source / os.fsdecode(b"\xff")).write_text("text")
    deep = source
    for _ in range(5):
        deep /= "d" * 230
        deep.mkdir()
    ran = clouds.run(source, bucket)
    assert any("not UTF-8" in reason for reason in ran.failures.values())
    assert any("longer than 1,024 bytes" in reason for reason in ran.failures.values())
    assert len(ran.failures) == 2


@modes
@pytest.mark.parametrize("upwards", [True, False])
def test_a_damaged_copy_is_found_and_mended_by_the_next_run(clouds: Clouds, mode: str, upwards: bool) -> None:
    source, bucket, back = clouds.folder(), clouds.bucket(), clouds.folder("back")
    write(source, good="text", bad="text", empty="", big="x" * BIG)
    left, right = (source, bucket) if upwards else (bucket, back)
    if not upwards:
        clouds.run(source, bucket)
    watch = TestWatch()
    watch.corrupt = {"/bad", "/empty", "/big"}
    ran = clouds.run(left, right, mode=mode, watch=watch)
    assert set(ran.failures) == {"/bad", "/empty", "/big"}
    failed = {each.path: each for each in ran.kept.results if each.failure}
    assert failed["/bad"].source
    assert failed["/bad"].destination
    ran = clouds.run(left, right, mode=mode)
    assert not ran.ended.failed, ran.failures
    assert ran.kept.paths(Outcome.TRANSFERRED) == ["/bad", "/big", "/empty"]
    clouds.run(bucket, back)
    assert snapshot(back) == snapshot(source)


@pytest.mark.parametrize("upwards", [True, False])
def test_point_in_time_reads_all_back(clouds: Clouds, upwards: bool) -> None:
    source, bucket, back = clouds.folder(), clouds.bucket(), clouds.folder("back")
    write(source, good="text", bad="text")
    clouds.run(source, bucket)
    clouds.run(bucket, back)
    if upwards:
        bucket.put("bad", "TEXT", Metadata=bucket.metadata("bad"))
    else:
        status = (back / "bad").stat()
        (back / "bad").write_text("TEXT")
        os.utime(back / "bad", ns=(status.st_atime_ns, status.st_mtime_ns))
    left, right = (source, bucket) if upwards else (bucket, back)
    assert not clouds.run(left, right, verify_mode="ONLY_FILES_TRANSFERRED").ended.failed
    ran = clouds.run(left, right, verify_mode="POINT_IN_TIME_CONSISTENT")
    assert "checksum" in ran.failures["/bad"]
    assert ran.kept.paths(Outcome.VERIFIED) == ["/good"]
    # Nothing says that what was not transferred may be changed by being looked at.
    assert set(clouds.run(left, right).failures) == {"/bad"}
    assert not clouds.run(left, right, transfer_mode="ALL").ended.failed


@modes
@pytest.mark.parametrize("side", ["up", "down", "across"])
def test_cancelled_in_the_middle_leaves_nothing_half(clouds: Clouds, mode: str, side: str) -> None:
    source, bucket, other, back = clouds.folder(), clouds.bucket(), clouds.bucket(), clouds.folder("back")
    write(source, a="text", big="x" * BIG)
    if side != "up":
        clouds.run(source, bucket)
    left, right = {"up": (source, bucket), "down": (bucket, back), "across": (bucket, other)}[side]
    watch = TestWatch()
    watch.on("read", "source", "/big", lambda: setattr(watch, "cancel_at", watch.checkpoints + 12))
    with pytest.raises(Cancelled):
        clouds.run(left, right, mode=mode, watch=watch)
    if isinstance(right, Path):
        assert names(right) <= {"a"}
    else:
        assert set(right.keys()) <= {"a"}
        assert "Uploads" not in right.s3.list_multipart_uploads(Bucket=right.name)
    assert not clouds.run(left, right, mode=mode).ended.failed


@pytest.mark.parametrize("upwards", [True, False])
def test_a_limit_holds(clouds: Clouds, upwards: bool) -> None:
    source, bucket, back = clouds.folder(), clouds.bucket(), clouds.folder("back")
    write(source, big="x" * 3_000_000)
    left, right = (source, bucket) if upwards else (bucket, back)
    if not upwards:
        clouds.run(source, bucket)
    watch = TestWatch()
    watch.bytes_per_second = 1_000_000
    assert not clouds.run(left, right, watch=watch, verify_mode="NONE").ended.failed
    assert 2.5 < watch.slept < 3.5


@modes
@pytest.mark.parametrize("upwards", [True, False])
@pytest.mark.parametrize("action", ["list", "read", "write", "verify", "delete"])
def test_faults_are_failed_items(clouds: Clouds, mode: str, upwards: bool, action: Any) -> None:
    source, bucket, back = clouds.folder(), clouds.bucket(), clouds.folder("back")
    write(source, good="text", folder__bad="text")
    left, right = (source, bucket) if upwards else (bucket, back)
    if not upwards:
        clouds.run(source, bucket)
    bucket.put("folder/extra", "text") if upwards else write(back, folder__extra="text")
    path = {"list": "/folder", "delete": "/folder/extra"}.get(action, "/folder/bad")
    watch = TestWatch()
    watch.fail(action, "source" if action in {"list", "read"} else "destination", path, errno.EACCES)
    ran = clouds.run(left, right, mode=mode, watch=watch, preserve_deleted_files="REMOVE")
    assert path in ran.failures
    ran = clouds.run(left, right, mode=mode, preserve_deleted_files="REMOVE")
    assert not ran.ended.failed, ran.failures
    clouds.run(bucket, back, preserve_deleted_files="REMOVE")
    assert snapshot(back) == snapshot(source)


def test_an_object_that_changes_while_it_is_verified_is_found(clouds: Clouds) -> None:
    bucket, folder = clouds.bucket(), clouds.folder()
    watch = TestWatch()
    watch.on("verify", "destination", "/file", lambda: bucket.put("file", "TEXT"))
    time.sleep(1 - time.time() % 1)  # In the second that begins, so that the time of the object is the same.
    bucket.put("file", "text")
    ran = clouds.run(bucket, folder, mode="ENHANCED", watch=watch)
    assert "the source has changed" in ran.failures["/file"]
    assert not clouds.run(bucket, folder, mode="ENHANCED").ended.failed
    assert (folder / "file").read_text() == "TEXT"


def test_a_file_that_changes_while_it_is_uploaded_is_not_uploaded(clouds: Clouds) -> None:
    source, bucket = clouds.folder(), clouds.bucket()
    write(source, file="text", big="x" * BIG)
    watch = TestWatch()
    for name in ("file", "big"):
        watch.on("write", "destination", f"/{name}", lambda name=name: later(source / name))
    ran = clouds.run(source, bucket, watch=watch, verify_mode="ONLY_FILES_TRANSFERRED")
    assert set(ran.failures) == {"/file", "/big"}
    assert bucket.keys() == []


@modes
def test_never_overwrite(clouds: Clouds, mode: str) -> None:
    source, bucket = clouds.folder(), clouds.bucket()
    write(source, a="new", b="new", c="new")
    bucket.put("a", "old")
    watch = TestWatch()
    watch.on("write", "destination", "/b", lambda: bucket.put("b", "old"))
    ran = clouds.run(source, bucket, mode=mode, overwrite_mode="NEVER", watch=watch)
    assert set(ran.failures) == {"/b"}
    assert [bucket.read(key) for key in ("a", "b", "c")] == [b"old", b"old", b"new"]


@modes
def test_transfer_mode_all(clouds: Clouds, mode: str) -> None:
    source, bucket, back = clouds.folder(), clouds.bucket(), clouds.folder("back")
    write(source, a__b="text")
    for _ in range(2):
        for left, right in ((source, bucket), (bucket, back)):
            ran = clouds.run(left, right, mode=mode, transfer_mode="ALL")
            assert ran.kept.paths(Outcome.TRANSFERRED) == ["/a", "/a/b"]
    assert snapshot(back) == snapshot(source)


def test_more_keys_than_fit_on_a_page(clouds: Clouds) -> None:
    source, bucket, back = clouds.folder(), clouds.bucket(), clouds.folder("back")
    for number in range(1100):
        (source / f"{number:04}").touch()
    ran = clouds.run(source, bucket, verify_mode="NONE")
    assert ran.counters.files_transferred == 1100
    ran = clouds.run(bucket, back, verify_mode="NONE")
    assert ran.counters.files_transferred == 1100
    assert len(names(back)) == 1100


@pytest.mark.parametrize("side", ["source", "destination"])
@pytest.mark.parametrize(
    ("endpoint", "profile", "word"),
    [
        ("", None, "NoSuchBucket"),
        ("http://127.0.0.1:1", None, "EndpointConnectionError"),
        ("", "nobody", "ProfileNotFound"),
    ],
)
def test_a_bucket_that_cannot_be_reached(  # noqa: PLR0913, PLR0917
    clouds: Clouds,
    monkeypatch: pytest.MonkeyPatch,
    side: str,
    endpoint: str,
    profile: str | None,
    word: str,
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    place = BucketPlace(bucket="not-there", prefix="", endpoint_url=endpoint or clouds.url, profile=profile)
    bucket, folder = TestBucket(s3=clouds.s3, name="not-there", place=place), clouds.folder()
    ends: tuple[Any, Any] = (bucket, folder) if side == "source" else (folder, bucket)
    with pytest.raises(TransferError, match=word) as caught:
        clouds.run(*ends)
    assert caught.value.code == f"{side.capitalize()}AccessFailed"


def test_a_bucket_that_goes_away_ends_the_transfer(clouds: Clouds) -> None:
    source, bucket = clouds.folder(), clouds.bucket()
    write(source, file="text")
    watch = TestWatch()
    watch.on("write", "destination", "/file", lambda: clouds.s3.delete_bucket(Bucket=bucket.name))
    with pytest.raises(TransferError) as caught:
        clouds.run(source, bucket, watch=watch)
    assert caught.value.code == "DestinationAccessFailed"


@modes
def test_a_folder_in_which_something_could_not_be_deleted_stays(clouds: Clouds, mode: str) -> None:
    source, bucket = clouds.folder(), clouds.bucket()
    bucket.put("extra/")
    bucket.put("extra/kept", "text")
    watch = TestWatch()
    watch.fail("delete", "destination", "/extra/kept")
    ran = clouds.run(source, bucket, mode=mode, watch=watch, preserve_deleted_files="REMOVE")
    assert "not empty" in ran.failures["/extra"]
    assert bucket.keys() == ["extra/", "extra/kept"]
