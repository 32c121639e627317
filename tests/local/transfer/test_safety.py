"""Nothing leaves the mapped folders, and no half-written file is ever seen."""

from __future__ import annotations

import errno
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from datasync_sdk import models as m
from datasync_sdk.local.transfer.engine import run
from datasync_sdk.local.transfer.job import (
    BucketPlace,
    Cancelled,
    Counters,
    FolderPlace,
    Job,
    Metadata,
    Outcome,
    TransferError,
)
from tests.local.transfer.kit import IS_ROOT, TestWatch, World, later, snapshot, world, write

root_only = pytest.mark.skipif(not IS_ROOT, reason="only root may")
MODES = pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])


@MODES
def test_links_are_copied_as_links_and_never_followed(mode: str) -> None:
    with world() as here:
        write(here.top, outside__secret="secret")
        write(here.source, file="text")
        (here.source / "out").symlink_to(here.top / "outside")
        (here.source / "up").symlink_to("../outside/secret")
        ran = here.run(mode=mode)
        assert not ran.ended.failed
        assert (here.destination / "out").readlink() == here.top / "outside"
        assert (here.destination / "up").is_symlink()
        assert set(snapshot(here.destination)) == {"file", "out", "up"}


@MODES
@pytest.mark.parametrize("removes", ["PRESERVE", "REMOVE"])
def test_a_link_at_the_destination_is_replaced_not_followed(mode: str, removes: str) -> None:
    with world() as here:
        write(here.top, outside__kept="kept")
        write(here.source, folder__new="new", file="text")
        (here.destination / "folder").symlink_to(here.top / "outside")
        (here.destination / "file").symlink_to(here.top / "outside" / "kept")
        ran = here.run(mode=mode, preserve_deleted_files=removes)
        assert not ran.ended.failed
        assert not (here.destination / "folder").is_symlink()
        assert (here.destination / "folder" / "new").read_text() == "new"
        assert (here.destination / "file").read_text() == "text"
        assert snapshot(here.top / "outside").keys() == {"kept"}
        assert (here.top / "outside" / "kept").read_text() == "kept"


def swap(folder: Path, target: Path) -> None:
    """What an attacker does: the folder is a link all of a sudden."""
    folder.rename(folder.with_name(f"{folder.name}-was"))
    folder.symlink_to(target)


@pytest.mark.parametrize("side", ["source", "destination"])
@pytest.mark.parametrize("depth", ["folder", "folder/inner"])
def test_a_folder_swapped_for_a_link_while_it_is_listed_leads_nowhere(side: str, depth: str) -> None:
    with world() as here:
        write(here.top, outside__inner__secret="secret", outside__secret="secret")
        write(here.source, folder__inner__file="text")
        write(here.destination, folder__inner__file="old")
        top = here.source if side == "source" else here.destination
        watch = TestWatch()
        outside = here.top / "outside"
        watch.on("list", "source", f"/{depth}", lambda: swap(top / "folder", outside))  # type: ignore[arg-type]
        ran = here.run(watch=watch, preserve_deleted_files="REMOVE")
        assert ran.ended.failed
        assert not any(node.data == b"secret" for node in snapshot(here.destination).values())
        assert snapshot(outside).keys() == {"inner", "inner/secret", "secret"}


def test_a_folder_swapped_for_a_link_while_it_is_written_to_leads_nowhere() -> None:
    with world() as here:
        write(here.top, outside__kept="kept")
        write(here.source, **{f"folder__file{number}": "text" for number in range(3)})
        watch = TestWatch()
        target, outside = here.destination / "folder", here.top / "outside"

        def swap_once(action: str, side: str, path: str) -> None:
            del side
            if action == "write" and path.startswith("/folder/") and not target.is_symlink():
                swap(target, outside)

        watch.hooks.append(swap_once)
        here.run(watch=watch)
        assert snapshot(outside).keys() == {"kept"}


def test_a_folder_swapped_for_a_link_before_deletions_leads_nowhere() -> None:
    with world() as here:
        write(here.top, outside__extra="kept")
        write(here.source, folder__file="text")
        write(here.destination, folder__file="text", folder__extra="extra")
        watch = TestWatch()
        target, outside = here.destination / "folder", here.top / "outside"
        watch.on("delete", "destination", "/folder/extra", lambda: swap(target, outside))
        ran = here.run(watch=watch, preserve_deleted_files="REMOVE")
        assert (outside / "extra").read_text() == "kept"
        assert ran.ended.failed or not (here.destination / "folder-was" / "extra").exists()


def test_a_file_swapped_for_a_link_is_not_read() -> None:
    with world() as here:
        write(here.top, secret="secret")
        write(here.source, file="text")
        watch = TestWatch()

        def swap_file() -> None:
            (here.source / "file").unlink()
            (here.source / "file").symlink_to(here.top / "secret")

        watch.on("read", "source", "/file", swap_file)
        ran = here.run(watch=watch)
        assert "symbolic link" in ran.failures["/file"]
        assert not snapshot(here.destination)


def test_fifos_and_sockets_are_skipped_with_a_reason() -> None:
    with world() as here:
        os.mkfifo(here.source / "fifo")
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(here.source / "socket"))
            ran = here.run(preserve_deleted_files="REMOVE")
        assert ran.ended.error_code is None
        assert ran.kept.paths(Outcome.SKIPPED) == ["/fifo", "/socket"]
        assert all(each.reason for each in ran.kept.results)
        assert ran.counters.files_skipped == 2


@root_only
def test_devices_are_made_where_they_are_to_be_preserved() -> None:
    with world() as here:
        os.mknod(here.source / "null", stat.S_IFCHR | 0o640, os.makedev(1, 3))
        assert here.run().kept.paths(Outcome.SKIPPED) == ["/null"]
        ran = here.run(preserve_devices="PRESERVE")
        assert not ran.ended.failed
        made = (here.destination / "null").lstat()
        assert (stat.S_ISCHR(made.st_mode), made.st_rdev) == (True, os.makedev(1, 3))
        assert stat.S_IMODE(made.st_mode) == 0o640
        assert not here.run(preserve_devices="PRESERVE").kept.paths(Outcome.TRANSFERRED)


def test_a_device_that_may_not_be_made_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as here:
        write(here.source, null="")
        real = os.lstat("/dev/null")

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

        monkeypatch.setattr(os, "mknod", refuse)
        from datasync_sdk.local.transfer.making import special

        with pytest.raises(PermissionError, match="only root"):
            special.make_device("null", real, 0)


def test_a_file_over_a_folder_that_is_not_empty_fails_and_keeps_it() -> None:
    with world() as here:
        write(here.source, thing="file", other="text")
        write(here.destination, thing__precious="kept")
        ran = here.run()
        assert ran.ended.error_code == "TransferFailed"
        assert "something in it that is to be kept" in ran.failures["/thing"]
        assert (here.destination / "thing" / "precious").read_text() == "kept"
        assert (here.destination / "other").read_text() == "text"
        assert not here.run(preserve_deleted_files="REMOVE").ended.failed
        assert (here.destination / "thing").read_text() == "file"


@MODES
def test_a_file_that_changes_while_it_is_copied_fails(mode: str) -> None:
    changes = {
        "grows": lambda place: place.write_text("longer than before"),
        "shrinks": lambda place: place.write_text(""),
        "is touched": later,
    }
    for change in changes.values():
        with world() as here:
            others = {f"other{number}": "text" for number in range(10)}
            write(here.source, file="text", **others)
            write(here.destination, file="old")
            watch = TestWatch()
            place = here.source / "file"
            watch.on("write", "destination", "/file", lambda: change(place))  # noqa: B023  # it is called here
            ran = here.run(mode=mode, watch=watch, verify_mode="NONE")
            assert set(ran.failures) == {"/file"}
            assert "changed while it was transferred" in ran.failures["/file"]
            assert (here.destination / "file").read_text() == "old"
            assert set(snapshot(here.destination)) == {"file", *others}


@pytest.mark.parametrize("verify", ["NONE", "ONLY_FILES_TRANSFERRED"])
def test_a_big_file_that_shrinks_or_grows_between_two_chunks_fails(verify: str) -> None:
    size = 40 * 1024 * 1024
    for new_size in (size // 2, size + 5):
        with world() as here:
            place = here.source / "big"
            place.write_bytes(os.urandom(size))
            watch = TestWatch()
            asked: list[str] = []

            def at_second_chunk(action: str, side: str, path: str) -> None:
                del side, path
                asked.append(action)  # noqa: B023  # it is called here
                if asked.count("write") == 2:  # noqa: B023  # it is called here
                    os.truncate(place, new_size)  # noqa: B023  # it is called here

            watch.hooks.append(at_second_chunk)
            ran = here.run(watch=watch, verify_mode=verify)
            assert "changed while it was transferred" in ran.failures["/big"]
            assert not snapshot(here.destination)


@MODES
def test_a_full_disk_fails_its_files_and_the_run_goes_on(mode: str) -> None:
    with world() as here:
        write(here.source, a="a", b="b", folder__c="c")
        watch = TestWatch()
        watch.fail("write", "destination", "/a", errno.ENOSPC)
        watch.fail("write", "destination", "/folder", errno.ENOSPC)
        ran = here.run(mode=mode, watch=watch, verify_mode="ONLY_FILES_TRANSFERRED")
        assert set(ran.failures) == {"/a", "/folder", "/folder/c"}
        assert "No space left" in ran.failures["/a"]
        assert set(snapshot(here.destination)) == {"b"}
        assert ran.ended.error_code == ("TransferFailed" if mode == "BASIC" else None)
        assert not here.run(mode=mode).ended.failed
        assert set(snapshot(here.destination)) == {"a", "b", "folder", "folder/c"}


@root_only
def test_a_disk_that_is_really_full() -> None:
    with world() as here:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", here.destination],  # noqa: S607
            check=False,
            capture_output=True,
        )
        if mounted.returncode:
            pytest.skip("no file system can be mounted here")
        try:
            write(here.source, a="small", z="small")
            (here.source / "big").write_bytes(os.urandom(3_000_000))
            ran = here.run(verify_mode="ONLY_FILES_TRANSFERRED")
            assert set(ran.failures) == {"/big"}
            assert set(snapshot(here.destination)) == {"a", "z"}
        finally:
            subprocess.run(["umount", here.destination], check=True)  # noqa: S607


def test_all_items_failing_makes_an_enhanced_execution_an_error() -> None:
    with world() as here:
        write(here.source, a="a")
        watch = TestWatch()
        watch.fail("read", "source", "/a")
        ran = here.run(mode="ENHANCED", watch=watch)
        assert ran.ended.error_code == "TransferFailed"
        assert ran.counters.files_failed_transfer == 1
        assert ran.ended.phases[1].status == m.PhaseStatus.ERROR


def test_what_cannot_be_listed_fails_and_nothing_of_it_is_deleted() -> None:
    with world() as here:
        write(here.source, folder__file="text")
        write(here.destination, folder__file="text", folder__extra="extra", gone="gone")
        watch = TestWatch()
        watch.fail("list", "source", "/folder")
        ran = here.run(mode="ENHANCED", watch=watch, preserve_deleted_files="REMOVE")
        assert set(ran.failures) == {"/folder"}
        assert ran.counters.folders_failed_list == 1
        assert set(snapshot(here.destination)) == {"folder", "folder/file", "folder/extra"}


def test_places_that_cannot_be_used_end_the_transfer() -> None:
    with world() as here:
        write(here.source, a="a")
        watch = TestWatch()
        watch.fail("list", "source", "/")
        with pytest.raises(TransferError, match="could not list the source"):
            here.run(watch=watch)
        watch = TestWatch()
        watch.on("write", "destination", "/a", lambda: remove_folders(here))
        with pytest.raises(TransferError, match="gone"):
            here.run(watch=watch)
        with pytest.raises(TransferError, match="could not open the destination"):
            here.run()
        bucket = BucketPlace(bucket="bucket", prefix="")
        folder = FolderPlace(folder=here.source, metadata=Metadata.POSIX)
        job = Job(
            name="x",
            source=folder,
            destination=bucket,
            mode=m.TaskMode.BASIC,
            options=m.Options(),
            workdir=here.top,
        )
        with pytest.raises(TransferError, match="bucket"):
            run(job, TestWatch(), Counters())


def remove_folders(here: World) -> None:
    """Take the destination away."""
    subprocess.run(["rm", "-rf", here.destination], check=True)  # noqa: S607


def test_what_dead_runs_left_is_cleared_and_what_living_ones_have_is_not() -> None:
    with world() as here:
        write(here.source, a="a")
        left = here.destination / ".aws-datasync" / "exec-dead"
        left.mkdir(parents=True)
        (left / "new").write_text("half")
        here.run()  # It sees to it that the folder is gone, too.
        watch = TestWatch()

        def another() -> None:
            before = (here.destination / ".aws-datasync" / "exec-0").stat().st_ino
            write(here.source, b="b")
            with pytest.raises(AssertionError):  # The folder is still there, for the run outside.
                here.run(name="exec-other")
            assert (here.destination / ".aws-datasync" / "exec-0").stat().st_ino == before

        later(here.source / "a")
        watch.on("write", "destination", "/a", another)
        assert not here.run(watch=watch).ended.failed
        assert set(snapshot(here.destination)) == {"a", "b"}


KILLED = """
import sys
from pathlib import Path
from tests.local.transfer.kit import World
print("begun", flush=True)
World(top=Path(sys.argv[1])).run(reports=False, verify_mode=sys.argv[2], transfer_mode="ALL")
"""


def test_killed_at_any_point_there_are_only_whole_files() -> None:
    with world() as here:
        contents = {f"f{number}": str(number) * 300_000 for number in range(10)}
        write(here.source, **contents)
        write(here.destination, **dict.fromkeys(contents, "old"))
        for turn in range(8):
            verify = "NONE" if turn % 2 else "ONLY_FILES_TRANSFERRED"
            child = subprocess.Popen(
                [sys.executable, "-c", KILLED, str(here.top), verify], stdout=subprocess.PIPE
            )
            with child:
                assert child.stdout
                child.stdout.readline()
                time.sleep(turn * 0.004)
                child.send_signal(signal.SIGKILL)
            for place in here.destination.glob("f*"):
                assert place.read_text() in {"old", contents[place.name]}
            for place in here.top.glob("work*"):
                subprocess.run(["rm", "-r", place], check=True)  # noqa: S607
        here.run()
        assert {path: node.data.decode() for path, node in snapshot(here.destination).items()} == contents


def test_a_run_that_is_cancelled_leaves_nothing_half_done() -> None:
    with world() as here:
        (here.source / "big").write_bytes(os.urandom(3_000_000))
        (here.destination / "big").write_text("old")
        watch = TestWatch()
        watch.bytes_per_second = 1_000_000
        watch.cancel_at = 8
        with pytest.raises(Cancelled):
            here.run(watch=watch)
        assert (here.destination / "big").read_text() == "old"


def test_deep_trees_need_neither_recursion_nor_descriptors() -> None:
    import resource

    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    with world() as here:
        fds = len(list(Path("/dev/fd").iterdir()))
        top = os.open(here.source, os.O_RDONLY)
        for _ in range(2046):
            os.mkdir("a", dir_fd=top)
            inner = os.open("a", os.O_RDONLY, dir_fd=top)
            os.close(top)
            top = inner
        os.close(os.open("f", os.O_CREAT, 0o600, dir_fd=top))
        os.close(os.open("too long", os.O_CREAT, 0o600, dir_fd=top))
        os.close(top)
        resource.setrlimit(resource.RLIMIT_NOFILE, (fds + 120, limits[1]))
        try:
            ran = here.run(mode="ENHANCED", preserve_deleted_files="REMOVE")
            again = here.run(mode="ENHANCED", preserve_deleted_files="REMOVE")
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        assert list(ran.failures.values()) == ["the path is longer than 4,096 bytes"]
        assert (ran.counters.files_transferred, ran.counters.folders_transferred) == (1, 2046)
        assert (again.counters.files_transferred, again.counters.folders_transferred) == (0, 0)
        remove_deep(here.source)
        assert not here.run(preserve_deleted_files="REMOVE").ended.failed
        assert not list(here.destination.iterdir())


def remove_deep(top: Path) -> None:
    """Empty a folder that is too deep for Python's own means."""
    subprocess.run(["find", top, "-mindepth", "1", "-delete"], check=True)  # noqa: S607


def test_no_descriptor_is_left_open() -> None:
    with world() as here:
        write(here.source, a__b__c="c", d="d")
        before = len(list(Path("/dev/fd").iterdir()))
        here.run()
        watch = TestWatch()
        watch.cancel_at = 2
        with pytest.raises(Cancelled):
            here.run(watch=watch, transfer_mode="ALL")
        assert len(list(Path("/dev/fd").iterdir())) == before
