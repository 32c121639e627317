"""What is sent and answered: every member filled, made from the service model.

The values follow the model, so that a member which AWS adds is measured as soon as it is generated.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from botocore.model import ServiceModel, Shape

REPOSITORY = Path(__file__).resolve().parents[1]
SPEC = REPOSITORY / "specs" / "datasync" / "service-2.json"
REGION = "eu-west-1"

ARN = "arn:aws:datasync:eu-west-1:111122223333:task/task-0f1e2d3c4b5a69788"
EXECUTION_ARN = f"{ARN}/execution/exec-0123456789abcdef0"
LOCATION_ARN = "arn:aws:datasync:eu-west-1:111122223333:location/loc-0f1e2d3c4b5a69788"
ROLE_ARN = "arn:aws:iam::111122223333:role/datasync"
START = 1_767_225_600.125
"""A timestamp as JSON has it."""

# The credentials are those of AWS's documentation. Nothing is read from the machine.
SETTINGS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


def environment() -> dict[str, str]:
    """The environment of a measured process: nothing of AWS but fake credentials."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    return inherited | SETTINGS


def use_environment() -> None:
    """Give this process the environment of the measured ones."""
    for key in [key for key in os.environ if key.startswith("AWS_")]:
        del os.environ[key]
    os.environ.update(SETTINGS)


@cache
def service() -> ServiceModel:
    """The model that this SDK was generated from."""
    return ServiceModel(json.loads(SPEC.read_text(encoding="utf-8")), "datasync")


def shape(name: str) -> Any:
    """A shape of the model."""
    return service().shape_for(name)


def full(of: Shape, name: str = "") -> Any:
    """A value for a shape as JSON has it, with every member that there is."""
    match of.type_name:
        case "structure":
            return {key: full(member, key) for key, member in of.members.items()}
        case "list":
            count = min(2, of.metadata.get("max", 2))
            return [full(of.member, name) for _ in range(count)]
        case "string":
            return text(of, name)
        case "timestamp":
            return START
        case "boolean":
            return True
        case "integer" | "long":
            return max(of.metadata.get("min", 0), min(of.metadata.get("max", 48_213), 48_213))
    raise NotImplementedError(f"{of.name}: no value for a {of.type_name}")


def text(of: Any, name: str) -> str:
    """A text of a likely length, within the shape's limits."""
    if of.enum:
        return str(of.enum[0])
    likely = EXECUTION_ARN if "Arn" in name else f"{name} of the nightly transfer"
    longest = of.metadata.get("max", len(likely))
    return likely[:longest].ljust(of.metadata.get("min", 0), "x")


@cache
def create_task() -> dict[str, Any]:
    """A request of CreateTask that breaks no rule: with a manifest, therefore, and without filters."""
    request: dict[str, Any] = full(shape("CreateTaskRequest"))
    del request["Includes"], request["Excludes"]
    request |= {"SourceLocationArn": LOCATION_ARN, "DestinationLocationArn": LOCATION_ARN}
    request["Options"] |= {"Atime": "BEST_EFFORT", "Mtime": "PRESERVE", "PreserveDeletedFiles": "REMOVE"}
    request["Schedule"]["ScheduleExpression"] = "cron(0 8 ? * MON-FRI *)"
    request["ManifestConfig"]["Source"]["S3"]["BucketAccessRoleArn"] = ROLE_ARN
    request["TaskReportConfig"]["Destination"]["S3"]["BucketAccessRoleArn"] = ROLE_ARN
    request["TaskReportConfig"]["ReportLevel"] = "SUCCESSES_AND_ERRORS"
    return request


@cache
def execution() -> dict[str, Any]:
    """An answer of DescribeTaskExecution as JSON has it."""
    answer: dict[str, Any] = full(shape("DescribeTaskExecutionResponse"))
    return answer


def tasks(page: int = 0, size: int = 100) -> list[dict[str, Any]]:
    """The entries of a page of ListTasks."""
    entry = full(shape("TaskListEntry"))
    numbers = range(page * size, (page + 1) * size)
    own = ({"TaskArn": f"{ARN[:-6]}{number:06}", "Name": f"nightly-{number}"} for number in numbers)
    return [entry | values for values in own]
