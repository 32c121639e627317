"""The summary of a task report.

AWS's user guide says what a summary tells, and has no example. The names of its members are those that
programs of others read from it; whatever cannot be understood is None, and stands in `raw`.
https://docs.aws.amazon.com/datasync/latest/userguide/task-reports.html#task-report-overview
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Self, TypeVar

from attrs import field, frozen

from datasync_sdk._runtime.errors import StructureError
from datasync_sdk._runtime.structures import Structure
from datasync_sdk._runtime.wire import structure
from datasync_sdk.models.filter import FilterRule
from datasync_sdk.models.options import Options
from datasync_sdk.models.task_execution import TaskExecutionResultDetail
from datasync_sdk.reports.entries import Row, moment
from datasync_sdk.reports.parts import document

__all__ = ["ReportLocation", "ReportSummary"]

S = TypeVar("S", bound=Structure)

COUNTERS: Final = ("Files", "Folders", "Bytes", "Estimated")
"""What the names of counters begin with, as in an answer to DescribeTaskExecution."""


@frozen(kw_only=True)
class ReportLocation:
    """A location, as a summary tells of it."""

    location_id: str | None = None
    """`loc-...`"""
    type: str | None = None
    """In words, such as `Amazon S3`."""


@frozen(kw_only=True)
class ReportSummary:
    """How an execution went."""

    execution_id: str | None = None
    """`exec-...`"""
    task_id: str | None = None
    """`task-...`"""
    task_name: str | None = None
    task_mode: str | None = None
    """BASIC or ENHANCED."""
    account_id: str | None = None
    status: str | None = None
    """How it ended: SUCCESS, ERROR, or another word of AWS's (`OverallStatus`)."""
    source: ReportLocation | None = None
    destination: ReportLocation | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    total_time: timedelta | None = None
    """How long it took."""
    counts: Mapping[str, int] = field(factory=dict, hash=False)
    """Counters, by the names that AWS has for them: `FilesTransferred`, `BytesWritten`, and for those that
    are several, such as `FilesFailed.Transfer`. Not to be changed."""
    options: Options | None = None
    includes: tuple[FilterRule, ...] = ()
    excludes: tuple[FilterRule, ...] = ()
    result: TaskExecutionResultDetail | None = None
    """How each phase went, and with which error, if there was one."""
    raw: Row = field(factory=dict, hash=False, repr=False)
    """The summary as it is, with what is not known here. Not to be changed."""

    @property
    def succeeded(self) -> bool:
        """Whether the summary says so: no word but SUCCESS is taken for it."""
        return self.status == "SUCCESS"

    @classmethod
    def parse(cls, content: bytes, name: str = "The summary of a task report") -> Self:
        """Read a summary.

        Args:
            content: all of the object.
            name: its key, for messages.

        Raises:
            ReportError: it is none.
        """
        told = document(content, name)
        result = told.get("Result")
        filters = _mapping(told.get("Filters"))
        return cls(
            execution_id=_text(told.get("TaskExecutionId")),
            task_id=_text(told.get("TaskId")),
            task_name=_text(told.get("TaskName")),
            task_mode=_text(told.get("TaskMode")),
            account_id=_text(told.get("AccountId")),
            status=_text(told.get("OverallStatus")),
            source=_location(told.get("SourceLocation")),
            destination=_location(told.get("DestinationLocation")),
            start_time=moment(told.get("StartTime")),
            end_time=moment(told.get("EndTime")),
            total_time=_milliseconds(told.get("TotalTime")),
            counts=dict(_counts({**told, **_mapping(result)})),
            options=_structured(told.get("Options"), Options),
            includes=_rules(filters.get("Includes")),
            excludes=_rules(filters.get("Excludes")),
            result=_structured(result, TaskExecutionResultDetail),
            raw=told,
        )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _milliseconds(value: object) -> timedelta | None:
    try:
        return timedelta(milliseconds=value) if isinstance(value, int | float) else None
    except (OverflowError, ValueError):
        return None


def _location(value: object) -> ReportLocation | None:
    told = _mapping(value)
    if not told:
        return None
    return ReportLocation(location_id=_text(told.get("LocationId")), type=_text(told.get("LocationType")))


def _counts(told: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, int]]:
    for name, value in told.items():
        if not above and not name.startswith(COUNTERS):
            continue
        if isinstance(value, int) and not isinstance(value, bool):
            yield f"{above}{name}", value
        elif isinstance(value, Mapping):
            yield from _counts(value, f"{above}{name}.")


def _rules(value: object) -> tuple[FilterRule, ...]:
    rules = value if isinstance(value, list) else []
    return tuple(rule for each in rules if (rule := _structured(each, FilterRule)))


def _structured(value: object, cls: type[S]) -> S | None:
    """A part of a summary as an object of the API; None if it is not one, which no documentation promises."""
    if not isinstance(value, Mapping):
        return None
    try:
        return structure(value, cls)
    except StructureError:
        return None
