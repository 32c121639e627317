"""What files carry, between all kinds of places, with root's rights and without."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from datasync_sdk.local.transfer.job import Metadata, Outcome
from datasync_sdk.local.transfer.metadata import xattrs
from datasync_sdk.local.transfer.metadata.object_metadata import Attributes
from datasync_sdk.local.transfer.metadata.policy import Policy
from tests.local.transfer.kit import IS_ROOT, SECOND, World, later, snapshot, world, write

root_only = pytest.mark.skipif(not IS_ROOT, reason="only root may give files away")
OBJECT, POSIX, WINDOWS = Metadata.OBJECT, Metadata.POSIX, Metadata.WINDOWS
TIME = 1_600_000_000 * SECOND + 7


def carried(place: Path, key: str = "user.datasync.metadata") -> dict[str, str]:
    """The object metadata of a file."""
    fd = os.open(place, os.O_RDONLY)
    try:
        value = xattrs.read(fd, key)
    finally:
        os.close(fd)
    found: dict[str, str] = json.loads(value) if value else {}
    return found


def carry(place: Path, key: str = "user.datasync.metadata", **values: str) -> None:
    """Give a file object metadata; `_` in a name is `-`."""
    fd = os.open(place, os.O_RDONLY)
    try:
        xattrs.write(fd, key, json.dumps({k.replace("_", "-"): v for k, v in values.items()}).encode())
    finally:
        os.close(fd)


def status(place: Path) -> tuple[int, int, int, int]:
    """Owner, group, mode and time."""
    found = place.lstat()
    return found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode), found.st_mtime_ns


@root_only
def test_posix_to_a_bucket_and_back_keeps_everything() -> None:
    with world(POSIX, OBJECT) as here:
        write(here.source, folder__file="text")
        for place in (here.source / "folder" / "file", here.source / "folder"):
            os.chown(place, 1000, 2000)
            place.chmod(0o640 if place.is_file() else 0o750)
            os.utime(place, ns=(TIME - 5, TIME))
        assert not here.run(verify_mode="POINT_IN_TIME_CONSISTENT").ended.failed
        assert carried(here.destination / "folder" / "file") == {
            "file-owner": "1000",
            "file-group": "2000",
            "file-permissions": "0640",
            "file-mtime": f"{TIME}ns",
            "file-atime": f"{TIME - 5}ns",
        }
        assert carried(here.destination / "folder")["file-permissions"] == "0750"
        assert (here.destination / "folder" / "file").stat().st_mtime_ns > TIME
        assert not here.run().kept.paths(Outcome.TRANSFERRED)
        (here.source / "folder" / "file").chmod(0o600)
        ran = here.run()
        assert (ran.counters.files_transferred, ran.counters.bytes_written) == (1, 0)
        assert [each.transfer_type.value for each in ran.kept.results if each.transfer_type] == ["METADATA"]
        with world(OBJECT, POSIX) as back:
            here.destination.rename(back.source / "was")
            assert not back.run(verify_mode="POINT_IN_TIME_CONSISTENT").ended.failed
            assert status(back.destination / "was" / "folder" / "file") == (1000, 2000, 0o600, TIME)
            assert not back.run().kept.paths(Outcome.TRANSFERRED)
            here.destination.mkdir()


@root_only
@pytest.mark.parametrize("source", [OBJECT, WINDOWS])
def test_defaults_where_the_source_knows_no_owner(source: Metadata) -> None:
    with world(source, POSIX) as here:
        write(here.source, folder__file="text")
        os.utime(here.source / "folder" / "file", ns=(TIME, TIME))
        assert not here.run(verify_mode="POINT_IN_TIME_CONSISTENT").ended.failed
        assert status(here.destination / "folder" / "file") == (65534, 65534, 0o644, TIME)
        assert status(here.destination / "folder")[:3] == (65534, 65534, 0o755)
        assert not here.run().kept.paths(Outcome.TRANSFERRED)


def test_windows_keeps_times_only() -> None:
    with world(POSIX, WINDOWS) as here:
        write(here.source, folder__file="text")
        (here.source / "folder" / "file").chmod(0o600)
        os.utime(here.source / "folder" / "file", ns=(TIME, TIME))
        os.utime(here.source / "folder", ns=(TIME, TIME))
        assert not here.run(verify_mode="POINT_IN_TIME_CONSISTENT").ended.failed
        assert status(here.destination / "folder" / "file") == (os.geteuid(), os.getegid(), 0o644, TIME)
        assert (here.destination / "folder").stat().st_mtime_ns == TIME
        (here.source / "folder" / "file").chmod(0o644)
        assert not here.run().kept.paths(Outcome.TRANSFERRED)


@pytest.mark.parametrize("metadata", ["PRESERVE", "NONE"])
@pytest.mark.parametrize("tags", ["PRESERVE", "NONE"])
def test_object_metadata_and_tags_between_buckets(metadata: str, tags: str) -> None:
    with world(OBJECT, OBJECT) as here:
        write(here.source, file="text", plain="text")
        os.utime(here.source / "plain", ns=(TIME, TIME))
        carry(here.source / "file", colour="red", file_owner="7", file_mtime=f"{TIME}ns")
        carry(here.source / "file", key="user.datasync.tags", stage="test")
        options = {"object_metadata": metadata, "object_tags": tags}
        assert not here.run(verify_mode="POINT_IN_TIME_CONSISTENT", **options).ended.failed
        found = carried(here.destination / "file")
        assert found.pop("file-mtime") == f"{TIME}ns"
        found.pop("file-atime", None)
        assert found == ({"colour": "red", "file-owner": "7"} if metadata == "PRESERVE" else {})
        found = carried(here.destination / "file", "user.datasync.tags")
        assert found == ({"stage": "test"} if tags == "PRESERVE" else {})
        assert carried(here.destination / "plain")["file-mtime"] == f"{TIME}ns"
        assert not here.run(**options).kept.paths(Outcome.TRANSFERRED)
        carry(here.source / "file", key="user.datasync.tags", stage="other")
        ran = here.run(**options)
        assert ran.kept.paths(Outcome.TRANSFERRED) == (["/file"] if tags == "PRESERVE" else [])
        assert ran.counters.bytes_written == 0


def test_links_onto_buckets_are_skipped_with_a_reason() -> None:
    with world(POSIX, OBJECT) as here:
        (here.source / "link").symlink_to("file")
        ran = here.run()
        assert ran.kept.paths(Outcome.SKIPPED) == ["/link"]
        assert "symbolic link" in (ran.kept.results[0].reason or "")
        assert not snapshot(here.destination)


def test_metadata_that_nobody_can_read_fails_its_file() -> None:
    with world(OBJECT, POSIX) as here:
        write(here.source, bad="text", good="text", worse="text")
        fd = os.open(here.source / "bad", os.O_RDONLY)
        xattrs.write(fd, "user.datasync.metadata", b"not JSON")
        os.close(fd)
        carry(here.source / "worse", file_permissions="rwx")
        ran = here.run()
        assert "not a JSON object" in ran.failures["/bad"]
        assert "file-permissions" in ran.failures["/worse"]
        assert set(snapshot(here.destination)) == {"good"}


LONG = "9" * 3_900
BAD_VALUES = [
    ("file-owner", "99999999999999999999"),
    ("file-owner", "4294967295"),
    ("file-owner", "-5"),
    ("file-owner", LONG),
    ("file-group", "\u00b2"),
    ("file-permissions", "77777777777777777"),
    ("file-permissions", "-1"),
    ("file-mtime", "9223372036854775807s"),
    ("file-mtime", f"{LONG}s"),
    ("file-atime", "-9223372036854775809ns"),
]


@pytest.mark.parametrize("destination", [POSIX, OBJECT])
@pytest.mark.parametrize(("key", "value"), BAD_VALUES)
def test_a_number_that_no_file_can_have_fails_its_file(destination: Metadata, key: str, value: str) -> None:
    with world(OBJECT, destination) as here:
        write(here.source, bad="text", good="text")
        carry(here.source / "bad", **{key: value})
        ran = here.run()
        assert key in ran.failures["/bad"]
        assert len(ran.failures["/bad"]) < 200
        assert set(snapshot(here.destination)) == {"good"}


def test_metadata_that_are_nested_without_end_fail_their_file() -> None:
    with world(OBJECT, POSIX) as here:
        write(here.source, bad="text", good="text")
        fd = os.open(here.source / "bad", os.O_RDONLY)
        xattrs.write(fd, "user.datasync.metadata", b"[" * 4_000)
        os.close(fd)
        assert "not a JSON object" in here.run().failures["/bad"]
        assert set(snapshot(here.destination)) == {"good"}


@pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])
@pytest.mark.parametrize("method", ["wanted", "has_metadata"])
def test_whatever_is_wrong_with_one_item_the_rest_goes_on(
    mode: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = getattr(Policy, method)

    def overflow(self: Policy, *given: Any) -> Any:
        if any(isinstance(each, Attributes) and each.mtime_ns == TIME for each in given):
            raise OverflowError("too large")
        return real(self, *given)

    with world() as here:
        write(here.source, bad="text", good="text", folder__file="text")
        os.utime(here.source / "bad", ns=(TIME, TIME))
        os.utime(here.source / "folder", ns=(TIME, TIME))
        (here.source / "bad").chmod(0o600)
        here.run(mode=mode)
        (here.destination / "bad").chmod(0o644)
        (here.destination / "good").unlink()
        (here.destination / "folder").chmod(0o700)
        monkeypatch.setattr(Policy, method, overflow)
        ran = here.run(mode=mode, verify_mode="ONLY_FILES_TRANSFERRED")
        assert set(ran.failures) == {"/bad", "/folder"}
        assert ran.failures["/bad"] == "OverflowError: too large"
        assert (here.destination / "good").exists()


@root_only
def test_an_owner_that_nobody_can_be_fails_its_file() -> None:
    with world(open_to_all=True) as here:
        write(here.source, bad="text", good="text")
        for name in ("bad", "good"):
            os.chown(here.source / name, 65534, 65534)
        os.setxattr(here.source / "bad", "user.datasync.owner", b"9999999999:0")
        (line,) = unprivileged(here, "verify_mode=NONE")
        assert "is not a user and a group: b'9999999999:0'" in line
        assert set(snapshot(here.destination)) == {"good"}


def test_permissions_may_come_with_the_kind_of_the_file() -> None:
    with world(OBJECT, POSIX) as here:
        write(here.source, file="text")
        carry(here.source / "file", file_permissions="0100640")
        options = {"verify_mode": "POINT_IN_TIME_CONSISTENT", "uid": "NONE", "gid": "NONE"}
        assert not here.run(**options).failures
        assert (here.destination / "file").stat().st_mode & 0o7777 == 0o640


def test_a_file_system_without_attributes_fails_with_a_clear_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(xattrs, "write", refuse)
    with world(POSIX, OBJECT) as here:
        write(here.source, file="text")
        ran = here.run()
        assert "user.datasync.metadata: Operation not supported" in ran.failures["/file"]
        assert not snapshot(here.destination)


def test_times_of_folders_are_set_after_their_contents() -> None:
    with world() as here:
        write(here.source, a__b__file="text")
        for path in ("a/b/file", "a/b", "a"):
            os.utime(here.source / path, ns=(TIME, TIME))
        here.run()
        write(here.source, a__b__new="text")
        os.utime(here.source / "a" / "b", ns=(TIME, TIME))
        (here.destination / "a" / "extra").write_text("")
        os.utime(here.destination / "a", ns=(TIME, TIME))
        ran = here.run(preserve_deleted_files="REMOVE")
        assert ran.kept.paths(Outcome.TRANSFERRED) == ["/a/b/new"]
        assert (here.destination / "a" / "b").stat().st_mtime_ns == TIME
        assert (here.destination / "a").stat().st_mtime_ns == TIME


def test_the_source_keeps_its_time_of_last_access() -> None:
    with world() as here:
        write(here.source, file="text")
        os.utime(here.source / "file", ns=(5, TIME))
        here.run(verify_mode="POINT_IN_TIME_CONSISTENT")
        if sys.platform == "linux":
            assert (here.source / "file").stat().st_atime_ns == 5
        assert (here.destination / "file").stat().st_atime_ns == 5


def test_a_source_from_the_future_is_not_newer_than_its_copy_for_ever() -> None:
    with world() as here:
        write(here.source, file="text")
        later(here.source / "file", 1_000_000)
        options = {"mtime": "NONE", "atime": "NONE"}
        assert here.run(**options).counters.files_transferred == 1
        assert here.run(**options).counters.files_transferred == 0


# A child without root's rights: the same class, the same calls.
CHILD = """
import os, sys
from pathlib import Path
from tests.local.transfer.kit import World, world
with world() as warm:  # All is imported while it can still be read.
    warm.run()
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
here = World(top=Path(sys.argv[1]))
for arguments in sys.argv[2:]:
    options = dict(each.split("=") for each in arguments.split(","))
    ran = here.run(**options)
    print(ran.counters.files_transferred, ran.counters.files_deleted, ran.ended.failed, ran.failures, sep="|")
"""


def unprivileged(here: World, *arguments: str) -> list[str]:
    """Run transfers one after the other without root's rights: what each of them says."""
    return run_child([], CHILD, here, *arguments)


def run_child(before: list[str], program: str, here: World, *arguments: str) -> list[str]:
    """Run a program of transfers, with something before it: what each of the transfers says."""
    done = subprocess.run(
        [*before, sys.executable, "-c", program, str(here.top), *arguments],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout.splitlines()


@root_only
@pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])
def test_without_roots_rights_owners_are_kept_in_an_attribute(mode: str) -> None:
    verify = "POINT_IN_TIME_CONSISTENT" if mode == "BASIC" else "ONLY_FILES_TRANSFERRED"
    arguments = f"mode={mode},verify_mode={verify}"
    with world(open_to_all=True) as here:
        write(here.source, folder__file="text", own="own", suid="suid")
        (here.source / "link").symlink_to("own")
        for name, owner in (("folder/file", (5, 6)), ("folder", (7, 8)), ("own", (65534, 65534))):
            os.chown(here.source / name, *owner)
        (here.source / "suid").chmod(0o4755)
        first, second = unprivileged(here, arguments, arguments)
        assert first.endswith("|0|0|{}"), first
        assert second == "0|0|0|{}"
        owner = os.getxattr(here.destination / "folder" / "file", "user.datasync.owner")
        assert owner == b"5:6"
        assert os.getxattr(here.destination / "folder", "user.datasync.owner") == b"7:8"
        assert os.listxattr(here.destination / "own") == []
        assert (here.destination / "suid").stat().st_mode & 0o7777 == 0o755
        # It goes on with a copy of the copy, if the same user makes that; but who has rights believes nobody.
        here.source.rename(here.top / "was")
        here.destination.rename(here.source)
        here.destination.mkdir(mode=0o777)
        here.destination.chmod(0o777)
        first, second = unprivileged(here, arguments, arguments)
        assert first.endswith("|0|0|{}"), first
        assert second == "0|0|0|{}"
        owner = os.getxattr(here.destination / "folder" / "file", "user.datasync.owner")
        assert owner == b"5:6"
        assert not here.run(verify_mode="POINT_IN_TIME_CONSISTENT").ended.failed
        assert status(here.destination / "folder" / "file")[:2] == (65534, 65534)
        assert not here.run().kept.paths(Outcome.TRANSFERRED)


@root_only
@pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])
def test_a_file_runs_as_nobody_but_who_allowed_it(mode: str) -> None:
    with world() as here:
        write(here.source, file="#!evil", kept="#!evil")
        write(here.destination, kept="old")
        for place, owner, bits in (
            (here.source / "file", 1000, 0o6755),
            (here.source / "kept", 1000, 0o6755),
            (here.destination / "kept", 1000, 0o4755),
        ):
            os.chown(place, owner, 2000)
            place.chmod(bits)
        options = {"mode": mode, "uid": "NONE", "verify_mode": "ONLY_FILES_TRANSFERRED"}
        assert not here.run(**options).failures
        assert status(here.destination / "file")[:3] == (0, 2000, 0o2755)
        assert status(here.destination / "kept")[:3] == (1000, 2000, 0o6755)
        assert not here.run(**options).kept.paths(Outcome.TRANSFERRED)


@root_only
@pytest.mark.parametrize("destination", [POSIX, OBJECT])
def test_nobody_can_make_files_roots_by_an_attribute(destination: Metadata) -> None:
    with world(POSIX, destination) as here:
        write(here.source, file="#!evil", folder__file="#!evil")
        for place in (here.source / "file", here.source / "folder", here.source / "folder" / "file"):
            os.setxattr(place, "user.datasync.owner", b"0:0")
            os.chown(place, 1000, 1000)
            place.chmod(0o4755)
        assert not here.run(verify_mode="POINT_IN_TIME_CONSISTENT").ended.failed
        if destination is OBJECT:
            assert carried(here.destination / "file")["file-owner"] == "1000"
        else:
            assert status(here.destination / "file")[:3] == (1000, 1000, 0o4755)
            assert status(here.destination / "folder")[:2] == (1000, 1000)
        assert not here.run().kept.paths(Outcome.TRANSFERRED)


@root_only
def test_without_roots_rights_a_changed_owner_is_metadata() -> None:
    with world(open_to_all=True) as here:
        write(here.source, file="text")
        os.chown(here.source / "file", 5, 6)
        (here.source / "file").chmod(0o444)
        unprivileged(here, "mode=BASIC")
        os.chown(here.source / "file", 9, 9)
        assert unprivileged(here, "mode=BASIC") == ["1|0|0|{}"]
        assert os.getxattr(here.destination / "file", "user.datasync.owner") == b"9:9"
        assert (here.destination / "file").stat().st_mode & 0o777 == 0o444
        os.chown(here.source / "file", 65534, 65534)
        assert unprivileged(here, "mode=BASIC") == ["1|0|0|{}"]
        assert os.listxattr(here.destination / "file") == []


@root_only
@pytest.mark.parametrize("verify", ["POINT_IN_TIME_CONSISTENT", "ONLY_FILES_TRANSFERRED"])
def test_without_roots_rights_modes_are_no_obstacle_at_a_destination_of_ours(verify: str) -> None:
    with world(open_to_all=True) as here:
        write(here.source, locked__inner__file="text", secret="secret", open__file="text")
        write(here.destination, locked__inner__extra="extra", open__extra="extra")
        for folder, _, files in os.walk(here.destination):
            for place in [Path(folder), *(Path(folder, name) for name in files)]:
                os.chown(place, 65534, 65534)
        for folder, _, files in os.walk(here.source):
            for place in [Path(folder), *(Path(folder, name) for name in files)]:
                os.chown(place, 65534, 65534)
        (here.source / "secret").chmod(0o400)
        (here.source / "locked" / "inner" / "file").chmod(0o444)
        for top in (here.source, here.destination):
            (top / "locked" / "inner").chmod(0o555)
            (top / "locked").chmod(0o500)
        (here.destination / "open").chmod(0o000)
        arguments = f"preserve_deleted_files=REMOVE,verify_mode={verify}"
        first, second = unprivileged(here, arguments, arguments)
        assert first.endswith("|2|0|{}"), first
        assert second == "0|0|0|{}"
        after, before = snapshot(here.destination), snapshot(here.source)
        assert after == before


@root_only
def test_without_roots_rights_what_cannot_be_read_fails_and_the_rest_goes_on() -> None:
    with world(open_to_all=True) as here:
        write(here.source, secret="secret", other="text", closed__file="text")
        (here.source / "secret").chmod(0o600)
        (here.source / "closed").chmod(0o700)
        (here.source / "blind").mkdir(mode=0o744)  # Names can be read, and nothing but names.
        write(here.source, blind__file="text")
        write(here.destination, blind__file="copy")
        for place in (here.destination / "blind", here.destination / "blind" / "file"):
            os.chown(place, 65534, 65534)
        arguments = "verify_mode=ONLY_FILES_TRANSFERRED,preserve_deleted_files=REMOVE"
        (line,) = unprivileged(here, arguments)
        assert "'/blind/file': 'Permission denied (errno 13)'" in line
        assert "'/secret': 'Permission denied (errno 13)'" in line
        assert "'/closed': 'Permission denied (errno 13)'" in line
        assert set(snapshot(here.destination)) == {"other", "closed", "blind", "blind/file"}


def mode_of(place: Path) -> int:
    """The permissions of a file or folder."""
    return stat.S_IMODE(place.lstat().st_mode)


def give(top: Path) -> None:
    """Have all belong to the user without rights."""
    for folder, folders, files in os.walk(top):
        for name in (*folders, *files):
            os.chown(Path(folder, name), 65534, 65534)


@root_only
@pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])
@pytest.mark.parametrize("folder_mode", [0o444, 0o600, 0o644, 0o200, 0o000])
def test_without_roots_rights_folders_of_ours_need_not_let_us_in(mode: str, folder_mode: int) -> None:
    with world(open_to_all=True) as here:
        write(here.source, folder__changed="new", folder__new="new", folder__inner__file="text")
        write(here.destination, folder__changed="old!", folder__extra="extra", folder__inner__extra="extra")
        give(here.destination)
        for place in (here.destination / "folder" / "inner", here.destination / "folder"):
            place.chmod(folder_mode)
        first = f"mode={mode},posix_permissions=NONE,preserve_deleted_files=REMOVE"
        verify = "POINT_IN_TIME_CONSISTENT" if mode == "BASIC" else "ONLY_FILES_TRANSFERRED"
        ran, again = unprivileged(here, f"{first},verify_mode={verify}", f"{first},verify_mode={verify}")
        assert ran.endswith("|2|0|{}"), ran
        assert again == "0|0|0|{}"
        assert {name: node.data for name, node in snapshot(here.destination).items()} == {
            "folder": b"",
            "folder/changed": b"new",
            "folder/new": b"new",
            "folder/inner": b"",
            "folder/inner/file": b"text",
        }
        assert mode_of(here.destination / "folder") == folder_mode
        assert mode_of(here.destination / "folder" / "inner") == folder_mode


@root_only
@pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])
def test_without_roots_rights_copies_may_be_such_as_their_owner_cannot_read(mode: str) -> None:
    with world(open_to_all=True) as here:
        write(here.source, file="text", folder__file="text")
        (here.source / "file").chmod(0o044)
        (here.source / "folder").chmod(0o055)
        for verify in ("POINT_IN_TIME_CONSISTENT", "ONLY_FILES_TRANSFERRED"):
            if (mode, verify) == ("ENHANCED", "POINT_IN_TIME_CONSISTENT"):
                continue
            first, second = unprivileged(here, *[f"mode={mode},verify_mode={verify}"] * 2)
            assert first.endswith("|0|0|{}"), first
            assert second == "0|0|0|{}"
            assert mode_of(here.destination / "file") == 0o044
            assert mode_of(here.destination / "folder") == 0o055
            assert os.getxattr(here.destination / "folder", "user.datasync.owner") == b"0:0"


@root_only
@pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])
def test_without_roots_rights_permissions_that_are_not_preserved_stay(mode: str) -> None:
    with world(open_to_all=True) as here:
        write(here.source, folder__file="text", folder__same="text")
        write(here.destination, folder__same="text")
        os.utime(here.source / "folder" / "same", ns=(TIME, TIME))
        os.utime(here.destination / "folder" / "same", ns=(TIME, TIME))
        give(here.destination)
        (here.destination / "folder").chmod(0o2775)
        (here.destination / "folder" / "same").chmod(0o2711)
        (line,) = unprivileged(here, f"mode={mode},posix_permissions=NONE")
        assert line.endswith("|0|0|{}"), line
        assert mode_of(here.destination / "folder") == 0o2775
        assert mode_of(here.destination / "folder" / "same") == 0o2711


@root_only
@pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])
def test_without_roots_rights_no_folder_stays_unlocked(mode: str) -> None:
    with world(open_to_all=True) as here:
        (here.source / "a").mkdir()
        (here.destination / "a" / "old").mkdir(parents=True)
        give(here.destination)
        (here.destination / "a" / "old").chmod(0)
        (here.destination / "a").chmod(0o200)
        options = "preserve_deleted_files=REMOVE,posix_permissions=NONE,verify_mode=NONE"
        (line,) = unprivileged(here, f"mode={mode},{options}")
        assert line.endswith("|0|{}"), line
        assert mode_of(here.destination / "a") == 0o200
        assert set(snapshot(here.destination)) == {"a"}


@root_only
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="nothing takes capabilities away")
@pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])
def test_root_without_capabilities_is_nobody_special(mode: str) -> None:
    with world() as here:
        write(here.source, folder__file="text", file="text", suid="suid")
        (here.source / "link").symlink_to("file")
        os.chown(here.source / "link", 5, 6, follow_symlinks=False)
        (here.source / "file").chmod(0o400)
        os.chown(here.source / "suid", 5, 6)
        (here.source / "suid").chmod(0o4755)
        (here.source / "folder").chmod(0o555)
        program = CHILD.replace("os.setgroups([])\nos.setgid(65534)\nos.setuid(65534)\n", "")
        without = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"]
        first, second = run_child(without, program, here, f"mode={mode}", f"mode={mode}")
        assert first.endswith("|0|0|{}"), first
        assert second == "0|0|0|{}"
        (here.source / "folder" / "new").write_text("text")
        (line,) = run_child(without, program, here, f"mode={mode}")
        assert line.endswith("|0|0|{}"), line
        assert (here.destination / "folder" / "new").read_text() == "text"
        assert mode_of(here.destination / "folder") == 0o555
        assert mode_of(here.destination / "suid") == 0o755
        assert os.getxattr(here.destination / "suid", "user.datasync.owner") == b"5:6"
