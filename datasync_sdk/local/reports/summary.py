"""The summary of a task report.

AWS's user guide says what a summary tells, and has no example. The names of its members are those that
programs of others read from it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from datasync_sdk import models as m
from datasync_sdk import unstructure
from datasync_sdk.local.places.uris import LocationType, LocationUri
from datasync_sdk.local.reports.rows import Row, nanoseconds, timestamp

__all__ = ["summary"]

# What a summary calls a type of location. S3 and those of FSx were seen so.
LOCATION_TYPES: Final = {
    LocationType.AZURE_BLOB: "Azure Blob Storage",
    LocationType.EFS: "Amazon EFS",
    LocationType.FSX_LUSTRE: "Amazon FSx for Lustre",
    LocationType.FSX_ONTAP_NFS: "Amazon FSx for NetApp ONTAP (NFS)",
    LocationType.FSX_ONTAP_SMB: "Amazon FSx for NetApp ONTAP (SMB)",
    LocationType.FSX_OPENZFS_NFS: "Amazon FSx for OpenZFS",
    LocationType.FSX_WINDOWS: "Amazon FSx for Windows File Server",
    LocationType.HDFS: "HDFS",
    LocationType.NFS: "NFS",
    LocationType.OBJECT_STORAGE: "Object Storage",
    LocationType.S3: "Amazon S3",
    LocationType.SMB: "SMB",
}

COUNTERS: Final = ("Files", "Folders", "Bytes", "Estimated")
"""What the names of counters begin with, in an answer to DescribeTaskExecution."""


def summary(
    execution: m.DescribeTaskExecutionResponse,
    task: m.DescribeTaskResponse,
    source_uri: str,
    destination_uri: str,
) -> Row:
    """What a summary tells of an execution that has ended."""
    arn = execution.task_execution_arn or ""
    described = unstructure(execution)
    made: Row = {
        "TaskExecutionId": arn.rpartition("/")[2],
        "TaskMode": execution.task_mode,
        "AccountId": arn.split(":")[4],
        "TaskId": task.task_arn.rpartition("/")[2],
        "TaskName": task.name,
        "SourceLocation": location(task.source_location_arn, source_uri),
        "DestinationLocation": location(task.destination_location_arn, destination_uri),
        "StartTime": moment(execution.start_time),
        "EndTime": moment(execution.end_time),
        "TotalTime": total_time(execution),
        "OverallStatus": execution.status,
        "Result": {name: value for name, value in described.items() if name.startswith(COUNTERS)}
        | described.get("Result", {}),
        "Options": described.get("Options"),
        "Filters": {name: described[name] for name in ("Includes", "Excludes") if name in described},
        "ManifestConfig": described.get("ManifestConfig"),
    }
    return {name: value for name, value in made.items() if value is not None}


def location(arn: str | None, uri: str) -> Row:
    """A location, by its id and type."""
    return {
        "LocationId": (arn or "").rpartition("/")[2],
        "LocationType": LOCATION_TYPES[LocationUri.parse(uri).type],
    }


def total_time(execution: m.DescribeTaskExecutionResponse) -> int | None:
    """Milliseconds."""
    if execution.result is not None and execution.result.total_duration is not None:
        return execution.result.total_duration
    if execution.start_time is None or execution.end_time is None:
        return None
    return (nanoseconds(execution.end_time) - nanoseconds(execution.start_time)) // 10**6


def moment(time: datetime | None) -> str | None:
    """A time as reports write it."""
    return None if time is None else timestamp(nanoseconds(time))
