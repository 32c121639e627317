"""Descriptions, and the requests they come from and lead to, have types."""

from typing import assert_type

from datasync_sdk import Client, models
from datasync_sdk.ensuring.comparing import Difference, differences, update_request
from datasync_sdk.ensuring.recovering import Recovered, to_create_request
from datasync_sdk.events import TaskEvent, TaskExecutionEvent, parse_event
from datasync_sdk.locations import DescribedLocation, LocationType, LocationUri, describe_request, uri_of

client = Client(region_name="eu-west-1")
described = client.send(describe_request("s3://bucket/", "arn"))
assert_type(described, DescribedLocation)
match described:
    case models.DescribeLocationNfsResponse():
        assert_type(described.on_prem_config, models.OnPremConfig | None)
    case models.DescribeLocationS3Response():
        assert_type(to_create_request(described), Recovered[models.CreateLocationS3Request])
    case _:
        assert_type(described.location_uri, str | None)

task = client.describe_task(task_arn="arn")
found = to_create_request(task, name="a copy")
assert_type(found.request, models.CreateTaskRequest)
assert_type(differences(found.request, task), tuple[Difference, ...])
update = update_request(found.request, task, secrets="update")
assert_type(update, models.UpdateTaskRequest | None)
if update:
    assert_type(client.send(update), models.UpdateTaskResponse)

uri = uri_of(
    models.CreateLocationS3Request(s3_bucket_arn="arn", s3_config=models.S3Config(bucket_access_role_arn="r"))
)
assert_type(uri, LocationUri)
assert_type(uri.type, LocationType)
LocationUri(type="nfs", authority="host")

match parse_event("{}"):
    case TaskExecutionEvent(status=status, task_arn=arn):
        assert_type(status, models.TaskExecutionStatus)
        assert_type(arn, str)
    case TaskEvent(status=state):
        assert_type(state, models.TaskStatus)
    case other:
        assert_type(other.id, str)
