"""What differs between a task, location or agent that somebody wants and the one that is there.

    from datasync_sdk.ensuring.comparing import differences, update_request

    wanted = CreateTaskRequest(source_location_arn=a, destination_location_arn=b, options=Options(...))
    there = client.describe_task(task_arn=task)
    for difference in differences(wanted, there):
        print(difference)             # Options.VerifyMode: is NONE, and should be POINT_IN_TIME_CONSISTENT
    if update := update_request(wanted, there):
        client.send(update)

Compared is what the caller said: None says nothing, and what is empty asks for nothing to be there. Where a
description leaves a member out, the service uses the documented default. Tags are not compared, as no
description has them; nor are secrets, which `secrets="update"` takes as different. Of the ARN of a file
system the Region and the id are compared, for no description has the account.

An update changes options one by one: "UpdateTask" with some of them leaves the others
(https://docs.aws.amazon.com/datasync/latest/userguide/API_UpdateTask.html). Of other structures the whole is
sent, so that nothing depends on what the service does with the rest.
"""

from __future__ import annotations

from typing import Any, overload

from datasync_sdk import models as m
from datasync_sdk.ensuring.members import CREDENTIALS, EMPTY, Difference, Secrets, found_between, update_of

__all__ = ["Difference", "Secrets", "differences", "unchangeable", "update_request"]


def differences(wanted: Any, described: Any, *, secrets: Secrets = "keep") -> tuple[Difference, ...]:
    """What is not as it is wanted, in the order of the request's members.

    Args:
        wanted: the request that would create it.
        described: the answer of the Describe operation.
        secrets: "keep" takes those that are given as equal, "update" as different.

    Raises:
        TypeError: what is described is not what the request creates.
        ValueError: `secrets` is something else.
    """
    return tuple(found_between(wanted, described, secrets))


def unchangeable(wanted: Any, described: Any) -> tuple[Difference, ...]:
    """Those differences that no update can make: the locations of a task, the bucket of a location.

    Raises:
        TypeError: what is described is not what the request creates.
    """
    return tuple(each for each in differences(wanted, described) if not each.can_update)


@overload
def update_request(
    wanted: m.CreateTaskRequest, described: m.DescribeTaskResponse, *, secrets: Secrets = "keep"
) -> m.UpdateTaskRequest | None: ...
@overload
def update_request(
    wanted: m.CreateAgentRequest, described: m.DescribeAgentResponse, *, secrets: Secrets = "keep"
) -> m.UpdateAgentRequest | None: ...
@overload
def update_request(
    wanted: m.CreateLocationAzureBlobRequest,
    described: m.DescribeLocationAzureBlobResponse,
    *,
    secrets: Secrets = "keep",
) -> m.UpdateLocationAzureBlobRequest | None: ...
@overload
def update_request(
    wanted: m.CreateLocationEfsRequest,
    described: m.DescribeLocationEfsResponse,
    *,
    secrets: Secrets = "keep",
) -> m.UpdateLocationEfsRequest | None: ...
@overload
def update_request(
    wanted: m.CreateLocationFsxLustreRequest,
    described: m.DescribeLocationFsxLustreResponse,
    *,
    secrets: Secrets = "keep",
) -> m.UpdateLocationFsxLustreRequest | None: ...
@overload
def update_request(
    wanted: m.CreateLocationFsxOntapRequest,
    described: m.DescribeLocationFsxOntapResponse,
    *,
    secrets: Secrets = "keep",
) -> m.UpdateLocationFsxOntapRequest | None: ...
@overload
def update_request(
    wanted: m.CreateLocationFsxOpenZfsRequest,
    described: m.DescribeLocationFsxOpenZfsResponse,
    *,
    secrets: Secrets = "keep",
) -> m.UpdateLocationFsxOpenZfsRequest | None: ...
@overload
def update_request(
    wanted: m.CreateLocationFsxWindowsRequest,
    described: m.DescribeLocationFsxWindowsResponse,
    *,
    secrets: Secrets = "keep",
) -> m.UpdateLocationFsxWindowsRequest | None: ...
@overload
def update_request(
    wanted: m.CreateLocationHdfsRequest,
    described: m.DescribeLocationHdfsResponse,
    *,
    secrets: Secrets = "keep",
) -> m.UpdateLocationHdfsRequest | None: ...
@overload
def update_request(
    wanted: m.CreateLocationNfsRequest,
    described: m.DescribeLocationNfsResponse,
    *,
    secrets: Secrets = "keep",
) -> m.UpdateLocationNfsRequest | None: ...
@overload
def update_request(
    wanted: m.CreateLocationObjectStorageRequest,
    described: m.DescribeLocationObjectStorageResponse,
    *,
    secrets: Secrets = "keep",
) -> m.UpdateLocationObjectStorageRequest | None: ...
@overload
def update_request(
    wanted: m.CreateLocationS3Request,
    described: m.DescribeLocationS3Response,
    *,
    secrets: Secrets = "keep",
) -> m.UpdateLocationS3Request | None: ...
@overload
def update_request(
    wanted: m.CreateLocationSmbRequest,
    described: m.DescribeLocationSmbResponse,
    *,
    secrets: Secrets = "keep",
) -> m.UpdateLocationSmbRequest | None: ...
def update_request(wanted: Any, described: Any, *, secrets: Secrets = "keep") -> Any:
    """The request that makes what is there as it is wanted, with only what differs; None if nothing does.

    What no update can change is left out: `unchangeable` tells it. Where it changes whose credentials are
    used, the secrets that are given go with them, whatever `secrets` says.

    Raises:
        TypeError: what is described is not what the request creates.
        ValueError: `secrets` is something else.
    """
    found = list(found_between(wanted, described, secrets))
    if any(CREDENTIALS & set(each.path.split(".")) for each in found):
        everything = found_between(wanted, described, "update")
        found = [each for each in everything if secrets == "update" or each.wanted is not EMPTY]
    changes = [each for each in found if each.can_update]
    return update_of(wanted, described, changes) if changes else None
