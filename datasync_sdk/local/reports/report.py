"""Task reports: objects in a bucket that tell how an execution went.

    Summary-Reports/task-.../exec-.../exec-....summary-v1.json
    Detailed-Reports/task-.../exec-.../exec-....files-transferred-v1-00001-0a123abc12d3b0e4f.json

A summary is written always; a list of each kind that there is something to tell of, if the report is a
standard one. "Individual task reports can't exceed 5 MB": a longer list goes on in another object.
https://docs.aws.amazon.com/datasync/latest/userguide/task-report-viewing.html
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from datasync_sdk import models as m
from datasync_sdk.local.places.folders import METADATA
from datasync_sdk.local.places.objects import ObjectError, write_object
from datasync_sdk.local.places.uris import LocationUri
from datasync_sdk.local.reports.recorder import Recorder
from datasync_sdk.local.reports.rows import Schema, encoded, row
from datasync_sdk.local.reports.summary import summary
from datasync_sdk.local.transfer.job import Place
from datasync_sdk.local.transfer.outcome.outcomes import Outcome
from datasync_sdk.local.transfer.plan import SpoolError

__all__ = ["LIMIT", "failed_report", "write_reports"]

LIMIT: Final = 5 * 1024 * 1024
"""Bytes that an object of a report may have."""


@frozen(kw_only=True)
class Keys:
    """Where the objects of a report are."""

    prefix: str
    task: str
    execution: str

    @classmethod
    def of(cls, config: m.TaskReportConfig, execution_arn: str) -> Keys:
        """Those of an execution's report."""
        _, task, _, execution = execution_arn.rsplit("/", 3)
        s3 = config.destination.s3 if config.destination else None
        prefix = (s3.subdirectory if s3 else None) or ""
        return cls(prefix=prefix.strip("/"), task=task, execution=execution)

    def summary(self) -> str:
        """The key of the summary."""
        return self._below("Summary-Reports", f"{self.execution}.summary-v1.json")

    def part(self, outcome: Outcome, number: int) -> str:
        """The key of a part of a list; they are numbered from 1. No two calls give the same."""
        name = f"{self.execution}.files-{outcome.value.lower()}-v1-{number:05d}-0{secrets.token_hex(8)}.json"
        return self._below("Detailed-Reports", name)

    def _below(self, folder: str, name: str) -> str:
        return "/".join((*filter(None, [self.prefix]), folder, self.task, self.execution, name))


def write_reports(  # noqa: PLR0913  # what there is to tell of
    place: Place,
    recorder: Recorder,
    *,
    execution: m.DescribeTaskExecutionResponse,
    task: m.DescribeTaskResponse,
    source_uri: str,
    destination_uri: str,
    limit: int = LIMIT,
) -> m.ReportResult:
    """Write the task report of an execution. That it cannot be written is told, and never raised.

    Args:
        place: the bucket of the report.
        recorder: what became of each item.
        execution: the execution, ended: with its status, result, counters and times.
        task: the task that it is of.
        source_uri: the LocationUri of the source.
        destination_uri: and of the destination.
        limit: bytes that an object may have.
    """
    keys = Keys.of(recorder.config, execution.task_execution_arn or "")
    schema = Schema(
        is_enhanced=execution.task_mode == m.TaskMode.ENHANCED,
        source=METADATA[LocationUri.parse(source_uri).type],
        destination=METADATA[LocationUri.parse(destination_uri).type],
    )
    try:
        told = summary(execution, task, source_uri, destination_uri)
        write_object(place, keys.summary(), encoded(told))
        for outcome in Outcome:
            rows = (encoded(row(schema, *result)) for result in recorder.results(outcome))
            for number, part in enumerate(parts(keys.execution, outcome, rows, limit), 1):
                write_object(place, keys.part(outcome, number), part)
        if recorder.error is not None:
            raise recorder.error
    except ObjectError as error:
        return failed_report(error.code, f"The task report cannot be written: {error.detail}")
    except SpoolError as error:
        return failed_report("InternalError", f"The task report is not complete: {error}.")
    return m.ReportResult(status=m.PhaseStatus.SUCCESS)


def failed_report(code: str, detail: str) -> m.ReportResult:
    """The result of a report that could not be written; the execution itself may be a success."""
    return m.ReportResult(status=m.PhaseStatus.ERROR, error_code=code, error_detail=detail)


def parts(execution: str, outcome: Outcome, rows: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """The objects that a list is written to, in memory one at a time; none, if nothing is on the list.

    None has more than `limit` bytes, unless a single row has.
    """
    start = b'{"TaskExecutionId":%b,"%b":[' % (encoded(execution), outcome.value.encode())
    held: list[bytes] = []
    size = 0
    for one in rows:
        # With a comma, or at the end the two brackets in which all ends.
        if held and len(start) + size + len(one) + 2 > limit:
            yield b"%b%b]}" % (start, b",".join(held))
            held, size = [], 0
        held.append(one)
        size += len(one) + 1
    if held:
        yield b"%b%b]}" % (start, b",".join(held))
