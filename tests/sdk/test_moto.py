"""The client against moto's DataSync, over HTTP."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from datasync_sdk import Client, errors, structure
from datasync_sdk import models as m
from tests.sdk import server
from tests.sdk.server import Moto

moto, moto_url, client = server.moto, server.moto_url, server.client  # the fixtures

ROLE = "arn:aws:iam::123456789012:role/datasync"
AGENT = "arn:aws:datasync:eu-west-1:111222333444:agent/agent-00000000000000001"
NOWHERE = "arn:aws:datasync:eu-west-1:111222333444:location/loc-00000000000000099"
NO_TASK = "arn:aws:datasync:eu-west-1:111222333444:task/task-00000000000000099"
NO_EXECUTION = f"{NO_TASK}/execution/exec-00000000000000099"
OPTIONS = m.Options(verify_mode="NONE", overwrite_mode=m.OverwriteMode.NEVER, bytes_per_second=1048576)


def make_s3(client: Client, **more: Any) -> str:
    """An S3 location."""
    answer = client.create_location_s3(
        s3_bucket_arn="arn:aws:s3:::things", s3_config=m.S3Config(bucket_access_role_arn=ROLE), **more
    )
    assert isinstance(answer, m.CreateLocationS3Response)
    return answer.location_arn


def make_smb(client: Client, **more: Any) -> str:
    """An SMB location."""
    answer = client.create_location_smb(
        server_hostname="files.example.com",
        subdirectory="share",
        agent_arns=[AGENT],
        user="mover",
        domain="EXAMPLE",
        password="secret",
        mount_options=m.SmbMountOptions(version="SMB3"),
        **more,
    )
    assert isinstance(answer, m.CreateLocationSmbResponse)
    return answer.location_arn


def make_task(client: Client, **more: Any) -> str:
    """A task between two new locations."""
    source, destination = make_smb(client), make_s3(client)
    answer = client.create_task(source_location_arn=source, destination_location_arn=destination, **more)
    assert isinstance(answer, m.CreateTaskResponse)
    return answer.task_arn


def start(client: Client, **more: Any) -> str:
    """A running execution of a new task."""
    answer = client.start_task_execution(task_arn=make_task(client), **more)
    assert isinstance(answer, m.StartTaskExecutionResponse)
    return answer.task_execution_arn


def create_location_s3(client: Client) -> None:
    """The ARN comes back; tags and the storage class go there."""
    arn = make_s3(client, subdirectory="in", s3_storage_class="STANDARD", tags=[m.TagListEntry(key="team")])
    assert ":location/loc-" in arn


def describe_location_s3(client: Client) -> None:
    """Every member that moto keeps comes back as an object."""
    arn = make_s3(client, subdirectory="in")
    assert client.describe_location_s3(location_arn=arn) == m.DescribeLocationS3Response(
        location_arn=arn,
        location_uri="s3://things/in",
        s3_config=m.S3Config(bucket_access_role_arn=ROLE),
    )


def create_location_smb(client: Client) -> None:
    """The ARN comes back."""
    assert ":location/loc-" in make_smb(client, tags=(m.TagListEntry(key="team", value="moves"),))


def describe_location_smb(client: Client) -> None:
    """Lists are tuples, enums are members, and nothing is invented."""
    arn = make_smb(client)
    answer = client.describe_location_smb(location_arn=arn)
    assert answer == m.DescribeLocationSmbResponse(
        location_arn=arn,
        location_uri="smb://files.example.com/share",
        agent_arns=(AGENT,),
        user="mover",
        domain="EXAMPLE",
        mount_options=m.SmbMountOptions(version=m.SmbVersion.SMB3),
    )
    assert answer.mount_options
    assert answer.mount_options.version is m.SmbVersion.SMB3
    assert answer.creation_time is None


def list_locations(client: Client) -> None:
    """All locations come, in an answer and one by one."""
    assert client.list_locations() == m.ListLocationsResponse(locations=())
    arns = [make_s3(client), make_smb(client)]
    answer = client.list_locations(max_results=10)
    assert [entry.location_arn for entry in answer.locations] == arns
    assert answer.locations[0] == m.LocationListEntry(location_arn=arns[0], location_uri="s3://things")
    assert answer.next_token is None
    assert tuple(client.iter_locations(page_size=1)) == answer.locations


def delete_location(client: Client) -> None:
    """It is gone afterwards."""
    arn = make_s3(client)
    assert client.delete_location(location_arn=arn) == m.DeleteLocationResponse()
    assert client.list_locations().locations == ()


def create_task(client: Client) -> None:
    """Options, filters, tags and a name go there."""
    arn = make_task(
        client,
        name="nightly",
        options=OPTIONS,
        excludes=[m.FilterRule(filter_type="SIMPLE_PATTERN", value="/tmp")],  # noqa: S108  # a pattern
        tags=[m.TagListEntry(key="team", value="moves")],
        cloud_watch_log_group_arn="arn:aws:logs:eu-west-1:111222333444:log-group:datasync",
    )
    answer = client.describe_task(task_arn=arn)
    assert answer.name == "nightly"
    assert answer.cloud_watch_log_group_arn == "arn:aws:logs:eu-west-1:111222333444:log-group:datasync"
    assert answer.excludes == (m.FilterRule(filter_type=m.FilterType.SIMPLE_PATTERN, value="/tmp"),)  # noqa: S108


def describe_task(client: Client) -> None:
    """An answer equals the object that says the same."""
    arn = make_task(client, options=OPTIONS)
    source, destination = (entry.location_arn for entry in client.iter_locations())
    answer = client.describe_task(task_arn=arn)
    assert answer == m.DescribeTaskResponse(
        task_arn=arn,
        status="AVAILABLE",
        source_location_arn=source,
        destination_location_arn=destination,
        options=OPTIONS,
    )
    assert answer.status is m.TaskStatus.AVAILABLE
    assert answer.options
    assert answer.options.verify_mode is m.VerifyMode.NONE
    assert answer.options.gid is None


def update_task(client: Client) -> None:
    """The new name and options are there afterwards."""
    arn = make_task(client, options=OPTIONS)
    assert client.update_task(task_arn=arn, name="weekly", options=m.Options(uid="NONE")) == (
        m.UpdateTaskResponse()
    )
    answer = client.describe_task(task_arn=arn)
    assert (answer.name, answer.options) == ("weekly", m.Options(uid=m.Uid.NONE))


def list_tasks(client: Client) -> None:
    """All tasks come, in an answer and one by one."""
    assert list(client.iter_tasks()) == []
    arn = make_task(client, name="nightly")
    answer = client.list_tasks()
    assert answer.tasks == (m.TaskListEntry(task_arn=arn, status=m.TaskStatus.AVAILABLE, name="nightly"),)
    assert tuple(client.iter_tasks(page_size=5)) == answer.tasks


def delete_task(client: Client) -> None:
    """It is gone afterwards."""
    arn = make_task(client)
    assert client.delete_task(task_arn=arn) == m.DeleteTaskResponse()
    assert list(client.iter_tasks()) == []


def start_task_execution(client: Client) -> None:
    """The task runs afterwards, and cannot be started twice."""
    arn = start(client, override_options=OPTIONS, tags=[m.TagListEntry(key="team")])
    task = client.describe_task(task_arn=arn.partition("/execution/")[0])
    assert task.status is m.TaskStatus.RUNNING
    assert task.current_task_execution_arn == arn
    with pytest.raises(errors.InvalidRequestError):
        client.start_task_execution(task_arn=task.task_arn)


def describe_task_execution(client: Client) -> None:
    """From moto's own first word, which the API does not have, to the end."""
    arn = start(client)
    seen = [client.describe_task_execution(task_execution_arn=arn) for _ in range(5)]
    assert {answer.task_execution_arn for answer in seen} == {arn}
    words = [answer.status for answer in seen]
    assert words == ["INITIALIZING", "PREPARING", "TRANSFERRING", "VERIFYING", "SUCCESS"]
    assert all(isinstance(word, m.TaskExecutionStatus) for word in words)
    assert [word.is_known for word in words if word] == [False, True, True, True, True]
    assert words[-1] is m.TaskExecutionStatus.SUCCESS
    assert seen[-1].files_transferred is None
    assert client.describe_task(task_arn=arn.partition("/execution/")[0]).status == "AVAILABLE"


def cancel_task_execution(client: Client) -> None:
    """A running one ends; one that has ended cannot be cancelled."""
    arn = start(client)
    assert client.cancel_task_execution(task_execution_arn=arn) == m.CancelTaskExecutionResponse()
    assert client.describe_task_execution(task_execution_arn=arn).status is m.TaskExecutionStatus.ERROR
    with pytest.raises(errors.InvalidRequestError, match="cannot be cancelled in its current status: ERROR"):
        client.cancel_task_execution(task_execution_arn=arn)


WORKS: dict[str, Callable[[Client], None]] = {
    function.__name__: function
    for function in (
        cancel_task_execution,
        create_location_s3,
        create_location_smb,
        create_task,
        delete_location,
        delete_task,
        describe_location_s3,
        describe_location_smb,
        describe_task,
        describe_task_execution,
        list_locations,
        list_tasks,
        start_task_execution,
        update_task,
    )
}
"""What to try with each operation that moto has."""


def test_every_operation_of_moto_is_covered(moto: Moto) -> None:
    known = [name for name in moto.operations if name != "datasync_backend"]
    assert known == sorted(WORKS)


@pytest.mark.parametrize("operation", sorted(WORKS))
def test_operation(client: Client, operation: str) -> None:
    WORKS[operation](client)


REFUSED: dict[str, Callable[[Client], object]] = {
    "CancelTaskExecution": lambda c: c.cancel_task_execution(task_execution_arn=NO_EXECUTION),
    "CreateTask": lambda c: c.create_task(source_location_arn=NOWHERE, destination_location_arn=NOWHERE),
    "DeleteLocation": lambda c: c.delete_location(location_arn=NOWHERE),
    "DeleteTask": lambda c: c.delete_task(task_arn=NO_TASK),
    "DescribeLocationS3": lambda c: c.describe_location_s3(location_arn=NOWHERE),
    "DescribeLocationSmb": lambda c: c.describe_location_smb(location_arn=make_s3(c)),
    "DescribeTask": lambda c: c.describe_task(task_arn=NO_TASK),
    "DescribeTaskExecution": lambda c: c.describe_task_execution(task_execution_arn=NO_EXECUTION),
    "StartTaskExecution": lambda c: c.start_task_execution(task_arn=NO_TASK),
    "UpdateTask": lambda c: c.update_task(task_arn=NO_TASK),
}


@pytest.mark.parametrize("operation", sorted(REFUSED))
def test_what_is_not_there_is_an_invalid_request(client: Client, operation: str) -> None:
    with pytest.raises(errors.InvalidRequestError) as caught:
        REFUSED[operation](client)
    error = caught.value
    assert isinstance(error.__cause__, ClientError)
    assert (error.operation, error.code) == (operation, "InvalidRequestException")
    assert error.message == error.__cause__.response["Error"]["Message"] != ""
    assert error.request_id == error.__cause__.response["ResponseMetadata"]["RequestId"]
    assert error.request_id
    assert (error.http_status, error.retryable, error.retry_attempts) == (400, False, 0)
    advice = f"\n  {error.advice}" if error.advice else ""
    assert str(error) == f"{operation}: {error.code}: {error.message} (request {error.request_id}){advice}"


def test_a_message_of_moto_comes_through(client: Client) -> None:
    with pytest.raises(errors.InvalidRequestError) as caught:
        client.describe_location_s3(location_arn=NOWHERE)
    assert caught.value.message == f"Location {NOWHERE} is not found."


LACKING: dict[str, Callable[[Client], object]] = {
    "ListAgents": lambda c: c.list_agents(),
    "iter_agents": lambda c: next(c.iter_agents()),
    "ListTaskExecutions": lambda c: c.list_task_executions(),
    "iter_task_executions": lambda c: next(c.iter_task_executions(task_arn=NO_TASK)),
    "ListTagsForResource": lambda c: c.list_tags_for_resource(resource_arn=NO_TASK),
    "iter_tags_for_resource": lambda c: next(c.iter_tags_for_resource(resource_arn=NO_TASK)),
    "TagResource": lambda c: c.tag_resource(resource_arn=NO_TASK, tags=[m.TagListEntry(key="team")]),
    "UntagResource": lambda c: c.untag_resource(resource_arn=NO_TASK, keys=["team"]),
    "DescribeAgent": lambda c: c.describe_agent(agent_arn=AGENT),
    "UpdateTaskExecution": lambda c: c.update_task_execution(
        task_execution_arn=NO_EXECUTION, options=m.Options(bytes_per_second=1_048_576)
    ),
    "CreateLocationEfs": lambda c: c.create_location_efs(
        efs_filesystem_arn="arn:aws:elasticfilesystem:eu-west-1:111222333444:file-system/fs-01234567",
        ec2_config=m.Ec2Config(
            subnet_arn="arn:aws:ec2:eu-west-1:111222333444:subnet/subnet-01234567",
            security_group_arns=["arn:aws:ec2:eu-west-1:111222333444:security-group/sg-01234567"],
        ),
    ),
}


@pytest.fixture
def hasty(moto_url: str) -> Iterator[Client]:
    """A client for moto that does not try again."""
    config = Config(retries={"total_max_attempts": 1})
    with Client(region_name="eu-west-1", endpoint_url=moto_url, config=config) as made:
        yield made


@pytest.mark.parametrize("operation", sorted(LACKING))
def test_what_moto_lacks_is_a_service_error(hasty: Client, operation: str) -> None:
    with pytest.raises(errors.ServiceError) as caught:
        LACKING[operation](hasty)
    error = caught.value
    assert type(error) is errors.ServiceError
    assert isinstance(error.__cause__, ClientError)
    assert (error.code, error.http_status, error.retryable) == ("500", 500, True)
    assert "Internal Server Error" in str(error)


def test_plain_boto3_gives_what_the_client_gives(client: Client, moto_url: str) -> None:
    """Except for executions, which moto changes with each look at them."""
    execution = start(client)
    task = execution.partition("/execution/")[0]
    smb, s3 = (entry.location_arn for entry in client.iter_locations())
    pairs: list[tuple[str, type[Any], dict[str, str]]] = [
        ("describe_location_smb", m.DescribeLocationSmbResponse, {"location_arn": smb}),
        ("describe_location_s3", m.DescribeLocationS3Response, {"location_arn": s3}),
        ("describe_task", m.DescribeTaskResponse, {"task_arn": task}),
        ("list_tasks", m.ListTasksResponse, {}),
        ("list_locations", m.ListLocationsResponse, {}),
    ]
    with contextlib.closing(boto3.client("datasync", "eu-west-1", endpoint_url=moto_url)) as theirs:
        for method, cls, arguments in pairs:
            named = {"".join(word.title() for word in k.split("_")): v for k, v in arguments.items()}
            answer = getattr(theirs, method)(**named)
            assert structure(answer, cls) == getattr(client, method)(**arguments)
        first = structure(
            theirs.describe_task_execution(TaskExecutionArn=execution), m.DescribeTaskExecutionResponse
        )
        assert first == m.DescribeTaskExecutionResponse(
            task_execution_arn=execution, status=m.TaskExecutionStatus("INITIALIZING")
        )
        assert first.status
        assert not first.status.is_known


def test_a_handed_in_boto3_client_does_the_same(client: Client, moto_url: str) -> None:
    arn = make_task(client, options=OPTIONS)
    with (
        contextlib.closing(boto3.client("datasync", "eu-west-1", endpoint_url=moto_url)) as theirs,
        Client(boto3_client=theirs) as wrapped,
    ):
        assert wrapped.describe_task(task_arn=arn) == client.describe_task(task_arn=arn)
        assert list(wrapped.iter_tasks()) == list(client.iter_tasks())
        with pytest.raises(errors.InvalidRequestError):
            wrapped.describe_task(task_arn=NO_TASK)
