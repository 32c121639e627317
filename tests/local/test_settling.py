"""A role that the service does not know yet: calls of both worlds wait for it, by the service's clock."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from datasync_sdk import models as m
from datasync_sdk.errors import InvalidRequestError
from datasync_sdk.local import LocalDataSync, ManualClock
from tests.sdk.worlds import Driven, MakeClient

ROLE = m.S3Config(bucket_access_role_arn="arn:aws:iam::111222333444:role/new")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[LocalDataSync]:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    with LocalDataSync(tmp_path / "datasync", clock=clock) as made:
        yield made


@pytest.fixture(params=["blocking", "async"])
def make_client(request: pytest.FixtureRequest, service: LocalDataSync) -> Iterator[MakeClient]:
    """What makes clients of the service, of one world and then of the other."""
    if request.param == "blocking":
        yield service.client
        return
    with asyncio.Runner() as runner:
        yield cast("MakeClient", lambda **named: Driven(service.async_client(**named), runner))


def passed(service: LocalDataSync) -> float:
    """How many seconds have passed by the clock of the service."""
    return service.clock.monotonic()


def test_a_role_that_spreads_in_time(service: LocalDataSync, make_client: MakeClient) -> None:
    with make_client() as client:
        service.faults.iam_propagation(calls=3)
        made = client.create_location_s3(s3_bucket_arn="arn:aws:s3:::new", s3_config=ROLE)
        assert passed(service) == 2 + 4 + 8
        assert [entry.location_arn for entry in client.iter_locations()] == [made.location_arn]


def test_a_start_waits_for_a_role_too(service: LocalDataSync, make_client: MakeClient) -> None:
    with make_client() as client:
        here, there = (
            client.create_location_s3(s3_bucket_arn=f"arn:aws:s3:::{name}", s3_config=ROLE).location_arn
            for name in ("here", "there")
        )
        task = client.create_task(source_location_arn=here, destination_location_arn=there).task_arn
        service.faults.iam_propagation()
        client.start_task_execution(task_arn=task)
        assert passed(service) == 2
        assert len(list(client.iter_task_executions(task_arn=task))) == 1


def test_a_role_that_is_wrong_is_refused_when_the_time_is_up(
    service: LocalDataSync, make_client: MakeClient
) -> None:
    with make_client(settle_seconds=60) as client:
        service.faults.iam_propagation(calls=1000)
        with pytest.raises(InvalidRequestError, match="Unable to assume role"):
            client.create_location_s3(s3_bucket_arn="arn:aws:s3:::new", s3_config=ROLE)
        assert passed(service) == 60
        service.faults.clear()
        assert list(client.iter_locations()) == []


def test_nobody_has_to_wait(service: LocalDataSync, make_client: MakeClient) -> None:
    with make_client(settle_seconds=0) as client:
        service.faults.iam_propagation()
        with pytest.raises(InvalidRequestError, match="Unable to assume role"):
            client.create_location_s3(s3_bucket_arn="arn:aws:s3:::new", s3_config=ROLE)
        assert passed(service) == 0
