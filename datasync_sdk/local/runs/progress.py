"""From the counters of a transfer to the members of DescribeTaskExecution, which differ by task mode.

"For Enhanced mode tasks, this counter only includes files or objects. Directories are counted in
FoldersTransferred", says the documentation of FilesTransferred, and so on for the others; the engine counts
that way. Here is only which of them an answer has.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from attrs import evolve

from datasync_sdk import models as m
from datasync_sdk.local.runs.live import Live
from datasync_sdk.local.runs.phases import detail, pending
from datasync_sdk.local.transfer.job import Counters, PhaseEnd

BOTH: Final = (
    "estimated_files_to_transfer",
    "estimated_bytes_to_transfer",
    "files_transferred",
    "bytes_written",
    "bytes_transferred",
    "files_deleted",
    "files_skipped",
    "files_verified",
    "estimated_files_to_delete",
)
"""What is reported of a task in either mode."""

BASIC: Final = ("bytes_compressed",)

ENHANCED: Final = (
    "files_prepared",
    "estimated_folders_to_delete",
    "estimated_folders_to_transfer",
    "folders_skipped",
    "folders_prepared",
    "folders_transferred",
    "folders_verified",
    "folders_deleted",
)
"""What "applies only to Enhanced mode tasks", beside the groups below."""


def with_progress(
    described: m.DescribeTaskExecutionResponse, counters: Counters
) -> m.DescribeTaskExecutionResponse:
    """An execution with what its transfer has counted until now."""
    names = (*BOTH, *(ENHANCED if is_enhanced(described) else BASIC))
    counted = {name: getattr(counters, name) for name in names}
    if is_enhanced(described):
        return evolve(described, **counted, **grouped(counters))
    return evolve(described, **counted)


def as_it_runs(
    described: m.DescribeTaskExecutionResponse, live: Live, now: datetime
) -> m.DescribeTaskExecutionResponse:
    """An execution that runs, with what it has done and how long that took until now."""
    if described.launch_time is None:
        return described
    total = milliseconds(now - described.launch_time)
    result = detail(pending(phases_of(described, live)), total_duration=total)
    return evolve(with_progress(described, live.counters), result=result)


def in_phase(
    described: m.DescribeTaskExecutionResponse, phase: m.TaskExecutionStatus | None
) -> m.DescribeTaskExecutionResponse:
    """An execution in another phase, if there is one; what is being cancelled stays so until its end."""
    if phase is None or described.status == m.TaskExecutionStatus.CANCELLING:
        return described
    return evolve(described, status=phase)


def phases_of(described: m.DescribeTaskExecutionResponse, live: Live) -> list[PhaseEnd]:
    """The phases of an execution that runs. Those of Enhanced mode, all at once, have no durations."""
    phases = live.phases()
    return [evolve(phase, milliseconds=0) for phase in phases] if is_enhanced(described) else phases


def milliseconds(time: timedelta) -> int:
    """A time as durations are told. A clock that was set back meanwhile would tell less than nothing."""
    return max(0, round(time / timedelta(milliseconds=1)))


def grouped(counters: Counters) -> dict[str, Any]:
    """The counters that an answer has in groups."""
    return {
        "files_listed": m.TaskExecutionFilesListedDetail(
            at_source=counters.files_listed_at_source,
            at_destination_for_delete=counters.files_listed_at_destination_for_delete,
        ),
        "folders_listed": m.TaskExecutionFoldersListedDetail(
            at_source=counters.folders_listed_at_source,
            at_destination_for_delete=counters.folders_listed_at_destination_for_delete,
        ),
        "files_failed": m.TaskExecutionFilesFailedDetail(
            prepare=counters.files_failed_prepare,
            transfer=counters.files_failed_transfer,
            verify=counters.files_failed_verify,
            delete=counters.files_failed_delete,
        ),
        "folders_failed": m.TaskExecutionFoldersFailedDetail(
            list=counters.folders_failed_list,
            prepare=counters.folders_failed_prepare,
            transfer=counters.folders_failed_transfer,
            verify=counters.folders_failed_verify,
            delete=counters.folders_failed_delete,
        ),
    }


def is_enhanced(described: m.DescribeTaskExecutionResponse) -> bool:
    """Whether an execution is one of an Enhanced mode task."""
    return described.task_mode == m.TaskMode.ENHANCED
