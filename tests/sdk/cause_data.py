"""`causes.toml` as anybody would read it, and answers that AWS and others were seen to give."""

from __future__ import annotations

import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from attrs import frozen

from datasync_sdk._runtime.session import service_model

PATH = Path(__file__).parents[2] / "specs/datasync/causes.toml"
FACTS: dict[str, Any] = tomllib.loads(PATH.read_text(encoding="utf-8"))
CAUSES: dict[str, dict[str, Any]] = {cause["name"]: cause for cause in FACTS["cause"]}
MODEL: Any = service_model("datasync_sdk._generated")
OPERATIONS: tuple[str, ...] = tuple(sorted(MODEL["operations"]))
ACCOUNT = "arn:aws:datasync:eu-west-1:111222333444"
TASK = f"{ACCOUNT}:task/task-0123456789abcdef0"
EXECUTION = f"{TASK}/execution/exec-0123456789abcdef0"
LOCATION = f"{ACCOUNT}:location/loc-0123456789abcdef0"
AGENT = f"{ACCOUNT}:agent/agent-0123456789abcdef0"


def depth(name: str) -> int:
    """How many causes stand above one."""
    return 1 + depth(CAUSES[name]["under"]) if name in CAUSES else 0


def meaning(operation: str, codes: set[str | None], message: str) -> str:
    """The class that an error has by the data: the most special one, of several the one further up."""
    found = [
        name for name, cause in CAUSES.items() if any(fits(w, operation, codes, message) for w in ways(cause))
    ]
    return max(found, key=depth, default="InvalidRequestError")


def ways(cause: dict[str, Any]) -> list[dict[str, Any]]:
    """The ways to know a cause."""
    entries: list[dict[str, Any]] = cause["recognized"]
    return entries


def fits(way: dict[str, Any], operation: str, codes: set[str | None], message: str) -> bool:
    """Whether all that a way says holds."""
    if "error_codes" in way and not codes & set(way["error_codes"]):
        return False
    if "operations" in way and not any(fnmatch(operation, name) for name in way["operations"]):
        return False
    return "message" not in way or bool(re.search(way["message"], message, re.IGNORECASE))


@frozen
class Seen:
    """An answer, and what it means."""

    cause: str
    operation: str
    message: str
    code: str | None = None


SEEN = (
    Seen(
        "RoleNotAssumable",
        "CreateLocationS3",
        "Unable to assume role. Reason: Access denied when calling sts:AssumeRole",
    ),
    Seen(
        "RoleNotAssumable",
        "CreateLocationEfs",
        "Invalid IAM role arn:aws:iam::111222333444:role/new",
    ),
    Seen(
        "RoleNotAssumable",
        "StartTaskExecution",
        "The report cannot be written: Unable to assume role.",
    ),
    Seen(
        "LocationAccessDenied",
        "CreateLocationS3",
        "DataSync location access test failed: could not perform s3:ListObjectsV2 on bucket. "
        "Ensure bucket access role has s3:ListBucket permission.",
    ),
    Seen(
        "LocationAccessDenied",
        "CreateTask",
        "DataSync location access test failed: could not perform s3:GetObject in bucket "
        "snapshots. Access denied. Ensure bucket access role has s3:GetObject permission.",
    ),
    Seen(
        "LocationAccessTestFailed",
        "CreateLocationS3",
        "DataSync location access test failed: the bucket is in another Region.",
    ),
    Seen(
        "LocationNotFound",
        "CreateTask",
        f"Location {LOCATION} not found.",
    ),
    Seen(
        "LocationNotFound",
        "DescribeLocationS3",
        f"Location {LOCATION} is not found.",
    ),
    Seen(
        "LocationNotFound",
        "DeleteLocation",
        "Nothing of this ARN was not found.",
    ),
    Seen(
        "TaskNotFound",
        "StartTaskExecution",
        f"Task {TASK} is not found.",
    ),
    Seen(
        "TaskNotFound",
        "UpdateTask",
        f"Sync task {TASK} is not found.",
    ),
    Seen(
        "TaskNotFound",
        "DeleteTask",
        "The task was not found",
    ),
    Seen(
        "ExecutionNotFound",
        "CancelTaskExecution",
        f"Sync task {EXECUTION} is not found.",
    ),
    Seen(
        "AgentNotFound",
        "DescribeAgent",
        "The agent does not exist.",
    ),
    Seen(
        "AgentNotFound",
        "CreateLocationNfs",
        f"Agent {AGENT} does not exist.",
    ),
    Seen(
        "ExecutionNotRunning",
        "CancelTaskExecution",
        "Sync task cannot be cancelled in its current status: SUCCESS",
    ),
    Seen(
        "InvalidOption",
        "CreateTask",
        "Invalid SyncOption value. Option: TransferMode,PreserveDeletedFiles, Value: ALL,REMOVE.",
    ),
    Seen(
        "InvalidOption",
        "StartTaskExecution",
        "Invalid SyncOption value. Option: PosixPermissions, Value: PRESERVE invalid for "
        "non-POSIX transfer. please use NONE.",
    ),
    Seen(
        "WrongLocationType",
        "DescribeLocationNfs",
        "Invalid Location type: S3",
    ),
    Seen(
        "InvalidParameter",
        "CreateTask",
        "Invalid parameter: ARN account () must match authenticated user.",
        "InvalidParameter",
    ),
    Seen(
        "NoMountTarget",
        "CreateLocationEfs",
        "No valid mount targets for EFS filesystem subnet-1 found in subnet "
        "arn:aws:elasticfilesystem:eu-central-1:1:file-system/fs-1. Please provide a subnet "
        "that contains a mount target.",
        "EfsFilesystemNoMountTargetsInSubnet",
    ),
    Seen(
        "ResourceInUse",
        "DeleteAgent",
        "It is needed.",
        "ResourceInUse",
    ),
    Seen("ResourceNotFound", "TagResource", "It is not there.", "NotFound"),
    Seen("ResourceNotFound", "ListTagsForResource", "Resource arn:aws:datasync:::thing is not found."),
)
"""Most are quoted from where `causes.toml` says that they were seen; some are variations of these."""
