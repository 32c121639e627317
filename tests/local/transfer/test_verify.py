"""What each verify mode finds, and what it does not."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datasync_sdk import models as m
from datasync_sdk.local.transfer.job import Metadata, Outcome, PhaseEnd
from tests.local.transfer.kit import SECOND, Node, TestWatch, World, build, later, snapshot, world, write

MODES = [
    ("BASIC", "ONLY_FILES_TRANSFERRED"),
    ("BASIC", "POINT_IN_TIME_CONSISTENT"),
    ("ENHANCED", "ONLY_FILES_TRANSFERRED"),
]
EACH = pytest.mark.parametrize(("mode", "verify"), MODES)
BIG = 3 * 1024 * 1024 + 1


@EACH
@pytest.mark.parametrize("size", [0, 1, 1000, BIG])
def test_what_is_damaged_on_the_way_is_found(mode: str, verify: str, size: int) -> None:
    with world() as here:
        (here.source / "bad").write_bytes(os.urandom(size))
        (here.source / "good").write_bytes(os.urandom(size))
        watch = TestWatch()
        watch.corrupt = {"/bad"}
        ran = here.run(mode=mode, verify_mode=verify, watch=watch)
        assert set(ran.failures) == {"/bad"}
        assert ran.kept.paths(Outcome.VERIFIED) == ["/good"]
        if mode == "BASIC":
            assert ran.ended.error_code == "VerifyFailed"
            assert ran.ended.phases[2].status == m.PhaseStatus.ERROR
            assert ran.ended.phases[1].status == m.PhaseStatus.SUCCESS
        else:
            assert ran.ended.error_code is None
            assert ran.counters.files_failed_verify == 1


def test_without_verification_damage_is_not_found() -> None:
    with world() as here:
        write(here.source, bad="text")
        watch = TestWatch()
        watch.corrupt = {"/bad"}
        ran = here.run(verify_mode="NONE", watch=watch)
        assert ran.ended.error_code is None
        assert m.TaskExecutionStatus.VERIFYING not in watch.phases
        assert (here.destination / "bad").read_bytes() != b"text"


def on_verifying(watch: TestWatch, do: Callable[[], object]) -> None:
    """Do something when all is transferred and nothing is verified."""
    real = watch.enter

    def enter(phase: m.TaskExecutionStatus, before: tuple[PhaseEnd, ...]) -> None:
        real(phase, before)
        if phase == m.TaskExecutionStatus.VERIFYING:
            do()

    watch.enter = enter  # type: ignore[method-assign]


def rewrite(place: Path) -> None:
    """Change a byte and nothing else that can be seen."""
    times = place.stat()
    place.write_text(place.read_text().upper())
    os.utime(place, ns=(times.st_atime_ns, times.st_mtime_ns))


CHANGES: dict[str, Callable[[World], object]] = {
    "destination content": lambda here: rewrite(here.destination / "folder" / "file"),
    "source content": lambda here: rewrite(here.source / "folder" / "file"),
    "source newer": lambda here: later(here.source / "folder" / "file"),
    "destination removed": lambda here: (here.destination / "folder" / "file").unlink(),
    "source removed": lambda here: (here.source / "folder" / "file").unlink(),
    "destination mode": lambda here: (here.destination / "folder" / "file").chmod(0o600),
    "destination longer": lambda here: (here.destination / "folder" / "file").write_text("longer text"),
    "destination time": lambda here: later(here.destination / "folder" / "file"),
}


@pytest.mark.parametrize("verify", ["ONLY_FILES_TRANSFERRED", "POINT_IN_TIME_CONSISTENT"])
@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_before_it_is_verified_is_found(verify: str, change: str) -> None:
    with world() as here:
        write(here.source, folder__file="text", other="text")
        watch = TestWatch()
        on_verifying(watch, lambda: CHANGES[change](here))
        ran = here.run(verify_mode=verify, watch=watch, preserve_deleted_files="REMOVE")
        assert "/folder/file" in ran.failures
        assert ran.ended.error_code == "VerifyFailed"
        assert "/other" not in ran.failures


def test_only_point_in_time_looks_at_what_was_not_transferred() -> None:
    with world() as here:
        write(here.source, file="text", folder__other="text", big="big" * BIG)
        here.run()
        rewrite(here.destination / "file")
        rewrite(here.destination / "big")
        write(here.destination, extra="extra")
        assert not here.run(verify_mode="ONLY_FILES_TRANSFERRED").ended.failed
        ran = here.run(verify_mode="POINT_IN_TIME_CONSISTENT")
        assert set(ran.failures) == {"/file", "/big"}
        assert ran.counters.files_verified == 2
        watch = TestWatch()
        on_verifying(watch, lambda: write(here.destination, new="new"))
        ran = here.run(verify_mode="POINT_IN_TIME_CONSISTENT", preserve_deleted_files="REMOVE", watch=watch)
        assert set(ran.failures) == {"/file", "/big", "/new"}


def test_point_in_time_keeps_to_filters() -> None:
    with world() as here:
        write(here.source, a__file="text", b__file="text")
        ran = here.run(verify_mode="POINT_IN_TIME_CONSISTENT", includes="/a")
        assert not ran.ended.failed
        assert ran.kept.paths(Outcome.VERIFIED) == ["/a", "/a/file"]
        assert ran.counters.files_verified == 2


def test_what_overwrite_never_keeps_is_no_failure() -> None:
    with world() as here:
        write(here.source, a="text", b="text")
        write(here.destination, a="kept")
        ran = here.run(verify_mode="POINT_IN_TIME_CONSISTENT", overwrite_mode="NEVER")
        assert not ran.ended.failed
        assert ran.kept.paths(Outcome.VERIFIED) == ["/b"]
        assert (here.destination / "a").read_text() == "kept"


@EACH
@pytest.mark.parametrize("destination", list(Metadata))
def test_all_kinds_of_items_are_verified(mode: str, verify: str, destination: Metadata) -> None:
    with world(Metadata.POSIX, destination) as here:
        tree = {"d": Node(kind="d", mode=0o755), "d/f": Node(data=b"x"), "d/l": Node(kind="l", data=b"f")}
        build(here.source, tree)
        ran = here.run(mode=mode, verify_mode=verify)
        found = ["/d", "/d/f", "/d/l"] if destination is Metadata.POSIX else ["/d", "/d/f"]
        assert ran.kept.paths(Outcome.VERIFIED) == found
        both = ran.counters.files_verified + ran.counters.folders_verified
        assert both == len(found)
        assert ran.counters.folders_verified == (mode == "ENHANCED")
        assert len(snapshot(here.destination)) == len(found)


def test_a_source_that_changed_its_mode_only_after_the_copy_is_metadata() -> None:
    with world() as here:
        write(here.source, file="text")
        watch = TestWatch()
        on_verifying(watch, lambda: (here.source / "file").chmod(0o600))
        ran = here.run(verify_mode="ONLY_FILES_TRANSFERRED", watch=watch)
        assert "metadata" in ran.failures["/file"]


@EACH
def test_faults_of_verification_are_failures_of_items(mode: str, verify: str) -> None:
    with world() as here:
        write(here.source, a="text", b="text")
        watch = TestWatch()
        watch.fail("verify", "destination", "/a")
        ran = here.run(mode=mode, verify_mode=verify, watch=watch)
        assert set(ran.failures) == {"/a"}
        assert ran.counters.files_verified == 1


@pytest.mark.parametrize("mtime", ["PRESERVE", "NONE"])
@pytest.mark.parametrize("verify", ["ONLY_FILES_TRANSFERRED", "POINT_IN_TIME_CONSISTENT"])
@pytest.mark.parametrize("destination", [Metadata.POSIX, Metadata.OBJECT, Metadata.WINDOWS])
def test_the_next_run_mends_a_damaged_copy(mtime: str, verify: str, destination: Metadata) -> None:
    options = {"verify_mode": verify, "mtime": mtime, "atime": "NONE" if mtime == "NONE" else "BEST_EFFORT"}
    with world(destination=destination) as here:
        write(here.source, good="text", folder__bad="text", empty="", big="big" * BIG)
        (here.source / "folder" / "bad").chmod(0o400)
        watch = TestWatch()
        watch.corrupt = {"/folder/bad", "/empty", "/big"}
        ran = here.run(watch=watch, **options)
        assert set(ran.failures) == watch.corrupt
        told = {each.path: each for each in ran.kept.results if each.failure}["/folder/bad"]
        assert told.source
        assert told.destination
        assert told.source.size == told.destination.size
        ran = here.run(**options)
        assert not ran.ended.failed, ran.failures
        assert ran.kept.paths(Outcome.TRANSFERRED) == ["/big", "/empty", "/folder/bad"]
        assert (here.destination / "folder" / "bad").read_text() == "text"
        assert here.run(**options).counters.files_transferred == 0


@pytest.mark.parametrize("verify", ["ONLY_FILES_TRANSFERRED", "POINT_IN_TIME_CONSISTENT"])
def test_reports_have_the_checksums_of_what_was_verified(verify: str) -> None:
    with world() as here:
        write(here.source, small="text", big="big" * BIG)
        ran = here.run(verify_mode=verify)
        for each in ran.kept.results:
            if each.outcome is Outcome.VERIFIED:
                content = (here.source / each.path[1:]).read_bytes()
                assert each.source
                assert each.source.checksum == f"SHA256:{hashlib.sha256(content).hexdigest()}"
                assert each.destination
                assert each.destination.checksum == each.source.checksum


@EACH
@pytest.mark.parametrize("destination", list(Metadata))
@pytest.mark.parametrize("grain", [100, SECOND, 2 * SECOND])
def test_times_need_not_be_more_exact_than_the_destination_keeps_them(
    mode: str, verify: str, destination: Metadata, grain: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, options = os.utime, {"mode": mode, "verify_mode": verify}

    def coarse(path: str | int, *, ns: tuple[int, int], **more: Any) -> None:
        real(path, ns=(ns[0] - ns[0] % grain, ns[1] - ns[1] % grain), **more)

    with world(destination=destination) as here:
        write(here.source, bad="text", folder__file="text")
        for path in ("bad", "folder/file", "folder"):
            os.utime(here.source / path, ns=(0, 1_600_000_001 * SECOND + 987_654_321))
        monkeypatch.setattr(os, "utime", coarse)
        watch = TestWatch()
        watch.corrupt = {"/bad"}
        assert set(here.run(watch=watch, **options).failures) == {"/bad"}
        ran = here.run(**options)
        assert not ran.ended.failed, ran.failures
        assert ran.kept.paths(Outcome.TRANSFERRED) == ["/bad"]
        ran = here.run(**options)
        assert not ran.ended.failed
        assert not ran.kept.paths(Outcome.TRANSFERRED)
        real(here.source / "folder" / "file", ns=(0, 1_600_000_003 * SECOND))
        assert here.run(**options).kept.paths(Outcome.TRANSFERRED) == ["/folder/file"]


def test_what_differs_is_told_truthfully() -> None:
    with world() as here:
        write(here.source, file="text", kept="text")
        (here.source / "link").symlink_to("file")
        here.run()
        watch = TestWatch()

        def change() -> None:
            later(here.destination / "file")
            (here.destination / "link").unlink()
            (here.destination / "link").symlink_to("kept")

        on_verifying(watch, change)
        ran = here.run(verify_mode="POINT_IN_TIME_CONSISTENT", watch=watch)
        assert ran.failures == {
            "/file": "its size or time at the destination is not that of the source",
            "/link": "the destination has something else of this name",
        }


@EACH
def test_a_copy_whose_content_was_not_transferred_keeps_its_time(mode: str, verify: str) -> None:
    with world() as here:
        write(here.source, file="text")
        here.run()
        rewrite(here.destination / "file")
        (here.source / "file").chmod(0o600)
        time = (here.destination / "file").stat().st_mtime_ns
        ran = here.run(mode=mode, verify_mode=verify)
        assert ran.kept.paths(Outcome.TRANSFERRED) == ["/file"]
        assert set(ran.failures) == {"/file"}
        assert (here.destination / "file").stat().st_mtime_ns == time


@EACH
@pytest.mark.parametrize("verifies", [True, False])
def test_holes_stay_holes(mode: str, verify: str, verifies: bool) -> None:
    with world() as here:
        place, size = here.source / "file", 8 * BIG + 1
        with place.open("wb") as file:
            for at in (0, BIG, 5 * BIG):
                file.seek(at)
                file.write(os.urandom(100_000))
            file.truncate(size)
        if place.stat().st_blocks * 512 >= size:
            pytest.skip("the file system has no holes")
        ran = here.run(mode=mode, verify_mode=verify if verifies else "NONE")
        assert not ran.ended.failed, ran.failures
        assert ran.counters.bytes_written == size
        assert (here.destination / "file").read_bytes() == place.read_bytes()
        assert (here.destination / "file").stat().st_blocks * 512 < size // 4
        assert not here.run(mode=mode, verify_mode=verify).kept.paths(Outcome.TRANSFERRED)
