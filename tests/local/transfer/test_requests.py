"""Several requests to buckets at once: what is the same as with one at a time, and what is not."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from botocore.exceptions import ClientError

from datasync_sdk import models as m
from datasync_sdk.local.transfer.job import Cancelled, Outcome, PhaseEnd, TransferError
from tests.local.transfer import buckets
from tests.local.transfer.buckets import Clouds, TestBucket
from tests.local.transfer.kit import TestWatch, snapshot
from tests.local.transfer.road import Road, road_to
from tests.sdk import server

moto = server.moto  # fixtures
moto_url = server.moto_url
clouds = buckets.clouds

modes = pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])
ways = pytest.mark.parametrize("way", ["up", "down", "across"])

AWAY = 0.04
FILES, FOLDERS = 20, 5
"""So few files in each folder that one folder alone would leave most requests unused."""

LEAST = 3
"""How many of 16 requests are under way together even on a machine that has much else to do, and where those
of a listing come between them."""


def filled(clouds: Clouds, size: int = 10) -> Path:
    """A folder with files in many folders, each with a content of its own."""
    folder = clouds.folder()
    for number in range(FILES):
        place = folder / f"folder{number % FOLDERS:02}" / f"file{number:02}"
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(bytes([number]) * size)
    return folder


def ends(clouds: Clouds, way: str, size: int = 10) -> tuple[Any, Any]:
    """Where files are, and where they are to go."""
    source, new = filled(clouds, size), clouds.bucket("new/") if way != "down" else clouds.folder("new")
    if way == "up":
        return source, new
    bucket = clouds.bucket()
    assert not clouds.run(source, bucket, verify_mode="NONE").ended.failed
    return bucket, new


def by(end: Any, url: str, requests: int = 16) -> Any:
    """The same, a bucket at another URL."""
    if isinstance(end, Path):
        return end
    return evolve(end, place=evolve(end.place, endpoint_url=url, requests=requests))


def contents(end: Any) -> dict[str, bytes]:
    """All files, without the folders."""
    if isinstance(end, TestBucket):
        keys = end.keys()
        return {key: end.read(key) for key in keys if not key.endswith("/")}
    return {path: node.data for path, node in snapshot(end).items() if node.kind == "f"}


@pytest.mark.parametrize(
    ("mode", "way", "requests"),
    [
        ("BASIC", "up", 1),
        *((mode, way, 16) for mode in ("BASIC", "ENHANCED") for way in ("up", "down", "across")),
    ],
)
def test_so_many_requests_are_under_way(clouds: Clouds, mode: str, way: str, requests: int) -> None:
    left, right = ends(clouds, way)
    with road_to(clouds.url, AWAY) as road:
        ran = clouds.run(
            by(left, road.url, requests), by(right, road.url, requests), mode=mode, verify_mode="NONE"
        )
        assert not ran.ended.failed, ran.failures
        assert min(LEAST, requests) <= road.most <= requests
    assert contents(right) == contents(left)
    assert ran.counters.files_transferred == FILES + (FOLDERS if mode == "BASIC" else 0)


class Phases(TestWatch):
    """Notes how many requests were under way in each phase."""

    def __init__(self, road: Road) -> None:
        super().__init__()
        self.road = road
        self.most: dict[m.TaskExecutionStatus, int] = {}

    def enter(self, phase: m.TaskExecutionStatus, before: tuple[PhaseEnd, ...]) -> None:
        """Begin to count anew."""
        self.close()
        super().enter(phase, before)

    def close(self) -> None:
        """Note the last phase."""
        if self.phases:
            self.most[self.phases[-1]] = self.road.most
        self.road.most = 0


@ways
@pytest.mark.parametrize("verify", ["ONLY_FILES_TRANSFERRED", "POINT_IN_TIME_CONSISTENT"])
def test_so_many_are_while_it_is_verified(clouds: Clouds, way: str, verify: str) -> None:
    left, right = ends(clouds, way)
    with road_to(clouds.url, AWAY) as road:
        watch = Phases(road)
        ran = clouds.run(by(left, road.url), by(right, road.url), watch=watch, verify_mode=verify)
        watch.close()
    assert not ran.ended.failed, ran.failures
    assert ran.counters.files_verified == FILES + FOLDERS
    assert LEAST <= watch.most[m.TaskExecutionStatus.VERIFYING] <= 16


@ways
def test_so_many_are_while_it_is_compared(clouds: Clouds, way: str) -> None:
    source = clouds.folder()
    for number in range(FILES):
        (source / f"file{number:02}").write_bytes(bytes([number]))
    bucket, new = clouds.bucket(), clouds.folder("new") if way == "down" else clouds.bucket()
    left, right = (source, bucket) if way == "up" else (bucket, new)
    for one, other in [(source, bucket), (left, right)]:
        assert not clouds.run(one, other).ended.failed
    with road_to(clouds.url, AWAY) as road:
        watch = Phases(road)
        ran = clouds.run(by(left, road.url), by(right, road.url), watch=watch, verify_mode="NONE")
        watch.close()
    assert ran.counters.files_skipped == FILES
    assert not ran.counters.files_transferred
    assert LEAST <= watch.most[m.TaskExecutionStatus.PREPARING] <= 16


class OneThread(TestWatch):
    """Is for the thread of the transfer only."""

    def __init__(self) -> None:
        super().__init__()
        self.thread = threading.current_thread()

    def __getattribute__(self, name: str) -> Any:
        """Look at who asks."""
        assert threading.current_thread() is object.__getattribute__(self, "__dict__").get(
            "thread", threading.current_thread()
        )
        return object.__getattribute__(self, name)


@modes
@ways
def test_one_thread_asks_the_watch(clouds: Clouds, mode: str, way: str) -> None:
    left, right = ends(clouds, way)
    watch = OneThread()
    watch.bytes_per_second = 10_000_000
    ran = clouds.run(left, right, mode=mode, watch=watch)
    assert not ran.ended.failed, ran.failures
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("datasync-request")]


@modes
@ways
@pytest.mark.parametrize("action", ["read", "write"])
def test_what_fails_fails_alone(clouds: Clouds, mode: str, way: str, action: Any) -> None:
    left, right = ends(clouds, way)
    watch = TestWatch()
    bad = {f"/folder{number % FOLDERS:02}/file{number:02}" for number in range(0, FILES, 7)}
    for path in bad:
        watch.fail(action, "source" if action == "read" else "destination", path)
    ran = clouds.run(left, right, mode=mode, watch=watch, verify_mode="ONLY_FILES_TRANSFERRED")
    assert set(ran.failures) == bad
    assert ran.ended.failed == len(bad)
    assert contents(right) == {
        path: content for path, content in contents(left).items() if f"/{path}" not in bad
    }
    made = ran.kept.paths(Outcome.TRANSFERRED)
    assert len([path for path in made if "/file" in path]) == FILES - len(bad)
    assert len([path for path in ran.kept.paths(Outcome.VERIFIED) if "/file" in path]) == FILES - len(bad)


@pytest.mark.parametrize("way", ["down", "across"])
def test_an_answer_that_is_an_error_fails_one_object(clouds: Clouds, way: str) -> None:
    left, right = ends(clouds, way)
    watch = TestWatch()
    watch.on("read", "source", "/folder03/file13", lambda: left.delete("folder03/file13"))
    ran = clouds.run(left, right, watch=watch, verify_mode="NONE")
    assert "NoSuchKey" in ran.failures["/folder03/file13"]
    assert len(ran.failures) == 1
    assert contents(right) == contents(left)


@modes
@ways
def test_cancelled_it_leaves_whole_files_and_stops(clouds: Clouds, mode: str, way: str) -> None:
    left, right = ends(clouds, way)
    watch, asked = TestWatch(), []

    def cancel(action: str, _: str, path: str) -> None:
        asked.extend([path] if action == "read" else [])
        if len(asked) == FILES // 2 + 8 and watch.cancel_at < 0:
            watch.cancel_at = watch.checkpoints + 1

    watch.hooks.append(cancel)
    with road_to(clouds.url, AWAY) as road, pytest.raises(Cancelled):
        clouds.run(by(left, road.url), by(right, road.url), mode=mode, watch=watch)
    there = contents(right)
    assert 2 <= len(there) <= FILES // 2 + 8
    assert there.items() <= contents(left).items()
    assert not clouds.run(left, right, mode=mode).ended.failed
    assert contents(right) == contents(left)


@ways
def test_a_limit_holds_for_all_together(clouds: Clouds, way: str) -> None:
    left, right = ends(clouds, way, size=10_000)
    watch = TestWatch()
    watch.bytes_per_second = 100_000
    assert not clouds.run(left, right, watch=watch, verify_mode="NONE").ended.failed
    assert watch.slept == pytest.approx(FILES * 10_000 / 100_000, rel=0.1)


@modes
def test_a_bucket_that_goes_away_ends_it(clouds: Clouds, mode: str) -> None:
    left, right = ends(clouds, "up")

    def remove() -> None:
        is_there = True
        while is_there:
            keys = right.keys()
            for key in keys:
                right.delete(key)
            with suppress(ClientError):  # Another object has arrived.
                clouds.s3.delete_bucket(Bucket=right.name)
                is_there = False

    watch = TestWatch()
    watch.on("write", "destination", "/folder01/file16", remove)
    with road_to(clouds.url, AWAY) as road, pytest.raises(TransferError) as caught:
        clouds.run(left, by(right, road.url, requests=2), mode=mode, watch=watch)
    assert caught.value.code == "DestinationAccessFailed"


@ways
def test_an_object_beyond_what_is_read_ahead(clouds: Clouds, way: str) -> None:
    source = filled(clouds)
    for number in range(5):
        (source / f"big{number}").write_bytes(bytes([number]) * (1024 * 1024 + number))
    bucket, new = clouds.bucket(), clouds.folder("new") if way == "down" else clouds.bucket()
    steps = [(source, bucket)] if way == "up" else [(source, bucket), (bucket, new)]
    for left, right in steps:
        ran = clouds.run(left, right)
        assert not ran.ended.failed, ran.failures
        assert contents(right) == contents(source)
