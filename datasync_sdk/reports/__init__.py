"""Task reports: what became of each item of an execution, read from a bucket or a folder.

    from datasync_sdk import manifests, reports

    for entry in reports.read_report("downloads"):       # aws s3 cp --recursive s3://reports downloads
        if not entry.succeeded:
            print(entry.kind, entry.path, entry.error_code, entry.error_detail)
    print(reports.read_summary("downloads").counts)

    place = reports.ReportPlace.of(client.describe_task_execution(task_execution_arn=run))
    report = reports.Report.find(S3Objects(boto3.client("s3")), place)
    manifests.write_manifest(reports.failed_paths(report.entries()), "again.csv")

Reports of Basic and of Enhanced mode, which differ in the names of their members, are told in one form. What
AWS adds is kept, in `raw`. A part that is missing or broken is an error: nothing is silently left out.
https://docs.aws.amazon.com/datasync/latest/userguide/task-reports.html
"""

from __future__ import annotations

from datasync_sdk.errors import ReportError
from datasync_sdk.reports.entries import ReportEntry, ReportMetadata
from datasync_sdk.reports.failures import failed_paths
from datasync_sdk.reports.keys import ReportKey, ReportKeys, ReportKind, ReportPlace
from datasync_sdk.reports.parts import read_part
from datasync_sdk.reports.report import Report, read_report, read_summary
from datasync_sdk.reports.summaries import ReportLocation, ReportSummary

__all__ = [
    "Report",
    "ReportEntry",
    "ReportError",
    "ReportKey",
    "ReportKeys",
    "ReportKind",
    "ReportLocation",
    "ReportMetadata",
    "ReportPlace",
    "ReportSummary",
    "failed_paths",
    "read_part",
    "read_report",
    "read_summary",
]
