"""What callers hand in: secrets stay secret, and no setting is lost without a word."""

from __future__ import annotations

import traceback
import typing
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import boto3
import pytest

from datasync_sdk import Client, errors, models, structure
from datasync_sdk._generated.operations import Operations
from datasync_sdk._runtime.checks import TIMESTAMP, Violation
from datasync_sdk.models import CreateTaskRequest, DescribeTaskResponse, Options

ARNS = {"SourceLocationArn": "a", "DestinationLocationArn": "b"}


@pytest.fixture
def theirs() -> Iterator[Any]:
    """A boto3 client, which validates parameters by itself."""
    client = boto3.client("datasync")
    yield client
    client.close()


@pytest.mark.parametrize(
    "secret", [["hunter2"], {"hunter2": "hunter2"}, 17_17], ids=["list", "dict", "number"]
)
def test_botocores_validation_tells_no_secrets(theirs: Any, secret: Any) -> None:
    """Botocore repeats values in its messages; the SDK's error has the member and not the value."""
    with (
        Client(boto3_client=theirs, validate=False) as client,
        pytest.raises(errors.ValidationError) as caught,
    ):
        client.create_location_smb(
            server_hostname="h", subdirectory="/", user="u", password=secret, agent_arns=["a"]
        )
    text = f"{caught.value} {caught.value!r} {caught.value.args!r}"
    assert "hunter2" not in text
    assert "1717" not in text
    assert "Password" in text
    assert "hunter2" not in "".join(traceback.format_exception_only(caught.value))


@pytest.mark.parametrize(
    ("mapping", "path"),
    [
        ({**ARNS, "Options": {"verify_mode": "NONE"}}, "Options.verify_mode"),
        ({**ARNS, "Tags": [{"Key": "k"}, {"Key": "k", "value": "v"}]}, "Tags[1].value"),
        ({**ARNS, "name": "n"}, "name"),
    ],
    ids=["structure", "list", "top"],
)
def test_pythons_names_in_a_mapping_are_not_lost(mapping: dict[str, Any], path: str) -> None:
    """`structure` takes AWS's names; Python's would be ignored as unknown members, wherever they are."""
    with pytest.raises(errors.StructureError, match="must have AWS's name here") as caught:
        structure(mapping, CreateTaskRequest)
    assert str(caught.value).startswith(f"CreateTaskRequest.{path} ")


def test_pythons_names_at_the_top_of_other_structures() -> None:
    """Of structures that answers have, too, only what stands at the top is looked at: answers are AWS's."""
    with pytest.raises(errors.StructureError, match=r"verify_mode must have AWS's name here: VerifyMode"):
        structure({"verify_mode": "NONE"}, Options)
    answer = structure({"TaskArn": "t", **ARNS, "Options": {"verify_mode": "NONE"}}, DescribeTaskResponse)
    assert answer.options == Options()


def test_a_datetime_without_a_time_zone_is_reported() -> None:
    """It may be any of 24 points in time."""
    found: list[Violation] = []
    TIMESTAMP.check(datetime(2026, 1, 2), ((), "When"), found, False)  # noqa: DTZ001  # that is the point
    assert [(violation.path, violation.rule) for violation in found] == [("When", "type")]
    assert "time zone" in found[0].message


def test_a_start_token_of_a_wrong_type() -> None:
    """It is reported as every argument is."""
    with Client() as client, pytest.raises(errors.ValidationError, match="NextToken"):
        next(client.iter_tasks(start_token=["x"]))  # type: ignore[arg-type]


def test_enums_are_there_without_another_import() -> None:
    """`models.enums` is a module of its own, of which type checkers know."""
    assert models.enums.TaskMode is models.TaskMode


@pytest.mark.parametrize("name", [name for name in dir(Operations) if not name.startswith("_")])
def test_annotations_of_methods_resolve(name: str) -> None:
    """At run time, for tools that read them."""
    member = getattr(Operations, name)
    if callable(member):
        assert "return" in typing.get_type_hints(member)
