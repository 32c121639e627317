"""The parts of a progress, and of an outcome, as texts for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from datasync_sdk.cli.sizes import size
from datasync_sdk.cli.wording import duration, one_line, plain

if TYPE_CHECKING:
    from datasync_sdk.execution.outcome import Outcome
    from datasync_sdk.execution.progress import Count, Progress

__all__ = [
    "bytes_text",
    "files_text",
    "left_text",
    "outcome_lines",
    "percent_text",
    "phase_text",
    "rate_text",
]


def phase_text(progress: Progress) -> str:
    """What it does; of a status that nobody knows, that status."""
    from datasync_sdk.execution.progress import Phase

    is_new = progress.phase is Phase.RUNNING and progress.status is not None
    return plain(str(progress.status)) if is_new else str(progress.phase)


def percent_text(progress: Progress) -> str:
    """How much is done; nothing while nobody knows. It is not 100 % before all is there."""
    return "" if progress.fraction is None else f"{int(progress.fraction * 100)} %"


def files_text(progress: Progress) -> str:
    """How many files, with the folders where DataSync counts both as one."""
    return f"{count_text(progress.files)} files" if progress.files.done or progress.files.total else ""


def count_text(count: Count) -> str:
    """How many of how many."""
    return f"{count.done:,}" if count.total is None else f"{count.done:,} of {count.total:,}"


def bytes_text(progress: Progress) -> str:
    """How many bytes of how many."""
    done, total = progress.bytes.done, progress.bytes.total
    if total is not None:
        return f"{size(done)} of {size(total)}"
    return size(done) if done else ""


def rate_text(progress: Progress) -> str:
    """How fast it is."""
    return f"{size(progress.bytes_per_second)}/s" if progress.bytes_per_second else ""


def left_text(progress: Progress) -> str:
    """How long it will take; with `about` where one cannot rely on it."""
    from datasync_sdk.execution.progress import Confidence

    if progress.remaining is None or not progress.remaining:
        return ""
    about = "" if progress.confidence is Confidence.HIGH else "about "
    return f"{about}{duration(progress.remaining)} left"


def outcome_lines(outcome: Outcome) -> Iterator[str]:
    """How it ended: a line that says it, and one for what to look at."""
    execution = outcome.execution
    files, moved = execution.files_transferred, execution.bytes_transferred
    done = filter(None, [f"{files:,} files" if files else "", size(moved) if moved else ""])
    took = f" in {duration(outcome.durations.total)}" if outcome.durations.total else ""
    # DataSync's own sentences end with a full stop, or not.
    yield plain(f"{str(outcome).rstrip('.')}: {', '.join(done) or 'nothing transferred'}{took}")
    written = execution.report_result
    if written is not None and written.status == "ERROR":
        why = written.error_detail or written.error_code or "DataSync does not tell why"
        yield one_line(f"there is no report: {why}")
    elif not outcome.is_success and outcome.report is not None:
        yield f"datasync report {outcome.task_execution_arn} tells which items failed"
