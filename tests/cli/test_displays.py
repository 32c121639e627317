"""What is shown of any execution: lines in a log, a line that changes in a terminal."""

from __future__ import annotations

import io
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from datasync_sdk import models as m
from datasync_sdk.cli.displays import texts
from datasync_sdk.cli.displays.bar import Line
from datasync_sdk.cli.displays.lines import PAUSE, Lines
from datasync_sdk.execution.outcome import Outcome, outcome_of
from datasync_sdk.execution.polling import DEFAULT_POLL
from datasync_sdk.execution.progress import Confidence, Phase, Progress, Tracker

ARN = "arn:aws:datasync:eu-west-1:111222333444:task/task-0123456789abcdef0/execution/exec-0123456789abcdef0"

counters = st.none() | st.integers(0, 10**15)
answers = st.builds(
    m.DescribeTaskExecutionResponse,
    task_execution_arn=st.just(ARN),
    status=st.none() | st.sampled_from([*m.TaskExecutionStatus, "RE\x1b[2J\n"]),
    estimated_files_to_transfer=counters,
    files_transferred=counters,
    estimated_bytes_to_transfer=counters,
    bytes_transferred=counters,
)
looks = st.lists(st.tuples(answers, st.floats(0, 100)), min_size=1, max_size=30)


def seen(told: list[tuple[m.DescribeTaskExecutionResponse, float]]) -> list[tuple[Progress, float]]:
    """Progresses, and when they were seen."""
    tracker, now, made = Tracker(), 0.0, []
    for answer, pause in told:
        now += pause
        made.append((tracker.see(answer, now), now))
    return made


def transferring(done: int, *, looks: int = 10, total: int = 10**9) -> Progress:
    """One that transfers evenly, after some looks a second apart."""
    tracker = Tracker()
    for second in range(looks):
        answer = m.DescribeTaskExecutionResponse(
            task_execution_arn=ARN,
            status="TRANSFERRING",
            bytes_transferred=done * (second + 1) // looks,
            estimated_bytes_to_transfer=total,
            files_transferred=1234,
            estimated_files_to_transfer=5678,
        )
        progress = tracker.see(answer, float(second))
    return progress


@given(st.lists(st.floats(DEFAULT_POLL.most * (1 - DEFAULT_POLL.jitter), DEFAULT_POLL.most), max_size=20))
def test_a_log_leaves_out_no_look_of_those_that_are_as_seldom_as_they_get(pauses: list[float]) -> None:
    progress, now, written = transferring(10**6), 0.0, list[str]()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("datasync_sdk.cli.displays.lines.write", written.append)
        with Lines(ARN, lambda: now) as lines:
            for pause in (0.0, *pauses):
                now += pause
                lines.show(progress)
    assert len(written) == 2 + len(pauses)


@given(looks)
def test_a_log_has_a_line_for_each_phase_and_each_half_minute(
    told: list[tuple[m.DescribeTaskExecutionResponse, float]],
) -> None:
    written: list[tuple[str, float]] = []
    now = 0.0
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("datasync_sdk.cli.displays.lines.write", lambda line: written.append((line, now)))
        with Lines(ARN, lambda: now) as lines:
            for progress, now in seen(told):  # noqa: B007  # `lines` asks for it
                lines.show(progress)
    assert written[0] == (f"watching {ARN}", written[0][1])
    shown = [(line.partition(",")[0], at) for line, at in written[1:]]
    for (before, earlier), (phase, later) in pairwise(shown):
        assert before != phase or later - earlier >= PAUSE
    last: tuple[str, float] | None = None
    for progress, at in seen(told):
        if not progress.has_ended and (
            not last or last[0] != texts.phase_text(progress) or at - last[1] >= PAUSE
        ):
            last = texts.phase_text(progress), at
            assert last in shown
    assert all(line.isprintable() for line, _ in written)


def ended(**members: Any) -> Outcome:
    """One that failed, and was to have a report."""
    s3 = m.ReportDestinationS3(
        s3_bucket_arn="arn:aws:s3:::reports", bucket_access_role_arn="arn:aws:iam::1:role/r"
    )
    report = m.TaskReportConfig(destination=m.ReportDestination(s3=s3))
    return outcome_of(
        m.DescribeTaskExecutionResponse(
            task_execution_arn=ARN, status="ERROR", task_report_config=report, **members
        )
    )


def test_a_report_is_pointed_at_only_where_there_may_be_one() -> None:
    _, told = texts.outcome_lines(ended())
    assert told == f"datasync report {ARN} tells which items failed"
    _, told = texts.outcome_lines(ended(report_result=m.ReportResult(status="SUCCESS")))
    assert told == f"datasync report {ARN} tells which items failed"
    none = m.ReportResult(status="ERROR", error_code="AccessDenied", error_detail="The role\nmay not write.")
    _, told = texts.outcome_lines(ended(report_result=none))
    assert told == "there is no report: The role may not write."


def drawn(progress: Progress | None, width: int, *, colours: bool = False) -> str:
    """The line that a terminal of this width shows."""
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        force_terminal=colours,
        color_system="truecolor" if colours else None,
        _environ={},
    )
    line = Line()
    line.progress = progress
    console.print(line)
    return file.getvalue()


@given(looks, st.integers(10, 200))
def test_a_terminal_has_one_line_that_fits(
    told: list[tuple[m.DescribeTaskExecutionResponse, float]], width: int
) -> None:
    for progress, _ in seen(told):
        (line,) = drawn(progress, width).splitlines()
        assert len(line.rstrip()) < max(width, len(texts.phase_text(progress)) + 1)
        assert line.rstrip().isprintable()


def test_before_the_first_look_there_is_a_sign_of_life() -> None:
    assert drawn(None, 80).strip()


def test_a_wide_terminal_has_all_of_it() -> None:
    line = drawn(transferring(500_000_000), 120)
    assert re.sub("[━╸╺]+ *", "=", line).split("\n")[0].rstrip() == (
        "transferring =50 % 1,234 of 5,678 files 500 MB of 1.0 GB 50 MB/s 10 s left"
    )


def test_the_narrower_it_is_the_less_is_told_and_the_part_is_told_last_of_all() -> None:
    progress = transferring(500_000_000)
    parts = ["files", "MB/s", "left", "of 1.0 GB", "━", "50 %", "transferring"]
    counts = [sum(part in drawn(progress, width) for part in parts) for width in range(120, 10, -1)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == len(parts)
    assert drawn(progress, 20).split() == ["transferring", "50", "%"]


def test_the_bar_moves_while_nobody_knows_how_much_there_is_to_do() -> None:
    preparing = Tracker().see(
        m.DescribeTaskExecutionResponse(task_execution_arn=ARN, status="PREPARING"), 0.0
    )
    assert preparing.fraction is None
    pulse = drawn(preparing, 80, colours=True)
    assert pulse.count("\x1b[") > 5  # A gradient, drawn letter by letter.
    assert "%" not in pulse


def test_a_time_that_one_cannot_rely_on_is_told_as_such() -> None:
    sure, unsure = transferring(10**8), transferring(10**8, looks=2)
    assert (sure.confidence, unsure.confidence) == (Confidence.HIGH, Confidence.LOW)
    assert texts.left_text(sure) == "1 min 30 s left"
    assert texts.left_text(unsure).startswith("about ")


def test_all_but_the_last_byte_is_not_100_percent() -> None:
    assert texts.percent_text(transferring(10**9 - 1)) == "99 %"
    assert texts.percent_text(transferring(10**9)) == "100 %"


def test_a_status_that_is_new_is_told_as_it_is() -> None:
    answer = m.DescribeTaskExecutionResponse(task_execution_arn=ARN, status="REHYDRATING")  # type: ignore[arg-type]
    progress = Tracker().see(answer, 0.0)
    assert progress.phase is Phase.RUNNING
    assert texts.phase_text(progress) == "REHYDRATING"
