"""Task reports: what was recorded is what is written, whole and once, in the form of the task's mode."""

from __future__ import annotations

import errno
import hashlib
import itertools
import json
import os
import re
import resource
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

from datasync_sdk import models as m
from datasync_sdk.local.places.folders import METADATA
from datasync_sdk.local.places.objects import write_object
from datasync_sdk.local.places.uris import LocationType
from datasync_sdk.local.reports.recorder import Recorder, levels_of
from datasync_sdk.local.reports.report import LIMIT, write_reports
from datasync_sdk.local.reports.rows import nanoseconds, timestamp
from datasync_sdk.local.reports.summary import LOCATION_TYPES
from datasync_sdk.local.transfer.engine import run
from datasync_sdk.local.transfer.job import BucketPlace, Counters, FolderPlace, Job, Metadata
from datasync_sdk.local.transfer.outcome.outcomes import (
    Failure,
    ItemKind,
    ItemResult,
    ItemState,
    Outcome,
    Phase,
    TransferType,
)
from tests.local.transfer.kit import Node, TestWatch, build, world

TASK = "arn:aws:datasync:eu-west-1:123456789012:task/task-0123456789abcdef0"
NAME = "exec-0fedcba9876543210"
ARN = f"{TASK}/execution/{NAME}"
DETAILS = f"Detailed-Reports/task-0123456789abcdef0/{NAME}/{NAME}.files-"
SUMMARY = f"Summary-Reports/task-0123456789abcdef0/{NAME}/{NAME}.summary-v1.json"
NFS, S3, SMB = "nfs://server/export/", "s3://bucket/", "smb://server/share/"

START = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
EXECUTION = m.DescribeTaskExecutionResponse(
    task_execution_arn=ARN,
    status=m.TaskExecutionStatus.SUCCESS,
    task_mode=m.TaskMode.BASIC,
    start_time=START,
    end_time=START + timedelta(seconds=12, milliseconds=345),
)
DESCRIBED = m.DescribeTaskResponse(
    task_arn=TASK,
    status=m.TaskStatus.AVAILABLE,
    name="nightly",
    source_location_arn="arn:aws:datasync:eu-west-1:123456789012:location/loc-01111111111111111",
    destination_location_arn="arn:aws:datasync:eu-west-1:123456789012:location/loc-02222222222222222",
)
EVERYTHING = m.ReportLevel.SUCCESSES_AND_ERRORS

STATE = ItemState(
    size=6, mtime_ns=1641574766136114671, atime_ns=1641574766136114671, uid=0, gid=0, mode=0o644
)
OBJECT = ItemResult(
    path="/object1.txt",
    kind=ItemKind.FILE,
    outcome=Outcome.TRANSFERRED,
    transfer_type=TransferType.CONTENT_AND_METADATA,
    source=STATE,
)
NOW = 1641574785747270957

integers = st.integers(0, 2**62)
states = st.builds(
    ItemState,
    size=integers,
    mtime_ns=st.integers(-(2**63), 2**63),
    atime_ns=integers,
    uid=st.none() | integers,
    gid=st.none() | integers,
    mode=st.none() | st.integers(0, 0o7777),
    checksum=st.none() | st.binary(min_size=32, max_size=32).map(lambda digest: f"SHA256:{digest.hex()}"),
)
names = st.binary(min_size=1, max_size=30).map(lambda name: os.fsdecode(name.replace(b"/", b"_")))
results = st.builds(
    ItemResult,
    path=names.map(lambda name: f"/{name}"),
    kind=st.sampled_from(ItemKind),
    outcome=st.sampled_from(Outcome),
    failure=st.none()
    | st.builds(Failure, phase=st.sampled_from(Phase), code=st.integers(0, 200), reason=names),
    reason=st.none() | names,
    transfer_type=st.none() | st.sampled_from(TransferType),
    overwrite=st.booleans(),
    source=st.none() | states,
    destination=st.none() | states,
)


def config(subdirectory: str | None = None, **members: Any) -> m.TaskReportConfig:
    s3 = m.ReportDestinationS3(
        s3_bucket_arn="arn:aws:s3:::reports",
        bucket_access_role_arn="arn:aws:iam::123456789012:role/report",
        subdirectory=subdirectory,
    )
    return m.TaskReportConfig(destination=m.ReportDestination(s3=s3), **members)


@frozen(kw_only=True)
class Written:
    """What a report left in its bucket."""

    result: m.ReportResult
    objects: dict[str, bytes]

    def rows(self, outcome: Outcome) -> list[dict[str, Any]]:
        """The rows of all parts of a list, in the order of the parts."""
        pattern = re.compile(
            re.escape(f"{DETAILS}{outcome.value.lower()}") + r"-v1-(\d{5})-[0-9a-f]{17}\.json"
        )
        numbered = sorted(
            (int(found[1]), content)
            for key, content in self.objects.items()
            if (found := pattern.search(key))
        )
        assert [number for number, _ in numbered] == list(range(1, len(numbered) + 1))
        rows: list[dict[str, Any]] = []
        for _, content in numbered:
            told = json.loads(content.decode())
            assert list(told) == ["TaskExecutionId", outcome.value]
            assert told["TaskExecutionId"] == NAME
            assert told[outcome.value]
            rows += told[outcome.value]
        return rows

    @property
    def summary(self) -> dict[str, Any]:
        """What the summary tells."""
        (content,) = (content for key, content in self.objects.items() if key.endswith(SUMMARY))
        told: dict[str, Any] = json.loads(content)
        return told


def objects_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def written(
    given: Iterable[ItemResult],
    wanted: m.TaskReportConfig | None = None,
    execution: m.DescribeTaskExecutionResponse = EXECUTION,
    *,
    uris: tuple[str, str] = (NFS, S3),
    limit: int = LIMIT,
) -> Written:
    """Record results and write the report of them."""
    with TemporaryDirectory() as top:
        bucket, work = Path(top) / "bucket", Path(top) / "work"
        bucket.mkdir()
        work.mkdir()
        wanted = wanted or config(output_type="STANDARD", report_level=EVERYTHING)
        with Recorder(wanted, work, lambda: NOW) as recorder:
            for result in given:
                recorder.add(result)
            done = write_reports(
                FolderPlace(folder=bucket, metadata=Metadata.OBJECT),
                recorder,
                execution=execution,
                task=DESCRIBED,
                source_uri=uris[0],
                destination_uri=uris[1],
                limit=limit,
            )
        return Written(result=done, objects=objects_in(bucket))


def enhanced(execution: m.DescribeTaskExecutionResponse = EXECUTION) -> m.DescribeTaskExecutionResponse:
    return evolve(execution, task_mode=m.TaskMode.ENHANCED)


def only_row(result: ItemResult, **how: Any) -> dict[str, Any]:
    (row,) = written([result], **how).rows(result.outcome)
    return row


def test_the_documented_example_of_basic_mode() -> None:
    row = {
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
    }
    assert list(only_row(OBJECT, uris=(S3, S3)).items()) == list(row.items())
    failed = evolve(OBJECT, failure=Failure(phase=Phase.TRANSFER, code=13, reason="Permission denied"))
    row |= {"TransferStatus": "FAILED", "FailureReason": "Permission denied", "FailureCode": 13}
    assert list(only_row(failed, uris=(S3, S3)).items()) == list(row.items())


def test_the_documented_example_of_enhanced_mode() -> None:
    row = {
        "RelativePath": "object1.txt",
        "SourceMetadata": {"Type": "Object", "ContentSize": 6, "LastModified": "2022-01-07T16:59:26Z"},
        "Overwrite": "True",
        "TransferTimestamp": "2022-01-07T16:59:45.747270957Z",
        "TransferType": "METADATA",
        "TransferStatus": "SUCCESS",
    }
    changed = evolve(OBJECT, overwrite=True, transfer_type=TransferType.METADATA)
    assert list(only_row(changed, uris=(S3, S3), execution=enhanced()).items()) == list(row.items())
    failed = evolve(changed, failure=Failure(phase=Phase.TRANSFER, code=errno.EACCES, reason="No"))
    row |= {"TransferStatus": "FAILED", "ErrorCode": "AccessDenied", "ErrorDetail": "No"}
    assert list(only_row(failed, uris=(S3, S3), execution=enhanced()).items()) == list(row.items())


@pytest.mark.parametrize(
    ("code", "name"),
    [(errno.EPERM, "AccessDenied"), (errno.ENOSPC, "ENOSPC"), (errno.ENOENT, "ENOENT"), (9999, "E9999")],
)
def test_codes_of_enhanced_mode(code: int, name: str) -> None:
    failed = evolve(OBJECT, failure=Failure(phase=Phase.TRANSFER, code=code, reason="No"))
    assert only_row(failed, execution=enhanced())["ErrorCode"] == name


def test_rows_of_the_other_kinds() -> None:
    when = "2022-01-07T16:59:45.747270957Z"
    verified = ItemResult(path="/a", kind=ItemKind.FILE, outcome=Outcome.VERIFIED, source=STATE)
    row = only_row(verified)
    assert row["DstMetadata"] == {"Type": "Regular", "ContentSize": 6}
    assert list(row) == ["RelativePath", "SrcMetadata", "DstMetadata", "VerifyTimestamp", "VerifyStatus"]
    assert (row["VerifyTimestamp"], row["VerifyStatus"]) == (when, "SUCCESS")

    wrong = evolve(verified, failure=Failure(phase=Phase.VERIFY, code=5, reason="It differs"))
    row = only_row(wrong)
    assert "DstMetadata" not in row
    assert (row["VerifyStatus"], row["FailureReason"]) == ("FAILED", "It differs")

    deleted = ItemResult(path="/a/b", kind=ItemKind.FOLDER, outcome=Outcome.DELETED)
    assert only_row(deleted) == {
        "RelativePath": "/a/b",
        "DeleteTimestamp": when,
        "DeleteStatus": "SUCCESS",
    }
    skipped = ItemResult(
        path="/a", kind=ItemKind.DEVICE, outcome=Outcome.SKIPPED, source=STATE, reason="Not wanted."
    )
    row = only_row(skipped, execution=enhanced())
    assert list(row) == ["RelativePath", "SourceMetadata", "SkipTimestamp", "SkipReason", "SkipStatus"]
    assert (row["SkipReason"], row["SkipStatus"]) == ("Not wanted.", "SUCCESS")
    assert row["SourceMetadata"]["Type"] == "Device"


@pytest.mark.parametrize(
    ("mode", "source", "destination"), [("BASIC", "Src", "Dst"), ("ENHANCED", "Source", "Destination")]
)
def test_checksums_stand_beside_the_metadata_that_they_belong_to(
    mode: str, source: str, destination: str
) -> None:
    verified = ItemResult(
        path="/a",
        kind=ItemKind.FILE,
        outcome=Outcome.VERIFIED,
        source=evolve(STATE, checksum="SHA256:00"),
        destination=evolve(STATE, checksum="SHA256:11"),
    )
    row = only_row(verified, execution=evolve(EXECUTION, task_mode=m.TaskMode(mode)))
    assert list(row)[1:5] == [
        f"{source}Metadata",
        f"{source}Checksum",
        f"{destination}Metadata",
        f"{destination}Checksum",
    ]
    assert (row[f"{source}Checksum"], row[f"{destination}Checksum"]) == ("SHA256:00", "SHA256:11")


def test_what_a_location_does_not_keep_is_not_told() -> None:
    nothing = evolve(OBJECT, source=evolve(STATE, uid=None, gid=None, mode=None))
    for row in (only_row(OBJECT, uris=(SMB, S3)), only_row(nothing)):
        assert list(row["SrcMetadata"]) == ["Type", "ContentSize", "Mtime", "Atime"]
    folder = evolve(OBJECT, kind=ItemKind.FOLDER, destination=STATE)
    row = only_row(folder, uris=(S3, SMB), execution=enhanced())
    assert row["SourceMetadata"] == {
        "Type": "Directory",
        "ContentSize": 6,
        "LastModified": "2022-01-07T16:59:26Z",
    }
    assert list(row["DestinationMetadata"]) == ["Type", "ContentSize", "Mtime", "Atime"]


def naive_level(output: Any, level: Any, override: Any) -> str | None:
    """What a configuration wants of one kind: errors, everything, or nothing."""
    if output == "SUMMARY_ONLY":
        return None
    if override is not None and override.report_level is not None:
        return str(override.report_level)
    return str(level) if level is not None else "ERRORS_ONLY"


def test_each_combination_of_levels(tmp_path: Path) -> None:
    overrides = [
        None,
        m.ReportOverride(report_level="ERRORS_ONLY"),
        m.ReportOverride(report_level="SUCCESSES_AND_ERRORS"),
    ]
    failure = Failure(phase=Phase.TRANSFER, code=1, reason="No")
    given = [
        evolve(OBJECT, outcome=outcome, failure=failed) for outcome in Outcome for failed in (None, failure)
    ]
    combinations = itertools.product(
        [None, "SUMMARY_ONLY", "STANDARD"],
        [None, "ERRORS_ONLY", "SUCCESSES_AND_ERRORS"],
        itertools.product(overrides, repeat=4),
    )
    for number, (output, level, chosen) in enumerate(combinations):
        names = dict(zip(["transferred", "verified", "deleted", "skipped"], chosen, strict=True))
        wanted = config(output_type=output, report_level=level, overrides=m.ReportOverrides(**names))
        folder = tmp_path / str(number)
        folder.mkdir()
        with Recorder(wanted, folder) as recorder:
            for result in given:
                recorder.add(result)
            for outcome in Outcome:
                expected = naive_level(output, level, names[outcome.value.lower()])
                assert recorder.wants(outcome) == (expected == "SUCCESSES_AND_ERRORS")
                found = [result.failure is None for _, result in recorder.results(outcome)]
                assert found == {None: [], "ERRORS_ONLY": [False]}.get(expected, [True, False])
        shutil.rmtree(folder)


def test_overrides_that_say_nothing() -> None:
    for level in m.ReportLevel:
        for overrides in (None, m.ReportOverrides(), m.ReportOverrides(deleted=m.ReportOverride())):
            told = levels_of(config(report_level=level, overrides=overrides))
            assert told == dict.fromkeys(Outcome, level)


@given(given_results=st.lists(results, max_size=12))
def test_what_is_recorded_is_kept(given_results: list[ItemResult]) -> None:
    times = itertools.count(NOW)
    with (
        TemporaryDirectory() as folder,
        Recorder(config(report_level=EVERYTHING), Path(folder), lambda: next(times)) as recorder,
    ):
        for result in given_results:
            recorder.add(result)
        found = [each for outcome in Outcome for each in recorder.results(outcome)]
    assert sorted(found, key=lambda each: each[0]) == list(enumerate(given_results, NOW))


def readable(text: str) -> str:
    r"""A name, in which each byte that is no UTF-8 is `\xff`."""
    return os.fsencode(text).decode(errors="backslashreplace")


@given(
    given_results=st.lists(results, max_size=15),
    limit=st.integers(1, 2000),
    mode=st.sampled_from(m.TaskMode),
    uris=st.tuples(st.sampled_from([NFS, S3, SMB]), st.sampled_from([NFS, S3, SMB])),
)
def test_no_item_is_lost_doubled_or_cut(
    given_results: list[ItemResult], limit: int, mode: m.TaskMode, uris: tuple[str, str]
) -> None:
    execution = evolve(EXECUTION, task_mode=mode)
    report = written(given_results, None, execution, uris=uris, limit=limit)
    assert report.result == m.ReportResult(status=m.PhaseStatus.SUCCESS)
    for outcome in Outcome:
        rows = report.rows(outcome)
        expected = [each for each in given_results if each.outcome is outcome]
        slash = "" if mode == "ENHANCED" else "/"
        assert [row["RelativePath"] for row in rows] == [
            slash + readable(each.path.removeprefix("/")) for each in expected
        ]
        reason = "ErrorDetail" if mode == "ENHANCED" else "FailureReason"
        assert [row.get(reason) for row in rows] == [
            each.failure and readable(each.failure.reason) for each in expected
        ]
        assert [row.get("SkipReason") for row in rows] == [
            each.reason and readable(each.reason) for each in expected
        ]
    for key, content in report.objects.items():
        if "Detailed" in key:
            (items,) = (value for value in json.loads(content).values() if isinstance(value, list))
            assert len(content) <= limit or len(items) == 1
            assert b"\n" not in content
    lists = Counter(
        key.partition(".files-")[2].partition("-")[0] for key in report.objects if "Detail" in key
    )
    assert set(lists) == {each.outcome.value.lower() for each in given_results}


def test_parts_are_as_big_as_they_may_be() -> None:
    """Three rows of one size: they are in one part if they just fit, and in two if a byte is missing."""
    row = len(json.dumps(only_row(OBJECT), separators=(",", ":")))
    start = len('{"TaskExecutionId":"","Transferred":[') + len(NAME)
    exactly = start + 3 * row + 2 + 2
    for limit, parts in ((exactly, [3]), (exactly - 1, [2, 1]), (1, [1, 1, 1])):
        report = written([OBJECT] * 3, limit=limit)
        assert len(report.rows(Outcome.TRANSFERRED)) == 3
        found = [json.loads(content) for key, content in sorted(report.objects.items()) if "Detail" in key]
        assert [len(each["Transferred"]) for each in found] == parts


def test_five_megabytes() -> None:
    """A list that is longer than a part may be; with names that take more bytes than characters."""
    given_results = [evolve(OBJECT, path=f"/{number:05d}/{'ü' * 400}") for number in range(12_000)]
    report = written(given_results)
    sizes = [len(content) for key, content in sorted(report.objects.items()) if "Detail" in key]
    biggest = 5 * 1024 * 1024
    assert biggest == LIMIT
    assert len(sizes) == 3
    assert all(biggest - 1200 < size <= biggest for size in sizes[:-1])
    assert [row["RelativePath"] for row in report.rows(Outcome.TRANSFERRED)] == [
        each.path for each in given_results
    ]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        (b"new\nline", "new\nline"),
        (b'"quoted"', '"quoted"'),
        (b"back\\slash", "back\\slash"),
        (b"caf\xc3\xa9", "café"),
        (b"caf\xe9", "caf\\xe9"),
        (b"\xff\xfe", "\\xff\\xfe"),
        (b"\xed\xa0\x80", "\\xed\\xa0\\x80"),  # half of a surrogate pair, which is no UTF-8
        ("\U0001f600".encode(), "\U0001f600"),
        (b"\x01\x7f", "\x01\x7f"),
    ],
)
def test_odd_names(name: bytes, read: str) -> None:
    assert only_row(evolve(OBJECT, path=f"/{os.fsdecode(name)}"))["RelativePath"] == f"/{read}"


def test_a_summary_and_nothing_else() -> None:
    report = written([OBJECT], config(output_type="SUMMARY_ONLY", report_level=EVERYTHING))
    assert list(report.objects) == [SUMMARY]
    assert report.result == m.ReportResult(status=m.PhaseStatus.SUCCESS)


@pytest.mark.parametrize("level", ["ERRORS_ONLY", "SUCCESSES_AND_ERRORS"])
def test_there_is_no_list_of_nothing(level: str) -> None:
    assert list(written([], config(output_type="STANDARD", report_level=level)).objects) == [SUMMARY]


def test_what_a_summary_tells() -> None:
    execution = evolve(
        EXECUTION,
        status=m.TaskExecutionStatus.ERROR,
        task_mode=m.TaskMode.ENHANCED,
        options=m.Options(verify_mode="NONE", bytes_per_second=1000),
        includes=(m.FilterRule(filter_type="SIMPLE_PATTERN", value="/a|/b"),),
        excludes=(m.FilterRule(filter_type="SIMPLE_PATTERN", value="*.tmp"),),
        files_transferred=3,
        bytes_written=0,
        folders_skipped=1,
        estimated_files_to_transfer=4,
        files_failed=m.TaskExecutionFilesFailedDetail(prepare=0, transfer=1, verify=0, delete=0),
        result=m.TaskExecutionResultDetail(
            transfer_status=m.PhaseStatus.ERROR,
            transfer_duration=0,
            total_duration=12001,
            error_code="FilesFailed",
            error_detail=f"/{os.fsdecode(b'caf' + bytes([0xE9]))}: No",
        ),
        report_result=m.ReportResult(status=m.PhaseStatus.PENDING),
    )
    assert written([], execution=execution).summary == {
        "TaskExecutionId": NAME,
        "TaskMode": "ENHANCED",
        "AccountId": "123456789012",
        "TaskId": "task-0123456789abcdef0",
        "TaskName": "nightly",
        "SourceLocation": {"LocationId": "loc-01111111111111111", "LocationType": "NFS"},
        "DestinationLocation": {"LocationId": "loc-02222222222222222", "LocationType": "Amazon S3"},
        "StartTime": "2026-03-01T12:00:00.123456000Z",
        "EndTime": "2026-03-01T12:00:12.468456000Z",
        "TotalTime": 12001,
        "OverallStatus": "ERROR",
        "Result": {
            "FilesTransferred": 3,
            "BytesWritten": 0,
            "FoldersSkipped": 1,
            "EstimatedFilesToTransfer": 4,
            "FilesFailed": {"Prepare": 0, "Transfer": 1, "Verify": 0, "Delete": 0},
            "TransferStatus": "ERROR",
            "TransferDuration": 0,
            "TotalDuration": 12001,
            "ErrorCode": "FilesFailed",
            "ErrorDetail": "/caf\\xe9: No",
        },
        "Options": {"VerifyMode": "NONE", "BytesPerSecond": 1000},
        "Filters": {
            "Includes": [{"FilterType": "SIMPLE_PATTERN", "Value": "/a|/b"}],
            "Excludes": [{"FilterType": "SIMPLE_PATTERN", "Value": "*.tmp"}],
        },
    }


def test_the_time_of_an_execution_that_has_no_result() -> None:
    """As one has that was cancelled in the queue."""
    told = written([], execution=evolve(EXECUTION, task_mode=None)).summary
    assert told["TotalTime"] == 12345
    assert told["Result"] == {}
    assert "TaskMode" not in told


def test_a_summary_knows_each_type_of_location() -> None:
    assert set(LOCATION_TYPES) == set(LocationType) == set(METADATA)
    assert len(set(LOCATION_TYPES.values())) == len(LocationType)


@pytest.mark.parametrize("subdirectory", ["a", "/a/", "a/b c", "/a/b c"])
def test_a_report_is_below_its_subdirectory(subdirectory: str) -> None:
    report = written([OBJECT], config(subdirectory, output_type="STANDARD", report_level=EVERYTHING))
    prefix = subdirectory.strip("/")
    assert f"{prefix}/{SUMMARY}" in report.objects
    assert all(key.startswith(f"{prefix}/") for key in report.objects)
    assert len(report.rows(Outcome.TRANSFERRED)) == 1


@pytest.mark.parametrize("subdirectory", [None, "", "/"])
def test_a_report_may_be_at_the_top(subdirectory: str | None) -> None:
    report = written([OBJECT], config(subdirectory, output_type="STANDARD", report_level=EVERYTHING))
    assert sorted(key.partition("/")[0] for key in report.objects) == ["Detailed-Reports", "Summary-Reports"]


@pytest.mark.parametrize(
    "subdirectory", ["..", "../a", "a/../..", "a//b", ".", "a/./b", "\0", "a" * 256, ".aws-datasync"]
)
def test_a_subdirectory_that_no_folder_can_have_is_told(subdirectory: str) -> None:
    report = written([OBJECT], config(subdirectory, output_type="STANDARD", report_level=EVERYTHING))
    assert report.objects == {}
    assert report.result.status == m.PhaseStatus.ERROR
    assert report.result.error_code == "InvalidObjectKey"
    assert (report.result.error_detail or "").startswith("The task report cannot be written: ")


def test_a_subdirectory_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    bucket, outside, work = (tmp_path / name for name in ("bucket", "outside", "work"))
    for folder in (bucket, outside, work):
        folder.mkdir()
    (bucket / "a").symlink_to(outside)
    place = FolderPlace(folder=bucket, metadata=Metadata.OBJECT)
    with Recorder(config("a"), work) as recorder:
        result = report_of(place, recorder)
    assert result.status == m.PhaseStatus.ERROR
    assert result.error_code == "NoSuchKey"
    assert objects_in(outside) == {}


def report_of(place: FolderPlace | BucketPlace, recorder: Recorder) -> m.ReportResult:
    return write_reports(
        place, recorder, execution=EXECUTION, task=DESCRIBED, source_uri=NFS, destination_uri=S3
    )


def test_a_bucket_that_is_gone_is_told(tmp_path: Path) -> None:
    for place in (
        FolderPlace(folder=tmp_path / "gone", metadata=Metadata.OBJECT),
        BucketPlace(bucket="gone", prefix="", endpoint_url="no url"),
    ):
        with TemporaryDirectory() as work, Recorder(config(), Path(work)) as recorder:
            result = report_of(place, recorder)
        assert result.status == m.PhaseStatus.ERROR
        assert result.error_code
        assert result.error_detail


@contextmanager
def at_most(size: int) -> Iterator[None]:
    """Files cannot grow beyond so many bytes, as if a disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_no_room_for_results_does_not_end_the_transfer(tmp_path: Path) -> None:
    bucket, work = tmp_path / "bucket", tmp_path / "work"
    bucket.mkdir()
    work.mkdir()
    place = FolderPlace(folder=bucket, metadata=Metadata.OBJECT)
    with Recorder(config(report_level=EVERYTHING), work) as recorder:
        with at_most(10_000):
            for _ in range(1000):
                recorder.add(OBJECT)
        assert recorder.error is not None
        result = report_of(place, recorder)
    assert result.status == m.PhaseStatus.ERROR
    assert result.error_code == "InternalError"
    assert "not complete: File too large" in (result.error_detail or "")
    assert SUMMARY in objects_in(bucket)


def test_reports_of_two_executions_are_side_by_side(tmp_path: Path) -> None:
    place = FolderPlace(folder=tmp_path, metadata=Metadata.OBJECT)
    write_object(place, "mine", b"x")
    for _ in range(2):
        with TemporaryDirectory() as work, Recorder(config(report_level=EVERYTHING), Path(work)) as recorder:
            recorder.add(OBJECT)
            assert report_of(place, recorder).status == m.PhaseStatus.SUCCESS
    found = objects_in(tmp_path)
    assert len([key for key in found if key.startswith("Detailed-Reports/")]) == 2  # The names differ.
    assert found["mine"] == b"x"


@given(st.datetimes(timezones=st.just(UTC)))
def test_timestamps(moment: datetime) -> None:
    told = timestamp(nanoseconds(moment))
    assert re.fullmatch(r"\d{1,4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}000Z", told)
    assert told.lstrip("0") == f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}000Z".lstrip("0")


@pytest.mark.parametrize("time_ns", [2**63 - 1, -(2**63), 10**40, -(10**40)])
def test_files_may_be_of_any_time(time_ns: int) -> None:
    row = only_row(evolve(OBJECT, source=evolve(STATE, mtime_ns=time_ns)))
    assert row["SrcMetadata"]["Mtime"].endswith("Z")


def test_recording_is_quick(tmp_path: Path) -> None:
    """50,000 items: 0.1 s where this was written. The bound is for machines that do something else, too."""
    given_results = [evolve(OBJECT, path=f"/folder/file-{number}") for number in range(50_000)]
    with Recorder(config(report_level=EVERYTHING), tmp_path) as recorder:
        before = time.process_time()
        for result in given_results:
            recorder.add(result)
        assert time.process_time() - before < 1
    with Recorder(config(output_type="SUMMARY_ONLY"), tmp_path) as recorder:
        assert not any(map(recorder.wants, Outcome))
        recorder.add(OBJECT)
        assert list(recorder.results(Outcome.TRANSFERRED)) == []


@pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])
def test_the_report_of_a_transfer(tmp_path: Path, mode: str) -> None:
    tree = {
        "folder": Node(kind="d", mode=0o750),
        "folder/new": Node(data=b"12345"),
        "folder/same": Node(data=b"1"),
        "caf\udce9": Node(data=b"123"),
        "denied": Node(data=b"12"),
    }
    bucket, work, plan = tmp_path / "bucket", tmp_path / "work", tmp_path / "plan"
    for folder in (bucket, work, plan):
        folder.mkdir()
    watch = TestWatch()
    watch.fail("read", "source", "/denied")
    with world() as made, Recorder(config(report_level=EVERYTHING), work) as recorder:
        build(made.source, tree)
        build(made.destination, {name: tree[name] for name in ("folder", "folder/same")})
        (made.destination / "old").touch()
        job = Job(
            name=NAME,
            source=FolderPlace(folder=made.source, metadata=Metadata.POSIX),
            destination=FolderPlace(folder=made.destination, metadata=Metadata.POSIX),
            mode=m.TaskMode(mode),
            options=m.Options(preserve_deleted_files="REMOVE", verify_mode="ONLY_FILES_TRANSFERRED"),
            workdir=plan,
        )
        run(job, watch, Counters(), recorder)
        execution = evolve(EXECUTION, task_mode=m.TaskMode(mode))
        place = FolderPlace(folder=bucket, metadata=Metadata.OBJECT)
        result = write_reports(
            place, recorder, execution=execution, task=DESCRIBED, source_uri=NFS, destination_uri=NFS
        )
    assert result == m.ReportResult(status=m.PhaseStatus.SUCCESS)
    report = Written(result=result, objects=objects_in(bucket))
    slash = "/" if mode == "BASIC" else ""

    def told(outcome: Outcome, status: str) -> dict[str, str]:
        return {row["RelativePath"]: row[status] for row in report.rows(outcome)}

    assert told(Outcome.TRANSFERRED, "TransferStatus") == {
        f"{slash}folder/new": "SUCCESS",
        f"{slash}caf\\xe9": "SUCCESS",
        f"{slash}denied": "FAILED",
    }
    assert told(Outcome.DELETED, "DeleteStatus") == {f"{slash}old": "SUCCESS"}
    assert told(Outcome.SKIPPED, "SkipStatus").items() >= {f"{slash}folder/same": "SUCCESS"}.items()
    assert told(Outcome.VERIFIED, "VerifyStatus").items() >= {f"{slash}folder/new": "SUCCESS"}.items()
    source = "SrcMetadata" if mode == "BASIC" else "SourceMetadata"
    sums = ("SrcChecksum", "DstChecksum") if mode == "BASIC" else ("SourceChecksum", "DestinationChecksum")
    (new,) = (row for row in report.rows(Outcome.VERIFIED) if row["RelativePath"].endswith("/new"))
    assert {new[each] for each in sums} == {f"SHA256:{hashlib.sha256(b'12345').hexdigest()}"}
    (new,) = (row for row in report.rows(Outcome.TRANSFERRED) if row["RelativePath"].endswith("/new"))
    assert new[source]["ContentSize"] == 5
    assert new[source]["Mtime"] == "2017-07-14T02:40:00.000000000Z"
