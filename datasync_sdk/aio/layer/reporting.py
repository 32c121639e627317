"""Task reports, and runs that try again what failed."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from datasync_sdk import models as m
from datasync_sdk._runtime.world.aio import in_thread
from datasync_sdk.aio.layer.starting import AsyncStarting
from datasync_sdk.errors import ConfigurationError, ReportError

if TYPE_CHECKING:
    from datasync_sdk.aio.layer.execution import AsyncTaskExecution
    from datasync_sdk.objects import Objects
    from datasync_sdk.reports import Report, ReportEntry, ReportKind, ReportPlace, ReportSummary

__all__ = ["AsyncReporting"]

logger = logging.getLogger("datasync_sdk")

LONGEST: Final = 3600.0
"""Seconds for which to wait until a report is written."""


class AsyncReporting(AsyncStarting):
    """The methods that read reports, and one that acts on them."""

    async def read_report(
        self,
        task_execution_arn: str,
        *kinds: ReportKind | str,
        objects: Objects | None = None,
        strict: bool = True,
    ) -> AsyncIterator[ReportEntry]:
        """What became of each item of an execution, by its task report: one part in memory at a time.

            async for entry in client.read_report(execution.arn, "transferred"):
                if not entry.succeeded:
                    print(entry.path, entry.error_detail)

        It waits until DataSync has written the report, which can be after the end of the execution.

        Args:
            task_execution_arn: the ARN of the execution, which has ended.
            kinds: only these lists: `transferred`, `verified`, `deleted`, `skipped`; all, if none is named.
            objects: where the bucket of the report is. By default Amazon S3, with the credentials of this
                client; or the folders of a service on this machine, where this is a client of one.
            strict: refuse a report of which parts are missing, before anything is read.

        Raises:
            ConfigurationError: the execution has not ended, or was to have no report, or a summary only.
            ReportError: the report is not there, or not complete, or no report.
            ValueError: there is no such list as one of `kinds`.
            ServiceError: DataSync or Amazon S3 refused.
            TransportError: there was no answer.
            CredentialsError: there are no usable credentials.
        """
        async with self._report(task_execution_arn, objects) as report:
            parts = report.keys.parts_of(*kinds)
            if strict:
                report.keys.check()
            for part in parts:
                # To take 5 MB apart takes a while, in which others are to run.
                for entry in await in_thread(report.read_part, part):
                    yield entry

    async def report_summary(
        self, task_execution_arn: str, *, objects: Objects | None = None
    ) -> ReportSummary:
        """The summary of the report of an execution.

        Arguments and errors are those of `read_report`.
        """
        async with self._report(task_execution_arn, objects, is_summary=True) as report:
            return await in_thread(report.summary)

    async def retry_failed(
        self,
        task_execution_arn: str,
        *,
        bucket_arn: str | None = None,
        key: str | None = None,
        bucket_access_role_arn: str | None = None,
        override_options: m.Options | None = None,
        objects: Objects | None = None,
    ) -> AsyncTaskExecution | None:
        """Run the task of an execution again, for the files only that failed; None where none did.

            outcome = await execution.wait()
            if not outcome.is_success and (again := await client.retry_failed(execution.arn)):
                outcome = await again.wait()

        The files are found in the report of the execution, and listed in a manifest, which is written to the
        bucket of the report, or to another one. Folders, and files that could not be deleted, cannot be in a
        manifest: the log tells how many there are, and only the whole task can try them again.

        Args:
            task_execution_arn: the ARN of the execution, which has ended.
            bucket_arn: the bucket for the manifest; by default that of the report.
            key: the key of the manifest there; by default `Manifests/...` below the prefix of the report.
            bucket_access_role_arn: the role with which DataSync reads it; by default that of the report,
                which has to be allowed `s3:GetObject` for that.
            override_options: options of the new execution. By default it transfers all that is listed,
                whether it looks the same or not, since what failed its verification may well do; and deletes
                nothing.
            objects: as in `read_report`.

        Raises:
            ConfigurationError: the execution has not ended, or was to have no report, or a summary only; or
                all that failed is what cannot be in a manifest.
            ReportError: the report is not there, or not complete, or no report.
            ServiceError: DataSync or Amazon S3 refused.
            TransportError: there was no answer; after the manifest was written, the execution may run.
            CredentialsError: there are no usable credentials.
        """
        from datasync_sdk.execution.retrying import AGAIN, manifest_config, manifest_key, report_place

        execution = await self._reported(task_execution_arn)
        place = report_place(execution, is_summary=False)
        bucket, named = bucket_arn or place.bucket, key or manifest_key(place)
        async with self._buckets(objects) as used:
            if not await in_thread(write_failed, used, place, bucket, named):
                return None
        task_arn = self.execution(task_execution_arn).task_arn
        task = await self.describe_task(task_arn=task_arn)
        return await self.start(
            task_arn,
            override_options=override_options or AGAIN,
            # A task can have filters or a manifest, and its filters have chosen these files already.
            includes=() if task.includes else None,
            excludes=() if task.excludes else None,
            manifest_config=manifest_config(execution, bucket, named, bucket_access_role_arn),
            task_report_config=execution.task_report_config,
        )

    @asynccontextmanager
    async def _report(
        self, arn: str, objects: Objects | None, *, is_summary: bool = False
    ) -> AsyncIterator[Report]:
        """The report of an execution, as long as somebody reads it."""
        from datasync_sdk.execution.retrying import report_place
        from datasync_sdk.reports import Report

        execution = await self._reported(arn)
        place = report_place(execution, is_summary=is_summary)
        async with self._buckets(objects) as used:
            yield await in_thread(Report.find, used, place)

    async def _reported(self, arn: str) -> m.DescribeTaskExecutionResponse:
        """An execution whose report is written, or will not be any more."""
        from datasync_sdk.execution.polling import DEFAULT_POLL, Pace

        execution = self.execution(arn)
        await execution.refresh()
        pace = Pace(DEFAULT_POLL, has_worked=True)
        until = self._monotonic() + LONGEST
        while is_writing(execution.last):
            if self._monotonic() >= until:
                raise ReportError(f"DataSync still writes the report of {arn}: ask for it later")
            await self._sleep(pace.next())
            await execution._look(pace)
        assert execution.last is not None  # noqa: S101  # `refresh` has seen it
        return execution.last

    @asynccontextmanager
    async def _buckets(self, given: Objects | None) -> AsyncIterator[Objects]:
        """Where buckets are, as long as somebody uses them."""
        own: Objects | None = given if given is not None else self._objects
        if own is not None:
            yield own
            return
        from datasync_sdk.objects import s3_objects

        client: Any = await self._connected()
        credentials = client._request_signer._credentials
        frozen = await credentials.get_frozen_credentials() if credentials is not None else None
        made = await in_thread(s3_objects, frozen, client.meta)
        try:
            yield made
        finally:
            made.close()


def write_failed(objects: Objects, place: ReportPlace, bucket: str, key: str) -> bool:
    """Write the manifest of what failed; tells whether anything did.

    Raises:
        ConfigurationError: all that failed is what cannot be in a manifest.
        ReportError: the report is not there, or not complete, or no report.
        DataSyncError: a bucket cannot be read or written.
    """
    from datasync_sdk.execution.retrying import failed_manifest
    from datasync_sdk.reports import Report

    content, left_out = failed_manifest(Report.find(objects, place))
    if left_out:
        logger.warning("%s: %d failed items cannot be in a manifest", place.execution, left_out)
    if content is None and left_out:
        raise ConfigurationError(
            f"retry_failed: all {left_out:,} items of {place.execution} that failed are folders, or could "
            "not be deleted: a manifest cannot list them. Start the task as a whole"
        )
    if content is not None:
        objects.write(bucket, key, content)
    return content is not None


def is_writing(execution: m.DescribeTaskExecutionResponse | None) -> bool:
    """Whether an execution has ended, and its report is not written yet."""
    from datasync_sdk.execution.outcome import has_ended

    result = execution.report_result if execution else None
    return (
        execution is not None
        and has_ended(execution)
        and result is not None
        and result.status == m.PhaseStatus.PENDING
    )
