"""Task reports: what the local service writes in both forms is read in one, as are AWS's examples."""

from __future__ import annotations

import json
import pickle
import shutil
import tracemalloc
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from datasync_sdk import models as m
from datasync_sdk.local.reports.recorder import Recorder
from datasync_sdk.local.reports.report import write_reports
from datasync_sdk.local.transfer.job import FolderPlace, Metadata
from datasync_sdk.local.transfer.outcome.outcomes import ItemKind, ItemResult, ItemState, Outcome
from datasync_sdk.manifests import write_manifest
from datasync_sdk.objects import S3Objects
from datasync_sdk.reports import (
    Report,
    ReportEntry,
    ReportError,
    ReportKind,
    ReportLocation,
    ReportMetadata,
    ReportPlace,
    failed_paths,
    read_part,
    read_report,
    read_summary,
)
from tests.local.test_reports import (
    DESCRIBED,
    EVERYTHING,
    EXECUTION,
    NAME,
    NFS,
    S3,
    SMB,
    config,
    objects_in,
    readable,
    results,
)
from tests.local.world import ROLE, World, modes, world
from tests.sdk import server

__all__ = ["world"]  # a fixture
moto = server.moto
moto_url = server.moto_url

RESULT = ItemResult(path="/a/b", kind=ItemKind.FILE, outcome=Outcome.TRANSFERRED)
WHEN = datetime(2022, 1, 7, 16, 59, 26, 136114, tzinfo=UTC)

# The first row is that of the user guide; the second one has the form of a failure, with a made-up code.
# https://docs.aws.amazon.com/datasync/latest/userguide/task-reports.html
BASIC = {
    "TaskExecutionId": "exec-abcdefgh12345678",
    "Transferred": [
        {
            "RelativePath": "/object1.txt",
            "SrcMetadata": {
                "Type": "Regular",
                "ContentSize": 6,
                "Mtime": "2022-01-07T16:59:26.136114671Z",
                "Atime": "2022-01-07T16:59:26.136114671Z",
                "Uid": 0,
                "Gid": 0,
                "Mode": "0644",
            },
            "Overwrite": "False",
            "TransferTimestamp": "2022-01-07T16:59:45.747270957Z",
            "TransferType": "CONTENT_AND_METADATA",
            "TransferStatus": "SUCCESS",
        },
        {
            "RelativePath": "/object2.txt",
            "SrcMetadata": {"Type": "Regular", "ContentSize": 10},
            "Overwrite": "True",
            "TransferTimestamp": "2022-01-07T16:59:45.825Z",
            "TransferType": "CONTENT_AND_METADATA",
            "TransferStatus": "FAILED",
            "FailureReason": "S3 Get Object Failed",
            "FailureCode": 40974,
        },
    ],
}
ENHANCED = {
    "TaskExecutionId": "exec-abcdefgh12345678",
    "Transferred": [
        {
            "RelativePath": "object1.txt",
            "SourceMetadata": {"Type": "Object", "ContentSize": 6, "LastModified": "2022-01-07T16:59:26Z"},
            "Overwrite": "True",
            "TransferTimestamp": "2022-01-07T16:59:45Z",
            "TransferType": "METADATA",
            "TransferStatus": "FAILED",
            "ErrorCode": "AccessDenied",
            "ErrorDetail": "No",
        }
    ],
}


def content(told: object) -> bytes:
    return json.dumps(told).encode()


def test_the_documented_example_of_basic_mode() -> None:
    first, second = read_part(content(BASIC))
    assert first == ReportEntry(
        kind=ReportKind.TRANSFERRED,
        path="object1.txt",
        status="SUCCESS",
        transfer_type="CONTENT_AND_METADATA",
        overwrite=False,
        timestamp=datetime(2022, 1, 7, 16, 59, 45, 747270, tzinfo=UTC),
        source=ReportMetadata(
            type="Regular",
            size=6,
            mtime=WHEN,
            atime=WHEN,
            uid=0,
            gid=0,
            mode=0o644,
            raw=BASIC["Transferred"][0]["SrcMetadata"],  # type: ignore[index]
        ),
        raw=BASIC["Transferred"][0],  # type: ignore[arg-type]
    )
    assert first.raw["TransferTimestamp"] == "2022-01-07T16:59:45.747270957Z"
    assert (second.succeeded, second.overwrite) == (False, True)
    assert (second.error_code, second.error_detail) == ("40974", "S3 Get Object Failed")
    assert first.succeeded
    assert list(failed_paths([first, second])) == ["object2.txt"]


def test_the_documented_example_of_enhanced_mode() -> None:
    (entry,) = read_part(content(ENHANCED))
    assert (entry.path, entry.error_code, entry.error_detail) == ("object1.txt", "AccessDenied", "No")
    assert entry.source
    assert (entry.source.type, entry.source.mtime) == ("Object", WHEN.replace(microsecond=0))
    assert (entry.source.atime, entry.source.mode, entry.destination) == (None, None, None)


def test_entries_are_values() -> None:
    (entry,) = read_part(content(ENHANCED))
    assert pickle.loads(pickle.dumps(entry)) == entry
    assert {entry, evolve(entry)} == {entry}
    assert evolve(entry, raw={}) != entry


def written(
    folder: Path,
    given_results: list[ItemResult],
    mode: m.TaskMode,
    uris: tuple[str, str],
    limit: int,
) -> None:
    """Write a report as the local service does."""
    with TemporaryDirectory() as work:
        wanted = config(output_type="STANDARD", report_level=EVERYTHING)
        with Recorder(wanted, Path(work)) as recorder:
            for result in given_results:
                recorder.add(result)
            done = write_reports(
                FolderPlace(folder=folder, metadata=Metadata.OBJECT),
                recorder,
                execution=evolve(EXECUTION, task_mode=mode),
                task=DESCRIBED,
                source_uri=uris[0],
                destination_uri=uris[1],
                limit=limit,
            )
    assert done.status == m.PhaseStatus.SUCCESS


def agrees(found: ReportMetadata | None, state: ItemState | None) -> None:
    """What was read of a side is what was written of it, as far as the form has it."""
    if state is None or found is None:
        return
    assert found.size == state.size
    assert found.checksum == state.checksum
    assert found.uid in {state.uid, None}
    assert found.gid in {state.gid, None}
    assert found.mode in {state.mode, None}
    if found.mtime and abs(state.mtime_ns) < 2**60:
        micros = state.mtime_ns // 1000
        shown = found.mtime - datetime(1970, 1, 1, tzinfo=UTC)
        assert abs(shown // timedelta(microseconds=1) - micros) < 10**6  # objects have seconds only


@settings(deadline=None, max_examples=50)
@given(
    given_results=st.lists(results, max_size=15),
    limit=st.integers(1, 2000),
    mode=st.sampled_from(m.TaskMode),
    uris=st.tuples(st.sampled_from([NFS, S3, SMB]), st.sampled_from([NFS, S3, SMB])),
)
def test_what_the_local_service_writes_is_read_in_one_form(
    given_results: list[ItemResult], limit: int, mode: m.TaskMode, uris: tuple[str, str]
) -> None:
    with TemporaryDirectory() as folder:
        written(Path(folder), given_results, mode, uris, limit)
        found = list(read_report(folder))
    order = list(ReportKind)
    expected = sorted(given_results, key=lambda each: order.index(ReportKind(each.outcome.value.lower())))
    assert [entry.path for entry in found] == [readable(each.path.removeprefix("/")) for each in expected]
    for entry, result in zip(found, expected, strict=True):
        assert entry.kind == result.outcome.value.lower()
        assert entry.succeeded == (result.failure is None)
        assert entry.skip_reason == (result.reason if result.reason is None else readable(result.reason))
        assert entry.error_detail == (result.failure and readable(result.failure.reason))
        assert (entry.error_code is None) == (result.failure is None)
        assert entry.transfer_type == (result.transfer_type and result.transfer_type.value)
        assert entry.overwrite == (result.overwrite if entry.kind == "transferred" else None)
        assert entry.timestamp
        agrees(entry.source, result.source)
        if result.destination is not None:
            agrees(entry.destination, result.destination)
        if result.source is not None:
            assert entry.is_folder == (result.kind is ItemKind.FOLDER)


def task_members(bucket: str = "arn:aws:s3:::reports", folder: str | None = "deep/er") -> dict[str, Any]:
    s3 = m.ReportDestinationS3(s3_bucket_arn=bucket, bucket_access_role_arn=ROLE, subdirectory=folder)
    return {
        "task_report_config": m.TaskReportConfig(
            destination=m.ReportDestination(s3=s3), output_type="STANDARD", report_level=EVERYTHING
        )
    }


@modes
def test_a_report_and_the_description_of_its_execution_agree(world: World, mode: str) -> None:
    for name in ("good", "secret", "bad", "same", "left.tmp", "folder/deep", "caf\udce9"):
        (world.source / name).parent.mkdir(exist_ok=True)
        (world.source / name).write_text(name.encode(errors="replace").decode())
    shutil.copy2(world.source / "same", world.target / "same")
    (world.target / "old").touch()
    world.service.faults.unreadable("/secret")
    world.service.faults.corrupt("/bad")
    task = world.task(
        mode,
        options=m.Options(preserve_deleted_files="REMOVE", verify_mode="ONLY_FILES_TRANSFERRED"),
        excludes=(m.FilterRule(filter_type="SIMPLE_PATTERN", value="*.tmp"),),
        **task_members(),
    )
    described = world.see(world.start(task))
    place = ReportPlace.of(described)
    assert place
    assert place.bucket == "arn:aws:s3:::reports"
    report = Report.find(world.service.objects(), place)
    entries = list(report.entries())
    folder = world.service.folder("s3://reports/")
    assert list(read_report(folder)) == entries
    assert list(read_report(folder, described.task_execution_arn)) == entries

    def paths(kind: str, ok: bool, folders: bool = False) -> list[str]:
        return sorted(
            entry.path
            for entry in report.entries(kind)
            if entry.succeeded == ok and (folders or not entry.is_folder)
        )

    assert paths("transferred", ok=True) == ["bad", "caf\\xe9", "folder/deep", "good"]
    assert "secret" in paths("transferred", ok=False) + paths("skipped", ok=False)
    assert paths("verified", ok=False) == ["bad"]
    assert paths("deleted", ok=True) == ["old"]
    assert {"same", "left.tmp"} >= set(paths("skipped", ok=True)) >= {"same"}
    with_folders = mode == "BASIC"
    moved = paths("transferred", ok=True, folders=with_folders)
    assert described.files_transferred == len(moved)
    assert described.files_deleted == len(paths("deleted", ok=True, folders=with_folders))
    failed: list[ReportEntry] = []
    assert sorted(failed_paths(entries, left_out=failed.append)) == ["bad", "secret"]
    assert [entry for entry in failed if not entry.is_folder] == []
    if mode == "ENHANCED":
        assert described.files_failed
        assert described.files_failed.transfer == len(paths("transferred", ok=False))
        assert described.files_failed.verify == 1

    summary = report.summary()
    assert read_summary(folder) == summary
    assert (summary.status, summary.succeeded) == (described.status, described.status == "SUCCESS")
    assert summary.execution_id == report.keys.execution_id
    assert summary.counts["FilesTransferred"] == described.files_transferred
    assert summary.counts["BytesWritten"] == described.bytes_written
    assert summary.options == described.options
    assert summary.excludes == described.excludes
    assert summary.result == described.result
    assert (summary.start_time, summary.end_time) == (described.start_time, described.end_time)
    assert (summary.task_mode, summary.account_id) == (mode, "123456789012")
    assert described.result
    assert summary.total_time == timedelta(milliseconds=described.result.total_duration or 0)
    assert summary.source == ReportLocation(location_id=world.from_arn.rpartition("/")[2], type="Amazon S3")
    if mode == "ENHANCED":
        assert summary.counts["FilesFailed.Verify"] == 1


@modes
def test_what_failed_is_tried_again_with_a_manifest(world: World, mode: str) -> None:
    for name in ("good", "bad, really", "folder/worse"):
        (world.source / name).parent.mkdir(exist_ok=True)
        (world.source / name).write_text(name)
    world.service.faults.unreadable("/bad*|/folder/w*")
    run = world.start(world.task(mode, **task_members(folder=None)))
    assert not (world.target / "folder/worse").exists()
    folder = world.service.folder("s3://reports/")
    write_manifest(failed_paths(read_report(folder, run)), folder / "again.csv")
    world.service.faults.clear()
    source = m.SourceManifestConfig(
        s3=m.S3ManifestConfig(
            s3_bucket_arn="arn:aws:s3:::reports",
            manifest_object_path="again.csv",
            bucket_access_role_arn=ROLE,
        )
    )
    again = m.ManifestConfig(action="TRANSFER", format="CSV", source=source)
    described = world.see(world.start(world.task(mode, manifest_config=again)))
    assert described.status == "SUCCESS"
    assert (world.target / "folder/worse").read_text() == "folder/worse"
    assert (world.target / "bad, really").exists()


def test_reports_of_a_bucket_are_read(tmp_path: Path, moto_url: str) -> None:
    written(tmp_path, [RESULT] * 9, m.TaskMode.BASIC, (NFS, S3), 1000)
    with closing(boto3.client("s3", endpoint_url=moto_url)) as s3:
        where = {"LocationConstraint": "eu-west-1"}
        s3.create_bucket(Bucket="test-of-reports", CreateBucketConfiguration=where)
        for key, body in objects_in(tmp_path).items():
            s3.put_object(Bucket="test-of-reports", Key=f"pre/fix/{key}", Body=body)
        members = task_members("arn:aws:s3:::test-of-reports", "/pre/fix/")
        found = ReportPlace.of(evolve(EXECUTION, **members))
        assert found
        report = Report.find(S3Objects(s3), found)
        assert list(report.entries()) == list(read_report(tmp_path))
        assert len(report.keys.parts) > 1
        assert report.summary() == read_summary(tmp_path)
        with pytest.raises(ReportError, match=f"no task report of '{NAME}', but of none at all"):
            Report.find(S3Objects(s3), evolve(found, prefix="other/"))


def test_a_report_that_is_not_complete_is_refused_before_it_is_read(tmp_path: Path) -> None:
    written(tmp_path, [RESULT] * 9, m.TaskMode.ENHANCED, (S3, S3), 600)
    first, second, *others = sorted(tmp_path.rglob("*.files-*"))
    assert others
    missing = len(json.loads(second.read_bytes())["Transferred"])
    second.unlink()
    report = Report.in_folder(tmp_path)
    for reading in (report.entries(), read_report(tmp_path)):
        with pytest.raises(ReportError, match="the parts 00002 are missing"):
            next(reading)
    for reading in (report.entries(strict=False), read_report(tmp_path, strict=False)):
        assert len(list(reading)) == 9 - missing
    first.write_bytes(first.read_bytes()[:-3])
    with pytest.raises(ReportError, match=f"{first.name} is no JSON, as if a download had broken off"):
        next(report.entries(strict=False))
    next(tmp_path.rglob("*summary*")).unlink()
    with pytest.raises(ReportError, match=f"The task report of {NAME} has no summary"):
        read_summary(tmp_path)


def test_a_list_that_no_report_has_is_refused_and_not_empty(tmp_path: Path) -> None:
    written(tmp_path, [RESULT] * 3, m.TaskMode.ENHANCED, (S3, S3), 10_000)
    report = Report.in_folder(tmp_path)
    assert len(list(report.entries("transferred"))) == 3
    assert list(report.entries("deleted")) == []
    for typo in ("failed", "Transferred"):
        with pytest.raises(ValueError, match=f"no list '{typo}'.* transferred, verified, deleted, skipped"):
            next(report.entries("deleted", typo))
    (lists,) = tmp_path.rglob("*.files-*")
    lists.rename(lists.with_name(lists.name.replace("transferred", "renamed")))
    assert len(list(Report.in_folder(tmp_path).entries("renamed"))) == 3


def test_a_folder_may_be_any_above_the_report(tmp_path: Path) -> None:
    written(tmp_path, [RESULT] * 3, m.TaskMode.ENHANCED, (S3, S3), 10_000)
    (lists,) = tmp_path.rglob("*.files-*")
    for folder in (tmp_path, lists.parent, lists.parent.parent):
        assert [entry.path for entry in read_report(str(folder))] == ["a/b"] * 3
    with pytest.raises(FileNotFoundError):
        read_report(tmp_path / "not there")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ReportError, match=r"There is no task report\. Is it the folder"):
        read_report(tmp_path / "empty")


def test_a_part_is_read_at_a_time(tmp_path: Path) -> None:
    written(tmp_path, [RESULT] * 50, m.TaskMode.ENHANCED, (S3, S3), 600)
    report = Report.in_folder(tmp_path)
    asked: list[str] = []

    def read(key: str) -> bytes:
        asked.append(key)
        return report.read(key)

    entries = evolve(report, read=read).entries()
    assert asked == []
    next(entries)
    assert asked == [report.keys.parts[0].key]
    assert sum(1 for _ in entries) == 49
    assert asked == [each.key for each in report.keys.parts]


def test_a_long_report_takes_the_memory_of_a_part(tmp_path: Path) -> None:
    written(tmp_path, [RESULT] * 20_000, m.TaskMode.BASIC, (NFS, S3), 100_000)
    report = Report.in_folder(tmp_path)
    assert len(report.keys.parts) > 20
    tracemalloc.start()
    try:
        assert sum(1 for _ in report.entries()) == 20_000
        assert tracemalloc.get_traced_memory()[1] < 20 * 100_000
    finally:
        tracemalloc.stop()
