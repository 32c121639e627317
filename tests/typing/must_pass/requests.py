"""Ways to ask that people use."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from datasync_sdk import Client, structure, unstructure
from datasync_sdk.models import (
    CreateLocationSmbRequest,
    CreateTaskRequest,
    CreateTaskResponse,
    FilterRule,
    Options,
    SmbMountOptions,
    TagListEntry,
    TaskMode,
    TaskSchedule,
    UpdateTaskRequest,
    VerifyMode,
)


def enums_by_name_and_by_string(client: Client) -> None:
    Options(verify_mode="NONE")
    Options(verify_mode=VerifyMode.NONE)
    Options(verify_mode=None)
    TaskSchedule(schedule_expression="", status="DISABLED")
    client.create_task(source_location_arn="a", destination_location_arn="b", task_mode="ENHANCED")
    client.create_task(source_location_arn="a", destination_location_arn="b", task_mode=TaskMode.ENHANCED)


def words_that_only_the_program_knows(word: str) -> Options:
    return Options(verify_mode=VerifyMode(word))


def lists_tuples_and_iterators(client: Client, names: list[str], rules: Iterator[FilterRule]) -> None:
    client.untag_resource(resource_arn="a", keys=["b"])
    client.untag_resource(resource_arn="a", keys=("b",))
    client.untag_resource(resource_arn="a", keys=names)
    client.tag_resource(resource_arn="a", tags=(TagListEntry(key=name) for name in names))
    client.update_task(task_arn="a", excludes=rules, includes=[])
    UpdateTaskRequest(task_arn="a", excludes=[FilterRule(value="/a")])
    CreateLocationSmbRequest(
        subdirectory="/",
        server_hostname="h",
        agent_arns=["a"],
        user="u",
        mount_options=SmbMountOptions(version="SMB3"),
        kerberos_keytab=b"k",
    )


def the_same_call_in_two_ways(client: Client) -> tuple[str, str]:
    request = CreateTaskRequest(source_location_arn="a", destination_location_arn="b")
    sent: CreateTaskResponse = client.send(request)
    called: CreateTaskResponse = client.create_task(source_location_arn="a", destination_location_arn="b")
    return sent.task_arn, called.task_arn


def evolved(options: Options) -> Options:
    changed = attrs.evolve(options, verify_mode="NONE", bytes_per_second=5)
    return attrs.evolve(changed, verify_mode=VerifyMode.NONE)


def there_and_back(options: Options) -> Options:
    return structure(unstructure(options), Options)


def clients() -> None:
    Client()
    Client("eu-west-1", endpoint_url="http://127.0.0.1:9", validate="strict")
    with Client(region_name="eu-west-1", session=object(), config=object(), validate=False) as client:
        client.close()
