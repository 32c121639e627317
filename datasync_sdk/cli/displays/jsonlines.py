"""Progress for programs: a JSON object for each look, and one for how it ended."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from datasync_sdk.cli import statuses
from datasync_sdk.cli.displays.display import Display
from datasync_sdk.cli.documents import write_json_line

if TYPE_CHECKING:
    from datasync_sdk.execution.outcome import Failed, Outcome
    from datasync_sdk.execution.progress import Count, Progress

__all__ = ["JsonLines", "outcome_document", "progress_document"]


class JsonLines(Display):
    """A line for each look."""

    def __init__(self, task_execution_arn: str) -> None:
        """Begin with nothing shown."""
        self._arn = task_execution_arn

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave all as it is."""

    def show(self, progress: Progress) -> None:
        """Write a line."""
        write_json_line(progress_document(self._arn, progress))

    def end(self, outcome: Outcome) -> None:
        """Write the last line."""
        write_json_line(outcome_document(outcome))


def progress_document(task_execution_arn: str, progress: Progress) -> dict[str, Any]:
    """A progress as JSON has it; what nobody knows is null."""
    return {
        "type": "progress",
        "task_execution_arn": task_execution_arn,
        "phase": str(progress.phase),
        "status": progress.status,
        "fraction": progress.fraction,
        "bytes": count(progress.bytes),
        "files": count(progress.files),
        "folders": count(progress.folders) if progress.folders else None,
        "bytes_per_second": progress.bytes_per_second,
        "files_per_second": progress.files_per_second,
        "remaining_seconds": seconds(progress.remaining),
        "confidence": str(progress.confidence),
    }


def outcome_document(outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON has it; what nobody knows is null."""
    execution, durations, report = outcome.execution, outcome.durations, outcome.report
    return {
        "type": "outcome",
        "task_execution_arn": outcome.task_execution_arn,
        "verdict": str(outcome.verdict),
        "exit_status": statuses.VERDICTS[outcome.verdict],
        "is_cancelled": outcome.is_cancelled,
        "error_code": outcome.error_code,
        "error_detail": outcome.error_detail,
        "files_transferred": execution.files_transferred,
        "bytes_transferred": execution.bytes_transferred,
        "bytes_written": execution.bytes_written,
        "files_failed": failed(outcome.files_failed),
        "folders_failed": failed(outcome.folders_failed),
        "seconds": {
            "prepare": seconds(durations.prepare),
            "transfer": seconds(durations.transfer),
            "verify": seconds(durations.verify),
            "total": seconds(durations.total),
        },
        "report": {"bucket_arn": report.bucket, "prefix": report.prefix} if report else None,
    }


def count(counted: Count) -> dict[str, int | None]:
    """How many of how many."""
    return {"done": counted.done, "total": counted.total}


def failed(counts: Failed | None) -> dict[str, int | None] | None:
    """How many items failed in each step."""
    if counts is None:
        return None
    steps = ("list", "prepare", "transfer", "verify", "delete")
    return {**{step: getattr(counts, step) for step in steps}, "total": counts.total}


def seconds(length: timedelta | None) -> float | None:
    """A length of time."""
    return None if length is None else length.total_seconds()
