"""The keys and the parts of task reports, of whatever form: nothing is lost, nothing crashes."""

from __future__ import annotations

import json
import pickle
import time
from collections import Counter
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from datasync_sdk.errors import DataSyncError
from datasync_sdk.manifests import manifest_bytes
from datasync_sdk.models import FilterRule
from datasync_sdk.reports import (
    ReportEntry,
    ReportError,
    ReportKey,
    ReportKeys,
    ReportKind,
    ReportPlace,
    ReportSummary,
    failed_paths,
    read_part,
)
from tests.local.test_reports import ARN, EXECUTION, NAME
from tests.sdk.test_reports import BASIC, ENHANCED, WHEN, content, task_members

OTHER = "exec-00000000000000001"
SUMMARY = f"x/Summary-Reports/task-1/{NAME}/{NAME}.summary-v1.json"


def part(number: int, tag: str = "0a", kind: str = "transferred", execution: str = NAME) -> str:
    return f"x/Detailed-Reports/task-1/{execution}/{execution}.files-{kind}-v1-{number:05d}-{tag}.json"


def test_keys_are_taken_apart() -> None:
    whole = ReportKey(
        key=part(3, "0ff"), execution_id=NAME, kind=ReportKind.TRANSFERRED, version=1, number=3, tag="0ff"
    )
    assert ReportKey.parse(part(3, "0ff")) == whole
    name = part(3, "0ff").rpartition("/")[2]
    assert ReportKey.parse(name) == evolve(whole, key=name)
    for key in (SUMMARY, f"{NAME}.summary-v1.json", f"a/Summary-Reports/t/{NAME}/{NAME}.json"):
        assert ReportKey.parse(key) == ReportKey(key=key, execution_id=NAME, kind=None)
    unknown = ReportKey.parse(part(1, kind="rejected"))
    assert unknown
    assert unknown.kind == "rejected"
    assert not unknown.kind.is_known
    for key in (
        "",
        "a.json",
        NAME,
        f"{NAME}.json",
        f"Detailed-Reports/{NAME}/",
        f"{part(1)}.tmp",
        part(1)[:-5],
    ):
        assert ReportKey.parse(key) is None


names = st.builds(part, st.integers(1, 6), st.sampled_from("abc"), st.sampled_from([*ReportKind, "new"]))


@given(keys=st.lists(names | st.sampled_from(["mine", SUMMARY, part(1, execution=OTHER)]), unique=True))
def test_parts_are_read_in_the_order_of_their_numbers(keys: list[str]) -> None:
    mine = [key for key in keys if NAME in key]
    if not mine:
        with pytest.raises(ReportError, match="There is no task report of"):
            ReportKeys.of(keys, ARN)
        return
    found = ReportKeys.of(keys, ARN)
    assert (found.summary is not None) == (SUMMARY in keys)
    assert sorted(each.key for each in found.parts) == sorted(key for key in mine if key != SUMMARY)
    order = [*ReportKind, "new"]
    places = [(order.index(each.kind or ""), each.number, each.tag) for each in found.parts]
    assert places == sorted(places)
    numbers: dict[str, Counter[int]] = {}
    for each in found.parts:
        numbers.setdefault(str(each.kind), Counter())[each.number] += 1
    whole = all(sorted(counts.elements()) == list(range(1, max(counts) + 1)) for counts in numbers.values())
    assert (found.problems == ()) == whole
    if whole:
        found.check()
    else:
        with pytest.raises(ReportError, match="strict=False"):
            found.check()


def test_what_is_missing_or_twice_is_told() -> None:
    keys = [part(1), part(3, "0b"), part(3, "0c"), part(2, kind="deleted"), SUMMARY, f"y{SUMMARY}"]
    assert ReportKeys.of(keys, NAME).problems == (
        f"summary is there 2 times: {SUMMARY}, y{SUMMARY}",
        "of transferred-v1, the parts 00002 are missing",
        f"transferred-v1, part 00003, is there 2 times: {part(3, '0b')}, {part(3, '0c')}",
        "of deleted-v1, the parts 00001 are missing",
    )


def test_whose_report_is_meant() -> None:
    both = [part(1), part(1, execution=OTHER)]
    assert ReportKeys.of(both, OTHER).parts[0].key == both[1]
    assert ReportKeys.of([*both[:1], "mine"]).execution_id == NAME
    with pytest.raises(ReportError, match=f"reports of 2 executions: name one of {OTHER}, {NAME}"):
        ReportKeys.of(both)
    with pytest.raises(ReportError, match=f"no task report of 'exec-9', but of {OTHER}, {NAME}"):
        ReportKeys.of(both, "exec-9")
    with pytest.raises(ReportError, match="There is no task report"):
        ReportKeys.of(["mine"])


def test_where_a_report_is() -> None:
    assert ReportPlace.of(EXECUTION) is None
    for folder, prefix in ((None, ""), ("", ""), ("/", ""), ("a", "a/"), ("/a/b/", "a/b/")):
        place = ReportPlace.of(evolve(EXECUTION, **task_members(folder=folder)))
        assert place == ReportPlace(bucket="arn:aws:s3:::reports", execution=ARN, prefix=prefix)
        assert str(place) == f"s3://reports/{prefix}"
        assert place.prefixes == tuple(
            f"{prefix}{top}/task-0123456789abcdef0/{NAME}/" for top in ("Summary-Reports", "Detailed-Reports")
        )
    with pytest.raises(ReportError, match="is not the ARN of a task execution"):
        _ = ReportPlace(bucket="b", execution=NAME).prefixes


@given(cut=st.integers(0, 2000), kind=st.sampled_from(["part", "summary"]))
def test_what_broke_off_is_told_with_its_name(cut: int, kind: str) -> None:
    whole = content(BASIC)
    broken = whole[: min(cut, len(whole) - 1)]
    readers: dict[str, Any] = {"part": lambda *given: list(read_part(*given)), "summary": ReportSummary.parse}
    with pytest.raises(ReportError, match=r"^some/name is no JSON, as if a download had broken off after"):
        readers[kind](broken, "some/name")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([], "it is JSON, but no object"),
        (None, "it is JSON, but no object"),
        ({}, "none of the lists Transferred, Verified, Deleted, Skipped"),
        ({"TaskExecutionId": OTHER, "Transferred": []}, f"is of another execution, '{OTHER}'"),
        (
            {"Transferred": [{"RelativePath": "a"}, {"Path": "b"}]},
            "row 2 of Transferred tells of no item: it ha",
        ),
        ({"Verified": [5]}, "row 1 of Verified tells of no item: it is no object"),
        ({"Verified": [{"RelativePath": 5}]}, "row 1 of Verified tells of no item: it has no RelativePath"),
    ],
)
def test_what_is_no_part_is_told(told: object, said: str) -> None:
    with pytest.raises(ReportError, match=f"{NAME}.*{said}") as caught:
        list(read_part(content(told), part(1)))
    assert isinstance(caught.value, DataSyncError)


def test_json_that_is_too_deep_is_no_crash() -> None:
    with pytest.raises(ReportError, match="is no JSON"):
        list(read_part(b"[" * 100_000))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
ROWS: list[Any] = [BASIC["Transferred"][0], ENHANCED["Transferred"][0]]
MEMBERS = sorted({*ROWS[0], *ROWS[1], "SrcChecksum", "SkipReason", "New"})
SIDE = ["Type", "ContentSize", "Mtime", "Atime", "Uid", "Gid", "Mode", "LastModified", "New"]
PARTS = ["Result", "Options", "Filters", "TotalTime", "StartTime", "SourceLocation", "FilesFailed", "New"]


@given(
    row=st.dictionaries(st.sampled_from(MEMBERS), json_values),
    side=st.dictionaries(st.sampled_from(SIDE), json_values),
    member=st.sampled_from(["Transferred", "Verified", "Deleted", "Skipped", "Rejected"]),
)
def test_whatever_aws_writes_is_kept_and_nothing_crashes(
    row: dict[str, Any], side: dict[str, Any], member: str
) -> None:
    row |= {"RelativePath": "/a", "SrcMetadata": side}
    (entry,) = read_part(json.dumps({member: [row]}).encode())
    assert (entry.kind, entry.path) == (member.lower(), "a")
    assert entry.raw == row
    assert hash(pickle.loads(pickle.dumps(entry))) == hash(entry)


@given(told=st.dictionaries(st.sampled_from(PARTS), json_values))
def test_whatever_a_summary_tells_is_kept(told: dict[str, Any]) -> None:
    summary = ReportSummary.parse(json.dumps(told).encode())
    assert summary.raw == told
    assert not summary.succeeded


def test_what_a_summary_tells_in_another_form_is_none() -> None:
    told = {
        "Options": {"VerifyMode": ["NONE"]},
        "Filters": {"Includes": [{"FilterType": [], "Value": "/a"}, {"Value": "/b"}], "Excludes": "*.tmp"},
        "Result": {"TransferStatus": {}, "FilesTransferred": 3, "FilesFailed": {"Verify": 1}, "Other": 5},
        "FilesDeleted": 2,
        "TotalTime": 10**300,
        "SourceLocation": "here",
    }
    summary = ReportSummary.parse(content(told))
    assert summary == ReportSummary(
        counts={"FilesTransferred": 3, "FilesFailed.Verify": 1, "FilesDeleted": 2},
        includes=(FilterRule(value="/b"),),
        raw=told,
    )


def test_times_without_a_zone_are_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        (entry,) = read_part(
            content({"Deleted": [{"RelativePath": "a", "DeleteTimestamp": "2022-01-07T16:59:26"}]})
        )
    finally:
        monkeypatch.undo()
        time.tzset()
    assert entry.timestamp == WHEN.replace(microsecond=0)


def test_words_that_aws_adds_are_kept() -> None:
    row = {
        "RelativePath": "a",
        "RejectStatus": "PERHAPS",
        "RejectTimestamp": "2022-01-07T16:59:26.136114671Z",
    }
    (entry,) = read_part(content({"Rejected": [row]}))
    assert (entry.kind, entry.status, entry.timestamp) == ("rejected", "PERHAPS", WHEN)
    assert not entry.kind.is_known
    assert not entry.succeeded


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2022-01-07T16:59:26.136114671Z", WHEN),
        ("2022-01-07T16:59:26.1361149Z", WHEN),  # cut, and not rounded
        ("2022-01-07T18:59:26.136114+02:00", WHEN),
        ("2022-01-07T16:59:26.136114", WHEN),
        ("2022-01-07T16:59:26Z", WHEN.replace(microsecond=0)),
        ("0000-01-01T00:00:00Z", None),
        ("10000-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
        (5, None),
    ],
)
def test_times(written: object, read: object) -> None:
    (entry,) = read_part(content({"Deleted": [{"RelativePath": "a", "DeleteTimestamp": written}]}))
    assert entry.timestamp == read
    assert entry.raw["DeleteTimestamp"] == written


def failed(path: str, type_: str = "Regular") -> dict[str, Any]:
    return {"RelativePath": path, "TransferStatus": "FAILED", "SrcMetadata": {"Type": type_}}


def test_only_what_a_manifest_can_list_is_to_be_tried_again() -> None:
    rows = ["/a", "/b", "/a", "a", "/", "/x/", "/" + "ü" * 513, "/nul\0", "//two", "///three", "/\ud800"]
    told = {
        "Transferred": [*map(failed, rows), failed("/folder", "Directory")],
        "Verified": [{"RelativePath": "/c", "VerifyStatus": "FAILED"}, {"RelativePath": "/d"}],
        "Deleted": [{"RelativePath": "/e", "DeleteStatus": "FAILED"}],
        "Skipped": [
            {"RelativePath": "/ok", "SkipStatus": "SUCCESS"},
            {"RelativePath": "/b", "SkipStatus": "FAILED"},
        ],
    }
    left_out: list[ReportEntry] = []
    found = list(failed_paths(read_part(content(told)), left_out=left_out.append))
    assert [entry.path for entry in left_out] == [
        *("", "x/", "ü" * 513, "nul\0", "/two", "//three", "\ud800", "folder"),
        "e",
    ]
    assert manifest_bytes(found) == b"a\nb\nc\nd\n"
