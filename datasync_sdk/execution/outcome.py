"""How an execution ended."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final, Self

from attrs import frozen

from datasync_sdk import models as m
from datasync_sdk.errors import ExecutionFailed, ExecutionIncomplete
from datasync_sdk.reports.keys import ReportPlace

__all__ = ["ENDED", "Durations", "Failed", "Outcome", "Verdict", "has_ended", "outcome_of"]

Execution = m.DescribeTaskExecutionResponse

ENDED: Final = frozenset({m.TaskExecutionStatus.SUCCESS, m.TaskExecutionStatus.ERROR})
"""The only statuses that an execution ends in. It is in every other one, known or not, while it runs."""
REACHED: Final = frozenset({m.PhaseStatus.SUCCESS, m.PhaseStatus.ERROR})
"""The statuses of a step that has begun, and is over."""
DONE: Final = tuple(
    f"{what}_{done}"
    for what in ("files", "folders")
    for done in ("transferred", "verified", "deleted", "skipped")
)
"""The counters of what did not fail."""


class Verdict(StrEnum):
    """What to make of an execution that has ended."""

    SUCCESS = "success"
    """All of it is there."""
    COMPLETED_WITH_FAILURES = "completed with failures"
    """It went to its end, and some items were not transferred, verified or deleted."""
    FAILED = "failed"
    """It did not go to its end, or was cancelled."""


@frozen(kw_only=True)
class Failed:
    """How many items failed in each step; None where DataSync does not tell, as in Basic mode."""

    list: int | None = None
    """Of folders only."""
    prepare: int | None = None
    transfer: int | None = None
    verify: int | None = None
    delete: int | None = None

    @property
    def total(self) -> int:
        """All of them. One item can fail in several steps."""
        counts = (self.list, self.prepare, self.transfer, self.verify, self.delete)
        return sum(each for each in counts if each is not None)


@frozen(kw_only=True)
class Durations:
    """How long the steps took. In Enhanced mode they overlap, and only the total is told."""

    prepare: timedelta | None = None
    transfer: timedelta | None = None
    verify: timedelta | None = None
    total: timedelta | None = None


@frozen(kw_only=True)
class Outcome:
    """How an execution ended.

    https://docs.aws.amazon.com/datasync/latest/userguide/API_TaskExecutionResultDetail.html
    """

    verdict: Verdict
    task_execution_arn: str
    error_code: str | None
    """DataSync's own code. There is no complete list of them."""
    error_detail: str | None
    is_cancelled: bool
    """Whether it ended because somebody cancelled it."""
    files_failed: Failed | None
    """Enhanced mode only."""
    folders_failed: Failed | None
    """Enhanced mode only."""
    durations: Durations
    report: ReportPlace | None
    """Where its report is, or will be; None where it was to have none. `client.read_report` reads it."""
    execution: m.DescribeTaskExecutionResponse
    """The whole answer of DataSync."""

    @property
    def is_success(self) -> bool:
        """Whether all of it is there."""
        return self.verdict is Verdict.SUCCESS

    def raise_for_status(self) -> Self:
        """Give this outcome back where it is a success.

            execution.wait().raise_for_status()

        Raises:
            ExecutionIncomplete: some items failed.
            ExecutionFailed: the execution did.
        """
        match self.verdict:
            case Verdict.SUCCESS:
                return self
            case Verdict.COMPLETED_WITH_FAILURES:
                raise ExecutionIncomplete(self.task_execution_arn, str(self), self)
            case Verdict.FAILED:
                raise ExecutionFailed(self.task_execution_arn, str(self), self)

    def __str__(self) -> str:
        """One sentence for a log."""
        counts = [
            f"{failed.total:,} {what} failed"
            for what, failed in (("files", self.files_failed), ("folders", self.folders_failed))
            if failed and failed.total
        ]
        error = ": ".join(filter(None, [self.error_code, self.error_detail]))
        verdict = "cancelled" if self.is_cancelled else str(self.verdict)
        return "; ".join(filter(None, [verdict, *counts, error]))


def has_ended(execution: Execution) -> bool:
    """Whether nothing will change any more. An unknown status, or none, is that of one that runs."""
    return execution.status in ENDED


def outcome_of(execution: Execution) -> Outcome:
    """How an execution ended.

    Raises:
        ValueError: it has not.
    """
    if not has_ended(execution):
        raise ValueError(f"{execution.task_execution_arn} has not ended: it is {execution.status}")
    result = execution.result or m.TaskExecutionResultDetail()
    return Outcome(
        verdict=verdict_of(execution),
        task_execution_arn=execution.task_execution_arn,
        error_code=result.error_code,
        error_detail=result.error_detail,
        is_cancelled=is_cancelled(execution),
        files_failed=files_failed(execution.files_failed),
        folders_failed=folders_failed(execution.folders_failed),
        durations=durations_of(execution),
        report=ReportPlace.of(execution),
        execution=execution,
    )


def verdict_of(execution: Execution) -> Verdict:
    """What to make of an execution that has ended: DataSync has two words for three things."""
    failed = [files_failed(execution.files_failed), folders_failed(execution.folders_failed)]
    has_failures = any(each.total for each in failed if each)
    if execution.status == m.TaskExecutionStatus.SUCCESS:
        return Verdict.COMPLETED_WITH_FAILURES if has_failures else Verdict.SUCCESS
    if went_to_its_end(execution, has_failures=has_failures) and not is_cancelled(execution):
        return Verdict.COMPLETED_WITH_FAILURES
    return Verdict.FAILED


def went_to_its_end(execution: Execution, *, has_failures: bool) -> bool:
    """Whether an execution in ERROR has done what it could.

    In Basic mode its last step has ended then, too. In Enhanced mode all steps are one stream: it counted
    items that failed, beside others that did not.
    """
    if execution.task_mode == m.TaskMode.ENHANCED:
        return has_failures and any(getattr(execution, counter) for counter in DONE)
    return execution.result is not None and execution.result.verify_status in REACHED


def is_cancelled(execution: Execution) -> bool:
    """Whether an execution ended because somebody cancelled it. DataSync has no status for that."""
    code = execution.result.error_code if execution.result else None
    return execution.status == m.TaskExecutionStatus.ERROR and "cancel" in (code or "").lower()


def files_failed(detail: m.TaskExecutionFilesFailedDetail | None) -> Failed | None:
    """How many files failed in each step."""
    if detail is None:
        return None
    return Failed(
        prepare=detail.prepare, transfer=detail.transfer, verify=detail.verify, delete=detail.delete
    )


def folders_failed(detail: m.TaskExecutionFoldersFailedDetail | None) -> Failed | None:
    """How many folders failed in each step."""
    if detail is None:
        return None
    return Failed(
        list=detail.list,
        prepare=detail.prepare,
        transfer=detail.transfer,
        verify=detail.verify,
        delete=detail.delete,
    )


def durations_of(execution: Execution) -> Durations:
    """How long the steps took. Enhanced mode always says 0 of them, which is no duration."""
    result = execution.result
    if result is None:
        return Durations()
    if execution.task_mode == m.TaskMode.ENHANCED:
        return Durations(total=milliseconds(result.total_duration))
    return Durations(
        prepare=milliseconds(result.prepare_duration),
        transfer=milliseconds(result.transfer_duration),
        verify=milliseconds(result.verify_duration),
        total=milliseconds(result.total_duration),
    )


def milliseconds(value: int | None) -> timedelta | None:
    """A duration; DataSync tells milliseconds. One that is longer than all of history is none."""
    try:
        return None if value is None else timedelta(milliseconds=value)
    except OverflowError:
        return None
