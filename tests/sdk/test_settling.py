"""Calls that are made again because what they were refused for settles by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from datasync_sdk import AsyncClient, Client, errors
from datasync_sdk._generated.service import SERVICE
from datasync_sdk._runtime.settling import LONGEST_PAUSE, Settling
from tests.sdk import fake_client, server, worlds
from tests.sdk.fake_client import DESCRIBED, ONCE, TASK, describe
from tests.sdk.server import FakeService, Received, Reply, error_reply
from tests.sdk.worlds import Driven, MakeClient

make_client, service = worlds.make_client, server.service  # fixtures

no_default_session = fake_client.no_default_session

UNSETTLED = error_reply("StillSpreadingException", "The role is not known yet.")
LOG = logging.getLogger("datasync_sdk")


class StillSpreadingError(errors.ServiceError):
    """What a service says that needs a moment."""

    settles = True


SETTLING_SERVICE = evolve(SERVICE, errors={**SERVICE.errors, "StillSpreadingException": StillSpreadingError})


class Stopwatch:
    """A time that passes only for those who wait, and that says for how long they did."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


Prepare = Callable[..., tuple[Client, Stopwatch]]


@pytest.fixture
def prepare(service: FakeService, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> Prepare:
    """What makes a client of each world of a service whose errors can settle, and its stopwatch."""
    for cls in (Client, AsyncClient):
        monkeypatch.setattr(cls, "service", SETTLING_SERVICE)

    def made(**options: Any) -> tuple[Client, Stopwatch]:
        client, watch = make_client(endpoint_url=service.url, config=ONCE, **options), Stopwatch()
        inner = client.client if isinstance(client, Driven) else client
        inner._timing = watch
        return client, watch

    return made


def test_what_settles_in_time_is_a_success(service: FakeService, prepare: Prepare) -> None:
    service.answers(UNSETTLED, UNSETTLED, UNSETTLED, DESCRIBED)
    client, watch = prepare()
    with client:
        assert describe(client).task_arn == TASK
    assert watch.pauses == [2, 4, 8]
    assert service.bodies == [{"TaskArn": TASK}] * 4


def test_what_does_not_settle_is_its_last_error(service: FakeService, prepare: Prepare) -> None:
    def refuse(_: Received) -> Reply:
        return error_reply("StillSpreadingException", f"Try {len(service.received)}.")

    service.runs(refuse)
    client, watch = prepare()
    with client, pytest.raises(StillSpreadingError) as caught:
        describe(client)
    assert watch.pauses == [2, 4, 8, *[15] * 7, 1]
    assert caught.value.message == f"Try {len(service.received)}."
    assert len(service.received) == len(watch.pauses) + 1


@pytest.mark.parametrize("seconds", [0, 0.0])
def test_it_can_be_switched_off(service: FakeService, prepare: Prepare, seconds: float) -> None:
    service.answers(UNSETTLED, DESCRIBED)
    client, watch = prepare(settle_seconds=seconds)
    with client, pytest.raises(StillSpreadingError):
        describe(client)
    assert (len(service.received), watch.pauses) == (1, [])


@pytest.mark.parametrize(
    "other",
    [
        error_reply("InvalidRequestException"),
        error_reply("InternalException", status=500),
        Reply(hang_up=True),
    ],
    ids=["invalid", "internal", "no answer"],
)
def test_other_errors_are_raised_at_once(service: FakeService, prepare: Prepare, other: Reply) -> None:
    service.answers(UNSETTLED, other, DESCRIBED)
    client, watch = prepare()
    with client, pytest.raises(errors.DataSyncError) as caught:
        describe(client)
    assert not isinstance(caught.value, StillSpreadingError)
    assert (len(service.received), watch.pauses) == (2, [2])


def test_every_try_is_logged(
    service: FakeService, prepare: Prepare, caplog: pytest.LogCaptureFixture
) -> None:
    service.answers(UNSETTLED, UNSETTLED, DESCRIBED)
    client, _ = prepare(settle_seconds=60)
    with client, caplog.at_level(logging.INFO, "datasync_sdk"):
        describe(client)
    said = [(record.levelname, record.getMessage().partition(" (")[2]) for record in caplog.records]
    assert said == [
        ("WARNING", "this can settle by itself: trying again in 2 s, and for 60 s at most)"),
        ("INFO", "this can settle by itself: trying again in 4 s, and for 58 s at most)"),
    ]
    assert all("The role is not known yet." in record.getMessage() for record in caplog.records)


def test_a_client_that_is_closed_meanwhile_asks_no_more(service: FakeService, prepare: Prepare) -> None:
    service.answers(UNSETTLED, DESCRIBED)
    client, watch = prepare()
    inner: Any = client.client if isinstance(client, Driven) else client

    def close(_: float) -> None:
        inner._closed = True

    watch.sleep = close  # type: ignore[method-assign]  # what happens in the pause
    with client, pytest.raises(errors.ConfigurationError, match="closed"):
        describe(client)
    assert len(service.received) == 1


@pytest.mark.parametrize("wrong", [-1, float("nan"), "120", None, True], ids=repr)
def test_settle_seconds_is_a_number(make_client: MakeClient, wrong: object) -> None:
    with pytest.raises(errors.ConfigurationError, match="settle_seconds must be a number of seconds"):
        make_client(settle_seconds=wrong)


@given(st.floats(0, 1e4), st.floats(0, 1e4), st.lists(st.floats(0, 30), max_size=99))
def test_tries_end_when_the_time_is_up(seconds: float, start: float, taken: list[float]) -> None:
    """However long the calls take, a pause is short, none goes beyond the end, and none comes after it."""
    error, now = StillSpreadingError("CreateTask", {}), start
    settling = Settling(seconds, start, LOG)
    for call in taken:
        now += call
        pause = settling.pause(error, now)
        assert (pause is None) == (now >= start + seconds)
        if pause is None:
            break
        assert 0 < pause <= LONGEST_PAUSE
        now += pause
        assert now <= start + seconds + 1e-6
