"""Mistakes in what is asked. Each line that a checker must report is marked."""

# ruff: noqa: T201  # mistakes are what this is made of

from __future__ import annotations

from datasync_sdk import Client, effective, effective_options, filters, schedule, structure
from datasync_sdk.models import (
    AgentListEntry,
    CreateLocationHdfsRequest,
    CreateLocationS3Request,
    CreateTaskRequest,
    CreateTaskResponse,
    DescribeTaskRequest,
    DescribeTaskResponse,
    FilterRule,
    Gid,
    Options,
    S3Config,
    TagListEntry,
    TaskFilter,
    TaskSchedule,
    UpdateTaskRequest,
)

# What other mistakes are made beside is right.
S3 = S3Config(bucket_access_role_arn="r")


def words_that_no_enum_has(client: Client, word: str) -> None:
    Options(verify_mode="NOEN")  # error
    Options(verify_mode="none")  # error
    Options(verify_mode=word)  # error
    Options(verify_mode=Gid.NONE)  # error
    Options(verify_mode=1)  # error
    FilterRule(filter_type="GLOB")  # error
    TaskSchedule(schedule_expression="", status="ON")  # error
    TaskFilter(name="LocationId", values=["a"], operator="Like")  # error
    client.create_task(source_location_arn="a", destination_location_arn="b", task_mode="FAST")  # error
    client.create_task(source_location_arn="a", destination_location_arn="b", task_mode=word)  # error
    client.create_location_s3(s3_bucket_arn="a", s3_config=S3, s3_storage_class="WARM")  # error


def arguments_that_are_missing(client: Client) -> None:
    client.create_task(source_location_arn="a")  # error
    client.describe_task()  # error
    client.update_task_execution(task_execution_arn="a")  # error
    CreateTaskRequest(destination_location_arn="b")  # error
    TagListEntry(value="v")  # error
    client.iter_tags_for_resource()  # error


def arguments_that_are_misspelt(client: Client) -> None:
    client.describe_task(task_arm="a")  # error
    client.describe_task(TaskArn="a")  # error
    client.iter_tasks(pagesize=5)  # error
    CreateTaskRequest(source_location_arn="a", destination_location_arn="b", option=None)  # error
    Options(verify="NONE")  # error
    Client(region="eu-west-1")  # error
    Client("eu-west-1", None)  # error


def arguments_by_position(client: Client) -> None:
    client.describe_task("a")  # error
    DescribeTaskRequest("a")  # error


def values_of_wrong_types(client: Client) -> None:
    client.describe_task(task_arn=5)  # error
    client.describe_task(task_arn=None)  # error
    DescribeTaskRequest(task_arn=None)  # error
    Options(bytes_per_second="5")  # error
    client.list_tasks(max_results="5")  # error
    client.iter_tasks(page_size="5")  # error
    TaskSchedule(schedule_expression=None)  # error
    Client(validate="lax")  # error


def dicts_for_structures(client: Client) -> None:
    client.update_task(task_arn="a", options={"VerifyMode": "NONE"})  # error
    UpdateTaskRequest(task_arn="a", options={"VerifyMode": "NONE"})  # error
    client.tag_resource(resource_arn="a", tags=[{"Key": "k"}])  # error
    client.update_task(task_arn="a", options=TagListEntry(key="k"))  # error
    client.update_task(task_arn="a", excludes=[{"Value": "/a"}])  # error
    UpdateTaskRequest(task_arn="a", excludes=[{"Value": "/a"}])  # error


def one_for_many(client: Client) -> None:
    client.untag_resource(resource_arn="a", keys="k")  # error
    client.create_location_s3(s3_bucket_arn="a", s3_config=S3, agent_arns="arn")  # error
    CreateLocationS3Request(s3_bucket_arn="a", s3_config=S3, agent_arns="arn")  # error
    CreateLocationHdfsRequest(name_nodes=[], authentication_type="SIMPLE", agent_arns="a")  # error
    client.tag_resource(resource_arn="a", tags=TagListEntry(key="k"))  # error
    client.update_task(task_arn="a", excludes=FilterRule(value="/a"))  # error
    UpdateTaskRequest(task_arn="a", excludes=FilterRule(value="/a"))  # error
    client.update_task(task_arn="a", excludes=["/a"])  # error


def requests_that_are_none(client: Client) -> None:
    client.send(Options())  # error
    client.send({"TaskArn": "a"})  # error
    client.send(None)  # error
    client.send(DescribeTaskRequest)  # error
    wrong: CreateTaskResponse = client.send(DescribeTaskRequest(task_arn="a"))  # error
    other: AgentListEntry = structure({}, DescribeTaskResponse)  # error
    structure({}, dict)  # error
    print(wrong, other)


def rules_and_builders(client: Client) -> None:
    client.preflight(Options())  # error
    client.check({"TaskArn": "a"})  # error
    effective_options(Options(), "FAST")  # error
    effective(Options())  # error
    Client("eu-west-1", ignored_rules=27)  # error
    filters.include(["/a", "/b"])  # error
    schedule.rate(minutes=30)  # error
    schedule.cron(weekday="MON")  # error
