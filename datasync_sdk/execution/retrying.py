"""What to run again of an execution: the parts of `retry_failed` that ask nobody."""

from __future__ import annotations

from itertools import chain
from typing import Final

from datasync_sdk import models as m
from datasync_sdk._runtime.errors import ConfigurationError
from datasync_sdk.execution.outcome import has_ended
from datasync_sdk.manifests import manifest_bytes
from datasync_sdk.reports import Report, ReportEntry, ReportPlace, failed_paths

__all__ = ["AGAIN", "failed_manifest", "manifest_config", "manifest_key", "report_place"]

AGAIN: Final = m.Options(transfer_mode="ALL", preserve_deleted_files="PRESERVE")
"""Transfer what is listed, even what looks the same: a file that failed its verification may."""


def report_place(execution: m.DescribeTaskExecutionResponse, *, is_summary: bool) -> ReportPlace:
    """Where the report of an execution is.

    Args:
        execution: the execution, which has ended.
        is_summary: whether the summary is all that is wanted of it.

    Raises:
        ConfigurationError: the execution has not ended, or was to have no report, or no lists in it.
    """
    arn = execution.task_execution_arn
    if not has_ended(execution):
        raise ConfigurationError(f"{arn} has not ended, and has no report yet: wait for it first")
    place = ReportPlace.of(execution)
    config = execution.task_report_config
    if place is None or config is None:
        raise ConfigurationError(
            f"{arn} was to have no report: give its task a TaskReportConfig, or start it with one"
        )
    if config.output_type == m.ReportOutputType.SUMMARY_ONLY and not is_summary:
        raise ConfigurationError(
            f"{arn} was to have a summary only, without the names of files: its TaskReportConfig needs the "
            "OutputType STANDARD"
        )
    return place


def failed_manifest(report: Report) -> tuple[bytes | None, int]:
    """A manifest of the files that failed, None where there are none; and how many items it cannot have."""
    left_out: list[ReportEntry] = []
    paths = failed_paths(report.entries(), left_out=left_out.append)
    first = next(paths, None)
    content = None if first is None else manifest_bytes(chain([first], paths))
    return content, len(left_out)


def manifest_key(place: ReportPlace) -> str:
    """Where the manifest of what failed is put: beside the reports, named after its execution."""
    *_, task, _, execution = place.execution.replace(":", "/").split("/")
    return f"{place.prefix}Manifests/{task}/{execution}.failed.csv"


def manifest_config(
    execution: m.DescribeTaskExecutionResponse, bucket_arn: str, key: str, role_arn: str | None
) -> m.ManifestConfig:
    """What to tell DataSync of a manifest."""
    config = execution.task_report_config
    s3 = config.destination.s3 if config and config.destination else None
    role = role_arn or (s3.bucket_access_role_arn if s3 else "")
    source = m.S3ManifestConfig(
        s3_bucket_arn=bucket_arn, bucket_access_role_arn=role, manifest_object_path=key
    )
    return m.ManifestConfig(action="TRANSFER", format="CSV", source=m.SourceManifestConfig(s3=source))
