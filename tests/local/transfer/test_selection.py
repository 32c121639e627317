"""Filters and manifests, and how each mode counts."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasync_sdk import filters
from datasync_sdk import models as m
from datasync_sdk.local.transfer.job import ManifestEntry, Outcome
from datasync_sdk.local.transfer.listing.selection import Selected, Selection, is_reserved
from tests.local.transfer.kit import TestWatch, later, rules, snapshot, world, write

PARTS = st.sampled_from(["a", "b", "ab", ".zfs", "x.snapshot", ".aws-datasync", "*", "|", "\\", "é"])
PATHS = st.lists(PARTS, min_size=1, max_size=4).map("/".join)
PATTERNS = st.text("ab/*|\\.é", max_size=8).map(lambda text: f"/{text}")


@given(PATHS, st.booleans())
def test_reserved_names_are_those_of_the_filters(path: str, is_folder: bool) -> None:
    assert any(map(is_reserved, path.split("/"))) == (not filters.selected(path, is_folder))


@given(PATHS, PATTERNS, PATTERNS | st.just(""))
def test_a_folder_is_gone_into_if_something_below_may_be_selected(
    path: str, includes: str, excludes: str
) -> None:
    selection = Selection(rules(includes), rules(excludes))
    selected = filters.selected(path, includes=includes, excludes=excludes)
    assert (selection.of(path, is_folder=False) is Selected.YES) == selected
    if selected:
        names = path.split("/")
        for length in range(1, len(names)):
            assert selection.of("/".join(names[:length]), is_folder=True) is not Selected.NO


def test_excluded_folders_are_not_listed() -> None:
    with world() as here:
        write(here.source, a__file="text", b__deep__file="text", c__file="text")
        watch = TestWatch()
        listed: list[str] = []

        def note(action: str, side: str, path: str) -> None:
            del side
            if action == "list":
                listed.append(path)

        watch.hooks.append(note)
        here.run(watch=watch, includes="/a|/b/other", excludes="/a/x", verify_mode="NONE")
        assert set(listed) == {"/", "/a", "/b"}
        assert set(snapshot(here.destination)) == {"a", "a/file"}


def test_what_filters_exclude_is_never_deleted() -> None:
    with world() as here:
        write(here.source, keep="text")
        write(here.destination, keep="text", gone="x", other__kept__file="x", other__gone="x", a__b="x")
        ran = here.run(excludes="/other/kept", preserve_deleted_files="REMOVE")
        assert not ran.ended.failed
        assert set(snapshot(here.destination)) == {"keep", "other", "other/kept", "other/kept/file"}
        assert ran.counters.files_deleted == ran.counters.estimated_files_to_delete == 4


def listed(*paths: str) -> list[ManifestEntry]:
    """A manifest."""
    return [ManifestEntry(path=path) for path in paths]


@pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])
def test_a_manifest_limits_everything(mode: str) -> None:
    with world() as here:
        write(here.source, a__one="1", a__two="2", b__c__three="3", four="4")
        write(here.destination, extra="extra")
        os.utime(here.source / "b" / "c", ns=(5, 5))
        verify = "POINT_IN_TIME_CONSISTENT" if mode == "BASIC" else "ONLY_FILES_TRANSFERRED"
        entries = listed("a/one", "/b/c/three", "b/c/three", "four")
        options = {"mode": mode, "verify_mode": verify, "preserve_deleted_files": "REMOVE"}
        ran = here.run(manifest=entries, **options)
        assert not ran.ended.failed
        found = snapshot(here.destination)
        assert set(found) == {"a", "a/one", "b", "b/c", "b/c/three", "four", "extra"}
        assert found["b/c"].mtime == 5
        assert ran.counters.files_transferred >= 3
        assert ran.counters.folders_transferred == 0
        again = here.run(manifest=entries, **options)
        assert not again.kept.paths(Outcome.TRANSFERRED)
        later(here.source / "a" / "one")
        later(here.source / "a" / "two")
        again = here.run(manifest=entries, **options)
        assert again.kept.paths(Outcome.TRANSFERRED) == ["/a/one"]


def test_what_a_manifest_lists_wrongly_fails() -> None:
    with world() as here:
        write(here.top, secret="secret")
        write(here.source, good="text", folder__file="text", old__snapshot="x")
        (here.source / "link").symlink_to(here.top)
        entries = listed("good", "missing", "folder", "../secret", "a//b", "", "folder/./file", "link/secret")
        entries += [
            ManifestEntry(path="folder/file", version_id="v1"),
            *listed("x" * 300, ".zfs/file", "n\0l"),
        ]
        ran = here.run(manifest=entries)
        assert len(ran.failures) == len(entries) - 1
        assert "/good" not in ran.failures
        assert "no such file" in ran.failures["/missing"]
        assert "is a folder" in ran.failures["/folder"]
        assert set(snapshot(here.destination)) == {"good"}
        assert ran.ended.error_code == "PrepareFailed"


def test_a_manifest_does_not_go_through_links_at_the_destination() -> None:
    with world() as here:
        write(here.source, a__b="text")
        write(here.top, outside__b="kept")
        (here.destination / "a").symlink_to(here.top / "outside")
        ran = here.run(manifest=listed("a/b"))
        assert set(ran.failures) == {"/a", "/a/b"}
        assert "has to stay" in ran.failures["/a/b"]
        assert (here.top / "outside" / "b").read_text() == "kept"
        assert (here.destination / "a").is_symlink()


@pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])
def test_a_folder_that_a_manifest_needs_twice_is_made_once_and_fails_once(mode: str) -> None:
    with world() as here:
        write(here.source, a__1="1", a__2="2", b__1="1", b__c__1="1", b__2="2", b__d__1="1")
        for folder in ("b/c", "b/d", "b"):
            os.utime(here.source / folder, ns=(5, 5))
        write(here.destination, a="in the way")
        paths = ("a/1", "b/1", "b/c/1", "a/2", "b/2", "b/d/1")
        ran = here.run(mode=mode, verify_mode="ONLY_FILES_TRANSFERRED", manifest=listed(*paths))
        assert set(ran.failures) == {"/a", "/a/1", "/a/2"}
        assert not any(";" in reason for reason in ran.failures.values())
        assert ran.ended.failed == 3
        if mode == "ENHANCED":
            assert ran.counters.folders_failed_transfer == 1
        found = snapshot(here.destination)
        assert [found[folder].mtime for folder in ("b", "b/c", "b/d")] == [5, 5, 5]


@pytest.mark.parametrize("transfer_mode", ["CHANGED", "ALL"])
def test_what_filters_leave_out_does_not_give_way_to_a_folder(transfer_mode: str) -> None:
    with world() as here:
        write(here.source, a__b="text", c__b="text")
        write(here.destination, a="kept", c="given up")
        ran = here.run(includes="/a/b|/c", transfer_mode=transfer_mode)
        assert set(ran.failures) == {"/a", "/a/b"}
        assert (here.destination / "a").read_text() == "kept"
        assert (here.destination / "c" / "b").read_text() == "text"
        assert not here.run(includes="/a/x|/c", transfer_mode=transfer_mode).ended.failed


def test_how_basic_mode_counts() -> None:
    with world() as here:
        write(here.source, a="12345", folder__b="123", same="s")
        here.run(includes="/same")
        write(here.destination, gone__x="x")
        ran = here.run(preserve_deleted_files="REMOVE")
        counted = {name: value for name, value in ran.counters.as_dict().items() if value}
        assert counted == {
            "bytes_compressed": 8,
            "bytes_transferred": 8,
            "bytes_written": 8,
            "estimated_bytes_to_transfer": 8,
            "estimated_files_to_delete": 2,
            "estimated_files_to_transfer": 5,
            "files_deleted": 2,
            "files_skipped": 1,
            "files_transferred": 3,
            "files_verified": 4,
        }
        assert ran.watch.phases == [
            m.TaskExecutionStatus.PREPARING,
            m.TaskExecutionStatus.TRANSFERRING,
            m.TaskExecutionStatus.VERIFYING,
        ]


def test_how_enhanced_mode_counts() -> None:
    with world() as here:
        write(here.source, a="12345", folder__b="123", same="s", **{"left.out": "x"})
        here.run(includes="/same")
        write(here.destination, gone__x="x")
        ran = here.run(mode="ENHANCED", preserve_deleted_files="REMOVE", excludes="*.out")
        counted = {name: value for name, value in ran.counters.as_dict().items() if value}
        assert counted == {
            "bytes_transferred": 8,
            "bytes_written": 8,
            "estimated_bytes_to_transfer": 8,
            "estimated_files_to_delete": 1,
            "estimated_files_to_transfer": 2,
            "estimated_folders_to_delete": 1,
            "estimated_folders_to_transfer": 1,
            "files_deleted": 1,
            "files_listed_at_destination_for_delete": 2,
            "files_listed_at_source": 4,
            "files_prepared": 2,
            "files_skipped": 1,
            "files_transferred": 2,
            "files_verified": 2,
            "folders_deleted": 1,
            "folders_listed_at_destination_for_delete": 1,
            "folders_listed_at_source": 1,
            "folders_prepared": 1,
            "folders_transferred": 1,
            "folders_verified": 1,
        }
        everything = here.run(mode="ENHANCED", transfer_mode="ALL").counters
        assert (everything.files_prepared, everything.folders_prepared) == (0, 0)


def test_metadata_alone_is_transferred_as_metadata() -> None:
    with world() as here:
        write(here.source, file="text")
        here.run()
        (here.source / "file").chmod(0o600)
        inode = (here.destination / "file").stat().st_ino
        ran = here.run()
        assert (ran.counters.files_transferred, ran.counters.bytes_written) == (1, 0)
        assert (here.destination / "file").stat().st_mode & 0o777 == 0o600
        assert (here.destination / "file").stat().st_ino == inode
        (result,) = [each for each in ran.kept.results if each.outcome is Outcome.TRANSFERRED]
        assert result.transfer_type
        assert (result.transfer_type.value, result.overwrite) == ("METADATA", True)


def test_hard_links_become_files_of_their_own() -> None:
    with world() as here:
        write(here.source, one="text")
        os.link(here.source / "one", here.source / "two")
        assert not here.run().ended.failed
        assert (here.destination / "one").stat().st_nlink == 1
        assert (here.destination / "two").read_text() == "text"


def test_many_files_and_folders_in_one_folder() -> None:
    with world() as here:
        for number in range(700):
            (here.source / f"file{number}").touch()
            (here.source / f"folder{number}").mkdir()
        ran = here.run(mode="ENHANCED", reports=False)
        assert (ran.counters.files_transferred, ran.counters.folders_transferred) == (700, 700)
        for number in range(0, 700, 2):
            (here.source / f"file{number}").unlink()
            (here.source / f"folder{number}").rmdir()
        ran = here.run(mode="ENHANCED", preserve_deleted_files="REMOVE", reports=False)
        assert (ran.counters.files_deleted, ran.counters.folders_deleted) == (350, 350)
        assert set(snapshot(here.destination)) == set(snapshot(here.source))


@pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])
def test_never_leaves_a_folder_alone_that_somebody_makes_meanwhile(mode: str) -> None:
    with world() as here:
        write(here.source, d__f="text")
        watch = TestWatch()
        watch.on("write", "destination", "/d", lambda: (here.destination / "d").mkdir(mode=0o700))
        ran = here.run(mode=mode, watch=watch, overwrite_mode="NEVER")
        assert set(ran.failures) == {"/d"}
        assert "in the meantime" in ran.failures["/d"]
        assert (here.destination / "d").stat().st_mode & 0o777 == 0o700
        assert (here.destination / "d" / "f").read_text() == "text"
