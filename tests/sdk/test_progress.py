"""What an execution's counters say of its progress."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from datasync_sdk.execution.progress import WINDOW, Confidence, Count, Phase, Progress, Tracker
from datasync_sdk.execution.state import ExecutionState
from datasync_sdk.models import DescribeTaskExecutionResponse as Execution
from datasync_sdk.models import TaskExecutionStatus as Status

ARN = "arn:aws:datasync:us-east-1:123456789012:task/task-0123456789abcdef0/execution/exec-0123456789abcdef0"
counters = st.none() | st.integers(0, 2**63 - 1)
answers = st.builds(
    lambda status, **members: Execution(task_execution_arn=ARN, status=status, **members),
    st.sampled_from([*Status, Status("REHYDRATING"), Status("SUCCESSFUL"), None]),
    bytes_written=counters,
    bytes_transferred=counters,
    estimated_bytes_to_transfer=counters,
    files_transferred=counters,
    estimated_files_to_transfer=counters,
    folders_transferred=counters,
    estimated_folders_to_transfer=counters,
)
BEFORE = {Phase.QUEUED, Phase.LAUNCHING, Phase.PREPARING}


def execution(status: str, done: int, total: int, **members: int) -> Execution:
    return Execution(
        task_execution_arn=ARN,
        status=status,  # type: ignore[arg-type]
        bytes_written=done,
        estimated_bytes_to_transfer=total,
        **members,
    )


def followed(*looks: tuple[float, Execution]) -> list[Progress]:
    tracker = Tracker()
    return [tracker.see(answer, at) for at, answer in looks]


def parts(progress: Progress) -> list[Count]:
    return [progress.bytes, progress.files, *([progress.folders] if progress.folders else [])]


@given(st.lists(st.tuples(answers, st.floats(0, 1e6)), max_size=20))
def test_progress_never_goes_down_and_never_passes_the_whole(looks: list[tuple[Execution, float]]) -> None:
    tracker, now, before = Tracker(), 0.0, None
    for answer, pause in looks:
        progress = tracker.see(answer, now := now + pause)
        assert progress.fraction is None or 0 <= progress.fraction <= 1
        for counted in parts(progress):
            assert counted.total is None or counted.done <= counted.total
        if before is not None:
            assert (progress.fraction or 0) >= (before.fraction or 0)
            assert progress.bytes.done >= before.bytes.done
            assert progress.files.done >= before.files.done
        assert progress.remaining is None or progress.remaining >= timedelta(0)
        assert (progress.remaining is None) == (progress.confidence is Confidence.NONE)
        assert progress.bytes_per_second is None or progress.bytes_per_second >= 0
        before = progress


@given(answers)
def test_nothing_is_pretended_while_datasync_prepares(answer: Execution) -> None:
    progress = Tracker().see(answer, 0.0)
    if progress.phase in BEFORE:
        assert [each.total for each in parts(progress)] == [None] * len(parts(progress))
        assert progress.fraction is progress.remaining is progress.bytes_per_second is None


@given(answers)
def test_an_unknown_status_is_that_of_one_that_runs(answer: Execution) -> None:
    progress = Tracker().see(answer, 0.0)
    assert progress.has_ended == (answer.status in {"SUCCESS", "ERROR"})
    assert progress.status == answer.status


def test_counters_that_exceed_their_estimates_are_the_whole() -> None:
    (progress,) = followed((0, execution("TRANSFERRING", 150, 100)))
    assert progress.bytes == Count(done=150, total=150)
    assert progress.fraction == 1


def test_a_growing_estimate_lets_progress_stand_still() -> None:
    first, second, third = followed(
        (0, execution("TRANSFERRING", 50, 100)),
        (1, execution("TRANSFERRING", 60, 1000)),
        (2, execution("TRANSFERRING", 900, 1000)),
    )
    assert [first.fraction, second.fraction, third.fraction] == [0.5, 0.5, 0.9]
    assert second.bytes == Count(done=60, total=1000)


def test_in_enhanced_mode_all_that_is_known_is_not_all() -> None:
    """Files are still being found: to say that all is there would be wrong, and could not be taken back."""
    looks = [
        ("TRANSFERRING", 10, 10),
        ("TRANSFERRING", 20, 15),
        ("TRANSFERRING", 30, 100),
        ("VERIFYING", 9, 9),
    ]
    seen = followed(*((at, evolve(execution(*look), task_mode="ENHANCED")) for at, look in enumerate(looks)))
    assert [each.fraction for each in seen] == [None, None, 0.3, 1]


def test_an_estimate_below_nothing_is_none() -> None:
    (progress,) = followed((0, execution("TRANSFERRING", 50, -1)))
    assert (progress.bytes, progress.fraction) == (Count(done=50, total=None), None)


def test_a_rate_is_that_of_the_last_minute() -> None:
    looks = [(float(at), execution("TRANSFERRING", at * 10, 10**6)) for at in range(0, 100, 10)]
    slower = [(100 + at, execution("TRANSFERRING", 900 + int(at), 10**6)) for at in (10.0, 20.0, 40.0, 70.0)]
    *_, steady, _, _, _, changed = followed(*looks, *slower)
    assert steady.bytes_per_second == pytest.approx(10)
    assert changed.bytes_per_second == pytest.approx(60 / WINDOW)


def test_remaining_time_is_believed_when_rate_and_estimate_are_steady() -> None:
    seen = followed(*((float(at), execution("TRANSFERRING", at * 10, 1000)) for at in range(6)))
    assert [each.confidence for each in seen] == ["none", "low", "low", "high", "high", "high"]
    assert seen[-1].remaining == timedelta(seconds=95)


def test_remaining_time_is_doubted_when_the_estimate_grows() -> None:
    seen = followed(*((float(at), execution("TRANSFERRING", at * 10, 1000 + at)) for at in range(6)))
    assert {each.confidence for each in seen[1:]} == {"low"}


def test_remaining_time_is_doubted_when_the_rate_changes() -> None:
    done = [0, 10, 20, 100, 300, 900]
    seen = followed(*((float(at), execution("TRANSFERRING", each, 1000)) for at, each in enumerate(done)))
    assert seen[-1].confidence == "low"


def test_a_standstill_has_a_rate_of_nothing_and_no_remaining_time() -> None:
    seen = followed(*((float(at), execution("TRANSFERRING", 10, 1000)) for at in range(6)))
    assert seen[-1].bytes_per_second == 0
    assert (seen[-1].remaining, seen[-1].confidence) == (None, "none")


def test_files_count_where_there_are_no_bytes() -> None:
    empty = execution("TRANSFERRING", 0, 0, files_transferred=3, estimated_files_to_transfer=4)
    assert Tracker().see(empty, 0).fraction == 0.75


def test_nothing_to_transfer_is_no_fraction_until_the_end() -> None:
    seen = followed((0, execution("VERIFYING", 0, 0)), (1, execution("SUCCESS", 0, 0)))
    assert [each.fraction for each in seen] == [None, 1]


def test_an_error_is_not_the_whole() -> None:
    *_, last = followed((0, execution("TRANSFERRING", 30, 100)), (1, execution("ERROR", 40, 100)))
    assert (last.fraction, last.has_ended) == (0.4, True)


def test_verification_has_no_remaining_time() -> None:
    looks = [(float(at), execution("TRANSFERRING", at * 10, 50)) for at in range(6)]
    *_, last = followed(*looks, (7, execution("VERIFYING", 50, 50)))
    assert (last.fraction, last.remaining, last.bytes_per_second) == (1, None, None)


def test_folders_are_counted_where_datasync_counts_them() -> None:
    basic, enhanced = followed(
        (0, execution("TRANSFERRING", 1, 2)),
        (1, execution("TRANSFERRING", 1, 2, folders_transferred=5, estimated_folders_to_transfer=9)),
    )
    assert (basic.folders, enhanced.folders) == (None, Count(done=5, total=9))


def test_several_threads_may_look_at_one_execution() -> None:
    state = ExecutionState(ARN)
    answer = execution("TRANSFERRING", 1, 10)

    def look(_: int) -> int:
        for number in range(300):
            state._saw(answer, number / 100)
        return 300

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(look, range(4))) == [300] * 4
    finally:
        sys.setswitchinterval(before)
