"""Results as a task report shows them: a row for each item, as AWS's user guide has them.

Basic and Enhanced mode have each their own names for some members. The rows of transferred and verified items
are documented, or seen in reports that others have published; of skipped and deleted ones it is known what
they tell, and that a skipped one has a SkipReason. Checksums of verified items were seen in Basic mode; that
Enhanced mode names them after its metadata is a guess.
https://docs.aws.amazon.com/datasync/latest/userguide/task-reports.html#example-task-reports
"""

from __future__ import annotations

import errno
import json
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, TypeAlias

from attrs import frozen

from datasync_sdk.local import texts
from datasync_sdk.local.transfer.job import Metadata
from datasync_sdk.local.transfer.outcome.outcomes import Failure, ItemKind, ItemResult, ItemState, Outcome

__all__ = ["Row", "Schema", "encoded", "nanoseconds", "row", "timestamp"]

Row: TypeAlias = dict[str, object]

# The verb that the members of a kind of report begin with, such as TransferStatus.
VERBS: Final = {
    Outcome.TRANSFERRED: "Transfer",
    Outcome.VERIFIED: "Verify",
    Outcome.DELETED: "Delete",
    Outcome.SKIPPED: "Skip",
}

# `Regular`, `Directory` and `Object` are documented or seen.
TYPES: Final = {
    ItemKind.FILE: "Regular",
    ItemKind.FOLDER: "Directory",
    ItemKind.LINK: "Symlink",
    ItemKind.DEVICE: "Device",
    ItemKind.OTHER: "Other",
}

JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SECOND: Final = 10**9
MICROSECOND: Final = timedelta(microseconds=1)


@frozen(kw_only=True)
class Schema:
    """Which of the forms the rows of a report have."""

    is_enhanced: bool
    source: Metadata
    destination: Metadata


def row(schema: Schema, time_ns: int, result: ItemResult) -> Row:
    """What a report tells of an item."""
    verb = VERBS[result.outcome]
    made: Row = {"RelativePath": path_of(schema, result.path)}
    made |= metadata_of(schema, result)
    if result.outcome is Outcome.TRANSFERRED:
        made["Overwrite"] = str(result.overwrite)
    made[f"{verb}Timestamp"] = timestamp(time_ns)
    if result.transfer_type is not None:
        made["TransferType"] = result.transfer_type.value
    if result.reason is not None:
        made["SkipReason"] = result.reason
    made[f"{verb}Status"] = "SUCCESS" if result.failure is None else "FAILED"
    if result.failure is not None:
        made |= failure_of(schema, result.failure)
    return made


def path_of(schema: Schema, path: str) -> str:
    """A path within the location: with a slash in front in Basic mode, without in Enhanced mode."""
    relative = path.removeprefix("/")
    return relative if schema.is_enhanced else f"/{relative}"


def failure_of(schema: Schema, failure: Failure) -> Row:
    """Why an item failed. DataSync has codes of its own; here are those of the operating system."""
    if not schema.is_enhanced:
        return {"FailureReason": failure.reason, "FailureCode": failure.code}
    if failure.code in {errno.EACCES, errno.EPERM}:
        return {"ErrorCode": "AccessDenied", "ErrorDetail": failure.reason}
    return {"ErrorCode": errno.errorcode.get(failure.code, f"E{failure.code}"), "ErrorDetail": failure.reason}


def metadata_of(schema: Schema, result: ItemResult) -> Row:
    """An item as it was found at each side, as far as that is known."""
    source, destination = ("Source", "Destination") if schema.is_enhanced else ("Src", "Dst")
    made: Row = {}
    if result.source is not None:
        made |= side_row(schema, source, schema.source, result.kind, result.source)
    if result.destination is not None:
        made |= side_row(schema, destination, schema.destination, result.kind, result.destination)
    elif result.outcome is Outcome.VERIFIED and result.failure is None and result.source is not None:
        # That much is sure of a copy that is as it should be.
        kind = type_of(schema.is_enhanced, schema.destination, result.kind)
        made[f"{destination}Metadata"] = {"Type": kind, "ContentSize": result.source.size}
    return made


def side_row(schema: Schema, side: str, metadata: Metadata, kind: ItemKind, state: ItemState) -> Row:
    """An item at one side. The checksum of its content, where there is one, stands beside the metadata."""
    made: Row = {f"{side}Metadata": state_row(schema.is_enhanced, metadata, kind, state)}
    if state.checksum is not None:
        made[f"{side}Checksum"] = state.checksum
    return made


def state_row(is_enhanced: bool, metadata: Metadata, kind: ItemKind, state: ItemState) -> Row:
    """The metadata of a file, or of an object. In Basic mode an object is shown as a file, too."""
    made: Row = {"Type": type_of(is_enhanced, metadata, kind), "ContentSize": state.size}
    if is_enhanced and metadata is Metadata.OBJECT:
        made["LastModified"] = timestamp(state.mtime_ns, digits=0)
        return made
    made["Mtime"] = timestamp(state.mtime_ns)
    made["Atime"] = timestamp(state.atime_ns)
    if metadata is not Metadata.WINDOWS:
        known = {"Uid": state.uid, "Gid": state.gid}
        made |= {name: number for name, number in known.items() if number is not None}
        if state.mode is not None:
            made["Mode"] = f"{state.mode:04o}"
    return made


def type_of(is_enhanced: bool, metadata: Metadata, kind: ItemKind) -> str:
    """What an item is, in the words of a report."""
    if is_enhanced and metadata is Metadata.OBJECT and kind is ItemKind.FILE:
        return "Object"
    return TYPES[kind]


def encoded(value: object) -> bytes:
    """A value as JSON, in UTF-8, on one line."""
    return texts.encoded(value, JSON)


def timestamp(time_ns: int, *, digits: int = 9) -> str:
    """A time, in nanoseconds since 1970, as ISO 8601 writes it in UTC, with 9 or no digits of a second."""
    seconds, rest = divmod(time_ns, SECOND)
    return f"{date_and_time(seconds)}.{rest:09d}Z" if digits else f"{date_and_time(seconds)}Z"


@lru_cache(maxsize=1024)
def date_and_time(seconds: int) -> str:
    """A time in seconds since 1970. Many items have the same."""
    try:
        return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    except (OverflowError, OSError):  # A file may say that it is from any year at all.
        return "9999-12-31T23:59:59" if seconds > 0 else "0001-01-01T00:00:00"


def nanoseconds(moment: datetime) -> int:
    """Since 1970."""
    return (moment - EPOCH) // MICROSECOND * 1000
